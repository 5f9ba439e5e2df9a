import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { TreatmentStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { RecordDoesNotFit } from './treatment.refusals.js';
import { canTreatment, someText, someTextOrNull } from './treatment.rules.js';
import { TREATMENT_DONE, type Treatment } from './treatment.type.js';
import {
  type CorrectTreatmentRecordInput,
  RECORD_TREATMENT_REFUSALS,
  type RecordTreatmentGivenInput,
} from './treatment-given.type.js';
import { TreatmentGivenWritingService } from './treatment-given-writing.service.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** What was given: recorded once, and put right by further versions. */
@Injectable()
export class TreatmentGivenService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(TreatmentGivenWritingService) private readonly writing: TreatmentGivenWritingService,
  ) {
    outbox.declare(TREATMENT_DONE);
  }

  /** To its end, or broken off. Throws NOT_FOUND. */
  async recordTreatmentGiven(booker: Booker, input: RecordTreatmentGivenInput): Promise<Treatment | Refusal> {
    return this.idempotency.once<Treatment>(
      { booker, operation: 'recordTreatmentGiven', input, refusals: RECORD_TREATMENT_REFUSALS },
      (tx) => this.#record(tx, booker.actor, input),
    );
  }

  /** Another version stands in place of the one before, which stays readable. Throws NOT_FOUND. */
  async correctTreatmentRecord(
    actor: StaffActor,
    input: CorrectTreatmentRecordInput,
  ): Promise<Treatment | Refusal> {
    return this.database.transaction<Treatment | Refusal>(async (tx) => {
      const before = await this.records.hold(tx, input.treatmentId);
      const refusal = canTreatment(before, 'correct', input.version) ?? stays(before, input);
      if (refusal !== null) return refusal;
      const wanted = await this.writing.judge(tx, before, input);
      if (isRefusal(wanted)) return wanted;
      const correctedBecause = someText(input.correctedBecause);
      const recordVersion = await this.writing.write(tx, actor, before, input, {
        ...wanted,
        correctedBecause,
      });
      const after = await this.records.write(tx, actor, before, 'corrected', { recordVersion });
      await this.#tell(tx, after);
      return after;
    });
  }

  async #record(tx: Tx, actor: StaffActor, input: RecordTreatmentGivenInput): Promise<Treatment | Refusal> {
    const before = await this.records.hold(tx, input.treatmentId);
    const refusal = canTreatment(before, 'record', input.version);
    if (refusal !== null) return refusal;
    const wanted = await this.writing.judge(tx, before, input);
    if (isRefusal(wanted)) return wanted;
    const recordVersion = await this.writing.write(tx, actor, before, input, {
      ...wanted,
      correctedBecause: null,
    });
    const endReason = someTextOrNull(input.abandonedBecause);
    const isDone = endReason === null;
    const after = await this.records.write(tx, actor, before, isDone ? 'done' : 'abandoned', {
      ...{ recordVersion, endReason },
      status: isDone ? TreatmentStatus.DONE : TreatmentStatus.ABANDONED,
      endedAt: dateFromInstant(input.finishedAt),
      endedById: actor.id,
    });
    await this.#tell(tx, after);
    return after;
  }

  /** Later rooms look at what was given, and again when it was put right. What was broken off is no treatment to them. */
  async #tell(tx: Tx, { id, status, version }: Treatment): Promise<void> {
    if (status !== TreatmentStatus.DONE) return;
    await this.outbox.post(tx, { topic: TREATMENT_DONE, subjectId: id, version });
  }
}

/** Whether it was broken off is what happened, and is not put right by a figure. */
function stays(
  before: Treatment,
  { abandonedBecause }: CorrectTreatmentRecordInput,
): RecordDoesNotFit | null {
  const wasAbandoned = before.status === TreatmentStatus.ABANDONED;
  if (wasAbandoned === ((abandonedBecause ?? null) !== null)) return null;
  const problem = wasAbandoned
    ? 'It was broken off: say again why.'
    : 'It was done to its end: leave out why it was broken off.';
  return new RecordDoesNotFit([problem]);
}
