import type { Temporal } from '../../platform/time/index.js';
import { GateState } from './gate.refusals.js';
import { type GateVerdict, verdict } from './gate.rules.js';

/** Where the patient stands on the consent to a tracer and X-rays. */
export interface ConsentFacts {
  readonly inForce: boolean;
  /** A decision is recorded, be it a "no". */
  readonly isAsked: boolean;
  /** In force, and to be confirmed before anything is done, because the clinic asks for that. */
  readonly awaitsConfirmation: boolean;
  readonly reason: string;
  /** When it ends by itself; null: it holds until it is taken back. */
  readonly holdsUntil: Temporal.Instant | null;
  /** Who took the decision that says so, and when it was made; null: there is none, or nobody looks. */
  readonly by: Pick<GateVerdict, 'byId' | 'byName' | 'at'> | null;
}

/** `isAboutToBegin`: it is the day on which the tracer is given. A consent that has to be confirmed on it is not enough before. */
export function consentInForce(consent: ConsentFacts, isAboutToBegin: boolean): GateVerdict {
  const by = consent.by ?? undefined;
  if (consent.inForce && consent.awaitsConfirmation && isAboutToBegin) {
    return verdict(
      GateState.WAITING,
      'CONSENT_NOT_CONFIRMED',
      'The patient’s consent has not been confirmed since they came. Ask again whether they agree, and record that they confirm it.',
      by,
    );
  }
  if (consent.inForce) {
    const passed = verdict(GateState.PASSED, 'CONSENT_IN_FORCE', consent.reason, by);
    return { ...passed, holdsUntil: consent.holdsUntil };
  }
  return consent.isAsked
    ? verdict(
        GateState.FAILED,
        'CONSENT_NOT_IN_FORCE',
        `The patient’s consent does not hold. ${consent.reason} Go on only if the patient consents anew, in the words in force now.`,
        by,
      )
    : verdict(
        GateState.WAITING,
        'CONSENT_NOT_ASKED',
        'The patient has not been asked for consent. Explain, ask, and record the answer.',
      );
}
