import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';

/** A later room whose visits take doses, and which alone knows how they stand. */
export interface DosedVisitSource {
  /** Holds the visit and has its dose computed anew, as the visit stands now. */
  refollow(tx: Tx, actor: Actor, visitId: string): Promise<void>;
}

/** Where that room enters itself, so that a dose can follow what its visit has not brought about. */
@Injectable()
export class DosedVisits {
  #source: DosedVisitSource | null = null;

  register(source: DosedVisitSource): void {
    if (this.#source !== null) throw new Error('the visits that take doses are registered already');
    this.#source = source;
  }

  async refollow(tx: Tx, actor: Actor, visitId: string): Promise<void> {
    if (this.#source === null) throw new Error('nobody has registered the visits that take doses');
    await this.#source.refollow(tx, actor, visitId);
  }
}
