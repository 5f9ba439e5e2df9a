import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
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
import { ClosureDecision, ClosureStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { CLOSURE_DAYS_MAX, CLOSURE_VISITS_MAX } from './closure.rules.js';
import { WantedStepInput } from './visit-booking.type.js';

/** More than a clinic has at one site. */
const RESOURCES_MAX = 200;
const SITE_CODE = /^[A-Z][A-Z0-9_]{0,59}$/;
const REASON_MAX_CHARACTERS = 200;
const COMMENT_MAX_CHARACTERS = 500;
const REASON_CODE_MAX_CHARACTERS = 60;
/** An input must not cost more than it says: a visit has at most so many steps. */
const STEPS_MAX = 12;

/** Long enough to see on the day board what was done and to take it back; short enough that patients hear today. */
export const LETTERS_AFTER_DEFAULT_MINUTES = 10;
/** Over a night at the most: a patient who is not told for longer may set out for a visit that there is not. */
export const LETTERS_AFTER_MAX_MINUTES = 16 * 60;

registerEnumType(ClosureDecision, {
  name: 'ClosureDecision',
  description: 'What a closure does with a visit in its time.',
  valuesMap: {
    MOVE: { description: 'It goes to another place: another time, or other resources at the same time.' },
    CANCEL: { description: 'It is cancelled, and its request waits again; a hold is given back.' },
  },
});

registerEnumType(ClosureStatus, {
  name: 'ClosureStatus',
  description: 'Where a closure stands.',
  valuesMap: {
    APPLIED: { description: 'It holds.' },
    UNDONE: { description: 'It was taken back as one change, before anybody was told.' },
  },
});

@ObjectType({ description: 'What a closure did with one visit.' })
export class ClosureChange {
  @Field(() => ID, { description: 'Which visit.' })
  readonly visitId: string;

  @Field(() => ClosureDecision, { description: 'What was done with it.' })
  readonly decision: ClosureDecision;

  @Field(() => Int, { description: 'Version of the visit before.' })
  readonly fromVersion: number;

  @Field(() => Int, { description: 'Version of the visit after.' })
  readonly toVersion: number;
}

@ObjectType({
  description:
    'A time in which something cannot be used, with what became of the visits that were booked in it.',
})
export class Closure {
  @Field(() => ID, { description: 'Id of the closure.' })
  readonly id: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => [ID], { description: 'What is closed, by id; empty: every resource that the site had then.' })
  readonly resourceIds: readonly string[];

  @Field(() => Instant, { description: 'From when on, included.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Until when, not included.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => String, { description: 'Why, in a few words.' })
  readonly reason: string;

  @Field(() => ClosureStatus, { description: 'Whether it holds.' })
  readonly status: ClosureStatus;

  @Field(() => Int, { description: 'Rises when it is undone. Send it back to `undoClosure`.' })
  readonly version: number;

  @Field(() => Instant, { description: 'When it was applied.' })
  readonly appliedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Who applied it.' })
  readonly appliedById: string;

  @Field(() => Instant, { description: 'From then on the letters go, and it cannot be undone any more.' })
  readonly tellsAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it was undone; null unless it was.' })
  readonly undoneAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Who undid it; null unless somebody did.' })
  readonly undoneById: string | null;

  @Field(() => [ClosureChange], { description: 'What it did with each visit, by id of the visit.' })
  readonly changes: readonly ClosureChange[];
}

@ObjectType({ description: 'A page of closures.' })
export class ClosurePage extends pageOf(Closure) {}

@InputType({ description: 'What cannot be used, and when.' })
export class ClosureInput {
  @Field(() => String, { nullable: true, defaultValue: 'MAIN', description: 'Code of the site.' })
  @Matches(SITE_CODE, { message: '$property must be the code of a site, such as MAIN' })
  siteCode: string = 'MAIN';

  @Field(() => [ID], {
    description: `What is closed, at most ${RESOURCES_MAX}: cameras, rooms, people. Empty: every resource of the site.`,
  })
  @IsArray()
  @ArrayMaxSize(RESOURCES_MAX)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  resourceIds: string[];

  @Field(() => Instant, { description: 'From when on, a whole minute; today or later.' })
  @IsNotEmpty()
  startsAt: Temporal.Instant;

  @Field(() => Instant, {
    description: `Until when, a whole minute, not included; at most ${CLOSURE_DAYS_MAX} days.`,
  })
  @IsNotEmpty()
  endsAt: Temporal.Instant;
}

@InputType({ description: 'What is to become of one visit.' })
export class ClosureDecisionInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  visitId: string;

  @Field(() => Int, { description: 'The `version` of the visit in the preview.' })
  @IsInt()
  @Min(0)
  version: number;

  @Field(() => ClosureDecision, { description: 'Moved or cancelled.' })
  @IsEnum(ClosureDecision)
  decision: ClosureDecision;

  @Field(() => [WantedStepInput], {
    nullable: true,
    description:
      'To move: every step of its protocol, in order, as the preview proposed them or as somebody decided. To cancel: left out.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STEPS_MAX)
  @ValidateNested({ each: true })
  @Type(() => WantedStepInput)
  steps?: WantedStepInput[] | null;
}

@InputType({ description: 'A closure with all its consequences.' })
export class ApplyClosureInput extends ClosureInput {
  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters. Name no patient.` })
  @IsString()
  @Matches(/\S/u, { message: '$property must say something' })
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;

  @Field(() => String, { description: 'The `planSha256` of the preview.' })
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be the planSha256 of closurePreview' })
  planSha256: string;

  @Field(() => [ClosureDecisionInput], {
    description: `One for each visit of the preview, at most ${CLOSURE_VISITS_MAX}.`,
  })
  @IsArray()
  @ArrayMaxSize(CLOSURE_VISITS_MAX)
  @ArrayUnique(({ visitId }: ClosureDecisionInput) => visitId)
  @ValidateNested({ each: true })
  @Type(() => ClosureDecisionInput)
  decisions: ClosureDecisionInput[];

  @Field(() => String, {
    nullable: true,
    description:
      'Code of the reason for which visits are cancelled, one of `cancelReasons`; needed when any is.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_CODE_MAX_CHARACTERS)
  cancelReasonCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `In words, at most ${COMMENT_MAX_CHARACTERS} characters; left out: the reason of the closure.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(COMMENT_MAX_CHARACTERS)
  cancelComment?: string | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: LETTERS_AFTER_DEFAULT_MINUTES,
    description: `Minutes until the letters go, 0 to ${LETTERS_AFTER_MAX_MINUTES}. Until then the closure can be undone.`,
  })
  @IsInt()
  @Min(0)
  @Max(LETTERS_AFTER_MAX_MINUTES)
  lettersAfterMinutes: number = LETTERS_AFTER_DEFAULT_MINUTES;
}

@InputType({ description: 'A closure to take back.' })
export class UndoClosureInput {
  @Field(() => ID, { description: 'Which closure.' })
  @IsUUID()
  closureId: string;

  @Field(() => Int, { description: 'The `version` of the closure as it was read.' })
  @IsInt()
  @Min(0)
  version: number;
}

@InputType({ description: 'Narrows the list of closures.' })
export class ClosureFilterInput {
  @Field(() => Instant, { nullable: true, description: 'Those that end later than this.' })
  @IsOptional()
  from?: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'Those that begin before this.' })
  @IsOptional()
  until?: Temporal.Instant | null;

  @Field(() => ClosureStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(ClosureStatus)
  status?: ClosureStatus | null;
}
