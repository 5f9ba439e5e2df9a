// PS3.7 §7.5: one operation, as its performer sees it.
import type { TransferSyntax } from '../dataset/index.js';
import type { Request, Response } from './commands.js';

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
  /** Aborted at the first interruption, so that work for nobody can stop. */
  readonly signal: AbortSignal;
  /** The first interruption, or null. */
  interruption(): Interruption | null;
  /** Sends a response. Resolves once the connection can take more; rejects when the association has ended. */
  respond(response: Omit<Response, 'request'>): Promise<void>;
}
