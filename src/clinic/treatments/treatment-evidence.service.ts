import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { TreatmentKind } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { TreatedPlace } from './treatment-place.rules.js';

export type { TreatedPlace } from './treatment-place.rules.js';

/** What a diagnostic block did, as it is judged now. */
export interface BlockResponse {
  readonly treatmentId: string;
  readonly kind: TreatmentKind;
  readonly targets: readonly TreatedPlace[];
  readonly verdict: 'POSITIVE' | 'NEGATIVE' | 'PARTIAL' | 'UNDEFINED';
  /** (before − after) / before × 100; null: nobody can tell. */
  readonly percentRelief: number | null;
  readonly judgedAt: Temporal.Instant;
}

/** A later room that judges how treatments answered. */
export interface TreatmentEvidenceSource {
  readonly room: string;
  /** One for each block that was judged: the judgement that stands. Records no look. */
  blockResponses(tx: Tx, patientId: string): Promise<readonly BlockResponse[]>;
}

/** Later rooms say here what is known of earlier treatments, so that the terms of the next can be judged. */
@Injectable()
export class TreatmentEvidence {
  readonly #sources = new Map<string, TreatmentEvidenceSource>();

  /** Throws when a room registers twice. */
  register(source: TreatmentEvidenceSource): void {
    if (this.#sources.has(source.room)) throw new Error(`${source.room} gives evidence twice`);
    this.#sources.set(source.room, source);
  }

  /** What every source knows. */
  async blockResponses(tx: Tx, patientId: string): Promise<readonly BlockResponse[]> {
    const found: BlockResponse[] = [];
    for (const source of this.#sources.values()) found.push(...(await source.blockResponses(tx, patientId)));
    return found;
  }
}
