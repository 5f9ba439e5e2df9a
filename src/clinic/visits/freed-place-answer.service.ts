import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock } from '../../platform/time/index.js';
import type { Booker } from './booker.type.js';
import { OfferGone } from './freed-place.refusals.js';
import { canAnswer } from './freed-place.rules.js';
import {
  ANSWER_OFFER_REFUSALS,
  type AnswerFreedPlaceOfferInput,
  type FreedPlaceOffer,
  OfferAnswer,
} from './freed-place.type.js';
import { FreedPlaceKindService, type KindsOfVisit } from './freed-place-kind.service.js';
import { FreedPlaceRecordService, type OfferAtHand } from './freed-place-record.service.js';
import { FreedPlaceRoundService, type RoundMoment } from './freed-place-round.service.js';
import { IdempotencyService } from './idempotency.service.js';
import { VISIT_CONSTRAINTS, VisitBookingService } from './visit-booking.service.js';

/** The database's own word: a place has one taker. */
const ANSWER_CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  ...VISIT_CONSTRAINTS,
  freed_place_offers_one_taker: () => new OfferGone(),
};

/** What a patient says to an offer, judged at the moment at which it is said. */
@Injectable()
export class FreedPlaceAnswerService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(FreedPlaceRecordService) private readonly records: FreedPlaceRecordService,
    @Inject(FreedPlaceRoundService) private readonly rounds: FreedPlaceRoundService,
    @Inject(FreedPlaceKindService) private readonly kinds: FreedPlaceKindService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Yes books the visit in the same transaction, by every rule of booking; a "no" of one of them changes nothing, and
   * the offer stands until its time is over. No asks the next. Throws NOT_FOUND.
   */
  async answer(booker: Booker, input: AnswerFreedPlaceOfferInput): Promise<FreedPlaceOffer | Refusal> {
    const known = await this.kinds.kinds();
    return this.idempotency.once<FreedPlaceOffer>(
      { booker, operation: 'answerFreedPlaceOffer', input, refusals: ANSWER_OFFER_REFUSALS },
      (tx) => this.#answerIn(tx, booker, input, known),
      ANSWER_CONSTRAINTS,
    );
  }

  async #answerIn(
    tx: Tx,
    booker: Booker,
    input: AnswerFreedPlaceOfferInput,
    known: KindsOfVisit,
  ): Promise<FreedPlaceOffer | Refusal> {
    const { place, offer, visitTypeCode } = await this.records.lockOf(tx, input.offerId);
    const moment = { actor: booker.actor, known, now: this.clock.now() };
    const cannot = canAnswer(offer, input.version, moment.now);
    if (cannot !== null) return cannot;
    const refusal =
      input.answer === OfferAnswer.DECLINE
        ? await this.rounds.declined(tx, place, offer, moment)
        : await this.#take(tx, booker, { place, offer, visitTypeCode }, moment);
    return refusal ?? (await this.records.lockOf(tx, offer.id)).offer;
  }

  async #take(
    tx: Tx,
    booker: Booker,
    { place, offer, visitTypeCode }: OfferAtHand,
    moment: RoundMoment,
  ): Promise<Refusal | null> {
    await this.rounds.letGo(tx, place, moment.now);
    const { patientId, requestId } = offer;
    const steps = offer.steps.map(({ startsAt, resources }) => ({ startsAt, resources: [...resources] }));
    const input = { patientId, visitTypeCode, requestId, steps };
    const visit = await this.booking.bookIn(tx, booker, input, VisitStatus.BOOKED);
    if (isRefusal(visit)) return visit;
    await this.rounds.taken(tx, place, { ...offer, visitId: visit.id }, moment);
    return null;
  }
}
