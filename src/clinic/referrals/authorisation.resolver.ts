import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { AuthorisationService } from './authorisation.service.js';
import {
  CorrectAuthorisationInput,
  CorrectAuthorisationResult,
  RecordAuthorisationInput,
  ReferralAuthorisation,
  RetireAuthorisationInput,
} from './authorisation.type.js';
import { Referral } from './referral.type.js';

const AUTHORISATIONS = Symbol('authorisations of referrals');

@Resolver(() => Referral)
export class AuthorisationResolver {
  constructor(@Inject(AuthorisationService) private readonly authorisationService: AuthorisationService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [ReferralAuthorisation], {
    description: 'What insurers have agreed to, by its first day. The look is recorded. Needs READ_REFERRAL.',
  })
  async authorisations(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, AUTHORISATIONS, (ids) =>
      this.authorisationService.authorisationsOf(actor, ids),
    );
    return (await loader.load(referral.id)) ?? [];
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => ReferralAuthorisation, {
    description:
      'Records what an insurer has agreed to pay. BAD_INPUT names the field. Needs RECEIVE_REFERRAL.',
  })
  recordAuthorisation(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is agreed.' }) input: RecordAuthorisationInput,
  ) {
    return this.authorisationService.recordAuthorisation(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => CorrectAuthorisationResult, {
    description:
      'Corrects an entry; the earlier one stays in the audit trail. BAD_INPUT names the field. Refused as ReferralContentChanged or ReferralContentRetired. Needs RECEIVE_REFERRAL.',
  })
  correctAuthorisation(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry as it should have been.' }) input: CorrectAuthorisationInput,
  ) {
    return this.authorisationService.correctAuthorisation(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => CorrectAuthorisationResult, {
    description:
      'Takes an entry away that does not hold. Refused as ReferralContentChanged or ReferralContentRetired. Needs RECEIVE_REFERRAL.',
  })
  retireAuthorisation(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: RetireAuthorisationInput,
  ) {
    return this.authorisationService.retireAuthorisation(actor, input);
  }
}
