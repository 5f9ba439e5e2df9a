import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/outbox.service.js';
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
import { WHOLE_RECORD } from './legal-hold.service.js';
import { lockedAccessRequest } from './records.queries.js';
import { preparedAnew } from './subject-access-handover.service.js';
import { mustHaveRequest } from './subject-access-record.service.js';

const KINDS = {
  holds: 'legal holds',
  requests: 'subject access requests',
  complaints: 'complaints',
  rectifications: 'rectifications',
  deaths: 'deaths',
} as const;
/** What was handed over cannot be called back: a person looks whether it told the one of the other. */
const HANDED_OVER = 'copies handed over while the two were one';

/** A hold on one record holds what it became; whoever waits for an answer waits for it from the record that was kept. */
@Injectable()
export class PatientRecordsMergeService implements PatientMergeFollower {
  readonly room = 'records';

  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
  ) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const where = { patientId: from };
    const rows = {
      [KINDS.holds]: await tx.legalHold.count({ where }),
      [KINDS.requests]: await tx.subjectAccessRequest.count({ where }),
      [KINDS.complaints]: await tx.dataComplaint.count({ where }),
      [KINDS.rectifications]: await tx.rectification.count({ where }),
      [KINDS.deaths]: await tx.patientDeath.count({ where }),
    };
    const open = await tx.subjectAccessRequest.count({
      where: { patientId: { in: [from, into] }, settledAt: null },
    });
    const deaths = await tx.patientDeath.findMany({ where: { patientId: { in: [from, into] } } });
    const [one, other] = deaths.map(({ diedOn }) => diedOn.getTime());
    const differ = one !== undefined && other !== undefined && one !== other;
    return {
      rows,
      conflicts: differ ? ['The two records give different days of death. Correct one of them first.'] : [],
      warnings:
        open > 0
          ? ['Somebody has asked for a copy of one of the records: have it prepared anew after the merge.']
          : [],
    };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const change = { where: { patientId: from }, data: { patientId: into }, select: { id: true } } as const;
    await moved(KINDS.holds, await this.#moveHolds(tx, { patientId: from }, from, into));
    await moved(KINDS.requests, idsOf(await tx.subjectAccessRequest.updateManyAndReturn(change)));
    await moved(KINDS.complaints, idsOf(await tx.dataComplaint.updateManyAndReturn(change)));
    await moved(KINDS.rectifications, idsOf(await tx.rectification.updateManyAndReturn(change)));
    const isKnown = (await tx.patientDeath.count({ where: { patientId: into } })) > 0;
    if (isKnown) return moved(KINDS.deaths, []);
    const { count } = await tx.patientDeath.updateMany({
      where: { patientId: from },
      data: { patientId: into },
    });
    await moved(KINDS.deaths, count === 0 ? [] : [from]);
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const of = (kind: string) => ({ id: { in: [...(moved.get(kind) ?? [])] }, patientId: into });
    const data = { patientId: from };
    await this.#moveHolds(tx, of(KINDS.holds), into, from);
    await tx.subjectAccessRequest.updateMany({ where: of(KINDS.requests), data });
    await tx.dataComplaint.updateMany({ where: of(KINDS.complaints), data });
    await tx.rectification.updateMany({ where: of(KINDS.rectifications), data });
    if ((moved.get(KINDS.deaths) ?? []).length > 0) {
      await tx.patientDeath.updateMany({ where: { patientId: into }, data });
    }
    const since = { gt: dateFromInstant(moved.mergedAt) };
    return {
      stayed: {
        [HANDED_OVER]: await this.#unmixCopies(tx, [from, into], since.gt),
        [KINDS.holds]: await tx.legalHold.count({ where: { patientId: into, placedAt: since } }),
        [KINDS.requests]: await tx.subjectAccessRequest.count({
          where: { patientId: into, recordedAt: since },
        }),
        [KINDS.complaints]: await tx.dataComplaint.count({ where: { patientId: into, recordedAt: since } }),
        [KINDS.rectifications]: await tx.rectification.count({
          where: { patientId: into, recordedAt: since },
        }),
      },
      impossible: [],
    };
  }

  /**
   * A copy that was prepared while the two were one has the one's record in the other's: it is gone at once, and so is
   * what is being gathered; whoever still waits has theirs prepared anew. How many had been answered with such a copy.
   */
  async #unmixCopies(tx: Tx, patientIds: readonly string[], mergedAt: Date): Promise<number> {
    const found = await tx.subjectAccessRequest.findMany({
      where: {
        patientId: { in: [...patientIds] },
        OR: [{ preparedAt: { gt: mergedAt } }, { preparedAt: null, settledAt: null }],
      },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    let handedOver = 0;
    for (const { id } of found) {
      await tx.$queryRaw(lockedAccessRequest(id));
      const row = await mustHaveRequest(tx, id);
      if (row.status === 'ANSWERED') handedOver += 1;
      if (row.copyStatus === 'EXPIRED') continue;
      if (row.settledAt !== null) await tx.subjectAccessPart.deleteMany({ where: { requestId: id } });
      const data =
        row.settledAt === null
          ? await preparedAnew(tx, this.outbox, row)
          : ({ copyStatus: 'EXPIRED' } as const);
      await tx.subjectAccessRequest.update({ where: { id }, data: { ...data, version: { increment: 1 } } });
    }
    return handedOver;
  }

  /** A hold on the whole record is on the record that it becomes. */
  async #moveHolds(
    tx: Tx,
    where: { readonly patientId: string; readonly id?: { readonly in: string[] } },
    from: string,
    into: string,
  ): Promise<readonly string[]> {
    const whole = await tx.legalHold.updateManyAndReturn({
      where: { ...where, subjectType: WHOLE_RECORD, subjectId: from },
      data: { patientId: into, subjectId: into },
      select: { id: true },
    });
    const parts = await tx.legalHold.updateManyAndReturn({
      where: { ...where, subjectType: { not: WHOLE_RECORD } },
      data: { patientId: into },
      select: { id: true },
    });
    return idsOf([...whole, ...parts]);
  }
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}
