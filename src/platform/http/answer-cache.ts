/** An answer and until when it is given again. */
export interface KeptAnswer<Answer> {
  readonly answer: Answer;
  readonly freshUntilMs: number;
}

export interface AnswerCacheLimits {
  readonly keptForMs: number;
  /** Answers that are kept; of more, the oldest is forgotten. */
  readonly answersMax: number;
}

/**
 * Answers that are found once and given again for a while. A burst of the same question asks once; an answer of null
 * ("there is no such thing") is not kept, so that what is asked for out of curiosity fills no memory.
 */
export class AnswerCache<Answer> {
  readonly #kept = new Map<string, KeptAnswer<Answer>>();
  readonly #asking = new Map<string, Promise<KeptAnswer<Answer> | null>>();

  constructor(
    private readonly nowMs: () => number,
    private readonly limits: AnswerCacheLimits,
  ) {}

  async answerOf(key: string, ask: () => Promise<Answer | null>): Promise<KeptAnswer<Answer> | null> {
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#isFresh(kept)) return kept;
    const underWay = this.#asking.get(key);
    if (underWay !== undefined) return underWay;
    const asking = this.#ask(key, ask).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  /** Answers that are kept now, fresh or not. */
  get size(): number {
    return this.#kept.size;
  }

  /** Also "no" where the machine's clock was put back further than an answer is kept. */
  #isFresh({ freshUntilMs }: KeptAnswer<Answer>): boolean {
    const leftMs = freshUntilMs - this.nowMs();
    return leftMs > 0 && leftMs <= this.limits.keptForMs;
  }

  async #ask(key: string, ask: () => Promise<Answer | null>): Promise<KeptAnswer<Answer> | null> {
    const answer = await ask();
    this.#kept.delete(key);
    if (answer === null) return null;
    const kept = { answer, freshUntilMs: this.nowMs() + this.limits.keptForMs };
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.limits.answersMax && oldest !== undefined) this.#kept.delete(oldest);
    return kept;
  }
}
