import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEnum,
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
import { TracerRoute } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ActivityInput } from '../radiopharmacy/activity.type.js';
import {
  BODY_SITE_MAX_CHARACTERS,
  InjectionDetailsInput,
  NOT_BLANK,
  ResidualActivityInput,
  TEXT_MAX_CHARACTERS,
} from './administration-entry.type.js';

const WHY = `at most ${TEXT_MAX_CHARACTERS} characters`;

@InputType({ isAbstract: true })
abstract class AddendumInput {
  @Field(() => ID, { description: 'Which administration.' })
  @IsUUID()
  administrationId: string;

  @Field(() => Int, { description: 'Version of its latest entry, as it was read.' })
  @IsInt()
  @Min(1)
  version: number;
}

@InputType({ description: 'What was left in the syringe, measured after the injection was recorded.' })
export class RecordResidualInput extends AddendumInput {
  @Field(() => ResidualActivityInput, { description: 'How much, with its unit.' })
  @ValidateNested()
  @Type(() => ResidualActivityInput)
  residualActivity: ResidualActivityInput;

  @Field(() => Instant, { description: 'When it was measured: after the injection, not in the future.' })
  residualMeasuredAt: Temporal.Instant;
}

@InputType({
  description: 'What to put right in an administration. What is left out, or null, stays as it was.',
})
export class CorrectAdministrationInput extends InjectionDetailsInput {
  @Field(() => ID, { description: 'Which administration.' })
  @IsUUID()
  administrationId: string;

  @Field(() => Int, { description: 'Version of its latest entry, as it was read.' })
  @IsInt()
  @Min(1)
  version: number;

  @Field(() => String, { description: `Why it is put right, ${WHY}.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  reason: string;

  @Field(() => ID, { nullable: true, description: 'The batch that it was drawn from.' })
  @IsOptional()
  @IsUUID()
  batchId?: string | null;

  @Field(() => ActivityInput, {
    nullable: true,
    description: 'Measured before the injection, with its unit.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ActivityInput)
  measuredActivity?: ActivityInput | null;

  @Field(() => Instant, { nullable: true, description: 'When the syringe was measured.' })
  @IsOptional()
  measuredAt?: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When the tracer was injected.' })
  @IsOptional()
  injectedAt?: Temporal.Instant | null;

  @Field(() => TracerRoute, { nullable: true, description: 'How it was given.' })
  @IsOptional()
  @IsEnum(TracerRoute)
  route?: TracerRoute | null;

  @Field(() => String, { nullable: true, description: 'Where on the body, in words.' })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK)
  @MaxLength(BODY_SITE_MAX_CHARACTERS)
  bodySite?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'It ran, or may have run, beside the vein.' })
  @IsOptional()
  @IsBoolean()
  hasExtravasated?: boolean | null;
}

@InputType({ description: 'A record of an administration to take back.' })
export class VoidAdministrationInput extends AddendumInput {
  @Field(() => String, { description: `Why: entered for the wrong booking, say; ${WHY}.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  reason: string;
}
