import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { ClaimService } from '../scheduling/claim.service.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import { BeyondDiary } from '../scheduling/schedule.refusals.js';
import {
  type BookingGround,
  type ChainOfProtocol,
  chainToBookBy,
  VisitTypeService,
} from '../scheduling/visit-type.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import type { Booker } from './booker.type.js';
import { VisitTypeRetired } from './request.refusals.js';
import type { VisitRequest } from './request.type.js';
import { RESOURCES_TO_PLAN, WRITE_STEPS } from './visit.queries.js';
import { type VisitOutsideProtocol } from './visit.refusals.js';
import type { Visit } from './visit.type.js';
import { BookedElsewhere } from './visit-companion.refusals.js';
import { type CompanionWish, VisitCompanions, wishOf } from './visit-companion.service.js';
import {
  type KnownResource,
  type Protocol,
  planVisit,
  type VisitPlan,
  type WantedStep,
} from './visit-plan.rules.js';

/** Times and resources of a visit: held against the protocol and the lead time, taken, given back, written down. */
@Injectable()
export class VisitPlaceService {
  constructor(
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
    @Inject(Config) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The kind of visit, unless another room books it or the clinic does no more. Throws NOT_FOUND. */
  async bookableType(tx: Tx, code: string): Promise<VisitType | BookedElsewhere | VisitTypeRetired> {
    const visitType = await this.visitTypes.visitType(tx, code);
    return this.#whyNotBookable(visitType) ?? visitType;
  }

  /** The same with all that a new visit of that kind is held against. Throws NOT_FOUND. */
  async groundToBook(
    tx: Tx,
    code: string,
    steps: readonly WantedStep[],
  ): Promise<BookingGround | BookedElsewhere | VisitTypeRetired> {
    const ids = resourceIdsOf(steps);
    const ground = await this.visitTypes.toBook(tx, code, ids);
    const refused = this.#whyNotBookable(ground.visitType);
    if (refused !== null) return refused;
    if (ground.resources.length < ids.length) throw notFound('resource');
    return ground;
  }

  #whyNotBookable({ companion, ...visitType }: VisitType): BookedElsewhere | VisitTypeRetired | null {
    if (companion !== null && !this.companions.has(companion)) return new BookedElsewhere(companion);
    const retiredOn = visitType.retiredOn === null ? null : Temporal.PlainDate.from(visitType.retiredOn);
    const isRetired =
      retiredOn !== null && Temporal.PlainDate.compare(retiredOn, this.leadTimes.today()) <= 0;
    return isRetired ? new VisitTypeRetired(retiredOn) : null;
  }

  /** By the protocol in force today, which a new visit keeps. */
  planNew(
    { visitType, resources }: BookingGround,
    steps: readonly WantedStep[],
    anyMinute = false,
  ): { readonly protocol: ChainOfProtocol; readonly plan: VisitPlan | VisitOutsideProtocol } {
    const protocol = chainToBookBy(visitType);
    return { protocol, plan: this.#held(startingOn(protocol.chain, anyMinute), steps, resources) };
  }

  /** By the protocol that the visit was booked under. */
  async planAgain(
    tx: Tx,
    protocolId: string,
    steps: readonly WantedStep[],
    anyMinute = false,
  ): Promise<VisitPlan | VisitOutsideProtocol> {
    const { chain } = await this.visitTypes.protocolById(tx, protocolId);
    return this.#plan(tx, startingOn(chain, anyMinute), steps);
  }

  /**
   * The lead time, by the urgency of the request, for somebody who may have a reason to go beyond it. The end of the
   * diary binds the first visit of a series; those after it follow as far as they have to.
   */
  async mayStart(
    tx: Tx,
    visitTypeCode: string,
    request: VisitRequest | null,
    startsAt: Temporal.Instant,
    asking: {
      readonly booker: Booker;
      readonly overrideReason: string | null;
      readonly seriesPosition?: number | null;
      /** Those in force, where they have been read already. */
      readonly policies?: BookingGround['policies'];
    },
  ): Promise<Refusal | null> {
    const { booker, overrideReason, policies } = asking;
    const wish = {
      visitType: visitTypeCode,
      priority: request?.priority ?? null,
      startsAt,
      roles: booker.roles,
      policies,
    };
    if ((asking.seriesPosition ?? 0) > 0) {
      const outside = await this.leadTimes.mayBookAt(tx, { ...wish, overrideReason: null });
      if (outside === null || outside instanceof BeyondDiary) return null;
    }
    return this.leadTimes.mayBookAt(tx, { ...wish, overrideReason });
  }

  /** Takes the resources and the patient's time, all or nothing. Until `heldUntil`; null: for good. */
  async take(
    tx: Tx,
    visit: CompanionWish['visit'] & { readonly companion: string | null },
    plan: VisitPlan,
    heldUntil: Temporal.Instant | null,
  ): Promise<Refusal | null> {
    const wish = { visit, plan, isFirm: heldUntil === null };
    const refused = await this.companions.judge(tx, visit.companion, wish);
    if (refused !== null) return refused;
    return this.claims.claim(tx, {
      holderId: visit.id,
      spans: plan.claims,
      at: this.clock.now(),
      expiresAt: heldUntil,
      presence: {
        patientId: visit.patientId,
        spans: this.companions.presence(visit.companion, plan.presence),
      },
      visitTypeCode: visit.visitTypeCode,
    });
  }

  /** Before several visits are booked in one transaction: in line for all that they want, in one order for everybody. */
  async standInLine(tx: Tx, steps: readonly WantedStep[]): Promise<void> {
    await this.claims.standInLine(tx, resourceIdsOf(steps), this.clock.now());
  }

  /** What the companion of a visit that is there already says to its place as it is. */
  async judgeAgain(tx: Tx, visit: Visit): Promise<Refusal | null> {
    return this.companions.judge(tx, visit.companion, wishOf(visit));
  }

  async free(tx: Tx, visitId: string): Promise<void> {
    await this.claims.release(tx, visitId, this.clock.now());
  }

  /** Makes a hold firm; false when it is over. */
  async firm(tx: Tx, visitId: string): Promise<boolean> {
    return this.claims.firm(tx, visitId, this.clock.now());
  }

  /** The steps of the visit as they are planned now; those it had are gone, and stay in its revisions. */
  async rewriteSteps(tx: Tx, visitId: string, plan: VisitPlan): Promise<void> {
    await tx.visitStep.deleteMany({ where: { visitId } });
    await tx.$executeRawUnsafe(WRITE_STEPS, ...columnsOfSteps(visitId, plan));
  }

  async #plan(
    tx: Tx,
    protocol: Protocol,
    steps: readonly WantedStep[],
  ): Promise<VisitPlan | VisitOutsideProtocol> {
    const ids = resourceIdsOf(steps);
    const rows = await tx.$queryRawUnsafe<readonly (KnownResource & { readonly id: string })[]>(
      RESOURCES_TO_PLAN,
      ids,
    );
    if (rows.length < ids.length) throw notFound('resource');
    return this.#held(protocol, steps, rows);
  }

  #held(
    protocol: Protocol,
    steps: readonly WantedStep[],
    resources: readonly (KnownResource & { readonly id: string })[],
  ): VisitPlan | VisitOutsideProtocol {
    const byId = new Map(resources.map((resource) => [resource.id, resource]));
    return planVisit(protocol, steps, byId, this.config.clinicTimeZone);
  }
}

/** Each once. */
function resourceIdsOf(steps: readonly WantedStep[]): readonly string[] {
  return [...new Set(steps.flatMap(({ resources }) => resources.map(({ resourceId }) => resourceId)))];
}

/** Offers start on the protocol's grid; a room whose people know their day may start at any whole minute. */
function startingOn(protocol: Protocol, anyMinute: boolean): Protocol {
  return anyMinute ? { ...protocol, startStepMinutes: 1 } : protocol;
}

/** The first parameters of `WRITE_STEPS` and `WRITE_VISIT`. */
export function columnsOfSteps(visitId: string, plan: VisitPlan): readonly unknown[] {
  const steps = plan.steps.map((step) => ({ ...step, id: newId() }));
  const parts = steps.flatMap(({ id, resources }) => resources.map((part) => ({ ...part, id })));
  return [
    visitId,
    steps.map(({ id }) => id),
    steps.map(({ position }) => position),
    steps.map(({ name }) => name),
    steps.map(({ startsAt }) => dateFromInstant(startsAt)),
    steps.map(({ endsAt }) => dateFromInstant(endsAt)),
    steps.map(({ patientPresent }) => patientPresent),
    parts.map(({ id }) => id),
    parts.map(({ role }) => role),
    parts.map(({ resourceId }) => resourceId),
  ];
}
