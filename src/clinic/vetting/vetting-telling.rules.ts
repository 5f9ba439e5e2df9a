import { TellingMethod } from '../../platform/database/generated/enums.js';

/** What a person says of how the referrer is told. */
export interface AskedTelling {
  readonly method: TellingMethod;
  /** Null: the reason itself. */
  readonly words: string | null;
  /** For this alone; null: the known one. */
  readonly email: string | null;
}

/** Who there is to be told. */
export interface ToldReferrer {
  /** Named on the referral, and not a member of staff who refers. */
  readonly isOutside: boolean;
  readonly email: string | null;
}

export interface TellingPlan {
  readonly method: TellingMethod;
  readonly words: string;
  readonly email: string | null;
}

/** Whether a letter has to be written, or it was said already. */
export function isWritten(method: TellingMethod): boolean {
  return method === TellingMethod.EMAIL || method === TellingMethod.LETTER;
}

/** What is wrong with what is said of the telling; null when nothing is. */
export function tellingProblem(asked: AskedTelling | null, referrer: ToldReferrer): string | null {
  if (asked === null) return null;
  if (!isWritten(asked.method)) return null;
  if (!referrer.isOutside) {
    return 'tell: nobody outside is named as the referrer; say how they were told by TELEPHONE or IN_PERSON.';
  }
  return asked.method === TellingMethod.EMAIL && asked.email === null && referrer.email === null
    ? 'tell: no e-mail address of the referrer is known; say one, or choose another method.'
    : null;
}

/** How the referrer is told; null: there is nobody outside to be told, and nobody says otherwise. */
export function plannedTelling(
  asked: AskedTelling | null,
  referrer: ToldReferrer,
  reason: string,
): TellingPlan | null {
  if (asked !== null) return { ...asked, words: asked.words ?? reason };
  if (!referrer.isOutside) return null;
  const method = referrer.email === null ? TellingMethod.LETTER : TellingMethod.EMAIL;
  return { method, words: reason, email: null };
}
