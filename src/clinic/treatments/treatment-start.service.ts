import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ExposureAct, TreatmentStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { NotAtThePause, PauseTooLongAgo } from './safety-pause.refusals.js';
import type { StartTreatmentInput } from './safety-pause.type.js';
import { canTreatment, doesPauseHold, isExposure, PAUSE_HOLDS_MINUTES } from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentConsentService } from './treatment-consent.service.js';
import { TreatmentDutyService } from './treatment-duty.service.js';
import { plannedBy } from './treatment-eligibility.service.js';
import { TreatmentPlanGroundService } from './treatment-plan-ground.service.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** The moment at which the needle goes in: everything that it rests on is looked at once more. */
@Injectable()
export class TreatmentStartService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(TreatmentConsentService) private readonly consents: TreatmentConsentService,
    @Inject(TreatmentDutyService) private readonly duties: TreatmentDutyService,
    @Inject(TreatmentPlanGroundService) private readonly ground: TreatmentPlanGroundService,
  ) {}

  /** Whoever starts it is the operator until the record says otherwise. Throws NOT_FOUND. */
  async startTreatment(actor: StaffActor, input: StartTreatmentInput): Promise<Treatment | Refusal> {
    return this.database.transaction<Treatment | Refusal>(async (tx) => {
      const before = await this.records.hold(tx, input.treatmentId);
      const refusal = canTreatment(before, 'start', input.version);
      if (refusal !== null) return refusal;
      const now = this.clock.now();
      const { plan, procedureCode, planVersion } = before;
      const pause = before.pauses.findLast(
        (one) => one.planVersion === planVersion && doesPauseHold(one.heldAt, now),
      );
      if (plan === null || pause === undefined) return new PauseTooLongAgo(PAUSE_HOLDS_MINUTES);
      if (!pause.presentIds.includes(actor.id)) return new NotAtThePause();
      // A report may have been corrected since it was planned: then somebody looks again before a needle goes in.
      const corrected = await this.ground.targets.notSuggested(tx, before.patientId, before.targets);
      if (corrected !== null) return corrected;
      const consent = await this.consents.inForce(tx, before, now);
      if (isRefusal(consent)) return consent;
      const unmet = await this.ground.stillEligible(tx, before, plannedBy(before));
      if (unmet !== null) return unmet;
      const duty = isExposure(plan.guidance)
        ? await this.duties.entitled(tx, actor.id, ExposureAct.ACQUIRE_IMAGES, { procedureCode, at: now })
        : null;
      if (isRefusal(duty)) return duty;
      return this.records.write(tx, actor, before, 'started', {
        status: TreatmentStatus.IN_PROGRESS,
        startedAt: dateFromInstant(now),
        startedById: actor.id,
        pauseId: pause.id,
      });
    });
  }
}
