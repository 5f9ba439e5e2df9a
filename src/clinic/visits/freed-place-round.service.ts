import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Database, Tx } from '../../platform/database/database.service.js';
import { FreedPlaceOfferStatus, FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import {
  afterDeskMinutes,
  type DeskHours,
  dateFromInstant,
  deskOpenFrom,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { ClaimService } from '../scheduling/claim.service.js';
import { NobodyForFreedPlace } from './freed-place.refusals.js';
import { type AskingTerms, answerableOf, hasLapsed, termsOfRound } from './freed-place.rules.js';
import type { FreedPlaceOffer } from './freed-place.type.js';
import { FreedPlaceCandidateService, type PlaceNow } from './freed-place-candidate.service.js';
import type { KindsOfVisit } from './freed-place-kind.service.js';
import { type Answerable, FreedPlaceLedgerService } from './freed-place-ledger.service.js';
import { FREED_PLACE_WORK } from './freed-place-letter.type.js';
import type { FreedPlaceAtHand } from './freed-place-record.service.js';
import { FREED_PLACE_TOPICS } from './visit-letter.type.js';

/** Somebody took the time in the very moment: by then they have it, or have let it go. */
export const AFTER_A_CLASH_SECONDS = 2;

/** With what a round is carried on, at one moment. */
export interface RoundMoment {
  readonly actor: Actor;
  readonly known: KindsOfVisit;
  readonly now: Temporal.Instant;
}

/** How a place ends. */
type End =
  | typeof FreedPlaceStatus.TAKEN
  | typeof FreedPlaceStatus.WITHDRAWN
  | typeof FreedPlaceStatus.EXPIRED;

const AUDITED_END = {
  TAKEN: 'freed-place.taken',
  WITHDRAWN: 'freed-place.withdrawn',
  EXPIRED: 'freed-place.expired',
} as const satisfies Record<End, string>;

/**
 * Asking people about a place, one after another or a few at once. Every verb works in the caller's transaction, under
 * the lock of the place. While somebody is asked the place has an expiring claim under its own id, so nobody else can
 * take it, and it is free again by itself when everything else fails.
 */
@Injectable()
export class FreedPlaceRoundService {
  constructor(
    @Inject(FreedPlaceCandidateService) private readonly candidates: FreedPlaceCandidateService,
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(FreedPlaceLedgerService) private readonly ledger: FreedPlaceLedgerService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
  ) {
    for (const topic of Object.values(FREED_PLACE_TOPICS)) outbox.declare(topic);
  }

  /** Asks the first. Nothing is written when nobody could have the place. */
  async begin(
    tx: Tx,
    place: FreedPlaceAtHand,
    terms: AskingTerms,
    moment: RoundMoment,
  ): Promise<Refusal | null> {
    const { now } = moment;
    const wanted = isThere(moment.actor)
      ? now.add({ minutes: terms.answerMinutes })
      : afterDeskMinutes(now, terms.answerMinutes, await this.calendar.deskHours(tx, now));
    const { left, answerable } = await this.#whoNow(tx, place, wanted, moment);
    if (answerable.length === 0) return new NobodyForFreedPlace();
    return this.#ask(tx, place, { left, answerable, slots: terms.atOnce, live: [] }, moment);
  }

  /**
   * Whoever has not answered in time is asked no more, and others are asked instead. With nobody left to ask or to wait
   * for, the place is given up. Outside the hours of the desk nobody is asked by itself. A refusal must be returned from
   * the transaction: the time was taken in this moment.
   */
  async goOn(tx: Tx, place: FreedPlaceAtHand, moment: RoundMoment): Promise<Refusal | null> {
    const { now } = moment;
    const sent = place.offers.filter(({ status }) => status === FreedPlaceOfferStatus.SENT);
    const lapsed = sent.filter((offer) => hasLapsed(offer, now));
    const live = sent.filter((offer) => !hasLapsed(offer, now));
    await this.ledger.end(tx, lapsed, FreedPlaceOfferStatus.LAPSED, now);
    const usual = usualTerms(place, moment.known);
    const desk = await this.#deskOfRound(tx, place, now);
    const terms = termsOfRound(place.offers, usual, desk);
    const slots = terms.atOnce - live.length;
    if (slots <= 0 || opensLater(moment, desk) !== null) return null;
    const wanted = afterDeskMinutes(now, terms.answerMinutes, desk);
    const { left, answerable } = await this.#whoNow(tx, place, wanted, moment);
    if (answerable.length > 0) return this.#ask(tx, place, { left, answerable, slots, live }, moment);
    if (live.length > 0) return null;
    const offers = place.offers.filter((offer) => !lapsed.includes(offer));
    await this.settle(tx, { ...place, offers }, FreedPlaceStatus.EXPIRED, moment);
    return null;
  }

  /**
   * Somebody said no. Whether others can be asked in this moment must not matter to that, so it is somebody else's
   * transaction; should nobody begin it, the message does.
   */
  async declined(
    tx: Tx,
    place: FreedPlaceAtHand,
    offer: FreedPlaceOffer,
    { actor, now }: Pick<RoundMoment, 'actor' | 'now'>,
  ): Promise<void> {
    await this.ledger.end(tx, [offer], FreedPlaceOfferStatus.DECLINED, now);
    await this.ledger.noteAnswer(tx, actor, 'freed-place-offer.declined', offer, null);
    await this.outbox.post(tx, {
      topic: FREED_PLACE_WORK.declined,
      subjectId: place.id,
      version: place.version,
      dueAt: now.add({ seconds: AFTER_A_CLASH_SECONDS }),
    });
  }

  /** Gives back what is kept for those who are asked, for whoever takes it in the same transaction. */
  async letGo(tx: Tx, place: FreedPlaceAtHand, now: Temporal.Instant): Promise<void> {
    await this.claims.release(tx, place.id, now);
  }

  /** Somebody said yes and has the visit: the others are told that the place has gone. */
  async taken(
    tx: Tx,
    place: FreedPlaceAtHand,
    offer: FreedPlaceOffer & { readonly visitId: string },
    moment: Pick<RoundMoment, 'actor' | 'now'>,
  ): Promise<void> {
    const { actor, now } = moment;
    await tx.freedPlaceOffer.update({
      where: { id: offer.id },
      data: {
        status: FreedPlaceOfferStatus.ACCEPTED,
        visitId: offer.visitId,
        settledAt: dateFromInstant(now),
        version: { increment: 1 },
      },
      select: { id: true },
    });
    await this.ledger.noteAnswer(tx, actor, 'freed-place-offer.accepted', offer, offer.visitId);
    const others = place.offers.filter(({ id }) => id !== offer.id);
    await this.settle(tx, { ...place, offers: others }, FreedPlaceStatus.TAKEN, moment);
  }

  /** The place is over: nothing is kept any more, and those who could still have answered are told. */
  async settle(
    tx: Tx,
    place: FreedPlaceAtHand,
    end: End,
    { actor, now }: Pick<RoundMoment, 'actor' | 'now'>,
  ): Promise<void> {
    const sent = place.offers.filter(({ status }) => status === FreedPlaceOfferStatus.SENT);
    const told = sent.filter((offer) => !hasLapsed(offer, now));
    const queued = place.offers.filter(({ status }) => status === FreedPlaceOfferStatus.QUEUED);
    await this.ledger.end(
      tx,
      sent.filter((offer) => hasLapsed(offer, now)),
      FreedPlaceOfferStatus.LAPSED,
      now,
    );
    await this.ledger.end(tx, [...told, ...queued], FreedPlaceOfferStatus.GONE, now);
    await tx.freedPlace.update({
      where: { id: place.id },
      data: { status: end, answerBy: null, settledAt: dateFromInstant(now), version: { increment: 1 } },
      select: { id: true },
    });
    await this.letGo(tx, place, now);
    for (const { id, version } of told) {
      await this.outbox.post(tx, { topic: FREED_PLACE_TOPICS.gone, subjectId: id, version: version + 1 });
    }
    await this.audit.record(tx, actor, {
      action: AUDITED_END[end],
      subjectType: 'freed-place',
      subjectId: place.id,
      patientIds: told.map(({ patientId }) => patientId),
    });
  }

  /** When somebody can be asked by itself, where that is later than now; null: now. Whoever is there asks at any time. */
  async opensLater(
    client: Tx | Database['client'],
    moment: Pick<RoundMoment, 'actor' | 'now'>,
  ): Promise<Temporal.Instant | null> {
    if (isThere(moment.actor)) return null;
    return opensLater(moment, await this.calendar.deskHours(client, moment.now));
  }

  /** Desk hours from the first question of the round on, by which its terms are measured. */
  #deskOfRound(tx: Tx, { offers }: FreedPlaceAtHand, now: Temporal.Instant): Promise<DeskHours> {
    const asked = offers.flatMap(({ sentAt }) => sentAt ?? []);
    const [first = now] = asked.toSorted(Temporal.Instant.compare);
    return this.calendar.deskHours(tx, first);
  }

  async #whoNow(tx: Tx, place: FreedPlaceAtHand, wanted: Temporal.Instant, { known, now }: RoundMoment) {
    await this.ledger.oneRoundAtOnce(tx);
    const left = await this.candidates.candidates(tx, place, known, now);
    return { left, answerable: answerableOf(left.candidates, wanted, now, this.calendar.timeZone) };
  }

  /** Writes down the order, asks the first of it, and keeps the place for as long as any of them may answer. */
  async #ask(
    tx: Tx,
    place: FreedPlaceAtHand,
    round: {
      readonly left: PlaceNow;
      readonly answerable: readonly Answerable[];
      readonly slots: number;
      readonly live: readonly FreedPlaceOffer[];
    },
    { actor, now }: RoundMoment,
  ): Promise<Refusal | null> {
    const asked = round.answerable.slice(0, round.slots).map((one) => ({ ...one, id: newId() }));
    await this.ledger.writeOrder(tx, place, asked, round.answerable.slice(round.slots), now);
    const deadlines = [...asked, ...round.live].flatMap(({ answerBy }) => answerBy ?? []);
    const answerBy = deadlines.toSorted(Temporal.Instant.compare).at(-1) ?? now;
    await tx.freedPlace.update({
      where: { id: place.id },
      data: {
        status: FreedPlaceStatus.OFFERING,
        answerBy: dateFromInstant(answerBy),
        version: { increment: 1 },
      },
      select: { id: true },
    });
    await this.letGo(tx, place, now);
    const { spans } = round.left;
    const taken = await this.claims.claimSpans(tx, {
      holderId: place.id,
      spans,
      at: now,
      expiresAt: answerBy,
    });
    if (taken !== null) return taken;
    for (const { id } of asked) {
      await this.outbox.post(tx, { topic: FREED_PLACE_TOPICS.offered, subjectId: id, version: 0 });
    }
    for (const due of new Set(asked.map((one) => one.answerBy.toString()))) {
      const dueAt = Temporal.Instant.from(due);
      await this.outbox.post(tx, {
        topic: FREED_PLACE_WORK.due,
        subjectId: place.id,
        version: place.version + 1,
        dueAt,
      });
    }
    await this.audit.record(tx, actor, {
      action: 'freed-place.offered',
      subjectType: 'freed-place',
      subjectId: place.id,
      patientIds: asked.map(({ patientId }) => patientId),
      after: { offerIds: asked.map(({ id }) => id), answerBy },
    });
    return null;
  }
}

function opensLater(
  { actor, now }: Pick<RoundMoment, 'actor' | 'now'>,
  desk: DeskHours,
): Temporal.Instant | null {
  if (isThere(actor)) return null;
  const opens = deskOpenFrom(now, desk);
  return opens.equals(now) ? null : opens;
}

/** A person asks, and not the clock. */
function isThere({ kind }: Actor): boolean {
  return kind === 'STAFF';
}

/** As the kind of visit says that left the place. */
export function usualTerms({ visitTypeCode }: FreedPlaceAtHand, { visitTypes }: KindsOfVisit): AskingTerms {
  const visitType = visitTypes.find(({ code }) => code === visitTypeCode);
  if (visitType === undefined) throw new RangeError(`a place was left by no kind of visit: ${visitTypeCode}`);
  return { atOnce: visitType.offersAtOnce, answerMinutes: visitType.answerMinutes };
}
