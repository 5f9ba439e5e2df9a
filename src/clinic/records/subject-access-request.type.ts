import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  SubjectAccessAsker,
  SubjectAccessCopyStatus,
  SubjectAccessPauseReason,
  SubjectAccessStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { READABLE, RECORDS_TEXT_CHARACTERS_MAX, SOME_TEXT } from './retention-rule.type.js';
import {
  CopyNotReady,
  ExtensionTooLate,
  SubjectAccessAction,
  SubjectAccessStandsOtherwise,
} from './subject-access-request.refusals.js';

const NAME_CHARACTERS_MAX = 200;
const PATH_CHARACTERS_MAX = 300;
const SHA256 = /^[0-9a-f]{64}$/;

/** Work that goes on after a commit. */
export const SUBJECT_ACCESS_WORK = {
  /** Subject: the request. Its copy is prepared. */
  requested: 'subject-access.requested',
  /** Subject: the request, with the version of its copy. The copy's time is over. */
  due: 'subject-access.due',
} as const;

registerEnumType(SubjectAccessAsker, {
  name: 'SubjectAccessAsker',
  description: 'Who asks for a copy of a record.',
  valuesMap: {
    PATIENT: { description: 'The patient.' },
    PARENT: { description: 'Somebody with parental responsibility.' },
    ATTORNEY: { description: 'An attorney or deputy with a registered power.' },
    SOLICITOR: { description: 'A solicitor with the patient’s authority.' },
    OTHER_REPRESENTATIVE: { description: 'Somebody else with the patient’s authority.' },
  },
});

registerEnumType(SubjectAccessPauseReason, {
  name: 'SubjectAccessPauseReason',
  description: 'Why the clock stands.',
  valuesMap: {
    IDENTITY: { description: 'The clinic has to be sure who asks.' },
    CLARIFICATION: { description: 'The clinic has to know what is meant.' },
  },
});

registerEnumType(SubjectAccessCopyStatus, {
  name: 'SubjectAccessCopyStatus',
  description: 'How the copy stands.',
  valuesMap: {
    PREPARING: { description: 'A job gathers it.' },
    READY: { description: 'It can be fetched: `GET /subject-access/{id}`, signed in.' },
    EXPIRED: { description: 'It has lain ready for its time and was removed.' },
  },
});

@ObjectType({ description: 'A file of a copy.' })
export class SubjectAccessCopyFile {
  @Field(() => String, { description: 'Where it stands in the copy.' })
  readonly path: string;

  @Field(() => String, { description: 'SHA-256 of the file, lower-case hexadecimal.' })
  readonly sha256: string;

  @Field(() => Int, { description: 'Size in bytes.' })
  readonly sizeBytes: number;
}

@ObjectType({ description: 'Something left out of a copy because it speaks of somebody else.' })
export class SubjectAccessWithholding {
  @Field(() => String, { description: 'The file of the copy.' })
  readonly path: string;

  @Field(() => String, { description: 'Id of the record in it, or of the file’s document.' })
  readonly recordId: string;

  @Field(() => String, {
    nullable: true,
    description: 'The field; null: the whole record, or the whole file.',
  })
  readonly field: string | null;

  @Field(() => String, { description: 'Why.' })
  readonly reason: string;
}

@ObjectType({
  description: 'Somebody asks for a copy of what is held about a patient (UK GDPR, Article 15).',
})
export class SubjectAccessRequest {
  @Field(() => ID, { description: 'Id of the request.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose record.' })
  readonly patientId: string;

  @Field(() => String, { description: 'What was asked for and why, as it was recorded.' })
  readonly reason: string;

  @Field(() => SubjectAccessAsker, { description: 'Who asks.' })
  readonly askedBy: SubjectAccessAsker;

  @Field(() => String, { nullable: true, description: 'Who speaks for the patient; null: the patient.' })
  readonly askerName: string | null;

  @Field(() => LocalDate, { description: 'The day on which it came.' })
  readonly receivedOn: string;

  @Field(() => LocalDate, {
    description:
      'The last day for the answer: a month, extended by two where that was told, and later by the days paused.',
  })
  readonly dueOn: string;

  @Field(() => Boolean, { description: 'The clock goes, and that day is over.' })
  readonly isOverdue: boolean;

  @Field(() => SubjectAccessStatus, { description: 'How it stands.' })
  readonly status: SubjectAccessStatus;

  @Field(() => [SubjectAccessAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly SubjectAccessAction[];

  @Field(() => LocalDate, { nullable: true, description: 'Since when the clock stands; null: it goes.' })
  readonly pausedOn: string | null;

  @Field(() => SubjectAccessPauseReason, { nullable: true, description: 'Why the clock stands.' })
  readonly pauseReason: SubjectAccessPauseReason | null;

  @Field(() => Int, { description: 'Days that the clock has stood still, up to its last start.' })
  readonly pausedDays: number;

  @Field(() => LocalDate, { nullable: true, description: 'When the person was told of two months more.' })
  readonly extendedOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why it takes two months more.' })
  readonly extensionReason: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was answered, refused or withdrawn.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was refused or withdrawn.' })
  readonly settleReason: string | null;

  @Field(() => SubjectAccessCopyStatus, { description: 'How the copy stands.' })
  readonly copyStatus: SubjectAccessCopyStatus;

  @Field(() => Instant, { nullable: true, description: 'When the copy was prepared.' })
  readonly preparedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'Until when it lies ready.' })
  readonly copyExpiresAt: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of its manifest.json, lower-case hexadecimal.',
  })
  readonly manifestSha256: string | null;

  @Field(() => Int, { nullable: true, description: 'How many files it has.' })
  readonly filesCount: number | null;

  @Field(() => Int, { nullable: true, description: 'How many places in it may speak of other people.' })
  readonly thirdPartyCount: number | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When somebody said that those places were looked at.',
  })
  readonly reviewedAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'How often the copy was fetched.' })
  readonly downloadsCount: number;
}

@ObjectType({ description: 'A page of requests for copies, those due first at the top.' })
export class SubjectAccessRequestPage extends pageOf(SubjectAccessRequest) {}

@InputType({ description: 'Narrows the list of requests. Several filters together: all must hold.' })
export class SubjectAccessFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only about this patient.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => SubjectAccessStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(SubjectAccessStatus)
  status?: SubjectAccessStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those that are late.' })
  @IsOptional()
  @IsBoolean()
  overdue?: boolean | null;
}

@InputType({ description: 'A request for a copy of a patient’s record.' })
export class ExportPatientInput {
  @Field(() => ID, { description: 'Whose record.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => String, {
    description: `What is asked for, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;

  @Field(() => SubjectAccessAsker, { description: 'Who asks.' })
  @IsEnum(SubjectAccessAsker)
  readonly askedBy: SubjectAccessAsker;

  @Field(() => String, {
    nullable: true,
    description: 'Who speaks for the patient. Left out when it is the patient.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly askerName?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day on which it came; today when left out. Not in the future.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly receivedOn?: string | null;
}

@InputType({ description: 'A request, and why.' })
export class SubjectAccessReasonInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, {
    description: `Why, as the person is told, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A request whose clock stops.' })
export class PauseSubjectAccessInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => SubjectAccessPauseReason, { description: 'Why.' })
  @IsEnum(SubjectAccessPauseReason)
  readonly reason: SubjectAccessPauseReason;
}

@InputType({ description: 'A copy whose marked places were looked at.' })
export class ReviewSubjectAccessCopyInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: '`manifestSha256` of the copy that was looked at.' })
  @IsString()
  @Matches(SHA256, { message: 'manifestSha256 must be 64 hexadecimal digits in lower case' })
  readonly manifestSha256: string;
}

@InputType({ description: 'What is left out of a copy because it speaks of somebody else.' })
export class WithholdFromCopyInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: 'The file of the copy, as its manifest names it.' })
  @IsString()
  @MaxLength(PATH_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly path: string;

  @Field(() => String, { description: 'Id of the record in the file, or of the file’s document.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly recordId: string;

  @Field(() => String, {
    nullable: true,
    description: 'The field; the whole record, or the whole file, when left out.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly field?: string | null;

  @Field(() => String, {
    description: `Why, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters. It stands in the copy.`,
  })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const SubjectAccessResult = resultUnion(
  'SubjectAccessResult',
  SubjectAccessRequest,
  [SubjectAccessStandsOtherwise, ExtensionTooLate, CopyNotReady],
  'The request as it stands now, or why nothing was changed.',
);
