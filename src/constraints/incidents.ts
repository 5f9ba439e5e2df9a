import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables of this room that are only ever added to. */
const APPEND_ONLY = [
  'incident_assessments',
  'incident_notifications',
  'incident_notes',
  'incident_closings',
  'incident_thresholds',
  'dose_coefficients',
  'incident_policies',
] as const;

const CHECKS = {
  incidents: [
    'assessed_whole',
    'notified_whole',
    'notifiable_told',
    'regulators_of_codes',
    'notify_by_said',
    'reminded_whole',
    'closed_whole',
    'in_order',
    'in_words',
  ],
  incident_assessments: ['not_negative', 'exposed', 'judged', 'sourced', 'numbered', 'in_words'],
  incident_notifications: ['in_order', 'named'],
  incident_notes: ['in_words'],
  incident_closings: ['candour', 'in_words', 'numbered'],
  incident_thresholds: ['of_their_basis', 'in_bounds', 'sourced'],
  dose_coefficients: ['in_bounds', 'sourced'],
  incident_policies: ['in_bounds', 'sourced'],
} as const;

export const INCIDENTS_CONSTRAINTS: readonly RequiredConstraint[] = [
  ...Object.entries(CHECKS).flatMap(([table, checks]) =>
    checks.map((check): RequiredConstraint => ({ kind: 'check', table, name: `${table}_${check}` })),
  ),
  ...APPEND_ONLY.flatMap((table): readonly RequiredConstraint[] => [
    { kind: 'trigger', table, name: `${table}_append_only`, contains: 'BEFORE DELETE OR UPDATE' },
    { kind: 'trigger', table, name: `${table}_no_truncate`, contains: 'BEFORE TRUNCATE' },
  ]),
  {
    kind: 'trigger',
    table: 'incidents',
    name: 'incidents_stay_as_raised',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  { kind: 'trigger', table: 'incidents', name: 'incidents_no_truncate', contains: 'BEFORE TRUNCATE' },
  {
    kind: 'trigger',
    table: 'incidents',
    name: 'incidents_of_live_patient',
    contains: 'BEFORE INSERT OR UPDATE OF patient_id',
  },
  {
    kind: 'index',
    table: 'incidents',
    name: 'incidents_to_notify',
    contains: 'WHERE ((notify_by IS NOT NULL)',
  },
];
