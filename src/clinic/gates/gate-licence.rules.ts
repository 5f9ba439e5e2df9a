import { ExposureAct, GateStage } from '../../platform/database/generated/enums.js';
import { GateState } from './gate.refusals.js';
import { type GateVerdict, verdict } from './gate.rules.js';

/** Whether a licence holds on a day, with a sentence that says what to do where not. */
export interface LicenceFacts {
  readonly held: boolean;
  readonly reason: string;
}

export interface EntitlementFacts {
  readonly entitled: boolean;
  readonly reason: string;
}

/** Without a licence of the employer for the site nothing radioactive is administered there (IR(ME)R 2017, regulation 5). */
export function employerLicence(licence: LicenceFacts): GateVerdict {
  return licence.held
    ? verdict(GateState.PASSED, 'LICENCE_HELD', licence.reason)
    : verdict(GateState.FAILED, 'LICENCE_NOT_HELD', licence.reason);
}

/** The same of the practitioner who justified it. While nobody has, it waits: whose licence counts is not known. */
export function practitionerLicence(isJustified: boolean, licence: LicenceFacts): GateVerdict {
  if (licence.held) return verdict(GateState.PASSED, 'LICENCE_HELD', licence.reason);
  return isJustified
    ? verdict(GateState.FAILED, 'LICENCE_NOT_HELD', licence.reason)
    : verdict(
        GateState.WAITING,
        'NOT_JUSTIFIED',
        'No practitioner has justified this, so whose licence counts is not known. Have a practitioner justify the request first.',
      );
}

/** Which act is done at a stage; null: none that asks for an entitlement. */
export const ACT_AT: Readonly<Record<GateStage, ExposureAct | null>> = {
  BOOKING: null,
  PUBLICATION: null,
  ARRIVAL: null,
  INJECTION: ExposureAct.ADMINISTER_TRACER,
  ACQUISITION: ExposureAct.ACQUIRE_IMAGES,
  AFTERWARDS: ExposureAct.EVALUATE_IMAGES,
};

/** Whoever does the act is entitled to it. Judged when they are about to: null before. */
export function operatorEntitled(entitlement: EntitlementFacts | null): GateVerdict {
  if (entitlement === null) {
    return verdict(
      GateState.WAITING,
      'NOBODY_ACTS',
      'This is judged when somebody is about to act: then they have to be entitled to it.',
    );
  }
  return entitlement.entitled
    ? verdict(GateState.PASSED, 'OPERATOR_ENTITLED', entitlement.reason)
    : verdict(GateState.FAILED, 'OPERATOR_NOT_ENTITLED', entitlement.reason);
}

/** Somebody who has injected, or nobody yet: null. */
export function operatorOnRecord(
  done: (Pick<GateVerdict, 'byId' | 'byName' | 'at'> & { readonly wasEntitled: boolean }) | null,
): GateVerdict {
  if (done === null) return operatorEntitled(null);
  const { wasEntitled, byId = null, byName, at } = done;
  const found = wasEntitled
    ? verdict(GateState.PASSED, 'OPERATOR_ENTITLED', 'Whoever injected was entitled to it.')
    : verdict(
        GateState.FAILED,
        'OPERATOR_WAS_NOT_ENTITLED',
        'Whoever injected was not entitled to it. Raise an incident, and tell the practitioner.',
      );
  return { ...found, byId, byName, at };
}
