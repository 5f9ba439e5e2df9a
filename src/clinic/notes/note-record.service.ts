import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { NoteSectionStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { heldSection } from './note.queries.js';
import { isPsychologyShown, type ReaderFacts } from './note.rules.js';
import type { ClinicalNote, ClinicalNoteFilterInput, NoteDraftVersion, NoteSection } from './note.type.js';
import { NoteReaderService } from './note-reader.service.js';
import {
  type NoteRow,
  type OwnDrafts,
  type SectionRow,
  toDraftVersion,
  toNote,
  toSection,
  WHOLE_NOTE,
  WHOLE_SECTION,
} from './note-row.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the record of one patient shows; older ones are found through `clinicalNotes`. */
export const NOTES_OF_A_PATIENT_MAX = 100;

/** Reading notes. Everybody is shown what is for them, and every look is recorded. */
@Injectable()
export class NoteRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
  ) {}

  /** One note; null: there is none, or nothing of it is for whoever looks. The look is recorded. */
  async clinicalNote(actor: StaffActor, id: string): Promise<ClinicalNote | null> {
    if (!UUID.test(id)) return null;
    return this.database.transaction(async (tx) => {
      const { items } = await this.shown(tx, actor, { id }, 1);
      return items[0] ?? null;
    });
  }

  /** Notes, those last begun first. The look is recorded. */
  async clinicalNotes(
    actor: StaffActor,
    filter: ClinicalNoteFilterInput,
    page: PageInput,
  ): Promise<Page<ClinicalNote>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    const where = { AND: [toWhere(filter, actor.id), after === null ? {} : { id: { lt: after } }] };
    return this.database.transaction((tx) => this.shown(tx, actor, where, page.size));
  }

  /** The notes about these patients, by patient, those last begun first, of each at most `NOTES_OF_A_PATIENT_MAX`. One look, one record. */
  async ofPatients(
    actor: StaffActor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ClinicalNote[]>> {
    return this.database.transaction(async (tx) => {
      const known = await tx.clinicalNote.findMany({
        where: { patientId: { in: [...patientIds] }, sections: { some: visibleTo(actor.id) } },
        select: { id: true, patientId: true },
        orderBy: { id: 'desc' },
      });
      const last = patientIds.flatMap((id) =>
        known.filter(({ patientId }) => patientId === id).slice(0, NOTES_OF_A_PATIENT_MAX),
      );
      const { items } = await this.shown(tx, actor, { id: { in: last.map(({ id }) => id) } }, null);
      return new Map(patientIds.map((id) => [id, items.filter(({ patientId }) => patientId === id)]));
    });
  }

  /** The notes about these cases of meetings, by case. One look, one record. */
  async ofCases(
    actor: StaffActor,
    caseIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ClinicalNote[]>> {
    return this.database.transaction(async (tx) => {
      const { items } = await this.shown(tx, actor, { meetingCaseId: { in: [...caseIds] } }, null);
      return new Map(caseIds.map((id) => [id, items.filter(({ meetingCaseId }) => meetingCaseId === id)]));
    });
  }

  /** What whoever asks is writing and has not signed, last begun first. The look is recorded. */
  async myNoteDrafts(actor: StaffActor, page: PageInput): Promise<Page<NoteSection>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.noteSection.findMany({
        where: {
          ...{ authorId: actor.id, status: NoteSectionStatus.DRAFT },
          ...(after === null ? {} : { id: { lt: after } }),
        },
        include: WHOLE_SECTION,
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const reader = await this.readers.reader(tx, actor.id);
      const drafts = await this.#drafts(tx, rows, actor.id);
      const found = pageOf(
        rows.map((row) => toSection(row, reader, drafts)),
        page.size,
      );
      await this.#look(tx, actor, 'note-drafts.viewed', found.items);
      return found;
    });
  }

  /** Every version of a draft, for its author alone. Throws NOT_FOUND. The look is recorded. */
  async noteDraftVersions(actor: StaffActor, sectionId: string): Promise<readonly NoteDraftVersion[]> {
    if (!UUID.test(sectionId)) throw notFound('draft');
    return this.database.transaction(async (tx) => {
      const row = await tx.noteSection.findUnique({
        where: { id: sectionId },
        include: { note: { select: { patientId: true } }, drafts: { orderBy: { number: 'asc' } } },
      });
      if (row === null || row.authorId !== actor.id) throw notFound('draft');
      await this.#look(tx, actor, 'note-draft-versions.viewed', [
        { id: row.id, patientId: row.note.patientId },
      ]);
      return row.drafts.map((draft) => toDraftVersion(draft, row.version));
    });
  }

  /** For this room: the notes as they are for whoever looks, last begun first; `size` null: all. The look is recorded. */
  async shown(
    tx: Tx,
    actor: StaffActor,
    where: Prisma.ClinicalNoteWhereInput,
    size: number | null,
  ): Promise<Page<ClinicalNote>> {
    const reader = await this.readers.reader(tx, actor.id);
    const rows = await tx.clinicalNote.findMany({
      where: { AND: [where, { sections: { some: visibleTo(actor.id) } }] },
      include: WHOLE_NOTE,
      // Ids are UUID version 7: their order is the order in time.
      orderBy: { id: 'desc' },
      ...(size === null ? {} : { take: size + 1 }),
    });
    const page = pageOf(await this.#toNotes(tx, rows, reader), size ?? rows.length);
    await this.#lookAtNotes(tx, actor, page.items);
    return page;
  }

  /** For this room: a section as it is for whoever acts on it. Throws NOT_FOUND. */
  async section(tx: Tx, actorId: string, sectionId: string): Promise<NoteSection> {
    const row = await this.row(tx, sectionId);
    const reader = await this.readers.reader(tx, actorId);
    return toSection(row, reader, await this.#drafts(tx, [row], actorId));
  }

  /** For this room: a section and what it hangs on, kept from changing. Throws NOT_FOUND. */
  async held(tx: Tx, sectionId: string): Promise<SectionRow> {
    if (!UUID.test(sectionId)) throw notFound('section');
    await tx.$queryRaw(heldSection(sectionId));
    return this.row(tx, sectionId);
  }

  /** For this room: a section and what it hangs on. Throws NOT_FOUND. */
  async row(tx: Tx, sectionId: string): Promise<SectionRow> {
    const row = UUID.test(sectionId)
      ? await tx.noteSection.findUnique({ where: { id: sectionId }, include: WHOLE_SECTION })
      : null;
    if (row === null) throw notFound('section');
    return row;
  }

  async #toNotes(tx: Tx, rows: readonly NoteRow[], reader: ReaderFacts): Promise<readonly ClinicalNote[]> {
    const sections = rows.flatMap((row) => row.sections);
    const drafts = await this.#drafts(tx, sections, reader.id);
    return rows.map((row) => toNote(row, reader, drafts));
  }

  /** One statement for the drafts of any number of sections: those of the reader, as they stand. */
  async #drafts(
    tx: Tx,
    sections: readonly Pick<SectionRow, 'id' | 'authorId' | 'status' | 'version'>[],
    readerId: string,
  ): Promise<OwnDrafts> {
    const own = sections.filter(
      ({ authorId, status }) => authorId === readerId && status === NoteSectionStatus.DRAFT,
    );
    if (own.length === 0) return new Map();
    const rows = await tx.noteDraftVersion.findMany({
      where: { OR: own.map(({ id, version }) => ({ sectionId: id, number: version })) },
    });
    return new Map(rows.map((row) => [row.sectionId, row]));
  }

  /** Of psychology it is written down whose words were shown: who asks later who has read them finds it. */
  async #lookAtNotes(tx: Tx, actor: StaffActor, notes: readonly ClinicalNote[]): Promise<void> {
    const [first, ...others] = notes;
    if (first === undefined) return;
    const psychology = notes.flatMap(({ sections }) => sections.filter(isPsychologyShown));
    await this.audit.record(tx, actor, {
      action: others.length === 0 ? 'clinical-note.viewed' : 'clinical-notes.viewed',
      subjectType: 'clinical-note',
      ...(others.length === 0 ? { subjectId: first.id } : {}),
      patientIds: [...new Set(notes.map(({ patientId }) => patientId))],
      ...(psychology.length === 0 ? {} : { after: { psychologySectionIds: psychology.map(({ id }) => id) } }),
    });
  }

  async #look(
    tx: Tx,
    actor: StaffActor,
    action: string,
    shown: readonly { readonly id: string; readonly patientId: string }[],
  ): Promise<void> {
    const [first, ...others] = shown;
    if (first === undefined) return;
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'note-section' },
      ...(others.length === 0 ? { subjectId: first.id } : {}),
      patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
    });
  }
}

function pageOf<Item extends { readonly id: string }>(items: readonly Item[], size: number): Page<Item> {
  const shown = items.slice(0, size);
  const last = shown.at(-1);
  const isMore = items.length > size && last !== undefined;
  return { items: [...shown], nextCursor: isMore ? encodeCursor(last.id) : null };
}

/** What somebody put away is nobody else's to see, nor a note that holds nothing else. */
function visibleTo(readerId: string): Prisma.NoteSectionWhereInput {
  return { OR: [{ status: { not: NoteSectionStatus.DISCARDED } }, { authorId: readerId }] };
}

function toWhere(filter: ClinicalNoteFilterInput, readerId: string): Prisma.ClinicalNoteWhereInput {
  const { patientId, referralId, meetingCaseId, kind, discipline, authorId } = filter;
  const day = (text: string) => dateFromPlainDate(Temporal.PlainDate.from(text));
  const happenedOn = {
    ...(filter.happenedFrom ? { gte: day(filter.happenedFrom) } : {}),
    ...(filter.happenedTo ? { lte: day(filter.happenedTo) } : {}),
  };
  return {
    ...(patientId ? { patientId } : {}),
    ...(referralId ? { referralId } : {}),
    ...(meetingCaseId ? { meetingCaseId } : {}),
    ...(kind ? { kind } : {}),
    happenedOn,
    ...(discipline || authorId
      ? {
          sections: {
            some: {
              ...(discipline ? { discipline } : {}),
              ...(authorId ? { authorId } : {}),
              ...visibleTo(readerId),
            },
          },
        }
      : {}),
  };
}
