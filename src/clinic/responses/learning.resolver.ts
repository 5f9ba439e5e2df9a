import { Inject } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { TreatmentKind } from '../../platform/database/generated/enums.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { LearningService } from './learning.service.js';
import { ClinicLearning } from './learning.type.js';
import { PainSourceService } from './pain-source.service.js';
import { PainSourceMap } from './pain-source.type.js';

@Resolver(() => ClinicLearning)
export class LearningResolver {
  constructor(
    @Inject(LearningService) private readonly learning: LearningService,
    @Inject(PainSourceService) private readonly sources: PainSourceService,
  ) {}

  @Allow(Permission.READ_RESPONSE)
  @Query(() => PainSourceMap, {
    description:
      'What may be the source of a patient’s pain: findings of reports as they stand, treatments, and what their responses say; ' +
      'and what to test next. NOT_FOUND when there is no such patient. The look is recorded. Needs READ_RESPONSE.',
  })
  painSourceMap(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'Whose.' }) patientId: string,
  ) {
    return this.sources.painSourceMap(actor, patientId);
  }

  @Allow(Permission.READ_LEARNING)
  @Query(() => ClinicLearning, {
    description:
      'What the clinic learns of its treatments of a kind: responses by structure, uptake, level, operator and agent, and what the ' +
      'scan predicts, with 95 % intervals. Groups of few patients are not shown. The look is recorded. Needs READ_LEARNING.',
  })
  clinicLearning(
    @CurrentActor() actor: StaffActor,
    @Args('kind', { type: () => TreatmentKind, description: 'Of which kind.' }) kind: TreatmentKind,
  ) {
    return this.learning.clinicLearning(actor, kind);
  }

  @Allow(Permission.READ_LEARNING)
  @Query(() => String, {
    description:
      'The same as CSV (RFC 4180, with a head). Text that a spreadsheet would run as a formula has an apostrophe before it. That it ' +
      'was taken out is recorded. Needs READ_LEARNING.',
  })
  clinicLearningCsv(
    @CurrentActor() actor: StaffActor,
    @Args('kind', { type: () => TreatmentKind, description: 'Of which kind.' }) kind: TreatmentKind,
  ) {
    return this.learning.clinicLearningCsv(actor, kind);
  }
}
