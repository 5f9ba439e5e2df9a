import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { LegalHoldLiftedAlready, RecordDestroyed } from './legal-hold.refusals.js';
import { READABLE, RECORDS_TEXT_CHARACTERS_MAX, SOME_TEXT } from './retention-rule.type.js';

/** As the audit record names kinds of records. */
export const SUBJECT_TYPE = /^[a-z]+(?:-[a-z]+){0,3}$/;
export const SUBJECT_TYPE_CHARACTERS_MAX = 40;

@ObjectType({ description: 'While it stands nothing that it covers is destroyed, whatever a rule says.' })
export class LegalHold {
  @Field(() => ID, { description: 'Id of the hold.' })
  readonly id: string;

  @Field(() => String, {
    description:
      'What is held: `patient` for the whole record, or one `document`, `enquiry` or `performed-step`.',
  })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of what is held.' })
  readonly subjectId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Whose record it is, or is part of; null: nobody’s who is registered.',
  })
  readonly patientId: string | null;

  @Field(() => String, { description: 'Why it is kept: a claim, an inquest, a request.' })
  readonly reason: string;

  @Field(() => Instant, { description: 'Since when.' })
  readonly placedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that placed it.' })
  readonly placedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was lifted; null: it stands.' })
  readonly liftedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that lifted it.' })
  readonly liftedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was lifted.' })
  readonly liftReason: string | null;
}

@ObjectType({ description: 'A page of legal holds, the newest first.' })
export class LegalHoldPage extends pageOf(LegalHold) {}

@InputType({ description: 'Narrows the list of holds. Several filters together: all must hold.' })
export class LegalHoldFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only on this patient’s record or a part of it.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Lifted ones as well. False when left out.' })
  @IsOptional()
  @IsBoolean()
  withLifted?: boolean | null;
}

@InputType({ description: 'What is to be kept, and why.' })
export class PlaceLegalHoldInput {
  @Field(() => String, {
    description: '`patient` for the whole record, or one `document`, `enquiry` or `performed-step`.',
  })
  @IsString()
  @MaxLength(SUBJECT_TYPE_CHARACTERS_MAX)
  @Matches(SUBJECT_TYPE, { message: 'subjectType must be a kind of record, such as patient' })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of what is to be kept.' })
  @IsUUID()
  readonly subjectId: string;

  @Field(() => String, { description: `Why, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A hold that is no longer needed, and why.' })
export class LiftLegalHoldInput {
  @Field(() => ID, { description: 'The hold.' })
  @IsUUID()
  readonly holdId: string;

  @Field(() => String, { description: `Why, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const PlaceLegalHoldResult = resultUnion(
  'PlaceLegalHoldResult',
  LegalHold,
  [RecordDestroyed],
  'The hold, or why there is none.',
);

export const LiftLegalHoldResult = resultUnion(
  'LiftLegalHoldResult',
  LegalHold,
  [LegalHoldLiftedAlready],
  'The hold as it was lifted, or why it was not.',
);
