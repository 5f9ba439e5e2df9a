import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import {
  CriticalFindingCategory,
  CriticalFindingOutcome,
  CriticalFindingStatus,
  CriticalTellingMethod,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { CriticalFindingClosed, CriticalFindingNotAcknowledged } from './critical-finding.refusals.js';
import { ScanNotPerformed } from './report.refusals.js';

const NAME_CHARACTERS_MAX = 200;
const TEXT_CHARACTERS_MAX = 2_000;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

/** This room's own message: time to look whether somebody has been told. Subject: the critical finding. */
export const CRITICAL_FINDING_DUE = 'critical-finding.due';

registerEnumType(CriticalFindingStatus, {
  name: 'CriticalFindingStatus',
  description: 'Where a critical finding stands.',
  valuesMap: {
    OPEN: { description: 'Nobody has read it back. The clinic is told again and again.' },
    ACKNOWLEDGED: { description: 'Somebody who can act on it was told and has read it back.' },
    CLOSED: { description: 'Closed with a note.' },
  },
});

registerEnumType(CriticalFindingOutcome, {
  name: 'CriticalFindingOutcome',
  description: 'How a critical finding was closed.',
  valuesMap: {
    ACTED_ON: { description: 'Somebody who was told acts on it; the note says what was agreed.' },
    FLAGGED_IN_ERROR: { description: 'There was no such finding; the note says why it was flagged.' },
  },
});

registerEnumType(CriticalTellingMethod, {
  name: 'CriticalTellingMethod',
  description: 'How somebody was told.',
  valuesMap: {
    IN_PERSON: { description: 'Face to face.' },
    TELEPHONE: { description: 'On the telephone.' },
    VIDEO: { description: 'By video.' },
    SECURE_MESSAGE: {
      description: 'By a message that only they can read, and that they answered if it was read back.',
    },
  },
});

@ObjectType({
  description: 'That somebody was told of a critical finding, or that it was tried. Never edited.',
})
export class CriticalFindingTelling {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => String, { description: 'Who was told, by name.' })
  readonly toldName: string;

  @Field(() => String, { description: 'What they are: spinal registrar on call.' })
  readonly toldRole: string;

  @Field(() => CriticalTellingMethod, { description: 'How.' })
  readonly method: CriticalTellingMethod;

  @Field(() => Instant, { description: 'When.' })
  readonly toldAt: Temporal.Instant;

  @Field(() => Boolean, {
    description: 'They said it back, and it was right. False: it was tried, and it stays open.',
  })
  readonly wasReadBack: boolean;

  @Field(() => String, { nullable: true, description: 'What was said about it.' })
  readonly comment: string | null;

  @Field(() => Instant, { description: 'When it was written down.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that told them and wrote it down.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'Something seen on a scan that cannot wait for the letter.' })
export class CriticalFinding {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which scan booking.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'Whose scan it is.' })
  readonly patientId: string;

  @Field(() => CriticalFindingCategory, { description: 'What kind of danger.' })
  readonly category: CriticalFindingCategory;

  @Field(() => String, { description: 'What was seen.' })
  readonly description: string;

  @Field(() => CriticalFindingStatus, { description: 'Where it stands.' })
  readonly status: CriticalFindingStatus;

  @Field(() => Instant, { description: 'When it was flagged.' })
  readonly flaggedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that flagged it.' })
  readonly flaggedById: string;

  @Field(() => Instant, {
    description: 'By when somebody has to have read it back, by the policy of its category.',
  })
  readonly dueAt: Temporal.Instant;

  @Field(() => Boolean, { description: 'It is open, and that moment has passed.' })
  readonly isOverdue: boolean;

  @Field(() => [CriticalFindingTelling], { description: 'Who was told, and who was tried, in order.' })
  readonly tellings: readonly CriticalFindingTelling[];

  @Field(() => Instant, { nullable: true, description: 'When somebody first read it back.' })
  readonly acknowledgedAt: Temporal.Instant | null;

  @Field(() => CriticalFindingOutcome, { nullable: true, description: 'How it was closed.' })
  readonly outcome: CriticalFindingOutcome | null;

  @Field(() => String, { nullable: true, description: 'The note with which it was closed.' })
  readonly closingNote: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it.' })
  readonly closedById: string | null;

  @Field(() => Int, { description: 'How often the clinic has been told that it is overdue.' })
  readonly escalationsCount: number;

  @Field(() => Instant, { nullable: true, description: 'When it was told last.' })
  readonly escalatedAt: Temporal.Instant | null;

  @Field(() => [String], {
    description: 'What may be done with it: `tell`, `tellAndHearBack`, `close`, `closeAsError`.',
  })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of critical findings, those due first first.' })
export class CriticalFindingPage extends pageOf(CriticalFinding) {}

@InputType({ description: 'Which critical findings. Several filters together: all must hold.' })
export class CriticalFindingFilterInput {
  @Field(() => CriticalFindingStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(CriticalFindingStatus)
  readonly status?: CriticalFindingStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only of this scan booking.' })
  @IsOptional()
  @IsUUID()
  readonly scanBookingId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;
}

@InputType({ description: 'Something that cannot wait for the letter.' })
export class FlagCriticalFindingInput {
  @Field(() => ID, { description: 'On which scan; it has begun.' })
  @IsUUID()
  readonly scanBookingId: string;

  @Field(() => CriticalFindingCategory, {
    description: 'What kind of danger. It says by when somebody has to be told.',
  })
  @IsEnum(CriticalFindingCategory)
  readonly category: CriticalFindingCategory;

  @Field(() => String, { description: 'What is seen, at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly description: string;
}

@InputType({ description: 'Whom you have told, or tried to reach.' })
export class TellCriticalFindingInput {
  @Field(() => ID, { description: 'Id of the critical finding.' })
  @IsUUID()
  readonly criticalFindingId: string;

  @Field(() => String, { description: 'Who, by name; at most 200 characters.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly toldName: string;

  @Field(() => String, { description: 'What they are; at most 200 characters.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly toldRole: string;

  @Field(() => CriticalTellingMethod, { description: 'How.' })
  @IsEnum(CriticalTellingMethod)
  readonly method: CriticalTellingMethod;

  @Field(() => Instant, { description: 'When; not ahead.' })
  readonly toldAt: Temporal.Instant;

  @Field(() => Boolean, {
    description: 'They said it back, and it was right. A message that was left is not read back.',
  })
  @IsBoolean()
  readonly wasReadBack: boolean;

  @Field(() => String, { nullable: true, description: 'What was said about it, at most 2,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly comment?: string | null;
}

@InputType({ description: 'A critical finding to close.' })
export class CloseCriticalFindingInput {
  @Field(() => ID, { description: 'Id of the critical finding.' })
  @IsUUID()
  readonly criticalFindingId: string;

  @Field(() => CriticalFindingOutcome, { description: 'How. ACTED_ON needs somebody who has read it back.' })
  @IsEnum(CriticalFindingOutcome)
  readonly outcome: CriticalFindingOutcome;

  @Field(() => String, {
    description: 'What was agreed, or why it was flagged in error; at most 2,000 characters.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note: string;
}

export const FlagCriticalFindingResult = resultUnion(
  'FlagCriticalFindingResult',
  CriticalFinding,
  [ScanNotPerformed],
  'The critical finding, or why it was not flagged.',
);
export const TellCriticalFindingResult = resultUnion(
  'TellCriticalFindingResult',
  CriticalFinding,
  [CriticalFindingClosed],
  'The critical finding as it stands now, or why nothing was recorded.',
);
export const CloseCriticalFindingResult = resultUnion(
  'CloseCriticalFindingResult',
  CriticalFinding,
  [CriticalFindingClosed, CriticalFindingNotAcknowledged],
  'The closed critical finding, or why it stays open.',
);
