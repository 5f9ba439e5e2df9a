import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { FIRM_HOLD, SWEEP_CLAIMS, SWEEP_PRESENCES, TAKE } from './claim.queries.js';
import { circumstances, exchangeOf, faultOfClaim, mergedSpans, spansFrom, wholeOf } from './claim.rules.js';
import { ClaimRefusalService } from './claim-refusal.service.js';
import { inClaimOrder, spansOutside, toResourceSpan } from './free-span.rules.js';
import { FreeTimeService } from './free-time.service.js';
import { LOCK_TO_CLAIM } from './schedule.queries.js';
import { OutsideOpeningHours, PatientElsewhere, SlotAlreadyTaken } from './schedule.refusals.js';
import type { ResourceSpan, Span, SpansToClaim, VisitClaim } from './schedule.type.js';

/**
 * How often it is read what is free, before it is taken: somebody may take a part of it in between, and claims are kept
 * apart by their own rows only. More than twice in a row is another fault than bad luck.
 */
const RETAKE_ATTEMPTS_MAX = 3;

/** The refusals behind the exclusion constraints, for the `onConstraint` of a transaction that claims. */
export const claimConstraints = {
  span_claims_no_overlap: () => new SlotAlreadyTaken(),
  patient_presences_one_place: () => new PatientElsewhere(),
} as const;

/**
 * Who has which time, for good or for a while. A hold is a claim with an end: until then it stands in everybody's way
 * like any other, from then on in nobody's. Every verb works inside the caller's transaction; whoever claims for a
 * patient holds the lock of that patient.
 */
@Injectable()
export class ClaimService {
  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(ClaimRefusalService) private readonly why: ClaimRefusalService,
  ) {}

  /**
   * Takes every span and the patient's time, or answers why not: a refusal must be returned from the transaction, which
   * undoes the rest. To move a visit, release first, in the same transaction. Holds that have ended give way.
   */
  async claim(
    tx: Tx,
    claim: VisitClaim,
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | PatientElsewhere | null> {
    const stays = claim.presence === null ? [] : mergedSpans(claim.presence.spans);
    return this.#takeSpans(tx, claim, claim.spans, stays);
  }

  /**
   * For whoever claims several times in one transaction, before the first: stands in line for all of the resources at
   * once, in their order, so that two who do so never wait for each other. Throws NOT_FOUND.
   */
  async standInLine(tx: Tx, resourceIds: readonly string[], at: Temporal.Instant): Promise<void> {
    const ids = [...new Set(resourceIds)];
    const locked = await tx.$queryRawUnsafe<readonly LockedResource[]>(
      LOCK_TO_CLAIM,
      ids,
      dateFromInstant(at),
    );
    if (locked.length < ids.length) throw notFound('resource');
  }

  /** The same without a patient. */
  async claimSpans(
    tx: Tx,
    claim: SpansToClaim,
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | PatientElsewhere | null> {
    return this.#takeSpans(tx, { ...claim, presence: null }, claim.spans, []);
  }

  /**
   * Makes of what the holder has what the claim says, or answers why not: a refusal must be returned from the
   * transaction. What stays the same is left alone, and of what is over nobody asks whether it is open.
   */
  async exchange(
    tx: Tx,
    claim: VisitClaim,
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | PatientElsewhere | null> {
    const { at, presence } = claim;
    const taken = await this.#giveSpans(tx, claim);
    const stays = await this.#giveStays(tx, claim);
    const refusal =
      taken.length === 0
        ? null
        : await this.#takeSpans(tx, { ...claim, spans: taken }, spansFrom(taken, at), []);
    if (refusal !== null || presence === null) return refusal;
    return this.#takeStays(tx, claim, stays, 0);
  }

  /**
   * For what happens anyway, such as a scan that is under way again: takes of the resources what is still to be had and
   * leaves the rest to whoever has it by now. The patient's time it takes, or answers why not.
   */
  async retakeFree(
    tx: Tx,
    claim: VisitClaim,
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | PatientElsewhere | null> {
    const window = wholeOf(claim.spans);
    const resourceIds = [...new Set(claim.spans.map((span) => span.resourceId))];
    const asked = { ...circumstances(claim), window, resourceIds, ignoreHolderId: claim.holderId };
    for (let attempt = 1; ; attempt += 1) {
      const free = await this.freeTime.freeSpans(tx, asked);
      const spans = claim.spans.filter((span) => spansOutside([span], free).length === 0);
      const refusal = await this.exchange(tx, { ...claim, spans });
      const isStale = refusal instanceof SlotAlreadyTaken;
      if (!isStale || attempt === RETAKE_ATTEMPTS_MAX) return refusal;
    }
  }

  /** Gives back what the claim does not say any more. What is left to take. */
  async #giveSpans(tx: Tx, { holderId, spans, at }: VisitClaim): Promise<readonly ResourceSpan[]> {
    const rows = await tx.spanClaim.findMany({ where: { holderId, releasedAt: null } });
    const held = rows.map((row) => ({ ...toResourceSpan(row), id: row.id }));
    const { given, taken } = exchangeOf(held, spans, at);
    const where = { id: { in: given.map(({ id }) => id) }, releasedAt: null };
    await tx.spanClaim.updateMany({ where, data: { releasedAt: dateFromInstant(at) } });
    return taken;
  }

  /** The same for the patient, who is to the rule a resource like any other. */
  async #giveStays(tx: Tx, { holderId, presence, at }: VisitClaim): Promise<readonly Span[]> {
    const rows = await tx.patientPresence.findMany({ where: { holderId, releasedAt: null } });
    const held = rows.map(({ id, patientId: resourceId, startsAt, endsAt }) => ({
      ...toResourceSpan({ resourceId, startsAt, endsAt }),
      id,
    }));
    const wanted =
      presence === null
        ? []
        : mergedSpans(presence.spans).map((span) => ({ ...span, resourceId: presence.patientId }));
    const { given, taken } = exchangeOf(held, wanted, at);
    const where = { id: { in: given.map(({ id }) => id) }, releasedAt: null };
    await tx.patientPresence.updateMany({ where, data: { releasedAt: dateFromInstant(at) } });
    return taken;
  }

  /** Writes the spans of the claim, of which `asked` must be free, and with them when the patient has to be there. */
  async #takeSpans(
    tx: Tx,
    claim: AnyClaim,
    asked: readonly ResourceSpan[],
    stays: readonly Span[],
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | PatientElsewhere | null> {
    const spans = claim.spans.toSorted(inClaimOrder);
    const fault = faultOfClaim(spans, claim.at, claim.expiresAt ?? null);
    if (fault !== null) throw new RangeError(fault);
    const ids = [...new Set(spans.map((span) => span.resourceId))];
    const now = dateFromInstant(claim.at);
    const window = wholeOf(spans);
    // On one connection: what is open is read when the lock is had.
    const [locked, free] = await Promise.all([
      tx.$queryRawUnsafe<readonly LockedResource[]>(LOCK_TO_CLAIM, ids, now),
      this.freeTime.freeSpans(tx, { ...circumstances(claim), window, resourceIds: ids }),
    ]);
    if (locked.length < ids.length) throw notFound('resource');
    if (locked.some((resource) => resource.hasEndedHolds)) {
      const [from, until] = [dateFromInstant(window.startsAt), dateFromInstant(window.endsAt)];
      await tx.$executeRawUnsafe(SWEEP_CLAIMS, ids, from, until, now);
    }
    if (spansOutside(asked, free).length > 0) return this.why.whyNotFree(tx, claim, asked);
    const { claims, presences } = await take(tx, claim, spans, stays);
    if (claims < spans.length) return this.why.whyNotFree(tx, claim, asked.length > 0 ? asked : spans);
    return this.#takeStays(tx, claim, stays, presences);
  }

  /**
   * Makes a hold a claim for good. False, and nothing is changed, when any part of it has ended at `now` or has been
   * taken by somebody else after it had ended; the visit must then be refused.
   */
  async firm(tx: Tx, holderId: string, now: Temporal.Instant): Promise<boolean> {
    const [answer] = await tx.$queryRawUnsafe<readonly { isFirm: boolean }[]>(
      FIRM_HOLD,
      holderId,
      now.toString(),
    );
    return answer?.isFirm ?? false;
  }

  /** Gives back all that the holder has, resources and the patient's time. How many spans; none is no mistake. */
  async release(tx: Tx, holderId: string, at: Temporal.Instant): Promise<number> {
    const count = await this.releaseSpans(tx, holderId, at);
    await tx.patientPresence.updateMany({
      where: { holderId, releasedAt: null },
      data: { releasedAt: dateFromInstant(at) },
    });
    return count;
  }

  /** The resources only. */
  async releaseSpans(tx: Tx, holderId: string, at: Temporal.Instant): Promise<number> {
    const { count } = await tx.spanClaim.updateMany({
      where: { holderId, releasedAt: null },
      data: { releasedAt: dateFromInstant(at) },
    });
    return count;
  }

  /** What the holder has now, in order of time; a hold that nobody has swept yet too. */
  async spansHeld(tx: Tx, holderId: string): Promise<readonly ResourceSpan[]> {
    const rows = await tx.spanClaim.findMany({
      where: { holderId, releasedAt: null },
      orderBy: [{ startsAt: 'asc' }, { resourceId: 'asc' }],
    });
    return rows.map(toResourceSpan);
  }

  /** What is not written yet of when the patient has to be there, after holds in the way that have ended. */
  async #takeStays(
    tx: Tx,
    claim: AnyClaim,
    stays: readonly Span[],
    written: number,
  ): Promise<PatientElsewhere | null> {
    if (claim.presence === null || written === stays.length) return null;
    const { patientId } = claim.presence;
    let count = written;
    if (count === 0) count += (await take(tx, claim, [], stays)).presences;
    // Seldom: so the sweep is asked for only when something is in the way. What was written just now skips itself.
    if (count < stays.length) {
      const swept = await tx.$executeRawUnsafe(SWEEP_PRESENCES, patientId, claim.at.toString());
      if (swept > 0) count += (await take(tx, claim, [], stays)).presences;
    }
    return count < stays.length ? this.why.whyElsewhere(tx, claim.holderId, patientId, stays) : null;
  }
}

/** With or without a patient. */
type AnyClaim = SpansToClaim & Pick<VisitClaim, 'presence'>;

interface LockedResource {
  readonly id: string;
  readonly hasEndedHolds: boolean;
}

/** Tries to write all of it; how much was. */
async function take(
  tx: Tx,
  claim: AnyClaim,
  spans: readonly ResourceSpan[],
  stays: readonly Span[],
): Promise<{ readonly claims: number; readonly presences: number }> {
  const [taken] = await tx.$queryRawUnsafe<readonly { claims: number; presences: number }[]>(
    TAKE,
    claim.holderId,
    dateFromInstant(claim.at),
    claim.expiresAt ? dateFromInstant(claim.expiresAt) : null,
    spans.map(() => newId()),
    spans.map((span) => span.resourceId),
    ...timesOf(spans),
    claim.presence?.patientId ?? null,
    stays.map(() => newId()),
    ...timesOf(stays),
  );
  return taken ?? { claims: 0, presences: 0 };
}

function timesOf(spans: readonly Span[]): readonly [Date[], Date[]] {
  return [
    spans.map((span) => dateFromInstant(span.startsAt)),
    spans.map((span) => dateFromInstant(span.endsAt)),
  ];
}
