import { networkOf } from '../../http/token-buckets.js';
import { NEWCOMERS_MAX, NEWCOMERS_PER_ADDRESS_MAX } from './limits.js';
import { SessionCounts } from './session-counts.js';

/**
 * Connections that have not said yet who is there: anybody can open one, so few are taken at once, and fewer of one network,
 * which is what one caller has: an IPv4 address, or 64 bits of an IPv6 one.
 */
export class Newcomers {
  #count = 0;
  readonly #ofNetwork = new SessionCounts(NEWCOMERS_PER_ADDRESS_MAX);

  /** What gives the place back, however often it is called; null when there is none. */
  take(address: string): (() => void) | null {
    const network = networkOf(address);
    if (this.#count >= NEWCOMERS_MAX || !this.#ofNetwork.take(network)) return null;
    this.#count += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#count -= 1;
      this.#ofNetwork.giveBack(network);
    };
  }
}
