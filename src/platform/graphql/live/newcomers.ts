import { NEWCOMERS_MAX, NEWCOMERS_PER_ADDRESS_MAX } from './limits.js';
import { SessionCounts } from './session-counts.js';

/** Connections that have not said yet who is there: anybody can open one, so few are taken at once. */
export class Newcomers {
  #count = 0;
  readonly #ofAddress: SessionCounts;

  /** Behind a proxy every client has the proxy's address: then only their sum is limited. */
  constructor(isBehindProxy: boolean) {
    this.#ofAddress = new SessionCounts(isBehindProxy ? NEWCOMERS_MAX : NEWCOMERS_PER_ADDRESS_MAX);
  }

  /** What gives the place back, however often it is called; null when there is none. */
  take(address: string): (() => void) | null {
    if (this.#count >= NEWCOMERS_MAX || !this.#ofAddress.take(address)) return null;
    this.#count += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#count -= 1;
      this.#ofAddress.giveBack(address);
    };
  }
}
