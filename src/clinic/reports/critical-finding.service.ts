import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { CriticalFindingStatus } from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { canCloseFinding, canTellFinding } from './critical-finding.rules.js';
import type {
  CloseCriticalFindingInput,
  CriticalFinding,
  FlagCriticalFindingInput,
  TellCriticalFindingInput,
} from './critical-finding.type.js';
import { CriticalFindingAlarmService } from './critical-finding-alarm.service.js';
import { CriticalFindingRecordService } from './critical-finding-record.service.js';
import { ScanNotPerformed } from './report.refusals.js';
import { isPerformed } from './report.rules.js';
import { ReportFactsService } from './report-facts.service.js';
import { ReportRecordService } from './report-record.service.js';

/** What cannot wait for the letter: flagged, told to somebody by name until they read it back, and closed in words. */
@Injectable()
export class CriticalFindingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ReportFactsService) private readonly facts: ReportFactsService,
    @Inject(ReportRecordService) private readonly reports: ReportRecordService,
    @Inject(CriticalFindingRecordService) private readonly records: CriticalFindingRecordService,
    @Inject(CriticalFindingAlarmService) private readonly alarm: CriticalFindingAlarmService,
  ) {}

  /** Flags what was seen, before or after anything is signed. The clinic is told at once. */
  async flagCriticalFinding(
    actor: StaffActor,
    input: FlagCriticalFindingInput,
  ): Promise<CriticalFinding | Refusal> {
    const { scanBookingId, category } = input;
    return this.database.transaction<CriticalFinding | Refusal>(async (tx) => {
      const scan = await this.facts.held(tx, scanBookingId);
      if (!isPerformed(scan.status)) return new ScanNotPerformed(scan.status);
      const report = await this.reports.hold(tx, actor, scanBookingId);
      const promise = await this.alarm.promised(tx, category);
      const row = await tx.criticalFinding.create({
        data: {
          ...{ reportId: report.id, scanBookingId, category, ...promise },
          description: plain(input.description),
          flaggedById: actor.id,
        },
      });
      const finding = await this.records.mustHave(tx, row.id);
      await this.records.record(tx, actor, 'critical-finding.flagged', null, finding);
      await this.alarm.raise(tx, finding);
      return finding;
    });
  }

  /** Somebody was told: with their name, how, when, and whether they read it back. Without that it stays open. */
  async tellCriticalFinding(
    actor: StaffActor,
    input: TellCriticalFindingInput,
  ): Promise<CriticalFinding | Refusal> {
    const now = this.clock.now();
    if (Temporal.Instant.compare(input.toldAt, now) > 0) throw badInput('input.toldAt: must not lie ahead.');
    return this.database.transaction<CriticalFinding | Refusal>(async (tx) => {
      const before = await this.records.mustHold(tx, input.criticalFindingId);
      const refusal = canTellFinding(before.status);
      if (refusal !== null) return refusal;
      await mustBeginBefore(tx, before.scanBookingId, input.toldAt);
      await this.#writeTelling(tx, actor, before, input);
      if (!input.wasReadBack || before.status !== CriticalFindingStatus.OPEN)
        return this.records.change(tx, actor, 'critical-finding.told', before, {});
      await this.alarm.stop(tx, before);
      return this.records.change(tx, actor, 'critical-finding.acknowledged', before, {
        status: CriticalFindingStatus.ACKNOWLEDGED,
        acknowledgedAt: dateFromInstant(input.toldAt),
      });
    });
  }

  /** Closed with the note of whoever is signed in; as seen to only after somebody has read it back. */
  async closeCriticalFinding(
    actor: StaffActor,
    input: CloseCriticalFindingInput,
  ): Promise<CriticalFinding | Refusal> {
    return this.database.transaction<CriticalFinding | Refusal>(async (tx) => {
      const before = await this.records.mustHold(tx, input.criticalFindingId);
      const refusal = canCloseFinding(before.status, input.outcome);
      if (refusal !== null) return refusal;
      await this.alarm.stop(tx, before);
      return this.records.change(tx, actor, 'critical-finding.closed', before, {
        status: CriticalFindingStatus.CLOSED,
        outcome: input.outcome,
        closingNote: plain(input.note),
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
      });
    });
  }

  async #writeTelling(
    tx: Tx,
    actor: StaffActor,
    { id, scanBookingId }: CriticalFinding,
    input: TellCriticalFindingInput,
  ): Promise<void> {
    const { method, wasReadBack } = input;
    await tx.criticalFindingTelling.create({
      data: {
        ...{ criticalFindingId: id, scanBookingId, method, wasReadBack },
        toldName: plain(input.toldName),
        toldRole: plain(input.toldRole),
        comment: input.comment ? plain(input.comment) : null,
        toldAt: dateFromInstant(input.toldAt),
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
      },
    });
  }
}

/** Nobody is told of what a scan shows before it has begun. Throws BAD_INPUT. */
async function mustBeginBefore(tx: Tx, id: string, toldAt: Temporal.Instant): Promise<void> {
  const { startedAt } = await tx.scanBooking.findUniqueOrThrow({
    where: { id },
    select: { startedAt: true },
  });
  if (startedAt !== null && Temporal.Instant.compare(toldAt, instantFromDate(startedAt)) < 0)
    throw badInput('input.toldAt: must not be before the scan began.');
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
