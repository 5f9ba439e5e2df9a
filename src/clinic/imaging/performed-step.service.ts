import { Inject, Injectable, Logger } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { UnmatchedReason } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, UnattendedActor } from '../audit/audit.type.js';
import { CLAIMED_OVERDUE_STEP, LOCKED_STEP, OVERDUE_STEPS, SHOWN_STEP } from './performed-step.queries.js';
import { type FoundStep, PerformedStepMatchService } from './performed-step-match.service.js';
import type {
  ChangeOutcome,
  JudgedChange,
  StepCaller,
  StepMessage,
  StepReport,
  WrittenStep,
} from './performed-step-report.type.js';
import { REVIVAL_CONSTRAINTS } from './scan-closing.service.js';
import { ScanProgressService } from './scan-progress.service.js';

// One run takes what piled up while nobody looked; the rest waits for the next.
const OVERDUE_STEPS_MAX = 200;

const WATCH: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'performed-steps',
  requestId: null,
  source: null,
};

type Created = { readonly kind: 'created' } | { readonly kind: 'duplicate' };

/** DCM 110111 (PS3.16 Annex D), as PS3.15 §A.5.3 names what a scanner says it did. */
const RECORD_EVENT = { code: '110111', scheme: 'DCM', meaning: 'Procedure Record' } as const;

/** Keeping what scanners say that they do, and moving the bookings with it: each message is one transaction. */
@Injectable()
export class PerformedStepService {
  private readonly log = new Logger('performed-steps');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(PerformedStepMatchService) private readonly matches: PerformedStepMatchService,
    @Inject(ScanProgressService) private readonly progress: ScanProgressService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** A step that a scanner begins. It is always kept, also when nobody knows whose it is. */
  async recordCreate(
    message: StepMessage,
    read: (timeZone: string) => WrittenStep,
    caller: StepCaller,
  ): Promise<Created> {
    const attempt = (mayRevive: boolean) =>
      this.database.transaction<Created | Refusal>(
        (tx) => this.create(tx, message, read, caller, { mayRevive }),
        { onConstraint: REVIVAL_CONSTRAINTS },
      );
    let kept = await attempt(true);
    // The booking had been given up and its place taken: a person must say whose scan this is.
    if (isRefusal(kept)) kept = await attempt(false);
    if (isRefusal(kept)) throw new Error('A step that is linked to no booking was refused.');
    return kept;
  }

  /** A change of a step. `judge` is asked under the step's lock, so that of two that end it the second finds it ended. */
  async recordSet<Problem>(
    message: StepMessage,
    judge: (stored: Uint8Array, timeZone: string) => JudgedChange<Problem>,
    caller: StepCaller,
  ): Promise<ChangeOutcome<Problem>> {
    return this.database.transaction(async (tx): Promise<ChangeOutcome<Problem>> => {
      const id = await lockStep(tx, LOCKED_STEP, message.sopInstanceUID, caller.scannerId);
      if (id === null) return { kind: 'unknown' };
      const before = await tx.performedStep.findUniqueOrThrow({ where: { id }, include: { links: true } });
      const judged = judge(before.dataSet, await this.timeZoneOf(tx, caller.scannerId));
      if (judged.kind !== 'changed') return judged;
      const { step } = judged;
      const { count } = await tx.performedStep.updateMany({
        where: { id, status: 'IN_PROGRESS' },
        data: {
          ...changingColumns(step.report),
          dataSet: Uint8Array.from(step.dataSet),
          version: { increment: 1 },
          changedAt: dateFromInstant(this.clock.now()),
          overdueAt: null,
        },
      });
      if (count !== 1) return { kind: 'already-final' };
      await this.keep(tx, id, 'N_SET', message, caller);
      const bookingIds = distinct(before.links.map(({ bookingId }) => bookingId));
      await this.record(tx, actorOf(caller), 'performed-step.changed', id, bookingIds, {
        before: { status: before.status, version: before.version },
        after: {
          event: RECORD_EVENT,
          status: step.report.status,
          version: before.version + 1,
          sopInstanceUID: message.sopInstanceUID,
        },
      });
      for (const bookingId of bookingIds) await this.progress.mustFollow(tx, actorOf(caller), bookingId);
      return { kind: 'changed' };
    });
  }

  /** The whole data set of a step, for a scanner in use at the camera where it was begun; the look is recorded. */
  async dataSetFor(sopInstanceUID: string, scannerId: string): Promise<Uint8Array | null> {
    return this.database.transaction(async (tx) => {
      const id = await lockStep(tx, SHOWN_STEP, sopInstanceUID, scannerId);
      if (id === null) return null;
      const row = await tx.performedStep.findUniqueOrThrow({
        where: { id },
        include: { links: true },
      });
      const { callingAETitles } = await tx.scanner.findUniqueOrThrow({ where: { id: scannerId } });
      const scanner: Actor = { ...WATCH, kind: 'SCANNER', label: callingAETitles[0] ?? scannerId };
      const bookingIds = distinct(row.links.map(({ bookingId }) => bookingId));
      await this.record(tx, scanner, 'performed-step.viewed', id, bookingIds, {});
      return row.dataSet;
    });
  }

  /**
   * Stops waiting for what scanners should have said long ago, and says of which steps. Any number of processes may do
   * so at once: each step is taken by one, and one that cannot be taken keeps none of the others waiting. What a scanner
   * says later is still taken.
   */
  async lapse(): Promise<string[]> {
    const now = dateFromInstant(this.clock.now());
    const overdue = await this.database.client.$queryRawUnsafe<{ id: string }[]>(
      OVERDUE_STEPS,
      now,
      OVERDUE_STEPS_MAX,
    );
    const lapsed: string[] = [];
    for (const { id } of overdue) {
      try {
        if (await this.database.transaction((tx) => this.lapseOne(tx, id, now))) lapsed.push(id);
      } catch (error) {
        this.log.error({ event: 'performed-step-lapse-failed', performedStepId: id, error });
      }
    }
    return lapsed;
  }

  private async lapseOne(tx: Tx, id: string, now: Date): Promise<boolean> {
    if ((await lockStep(tx, CLAIMED_OVERDUE_STEP, id, now)) === null) return false;
    const step = await tx.performedStep.update({
      where: { id },
      data: { overdueAt: now },
      include: { links: true },
      omit: { dataSet: true },
    });
    const bookingIds = distinct(step.links.map(({ bookingId }) => bookingId));
    await this.record(tx, WATCH, 'performed-step.lapsed', id, bookingIds, {
      after: { status: step.status, overdueAt: step.overdueAt },
    });
    for (const bookingId of bookingIds) await this.progress.mustFollow(tx, WATCH, bookingId);
    return true;
  }

  private async create(
    tx: Tx,
    message: StepMessage,
    read: (timeZone: string) => WrittenStep,
    caller: StepCaller,
    options: { readonly mayRevive: boolean },
  ): Promise<Created | Refusal> {
    const { dataSet, report } = read(await this.timeZoneOf(tx, caller.scannerId));
    const sought = await this.matches.find(tx, report);
    const found: FoundStep =
      options.mayRevive || sought.match.bookingId === null
        ? sought
        : { ...sought, match: { bookingId: null, reason: UnmatchedReason.BOOKED_AGAIN } };
    const { match } = found;
    const now = dateFromInstant(this.clock.now());
    const [row] = await tx.performedStep.createManyAndReturn({
      data: {
        ...fixedColumns(report),
        ...changingColumns(report),
        sopInstanceUID: message.sopInstanceUID,
        scannerId: caller.scannerId,
        receivedAt: now,
        changedAt: now,
        unmatchedReason: match.bookingId === null ? match.reason : null,
        dataSet: Uint8Array.from(dataSet),
      },
      skipDuplicates: true,
      select: { id: true },
    });
    if (row === undefined) return { kind: 'duplicate' };
    await this.keep(tx, row.id, 'N_CREATE', message, caller);
    if (match.bookingId !== null) await this.matches.link(tx, row.id, match, null);
    await this.audit.record(tx, actorOf(caller), {
      action: 'performed-step.created',
      subjectType: 'performed-step',
      subjectId: row.id,
      patientIds: found.patientIds,
      after: { event: RECORD_EVENT, sopInstanceUID: message.sopInstanceUID, status: report.status, ...match },
    });
    if (match.bookingId === null) return { kind: 'created' };
    const followed = await this.progress.follow(tx, actorOf(caller), match.bookingId);
    return isRefusal(followed) ? followed : { kind: 'created' };
  }

  private async timeZoneOf(tx: Tx, scannerId: string): Promise<string> {
    const scanner = await tx.scanner.findUniqueOrThrow({
      where: { id: scannerId },
      select: { timeZone: true },
    });
    return scanner.timeZone ?? this.config.clinicTimeZone;
  }

  private async keep(
    tx: Tx,
    performedStepId: string,
    operation: 'N_CREATE' | 'N_SET',
    message: StepMessage,
    caller: StepCaller,
  ): Promise<void> {
    await tx.performedStepMessage.create({
      data: {
        performedStepId,
        operation,
        transferSyntax: message.transferSyntax,
        dataSet: Uint8Array.from(message.bytes),
        callingAETitle: caller.callingAETitle,
        source: caller.source,
        receivedAt: dateFromInstant(this.clock.now()),
      },
      select: { id: true },
    });
  }

  private async record(
    tx: Tx,
    actor: Actor,
    action: string,
    subjectId: string,
    bookingIds: readonly string[],
    change: { readonly before?: object; readonly after?: object },
  ): Promise<void> {
    const patientIds = await this.matches.patientsOf(tx, bookingIds);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'performed-step',
      subjectId,
      patientIds,
      ...change,
    });
  }
}

async function lockStep(tx: Tx, query: string, ...parameters: readonly unknown[]): Promise<string | null> {
  const [row] = await tx.$queryRawUnsafe<{ id: string }[]>(query, ...parameters);
  return row?.id ?? null;
}

function actorOf({ callingAETitle, source }: StepCaller): Actor {
  return { kind: 'SCANNER', id: null, label: callingAETitle, requestId: null, source };
}

/** What is fixed when a step begins (PS3.4 Table F.7.2-1). */
function fixedColumns(report: StepReport) {
  return {
    performedProcedureStepId: report.performedProcedureStepId,
    performedStationAETitle: report.performedStationAETitle,
    modality: report.modality,
    startedAt: dateFromInstant(report.startedAt),
    patientId: report.patientId,
    patientName: report.patientName,
    patientBirthDate: report.patientBirthDate,
    accessionNumbers: distinct(report.references.map(({ accessionNumber }) => accessionNumber)),
    studyInstanceUIDs: distinct(report.references.map(({ studyInstanceUID }) => studyInstanceUID)),
  };
}

function changingColumns(report: StepReport) {
  const dateOrNull = (at: Temporal.Instant | null) => (at === null ? null : dateFromInstant(at));
  return {
    status: report.status,
    endedAt: dateOrNull(report.endedAt),
    description: report.description,
    discontinuationReason: report.discontinuationReason,
    seriesCount: report.seriesCount,
  };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort();
}
