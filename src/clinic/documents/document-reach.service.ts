import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { DocumentSubjectType, RecordClass, Role } from '../../platform/database/generated/enums.js';
import { Fault, notFound } from '../../platform/refusal/refusal.js';
import { canReadClass, closedClasses } from './document.rules.js';
import { DocumentRecord, type DocumentRow } from './document-record.service.js';
import { DocumentSubjects } from './document-subject.service.js';

/**
 * Who reaches which documents: nobody sees in a paper what they may not see in the thing it belongs to, nor a paper of a
 * class that is closed to them. What is out of reach is as if it were not there.
 */
@Injectable()
export class DocumentReach {
  constructor(
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
    @Inject(DocumentSubjects) private readonly subjects: DocumentSubjects,
  ) {}

  /** Narrows a list to what these roles reach. */
  within(roles: readonly Role[]): Prisma.DocumentWhereInput {
    return {
      subjectType: { in: [...this.subjects.readableBy(roles)] },
      retentionClass: { notIn: [...closedClasses(roles)] },
    };
  }

  /** Throws NOT_FOUND, also for what is out of reach. */
  async mustHave(tx: Tx, roles: readonly Role[], id: string): Promise<DocumentRow> {
    return this.#reached(roles, await this.record.mustHave(tx, id));
  }

  /** The row, held until the transaction ends. Throws NOT_FOUND, also for what is out of reach. */
  async mustHold(tx: Tx, roles: readonly Role[], id: string): Promise<DocumentRow> {
    return this.#reached(roles, await this.record.mustHold(tx, id));
  }

  /**
   * Throws NOT_FOUND for a kind of thing that these roles do not read, whether it is there or not, and FORBIDDEN for a
   * class that is closed to them.
   */
  mustFile(roles: readonly Role[], subjectType: DocumentSubjectType, retentionClass: RecordClass): void {
    if (this.subjects.knows(subjectType) && !this.subjects.readableBy(roles).includes(subjectType))
      throw notFound(subjectType.toLowerCase());
    if (!canReadClass(roles, retentionClass))
      throw new Fault('FORBIDDEN', `You may not file under ${retentionClass}: you could not read it.`);
  }

  #reached(roles: readonly Role[], row: DocumentRow): DocumentRow {
    const isReadable = this.subjects.readableBy(roles).includes(row.subjectType);
    if (!isReadable || !canReadClass(roles, row.retentionClass)) throw notFound('document');
    return row;
  }
}
