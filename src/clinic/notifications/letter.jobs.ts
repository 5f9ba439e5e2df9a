import { Inject, Injectable } from '@nestjs/common';
import type { LetterKind } from '../../platform/database/generated/enums.js';
import { OutboxHandlers } from '../../platform/outbox/index.js';
import { CHECK_TOPICS } from '../checks/check-letter.type.js';
import { DECISION_ACTION_TOPICS, DECISION_LETTER_TOPICS } from '../decisions/decision-matter.type.js';
import { CALL_BACK_TOPICS } from '../enquiries/call-back-letter.type.js';
import { ENQUIRY_TOPICS, RED_FLAG_TOPICS } from '../enquiries/enquiry-letter.type.js';
import { ENTITLEMENT_TOPICS } from '../entitlements/duty-letter.type.js';
import { LICENCE_TOPICS } from '../entitlements/licence-letter.type.js';
import { SCAN_NOTICE_TOPICS, SCAN_TOPICS } from '../imaging/scan-letter.type.js';
import { INCIDENT_TOPICS } from '../incidents/incident-letter.type.js';
import { MEETING_TOPICS } from '../meetings/meeting-letter.type.js';
import { RISK_TASK_TOPICS } from '../outcomes/risk-task-letter.type.js';
import { DOSE_ORDER_TOPICS } from '../radiopharmacy/dose-order-letter.type.js';
import { COMPLAINT_TOPICS } from '../records/complaint-letter.type.js';
import { ADVICE_TOPICS } from '../referrals/advice-letter.type.js';
import { REFERRAL_TOPICS } from '../referrals/referral-letter.type.js';
import { CRITICAL_FINDING_TOPICS, REPORT_TOPICS } from '../reports/report-letter.type.js';
import { DIARY_LETTER_TOPICS } from '../responses/diary-letter.type.js';
import { VETTING_TOPICS } from '../vetting/vetting-letter.type.js';
import { FREED_PLACE_TOPICS, VISIT_NOTICE_TOPICS, VISIT_TOPICS } from '../visits/visit-letter.type.js';
import { LETTER_DUE, LetterService } from './letter.service.js';
import { LetterDeliveryService } from './letter-delivery.service.js';

/** What earlier rooms post, and the letters that it calls for. */
const KINDS_BY_TOPIC: readonly (readonly [string, ...LetterKind[]])[] = [
  [SCAN_TOPICS.booked, 'SCAN_BOOKED'],
  [SCAN_TOPICS.moved, 'SCAN_MOVED'],
  [SCAN_TOPICS.cancelled, 'SCAN_CANCELLED'],
  [SCAN_NOTICE_TOPICS.consentWithdrawn, 'SCAN_CONSENT_WITHDRAWN'],
  [CHECK_TOPICS.decisionAwaited, 'CHECK_AWAITS_DECISION'],
  [VISIT_TOPICS.booked, 'VISIT_BOOKED'],
  [VISIT_TOPICS.moved, 'VISIT_MOVED'],
  [VISIT_TOPICS.cancelled, 'VISIT_CANCELLED'],
  [VISIT_NOTICE_TOPICS.consentWithdrawn, 'VISIT_CONSENT_WITHDRAWN'],
  [FREED_PLACE_TOPICS.offered, 'FREED_PLACE_OFFERED'],
  [FREED_PLACE_TOPICS.gone, 'FREED_PLACE_GONE'],
  [ENQUIRY_TOPICS.received, 'ENQUIRY_RECEIVED', 'ENQUIRY_NOTICE'],
  [ENQUIRY_TOPICS.replied, 'ENQUIRY_REPLY'],
  [RED_FLAG_TOPICS.raised, 'RED_FLAG_RAISED'],
  [RED_FLAG_TOPICS.overdue, 'RED_FLAG_OVERDUE'],
  [CALL_BACK_TOPICS.overdue, 'CALL_BACK_OVERDUE'],
  [REFERRAL_TOPICS.told, 'REFERRAL_TOLD_REFERRER', 'REFERRAL_TOLD_PATIENT'],
  [REFERRAL_TOPICS.overdue, 'REFERRAL_OVERDUE'],
  [ADVICE_TOPICS.answered, 'ADVICE_ANSWERED'],
  [ADVICE_TOPICS.overdue, 'ADVICE_OVERDUE'],
  [COMPLAINT_TOPICS.received, 'COMPLAINT_RECEIVED'],
  [VETTING_TOPICS.told, 'IMAGING_REQUEST_TOLD'],
  [VETTING_TOPICS.overdue, 'IMAGING_REQUEST_OVERDUE'],
  [REPORT_TOPICS.told, 'REPORT_TOLD_REFERRER', 'REPORT_TOLD_GP', 'REPORT_TOLD_PATIENT'],
  [REPORT_TOPICS.unacknowledged, 'REPORT_UNACKNOWLEDGED'],
  [CRITICAL_FINDING_TOPICS.raised, 'CRITICAL_FINDING_RAISED'],
  [CRITICAL_FINDING_TOPICS.overdue, 'CRITICAL_FINDING_OVERDUE'],
  [RISK_TASK_TOPICS.raised, 'RISK_TASK_RAISED'],
  [RISK_TASK_TOPICS.overdue, 'RISK_TASK_OVERDUE'],
  [DIARY_LETTER_TOPICS.asked, 'DIARY_POINT_DUE'],
  [MEETING_TOPICS.listClosed, 'MEETING_LIST_CLOSED'],
  [MEETING_TOPICS.cancelled, 'MEETING_CANCELLED'],
  [DECISION_LETTER_TOPICS.approved, 'DECISION_TOLD_REFERRER', 'DECISION_TOLD_GP', 'DECISION_TOLD_PATIENT'],
  [DECISION_ACTION_TOPICS.due, 'DECISION_ACTION_DUE'],
  [DECISION_ACTION_TOPICS.overdue, 'DECISION_ACTION_OVERDUE'],
  [LICENCE_TOPICS.renewalDue, 'LICENCE_RENEWAL_DUE'],
  [ENTITLEMENT_TOPICS.toReview, 'ENTITLEMENT_REVIEW_DUE'],
  [INCIDENT_TOPICS.notificationDue, 'INCIDENT_NOTIFICATION_DUE'],
  [DOSE_ORDER_TOPICS.told, 'DOSE_ORDER_TOLD'],
];

/** News opens a letter or several; a letter that is due is delivered. Small steps, each of which may be repeated. */
@Injectable()
export class LetterJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(LetterService) letters: LetterService,
    @Inject(LetterDeliveryService) delivery: LetterDeliveryService,
  ) {
    for (const [topic, ...kinds] of KINDS_BY_TOPIC) {
      handlers.register({
        topic,
        handle: async ({ subjectId, version }) => {
          for (const kind of kinds) await letters.open(kind, subjectId, version);
        },
      });
    }
    handlers.register({ topic: LETTER_DUE, handle: ({ subjectId }) => delivery.deliver(subjectId) });
  }
}
