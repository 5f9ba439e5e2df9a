import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import {
  ClaimEnquiryResult,
  CloseEnquiryInput,
  CloseEnquiryResult,
  EnquiryTextInput,
  MarkSpamResult,
  NoteOnEnquiryResult,
  NotSpamResult,
  RecordPrivacyNoticeInput,
  RecordPrivacyNoticeResult,
  ReleaseEnquiryResult,
  ReopenEnquiryResult,
  ReplyToEnquiryResult,
} from './enquiry-action.type.js';
import { EnquiryHandlingService } from './enquiry-handling.service.js';

const ENQUIRY_ID = { type: () => ID, description: 'Id of the enquiry.' } as const;

@Resolver()
export class EnquiryHandlingResolver {
  constructor(@Inject(EnquiryHandlingService) private readonly handling: EnquiryHandlingService) {}

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => ClaimEnquiryResult, {
    description:
      'Takes an enquiry: one person has it at a time. Refused as EnquiryAlreadyClaimed or EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  claimEnquiry(@CurrentActor() actor: StaffActor, @Args('enquiryId', ENQUIRY_ID) enquiryId: string) {
    return this.handling.claimEnquiry(actor, enquiryId);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => ReleaseEnquiryResult, {
    description:
      "Gives an enquiry back to all, one's own or a colleague's. Refused as EnquiryNotInState. Needs HANDLE_ENQUIRY.",
  })
  releaseEnquiry(@CurrentActor() actor: StaffActor, @Args('enquiryId', ENQUIRY_ID) enquiryId: string) {
    return this.handling.releaseEnquiry(actor, enquiryId);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => NoteOnEnquiryResult, {
    description: 'Adds a note among ourselves. Refused as EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  noteOnEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The note.' }) input: EnquiryTextInput,
  ) {
    return this.handling.noteOnEnquiry(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => ReplyToEnquiryResult, {
    description:
      'Writes to the enquirer by e-mail. Refused as EnquirerHasNoEmail, EnquiryAlreadyClaimed or EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  replyToEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The reply.' }) input: EnquiryTextInput,
  ) {
    return this.handling.replyToEnquiry(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => CloseEnquiryResult, {
    description:
      'Ends an enquiry with a reason. Refused as RedFlagOpen, EnquiryAlreadyClaimed or EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  closeEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The end.' }) input: CloseEnquiryInput,
  ) {
    return this.handling.closeEnquiry(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => ReopenEnquiryResult, {
    description:
      'Opens a closed enquiry again; its history stays. Refused as EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  reopenEnquiry(@CurrentActor() actor: StaffActor, @Args('enquiryId', ENQUIRY_ID) enquiryId: string) {
    return this.handling.reopenEnquiry(actor, enquiryId);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => MarkSpamResult, {
    description:
      'Puts an enquiry away as spam; it is kept. Refused as RedFlagOpen, EnquiryAlreadyClaimed or EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  markSpam(@CurrentActor() actor: StaffActor, @Args('enquiryId', ENQUIRY_ID) enquiryId: string) {
    return this.handling.markSpam(actor, enquiryId);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => NotSpamResult, {
    description:
      'Says that it was from a person after all; it is new and is acknowledged. Refused as EnquiryNotInState. Needs HANDLE_ENQUIRY.',
  })
  notSpam(@CurrentActor() actor: StaffActor, @Args('enquiryId', ENQUIRY_ID) enquiryId: string) {
    return this.handling.notSpam(actor, enquiryId);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordPrivacyNoticeResult, {
    description:
      'Records that the privacy notice in force was read out or sent. BAD_INPUT for another version; refused as PrivacyNoticeAlreadyShown. Needs HANDLE_ENQUIRY.',
  })
  recordPrivacyNotice(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What was shown.' }) input: RecordPrivacyNoticeInput,
  ) {
    return this.handling.recordPrivacyNotice(actor, input);
  }
}
