import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import { ReferrerService } from './referrer.service.js';
import {
  ChangeReferrerResult,
  CorrectReferrerInput,
  Referrer,
  ReferrerFilterInput,
  ReferrerPage,
  RegisterReferrerInput,
  RegisterReferrerResult,
  RetireReferrerInput,
  SetReferrerEntitlementInput,
} from './referrer.type.js';

const REFERRERS = Symbol('referrers of referrals');

@Resolver(() => Referral)
export class ReferrerResolver {
  constructor(@Inject(ReferrerService) private readonly referrerService: ReferrerService) {}

  @Allow(Permission.READ_REFERRAL)
  @Query(() => Referrer, {
    description: 'One entry of the directory. NOT_FOUND otherwise. Needs READ_REFERRAL.',
  })
  referrer(@Args('id', { type: () => ID, description: 'Id of the entry.' }) id: string) {
    return this.referrerService.referrer(id);
  }

  @Allow(Permission.READ_REFERRAL)
  @Query(() => ReferrerPage, {
    description: 'The directory of those who refer, by name. Needs READ_REFERRAL.',
  })
  referrers(
    @Args('filter', { type: () => ReferrerFilterInput, defaultValue: {}, description: 'Narrows it.' })
    filter: ReferrerFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of it.' })
    page: PageInput,
  ) {
    return this.referrerService.referrers(filter, page);
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField('referrer', () => Referrer, {
    nullable: true,
    description:
      'The referrer as the directory has them now; null when the referral names nobody there. Needs READ_REFERRAL.',
  })
  async referrerOf(@Parent() referral: Referral, @CurrentRequest() request: RequestContext) {
    if (referral.referrerId === null) return null;
    const loader = requestLoader(request, REFERRERS, (ids) => this.referrerService.byIds(ids));
    return (await loader.load(referral.referrerId)) ?? null;
  }

  @Allow(Permission.MANAGE_REFERRERS)
  @Mutation(() => RegisterReferrerResult, {
    description:
      'Puts somebody into the directory. BAD_INPUT names the field. Refused as ReferrerRegistrationTaken. Needs MANAGE_REFERRERS.',
  })
  registerReferrer(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry.' }) input: RegisterReferrerInput,
  ) {
    return this.referrerService.registerReferrer(actor, input);
  }

  @Allow(Permission.MANAGE_REFERRERS)
  @Mutation(() => ChangeReferrerResult, {
    description:
      'Corrects an entry; referrals keep what was known when they came. BAD_INPUT names the field. Refused as ReferrerRegistrationTaken, ReferrerChangedMeanwhile or ReferrerStandsOtherwise. Needs MANAGE_REFERRERS.',
  })
  correctReferrer(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is corrected.' }) input: CorrectReferrerInput,
  ) {
    return this.referrerService.correctReferrer(actor, input);
  }

  @Allow(Permission.MANAGE_REFERRERS)
  @Mutation(() => ChangeReferrerResult, {
    description:
      'Says whether somebody may refer for exposures. BAD_INPUT names the field. Refused as ReferrerChangedMeanwhile or ReferrerStandsOtherwise. Needs MANAGE_REFERRERS.',
  })
  setReferrerEntitlement(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entitlement.' }) input: SetReferrerEntitlementInput,
  ) {
    return this.referrerService.setReferrerEntitlement(actor, input);
  }

  @Allow(Permission.MANAGE_REFERRERS)
  @Mutation(() => ChangeReferrerResult, {
    description:
      'They refer no more: no new referral names them. Refused as ReferrerChangedMeanwhile or ReferrerStandsOtherwise. Needs MANAGE_REFERRERS.',
  })
  retireReferrer(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry.' }) input: RetireReferrerInput,
  ) {
    return this.referrerService.retireReferrer(actor, input);
  }

  @Allow(Permission.MANAGE_REFERRERS)
  @Mutation(() => ChangeReferrerResult, {
    description:
      'They refer again. Refused as ReferrerChangedMeanwhile or ReferrerStandsOtherwise. Needs MANAGE_REFERRERS.',
  })
  restoreReferrer(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry.' }) input: RetireReferrerInput,
  ) {
    return this.referrerService.restoreReferrer(actor, input);
  }
}
