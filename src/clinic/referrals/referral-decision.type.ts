import { Field, InputType } from '@nestjs/graphql';
import { IsEnum, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ReferralAcceptedFor } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import {
  ReferralAlreadyDecided,
  ReferralChangedMeanwhile,
  ReferralHasVisits,
  ReferralNotPossible,
  ReferralReasonNotYours,
} from './referral.refusals.js';
import { Referral } from './referral.type.js';
import {
  CODE_CHARACTERS_MAX,
  MoveReferralInput,
  MoveWithReasonInput,
  WORDS_CHARACTERS_MAX,
} from './referral-move.type.js';
import { CODE, READABLE, SOME_TEXT } from './referral-text.rules.js';
import { ReferralClaimedByAnother } from './triage-claim.refusals.js';

const TO_WHOM_CHARACTERS_MAX = 300;

@InputType({ description: 'A clinician begins to read it.' })
export class TakeUpReferralInput extends MoveReferralInput {}

@InputType({ description: 'It waits again for whoever takes it up.' })
export class PutBackReferralInput extends MoveReferralInput {}

@InputType({ description: 'What has to be known before it can be decided.' })
export class RequestInformationInput extends MoveReferralInput {
  @Field(() => String, { description: 'What is wanted, at most 4,000 characters; the referrer is told it.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly wanted: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day to answer by, today or later; left out: what the triage policy gives a referrer.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly dueOn?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why: a code of `referralReasons`; left out: FURTHER_INFORMATION_REQUIRED.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  @Matches(CODE)
  readonly reasonCode?: string | null;
}

@InputType({ description: 'The decision to see the patient.' })
export class AcceptReferralInput extends MoveReferralInput {
  @Field(() => ReferralAcceptedFor, { nullable: true, description: 'What for; left out: CLINIC.' })
  @IsOptional()
  @IsEnum(ReferralAcceptedFor)
  readonly acceptedFor?: ReferralAcceptedFor | null;
}

@InputType({ description: 'The decision not to see the patient.' })
export class DeclineReferralInput extends MoveWithReasonInput {}

@InputType({ description: 'The decision that somebody else is to see the patient.' })
export class RedirectReferralInput extends MoveWithReasonInput {
  @Field(() => String, { description: 'To whom it is passed on, at most 300 characters.' })
  @IsString()
  @MaxLength(TO_WHOM_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly to: string;
}

@InputType({ description: 'The decision that advice to the referrer is enough.' })
export class ReturnReferralWithAdviceInput extends MoveReferralInput {
  @Field(() => String, { description: 'The advice, at most 4,000 characters; the referrer is told it.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly advice: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why: a code of `referralReasons`; left out: ADVICE_SUFFICES.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  @Matches(CODE)
  readonly reasonCode?: string | null;
}

export const DecideReferralResult = resultUnion(
  'DecideReferralResult',
  Referral,
  [
    ReferralAlreadyDecided,
    ReferralNotPossible,
    ReferralChangedMeanwhile,
    ReferralClaimedByAnother,
    ReferralReasonNotYours,
  ],
  'The referral as it stands after the decision, or why it was not decided.',
);

export const SteerReferralResult = resultUnion(
  'SteerReferralResult',
  Referral,
  [
    ReferralAlreadyDecided,
    ReferralNotPossible,
    ReferralChangedMeanwhile,
    ReferralReasonNotYours,
    ReferralHasVisits,
  ],
  'The referral as it stands now, or why nothing was done.',
);
