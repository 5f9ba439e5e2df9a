import { Field, ID, InputType } from '@nestjs/graphql';
import { IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import {
  ReferralAlreadyDecided,
  ReferralChangedMeanwhile,
  ReferralHasVisits,
  ReferralNotPossible,
  ReferralReasonNotYours,
} from './referral.refusals.js';
import { Referral } from './referral.type.js';
import {
  KeptReferralIsDecided,
  KeptReferralIsOver,
  ReferralMergeTooOld,
  ReferralNotMerged,
  ReferralsOfTwoPatients,
} from './referral-merge.refusals.js';
import { READABLE, SOME_TEXT } from './referral-text.rules.js';
import { ReferralClaimedByAnother } from './triage-claim.refusals.js';

const REASON_CHARACTERS_MAX = 1_000;

@InputType({ description: 'Two referrals that are one.' })
export class MergeReferralsInput {
  @Field(() => ID, { description: 'The referral that goes on.' })
  @IsUUID()
  readonly keptId: string;

  @Field(() => ID, { description: 'The referral that is merged into it.' })
  @IsUUID()
  readonly mergedId: string;

  @Field(() => String, { description: 'Why they are one, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'Two referrals that are two after all.' })
export class UndoReferralMergeInput {
  @Field(() => ID, { description: 'The referral that was merged into another.' })
  @IsUUID()
  readonly mergedId: string;

  @Field(() => String, { description: 'Why they are two, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const MergeReferralsResult = resultUnion(
  'MergeReferralsResult',
  Referral,
  [
    ReferralsOfTwoPatients,
    KeptReferralIsOver,
    KeptReferralIsDecided,
    ReferralHasVisits,
    ReferralNotPossible,
    ReferralAlreadyDecided,
    ReferralChangedMeanwhile,
    ReferralClaimedByAnother,
    ReferralReasonNotYours,
  ],
  'The referral that was kept, or why the two were not merged.',
);

export const UndoReferralMergeResult = resultUnion(
  'UndoReferralMergeResult',
  Referral,
  [ReferralNotMerged, ReferralMergeTooOld],
  'The referral that stands by itself again, or why it does not.',
);
