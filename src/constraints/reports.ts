import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables that are only ever added to. */
const APPEND_ONLY = [
  'scan_report_versions',
  'scan_report_findings',
  'scan_report_addenda',
  'critical_finding_tellings',
  'report_tellings',
  'report_policies',
  'critical_finding_policies',
];

/** Tables whose rows change and stay. */
const KEPT = ['scan_reports', 'report_acknowledgements', 'critical_findings'];

export const REPORTS_CONSTRAINTS: readonly RequiredConstraint[] = [
  { kind: 'check', table: 'scan_reports', name: 'scan_reports_signed' },
  { kind: 'check', table: 'scan_reports', name: 'scan_reports_final' },
  { kind: 'check', table: 'scan_reports', name: 'scan_reports_counts' },
  { kind: 'check', table: 'scan_reports', name: 'scan_reports_released' },
  { kind: 'trigger', table: 'scan_reports', name: 'scan_reports_forward', contains: 'BEFORE UPDATE' },
  { kind: 'check', table: 'scan_report_drafts', name: 'scan_report_drafts_counts' },
  { kind: 'trigger', table: 'scan_report_drafts', name: 'scan_report_drafts_own', contains: 'BEFORE UPDATE' },
  { kind: 'check', table: 'scan_report_versions', name: 'scan_report_versions_say_something' },
  { kind: 'check', table: 'scan_report_versions', name: 'scan_report_versions_findings' },
  { kind: 'check', table: 'scan_report_versions', name: 'scan_report_versions_doses' },
  { kind: 'check', table: 'scan_report_versions', name: 'scan_report_versions_fingerprint' },
  {
    kind: 'unique',
    table: 'scan_report_versions',
    name: 'scan_report_versions_one_of_a_kind',
    contains: "(report_id, kind) WHERE (kind <> 'CORRECTION'",
  },
  {
    kind: 'trigger',
    table: 'scan_report_versions',
    name: 'scan_report_versions_in_order',
    contains: 'BEFORE INSERT',
  },
  {
    kind: 'trigger',
    table: 'scan_report_versions',
    name: 'scan_report_versions_whole',
    contains: 'INITIALLY DEFERRED',
  },
  {
    kind: 'trigger',
    table: 'scan_report_findings',
    name: 'scan_report_findings_counted',
    contains: 'BEFORE INSERT',
  },
  { kind: 'check', table: 'scan_report_findings', name: 'scan_report_findings_in_place' },
  {
    kind: 'unique',
    table: 'scan_report_findings',
    name: 'scan_report_findings_said_once',
    contains: 'NULLS NOT DISTINCT',
  },
  { kind: 'check', table: 'scan_report_addenda', name: 'scan_report_addenda_say_something' },
  { kind: 'check', table: 'scan_report_addenda', name: 'scan_report_addenda_correct' },
  { kind: 'check', table: 'report_acknowledgements', name: 'report_acknowledgements_whole' },
  { kind: 'check', table: 'report_acknowledgements', name: 'report_acknowledgements_closed_in_words' },
  { kind: 'check', table: 'report_acknowledgements', name: 'report_acknowledgements_escalation_whole' },
  {
    kind: 'unique',
    table: 'report_acknowledgements',
    name: 'report_acknowledgements_one_open',
    contains: "(report_id) WHERE (status = 'OPEN'",
  },
  { kind: 'index', table: 'report_acknowledgements', name: 'report_acknowledgements_waiting' },
  {
    kind: 'trigger',
    table: 'report_acknowledgements',
    name: 'report_acknowledgements_settled',
    contains: 'BEFORE UPDATE',
  },
  { kind: 'check', table: 'critical_findings', name: 'critical_findings_say_what' },
  { kind: 'check', table: 'critical_findings', name: 'critical_findings_acknowledged' },
  { kind: 'check', table: 'critical_findings', name: 'critical_findings_closed_in_words' },
  { kind: 'check', table: 'critical_findings', name: 'critical_findings_escalation_whole' },
  { kind: 'index', table: 'critical_findings', name: 'critical_findings_open' },
  {
    kind: 'trigger',
    table: 'critical_findings',
    name: 'critical_findings_guarded',
    contains: 'BEFORE UPDATE',
  },
  {
    kind: 'trigger',
    table: 'critical_findings',
    name: 'critical_findings_settled',
    contains: 'BEFORE UPDATE',
  },
  { kind: 'check', table: 'critical_finding_tellings', name: 'critical_finding_tellings_to_somebody' },
  { kind: 'check', table: 'critical_finding_tellings', name: 'critical_finding_tellings_not_ahead' },
  { kind: 'check', table: 'report_tellings', name: 'report_tellings_to_somebody' },
  { kind: 'trigger', table: 'report_tellings', name: 'report_tellings_allowed', contains: 'BEFORE INSERT' },
  { kind: 'check', table: 'report_policies', name: 'report_policies_in_bounds' },
  { kind: 'check', table: 'report_policies', name: 'report_policies_sourced' },
  { kind: 'check', table: 'critical_finding_policies', name: 'critical_finding_policies_in_bounds' },
  { kind: 'check', table: 'critical_finding_policies', name: 'critical_finding_policies_sourced' },
  { kind: 'index', table: 'scan_bookings', name: 'scan_bookings_over' },
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
