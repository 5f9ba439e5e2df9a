import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsISO8601, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import { CommunicationCategory, NeedMet, NeedSharing } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { CommunicationNeedChanged, CommunicationNeedRecorded } from './communication-need.refusals.js';
import { NOTE_CHARACTERS_MAX, REASON_CHARACTERS_MAX } from './note-text.rules.js';

/** Every character may take two UTF-16 units. */
const NOTE_UNITS_MAX = NOTE_CHARACTERS_MAX * 2;
const REASON_UNITS_MAX = REASON_CHARACTERS_MAX * 2;
/** The longest code has 22 characters; no list is asked with more. */
const CODE_UNITS_MAX = 40;

registerEnumType(CommunicationCategory, {
  name: 'CommunicationCategory',
  description:
    'What kind of need. Source: the subsets of the Accessible Information Standard (DAPB1605), and two of our own.',
  valuesMap: {
    SPECIFIC_CONTACT_METHOD: { description: 'How the person is reached.' },
    SPECIFIC_INFORMATION_FORMAT: { description: 'The format in which the person reads.' },
    COMMUNICATION_SUPPORT: { description: 'What helps the person to follow and to answer.' },
    COMMUNICATION_PROFESSIONAL: { description: 'Somebody who has to be there.' },
    LANGUAGE: { description: 'Another language than English. Not part of the standard.' },
    APPOINTMENT: { description: 'How an appointment has to be. Not part of the standard’s subsets.' },
  },
});

registerEnumType(NeedSharing, {
  name: 'NeedSharing',
  description: 'Whether others who care for the patient may be told of the need.',
  valuesMap: {
    AGREED: { description: 'The patient agrees that it is passed on.' },
    REFUSED: { description: 'The patient does not want it passed on.' },
    NOT_ASKED: { description: 'Nobody has asked yet; it is not passed on.' },
  },
});

registerEnumType(NeedMet, {
  name: 'NeedMet',
  description: 'Whether we did what the patient needs.',
  valuesMap: {
    MET: { description: 'It was done.' },
    NOT_MET: { description: 'It was not done; the note says how that came.' },
    NOT_YET_KNOWN: { description: 'There was no occasion since, or nobody knows.' },
  },
});

@ObjectType({ description: 'A way of communicating that somebody may need.' })
export class CommunicationNeedKind {
  @Field(() => String, { description: 'Its code: `LARGE_PRINT_18`.' })
  readonly code: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => CommunicationCategory, { description: 'What kind of need.' })
  readonly category: CommunicationCategory;

  @Field(() => String, { description: 'What is shown beside the name of whoever needs it.' })
  readonly flag: string;

  @Field(() => Boolean, { description: 'It says nothing without a detail: which language.' })
  readonly needsDetail: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'The term in the subsets of the Accessible Information Standard; null: a word of this clinic.',
  })
  readonly standardTerm: string | null;

  @Field(() => String, { nullable: true, description: 'SNOMED CT (UK) code, where it is known.' })
  readonly snomedCode: string | null;

  @Field(() => LocalDate, { description: 'From which day it is used.' })
  readonly effectiveFrom: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'From which day it is no longer used; null: it is.',
  })
  readonly retiredOn: string | null;

  @Field(() => String, { description: 'Where the word comes from.' })
  readonly source: string;
}

@ObjectType({ description: 'That somebody asked again, and whether the need had been met. Never changed.' })
export class CommunicationNeedReview {
  @Field(() => NeedMet, { description: 'Whether it had been met.' })
  readonly wasMet: NeedMet;

  @Field(() => String, { nullable: true, description: 'What was noted.' })
  readonly note: string | null;

  @Field(() => LocalDate, { description: 'When it was to be asked about next.' })
  readonly nextReviewOn: string;

  @Field(() => Instant, { description: 'When it was asked.' })
  readonly reviewedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that asked.' })
  readonly reviewedById: string;
}

@ObjectType({ description: 'What a patient needs so that we understand each other.' })
export class CommunicationNeed {
  @Field(() => ID, { description: 'Id of the need.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose need it is.' })
  readonly patientId: string;

  @Field(() => CommunicationNeedKind, { description: 'What is needed.' })
  readonly kind: CommunicationNeedKind;

  @Field(() => String, {
    nullable: true,
    description: 'More about it: the language, the interpreter’s agency.',
  })
  readonly detail: string | null;

  @Field(() => String, { description: 'The need as a short sentence, as it is shown beside the name.' })
  readonly sentence: string;

  @Field(() => NeedSharing, { description: 'Whether it may be passed on.' })
  readonly sharing: NeedSharing;

  @Field(() => LocalDate, { description: 'When somebody asks again.' })
  readonly reviewDueOn: string;

  @Field(() => Boolean, { description: 'It is time to ask again.' })
  readonly isReviewDue: boolean;

  @Field(() => [CommunicationNeedReview], {
    description: 'Every time somebody asked again, the latest first.',
  })
  readonly reviews: readonly CommunicationNeedReview[];

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;

  @Field(() => Int, { description: 'Rises with each review. Send it back when reviewing or ending.' })
  readonly version: number;

  @Field(() => Instant, { nullable: true, description: 'When it ended; null: it is there.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it ended.' })
  readonly endReason: string | null;
}

@ObjectType({ description: 'A page of needs, those first that have waited longest to be asked about.' })
export class CommunicationNeedPage extends pageOf(CommunicationNeed) {}

@InputType({ description: 'A need to record.' })
export class RecordCommunicationNeedInput {
  @Field(() => ID, { description: 'Whose need it is.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => String, { description: 'Code of what is needed, of `communicationNeedKinds`.' })
  @IsString()
  @MaxLength(CODE_UNITS_MAX)
  readonly kindCode: string;

  @Field(() => String, {
    nullable: true,
    description: 'More about it, at most 200 characters. Some kinds say nothing without.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_UNITS_MAX)
  readonly detail?: string | null;

  @Field(() => NeedSharing, { description: 'What the patient said to its being passed on.' })
  @IsEnum(NeedSharing)
  readonly sharing: NeedSharing;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'When somebody asks again: after today, at most two years ahead. Left out: in a year.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly reviewDueOn?: string | null;
}

@InputType({ description: 'That somebody asked again about a need.' })
export class ReviewCommunicationNeedInput {
  @Field(() => ID, { description: 'Id of the need.' })
  @IsUUID()
  readonly needId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => NeedMet, { description: 'Whether we had done what the patient needs.' })
  @IsEnum(NeedMet)
  readonly wasMet: NeedMet;

  @Field(() => String, {
    nullable: true,
    description: 'A note of at most 200 characters; how it came when it was NOT_MET.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_UNITS_MAX)
  readonly note?: string | null;

  @Field(() => NeedSharing, {
    nullable: true,
    description: 'What the patient says now to its being passed on. Left out: as before.',
  })
  @IsOptional()
  @IsEnum(NeedSharing)
  readonly sharing?: NeedSharing | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'When somebody asks again: after today, at most two years ahead. Left out: in a year.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly nextReviewOn?: string | null;
}

@InputType({ description: 'That a need is there no longer, or never was.' })
export class EndCommunicationNeedInput {
  @Field(() => ID, { description: 'Id of the need.' })
  @IsUUID()
  readonly needId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why, in 3 to 500 characters.' })
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly reason: string;
}

export const RecordCommunicationNeedResult = resultUnion(
  'RecordCommunicationNeedResult',
  CommunicationNeed,
  [CommunicationNeedRecorded],
  'The need, or why it is not recorded again.',
);

export const ReviewCommunicationNeedResult = resultUnion(
  'ReviewCommunicationNeedResult',
  CommunicationNeed,
  [CommunicationNeedChanged],
  'The need as it is now, or why nothing was changed.',
);

export const EndCommunicationNeedResult = resultUnion(
  'EndCommunicationNeedResult',
  CommunicationNeed,
  [CommunicationNeedChanged],
  'The need as it ended, or why nothing was changed.',
);
