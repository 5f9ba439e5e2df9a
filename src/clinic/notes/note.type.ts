import './note-words.type.js';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsISO8601, IsOptional, IsUUID } from 'class-validator';
import {
  Discipline,
  NoteAddendumKind,
  NoteAgreementMethod,
  NoteKind,
  NoteSectionStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { NoteContent } from './note-content.type.js';

@ObjectType({ description: 'What you are writing in a section. Nobody else sees it.' })
export class NoteDraft {
  @Field(() => Int, { description: 'Its version. Send it back as `baseVersion` with the next one.' })
  readonly version: number;

  @Field(() => NoteContent, { description: 'What is written.' })
  readonly content: NoteContent;

  @Field(() => String, {
    description: 'SHA-256 of what would be signed, 64 hexadecimal digits. Send it with the signature.',
  })
  readonly fingerprint: string;

  @Field(() => [String], { description: 'What stands in the way of signing: sentences that say what to do.' })
  readonly problems: readonly string[];

  @Field(() => Instant, { description: 'When it was kept.' })
  readonly keptAt: Temporal.Instant;
}

@ObjectType({ description: 'One version of your draft, as it was at some moment.' })
export class NoteDraftVersion {
  @Field(() => Int, { description: 'Number of the version, from 1.' })
  readonly number: number;

  @Field(() => Int, { description: 'Number of the version that it went on from; 0: none.' })
  readonly baseNumber: number;

  @Field(() => Boolean, {
    description:
      'It came too late, and was kept beside what stood: the other window had kept something, signed or put the draft away.',
  })
  readonly isAside: boolean;

  @Field(() => Boolean, { description: 'It is the one that stands.' })
  readonly isStanding: boolean;

  @Field(() => NoteContent, { description: 'What was written.' })
  readonly content: NoteContent;

  @Field(() => String, { description: 'SHA-256 of what would have been signed, 64 hexadecimal digits.' })
  readonly fingerprint: string;

  @Field(() => Instant, { description: 'When it was kept.' })
  readonly keptAt: Temporal.Instant;
}

@ObjectType({ description: 'What was added to a locked section, and signed by whoever added it.' })
export class NoteAddendum {
  @Field(() => Int, { description: 'Number of the addendum, from 1.' })
  readonly number: number;

  @Field(() => NoteAddendumKind, { description: 'What it is for.' })
  readonly kind: NoteAddendumKind;

  @Field(() => Discipline, { description: 'In which discipline it was written.' })
  readonly discipline: Discipline;

  @Field(() => String, { description: 'Markdown, as it was typed.' })
  readonly text: string;

  @Field(() => String, { description: 'The text as HTML that is safe to show.' })
  readonly html: string;

  @Field(() => String, { description: 'SHA-256 of what was signed, 64 hexadecimal digits.' })
  readonly fingerprint: string;

  @Field(() => ID, { description: 'Staff account that signed it.' })
  readonly signedById: string;

  @Field(() => String, { description: 'Their name as it stood then.' })
  readonly signedByName: string;

  @Field(() => Instant, { description: 'When it was signed.' })
  readonly signedAt: Temporal.Instant;
}

@ObjectType({ description: 'That a colleague may read a psychology note, with the patient’s word for it.' })
export class NoteShare {
  @Field(() => ID, { description: 'Id of the share (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Staff account that may read it.' })
  readonly staffId: string;

  @Field(() => String, { description: 'Why it is shared with them.' })
  readonly reason: string;

  @Field(() => LocalDate, { description: 'Local day on which the patient agreed.' })
  readonly patientAgreedOn: string;

  @Field(() => NoteAgreementMethod, { description: 'How the patient agreed.' })
  readonly patientAgreedHow: NoteAgreementMethod;

  @Field(() => Instant, { description: 'When it was shared.' })
  readonly sharedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that shared it.' })
  readonly sharedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was ended; null: it stands.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that ended it; null: it stands.' })
  readonly endedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended; null: it stands.' })
  readonly endReason: string | null;
}

@ObjectType({ description: 'What one author writes in one discipline. Others see it once it is signed.' })
export class NoteSection {
  @Field(() => ID, { description: 'Id of the section (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The note that it is part of.' })
  readonly noteId: string;

  @Field(() => ID, { description: 'Whose note it is.' })
  readonly patientId: string;

  @Field(() => Discipline, { description: 'In which discipline.' })
  readonly discipline: Discipline;

  @Field(() => ID, { description: 'Staff account of its author.' })
  readonly authorId: string;

  @Field(() => NoteSectionStatus, { description: 'How far it is.' })
  readonly status: NoteSectionStatus;

  @Field(() => Instant, { description: 'When it was begun.' })
  readonly begunAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When its draft was last kept.' })
  readonly changedAt: Temporal.Instant;

  @Field(() => Boolean, {
    description:
      'It is signed, and its words are not for you: a psychology note that is not shared with you. Who wrote it and when is all ' +
      'that you see.',
  })
  readonly isWithheld: boolean;

  @Field(() => NoteContent, {
    nullable: true,
    description: 'What is signed; null: nothing is, or it is withheld.',
  })
  readonly content: NoteContent | null;

  @Field(() => NoteDraft, {
    nullable: true,
    description: 'Your draft; null: it is not yours, or is no draft any more.',
  })
  readonly draft: NoteDraft | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of what is signed, 64 hexadecimal digits; null: nothing is, or it is withheld.',
  })
  readonly fingerprint: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was signed; null: it is not.' })
  readonly signedAt: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of its author as it stood at signing; null: it is not signed.',
  })
  readonly signedByName: string | null;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When it locks itself at the latest, by the policy of the day of the signature; null: not signed.',
  })
  readonly locksAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was locked; null: it is not.' })
  readonly lockedAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that locked it; null: it locked itself, or is not locked.',
  })
  readonly lockedById: string | null;

  @Field(() => Boolean, { description: 'Its author has said that it was entered in error.' })
  readonly isInError: boolean;

  @Field(() => Int, { description: 'How many addenda there are. Send it back with the next one.' })
  readonly addendaCount: number;

  @Field(() => [NoteAddendum], { description: 'What was added, in order; empty when it is withheld.' })
  readonly addenda: readonly NoteAddendum[];

  @Field(() => [NoteShare], {
    description: 'With whom a psychology note was ever shared, in order; empty when it is withheld.',
  })
  readonly shares: readonly NoteShare[];

  @Field(() => [String], {
    description: 'What you may do with it as it stands: `keep`, `sign`, `discard`, `lock`, `add`.',
  })
  readonly allowedActions: readonly string[];
}

@ObjectType({
  description: 'A note about a patient, in which several people write, each in a section of their own.',
})
export class ClinicalNote {
  @Field(() => ID, { description: 'Id of the note (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'About which patient.' })
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'Within which referral; null: none.' })
  readonly referralId: string | null;

  @Field(() => NoteKind, { description: 'On which occasion.' })
  readonly kind: NoteKind;

  @Field(() => ID, { nullable: true, description: 'About which case of a meeting; null: none.' })
  readonly meetingCaseId: string | null;

  @Field(() => LocalDate, { description: 'Local day of the clinic of what it is about.' })
  readonly happenedOn: string;

  @Field(() => Instant, { description: 'When it was begun.' })
  readonly begunAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that began it.' })
  readonly begunById: string;

  @Field(() => NoteSectionStatus, { description: 'How far the least of its sections is.' })
  readonly status: NoteSectionStatus;

  @Field(() => [NoteSection], { description: 'Its sections, in the order in which they were begun.' })
  readonly sections: readonly NoteSection[];
}

@ObjectType({ description: 'A page of notes, those last begun first.' })
export class ClinicalNotePage extends pageOf(ClinicalNote) {}

@ObjectType({ description: 'A page of your drafts, those last begun first.' })
export class NoteSectionPage extends pageOf(NoteSection) {}

@InputType({ description: 'Narrows the list of notes. Several filters together: all must hold.' })
export class ClinicalNoteFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only about this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only within this referral.' })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only about this case of a meeting.' })
  @IsOptional()
  @IsUUID()
  readonly meetingCaseId?: string | null;

  @Field(() => NoteKind, { nullable: true, description: 'Only of this occasion.' })
  @IsOptional()
  @IsEnum(NoteKind)
  readonly kind?: NoteKind | null;

  @Field(() => Discipline, { nullable: true, description: 'Only with a section in this discipline.' })
  @IsOptional()
  @IsEnum(Discipline)
  readonly discipline?: Discipline | null;

  @Field(() => ID, { nullable: true, description: 'Only with a section by this staff account.' })
  @IsOptional()
  @IsUUID()
  readonly authorId?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only about this day or later ones.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly happenedFrom?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only about this day or earlier ones.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly happenedTo?: string | null;
}

/** To this room itself: a signed section is to be locked at its time. */
export const NOTE_LOCK_DUE = 'note.lock-due';
