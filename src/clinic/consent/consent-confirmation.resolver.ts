import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ConsentRecord } from './consent.type.js';
import { ConsentConfirmationService } from './consent-confirmation.service.js';
import {
  ConfirmConsentInput,
  ConfirmConsentResult,
  InvalidateConsentInput,
  InvalidateConsentResult,
} from './consent-confirmation.type.js';

@Resolver(() => ConsentRecord)
export class ConsentConfirmationResolver {
  constructor(
    @Inject(ConsentConfirmationService) private readonly confirmations: ConsentConfirmationService,
  ) {}

  @Allow(Permission.RECORD_CONSENT)
  @Mutation(() => ConfirmConsentResult, {
    description:
      'Confirms a consent before the thing is done: the second stage of a procedure. Refused as ConsentNotInForce, ' +
      'ConsentPlaceDiffers (another side or other levels: stop) or ConsentIncomplete. Needs RECORD_CONSENT.',
  })
  confirmConsent(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The confirmation.' }) input: ConfirmConsentInput,
  ) {
    return this.confirmations.confirmConsent(actor, input);
  }

  @Allow(Permission.RECORD_CONSENT)
  @Mutation(() => InvalidateConsentResult, {
    description:
      'Records that a consent in force is not valid, with the reason. It ends at once, as by a withdrawal. Refused as ' +
      'ConsentNotInForce. Needs RECORD_CONSENT.',
  })
  invalidateConsent(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The consent and the reason.' }) input: InvalidateConsentInput,
  ) {
    return this.confirmations.invalidateConsent(actor, input);
  }
}
