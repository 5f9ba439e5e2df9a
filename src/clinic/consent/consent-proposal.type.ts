import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import type { ConsentWordingProposal as ProposalRow } from '../../platform/database/generated/client.js';
import { ConsentProposalStatus, ConsentPurpose } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { instantFromDate, type Temporal } from '../../platform/time/index.js';
import { WordingDiffers } from './consent.refusals.js';
import { ConsentWording } from './consent.type.js';
import { PROCEDURE_CODE } from './consent-entry.type.js';
import { ProposalAlreadySettled, WordingVersionTaken } from './consent-proposal.refusals.js';

/** A form of several pages; a book is a leaflet. */
const TEXT_CHARACTERS_MAX = 20_000;
const REASON_CHARACTERS_MAX = 500;
const VERSION_CHARACTERS_MAX = 40;
/** Something to read, and no control characters but line breaks and tabs, and no broken UTF-16. */
const SOME_TEXT = /^(?=[\s\S]*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const READABLE = { message: '$property: must not be blank or contain control characters' };
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** BCP 47, as far as a clinic's wordings go: language, perhaps script, perhaps country. */
const LOCALE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;
const SHA256 = /^[0-9a-f]{64}$/;

@ObjectType({ description: 'A text that somebody would like to have published. Its words never change.' })
export class ConsentWordingProposal {
  @Field(() => ID, { description: 'Id of the proposal.' })
  readonly id: string;

  @Field(() => ConsentPurpose, { description: 'What it asks for.' })
  readonly purpose: ConsentPurpose;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure that it is for; null: every one.',
  })
  readonly procedureCode: string | null;

  @Field(() => String, { description: 'Version under which it would be published.' })
  readonly version: string;

  @Field(() => String, { description: 'Language (BCP 47).' })
  readonly locale: string;

  @Field(() => String, { description: 'The text.' })
  readonly text: string;

  @Field(() => String, { description: "SHA-256 of the text's UTF-8 bytes, lower-case hexadecimal." })
  readonly sha256: string;

  @Field(() => String, { description: 'What it changes and why.' })
  readonly reason: string;

  @Field(() => ConsentProposalStatus, { description: 'What became of it.' })
  readonly status: ConsentProposalStatus;

  @Field(() => Instant, { description: 'When it was proposed.' })
  readonly proposedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that proposed it.' })
  readonly proposedById: string;

  @Field(() => Instant, {
    nullable: true,
    description: 'When it was published or discarded; null: it waits.',
  })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that published or discarded it.' })
  readonly settledById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was discarded.' })
  readonly settleReason: string | null;
}

@ObjectType({ description: 'Proposed wordings, the latest first.' })
export class ConsentWordingProposalPage extends pageOf(ConsentWordingProposal) {}

@InputType({ description: 'A text that should be asked from now on.' })
export class ProposeConsentWordingInput {
  @Field(() => ConsentPurpose, { description: 'What it asks for.' })
  @IsEnum(ConsentPurpose)
  readonly purpose: ConsentPurpose;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure that it is for, of procedures only; left out: every one.',
  })
  @IsOptional()
  @Matches(PROCEDURE_CODE, { message: '$property: must be a code in capitals such as FACET_INJECTION' })
  readonly procedureCode?: string | null;

  @Field(() => String, { description: 'A new version, such as 2026-03, at most 40 characters.' })
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  @Matches(VERSION, { message: '$property: must be letters, digits, dots and dashes' })
  readonly version: string;

  @Field(() => String, { description: 'Language (BCP 47), such as en-GB.' })
  @Matches(LOCALE, { message: '$property: must be a language such as en-GB' })
  readonly locale: string;

  @Field(() => String, { description: 'The text, at most 20,000 characters.' })
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => String, { description: 'What it changes and why, at most 500 characters.' })
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A proposal that is published as it is.' })
export class PublishConsentWordingInput {
  @Field(() => ID, { description: 'The proposal.' })
  @IsUUID()
  readonly proposalId: string;

  @Field(() => String, {
    description: 'SHA-256 (lower-case hexadecimal) of the text that you have read, to have it compared.',
  })
  @Matches(SHA256, { message: '$property: must be 64 hexadecimal digits in lower case' })
  readonly sha256: string;

  @Field(() => Instant, {
    nullable: true,
    description:
      'From when on it is asked; now when left out. Not in the past: people were asked the wording of then.',
  })
  @IsOptional()
  readonly effectiveFrom?: Temporal.Instant | null;
}

@InputType({ description: 'A proposal that is not wanted.' })
export class DiscardConsentWordingInput {
  @Field(() => ID, { description: 'The proposal.' })
  @IsUUID()
  readonly proposalId: string;

  @Field(() => String, { description: 'Why, at most 500 characters.' })
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const ProposeConsentWordingResult = resultUnion(
  'ProposeConsentWordingResult',
  ConsentWordingProposal,
  [WordingVersionTaken],
  'The proposal, or why there is none.',
);

export const PublishConsentWordingResult = resultUnion(
  'PublishConsentWordingResult',
  ConsentWording,
  [ProposalAlreadySettled, WordingDiffers, WordingVersionTaken],
  'The wording, or why it was not published.',
);

export const DiscardConsentWordingResult = resultUnion(
  'DiscardConsentWordingResult',
  ConsentWordingProposal,
  [ProposalAlreadySettled],
  'The proposal, or why it was not discarded.',
);

export function toProposal(row: ProposalRow): ConsentWordingProposal {
  return {
    ...row,
    proposedAt: instantFromDate(row.proposedAt),
    settledAt: row.settledAt === null ? null : instantFromDate(row.settledAt),
  };
}
