import type { RequiredConstraint } from '../platform/database/constraints.js';

export const SCHEDULING_CONSTRAINTS: readonly RequiredConstraint[] = [
  {
    kind: 'exclusion',
    table: 'span_claims',
    name: 'span_claims_no_overlap',
    contains: 'EXCLUDE USING gist (resource_id WITH =, span WITH &&) WHERE ((released_at IS NULL))',
  },
  { kind: 'check', table: 'span_claims', name: 'span_claims_forwards' },
  { kind: 'check', table: 'span_claims', name: 'span_claims_hold_ends' },
  { kind: 'index', table: 'span_claims', name: 'span_claims_held', contains: '(resource_id, expires_at)' },
  {
    kind: 'exclusion',
    table: 'patient_presences',
    name: 'patient_presences_one_place',
    contains: 'EXCLUDE USING gist (patient_id WITH =, span WITH &&) WHERE ((released_at IS NULL))',
  },
  { kind: 'index', table: 'span_claims', name: 'span_claims_live', contains: '(resource_id, ends_at)' },
  { kind: 'check', table: 'patient_presences', name: 'patient_presences_forwards' },
  { kind: 'check', table: 'patient_presences', name: 'patient_presences_hold_ends' },
  { kind: 'index', table: 'patient_presences', name: 'patient_presences_held' },
  { kind: 'check', table: 'visit_types', name: 'visit_types_in_bounds' },
  { kind: 'check', table: 'visit_protocols', name: 'visit_protocols_start_step' },
  { kind: 'check', table: 'visit_protocol_steps', name: 'visit_protocol_steps_in_order' },
  { kind: 'check', table: 'visit_step_needs', name: 'visit_step_needs_buffers' },
  { kind: 'check', table: 'visit_types', name: 'visit_types_offers_in_bounds' },
  { kind: 'trigger', table: 'resources', name: 'resources_noted', contains: 'AFTER UPDATE OF name' },
  { kind: 'check', table: 'opening_hours', name: 'opening_hours_weekday' },
  { kind: 'check', table: 'opening_hours', name: 'opening_hours_forwards' },
  { kind: 'check', table: 'opening_exceptions', name: 'opening_exceptions_times' },
  { kind: 'check', table: 'lead_time_policies', name: 'lead_time_policies_in_order' },
  {
    kind: 'trigger',
    table: 'patient_presences',
    name: 'patient_presences_of_live_patient',
    contains: 'BEFORE INSERT',
  },
];
