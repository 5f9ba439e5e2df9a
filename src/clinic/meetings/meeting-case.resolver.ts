import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CurrentReader, type DocumentReader } from '../documents/document-reader.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { CasePreparationService } from './case-preparation.service.js';
import { CaseRecordService } from './case-record.service.js';
import { MeetingCaseService } from './meeting-case.service.js';
import {
  BeginCaseResult,
  CaseReasonInput,
  DeferCaseResult,
  EndCaseResult,
  ListCaseInput,
  ListCaseResult,
  MeetingCase,
  PrepareCaseInput,
  PrepareCaseResult,
  ProposeCaseInput,
  ProposeCaseResult,
  ShowToTeamInput,
  ShowToTeamResult,
  WithdrawCaseResult,
  WriteCaseProformaInput,
  WriteCaseProformaResult,
} from './meeting-case.type.js';

@Resolver(() => MeetingCase)
export class MeetingCaseResolver {
  constructor(
    @Inject(CaseRecordService) private readonly records: CaseRecordService,
    @Inject(CasePreparationService) private readonly preparation: CasePreparationService,
    @Inject(MeetingCaseService) private readonly cases: MeetingCaseService,
  ) {}

  @Allow(Permission.READ_MEETING)
  @Query(() => MeetingCase, {
    description: 'A case for the team. The look is recorded. Needs READ_MEETING.',
  })
  meetingCase(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Which one.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.meetingCase(actor, id);
  }

  @Allow(Permission.READ_MEETING)
  @Query(() => [MeetingCase], {
    description:
      'Cases that wait for a list, the oldest 500, the oldest first. The look is recorded. Needs READ_MEETING.',
  })
  waitingCases(@CurrentActor() actor: StaffActor) {
    return this.records.waiting(actor);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => ProposeCaseResult, {
    description:
      'Brings a patient before the team, with a question. Header Idempotency-Key: sending it again makes no second one. Refused as IdempotencyKeyReused. Needs PREPARE_CASE.',
  })
  proposeCase(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'Who, and what the team is asked.' }) input: ProposeCaseInput,
  ) {
    return this.preparation.proposeCase(booker, input);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => PrepareCaseResult, {
    description:
      'Changes the question, who presents it, or who knows the patient. Refused as CaseStandsOtherwise or CaseChangedSince. Needs PREPARE_CASE.',
  })
  prepareCase(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What changes.' }) input: PrepareCaseInput,
  ) {
    return this.preparation.prepareCase(actor, input);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => WriteCaseProformaResult, {
    description:
      'Writes what the team has to know, the patient’s own preferences first; an older one stays. Refused as CaseStandsOtherwise or CaseChangedSince. Needs PREPARE_CASE.',
  })
  writeCaseProforma(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'All of it.' }) input: WriteCaseProformaInput,
  ) {
    return this.preparation.writeCaseProforma(actor, input);
  }

  @Allow(Permission.PREPARE_CASE, Permission.READ_FINDINGS)
  @Mutation(() => ShowToTeamResult, {
    description:
      'Adds a signed report, a score, images or a document to what the team is shown, in the version that it is shown; a document only by somebody who may open it. Refused as CaseStandsOtherwise or AlreadyShown. Needs PREPARE_CASE and READ_FINDINGS, of a document READ_DOCUMENT as well.',
  })
  showToTeam(
    @CurrentReader() reader: DocumentReader,
    @Args('input', { description: 'What is shown.' }) input: ShowToTeamInput,
  ) {
    return this.preparation.showToTeam(reader, input);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => ListCaseResult, {
    description:
      'Puts a case on the list of a meeting. Refused as CaseStandsOtherwise, CaseChangedSince, CaseNotPrepared (proforma, presenter or somebody who knows the patient is missing), AgendaClosed (a late case says how urgent it is, and why), MeetingStandsOtherwise or PatientAlreadyListed. Needs PREPARE_CASE.',
  })
  listCase(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which case, on which list.' }) input: ListCaseInput,
  ) {
    return this.cases.listCase(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => BeginCaseResult, {
    description:
      'The team begins to discuss a case. Refused as CaseStandsOtherwise, MeetingStandsOtherwise, AnotherCaseUnderDiscussion or WhoKnowsPatientAbsent. Needs RUN_MEETING.',
  })
  beginCase(
    @CurrentActor() actor: StaffActor,
    @Args('caseId', { type: () => ID, description: 'Which one.' }, ParseUUIDPipe) caseId: string,
  ) {
    return this.cases.beginCase(actor, caseId);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => EndCaseResult, {
    description: 'The team has discussed a case. Refused as CaseStandsOtherwise. Needs RUN_MEETING.',
  })
  endCase(
    @CurrentActor() actor: StaffActor,
    @Args('caseId', { type: () => ID, description: 'Which one.' }, ParseUUIDPipe) caseId: string,
  ) {
    return this.cases.endCase(actor, caseId);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => DeferCaseResult, {
    description:
      'Takes a case off its list undiscussed; it can be listed again. Refused as CaseStandsOtherwise. Needs RUN_MEETING.',
  })
  deferCase(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: CaseReasonInput,
  ) {
    return this.cases.deferCase(actor, input);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => WithdrawCaseResult, {
    description: 'Takes a case back for good. Refused as CaseStandsOtherwise. Needs PREPARE_CASE.',
  })
  withdrawCase(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: CaseReasonInput,
  ) {
    return this.cases.withdrawCase(actor, input);
  }
}
