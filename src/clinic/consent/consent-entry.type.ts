import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  ConsentCapacity,
  ConsentCompetence,
  ConsentGiver,
  ConsentMethod,
  ConsentPurpose,
  ConsentSide,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  ConsentIncomplete,
  ConsentStillInForce,
  GiverMayNotDecide,
  NothingToWithdraw,
  WordingDiffers,
  WordingNotInForce,
} from './consent.refusals.js';
import { ConsentRecord } from './consent.type.js';
import { ConsentEvidenceInput, ConsentInterpreterInput, ConsentToldInput } from './consent-detail.type.js';
import { ConsentAnswer } from './consent-words.type.js';

/** A remark, not a clinic letter. */
const COMMENT_CHARACTERS_MAX = 1_000;
const GIVER_NAME_CHARACTERS_MAX = 120;
const VERSION_CHARACTERS_MAX = 40;
const STATEMENT_CHARACTERS_MAX = 2_000;
const TRAINING_CHARACTERS_MAX = 500;
/** Papers of an attorney, minutes of a best-interests meeting. */
const GIVER_DOCUMENTS_MAX = 10;
/** Half of a spine: nobody treats more at once. */
const LEVELS_MAX = 12;
/** Anything but control characters (line breaks and tabs are fine) and broken UTF-16. */
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const PLAIN = { message: '$property: must not contain control characters' };
/** BCP 47, as far as a clinic's wordings go: language, perhaps script, perhaps country. */
const LOCALE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** As kinds of visits are coded. */
export const PROCEDURE_CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
/** Between two vertebrae (L4/5, l4-5) or one by itself (S1). */
export const LEVEL = /^\s*[CTLS]\d{1,2}(\s*[/–-]\s*[CTLS]?\d{1,2})?\s*$/i;

@InputType({ isAbstract: true })
export abstract class DecisionInput {
  @Field(() => ID, { description: 'The patient.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  @IsEnum(ConsentPurpose)
  readonly purpose: ConsentPurpose;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure (visit type): needed of a procedure, and only taken of one.',
  })
  @IsOptional()
  @Matches(PROCEDURE_CODE, { message: '$property: must be a code in capitals such as FACET_INJECTION' })
  readonly procedureCode?: string | null;

  @Field(() => ConsentSide, {
    nullable: true,
    description: 'The side, of a procedure that has one. A "no" without a side is about each.',
  })
  @IsOptional()
  @IsEnum(ConsentSide)
  readonly side?: ConsentSide | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The levels, such as L4/5, at most 12. A "no" without levels is about each.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LEVELS_MAX)
  @Matches(LEVEL, { each: true, message: '$property: must be levels such as L4/5 or S1' })
  readonly levels?: readonly string[] | null;

  @Field(() => ConsentGiver, { description: 'Who decided.' })
  @IsEnum(ConsentGiver)
  readonly givenBy: ConsentGiver;

  @Field(() => String, {
    nullable: true,
    description: 'Name of who decided: needed, and only taken, when it was not the patient.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(GIVER_NAME_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly giverName?: string | null;

  @Field(() => ConsentMethod, { description: 'How the decision reached us.' })
  @IsEnum(ConsentMethod)
  readonly method: ConsentMethod;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the person decided; now when left out. Not in the future, and not before their birth.',
  })
  @IsOptional()
  readonly decidedAt?: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Remark, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;
}

@InputType({ description: 'The answer of somebody who was asked.' })
export class RecordConsentInput extends DecisionInput {
  @Field(() => ConsentAnswer, { description: 'The answer.' })
  @IsEnum(ConsentAnswer)
  readonly decision: ConsentAnswer;

  @Field(() => String, {
    description: 'Version of the wording that was shown. It must have been in force at the time.',
  })
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  readonly wordingVersion: string;

  @Field(() => String, { description: 'Language in which it was shown (BCP 47), such as en-GB.' })
  @Matches(LOCALE, { message: '$property: must be a language such as en-GB' })
  readonly locale: string;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 (lower-case hexadecimal) of the text that was really shown, to have it compared.',
  })
  @IsOptional()
  @Matches(SHA256, { message: '$property: must be 64 hexadecimal digits in lower case' })
  readonly wordingSha256?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What shows that an attorney or a best-interests decision may decide: the papers seen, who was heard and what was weighed. Needed of a "yes" by them, or documents that show it. At most 2,000 characters.',
  })
  @IsOptional()
  @MaxLength(STATEMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly giverEvidence?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Documents about the patient that show it, at most 10.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(GIVER_DOCUMENTS_MAX)
  @IsUUID(undefined, { each: true })
  readonly giverDocumentIds?: readonly string[] | null;

  @Field(() => ConsentCapacity, {
    nullable: true,
    description: 'Whether the patient could make this decision at this time. Of clinical consent only.',
  })
  @IsOptional()
  @IsEnum(ConsentCapacity)
  readonly capacity?: ConsentCapacity | null;

  @Field(() => String, {
    nullable: true,
    description: 'How that was found; needed with `capacity`. At most 2,000 characters.',
  })
  @IsOptional()
  @MaxLength(STATEMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly capacityStatement?: string | null;

  @Field(() => ConsentInterpreterInput, { nullable: true, description: 'Who interpreted; null: nobody.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ConsentInterpreterInput)
  readonly interpreter?: ConsentInterpreterInput | null;

  @Field(() => ConsentCompetence, {
    nullable: true,
    description: 'Why you are competent to take this consent. Of clinical consent only.',
  })
  @IsOptional()
  @IsEnum(ConsentCompetence)
  readonly takerCompetence?: ConsentCompetence | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Your training for it by name and date; needed when it was delegated. At most 500 characters.',
  })
  @IsOptional()
  @MaxLength(TRAINING_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly takerTraining?: string | null;

  @Field(() => ConsentToldInput, {
    nullable: true,
    description: 'What was told before. Of clinical consent only; needed of a procedure.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ConsentToldInput)
  readonly told?: ConsentToldInput | null;

  @Field(() => ConsentEvidenceInput, {
    nullable: true,
    description: 'What shows that the decision was made.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ConsentEvidenceInput)
  readonly evidence?: ConsentEvidenceInput | null;
}

@InputType({ description: 'A consent that is taken back. It asks for no more than giving one does.' })
export class WithdrawConsentInput extends DecisionInput {}

@InputType({ description: 'Which procedure, and where.' })
export class ConsentSubjectInput {
  @Field(() => String, { description: 'Code of the procedure (visit type).' })
  @Matches(PROCEDURE_CODE, { message: '$property: must be a code in capitals such as FACET_INJECTION' })
  readonly procedureCode: string;

  @Field(() => ConsentSide, { nullable: true, description: 'The side; left out: one that was agreed to.' })
  @IsOptional()
  @IsEnum(ConsentSide)
  readonly side?: ConsentSide | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The levels, such as L4/5, each of which has to be agreed to; left out: one that was.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LEVELS_MAX)
  @Matches(LEVEL, { each: true, message: '$property: must be levels such as L4/5 or S1' })
  readonly levels?: readonly string[] | null;
}

export const RecordConsentResult = resultUnion(
  'RecordConsentResult',
  ConsentRecord,
  [WordingNotInForce, WordingDiffers, ConsentStillInForce, ConsentIncomplete, GiverMayNotDecide],
  'The record, or why there is none.',
);

export const WithdrawConsentResult = resultUnion(
  'WithdrawConsentResult',
  ConsentRecord,
  [NothingToWithdraw],
  'The record of the withdrawal, or why there is none.',
);
