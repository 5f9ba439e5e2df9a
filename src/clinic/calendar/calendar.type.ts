import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsInt,
  IsNotEmpty,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type {
  BankHoliday as BankHolidayRow,
  DeskSpan as DeskSpanRow,
  DeskWeek as DeskWeekRow,
} from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { DeskHoursAlreadySet, DeskHoursInThePast } from './calendar.refusals.js';
import { textOfTime } from './calendar.rules.js';

const LOCAL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const LOCAL_TIME_MESSAGE = "$property must be a time on the clinic's clock as HH:MM, 00:00 to 23:59";
/** Three spans on each of seven days are 21; more is a timetable by the quarter hour. */
const SPANS_A_WEEK_MAX = 50;
const REASON_MAX_CHARACTERS = 200;

@ObjectType({
  description: 'A bank holiday of England. Weekly hours do not hold on it, and nobody is at the desk.',
})
export class BankHoliday {
  @Field(() => LocalDate, { description: 'The day.' })
  readonly heldOn: string;

  @Field(() => String, { description: 'Its name; substitute days say so.' })
  readonly name: string;
}

@ObjectType('DeskSpan', { description: 'A time of the week at which somebody is at the desk.' })
export class DeskSpanInWeek {
  @Field(() => Int, { description: 'Day of the week, ISO 8601: 1 is Monday, 7 is Sunday.' })
  readonly isoWeekday: number;

  @Field(() => String, { description: 'From, HH:MM on the wall.' })
  readonly opens: string;

  @Field(() => String, { description: 'Until, HH:MM on the wall.' })
  readonly closes: string;
}

@ObjectType('DeskHours', {
  description:
    'When somebody is at the desk whom patients can ring, from a day on. Service levels and times for an answer run in these hours only, and not on bank holidays.',
})
export class DeskHoursFromDay {
  @Field(() => LocalDate, { description: 'First day on which they hold, until later ones do.' })
  readonly effectiveFrom: string;

  @Field(() => [DeskSpanInWeek], {
    description: 'By weekday and time. A weekday that is not in it is closed.',
  })
  readonly week: readonly DeskSpanInWeek[];

  @Field(() => String, { description: 'Why they were set so.' })
  readonly reason: string;
}

@InputType({
  description: 'A time of the week at which somebody is at the desk. It ends on the day on which it begins.',
})
export class DeskSpanInput {
  @Field(() => Int, { description: 'Day of the week, ISO 8601: 1 is Monday, 7 is Sunday.' })
  @IsInt()
  @Min(1)
  @Max(7)
  isoWeekday: number;

  @Field(() => String, { description: 'From, HH:MM on the wall.' })
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  opens: string;

  @Field(() => String, { description: 'Until, HH:MM on the wall, later than opens.' })
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  closes: string;
}

@InputType({ description: 'New desk hours from a day on.' })
export class SetDeskHoursInput {
  @Field(() => LocalDate, { description: 'First day on which they hold; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => [DeskSpanInput], {
    description: `The whole week, 1 to ${SPANS_A_WEEK_MAX} spans; those of one weekday must not overlap.`,
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(SPANS_A_WEEK_MAX)
  @ValidateNested({ each: true })
  @Type(() => DeskSpanInput)
  week: DeskSpanInput[];

  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters. Name no patient.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

export const SetDeskHoursResult = resultUnion(
  'SetDeskHoursResult',
  DeskHoursFromDay,
  [DeskHoursInThePast, DeskHoursAlreadySet],
  'The new hours, or why nothing was changed.',
);

export function toBankHoliday(row: BankHolidayRow): BankHoliday {
  return { heldOn: plainDateFromDate(row.heldOn).toString(), name: row.name };
}

export function toDeskHours(row: DeskWeekRow & { readonly spans: readonly DeskSpanRow[] }): DeskHoursFromDay {
  const week = row.spans.map((span) => ({
    isoWeekday: span.isoWeekday,
    opens: textOfTime(span.opensAt),
    closes: textOfTime(span.closesAt),
  }));
  week.sort((a, b) => a.isoWeekday - b.isoWeekday || a.opens.localeCompare(b.opens));
  return { effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(), week, reason: row.reason };
}
