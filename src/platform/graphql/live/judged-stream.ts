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
  #isLeft = false;

  constructor(
    private readonly source: AsyncIterator<unknown>,
    private readonly judgement: Judgement,
  ) {}

  /**
   * Never settles once the reader has left: the protocol's package would take the end for that of a later subscription
   * of the same id, and end that one. Nobody waits for it any more.
   */
  async next(): Promise<IteratorResult<ExecutionResult>> {
    try {
      const result = await this.#read();
      if (!this.#isLeft) return result;
    } catch (error) {
      if (!this.#isLeft) throw error;
    }
    return new Promise<never>(() => undefined);
  }

  async #read(): Promise<IteratorResult<ExecutionResult>> {
    try {
      const event = await this.source.next();
      if (this.#refused === null && event.done !== true) {
        await this.judge();
        if (this.#refused === null) return { value: await this.judgement.answer(event.value), done: false };
      }
    } catch (error) {
      await this.#end();
      throw error;
    }
    await this.#end();
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

  /** The reader leaves. */
  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#isLeft = true;
    await this.#end();
    return { value: undefined, done: true };
  }

  async #end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.judgement.ended();
    await this.source.return?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
