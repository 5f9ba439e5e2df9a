import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables whose rows change in one direction only, and stay. */
const KEPT = ['staff_disciplines', 'second_factors', 'second_factor_recovery_codes'] as const;

export const AUTH_CONSTRAINTS: readonly RequiredConstraint[] = [
  {
    kind: 'exclusion',
    table: 'staff_disciplines',
    name: 'staff_disciplines_once_a_day',
    contains: 'daterange(effective_from, ended_on',
  },
  { kind: 'check', table: 'staff_disciplines', name: 'staff_disciplines_registered' },
  { kind: 'check', table: 'staff_disciplines', name: 'staff_disciplines_ended' },
  {
    kind: 'unique',
    table: 'second_factors',
    name: 'second_factors_one_each',
    contains: 'WHERE (removed_at IS NULL',
  },
  { kind: 'check', table: 'second_factors', name: 'second_factors_removed' },
  { kind: 'check', table: 'second_factors', name: 'second_factors_counts' },
  ...KEPT.flatMap((table): readonly RequiredConstraint[] => [
    { kind: 'trigger', table, name: `${table}_forward`, contains: 'BEFORE UPDATE' },
    { kind: 'trigger', table, name: `${table}_no_delete`, contains: 'BEFORE DELETE' },
    { kind: 'trigger', table, name: `${table}_no_truncate`, contains: 'BEFORE TRUNCATE' },
  ]),
];
