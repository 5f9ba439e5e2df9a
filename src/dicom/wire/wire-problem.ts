// PS3.8 §9.3.8: why a provider aborts.

/** Reason / Diag. of an A-ABORT whose source is the service provider (PS3.8 Table 9-26). */
export const abortReasons = {
  'not-specified': 0,
  'unrecognised-pdu': 1,
  'unexpected-pdu': 2,
  'unrecognised-parameter': 4,
  'unexpected-parameter': 5,
  'invalid-parameter': 6,
} as const;

export type AbortReason = keyof typeof abortReasons;

/** The peer sent bytes that are no PDU, or a PDU that breaks the protocol. The association ends with an A-ABORT. */
export class WireProblem extends Error {
  override readonly name = 'WireProblem';

  constructor(
    readonly abortReason: AbortReason,
    message: string,
  ) {
    super(message);
  }
}
