import { ConsentConfirmation, ConsentPurpose } from '../../platform/database/generated/enums.js';
import { ConsentKind } from './consent.refusals.js';
import { kindOf } from './consent.rules.js';
import type { DatedPolicy } from './consent-policy.rules.js';

/** What is to be asked from a day on; of any procedure, the code is empty. */
export type PolicyEntry = Omit<DatedPolicy, 'effectiveFrom' | 'procedureCode'> & {
  readonly purpose: ConsentPurpose;
  readonly procedureCode: string;
};

/** What does not go together in new rules; null when everything does. */
export function policyProblem(entry: PolicyEntry): string | null {
  const isProcedure = entry.purpose === ConsentPurpose.PROCEDURE;
  if (entry.procedureCode !== '' && !isProcedure) return 'procedureCode: is said of a procedure only.';
  if (entry.validFor !== null && entry.validForUnit === null) return 'validForUnit: say days or months.';
  if (entry.validFor === null && entry.validForUnit !== null) return 'validFor: say how many.';
  const isAfterDays = entry.confirmation === ConsentConfirmation.AFTER_DAYS;
  if (isAfterDays && entry.confirmAfterDays === null) return 'confirmAfterDays: say after how many.';
  if (!isAfterDays && entry.confirmAfterDays !== null)
    return 'confirmAfterDays: is said with AFTER_DAYS only.';
  if (isProcedure && !entry.needsDiscussion) {
    return 'needsDiscussion: a procedure is always discussed: this cannot be switched off.';
  }
  if (kindOf(entry.purpose) === ConsentKind.CLINICAL) return null;
  if (entry.confirmation !== ConsentConfirmation.NOT_NEEDED) {
    return 'confirmation: only clinical consent is confirmed.';
  }
  return entry.needsDiscussion ? 'needsDiscussion: only clinical consent is discussed.' : null;
}
