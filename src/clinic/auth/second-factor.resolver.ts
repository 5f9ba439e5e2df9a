import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from './permission.type.js';
import { SecondFactorService } from './second-factor.service.js';
import {
  BeginSecondFactorResult,
  ConfirmSecondFactorResult,
  RemoveMySecondFactorResult,
  RemoveSecondFactorInput,
  RemoveSecondFactorResult,
  RenewRecoveryCodesResult,
  SecondFactorCodeInput,
  SecondFactorStanding,
} from './second-factor.type.js';

@Resolver(() => SecondFactorStanding)
export class SecondFactorResolver {
  constructor(@Inject(SecondFactorService) private readonly factors: SecondFactorService) {}

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => SecondFactorStanding, {
    description: 'How your own second factor stands. Needs READ_OWN_SESSION.',
  })
  mySecondFactor(@CurrentActor() actor: StaffActor) {
    return this.factors.standing(actor);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @Mutation(() => BeginSecondFactorResult, {
    description:
      'Begins to set up a second factor of your own; it counts when confirmSecondFactor was given a code of it. Refused as SecondFactorAlreadyThere or SecondFactorUnavailable. Needs READ_OWN_SESSION.',
  })
  beginSecondFactor(@CurrentActor() actor: StaffActor) {
    return this.factors.beginSecondFactor(actor);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @Mutation(() => ConfirmSecondFactorResult, {
    description:
      'Shows that the app gives the right codes; from now on signing asks for one. Refused as SecondFactorWrong, SecondFactorMissing or SecondFactorAlreadyThere. Needs READ_OWN_SESSION.',
  })
  confirmSecondFactor(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The code that the app shows now.' }) input: SecondFactorCodeInput,
  ) {
    return this.factors.confirmSecondFactor(actor, input.code);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @Mutation(() => RenewRecoveryCodesResult, {
    description:
      'New recovery codes of your own; the old ones serve no more. Needs a code of the app: refused as SecondFactorWrong or SecondFactorMissing. Needs READ_OWN_SESSION.',
  })
  renewRecoveryCodes(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The code that the app shows now.' }) input: SecondFactorCodeInput,
  ) {
    return this.factors.renewRecoveryCodes(actor, input.code);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @Mutation(() => RemoveMySecondFactorResult, {
    description:
      'Takes away your own second factor, with a code of it. Refused as SecondFactorWrong or SecondFactorMissing. Needs READ_OWN_SESSION.',
  })
  removeMySecondFactor(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'A code of it.' }) input: SecondFactorCodeInput,
  ) {
    return this.factors.removeMySecondFactor(actor, input.code);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => RemoveSecondFactorResult, {
    description:
      'Takes away the second factor of somebody who has lost theirs. Refused as SecondFactorMissing, and of your own as SecondFactorOwn. Needs MANAGE_STAFF.',
  })
  removeSecondFactor(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Whose, and why.' }) input: RemoveSecondFactorInput,
  ) {
    return this.factors.removeSecondFactor(actor, input);
  }
}
