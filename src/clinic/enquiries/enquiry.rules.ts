import { EnquiryChannel, EnquiryStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { EnquiryAction, EnquiryAlreadyClaimed, EnquiryNotInState } from './enquiry.refusals.js';
import { RedFlagOpen, RedFlagsNotAsked } from './red-flag.refusals.js';

type Transitions = Record<EnquiryStatus, Partial<Record<EnquiryAction, EnquiryStatus>>>;

const { NEW, IN_HAND, ANSWERED, CONVERTED, CLOSED, SPAM } = EnquiryStatus;

/** The states: action → next state. What is not here cannot be done. */
const TRANSITIONS = {
  NEW: {
    CLAIM: IN_HAND,
    NOTE: NEW,
    REPLY: ANSWERED,
    MATCH: NEW,
    CONVERT: CONVERTED,
    CLOSE: CLOSED,
    MARK_SPAM: SPAM,
  },
  IN_HAND: {
    ...{ CLAIM: IN_HAND, RELEASE: NEW, NOTE: IN_HAND, REPLY: ANSWERED, MATCH: IN_HAND },
    ...{ CONVERT: CONVERTED, CLOSE: CLOSED, MARK_SPAM: SPAM },
  },
  ANSWERED: {
    ...{ CLAIM: ANSWERED, RELEASE: ANSWERED, NOTE: ANSWERED, REPLY: ANSWERED, MATCH: ANSWERED },
    ...{ CONVERT: CONVERTED, CLOSE: CLOSED, MARK_SPAM: SPAM },
  },
  CONVERTED: { NOTE: CONVERTED, REPLY: CONVERTED },
  CLOSED: { NOTE: CLOSED, REOPEN: NEW },
  SPAM: { NOT_SPAM: NEW },
} as const satisfies Transitions;

function transitionsFrom(status: EnquiryStatus): Transitions[EnquiryStatus] {
  return TRANSITIONS[status];
}

/** What can be done with an enquiry in this state. */
export function allowedActions(status: EnquiryStatus): readonly EnquiryAction[] {
  const next = transitionsFrom(status);
  return Object.values(EnquiryAction).filter((action) => next[action] !== undefined);
}

/** What is known when somebody wants to do something with an enquiry. */
export interface EnquiryFacts {
  readonly status: EnquiryStatus;
  readonly claimedById: string | null;
  readonly claimedAt: Temporal.Instant | null;
  readonly openAlertIds: readonly string[];
  readonly areRedFlagsAsked: boolean;
}

/** Each of these ends the matter, or makes it look so: never while somebody may be in danger. */
const ENDS_IT: readonly EnquiryAction[] = [
  EnquiryAction.CLOSE,
  EnquiryAction.CONVERT,
  EnquiryAction.MARK_SPAM,
];
/** Whoever has taken an enquiry does these; others may note, match and release. */
const OF_ITS_HOLDER: readonly EnquiryAction[] = [
  EnquiryAction.CLAIM,
  EnquiryAction.REPLY,
  EnquiryAction.CONVERT,
  EnquiryAction.CLOSE,
  EnquiryAction.MARK_SPAM,
];

export type EnquiryRefusal = EnquiryNotInState | EnquiryAlreadyClaimed | RedFlagOpen | RedFlagsNotAsked;

/** The state after an action of somebody, or why not. Null as the actor: Facet itself. */
export function nextStatus(
  facts: EnquiryFacts,
  action: EnquiryAction,
  actorId: string | null,
): EnquiryStatus | EnquiryRefusal {
  const next = transitionsFrom(facts.status)[action];
  if (next === undefined) return new EnquiryNotInState(facts.status, allowedActions(facts.status));
  const { claimedById, claimedAt } = facts;
  const isOthers = claimedById !== null && claimedById !== actorId;
  if (isOthers && claimedAt !== null && OF_ITS_HOLDER.includes(action)) {
    return new EnquiryAlreadyClaimed(claimedById, claimedAt);
  }
  if (ENDS_IT.includes(action) && facts.openAlertIds.length > 0) return new RedFlagOpen(facts.openAlertIds);
  if (action === EnquiryAction.CONVERT && !facts.areRedFlagsAsked) return new RedFlagsNotAsked();
  return next;
}

/** The state after the enquirer wrote again. What was closed is open again: nobody is lost. */
export function statusAfterMessage(status: EnquiryStatus, isClaimed: boolean): EnquiryStatus {
  switch (status) {
    case NEW:
    case IN_HAND:
    case CONVERTED:
    case SPAM:
      return status;
    case ANSWERED:
    case CLOSED:
      return isClaimed ? IN_HAND : NEW;
  }
}

/** On these nobody was spoken to, so the questions may have to wait. */
const UNASKED_CHANNELS: readonly EnquiryChannel[] = [
  EnquiryChannel.VOICEMAIL,
  EnquiryChannel.EMAIL,
  EnquiryChannel.LETTER,
];

export function mayAskRedFlagsLater(channel: EnquiryChannel): boolean {
  return UNASKED_CHANNELS.includes(channel);
}

/** Letters and digits that are not mistaken for one another on the telephone or on paper (Crockford's base 32). */
const REFERENCE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const REFERENCE_LETTERS_COUNT = 8;
export const REFERENCE = /^E[0-9A-HJKMNP-TV-Z]{8}$/;

/** Random bytes as a reference. It tells nothing of how many enquiries there are, and cannot be guessed from another. */
export function toReference(random: Uint8Array): string {
  const letters = [...random.subarray(0, REFERENCE_LETTERS_COUNT)].map((byte) =>
    REFERENCE_LETTERS.charAt(byte % 32),
  );
  return `E${letters.join('')}`;
}

/** How a person may write a reference back: small letters, spaces, the letters that were left out. */
export function readReference(typed: string): string | null {
  const read = typed.toUpperCase().replace(/[\s-]/g, '');
  const body = read.slice(1).replace(/O/g, '0').replace(/[IL]/g, '1');
  const reference = `${read.charAt(0)}${body}`;
  return REFERENCE.test(reference) ? reference : null;
}

/** The references that a line names, such as the subject of an answer; each as it is kept. */
export function referencesIn(line: string): readonly string[] {
  return line.split(/[^\p{L}\p{N}]+/u).flatMap((word) => readReference(word) ?? []);
}

/** Longer names are rare, and what is longer and comes from a form is often no name. */
const LETTER_NAME_CHARACTERS_MAX = 60;
/** What a name does not have, and an advertisement does: an address, a number, a mark of its own. */
const NO_NAME = /[:/@<>{}[\]()$%*=#!?]|www[.]|[.]\p{L}{2,}(?:\s|$)|\d{2,}/iu;

/** The name as a letter may greet with it. Anybody can write anything for a name, and anybody's address: null then. */
export function nameForLetter(name: string | null): string | null {
  if (name === null || [...name].length > LETTER_NAME_CHARACTERS_MAX || NO_NAME.test(name)) return null;
  return name;
}

/** Nobody older has lived; an earlier year is a slip of the finger. */
const AGE_YEARS_MAX = 125;

/** A date of birth as YYYY-MM-DD; null: it is none, or nobody of today was born then. */
export function readDateOfBirth(typed: string, today: Temporal.PlainDate): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return null;
  try {
    const born = Temporal.PlainDate.from(typed, { overflow: 'reject' });
    const isFuture = Temporal.PlainDate.compare(born, today) > 0;
    return isFuture || born.until(today, { largestUnit: 'year' }).years > AGE_YEARS_MAX
      ? null
      : born.toString();
  } catch {
    return null;
  }
}
