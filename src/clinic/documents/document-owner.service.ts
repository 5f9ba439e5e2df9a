import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { DocumentSubjectType, RecordClass } from '../../platform/database/generated/enums.js';
import type { Actor } from '../audit/audit.type.js';
import { DocumentRecord } from './document-record.service.js';

/** For rooms that learn whom a thing of theirs is about: what is filed with it is about the same person. */
@Injectable()
export class DocumentOwnerService {
  constructor(@Inject(DocumentRecord) private readonly record: DocumentRecord) {}

  /**
   * In the caller's transaction, with its thing held: what is filed with it becomes the patient's, or nobody's again when
   * that is taken back (null). What was kept as an unconverted enquiry's becomes a document's, and the other way round.
   */
  async subjectIsAbout(
    tx: Tx,
    actor: Actor,
    subject: { readonly type: Exclude<DocumentSubjectType, 'PATIENT'>; readonly id: string },
    patientId: string | null,
  ): Promise<readonly string[]> {
    const found = await tx.document.findMany({
      where: { subjectType: subject.type, subjectId: subject.id, destroyedAt: null },
      select: { id: true, patientId: true },
      orderBy: { id: 'asc' },
    });
    const others = found.filter((document) => document.patientId !== patientId);
    for (const { id } of others) {
      const row = await this.record.mustHold(tx, id);
      const retentionClass = classFor(row.retentionClass, patientId !== null);
      await this.record.change(tx, actor, 'document.patient-set', row, { patientId, retentionClass });
    }
    return others.map(({ id }) => id);
  }
}

function classFor(retentionClass: string, isPatients: boolean): string {
  if (isPatients)
    return retentionClass === RecordClass.ENQUIRY_UNCONVERTED ? RecordClass.DOCUMENT : retentionClass;
  return retentionClass === RecordClass.DOCUMENT ? RecordClass.ENQUIRY_UNCONVERTED : retentionClass;
}
