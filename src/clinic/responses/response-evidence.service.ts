import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { DiaryPurpose } from '../../platform/database/generated/enums.js';
import { ScoreFollowers } from '../outcomes/score-followers.service.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import { type BlockResponse, TreatmentEvidence } from '../treatments/treatment-evidence.service.js';
import { DiaryEntryService } from './diary-entry.service.js';
import { DiaryRecordService } from './diary-record.service.js';

/** What earlier rooms ask this one for, and tell it: how blocks answered, and scores that were put right. */
@Injectable()
export class ResponseEvidenceService {
  constructor(
    @Inject(TreatmentEvidence) evidence: TreatmentEvidence,
    @Inject(ScoreFollowers) followers: ScoreFollowers,
    @Inject(DiaryEntryService) entries: DiaryEntryService,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'treatmentsOf'>,
  ) {
    const room = 'responses';
    evidence.register({ room, blockResponses: (tx, patientId) => this.blockResponses(tx, patientId) });
    followers.register({
      room,
      scoreChanged: (tx, actor, before, after) => entries.scoreChanged(tx, actor, before, after),
      scoresGoingBack: (tx, move) => entries.scoresGoingBack(tx, move),
    });
  }

  /** One for each treatment that says something of a source, by the judgement that stands. Places left out were not treated. */
  async blockResponses(tx: Tx, patientId: string): Promise<readonly BlockResponse[]> {
    const treatments = await this.treatments.treatmentsOf(tx, patientId);
    const diaries = await this.records.byTreatments(
      tx,
      treatments.map(({ id }) => id),
    );
    return treatments.flatMap(({ id: treatmentId, kind, record, targets }) => {
      const diary = diaries.get(treatmentId);
      const judgement = diary?.judgement ?? null;
      if (judgement === null || diary?.policy.purpose !== DiaryPurpose.DIAGNOSTIC) return [];
      const { verdict, percentRelief, judgedAt } = judgement;
      const treated = record?.targets.filter(({ wasTreated }) => wasTreated) ?? targets;
      return [{ treatmentId, kind, targets: treated, verdict, percentRelief, judgedAt }];
    });
  }
}
