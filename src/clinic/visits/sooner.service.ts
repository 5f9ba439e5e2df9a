import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from './booker.type.js';
import { NotOfferedSooner, NotSooner } from './sooner.refusals.js';
import type { SoonerWish, WantSoonerInput } from './sooner.type.js';
import { NotInThisState } from './visit.refusals.js';
import type { Visit } from './visit.type.js';
import type { WantedStepInput } from './visit-booking.type.js';
import { possibleActions } from './visit-day.rules.js';
import { VisitMoveService } from './visit-move.service.js';
import { VisitRecordService } from './visit-record.service.js';

/** A place that a visit would come to. */
interface SoonerPlace {
  readonly visitId: string;
  readonly startsAt: Temporal.Instant;
  readonly steps: WantedStepInput[];
}

/** Patients who have a visit and would come sooner. */
@Injectable()
export class SoonerService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitMoveService) private readonly moves: VisitMoveService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Writes down that the patient would come sooner, or would not. The visit stays where it is. Throws NOT_FOUND. */
  async wantSooner(actor: StaffActor, input: WantSoonerInput): Promise<Visit | Refusal> {
    return this.database.transaction<Visit | Refusal>(async (tx) => {
      const visit = await this.records.lock(tx, input.visitId);
      const cannot = input.wanted ? this.#cannotWant(visit) : null;
      if (cannot !== null) return cannot;
      const before = await this.#wishOf(tx, visit.id);
      await tx.soonerWish.deleteMany({ where: { visitId: visit.id } });
      if (input.wanted) {
        const { noticeHoursMin } = input;
        const saidAt = dateFromInstant(this.clock.now());
        const wish = { visitId: visit.id, noticeHoursMin, saidAt, saidById: actor.id };
        await tx.soonerWish.create({ data: wish, select: { visitId: true } });
      }
      await this.audit.record(tx, actor, {
        action: input.wanted ? 'visit.sooner-wanted' : 'visit.sooner-not-wanted',
        subjectType: 'visit',
        subjectId: visit.id,
        patientIds: [visit.patientId],
        ...(before === null ? {} : { before }),
        ...(input.wanted ? { after: { noticeHoursMin: input.noticeHoursMin } } : {}),
      });
      return visit;
    });
  }

  /**
   * The visit comes to a place that was offered to it, by every rule of moving, and wishes for nothing sooner until that
   * is said again. A refusal must be returned from the transaction.
   */
  async comeIn(tx: Tx, booker: Booker, { visitId, startsAt, steps }: SoonerPlace): Promise<Visit | Refusal> {
    const { version, startsAt: presentStart } = await this.records.lock(tx, visitId);
    if (Temporal.Instant.compare(presentStart, startsAt) <= 0) return new NotSooner(presentStart);
    const visit = await this.moves.moveIn(tx, booker, { visitId, version, steps });
    if (!isRefusal(visit)) await tx.soonerWish.deleteMany({ where: { visitId } });
    return visit;
  }

  /** Who of these would come sooner, by visit; whoever shows the visit records the look. */
  async wishes(visitIds: readonly string[]): Promise<ReadonlyMap<string, SoonerWish>> {
    const rows = await this.database.client.soonerWish.findMany({
      where: { visitId: { in: [...visitIds] } },
    });
    return new Map(
      rows.map(({ visitId, noticeHoursMin, saidAt, saidById }) => [
        visitId,
        { noticeHoursMin, saidAt: instantFromDate(saidAt), saidById },
      ]),
    );
  }

  #cannotWant(visit: Visit): NotInThisState | NotOfferedSooner | null {
    if (visit.status !== VisitStatus.BOOKED) {
      return new NotInThisState(visit.status, possibleActions(visit, this.clock.now()));
    }
    if (visit.seriesId !== null) return new NotOfferedSooner(true);
    return visit.requestId === null ? new NotOfferedSooner(false) : null;
  }

  async #wishOf(tx: Tx, visitId: string): Promise<{ readonly noticeHoursMin: number } | null> {
    return tx.soonerWish.findUnique({ where: { visitId }, select: { noticeHoursMin: true } });
  }
}
