import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { NEEDS_OF_MERGED } from './patient-merge.queries.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from './patient-merge-followers.service.js';

const NEEDS = 'communication needs';
/** Said by both records: it ends with the merge, so that nobody is asked twice, and is there again when that is undone. */
const DOUBLES = 'communication needs that both said';
const SAID_TWICE = 'The record that was kept says the same.';
const NOT_ENDED = { endedAt: null, endedById: null, endReason: null } as const;
const ALERTS = 'alerts';
const RELATED = 'related people';
const STUBS = 'records merged earlier';

/** What belongs to a patient in this room: needs, alerts, related people, and the stubs of earlier merges. */
@Injectable()
export class PatientOwnMergeService implements PatientMergeFollower {
  readonly room = 'patients';

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
  ) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const { needs, doubles } = await this.#needs(tx, from, into);
    return {
      rows: {
        [NEEDS]: needs.length,
        [DOUBLES]: doubles.length,
        [ALERTS]: await tx.patientAlert.count({ where: { patientId: from } }),
        [RELATED]: await tx.relatedPerson.count({ where: { patientId: from } }),
        [STUBS]: await tx.patient.count({ where: { mergedIntoId: from } }),
      },
      conflicts: [],
    };
  }

  async follow(
    tx: Tx,
    actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const { needs, doubles } = await this.#needs(tx, from, into);
    await this.#endDoubles(tx, actor, doubles, into);
    await moved(DOUBLES, doubles);
    await tx.communicationNeed.updateMany({ where: { id: { in: [...needs] } }, data: { patientId: into } });
    await moved(NEEDS, needs);
    const alerts = await tx.patientAlert.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(ALERTS, idsOf(alerts));
    const related = await tx.relatedPerson.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(RELATED, idsOf(related));
    const stubs = await tx.patient.updateManyAndReturn({
      where: { mergedIntoId: from },
      data: { mergedIntoId: into },
      select: { id: true },
    });
    await moved(STUBS, idsOf(stubs));
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const back = (kind: string) => ({
      where: { id: { in: [...(moved.get(kind) ?? [])] } },
      data: { patientId: from },
    });
    await tx.communicationNeed.updateMany(back(NEEDS));
    await tx.communicationNeed.updateMany({
      where: back(DOUBLES).where,
      data: { patientId: from, ...NOT_ENDED, version: { increment: 1 } },
    });
    await tx.patientAlert.updateMany(back(ALERTS));
    await tx.relatedPerson.updateMany(back(RELATED));
    await tx.patient.updateMany({ where: back(STUBS).where, data: { mergedIntoId: from } });
    const patientId = into;
    const since = { gt: dateFromInstant(moved.mergedAt) };
    return {
      stayed: {
        [NEEDS]: await tx.communicationNeed.count({ where: { patientId, recordedAt: since } }),
        [ALERTS]: await tx.patientAlert.count({ where: { patientId, raisedAt: since } }),
        [RELATED]: await tx.relatedPerson.count({ where: { patientId, recordedAt: since } }),
      },
      impossible: [],
    };
  }

  async #endDoubles(tx: Tx, actor: Actor, ids: readonly string[], into: string): Promise<void> {
    if (ids.length === 0) return;
    if (actor.kind !== 'STAFF') throw new Error('a merge is somebody’s word');
    const ended = { endedById: actor.id, endReason: SAID_TWICE, version: { increment: 1 } };
    await tx.communicationNeed.updateMany({
      where: { id: { in: [...ids] } },
      data: { patientId: into, endedAt: dateFromInstant(this.clock.now()), ...ended },
    });
  }

  /** The needs of the record to merge: those that follow as they are, and those that the other record says already. */
  async #needs(
    tx: Tx,
    from: string,
    into: string,
  ): Promise<{ readonly needs: readonly string[]; readonly doubles: readonly string[] }> {
    const rows = await tx.$queryRawUnsafe<{ id: string; isDouble: boolean }[]>(NEEDS_OF_MERGED, from, into);
    const ids = (isDouble: boolean) => idsOf(rows.filter((row) => row.isDouble === isDouble));
    return { needs: ids(false), doubles: ids(true) };
  }
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}
