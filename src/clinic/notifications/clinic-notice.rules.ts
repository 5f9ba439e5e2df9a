import type { LetterKind } from '../../platform/database/generated/enums.js';
import type { LetterSetting } from './letter-words.rules.js';

export type ClinicNoticeKind = Extract<
  LetterKind,
  | 'ENQUIRY_NOTICE'
  | 'RED_FLAG_RAISED'
  | 'RED_FLAG_OVERDUE'
  | 'CALL_BACK_OVERDUE'
  | 'REFERRAL_OVERDUE'
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
