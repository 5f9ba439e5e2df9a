import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';
import { ImagingRequestStatus, ReferralPriority } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { TriageWhose } from '../referrals/triage.type.js';
import { ImagingRequest } from './imaging-request.type.js';

const PROCEDURES_MAX = 50;
const CODE_CHARACTERS_MAX = 60;

/** In which order the queue stands. */
export const VettingOrder = { DUE: 'DUE', URGENCY: 'URGENCY', REQUESTED: 'REQUESTED' } as const;
export type VettingOrder = (typeof VettingOrder)[keyof typeof VettingOrder];

registerEnumType(VettingOrder, {
  name: 'VettingOrder',
  description: 'In which order the vetting queue stands. Each is the same from page to page.',
  valuesMap: {
    DUE: { description: 'What is due first; of the same day the more urgent.' },
    URGENCY: { description: 'The most urgent first; of the same urgency what is due first.' },
    REQUESTED: { description: 'The longest waiting first.' },
  },
});

@ObjectType({ description: 'An imaging request that waits for somebody.' })
export class VettingEntry {
  @Field(() => ID, { description: 'Id of the request.' })
  readonly requestId: string;

  @Field(() => ImagingRequest, {
    description: 'The request, with what can be done with it in its `allowedActions`.',
  })
  readonly request: ImagingRequest;

  @Field(() => LocalDate, {
    description:
      'The day by whose end something has to have happened: the decision; while the referrer is asked, their answer.',
  })
  readonly dueOn: string;

  @Field(() => Boolean, { description: 'Whether that day has passed.' })
  readonly isOverdue: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Working days after today up to and including that day; null when it has passed.',
  })
  readonly workingDaysLeft: number | null;
}

@ObjectType({ description: 'A page of the vetting queue.' })
export class VettingEntryPage extends pageOf(VettingEntry) {}

@InputType({ description: 'Narrows the vetting queue. Several filters together: all must hold.' })
export class VettingFilterInput {
  @Field(() => [ImagingRequestStatus], {
    nullable: true,
    description:
      'Only these states. The queue holds INCOMPLETE, SUBMITTED, INFORMATION_ASKED and JUSTIFIED alone.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(Object.keys(ImagingRequestStatus).length)
  @IsEnum(ImagingRequestStatus, { each: true })
  readonly statuses?: readonly ImagingRequestStatus[] | null;

  @Field(() => [ReferralPriority], { nullable: true, description: 'Only these urgencies.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(Object.keys(ReferralPriority).length)
  @IsEnum(ReferralPriority, { each: true })
  readonly urgencies?: readonly ReferralPriority[] | null;

  @Field(() => [String], { nullable: true, description: 'Only for these procedures, by code, at most 50.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PROCEDURES_MAX)
  @IsString({ each: true })
  @MaxLength(CODE_CHARACTERS_MAX, { each: true })
  readonly procedureCodes?: readonly string[] | null;

  @Field(() => TriageWhose, { nullable: true, description: 'By who has it in hand now.' })
  @IsOptional()
  @IsEnum(TriageWhose)
  readonly claimed?: TriageWhose | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only what is overdue; false: only what is not.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only what was decided before and has to be decided again; false: only the others.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isDecidedBefore?: boolean | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only what is due on this day or before.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly dueUntil?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;
}

@ObjectType({ description: 'The vetting queue in numbers, as it stands now.' })
export class VettingSummary {
  @Field(() => Int, { description: 'Requests that wait for somebody.' })
  readonly waitingCount: number;

  @Field(() => Int, { description: 'Of them, those that wait for the practitioner.' })
  readonly submittedCount: number;

  @Field(() => Int, { description: 'Of them, those of which something is missing.' })
  readonly incompleteCount: number;

  @Field(() => Int, { description: 'Of them, those whose referrer was asked for something.' })
  readonly informationAskedCount: number;

  @Field(() => Int, { description: 'Of them, those that are justified and not authorised.' })
  readonly notAuthorisedCount: number;

  @Field(() => Int, { description: 'Of them, those that have to be decided again.' })
  readonly decideAgainCount: number;

  @Field(() => Int, { description: 'Of them, those whose promised day has passed.' })
  readonly overdueCount: number;

  @Field(() => Int, { description: 'Of them, those promised for today.' })
  readonly dueTodayCount: number;

  @Field(() => Int, { description: 'Of them, those that you have in hand.' })
  readonly claimedByMeCount: number;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first promised day of all; null: nothing waits.',
  })
  readonly firstDueOn: string | null;
}
