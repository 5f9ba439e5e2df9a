import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsString, IsUUID, Matches, MaxLength, Min } from 'class-validator';
import { DecisionLetterStatus, LetterAudience } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  DecisionNotSigned,
  DecisionSuperseded,
  LetterAlreadyDrafted,
  LetterBehindDecision,
  LetterChanged,
  LetterStandsOtherwise,
} from './decision.refusals.js';
import { READABLE, SOME_TEXT, TEXT_CHARACTERS_MAX } from './decision-words.type.js';

/** A letter is approved, and to be sent, once. Subject: the letter. Version: that of the letter as it was approved. */
export const LETTER_APPROVED = 'decision-letter.approved';

@ObjectType({ description: 'A letter about a decision, to one party.' })
export class DecisionLetter {
  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;

  @Field(() => ID, { description: 'The decision.' })
  readonly decisionId: string;

  @Field(() => LetterAudience, { description: 'For whom it is.' })
  readonly audience: LetterAudience;

  @Field(() => DecisionLetterStatus, { description: 'Where it stands.' })
  readonly status: DecisionLetterStatus;

  @Field(() => ID, { nullable: true, description: 'Their entry in the directory; null: none.' })
  readonly recipientId: string | null;

  @Field(() => String, { nullable: true, description: 'Their name; null: the patient.' })
  readonly recipientName: string | null;

  @Field(() => String, { description: 'The text.' })
  readonly text: string;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;

  @Field(() => ID, { description: 'Who changed it last.' })
  readonly changedById: string;

  @Field(() => Instant, { description: 'When.' })
  readonly changedAt: Temporal.Instant;

  @Field(() => String, { nullable: true, description: 'Name of who approved it, at the time; null: nobody.' })
  readonly approvedByName: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was approved; null: it is not.' })
  readonly approvedAt: Temporal.Instant | null;
}

@InputType({ description: 'Another text for a letter.' })
export class RewordDecisionLetterInput {
  @Field(() => ID, { description: 'The letter.' })
  @IsUUID()
  readonly letterId: string;

  @Field(() => Int, { description: '`version` as you have read it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'The whole text, at most 10,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;
}

/** Every refusal that drafting a letter can meet. */
export const DRAFT_DECISION_LETTER_REFUSALS = [
  DecisionNotSigned,
  DecisionSuperseded,
  LetterAlreadyDrafted,
  IdempotencyKeyReused,
] as const;

export const DraftDecisionLetterResult = resultUnion(
  'DraftDecisionLetterResult',
  DecisionLetter,
  [...DRAFT_DECISION_LETTER_REFUSALS],
  'The draft, or why there is none.',
);

export const ChangeDecisionLetterResult = resultUnion(
  'ChangeDecisionLetterResult',
  DecisionLetter,
  [LetterStandsOtherwise, LetterChanged],
  'The letter as it stands now, or why nothing was changed.',
);

export const RewordDecisionLetterResult = resultUnion(
  'RewordDecisionLetterResult',
  DecisionLetter,
  [LetterStandsOtherwise, LetterChanged, LetterBehindDecision],
  'The letter as it stands now, or why nothing was changed.',
);

export const ApproveDecisionLetterResult = resultUnion(
  'ApproveDecisionLetterResult',
  DecisionLetter,
  [LetterStandsOtherwise, LetterChanged, LetterBehindDecision],
  'The approved letter, or why it is not.',
);
