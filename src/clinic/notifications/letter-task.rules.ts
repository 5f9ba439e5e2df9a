import type { LetterRecipient, LetterStatus } from '../../platform/database/generated/enums.js';
import type { SuppressedCode } from './letter.rules.js';

/** What a person has to do about a letter. */
export enum LetterTask {
  NONE = 'NONE',
  POST_IT = 'POST_IT',
  TELEPHONE = 'TELEPHONE',
  ASK_FOR_ADDRESS = 'ASK_FOR_ADDRESS',
  CHECK_ARRIVAL = 'CHECK_ARRIVAL',
  REACH_PATIENT = 'REACH_PATIENT',
  REACH_ENQUIRER = 'REACH_ENQUIRER',
  REACH_REFERRER = 'REACH_REFERRER',
  REACH_GP = 'REACH_GP',
  REACH_SUPPLIER = 'REACH_SUPPLIER',
  REACH_STAFF = 'REACH_STAFF',
  SEE_TO_IT = 'SEE_TO_IT',
}

export interface LetterStanding {
  readonly status: LetterStatus;
  readonly outcomeCode: string | null;
  readonly recipient: LetterRecipient;
}

/** Who has to be reached another way when a letter does not arrive. A notice to the clinic is seen to without it. */
const REACH: Record<LetterRecipient, LetterTask> = {
  PATIENT: LetterTask.REACH_PATIENT,
  ENQUIRER: LetterTask.REACH_ENQUIRER,
  REFERRER: LetterTask.REACH_REFERRER,
  GP: LetterTask.REACH_GP,
  CLINIC: LetterTask.SEE_TO_IT,
  SUPPLIER: LetterTask.REACH_SUPPLIER,
  STAFF: LetterTask.REACH_STAFF,
};

/** What is left for staff to do about a letter that stands so. */
export function taskOf({ status, outcomeCode, recipient }: LetterStanding): LetterTask {
  switch (status) {
    case 'AMBIGUOUS':
      return recipient === 'CLINIC' ? LetterTask.SEE_TO_IT : LetterTask.CHECK_ARRIVAL;
    case 'FAILED':
      return REACH[recipient];
    case 'SUPPRESSED':
      return taskOfSuppressed(outcomeCode, recipient);
    case 'DUE':
    case 'CLAIMED':
    case 'SENDING':
    case 'SENT':
    case 'SUPERSEDED':
      return LetterTask.NONE;
  }
}

/** Codes of letters that were not sent and leave something to do. */
export const TASK_CODES: readonly SuppressedCode[] = [
  'PREFERS_POST',
  'PREFERS_TELEPHONE',
  'NO_EMAIL_ADDRESS',
  'TO_BE_POSTED',
  'OWN_ADDRESS',
  'RECIPIENT_RETIRED',
  'NO_CLINIC_ADDRESS',
];

function taskOfSuppressed(outcomeCode: string | null, recipient: LetterRecipient): LetterTask {
  if (outcomeCode === 'PREFERS_POST' || outcomeCode === 'TO_BE_POSTED') return LetterTask.POST_IT;
  if (outcomeCode === 'PREFERS_TELEPHONE') return LetterTask.TELEPHONE;
  // A practice has a postal address, and a letter to it need not wait for anything else.
  if (outcomeCode === 'NO_EMAIL_ADDRESS') {
    const isPractice = recipient === 'REFERRER' || recipient === 'GP';
    return isPractice ? LetterTask.POST_IT : LetterTask.ASK_FOR_ADDRESS;
  }
  if (outcomeCode === 'OWN_ADDRESS') return LetterTask.ASK_FOR_ADDRESS;
  if (outcomeCode === 'RECIPIENT_RETIRED') return REACH[recipient];
  if (outcomeCode === 'NO_CLINIC_ADDRESS') return LetterTask.SEE_TO_IT;
  return LetterTask.NONE;
}

const WHO: Record<LetterRecipient, string> = {
  PATIENT: 'The patient',
  ENQUIRER: 'Whoever enquired',
  REFERRER: 'The referrer',
  GP: 'The GP',
  CLINIC: 'The clinic',
  SUPPLIER: 'The supplier',
  STAFF: 'The member of staff',
};

function postInWords(who: string, outcomeCode: string | null): string {
  if (outcomeCode === 'TO_BE_POSTED') return 'It goes by post: print the letter and send it.';
  const why = outcomeCode === 'PREFERS_POST' ? 'prefers post' : 'has no e-mail address';
  return `${who} ${why}: print the letter and send it by post.`;
}

/** The task as staff read it; empty when there is none. */
export function taskInWords(standing: LetterStanding): string {
  const who = WHO[standing.recipient];
  switch (taskOf(standing)) {
    case LetterTask.NONE:
      return '';
    case LetterTask.POST_IT:
      return postInWords(who, standing.outcomeCode);
    case LetterTask.TELEPHONE:
      return `${who} prefers the telephone: ring them.`;
    case LetterTask.ASK_FOR_ADDRESS:
      return standing.outcomeCode === 'OWN_ADDRESS'
        ? `${who} is down with an address of the clinic: ask for their own, or send the letter by post.`
        : `${who} has no e-mail address: ring, ask for one, or send the letter by post.`;
    case LetterTask.CHECK_ARRIVAL:
      return `It may have arrived: ask, and send it again if it has not.`;
    case LetterTask.REACH_PATIENT:
    case LetterTask.REACH_ENQUIRER:
    case LetterTask.REACH_REFERRER:
    case LetterTask.REACH_GP:
    case LetterTask.REACH_SUPPLIER:
    case LetterTask.REACH_STAFF:
      if (standing.outcomeCode === 'RECIPIENT_RETIRED') {
        return `${who} is retired from the directory of referrers: find out who has taken over, and write to them.`;
      }
      return `${who} could not be reached at the address that we have: ring, and check the address.`;
    case LetterTask.SEE_TO_IT:
      return standing.outcomeCode === 'NO_CLINIC_ADDRESS'
        ? 'Nobody at the clinic is named for notices: see to what it is about, and have CLINIC_NOTICES_TO set.'
        : 'The notice to the clinic may not have arrived: see to what it is about.';
  }
}
