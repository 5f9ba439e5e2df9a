import './document-words.type.js';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
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
import {
  DocumentKind,
  DocumentScanState,
  DocumentSubjectType,
  RecordClass,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  DocumentAction,
  DocumentChangedMeanwhile,
  DocumentNotScannable,
  DocumentStandsOtherwise,
  DocumentStatus,
} from './document.refusals.js';

/** A line in a list. */
export const TITLE_CHARACTERS_MAX = 200;
const REASON_CHARACTERS_MAX = 500;
const STATES_MAX = 10;
const ONE_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/u;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const ONE_READABLE_LINE = { message: '$property: must be one line and not blank' };
const READABLE = { message: '$property: must not be blank or contain control characters' };

/** Record classes that a document can be kept under. */
export const DOCUMENT_CLASSES = [
  RecordClass.DOCUMENT,
  RecordClass.CLINICAL_RECORD,
  RecordClass.PSYCHOLOGY,
  RecordClass.ENQUIRY_UNCONVERTED,
] as const;
const A_CLASS = { message: `$property: must be one of ${DOCUMENT_CLASSES.join(', ')}` };

@ObjectType({
  description: 'One content of a document. A correction is a further version; none is ever overwritten.',
})
export class DocumentVersion {
  @Field(() => Int, { description: '1 for the first.' })
  readonly number: number;

  @Field(() => String, { description: 'The name it is saved under. Cleaned of what no file name needs.' })
  readonly fileName: string;

  @Field(() => String, { description: 'Media type (RFC 6838), found by looking into it.' })
  readonly mediaType: string;

  @Field(() => Int, { description: 'Length in bytes.' })
  readonly sizeBytes: number;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the content, in hexadecimal; null once it was destroyed by a rule of retention.',
  })
  readonly sha256: string | null;

  @Field(() => DocumentScanState, { description: 'What the virus scanner says.' })
  readonly scanState: DocumentScanState;

  @Field(() => Instant, { nullable: true, description: 'When the scanner said so; null while it has not.' })
  readonly scannedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'What the scanner calls the threat that it found.' })
  readonly threatName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why there is no verdict yet, or why there will be none.',
  })
  readonly scanProblem: string | null;

  @Field(() => Boolean, { description: 'Whether it can be opened now.' })
  readonly isOpenable: boolean;

  @Field(() => String, {
    description: 'Where it is opened: a path of this service, by the same token. Never a public address.',
  })
  readonly contentPath: string;

  @Field(() => Instant, { description: 'When it came.' })
  readonly filedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that filed it; null: Facet did by itself.' })
  readonly filedById: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When its content was destroyed; null while it is there.',
  })
  readonly contentDestroyedAt: Temporal.Instant | null;
}

@ObjectType({ description: 'A paper or a picture that belongs to something here.' })
export class Document {
  @Field(() => ID, { description: 'Id of the document.' })
  readonly id: string;

  @Field(() => ID, { nullable: true, description: 'Whom it is about; null while nobody knows.' })
  readonly patientId: string | null;

  @Field(() => DocumentSubjectType, { description: 'What it belongs to.' })
  readonly subjectType: DocumentSubjectType;

  @Field(() => ID, { description: 'Id of what it belongs to.' })
  readonly subjectId: string;

  @Field(() => DocumentKind, { description: 'What kind of document it is.' })
  readonly kind: DocumentKind;

  @Field(() => String, { description: 'One line that says what it is.' })
  readonly title: string;

  @Field(() => RecordClass, { description: 'The record class whose rule says how long it is kept.' })
  readonly retentionClass: RecordClass;

  @Field(() => DocumentStatus, { description: 'How it stands.' })
  readonly status: DocumentStatus;

  @Field(() => [DocumentAction], { description: 'What can be done with it now, by somebody who may.' })
  readonly allowedActions: readonly DocumentAction[];

  @Field(() => Instant, { description: 'When it was filed.' })
  readonly filedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that filed it; null: Facet did by itself.' })
  readonly filedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was withdrawn.' })
  readonly withdrawnAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that withdrew it.' })
  readonly withdrawnById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was withdrawn.' })
  readonly withdrawnReason: string | null;

  @Field(() => Instant, { nullable: true, description: 'When a rule of retention destroyed its content.' })
  readonly destroyedAt: Temporal.Instant | null;

  @Field(() => Int, {
    description: 'Counts its changes: send it with a change, so that nobody overwrites another.',
  })
  readonly version: number;

  @Field(() => [DocumentVersion], { description: 'Its contents, oldest first.' })
  readonly versions: readonly DocumentVersion[];
}

@ObjectType({ description: 'A page of documents, the last filed first.' })
export class DocumentPage extends pageOf(Document) {}

@InputType({ description: 'Narrows the list of documents. Several filters together: all must hold.' })
export class DocumentFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only about this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => DocumentSubjectType, {
    nullable: true,
    description: 'Only what belongs to this kind of thing.',
  })
  @IsOptional()
  @IsEnum(DocumentSubjectType)
  readonly subjectType?: DocumentSubjectType | null;

  @Field(() => ID, { nullable: true, description: 'Only what belongs to this thing.' })
  @IsOptional()
  @IsUUID()
  readonly subjectId?: string | null;

  @Field(() => [DocumentKind], { nullable: true, description: 'Only these kinds.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATES_MAX)
  @IsEnum(DocumentKind, { each: true })
  readonly kinds?: readonly DocumentKind[] | null;

  @Field(() => [DocumentScanState], {
    nullable: true,
    description: 'Only those of which a version is in one of these.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATES_MAX)
  @IsEnum(DocumentScanState, { each: true })
  readonly scanStates?: readonly DocumentScanState[] | null;

  @Field(() => [DocumentStatus], {
    nullable: true,
    description: 'Only those that stand so; left out: those that are filed.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATES_MAX)
  @IsEnum(DocumentStatus, { each: true })
  readonly statuses?: readonly DocumentStatus[] | null;
}

/** Which document, as it was seen. */
@InputType({ isAbstract: true })
abstract class SeenDocumentInput {
  @Field(() => ID, { description: 'The document.' })
  @IsUUID()
  readonly documentId: string;

  @Field(() => Int, { description: 'Its `version` as it was seen.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'What a document is called, put right. What is left out stays.' })
export class DescribeDocumentInput extends SeenDocumentInput {
  @Field(() => String, { nullable: true, description: 'One line, at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TITLE_CHARACTERS_MAX)
  @Matches(ONE_LINE, ONE_READABLE_LINE)
  readonly title?: string | null;

  @Field(() => DocumentKind, { nullable: true, description: 'What kind of document it is.' })
  @IsOptional()
  @IsEnum(DocumentKind)
  readonly kind?: DocumentKind | null;
}

@InputType({ description: 'A document that is to be kept under another rule.' })
export class SetDocumentRetentionInput extends SeenDocumentInput {
  @Field(() => RecordClass, { description: `The record class: ${DOCUMENT_CLASSES.join(', ')}.` })
  @IsIn(DOCUMENT_CLASSES, A_CLASS)
  readonly retentionClass: (typeof DOCUMENT_CLASSES)[number];
}

@InputType({ description: 'A document that does not belong where it is.' })
export class WithdrawDocumentInput extends SeenDocumentInput {
  @Field(() => String, { description: 'Why, at most 500 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A withdrawn document that belongs where it was after all.' })
export class RestoreDocumentInput extends SeenDocumentInput {}

@InputType({ description: 'A content that the virus scanner is to look at again.' })
export class ScanDocumentAgainInput {
  @Field(() => ID, { description: 'The document.' })
  @IsUUID()
  readonly documentId: string;

  @Field(() => Int, { description: 'Number of the version.' })
  @IsInt()
  @Min(1)
  readonly number: number;
}

/** The fields of the form that files a document: what a caller of `POST /documents` sends before the file. */
export class FileDocumentForm {
  @IsEnum(DocumentSubjectType)
  readonly subjectType: DocumentSubjectType;

  @IsUUID()
  readonly subjectId: string;

  /** Needed where the subject does not say whom it is about; must agree where it does. */
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @IsEnum(DocumentKind)
  readonly kind: DocumentKind;

  /** The file's name when it is left out. */
  @IsOptional()
  @IsString()
  @MaxLength(TITLE_CHARACTERS_MAX)
  @Matches(ONE_LINE, ONE_READABLE_LINE)
  readonly title?: string | null;

  @IsOptional()
  @IsIn(DOCUMENT_CLASSES, A_CLASS)
  readonly retentionClass?: (typeof DOCUMENT_CLASSES)[number] | null;
}

/** A file on its way in, from whichever door. */
export interface IncomingFile {
  /** As its sender calls it. */
  readonly fileName: string;
  /** As its sender declares it; empty where nobody says. */
  readonly mediaType?: string;
  /** Read once. */
  readonly stream: AsyncIterable<Uint8Array>;
}

/** A file and what it is, for a room that files by itself. */
export interface DocumentToStore extends IncomingFile {
  readonly patientId: string | null;
  readonly subjectType: DocumentSubjectType;
  readonly subjectId: string;
  /** OTHER when left out. */
  readonly kind?: DocumentKind;
  /** The file's name when left out. */
  readonly title?: string | null;
  /** DOCUMENT when left out. */
  readonly retentionClass?: RecordClass | null;
}

/** What became of a file. */
export interface FiledDocument {
  /** ALREADY_FILED: the same content was there for the same subject; nothing was added. */
  readonly outcome: 'FILED' | 'NEW_VERSION' | 'ALREADY_FILED';
  readonly document: Document;
}

export const ChangeDocumentResult = resultUnion(
  'ChangeDocumentResult',
  Document,
  [DocumentStandsOtherwise, DocumentChangedMeanwhile],
  'The document as it stands now, or why nothing was changed.',
);

export const ScanDocumentAgainResult = resultUnion(
  'ScanDocumentAgainResult',
  Document,
  [DocumentNotScannable],
  'The document, which now waits for the scanner, or why it does not.',
);
