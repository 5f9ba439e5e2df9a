import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Discipline, MeetingMode } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { SeriesEnded, SeriesTermAlreadySet } from './meeting.refusals.js';
import {
  AGENDA_CLOSES_HOURS_USUAL,
  AGENDA_HOURS_MAX,
  DISCIPLINES_MAX,
  DURATION_MINUTES_MAX,
  Meeting,
  NAME_CHARACTERS_MAX,
  PLACE_CHARACTERS_MAX,
} from './meeting.type.js';

const WEEKS_MAX = 52;

@ObjectType({ description: 'How a series is held from a day on. Never edited: a change is a new term.' })
export class MeetingSeriesTerm {
  @Field(() => LocalDate, {
    description: 'From this day on; the first meeting is on the first such weekday from here.',
  })
  readonly effectiveFrom: string;

  @Field(() => Int, { description: 'Weekday by ISO 8601: Monday is 1, Sunday 7.' })
  readonly weekday: number;

  @Field(() => Int, { description: 'Every so many weeks.' })
  readonly everyWeeks: number;

  @Field(() => String, { description: 'When it begins on the clinic’s wall clock, HH:MM.' })
  readonly startsAtTime: string;

  @Field(() => Int, { description: 'How long it takes, in minutes.' })
  readonly durationMinutes: number;

  @Field(() => MeetingMode, { description: 'How people meet.' })
  readonly mode: MeetingMode;

  @Field(() => String, { description: 'Room or link.' })
  readonly place: string;

  @Field(() => ID, { description: 'Staff account of the chair.' })
  readonly chairId: string;

  @Field(() => [Discipline], { description: 'Disciplines of which somebody has to be there for a decision.' })
  readonly quorum: readonly Discipline[];

  @Field(() => Int, { description: 'So many hours before it begins its list is closed.' })
  readonly agendaClosesHours: number;

  @Field(() => Instant, { description: 'When the term was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that set it.' })
  readonly setById: string;
}

@ObjectType({ description: 'A meeting that comes again.' })
export class MeetingSeries {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => [MeetingSeriesTerm], { description: 'How it is held, by day, past and coming terms too.' })
  readonly terms: readonly MeetingSeriesTerm[];

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it is held no more; null: it goes on.',
  })
  readonly endedOn: string | null;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;
}

@ObjectType({ description: 'How often a discipline was missing at the meetings of a series that were held.' })
export class DisciplineAbsence {
  @Field(() => Discipline, { description: 'Which discipline of the quorum.' })
  readonly discipline: Discipline;

  @Field(() => Int, { description: 'Meetings that were held.' })
  readonly heldCount: number;

  @Field(() => Int, { description: 'Of those, meetings at which nobody of it was.' })
  readonly missedCount: number;

  @Field(() => Int, { description: 'How many of the last ones it missed without a break.' })
  readonly missedInARow: number;
}

@ObjectType({
  description:
    'How often a member was missing at the meetings of a series that were held. A member is whoever was there once, or chaired, from then on.',
})
export class MemberAbsence {
  @Field(() => ID, { nullable: true, description: 'Staff account; null: a member without one.' })
  readonly staffId: string | null;

  @Field(() => String, { nullable: true, description: 'Name of a member without an account.' })
  readonly guestName: string | null;

  @Field(() => String, { nullable: true, description: 'Where a member without an account works.' })
  readonly organisation: string | null;

  @Field(() => [Discipline], {
    description: 'Disciplines that they stood for so far; none: they never came.',
  })
  readonly disciplines: readonly Discipline[];

  @Field(() => Int, { description: 'Meetings that were held in these days, since they are a member.' })
  readonly heldCount: number;

  @Field(() => Int, { description: 'Of those, meetings at which they were not.' })
  readonly missedCount: number;

  @Field(() => Int, { description: 'How many of the last ones they missed without a break.' })
  readonly missedInARow: number;
}

@ObjectType({ description: 'The meetings that a series was planned with.' })
export class MeetingsPlanned {
  @Field(() => [Meeting], { description: 'Those that are new, in the order of time; none: all were there.' })
  readonly meetings: readonly Meeting[];
}

@InputType({ description: 'How a series is held from a day on.' })
export class MeetingSeriesTermInput {
  @Field(() => LocalDate, { description: 'From this day on: today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => Int, { description: 'Weekday by ISO 8601: Monday is 1, Sunday 7.' })
  @IsInt()
  @Min(1)
  @Max(7)
  readonly weekday: number;

  @Field(() => Int, { description: `Every so many weeks, 1 to ${WEEKS_MAX}.` })
  @IsInt()
  @Min(1)
  @Max(WEEKS_MAX)
  readonly everyWeeks: number;

  @Field(() => String, { description: 'When it begins on the clinic’s wall clock, HH:MM.' })
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'startsAtTime must be HH:MM, such as 13:00' })
  readonly startsAtTime: string;

  @Field(() => Int, { description: `How long it takes, 5 to ${DURATION_MINUTES_MAX} minutes.` })
  @IsInt()
  @Min(5)
  @Max(DURATION_MINUTES_MAX)
  readonly durationMinutes: number;

  @Field(() => MeetingMode, { description: 'How people meet.' })
  @IsEnum(MeetingMode)
  readonly mode: MeetingMode;

  @Field(() => String, { description: `Room or link, at most ${PLACE_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'place must not be blank' })
  @MaxLength(PLACE_CHARACTERS_MAX)
  readonly place: string;

  @Field(() => ID, { description: 'Staff account of the chair.' })
  @IsUUID()
  readonly chairId: string;

  @Field(() => [Discipline], {
    description: 'Disciplines of which somebody has to be there for a decision, each once, at least one.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(DISCIPLINES_MAX)
  @ArrayUnique()
  @IsEnum(Discipline, { each: true })
  readonly quorum: readonly Discipline[];

  @Field(() => Int, {
    nullable: true,
    description: `So many hours before it begins its list is closed, 0 to ${AGENDA_HOURS_MAX}. Left out: ${AGENDA_CLOSES_HOURS_USUAL}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(AGENDA_HOURS_MAX)
  readonly agendaClosesHours?: number | null;
}

@InputType({ description: 'A series of meetings, with how it is held from the first day on.' })
export class BeginMeetingSeriesInput extends MeetingSeriesTermInput {
  @Field(() => String, { description: `Its name, at most ${NAME_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'name must not be blank' })
  @MaxLength(NAME_CHARACTERS_MAX)
  readonly name: string;
}

@InputType({
  description:
    'A change of how a series is held, from a day on. Meetings that are planned already stay as they are.',
})
export class ChangeMeetingSeriesInput extends MeetingSeriesTermInput {
  @Field(() => ID, { description: 'Which series.' })
  @IsUUID()
  readonly seriesId: string;
}

@InputType({
  description: 'The end of a series. Meetings that are planned already are cancelled one by one.',
})
export class EndMeetingSeriesInput {
  @Field(() => ID, { description: 'Which series.' })
  @IsUUID()
  readonly seriesId: string;

  @Field(() => LocalDate, { description: 'First day on which it is held no more: today or later.' })
  @IsISO8601({ strict: true })
  readonly on: string;
}

@InputType({ description: 'Plans the meetings of a series, from today on.' })
export class PlanSeriesInput {
  @Field(() => ID, { description: 'Which series.' })
  @IsUUID()
  readonly seriesId: string;

  @Field(() => LocalDate, { description: 'Until this day, included: at most a year ahead.' })
  @IsISO8601({ strict: true })
  readonly until: string;
}

export const ChangeMeetingSeriesResult = resultUnion(
  'ChangeMeetingSeriesResult',
  MeetingSeries,
  [SeriesTermAlreadySet, SeriesEnded],
  'The series with its new term, or why there is none.',
);

export const EndMeetingSeriesResult = resultUnion(
  'EndMeetingSeriesResult',
  MeetingSeries,
  [SeriesEnded],
  'The series with its end, or why it has none.',
);
