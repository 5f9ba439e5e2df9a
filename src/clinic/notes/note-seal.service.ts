import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { NoteSectionStatus } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { NoteContentFacts } from './note-content.rules.js';
import { toColumns } from './note-content.type.js';
import { lockDueAt } from './note-lock.rules.js';
import { NoteLockService } from './note-lock.service.js';
import { NotePolicyService } from './note-policy.service.js';
import { NoteReaderService } from './note-reader.service.js';
import type { SectionRow } from './note-row.type.js';

/** Writes a signature, and makes its section one that nobody writes in any more. */
@Injectable()
export class NoteSealService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NotePolicyService) private readonly policies: NotePolicyService,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
    @Inject(NoteLockService) private readonly locks: NoteLockService,
  ) {}

  /** The section is held, and may be signed. */
  async seal(
    tx: Tx,
    actor: StaffActor,
    section: SectionRow,
    signed: { readonly content: NoteContentFacts; readonly sha256: string },
  ): Promise<void> {
    const now = this.clock.now();
    const policy = await this.policies.inForce(tx, localDate(now, this.config.clinicTimeZone));
    const dueAt = lockDueAt(now, policy.lockAfterHours);
    const signedAt = dateFromInstant(now);
    const { id: sectionId, noteId, version, status: before } = section;
    await tx.noteSignature.create({
      data: {
        ...{ noteId, sectionId, draftNumber: version, sha256: signed.sha256, signedAt, signedById: actor.id },
        ...toColumns(signed.content),
        signedByName: await this.readers.nameOf(tx, actor.id),
      },
    });
    const status = NoteSectionStatus.SIGNED;
    await tx.noteSection.update({
      where: { id: sectionId },
      data: { status, signedAt, lockDueAt: dateFromInstant(dueAt), lockPolicyId: policy.id },
    });
    await this.locks.lockLater(tx, sectionId, dueAt);
    await this.audit.record(tx, actor, {
      ...{ action: 'note.signed', subjectType: 'note-section', subjectId: sectionId },
      patientIds: [section.note.patientId],
      before: { status: before },
      after: { noteId, status, discipline: section.discipline, version, sha256: signed.sha256 },
    });
  }
}
