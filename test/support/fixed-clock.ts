import { Clock, Temporal } from '../../src/platform/time/index.js';

/** A clock that stands still until a test moves it. */
export class FixedClock extends Clock {
  #now: Temporal.Instant;

  constructor(now: Temporal.Instant | string = '2026-03-02T09:00:00Z') {
    super();
    this.#now = Temporal.Instant.from(now);
  }

  override now(): Temporal.Instant {
    return this.#now;
  }

  /** Puts the clock to an instant, such as `2026-03-29T00:30:00Z`. */
  set(now: Temporal.Instant | string): void {
    this.#now = Temporal.Instant.from(now);
  }

  /** Moves the clock on by hours or less, such as `{ hours: 2 }`; days differ in length, so say hours. */
  advance(duration: Temporal.DurationLike): void {
    this.#now = this.#now.add(duration);
  }
}
