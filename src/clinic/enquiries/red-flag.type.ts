import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  RedFlagAlertStatus,
  RedFlagBasis,
  RedFlagKind,
  RedFlagReply,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  CaudaEquinaNotAsked,
  QuestionnaireVersionTaken,
  RedFlagAlertClosed,
  RedFlagQuestionsDiffer,
} from './red-flag.refusals.js';

/** More than anybody answers in earnest. */
export const QUESTIONS_MAX = 30;
const WORDING_CHARACTERS_MAX = 500;
const ADVICE_CHARACTERS_MAX = 2_000;
const WATCH_WORDS_MAX = 200;
const WATCH_WORD_CHARACTERS_MAX = 80;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
const NOTE_CHARACTERS_MAX = 2_000;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(RedFlagKind, {
  name: 'RedFlagKind',
  description: 'What a question about dangerous signs looks for.',
  valuesMap: {
    CAUDA_EQUINA: {
      description: 'Pressure on the nerves at the end of the spine: an emergency within hours.',
    },
    SERIOUS_PATHOLOGY: { description: 'Cancer, infection, fracture, or nerves that get worse.' },
  },
});

registerEnumType(RedFlagReply, {
  name: 'RedFlagReply',
  description: 'What was answered.',
  valuesMap: {
    YES: { description: 'Yes. Raises an alert.' },
    NO: { description: 'No.' },
    NOT_SURE: { description: 'Not sure. To a question of kind CAUDA_EQUINA it raises an alert like a yes.' },
  },
});

registerEnumType(RedFlagBasis, {
  name: 'RedFlagBasis',
  description: 'What an alert rests on.',
  valuesMap: {
    ANSWERED: { description: 'Answers to the questions.' },
    FREE_TEXT: { description: 'Words in a text that nobody asked about: a possible red flag.' },
  },
});

registerEnumType(RedFlagAlertStatus, {
  name: 'RedFlagAlertStatus',
  description: 'Whether a clinician has seen to it.',
  valuesMap: {
    OPEN: { description: 'Not yet. The clinic is reminded until it is closed.' },
    CLOSED: { description: 'Closed by a clinician, with a note.' },
  },
});

@ObjectType({ description: 'One question about dangerous signs.' })
export class RedFlagQuestion {
  @Field(() => String, { description: 'Code by which it is answered, such as SADDLE_NUMBNESS.' })
  readonly code: string;

  @Field(() => RedFlagKind, { description: 'What it looks for.' })
  readonly kind: RedFlagKind;

  @Field(() => String, { description: 'The words in which it is asked.' })
  readonly wording: string;
}

@ObjectType({ description: 'The questions about dangerous signs, dated. Never edited: a new one is added.' })
export class RedFlagQuestionnaire {
  @Field(() => ID, { description: 'Id of the questionnaire.' })
  readonly id: string;

  @Field(() => String, { description: 'Version, such as 2026-11.' })
  readonly version: string;

  @Field(() => Instant, { description: 'From when on it is asked, until a newer one is.' })
  readonly effectiveFrom: Temporal.Instant;

  @Field(() => String, { description: 'What is said at once to whoever answers yes.' })
  readonly emergencyAdvice: string;

  @Field(() => [String], {
    description: 'Words in e-mails, letters and voicemails that make a person look at them.',
  })
  readonly watchWords: readonly string[];

  @Field(() => String, { description: 'SHA-256 of the whole, lower-case hexadecimal.' })
  readonly sha256: string;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => [RedFlagQuestion], { description: 'The questions, in order.' })
  readonly questions: readonly RedFlagQuestion[];

  @Field(() => Boolean, { description: 'Whether it is the one to ask now.' })
  readonly inForce: boolean;
}

@ObjectType({ description: 'The answer that somebody gave to a question.' })
export class RedFlagAnswer {
  @Field(() => String, { description: 'Code of the question.' })
  readonly code: string;

  @Field(() => RedFlagKind, { description: 'What it looks for.' })
  readonly kind: RedFlagKind;

  @Field(() => String, { description: 'The words in which it was asked.' })
  readonly wording: string;

  @Field(() => RedFlagReply, { description: 'What was answered.' })
  readonly answer: RedFlagReply;
}

@ObjectType({ description: 'One time that somebody was asked all the questions.' })
export class RedFlagAsking {
  @Field(() => ID, { description: 'Id of the asking.' })
  readonly id: string;

  @Field(() => String, { description: 'Version of the questionnaire.' })
  readonly version: string;

  @Field(() => Instant, { description: 'When.' })
  readonly askedAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that asked; null: they filled in the form.',
  })
  readonly askedById: string | null;

  @Field(() => [RedFlagAnswer], { description: 'The answers, in the order of the questions.' })
  readonly answers: readonly RedFlagAnswer[];
}

@ObjectType({ description: 'Somebody may be in danger. Closed only by a clinician, in words.' })
export class RedFlagAlert {
  @Field(() => ID, { description: 'Id of the alert.' })
  readonly id: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The enquiry that it is about; null: it is about a referral.',
  })
  readonly enquiryId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The referral that it is about; null: it is about an enquiry.',
  })
  readonly referralId: string | null;

  @Field(() => RedFlagBasis, { description: 'What it rests on.' })
  readonly basis: RedFlagBasis;

  @Field(() => [String], { description: 'Codes of the questions; of a text the words that were seen.' })
  readonly codes: readonly string[];

  @Field(() => RedFlagAlertStatus, { description: 'Whether a clinician has seen to it.' })
  readonly status: RedFlagAlertStatus;

  @Field(() => Instant, { description: 'When it was raised.' })
  readonly raisedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When somebody said that they saw it.' })
  readonly acknowledgedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that saw it.' })
  readonly acknowledgedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'The clinician who closed it.' })
  readonly closedById: string | null;

  @Field(() => String, { nullable: true, description: 'What they wrote.' })
  readonly closingNote: string | null;

  @Field(() => Int, { description: 'How often the clinic was reminded of it.' })
  readonly reminders: number;

  @Field(() => Int, { description: 'Counts its changes.' })
  readonly version: number;
}

@ObjectType({ description: 'A page of alerts, the oldest first.' })
export class RedFlagAlertPage extends pageOf(RedFlagAlert) {}

@InputType({ description: 'Narrows the list of alerts. Several filters together: all must hold.' })
export class RedFlagAlertFilterInput {
  @Field(() => RedFlagAlertStatus, { nullable: true, description: 'Only these.' })
  @IsOptional()
  @IsEnum(RedFlagAlertStatus)
  readonly status?: RedFlagAlertStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'Seen by somebody, or by nobody yet.' })
  @IsOptional()
  @IsBoolean()
  readonly isAcknowledged?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only of this enquiry.' })
  @IsOptional()
  @IsUUID()
  readonly enquiryId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this referral.' })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;
}

@InputType({ description: 'An answer to a question about dangerous signs.' })
export class RedFlagAnswerInput {
  @Field(() => String, { description: 'Code of the question.' })
  @Matches(CODE, { message: '$property: must be the code of a question' })
  readonly code: string;

  @Field(() => RedFlagReply, { description: 'The answer.' })
  @IsEnum(RedFlagReply)
  readonly answer: RedFlagReply;
}

@InputType({ description: 'The answers to all questions about dangerous signs.' })
export class RedFlagAnswersInput {
  @Field(() => String, { description: 'Version of the questionnaire that was asked: the one in force.' })
  @Matches(VERSION, { message: '$property: must be a version such as 2026-11' })
  readonly version: string;

  @Field(() => [RedFlagAnswerInput], { description: 'One answer to each of its questions.' })
  @IsArray()
  @ArrayMaxSize(QUESTIONS_MAX)
  @ValidateNested({ each: true })
  @Type(() => RedFlagAnswerInput)
  readonly answers: readonly RedFlagAnswerInput[];
}

@InputType({ description: 'Answers that somebody gave when they were asked, such as on being rung back.' })
export class RecordRedFlagsInput {
  @Field(() => ID, { description: 'The enquiry.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => RedFlagAnswersInput, { description: 'The answers.' })
  @ValidateNested()
  @Type(() => RedFlagAnswersInput)
  readonly redFlags: RedFlagAnswersInput;
}

@InputType({ description: 'Answers to the questions about dangerous signs, of a patient who is referred.' })
export class RecordReferralRedFlagsInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => RedFlagAnswersInput, {
    description: 'The answers, as the letter gives them or the patient did.',
  })
  @ValidateNested()
  @Type(() => RedFlagAnswersInput)
  readonly redFlags: RedFlagAnswersInput;
}

@ObjectType({ description: 'Answers that were recorded, and what is to be said at once.' })
export class RedFlagsRecorded {
  @Field(() => RedFlagAsking, { description: 'The answers as they are kept.' })
  readonly asking: RedFlagAsking;

  @Field(() => String, {
    nullable: true,
    description: 'Read this to the enquirer or the patient now: a dangerous sign was named. Null: none was.',
  })
  readonly emergencyAdvice: string | null;
}

export const RecordRedFlagsResult = resultUnion(
  'RecordRedFlagsResult',
  RedFlagsRecorded,
  [RedFlagQuestionsDiffer],
  'What was recorded, or why nothing was.',
);

@InputType({ description: 'A question of a new questionnaire.' })
export class NewRedFlagQuestionInput {
  @Field(() => String, { description: 'Code, such as SADDLE_NUMBNESS: capitals, digits and underscores.' })
  @Matches(CODE, { message: '$property: must be capitals, digits and underscores, such as SADDLE_NUMBNESS' })
  readonly code: string;

  @Field(() => RedFlagKind, { description: 'What it looks for.' })
  @IsEnum(RedFlagKind)
  readonly kind: RedFlagKind;

  @Field(() => String, { description: 'The words in which it is asked, at most 500 characters.' })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly wording: string;
}

@InputType({ description: 'New questions about dangerous signs, from a time on.' })
export class SetRedFlagQuestionnaireInput {
  @Field(() => String, { description: 'A version that there is not yet, such as 2026-11.' })
  @Matches(VERSION, { message: '$property: must be a version such as 2026-11' })
  readonly version: string;

  @Field(() => Instant, { nullable: true, description: 'From when on; now when left out. Not in the past.' })
  @IsOptional()
  readonly effectiveFrom?: Temporal.Instant | null;

  @Field(() => String, {
    description:
      'What is said at once to whoever answers yes: whom to ring, where to go. At most 2,000 characters.',
  })
  @IsString()
  @MaxLength(ADVICE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly emergencyAdvice: string;

  @Field(() => [NewRedFlagQuestionInput], {
    description: 'The questions in order, 1 to 30; at least one of kind CAUDA_EQUINA.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(QUESTIONS_MAX)
  @ValidateNested({ each: true })
  @Type(() => NewRedFlagQuestionInput)
  readonly questions: readonly NewRedFlagQuestionInput[];

  @Field(() => [String], {
    description:
      'Words or phrases to look for in e-mails, letters and voicemails, at most 200 of 80 characters each.',
  })
  @IsArray()
  @ArrayMaxSize(WATCH_WORDS_MAX)
  @MaxLength(WATCH_WORD_CHARACTERS_MAX, { each: true })
  @Matches(SOME_TEXT, { ...READABLE, each: true })
  readonly watchWords: readonly string[];
}

export const SetRedFlagQuestionnaireResult = resultUnion(
  'SetRedFlagQuestionnaireResult',
  RedFlagQuestionnaire,
  [QuestionnaireVersionTaken, CaudaEquinaNotAsked],
  'The new questionnaire, or why there is none.',
);

@InputType({ description: 'A clinician has seen to an alert.' })
export class CloseRedFlagInput {
  @Field(() => ID, { description: 'The alert.' })
  @IsUUID()
  readonly alertId: string;

  @Field(() => String, { description: 'What was found and done, at most 2,000 characters. Needed.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note: string;
}

export const AcknowledgeRedFlagResult = resultUnion(
  'AcknowledgeRedFlagResult',
  RedFlagAlert,
  [RedFlagAlertClosed],
  'The alert as it stands, or why nothing was recorded.',
);

export const CloseRedFlagResult = resultUnion(
  'CloseRedFlagResult',
  RedFlagAlert,
  [RedFlagAlertClosed],
  'The alert as it stands after it was closed, or why it was not.',
);
