import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import {
  ReportAcknowledgementMethod,
  ReportAcknowledgementStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { AcknowledgementSettled } from './acknowledgement.refusals.js';

const NAME_CHARACTERS_MAX = 200;
const COMMENT_CHARACTERS_MAX = 500;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

/** This room's own message: a day has passed by which a result was to be acknowledged. Subject: the task. */
export const ACKNOWLEDGEMENT_DUE = 'report.acknowledgement-due';

registerEnumType(ReportAcknowledgementStatus, {
  name: 'ReportAcknowledgementStatus',
  description: 'Where the task stands that a referrer acknowledges a result.',
  valuesMap: {
    OPEN: { description: 'Nobody has acknowledged it. Comes again after its day until somebody has.' },
    ACKNOWLEDGED: { description: 'The referrer has said that they have it.' },
    CLOSED: { description: 'Closed without, for a reason.' },
    SUPERSEDED: { description: 'The report was corrected since; the task of the new version stands.' },
  },
});

registerEnumType(ReportAcknowledgementMethod, {
  name: 'ReportAcknowledgementMethod',
  description: 'How a referrer said that they have a result.',
  valuesMap: {
    PORTAL: { description: 'On a portal or in another system, where it can be seen.' },
    TELEPHONE: { description: 'On the telephone.' },
    LETTER_RETURNED: { description: 'By the letter, returned with a signature, or an answer to it.' },
  },
});

@ObjectType({
  description:
    'That the referrer of a scan has to say that they have its result, by a day. Says nothing of the result.',
})
export class ReportAcknowledgement {
  @Field(() => ID, { description: 'Id of the task (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which scan booking.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'Whose scan it is.' })
  readonly patientId: string;

  @Field(() => Int, { description: 'Number of the signed version that is to be acknowledged.' })
  readonly versionNumber: number;

  @Field(() => ReportAcknowledgementStatus, { description: 'Where it stands.' })
  readonly status: ReportAcknowledgementStatus;

  @Field(() => Instant, { description: 'When the report was signed, and this began.' })
  readonly openedAt: Temporal.Instant;

  @Field(() => LocalDate, {
    description:
      'By the end of this day: so many working days after the signing as the policy of that day says.',
  })
  readonly dueOn: string;

  @Field(() => Boolean, { description: 'It is open, and that day has passed.' })
  readonly isOverdue: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Whom to ask: the referrer; null: the patient referred themselves, and a clinician sees to it.',
  })
  readonly referrerName: string | null;

  @Field(() => String, { nullable: true, description: 'Where the referrer works, as far as it is known.' })
  readonly referrerOrganisation: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that sees to it; null: whoever works the list.',
  })
  readonly assignedToId: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was given to them, or taken back.' })
  readonly assignReason: string | null;

  @Field(() => Instant, { nullable: true, description: 'When the referrer acknowledged.' })
  readonly acknowledgedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Who acknowledged, by name.' })
  readonly acknowledgedBy: string | null;

  @Field(() => ReportAcknowledgementMethod, { nullable: true, description: 'How.' })
  readonly method: ReportAcknowledgementMethod | null;

  @Field(() => String, { nullable: true, description: 'What was said about it.' })
  readonly comment: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was written down here.' })
  readonly recordedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that wrote it down.' })
  readonly recordedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed without an acknowledgement.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it.' })
  readonly closedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was closed.' })
  readonly closeReason: string | null;

  @Field(() => Int, { description: 'How often the clinic has been told that it is overdue.' })
  readonly escalationsCount: number;

  @Field(() => Instant, { nullable: true, description: 'When it was told last.' })
  readonly escalatedAt: Temporal.Instant | null;

  @Field(() => [String], { description: 'What may be done with it: `acknowledge`, `reassign`, `close`.' })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of such tasks, those due first first.' })
export class ReportAcknowledgementPage extends pageOf(ReportAcknowledgement) {}

@InputType({ description: 'Which tasks. Several filters together: all must hold.' })
export class ResultsToAcknowledgeFilterInput {
  @Field(() => ReportAcknowledgementStatus, {
    nullable: true,
    defaultValue: ReportAcknowledgementStatus.OPEN,
    description: 'Only those that stand so; OPEN unless said otherwise.',
  })
  @IsEnum(ReportAcknowledgementStatus)
  readonly status: ReportAcknowledgementStatus = ReportAcknowledgementStatus.OPEN;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those whose day has passed, or only those whose has not.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this staff account.' })
  @IsOptional()
  @IsUUID()
  readonly assignedToId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this scan booking.' })
  @IsOptional()
  @IsUUID()
  readonly scanBookingId?: string | null;
}

@InputType({ description: 'That a referrer has a result. Whoever is signed in has heard or seen it.' })
export class AcknowledgeResultInput {
  @Field(() => ID, { description: 'Id of the task.' })
  @IsUUID()
  readonly acknowledgementId: string;

  @Field(() => String, { description: 'Who acknowledged, by name; at most 200 characters.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly acknowledgedBy: string;

  @Field(() => ReportAcknowledgementMethod, { description: 'How.' })
  @IsEnum(ReportAcknowledgementMethod)
  readonly method: ReportAcknowledgementMethod;

  @Field(() => Instant, { description: 'When; after the signing and not ahead.' })
  readonly acknowledgedAt: Temporal.Instant;

  @Field(() => String, { nullable: true, description: 'What was said about it, at most 500 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly comment?: string | null;
}

@InputType({ description: 'Who is to see to a task.' })
export class ReassignAcknowledgementInput {
  @Field(() => ID, { description: 'Id of the task.' })
  @IsUUID()
  readonly acknowledgementId: string;

  @Field(() => ID, { nullable: true, description: 'Staff account; null: whoever works the list.' })
  @IsOptional()
  @IsUUID()
  readonly staffId?: string | null;

  @Field(() => String, { description: 'Why, at most 500 characters.' })
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A task to close without an acknowledgement.' })
export class CloseAcknowledgementInput {
  @Field(() => ID, { description: 'Id of the task.' })
  @IsUUID()
  readonly acknowledgementId: string;

  @Field(() => String, { description: 'Why, at most 500 characters.' })
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly reason: string;
}

export const AcknowledgementResult = resultUnion(
  'AcknowledgementResult',
  ReportAcknowledgement,
  [AcknowledgementSettled],
  'The task as it stands now, or why nothing was done with it.',
);
