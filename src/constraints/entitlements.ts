import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables of this room that are only ever added to. */
const APPEND_ONLY = [
  'licences',
  'licence_endings',
  'licence_renewals',
  'licence_reminders',
  'licence_policies',
  'entitlements',
  'entitlement_endings',
  'entitlement_reminders',
] as const;

/** Tables on which the scanner's worklist depends. */
const NOTED = ['licences', 'licence_endings', 'entitlements', 'entitlement_endings'] as const;

const TERMS = ['licence_endings', 'entitlement_endings'] as const;

export const ENTITLEMENTS_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'licences', name: 'licences_of_their_kind' },
  { kind: 'check', table: 'licences', name: 'licences_cover_something' },
  { kind: 'check', table: 'licences', name: 'licences_in_order' },
  { kind: 'check', table: 'licences', name: 'licences_named' },
  { kind: 'check', table: 'licence_endings', name: 'licence_endings_in_words' },
  { kind: 'check', table: 'licence_renewals', name: 'licence_renewals_named' },
  { kind: 'check', table: 'licence_reminders', name: 'licence_reminders_counted' },
  { kind: 'check', table: 'licence_policies', name: 'licence_policies_in_bounds' },
  { kind: 'check', table: 'licence_policies', name: 'licence_policies_sourced' },
  { kind: 'check', table: 'entitlements', name: 'entitlements_in_order' },
  { kind: 'check', table: 'entitlements', name: 'entitlements_in_words' },
  { kind: 'check', table: 'entitlement_endings', name: 'entitlement_endings_in_words' },
  { kind: 'check', table: 'entitlement_reminders', name: 'entitlement_reminders_counted' },
  ...APPEND_ONLY.flatMap((table): readonly RequiredConstraint[] => [
    { kind: 'trigger', table, name: `${table}_append_only`, contains: 'BEFORE DELETE OR UPDATE' },
    { kind: 'trigger', table, name: `${table}_no_truncate`, contains: 'BEFORE TRUNCATE' },
  ]),
  ...NOTED.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_noted`,
      contains: 'AFTER INSERT',
    }),
  ),
  ...TERMS.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_in_term`,
      contains: 'BEFORE INSERT',
    }),
  ),
];
