import { formatDate, type Temporal } from '../../platform/time/index.js';
import { channelFor, MOVED_ON, type Reachable, suppressed, type Verdict } from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  type NamedPerson,
  toLetterVariables,
} from './letter-words.rules.js';

/** What a patient is asked at a point of their diary, when the letter is about to go. */
export interface DiaryLetterFacts {
  readonly patient: NamedPerson & Reachable;
  readonly hasDied: boolean;
  readonly treatedOn: Temporal.PlainDate;
  readonly answerBy: Temporal.PlainDate | null;
}

/** Send it, or not: as the patient prefers, and to nobody who has died. */
export function decideDiaryLetter(facts: DiaryLetterFacts | null): Verdict {
  if (facts === null) return MOVED_ON;
  return facts.hasDied ? suppressed('PATIENT_DIED') : channelFor(facts.patient);
}

/** Everything that the templates may name. All of it is text for people. */
export interface DiaryLetterVariables extends LetterVariables {
  readonly treatedOn: string;
  /** Monday 9 March 2026; empty: it is late already, and no day is named. */
  readonly answerBy: string;
}

export function toDiaryLetterVariables(
  { patient, treatedOn, answerBy }: DiaryLetterFacts,
  setting: LetterSetting,
): DiaryLetterVariables {
  return {
    ...toLetterVariables(patient, setting),
    treatedOn: formatDate(treatedOn),
    answerBy: answerBy === null ? '' : formatDate(answerBy),
  };
}
