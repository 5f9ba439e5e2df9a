import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { MeetingService } from './meeting.service.js';
import {
  BeginMeetingResult,
  CancelMeetingInput,
  CancelMeetingResult,
  CloseMeetingResult,
  Meeting,
  MeetingFilterInput,
  MeetingPage,
  PlanMeetingInput,
  PlanMeetingResult,
  RecordAttendanceInput,
  RecordAttendanceResult,
  RecordLeavingInput,
  RecordLeavingResult,
} from './meeting.type.js';
import { MeetingPlanningService } from './meeting-planning.service.js';
import { MeetingRecordService } from './meeting-record.service.js';

@Resolver(() => Meeting)
export class MeetingResolver {
  constructor(
    @Inject(MeetingRecordService) private readonly records: MeetingRecordService,
    @Inject(MeetingPlanningService) private readonly planning: MeetingPlanningService,
    @Inject(MeetingService) private readonly service: MeetingService,
  ) {}

  @Allow(Permission.READ_MEETING)
  @Query(() => Meeting, { description: 'A meeting of the team. Needs READ_MEETING.' })
  meeting(@Args('id', { type: () => ID, description: 'Which one.' }, ParseUUIDPipe) id: string) {
    return this.records.meeting(id);
  }

  @Allow(Permission.READ_MEETING)
  @Query(() => MeetingPage, {
    description: 'Meetings of the team, in the order of time. Needs READ_MEETING.',
  })
  meetings(
    @Args('filter', {
      type: () => MeetingFilterInput,
      defaultValue: {},
      description: 'Narrows the list. Left out: all.',
    })
    filter: MeetingFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.meetings(filter, page);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => PlanMeetingResult, {
    description: 'Plans a single meeting, of no series. Refused as MeetingAlreadyPlanned. Needs RUN_MEETING.',
  })
  planMeeting(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'When, where and with whom.' }) input: PlanMeetingInput,
  ) {
    return this.planning.planMeeting(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => CancelMeetingResult, {
    description:
      'A meeting does not take place; its cases wait for another list. Refused as MeetingStandsOtherwise. Needs RUN_MEETING.',
  })
  cancelMeeting(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: CancelMeetingInput,
  ) {
    return this.planning.cancelMeeting(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => BeginMeetingResult, {
    description:
      'The team meets; its list has to be closed by then. Refused as MeetingStandsOtherwise. Needs RUN_MEETING.',
  })
  beginMeeting(
    @CurrentActor() actor: StaffActor,
    @Args('meetingId', { type: () => ID, description: 'Which one.' }, ParseUUIDPipe) meetingId: string,
  ) {
    return this.service.beginMeeting(actor, meetingId);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => CloseMeetingResult, {
    description:
      'The meeting is over, once. Whoever is still there leaves. Refused as MeetingStandsOtherwise, or as CasesNotSettled while something on its list was neither discussed nor deferred, or was discussed without a record of what was decided. Needs RUN_MEETING.',
  })
  closeMeeting(
    @CurrentActor() actor: StaffActor,
    @Args('meetingId', { type: () => ID, description: 'Which one.' }, ParseUUIDPipe) meetingId: string,
  ) {
    return this.service.closeMeeting(actor, meetingId);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => RecordAttendanceResult, {
    description:
      'Somebody is there, in person or by video, for one discipline. Refused as MeetingStandsOtherwise, MemberDisciplineNotHeld or AlreadyPresent. Needs RUN_MEETING.',
  })
  recordAttendance(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who, for which discipline, and since when.' })
    input: RecordAttendanceInput,
  ) {
    return this.service.recordAttendance(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => RecordLeavingResult, {
    description: 'Somebody has left. Refused as MeetingStandsOtherwise or AlreadyLeft. Needs RUN_MEETING.',
  })
  recordLeaving(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Whose attendance ends, and when.' }) input: RecordLeavingInput,
  ) {
    return this.service.recordLeaving(actor, input);
  }
}
