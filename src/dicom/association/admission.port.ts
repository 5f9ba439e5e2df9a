// PS3.8 §7.1.1: who may have an association is not the protocol's question. Somebody else answers it here.
import type { ResponseCharacterSet } from '../dataset/index.js';

/** A peer that was let in, and how to speak with it. */
export interface Peer {
  /** The caller's own name for it; comes back in every event and query. */
  readonly id: string;
  /** Specific Character Set of answers that are not plain ASCII. */
  readonly responseCharacterSet: ResponseCharacterSet;
  /** Station AE title to match by when a worklist query names none; absent: such a query matches every station. */
  readonly defaultStationAETitle?: string;
  /** Largest number of worklist answers to one query. One more match ends it with A700 (out of resources). */
  readonly maxAnswers: number;
}

/** `local-limit-exceeded` and `temporary-congestion` are transient: the peer may try again. */
export type RejectionReason =
  | 'calling-ae-title-not-recognised'
  | 'called-ae-title-not-recognised'
  | 'application-context-not-supported'
  | 'protocol-version-not-supported'
  | 'no-reason-given'
  | 'temporary-congestion'
  | 'local-limit-exceeded';

export interface AdmissionRequest {
  /** Printable ASCII without backslash, 1 to 16 characters, spaces around it removed. */
  readonly callingAETitle: string;
  readonly calledAETitle: string;
  /** The IP address of the socket's other end. */
  readonly remoteAddress: string;
}

export type AdmissionDecision =
  | { readonly accepted: true; readonly peer: Peer }
  | { readonly accepted: false; readonly reason: RejectionReason };

export interface AssociationAdmission {
  admit(request: AdmissionRequest): Promise<AdmissionDecision>;
}
