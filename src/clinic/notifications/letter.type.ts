import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { LetterChannel, LetterKind, LetterStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { LetterNotResendable, LetterOvertaken } from './letter.refusals.js';
import { LetterTask } from './letter.rules.js';

const REASON_MAX_CHARACTERS = 500;

registerEnumType(LetterKind, {
  name: 'LetterKind',
  description: 'What a letter is about.',
  valuesMap: {
    SCAN_BOOKED: { description: 'A scan was booked: times, how to prepare, a calendar invitation.' },
    SCAN_MOVED: { description: 'A scan was moved: the new times; complete by itself.' },
    SCAN_CANCELLED: { description: 'A scan was cancelled; takes the appointment out of the calendar.' },
    VISIT_BOOKED: { description: 'A visit was booked: when, where or how, a calendar invitation.' },
    VISIT_MOVED: { description: 'A visit was moved: the new times; complete by itself.' },
    VISIT_CANCELLED: { description: 'A visit was cancelled; takes the appointment out of the calendar.' },
    FREED_PLACE_OFFERED: { description: 'A place fell free: when and where, until when to answer, and how.' },
    FREED_PLACE_GONE: { description: 'A place that was offered has gone; the request goes on waiting.' },
  },
});

registerEnumType(LetterChannel, {
  name: 'LetterChannel',
  description: 'How a letter travels.',
  valuesMap: { EMAIL: { description: 'By e-mail.' } },
});

registerEnumType(LetterStatus, {
  name: 'LetterStatus',
  description: 'Where a letter stands.',
  valuesMap: {
    DUE: { description: 'To be sent, at once or after a pause.' },
    CLAIMED: { description: 'A worker is preparing it.' },
    SENDING: { description: 'It is on its way to the mail server.' },
    SENT: { description: 'The mail server has taken it.' },
    AMBIGUOUS: {
      description:
        'The connection was lost while it was being sent: it may have arrived. Never repeated by itself.',
    },
    FAILED: { description: 'It could not be sent. The patient has to be reached another way.' },
    SUPERSEDED: {
      description:
        'Not sent: what it is about has changed, and what is to be said of that a newer letter says.',
    },
    SUPPRESSED: { description: 'Not sent, for the reason in `outcomeCode`.' },
  },
});

registerEnumType(LetterTask, {
  name: 'LetterTask',
  description: 'What a person has to do about a letter.',
  valuesMap: {
    NONE: { description: 'Nothing.' },
    POST_IT: { description: 'The patient prefers post: print it and post it.' },
    TELEPHONE: { description: 'The patient prefers the telephone: call them.' },
    ASK_FOR_ADDRESS: { description: 'There is no e-mail address: call, and ask for one or post it.' },
    CHECK_ARRIVAL: { description: 'It may have arrived: ask the patient, then send it again if it has not.' },
    REACH_PATIENT: { description: 'It could not be delivered: call, and check the address.' },
  },
});

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
      'What it is about, as its kind says: a scan booking, a visit, or the offer of a freed place.',
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

  @Field(() => ID, { description: 'Whom it is for.' })
  readonly patientId: string;

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

  @Field(() => ID, { nullable: true, description: 'Only those for this patient.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => LetterKind, { nullable: true, description: 'Only those of this kind.' })
  @IsOptional()
  @IsEnum(LetterKind)
  kind?: LetterKind | null;

  @Field(() => ID, { nullable: true, description: 'Only those about this scan booking.' })
  @IsOptional()
  @IsUUID()
  scanBookingId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those about this visit.' })
  @IsOptional()
  @IsUUID()
  visitId?: string | null;
}

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
