import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { NoteAddendumKind } from '../../platform/database/generated/enums.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { SigningService } from '../auth/signing.service.js';
import { canAdd, canWriteAs } from './note.rules.js';
import type { NoteSection } from './note.type.js';
import { signedAddendum } from './note-content.rules.js';
import type { AddNoteAddendumInput } from './note-entry.type.js';
import { NoteReaderService } from './note-reader.service.js';
import { NoteRecordService } from './note-record.service.js';
import { mayReadRow, type SectionRow } from './note-row.type.js';

/** What is added to a locked section, and signed by whoever adds it. The text stays as it was signed. */
@Injectable()
export class NoteAddendumService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(SigningService) private readonly signatures: Pick<SigningService, 'mustBeAbleToSign'>,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
  ) {}

  /**
   * Added by whoever may read the section, and has read what is there; the same sent again is there already. Throws NOT_FOUND,
   * also of a section whose words are not for them.
   */
  async addNoteAddendum(actor: StaffActor, input: AddNoteAddendumInput): Promise<NoteSection | Refusal> {
    return this.database.transaction<NoteSection | Refusal>(async (tx) => {
      const section = await this.records.held(tx, input.sectionId);
      const reader = await this.readers.reader(tx, actor.id);
      if (!mayReadRow(section, reader)) throw notFound('section');
      if (isThereAlready(section, actor, input)) return this.records.section(tx, actor.id, section.id);
      const isInError = section.addenda.some(({ kind }) => kind === NoteAddendumKind.ENTERED_IN_ERROR);
      const refusal =
        canAdd(section, { kind: input.kind, addendaSeen: input.addendaSeen, isInError }, actor.id) ??
        canWriteAs(input.discipline, reader.disciplines) ??
        (await this.signatures.mustBeAbleToSign(tx, actor, input.secondFactorCode ?? null));
      if (refusal !== null) return refusal;
      await this.#write(tx, actor, section, input);
      return this.records.section(tx, actor.id, section.id);
    });
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    section: SectionRow,
    { kind, discipline, text }: AddNoteAddendumInput,
  ): Promise<void> {
    const { id: sectionId, noteId } = section;
    const number = section.addendaCount + 1;
    const signed = signedAddendum({ sectionId, authorId: actor.id, discipline }, number, kind, text);
    const sha256 = createHash('sha256').update(signed, 'utf8').digest('hex');
    await tx.noteAddendum.create({
      data: {
        ...{ noteId, sectionId, number, kind, discipline, text, sha256 },
        signedById: actor.id,
        signedByName: await this.readers.nameOf(tx, actor.id),
        signedAt: dateFromInstant(this.clock.now()),
      },
    });
    await tx.noteSection.update({ where: { id: sectionId }, data: { addendaCount: number } });
    await this.audit.record(tx, actor, {
      ...{ action: 'note.added-to', subjectType: 'note-section', subjectId: sectionId },
      patientIds: [section.note.patientId],
      before: { addenda: section.addendaCount },
      after: { noteId, addenda: number, kind, discipline, sha256 },
    });
  }
}

/** An answer that was lost on its way: what is sent again is the addendum that was added to what was seen then. */
function isThereAlready(section: SectionRow, actor: StaffActor, input: AddNoteAddendumInput): boolean {
  const added = section.addenda.find(({ number }) => number === input.addendaSeen + 1);
  return (
    added !== undefined &&
    added.signedById === actor.id &&
    added.kind === input.kind &&
    added.discipline === input.discipline &&
    added.text === input.text
  );
}
