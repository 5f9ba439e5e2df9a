import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DocumentSubjectType } from '../../platform/database/generated/enums.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { FILED_WITH_THINGS_OF } from './document-merge.queries.js';

const DOCUMENTS = 'documents';

/** When two records of patients become one, what is filed about the one follows, whatever its state. */
@Injectable()
export class DocumentMergeService implements PatientMergeFollower {
  readonly room = DOCUMENTS;

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    return { rows: { [DOCUMENTS]: await tx.document.count({ where: { patientId: from } }) }, conflicts: [] };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const rows = await tx.document.findMany({
      where: { patientId: from },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    const ids = rows.map(({ id }) => id);
    await this.#move(tx, ids, from, into);
    await moved(DOCUMENTS, ids);
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const ids = moved.get(DOCUMENTS) ?? [];
    const since = { patientId: into, filedAt: { gt: dateFromInstant(moved.mergedAt) } };
    const filedWith = await this.#filedWith(tx, ids, since);
    // The other rooms' things have gone back before: whatever is filed with one of them goes where it is.
    const hanging = await tx.$queryRawUnsafe<{ id: string }[]>(FILED_WITH_THINGS_OF, from, into);
    const back = new Set([...ids, ...filedWith, ...hanging.map(({ id }) => id)]);
    await this.#move(tx, [...back], into, from);
    return { stayed: { [DOCUMENTS]: await tx.document.count({ where: since }) }, impossible: [] };
  }

  /** What was filed since for a thing that goes back goes back with it. */
  async #filedWith(
    tx: Tx,
    ids: readonly string[],
    since: Prisma.DocumentWhereInput,
  ): Promise<readonly string[]> {
    const narrower = { subjectType: { not: DocumentSubjectType.PATIENT } };
    const things = await tx.document.findMany({
      where: { id: { in: [...ids] }, ...narrower },
      select: { subjectType: true, subjectId: true },
      distinct: ['subjectType', 'subjectId'],
    });
    if (things.length === 0) return [];
    const rows = await tx.document.findMany({
      where: { AND: [since, narrower, { OR: things }] },
      select: { id: true },
    });
    return rows.map(({ id }) => id);
  }

  /** What belongs to the patient and nothing narrower belongs to the other one; the rest belongs to what it belonged to. */
  async #move(tx: Tx, ids: readonly string[], from: string, to: string): Promise<void> {
    const where = { id: { in: [...ids] }, patientId: from };
    await tx.document.updateMany({
      where: { ...where, subjectType: DocumentSubjectType.PATIENT },
      data: { subjectId: to },
    });
    await tx.document.updateMany({ where, data: { patientId: to, version: { increment: 1 } } });
  }
}
