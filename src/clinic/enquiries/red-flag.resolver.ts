import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { EnquiryService } from './enquiry.service.js';
import { Enquiry } from './enquiry.type.js';
import {
  AcknowledgeRedFlagResult,
  CloseRedFlagInput,
  CloseRedFlagResult,
  RecordRedFlagsInput,
  RecordRedFlagsResult,
  RecordReferralRedFlagsInput,
  RedFlagAlert,
  RedFlagAlertFilterInput,
  RedFlagAlertPage,
  RedFlagQuestionnaire,
  SetRedFlagQuestionnaireInput,
  SetRedFlagQuestionnaireResult,
} from './red-flag.type.js';
import { RedFlagAlertService } from './red-flag-alert.service.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';
import { RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';
import { ReferralRedFlagService } from './referral-red-flag.service.js';

const ENQUIRIES = Symbol('enquiries of red-flag alerts');

@Resolver(() => RedFlagAlert)
export class RedFlagResolver {
  constructor(
    @Inject(RedFlagAlertService) private readonly alerts: RedFlagAlertService,
    @Inject(RedFlagAskingService) private readonly askings: RedFlagAskingService,
    @Inject(RedFlagQuestionnaireService) private readonly questionnaires: RedFlagQuestionnaireService,
    @Inject(EnquiryService) private readonly enquiryService: EnquiryService,
    @Inject(ReferralRedFlagService) private readonly referrals: ReferralRedFlagService,
  ) {}

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => RedFlagAlertPage, {
    description: 'Alerts, the oldest first. The look is recorded. Needs READ_ENQUIRY.',
  })
  redFlagAlerts(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => RedFlagAlertFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: RedFlagAlertFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.alerts.redFlagAlerts(actor, filter, page);
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => Enquiry, {
    nullable: true,
    description:
      'The enquiry that it is about; null: it is about a referral. The look is recorded. Needs READ_ENQUIRY.',
  })
  enquiry(
    @Parent() alert: RedFlagAlert,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    if (alert.enquiryId === null) return null;
    const loader = requestLoader(request, ENQUIRIES, (ids) => this.enquiryService.viewedByIds(actor, ids));
    return loader.load(alert.enquiryId);
  }

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => [RedFlagQuestionnaire], {
    description:
      'The questions about dangerous signs in all their versions, the newest first. Needs READ_ENQUIRY.',
  })
  redFlagQuestionnaires() {
    return this.questionnaires.questionnaires();
  }

  @Allow(Permission.MANAGE_ENQUIRIES)
  @Mutation(() => SetRedFlagQuestionnaireResult, {
    description:
      'Sets new questions about dangerous signs from a time on; those of before stay as they were. Refused as ' +
      'QuestionnaireVersionTaken or CaudaEquinaNotAsked. Needs MANAGE_ENQUIRIES.',
  })
  setRedFlagQuestionnaire(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The questions.' }) input: SetRedFlagQuestionnaireInput,
  ) {
    return this.questionnaires.setRedFlagQuestionnaire(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordRedFlagsResult, {
    description:
      'Records the answers of somebody who was asked later, such as on being rung back. A yes raises an alert, and the ' +
      'answer says what to tell them at once. Refused as RedFlagQuestionsDiffer. Needs HANDLE_ENQUIRY.',
  })
  recordRedFlags(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answers.' }) input: RecordRedFlagsInput,
  ) {
    return this.askings.recordRedFlags(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordRedFlagsResult, {
    description:
      'Records the answers about a patient who is referred: those of the letter, or the patient’s when rung. A yes raises ' +
      'an alert at once, and the answer says what to tell them. Refused as RedFlagQuestionsDiffer. Needs HANDLE_ENQUIRY.',
  })
  recordReferralRedFlags(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answers.' }) input: RecordReferralRedFlagsInput,
  ) {
    return this.referrals.recordReferralRedFlags(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => AcknowledgeRedFlagResult, {
    description:
      'Says that somebody has seen an alert; it stays open. Refused as RedFlagAlertClosed. Needs HANDLE_ENQUIRY.',
  })
  acknowledgeRedFlag(
    @CurrentActor() actor: StaffActor,
    @Args('alertId', { type: () => ID, description: 'Id of the alert.' }) alertId: string,
  ) {
    return this.alerts.acknowledgeRedFlag(actor, alertId);
  }

  @Allow(Permission.CLOSE_RED_FLAG)
  @Mutation(() => CloseRedFlagResult, {
    description:
      'Closes an alert with the note of the clinician who is signed in. Refused as RedFlagAlertClosed. Needs CLOSE_RED_FLAG.',
  })
  closeRedFlag(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The note.' }) input: CloseRedFlagInput,
  ) {
    return this.alerts.closeRedFlag(actor, input);
  }
}
