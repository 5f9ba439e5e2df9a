import { PENDING_EVENTS_MAX } from './limits.js';

export interface LiveStreamOptions<Event> {
  /** Of two events about one thing only the later is sent, when neither has been sent yet. */
  readonly keyOf: (event: Event) => string;
  /** Stands for everything that waits, when too much does. */
  readonly lookAgain: () => Event;
  /** Called once, when nobody reads any more. */
  readonly ended: () => void;
}

/**
 * Events for one reader, who takes the next when the last has been sent: what comes meanwhile waits here, each thing
 * once, and never more of them than a limit, however slow the reader is.
 */
export class LiveStream<Event> implements AsyncIterableIterator<Event> {
  readonly #pending = new Map<string, Event>();
  #waiting: ((result: IteratorResult<Event>) => void) | null = null;
  /** Everything is said by one "look again", which has not been sent yet. */
  #overflown = false;
  #isEnded = false;

  constructor(private readonly options: LiveStreamOptions<Event>) {}

  /** How many events wait to be sent. */
  get pending(): number {
    return this.#pending.size;
  }

  push(event: Event): void {
    if (this.#isEnded || this.#overflown) return;
    const waiting = this.#waiting;
    if (waiting !== null) {
      this.#waiting = null;
      waiting({ value: event, done: false });
      return;
    }
    const key = this.options.keyOf(event);
    this.#pending.delete(key);
    this.#pending.set(key, event);
    if (this.#pending.size <= PENDING_EVENTS_MAX) return;
    this.#pending.clear();
    this.#pending.set('', this.options.lookAgain());
    this.#overflown = true;
  }

  next(): Promise<IteratorResult<Event>> {
    const [first] = this.#pending;
    if (first !== undefined) {
      const [key, value] = first;
      this.#pending.delete(key);
      this.#overflown = false;
      return Promise.resolve({ value, done: false });
    }
    if (this.#isEnded) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<Event>> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      this.#pending.clear();
      this.options.ended();
    }
    this.#waiting?.({ value: undefined, done: true });
    this.#waiting = null;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
