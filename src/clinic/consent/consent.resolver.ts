import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { PageInput } from '../../platform/graphql/page.type.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ConsentService } from './consent.service.js';
import { ConsentRecord, ConsentRecordPage, ConsentStanding, ConsentWording } from './consent.type.js';
import {
  ConsentSubjectInput,
  RecordConsentInput,
  RecordConsentResult,
  WithdrawConsentInput,
  WithdrawConsentResult,
} from './consent-entry.type.js';
import { ConsentWordingService } from './consent-wording.service.js';

@Resolver(() => ConsentRecord)
export class ConsentResolver {
  constructor(
    @Inject(ConsentService) private readonly consentService: ConsentService,
    @Inject(ConsentWordingService) private readonly wordingService: ConsentWordingService,
  ) {}

  @Allow(Permission.READ_CONSENT)
  @Query(() => ConsentStanding, {
    description: 'Where a patient stands on a purpose, and why. Needs READ_CONSENT; the look is recorded.',
  })
  consentInForce(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'The patient.' }) patientId: string,
    @Args('purpose', { type: () => ConsentPurpose, description: 'What it is about.' })
    purpose: ConsentPurpose,
    @Args('at', { type: () => Instant, nullable: true, description: 'At which time; now when left out.' })
    at: Temporal.Instant | null,
    @Args('procedure', {
      type: () => ConsentSubjectInput,
      nullable: true,
      description: 'Of a procedure: which one and where. Without it no consent to a procedure is in force.',
    })
    procedure?: ConsentSubjectInput,
  ) {
    return this.consentService.consentInForce(actor, patientId, purpose, at ?? undefined, procedure ?? null);
  }

  @Allow(Permission.READ_CONSENT)
  @Query(() => ConsentRecordPage, {
    description: 'Every decision of a patient, the latest first. Needs READ_CONSENT; the look is recorded.',
  })
  consentRecords(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'The patient.' }) patientId: string,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.consentService.consentRecords(actor, patientId, page);
  }

  @Allow(Permission.READ_CONSENT)
  @Query(() => [ConsentWording], {
    description: 'The wordings of a purpose in all languages, the newest first. Needs READ_CONSENT.',
  })
  consentWordings(
    @Args('purpose', { type: () => ConsentPurpose, description: 'What they ask for.' })
    purpose: ConsentPurpose,
  ) {
    return this.wordingService.consentWordings(purpose);
  }

  @Allow(Permission.RECORD_CONSENT)
  @Mutation(() => RecordConsentResult, {
    description:
      'Records the answer of somebody who was asked. Needs RECORD_CONSENT. Refused as WordingNotInForce, ' +
      'WordingDiffers, ConsentStillInForce (a "no" to a consent in force is a withdrawal), ConsentIncomplete (a form that was ' +
      'left blank is not a consent) or GiverMayNotDecide.',
  })
  recordConsent(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answer.' }) input: RecordConsentInput,
  ) {
    return this.consentService.recordConsent(actor, input);
  }

  @Allow(Permission.RECORD_CONSENT)
  @Mutation(() => WithdrawConsentResult, {
    description:
      'Takes back a consent in force, at once: from the next query on no scanner is offered the patient, and what is booked is flagged. Needs RECORD_CONSENT. Refused as ' +
      'NothingToWithdraw.',
  })
  withdrawConsent(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The withdrawal.' }) input: WithdrawConsentInput,
  ) {
    return this.consentService.withdrawConsent(actor, input);
  }
}
