import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables that are only ever added to. */
const APPEND_ONLY = ['diary_policies', 'diary_policy_points', 'response_judgements', 'learning_policies'];

/** Tables whose rows go forward and are never taken away. */
const GUARDED = ['pain_diaries', 'diary_entries', 'treatment_proposals'];

export const RESPONSES_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'diary_policies', name: 'diary_policies_in_bounds' },
  { kind: 'check', table: 'diary_policies', name: 'diary_policies_judged' },
  { kind: 'check', table: 'diary_policies', name: 'diary_policies_sourced' },
  { kind: 'check', table: 'diary_policy_points', name: 'diary_policy_points_in_bounds' },
  { kind: 'trigger', table: 'diary_policies', name: 'diary_policies_whole', contains: 'INITIALLY DEFERRED' },
  {
    kind: 'trigger',
    table: 'diary_policy_points',
    name: 'diary_policy_points_in_time',
    contains: 'BEFORE INSERT',
  },
  { kind: 'check', table: 'pain_diaries', name: 'pain_diaries_in_order' },
  { kind: 'check', table: 'diary_entries', name: 'diary_entries_settled' },
  { kind: 'check', table: 'diary_entries', name: 'diary_entries_in_order' },
  { kind: 'check', table: 'diary_entries', name: 'diary_entries_reminders' },
  { kind: 'check', table: 'response_judgements', name: 'response_judgements_counted' },
  { kind: 'check', table: 'response_judgements', name: 'response_judgements_followed' },
  {
    kind: 'trigger',
    table: 'response_judgements',
    name: 'response_judgements_by_policy',
    contains: 'BEFORE INSERT',
  },
  { kind: 'check', table: 'treatment_proposals', name: 'treatment_proposals_settled' },
  {
    kind: 'unique',
    table: 'treatment_proposals',
    name: 'treatment_proposals_one_open',
    contains: '(treatment_id) WHERE',
  },
  { kind: 'check', table: 'learning_policies', name: 'learning_policies_in_bounds' },
  { kind: 'check', table: 'learning_policies', name: 'learning_policies_sourced' },
  ...GUARDED.flatMap((table): readonly RequiredConstraint[] => [
    { kind: 'trigger', table, name: `${table}_guarded`, contains: 'BEFORE INSERT OR UPDATE' },
    { kind: 'trigger', table, name: `${table}_no_delete`, contains: 'BEFORE DELETE' },
  ]),
  ...APPEND_ONLY.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_append_only`,
      contains: 'BEFORE DELETE OR UPDATE',
    }),
  ),
  ...[...APPEND_ONLY, ...GUARDED].map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_no_truncate`,
      contains: 'BEFORE TRUNCATE',
    }),
  ),
];
