import { AUDIT_CONSTRAINTS } from './constraints/audit.js';
import { CALENDAR_CONSTRAINTS } from './constraints/calendar.js';
import { CONSENT_CONSTRAINTS } from './constraints/consent.js';
import { DOCUMENTS_CONSTRAINTS } from './constraints/documents.js';
import { ENQUIRIES_CONSTRAINTS } from './constraints/enquiries.js';
import { IMAGING_CONSTRAINTS } from './constraints/imaging.js';
import { NOTIFICATIONS_CONSTRAINTS } from './constraints/notifications.js';
import { OUTBOX_CONSTRAINTS } from './constraints/outbox.js';
import { PATIENTS_CONSTRAINTS } from './constraints/patients.js';
import { RECORDS_CONSTRAINTS } from './constraints/records.js';
import { REFERRALS_CONSTRAINTS } from './constraints/referrals.js';
import { SCHEDULING_CONSTRAINTS } from './constraints/scheduling.js';
import { VISITS_CONSTRAINTS } from './constraints/visits.js';
import type { RequiredConstraint } from './platform/database/constraints.js';

/**
 * What the database must say for itself, because Prisma's schema cannot; room by room. Asserted at every start and by a
 * test.
 */
export const REQUIRED_CONSTRAINTS: readonly RequiredConstraint[] = [
  ...AUDIT_CONSTRAINTS,
  ...CALENDAR_CONSTRAINTS,
  ...PATIENTS_CONSTRAINTS,
  ...RECORDS_CONSTRAINTS,
  ...DOCUMENTS_CONSTRAINTS,
  ...REFERRALS_CONSTRAINTS,
  ...CONSENT_CONSTRAINTS,
  ...SCHEDULING_CONSTRAINTS,
  ...VISITS_CONSTRAINTS,
  ...ENQUIRIES_CONSTRAINTS,
  ...IMAGING_CONSTRAINTS,
  ...NOTIFICATIONS_CONSTRAINTS,
  ...OUTBOX_CONSTRAINTS,
];
