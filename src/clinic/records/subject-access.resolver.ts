import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SubjectAccessHandoverService } from './subject-access-handover.service.js';
import { SubjectAccessRecordService } from './subject-access-record.service.js';
import { SubjectAccessRequestService } from './subject-access-request.service.js';
import {
  ExportPatientInput,
  PauseSubjectAccessInput,
  ReviewSubjectAccessCopyInput,
  SubjectAccessCopyFile,
  SubjectAccessFilterInput,
  SubjectAccessReasonInput,
  SubjectAccessRequest,
  SubjectAccessRequestPage,
  SubjectAccessResult,
  SubjectAccessWithholding,
  WithholdFromCopyInput,
} from './subject-access-request.type.js';

@Resolver(() => SubjectAccessRequest)
export class SubjectAccessResolver {
  constructor(
    @Inject(SubjectAccessRequestService) private readonly requests: SubjectAccessRequestService,
    @Inject(SubjectAccessHandoverService) private readonly handover: SubjectAccessHandoverService,
    @Inject(SubjectAccessRecordService) private readonly records: SubjectAccessRecordService,
  ) {}

  @Allow(Permission.EXPORT_PATIENT)
  @Query(() => SubjectAccessRequest, {
    description: 'One request for a copy. The look is recorded; NOT_FOUND otherwise. Needs EXPORT_PATIENT.',
  })
  subjectAccessRequest(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the request.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.subjectAccessRequest(actor, id);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Query(() => SubjectAccessRequestPage, {
    description:
      'Requests for copies, those due first at the top. The look is recorded. Needs EXPORT_PATIENT.',
  })
  subjectAccessRequests(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => SubjectAccessFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: SubjectAccessFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.subjectAccessRequests(actor, filter, page);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @ResolveField(() => [SubjectAccessCopyFile], {
    description:
      'The files of the copy, by path, at most 1,000. Empty while there is none. Needs EXPORT_PATIENT.',
  })
  files(@Parent() request: SubjectAccessRequest) {
    return this.records.filesOf(request.id);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @ResolveField(() => [SubjectAccessWithholding], {
    description: 'What is left out of the copy, at most 1,000 places. Needs EXPORT_PATIENT.',
  })
  withheld(@Parent() request: SubjectAccessRequest) {
    return this.records.withheldOf(request.id);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessRequest, {
    description:
      'Records a request for a copy of a patient’s record and has the copy prepared: JSON files by room, documents, a ' +
      'manifest with SHA-256. It is due in one calendar month. Fetch it at `GET /subject-access/{id}`. Needs EXPORT_PATIENT.',
  })
  exportPatient(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The request.' }) input: ExportPatientInput,
  ) {
    return this.requests.exportPatient(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'The clock stands until who asks, or what is meant, is known. Refused as SubjectAccessStandsOtherwise. ' +
      'Needs EXPORT_PATIENT.',
  })
  pauseSubjectAccess(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The request, and why.' }) input: PauseSubjectAccessInput,
  ) {
    return this.requests.pauseSubjectAccess(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'The clock goes again, and the days that it stood still are added. Refused as SubjectAccessStandsOtherwise. ' +
      'Needs EXPORT_PATIENT.',
  })
  resumeSubjectAccess(
    @CurrentActor() actor: StaffActor,
    @Args('requestId', { type: () => ID, description: 'Id of the request.' }, ParseUUIDPipe)
    requestId: string,
  ) {
    return this.requests.resumeSubjectAccess(actor, requestId);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'Two months more, which the person has to be told within the first month. Refused as ExtensionTooLate, ' +
      'SubjectAccessStandsOtherwise. Needs EXPORT_PATIENT.',
  })
  extendSubjectAccess(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The request, and why.' }) input: SubjectAccessReasonInput,
  ) {
    return this.requests.extendSubjectAccess(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'Refuses the request, with the reason that the person is told. Refused as SubjectAccessStandsOtherwise. ' +
      'Needs EXPORT_PATIENT.',
  })
  refuseSubjectAccess(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The request, and why.' }) input: SubjectAccessReasonInput,
  ) {
    return this.requests.refuseSubjectAccess(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'The person wants the copy no more. Refused as SubjectAccessStandsOtherwise. Needs EXPORT_PATIENT.',
  })
  withdrawSubjectAccess(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The request, and why.' }) input: SubjectAccessReasonInput,
  ) {
    return this.requests.withdrawSubjectAccess(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'Has the copy prepared anew from the record as it is now. Refused as SubjectAccessStandsOtherwise. ' +
      'Needs EXPORT_PATIENT.',
  })
  prepareSubjectAccessCopy(
    @CurrentActor() actor: StaffActor,
    @Args('requestId', { type: () => ID, description: 'Id of the request.' }, ParseUUIDPipe)
    requestId: string,
  ) {
    return this.handover.prepareSubjectAccessCopy(actor, requestId);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'Leaves out of the copy what speaks of somebody else, and has it prepared anew without it. Refused as ' +
      'SubjectAccessStandsOtherwise. Needs EXPORT_PATIENT.',
  })
  withholdFromCopy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What, and why.' }) input: WithholdFromCopyInput,
  ) {
    return this.handover.withholdFromCopy(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'Says that the places of a copy that may speak of other people were looked at. Refused as CopyNotReady, ' +
      'SubjectAccessStandsOtherwise. Needs EXPORT_PATIENT.',
  })
  reviewSubjectAccessCopy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The copy.' }) input: ReviewSubjectAccessCopyInput,
  ) {
    return this.handover.reviewSubjectAccessCopy(actor, input);
  }

  @Allow(Permission.EXPORT_PATIENT)
  @Mutation(() => SubjectAccessResult, {
    description:
      'The copy was handed over: the request is done. Refused as CopyNotReady, SubjectAccessStandsOtherwise. ' +
      'Needs EXPORT_PATIENT.',
  })
  answerSubjectAccess(
    @CurrentActor() actor: StaffActor,
    @Args('requestId', { type: () => ID, description: 'Id of the request.' }, ParseUUIDPipe)
    requestId: string,
  ) {
    return this.handover.answerSubjectAccess(actor, requestId);
  }
}
