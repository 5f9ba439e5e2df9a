import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ConsentPurpose } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Which visits count for a report on consents. */
export interface VisitsThatCount {
  readonly from: Temporal.Instant;
  /** Not in it any more. */
  readonly until: Temporal.Instant;
  /** Only visits of a kind that needs this consent; null: every kind. */
  readonly needs: { readonly purpose: ConsentPurpose; readonly procedureCode: string | null } | null;
}

/** The later room that knows who has visits. */
export interface VisitsOfPatients {
  /** Those of these patients who have such a visit: booked, under way or over, and neither missed nor cancelled. */
  withVisits(tx: Tx, patientIds: readonly string[], visits: VisitsThatCount): Promise<ReadonlySet<string>>;
}

/** Where that room says so. While nobody has, nobody has visits. */
@Injectable()
export class ConsentVisits {
  #room: VisitsOfPatients | null = null;

  register(room: VisitsOfPatients): void {
    if (this.#room !== null) throw new Error('two rooms know who has visits');
    this.#room = room;
  }

  /** For this room. */
  async withVisits(
    tx: Tx,
    patientIds: readonly string[],
    visits: VisitsThatCount,
  ): Promise<ReadonlySet<string>> {
    return this.#room === null ? new Set() : this.#room.withVisits(tx, patientIds, visits);
  }
}
