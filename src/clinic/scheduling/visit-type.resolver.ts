import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SetVisitProtocolInput, SetVisitProtocolResult } from './visit-protocol.type.js';
import { VisitTypeService } from './visit-type.service.js';
import { VisitType } from './visit-type.type.js';

@Resolver()
export class VisitTypeResolver {
  constructor(@Inject(VisitTypeService) private readonly visitTypesOffered: VisitTypeService) {}

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [VisitType], {
    description:
      'The kinds of visit by name, retired ones too, each as it is carried out today. Needs READ_SCHEDULE.',
  })
  visitTypes() {
    return this.visitTypesOffered.visitTypes();
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => VisitType, {
    description: 'One kind of visit as it is carried out today. Needs READ_SCHEDULE.',
  })
  visitType(@Args('code', { type: () => String, description: 'Its code in capitals.' }) code: string) {
    return this.visitTypesOffered.visitTypeNamed(code);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => SetVisitProtocolResult, {
    description:
      'Sets the steps of a kind of visit and what they need, from a day on, as a new protocol. Visits that are booked keep theirs. A kind with a companion is booked by the protocol of that part of the clinic instead. Needs MANAGE_SCHEDULE.',
  })
  setVisitProtocol(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new protocol.' }) input: SetVisitProtocolInput,
  ) {
    return this.visitTypesOffered.setVisitProtocol(actor, input);
  }
}
