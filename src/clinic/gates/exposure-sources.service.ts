import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Temporal } from '../../platform/time/index.js';

/** For which booking earlier exposures are looked for: those that ended from `since` on and before `until`. */
export interface ExposureWant {
  readonly visitId: string;
  readonly patientId: string;
  readonly since: Temporal.Instant;
  readonly until: Temporal.Instant;
}

/** An exposure of the patient to radiation that was carried out, by another visit. */
export interface EarlierExposure {
  /** For which of the wants. */
  readonly forVisitId: string;
  /** What it was, as people say it: "Bone SPECT-CT". */
  readonly name: string;
  readonly at: Temporal.Instant;
}

/** A room that knows of exposures. */
export interface ExposureSource {
  readonly room: string;
  /** Those of each patient in its time, but for the visit itself. In a number of statements that does not grow with the wants. */
  earlier(tx: Tx, wants: readonly ExposureWant[]): Promise<readonly EarlierExposure[]>;
}

/** Who knows of earlier exposures. A later room enters itself from the constructor of its service. */
@Injectable()
export class ExposureSources {
  readonly #byRoom = new Map<string, ExposureSource>();

  /** Throws when a room enters twice. */
  register(source: ExposureSource): void {
    if (this.#byRoom.has(source.room)) throw new Error(`${source.room} tells of exposures twice`);
    this.#byRoom.set(source.room, source);
  }

  async earlier(tx: Tx, wants: readonly ExposureWant[]): Promise<readonly EarlierExposure[]> {
    const found: EarlierExposure[] = [];
    for (const source of this.#byRoom.values()) found.push(...(await source.earlier(tx, wants)));
    return found;
  }
}
