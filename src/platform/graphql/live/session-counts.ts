/** How much each session has open, by its token. Kept for those that have something open, and no longer. */
export class SessionCounts {
  readonly #counts = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** One more for this session; false when it has as many as it may. */
  take(token: string): boolean {
    const count = this.#counts.get(token) ?? 0;
    if (count >= this.max) return false;
    this.#counts.set(token, count + 1);
    return true;
  }

  giveBack(token: string): void {
    const count = (this.#counts.get(token) ?? 0) - 1;
    if (count > 0) this.#counts.set(token, count);
    else this.#counts.delete(token);
  }
}
