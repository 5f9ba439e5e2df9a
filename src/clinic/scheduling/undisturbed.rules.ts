import type { ChainOffer, ChainSearch } from './chain-offer.rules.js';
import { findInParts } from './offer-merge.rules.js';
import { type WhyNone, whyNone } from './why-none.rules.js';

// A patient who is kept has no other visit between the steps of this one either. So the whole of it, waits included, lies
// between two of the patient's other visits, and each such stretch is searched by itself.

/** The search cut to each stretch that must hold the visit whole; the search itself where the waits are the patient's own. */
export function undisturbedParts(search: ChainSearch): readonly ChainSearch[] {
  if (search.undisturbed == null) return [search];
  return search.undisturbed.flatMap(([from, until]): ChainSearch[] => {
    const [fromMs, untilMs] = [Math.max(from, search.fromMs), Math.min(until, search.untilMs)];
    return fromMs < untilMs ? [{ ...search, fromMs, untilMs, undisturbed: null }] : [];
  });
}

/** The possible visits at one site, best first. */
export function findUndisturbed(search: ChainSearch): readonly ChainOffer[] {
  return findInParts(undisturbedParts(search), search);
}

/** Why there is no visit at one site; null when there is one. */
export function whyNoneUndisturbed(search: ChainSearch): WhyNone | null {
  if (search.undisturbed == null) return whyNone(search);
  if (undisturbedParts(search).some((part) => whyNone(part) === null)) return null;
  return whyNone({ ...search, undisturbed: null }) ?? disturbed(search);
}

/** There would be a visit, but for the patient's other visits during every wait. */
function disturbed({ chain }: ChainSearch): WhyNone {
  const step = Math.max(
    0,
    chain.steps.findIndex(({ wait }) => (wait?.maxMinutes ?? 0) > 0),
  );
  return {
    reason: 'WAIT_NOT_FILLED',
    step,
    stepName: chain.steps[step]?.name ?? '',
    needs: [],
    withPatient: true,
    minutes: chain.steps[step]?.wait?.minMinutes ?? 0,
  };
}
