import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ProposalStatus, ResponseFollowUp } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { DiaryRecordService } from './diary-record.service.js';
import { isAnother, type Judged, judge, proposedBy, termsOfRepeat } from './relief.rules.js';
import { type PainDiary, RESPONSE_JUDGED } from './response.type.js';

/** What a diary says, once its figures are there, and again whenever they are put right. The treatment is held. */
@Injectable()
export class ResponseJudgingService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
  ) {
    outbox.declare(RESPONSE_JUDGED);
  }

  /** Judges where there is something to say that was not said; the diary as it stands then. */
  async judgeAgain(tx: Tx, actor: Actor, treatmentId: string): Promise<PainDiary> {
    const diary = await this.records.mustHave(tx, treatmentId);
    const terms = (await this.#isRepeat(tx, treatmentId)) ? termsOfRepeat(diary.policy) : diary.policy;
    const judged = judge(diary.entries, terms);
    if (judged === null || !isAnother(judged, diary.judgement)) return diary;
    const number = (diary.judgement?.number ?? 0) + 1;
    const now = dateFromInstant(this.clock.now());
    const { id } = await tx.responseJudgement.create({
      data: {
        ...judged,
        scoreIds: [...judged.scoreIds],
        ...{ diaryId: diary.id, treatmentId, number, policyId: diary.policy.id },
        ...{ judgedAt: now, judgedById: actor.id },
      },
      select: { id: true },
    });
    await this.#propose(tx, diary, judged, id);
    // What it says of the patient stays here.
    await this.audit.record(tx, actor, {
      action: 'response.judged',
      subjectType: 'treatment',
      subjectId: treatmentId,
      patientIds: [diary.patientId],
      after: { judgementId: id, number, policyId: diary.policy.id },
    });
    await this.outbox.post(tx, { topic: RESPONSE_JUDGED, subjectId: id, version: number });
    return this.records.mustHave(tx, treatmentId);
  }

  /** An open proposal goes with the judgement that it came of. What was taken up stays, and is not proposed twice. */
  async #propose(tx: Tx, diary: PainDiary, judged: Judged, judgementId: string): Promise<void> {
    const { treatmentId } = diary;
    const now = dateFromInstant(this.clock.now());
    await tx.treatmentProposal.updateMany({
      where: { treatmentId, status: ProposalStatus.OPEN },
      data: { status: ProposalStatus.WITHDRAWN, settledAt: now, version: { increment: 1 } },
    });
    const kind = proposedBy(judged.followUp, diary.policy);
    if (kind === null) return;
    if (diary.proposals.some((one) => one.status === ProposalStatus.TAKEN && one.kind === kind)) return;
    await tx.treatmentProposal.create({
      data: { judgementId, treatmentId, kind, proposedAt: now },
      select: { id: true },
    });
  }

  /** Whether it came of a partial response to an earlier one. */
  async #isRepeat(tx: Tx, takenTreatmentId: string): Promise<boolean> {
    const judgement = { followUp: ResponseFollowUp.REPEAT_BLOCK };
    return (await tx.treatmentProposal.count({ where: { takenTreatmentId, judgement } })) > 0;
  }
}
