import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { NoteSectionStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor, UnattendedActor } from '../audit/audit.type.js';
import { canLock } from './note.rules.js';
import { NOTE_LOCK_DUE, type NoteSection } from './note.type.js';
import { isLockDue } from './note-lock.rules.js';
import { NoteRecordService } from './note-record.service.js';
import type { SectionRow } from './note-row.type.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: NOTE_LOCK_DUE,
  requestId: null,
  source: null,
};

/** The second act after the signature: by its author, or by the clock. */
@Injectable()
export class NoteLockService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
  ) {
    outbox.declare(NOTE_LOCK_DUE);
  }

  /** Of many who lock at once one does. Throws NOT_FOUND. */
  async lockNote(actor: StaffActor, sectionId: string): Promise<NoteSection | Refusal> {
    return this.database.transaction<NoteSection | Refusal>(async (tx) => {
      const section = await this.records.held(tx, sectionId);
      const refusal = canLock(section, actor.id);
      if (refusal !== null) return refusal;
      await this.outbox.withdraw(tx, [NOTE_LOCK_DUE], [section.id]);
      await this.#lock(tx, actor, section);
      return this.records.section(tx, actor.id, section.id);
    });
  }

  /** For this room: a section that was signed just now locks itself then. */
  async lockLater(tx: Tx, sectionId: string, dueAt: Temporal.Instant): Promise<void> {
    await this.outbox.post(tx, { topic: NOTE_LOCK_DUE, subjectId: sectionId, version: 0, dueAt });
  }

  /**
   * The time of a section has come. Judged afresh: what is locked or gone is left alone, and what is not due yet is looked at
   * again. When to come again; null: never. Doing it twice is doing it once.
   */
  async passLockTime(sectionId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.noteSection.findUnique({ where: { id: sectionId }, select: { id: true } });
      if (known === null) return null;
      const section = await this.records.held(tx, sectionId);
      if (section.status !== NoteSectionStatus.SIGNED || section.lockDueAt === null) return null;
      const dueAt = instantFromDate(section.lockDueAt);
      if (!isLockDue(dueAt, this.clock.now())) return dueAt;
      await this.#lock(tx, CLOCK_ACTOR, section);
      return null;
    });
  }

  async #lock(tx: Tx, actor: Actor, section: SectionRow): Promise<void> {
    const lockedAt = dateFromInstant(this.clock.now());
    const status = NoteSectionStatus.LOCKED;
    await tx.noteSection.update({
      where: { id: section.id },
      data: { status, lockedAt, lockedById: actor.id },
    });
    await this.audit.record(tx, actor, {
      ...{ action: 'note.locked', subjectType: 'note-section', subjectId: section.id },
      patientIds: [section.note.patientId],
      before: { status: section.status },
      after: { noteId: section.noteId, status },
    });
  }
}
