import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { ClaimService } from '../scheduling/claim.service.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import type { Booker } from './booker.type.js';
import { VisitTypeRetired } from './request.refusals.js';
import type { VisitRequest } from './request.type.js';
import { BookedElsewhere, type VisitOutsideProtocol } from './visit.refusals.js';
import { type Protocol, planVisit, type VisitPlan, type WantedStep } from './visit-plan.rules.js';

/** Times and resources of a visit: held against the protocol and the lead time, taken, given back, written down. */
@Injectable()
export class VisitPlaceService {
  constructor(
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(Config) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The kind of visit, unless another room books it or the clinic does no more. Throws NOT_FOUND. */
  async bookableType(tx: Tx, code: string): Promise<VisitType | BookedElsewhere | VisitTypeRetired> {
    const visitType = await this.visitTypes.visitType(tx, code);
    if (visitType.companion !== null) return new BookedElsewhere(visitType.companion);
    const retiredOn = visitType.retiredOn === null ? null : Temporal.PlainDate.from(visitType.retiredOn);
    const isRetired =
      retiredOn !== null && Temporal.PlainDate.compare(retiredOn, this.leadTimes.today()) <= 0;
    return isRetired ? new VisitTypeRetired(retiredOn) : visitType;
  }

  /** By the protocol in force today, which a new visit keeps. */
  async planNew(
    tx: Tx,
    visitTypeCode: string,
    steps: readonly WantedStep[],
  ): Promise<{ readonly protocolId: string; readonly plan: VisitPlan | VisitOutsideProtocol }> {
    const { id, chain } = await this.visitTypes.protocolInForce(tx, visitTypeCode, this.leadTimes.today());
    return { protocolId: id, plan: await this.#plan(tx, chain, steps) };
  }

  /** By the protocol that the visit was booked under. */
  async planAgain(
    tx: Tx,
    protocolId: string,
    steps: readonly WantedStep[],
  ): Promise<VisitPlan | VisitOutsideProtocol> {
    const { chain } = await this.visitTypes.protocolById(tx, protocolId);
    return this.#plan(tx, chain, steps);
  }

  /** The lead time, by the urgency of the request, for somebody who may have a reason to go beyond it. */
  async mayStart(
    tx: Tx,
    visitTypeCode: string,
    request: VisitRequest | null,
    startsAt: Temporal.Instant,
    asking: { readonly booker: Booker; readonly overrideReason: string | null },
  ): Promise<Refusal | null> {
    return this.leadTimes.mayBookAt(tx, {
      visitType: visitTypeCode,
      priority: request?.priority ?? null,
      startsAt,
      roles: asking.booker.roles,
      overrideReason: asking.overrideReason,
    });
  }

  /** Takes the resources and the patient's time, all or nothing. Until `heldUntil`; null: for good. */
  async take(
    tx: Tx,
    visit: { readonly id: string; readonly patientId: string; readonly visitTypeCode: string },
    plan: VisitPlan,
    heldUntil: Temporal.Instant | null,
  ): Promise<Refusal | null> {
    return this.claims.claim(tx, {
      holderId: visit.id,
      spans: plan.claims,
      at: this.clock.now(),
      expiresAt: heldUntil,
      presence: { patientId: visit.patientId, spans: plan.presence },
      visitTypeCode: visit.visitTypeCode,
    });
  }

  async free(tx: Tx, visitId: string): Promise<void> {
    await this.claims.release(tx, visitId, this.clock.now());
  }

  /** Makes a hold firm; false when it is over. */
  async firm(tx: Tx, visitId: string): Promise<boolean> {
    return this.claims.firm(tx, visitId, this.clock.now());
  }

  /** The steps of the visit as they are planned now; those it had are gone, and stay in its revisions. */
  async writeSteps(tx: Tx, visitId: string, plan: VisitPlan): Promise<void> {
    await tx.visitStep.deleteMany({ where: { visitId } });
    const steps = plan.steps.map((step) => ({ id: newId(), step }));
    await tx.visitStep.createMany({
      data: steps.map(({ id, step }) => ({
        id,
        visitId,
        position: step.position,
        name: step.name,
        startsAt: dateFromInstant(step.startsAt),
        endsAt: dateFromInstant(step.endsAt),
        patientPresent: step.patientPresent,
      })),
    });
    await tx.visitStepResource.createMany({
      data: steps.flatMap(({ id, step }) =>
        step.resources.map(({ role, resourceId }) => ({ stepId: id, role, resourceId })),
      ),
    });
  }

  async #plan(
    tx: Tx,
    protocol: Protocol,
    steps: readonly WantedStep[],
  ): Promise<VisitPlan | VisitOutsideProtocol> {
    const ids = [...new Set(steps.flatMap(({ resources }) => resources.map(({ resourceId }) => resourceId)))];
    const rows = await tx.resource.findMany({
      where: { id: { in: ids } },
      select: { id: true, kind: true, skills: true },
    });
    if (rows.length < ids.length) throw notFound('resource');
    return planVisit(protocol, steps, new Map(rows.map((row) => [row.id, row])), this.config.clinicTimeZone);
  }
}
