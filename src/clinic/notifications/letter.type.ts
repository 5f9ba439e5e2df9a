import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import {
  LetterAbout,
  LetterChannel,
  LetterKind,
  LetterRecipient,
  LetterStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { LetterNotResendable, LetterOvertaken } from './letter.refusals.js';
import './letter-kind.type.js';
import { LetterTask } from './letter-task.rules.js';

const REASON_MAX_CHARACTERS = 500;

@ObjectType({
  description:
    'One line of the ledger of letters. There is one for each version of what it is about, so a thing is said once.',
})
export class Letter {
  @Field(() => ID, { description: 'Id of the letter.' })
  readonly id: string;

  @Field(() => LetterKind, { description: 'What it is about.' })
  readonly kind: LetterKind;

  @Field(() => LetterChannel, { description: 'How it travels.' })
  readonly channel: LetterChannel;

  @Field(() => LetterStatus, { description: 'Where it stands.' })
  readonly status: LetterStatus;

  @Field(() => ID, {
    description:
      'What exactly it tells, as its kind says: a scan booking, a visit, the offer of a freed place, an enquiry, a ' +
      'reply, an alert, a call-back, what was told of a referral, a message of advice, a complaint, a letter or an action ' +
      'of a decision, what a member of the team is told of a meeting, a point of a pain diary.',
  })
  readonly subjectId: string;

  @Field(() => Int, { description: 'The version of the subject that it tells of.' })
  readonly subjectVersion: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The scan booking it is about; null: it is about something else.',
  })
  readonly scanBookingId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The visit it is about; null: it is about something else.',
  })
  readonly visitId: string | null;

  @Field(() => LetterRecipient, { description: 'Whom it is for.' })
  readonly recipient: LetterRecipient;

  @Field(() => ID, {
    nullable: true,
    description:
      'Whom of the directory of referrers it is for, a GP too; of STAFF the account that it was opened for. Null: it is ' +
      'for somebody else, or for one not in the directory.',
  })
  readonly recipientId: string | null;

  @Field(() => LetterAbout, { description: 'What kind of thing it is about.' })
  readonly aboutType: LetterAbout;

  @Field(() => ID, {
    description:
      'What it is about as one would look it up: of a reply or an alert the enquiry, of news the referral.',
  })
  readonly aboutId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The patient it is for or, when it is for somebody else, about; null: nobody is known.',
  })
  readonly patientId: string | null;

  @Field(() => Int, { description: 'How often a worker has taken it up.' })
  readonly attempts: number;

  @Field(() => Instant, { description: 'When it became due.' })
  readonly createdAt: Temporal.Instant;

  @Field(() => Instant, {
    description: 'Not sent before this; later than `createdAt` after a failed attempt.',
  })
  readonly dueAt: Temporal.Instant;

  @Field(() => Instant, {
    nullable: true,
    description: 'When it came to its present end; null while it is open.',
  })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it stands where it stands: `PREFERS_POST`, `ALREADY_TOLD`, `SMTP_550`, `TIMED_OUT_AFTER_DATA` and so on.',
  })
  readonly outcomeCode: string | null;

  @Field(() => String, { nullable: true, description: 'Version of the wording that was sent.' })
  readonly wordingVersion: string | null;

  @Field(() => LetterTask, { description: 'What a person has to do about it.' })
  readonly task: LetterTask;

  @Field(() => String, {
    description: 'The same in a sentence for staff; empty when there is nothing to do.',
  })
  readonly taskInWords: string;

  @Field(() => [String], { description: 'What may be done with it now: `resend`.' })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of letters, newest first.' })
export class LetterPage extends pageOf(Letter) {}

@InputType({ description: 'Narrows the list of letters. Several filters together: all must hold.' })
export class LetterFilterInput {
  @Field(() => LetterStatus, { nullable: true, description: 'Only those that stand here.' })
  @IsOptional()
  @IsEnum(LetterStatus)
  status?: LetterStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only those for or about this patient.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => LetterKind, { nullable: true, description: 'Only those of this kind.' })
  @IsOptional()
  @IsEnum(LetterKind)
  kind?: LetterKind | null;

  @Field(() => LetterRecipient, { nullable: true, description: 'Only those for such recipients.' })
  @IsOptional()
  @IsEnum(LetterRecipient)
  recipient?: LetterRecipient | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only those about this: an enquiry, a referral, an exchange of advice and so on.',
  })
  @IsOptional()
  @IsUUID()
  aboutId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: only those that leave something to do for a person. false: only the others.',
  })
  @IsOptional()
  @IsBoolean()
  hasTask?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only those about this scan booking.' })
  @IsOptional()
  @IsUUID()
  scanBookingId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those about this visit.' })
  @IsOptional()
  @IsUUID()
  visitId?: string | null;
}

@ObjectType({ description: 'A letter as it reads now: to print it and send it by post.' })
export class LetterView {
  @Field(() => ID, { description: 'Id of the letter.' })
  readonly letterId: string;

  @Field(() => String, { description: 'The name on the envelope.' })
  readonly toName: string;

  @Field(() => [String], {
    description:
      'The lines below it; empty: the record of whom it is for has the address, or nobody knows it.',
  })
  readonly toAddressLines: readonly string[];

  @Field(() => String, { description: 'Its subject line.' })
  readonly subject: string;

  @Field(() => String, { description: 'Its words as plain text.' })
  readonly text: string;

  @Field(() => String, {
    description: 'The same as an HTML page. Show it apart from everything else, never as part of a page.',
  })
  readonly html: string;

  @Field(() => String, { description: 'Version of the wording.' })
  readonly wordingVersion: string;
}

export const LetterViewResult = resultUnion(
  'LetterViewResult',
  LetterView,
  [LetterOvertaken],
  'The letter, or that there is nothing to be said any more.',
);

@InputType({ description: 'A letter to send again.' })
export class ResendLetterInput {
  @Field(() => ID, { description: 'Which letter.' })
  @IsUUID()
  letterId: string;

  @Field(() => String, {
    description: `Why, for the audit record: 1 to ${REASON_MAX_CHARACTERS} characters, such as “patient says it never came”.`,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

export const ResendLetterResult = resultUnion(
  'ResendLetterResult',
  Letter,
  [LetterNotResendable, LetterOvertaken],
  'The letter, due again, or why it is not.',
);
