import { randomUUID } from 'node:crypto';
import { CHECK_TOPICS, type DecisionAwaitedMatter } from '../../src/clinic/checks/check-letter.type.js';
import { CALL_BACK_TOPICS, type CallBackMatter } from '../../src/clinic/enquiries/call-back-letter.type.js';
import {
  ENQUIRY_TOPICS,
  type EnquiryMatter,
  type EnquiryReplyMatter,
  RED_FLAG_TOPICS,
  type RedFlagMatter,
} from '../../src/clinic/enquiries/enquiry-letter.type.js';
import {
  ENTITLEMENT_TOPICS,
  type EntitlementReviewMatter,
} from '../../src/clinic/entitlements/duty-letter.type.js';
import {
  LICENCE_TOPICS,
  type LicenceRenewalMatter,
} from '../../src/clinic/entitlements/licence-letter.type.js';
import type { ScanBooking } from '../../src/clinic/imaging/scan-booking.type.js';
import {
  type ConsentWithdrawnMatter,
  SCAN_NOTICE_TOPICS,
  SCAN_TOPICS,
} from '../../src/clinic/imaging/scan-letter.type.js';
import {
  INCIDENT_TOPICS,
  type IncidentNotificationMatter,
} from '../../src/clinic/incidents/incident-letter.type.js';
import { AdviceLetterService } from '../../src/clinic/notifications/advice-letter.service.js';
import { AdviceNoticeService } from '../../src/clinic/notifications/advice-notice.service.js';
import { CallBackNoticeService } from '../../src/clinic/notifications/call-back-notice.service.js';
import { CheckNoticeService } from '../../src/clinic/notifications/check-notice.service.js';
import { ClinicNoticeService } from '../../src/clinic/notifications/clinic-notice.service.js';
import { ComplaintLetterService } from '../../src/clinic/notifications/complaint-letter.service.js';
import { EnquiryLetterService } from '../../src/clinic/notifications/enquiry-letter.service.js';
import { EnquiryNoticeService } from '../../src/clinic/notifications/enquiry-notice.service.js';
import { EntitlementNoticeService } from '../../src/clinic/notifications/entitlement-notice.service.js';
import { IncidentNoticeService } from '../../src/clinic/notifications/incident-notice.service.js';
import type { LetterMatter } from '../../src/clinic/notifications/letter-matter.type.js';
import type { LetterheadService } from '../../src/clinic/notifications/letterhead.service.js';
import { LicenceNoticeService } from '../../src/clinic/notifications/licence-notice.service.js';
import { ReferralLetterService } from '../../src/clinic/notifications/referral-letter.service.js';
import { ReferralNoticeService } from '../../src/clinic/notifications/referral-notice.service.js';
import { ScanConsentNoticeService } from '../../src/clinic/notifications/scan-consent-notice.service.js';
import { VettingNoticeService } from '../../src/clinic/notifications/vetting-notice.service.js';
import { VisitConsentNoticeService } from '../../src/clinic/notifications/visit-consent-notice.service.js';
import { RISK_TASK_TOPICS } from '../../src/clinic/outcomes/risk-task-letter.type.js';
import { DOSE_ORDER_TOPICS } from '../../src/clinic/radiopharmacy/dose-order-letter.type.js';
import { COMPLAINT_TOPICS, type ComplaintMatter } from '../../src/clinic/records/complaint-letter.type.js';
import {
  ADVICE_TOPICS,
  type AdviceMatter,
  type AdviceOverdueMatter,
} from '../../src/clinic/referrals/advice-letter.type.js';
import {
  REFERRAL_TOPICS,
  type ReferralOverdueMatter,
  type ReferralTellingMatter,
} from '../../src/clinic/referrals/referral-letter.type.js';
import { CRITICAL_FINDING_TOPICS, REPORT_TOPICS } from '../../src/clinic/reports/report-letter.type.js';
import { type RequestOverdueMatter, VETTING_TOPICS } from '../../src/clinic/vetting/vetting-letter.type.js';
import {
  FREED_PLACE_TOPICS,
  VISIT_NOTICE_TOPICS,
  VISIT_TOPICS,
  type VisitConsentMatter,
} from '../../src/clinic/visits/visit-letter.type.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { Facts } from './facts.js';
import { TEAM_TOPICS, TeamNeighbours } from './team-matters.factory.js';

/** Everything that calls for a letter, as the rooms that post it declare it. */
export const LETTER_TOPICS = [
  SCAN_TOPICS,
  SCAN_NOTICE_TOPICS,
  CHECK_TOPICS,
  VISIT_TOPICS,
  VISIT_NOTICE_TOPICS,
  FREED_PLACE_TOPICS,
  ENQUIRY_TOPICS,
  RED_FLAG_TOPICS,
  CALL_BACK_TOPICS,
  REFERRAL_TOPICS,
  ADVICE_TOPICS,
  VETTING_TOPICS,
  COMPLAINT_TOPICS,
  ENTITLEMENT_TOPICS,
  LICENCE_TOPICS,
  INCIDENT_TOPICS,
  REPORT_TOPICS,
  CRITICAL_FINDING_TOPICS,
  RISK_TASK_TOPICS,
  DOSE_ORDER_TOPICS,
  ...TEAM_TOPICS,
];

const at = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);

const ZOE = {
  familyName: 'Ng',
  givenName: 'Zoë',
  namePrefix: null,
  email: 'zoe@example.org',
  contactPreference: 'EMAIL',
} as const;
const ADVICE = 'Call 999 or go to A&E at once.';

/** All rooms that letters which are not about a visit ask, answered for by hand. */
export class Neighbours extends TeamNeighbours {
  readonly enquiries = new Facts<EnquiryMatter>((enquiryId) => ({
    enquiryId,
    reference: `E${enquiryId.slice(0, 8).toUpperCase()}`,
    receivedAt: at('2026-03-02T08:55:00Z'),
    patientId: null,
    enquirer: { name: 'Zoë Ng', email: `${enquiryId}@example.org` },
    preferredWay: null,
    isAutomatic: false,
    answerBy: at('2026-03-03T17:00:00Z'),
    hasRedFlag: false,
    emergencyAdvice: ADVICE,
    emailMessageId: null,
  }));
  readonly replies = new Facts<EnquiryReplyMatter>((id) => ({
    enquiryId: randomUUID(),
    reference: 'E7KX3M2PA',
    patientId: null,
    enquirer: { name: 'Zoë Ng', email: `${id}@example.org` },
    text: 'Dear Zoë,\n\nyes.',
    emailMessageId: `<reply-${id}@facet.example>`,
    references: ['<first@example.org>', '<last@example.org>'],
    emergencyAdvice: ADVICE,
  }));
  readonly alerts = new Facts<RedFlagMatter>(() => ({
    about: { type: 'ENQUIRY', id: randomUUID() },
    reference: 'E7KX3M2PA',
    patientId: null,
    raisedAt: at('2026-03-02T08:55:00Z'),
  }));
  readonly callBacks = new Facts<CallBackMatter>((callBackId) => ({
    callBackId,
    enquiryId: null,
    reference: 'V7KX3M2PA',
    patientId: null,
    dueAt: at('2026-03-02T08:00:00Z'),
  }));
  readonly tellings = new Facts<ReferralTellingMatter>((id) => ({
    referralId: randomUUID(),
    reference: 'R7KX3M2PA',
    to: 'REFERRER',
    isByPost: false,
    news: 'ACCEPTED',
    isStraightToTest: false,
    receivedOn: day('2026-02-20'),
    patientId: randomUUID(),
    patient: { ...ZOE, dateOfBirth: day('1971-02-03') },
    referrer: {
      referrerId: randomUUID(),
      name: 'Dr Jürgen Weiß',
      organisation: 'Harbour Practice',
      email: `${id}@practice.example`,
    },
    words: null,
    postTo: ['1 Quay', 'Leeds', 'LS1 4DY'],
    answerBy: null,
  }));
  readonly overdueAdvice = new Facts<AdviceOverdueMatter>((threadId) => ({
    threadId,
    reference: 'A7KX3M2PA',
    patientId: null,
    dueOn: day('2026-02-27'),
  }));
  readonly overdueReferrals = new Facts<ReferralOverdueMatter>((referralId) => ({
    referralId,
    reference: 'R7KX3M2PA',
    patientId: randomUUID(),
    dueOn: day('2026-02-27'),
  }));
  readonly advice = new Facts<AdviceMatter>((id) => ({
    threadId: randomUUID(),
    reference: 'A7KX3M2PA',
    askedOn: day('2026-02-27'),
    patientId: null,
    referrer: { referrerId: randomUUID(), name: 'Dr Jürgen Weiß', email: `${id}@practice.example` },
    text: 'Try this first.',
  }));
  readonly complaints = new Facts<ComplaintMatter>((complaintId) => ({
    complaintId,
    reference: 'C7KX3M2PA',
    receivedOn: day('2026-03-01'),
    answerBy: day('2026-03-31'),
    patientId: randomUUID(),
    patient: ZOE,
  }));

  readonly withdrawnConsents = new Facts<ConsentWithdrawnMatter>((bookingId) => ({
    bookingId,
    patientId: randomUUID(),
    accessionNumber: 'A000000123',
    withdrawnAt: Temporal.Instant.from('2026-03-01T10:00:00Z'),
  }));

  readonly withdrawnFromVisits = new Facts<VisitConsentMatter>((visitId) => ({
    visitId,
    patientId: randomUUID(),
    reference: 'V7KX3M2PA',
    startsAt: at('2026-03-09T10:00:00Z'),
  }));
  readonly overdueRequests = new Facts<RequestOverdueMatter>((requestId) => ({
    requestId,
    referralId: randomUUID(),
    reference: 'R7KX3M2PA',
    patientId: randomUUID(),
    dueOn: day('2026-02-27'),
  }));
  readonly decisions = new Facts<DecisionAwaitedMatter>(() => ({
    visitId: randomUUID(),
    patientId: randomUUID(),
    madeAt: Temporal.Instant.from('2026-03-02T08:50:00Z'),
  }));

  readonly licences = new Facts<LicenceRenewalMatter>((licenceId) => ({
    licenceId,
    number: 'ER/7',
    lastDay: day('2026-05-31'),
    applyBy: day('2026-04-05'),
  }));
  readonly entitlements = new Facts<EntitlementReviewMatter>((entitlementId) => ({
    entitlementId,
    dueOn: day('2026-03-31'),
  }));
  readonly incidents = new Facts<IncidentNotificationMatter>((incidentId) => ({
    incidentId,
    patientId: randomUUID(),
    reference: 'I0000042',
    notifyBy: day('2026-03-16'),
  }));

  /** The parts of this room that ask them. */
  matters(database: Database, letterhead: LetterheadService): readonly LetterMatter[] {
    const notices = new ClinicNoticeService(letterhead);
    const enquiries = {
      matter: (_: unknown, id: string) => this.enquiries.of(id),
      replyMatter: (_: unknown, id: string) => this.replies.of(id),
      alertMatter: (_: unknown, id: string) => this.alerts.of(id),
    };
    const referrals = {
      matter: (_: unknown, id: string) => this.tellings.of(id),
      overdueMatter: (_: unknown, id: string) => this.overdueReferrals.of(id),
    };
    const callBacks = { matter: (_: unknown, id: string) => this.callBacks.of(id) };
    const withdrawn = { matter: (_: unknown, id: string) => this.withdrawnConsents.of(id) };
    const fromVisits = { matter: (_: unknown, id: string) => this.withdrawnFromVisits.of(id) };
    const requests = { overdueMatter: (_: unknown, id: string) => this.overdueRequests.of(id) };
    const decisions = { decisionMatter: (_: unknown, id: string) => this.decisions.of(id) };
    const scan = { accessionNumber: 'A000000123' } as ScanBooking;
    const scans = { ofVisits: async (ids: readonly string[]) => new Map(ids.map((id) => [id, scan])) };
    const licences = { renewalMatter: (_: unknown, id: string) => this.licences.of(id) };
    const entitlements = { reviewMatter: (_: unknown, id: string) => this.entitlements.of(id) };
    const incidents = { notificationMatter: (_: unknown, id: string) => this.incidents.of(id) };
    const advice = {
      matter: (_: unknown, id: string) => this.advice.of(id),
      overdueMatter: (_: unknown, id: string) => this.overdueAdvice.of(id),
    };
    const complaints = { matter: (_: unknown, id: string) => this.complaints.of(id) };
    return [
      new EnquiryLetterService(database, letterhead, enquiries),
      new EnquiryNoticeService(database, letterhead, notices, enquiries),
      new CallBackNoticeService(database, letterhead, notices, callBacks),
      new ReferralLetterService(database, letterhead, referrals),
      new ReferralNoticeService(database, notices, referrals),
      new AdviceLetterService(database, letterhead, advice),
      new ScanConsentNoticeService(database, letterhead, notices, withdrawn),
      new VisitConsentNoticeService(database, letterhead, notices, fromVisits),
      new VettingNoticeService(database, notices, requests),
      new CheckNoticeService(database, letterhead, notices, decisions, scans),
      new AdviceNoticeService(database, notices, advice),
      new ComplaintLetterService(database, letterhead, complaints),
      new LicenceNoticeService(database, notices, licences),
      new EntitlementNoticeService(database, notices, entitlements),
      new IncidentNoticeService(database, notices, incidents),
      ...this.teamMatters(database, letterhead, notices),
    ];
  }
}
