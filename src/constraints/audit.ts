import type { RequiredConstraint } from '../platform/database/constraints.js';

export const AUDIT_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'index', table: 'audit_entries', name: 'audit_entries_by_actor' },
  { kind: 'trigger', table: 'audit_entries', name: 'audit_entries_linked', contains: 'INITIALLY DEFERRED' },
  {
    kind: 'trigger',
    table: 'audit_entries',
    name: 'audit_entries_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  { kind: 'trigger', table: 'audit_entries', name: 'audit_entries_no_truncate', contains: 'BEFORE TRUNCATE' },
  {
    kind: 'trigger',
    table: 'audit_links',
    name: 'audit_links_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  { kind: 'trigger', table: 'audit_links', name: 'audit_links_no_truncate', contains: 'BEFORE TRUNCATE' },
  {
    kind: 'trigger',
    table: 'audit_emptied',
    name: 'audit_emptied_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  { kind: 'trigger', table: 'audit_emptied', name: 'audit_emptied_no_truncate', contains: 'BEFORE TRUNCATE' },
];
