import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
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
import { Discipline, MeetingMode, MeetingStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  AlreadyLeft,
  AlreadyPresent,
  CasesNotSettled,
  MeetingAlreadyPlanned,
  MeetingStandsOtherwise,
  MemberDisciplineNotHeld,
} from './meeting.refusals.js';
import './meeting-words.type.js';

/** The agenda of a meeting closes: posted for its hour. */
export const AGENDA_CLOSING = 'meeting.agenda-closing';

export const NAME_CHARACTERS_MAX = 120;
export const PLACE_CHARACTERS_MAX = 300;
export const REASON_CHARACTERS_MAX = 1000;
export const DURATION_MINUTES_MAX = 720;
export const AGENDA_HOURS_MAX = 336;
export const DISCIPLINES_MAX = Object.keys(Discipline).length;
/** Good practice of cancer teams (domain facts §5.1): the list goes round a day before. */
export const AGENDA_CLOSES_HOURS_USUAL = 24;

@ObjectType({
  description: 'That somebody was at a meeting. Whoever goes out and comes back has several. Never edited.',
})
export class MeetingAttendance {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => ID, { nullable: true, description: 'Staff account; null: a member who has none here.' })
  readonly staffId: string | null;

  @Field(() => String, { nullable: true, description: 'Name of a member without an account.' })
  readonly guestName: string | null;

  @Field(() => String, { nullable: true, description: 'Where a member without an account works.' })
  readonly organisation: string | null;

  @Field(() => Discipline, { description: 'The discipline that they stand for.' })
  readonly discipline: Discipline;

  @Field(() => Boolean, { description: 'They are there by video.' })
  readonly isVirtual: boolean;

  @Field(() => Instant, { description: 'When they came.' })
  readonly joinedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When they left; null: they are still there.' })
  readonly leftAt: Temporal.Instant | null;

  @Field(() => Instant, { description: 'When it was recorded that they came.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'A meeting of the team, of a series or alone.' })
export class Meeting {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => ID, { nullable: true, description: 'Its series; null: it is alone.' })
  readonly seriesId: string | null;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => Instant, { description: 'When it begins.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it is planned to end.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'From when on its list is closed.' })
  readonly agendaClosesAt: Temporal.Instant;

  @Field(() => MeetingMode, { description: 'How people meet.' })
  readonly mode: MeetingMode;

  @Field(() => String, { description: 'Room or link.' })
  readonly place: string;

  @Field(() => ID, { description: 'Staff account of the chair.' })
  readonly chairId: string;

  @Field(() => [Discipline], { description: 'Disciplines of which somebody has to be there for a decision.' })
  readonly quorum: readonly Discipline[];

  @Field(() => MeetingStatus, { description: 'Where it stands now.' })
  readonly status: MeetingStatus;

  @Field(() => [MeetingAttendance], {
    description: 'Who was there and when, in the order in which they came.',
  })
  readonly attendances: readonly MeetingAttendance[];

  @Field(() => [Discipline], {
    description: 'Disciplines of the quorum of which nobody is there now, or nobody was at the end.',
  })
  readonly missingNow: readonly Discipline[];

  @Field(() => Instant, { nullable: true, description: 'When it was begun; null: not yet.' })
  readonly begunAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed; null: it was not.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it; null: nobody has.' })
  readonly closedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was cancelled; null: it was not.' })
  readonly cancelReason: string | null;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;
}

@ObjectType({ description: 'A page of meetings, in the order of time.' })
export class MeetingPage extends pageOf(Meeting) {}

@InputType({ description: 'Narrows the meetings. Several filters together: all must hold.' })
export class MeetingFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only of this series.' })
  @IsOptional()
  @IsUUID()
  readonly seriesId?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only from this day on.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only until this day, included.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly until?: string | null;
}

@InputType({ description: 'A single meeting, of no series.' })
export class PlanMeetingInput {
  @Field(() => String, { description: `Its name, at most ${NAME_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'name must not be blank' })
  @MaxLength(NAME_CHARACTERS_MAX)
  readonly name: string;

  @Field(() => Instant, { description: 'When it begins: in the future.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Int, { description: `How long it takes, 5 to ${DURATION_MINUTES_MAX} minutes.` })
  @IsInt()
  @Min(5)
  @Max(DURATION_MINUTES_MAX)
  readonly durationMinutes: number;

  @Field(() => Int, {
    nullable: true,
    description: `So many hours before it begins its list is closed, 0 to ${AGENDA_HOURS_MAX}. Left out: ${AGENDA_CLOSES_HOURS_USUAL}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(AGENDA_HOURS_MAX)
  readonly agendaClosesHours?: number | null;

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
}

@InputType({ description: 'A meeting that will not take place.' })
export class CancelMeetingInput {
  @Field(() => ID, { description: 'Which one.' })
  @IsUUID()
  readonly meetingId: string;

  @Field(() => String, { description: `Why, at most ${REASON_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'reason must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly reason: string;
}

@InputType({ description: 'Somebody is there.' })
export class RecordAttendanceInput {
  @Field(() => ID, { description: 'At which meeting.' })
  @IsUUID()
  readonly meetingId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account. Left out: a member without one, who has a name and an organisation.',
  })
  @IsOptional()
  @IsUUID()
  readonly staffId?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of a member without an account.' })
  @IsOptional()
  @IsString()
  @Matches(/\S/, { message: 'guestName must not be blank' })
  @MaxLength(NAME_CHARACTERS_MAX)
  readonly guestName?: string | null;

  @Field(() => String, { nullable: true, description: 'Where a member without an account works.' })
  @IsOptional()
  @IsString()
  @Matches(/\S/, { message: 'organisation must not be blank' })
  @MaxLength(NAME_CHARACTERS_MAX)
  readonly organisation?: string | null;

  @Field(() => Discipline, {
    description: 'The discipline that they stand for. Of staff: one that they hold on the day.',
  })
  @IsEnum(Discipline)
  readonly discipline: Discipline;

  @Field(() => Boolean, { nullable: true, description: 'They are there by video. Left out: they are not.' })
  @IsOptional()
  @IsBoolean()
  readonly isVirtual?: boolean | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When they came: not in the future, nor before the meeting began. Left out: now.',
  })
  @IsOptional()
  readonly joinedAt?: Temporal.Instant | null;
}

@InputType({ description: 'Somebody has left.' })
export class RecordLeavingInput {
  @Field(() => ID, { description: 'Which attendance ends.' })
  @IsUUID()
  readonly attendanceId: string;

  @Field(() => Instant, { nullable: true, description: 'When they left, not in the future. Left out: now.' })
  @IsOptional()
  readonly leftAt?: Temporal.Instant | null;
}

export const PlanMeetingResult = resultUnion(
  'PlanMeetingResult',
  Meeting,
  [MeetingAlreadyPlanned],
  'The meeting, or why it was not planned.',
);

export const CancelMeetingResult = resultUnion(
  'CancelMeetingResult',
  Meeting,
  [MeetingStandsOtherwise],
  'The cancelled meeting, or why it still takes place.',
);

export const BeginMeetingResult = resultUnion(
  'BeginMeetingResult',
  Meeting,
  [MeetingStandsOtherwise],
  'The meeting in session, or why it did not begin.',
);

export const CloseMeetingResult = resultUnion(
  'CloseMeetingResult',
  Meeting,
  [MeetingStandsOtherwise, CasesNotSettled],
  'The closed meeting, or why it is not closed.',
);

export const RecordAttendanceResult = resultUnion(
  'RecordAttendanceResult',
  Meeting,
  [MeetingStandsOtherwise, MemberDisciplineNotHeld, AlreadyPresent],
  'The meeting with who is there, or why nobody was added.',
);

export const RecordLeavingResult = resultUnion(
  'RecordLeavingResult',
  Meeting,
  [MeetingStandsOtherwise, AlreadyLeft],
  'The meeting with who is there, or why nobody left.',
);
