import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DiaryEntryStatus, NrsPeriod, OutcomeInstrument } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { OutcomeService, oneAnswer } from '../outcomes/outcome.service.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { DiaryEntryService } from './diary-entry.service.js';
import { DiaryRecordService } from './diary-record.service.js';
import { makesSense, timingOf } from './diary-schedule.rules.js';
import { DiaryEntrySettled, FigureOutOfTime, ResponseChanged } from './response.refusals.js';
import {
  type DiaryEntry,
  type MissDiaryEntryInput,
  type PainDiary,
  RECORD_DIARY_REFUSALS,
  type RecordDiaryEntryInput,
} from './response.type.js';

/** What patients say after a treatment, point by point. */
@Injectable()
export class DiaryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(OutcomeService) private readonly outcomes: Pick<OutcomeService, 'record'>,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
    @Inject(DiaryEntryService) private readonly entries: DiaryEntryService,
  ) {}

  /** A figure of pain; one that turns up after its point was given up is taken, too. Throws NOT_FOUND, BAD_INPUT. */
  async recordDiaryEntry(booker: Booker, input: RecordDiaryEntryInput): Promise<PainDiary | Refusal> {
    return this.idempotency.once<PainDiary>(
      { booker, operation: 'recordDiaryEntry', input, refusals: RECORD_DIARY_REFUSALS },
      (tx) => this.#record(tx, booker.actor, input),
    );
  }

  /** Nobody will have a figure for a point any more. Throws NOT_FOUND. */
  async missDiaryEntry(actor: StaffActor, input: MissDiaryEntryInput): Promise<PainDiary | Refusal> {
    return this.database.transaction<PainDiary | Refusal>(async (tx) => {
      const { entry } = await this.records.hold(tx, input.entryId);
      if (entry.status !== DiaryEntryStatus.DUE) return new DiaryEntrySettled(entry.status);
      if (entry.version !== input.version) return new ResponseChanged(entry.version);
      return this.#settle(tx, actor, entry, 'missed', {
        status: DiaryEntryStatus.MISSED,
        missingReason: input.reason.normalize('NFC').trim(),
      });
    });
  }

  async #record(tx: Tx, actor: StaffActor, input: RecordDiaryEntryInput): Promise<PainDiary | Refusal> {
    const { diary, entry } = await this.records.hold(tx, input.entryId);
    if (entry.status === DiaryEntryStatus.RECORDED) return new DiaryEntrySettled(entry.status);
    if (entry.version !== input.version) return new ResponseChanged(entry.version);
    const { takenAt, total, mode } = input;
    if (!makesSense(entry, takenAt)) return new FigureOutOfTime();
    const score = await this.outcomes.record(tx, actor, {
      ...{ patientId: diary.patientId, instrument: OutcomeInstrument.NRS, mode, takenAt },
      period: NrsPeriod.NOW,
      answers: oneAnswer(total),
    });
    return this.#settle(tx, actor, entry, 'recorded', {
      ...{ status: DiaryEntryStatus.RECORDED, missingReason: null, scoreId: score.id },
      timing: timingOf(entry, takenAt),
    });
  }

  async #settle(
    tx: Tx,
    actor: Actor,
    entry: DiaryEntry,
    done: string,
    change: Prisma.DiaryEntryUncheckedUpdateInput,
  ): Promise<PainDiary> {
    const settledAt = dateFromInstant(this.clock.now());
    return this.entries.change(tx, actor, entry, done, { ...change, settledAt, settledById: actor.id });
  }
}
