import type { ExecutionResult } from 'graphql';

export interface Judgement {
  /** Whether the reader may still read: null, or what to end the stream with. Throws when it cannot be found out. */
  readonly judge: () => Promise<Error | null>;
  /** An event as the reader asked for it. */
  readonly answer: (event: unknown) => Promise<ExecutionResult>;
  /** Called once, however it ended. */
  readonly ended: () => void;
}

/** The answers of one subscription. Whoever may not read any more gets an error instead of the next event. */
export class JudgedStream implements AsyncIterableIterator<ExecutionResult> {
  #refused: Error | null = null;
  #isEnded = false;

  constructor(
    private readonly source: AsyncIterator<unknown>,
    private readonly judgement: Judgement,
  ) {}

  async next(): Promise<IteratorResult<ExecutionResult>> {
    try {
      const event = await this.source.next();
      if (this.#refused === null && event.done !== true) {
        await this.judge();
        if (this.#refused === null) return { value: await this.judgement.answer(event.value), done: false };
      }
    } catch (error) {
      await this.return();
      throw error;
    }
    await this.return();
    if (this.#refused !== null) throw this.#refused;
    return { value: undefined, done: true };
  }

  /** Ends the stream with an error when the reader may not read any more. */
  async judge(): Promise<void> {
    if (this.#isEnded || this.#refused !== null) return;
    this.#refused = await this.judgement.judge();
    // Whoever waits for the next event learns at once that there is none.
    if (this.#refused !== null) await this.source.return?.();
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      this.judgement.ended();
      await this.source.return?.();
    }
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
