import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Clock } from '../time/index.js';

/** New words are set once a year or so; a flood of refusals asks for them once in this time. */
const KEPT_MS = 60_000;
/** After words that could not be had: soon again, but a database in trouble is not asked by every refusal. */
const RETRY_MS = 5_000;
/** Nobody waits longer for the words: a refusal with plainer ones is better than one that comes late. */
const WAIT_MAX_MS = 1_000;

/** When a form has no words of its own, or they cannot be had. */
export const FIXED_ADVICE =
  'If you think that this may be an emergency, ring 999 or go to the nearest Accident and Emergency department (A&E) now.';

/**
 * What whoever is refused reads in any case: why we refused is no reason not to say where help is. Kept in memory; the
 * last words that were had hold for as long as no others can be had.
 */
export class StandingAdvice {
  readonly #log = new Logger('public forms');
  #known: string | null = null;
  #askAgainAtMs = 0;
  #asking: Promise<void> | null = null;

  constructor(
    private readonly ask: () => Promise<string | null>,
    private readonly clock: Clock,
    private readonly waitMaxMs = WAIT_MAX_MS,
  ) {}

  /** Never fails, and is never empty. */
  async words(): Promise<string> {
    if (this.#asking === null && this.clock.nowMs() >= this.#askAgainAtMs) {
      this.#asking = this.#askAnew().finally(() => {
        this.#asking = null;
      });
    }
    await this.#asking;
    return this.#known ?? FIXED_ADVICE;
  }

  async #askAnew(): Promise<void> {
    const done = new AbortController();
    try {
      const tooLate = sleep(this.waitMaxMs, null, { signal: done.signal }).then(() => {
        throw new Error('the emergency advice did not come in time');
      });
      const said = await Promise.race([this.ask(), tooLate]);
      this.#known = said === null || said.trim() === '' ? null : said;
      this.#askAgainAtMs = this.clock.nowMs() + KEPT_MS;
    } catch (error) {
      this.#log.error('the emergency advice could not be read', error);
      this.#askAgainAtMs = this.clock.nowMs() + RETRY_MS;
    } finally {
      done.abort();
    }
  }
}
