import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import type { Booker } from './booker.type.js';
import { OfferAnswer } from './freed-place.type.js';
import { FreedPlaceEntryService } from './freed-place-entry.service.js';
import type { OfferAtHand } from './freed-place-record.service.js';
import { FreedPlaceRoundService, type RoundMoment } from './freed-place-round.service.js';
import { SoonerService } from './sooner.service.js';
import { VisitBookingService } from './visit-booking.service.js';

/** What a "yes" or a "no" does, in the transaction in which it is said. */
@Injectable()
export class FreedPlaceReplyService {
  constructor(
    @Inject(FreedPlaceRoundService) private readonly rounds: FreedPlaceRoundService,
    @Inject(FreedPlaceEntryService) private readonly entries: FreedPlaceEntryService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
    @Inject(SoonerService) private readonly sooner: SoonerService,
  ) {}

  /** A refusal must be returned from the transaction. */
  async replyIn(
    tx: Tx,
    booker: Booker,
    atHand: OfferAtHand,
    answer: OfferAnswer,
    moment: RoundMoment,
  ): Promise<Refusal | null> {
    if (answer === OfferAnswer.ACCEPT) return this.#accept(tx, booker, atHand, moment);
    await this.rounds.declined(tx, atHand.place, atHand.offer, moment);
    return null;
  }

  /**
   * The visit, by every rule of booking or of moving; the others are told, and what is left of the place is a place of
   * its own.
   */
  async #accept(
    tx: Tx,
    booker: Booker,
    { place, offer, visitTypeCode }: OfferAtHand,
    moment: RoundMoment,
  ): Promise<Refusal | null> {
    await this.rounds.letGo(tx, place, moment.now);
    const { patientId, requestId, movesVisitId } = offer;
    const steps = offer.steps.map(({ startsAt, resources }) => ({ startsAt, resources: [...resources] }));
    const input = { patientId, visitTypeCode, requestId, steps };
    const visit =
      movesVisitId === null
        ? await this.booking.bookIn(tx, booker, input, VisitStatus.BOOKED)
        : await this.sooner.comeIn(tx, booker, { visitId: movesVisitId, startsAt: offer.startsAt, steps });
    if (isRefusal(visit)) return visit;
    await this.rounds.taken(tx, place, { ...offer, visitId: visit.id }, moment);
    await this.entries.enterRest(tx, place, moment.known.shortestUseMs);
    return null;
  }
}
