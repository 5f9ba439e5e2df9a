import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock } from '../../platform/time/index.js';
import type { Booker } from './booker.type.js';
import { OfferGone } from './freed-place.refusals.js';
import { canAnswer } from './freed-place.rules.js';
import { FreedPlaceService } from './freed-place.service.js';
import {
  ANSWER_OFFER_REFUSALS,
  type AnswerFreedPlaceOfferInput,
  type FreedPlaceOffer,
  OfferAnswer,
} from './freed-place.type.js';
import { FreedPlaceKindService, type KindsOfVisit } from './freed-place-kind.service.js';
import { FreedPlaceRecordService } from './freed-place-record.service.js';
import { FreedPlaceReplyService } from './freed-place-reply.service.js';
import { IdempotencyService } from './idempotency.service.js';
import { VISIT_CONSTRAINTS } from './visit-booking.service.js';

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
    @Inject(FreedPlaceReplyService) private readonly replies: FreedPlaceReplyService,
    @Inject(FreedPlaceService) private readonly places: FreedPlaceService,
    @Inject(FreedPlaceKindService) private readonly kinds: FreedPlaceKindService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Yes books the visit in the same transaction, by every rule of booking; a "no" of one of them changes nothing, and
   * the offer stands until its time is over. No is kept whatever becomes of the place: the next is asked after it, in a
   * transaction of its own. Throws NOT_FOUND.
   */
  async answer(booker: Booker, input: AnswerFreedPlaceOfferInput): Promise<FreedPlaceOffer | Refusal> {
    const known = await this.kinds.kinds();
    const answer = await this.idempotency.once<FreedPlaceOffer>(
      { booker, operation: 'answerFreedPlaceOffer', input, refusals: ANSWER_OFFER_REFUSALS },
      (tx) => this.#answerIn(tx, booker, input, known),
      ANSWER_CONSTRAINTS,
    );
    const isNo = input.answer === OfferAnswer.DECLINE && !isRefusal(answer);
    if (isNo) await this.places.goOn(booker.actor, answer.freedPlaceId);
    return answer;
  }

  async #answerIn(
    tx: Tx,
    booker: Booker,
    input: AnswerFreedPlaceOfferInput,
    known: KindsOfVisit,
  ): Promise<FreedPlaceOffer | Refusal> {
    const atHand = await this.records.lockOf(tx, input.offerId);
    const { offer } = atHand;
    const moment = { actor: booker.actor, known, now: this.clock.now() };
    const cannot = canAnswer(offer, input.version, moment.now);
    if (cannot !== null) return cannot;
    const refusal = await this.replies.replyIn(tx, booker, atHand, input.answer, moment);
    return refusal ?? (await this.records.lockOf(tx, offer.id)).offer;
  }
}
