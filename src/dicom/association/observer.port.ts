// PS3.15 §A.5 asks that security-relevant events can be recorded. The protocol tells; somebody else writes it down.
import type { DataSet } from '../dataset/index.js';
import type { ContextResult } from '../wire/index.js';
import type { RejectionReason } from './admission.port.js';

/** Who a connection is with. AE titles are empty until an A-ASSOCIATE-RQ was read; unprintable bytes become `?`. */
export interface AssociationFacts {
  /** Counts up from 1 in each server. */
  readonly associationId: number;
  readonly remoteAddress: string;
  readonly callingAETitle: string;
  readonly calledAETitle: string;
  /** Through TLS. */
  readonly secured: boolean;
}

/** How a worklist query used one key. Values are given only where they are not about a patient. */
export interface KeyFact {
  /** `ScheduledProcedureStepSequence.Modality` */
  readonly keyword: string;
  readonly matching: 'universal' | 'single' | 'list' | 'wildcard' | 'range' | 'sequence' | 'unsupported';
  /** Only for station AE title, modality, start date and start time. */
  readonly values: readonly string[] | null;
}

interface About {
  readonly association: AssociationFacts;
}

/** What became of one message about a performed step. Nothing of these is about a patient. */
interface StepFacts {
  readonly peerId: string;
  /** `''` when the scanner sent none, or none that is a UID. */
  readonly sopInstanceUID: string;
  /** DIMSE status of the answer: 0x0000 only when the step is kept. Null when the association ended before it. */
  readonly status: number | null;
  /** The Performed Procedure Step Status in the message; null when it has none, or none that DICOM knows. */
  readonly stepStatus: 'IN PROGRESS' | 'COMPLETED' | 'DISCONTINUED' | null;
  /** What was wrong, as attribute and rule, without values; null when nothing was. */
  readonly problem: string | null;
}

export type DicomEvent =
  | (About & {
      readonly type: 'association-accepted';
      readonly peerId: string;
      readonly peerPduBytesMax: number;
      readonly implementationClassUID: string;
      readonly implementationVersionName: string;
      readonly contexts: readonly {
        readonly abstractSyntax: string;
        readonly result: ContextResult;
        /** The one chosen; of no meaning when the context was not accepted. */
        readonly transferSyntax: string;
      }[];
    })
  | (About & {
      readonly type: 'association-rejected';
      readonly reason: RejectionReason;
      /** What the protocol's reason does not say; null when it says it all. */
      readonly explanation: string | null;
    })
  | (About & { readonly type: 'association-released' })
  | (About & { readonly type: 'association-aborted'; readonly by: 'peer' | 'us'; readonly reason: string })
  | (About & { readonly type: 'connection-closed'; readonly wasEstablished: boolean })
  | {
      readonly type: 'connection-refused';
      readonly remoteAddress: string;
      readonly reason: 'too-many-connections';
    }
  /** A handshake on the TLS port came to nothing; the connection is closed. */
  | {
      readonly type: 'tls-failed';
      readonly remoteAddress: string;
      /** One of Node's or OpenSSL's (`ERR_SSL_HTTP_REQUEST`), or `HANDSHAKE_TIMEOUT`, or `CLOSED` (by the peer). */
      readonly code: string;
    }
  | (About & { readonly type: 'echo-answered'; readonly peerId: string })
  | (About & {
      readonly type: 'find-answered';
      readonly peerId: string;
      /**
       * DIMSE status of the last response: 0x0000 success, 0xFE00 cancelled, 0xA7xx, 0xA900, 0xCxxx. Null when the
       * association ended before it could be sent; the answers before it may have been read all the same.
       */
      readonly status: number | null;
      readonly answerCount: number;
      /** Scheduled Procedure Step IDs of the answers, in order: who was shown to whom. */
      readonly answeredStepIds: readonly string[];
      /** What was searched by; null when it could not be understood. Holds what the scanner asked about patients. */
      readonly identifier: DataSet | null;
      /** What of the matching was negotiated and took effect. */
      readonly negotiated: { readonly fuzzyNames: boolean; readonly otherClock: boolean };
      readonly keys: readonly KeyFact[];
      /** What was wrong with the identifier, without its values; null when nothing was. */
      readonly problem: string | null;
    })
  /** A scanner said that it has begun a step; the status says whether that was taken. */
  | (About & StepFacts & { readonly type: 'step-created' })
  /** A scanner said how a step goes on or has ended; the status says whether that was taken. */
  | (About & StepFacts & { readonly type: 'step-changed' })
  /** A step was asked for. */
  | (About & Omit<StepFacts, 'stepStatus'> & { readonly type: 'step-read' })
  | (About & {
      readonly type: 'answer-incomplete';
      readonly peerId: string;
      readonly missing: readonly string[];
    })
  | (About & {
      readonly type: 'operation-refused';
      readonly peerId: string;
      readonly commandField: number;
      readonly status: number;
    })
  /** The peer broke the protocol; an abort follows. The text holds nothing that the peer sent. */
  | (About & { readonly type: 'protocol-error'; readonly problem: string })
  /** A port or the library itself threw. */
  | (About & { readonly type: 'fault'; readonly error: unknown })
  /** The operating system could not hand over a connection; the listener goes on. */
  | { readonly type: 'listener-fault'; readonly error: unknown };

export type DicomObserver = (event: DicomEvent) => void;
