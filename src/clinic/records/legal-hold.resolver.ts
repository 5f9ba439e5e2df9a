import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { LegalHoldService } from './legal-hold.service.js';
import {
  LegalHold,
  LegalHoldFilterInput,
  LegalHoldPage,
  LiftLegalHoldInput,
  LiftLegalHoldResult,
  PlaceLegalHoldInput,
  PlaceLegalHoldResult,
} from './legal-hold.type.js';

@Resolver(() => LegalHold)
export class LegalHoldResolver {
  constructor(@Inject(LegalHoldService) private readonly holds: LegalHoldService) {}

  @Allow(Permission.READ_RECORDS)
  @Query(() => LegalHoldPage, {
    description:
      'What is kept from destruction, and why, the newest first. The look is recorded. Needs READ_RECORDS.',
  })
  legalHolds(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => LegalHoldFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: LegalHoldFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.holds.legalHolds(actor, filter, page);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => PlaceLegalHoldResult, {
    description:
      'Keeps a record, or one part of it, from destruction until the hold is lifted. Refused as RecordDestroyed. ' +
      'Needs MANAGE_RECORDS.',
  })
  placeLegalHold(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is kept, and why.' }) input: PlaceLegalHoldInput,
  ) {
    return this.holds.placeLegalHold(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => LiftLegalHoldResult, {
    description: 'Lets the rules decide again. Refused as LegalHoldLiftedAlready. Needs MANAGE_RECORDS.',
  })
  liftLegalHold(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The hold, and why.' }) input: LiftLegalHoldInput,
  ) {
    return this.holds.liftLegalHold(actor, input);
  }
}
