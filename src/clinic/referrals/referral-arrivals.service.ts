import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { Referral } from './referral.type.js';

/** A later room that looks at a referral when it comes in: what its letter says may be dangerous. */
export interface ReferralArrival {
  readonly room: string;
  /** In the transaction in which it was taken in. */
  received(tx: Tx, actor: Actor, referral: Referral): Promise<void>;
}

/** Later rooms register here, so that nothing that a letter says waits for its turn unseen. */
@Injectable()
export class ReferralArrivals {
  readonly #rooms = new Map<string, ReferralArrival>();

  register(arrival: ReferralArrival): void {
    if (this.#rooms.has(arrival.room)) throw new Error(`${arrival.room} looks at referrals already`);
    this.#rooms.set(arrival.room, arrival);
  }

  /** Tells every room. What one throws undoes the arrival. */
  async tell(tx: Tx, actor: Actor, referral: Referral): Promise<void> {
    for (const room of this.#rooms.values()) await room.received(tx, actor, referral);
  }
}
