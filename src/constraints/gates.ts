import type { RequiredConstraint } from '../platform/database/constraints.js';

export const GATES_CONSTRAINTS: readonly RequiredConstraint[] = [
  {
    kind: 'trigger',
    table: 'gate_policies',
    name: 'gate_policies_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  { kind: 'trigger', table: 'gate_policies', name: 'gate_policies_no_truncate', contains: 'BEFORE TRUNCATE' },
  {
    kind: 'trigger',
    table: 'exposure_interval_policies',
    name: 'exposure_interval_policies_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  {
    kind: 'trigger',
    table: 'exposure_interval_policies',
    name: 'exposure_interval_policies_no_truncate',
    contains: 'BEFORE TRUNCATE',
  },
  { kind: 'trigger', table: 'gate_policies', name: 'gate_policies_noted', contains: 'AFTER INSERT' },
  {
    kind: 'trigger',
    table: 'exposure_interval_policies',
    name: 'exposure_interval_policies_noted',
    contains: 'AFTER INSERT',
  },
  { kind: 'check', table: 'gate_policies', name: 'gate_policies_floor' },
  { kind: 'check', table: 'exposure_interval_policies', name: 'exposure_interval_policies_in_bounds' },
];
