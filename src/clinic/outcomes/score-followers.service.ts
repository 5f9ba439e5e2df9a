import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { OutcomeScore } from './outcome.type.js';

/** A later room that stands on scores. */
export interface ScoreFollower {
  readonly room: string;
  /**
   * A score was put right or taken back, in the same transaction, the patient held. `after` stands in the place of `before`
   * (`after.isVoid`: nothing does). What it throws undoes the correction.
   */
  scoreChanged(tx: Tx, actor: Actor, before: OutcomeScore, after: OutcomeScore): Promise<void>;
  /**
   * A merge is undone, and referrals have gone back already: ids of scores, recorded since it, that were asked for because of
   * something that goes back.
   */
  scoresGoingBack(tx: Tx, move: ScoresGoingBack): Promise<readonly string[]>;
}

/** Of which merge: `from` is the record that was merged and is one again, `into` the one that was kept. */
export interface ScoresGoingBack {
  readonly from: string;
  readonly into: string;
  readonly mergedAt: Temporal.Instant;
}

/** The rooms that stand on scores. A room enters itself from the constructor of its service. */
@Injectable()
export class ScoreFollowers {
  readonly #byRoom = new Map<string, ScoreFollower>();

  /** Throws when a room enters itself twice. */
  register(follower: ScoreFollower): void {
    if (this.#byRoom.has(follower.room)) throw new Error(`${follower.room} follows scores twice`);
    this.#byRoom.set(follower.room, follower);
  }

  /** One after the other, in the order in which they entered. */
  async tell(tx: Tx, actor: Actor, before: OutcomeScore, after: OutcomeScore): Promise<void> {
    for (const follower of this.#byRoom.values()) await follower.scoreChanged(tx, actor, before, after);
  }

  /** Ids of scores that go back with other rooms' things when a merge is undone. */
  async goingBack(tx: Tx, move: ScoresGoingBack): Promise<readonly string[]> {
    const found: string[] = [];
    for (const follower of this.#byRoom.values()) found.push(...(await follower.scoresGoingBack(tx, move)));
    return found;
  }
}
