import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Visit } from '../visits/visit.type.js';
import { BreastFeedingPolicyService } from './breast-feeding-policy.service.js';
import type { VisitChecks } from './check.type.js';
import { PregnancyPolicyService } from './pregnancy-policy.service.js';
import { cameraOf } from './safety-check.service.js';
import { SafetyTemplateService } from './safety-template.service.js';
import { toSafetyTemplate } from './safety-template.type.js';
import { TableLimitService } from './table-limit.service.js';

/** In which words a patient is asked on a day, and what the table bears. */
@Injectable()
export class CheckAskingService {
  constructor(
    @Inject(PregnancyPolicyService) private readonly pregnancy: PregnancyPolicyService,
    @Inject(BreastFeedingPolicyService) private readonly breastFeeding: BreastFeedingPolicyService,
    @Inject(SafetyTemplateService) private readonly templates: SafetyTemplateService,
    @Inject(TableLimitService) private readonly limits: TableLimitService,
  ) {}

  async toAsk(
    tx: Tx,
    visit: Visit,
    on: Temporal.PlainDate,
  ): Promise<
    Pick<VisitChecks, 'pregnancyPolicy' | 'breastFeedingPolicy' | 'safetyTemplate' | 'weightLimitKg'>
  > {
    const template = await this.templates.inForce(tx, visit.visitTypeCode, on);
    return {
      pregnancyPolicy: await this.pregnancy.inForce(tx, on),
      breastFeedingPolicy: await this.breastFeeding.inForce(tx, visit.visitTypeCode, on),
      safetyTemplate: template === null ? null : toSafetyTemplate(template),
      weightLimitKg: await this.limits.limitOf(tx, cameraOf(visit), on),
    };
  }
}
