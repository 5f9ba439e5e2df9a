// PS3.7 Annex C, PS3.4 §C.4.1.1.4, §K.4.1.1.4 and §F.7.2: what a response says about its operation.

export const statuses = {
  success: 0x0000,
  /** An answer follows; every optional key was supported. */
  pending: 0xff00,
  /** An answer follows; an optional key was not supported for matching. */
  pendingWithUnsupportedKeys: 0xff01,
  cancelled: 0xfe00,
  noSuchAttribute: 0x0105,
  invalidAttributeValue: 0x0106,
  /** A warning: some of the attributes asked for are not known; the others are answered. */
  attributeListError: 0x0107,
  processingFailure: 0x0110,
  duplicateSOPInstance: 0x0111,
  noSuchSOPInstance: 0x0112,
  /** A warning: the value was out of range, and the operation was done all the same. */
  attributeValueOutOfRange: 0x0116,
  /** The SOP instance UID breaks the rules for UIDs. */
  invalidSOPInstance: 0x0117,
  noSuchSOPClass: 0x0118,
  missingAttribute: 0x0120,
  missingAttributeValue: 0x0121,
  sopClassNotSupported: 0x0122,
  notAuthorised: 0x0124,
  duplicateInvocation: 0x0210,
  unrecognisedOperation: 0x0211,
  mistypedArgument: 0x0212,
  resourceLimitation: 0x0213,
  outOfResources: 0xa700,
  identifierDoesNotMatchSOPClass: 0xa900,
  unableToProcess: 0xc000,
} as const;

export type Status = (typeof statuses)[keyof typeof statuses];
