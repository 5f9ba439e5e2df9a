import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import {
  ConsentVisits,
  type VisitsOfPatients,
  type VisitsThatCount,
} from '../consent/consent-visits.service.js';
import { PATIENTS_WITH_VISITS } from './consent-visits.queries.js';

/** Tells the report on consents who has visits. */
@Injectable()
export class ConsentVisitsService implements VisitsOfPatients {
  constructor(@Inject(ConsentVisits) visits: ConsentVisits) {
    visits.register(this);
  }

  async withVisits(
    tx: Tx,
    patientIds: readonly string[],
    { from, until, needs }: VisitsThatCount,
  ): Promise<ReadonlySet<string>> {
    const rows = await tx.$queryRawUnsafe<{ patientId: string }[]>(
      PATIENTS_WITH_VISITS,
      patientIds,
      dateFromInstant(from),
      dateFromInstant(until),
      needs?.purpose ?? null,
      needs?.procedureCode ?? null,
    );
    return new Set(rows.map(({ patientId }) => patientId));
  }
}
