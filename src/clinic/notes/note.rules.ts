import { Discipline, NoteAddendumKind, NoteSectionStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import {
  AlreadyEnteredInError,
  DisciplineNotHeld,
  NoteAlreadyLocked,
  NoteAlreadyShared,
  NoteChangedMeanwhile,
  NoteIncomplete,
  NoteNeedsNoSharing,
  NoteNotAsSeen,
  NoteNotLocked,
  NoteNotSigned,
  NotTheAuthor,
  ReaderNotAllowed,
} from './note.refusals.js';
import { type NoteContentFacts, problemsOf } from './note-content.rules.js';

/** What people do with a section, and how it stands then. What is signed is never written in again. */
export const SECTION_ACTIONS = {
  DRAFT: { keep: 'DRAFT', sign: 'SIGNED', discard: 'DISCARDED' },
  SIGNED: { lock: 'LOCKED' },
  LOCKED: { add: 'LOCKED' },
  DISCARDED: {},
} as const satisfies Record<NoteSectionStatus, Readonly<Record<string, NoteSectionStatus>>>;

export function allowedSectionActions(status: NoteSectionStatus): readonly string[] {
  return Object.keys(SECTION_ACTIONS[status]);
}

/** A section as far as decisions need it. */
export interface SectionFacts {
  readonly authorId: string;
  readonly discipline: Discipline;
  readonly status: NoteSectionStatus;
  readonly version: number;
  readonly addendaCount: number;
}

/** Who looks, and what they hold at that moment. */
export interface ReaderFacts {
  readonly id: string;
  /** READ_NOTE. */
  readonly readsNotes: boolean;
  /** READ_PSYCHOLOGY_NOTE. */
  readonly readsPsychology: boolean;
  readonly disciplines: readonly Discipline[];
}

/**
 * Whether somebody may read the words of a section. A draft is its author's alone. Of psychology it takes the permission, and
 * beside it the discipline or a share that stands.
 */
export function mayReadWords(
  section: Pick<SectionFacts, 'authorId' | 'discipline' | 'status'>,
  sharedWith: readonly string[],
  reader: ReaderFacts,
): boolean {
  if (section.authorId === reader.id) return true;
  if (!isSigned(section.status) || !reader.readsNotes) return false;
  if (section.discipline !== Discipline.PSYCHOLOGY) return true;
  if (!reader.readsPsychology) return false;
  return reader.disciplines.includes(Discipline.PSYCHOLOGY) || sharedWith.includes(reader.id);
}

/**
 * Who decides with whom a section is shared: its author, and psychologists of a psychology note. Reading it by a share is no
 * leave to hand it on.
 */
export function isKeeperOf(
  section: Pick<SectionFacts, 'authorId' | 'discipline' | 'status'>,
  reader: ReaderFacts,
): boolean {
  return mayReadWords(section, [], reader);
}

/** Whether a colleague may be let in. Their role has to allow it in any case. */
export function canShare(
  section: Pick<SectionFacts, 'authorId' | 'discipline' | 'status'>,
  sharedWith: readonly string[],
  colleague: ReaderFacts,
): Refusal | null {
  if (section.discipline !== Discipline.PSYCHOLOGY) return new NoteNeedsNoSharing();
  if (!isSigned(section.status)) return new NoteNotSigned();
  if (!colleague.readsNotes || !colleague.readsPsychology) return new ReaderNotAllowed();
  return mayReadWords(section, sharedWith, colleague) ? new NoteAlreadyShared() : null;
}

export function isSigned(status: NoteSectionStatus): boolean {
  return status === NoteSectionStatus.SIGNED || status === NoteSectionStatus.LOCKED;
}

/** How a note stands, by those of its sections that were not put away. */
export function statusOfNote(sections: readonly NoteSectionStatus[]): NoteSectionStatus {
  const live = sections.filter((status) => status !== NoteSectionStatus.DISCARDED);
  const { DRAFT, SIGNED, LOCKED, DISCARDED } = NoteSectionStatus;
  return [DRAFT, SIGNED].find((status) => live.includes(status)) ?? (live.length > 0 ? LOCKED : DISCARDED);
}

/** Somebody writes as what they practise. */
export function canWriteAs(wanted: Discipline, held: readonly Discipline[]): Refusal | null {
  return held.includes(wanted) ? null : new DisciplineNotHeld(wanted, held);
}

/** Whether the text that its author has read may be signed; that it is a draft and stands as read is asked before. */
export function canSignText(content: NoteContentFacts, sha256: string, seenSha256: string): Refusal | null {
  if (sha256 !== seenSha256.toLowerCase()) return new NoteNotAsSeen();
  const problems = problemsOf(content);
  return problems.length === 0 ? null : new NoteIncomplete(problems);
}

export function canLock(section: SectionFacts, actorId: string): Refusal | null {
  if (section.authorId !== actorId) return new NotTheAuthor();
  if (section.status === NoteSectionStatus.LOCKED) return new NoteAlreadyLocked();
  return section.status === NoteSectionStatus.SIGNED ? null : new NoteNotSigned();
}

/** Whether something may be added, by somebody who has read all that is there. */
export function canAdd(
  section: SectionFacts,
  added: { readonly kind: NoteAddendumKind; readonly addendaSeen: number; readonly isInError: boolean },
  actorId: string,
): Refusal | null {
  if (!isSigned(section.status)) return new NoteNotSigned();
  if (section.status !== NoteSectionStatus.LOCKED) return new NoteNotLocked();
  if (added.addendaSeen !== section.addendaCount) return new NoteChangedMeanwhile(section.addendaCount);
  if (added.kind !== NoteAddendumKind.ENTERED_IN_ERROR) return null;
  if (section.authorId !== actorId) return new NotTheAuthor();
  return added.isInError ? new AlreadyEnteredInError() : null;
}

/** Whether the words of a psychologist are in what somebody is shown. */
export function isPsychologyShown(shown: {
  readonly discipline: Discipline;
  readonly content: object | null;
}): boolean {
  return shown.discipline === Discipline.PSYCHOLOGY && shown.content !== null;
}
