import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import { InThePast } from '../scheduling/schedule.refusals.js';
import type { BookableResource, ChainOfProtocol } from '../scheduling/visit-type.service.js';
import type { Booker } from './booker.type.js';
import { RequestService } from './request.service.js';
import { WRITE_VISIT } from './visit.queries.js';
import { HoldExpired, RequestAlreadyBooked, VisitNotReplaceable } from './visit.refusals.js';
import { canEndHold } from './visit.rules.js';
import type { Visit } from './visit.type.js';
import type { BookVisitInput, HeldVisitInput } from './visit-booking.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { possibleActions } from './visit-day.rules.js';
import { columnsOfSteps, VisitPlaceService } from './visit-place.service.js';
import type { VisitPlan } from './visit-plan.rules.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitStandingService, type VisitSubject } from './visit-standing.service.js';

/** Of a visit that nothing of the clinic serves: its first site, which every clinic has. */
const SITE_OF_NOTHING = 'MAIN';

/** The database's own "no"s: it has the last word when two people book at the same moment. */
export const VISIT_CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  ...claimConstraints,
  visits_one_live_per_request: () => new RequestAlreadyBooked(),
  visits_replaces_id_key: () => new VisitNotReplaceable(),
  visits_one_live_per_place_in_series: () => new VisitNotReplaceable(),
};

/** Which of a series a visit is to be. */
export interface SeriesPlace {
  readonly seriesId: string;
  /** From 0. */
  readonly seriesPosition: number;
}

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
    input: BookVisitInput & { readonly seriesPlace?: SeriesPlace; readonly anyMinute?: boolean },
    as: typeof VisitStatus.HELD | typeof VisitStatus.BOOKED,
  ): Promise<Visit | Refusal> {
    const ground = await this.places.groundToBook(tx, input.visitTypeCode, input.steps);
    if (isRefusal(ground)) return ground;
    const { visitType, policies } = ground;
    const { protocol, plan } = this.places.planNew(ground, input.steps, input.anyMinute);
    if (isRefusal(plan)) return plan;
    const subject = await this.standing.inSeries(tx, { ...toSubject(input), ...input.seriesPlace });
    await this.clearTheWay(tx, booker, subject);
    const asksConsent = as === VisitStatus.BOOKED;
    const standing = await this.standing.request(tx, subject, visitType, { asksConsent });
    if (isRefusal(standing)) return standing;
    const overrideReason = input.overrideReason?.trim() ?? null;
    const asking = { booker, overrideReason, policies, seriesPosition: subject.seriesPosition ?? null };
    const outside = await this.places.mayStart(tx, visitType.code, standing.request, plan.startsAt, asking);
    if (outside !== null) return outside;
    const now = this.clock.now();
    const heldUntil = as === VisitStatus.HELD ? now.add({ minutes: visitType.holdMinutes }) : null;
    const visit = { ...subject, id: newId(), companion: visitType.companion, overrideReason, heldUntil };
    const taken = await this.places.take(tx, visit, plan, heldUntil);
    if (taken !== null) return taken;
    const names = new Map(ground.resources.map((resource) => [resource.id, resource]));
    const after = newVisit({ ...visit, status: as }, plan, protocol, names, now);
    if (as === VisitStatus.BOOKED && !(await this.#answers(tx, subject))) return new RequestAlreadyBooked();
    const action = as === VisitStatus.HELD ? 'visit.held' : 'visit.booked';
    // On one connection: the visit is written before what is said of it.
    await Promise.all([
      this.#write(tx, booker, after, plan),
      this.changes.note(tx, booker.actor, action, null, after),
    ]);
    return after;
  }

  /** Holds in the way that have ended by themselves are noted as such. First of all locks: those of the visits. */
  async clearTheWay(tx: Tx, { actor }: Booker, subject: VisitSubject): Promise<void> {
    for (const endedId of await this.standing.clearTheWay(tx, subject)) {
      const ended = await this.records.read(tx, endedId);
      await this.changes.note(tx, actor, 'visit.hold-lapsed', null, ended);
    }
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
    const refused = await this.places.judgeAgain(tx, before);
    if (refused !== null) return refused;
    if (!(await this.places.firm(tx, before.id))) return new HoldExpired(before.heldUntil);
    await this.#end(tx, booker, before.id, { status: VisitStatus.BOOKED, heldUntil: null });
    if (!(await this.#answers(tx, before))) return new RequestAlreadyBooked();
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

  /** Once a visit is booked for it, a request waits no more; false when it did not wait, unless for its own series. */
  async #answers(
    tx: Tx,
    { requestId, seriesId }: Pick<VisitSubject, 'requestId' | 'seriesId'>,
  ): Promise<boolean> {
    if (requestId === null) return true;
    const notWaiting = await this.requests.booked(tx, requestId);
    const isOfSeries = (seriesId ?? null) !== null;
    if (notWaiting !== null && isOfSeries) await this.requests.answeredAgain(tx, requestId);
    return notWaiting === null || isOfSeries;
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

  async #write(tx: Tx, { actor }: Booker, visit: Visit, plan: VisitPlan): Promise<void> {
    await tx.$executeRawUnsafe(
      WRITE_VISIT,
      ...columnsOfSteps(visit.id, plan),
      visit.requestId,
      visit.patientId,
      visit.visitTypeCode,
      visit.companion,
      visit.siteCode,
      visit.protocolId,
      visit.status,
      dateFromInstant(visit.startsAt),
      dateFromInstant(visit.endsAt),
      visit.heldUntil && dateFromInstant(visit.heldUntil),
      dateFromInstant(visit.bookedAt),
      actor.id,
      visit.replacesId,
      visit.overrideReason,
      visit.seriesId,
      visit.seriesPosition,
    );
  }
}

/** What nobody has done yet to a visit that is new. */
const NOTHING_DONE = {
  version: 0,
  movesCount: 0,
  replacedById: null,
  arrivedAt: null,
  startedAt: null,
  finishedAt: null,
  discontinuedBecause: null,
  cancelledAt: null,
  cancelReasonCode: null,
  cancelComment: null,
} as const;

/** As `VisitRecordService.read` will give it from the moment in which it is written, `now`. */
function newVisit(
  visit: VisitSubject & Pick<Visit, 'id' | 'companion' | 'status' | 'overrideReason' | 'heldUntil'>,
  plan: VisitPlan,
  { id: protocolId, chain }: ChainOfProtocol,
  resources: ReadonlyMap<string, BookableResource>,
  now: Temporal.Instant,
): Visit {
  return {
    ...NOTHING_DONE,
    ...visit,
    seriesId: visit.seriesId ?? null,
    seriesPosition: visit.seriesPosition ?? null,
    siteCode: plan.siteCode ?? SITE_OF_NOTHING,
    protocolId,
    startsAt: plan.startsAt,
    endsAt: plan.endsAt,
    bookedAt: now,
    changedAt: now,
    steps: plan.steps.map(({ position, name, startsAt, endsAt, resources: parts }) => ({
      position,
      name,
      startsAt,
      endsAt,
      startedAt: null,
      endedAt: null,
      // By role, as the protocol has its needs.
      resources: (chain.steps[position]?.needs ?? []).flatMap(({ role }) => {
        const served = resources.get(parts.find((part) => part.role === role)?.resourceId ?? '');
        if (served === undefined) return [];
        const { id, kind, name: resourceName } = served;
        return [{ role, resource: { id, kind, name: resourceName } }];
      }),
    })),
  };
}

function toSubject(input: BookVisitInput): VisitSubject {
  return {
    patientId: input.patientId,
    visitTypeCode: input.visitTypeCode,
    requestId: input.requestId ?? null,
    replacesId: input.replacesVisitId ?? null,
  };
}
