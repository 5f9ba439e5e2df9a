import { ADMINISTRATIONS_CONSTRAINTS } from './constraints/administrations.js';
import { AUDIT_CONSTRAINTS } from './constraints/audit.js';
import { AUTH_CONSTRAINTS } from './constraints/auth.js';
import { CALENDAR_CONSTRAINTS } from './constraints/calendar.js';
import { CHECKS_CONSTRAINTS } from './constraints/checks.js';
import { CONSENT_CONSTRAINTS } from './constraints/consent.js';
import { DECISIONS_CONSTRAINTS } from './constraints/decisions.js';
import { DOCUMENTS_CONSTRAINTS } from './constraints/documents.js';
import { ENQUIRIES_CONSTRAINTS } from './constraints/enquiries.js';
import { ENTITLEMENTS_CONSTRAINTS } from './constraints/entitlements.js';
import { GATES_CONSTRAINTS } from './constraints/gates.js';
import { IMAGING_CONSTRAINTS } from './constraints/imaging.js';
import { INCIDENTS_CONSTRAINTS } from './constraints/incidents.js';
import { MEETINGS_CONSTRAINTS } from './constraints/meetings.js';
import { NOTES_CONSTRAINTS } from './constraints/notes.js';
import { NOTIFICATIONS_CONSTRAINTS } from './constraints/notifications.js';
import { OUTBOX_CONSTRAINTS } from './constraints/outbox.js';
import { OUTCOMES_CONSTRAINTS } from './constraints/outcomes.js';
import { PATIENTS_CONSTRAINTS } from './constraints/patients.js';
import { RADIOPHARMACY_CONSTRAINTS } from './constraints/radiopharmacy.js';
import { RECORDS_CONSTRAINTS } from './constraints/records.js';
import { REFERRALS_CONSTRAINTS } from './constraints/referrals.js';
import { REPORTS_CONSTRAINTS } from './constraints/reports.js';
import { RESPONSES_CONSTRAINTS } from './constraints/responses.js';
import { SCHEDULING_CONSTRAINTS } from './constraints/scheduling.js';
import { TREATMENTS_CONSTRAINTS } from './constraints/treatments.js';
import { VETTING_CONSTRAINTS } from './constraints/vetting.js';
import { VISITS_CONSTRAINTS } from './constraints/visits.js';
import type { RequiredConstraint } from './platform/database/constraints.js';

/**
 * What the database must say for itself, because Prisma's schema cannot; room by room. Asserted at every start and by a
 * test.
 */
export const REQUIRED_CONSTRAINTS: readonly RequiredConstraint[] = [
  ...AUDIT_CONSTRAINTS,
  ...AUTH_CONSTRAINTS,
  ...CALENDAR_CONSTRAINTS,
  ...PATIENTS_CONSTRAINTS,
  ...RECORDS_CONSTRAINTS,
  ...DOCUMENTS_CONSTRAINTS,
  ...REFERRALS_CONSTRAINTS,
  ...CONSENT_CONSTRAINTS,
  ...SCHEDULING_CONSTRAINTS,
  ...VISITS_CONSTRAINTS,
  ...ENQUIRIES_CONSTRAINTS,
  ...ENTITLEMENTS_CONSTRAINTS,
  ...VETTING_CONSTRAINTS,
  ...RADIOPHARMACY_CONSTRAINTS,
  ...CHECKS_CONSTRAINTS,
  ...GATES_CONSTRAINTS,
  ...IMAGING_CONSTRAINTS,
  ...ADMINISTRATIONS_CONSTRAINTS,
  ...REPORTS_CONSTRAINTS,
  ...INCIDENTS_CONSTRAINTS,
  ...OUTCOMES_CONSTRAINTS,
  ...TREATMENTS_CONSTRAINTS,
  ...RESPONSES_CONSTRAINTS,
  ...NOTES_CONSTRAINTS,
  ...MEETINGS_CONSTRAINTS,
  ...DECISIONS_CONSTRAINTS,
  ...NOTIFICATIONS_CONSTRAINTS,
  ...OUTBOX_CONSTRAINTS,
];
