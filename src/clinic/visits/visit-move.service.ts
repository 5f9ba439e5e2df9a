import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { InThePast } from '../scheduling/schedule.refusals.js';
import type { Booker } from './booker.type.js';
import { canChange, canChangePlaces, canMoveAgain } from './visit.rules.js';
import type { Visit } from './visit.type.js';
import type { VisitSwap } from './visit-answer.type.js';
import type { MoveVisitInput, SwapVisitsInput } from './visit-booking.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { VisitPlaceService } from './visit-place.service.js';
import type { VisitPlan, WantedStep } from './visit-plan.rules.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitStandingService } from './visit-standing.service.js';

/** A booked visit goes elsewhere, inside the transaction of whoever changes it. */
@Injectable()
export class VisitMoveService {
  constructor(
    @Inject(VisitStandingService) private readonly standing: VisitStandingService,
    @Inject(VisitPlaceService) private readonly places: VisitPlaceService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Takes the new place and frees the old one as one change; the id stays, and its own place is never in its way. */
  async moveIn(
    tx: Tx,
    booker: Booker,
    input: MoveVisitInput & { readonly anyMinute?: boolean },
  ): Promise<Visit | Refusal> {
    const before = await this.records.lock(tx, input.visitId);
    const cannot = canChange(before, 'moveVisit', input.version, this.clock.now());
    if (cannot !== null) return cannot;
    const overrideReason = input.overrideReason?.trim() ?? null;
    const { anyMinute = false } = input;
    const plan = await this.#judge(tx, before, input.steps, { booker, overrideReason, anyMinute });
    if (isRefusal(plan)) return plan;
    await this.places.free(tx, before.id);
    return this.#settle(tx, before, plan, { booker, overrideReason });
  }

  /**
   * The clinic itself moves a visit, because its place goes: how often and how late does not matter, nor how soon the new
   * place is, and for the patient it does not count as a move. It may start at any minute, as a visit that slipped does.
   * Whoever calls this holds request, referral and patient.
   */
  async displaceIn(tx: Tx, booker: Booker, input: MoveVisitInput): Promise<Visit | Refusal> {
    const before = await this.records.lock(tx, input.visitId);
    const now = this.clock.now();
    const cannot = canChange(before, 'moveVisit', input.version, now);
    if (cannot !== null) return cannot;
    const plan = await this.places.planAgain(tx, before.protocolId, input.steps, true);
    if (isRefusal(plan)) return plan;
    if (Temporal.Instant.compare(plan.startsAt, now) <= 0) return new InThePast();
    await this.places.free(tx, before.id);
    return this.#settle(tx, before, plan, { booker, overrideReason: null, isOfClinic: true });
  }

  /** Two visits take each other's times and resources: both, or neither. For each it counts as a move. */
  async swapIn(tx: Tx, booker: Booker, input: SwapVisitsInput): Promise<VisitSwap | Refusal> {
    const [first, second] = await this.records.lockBoth(tx, input.firstVisitId, input.secondVisitId);
    const cannot =
      canChange(first, 'moveVisit', input.firstVersion, this.clock.now()) ??
      canChange(second, 'moveVisit', input.secondVersion, this.clock.now()) ??
      canChangePlaces(first, second);
    if (cannot !== null) return cannot;
    // Each is a place already, on whatever minute.
    const mover = { booker, overrideReason: input.overrideReason?.trim() ?? null, anyMinute: true };
    // In the order of the patients, whose locks this takes: whoever swaps the same two waits for the first.
    const pairs = [
      { visit: first, steps: toWanted(second) },
      { visit: second, steps: toWanted(first) },
    ].toSorted((a, b) => (a.visit.patientId < b.visit.patientId ? -1 : 1));
    const plans = new Map<string, VisitPlan>();
    for (const { visit, steps } of pairs) {
      const plan = await this.#judge(tx, visit, steps, mover);
      if (isRefusal(plan)) return plan;
      plans.set(visit.id, plan);
    }
    for (const { visit } of pairs) await this.places.free(tx, visit.id);
    const settled = new Map<string, Visit>();
    for (const { visit } of pairs) {
      const after = await this.#settle(tx, visit, mustBe(plans.get(visit.id)), mover);
      if (isRefusal(after)) return after;
      settled.set(visit.id, after);
    }
    return { first: mustBe(settled.get(first.id)), second: mustBe(settled.get(second.id)) };
  }

  /** All that is asked of a new place, but whether it is free. */
  async #judge(
    tx: Tx,
    before: Visit,
    steps: readonly WantedStep[],
    mover: Mover,
  ): Promise<VisitPlan | Refusal> {
    const { booker, overrideReason } = mover;
    const visitType = await this.places.bookableType(tx, before.visitTypeCode);
    if (isRefusal(visitType)) return visitType;
    const options = { ownId: before.id, asksConsent: true };
    const standing = await this.standing.request(tx, before, visitType, options);
    if (isRefusal(standing)) return standing;
    const limited = canMoveAgain(
      before,
      visitType,
      { roles: booker.roles, overrideReason },
      this.clock.now(),
    );
    if (limited !== null) return limited;
    const plan = await this.places.planAgain(tx, before.protocolId, steps, mover.anyMinute);
    if (isRefusal(plan)) return plan;
    const asking = { ...mover, seriesPosition: before.seriesPosition };
    const outside = await this.places.mayStart(tx, visitType.code, standing.request, plan.startsAt, asking);
    return outside ?? plan;
  }

  async #settle(tx: Tx, before: Visit, plan: VisitPlan, mover: Mover): Promise<Visit | Refusal> {
    const taken = await this.places.take(tx, before, plan, null);
    if (taken !== null) return taken;
    await tx.visit.update({
      where: { id: before.id },
      data: {
        ...(plan.siteCode === null ? {} : { siteCode: plan.siteCode }),
        startsAt: dateFromInstant(plan.startsAt),
        endsAt: dateFromInstant(plan.endsAt),
        version: { increment: 1 },
        movesCount: { increment: mover.isOfClinic ? 0 : 1 },
        changedAt: dateFromInstant(this.clock.now()),
        changedById: mover.booker.actor.id,
        ...(mover.overrideReason === null ? {} : { overrideReason: mover.overrideReason }),
      },
      select: { id: true },
    });
    await this.places.rewriteSteps(tx, before.id, plan);
    const after = await this.records.read(tx, before.id);
    const { actor, tellingAt } = mover.booker;
    await this.changes.note(tx, actor, 'visit.moved', before, after, tellingAt ?? null);
    return after;
  }
}

interface Mover {
  readonly anyMinute?: boolean;
  readonly booker: Booker;
  readonly overrideReason: string | null;
  /** The clinic moves it, not the patient. */
  readonly isOfClinic?: true;
}

/** The place of a visit, as somebody would ask for it. */
function toWanted(visit: Visit): readonly WantedStep[] {
  return visit.steps.map(({ startsAt, resources }) => ({
    startsAt,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));
}

function mustBe<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a visit of the swap has got lost');
  return value;
}
