// PS3.7 §7.5: one operation, as its performer sees it.
import type { TransferSyntax } from '../dataset/index.js';
import type { Request, Response } from './commands.js';
import type { Status } from './status.js';

/** Given instead of a data set: nothing yet, and others have waited long enough. */
export const othersFirst = Symbol('others first');

/** Why an operation should stop: C-CANCEL, no association any more, or nothing was sent for too long. */
export type Interruption = 'cancelled' | 'association-ended' | 'overdue';

/** What a service needs to answer one request, whatever carries the bytes. */
export interface Exchange {
  readonly request: Request;
  /** The encoded data set of the request; null when it had none. */
  readonly dataSetBytes: Buffer | null;
  /** The SOP class that the presentation context was accepted for. */
  readonly abstractSyntax: string;
  readonly transferSyntax: TransferSyntax;
  /** What we answered to the SOP class extended negotiation (PS3.7 §D.3.3.5); null when there was none. */
  readonly extendedNegotiation: Uint8Array | null;
  /** Aborted at the first interruption, so that work for nobody can stop. */
  readonly signal: AbortSignal;
  /** Calls back at the first interruption, at once when it has been. Returns how to stop listening. */
  onInterruption(listener: () => void): () => void;
  /** The first interruption, or null. */
  interruption(): Interruption | null;
  /** Sends a response. Resolves once the connection can take more; rejects when the association has ended. */
  respond(response: Omit<Response, 'request'>): Promise<void>;
  /**
   * Sends a response of this status for each encoded data set that `next` gives, until it gives null or something
   * interrupts. Many go out in one write; between writes others have their turn. Rejects when the association has ended.
   */
  respondEach(status: Status, next: () => Buffer | typeof othersFirst | null): Promise<void>;
  /**
   * The bytes of a response of this status for each of a few encoded data sets, and of the final response. Nothing is
   * sent: that is done by {@link respondEncoded}, or not at all.
   */
  encodeAll(status: Status, dataSets: readonly Buffer[], final: Omit<Response, 'request'>): Buffer;
  /** Sends what {@link encodeAll} gave, in one write; otherwise as {@link respond}. */
  respondEncoded(bytes: Buffer): Promise<void>;
}
