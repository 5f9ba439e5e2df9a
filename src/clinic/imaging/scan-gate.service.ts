import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { type GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { GateService } from '../gates/gate.service.js';
import type { GateSubject, JudgedGate } from '../gates/gate.type.js';
import { SUBJECTS_OF } from './scan-gate.queries.js';

type SubjectRow = Omit<GateSubject, 'injectionAt' | 'scanAt'> & {
  readonly injectionAt: Date;
  readonly scanAt: Date;
};

/** What stands before a scan: its gates, asked when it is booked and when its patient comes, and shown to whoever looks. */
@Injectable()
export class ScanGateService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(GateService) private readonly gates: GateService,
  ) {}

  /** What the gates judge of a scan that is booked. Throws NOT_FOUND. */
  async subjectOf(tx: Tx, scanBookingId: string): Promise<GateSubject> {
    const [subject] = await this.#subjectsOf(tx, [scanBookingId]);
    if (subject === undefined) throw notFound('scan booking');
    return subject;
  }

  /** The first hard gate that is closed to the booking, as a refusal. Those that only advise refuse nothing. */
  async judgeBooking(tx: Tx, subject: GateSubject): Promise<Refusal | null> {
    return this.#judge(tx, subject, GateStage.BOOKING);
  }

  /** The same when the patient comes. */
  async judgeArrival(tx: Tx, scanBookingId: string): Promise<Refusal | null> {
    return this.#judge(tx, await this.subjectOf(tx, scanBookingId), GateStage.ARRIVAL);
  }

  /** Of each of these scans the first hard gate that keeps it from every scanner; null: none does. */
  async closedToScanners(
    client: Tx,
    scanBookingIds: readonly string[],
  ): Promise<ReadonlyMap<string, GateCode | null>> {
    const subjects = await this.#subjectsOf(client, scanBookingIds);
    const standings = await this.gates.atPublication(client, subjects);
    return new Map([...standings].map(([id, { closed }]) => [id, closed?.code ?? null]));
  }

  /** Every gate of a scan, as it stands now. The look is recorded. Throws NOT_FOUND. */
  async scanGates(actor: Actor, scanBookingId: string): Promise<readonly JudgedGate[]> {
    return this.database.transaction(async (tx) => {
      const subject = await this.subjectOf(tx, scanBookingId);
      await this.#recordLook(tx, actor, [subject]);
      return this.gates.all(tx, subject, this.clock.now());
    });
  }

  /** The same of several scans, by their ids; the look is one. */
  async ofBookings(
    actor: Actor,
    scanBookingIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly JudgedGate[]>> {
    return this.database.transaction(async (tx) => {
      const subjects = await this.#subjectsOf(tx, scanBookingIds);
      await this.#recordLook(tx, actor, subjects);
      return this.gates.allOf(tx, subjects, this.clock.now());
    });
  }

  async #judge(tx: Tx, subject: GateSubject, stage: GateStage): Promise<Refusal | null> {
    return this.gates.refusalOf(await this.gates.judge(tx, subject, stage, this.clock.now()));
  }

  async #subjectsOf(tx: Tx, ids: readonly string[]): Promise<readonly GateSubject[]> {
    const rows = await tx.$queryRawUnsafe<readonly SubjectRow[]>(SUBJECTS_OF, ids);
    return rows.map((row) => ({
      ...row,
      injectionAt: instantFromDate(row.injectionAt),
      scanAt: instantFromDate(row.scanAt),
    }));
  }

  async #recordLook(tx: Tx, actor: Actor, subjects: readonly GateSubject[]): Promise<void> {
    const [only, ...others] = subjects;
    if (only === undefined) return;
    await this.audit.record(tx, actor, {
      action: 'scan-gates.viewed',
      subjectType: 'scan-booking',
      ...(others.length === 0 ? { subjectId: only.visitId } : {}),
      patientIds: [...new Set(subjects.map(({ patientId }) => patientId))],
    });
  }
}
