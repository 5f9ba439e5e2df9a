import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import type { Treatment } from '../treatments/treatment.type.js';
import { toJudgement } from './diary-row.type.js';
import { PainSourceService } from './pain-source.service.js';
import type { PainSourceMap } from './pain-source.type.js';
import type { ResponseJudgement } from './response.type.js';

/** A judgement with the treatment that it is of. */
export interface JudgedResponse {
  readonly judgement: ResponseJudgement;
  readonly treatment: Treatment;
  /** No later judgement stands in its place. */
  readonly isStanding: boolean;
}

/** For later rooms: judgements, and what may be the source of the pain. Records no look: whoever shows one does. */
@Injectable()
export class ResponseService {
  constructor(
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'byIds'>,
    @Inject(PainSourceService) private readonly sources: PainSourceService,
  ) {}

  /** What `response.judged` is about; null: it is gone with its patient's record. */
  async judgement(client: Tx, id: string): Promise<JudgedResponse | null> {
    const row = await client.responseJudgement.findUnique({ where: { id } });
    if (row === null) return null;
    const treatment = (await this.treatments.byIds(client, [row.treatmentId])).get(row.treatmentId);
    if (treatment === undefined) return null;
    const later = await client.responseJudgement.count({
      where: { treatmentId: row.treatmentId, number: { gt: row.number } },
    });
    return { judgement: toJudgement(row), treatment, isStanding: later === 0 };
  }

  /** Whose treatment it is; null: there is none of this id. */
  async patientOfTreatment(client: Tx, treatmentId: string): Promise<string | null> {
    return (await this.treatments.byIds(client, [treatmentId])).get(treatmentId)?.patientId ?? null;
  }

  /** What may be the source of a patient's pain, and what to test next. */
  async painSourceMap(client: Tx, patientId: string): Promise<PainSourceMap> {
    return this.sources.mapOf(client, patientId);
  }
}
