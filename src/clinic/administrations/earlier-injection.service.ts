import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import {
  type EarlierExposure,
  type ExposureSource,
  ExposureSources,
  type ExposureWant,
} from '../gates/exposure-sources.service.js';
import { EARLIER_INJECTIONS } from './administration.queries.js';

interface EarlierRow {
  readonly forVisitId: string;
  readonly name: string;
  readonly atMs: number;
}

/** What a patient was injected with before, for the gate that looks back. What was taken back was not given. */
@Injectable()
export class EarlierInjectionService implements ExposureSource {
  readonly room = 'administrations';

  constructor(@Inject(ExposureSources) sources: ExposureSources) {
    sources.register(this);
  }

  async earlier(tx: Tx, wants: readonly ExposureWant[]): Promise<readonly EarlierExposure[]> {
    if (wants.length === 0) return [];
    const rows = await tx.$queryRawUnsafe<readonly EarlierRow[]>(
      EARLIER_INJECTIONS,
      wants.map(({ visitId }) => visitId),
      wants.map(({ patientId }) => patientId),
      wants.map(({ since }) => since.toString()),
      wants.map(({ until }) => until.toString()),
    );
    return rows.map(({ atMs, ...row }) => ({ ...row, at: Temporal.Instant.fromEpochMilliseconds(atMs) }));
  }
}
