import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsEnum,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type {
  OpeningException as OpeningExceptionRow,
  OpeningHours as OpeningHoursRow,
} from '../../platform/database/generated/client.js';
import { ExceptionKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { localTimeFromDate } from './opening.rules.js';
import { ClosureHitsBookings, InThePast } from './schedule.refusals.js';

const LOCAL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const LOCAL_TIME_MESSAGE = "$property must be a time on the clinic's clock as HH:MM, 00:00 to 23:59";
const REASON_MAX_CHARACTERS = 200;
/** More kinds of visit than a session can be for. */
const SERVES_MAX = 50;
const SESSION_NAME_MAX_CHARACTERS = 60;
const VISIT_TYPE = /^[A-Z][A-Z0-9_]{1,59}$/;
const VISIT_TYPE_MESSAGE = 'each value in $property must be a kind of visit such as BONE_SPECT_CT';
/** Three sessions on each of seven days are 21; more is a timetable by the quarter hour. */
const SESSIONS_A_WEEK_MAX = 50;

registerEnumType(ExceptionKind, {
  name: 'ExceptionKind',
  description: 'How a day differs from the week.',
  valuesMap: {
    CLOSED: { description: 'Closed, although the week or an extra session says open. Beats everything.' },
    EXTRA_SESSION: {
      description: 'Open, although the week says closed or the day is a bank holiday.',
    },
    LEAVE: {
      description: 'A person is away. Closes as CLOSED does, for one resource, and is counted apart.',
    },
  },
});

@ObjectType({ description: 'Weekly hours of a resource, for as long as they hold.' })
export class OpeningHours {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose hours.' })
  readonly resourceId: string;

  @Field(() => Int, { description: 'Day of the week, ISO 8601: 1 is Monday, 7 is Sunday.' })
  readonly isoWeekday: number;

  @Field(() => String, { description: 'Opens at this time on the wall, HH:MM.' })
  readonly opensAt: string;

  @Field(() => String, { description: 'Closes at this time on the wall, HH:MM.' })
  readonly closesAt: string;

  @Field(() => LocalDate, { description: 'First day on which these hours hold.' })
  readonly validFrom: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day on which they hold; null for open-ended.',
  })
  readonly validUntil: string | null;

  @Field(() => [String], { description: 'Kinds of visit that the session is for, by code; empty: all.' })
  readonly serves: readonly string[];

  @Field(() => String, { nullable: true, description: 'What people call the session; null: it has no name.' })
  readonly name: string | null;
}

@ObjectType({
  description: 'All weekly hours of a resource: those that were, those that hold, those to come.',
})
export class OpeningWeek {
  @Field(() => ID, { description: 'Whose hours.' })
  readonly resourceId: string;

  @Field(() => [OpeningHours], { description: 'By first day, weekday and time.' })
  readonly hours: readonly OpeningHours[];
}

@ObjectType({ description: 'One day, or part of one, that differs from the week.' })
export class OpeningException {
  @Field(() => ID, { description: 'Id of the exception.' })
  readonly id: string;

  @Field(() => ID, { nullable: true, description: 'Which resource; null for every one.' })
  readonly resourceId: string | null;

  @Field(() => LocalDate, { description: 'The day.' })
  readonly heldOn: string;

  @Field(() => ExceptionKind, { description: 'Closed, away, or open after all.' })
  readonly kind: ExceptionKind;

  @Field(() => [String], {
    description: 'Of an extra session, the kinds of visit that it is for, by code; empty: all.',
  })
  readonly serves: readonly string[];

  @Field(() => String, { nullable: true, description: 'From, HH:MM on the wall; null for the whole day.' })
  readonly startsAt: string | null;

  @Field(() => String, { nullable: true, description: 'Until, HH:MM on the wall; null for the whole day.' })
  readonly endsAt: string | null;

  @Field(() => String, { description: 'Why, in a few words.' })
  readonly reason: string;
}

@InputType({ description: 'One session of a week. Sessions end on the day they began.' })
export class SessionInput {
  @Field(() => Int, { description: 'Day of the week, ISO 8601: 1 is Monday, 7 is Sunday.' })
  @IsInt()
  @Min(1)
  @Max(7)
  isoWeekday: number;

  @Field(() => String, { description: 'Opens at, HH:MM on the wall.' })
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  opensAt: string;

  @Field(() => String, { description: 'Closes at, HH:MM on the wall; later than it opens.' })
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  closesAt: string;

  @Field(() => [String], {
    nullable: true,
    description: `Kinds of visit that the session is for, by code, at most ${SERVES_MAX}. Left out or empty: all. What is booked already stays.`,
  })
  @IsOptional()
  @ArrayMaxSize(SERVES_MAX)
  @ArrayUnique()
  @Matches(VISIT_TYPE, { each: true, message: VISIT_TYPE_MESSAGE })
  serves?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: `What people call the session, at most ${SESSION_NAME_MAX_CHARACTERS} characters.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(SESSION_NAME_MAX_CHARACTERS)
  name?: string | null;
}

@InputType({ description: 'Replaces the whole week of a resource from a day on.' })
export class SetOpeningHoursInput {
  @Field(() => ID, { description: 'Which resource.' })
  @IsUUID()
  resourceId: string;

  @Field(() => LocalDate, { description: 'First day of the new week; today or later.' })
  @IsString()
  validFrom: string;

  @Field(() => [SessionInput], {
    description: `The sessions, at most ${SESSIONS_A_WEEK_MAX}; those of one day must not overlap. None: closed from that day on.`,
  })
  @ArrayMaxSize(SESSIONS_A_WEEK_MAX)
  @ValidateNested({ each: true })
  @Type(() => SessionInput)
  sessions: SessionInput[];
}

@InputType({ description: 'A closure, leave, or an extra session on one day.' })
export class AddOpeningExceptionInput {
  @Field(() => ExceptionKind, { description: 'Closed, away, or open after all.' })
  @IsEnum(ExceptionKind)
  kind: ExceptionKind;

  @Field(() => ID, {
    nullable: true,
    description: 'Which resource. Leave it out to close every one; leave and an extra session must name one.',
  })
  @IsOptional()
  @IsUUID()
  resourceId?: string | null;

  @Field(() => LocalDate, { description: 'The day; today or later.' })
  @IsString()
  heldOn: string;

  @Field(() => String, {
    nullable: true,
    description: 'From, HH:MM on the wall. Leave both times out to close the whole day.',
  })
  @IsOptional()
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  startsAt?: string | null;

  @Field(() => String, { nullable: true, description: 'Until, HH:MM on the wall.' })
  @IsOptional()
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  endsAt?: string | null;

  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters. Name no patient.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;

  @Field(() => [String], {
    nullable: true,
    description: `Of an extra session, the kinds of visit that it is for, by code, at most ${SERVES_MAX}. Left out or empty: all.`,
  })
  @IsOptional()
  @ArrayMaxSize(SERVES_MAX)
  @ArrayUnique()
  @Matches(VISIT_TYPE, { each: true, message: VISIT_TYPE_MESSAGE })
  serves?: string[] | null;
}

@InputType({ description: 'Takes back a closure or an extra session.' })
export class RemoveOpeningExceptionInput {
  @Field(() => ID, { description: 'Which one.' })
  @IsUUID()
  exceptionId: string;
}

export const SetOpeningHoursResult = resultUnion(
  'SetOpeningHoursResult',
  OpeningWeek,
  [ClosureHitsBookings, InThePast],
  'The hours as they are now, or why nothing was changed.',
);

export const AddOpeningExceptionResult = resultUnion(
  'AddOpeningExceptionResult',
  OpeningException,
  [ClosureHitsBookings, InThePast],
  'The closure or extra session, or why there is none.',
);

export const RemoveOpeningExceptionResult = resultUnion(
  'RemoveOpeningExceptionResult',
  OpeningException,
  [ClosureHitsBookings, InThePast],
  'What was taken back, or why it stays.',
);

const localDateText = (date: Date): string => plainDateFromDate(date).toString();

export function toOpeningHours(row: OpeningHoursRow): OpeningHours {
  return {
    ...row,
    opensAt: localTimeFromDate(row.opensAt),
    closesAt: localTimeFromDate(row.closesAt),
    validFrom: localDateText(row.validFrom),
    validUntil: row.validUntil && localDateText(row.validUntil),
  };
}

export function toOpeningException(row: OpeningExceptionRow): OpeningException {
  return {
    ...row,
    heldOn: localDateText(row.heldOn),
    startsAt: row.startsAt && localTimeFromDate(row.startsAt),
    endsAt: row.endsAt && localTimeFromDate(row.endsAt),
  };
}
