import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Visit } from './visit.type.js';
import { SlipStepInput, SlipStepResult } from './visit-day.type.js';
import { VisitLegService } from './visit-leg.service.js';

@Resolver(() => Visit)
export class VisitLegResolver {
  constructor(@Inject(VisitLegService) private readonly legs: VisitLegService) {}

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => SlipStepResult, {
    description:
      'Starts a later step of a visit at another time inside its window, when the day runs late. The steps before it stay; those after it follow when they must. Needs RUN_VISIT.',
  })
  slipStep(
    @CurrentActor() actor: StaffActor,
    @Args('input', {
      type: () => SlipStepInput,
      description: 'Which step, as it was read, and its new start.',
    })
    input: SlipStepInput,
  ) {
    return this.legs.slipStep(actor, input);
  }
}
