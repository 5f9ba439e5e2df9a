import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { InboundMailbox } from './inbound-mail.type.js';

/** A batch with large attachments takes a minute or two; whoever died gives the mailbox back after this. */
const HELD_MINUTES = 10;

/** Where a mailbox was left. */
export interface ReadingPlace {
  readonly uidValidity: bigint;
  readonly nextUid: bigint;
  /** What came before is somebody else's, whatever its number is now. */
  readonly firstLookAt: Date;
}

/** How far the clinic's mailbox has been read, and by whom it is held while somebody reads it. */
@Injectable()
export class InboundMailboxService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** True: it is ours to read until `release`. False: another process reads it. */
  async hold(address: string): Promise<boolean> {
    const now = this.clock.now();
    const heldUntil = dateFromInstant(now.add({ minutes: HELD_MINUTES }));
    const { count } = await this.database.client.inboundMailbox.updateMany({
      where: { address, OR: [{ heldUntil: null }, { heldUntil: { lt: dateFromInstant(now) } }] },
      data: { heldUntil },
    });
    if (count === 1) return true;
    const isKnown = await this.database.client.inboundMailbox.findUnique({ where: { address } });
    // Nobody has looked before: of two who do so at once both find nothing to take in.
    return isKnown === null;
  }

  /**
   * Where to read on. A mailbox that is looked at for the first time is read from its next message on: what lies there
   * is already somebody's. One whose numbers began anew is read from its beginning; what is known is not taken in twice.
   */
  async placeIn(address: string, state: { uidValidity: bigint; uidNext: bigint }): Promise<ReadingPlace> {
    const now = dateFromInstant(this.clock.now());
    const known = await this.database.client.inboundMailbox.findUnique({ where: { address } });
    if (known === null) {
      const place = { uidValidity: state.uidValidity, nextUid: state.uidNext, firstLookAt: now };
      const first = { address, ...place, lastLookAt: now };
      await this.database.client.inboundMailbox.createMany({ data: [first], skipDuplicates: true });
      return place;
    }
    if (known.uidValidity === state.uidValidity) return known;
    const anew = { uidValidity: state.uidValidity, nextUid: 1n };
    await this.database.client.inboundMailbox.update({ where: { address }, data: anew });
    return { ...anew, firstLookAt: known.firstLookAt };
  }

  /** Everything below this number is taken in. Holds it on, so that a long batch is not begun by another. */
  async readUpTo(address: string, nextUid: bigint): Promise<void> {
    const heldUntil = dateFromInstant(this.clock.now().add({ minutes: HELD_MINUTES }));
    await this.database.client.inboundMailbox.update({ where: { address }, data: { nextUid, heldUntil } });
  }

  /** Gives it back. `failureCode`: why the look failed; null: it did not. */
  async release(address: string, failureCode: string | null): Promise<void> {
    const now = dateFromInstant(this.clock.now());
    const { client } = this.database;
    await client.inboundMailbox.updateMany({
      where: { address },
      data:
        failureCode === null
          ? { heldUntil: null, lastLookAt: now, failureCode: null, failingSince: null }
          : { heldUntil: null, failureCode },
    });
    if (failureCode === null) return;
    await client.inboundMailbox.updateMany({
      where: { address, failingSince: null },
      data: { failingSince: now },
    });
  }

  /** The mailboxes that were ever read, for people who ask why nothing comes. */
  async mailboxes(): Promise<readonly InboundMailbox[]> {
    const rows = await this.database.client.inboundMailbox.findMany({ orderBy: { address: 'asc' } });
    return rows.map(({ address, firstLookAt, lastLookAt, failureCode, failingSince }) => ({
      address,
      firstLookAt: instantFromDate(firstLookAt),
      lastLookAt: instantFromDate(lastLookAt),
      failureCode,
      failingSince: failingSince === null ? null : instantFromDate(failingSince),
    }));
  }
}
