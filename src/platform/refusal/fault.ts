/** The closed set of codes that a caller may find in `errors[].extensions.code`. */
export const FAULT_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_INPUT',
  'TRY_AGAIN',
  'INTERNAL',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** Something unexpected, or something a caller may not do. Thrown; its message is safe to show. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly code: FaultCode,
    message: string,
  ) {
    super(message);
  }
}

/** One sentence for "does not exist" and "not yours", so that the answer tells nobody which of the two it is. */
export function notFound(noun: string): Fault {
  return new Fault('NOT_FOUND', `There is no such ${noun}, or you may not see it.`);
}

export function badInput(message: string): Fault {
  return new Fault('BAD_INPUT', message);
}
