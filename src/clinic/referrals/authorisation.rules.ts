/** What an insurer has agreed to, as far as it says whether it holds. Local days, both included. */
export interface AuthorisationTerm {
  readonly validFrom: string;
  readonly validUntil: string;
}

/** Whether it holds on a day. How many sessions are left is not counted here. */
export function isInForce({ validFrom, validUntil }: AuthorisationTerm, day: string): boolean {
  return validFrom <= day && day <= validUntil;
}

/** What is wrong with the days of an authorisation; null when nothing is. */
export function termProblem({ validFrom, validUntil }: AuthorisationTerm): string | null {
  return validUntil < validFrom ? 'validUntil: must not be before validFrom.' : null;
}

/** Codes as the insurer wrote them, each once, without outer blanks. */
export function readProcedureCodes(typed: readonly string[]): readonly string[] {
  const codes = typed.map((code) => code.normalize('NFKC').trim()).filter((code) => code !== '');
  return [...new Set(codes)];
}
