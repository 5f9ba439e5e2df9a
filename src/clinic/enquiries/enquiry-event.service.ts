import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { newestEventsOfEach } from './enquiry.queries.js';
import type { EnquiryEvent } from './enquiry.type.js';

/** Events of one enquiry that one answer shows; a long story has a few dozen. */
const EVENTS_SHOWN_MAX = 200;

/** What happened to an enquiry, in order. Codes and ids only: it outlives what was told. */
@Injectable()
export class EnquiryEventService {
  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** Writes an event down, in the transaction of what happened. `detail`: codes, ids, times; nothing that anybody told. */
  async record(
    tx: Tx,
    enquiryId: string,
    actor: Actor,
    action: string,
    detail: Readonly<Record<string, string | number | boolean | null | readonly string[]>> = {},
  ): Promise<void> {
    await tx.enquiryEvent.create({
      data: {
        id: newId(),
        enquiryId,
        at: dateFromInstant(this.clock.now()),
        actorKind: actor.kind,
        actorId: actor.id,
        actorLabel: actor.label,
        action,
        detail,
      },
      select: { id: true },
    });
  }

  /** The newest events of these enquiries, oldest first. The look is recorded by whoever shows the enquiry. */
  async ofEnquiries(
    client: Tx,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly EnquiryEvent[]>> {
    const newest = await client.$queryRaw<{ id: string }[]>(newestEventsOfEach(ids, EVENTS_SHOWN_MAX));
    const rows = await client.enquiryEvent.findMany({
      where: { id: { in: newest.map(({ id }) => id) } },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    });
    const byId = new Map<string, EnquiryEvent[]>();
    for (const row of rows) {
      const known = byId.get(row.enquiryId) ?? [];
      const { id, actorKind, actorId, action } = row;
      known.push({
        id,
        actorKind,
        actorId,
        action,
        at: instantFromDate(row.at),
        detail: JSON.stringify(row.detail),
      });
      byId.set(row.enquiryId, known);
    }
    return byId;
  }
}
