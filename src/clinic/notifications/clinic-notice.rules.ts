import type { LetterKind } from '../../platform/database/generated/enums.js';
import type { LetterSetting } from './letter-words.rules.js';

export type ClinicNoticeKind = Extract<
  LetterKind,
  | 'ENQUIRY_NOTICE'
  | 'RED_FLAG_RAISED'
  | 'RED_FLAG_OVERDUE'
  | 'CALL_BACK_OVERDUE'
  | 'REFERRAL_OVERDUE'
  | 'LICENCE_RENEWAL_DUE'
  | 'ENTITLEMENT_REVIEW_DUE'
  | 'INCIDENT_NOTIFICATION_DUE'
  | 'SCAN_CONSENT_WITHDRAWN'
  | 'VISIT_CONSENT_WITHDRAWN'
  | 'IMAGING_REQUEST_OVERDUE'
  | 'CHECK_AWAITS_DECISION'
  | 'REPORT_UNACKNOWLEDGED'
  | 'CRITICAL_FINDING_RAISED'
  | 'CRITICAL_FINDING_OVERDUE'
  | 'RISK_TASK_RAISED'
  | 'RISK_TASK_OVERDUE'
  | 'DECISION_ACTION_DUE'
  | 'DECISION_ACTION_OVERDUE'
  | 'ADVICE_OVERDUE'
>;

/** What a notice says: where to look, and since when. Nothing of health and nobody's name, since mail is passed on. */
export interface NoticeFacts {
  readonly reference: string;
  /** The moment or day that `sinceLabel` is about, in words. */
  readonly since: string;
}

interface NoticeWords {
  readonly isUrgent: boolean;
  readonly subject: (reference: string) => string;
  readonly title: string;
  readonly sinceLabel: string;
  readonly toDo: string;
}

export const NOTICE_WORDS: Record<ClinicNoticeKind, NoticeWords> = {
  ENQUIRY_NOTICE: {
    isUrgent: false,
    subject: (reference) => `New enquiry ${reference}`,
    title: 'A new enquiry',
    sinceLabel: 'Received',
    toDo: 'Open it in Facet, under enquiries, with this reference.',
  },
  RED_FLAG_RAISED: {
    isUrgent: true,
    subject: (reference) => `URGENT: open ${reference} now`,
    title: 'Urgent: somebody needs a clinician now',
    sinceLabel: 'Alert raised',
    toDo: 'Open the alert in Facet, under alerts, with this reference. Only a clinician can close it.',
  },
  RED_FLAG_OVERDUE: {
    isUrgent: true,
    subject: (reference) => `URGENT, STILL OPEN: open ${reference} now`,
    title: 'Urgent: somebody still needs a clinician',
    sinceLabel: 'Alert raised',
    toDo: 'Nobody has seen to it in time. Open the alert in Facet, under alerts, with this reference. Only a clinician can close it.',
  },
  CALL_BACK_OVERDUE: {
    isUrgent: false,
    subject: (reference) => `Call-back overdue: ${reference}`,
    title: 'A call-back is overdue',
    sinceLabel: 'Was due',
    toDo: 'Somebody waits to be rung. Open it in Facet, under call-backs, with this reference.',
  },
  REFERRAL_OVERDUE: {
    isUrgent: false,
    subject: (reference) => `Decision overdue: referral ${reference}`,
    title: 'A referral waits for its decision',
    sinceLabel: 'Was due',
    toDo: 'Open it in Facet, in the triage queue, with this reference.',
  },
  LICENCE_RENEWAL_DUE: {
    isUrgent: false,
    subject: (reference) => `Licence runs out: ${reference}`,
    title: 'A licence runs out',
    sinceLabel: 'Last day',
    toDo: 'Apply for its renewal, and record that in Facet, under licences. After its last day nothing radioactive may be administered under it, even while an application is pending.',
  },
  ENTITLEMENT_REVIEW_DUE: {
    isUrgent: false,
    subject: (reference) => `Entitlement to be looked at: ${reference}`,
    title: 'An entitlement is to be looked at',
    sinceLabel: 'To be looked at by',
    toDo: 'Open it in Facet, under entitlements, with this reference, and all of that person’s of this day. Entitle them anew, or end it. After a last day it holds no more.',
  },
  INCIDENT_NOTIFICATION_DUE: {
    isUrgent: false,
    subject: (reference) => `Regulator to be told: incident ${reference}`,
    title: 'A regulator has to hear of an incident',
    sinceLabel: 'To be told by',
    toDo: 'Open it in Facet, under incidents, with this reference. Tell the regulator with the anonymous extract that is there, and record that you did.',
  },
  SCAN_CONSENT_WITHDRAWN: {
    isUrgent: false,
    subject: (reference) => `Consent withdrawn: booking ${reference}`,
    title: 'Consent to a booking was withdrawn',
    sinceLabel: 'Withdrawn',
    toDo: 'The booking stands and goes no further. Open it in Facet with this reference, talk with whom it is for, and cancel it or record a new consent.',
  },
  VISIT_CONSENT_WITHDRAWN: {
    isUrgent: false,
    subject: (reference) => `Consent withdrawn: visit ${reference}`,
    title: 'Consent to a booked visit was withdrawn',
    sinceLabel: 'Visit',
    toDo: 'The visit stands, and cannot begin. Open it in Facet with this reference, talk with whom it is for, and cancel it or record a new consent.',
  },
  IMAGING_REQUEST_OVERDUE: {
    isUrgent: false,
    subject: (reference) => `Decision overdue: imaging request of referral ${reference}`,
    title: 'An imaging request waits for somebody',
    sinceLabel: 'Was due',
    toDo: 'Open it in Facet, in the vetting queue, with the reference of its referral: decide on it, ask for what is missing, or record what was answered.',
  },
  CHECK_AWAITS_DECISION: {
    isUrgent: true,
    subject: (reference) => `URGENT: a decision is awaited, ${reference}`,
    title: 'Urgent: somebody waits for a practitioner',
    sinceLabel: 'Since',
    toDo: 'Nothing goes on before a practitioner has decided. Open it in Facet, under checks, with this reference.',
  },
  REPORT_UNACKNOWLEDGED: {
    isUrgent: false,
    subject: (reference) => `Not acknowledged: ${reference}`,
    title: 'Nobody has acknowledged what was sent',
    sinceLabel: 'Was due',
    toDo: 'Open it in Facet, under results to acknowledge, with this accession number. Ring whom it was sent to, and record what they say.',
  },
  CRITICAL_FINDING_RAISED: {
    isUrgent: true,
    subject: (reference) => `URGENT: open ${reference} now`,
    title: 'Urgent: somebody has to be told now',
    sinceLabel: 'Raised',
    toDo: 'Open it in Facet, under critical findings, with this accession number. Somebody who can act has to be told by name, and to read it back.',
  },
  CRITICAL_FINDING_OVERDUE: {
    isUrgent: true,
    subject: (reference) => `URGENT, STILL OPEN: open ${reference} now`,
    title: 'Urgent: somebody has still to be told',
    sinceLabel: 'Raised',
    toDo: 'Nobody has read it back in time. Open it in Facet, under critical findings, with this accession number, tell somebody who can act, and record who read it back.',
  },
  RISK_TASK_RAISED: {
    isUrgent: true,
    subject: (reference) => `URGENT: open ${reference} now`,
    title: 'Urgent: somebody has to be spoken with now',
    sinceLabel: 'Raised',
    toDo: 'Open it in Facet, under urgent tasks, with this reference, and take it on: it names whom to speak with, before they leave if they are still here.',
  },
  RISK_TASK_OVERDUE: {
    isUrgent: true,
    subject: (reference) => `URGENT, STILL OPEN: open ${reference} now`,
    title: 'Urgent: somebody has still to be spoken with',
    sinceLabel: 'Raised',
    toDo: 'Nobody has closed it in time. Open it in Facet, under urgent tasks, with this reference. Whoever takes it on speaks with them, and closes it with a note.',
  },
  DECISION_ACTION_DUE: {
    isUrgent: false,
    subject: (reference) => `To do soon: ${reference}`,
    title: 'You see to something whose day is near',
    sinceLabel: 'Due',
    toDo: 'Open it in Facet, under actions of decisions, with this reference: start it, record what was done, or hand it on.',
  },
  DECISION_ACTION_OVERDUE: {
    isUrgent: false,
    subject: (reference) => `Overdue: ${reference}`,
    title: 'You see to something that is overdue',
    sinceLabel: 'Was due',
    toDo: 'Open it in Facet, under actions of decisions, with this reference: record what was done, give it another day, or hand it on. You hear of it again until it is settled.',
  },
  ADVICE_OVERDUE: {
    isUrgent: false,
    subject: (reference) => `Answer overdue: question ${reference}`,
    title: 'A referrer waits for an answer',
    sinceLabel: 'Was due',
    toDo: 'Open it in Facet, under advice, with this reference.',
  },
};

/** Everything that the templates of a notice may name. */
export interface NoticeVariables extends Omit<NoticeWords, 'subject'> {
  readonly subject: string;
  readonly reference: string;
  readonly since: string;
  readonly clinicName: string;
  readonly greetingName: string;
  readonly ring: string;
  readonly wordingVersion: string;
}

export function toNoticeVariables(
  kind: ClinicNoticeKind,
  { reference, since }: NoticeFacts,
  { clinicName, ring, wordingVersion }: LetterSetting,
): NoticeVariables {
  const { subject, ...words } = NOTICE_WORDS[kind];
  const clinic = { clinicName, ring, wordingVersion, greetingName: clinicName };
  return { ...words, ...clinic, subject: subject(reference), reference, since };
}
