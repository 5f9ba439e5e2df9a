import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { Referral } from '../referrals/referral.type.js';
import { VisitType } from '../scheduling/visit-type.type.js';
import { RequestService } from './request.service.js';
import {
  CloseRequestInput,
  CloseRequestResult,
  RequestVisitInput,
  RequestVisitResult,
  VisitRequest,
  VisitRequestFilterInput,
  VisitRequestPage,
} from './request.type.js';
import { RequestPeopleService } from './request-people.service.js';
import { RequestRecordService } from './request-record.service.js';

const PATIENTS = Symbol('patients of visit requests');
const REFERRALS = Symbol('referrals of visit requests');
const VISIT_TYPES = Symbol('kinds of visit of visit requests');

@Resolver(() => VisitRequest)
export class RequestResolver {
  constructor(
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestPeopleService) private readonly people: RequestPeopleService,
  ) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => VisitRequest, {
    description: 'One request for a visit. The look is recorded. NOT_FOUND otherwise. Needs READ_VISIT.',
  })
  visitRequest(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the request.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.visitRequest(actor, id);
  }

  @Allow(Permission.READ_VISIT)
  @Query(() => VisitRequestPage, {
    description:
      'The waiting list: requests whose breach is longest ago or nearest come first. The look is recorded. Needs READ_VISIT.',
  })
  visitRequests(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => VisitRequestFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: VisitRequestFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.visitRequests(actor, filter, page);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => RequestVisitResult, {
    description:
      'Puts a patient on the waiting list for a kind of visit. Its clock starts as the lead time in force says. Refused when the patient waits for the same already, and without the referral that it needs. BAD_INPUT names the field. Needs BOOK_VISIT.',
  })
  requestVisit(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who wants what, and when they can come.' }) input: RequestVisitInput,
  ) {
    return this.requests.requestVisit(actor, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => CloseRequestResult, {
    description:
      'Takes a request off the waiting list without a visit, with the reason. Refused as RequestNotWaiting when it has a visit or is closed. Needs BOOK_VISIT.',
  })
  closeRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which request, and why.' }) input: CloseRequestInput,
  ) {
    return this.requests.closeRequest(actor, input);
  }

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, { description: 'Who waits. The look is recorded. Needs READ_PATIENT.' })
  patient(
    @Parent() request: VisitRequest,
    @CurrentRequest() asked: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(asked, PATIENTS, (ids) => this.people.patients(actor, ids));
    return loader.load(request.patientId);
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => Referral, {
    nullable: true,
    description:
      'The referral it is made on; null where none is needed. The look is recorded. Needs READ_REFERRAL.',
  })
  referral(
    @Parent() request: VisitRequest,
    @CurrentRequest() asked: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    if (request.referralId === null) return null;
    const loader = requestLoader(asked, REFERRALS, (ids) => this.people.referrals(actor, ids));
    return loader.load(request.referralId);
  }

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => VisitType, { description: 'The kind of visit. Needs READ_VISIT.' })
  visitType(@Parent() request: VisitRequest, @CurrentRequest() asked: RequestContext) {
    const loader = requestLoader(asked, VISIT_TYPES, (codes) => this.people.visitTypes(codes));
    return loader.load(request.visitTypeCode);
  }
}
