import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';

/**
 * Where the time comes from. Everything that needs "now" asks for this token, so that a test can say what
 * time it is (`FixedClock` in test/support) and no rule depends on the machine it runs on.
 */
export abstract class Clock {
  abstract now(): Temporal.Instant;

  /** The same as milliseconds since 1970, for what is asked thousands of times a second. */
  nowMs(): number {
    return this.now().epochMilliseconds;
  }
}

/** The time of this machine, to the millisecond: what PostgreSQL and JavaScript both keep. */
@Injectable()
export class SystemClock extends Clock {
  override now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.nowMs());
  }

  override nowMs(): number {
    return Date.now();
  }
}
