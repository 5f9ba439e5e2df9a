import { Field, ID, ObjectType } from '@nestjs/graphql';
import {
  ConsentCapacity,
  ConsentCompetence,
  ConsentDecision,
  ConsentGiver,
  ConsentMethod,
  ConsentPurpose,
  ConsentSide,
  ConsentStage,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ConsentKind, ConsentReason, ConsentState } from './consent.refusals.js';
import { ConsentEvidence, ConsentInterpreter, ConsentTold } from './consent-detail.type.js';
import './consent-words.type.js';

@ObjectType({
  description: 'The exact text that people are asked to agree to. Never edited: a new text is a new version.',
})
export class ConsentWording {
  @Field(() => ID, { description: 'Id of the wording.' })
  readonly id: string;

  @Field(() => ConsentPurpose, { description: 'What it asks for.' })
  readonly purpose: ConsentPurpose;

  @Field(() => String, { description: 'Version, such as 2026-03.' })
  readonly version: string;

  @Field(() => String, { description: 'Language (BCP 47), such as en-GB.' })
  readonly locale: string;

  @Field(() => String, { description: 'The text.' })
  readonly text: string;

  @Field(() => String, { description: "SHA-256 of the text's UTF-8 bytes, lower-case hexadecimal." })
  readonly sha256: string;

  @Field(() => ConsentKind, { description: 'The kind of consent that its purpose is.' })
  readonly kind: ConsentKind;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure that it is for; null: every one that has no wording of its own.',
  })
  readonly procedureCode: string | null;

  @Field(() => Instant, { description: 'From when on it is used, until a newer one of its language is.' })
  readonly effectiveFrom: Temporal.Instant;

  @Field(() => Boolean, { description: 'Whether it is the one to read out now.' })
  readonly inForce: boolean;

  @Field(() => Instant, { nullable: true, description: 'When it was published; null: was not kept then.' })
  readonly publishedAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that published it; null: set up with the system.',
  })
  readonly publishedById: string | null;

  @Field(() => ID, { nullable: true, description: 'The proposal that it came of; null: there was none.' })
  readonly proposalId: string | null;
}

@ObjectType({ description: 'One decision of one person. Never changed: a withdrawal is a new record.' })
export class ConsentRecord {
  @Field(() => ID, { description: 'Id of the record.' })
  readonly id: string;

  @Field(() => ID, { description: 'The patient it is about.' })
  readonly patientId: string;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  readonly purpose: ConsentPurpose;

  @Field(() => ConsentKind, { description: 'The kind of consent that its purpose is.' })
  readonly kind: ConsentKind;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure (visit type); of procedures only.',
  })
  readonly procedureCode: string | null;

  @Field(() => ConsentSide, {
    nullable: true,
    description: 'The side; null: the procedure has none, or a "no" is about each.',
  })
  readonly side: ConsentSide | null;

  @Field(() => [String], {
    description: 'The spinal levels, such as L4/5; empty: there are none, or a "no" is about each.',
  })
  readonly levels: readonly string[];

  @Field(() => ConsentStage, { nullable: true, description: 'Of a "yes" in two stages: which one it is.' })
  readonly stage: ConsentStage | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The earlier record that this one confirms, takes back or finds invalid; null: none, or not kept then.',
  })
  readonly ofRecordId: string | null;

  @Field(() => ConsentDecision, { description: 'What was decided.' })
  readonly decision: ConsentDecision;

  @Field(() => String, { description: 'Version of the wording; of a withdrawal: of the consent withdrawn.' })
  readonly wordingVersion: string;

  @Field(() => String, { description: 'Language of the wording (BCP 47).' })
  readonly locale: string;

  @Field(() => String, {
    description: 'SHA-256 of the wording, as it was at the time: lower-case hexadecimal.',
  })
  readonly wordingSha256: string;

  @Field(() => ConsentGiver, { description: 'Who decided.' })
  readonly givenBy: ConsentGiver;

  @Field(() => String, { nullable: true, description: 'Their name, when it was not the patient.' })
  readonly giverName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What shows that they may decide: the papers seen, who was heard and what was weighed.',
  })
  readonly giverEvidence: string | null;

  @Field(() => [ID], { description: 'Documents that show it.' })
  readonly giverDocumentIds: readonly string[];

  @Field(() => ConsentCapacity, {
    nullable: true,
    description: 'Whether the patient could decide; null: was not asked.',
  })
  readonly capacity: ConsentCapacity | null;

  @Field(() => String, { nullable: true, description: 'How that was found.' })
  readonly capacityStatement: string | null;

  @Field(() => ConsentInterpreter, { nullable: true, description: 'Who interpreted; null: nobody.' })
  readonly interpreter: ConsentInterpreter | null;

  @Field(() => ConsentCompetence, {
    nullable: true,
    description: 'Why whoever took it, which is `recordedById`, was competent; null: was not asked.',
  })
  readonly takerCompetence: ConsentCompetence | null;

  @Field(() => String, { nullable: true, description: 'Their training for it, by name and date.' })
  readonly takerTraining: string | null;

  @Field(() => ConsentTold, { nullable: true, description: 'What was told before; null: was not kept.' })
  readonly told: ConsentTold | null;

  @Field(() => ConsentEvidence, { description: 'What shows that the decision was made.' })
  readonly evidence: ConsentEvidence;

  @Field(() => ConsentMethod, { description: 'How the decision reached us.' })
  readonly method: ConsentMethod;

  @Field(() => Instant, { description: 'When the person decided.' })
  readonly decidedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was written here.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that took it and wrote it: of the session, never chosen.' })
  readonly recordedById: string;

  @Field(() => String, { nullable: true, description: 'Remark.' })
  readonly comment: string | null;
}

@ObjectType({ description: 'Decisions of a patient, the latest first.' })
export class ConsentRecordPage extends pageOf(ConsentRecord) {}

@ObjectType({ description: 'Where a patient stands on a purpose at an instant, and why.' })
export class ConsentStanding {
  @Field(() => Boolean, { description: 'Whether the thing may be done.' })
  readonly inForce: boolean;

  @Field(() => ConsentState, { description: 'The same with its reason.' })
  readonly state: ConsentState;

  @Field(() => ConsentReason, { description: 'The reason for machines. Safe to branch on.' })
  readonly reasonCode: ConsentReason;

  @Field(() => Boolean, {
    description: 'In force, but to be confirmed on that day before anything is done.',
  })
  readonly awaitsConfirmation: boolean;

  @Field(() => Boolean, {
    description: 'Whether it may be begun at that instant: in force, and confirmed where that is asked.',
  })
  readonly mayBegin: boolean;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When it will end by itself, as far as is known; null: not in force, or until it is taken back.',
  })
  readonly holdsUntil: Temporal.Instant | null;

  @Field(() => String, { description: 'The reason in words, with local times of the clinic.' })
  readonly reason: string;

  @Field(() => ConsentRecord, {
    nullable: true,
    description: 'The decision that says so; null when never asked.',
  })
  readonly record: ConsentRecord | null;
}
