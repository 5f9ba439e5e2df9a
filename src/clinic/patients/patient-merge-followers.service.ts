import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { MergedRows } from './patient-merge.type.js';

/** What a room would bring along, and what forbids the merge from where it stands. */
export interface MergePreviewOfRoom {
  /** How many rows of each kind follow, named as people name them: `referrals`, `visits`. */
  readonly rows: Readonly<Record<string, number>>;
  /** Why the two cannot be one record as they are now: whole sentences that a person can act on. None: nothing stands in the way. */
  readonly conflicts: readonly string[];
  /** What a person should know all the same: whole sentences. */
  readonly warnings?: readonly string[];
}

/** Writes down which rows have followed, so that the same ones go back. The kind is the room's own word, the same in `unfollow`. */
export type MergeRecorder = (kind: string, rowIds: readonly string[]) => Promise<void>;

/** The rows that followed, by kind. */
export interface MovedRows extends ReadonlyMap<string, readonly string[]> {
  /** What a room wrote after this was added since. */
  readonly mergedAt: Temporal.Instant;
}

/** What became of a room's rows when a merge was undone. */
export interface UnfollowedRows {
  /** How many rows of each kind were added since and stay with the record that was kept. */
  readonly stayed: Readonly<Record<string, number>>;
  /** Rows of earlier rooms that went back with these: those rooms have counted them as staying. */
  readonly wentBackToo?: readonly MergedRows[];
  /** Why the rows cannot go back: whole sentences that a person can act on. One is enough to refuse, and then nothing is changed. */
  readonly impossible: readonly string[];
}

/** In which order rooms hold their rows before the patients are held: the house's lock order. */
export const MergeHoldOrder = { VISITS: 1, REFERRALS: 2, ENQUIRIES: 3, OTHERS: 4 } as const;
export type MergeHoldOrder = (typeof MergeHoldOrder)[keyof typeof MergeHoldOrder];

/** A room that holds rows of patients. `from` is merged into `into`; both are ids of patients. */
export interface PatientMergeFollower {
  readonly room: string;
  readonly holdOrder?: MergeHoldOrder;
  /**
   * Holds those of its rows that others change before they hold the patient (`FOR NO KEY UPDATE`, in order of id), of
   * both patients: called before the patients are held, when merging and when undoing.
   */
  hold?(tx: Tx, patientIds: readonly string[]): Promise<void>;
  /** What would follow. Changes nothing; also called under the locks, right before the merge. */
  preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom>;
  /** Moves its rows of `from` to `into` and tells `moved` which. What it throws undoes the merge. Writes no audit row: the merge does. */
  follow(
    tx: Tx,
    actor: Actor,
    mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void>;
  /** Moves those rows back that followed, and says what was added since. `from` and `into` are those of the merge. */
  unfollow(
    tx: Tx,
    actor: Actor,
    mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows>;
}

/** Downhill: what later rooms say hangs on what earlier rooms have said. A room that is not named here comes last. */
const READING_ORDER = [
  'patients',
  'records',
  'documents',
  'referrals',
  'consent',
  'visits',
  'enquiries',
  'checks',
  'imaging',
  'reports',
  'incidents',
  'outcomes',
  'treatments',
  'responses',
  'notes',
  'meetings',
  'decisions',
  'notifications',
];

function place({ room }: PatientMergeFollower): number {
  const at = READING_ORDER.indexOf(room);
  return at === -1 ? READING_ORDER.length : at;
}

/** What is filed with other rooms' things, or written about them, is whose they are: it goes back when all of these have. */
const BACK_LAST: readonly string[] = ['notes', 'documents'];

/** The rooms that follow a merge, by name. A later room enters itself when it is built. */
@Injectable()
export class PatientMergeFollowers {
  readonly #byRoom = new Map<string, PatientMergeFollower>();

  register(follower: PatientMergeFollower): void {
    if (this.#byRoom.has(follower.room)) {
      throw new Error(`two followers of merges are called ${follower.room}`);
    }
    this.#byRoom.set(follower.room, follower);
  }

  /** Downhill, in whatever order they were built. */
  all(): readonly PatientMergeFollower[] {
    return [...this.#byRoom.values()].toSorted((a, b) => place(a) - place(b));
  }

  /** The order in which rooms give back when a merge is undone: what hangs on other rooms' things after them. */
  backwards(): readonly PatientMergeFollower[] {
    const last = ({ room }: PatientMergeFollower) => Number(BACK_LAST.includes(room));
    return this.all().toSorted((a, b) => last(a) - last(b));
  }

  /** Each room's rows are held in the house's lock order. */
  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    const order = ({ holdOrder = MergeHoldOrder.OTHERS }: PatientMergeFollower) => holdOrder;
    for (const follower of this.all().toSorted((a, b) => order(a) - order(b))) {
      await follower.hold?.(tx, patientIds);
    }
  }
}
