import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, Fault, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock } from '../../platform/time/index.js';
import type { Booker } from './booker.type.js';
import { FORGET_KEYS, KEEP_OUTCOME, KEPT_OUTCOME, TAKE_KEY } from './idempotency.queries.js';
import {
  contentOf,
  faultOfKey,
  fromOutcome,
  type Json,
  type RefusalClass,
  toOutcome,
} from './idempotency.rules.js';
import { IdempotencyKeyReused } from './visit.refusals.js';

/** Whoever has not heard the answer by then has asked again long ago; a key that lives longer only fills the table. */
export const KEY_LIFE_HOURS = 24;

/** Each new key takes a few old ones away, so the table stays as small as a day needs and no request pays for many. */
const FORGOTTEN_AT_ONCE_MAX_KEYS = 20;

/** A change that may be sent again. */
export interface RepeatableChange {
  readonly booker: Booker;
  /** Name of the operation: `bookVisit`. One key may be used once for each. */
  readonly operation: string;
  /** What was asked for; the same key with another content is refused. */
  readonly input: object;
  /** Every refusal that can be the answer: what is kept is made into one of these again. */
  readonly refusals: readonly RefusalClass[];
}

/** Gives the same answer to the same request, however often it is sent and however many at once. */
@Injectable()
export class IdempotencyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Does `work` in one transaction, once for each key. Whoever sends the same at the same moment waits for the first
   * and hears its answer. A refusal undoes everything, the key too; so it is kept in a transaction of its own, and of
   * two who were refused at once both answer with what was kept first. Faults are not kept.
   */
  async once<T extends object>(
    change: RepeatableChange,
    work: (tx: Tx) => Promise<T | Refusal>,
    onConstraint: Readonly<Record<string, () => Refusal>> = {},
  ): Promise<T | Refusal> {
    const key = change.booker.idempotencyKey;
    if (key === null) return this.database.transaction<T | Refusal>(work, { onConstraint });
    const fault = faultOfKey(key);
    if (fault !== null) throw badInput(fault);
    const keyed = this.#keyed(change, key);
    let isKept = false;
    const answer = await this.database.transaction<T | Refusal>(
      async (tx) => {
        isKept = false;
        const kept = await this.#take<T>(tx, keyed);
        if (kept !== null) {
          isKept = true;
          return kept;
        }
        const result = await work(tx);
        if (!isRefusal(result)) await keep(tx, keyed, result);
        return result;
      },
      { onConstraint },
    );
    return isRefusal(answer) && !isKept ? this.#keepRefusal<T>(keyed, answer) : answer;
  }

  /** Null: the key is ours now, and whoever sends it too waits until we are done. */
  async #take<T extends object>(tx: Tx, keyed: Keyed): Promise<T | Refusal | null> {
    const { actorId, key, operation, requestSha256, refusals } = keyed;
    const now = this.clock.now();
    const until = now.subtract({ hours: KEY_LIFE_HOURS }).toString();
    const taken = await tx.$queryRawUnsafe<readonly unknown[]>(
      TAKE_KEY,
      actorId,
      key,
      operation,
      requestSha256,
      now.toString(),
      until,
    );
    if (taken.length > 0) {
      await tx.$executeRawUnsafe(FORGET_KEYS, until, FORGOTTEN_AT_ONCE_MAX_KEYS);
      return null;
    }
    const [kept] = await tx.$queryRawUnsafe<readonly KeptRow[]>(KEPT_OUTCOME, actorId, key, operation);
    if (kept === undefined || kept.outcome === null) {
      throw new Fault('TRY_AGAIN', 'The same request is being answered at this moment. Send it again.');
    }
    if (kept.requestSha256 !== requestSha256) return new IdempotencyKeyReused();
    return fromOutcome(kept.outcome, refusals) as T | Refusal;
  }

  async #keepRefusal<T extends object>(keyed: Keyed, refusal: Refusal): Promise<T | Refusal> {
    let answer: T | Refusal = refusal;
    await this.database.transaction(async (tx) => {
      answer = (await this.#take<T>(tx, keyed)) ?? refusal;
      if (answer === refusal) await keep(tx, keyed, refusal);
    });
    return answer;
  }

  #keyed({ booker, operation, input, refusals }: RepeatableChange, key: string): Keyed {
    const requestSha256 = createHash('sha256').update(contentOf(input)).digest('hex');
    return { actorId: booker.actor.id, key, operation, requestSha256, refusals };
  }
}

interface Keyed {
  readonly actorId: string;
  readonly key: string;
  readonly operation: string;
  readonly requestSha256: string;
  readonly refusals: readonly RefusalClass[];
}

interface KeptRow {
  readonly requestSha256: string;
  readonly outcome: Json;
}

async function keep(tx: Tx, { actorId, key, operation }: Keyed, answer: object): Promise<void> {
  await tx.$executeRawUnsafe(KEEP_OUTCOME, actorId, key, operation, JSON.stringify(toOutcome(answer)));
}
