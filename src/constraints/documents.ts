import type { RequiredConstraint } from '../platform/database/constraints.js';

export const DOCUMENTS_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'documents', name: 'documents_withdrawn_whole' },
  { kind: 'check', table: 'documents', name: 'documents_of_their_patient' },
  { kind: 'check', table: 'document_installations', name: 'document_installations_one' },
  { kind: 'check', table: 'document_versions', name: 'document_versions_in_bounds' },
  { kind: 'check', table: 'document_versions', name: 'document_versions_sealed' },
  { kind: 'check', table: 'document_versions', name: 'document_versions_judged' },
  { kind: 'index', table: 'document_versions', name: 'document_versions_stopped' },
  { kind: 'trigger', table: 'document_versions', name: 'document_versions_fixed', contains: 'BEFORE UPDATE' },
  { kind: 'trigger', table: 'documents', name: 'documents_of_live_patient', contains: 'BEFORE INSERT' },
  { kind: 'trigger', table: 'documents', name: 'documents_held', contains: 'BEFORE DELETE' },
];
