import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsEnum,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  Discipline,
  NoteAddendumKind,
  NoteAgreementMethod,
  NoteKind,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { SecondFactorWanted, SecondFactorWrong } from '../auth/second-factor.refusals.js';
import {
  AlreadyEnteredInError,
  DisciplineNotHeld,
  NoteAlreadyLocked,
  NoteAlreadyShared,
  NoteAlreadySigned,
  NoteChangedMeanwhile,
  NoteConflict,
  NoteDraftDiscarded,
  NoteIncomplete,
  NoteKeyReused,
  NoteNeedsNoSharing,
  NoteNotAsSeen,
  NoteNotLocked,
  NoteNotSigned,
  NoteShareEnded,
  NotTheAuthor,
  ReaderNotAllowed,
} from './note.refusals.js';
import { NoteSection } from './note.type.js';
import { NoteContentInput } from './note-content.type.js';

const ADDENDUM_CHARACTERS_MAX = 5_000;
const REASON_CHARACTERS_MAX = 500;
/** A recovery code, with the blanks and hyphens that people type. */
const CODE_CHARACTERS_MAX = 100;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };
const FINGERPRINT = /^[0-9a-f]{64}$/i;

@InputType({ description: 'A new note.' })
export class NewNoteInput {
  @Field(() => ID, { description: 'About which patient.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'Within which referral of theirs; null: none.' })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;

  @Field(() => NoteKind, { description: 'On which occasion.' })
  @IsEnum(NoteKind)
  readonly kind: NoteKind;

  @Field(() => ID, {
    nullable: true,
    description:
      'About which case of a meeting (MEETING only). Each case has one note: when there is one already, you write in it.',
  })
  @IsOptional()
  @IsUUID()
  readonly meetingCaseId?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Local day of what it is about, today or earlier. Null: today.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly happenedOn?: string | null;
}

@InputType({
  description:
    'A draft to keep. It is yours: nobody else sees it or writes in it. Say where with exactly one of `sectionId`, `noteId` and ' +
    '`note`.',
})
export class KeepNoteDraftInput {
  @Field(() => ID, { nullable: true, description: 'To go on: your section.' })
  @IsOptional()
  @IsUUID()
  readonly sectionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'To begin a section of yours in a note that is there.' })
  @IsOptional()
  @IsUUID()
  readonly noteId?: string | null;

  @Field(() => NewNoteInput, { nullable: true, description: 'To begin a note, and your section in it.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NewNoteInput)
  readonly note?: NewNoteInput | null;

  @Field(() => Discipline, {
    nullable: true,
    description: 'With `noteId` or `note`: in which discipline of yours you write.',
  })
  @IsOptional()
  @IsEnum(Discipline)
  readonly discipline?: Discipline | null;

  @Field(() => Int, { description: '`version` of your draft as you have it; 0: you have none yet.' })
  @IsInt()
  @Min(0)
  readonly baseVersion: number;

  @Field(() => NoteContentInput, { description: 'What is written, as it is now. It need not be complete.' })
  @IsObject()
  @ValidateNested()
  @Type(() => NoteContentInput)
  readonly content: NoteContentInput;
}

@InputType({ description: 'A draft to sign, as you have read it.' })
export class SignNoteInput {
  @Field(() => ID, { description: 'Your section.' })
  @IsUUID()
  readonly sectionId: string;

  @Field(() => Int, { description: '`version` of your draft as you have read it.' })
  @IsInt()
  @Min(1)
  readonly version: number;

  @Field(() => String, { description: '`fingerprint` of your draft as you have read it.' })
  @IsString()
  @Matches(FINGERPRINT, { message: '$property: must be 64 hexadecimal digits' })
  readonly fingerprint: string;

  @Field(() => String, {
    nullable: true,
    description: 'The code that your second factor shows now, or a recovery code; null: you have none.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly secondFactorCode?: string | null;
}

@InputType({ description: 'Something to add to a locked section; you sign it with this.' })
export class AddNoteAddendumInput {
  @Field(() => ID, { description: 'To which section.' })
  @IsUUID()
  readonly sectionId: string;

  @Field(() => NoteAddendumKind, { description: 'What it is for.' })
  @IsEnum(NoteAddendumKind)
  readonly kind: NoteAddendumKind;

  @Field(() => Discipline, { description: 'In which discipline of yours.' })
  @IsEnum(Discipline)
  readonly discipline: Discipline;

  @Field(() => Int, { description: '`addendaCount` of the section as you have read it.' })
  @IsInt()
  @Min(0)
  readonly addendaSeen: number;

  @Field(() => String, { description: 'Markdown, as of a note. At most 5,000 characters.' })
  @IsString()
  @MaxLength(ADDENDUM_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => String, {
    nullable: true,
    description: 'The code that your second factor shows now, or a recovery code; null: you have none.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly secondFactorCode?: string | null;
}

@InputType({ description: 'A signed psychology note that a colleague may read from now on.' })
export class ShareNoteInput {
  @Field(() => ID, { description: 'Which section.' })
  @IsUUID()
  readonly sectionId: string;

  @Field(() => ID, { description: 'Staff account of the colleague.' })
  @IsUUID()
  readonly staffId: string;

  @Field(() => String, { description: 'Why they need it, at most 500 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;

  @Field(() => LocalDate, { description: 'Local day on which the patient agreed to it, today or earlier.' })
  @IsISO8601({ strict: true })
  readonly patientAgreedOn: string;

  @Field(() => NoteAgreementMethod, { description: 'How the patient agreed.' })
  @IsEnum(NoteAgreementMethod)
  readonly patientAgreedHow: NoteAgreementMethod;
}

@InputType({ description: 'A sharing that ends now.' })
export class EndNoteShareInput {
  @Field(() => ID, { description: 'Which share.' })
  @IsUUID()
  readonly shareId: string;

  @Field(() => String, { description: 'Why, at most 500 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

const section = (name: string, refusals: Parameters<typeof resultUnion>[2], description: string) =>
  resultUnion(name, NoteSection, refusals, description);

export const KeepNoteDraftResult = section(
  'KeepNoteDraftResult',
  [NoteConflict, NoteAlreadySigned, NoteDraftDiscarded, DisciplineNotHeld, NotTheAuthor, NoteKeyReused],
  'Your section with the draft as it is kept, or why it does not stand.',
);
export const DiscardNoteDraftResult = section(
  'DiscardNoteDraftResult',
  [NoteConflict, NoteAlreadySigned, NoteDraftDiscarded, NotTheAuthor],
  'The section that was put away, or why it was not.',
);
export const SignNoteResult = section(
  'SignNoteResult',
  [
    ...[NoteConflict, NoteAlreadySigned, NoteDraftDiscarded, NotTheAuthor, NoteNotAsSeen, NoteIncomplete],
    ...[DisciplineNotHeld, SecondFactorWanted, SecondFactorWrong],
  ],
  'The signed section, or why it was not signed.',
);
export const LockNoteResult = section(
  'LockNoteResult',
  [NotTheAuthor, NoteNotSigned, NoteAlreadyLocked],
  'The locked section, or why it was not locked.',
);
export const AddNoteAddendumResult = section(
  'AddNoteAddendumResult',
  [
    ...[NoteNotSigned, NoteNotLocked, NoteChangedMeanwhile, NotTheAuthor, AlreadyEnteredInError],
    ...[DisciplineNotHeld, SecondFactorWanted, SecondFactorWrong],
  ],
  'The section with what was added, or why it was not.',
);
export const ShareNoteResult = section(
  'ShareNoteResult',
  [NoteNeedsNoSharing, NoteNotSigned, NoteAlreadyShared, ReaderNotAllowed],
  'The section with the share, or why it was not shared.',
);
export const EndNoteShareResult = section(
  'EndNoteShareResult',
  [NoteShareEnded],
  'The section without the share, or why it was not ended.',
);
