import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { CaseProposalStatus, CaseSourceKind } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { REASON_CHARACTERS_MAX } from './meeting.type.js';
import { AlreadyProposed, CaseProposalAlreadySettled } from './meeting-case.refusals.js';
import { MeetingCase } from './meeting-case.type.js';
import './meeting-words.type.js';

@ObjectType({ description: 'That a patient ought to be brought before the team, and what became of it.' })
export class CaseProposal {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => ID, { description: 'Who it is.' })
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'The referral that it belongs to; null: none.' })
  readonly referralId: string | null;

  @Field(() => CaseSourceKind, { description: 'What kind of thing it comes from.' })
  readonly kind: CaseSourceKind;

  @Field(() => ID, {
    description: 'Its id, in its own room. One proposal for each, apart from withdrawn ones.',
  })
  readonly sourceId: string;

  @Field(() => String, { description: 'Why, in a sentence.' })
  readonly because: string;

  @Field(() => CaseProposalStatus, { description: 'What became of it.' })
  readonly status: CaseProposalStatus;

  @Field(() => Instant, { description: 'When it was proposed.' })
  readonly proposedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that proposed it; null: the system.' })
  readonly proposedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was settled; null: it is open.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that settled it; null: it is open, or the system withdrew it.',
  })
  readonly settledById: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of the system’s: the judgement of a response or the signed version of a report that it stands on; null: a person proposed it.',
  })
  readonly groundId: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was dismissed; null: it was not.' })
  readonly dismissReason: string | null;

  @Field(() => String, { nullable: true, description: 'Why the system withdrew it; null: it did not.' })
  readonly withdrawReason: string | null;

  @Field(() => ID, { nullable: true, description: 'The case that it became; null: none.' })
  readonly caseId: string | null;
}

@ObjectType({ description: 'A page of proposals, the oldest first.' })
export class CaseProposalPage extends pageOf(CaseProposal) {}

@InputType({ description: 'Proposes a patient for the team.' })
export class ProposeForTeamInput {
  @Field(() => ID, { description: 'Who it is.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'A referral of the patient that it belongs to.' })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;

  @Field(() => CaseSourceKind, { description: 'What kind of thing it comes from.' })
  @IsEnum(CaseSourceKind)
  readonly kind: CaseSourceKind;

  @Field(() => ID, { description: 'Its id, in its own room.' })
  @IsUUID()
  readonly sourceId: string;

  @Field(() => String, { description: `Why, at most ${REASON_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'because must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly because: string;
}

@InputType({ description: 'Makes a case of a proposal.' })
export class AcceptProposalInput {
  @Field(() => ID, { description: 'Which proposal.' })
  @IsUUID()
  readonly proposalId: string;

  @Field(() => String, { description: 'What the team is asked, at most 2000 characters.' })
  @IsString()
  @Matches(/\S/, { message: 'question must not be blank' })
  @MaxLength(2000)
  readonly question: string;
}

@InputType({ description: 'Says that a proposal is no matter for the team.' })
export class DismissProposalInput {
  @Field(() => ID, { description: 'Which proposal.' })
  @IsUUID()
  readonly proposalId: string;

  @Field(() => String, { description: `Why, at most ${REASON_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'reason must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly reason: string;
}

export const ProposeForTeamResult = resultUnion(
  'ProposeForTeamResult',
  CaseProposal,
  [AlreadyProposed],
  'The proposal, or why there is none.',
);

export const AcceptProposalResult = resultUnion(
  'AcceptProposalResult',
  MeetingCase,
  [CaseProposalAlreadySettled],
  'The case that it became, or why it is none.',
);

export const DismissProposalResult = resultUnion(
  'DismissProposalResult',
  CaseProposal,
  [CaseProposalAlreadySettled],
  'The dismissed proposal, or why it was not.',
);
