import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import { InThePast } from '../scheduling/schedule.refusals.js';
import type { Booker } from './booker.type.js';
import { RequestService } from './request.service.js';
import { HoldExpired, RequestAlreadyBooked, VisitNotReplaceable } from './visit.refusals.js';
import { canEndHold } from './visit.rules.js';
import type { Visit } from './visit.type.js';
import type { BookVisitInput, HeldVisitInput } from './visit-booking.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { possibleActions } from './visit-day.rules.js';
import { VisitPlaceService } from './visit-place.service.js';
import type { VisitPlan } from './visit-plan.rules.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitStandingService, type VisitSubject } from './visit-standing.service.js';

/** The database's own "no"s: it has the last word when two people book at the same moment. */
export const VISIT_CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  ...claimConstraints,
  visits_one_live_per_request: () => new RequestAlreadyBooked(),
  visits_replaces_id_key: () => new VisitNotReplaceable(),
};

/** A new visit, and what becomes of a hold: the one path to a booked visit, inside the transaction of whoever books. */
@Injectable()
export class VisitBookingService {
  constructor(
    @Inject(VisitStandingService) private readonly standing: VisitStandingService,
    @Inject(VisitPlaceService) private readonly places: VisitPlaceService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Every rule is judged here, under locks, whatever an offer said. A hold asks for all but the consent. */
  async bookIn(
    tx: Tx,
    booker: Booker,
    input: BookVisitInput,
    as: typeof VisitStatus.HELD | typeof VisitStatus.BOOKED,
  ): Promise<Visit | Refusal> {
    const visitType = await this.places.bookableType(tx, input.visitTypeCode);
    if (isRefusal(visitType)) return visitType;
    const { protocolId, plan } = await this.places.planNew(tx, visitType.code, input.steps);
    if (isRefusal(plan)) return plan;
    const subject = toSubject(input);
    for (const endedId of await this.standing.clearTheWay(tx, subject)) {
      const ended = await this.records.read(tx, endedId);
      await this.changes.note(tx, booker.actor, 'visit.hold-lapsed', null, ended);
    }
    const asksConsent = as === VisitStatus.BOOKED;
    const standing = await this.standing.request(tx, subject, visitType, { asksConsent });
    if (isRefusal(standing)) return standing;
    const overrideReason = input.overrideReason?.trim() ?? null;
    const asking = { booker, overrideReason };
    const outside = await this.places.mayStart(tx, visitType.code, standing.request, plan.startsAt, asking);
    if (outside !== null) return outside;
    const now = this.clock.now();
    const heldUntil = as === VisitStatus.HELD ? now.add({ minutes: visitType.holdMinutes }) : null;
    const visit = { ...subject, id: newId(), protocolId, status: as, overrideReason, heldUntil };
    const taken = await this.places.take(tx, visit, plan, heldUntil);
    if (taken !== null) return taken;
    await this.#write(tx, booker, visit, plan, now);
    if (as === VisitStatus.BOOKED && !(await this.#answers(tx, subject.requestId)))
      return new RequestAlreadyBooked();
    const after = await this.records.read(tx, visit.id);
    await this.changes.note(
      tx,
      booker.actor,
      as === VisitStatus.HELD ? 'visit.held' : 'visit.booked',
      null,
      after,
    );
    return after;
  }

  /** The hold must still stand at this moment, and the patient must still be one who may have the visit. */
  async confirmIn(tx: Tx, booker: Booker, input: HeldVisitInput): Promise<Visit | Refusal> {
    const before = await this.records.lock(tx, input.visitId);
    const now = this.clock.now();
    const cannot = canEndHold(before, input.version, possibleActions(before, now));
    if (cannot !== null) return cannot;
    if (Temporal.Instant.compare(before.startsAt, now) <= 0) return new InThePast();
    const visitType = await this.places.bookableType(tx, before.visitTypeCode);
    if (isRefusal(visitType)) return visitType;
    const options = { ownId: before.id, asksConsent: true };
    const standing = await this.standing.request(tx, before, visitType, options);
    if (isRefusal(standing)) return standing;
    if (!(await this.places.firm(tx, before.id))) return new HoldExpired(before.heldUntil);
    await this.#end(tx, booker, before.id, { status: VisitStatus.BOOKED, heldUntil: null });
    if (!(await this.#answers(tx, before.requestId))) return new RequestAlreadyBooked();
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, booker.actor, 'visit.booked', before, after);
    return after;
  }

  /** Gives the time back before the hold ends by itself. */
  async releaseIn(tx: Tx, booker: Booker, input: HeldVisitInput): Promise<Visit | Refusal> {
    const before = await this.records.lock(tx, input.visitId);
    const cannot = canEndHold(before, input.version, possibleActions(before, this.clock.now()));
    if (cannot !== null) return cannot;
    await this.places.free(tx, before.id);
    await this.#end(tx, booker, before.id, { status: VisitStatus.LAPSED, replacesId: null });
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, booker.actor, 'visit.hold-released', before, after);
    return after;
  }

  /** Once a visit is booked for it, a request waits no more; false when it did not wait. */
  async #answers(tx: Tx, requestId: string | null): Promise<boolean> {
    return requestId === null || (await this.requests.booked(tx, requestId)) === null;
  }

  async #end(
    tx: Tx,
    { actor }: Booker,
    visitId: string,
    columns: { readonly status: VisitStatus; readonly heldUntil?: null; readonly replacesId?: null },
  ): Promise<void> {
    await tx.visit.update({
      where: { id: visitId },
      data: {
        ...columns,
        version: { increment: 1 },
        changedAt: dateFromInstant(this.clock.now()),
        changedById: actor.id,
      },
      select: { id: true },
    });
  }

  async #write(
    tx: Tx,
    { actor }: Booker,
    visit: VisitSubject & {
      readonly id: string;
      readonly protocolId: string;
      readonly status: VisitStatus;
      readonly overrideReason: string | null;
      readonly heldUntil: Temporal.Instant | null;
    },
    plan: VisitPlan,
    now: Temporal.Instant,
  ): Promise<void> {
    const { heldUntil, ...columns } = visit;
    await tx.visit.create({
      data: {
        ...columns,
        heldUntil: heldUntil && dateFromInstant(heldUntil),
        startsAt: dateFromInstant(plan.startsAt),
        endsAt: dateFromInstant(plan.endsAt),
        bookedAt: dateFromInstant(now),
        bookedById: actor.id,
        changedAt: dateFromInstant(now),
        changedById: actor.id,
      },
      select: { id: true },
    });
    await this.places.writeSteps(tx, visit.id, plan);
  }
}

function toSubject(input: BookVisitInput): VisitSubject {
  return {
    patientId: input.patientId,
    visitTypeCode: input.visitTypeCode,
    requestId: input.requestId ?? null,
    replacesId: input.replacesVisitId ?? null,
  };
}
