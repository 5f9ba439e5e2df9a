import { formatDate, Temporal } from '../../platform/time/index.js';
import { GateState } from './gate.refusals.js';
import { type GateVerdict, verdict } from './gate.rules.js';

interface Signed {
  readonly byId: string;
  readonly byName: string;
  readonly at: Temporal.Instant;
}

/** How the imaging request of a referral stands, as far as gates ask. */
export interface RequestFacts {
  readonly isComplete: boolean;
  /** Sentences that say what to do. */
  readonly missing: readonly string[];
  /** As the practitioner decided; until then as it was asked for. */
  readonly procedureCode: string;
  readonly requestedBy: { readonly id: string; readonly name: string };
  readonly requestedAt: Temporal.Instant;
  readonly referrer: { readonly isEntitled: boolean; readonly reason: string };
  readonly justified: Signed | null;
  readonly authorised: (Signed & { readonly guideline: string | null }) | null;
  readonly authorisedUntil: Temporal.PlainDate | null;
  /** When the exposure that it was for took place, by another booking; null: it did not. */
  readonly usedElsewhereAt: Temporal.Instant | null;
  /** Why it has to be decided again; null: it does not. */
  readonly decideAgainReason: string | null;
  /** Why it ended; null: it has not. */
  readonly endReason: string | null;
}

/** What a booking asks of its request. */
export interface RequestWant {
  readonly procedureCode: string;
  /** The local day of the injection. */
  readonly on: Temporal.PlainDate;
}

const NO_REQUEST = verdict(
  GateState.WAITING,
  'NOT_REQUESTED',
  'No imaging request has been written for this referral. Write one, and send it to a practitioner.',
);

/** Whoever sends a patient for an exposure is entitled to by the employer. */
export function referrerEntitled(request: RequestFacts | null): GateVerdict {
  if (request === null) return NO_REQUEST;
  const { isEntitled, reason } = request.referrer;
  return isEntitled
    ? verdict(GateState.PASSED, 'REFERRER_ENTITLED', reason)
    : verdict(GateState.FAILED, 'REFERRER_NOT_ENTITLED', reason);
}

/** The practitioner can only weigh what they were told. */
export function requestComplete(request: RequestFacts | null): GateVerdict {
  if (request === null) return NO_REQUEST;
  const { id: byId, name: byName } = request.requestedBy;
  const by = { byId, byName, at: request.requestedAt };
  return request.isComplete
    ? verdict(GateState.PASSED, 'REQUEST_COMPLETE', 'The request says all that has to be known.', by)
    : verdict(GateState.WAITING, 'REQUEST_INCOMPLETE', request.missing.join(' '), by);
}

/** A practitioner weighed benefit and harm for this person and this procedure. */
export function justified(request: RequestFacts | null, want: RequestWant): GateVerdict {
  if (request === null) return NO_REQUEST;
  if (request.usedElsewhereAt !== null) return usedUp(request.usedElsewhereAt);
  if (request.justified === null) return notDecided(request, 'NOT_JUSTIFIED', 'justified');
  if (request.procedureCode !== want.procedureCode) {
    return verdict(
      GateState.FAILED,
      'JUSTIFIED_FOR_ANOTHER',
      `A practitioner justified ${request.procedureCode} and not ${want.procedureCode}. Book what was justified, or have it vetted again.`,
      request.justified,
    );
  }
  return verdict(GateState.PASSED, 'JUSTIFIED', 'Justified by a practitioner.', request.justified);
}

/** It may go ahead on that day: by the practitioner, or by an operator under a guideline. */
export function authorised(request: RequestFacts | null, want: RequestWant): GateVerdict {
  if (request === null) return NO_REQUEST;
  const { authorised: by, authorisedUntil, usedElsewhereAt } = request;
  if (usedElsewhereAt !== null) return usedUp(usedElsewhereAt);
  if (by === null) return notDecided(request, 'NOT_AUTHORISED', 'authorised');
  if (authorisedUntil !== null && Temporal.PlainDate.compare(want.on, authorisedUntil) > 0) {
    return verdict(
      GateState.FAILED,
      'AUTHORISATION_LAPSES',
      `The authorisation holds until ${formatDate(authorisedUntil)} only. Have it authorised again, or choose an earlier day.`,
      by,
    );
  }
  return by.guideline === null
    ? verdict(GateState.PASSED, 'AUTHORISED', 'Authorised by a practitioner.', by)
    : verdict(
        GateState.PASSED,
        'AUTHORISED',
        `Authorised by an operator under the guideline ${by.guideline}.`,
        by,
      );
}

/** A request is for one exposure: whoever is exposed again is weighed again, with what was given before. */
function usedUp(at: Temporal.Instant): GateVerdict {
  return verdict(
    GateState.FAILED,
    'REQUEST_USED',
    'The imaging request was for one exposure, which another booking has carried out. Write a new request, and have a practitioner decide on it.',
    { byName: null, at },
  );
}

function notDecided(
  { endReason, decideAgainReason }: RequestFacts,
  reasonCode: string,
  what: 'justified' | 'authorised',
): GateVerdict {
  if (endReason !== null) {
    return verdict(
      GateState.FAILED,
      'REQUEST_ENDED',
      `The imaging request has ended: ${endReason} Write a new one, or cancel the booking.`,
    );
  }
  const why = decideAgainReason === null ? '' : ` ${decideAgainReason}`;
  return verdict(
    GateState.WAITING,
    reasonCode,
    `The imaging request has not been ${what}.${why} A practitioner has to decide on it first.`,
  );
}
