import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CommunicationNeedService } from './communication-need.service.js';
import {
  CommunicationNeed,
  CommunicationNeedKind,
  CommunicationNeedPage,
  EndCommunicationNeedInput,
  EndCommunicationNeedResult,
  RecordCommunicationNeedInput,
  RecordCommunicationNeedResult,
  ReviewCommunicationNeedInput,
  ReviewCommunicationNeedResult,
} from './communication-need.type.js';
import { Patient } from './patient.type.js';

const NEEDS = Symbol('communication needs by patient');

@Resolver(() => Patient)
export class CommunicationNeedResolver {
  constructor(@Inject(CommunicationNeedService) private readonly needs: CommunicationNeedService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [CommunicationNeed], {
    description:
      'What the patient needs so that we understand each other: those that are there, in the order in which they were ' +
      'recorded; with `ended: true` also those that are there no longer. Needs READ_PATIENT.',
  })
  async communicationNeeds(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @Args('ended', {
      type: () => Boolean,
      nullable: true,
      defaultValue: false,
      description: 'Also those that have ended.',
    })
    ended: boolean | null,
  ) {
    const loader = requestLoader(request, NEEDS, (ids) => this.needs.ofPatients(ids));
    const needs = (await loader.load(patient.id)) ?? [];
    return ended === true ? needs : needs.filter(({ endedAt }) => endedAt === null);
  }

  @Allow(Permission.READ_PATIENT)
  @Query(() => [CommunicationNeedKind], {
    description: 'What can be recorded as a need, by category and name. Needs READ_PATIENT.',
  })
  communicationNeedKinds() {
    return this.needs.communicationNeedKinds();
  }

  @Allow(Permission.READ_PATIENT)
  @Query(() => CommunicationNeedPage, {
    description:
      'Needs about which it is time to ask again, those first that have waited longest. The look is recorded. Needs READ_PATIENT.',
  })
  communicationNeedsDue(
    @CurrentActor() actor: StaffActor,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.needs.communicationNeedsDue(actor, page);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => RecordCommunicationNeedResult, {
    description:
      'Records what a patient needs; from now on it is shown with the patient. Refused as CommunicationNeedRecorded when the ' +
      'record says it already. Needs CORRECT_PATIENT.',
  })
  recordCommunicationNeed(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The need.' }) input: RecordCommunicationNeedInput,
  ) {
    return this.needs.recordCommunicationNeed(actor, input);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => ReviewCommunicationNeedResult, {
    description:
      'Writes down that somebody asked again, whether the need had been met, and when to ask next. Refused as ' +
      'CommunicationNeedChanged when somebody else did so first. Needs CORRECT_PATIENT.',
  })
  reviewCommunicationNeed(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What was found.' }) input: ReviewCommunicationNeedInput,
  ) {
    return this.needs.reviewCommunicationNeed(actor, input);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => EndCommunicationNeedResult, {
    description:
      'The need is there no longer, or never was; it stays on the record as ended. Refused as CommunicationNeedChanged ' +
      'when it was reviewed or ended meanwhile. Needs CORRECT_PATIENT.',
  })
  endCommunicationNeed(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which need, and why.' }) input: EndCommunicationNeedInput,
  ) {
    return this.needs.endCommunicationNeed(actor, input);
  }
}
