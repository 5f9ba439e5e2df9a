import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Temporal } from '../../src/platform/time/index.js';
import type { Settings } from './facet.js';

const PRELOADED = pathToFileURL(join(import.meta.dirname, 'moved-clock.mjs')).href;
/** By then the service has looked at its clock again (moved-clock.mjs). */
const SEEN_AFTER_MS = 50;

/** The clock of a built service, which a test moves forward while it runs: hours and months pass in a moment. */
export class MovedClock {
  readonly #file: string;
  #movedMs = 0;

  /** The folder is the service's own: its clock ends with it. */
  constructor(home: string) {
    this.#file = join(home, 'moved-clock');
    this.#write(0);
  }

  /** What the service is started with. */
  get settings(): Settings {
    return { NODE_OPTIONS: `--import=${PRELOADED}`, MOVED_CLOCK_FILE: this.#file };
  }

  /** What the service's clock says. */
  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(Date.now() + this.#movedMs);
  }

  /** Time only ever goes forward: a moment that is over changes nothing. */
  async goTo(moment: Temporal.Instant | string): Promise<void> {
    const aheadMs = Temporal.Instant.from(moment).epochMilliseconds - this.now().epochMilliseconds;
    if (aheadMs <= 0) return;
    this.#write(this.#movedMs + aheadMs);
    await pause(SEEN_AFTER_MS);
  }

  pass(duration: Temporal.DurationLike): Promise<void> {
    return this.goTo(this.now().add(duration));
  }

  #write(movedMs: number): void {
    this.#movedMs = movedMs;
    // In one step: the service never reads half of it.
    writeFileSync(`${this.#file}.next`, String(movedMs));
    renameSync(`${this.#file}.next`, this.#file);
  }
}
