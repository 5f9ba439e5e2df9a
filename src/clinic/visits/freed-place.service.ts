import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, Temporal } from '../../platform/time/index.js';
import type { Actor, StaffActor, UnattendedActor } from '../audit/audit.type.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import { NobodyForFreedPlace } from './freed-place.refusals.js';
import { canDoWithPlace, hasLapsed, usableUntil } from './freed-place.rules.js';
import type { FreedPlace, OfferFreedPlaceInput, WithdrawFreedPlaceInput } from './freed-place.type.js';
import { FreedPlaceKindService } from './freed-place-kind.service.js';
import { FREED_PLACE_WORK } from './freed-place-letter.type.js';
import { type FreedPlaceAtHand, FreedPlaceRecordService } from './freed-place-record.service.js';
import { AFTER_A_CLASH_SECONDS, FreedPlaceRoundService, usualTerms } from './freed-place-round.service.js';

/** Who asks when nobody did. */
export const UNATTENDED: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'freed-places',
  requestId: null,
  source: null,
};

/** A message is not made later than this to let a clock pass that runs ahead of ours. */
const CLOCK_SKEW_MAX_MINUTES = 10;

/** Asking about a freed place, by a person's word or by itself, and giving it up. */
@Injectable()
export class FreedPlaceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FreedPlaceRecordService) private readonly records: FreedPlaceRecordService,
    @Inject(FreedPlaceRoundService) private readonly rounds: FreedPlaceRoundService,
    @Inject(FreedPlaceKindService) private readonly kinds: FreedPlaceKindService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Asks those who wait, in their order. Throws NOT_FOUND. */
  async offerFreedPlace(actor: StaffActor, input: OfferFreedPlaceInput): Promise<FreedPlace | Refusal> {
    const known = await this.kinds.kinds();
    return this.database.transaction<FreedPlace | Refusal>(
      async (tx) => {
        const place = await this.records.lock(tx, input.freedPlaceId);
        const now = this.clock.now();
        const cannot = canDoWithPlace(await this.records.shown(tx, place), 'offerFreedPlace', input.version);
        if (cannot !== null) return cannot;
        const usual = usualTerms(place, known);
        const atOnce = input.atOnce ?? usual.atOnce;
        const terms = { atOnce, answerMinutes: input.answerMinutes ?? usual.answerMinutes };
        const refusal = await this.rounds.begin(tx, place, terms, { actor, known, now });
        return refusal ?? this.records.shown(tx, await this.records.read(tx, place.id));
      },
      { onConstraint: claimConstraints },
    );
  }

  /** Ends the asking; those who could still have answered are told. Throws NOT_FOUND. */
  async withdrawFreedPlace(actor: StaffActor, input: WithdrawFreedPlaceInput): Promise<FreedPlace | Refusal> {
    return this.database.transaction<FreedPlace | Refusal>(async (tx) => {
      const place = await this.records.lock(tx, input.freedPlaceId);
      const shown = await this.records.shown(tx, place);
      const cannot = canDoWithPlace(shown, 'withdrawFreedPlace', input.version);
      if (cannot !== null) return cannot;
      const moment = { actor, now: this.clock.now() };
      await this.rounds.settle(tx, place, FreedPlaceStatus.WITHDRAWN, moment);
      return this.records.shown(tx, await this.records.read(tx, place.id));
    });
  }

  /**
   * A place fell free: asks those who wait, where its kind of visit says so, in the hours of the desk. Done twice it is
   * done once. When to come again; null: done.
   */
  async offerUnasked(freedPlaceId: string): Promise<Temporal.Instant | null> {
    const moment = { actor: UNATTENDED, now: this.clock.now() };
    const opens = await this.rounds.opensLater(this.database.client, moment);
    if (opens !== null) return opens;
    const known = await this.kinds.kinds();
    const refusal = await this.database.transaction<Refusal | null>(
      async (tx) => {
        const place = await this.records.lock(tx, freedPlaceId);
        if (place.status !== FreedPlaceStatus.OPEN) return null;
        const moment = { actor: UNATTENDED, known, now: this.clock.now() };
        const { status } = await this.records.shown(tx, place);
        if (status !== FreedPlaceStatus.OPEN) {
          await this.rounds.settle(tx, place, FreedPlaceStatus.EXPIRED, moment);
          return null;
        }
        const offersFreed = known.visitTypes.some(
          ({ code, offersFreed: offers }) => offers && code === place.visitTypeCode,
        );
        const cannot = offersFreed
          ? await this.rounds.begin(tx, place, usualTerms(place, known), moment)
          : new NobodyForFreedPlace();
        if (!(cannot instanceof NobodyForFreedPlace)) return cannot;
        const { id: subjectId, version } = place;
        const message = { topic: FREED_PLACE_WORK.due, subjectId, version };
        await this.outbox.post(tx, { ...message, dueAt: usableUntil(place) });
        return null;
      },
      { onConstraint: claimConstraints },
    );
    return isRefusal(refusal) ? this.clock.now().add({ seconds: AFTER_A_CLASH_SECONDS }) : null;
  }

  /** Somebody said no: others are asked, unless they were already. When to come again; null: done. */
  async goOn(actor: Actor, freedPlaceId: string): Promise<Temporal.Instant | null> {
    const opens = await this.rounds.opensLater(this.database.client, { actor, now: this.clock.now() });
    if (opens !== null) return opens;
    const known = await this.kinds.kinds();
    const refusal = await this.database.transaction<Refusal | null>(
      async (tx) => {
        const place = await this.records.lock(tx, freedPlaceId);
        if (place.status !== FreedPlaceStatus.OFFERING) return null;
        return this.rounds.goOn(tx, place, { actor, known, now: this.clock.now() });
      },
      { onConstraint: claimConstraints },
    );
    return isRefusal(refusal) ? this.clock.now().add({ seconds: AFTER_A_CLASH_SECONDS }) : null;
  }

  /** A deadline has passed: of those who were asked, or of the place. When to come again; null: done. */
  async passDeadline(freedPlaceId: string): Promise<Temporal.Instant | null> {
    const known = await this.kinds.kinds();
    let again: Temporal.Instant | null = null;
    const refusal = await this.database.transaction<Refusal | null>(
      async (tx) => {
        const place = await this.records.lock(tx, freedPlaceId);
        const now = this.clock.now();
        const moment = { actor: UNATTENDED, known, now };
        again = comesAgain(place, now) ?? (await this.#inTheMorning(tx, place, now));
        if (place.status === FreedPlaceStatus.OFFERING) return this.rounds.goOn(tx, place, moment);
        if (place.status === FreedPlaceStatus.OPEN && again === null) {
          await this.rounds.settle(tx, place, FreedPlaceStatus.EXPIRED, moment);
        }
        return null;
      },
      { onConstraint: claimConstraints },
    );
    return isRefusal(refusal) ? this.clock.now().add({ seconds: AFTER_A_CLASH_SECONDS }) : again;
  }

  /** Nobody is asked by itself before then. */
  async #inTheMorning(
    tx: Tx,
    { status }: FreedPlaceAtHand,
    now: Temporal.Instant,
  ): Promise<Temporal.Instant | null> {
    if (status !== FreedPlaceStatus.OFFERING) return null;
    return this.rounds.opensLater(tx, { actor: UNATTENDED, now });
  }
}

/**
 * The next deadline of a place, when it is still to come: then this message must come again, for it may be the only one
 * of that deadline, handed over by a process whose clock runs ahead of ours. So much later, that it is on time then.
 */
function comesAgain(place: FreedPlaceAtHand, now: Temporal.Instant): Temporal.Instant | null {
  if (place.status === FreedPlaceStatus.OPEN) return afterSkew(usableUntil(place), now);
  if (place.status !== FreedPlaceStatus.OFFERING) return null;
  const live = place.offers.filter((offer) => offer.status === 'SENT' && !hasLapsed(offer, now));
  const [next] = live.flatMap(({ answerBy }) => answerBy ?? []).toSorted(Temporal.Instant.compare);
  return next === undefined ? null : afterSkew(next, now);
}

function afterSkew(deadline: Temporal.Instant, now: Temporal.Instant): Temporal.Instant | null {
  if (Temporal.Instant.compare(deadline, now) <= 0) return null;
  const early = Math.min(now.until(deadline).total('milliseconds'), CLOCK_SKEW_MAX_MINUTES * 60_000);
  return deadline.add({ milliseconds: early });
}
