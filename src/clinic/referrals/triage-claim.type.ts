import { Field, ID, InputType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { ReferralPriority } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Referral } from './referral.type.js';
import { READABLE, SOME_TEXT } from './referral-text.rules.js';
import { ReferralNotWaiting } from './triage.refusals.js';
import { NotAClinician, ReferralClaimedByAnother, ReferralNotClaimed } from './triage-claim.refusals.js';

const REASON_CHARACTERS_MAX = 1_000;

@InputType({ description: 'To take a referral in hand.' })
export class ClaimReferralInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it is taken over from whoever has it in hand, at most 1,000 characters. Without it nothing is taken over.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly takeOverReason?: string | null;
}

@InputType({ description: 'To give back a referral that you have in hand.' })
export class ReleaseReferralInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;
}

@InputType({ description: 'Whose decision it is to be.' })
export class AssignReferralInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => ID, { description: 'Staff account of the clinician.' })
  @IsUUID()
  readonly clinicianId: string;

  @Field(() => String, { nullable: true, description: 'Why, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason?: string | null;
}

@InputType({ description: "That it is to be nobody's decision in particular." })
export class UnassignReferralInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => String, { nullable: true, description: 'Why, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason?: string | null;
}

@InputType({ description: 'How urgent it is after all.' })
export class ChangeReferralPriorityInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => ReferralPriority, { description: 'The new priority.' })
  @IsEnum(ReferralPriority)
  readonly priority: ReferralPriority;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const ClaimReferralResult = resultUnion(
  'ClaimReferralResult',
  Referral,
  [ReferralNotWaiting, ReferralClaimedByAnother],
  'The referral, which you have in hand, or why not.',
);

export const ReleaseReferralResult = resultUnion(
  'ReleaseReferralResult',
  Referral,
  [ReferralNotWaiting, ReferralNotClaimed],
  'The referral, which nobody has in hand, or why nothing was given back.',
);

export const AssignReferralResult = resultUnion(
  'AssignReferralResult',
  Referral,
  [ReferralNotWaiting, NotAClinician],
  'The referral with whose it is, or why it is not.',
);

export const UnassignReferralResult = resultUnion(
  'UnassignReferralResult',
  Referral,
  [ReferralNotWaiting],
  "The referral, which is nobody's, or why nothing was changed.",
);

export const ChangeReferralPriorityResult = resultUnion(
  'ChangeReferralPriorityResult',
  Referral,
  [ReferralNotWaiting],
  'The referral with its priority and what is due by it, or why nothing was changed.',
);
