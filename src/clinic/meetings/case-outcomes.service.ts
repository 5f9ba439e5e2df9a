import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';

/** A later room that writes down what the team decided. */
export interface CaseOutcomeSource {
  readonly room: string;
  /** Those of these cases of which nobody has recorded what was decided, not even that nothing was. */
  undecided(tx: Tx, caseIds: readonly string[]): Promise<readonly string[]>;
}

/** Who knows what was decided: a meeting is closed when somebody does, of every case. A later room enters itself. */
@Injectable()
export class CaseOutcomes {
  #source: CaseOutcomeSource | null = null;

  /** Call it from the constructor of the room's own service. Throws when there are two. */
  register(source: CaseOutcomeSource): void {
    if (this.#source !== null)
      throw new Error(`${source.room} and ${this.#source.room} both record decisions`);
    this.#source = source;
  }

  /** While nobody records decisions, nothing is decided. */
  async undecided(tx: Tx, caseIds: readonly string[]): Promise<readonly string[]> {
    if (caseIds.length === 0) return [];
    return this.#source === null ? caseIds : this.#source.undecided(tx, caseIds);
  }
}
