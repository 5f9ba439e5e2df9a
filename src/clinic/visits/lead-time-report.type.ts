import { Field, Float, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsISO8601, IsOptional, IsString } from 'class-validator';
import { ReferralPriority } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { REPORT_DAYS_MAX } from './lead-time-report.rules.js';

/** What the waits of a report are grouped by. */
export const LeadTimeReportBy = { TYPE: 'TYPE', WEEK: 'WEEK', PRIORITY: 'PRIORITY' } as const;
export type LeadTimeReportBy = (typeof LeadTimeReportBy)[keyof typeof LeadTimeReportBy];

registerEnumType(LeadTimeReportBy, {
  name: 'LeadTimeReportBy',
  description: 'What the waits of a report are grouped by.',
  valuesMap: {
    TYPE: { description: 'Kind of visit.' },
    WEEK: { description: 'Week of the visit, Monday to Sunday.' },
    PRIORITY: { description: 'Urgency of the request.' },
  },
});

@ObjectType({ description: 'How long patients waited, from the start of the clock to the day of the visit.' })
export class LeadTimeFigures {
  @Field(() => Int, { description: 'How many waits ended with a visit.' })
  readonly count: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Half of them took at most so many calendar days; between two waits where they are even in number. Null: none.',
  })
  readonly medianDays: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Nine of ten took at most so many calendar days, interpolated (percentile_cont). Null: none.',
  })
  readonly p90Days: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of visits on or before the target day, 0 to 1. Null: none.',
  })
  readonly insidePromiseShare: number | null;

  @Field(() => Int, { description: 'Visits after the breach day.' })
  readonly breaches: number;
}

@ObjectType({ description: 'The waits of one group.' })
export class LeadTimeGroup extends LeadTimeFigures {
  @Field(() => String, {
    description: 'Code of the kind of visit, the Monday of the week (YYYY-MM-DD), or the urgency.',
  })
  readonly group: string;
}

@ObjectType({ description: 'How the promised lead time was kept in a period.' })
export class LeadTimeReport {
  @Field(() => [LeadTimeGroup], {
    description: 'Groups in which there was a visit, in order of their names.',
  })
  readonly groups: readonly LeadTimeGroup[];

  @Field(() => LeadTimeFigures, { description: 'All of them together; counts of 0 when there was none.' })
  readonly total: LeadTimeFigures;
}

@InputType({ description: 'Which waits, and how they are grouped. Several filters together: all must hold.' })
export class LeadTimeReportFilterInput {
  @Field(() => LocalDate, { description: 'First day on which a visit counts.' })
  @IsISO8601({ strict: true })
  readonly from: string;

  @Field(() => LocalDate, { description: `Last day, included; at most ${REPORT_DAYS_MAX} days in all.` })
  @IsISO8601({ strict: true })
  readonly until: string;

  @Field(() => String, { nullable: true, description: 'Only this kind of visit.' })
  @IsOptional()
  @IsString()
  readonly visitTypeCode?: string | null;

  @Field(() => ReferralPriority, { nullable: true, description: 'Only this urgency.' })
  @IsOptional()
  @IsEnum(ReferralPriority)
  readonly priority?: ReferralPriority | null;

  @Field(() => LeadTimeReportBy, { description: 'What they are grouped by.' })
  @IsEnum(LeadTimeReportBy)
  readonly by: LeadTimeReportBy;
}
