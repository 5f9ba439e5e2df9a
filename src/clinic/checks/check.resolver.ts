import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { BreastFeedingEnquiryService } from './breast-feeding-enquiry.service.js';
import { VisitChecks } from './check.type.js';
import { CheckDecisionService } from './check-decision.service.js';
import {
  DecideOnCheckInput,
  RecordBreastFeedingEnquiryInput,
  RecordIdentityCheckInput,
  RecordPregnancyEnquiryInput,
  RecordSafetyCheckInput,
} from './check-input.type.js';
import { CheckRecordService } from './check-record.service.js';
import {
  DecideOnCheckResult,
  RecordBreastFeedingEnquiryResult,
  RecordIdentityCheckResult,
  RecordPregnancyEnquiryResult,
  RecordSafetyCheckResult,
  WitnessPregnancyEnquiryResult,
} from './check-result.type.js';
import { IdentityCheckService } from './identity-check.service.js';
import { PregnancyEnquiryService } from './pregnancy-enquiry.service.js';
import { SafetyCheckService } from './safety-check.service.js';

@Resolver(() => VisitChecks)
export class CheckResolver {
  constructor(
    @Inject(CheckRecordService) private readonly records: CheckRecordService,
    @Inject(IdentityCheckService) private readonly identity: IdentityCheckService,
    @Inject(PregnancyEnquiryService) private readonly pregnancy: PregnancyEnquiryService,
    @Inject(BreastFeedingEnquiryService) private readonly breastFeeding: BreastFeedingEnquiryService,
    @Inject(SafetyCheckService) private readonly safety: SafetyCheckService,
    @Inject(CheckDecisionService) private readonly decisions: CheckDecisionService,
  ) {}

  @Allow(Permission.READ_CHECK)
  @Query(() => VisitChecks, {
    description:
      'The checks before a tracer is given: how they stand, what is to be asked, what was recorded. The look is recorded. Needs READ_CHECK.',
  })
  visitChecks(
    @CurrentActor() actor: StaffActor,
    @Args('visitId', { type: () => ID, description: 'Id of the visit.' }) visitId: string,
  ) {
    return this.records.visitChecks(actor, visitId);
  }

  @Allow(Permission.RECORD_CHECK)
  @Mutation(() => RecordIdentityCheckResult, {
    description:
      'Records who somebody said that they are, on the day of the visit; the asker is whoever is signed in. Refused as CheckNotOnTheDay, ' +
      'VisitNotToBeChecked, NotEntitledToCheck (IDENTIFY_PATIENT) or CheckAlreadyMade. Needs RECORD_CHECK.',
  })
  recordIdentityCheck(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What was said.' }) input: RecordIdentityCheckInput,
  ) {
    return this.identity.recordIdentityCheck(actor, input);
  }

  @Allow(Permission.RECORD_CHECK)
  @Mutation(() => RecordPregnancyEnquiryResult, {
    description:
      'Records the answer to the question about pregnancy, on the day of the visit; the asker is whoever is signed in. Refused as ' +
      'CheckNotOnTheDay, VisitNotToBeChecked, NotEntitledToCheck (ENQUIRE_PREGNANCY) or CheckAlreadyMade. Needs RECORD_CHECK.',
  })
  recordPregnancyEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answer.' }) input: RecordPregnancyEnquiryInput,
  ) {
    return this.pregnancy.recordPregnancyEnquiry(actor, input);
  }

  @Allow(Permission.RECORD_CHECK)
  @Mutation(() => RecordBreastFeedingEnquiryResult, {
    description:
      'Records the answer to the question about breast-feeding, and the advice, on the day of the visit. Refused as CheckNotOnTheDay, ' +
      'VisitNotToBeChecked, NotEntitledToCheck (ENQUIRE_PREGNANCY) or CheckAlreadyMade. Needs RECORD_CHECK.',
  })
  recordBreastFeedingEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answer.' }) input: RecordBreastFeedingEnquiryInput,
  ) {
    return this.breastFeeding.recordBreastFeedingEnquiry(actor, input);
  }

  @Allow(Permission.RECORD_CHECK)
  @Mutation(() => RecordSafetyCheckResult, {
    description:
      'Records the safety checklist as it was gone through, on the day of the visit. Refused as CheckNotOnTheDay, VisitNotToBeChecked, ' +
      'SafetyItemsDiffer or CheckAlreadyMade. Needs RECORD_CHECK.',
  })
  recordSafetyCheck(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answers.' }) input: RecordSafetyCheckInput,
  ) {
    return this.safety.recordSafetyCheck(actor, input);
  }

  @Allow(Permission.RECORD_CHECK)
  @Mutation(() => WitnessPregnancyEnquiryResult, {
    description:
      'Whoever is signed in says that they were there when somebody else asked about pregnancy. Refused as CheckNotOnTheDay, ' +
      'VisitNotToBeChecked, CheckReplaced, WitnessIsAsker or AlreadyWitnessed. Needs RECORD_CHECK.',
  })
  witnessPregnancyEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('checkId', { type: () => ID, description: 'Id of the enquiry.' }) checkId: string,
  ) {
    return this.decisions.witnessPregnancyEnquiry(actor, checkId);
  }

  @Allow(Permission.RECORD_CHECK)
  @Mutation(() => DecideOnCheckResult, {
    description:
      'Whoever is signed in decides whether to go on where a check was not as it should be: on pregnancy a practitioner (entitled to ' +
      'JUSTIFY), on safety whom the checklist names. Refused as CheckNotOnTheDay, VisitNotToBeChecked, CheckReplaced, NothingToDecide, ' +
      'NotToBeDecided, NotEntitledToCheck or CheckAlreadyDecided. Needs RECORD_CHECK.',
  })
  decideOnCheck(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The decision.' }) input: DecideOnCheckInput,
  ) {
    return this.decisions.decideOnCheck(actor, input);
  }
}
