import { ExposureAct, PregnancyAnswer, SafetyDecider } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { NothingToDecide, NotToBeDecided } from './check.refusals.js';

/** What may have to be decided on. */
export interface DecidableFacts {
  readonly pregnancy: { readonly answer: PregnancyAnswer } | null;
  readonly safety: { readonly concerns: readonly string[]; readonly decidedBy: SafetyDecider | null } | null;
}

/** Whether nobody but a practitioner may decide, who need not be there. What operators may decide they decide on the spot. */
export function awaitsPractitioner(check: DecidableFacts): boolean {
  const acts = decidersOf(check);
  return !isRefusal(acts) && acts.every((act) => act === ExposureAct.JUSTIFY);
}

/** Who may decide: whoever is entitled to one of these acts, the first of them named in a "no". */
export function decidersOf(check: DecidableFacts): readonly ExposureAct[] | NothingToDecide | NotToBeDecided {
  const { pregnancy, safety } = check;
  if (pregnancy !== null) {
    const isDoubted =
      pregnancy.answer === PregnancyAnswer.YES || pregnancy.answer === PregnancyAnswer.CANNOT_BE_EXCLUDED;
    return isDoubted ? [ExposureAct.JUSTIFY] : new NothingToDecide();
  }
  switch (safety?.decidedBy ?? null) {
    case SafetyDecider.OPERATOR:
      return [ExposureAct.ADMINISTER_TRACER, ExposureAct.JUSTIFY];
    case SafetyDecider.PRACTITIONER:
      return [ExposureAct.JUSTIFY];
    case SafetyDecider.NOBODY:
      return new NotToBeDecided(safety?.concerns ?? []);
    case null:
      return new NothingToDecide();
  }
}
