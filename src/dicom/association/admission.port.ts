// PS3.8 §7.1.1: who may have an association is not the protocol's question. Somebody else answers it here.
import type { CharacterSet } from '../dataset/index.js';

/** A peer that was let in, and how to speak with it. */
export interface Peer {
  /** The caller's own name for it; comes back in every event and query. */
  readonly id: string;
  /** Specific Character Set of answers that are not plain ASCII. */
  readonly responseCharacterSet: CharacterSet;
  /** Station AE title to match by when a worklist query names none; absent: such a query matches every station. */
  readonly defaultStationAETitle?: string;
  /** Answers hold every attribute of types 1 and 2, if only empty, whether or not it was asked for. */
  readonly sendsEveryType2?: boolean;
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

/** What was seen of a peer's certificate (PS3.15 B.12). Nothing of it was a reason to refuse the handshake. */
export interface PeerCertificate {
  /** SHA-256 of the certificate: 32 pairs of capital hexadecimal digits with colons between them. */
  readonly fingerprintSha256: string;
  /** The distinguished name of its subject, as Node writes it on one line: `C=GB, O=Clinic, CN=spect1`. */
  readonly subject: string;
  /** Issued, with a chain that holds today, by an authority that we were given. Without authorities: false. */
  readonly isTrusted: boolean;
}

/** How the peer reached us. */
export interface Transport {
  /** Through TLS. */
  readonly secured: boolean;
  /** Null when the peer showed none: always on the plain port. */
  readonly certificate: PeerCertificate | null;
}

export interface AdmissionRequest {
  /** Printable ASCII without backslash, 1 to 16 characters, spaces around it removed. */
  readonly callingAETitle: string;
  readonly calledAETitle: string;
  /** The IP address of the socket's other end. */
  readonly remoteAddress: string;
  readonly transport: Transport;
}

export type AdmissionDecision =
  | { readonly accepted: true; readonly peer: Peer }
  | {
      readonly accepted: false;
      readonly reason: RejectionReason;
      /** For logs and the audit trail, where the protocol's reasons are too few. English, nothing about patients. */
      readonly explanation?: string;
    };

export interface AssociationAdmission {
  admit(request: AdmissionRequest): Promise<AdmissionDecision>;
}
