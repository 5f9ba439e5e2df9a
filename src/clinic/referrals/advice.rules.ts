import { AdviceStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { AdviceAction, AdviceChangedMeanwhile, AdviceNotPossible } from './advice.refusals.js';

type Transitions = Record<AdviceStatus, Partial<Record<AdviceAction, AdviceStatus>>>;

/** The states: action → next state. What is not here cannot be done. */
const TRANSITIONS = {
  OPEN: {
    ASK_MORE: AdviceStatus.OPEN,
    ANSWER: AdviceStatus.ANSWERED,
    LINK_PATIENT: AdviceStatus.OPEN,
    CLOSE: AdviceStatus.CLOSED,
    CONVERT: AdviceStatus.CONVERTED,
  },
  ANSWERED: {
    ASK_MORE: AdviceStatus.OPEN,
    // What was said can be added to.
    ANSWER: AdviceStatus.ANSWERED,
    LINK_PATIENT: AdviceStatus.ANSWERED,
    CLOSE: AdviceStatus.CLOSED,
    CONVERT: AdviceStatus.CONVERTED,
  },
  CLOSED: { REOPEN: AdviceStatus.OPEN },
  CONVERTED: {},
} as const satisfies Transitions;

function transitionsFrom(status: AdviceStatus): Transitions[AdviceStatus] {
  return TRANSITIONS[status];
}

/** What can be done with a question that stands so. */
export function adviceActions(status: AdviceStatus): readonly AdviceAction[] {
  const next = transitionsFrom(status);
  return Object.values(AdviceAction).filter((action) => next[action] !== undefined);
}

/** How it stands after an action, or the first "no". */
export function adviceAfter(
  thread: { readonly status: AdviceStatus; readonly version: number },
  action: AdviceAction,
  version: number,
): AdviceStatus | AdviceNotPossible | AdviceChangedMeanwhile {
  const next = transitionsFrom(thread.status)[action];
  if (next === undefined) return new AdviceNotPossible(thread.status, adviceActions(thread.status));
  return thread.version === version ? next : new AdviceChangedMeanwhile(thread.version);
}

/** Who a question is about, as far as the referrer says. */
export interface AdvicePatientEntry {
  readonly patientId: string | null;
  readonly patientName: string | null;
  readonly patientNhsNumber: string | null;
}

const NHS_NUMBER_DIGITS = /^\d{10}$/;

/** What is wrong with the person a question is about; null when nothing is. */
export function advicePatientProblem(entry: AdvicePatientEntry): string | null {
  const { patientId, patientName, patientNhsNumber } = entry;
  if (patientId === null && patientName === null && patientNhsNumber === null) {
    return 'patientName: say who it is about: a registered patient, a name, or an NHS number.';
  }
  if (patientNhsNumber !== null && !NHS_NUMBER_DIGITS.test(patientNhsNumber)) {
    return 'patientNhsNumber: has ten digits.';
  }
  return null;
}

/** What is wrong with the day on which a message came or went; null when nothing is. */
export function messageDayProblem(
  happenedOn: Temporal.PlainDate,
  bounds: { readonly today: Temporal.PlainDate; readonly notBefore: Temporal.PlainDate | null },
): string | null {
  if (Temporal.PlainDate.compare(happenedOn, bounds.today) > 0)
    return 'happenedOn: must not be in the future.';
  const { notBefore } = bounds;
  return notBefore !== null && Temporal.PlainDate.compare(happenedOn, notBefore) < 0
    ? 'happenedOn: must not be before the last message of the thread.'
    : null;
}

/** Letters and digits that nobody takes for one another when they are read out: no 0 O 1 I L 5 S 8 B 2 Z U V. */
const REFERENCE_ALPHABET = 'ACDEFGHJKMNPQRTWXY34679';
const REFERENCE_CHARACTERS = 8;
export const REFERENCE_BYTES = REFERENCE_CHARACTERS;

/** What a thread is found by, from bytes drawn at random: A, and eight of them. About 78 thousand million. */
export function adviceReference(bytes: Uint8Array): string {
  const signs = [...bytes]
    .slice(0, REFERENCE_CHARACTERS)
    .map((byte) => REFERENCE_ALPHABET.charAt(byte % REFERENCE_ALPHABET.length));
  return `A${signs.join('')}`;
}
