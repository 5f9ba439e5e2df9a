import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SoonerService } from './sooner.service.js';
import { SoonerWish, WantSoonerInput, WantSoonerResult } from './sooner.type.js';
import { Visit } from './visit.type.js';

const WISHES = Symbol('wishes of visits to come sooner');

/** Patients who have a visit and would come sooner. */
@Resolver(() => Visit)
export class SoonerResolver {
  constructor(@Inject(SoonerService) private readonly sooner: SoonerService) {}

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => WantSoonerResult, {
    description:
      'Writes down that the patient of a booked visit would come sooner, or would not any more. They are asked about places that fall free before it, after those who have no visit; the visit stays until they say yes. Said twice it is said once; once they have come sooner it is forgotten. Needs BOOK_VISIT.',
  })
  wantSooner(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which visit, and whether.' }) input: WantSoonerInput,
  ) {
    return this.sooner.wantSooner(actor, input);
  }

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => SoonerWish, {
    nullable: true,
    description: 'The patient would come sooner; null: nobody has said so. Needs READ_VISIT.',
  })
  async soonerWish(@Parent() visit: Visit, @CurrentRequest() request: RequestContext) {
    return (await requestLoader(request, WISHES, (ids) => this.sooner.wishes(ids)).load(visit.id)) ?? null;
  }
}
