import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { NoteDraftVersion as DraftRow } from '../../platform/database/generated/client.js';
import { NoteSectionStatus } from '../../platform/database/generated/enums.js';
import { badInput, Fault, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { NoteAlreadySigned, NoteConflict, NoteDraftDiscarded, NotTheAuthor } from './note.refusals.js';
import { isSigned } from './note.rules.js';
import type { NoteSection } from './note.type.js';
import { isSameContent, type NoteContentFacts, signedText } from './note-content.rules.js';
import { contentOfInput, contentOfRow, toColumns, toContent } from './note-content.type.js';
import type { KeepNoteDraftInput } from './note-entry.type.js';
import { NoteOpeningService, type WantedNote } from './note-opening.service.js';
import { NoteRecordService } from './note-record.service.js';
import type { SectionRow } from './note-row.type.js';

/** What was kept, or why it does not stand: then it is kept beside what does, and the answer is no reason to roll back. */
type Outcome = { readonly section: NoteSection } | { readonly late: Refusal };

/** Drafts: each is its author's, and no word of it is lost, in however many windows it is written. */
@Injectable()
export class NoteDraftService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
    @Inject(NoteOpeningService) private readonly opening: NoteOpeningService,
  ) {}

  /**
   * Keeps what whoever is signed in writes; begins their section, and the note, with the first. What comes too late is kept
   * beside what stands, and said so. The same words again are the same draft. Throws NOT_FOUND, BAD_INPUT.
   */
  async keepNoteDraft(
    actor: StaffActor,
    input: KeepNoteDraftInput,
    openingKey: string | null,
  ): Promise<NoteSection | Refusal> {
    const wanted = wantedOf(input, openingKey);
    const content = contentOfInput(input.content);
    const outcome = await this.database.transaction<Outcome | Refusal>(async (tx) => {
      const sectionId =
        typeof wanted === 'string' ? wanted : await this.#opened(tx, actor, wanted, input.discipline ?? null);
      if (isRefusal(sectionId)) return sectionId;
      const section = await this.records.held(tx, sectionId);
      if (section.authorId !== actor.id) return new NotTheAuthor();
      return this.#keep(tx, actor, section, input.baseVersion, content);
    });
    if (isRefusal(outcome)) return outcome;
    return 'late' in outcome ? outcome.late : outcome.section;
  }

  /** Puts away what somebody does not want to sign; its versions stay theirs to read. Throws NOT_FOUND. */
  async discardNoteDraft(
    actor: StaffActor,
    sectionId: string,
    version: number,
  ): Promise<NoteSection | Refusal> {
    return this.database.transaction<NoteSection | Refusal>(async (tx) => {
      const section = await this.records.held(tx, sectionId);
      const refusal = await this.notStandingAsRead(tx, actor, section, version);
      if (refusal !== null) return refusal;
      await tx.noteSection.update({
        where: { id: section.id },
        data: { status: NoteSectionStatus.DISCARDED, discardedAt: dateFromInstant(this.clock.now()) },
      });
      await this.#record(tx, actor, 'note-draft.discarded', section, { version });
      return this.records.section(tx, actor.id, section.id);
    });
  }

  /** For this room: why this is not a draft that its author has read as it stands; null: it is. The section is held. */
  async notStandingAsRead(
    tx: Tx,
    actor: StaffActor,
    section: SectionRow,
    version: number,
  ): Promise<Refusal | null> {
    if (section.authorId !== actor.id) return new NotTheAuthor();
    if (isSigned(section.status)) return new NoteAlreadySigned(null, null);
    if (section.status === NoteSectionStatus.DISCARDED) return new NoteDraftDiscarded(null, null);
    return version === section.version ? null : this.#conflict(tx, section, version, null);
  }

  /** For this room: the draft that stands. The section is held. */
  async standing(tx: Tx, section: SectionRow): Promise<DraftRow> {
    const row = await this.#version(tx, section.id, section.version);
    if (row === null) throw new Fault('INTERNAL', 'A section has no draft.');
    return row;
  }

  async #opened(
    tx: Tx,
    actor: StaffActor,
    wanted: WantedNote,
    discipline: KeepNoteDraftInput['discipline'],
  ): Promise<string | Refusal> {
    if (!discipline) throw badInput('discipline: say in which discipline you write.');
    return this.opening.section(tx, actor, wanted, discipline);
  }

  async #keep(
    tx: Tx,
    actor: StaffActor,
    section: SectionRow,
    baseVersion: number,
    content: NoteContentFacts,
  ): Promise<Outcome> {
    const before = await this.#version(tx, section.id, section.version);
    const isDraft = section.status === NoteSectionStatus.DRAFT;
    if (before === null && baseVersion !== 0)
      throw badInput('baseVersion: there is no draft yet, so it is 0.');
    if (isDraft && before !== null && isSameContent(contentOfRow(before), content)) {
      return { section: await this.records.section(tx, actor.id, section.id) };
    }
    if (!isDraft || baseVersion !== section.version) {
      return { late: await this.#late(tx, actor, section, baseVersion, content) };
    }
    const number = await this.#write(tx, section, { baseVersion, isAside: false, content });
    const action = before === null ? 'note-draft.begun' : 'note-draft.kept';
    await this.#record(tx, actor, action, section, { version: number, baseVersion });
    return { section: await this.records.section(tx, actor.id, section.id) };
  }

  /** It does not stand, and is kept all the same. Sent again, it is not kept again. */
  async #late(
    tx: Tx,
    actor: StaffActor,
    section: SectionRow,
    baseVersion: number,
    content: NoteContentFacts,
  ): Promise<Refusal> {
    const there = await this.#sameWords(tx, section, content);
    const number = there ?? (await this.#write(tx, section, { baseVersion, isAside: true, content }));
    if (there === null) {
      await this.#record(tx, actor, 'note-draft.kept-aside', section, { version: number, baseVersion });
    }
    const yours = toContent(content);
    if (isSigned(section.status)) return new NoteAlreadySigned(yours, number);
    if (section.status === NoteSectionStatus.DISCARDED) return new NoteDraftDiscarded(yours, number);
    return this.#conflict(tx, section, baseVersion, { content, number });
  }

  async #conflict(
    tx: Tx,
    section: SectionRow,
    baseVersion: number,
    yours: { readonly content: NoteContentFacts; readonly number: number } | null,
  ): Promise<NoteConflict> {
    const kept = await this.standing(tx, section);
    const base = await this.#version(tx, section.id, baseVersion);
    return new NoteConflict({
      sectionId: section.id,
      keptVersion: kept.number,
      kept: toContent(contentOfRow(kept)),
      base: base === null ? null : toContent(contentOfRow(base)),
      yours: yours === null ? null : toContent(yours.content),
      yoursKeptAs: yours?.number ?? null,
    });
  }

  /** The number of a version with these words, if there is one. */
  async #sameWords(tx: Tx, section: SectionRow, content: NoteContentFacts): Promise<number | null> {
    const row = await tx.noteDraftVersion.findFirst({
      where: { sectionId: section.id, sha256: fingerprintOf(section, content) },
      select: { number: true },
      orderBy: { number: 'desc' },
    });
    return row?.number ?? null;
  }

  async #write(
    tx: Tx,
    section: SectionRow,
    draft: { readonly baseVersion: number; readonly isAside: boolean; readonly content: NoteContentFacts },
  ): Promise<number> {
    const { baseVersion, isAside, content } = draft;
    const number = section.draftsCount + 1;
    const now = dateFromInstant(this.clock.now());
    await tx.noteDraftVersion.create({
      data: {
        ...{ noteId: section.noteId, sectionId: section.id, number, isAside, keptAt: now },
        ...toColumns(content),
        // A number that never was is nothing that one can have gone on from.
        baseNumber: Math.min(baseVersion, section.draftsCount),
        sha256: fingerprintOf(section, content),
      },
    });
    await tx.noteSection.update({
      where: { id: section.id },
      data: { draftsCount: number, ...(isAside ? {} : { version: number, changedAt: now }) },
    });
    return number;
  }

  async #version(tx: Tx, sectionId: string, number: number): Promise<DraftRow | null> {
    return tx.noteDraftVersion.findUnique({ where: { sectionId_number: { sectionId, number } } });
  }

  /** What was written stays with its author: the audit record says that, and when. */
  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    section: SectionRow,
    after: { readonly version: number; readonly baseVersion?: number },
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'note-section', subjectId: section.id },
      patientIds: [section.note.patientId],
      after: { noteId: section.noteId, discipline: section.discipline, ...after },
    });
  }
}

/** SHA-256 of what its author would sign. */
export function fingerprintOf(section: SectionRow, content: NoteContentFacts): string {
  const { id, authorId, discipline } = section;
  const text = signedText({ sectionId: id, authorId, discipline }, content);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Where it is written: the id of a section, or what is to be begun. Exactly one of the three is said. */
function wantedOf(input: KeepNoteDraftInput, openingKey: string | null): string | WantedNote {
  const { sectionId, noteId, note } = input;
  const said = [sectionId, noteId, note].filter(Boolean);
  if (said.length !== 1) throw badInput('Say where with exactly one of sectionId, noteId and note.');
  if (sectionId) return sectionId;
  if (noteId) return { noteId };
  if (note) return { note, openingKey };
  throw badInput('Say where with exactly one of sectionId, noteId and note.');
}
