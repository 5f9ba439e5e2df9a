import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import { ReportAudience, ReportTellingMethod } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  ReportAlreadyReleased,
  ReportChangedMeanwhile,
  ReportNotFinal,
  ReportNotSigned,
} from './report.refusals.js';

const NAME_CHARACTERS_MAX = 200;
const EMAIL_CHARACTERS_MAX = 254;
const ADDRESS_LINES_MAX = 6;
const ADDRESS_LINE_CHARACTERS_MAX = 100;
const WORDS_CHARACTERS_MAX = 5_000;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(ReportAudience, {
  name: 'ReportAudience',
  description: 'Whom a report is sent to.',
  valuesMap: {
    REFERRER: { description: 'Whoever referred the patient.' },
    GP: { description: 'The patient’s GP, or another clinician who looks after them.' },
    PATIENT: { description: 'The patient, after a clinician has released it.' },
  },
});

registerEnumType(ReportTellingMethod, {
  name: 'ReportTellingMethod',
  description: 'How a report is sent.',
  valuesMap: {
    EMAIL: { description: 'By e-mail.' },
    LETTER: { description: 'By post: staff see the task and the letter to print.' },
  },
});

@ObjectType({
  description: 'That a version of a report was sent to somebody. What became of the letter: `letters`.',
})
export class ReportTelling {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'Number of the signed version that was sent.' })
  readonly versionNumber: number;

  @Field(() => ReportAudience, { description: 'Whom it was sent to.' })
  readonly audience: ReportAudience;

  @Field(() => ReportTellingMethod, { description: 'How.' })
  readonly method: ReportTellingMethod;

  @Field(() => ID, {
    nullable: true,
    description: 'In the directory of referrers; null: not in it, or the patient.',
  })
  readonly referrerId: string | null;

  @Field(() => String, { nullable: true, description: 'By name; null: the patient.' })
  readonly name: string | null;

  @Field(() => String, { nullable: true, description: 'Where they work, as far as it is known.' })
  readonly organisation: string | null;

  @Field(() => String, { nullable: true, description: 'What was written for the patient beside the report.' })
  readonly words: string | null;

  @Field(() => Instant, { description: 'When it was given to be sent.' })
  readonly toldAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that had it sent.' })
  readonly toldById: string;
}

@InputType({ description: 'A final report to send to somebody, as you have read it.' })
export class TellReportInput {
  @Field(() => ID, { description: 'Of which scan booking.' })
  @IsUUID()
  readonly scanBookingId: string;

  @Field(() => Int, { description: '`version` of the report that you have read.' })
  @IsInt()
  @Min(1)
  readonly seenVersion: number;

  @Field(() => ReportAudience, {
    description: 'REFERRER or GP. The patient’s copy is released (releaseReportToPatient).',
  })
  @IsIn([ReportAudience.REFERRER, ReportAudience.GP])
  readonly audience: ReportAudience;

  @Field(() => ID, { nullable: true, description: 'By the directory of referrers; or else by name.' })
  @IsOptional()
  @IsUUID()
  readonly referrerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'By name, where they are not in the directory; at most 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: 'Where they work, at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly organisation?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address for this letter; else that of the directory.',
  })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  readonly email?: string | null;

  @Field(() => [String], {
    nullable: true,
    defaultValue: [],
    description: 'Postal address for this letter, line by line; else that of the directory.',
  })
  @IsArray()
  @ArrayMaxSize(ADDRESS_LINES_MAX)
  @IsString({ each: true })
  @MaxLength(ADDRESS_LINE_CHARACTERS_MAX, { each: true })
  @Matches(SOME_LINE, { each: true, ...READABLE })
  readonly addressLines: readonly string[] = [];

  @Field(() => ReportTellingMethod, {
    nullable: true,
    description: 'How; left out: by e-mail where there is an address, else by post.',
  })
  @IsOptional()
  @IsEnum(ReportTellingMethod)
  readonly method?: ReportTellingMethod | null;
}

@InputType({ description: 'A final report that the patient may have, as you have read it.' })
export class ReleaseReportInput {
  @Field(() => ID, { description: 'Of which scan booking.' })
  @IsUUID()
  readonly scanBookingId: string;

  @Field(() => Int, { description: '`version` of the report that you have read.' })
  @IsInt()
  @Min(1)
  readonly seenVersion: number;

  @Field(() => String, {
    nullable: true,
    description: 'What it means, in plain words for the patient; at most 5,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly words?: string | null;

  @Field(() => ReportTellingMethod, {
    nullable: true,
    description: 'LETTER: by post, whatever the patient prefers. Left out: as the patient prefers.',
  })
  @IsOptional()
  @IsEnum(ReportTellingMethod)
  readonly method?: ReportTellingMethod | null;
}

export const TellReportResult = resultUnion(
  'TellReportResult',
  ReportTelling,
  [ReportNotSigned, ReportNotFinal, ReportChangedMeanwhile],
  'What is sent to whom, or why it is not.',
);
export const ReleaseReportResult = resultUnion(
  'ReleaseReportResult',
  ReportTelling,
  [ReportNotSigned, ReportNotFinal, ReportChangedMeanwhile, ReportAlreadyReleased],
  'What is sent to the patient, or why it is not.',
);
