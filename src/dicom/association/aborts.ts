// PS3.8 §7.3, §7.4 and Table 9-26: why we end an association, and what the A-ABORT says about it.
import { DimseProblem } from '../dimse/index.js';
import { type AbortReason, WireProblem } from '../wire/index.js';

export interface AbortCause {
  /** 0 the service user (with reason 0), 2 the service provider. */
  readonly source: 0 | 2;
  readonly reason: AbortReason;
  /** For logs; holds nothing that the peer sent. */
  readonly text: string;
}

function byUser(text: string): AbortCause {
  return { source: 0, reason: 'not-specified', text };
}

export const abortCauses = {
  unexpectedPdu: { source: 2, reason: 'unexpected-pdu', text: 'unexpected PDU' },
  internalFault: { source: 2, reason: 'not-specified', text: 'internal fault' },
  shuttingDown: byUser('shutting down'),
  messageTooSlow: byUser('message not completed in time'),
  idleTooLong: byUser('idle for too long'),
} as const satisfies Readonly<Record<string, AbortCause>>;

/** The cause that an error of the layers below stands for; null when it is a fault of our own. */
export function findAbortCause(error: unknown): AbortCause | null {
  if (error instanceof WireProblem) return { source: 2, reason: error.abortReason, text: error.message };
  if (error instanceof DimseProblem) return byUser(error.message);
  return null;
}
