// PS3.4 Annex K: where the worklist comes from is not the protocol's question. Somebody else answers it here.
import type { Peer } from '../association/index.js';
import type { Exchange } from '../dimse/index.js';
import type { WorklistIndex } from './worklist-index.js';
import type { WorklistItem } from './worklist-item.js';

/** The worklist at one moment, and what of it a peer may be shown. */
export interface WorklistView {
  readonly index: WorklistIndex;
  /** How to speak with the peer by now: its association may be older than its profile. */
  readonly peer: Peer;
  /** Asked of each item that matches, just before it is answered. */
  isShown(item: WorklistItem): boolean;
}

export interface WorklistPort {
  /**
   * The worklist as it was last seen, without asking anybody; null when it has not been seen. An answer that is made of it
   * is sent only when `current` gives **the same object**, which says that nothing of it has changed.
   */
  lastSeen?(peer: Peer): WorklistView | null;

  /**
   * The worklist as it is now: whatever was committed before the call is in it. Null: the peer may not ask any more, and
   * is told so. Rejects when that cannot be known; the
   * scanner is then told that the worklist could not be read, and never shown an old one. Stop when the signal is
   * aborted: nobody waits any more.
   */
  current(peer: Peer, waiting: Pick<Exchange, 'signal'>): Promise<WorklistView | null>;
}
