import './response-words.type.js';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsOptional, IsString, IsUUID, Matches, MaxLength, Min } from 'class-validator';
import { ProposalStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import {
  AlreadyRequested,
  FindingNotStanding,
  PlacesDoNotFit,
  ReferralOfSomebodyElse,
} from '../treatments/treatment.refusals.js';
import { ProposalSettled, ResponseChanged } from './response.refusals.js';
import { TreatmentProposal } from './response.type.js';
import { READABLE, REASON_CHARACTERS_MAX, SOME_TEXT } from './response-words.type.js';

@ObjectType({ description: 'A page of proposals, the newest first.' })
export class TreatmentProposalPage extends pageOf(TreatmentProposal) {}

@InputType({ description: 'Narrows the proposals. Several filters together: all must hold.' })
export class TreatmentProposalFilterInput {
  @Field(() => ProposalStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(ProposalStatus)
  readonly status?: ProposalStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;
}

@InputType({
  description: 'A proposal to take up: the treatment is asked for, at the places that were treated.',
})
export class TakeProposalInput {
  @Field(() => ID, { description: 'Which proposal.' })
  @IsUUID()
  readonly proposalId: string;

  @Field(() => Int, { description: '`version` of the proposal as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'The indication; at most 2,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly indication: string;

  @Field(() => String, {
    description: 'What else was offered, doing nothing among it; at most 2,000 characters.',
  })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly alternatives: string;
}

@InputType({ description: 'A proposal to say no to.' })
export class DeclineProposalInput {
  @Field(() => ID, { description: 'Which proposal.' })
  @IsUUID()
  readonly proposalId: string;

  @Field(() => Int, { description: '`version` of the proposal as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why; at most 2,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const TakeProposalResult = resultUnion(
  'TakeProposalResult',
  TreatmentProposal,
  [
    ProposalSettled,
    ResponseChanged,
    ReferralOfSomebodyElse,
    PlacesDoNotFit,
    FindingNotStanding,
    AlreadyRequested,
  ],
  'The proposal with the treatment that was asked for, or why nothing was asked for.',
);

export const DeclineProposalResult = resultUnion(
  'DeclineProposalResult',
  TreatmentProposal,
  [ProposalSettled, ResponseChanged],
  'The proposal as it stands now, or why nothing was changed.',
);
