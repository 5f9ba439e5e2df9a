import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsEnum,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { NeedContinuity, ResourceKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { InThePast, VisitProtocolAlreadySet } from './schedule.refusals.js';
import {
  BUFFER_MAX_MINUTES,
  CHAIN_STEPS_MAX,
  STEP_MAX_MINUTES,
  STEP_NEEDS_MAX,
  WAIT_MAX_MINUTES,
} from './visit-protocol.rules.js';

const CODE = /^[A-Z][A-Z0-9_]{1,59}$/;
const CODE_MESSAGE = '$property must be a code in capitals such as BONE_SPECT_CT';
const ROLE = /^[a-z][a-z0-9 -]{0,39}$/;
const ROLE_MESSAGE = '$property must be a word in small letters such as operator';
const STEP_NAME_MAX_CHARACTERS = 60;
const SOURCE_MAX_CHARACTERS = 500;
/** Grids of the diary: offers start at multiples of a divisor of the hour. */
const START_STEP_MAX_MINUTES = 60;

registerEnumType(NeedContinuity, {
  name: 'NeedContinuity',
  description: 'Is the same resource wanted wherever the visit names the role?',
  valuesMap: {
    FREE: { description: 'No.' },
    PREFERRED: { description: 'Better so: offers with fewer changes come first when that is asked for.' },
    REQUIRED: { description: 'Yes: other offers are not made.' },
  },
});

@ObjectType({ description: 'A resource that a step needs, beside its others.' })
export class ProtocolNeed {
  @Field(() => String, {
    description: 'What it does in the visit: camera, operator. Different from the others of the step.',
  })
  readonly role: string;

  @Field(() => ResourceKind, { description: 'Of what kind it is.' })
  readonly kind: ResourceKind;

  @Field(() => String, { nullable: true, description: 'A skill that it must have; null: any of its kind.' })
  readonly skill: string | null;

  @Field(() => Int, { description: 'Taken so many minutes before the step, to prepare.' })
  readonly bufferBeforeMinutes: number;

  @Field(() => Int, { description: 'Taken so many minutes after the step, to clear.' })
  readonly bufferAfterMinutes: number;

  @Field(() => NeedContinuity, { description: 'Must it be the same one in all steps that name the role?' })
  readonly continuity: NeedContinuity;

  @Field(() => Boolean, {
    description: 'It is taken from the end of the step before, too: a place to wait in.',
  })
  readonly fillsWait: boolean;
}

@ObjectType({ description: 'A step of a kind of visit.' })
export class ProtocolStep {
  @Field(() => Int, { description: 'From 0.' })
  readonly position: number;

  @Field(() => String, { description: 'What happens.' })
  readonly name: string;

  @Field(() => Int, { description: 'How long it takes, in minutes.' })
  readonly durationMinutes: number;

  @Field(() => Int, { description: 'At least so many minutes after the end of the step before.' })
  readonly waitMinutesMin: number;

  @Field(() => Int, { description: 'Best so many minutes after the end of the step before.' })
  readonly waitMinutesTarget: number;

  @Field(() => Int, {
    description: 'At most so many minutes after the end of the step before. 0: it follows at once.',
  })
  readonly waitMinutesMax: number;

  @Field(() => Boolean, { description: 'The patient has to be there.' })
  readonly patientPresent: boolean;

  @Field(() => [ProtocolNeed], { description: 'All of them at once, by role.' })
  readonly needs: readonly ProtocolNeed[];
}

@ObjectType({ description: 'How a kind of visit is carried out from a day on. Never rewritten.' })
export class VisitProtocol {
  @Field(() => ID, { description: 'Id of the protocol. A visit keeps the one it was booked by.' })
  readonly id: string;

  @Field(() => String, { description: 'Which kind of visit, by code.' })
  readonly visitTypeCode: string;

  @Field(() => LocalDate, { description: 'First day on which it holds, until a later one does.' })
  readonly effectiveFrom: string;

  @Field(() => Int, { description: 'Offers start on multiples of so many minutes past the hour.' })
  readonly startStepMinutes: number;

  @Field(() => String, { description: 'Where the numbers come from.' })
  readonly source: string;

  @Field(() => [ProtocolStep], { description: 'In order.' })
  readonly steps: readonly ProtocolStep[];
}

@InputType({ description: 'A resource that a step needs, beside its others.' })
export class ProtocolNeedInput {
  @Field(() => String, {
    description:
      'What it does in the visit, in small letters: operator. Different from the others of the step.',
  })
  @Matches(ROLE, { message: ROLE_MESSAGE })
  role: string;

  @Field(() => ResourceKind, {
    description: 'Of what kind it is; the same in every step that names the role.',
  })
  @IsEnum(ResourceKind)
  kind: ResourceKind;

  @Field(() => String, {
    nullable: true,
    description: 'A skill that it must have, in capitals. Left out: any of its kind.',
  })
  @IsOptional()
  @Matches(CODE, { message: CODE_MESSAGE })
  skill?: string | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: `Taken so many minutes before the step, 0 to ${BUFFER_MAX_MINUTES}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(BUFFER_MAX_MINUTES)
  bufferBeforeMinutes?: number = 0;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: `Taken so many minutes after the step, 0 to ${BUFFER_MAX_MINUTES}.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(BUFFER_MAX_MINUTES)
  bufferAfterMinutes?: number = 0;

  @Field(() => NeedContinuity, {
    nullable: true,
    defaultValue: NeedContinuity.FREE,
    description: 'Must it be the same one in all steps that name the role?',
  })
  @IsOptional()
  @IsEnum(NeedContinuity)
  continuity?: NeedContinuity = NeedContinuity.FREE;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'It is taken from the end of the step before, too. The wait must then last at least a minute.',
  })
  @IsOptional()
  @IsBoolean()
  fillsWait?: boolean = false;
}

@InputType({
  description: 'A step. Waits are minutes from the end of the step before: 0 <= min <= target <= max.',
})
export class ProtocolStepInput {
  @Field(() => String, { description: `What happens, at most ${STEP_NAME_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(STEP_NAME_MAX_CHARACTERS)
  name: string;

  @Field(() => Int, { description: `How long it takes, 1 to ${STEP_MAX_MINUTES} minutes.` })
  @IsInt()
  @Min(1)
  @Max(STEP_MAX_MINUTES)
  durationMinutes: number;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: 'At least so long after the step before.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(WAIT_MAX_MINUTES)
  waitMinutesMin?: number = 0;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Best so long after the step before.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(WAIT_MAX_MINUTES)
  waitMinutesTarget?: number = 0;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: `At most so long after the step before, up to ${WAIT_MAX_MINUTES}. 0: it follows at once, as the first step must.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(WAIT_MAX_MINUTES)
  waitMinutesMax?: number = 0;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'The patient has to be there.',
  })
  @IsOptional()
  @IsBoolean()
  patientPresent?: boolean = true;

  @Field(() => [ProtocolNeedInput], {
    description: `What it needs all at once, at most ${STEP_NEEDS_MAX}; at least one where the patient is not there.`,
  })
  @ArrayMaxSize(STEP_NEEDS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ProtocolNeedInput)
  needs: ProtocolNeedInput[];
}

@InputType({
  description: 'How a kind of visit is carried out from a day on. What is booked already stays as it is.',
})
export class SetVisitProtocolInput {
  @Field(() => String, { description: 'Which kind of visit, by code.' })
  @Matches(CODE, { message: CODE_MESSAGE })
  visitTypeCode: string;

  @Field(() => LocalDate, { description: 'First day on which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => Int, {
    description: 'Offers start on multiples of so many minutes past the hour; a divisor of 60.',
  })
  @IsInt()
  @Min(1)
  @Max(START_STEP_MAX_MINUTES)
  startStepMinutes: number;

  @Field(() => String, {
    description: `Where the numbers come from, at most ${SOURCE_MAX_CHARACTERS} characters: a guideline, a decision.`,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(SOURCE_MAX_CHARACTERS)
  source: string;

  @Field(() => [ProtocolStepInput], { description: `In order, 1 to ${CHAIN_STEPS_MAX}.` })
  @ArrayMinSize(1)
  @ArrayMaxSize(CHAIN_STEPS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ProtocolStepInput)
  steps: ProtocolStepInput[];
}

export const SetVisitProtocolResult = resultUnion(
  'SetVisitProtocolResult',
  VisitProtocol,
  [VisitProtocolAlreadySet, InThePast],
  'The new protocol, or why there is none.',
);
