import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { heldShare } from './note.queries.js';
import { NoteAlreadyShared, NoteShareEnded } from './note.refusals.js';
import { canShare, isKeeperOf } from './note.rules.js';
import type { NoteSection } from './note.type.js';
import type { EndNoteShareInput, ShareNoteInput } from './note-entry.type.js';
import { NoteReaderService } from './note-reader.service.js';
import { NoteRecordService } from './note-record.service.js';
import { type SectionRow, sharedWith } from './note-row.type.js';

/** Psychology notes that a colleague may read, with the patient's word for it. */
@Injectable()
export class NoteShareService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
  ) {}

  /** By its author, or by another psychologist. Throws NOT_FOUND to everybody else, and BAD_INPUT. */
  async shareNote(actor: StaffActor, input: ShareNoteInput): Promise<NoteSection | Refusal> {
    const agreedOn = Temporal.PlainDate.from(input.patientAgreedOn);
    const now = this.clock.now();
    if (Temporal.PlainDate.compare(agreedOn, localDate(now, this.config.clinicTimeZone)) > 0) {
      throw badInput('patientAgreedOn: must not lie in the future.');
    }
    return this.database.transaction<NoteSection | Refusal, Refusal>(
      async (tx) => {
        const section = await this.#ofKeeper(tx, actor, await this.records.held(tx, input.sectionId));
        const colleague = await this.readers.reader(tx, input.staffId);
        const refusal = canShare(section, sharedWith(section.shares), colleague);
        if (refusal !== null) return refusal;
        const { id } = await tx.noteShare.create({
          data: {
            ...{ noteId: section.noteId, sectionId: section.id, staffId: input.staffId },
            ...{ reason: input.reason.normalize('NFC').trim(), patientAgreedHow: input.patientAgreedHow },
            patientAgreedOn: dateFromPlainDate(agreedOn),
            ...{ sharedAt: dateFromInstant(now), sharedById: actor.id },
          },
        });
        await this.#record(tx, actor, 'note.shared', section, { shareId: id, staffId: input.staffId });
        return this.records.section(tx, actor.id, section.id);
      },
      { onConstraint: { note_shares_one_live: () => new NoteAlreadyShared() } },
    );
  }

  /** From now on they read it no more. Throws NOT_FOUND. */
  async endNoteShare(actor: StaffActor, input: EndNoteShareInput): Promise<NoteSection | Refusal> {
    return this.database.transaction<NoteSection | Refusal>(async (tx) => {
      await tx.$queryRaw(heldShare(input.shareId));
      const share = await tx.noteShare.findUnique({ where: { id: input.shareId } });
      if (share === null) throw notFound('share');
      const section = await this.#ofKeeper(tx, actor, await this.records.row(tx, share.sectionId));
      if (share.endedAt !== null) return new NoteShareEnded();
      await tx.noteShare.update({
        where: { id: share.id },
        data: {
          endedAt: dateFromInstant(this.clock.now()),
          endedById: actor.id,
          endReason: input.reason.normalize('NFC').trim(),
        },
      });
      const { id: shareId, staffId } = share;
      await this.#record(tx, actor, 'note.share-ended', section, { shareId, staffId });
      return this.records.section(tx, actor.id, section.id);
    });
  }

  /** To whoever does not keep it, it is not there to be shared. */
  async #ofKeeper(tx: Tx, actor: StaffActor, section: SectionRow): Promise<SectionRow> {
    if (!isKeeperOf(section, await this.readers.reader(tx, actor.id))) throw notFound('section');
    return section;
  }

  /** Reasons stay in this room: the audit record says who may read what. */
  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    section: SectionRow,
    after: { readonly shareId: string; readonly staffId: string },
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'note-section', subjectId: section.id },
      patientIds: [section.note.patientId],
      after: { noteId: section.noteId, ...after },
    });
  }
}
