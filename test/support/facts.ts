import { randomUUID } from 'node:crypto';

/** What one earlier room would tell of its subjects, by id; changed and taken away by hand. */
export class Facts<Matter> {
  readonly #matters = new Map<string, Matter>();
  asked = 0;

  constructor(private readonly usual: (id: string) => Matter) {}

  add(changes: Partial<Matter> = {}, id: string = randomUUID()): string {
    this.#matters.set(id, { ...this.usual(id), ...changes });
    return id;
  }

  /** There is nothing to be said of it any more. */
  over(id: string): void {
    this.#matters.delete(id);
  }

  async of(id: string): Promise<Matter | null> {
    this.asked += 1;
    return this.#matters.get(id) ?? null;
  }
}
