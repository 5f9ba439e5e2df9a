import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { WorklistExplanationService } from './worklist-explanation.service.js';
import { WorklistExplanation } from './worklist-explanation.type.js';

@Resolver(() => WorklistExplanation)
export class WorklistExplanationResolver {
  constructor(
    @Inject(WorklistExplanationService) private readonly explanations: WorklistExplanationService,
  ) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => WorklistExplanation, {
    description:
      'Why a scanner sees a booking or does not: replays its recent queries against the booking, key by key, and looks at its profile and at calls that were turned away. Needs READ_SCAN; looking is recorded.',
  })
  explainWorklist(
    @CurrentActor() actor: StaffActor,
    @Args('scanBookingId', { type: () => ID, description: 'Which booking.' }, ParseUUIDPipe)
    scanBookingId: string,
    @Args('scannerId', { type: () => ID, description: 'Which scanner.' }, ParseUUIDPipe) scannerId: string,
  ) {
    return this.explanations.explainWorklist(actor, scanBookingId, scannerId);
  }
}
