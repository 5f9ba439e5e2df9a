import type { RequiredConstraint } from '../platform/database/constraints.js';

export const CONSENT_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'trigger', table: 'consent_records', name: 'consent_records_noted', contains: 'AFTER INSERT' },
  { kind: 'check', table: 'consent_records', name: 'consent_records_giver_named' },
  { kind: 'check', table: 'consent_records', name: 'consent_records_not_ahead' },
  { kind: 'check', table: 'consent_wordings', name: 'consent_wordings_fingerprint' },
  {
    kind: 'trigger',
    table: 'consent_records',
    name: 'consent_records_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  {
    kind: 'trigger',
    table: 'consent_records',
    name: 'consent_records_no_truncate',
    contains: 'BEFORE TRUNCATE',
  },
  {
    kind: 'trigger',
    table: 'consent_wordings',
    name: 'consent_wordings_append_only',
    contains: 'BEFORE DELETE OR UPDATE',
  },
  {
    kind: 'trigger',
    table: 'consent_wordings',
    name: 'consent_wordings_no_truncate',
    contains: 'BEFORE TRUNCATE',
  },
  {
    kind: 'trigger',
    table: 'consent_records',
    name: 'consent_records_of_live_patient',
    contains: 'BEFORE INSERT',
  },
  { kind: 'trigger', table: 'consent_records', name: 'consent_records_held', contains: 'BEFORE DELETE' },
];
