import type { NoteDraftVersion as DraftRow, Prisma } from '../../platform/database/generated/client.js';
import { NoteAddendumKind, NoteSectionStatus } from '../../platform/database/generated/enums.js';
import { htmlOfMarkdown } from '../../platform/markdown/index.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import {
  allowedSectionActions,
  isSigned,
  mayReadWords,
  type ReaderFacts,
  statusOfNote,
} from './note.rules.js';
import type {
  ClinicalNote,
  NoteAddendum,
  NoteDraft,
  NoteDraftVersion,
  NoteSection,
  NoteShare,
} from './note.type.js';
import { problemsOf } from './note-content.rules.js';
import { contentOfRow, toContent } from './note-content.type.js';

const SECTION_PARTS = {
  signature: true,
  addenda: { orderBy: { number: 'asc' } },
  shares: { orderBy: { id: 'asc' } },
} as const satisfies Prisma.NoteSectionInclude;

export const WHOLE_SECTION = {
  ...SECTION_PARTS,
  note: { select: { patientId: true } },
} as const satisfies Prisma.NoteSectionInclude;
export type SectionRow = Prisma.NoteSectionGetPayload<{ include: typeof WHOLE_SECTION }>;

export const WHOLE_NOTE = {
  sections: { include: SECTION_PARTS, orderBy: { id: 'asc' } },
} as const satisfies Prisma.ClinicalNoteInclude;
export type NoteRow = Prisma.ClinicalNoteGetPayload<{ include: typeof WHOLE_NOTE }>;

/** The drafts that stand, of sections that the reader is writing; by section. */
export type OwnDrafts = ReadonlyMap<string, DraftRow>;

/** Whether the reader sees that there is such a section. One that was put away is its author's alone. */
export function isShownTo(
  section: { readonly status: NoteSectionStatus; readonly authorId: string },
  readerId: string,
): boolean {
  return section.status !== NoteSectionStatus.DISCARDED || section.authorId === readerId;
}

export function sharedWith(shares: SectionRow['shares']): readonly string[] {
  return shares.flatMap(({ staffId, endedAt }) => (endedAt === null ? [staffId] : []));
}

export function mayReadRow(row: Omit<SectionRow, 'note'>, reader: ReaderFacts): boolean {
  return mayReadWords(row, sharedWith(row.shares), reader);
}

/** A note as the reader sees it; `patientId` is whoever's the note is now. */
export function toNote(row: NoteRow, reader: ReaderFacts, drafts: OwnDrafts): ClinicalNote {
  const shown = row.sections.filter((section) => isShownTo(section, reader.id));
  const { id, patientId, referralId, kind, meetingCaseId, begunById } = row;
  return {
    ...{ id, patientId, referralId, kind, meetingCaseId, begunById },
    happenedOn: plainDateFromDate(row.happenedOn).toString(),
    begunAt: instantFromDate(row.begunAt),
    status: statusOfNote(shown.map(({ status }) => status)),
    sections: shown.map((section) => toSection({ ...section, note: { patientId } }, reader, drafts)),
  };
}

/** A section as the reader sees it: of words that are not for them nothing but who wrote them, and when. */
export function toSection(row: SectionRow, reader: ReaderFacts, drafts: OwnDrafts): NoteSection {
  const mayRead = mayReadRow(row, reader);
  const draft = row.authorId === reader.id ? drafts.get(row.id) : undefined;
  const signed = mayRead ? row.signature : null;
  const { id, noteId, discipline, authorId, status, lockedById, addendaCount } = row;
  return {
    ...{ id, noteId, discipline, authorId, status, lockedById, addendaCount },
    patientId: row.note.patientId,
    begunAt: instantFromDate(row.begunAt),
    changedAt: instantFromDate(row.changedAt),
    isWithheld: isSigned(status) && !mayRead,
    content: signed === null ? null : toContent(contentOfRow(signed)),
    draft: draft === undefined ? null : toDraft(draft),
    fingerprint: signed?.sha256 ?? null,
    signedAt: instantOrNull(row.signedAt),
    signedByName: row.signature?.signedByName ?? null,
    locksAt: instantOrNull(row.lockDueAt),
    lockedAt: instantOrNull(row.lockedAt),
    isInError: row.addenda.some(({ kind }) => kind === NoteAddendumKind.ENTERED_IN_ERROR),
    addenda: mayRead ? row.addenda.map(toAddendum) : [],
    shares: mayRead ? row.shares.map(toShare) : [],
    allowedActions: actionsOf(row, reader, mayRead),
  };
}

export function toDraft(row: DraftRow): NoteDraft {
  const content = contentOfRow(row);
  return {
    version: row.number,
    content: toContent(content),
    fingerprint: row.sha256,
    problems: problemsOf(content),
    keptAt: instantFromDate(row.keptAt),
  };
}

/** `standing`: the number of the draft that stands. */
export function toDraftVersion(row: DraftRow, standing: number): NoteDraftVersion {
  const { number, baseNumber, isAside, sha256 } = row;
  return {
    ...{ number, baseNumber, isAside },
    isStanding: number === standing,
    content: toContent(contentOfRow(row)),
    fingerprint: sha256,
    keptAt: instantFromDate(row.keptAt),
  };
}

function toAddendum(row: SectionRow['addenda'][number]): NoteAddendum {
  const { number, kind, discipline, text, sha256, signedById, signedByName } = row;
  return {
    ...{ number, kind, discipline, text, signedById, signedByName },
    html: htmlOfMarkdown(text),
    fingerprint: sha256,
    signedAt: instantFromDate(row.signedAt),
  };
}

function toShare(row: SectionRow['shares'][number]): NoteShare {
  const { id, staffId, reason, patientAgreedHow, sharedById, endedById, endReason } = row;
  return {
    ...{ id, staffId, reason, patientAgreedHow, sharedById, endedById, endReason },
    patientAgreedOn: plainDateFromDate(row.patientAgreedOn).toString(),
    sharedAt: instantFromDate(row.sharedAt),
    endedAt: instantOrNull(row.endedAt),
  };
}

/** Its author does what its state lets them; whoever else reads it may add to it. */
function actionsOf(
  { status, authorId }: SectionRow,
  reader: ReaderFacts,
  mayRead: boolean,
): readonly string[] {
  const all = allowedSectionActions(status);
  if (authorId === reader.id) return all;
  return mayRead ? all.filter((action) => action === 'add') : [];
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
