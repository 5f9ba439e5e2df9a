import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { LeadTimePolicy as LeadTimePolicyRow } from '../../platform/database/generated/client.js';
import { ClockStart, DayKind, LeadTimePriority, Role } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { InThePast, LeadTimePolicyAlreadySet } from './schedule.refusals.js';

const REASON_MAX_CHARACTERS = 200;
/** A year and a month: further ahead nobody keeps a diary. */
const LEAD_TIME_MAX_DAYS = 396;
const VISIT_TYPE = /^[A-Z][A-Z0-9_]{1,59}$/;
const ROLES_MAX = Object.keys(Role).length;

registerEnumType(LeadTimePriority, {
  name: 'LeadTimePriority',
  description: 'For which priority of a referral a lead time holds.',
  valuesMap: {
    ANY: { description: 'Every priority that has no row of its own.' },
    ROUTINE: { description: 'Routine.' },
    URGENT: { description: 'Urgent.' },
    TWO_WEEK_WAIT: { description: 'Suspected cancer.' },
  },
});

registerEnumType(DayKind, {
  name: 'DayKind',
  description: 'How days are counted.',
  valuesMap: {
    CALENDAR: { description: 'Every day counts.' },
    WORKING: {
      description:
        'Monday to Friday without the bank holidays of England. Days the clinic itself closes count.',
    },
  },
});

registerEnumType(ClockStart, {
  name: 'ClockStart',
  description: 'What starts the clock of a promise.',
  valuesMap: {
    REFERRAL_RECEIVED: { description: 'The day on which the referral came.' },
    REFERRAL_ACCEPTED: { description: 'The day on which a clinician accepted the referral.' },
    REQUESTED: { description: 'The day on which the visit was asked for.' },
  },
});

@ObjectType({
  description: 'How soon and how late a kind of visit may be booked, from a day on. Never rewritten.',
})
export class LeadTimePolicy {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => String, { description: 'Kind of visit, such as BONE_SPECT_CT.' })
  readonly visitType: string;

  @Field(() => LeadTimePriority, {
    description: 'For which priority. A row of its own goes before one for any.',
  })
  readonly priority: LeadTimePriority;

  @Field(() => Int, {
    description: 'Notice: days of dayKind from today to the first day that may be booked.',
  })
  readonly earliestDays: number;

  @Field(() => Int, { description: 'The promise: days of dayKind from the start of the clock.' })
  readonly targetDays: number;

  @Field(() => Int, {
    description: 'Days of dayKind from the start of the clock after which the promise counts as broken.',
  })
  readonly breachDays: number;

  @Field(() => Int, { description: 'Calendar days from today to the last day for which the diary is open.' })
  readonly latestDays: number;

  @Field(() => DayKind, { description: 'What notice, promise and breach are counted in.' })
  readonly dayKind: DayKind;

  @Field(() => ClockStart, { description: 'What starts the clock of the promise.' })
  readonly clockStart: ClockStart;

  @Field(() => [Role], { description: 'Roles that may book with less notice, with a reason; empty: nobody.' })
  readonly earliestOverriddenBy: readonly Role[];

  @Field(() => [Role], {
    description: 'Roles that may book beyond the last day, with a reason; empty: nobody.',
  })
  readonly latestOverriddenBy: readonly Role[];

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Why it was set so.' })
  readonly reason: string;
}

@InputType({
  description:
    'New lead times for a kind of visit, from a day on: 0 <= earliest <= target <= latest, and target <= breach.',
})
export class SetLeadTimePolicyInput {
  @Field(() => String, { description: 'Kind of visit in capitals, such as BONE_SPECT_CT.' })
  @Matches(VISIT_TYPE, { message: '$property must be a kind of visit such as BONE_SPECT_CT' })
  visitType: string;

  @Field(() => Int, {
    description: 'Notice: days of dayKind from today to the first day that may be booked.',
  })
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  earliestDays: number;

  @Field(() => Int, { description: 'The promise: days of dayKind from the start of the clock.' })
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  targetDays: number;

  @Field(() => Int, {
    description: `Calendar days from today to the last day for which the diary is open, at most ${LEAD_TIME_MAX_DAYS}.`,
  })
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  latestDays: number;

  @Field(() => LeadTimePriority, {
    nullable: true,
    defaultValue: LeadTimePriority.ANY,
    description: 'For which priority; ANY for all that have no row of their own.',
  })
  @IsOptional()
  @IsEnum(LeadTimePriority)
  priority?: LeadTimePriority = LeadTimePriority.ANY;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days of dayKind from the start of the clock after which the promise counts as broken. Left out: as targetDays.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  breachDays?: number | null;

  @Field(() => DayKind, {
    nullable: true,
    defaultValue: DayKind.CALENDAR,
    description:
      'What notice, promise and breach are counted in. The end of the diary is always calendar days.',
  })
  @IsOptional()
  @IsEnum(DayKind)
  dayKind?: DayKind = DayKind.CALENDAR;

  @Field(() => ClockStart, {
    nullable: true,
    defaultValue: ClockStart.REFERRAL_RECEIVED,
    description: 'What starts the clock of the promise.',
  })
  @IsOptional()
  @IsEnum(ClockStart)
  clockStart?: ClockStart = ClockStart.REFERRAL_RECEIVED;

  @Field(() => [Role], {
    nullable: true,
    defaultValue: [],
    description: 'Roles that may book with less notice when they give a reason. None: nobody.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROLES_MAX)
  @IsEnum(Role, { each: true })
  earliestOverriddenBy?: Role[] = [];

  @Field(() => [Role], {
    nullable: true,
    defaultValue: [],
    description: 'Roles that may book beyond the last day when they give a reason. None: nobody.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROLES_MAX)
  @IsEnum(Role, { each: true })
  latestOverriddenBy?: Role[] = [];

  @Field(() => LocalDate, { description: 'First day on which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

export const SetLeadTimePolicyResult = resultUnion(
  'SetLeadTimePolicyResult',
  LeadTimePolicy,
  [LeadTimePolicyAlreadySet, InThePast],
  'The new row, or why there is none.',
);

export function toLeadTimePolicy(row: LeadTimePolicyRow): LeadTimePolicy {
  return { ...row, effectiveFrom: plainDateFromDate(row.effectiveFrom).toString() };
}
