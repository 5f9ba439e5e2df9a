import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { VISIT_TYPE_CODE, VISIT_TYPE_CODE_EXPECTED } from './visit.type.js';

/** A visit of more steps, or a step that needs more, is not one that the search offers. */
const STEPS_MAX = 12;
const STEP_RESOURCES_MAX = 12;
const ROLE_MAX_CHARACTERS = 60;
const REASON_MAX_CHARACTERS = 500;
const REASON_CODE_MAX_CHARACTERS = 60;

@InputType({ description: 'Who or what shall serve a step, and as what.' })
export class StepResourceInput {
  @Field(() => String, { description: 'Role, as the protocol and the offer name it.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(ROLE_MAX_CHARACTERS)
  role: string;

  @Field(() => ID, { description: 'Which resource.' })
  @IsUUID()
  resourceId: string;
}

@InputType({ description: 'A step as it is wanted: as the offer gave it, or a time of one’s own.' })
export class WantedStepInput {
  @Field(() => Instant, { description: 'Start. How long it lasts the protocol says.' })
  @IsNotEmpty()
  startsAt: Temporal.Instant;

  @Field(() => [StepResourceInput], { description: 'One for each role that the step needs.' })
  @IsArray()
  @ArrayMaxSize(STEP_RESOURCES_MAX)
  @ValidateNested({ each: true })
  @Type(() => StepResourceInput)
  resources: StepResourceInput[];
}

@InputType({ isAbstract: true })
abstract class StepsInput {
  @Field(() => [WantedStepInput], { description: 'Every step of the protocol, in order.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(STEPS_MAX)
  @ValidateNested({ each: true })
  @Type(() => WantedStepInput)
  steps: WantedStepInput[];

  @Field(() => String, {
    nullable: true,
    description: `Why a limit shall not hold this time, by somebody whose role may say so; at most ${REASON_MAX_CHARACTERS} characters. It stays with the visit.`,
  })
  @IsOptional()
  @IsString()
  @Matches(/\S/u, { message: '$property must say something' })
  @MaxLength(REASON_MAX_CHARACTERS)
  overrideReason?: string | null;
}

@InputType({ description: 'A visit to hold or to book.' })
export class BookVisitInput extends StepsInput {
  @Field(() => ID, { description: 'Whose visit it is.' })
  @IsUUID()
  patientId: string;

  @Field(() => String, { description: 'Code of the kind of visit: `PHYSIOTHERAPY`.' })
  @Matches(VISIT_TYPE_CODE, { message: `$property ${VISIT_TYPE_CODE_EXPECTED}` })
  visitTypeCode: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The request that it answers. A kind of visit that needs a referral needs this.',
  })
  @IsOptional()
  @IsUUID()
  requestId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The cancelled or missed visit that it is booked instead of.',
  })
  @IsOptional()
  @IsUUID()
  replacesVisitId?: string | null;
}

@InputType({ description: 'A hold to confirm or to give back.' })
export class HeldVisitInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  visitId: string;

  @Field(() => Int, { description: 'The `version` of the visit as it was read.' })
  @IsInt()
  @Min(0)
  version: number;
}

@InputType({ description: 'A visit to move, as a whole. Its own old times are never in its way.' })
export class MoveVisitInput extends StepsInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  visitId: string;

  @Field(() => Int, { description: 'The `version` of the visit as it was read.' })
  @IsInt()
  @Min(0)
  version: number;
}

@InputType({ description: 'Two visits of one kind that shall change places: times and resources.' })
export class SwapVisitsInput {
  @Field(() => ID, { description: 'One visit.' })
  @IsUUID()
  firstVisitId: string;

  @Field(() => Int, { description: 'Its `version` as it was read.' })
  @IsInt()
  @Min(0)
  firstVersion: number;

  @Field(() => ID, { description: 'The other visit.' })
  @IsUUID()
  secondVisitId: string;

  @Field(() => Int, { description: 'Its `version` as it was read.' })
  @IsInt()
  @Min(0)
  secondVersion: number;

  @Field(() => String, {
    nullable: true,
    description: `Why a limit shall not hold this time; at most ${REASON_MAX_CHARACTERS} characters. It stays with both visits.`,
  })
  @IsOptional()
  @IsString()
  @Matches(/\S/u, { message: '$property must say something' })
  @MaxLength(REASON_MAX_CHARACTERS)
  overrideReason?: string | null;
}

@InputType({ description: 'A visit to cancel.' })
export class CancelVisitInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  visitId: string;

  @Field(() => Int, { description: 'The `version` of the visit as it was read.' })
  @IsInt()
  @Min(0)
  version: number;

  @Field(() => String, { description: 'Code of the reason, one of `cancelReasons`.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_CODE_MAX_CHARACTERS)
  reasonCode: string;

  @Field(() => String, {
    nullable: true,
    description: `In words, at most ${REASON_MAX_CHARACTERS} characters; some reasons need it.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  comment?: string | null;
}
