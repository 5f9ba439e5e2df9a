import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { PatientMerge as MergeRow, Prisma } from '../../platform/database/generated/client.js';
import { instantFromDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { Registration } from './patient.rules.js';
import type { MergedRows, PatientMerge } from './patient-merge.type.js';
import {
  type MergeRecorder,
  type MovedRows,
  PatientMergeFollowers,
  type UnfollowedRows,
} from './patient-merge-followers.service.js';
import { PatientRecordService } from './patient-record.service.js';

/** Written at once: more rows of one person nobody has, and PostgreSQL takes 65,535 parameters. */
const MOVES_AT_ONCE = 5_000;

/** What a room says when its rows went back, with the room's name. */
export type UnfollowedRoom = UnfollowedRows & { readonly room: string };

/** Writes a merge and its undoing, and remembers which rows followed. */
@Injectable()
export class PatientMergeRecordService {
  constructor(
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
    @Inject(PatientMergeFollowers) private readonly followers: PatientMergeFollowers,
  ) {}

  /** Every room moves what it has of the merged record. */
  async follow(tx: Tx, actor: Actor, { id, mergedId, keptId }: MergeRow): Promise<void> {
    for (const follower of this.followers.all()) {
      await follower.follow(tx, actor, id, mergedId, keptId, this.#recorder(tx, id, follower.room));
    }
  }

  /** Every room moves back what had followed. */
  async unfollow(tx: Tx, actor: Actor, row: MergeRow): Promise<readonly UnfollowedRoom[]> {
    const { id, mergedId, keptId } = row;
    const movedOf = await this.#moved(tx, row);
    const rooms: UnfollowedRoom[] = [];
    for (const follower of this.followers.backwards()) {
      const { room } = follower;
      rooms.push({ room, ...(await follower.unfollow(tx, actor, id, mergedId, keptId, movedOf(room))) });
    }
    return rooms;
  }

  /** What a record of its own says from now on. */
  async write(tx: Tx, id: string, person: Registration, data: Prisma.PatientUpdateInput): Promise<void> {
    return this.records.write(tx, id, person, data);
  }

  /** The merge as it is shown, with the kept record as it is now. */
  async toMerge(tx: Tx, row: MergeRow): Promise<PatientMerge> {
    const { id, keptId, mergedId, reason, mergedById, mergedAt, undoneAt } = row;
    const kept = await this.records.find(tx, keptId);
    if (kept === null) throw new Error('a merge has a record that was kept');
    return {
      ...{ id, kept, mergedId, reason, mergedById },
      followed: await this.#followed(tx, id),
      mergedAt: instantFromDate(mergedAt),
      undoUntil: instantFromDate(row.undoUntil),
      undoneAt: undoneAt === null ? null : instantFromDate(undoneAt),
    };
  }

  #recorder(tx: Tx, mergeId: string, room: string): MergeRecorder {
    return async (kind, rowIds) => {
      for (let at = 0; at < rowIds.length; at += MOVES_AT_ONCE) {
        await tx.patientMergeMove.createMany({
          data: rowIds.slice(at, at + MOVES_AT_ONCE).map((rowId) => ({ mergeId, room, kind, rowId })),
        });
      }
    };
  }

  async #moved(tx: Tx, { id: mergeId, mergedAt }: MergeRow): Promise<(room: string) => MovedRows> {
    const rows = await tx.patientMergeMove.findMany({ where: { mergeId }, orderBy: { rowId: 'asc' } });
    const byRoom = new Map<string, Map<string, string[]>>();
    for (const { room, kind, rowId } of rows) {
      const ofRoom = byRoom.get(room) ?? new Map<string, string[]>();
      const ofKind = ofRoom.get(kind) ?? [];
      ofKind.push(rowId);
      byRoom.set(room, ofRoom.set(kind, ofKind));
    }
    return (room) => Object.assign(new Map(byRoom.get(room)), { mergedAt: instantFromDate(mergedAt) });
  }

  async #followed(tx: Tx, mergeId: string): Promise<readonly MergedRows[]> {
    const groups = await tx.patientMergeMove.groupBy({
      by: ['room', 'kind'],
      where: { mergeId },
      _count: { _all: true },
      orderBy: [{ room: 'asc' }, { kind: 'asc' }],
    });
    return groups.map(({ room, kind, _count }) => ({ room, kind, count: _count._all }));
  }
}

/** What was added since and stays, without what went back with another room's things all the same. */
export function stayedOf(rooms: readonly UnfollowedRoom[]): readonly MergedRows[] {
  const wentBack = rooms.flatMap(({ wentBackToo = [] }) => wentBackToo);
  return rooms.flatMap(({ room, stayed }) => {
    const gone = (kind: string) =>
      wentBack
        .filter((rows) => rows.room === room && rows.kind === kind)
        .reduce((sum, { count }) => sum + count, 0);
    return rowsOf(
      room,
      Object.fromEntries(Object.entries(stayed).map(([kind, count]) => [kind, count - gone(kind)])),
    );
  });
}

/** Counts by kind as a list of one room, without those that are none. */
export function rowsOf(room: string, counted: Readonly<Record<string, number>>): readonly MergedRows[] {
  return Object.entries(counted)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => ({ room, kind, count }));
}
