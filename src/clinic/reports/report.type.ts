import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEnum,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { ScanReportDraft as DraftRow } from '../../platform/database/generated/client.js';
import {
  FindingSide,
  FindingStructure,
  ReportAddendumKind,
  ReportVersionKind,
  ScanBookingStatus,
  ScanReportStatus,
  SpineLevel,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, type Temporal } from '../../platform/time/index.js';
import {
  NoReportDraft,
  NotEntitledToEvaluate,
  ReportAlreadySigned,
  ReportChangedMeanwhile,
  ReportDraftChanged,
  ReportIncomplete,
  ReportNotFinal,
  ReportNotSigned,
  ScanNotPerformed,
} from './report.refusals.js';
import { problemsOf } from './report.rules.js';
import {
  contentOfDraft,
  contentOfSigned,
  Finding,
  ReportContent,
  ReportContentInput,
  type SignedRow,
  toContent,
} from './report-content.type.js';

const ADDENDUM_CHARACTERS_MAX = 5_000;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(ScanReportStatus, {
  name: 'ScanReportStatus',
  description: 'How far the report of a scan is.',
  valuesMap: {
    WRITING: {
      description: 'Nothing is signed. Somebody may be writing, or has flagged a critical finding.',
    },
    PRELIMINARY: { description: 'A preliminary text is signed; the final one is still to come.' },
    FINAL: { description: 'The final text is signed. From here on it is only added to.' },
  },
});

registerEnumType(ReportVersionKind, {
  name: 'ReportVersionKind',
  description: 'What was signed.',
  valuesMap: {
    PRELIMINARY: { description: 'A preliminary text.' },
    FINAL: { description: 'The final text.' },
    CORRECTION: {
      description: 'A text that stands in place of the final one, by an addendum that says why.',
    },
  },
});

registerEnumType(ReportAddendumKind, {
  name: 'ReportAddendumKind',
  description: 'What an addendum does.',
  valuesMap: {
    NOTE: { description: 'Adds to the text. The findings stay.' },
    CORRECTION: { description: 'Brings a new version, whose findings supersede those before.' },
  },
});

@ObjectType({
  description: 'What is known of the dose of a scan. Null fields: it is not known here.',
})
export class ReportDose {
  @Field(() => Float, {
    nullable: true,
    description:
      'Activity that was in the patient at the injection, in MBq: measured less what was left in the syringe.',
  })
  readonly administeredActivityMbq: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'CTDIvol of the CT part in mGy; of several series the highest.',
  })
  readonly ctdiVolMgy: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Dose length product of the CT part in mGy·cm, all series together.',
  })
  readonly dlpMgyCm: number | null;
}

@ObjectType({ description: 'What you are writing. Nobody else sees it before it is signed.' })
export class ScanReportDraft {
  @Field(() => Int, {
    description: 'Rises each time it is kept. Send it back when keeping and when signing.',
  })
  readonly version: number;

  @Field(() => Int, { description: 'The signed version that it goes on from; 0: none.' })
  readonly baseVersion: number;

  @Field(() => ReportContent, { description: 'The text as it is kept.' })
  readonly content: ReportContent;

  @Field(() => [String], { description: 'What stands in the way of signing it. Empty: nothing in the text.' })
  readonly problems: readonly string[];

  @Field(() => Instant, { description: 'When you began.' })
  readonly begunAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was last kept.' })
  readonly changedAt: Temporal.Instant;
}

@ObjectType({ description: 'Somebody who is writing. What they write is theirs until they sign it.' })
export class ReportWriter {
  @Field(() => ID, { description: 'Staff account.' })
  readonly staffId: string;

  @Field(() => Instant, { description: 'When they last kept their draft.' })
  readonly changedAt: Temporal.Instant;
}

@ObjectType({
  description:
    'A signed text, as it was signed. Never edited, and readable for as long as the record is kept.',
})
export class ScanReportVersion {
  @Field(() => Int, { description: 'Number in the report, from 1.' })
  readonly number: number;

  @Field(() => ReportVersionKind, { description: 'What was signed.' })
  readonly kind: ReportVersionKind;

  @Field(() => ReportContent, { description: 'Text and findings.' })
  readonly content: ReportContent;

  @Field(() => ReportDose, { description: 'What was known of the dose when it was signed.' })
  readonly dose: ReportDose;

  @Field(() => ID, { description: 'Staff account that signed it.' })
  readonly signedById: string;

  @Field(() => String, { description: 'Their name, as it was at signing.' })
  readonly signedByName: string;

  @Field(() => Instant, { description: 'When it was signed.' })
  readonly signedAt: Temporal.Instant;

  @Field(() => String, { description: 'SHA-256 of text and findings, lower-case hexadecimal.' })
  readonly sha256: string;

  @Field(() => Boolean, { description: 'A later version stands in its place.' })
  readonly isSuperseded: boolean;
}

@ObjectType({ description: 'What was added to a signed report. Never edited.' })
export class ScanReportAddendum {
  @Field(() => Int, { description: 'Number in the report, from 1.' })
  readonly number: number;

  @Field(() => ReportAddendumKind, { description: 'What it does.' })
  readonly kind: ReportAddendumKind;

  @Field(() => String, { description: 'What was added; of a correction: what was wrong and why.' })
  readonly text: string;

  @Field(() => Int, { nullable: true, description: 'Of a correction: the version that it brought.' })
  readonly versionNumber: number | null;

  @Field(() => ID, { description: 'Staff account that signed it.' })
  readonly signedById: string;

  @Field(() => String, { description: 'Their name, as it was at signing.' })
  readonly signedByName: string;

  @Field(() => Instant, { description: 'When it was signed.' })
  readonly signedAt: Temporal.Instant;
}

@ObjectType({ description: 'The clinical evaluation of one scan.' })
export class ScanReport {
  @Field(() => ID, { description: 'Id of the report (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which scan booking.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'Whose scan it is.' })
  readonly patientId: string;

  @Field(() => ScanReportStatus, { description: 'How far it is.' })
  readonly status: ScanReportStatus;

  @Field(() => Int, { description: 'Number of the signed version that stands; 0: nothing is signed.' })
  readonly version: number;

  @Field(() => ScanReportVersion, {
    nullable: true,
    description: 'The version that stands; null: nothing is signed.',
  })
  readonly current: ScanReportVersion | null;

  @Field(() => [ScanReportVersion], { description: 'Every signed version, the oldest first.' })
  readonly versions: readonly ScanReportVersion[];

  @Field(() => [ScanReportAddendum], { description: 'What was added since, the oldest first.' })
  readonly addenda: readonly ScanReportAddendum[];

  @Field(() => ScanReportDraft, { nullable: true, description: 'What you are writing; null: nothing.' })
  readonly myDraft: ScanReportDraft | null;

  @Field(() => [ReportWriter], { description: 'Who is writing, you included.' })
  readonly writers: readonly ReportWriter[];

  @Field(() => Instant, { nullable: true, description: 'When the final text was signed.' })
  readonly finalisedAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When a clinician released it to the patient; null: the patient gets no copy yet.',
  })
  readonly releasedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that released it.' })
  readonly releasedById: string | null;

  @Field(() => [String], {
    description:
      'What may be done with it as it stands: `signPreliminary`, `signFinal`, `addNote`, `correct`, `tell`, `releaseToPatient`.',
  })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of reports, those last begun first.' })
export class ScanReportPage extends pageOf(ScanReport) {}

@InputType({ description: 'Narrows the list of reports. Several filters together: all must hold.' })
export class ScanReportFilterInput {
  @Field(() => ScanReportStatus, { nullable: true, description: 'Only these.' })
  @IsOptional()
  @IsEnum(ScanReportStatus)
  readonly status?: ScanReportStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only those that this staff account has signed a version of.',
  })
  @IsOptional()
  @IsUUID()
  readonly signedById?: string | null;
}

@InputType({ description: 'A draft to keep. It is yours: nobody else sees it or writes in it.' })
export class KeepReportDraftInput {
  @Field(() => ID, { description: 'Of which scan booking.' })
  @IsUUID()
  readonly scanBookingId: string;

  @Field(() => Int, { description: '`version` of your draft as you have it; 0: you have none yet.' })
  @IsInt()
  @Min(0)
  readonly draftVersion: number;

  @Field(() => Int, { description: '`version` of the report that you have seen; 0: nothing was signed.' })
  @IsInt()
  @Min(0)
  readonly seenVersion: number;

  @Field(() => ReportContentInput, { description: 'The text as it is now. It need not be complete.' })
  @IsObject()
  @ValidateNested()
  @Type(() => ReportContentInput)
  readonly content: ReportContentInput;
}

@InputType({ description: 'A draft to sign, as you have read it.' })
export class SignReportInput {
  @Field(() => ID, { description: 'Of which scan booking.' })
  @IsUUID()
  readonly scanBookingId: string;

  @Field(() => Int, { description: '`version` of your draft as you have read it.' })
  @IsInt()
  @Min(1)
  readonly draftVersion: number;

  @Field(() => ReportVersionKind, { description: 'PRELIMINARY or FINAL. A correction is an addendum.' })
  @IsIn([ReportVersionKind.PRELIMINARY, ReportVersionKind.FINAL])
  readonly as: ReportVersionKind;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of a final report: the GP who gets a copy, by the directory of referrers. The referrer gets theirs in any case.',
  })
  @IsOptional()
  @IsUUID()
  readonly gpId?: string | null;
}

@InputType({ description: 'Something to add to a signed report; you sign it with this.' })
export class AddReportAddendumInput {
  @Field(() => ID, { description: 'Of which scan booking.' })
  @IsUUID()
  readonly scanBookingId: string;

  @Field(() => Int, { description: '`version` of the report that you have read.' })
  @IsInt()
  @Min(1)
  readonly seenVersion: number;

  @Field(() => String, {
    description: 'What is added; of a correction: what was wrong and why. At most 5,000 characters.',
  })
  @IsString()
  @MaxLength(ADDENDUM_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => ReportContentInput, {
    nullable: true,
    description:
      'Of a correction: the whole text and findings that stand from now on. Null: a note, and the findings stay.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ReportContentInput)
  readonly correction?: ReportContentInput | null;
}

@ObjectType({ description: 'A finding of a patient as the report that stands has it.' })
export class PatientFinding {
  @Field(() => ID, { description: 'Of which scan booking.' })
  readonly scanBookingId: string;

  @Field(() => LocalDate, { description: 'Local date of the scan.' })
  readonly scannedOn: string;

  @Field(() => ScanReportStatus, { description: 'How far the report is: PRELIMINARY or FINAL.' })
  readonly reportStatus: ScanReportStatus;

  @Field(() => Int, { description: 'Number of the version that it stands in.' })
  readonly versionNumber: number;

  @Field(() => Finding, { description: 'The finding.' })
  readonly finding: Finding;
}

@InputType({ description: 'Narrows the findings of a patient. Several together: all must hold.' })
export class PatientFindingFilterInput {
  @Field(() => FindingStructure, { nullable: true, description: 'Only of this structure.' })
  @IsOptional()
  @IsEnum(FindingStructure)
  readonly structure?: FindingStructure | null;

  @Field(() => SpineLevel, { nullable: true, description: 'Only at this level.' })
  @IsOptional()
  @IsEnum(SpineLevel)
  readonly level?: SpineLevel | null;

  @Field(() => FindingSide, {
    nullable: true,
    description: 'Only on this side; LEFT and RIGHT find those on both sides, too.',
  })
  @IsOptional()
  @IsEnum(FindingSide)
  readonly side?: FindingSide | null;
}

@ObjectType({ description: 'A scan that waits for its report to be signed.' })
export class ReportToWrite {
  @Field(() => ID, { description: 'The scan booking.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'Whose scan it is.' })
  readonly patientId: string;

  @Field(() => ScanBookingStatus, { description: 'How the scan ended.' })
  readonly scanStatus: ScanBookingStatus;

  @Field(() => Instant, { description: 'When the scan ended.' })
  readonly endedAt: Temporal.Instant;

  @Field(() => LocalDate, {
    description: 'By the end of this day it was promised: working days after the scan, by policy.',
  })
  readonly dueOn: string;

  @Field(() => Boolean, { description: 'That day has passed.' })
  readonly isOverdue: boolean;

  @Field(() => Boolean, { description: 'A preliminary text is signed, and the final one is still to come.' })
  readonly isPreliminary: boolean;

  @Field(() => [ID], { description: 'Staff accounts that are writing.' })
  readonly writerIds: readonly string[];
}

@ObjectType({ description: 'A page of scans that wait for their report, the oldest first.' })
export class ReportToWritePage extends pageOf(ReportToWrite) {}

@InputType({ description: 'Which scans that wait for their report.' })
export class ReportsToWriteFilterInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Those that were broken off, too: the exposure happened all the same. True unless said otherwise.',
  })
  @IsBoolean()
  readonly includesDiscontinued: boolean = true;

  @Field(() => LocalDate, { nullable: true, description: 'Only scans that ended on this day or later.' })
  @IsOptional()
  readonly endedFrom?: string | null;
}

export const KEEP_DRAFT_REFUSALS = [
  ReportDraftChanged,
  ReportAlreadySigned,
  ReportChangedMeanwhile,
  ScanNotPerformed,
] as const;
export const KeepReportDraftResult = resultUnion(
  'KeepReportDraftResult',
  ScanReportDraft,
  KEEP_DRAFT_REFUSALS,
  'The draft as it is kept, or why it was not.',
);

export const SignReportResult = resultUnion(
  'SignReportResult',
  ScanReport,
  [...KEEP_DRAFT_REFUSALS, NoReportDraft, ReportIncomplete, NotEntitledToEvaluate],
  'The signed report, or why it was not signed.',
);

export const AddReportAddendumResult = resultUnion(
  'AddReportAddendumResult',
  ScanReport,
  [ReportNotSigned, ReportNotFinal, ReportChangedMeanwhile, ReportIncomplete, NotEntitledToEvaluate],
  'The report with what was added, or why it was not.',
);

export function toDraft(row: DraftRow): ScanReportDraft {
  const content = contentOfDraft(row);
  return {
    version: row.version,
    baseVersion: row.baseVersion,
    content: toContent(content),
    problems: problemsOf(content),
    begunAt: instantFromDate(row.begunAt),
    changedAt: instantFromDate(row.changedAt),
  };
}

/** `standing`: the number of the version that stands. */
export function toVersion(row: SignedRow, standing: number): ScanReportVersion {
  const { number, kind, signedById, signedByName, sha256 } = row;
  const { administeredActivityMbq, ctdiVolMgy, dlpMgyCm } = row;
  return {
    ...{ number, kind, signedById, signedByName, sha256 },
    content: contentOfSigned(row),
    dose: { administeredActivityMbq, ctdiVolMgy, dlpMgyCm },
    signedAt: instantFromDate(row.signedAt),
    isSuperseded: number < standing,
  };
}
