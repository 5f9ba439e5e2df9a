import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { MeetingAbsenceService } from './meeting-absence.service.js';
import { MeetingSeriesService } from './meeting-series.service.js';
import {
  BeginMeetingSeriesInput,
  ChangeMeetingSeriesInput,
  ChangeMeetingSeriesResult,
  DisciplineAbsence,
  EndMeetingSeriesInput,
  EndMeetingSeriesResult,
  MeetingSeries,
  MeetingsPlanned,
  MemberAbsence,
  PlanSeriesInput,
} from './meeting-series.type.js';

@Resolver(() => MeetingSeries)
export class MeetingSeriesResolver {
  constructor(
    @Inject(MeetingSeriesService) private readonly series: MeetingSeriesService,
    @Inject(MeetingAbsenceService) private readonly absences: MeetingAbsenceService,
  ) {}

  @Allow(Permission.READ_MEETING)
  @Query(() => [MeetingSeries], { description: 'Series of meetings, by name. Needs READ_MEETING.' })
  meetingSeries() {
    return this.series.meetingSeries();
  }

  @Allow(Permission.READ_MEETING)
  @Query(() => [DisciplineAbsence], {
    description:
      'Which discipline of the quorum was missing how often at the meetings of a series that were held. Needs READ_MEETING.',
  })
  meetingAbsences(
    @Args('seriesId', { type: () => ID, description: 'Which series.' }, ParseUUIDPipe) seriesId: string,
    @Args('from', { type: () => LocalDate, description: 'From this day on.' }) from: string,
    @Args('until', { type: () => LocalDate, description: 'Until this day, included.' }) until: string,
  ) {
    return this.absences.byDiscipline(seriesId, from, until);
  }

  @Allow(Permission.READ_MEETING)
  @Query(() => [MemberAbsence], {
    description:
      'Who of the members was missing how often at the meetings of a series that were held, whoever missed most first. Needs READ_MEETING.',
  })
  memberAbsences(
    @Args('seriesId', { type: () => ID, description: 'Which series.' }, ParseUUIDPipe) seriesId: string,
    @Args('from', { type: () => LocalDate, description: 'From this day on.' }) from: string,
    @Args('until', { type: () => LocalDate, description: 'Until this day, included.' }) until: string,
  ) {
    return this.absences.byMember(seriesId, from, until);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => MeetingSeries, {
    description: 'Begins a series of meetings; planSeries makes the meetings. Needs RUN_MEETING.',
  })
  beginMeetingSeries(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'How it is held.' }) input: BeginMeetingSeriesInput,
  ) {
    return this.series.beginMeetingSeries(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => ChangeMeetingSeriesResult, {
    description:
      'Changes how a series is held, from a day on; what is planned already stays. Refused as SeriesTermAlreadySet or SeriesEnded. Needs RUN_MEETING.',
  })
  changeMeetingSeries(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'How it is held from then on.' }) input: ChangeMeetingSeriesInput,
  ) {
    return this.series.changeMeetingSeries(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => EndMeetingSeriesResult, {
    description:
      'A series ends; what is planned already is cancelled one by one. Refused as SeriesEnded. Needs RUN_MEETING.',
  })
  endMeetingSeries(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and from which day on.' }) input: EndMeetingSeriesInput,
  ) {
    return this.series.endMeetingSeries(actor, input);
  }

  @Allow(Permission.RUN_MEETING)
  @Mutation(() => MeetingsPlanned, {
    description:
      'Plans the meetings of a series that are not there yet. Sending it again plans nothing twice. Needs RUN_MEETING.',
  })
  planSeries(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which series, and until when.' }) input: PlanSeriesInput,
  ) {
    return this.series.planSeries(actor, input);
  }
}
