import type { RequiredConstraint } from '../platform/database/constraints.js';

const APPEND_ONLY = [
  'administrations',
  'administration_versions',
  'uptake_explanations',
  'ct_doses',
  'acquisition_notes',
  'administration_policies',
] as const;

const VERSION_CHECKS = [
  'activity',
  'in_order',
  'departure',
  'extravasation',
  'amounts',
  'drl_cited',
  'entry',
] as const;

export const ADMINISTRATIONS_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'administrations', name: 'administrations_again_whole' },
  ...VERSION_CHECKS.map((what) => ({
    kind: 'check' as const,
    table: 'administration_versions',
    name: `administration_versions_${what}`,
  })),
  { kind: 'check', table: 'administration_policies', name: 'administration_policies_in_bounds' },
  { kind: 'check', table: 'uptake_explanations', name: 'uptake_explanations_outside' },
  { kind: 'check', table: 'ct_doses', name: 'ct_doses_in_bounds' },
  { kind: 'check', table: 'ct_doses', name: 'ct_doses_replacement' },
  { kind: 'check', table: 'acquisition_notes', name: 'acquisition_notes_in_order' },
  {
    kind: 'trigger',
    table: 'administration_versions',
    name: 'administration_versions_follow',
    contains: 'BEFORE INSERT',
  },
  { kind: 'trigger', table: 'administrations', name: 'administrations_once', contains: 'BEFORE INSERT' },
  ...APPEND_ONLY.flatMap((table) => [
    {
      kind: 'trigger' as const,
      table,
      name: `${table}_append_only`,
      contains: 'BEFORE DELETE OR UPDATE',
    },
    { kind: 'trigger' as const, table, name: `${table}_no_truncate`, contains: 'BEFORE TRUNCATE' },
  ]),
];
