// PS3.8 §9.3: the seven protocol data units, as values.

export interface PresentationContextProposal {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** Result / Reason of a presentation context (PS3.8 Table 9-18). */
export const contextResults = {
  accepted: 0,
  'user-rejection': 1,
  'no-reason': 2,
  'abstract-syntax-not-supported': 3,
  'transfer-syntaxes-not-supported': 4,
} as const;

export type ContextResult = keyof typeof contextResults;

export interface PresentationContextAnswer {
  readonly id: number;
  readonly result: ContextResult;
  /** The one chosen; of no meaning when not accepted. */
  readonly transferSyntax: string;
}

export interface ExtendedNegotiation {
  readonly sopClass: string;
  readonly applicationInformation: Uint8Array;
}

/** PS3.7 Annex D.3.3: what the applications tell each other about themselves. */
export interface UserInformation {
  /** Longest P-DATA-TF the sender is ready to receive; 0 is unlimited. Null when the item is missing. */
  readonly pduBytesMax: number | null;
  readonly implementationClassUID: string;
  readonly implementationVersionName: string;
  readonly asynchronousOperations: { readonly invoked: number; readonly performed: number } | null;
  readonly extendedNegotiations: readonly ExtendedNegotiation[];
}

export interface AssociateRequest {
  readonly type: 'associate-rq';
  readonly protocolVersion: number;
  /** As sent, without the padding spaces. May hold any character: check before use. */
  readonly calledAETitle: string;
  readonly callingAETitle: string;
  readonly applicationContext: string;
  readonly presentationContexts: readonly PresentationContextProposal[];
  readonly userInformation: UserInformation;
}

export interface AssociateAccept {
  readonly type: 'associate-ac';
  readonly calledAETitle: string;
  readonly callingAETitle: string;
  readonly applicationContext: string;
  readonly presentationContexts: readonly PresentationContextAnswer[];
  readonly userInformation: UserInformation;
}

/** The three numbers of PS3.8 Table 9-21. */
export interface AssociateReject {
  readonly type: 'associate-rj';
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

/** PS3.8 Annex E: a piece of a message, with its control header. */
export interface PresentationDataValue {
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly isLast: boolean;
  readonly fragment: Buffer;
}

export interface PresentationData {
  readonly type: 'p-data';
  readonly values: readonly PresentationDataValue[];
}

export interface Release {
  readonly type: 'release-rq' | 'release-rp';
}

export interface Abort {
  readonly type: 'abort';
  /** 0 service user, 2 service provider. */
  readonly source: number;
  readonly reason: number;
}

/** What a peer that asks for an association may send us, and what of it an acceptor never expects. */
export type IncomingPdu =
  | AssociateRequest
  | { readonly type: 'associate-ac' | 'associate-rj' }
  | PresentationData
  | Release
  | Abort;

export type OutgoingPdu = AssociateAccept | AssociateReject | Release | Abort;

/** PS3.8 Table 9-11 and following: the first byte. */
export const pduTypes = {
  'associate-rq': 0x01,
  'associate-ac': 0x02,
  'associate-rj': 0x03,
  'p-data': 0x04,
  'release-rq': 0x05,
  'release-rp': 0x06,
  abort: 0x07,
} as const;

/** Type, a reserved byte and the 32-bit length. */
export const pduHeaderBytes = 6;
/** Item length, context id and message control header before the fragment of a PDV (PS3.8 §9.3.5.1). */
export const pdvHeaderBytes = 6;
/** PS3.8 §9.3.2: the first bit; a request that lacks it speaks another protocol version. */
export const protocolVersion = 0x0001;
