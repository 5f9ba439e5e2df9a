import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import {
  type EarlierExposure,
  type ExposureSource,
  ExposureSources,
  type ExposureWant,
} from '../gates/exposure-sources.service.js';
import { EARLIER_SCANS } from './scan-exposure.queries.js';

/** The scans that a patient had shortly before another and of which nobody recorded an injection, for the gate that asks. */
@Injectable()
export class ScanExposureService implements ExposureSource {
  readonly room = 'imaging';

  constructor(@Inject(ExposureSources) exposures: ExposureSources) {
    exposures.register(this);
  }

  async earlier(tx: Tx, wants: readonly ExposureWant[]): Promise<readonly EarlierExposure[]> {
    const rows = await tx.$queryRawUnsafe<readonly (Omit<EarlierExposure, 'at'> & { readonly at: Date })[]>(
      EARLIER_SCANS,
      wants.map(({ visitId }) => visitId),
      wants.map(({ patientId }) => patientId),
      wants.map(({ since }) => dateFromInstant(since)),
      wants.map(({ until }) => dateFromInstant(until)),
    );
    return rows.map((row) => ({ ...row, at: instantFromDate(row.at) }));
  }
}
