import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEmail,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  DataComplaintChannel,
  DataComplaintOutcome,
  DataComplaintStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { DataComplaintAction, DataComplaintStandsOtherwise } from './data-complaint.refusals.js';
import { READABLE, RECORDS_STORY_CHARACTERS_MAX, SOME_LINES, SOME_TEXT } from './retention-rule.type.js';

const NAME_CHARACTERS_MAX = 200;

registerEnumType(DataComplaintChannel, {
  name: 'DataComplaintChannel',
  description: 'How a complaint came.',
  valuesMap: {
    EMAIL: { description: 'By e-mail.' },
    LETTER: { description: 'By letter.' },
    TELEPHONE: { description: 'By telephone.' },
    WEB_FORM: { description: 'Through a form.' },
    IN_PERSON: { description: 'In person.' },
  },
});

registerEnumType(DataComplaintOutcome, {
  name: 'DataComplaintOutcome',
  description: 'What came of a complaint.',
  valuesMap: {
    UPHELD: { description: 'The person is right.' },
    PARTLY_UPHELD: { description: 'The person is right in part.' },
    NOT_UPHELD: { description: 'The clinic did what it should.' },
    WITHDRAWN: { description: 'The person wants it no more.' },
  },
});

@ObjectType({ description: 'What was done about a complaint. Never changed.' })
export class DataComplaintNote {
  @Field(() => ID, { description: 'Id of the note.' })
  readonly id: string;

  @Field(() => String, { description: 'What was done: recorded, acknowledged, noted, concluded, reopened.' })
  readonly action: string;

  @Field(() => String, { nullable: true, description: 'In words.' })
  readonly text: string | null;

  @Field(() => Instant, { description: 'When.' })
  readonly notedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account.' })
  readonly notedById: string;
}

@ObjectType({
  description:
    'Somebody complains about how the clinic uses what it knows of them (Data Protection Act 2018, s. 164A): acknowledged ' +
    'within 30 days, looked into without undue delay, and told the outcome.',
})
export class DataComplaint {
  @Field(() => ID, { description: 'Id of the complaint.' })
  readonly id: string;

  @Field(() => String, { description: 'What staff and the person find it by: `D-` and eight digits.' })
  readonly reference: string;

  @Field(() => ID, { nullable: true, description: 'The patient; null: the person is none.' })
  readonly patientId: string | null;

  @Field(() => String, { description: 'Who complains.' })
  readonly complainantName: string;

  @Field(() => String, { nullable: true, description: 'How to reach somebody who is no patient.' })
  readonly complainantEmail: string | null;

  @Field(() => DataComplaintChannel, { description: 'How it came.' })
  readonly channel: DataComplaintChannel;

  @Field(() => String, { description: 'What the complaint is.' })
  readonly text: string;

  @Field(() => LocalDate, { description: 'The day on which it came.' })
  readonly receivedOn: string;

  @Field(() => LocalDate, { description: 'The last day for the acknowledgement: the thirtieth after.' })
  readonly acknowledgeBy: string;

  @Field(() => Boolean, { description: 'Not acknowledged, and that day is over.' })
  readonly isAcknowledgementOverdue: boolean;

  @Field(() => DataComplaintStatus, { description: 'How it stands.' })
  readonly status: DataComplaintStatus;

  @Field(() => [DataComplaintAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly DataComplaintAction[];

  @Field(() => Instant, { nullable: true, description: 'When it was acknowledged.' })
  readonly acknowledgedAt: Temporal.Instant | null;

  @Field(() => DataComplaintOutcome, { nullable: true, description: 'What came of it.' })
  readonly outcome: DataComplaintOutcome | null;

  @Field(() => String, { nullable: true, description: 'What the person was told.' })
  readonly outcomeText: string | null;

  @Field(() => Instant, { nullable: true, description: 'When the person was told.' })
  readonly concludedAt: Temporal.Instant | null;

  @Field(() => [DataComplaintNote], { description: 'What was done about it, oldest first; at most 500.' })
  readonly notes: readonly DataComplaintNote[];
}

@ObjectType({ description: 'A page of complaints, those to be acknowledged first at the top.' })
export class DataComplaintPage extends pageOf(DataComplaint) {}

@InputType({ description: 'Narrows the list of complaints. Several filters together: all must hold.' })
export class DataComplaintFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => DataComplaintStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(DataComplaintStatus)
  status?: DataComplaintStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those whose acknowledgement is late.' })
  @IsOptional()
  @IsBoolean()
  overdue?: boolean | null;
}

@InputType({ description: 'A complaint that has come.' })
export class RecordComplaintInput {
  @Field(() => ID, { nullable: true, description: 'The patient; left out when the person is none.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => String, { description: 'Who complains: the patient, or somebody for them.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly complainantName: string;

  @Field(() => String, { nullable: true, description: 'How to reach somebody who is no patient.' })
  @IsOptional()
  @IsEmail()
  readonly complainantEmail?: string | null;

  @Field(() => DataComplaintChannel, { description: 'How it came.' })
  @IsEnum(DataComplaintChannel)
  readonly channel: DataComplaintChannel;

  @Field(() => String, { description: `What it is, at most ${RECORDS_STORY_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly text: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day on which it came; today when left out. Not in the future.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly receivedOn?: string | null;
}

@InputType({ description: 'Something that was done about a complaint.' })
export class ComplaintNoteInput {
  @Field(() => ID, { description: 'The complaint.' })
  @IsUUID()
  readonly complaintId: string;

  @Field(() => String, { description: `In words, at most ${RECORDS_STORY_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly text: string;
}

@InputType({ description: 'What came of a complaint.' })
export class ConcludeComplaintInput {
  @Field(() => ID, { description: 'The complaint.' })
  @IsUUID()
  readonly complaintId: string;

  @Field(() => DataComplaintOutcome, { description: 'What came of it.' })
  @IsEnum(DataComplaintOutcome)
  readonly outcome: DataComplaintOutcome;

  @Field(() => String, {
    description: `What the person was told, with their right to go to the Information Commissioner; at most ${RECORDS_STORY_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly told: string;
}

export const ChangeComplaintResult = resultUnion(
  'ChangeComplaintResult',
  DataComplaint,
  [DataComplaintStandsOtherwise],
  'The complaint as it stands now, or why nothing was changed.',
);
