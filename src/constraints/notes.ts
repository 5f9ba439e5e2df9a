import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables that are only ever added to. */
const APPEND_ONLY = ['note_draft_versions', 'note_signatures', 'note_addenda', 'note_policies'];

/** Tables whose rows change and stay. */
const KEPT = ['clinical_notes', 'note_sections', 'note_shares'];

const CHECKS = {
  clinical_notes: ['of_meeting', 'key'],
  note_sections: ['counts', 'signed', 'locked', 'discarded'],
  note_draft_versions: ['counts', 'items', 'fingerprint'],
  note_signatures: ['say_something', 'items', 'named', 'fingerprint'],
  note_addenda: ['say_something', 'fingerprint'],
  note_shares: ['in_words', 'with_another', 'ended'],
  note_policies: ['in_bounds', 'sourced'],
} as const;

export const NOTES_CONSTRAINTS: readonly RequiredConstraint[] = [
  {
    kind: 'unique',
    table: 'clinical_notes',
    name: 'clinical_notes_one_of_case',
    contains: '(meeting_case_id) WHERE (meeting_case_id IS NOT NULL',
  },
  { kind: 'trigger', table: 'clinical_notes', name: 'clinical_notes_stay', contains: 'BEFORE UPDATE' },
  {
    kind: 'trigger',
    table: 'clinical_notes',
    name: 'clinical_notes_of_live_patient',
    contains: 'BEFORE INSERT',
  },
  { kind: 'trigger', table: 'clinical_notes', name: 'clinical_notes_held', contains: 'BEFORE DELETE' },
  {
    kind: 'unique',
    table: 'note_sections',
    name: 'note_sections_one_of_author',
    contains: "(note_id, author_id, discipline) WHERE (status <> 'DISCARDED'",
  },
  { kind: 'trigger', table: 'note_sections', name: 'note_sections_forward', contains: 'BEFORE UPDATE' },
  { kind: 'trigger', table: 'note_sections', name: 'note_sections_begin', contains: 'BEFORE INSERT' },
  {
    kind: 'trigger',
    table: 'note_draft_versions',
    name: 'note_draft_versions_follow',
    contains: 'BEFORE INSERT',
  },
  { kind: 'trigger', table: 'note_signatures', name: 'note_signatures_as_read', contains: 'BEFORE INSERT' },
  {
    kind: 'trigger',
    table: 'note_signatures',
    name: 'note_signatures_whole',
    contains: 'INITIALLY DEFERRED',
  },
  {
    kind: 'unique',
    table: 'note_addenda',
    name: 'note_addenda_error_once',
    contains: "(section_id) WHERE (kind = 'ENTERED_IN_ERROR'",
  },
  { kind: 'trigger', table: 'note_addenda', name: 'note_addenda_follow', contains: 'BEFORE INSERT' },
  {
    kind: 'unique',
    table: 'note_shares',
    name: 'note_shares_one_live',
    contains: '(section_id, staff_id) WHERE (ended_at IS NULL',
  },
  { kind: 'trigger', table: 'note_shares', name: 'note_shares_of_psychology', contains: 'BEFORE INSERT' },
  { kind: 'trigger', table: 'note_shares', name: 'note_shares_end_once', contains: 'BEFORE UPDATE' },
  ...Object.entries(CHECKS).flatMap(([table, names]) =>
    names.map((name): RequiredConstraint => ({ kind: 'check', table, name: `${table}_${name}` })),
  ),
  ...APPEND_ONLY.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_append_only`,
      contains: 'BEFORE DELETE OR UPDATE',
    }),
  ),
  ...KEPT.map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_no_delete`,
      contains: 'BEFORE DELETE',
    }),
  ),
  ...[...APPEND_ONLY, ...KEPT].map(
    (table): RequiredConstraint => ({
      kind: 'trigger',
      table,
      name: `${table}_no_truncate`,
      contains: 'BEFORE TRUNCATE',
    }),
  ),
];
