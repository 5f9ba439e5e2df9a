import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ReferralHasVisits } from './referral.refusals.js';

/** What still needs a referral, in a later room. */
export interface LiveVisits {
  /** Held, booked or under way; not those that are over. */
  readonly visitIds: readonly string[];
  /** Wishes for a visit that wait. */
  readonly requestIds: readonly string[];
}

/** A later room whose rows stand on a referral. */
export interface ReferralDependent {
  readonly room: string;
  /** Asked under the lock of the referral, so that nothing is added meanwhile. */
  liveVisits(tx: Tx, referralId: string): Promise<LiveVisits>;
}

/** Later rooms register here, so that a referral is not taken from under what is booked for it. */
@Injectable()
export class ReferralDependents {
  readonly #dependents = new Map<string, ReferralDependent>();

  register(dependent: ReferralDependent): void {
    if (this.#dependents.has(dependent.room)) {
      throw new Error(`${dependent.room} has registered with the referrals before`);
    }
    this.#dependents.set(dependent.room, dependent);
  }

  /** The refusal that names what needs the referral; null when nothing does. */
  async inTheWay(tx: Tx, referralId: string): Promise<ReferralHasVisits | null> {
    const visitIds: string[] = [];
    const requestIds: string[] = [];
    for (const dependent of this.#dependents.values()) {
      const live = await dependent.liveVisits(tx, referralId);
      visitIds.push(...live.visitIds);
      requestIds.push(...live.requestIds);
    }
    return visitIds.length + requestIds.length === 0 ? null : new ReferralHasVisits(visitIds, requestIds);
  }
}
