import type { Clock } from '../../time/index.js';
import { CallerSource } from '../access.js';
import { JUDGED_FOR_MS } from './limits.js';

interface Remembered {
  readonly sinceMs: number;
  readonly holder: Promise<unknown>;
}

/**
 * Who holds a token, asked once for all streams that want to know it at the same time. What is remembered is as old
 * as the moment it was asked, not answered, and nothing is remembered of a question that failed.
 */
export class RememberedCallers extends CallerSource {
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    private readonly callers: CallerSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** How many tokens something is remembered of. */
  get size(): number {
    return this.#remembered.size;
  }

  holderOf(token: string): Promise<unknown> {
    const nowMs = this.clock.nowMs();
    this.#forgetBefore(nowMs);
    const known = this.#remembered.get(token);
    if (known !== undefined) return known.holder;
    const holder = this.callers.holderOf(token);
    const asked = { sinceMs: nowMs, holder };
    this.#remembered.set(token, asked);
    // Whoever asked hears of the failure; here it is only forgotten.
    holder.catch(() => {
      if (this.#remembered.get(token) === asked) this.#remembered.delete(token);
    });
    return holder;
  }

  /** The oldest come first. A clock that was put back makes everything old, rather than keep it for longer. */
  #forgetBefore(nowMs: number): void {
    for (const [token, { sinceMs }] of this.#remembered) {
      const ageMs = nowMs - sinceMs;
      if (ageMs >= 0 && ageMs < JUDGED_FOR_MS) return;
      this.#remembered.delete(token);
    }
  }
}
