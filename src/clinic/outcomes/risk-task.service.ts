import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { RiskTaskEventKind, RiskTaskStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { canActOnRisk } from './risk-task.rules.js';
import type { RiskTask, RiskTaskNoteInput } from './risk-task.type.js';
import { RiskTaskAlarmService } from './risk-task-alarm.service.js';
import { RiskTaskRecordService } from './risk-task-record.service.js';

/** A clinician takes a risk task on, speaks with the patient, and closes it in words. */
@Injectable()
export class RiskTaskService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RiskTaskRecordService) private readonly records: RiskTaskRecordService,
    @Inject(RiskTaskAlarmService) private readonly alarm: RiskTaskAlarmService,
  ) {}

  /** From now on it is the task of whoever is signed in. Of many at once one has it. */
  async claimRiskTask(actor: StaffActor, id: string): Promise<RiskTask | Refusal> {
    return this.database.transaction<RiskTask | Refusal>(async (tx) => {
      const before = await this.records.mustHold(tx, id);
      const refusal = canActOnRisk('claim', before, actor.id);
      if (refusal !== null) return refusal;
      await this.#happened(tx, actor, before, RiskTaskEventKind.CLAIMED, null);
      return this.records.change(tx, actor, 'risk-task.claimed', before, {
        status: RiskTaskStatus.CLAIMED,
        claimedAt: dateFromInstant(this.clock.now()),
        claimedById: actor.id,
        dueAt: await this.alarm.dueFromNow(tx, before, 'CLAIMED'),
      });
    });
  }

  /** It is nobody's again: given back, or taken from somebody who cannot go on. */
  async releaseRiskTask(actor: StaffActor, input: RiskTaskNoteInput): Promise<RiskTask | Refusal> {
    return this.database.transaction<RiskTask | Refusal>(async (tx) => {
      const before = await this.records.mustHold(tx, input.riskTaskId);
      const refusal = canActOnRisk('release', before, actor.id);
      if (refusal !== null) return refusal;
      await this.#happened(tx, actor, before, RiskTaskEventKind.RELEASED, plain(input.note));
      return this.records.change(tx, actor, 'risk-task.released', before, {
        status: RiskTaskStatus.OPEN,
        claimedAt: null,
        claimedById: null,
        dueAt: await this.alarm.dueFromNow(tx, before, 'OPEN'),
      });
    });
  }

  /** Writes down what was done about it; it stays as it is, and comes again. */
  async noteRiskTask(actor: StaffActor, input: RiskTaskNoteInput): Promise<RiskTask | Refusal> {
    return this.database.transaction<RiskTask | Refusal>(async (tx) => {
      const before = await this.records.mustHold(tx, input.riskTaskId);
      const refusal = canActOnRisk('note', before, actor.id);
      if (refusal !== null) return refusal;
      await this.#happened(tx, actor, before, RiskTaskEventKind.NOTED, plain(input.note));
      return this.records.change(tx, actor, 'risk-task.noted', before, {});
    });
  }

  /** Closed with the note of whoever has taken it on. */
  async closeRiskTask(actor: StaffActor, input: RiskTaskNoteInput): Promise<RiskTask | Refusal> {
    return this.database.transaction<RiskTask | Refusal>(async (tx) => {
      const before = await this.records.mustHold(tx, input.riskTaskId);
      const refusal = canActOnRisk('close', before, actor.id);
      if (refusal !== null) return refusal;
      const closed = await this.records.change(tx, actor, 'risk-task.closed', before, {
        status: RiskTaskStatus.CLOSED,
        closingNote: plain(input.note),
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
      });
      // Not before: the database ends no alert whose task is open.
      await this.alarm.stop(tx, actor, before);
      return closed;
    });
  }

  async #happened(
    tx: Tx,
    actor: StaffActor,
    { id: riskTaskId }: RiskTask,
    kind: RiskTaskEventKind,
    note: string | null,
  ): Promise<void> {
    const at = dateFromInstant(this.clock.now());
    await tx.riskTaskEvent.create({ data: { riskTaskId, kind, note, at, byId: actor.id } });
  }
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
