import { Field, Float, ID, InputType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IncidentExposure, IncidentKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { DoseNotKnown, IncidentStandsOtherwise, TextNamesPatient } from './incident.refusals.js';
import { Incident } from './incident.type.js';
import { READABLE, SOME_LINES, STORY_CHARACTERS_MAX, WORDS_CHARACTERS_MAX } from './incident-words.type.js';

/** Ten times the activity of any therapy: what is more was typed in another unit. */
const ACTIVITY_MAX_MBQ = 100_000;
/** More than anybody survives: what is more was typed in another unit. */
const DOSE_MAX_MILLI = 10_000;
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;

@InputType({ description: 'Something went wrong, or nearly did.' })
export class RaiseIncidentInput {
  @Field(() => IncidentKind, { description: 'What kind of thing.' })
  @IsEnum(IncidentKind)
  readonly kind: IncidentKind;

  @Field(() => Instant, { description: 'When it happened; not in the future.' })
  readonly happenedAt: Temporal.Instant;

  @Field(() => String, { nullable: true, description: 'Code of the site: MAIN. Left out: at none.' })
  @IsOptional()
  @IsString()
  @Matches(CODE, { message: '$property: must be a code in capitals, such as MAIN' })
  readonly siteCode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Whom it happened to. Left out: nobody who is registered.',
  })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit during which it happened. It may be another patient’s, when the wrong one was seen.',
  })
  @IsOptional()
  @IsUUID()
  readonly visitId?: string | null;

  @Field(() => String, { description: `What happened, at most ${STORY_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly whatHappened: string;

  @Field(() => String, {
    nullable: true,
    description: `What was done at once, at most ${STORY_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly immediateAction?: string | null;
}

const ACTIVITY = `in MBq, 0 to ${ACTIVITY_MAX_MBQ}`;
const DOSE = `0 to ${DOSE_MAX_MILLI}`;

@InputType({
  description:
    'What was found out. A dose is given in mSv, or computed from the activity in MBq by the coefficient of the tracer that was in force on that day; where both are given, the dose counts.',
})
export class AssessIncidentInput {
  @Field(() => ID, { description: 'The incident.' })
  @IsUUID()
  readonly incidentId: string;

  @Field(() => IncidentExposure, { description: 'How somebody was exposed otherwise than intended.' })
  @IsEnum(IncidentExposure)
  readonly exposure: IncidentExposure;

  @Field(() => Boolean, {
    nullable: true,
    description: 'A child? Needed only where no patient is named: of a patient the date of birth says it.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isChild?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the tracer, needed with an activity: TC99M_MDP.',
  })
  @IsOptional()
  @IsString()
  @Matches(CODE, { message: '$property: must be a code in capitals, such as TC99M_MDP' })
  readonly tracerCode?: string | null;

  @Field(() => Float, { nullable: true, description: `The activity that was intended, ${ACTIVITY}.` })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(ACTIVITY_MAX_MBQ)
  readonly intendedActivityMbq?: number | null;

  @Field(() => Float, { nullable: true, description: `The activity that was administered, ${ACTIVITY}.` })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(ACTIVITY_MAX_MBQ)
  readonly actualActivityMbq?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `The effective dose that was intended, in mSv, ${DOSE}.`,
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(DOSE_MAX_MILLI)
  readonly intendedDoseMsv?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `The whole effective dose that was received, in mSv, ${DOSE}, the intended part and CT included.`,
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(DOSE_MAX_MILLI)
  readonly actualDoseMsv?: number | null;

  @Field(() => Float, { nullable: true, description: `Absorbed dose to an unborn child, in mGy, ${DOSE}.` })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(DOSE_MAX_MILLI)
  readonly foetalDoseMgy?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `Effective dose to a breast-fed infant, in mSv, ${DOSE}.`,
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(DOSE_MAX_MILLI)
  readonly infantDoseMsv?: number | null;

  @Field(() => Boolean, { description: 'A procedure of the employer was not followed.' })
  @IsBoolean()
  readonly isProceduralFailure: boolean;

  @Field(() => Boolean, { description: 'It was another radiopharmaceutical than was meant.' })
  @IsBoolean()
  readonly isWrongRadiopharmaceutical: boolean;

  @Field(() => Boolean, { description: 'It was administered without the right licence.' })
  @IsBoolean()
  readonly isLicenceBreach: boolean;

  @Field(() => String, {
    nullable: true,
    description: `Why a regulator is told although no threshold is met, at most ${WORDS_CHARACTERS_MAX} characters. The thresholds cannot be talked away.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly notifiableBecause?: string | null;

  @Field(() => String, {
    description: `For the regulator: what happened and why, at most ${STORY_CHARACTERS_MAX} characters, without anything by which a patient could be known.`,
  })
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly anonymousSummary: string;

  @Field(() => String, {
    nullable: true,
    description: `For the clinic, at most ${STORY_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly comment?: string | null;
}

export const AssessIncidentResult = resultUnion(
  'AssessIncidentResult',
  Incident,
  [IncidentStandsOtherwise, DoseNotKnown, TextNamesPatient],
  'The incident with its assessment, or why nothing was recorded.',
);
