import { Logger } from '@nestjs/common';
import type { Database } from '../../platform/database/database.service.js';
import { type Clock, spanOfDay, Temporal } from '../../platform/time/index.js';
import { HOLDS_TO_END } from './live-day.queries.js';

/** Changes come in bursts: one look stands for all of so long. */
const LOOK_AFTER_MS = 200;
/** After a failure. */
const LOOK_AGAIN_MS = 5_000;
/** However far off the next end is: a clock that is set forward is noticed, and no timer is longer than Node can count. */
const LOOK_AT_LEAST_EVERY_MS = 3_600_000;
/** Holds that are read at once; more that end together than that, and whole days are looked at again. */
const HOLDS_READ_MAX = 200;

/** A hold that is over without anybody having done anything. */
export interface EndedHold {
  readonly visitId: string;
  /** Of the visit as it was held: that it is over is no version of its own. */
  readonly version: number;
  readonly siteCode: string;
  readonly startsAt: Temporal.Instant;
}

interface HoldRow {
  readonly id: string;
  readonly version: number;
  readonly siteCode: string;
  readonly startsAtMs: number;
  readonly heldUntilMs: number;
}

interface Asker {
  /** Local days that somebody looks at now. */
  readonly days: () => readonly string[];
  readonly ended: (hold: EndedHold) => void;
  /** Too many to name. */
  readonly manyEnded: () => void;
}

/**
 * Nothing is written when a hold ends by itself, so nobody is told by the database. One timer in each process waits for the next
 * end on a day that somebody there looks at; a new hold, or one that was confirmed, is heard of as every change is.
 */
export class HoldEnds {
  readonly #log = new Logger('live-day');
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Number.POSITIVE_INFINITY;
  #since: Temporal.Instant | null = null;
  #looking: Promise<void> | null = null;
  #isAsked = false;
  #isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeZone: string,
    private readonly asker: Asker,
  ) {}

  /** Something on a day that is looked at may be held now, or is so no more; or somebody looks at another day. */
  look(): void {
    this.#since ??= this.clock.now();
    this.#lookIn(LOOK_AFTER_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Or sooner, when it is to look sooner already. */
  #lookIn(waitMs: number): void {
    const dueMs = this.clock.nowMs() + waitMs;
    if (this.#isClosed || (this.#timer !== null && this.#dueMs <= dueMs)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => this.#begin(), waitMs);
    this.#timer.unref();
  }

  #begin(): void {
    this.#timer = null;
    if (this.#looking !== null) {
      this.#isAsked = true;
      return;
    }
    this.#looking = this.#lookNow()
      .catch((error: unknown) => {
        this.#log.warn(`ends of holds were not read: ${error instanceof Error ? error.name : 'unknown'}`);
        this.#lookIn(LOOK_AGAIN_MS);
      })
      .finally(() => {
        this.#looking = null;
        if (this.#isAsked) this.#lookIn(LOOK_AFTER_MS);
        this.#isAsked = false;
      });
  }

  async #lookNow(): Promise<void> {
    const spans = this.asker.days().map((day) => spanOfDay(Temporal.PlainDate.from(day), this.timeZone));
    if (spans.length === 0 || this.#since === null) {
      this.#since = null;
      return;
    }
    const rows = await this.database.client.$queryRawUnsafe<readonly HoldRow[]>(
      HOLDS_TO_END,
      spans.map(({ start }) => start.toString()),
      spans.map(({ end }) => end.toString()),
      this.#since.toString(),
      HOLDS_READ_MAX,
    );
    const now = this.clock.now();
    const ended = rows.filter(({ heldUntilMs }) => heldUntilMs <= now.epochMilliseconds);
    this.#since = now;
    if (ended.length === HOLDS_READ_MAX) this.asker.manyEnded();
    else for (const row of ended) this.asker.ended(toEnded(row));
    const next = rows[ended.length];
    const waitMs = next === undefined ? LOOK_AT_LEAST_EVERY_MS : next.heldUntilMs - this.clock.nowMs();
    this.#lookIn(Math.min(Math.max(waitMs, 1), LOOK_AT_LEAST_EVERY_MS));
  }
}

function toEnded({ id, version, siteCode, startsAtMs }: HoldRow): EndedHold {
  return { visitId: id, version, siteCode, startsAt: Temporal.Instant.fromEpochMilliseconds(startsAtMs) };
}
