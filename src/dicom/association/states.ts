// PS3.8 §9.2: the association state machine, as far as one that never asks for an association can get.
// Pure: what a state makes of an event is a row of a table, and a pair without a row ends in an abort.

/** In the standard's numbering: Sta1, Sta2, Sta3, Sta6, Sta8, Sta13. */
export type State =
  | 'idle'
  | 'awaiting-request'
  | 'awaiting-decision'
  | 'established'
  | 'releasing'
  | 'awaiting-close';

/** What the transport and the peer do, and (from `accept` on) what we decide ourselves. */
export type Event =
  | 'transport-connected'
  | 'transport-closed'
  | 'artim-expired'
  | 'associate-rq'
  | 'associate-ac'
  | 'associate-rj'
  | 'p-data'
  | 'release-rq'
  | 'release-rp'
  | 'abort'
  | 'invalid-pdu'
  | 'accept'
  | 'reject'
  | 'release'
  | 'abort-request';

export type Action =
  | 'start-artim'
  | 'stop-artim'
  | 'decide'
  | 'send-accept'
  | 'send-reject'
  | 'deliver-data'
  | 'begin-release'
  | 'send-release-response'
  | 'send-abort'
  | 'end-operations'
  | 'close-transport';

export interface Step {
  readonly next: State;
  readonly actions: readonly Action[];
}

function to(next: State, ...actions: readonly Action[]): Step {
  return { next, actions };
}

/** AA-1 and AA-8: whatever nobody foresaw. */
const abort = to('awaiting-close', 'end-operations', 'send-abort', 'start-artim');
/** AA-2, AA-3: the peer has aborted or waited too long; there is nothing more to say. */
const close = to('idle', 'stop-artim', 'end-operations', 'close-transport');
/** AR-5, AA-4: the transport is gone. */
const gone = to('idle', 'stop-artim', 'end-operations');

/** Each row names its action in PS3.8 Table 9-10. */
export const table: Readonly<Record<State, Readonly<Partial<Record<Event, Step>>>>> = {
  idle: {
    'transport-connected': to('awaiting-request', 'start-artim'), // AE-5
    // A decision, a timer or a close that comes after the end of the connection changes nothing.
    'transport-closed': to('idle'),
    accept: to('idle'),
    reject: to('idle'),
    release: to('idle'),
    'artim-expired': to('idle'),
    'abort-request': to('idle'),
  },
  'awaiting-request': {
    'associate-rq': to('awaiting-decision', 'stop-artim', 'decide'), // AE-6
    abort: close, // AA-2
    'transport-closed': gone, // AA-5
    'artim-expired': close, // AA-2
  },
  'awaiting-decision': {
    accept: to('established', 'send-accept'), // AE-7
    reject: to('awaiting-close', 'send-reject', 'start-artim'), // AE-8
    abort: close, // AA-3
    'transport-closed': gone, // AA-4
  },
  established: {
    'p-data': to('established', 'deliver-data'), // DT-2
    'release-rq': to('releasing', 'end-operations', 'begin-release'), // AR-2
    abort: close, // AA-3
    'transport-closed': gone, // AA-4
  },
  releasing: {
    release: to('awaiting-close', 'send-release-response', 'start-artim'), // AR-4
    abort: close, // AA-3
    'transport-closed': gone, // AA-4
  },
  'awaiting-close': {
    'associate-ac': to('awaiting-close'), // AA-6
    'associate-rj': to('awaiting-close'), // AA-6
    'p-data': to('awaiting-close'), // AA-6
    'release-rq': to('awaiting-close'), // AA-6
    'release-rp': to('awaiting-close'), // AA-6
    abort: close, // AA-2
    'artim-expired': close, // AA-2
    'transport-closed': gone, // AR-5
    // Our own late decisions: the association they were about is already over.
    accept: to('awaiting-close'),
    reject: to('awaiting-close'),
    release: to('awaiting-close'),
    'abort-request': to('awaiting-close'),
  },
};

/** What to do about an event. A pair that the table does not list is answered with an A-ABORT. */
export function step(state: State, event: Event): Step {
  return table[state][event] ?? abort;
}
