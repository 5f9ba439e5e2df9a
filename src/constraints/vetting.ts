import type { RequiredConstraint } from '../platform/database/constraints.js';

/** Tables of what was said, decided and told: only ever added to. */
const APPEND_ONLY = [
  'imaging_request_contents',
  'imaging_request_studies',
  'imaging_request_events',
  'vetting_justifications',
  'vetting_authorisations',
  'vetting_guidelines',
  'vetting_guideline_ends',
  'vetting_policies',
  'vetting_tellings',
] as const;

export const VETTING_CONSTRAINTS: readonly RequiredConstraint[] = [
  {
    kind: 'unique',
    table: 'imaging_requests',
    name: 'imaging_requests_one_live_per_referral',
    contains: '(referral_id) WHERE ((exposed_visit_id IS NULL)',
  },
  {
    kind: 'index',
    table: 'imaging_requests',
    name: 'imaging_requests_to_decide',
    contains: '(due_on, id) WHERE',
  },
  { kind: 'check', table: 'imaging_requests', name: 'imaging_requests_fit_status' },
  { kind: 'check', table: 'imaging_requests', name: 'imaging_requests_claim_whole' },
  { kind: 'check', table: 'imaging_requests', name: 'imaging_requests_counted' },
  { kind: 'check', table: 'imaging_requests', name: 'imaging_requests_exposed_whole' },
  { kind: 'check', table: 'imaging_requests', name: 'imaging_requests_escalated' },
  {
    kind: 'trigger',
    table: 'imaging_requests',
    name: 'imaging_requests_decided_lawfully',
    contains: 'BEFORE INSERT OR UPDATE',
  },
  {
    kind: 'trigger',
    table: 'imaging_requests',
    name: 'imaging_requests_noted',
    contains: 'AFTER INSERT OR DELETE OR UPDATE',
  },
  { kind: 'trigger', table: 'imaging_requests', name: 'imaging_requests_held', contains: 'BEFORE DELETE' },
  { kind: 'trigger', table: 'referrers', name: 'referrers_noted', contains: 'AFTER UPDATE OF' },
  { kind: 'trigger', table: 'referrals', name: 'referrals_end_requests', contains: 'AFTER UPDATE OF status' },
  { kind: 'check', table: 'imaging_request_contents', name: 'imaging_request_contents_weight' },
  { kind: 'check', table: 'imaging_request_contents', name: 'imaging_request_contents_earlier_imaging' },
  { kind: 'check', table: 'imaging_request_contents', name: 'imaging_request_contents_pregnancy' },
  { kind: 'check', table: 'imaging_request_contents', name: 'imaging_request_contents_signed' },
  { kind: 'check', table: 'imaging_request_contents', name: 'imaging_request_contents_referrer' },
  { kind: 'check', table: 'imaging_request_contents', name: 'imaging_request_contents_amended' },
  { kind: 'check', table: 'vetting_justifications', name: 'vetting_justifications_reasoned' },
  { kind: 'check', table: 'vetting_justifications', name: 'vetting_justifications_answered_for' },
  { kind: 'check', table: 'vetting_authorisations', name: 'vetting_authorisations_under_guideline' },
  { kind: 'check', table: 'vetting_guidelines', name: 'vetting_guidelines_fingerprint' },
  { kind: 'check', table: 'vetting_guidelines', name: 'vetting_guidelines_in_bounds' },
  { kind: 'check', table: 'vetting_policies', name: 'vetting_policies_in_bounds' },
  ...APPEND_ONLY.flatMap((table): RequiredConstraint[] => [
    { kind: 'trigger', table, name: `${table}_append_only`, contains: 'BEFORE DELETE OR UPDATE' },
    { kind: 'trigger', table, name: `${table}_no_truncate`, contains: 'BEFORE TRUNCATE' },
  ]),
];
