// PS3.7 Annex C and PS3.4 §C.4.1.1.4, §K.4.1.1.4: what a response says about its operation.

export const statuses = {
  success: 0x0000,
  /** An answer follows; every optional key was supported. */
  pending: 0xff00,
  /** An answer follows; an optional key was not supported for matching. */
  pendingWithUnsupportedKeys: 0xff01,
  cancelled: 0xfe00,
  sopClassNotSupported: 0x0122,
  unrecognisedOperation: 0x0211,
  outOfResources: 0xa700,
  identifierDoesNotMatchSOPClass: 0xa900,
  unableToProcess: 0xc000,
} as const;

export type Status = (typeof statuses)[keyof typeof statuses];
