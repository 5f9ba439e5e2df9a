import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import { PatientService } from '../patients/patient.service.js';
import { ClaimService } from '../scheduling/claim.service.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { Visit } from './visit.type.js';
import { VisitCompanions, wishOf } from './visit-companion.service.js';
import { canArrive } from './visit-day.rules.js';
import { type LegNeeds, resourceSpans } from './visit-leg.rules.js';
import { VisitStandingService } from './visit-standing.service.js';

/** The time that a visit takes of its resources and its patient, taken anew when the day has changed it. */
@Injectable()
export class VisitTimeService {
  constructor(
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(VisitTypeService) private readonly types: VisitTypeService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(VisitStandingService) private readonly standing: VisitStandingService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** What each step of the visit asks for by the protocol that it was booked under, by position. */
  async needsOf(tx: Tx, visit: Pick<Visit, 'protocolId'>): Promise<readonly LegNeeds[]> {
    const { chain } = await this.types.protocolById(tx, visit.protocolId);
    return chain.steps;
  }

  /**
   * Takes what the steps say now and gives back what they do not say any more, all or nothing: a refusal must be
   * returned from the transaction. What has not changed is left alone, and of what is over nothing new is taken: hours
   * that have changed since are in nobody's way then.
   */
  async retake(
    tx: Tx,
    visit: Visit,
    needs: readonly LegNeeds[],
    at: Temporal.Instant,
  ): Promise<Refusal | null> {
    return this.claims.exchange(tx, await this.#claimOf(tx, visit, needs, at));
  }

  /** For what happens anyway: the patient's time, and of the resources what nobody else has by now. */
  async retakeFree(
    tx: Tx,
    visit: Visit,
    needs: readonly LegNeeds[],
    at: Temporal.Instant,
  ): Promise<Refusal | null> {
    return this.claims.retakeFree(tx, await this.#claimOf(tx, visit, needs, at));
  }

  /** With the patient's lock, which whoever claims for a patient holds. */
  async #claimOf(tx: Tx, visit: Visit, needs: readonly LegNeeds[], at: Temporal.Instant) {
    const { id: holderId, patientId, visitTypeCode, companion } = visit;
    await this.patients.lockPatient(tx, patientId);
    const attended = visit.steps.filter((step) => needs[step.position]?.patientPresent ?? true);
    const presence =
      attended.length === 0
        ? null
        : { patientId, spans: this.companions.presence(companion, attended.map(toSpan)) };
    const spans = resourceSpans(visit.steps, needs);
    return { holderId, spans, at, expiresAt: null, presence, visitTypeCode };
  }

  /** Holds for the same request, or instead of this visit, that have ended by themselves are none; their ids. */
  async clearTheWay(tx: Tx, { id, patientId, visitTypeCode, requestId }: Visit): Promise<readonly string[]> {
    return this.standing.clearTheWay(tx, { patientId, visitTypeCode, requestId, replacesId: id });
  }

  /** What the room that follows the visit says to its place as it is, before that is taken again. */
  async judgeAgain(tx: Tx, visit: Visit): Promise<Refusal | null> {
    await this.patients.lockPatient(tx, visit.patientId);
    return this.companions.judge(tx, visit.companion, wishOf(visit));
  }

  /** Null when the day of the visit has come on the clinic's calendar, and the room that follows it has nothing against it. */
  async canArrive(tx: Tx, visit: Visit, now: Temporal.Instant): Promise<Refusal | null> {
    const tooEarly = canArrive(visit, now, this.config.clinicTimeZone);
    if (tooEarly !== null) return tooEarly;
    if (visit.companion === null) return this.#consents(tx, visit, false);
    // What is withdrawn at this moment is withdrawn before or after, never in between.
    await this.patients.lockPatient(tx, visit.patientId);
    return this.companions.judgeArrival(tx, visit);
  }

  /** Null when what is done may begin: the consent holds, and is confirmed where that is asked. */
  async canBegin(tx: Tx, visit: Visit): Promise<Refusal | null> {
    return visit.companion === null ? this.#consents(tx, visit, true) : null;
  }

  async #consents(tx: Tx, visit: Visit, isBeginning: boolean): Promise<Refusal | null> {
    const { consentPurpose } = await this.types.visitType(tx, visit.visitTypeCode);
    return this.standing.goesOn(tx, visit, consentPurpose, isBeginning);
  }

  /** Gives back everything that the visit has. */
  async giveBack(tx: Tx, visitId: string, at: Temporal.Instant): Promise<void> {
    await this.claims.release(tx, visitId, at);
  }
}

function toSpan({ startsAt, endsAt }: Visit['steps'][number]) {
  return { startsAt, endsAt };
}
