import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { RectificationService } from './rectification.service.js';
import {
  AcceptRectificationInput,
  Addendum,
  DecideRectificationResult,
  Rectification,
  RectificationFilterInput,
  RectificationPage,
  RefuseRectificationInput,
  RequestRectificationInput,
} from './rectification.type.js';

@Resolver(() => Rectification)
export class RectificationResolver {
  constructor(@Inject(RectificationService) private readonly requests: RectificationService) {}

  @Allow(Permission.READ_RECORDS)
  @Query(() => RectificationPage, {
    description:
      'What patients say is wrong, those due first at the top. The look is recorded. Needs READ_RECORDS.',
  })
  rectifications(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => RectificationFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: RectificationFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.requests.rectifications(actor, filter, page);
  }

  @Allow(Permission.READ_PATIENT)
  @Query(() => [Addendum], {
    description:
      'What stands beside one record, oldest first, at most 200. The look is recorded. Needs READ_PATIENT.',
  })
  addenda(
    @CurrentActor() actor: StaffActor,
    @Args('subjectType', { type: () => String, description: 'Kind of record, as the audit record names it.' })
    subjectType: string,
    @Args('subjectId', { type: () => ID, description: 'Id of the record.' }, ParseUUIDPipe) subjectId: string,
  ) {
    return this.requests.addenda(actor, subjectType, subjectId);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => Rectification, {
    description:
      'Records that a patient says that something in the record is wrong. It is due in one calendar month. ' +
      'Needs MANAGE_RECORDS.',
  })
  requestRectification(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is wrong, and what is asked for.' }) input: RequestRectificationInput,
  ) {
    return this.requests.requestRectification(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => DecideRectificationResult, {
    description:
      'Puts an addendum beside the record, which itself stays as it is. Refused as RectificationDecidedAlready. ' +
      'Needs MANAGE_RECORDS.',
  })
  acceptRectification(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The addendum.' }) input: AcceptRectificationInput,
  ) {
    return this.requests.acceptRectification(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => DecideRectificationResult, {
    description:
      'Leaves the record as it stands, with the reason and the right to complain that the person is told. Refused as ' +
      'RectificationDecidedAlready. Needs MANAGE_RECORDS.',
  })
  refuseRectification(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The reason.' }) input: RefuseRectificationInput,
  ) {
    return this.requests.refuseRectification(actor, input);
  }
}
