import { formatDate, type Temporal } from '../../platform/time/index.js';
import { channelFor, MOVED_ON, type Reachable, type Verdict } from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  type NamedPerson,
  toLetterVariables,
} from './letter-words.rules.js';

/** A complaint, when its acknowledgement is about to be sent. */
export interface ComplaintFacts {
  readonly reference: string;
  readonly receivedOn: Temporal.PlainDate;
  readonly answerBy: Temporal.PlainDate;
  readonly patient: NamedPerson & Reachable;
}

export function decideComplaintLetter(facts: Pick<ComplaintFacts, 'patient'> | null): Verdict {
  return facts === null ? MOVED_ON : channelFor(facts.patient);
}

/** Everything that the templates may name. */
export interface ComplaintVariables extends LetterVariables {
  readonly reference: string;
  readonly receivedOn: string;
  readonly answerBy: string;
}

export function toComplaintVariables(facts: ComplaintFacts, setting: LetterSetting): ComplaintVariables {
  return {
    ...toLetterVariables(facts.patient, setting),
    reference: facts.reference,
    receivedOn: formatDate(facts.receivedOn),
    answerBy: formatDate(facts.answerBy),
  };
}
