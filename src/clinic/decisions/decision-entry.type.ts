import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DecisionKind, PatientChoice } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { SecondFactorWanted, SecondFactorWrong } from '../auth/second-factor.refusals.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  CaseNotUnderDiscussion,
  CheckerIsTypist,
  CheckerWasNotThere,
  DecisionAlreadySigned,
  DecisionConflict,
  DecisionNotAsSeen,
  DecisionNotChecked,
  DecisionNotSigned,
  DiscussionNotOver,
  NotTheNominatedChecker,
  QuorumMissing,
} from './decision.refusals.js';
import { CaseDecision } from './decision.type.js';
import {
  ENTRIES_MAX,
  FINGERPRINT,
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_TEXT,
  TEXT_CHARACTERS_MAX,
} from './decision-words.type.js';

@InputType({ description: 'An option that the team considered.' })
export class DecisionOptionInput {
  @Field(() => String, { description: 'What could be done. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly option: string;

  @Field(() => String, { description: 'What speaks for it. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly inFavour: string;

  @Field(() => String, { description: 'What speaks against it. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly against: string;
}

@InputType({ description: 'A code of what is recommended.' })
export class DecisionCodeInput {
  @Field(() => String, {
    description: 'The code system, such as OPCS-4 or SNOMED CT. At most 1,000 characters.',
  })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly system: string;

  @Field(() => String, { description: 'The code. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly code: string;

  @Field(() => String, { description: 'What it means. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly display: string;
}

@InputType({ description: 'What a recommendation is founded on.' })
export class DecisionEvidenceInput {
  @Field(() => String, {
    description: 'The guideline or paper, so that it can be found again. At most 1,000 characters.',
  })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly citation: string;

  @Field(() => String, { description: 'What it says for this patient. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly says: string;
}

@InputType({ description: 'Who saw it otherwise.' })
export class DecisionDissentInput {
  @Field(() => String, { description: 'Whose view it is: name and discipline. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly who: string;

  @Field(() => String, { description: 'What they think instead, and why. At most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly what: string;
}

@InputType({
  description:
    'What the team decided, as it is typed in the meeting. Texts have at most 10,000 characters, lists at most 30 entries.',
})
export class TypeDecisionInput {
  @Field(() => ID, { description: 'The case.' })
  @IsUUID()
  readonly caseId: string;

  @Field(() => Int, { description: 'Number of the version that you went on from; 0: there was none.' })
  @IsInt()
  @Min(0)
  readonly baseVersion: number;

  @Field(() => DecisionKind, { description: 'What came of the discussion.' })
  @IsEnum(DecisionKind)
  readonly kind: DecisionKind;

  @Field(() => [DecisionOptionInput], {
    description: 'What was considered; a recommendation has at least one.',
  })
  @IsArray()
  @ArrayMaxSize(ENTRIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => DecisionOptionInput)
  readonly options: readonly DecisionOptionInput[];

  @Field(() => String, {
    nullable: true,
    description: 'What the team recommends: of RECOMMENDATION, and only of it.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly recommendation?: string | null;

  @Field(() => [DecisionCodeInput], { description: 'Codes of it.' })
  @IsArray()
  @ArrayMaxSize(ENTRIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => DecisionCodeInput)
  readonly codes: readonly DecisionCodeInput[];

  @Field(() => [DecisionEvidenceInput], {
    description: 'The guideline or evidence that it is founded on; a recommendation has at least one.',
  })
  @IsArray()
  @ArrayMaxSize(ENTRIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => DecisionEvidenceInput)
  readonly evidence: readonly DecisionEvidenceInput[];

  @Field(() => [DecisionDissentInput], { description: 'Who saw it otherwise.' })
  @IsArray()
  @ArrayMaxSize(ENTRIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => DecisionDissentInput)
  readonly dissent: readonly DecisionDissentInput[];

  @Field(() => String, { nullable: true, description: 'Of NO_DECISION and DEFERRED, and only of them: why.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason?: string | null;

  @Field(() => String, { nullable: true, description: 'What is to be looked at again, and when.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly followUp?: string | null;

  @Field(() => ID, {
    description: 'The clinician who is to check it: somebody else who was there, and may sign decisions.',
  })
  @IsUUID()
  readonly checkerId: string;
}

@InputType({ description: 'What is found right.' })
export class CheckDecisionInput {
  @Field(() => ID, { description: 'The decision.' })
  @IsUUID()
  readonly decisionId: string;

  @Field(() => Int, { description: 'Number of the version that you have read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Its fingerprint.' })
  @IsString()
  @Matches(FINGERPRINT)
  readonly fingerprint: string;
}

@InputType({ description: 'What is signed.' })
export class SignOffDecisionInput {
  @Field(() => ID, { description: 'The decision.' })
  @IsUUID()
  readonly decisionId: string;

  @Field(() => Int, { description: 'Number of the version that you have read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Its fingerprint.' })
  @IsString()
  @Matches(FINGERPRINT)
  readonly fingerprint: string;

  @Field(() => String, {
    nullable: true,
    description: 'The code of your second factor; null: you have none.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly secondFactorCode?: string | null;
}

@InputType({ description: 'What is added to a signed decision.' })
export class AddDecisionAddendumInput {
  @Field(() => ID, { description: 'The decision.' })
  @IsUUID()
  readonly decisionId: string;

  @Field(() => String, { description: 'The words, at most 10,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => String, {
    nullable: true,
    description: 'The code of your second factor; null: you have none.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly secondFactorCode?: string | null;
}

@InputType({ description: 'What patient and clinician decided.' })
export class RecordPatientDecisionInput {
  @Field(() => ID, { description: 'What it is about.' })
  @IsUUID()
  readonly decisionId: string;

  @Field(() => PatientChoice, { description: 'What they decided.' })
  @IsEnum(PatientChoice)
  readonly choice: PatientChoice;

  @Field(() => String, {
    nullable: true,
    description: 'Of OTHER_OPTION, and only of it: what; at most 1,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly chosen?: string | null;

  @Field(() => Instant, { description: 'When; not in the future.' })
  readonly decidedAt: Temporal.Instant;

  @Field(() => ID, { description: 'With which clinician.' })
  @IsUUID()
  readonly clinicianId: string;

  @Field(() => String, { nullable: true, description: 'Who else was there; at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly alsoPresent?: string | null;

  @Field(() => String, {
    description: 'What was talked about, and what mattered to the patient; at most 10,000 characters.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly notes: string;
}

export const TypeDecisionResult = resultUnion(
  'TypeDecisionResult',
  CaseDecision,
  [DecisionConflict, CaseNotUnderDiscussion, DecisionAlreadySigned, CheckerIsTypist, CheckerWasNotThere],
  'The decision with the new version, or why there is none.',
);

export const CheckDecisionResult = resultUnion(
  'CheckDecisionResult',
  CaseDecision,
  [DecisionAlreadySigned, CheckerIsTypist, NotTheNominatedChecker, DecisionNotAsSeen],
  'The checked decision, or why it is not.',
);

export const SignOffDecisionResult = resultUnion(
  'SignOffDecisionResult',
  CaseDecision,
  [
    DecisionAlreadySigned,
    DecisionNotAsSeen,
    DecisionNotChecked,
    DiscussionNotOver,
    QuorumMissing,
    SecondFactorWanted,
    SecondFactorWrong,
  ],
  'The signed decision, or why it is not.',
);

/** Every refusal that adding to a decision can meet. */
export const ADD_DECISION_ADDENDUM_REFUSALS = [
  DecisionNotSigned,
  SecondFactorWanted,
  SecondFactorWrong,
  IdempotencyKeyReused,
] as const;

export const AddDecisionAddendumResult = resultUnion(
  'AddDecisionAddendumResult',
  CaseDecision,
  [...ADD_DECISION_ADDENDUM_REFUSALS],
  'The decision with what was added, or why nothing was.',
);

/** Every refusal that recording the patient's decision can meet. */
export const RECORD_PATIENT_DECISION_REFUSALS = [DecisionNotSigned, IdempotencyKeyReused] as const;

export const RecordPatientDecisionResult = resultUnion(
  'RecordPatientDecisionResult',
  CaseDecision,
  [...RECORD_PATIENT_DECISION_REFUSALS],
  'The decision with what was said, or why it was not recorded.',
);
