import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { FreedPlaceOfferStatus } from '../../platform/database/generated/enums.js';
import { dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { FREED_PLACE_ROUNDS_LOCK, LOCK_FREED_PLACE_ROUNDS } from './freed-place.queries.js';
import type { FreedPlaceOffer } from './freed-place.type.js';
import type { Candidate } from './freed-place-candidate.service.js';
import type { FreedPlaceAtHand } from './freed-place-record.service.js';

/** A candidate with the last moment for an answer. */
export type Answerable = Candidate & { readonly answerBy: Temporal.Instant };

/** Who is asked about a place, in which order, and what came of it. Nothing else writes offers. */
@Injectable()
export class FreedPlaceLedgerService {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  /**
   * Until the transaction ends no other round asks anybody: whom this one asks, another must see. Taken after the lock
   * of the place and before who may be asked is read.
   */
  async oneRoundAtOnce(tx: Tx): Promise<void> {
    await tx.$queryRawUnsafe(LOCK_FREED_PLACE_ROUNDS, ...FREED_PLACE_ROUNDS_LOCK);
  }

  /** Those who were only in line before may be so no more: the line is made anew behind those who were asked. */
  async writeOrder(
    tx: Tx,
    place: FreedPlaceAtHand,
    asked: readonly (Answerable & { readonly id: string })[],
    queued: readonly Answerable[],
    now: Temporal.Instant,
  ): Promise<void> {
    await tx.freedPlaceOffer.deleteMany({
      where: { freedPlaceId: place.id, status: FreedPlaceOfferStatus.QUEUED },
    });
    const before = place.offers.filter(({ status }) => status !== FreedPlaceOfferStatus.QUEUED);
    const lastRank = Math.max(0, ...before.map(({ rank }) => rank));
    const columns = [
      ...asked.map((one) => ({ ...columnsOf(one), ...askedAt(one, now) })),
      ...queued.map((one) => ({ ...columnsOf(one), id: newId(), status: FreedPlaceOfferStatus.QUEUED })),
    ];
    const rows = columns.map((row, index) => ({
      ...row,
      freedPlaceId: place.id,
      rank: lastRank + index + 1,
    }));
    // In the order of the requests, whose rows this locks, as everybody does who locks several.
    await tx.freedPlaceOffer.createMany({
      data: rows.toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1)),
    });
  }

  /** Answered, lapsed or gone. */
  async end(
    tx: Tx,
    offers: readonly FreedPlaceOffer[],
    status: FreedPlaceOfferStatus,
    now: Temporal.Instant,
  ): Promise<void> {
    if (offers.length === 0) return;
    await tx.freedPlaceOffer.updateMany({
      where: { id: { in: offers.map(({ id }) => id) } },
      data: { status, settledAt: dateFromInstant(now), version: { increment: 1 } },
    });
  }

  async noteAnswer(
    tx: Tx,
    actor: Actor,
    action: 'freed-place-offer.accepted' | 'freed-place-offer.declined',
    offer: FreedPlaceOffer,
    visitId: string | null,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'freed-place-offer',
      subjectId: offer.id,
      patientIds: [offer.patientId],
      after: { freedPlaceId: offer.freedPlaceId, requestId: offer.requestId, visitId },
    });
  }
}

function askedAt({ id, answerBy }: Answerable & { readonly id: string }, now: Temporal.Instant) {
  const status = FreedPlaceOfferStatus.SENT;
  return { id, status, sentAt: dateFromInstant(now), answerBy: dateFromInstant(answerBy) };
}

/** Instants become their ISO text. */
function columnsOf({ requestId, patientId, movesVisitId, steps, startsAt }: Candidate) {
  const kept = JSON.parse(JSON.stringify(steps)) as Prisma.InputJsonValue;
  return { requestId, patientId, movesVisitId, steps: kept, startsAt: dateFromInstant(startsAt) };
}
