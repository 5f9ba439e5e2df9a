import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  dateFromInstant,
  instantFromDate,
  localDate,
  spanOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { FIRM_HOLD, PATIENT_ELSEWHERE, SWEEP_CLAIMS, SWEEP_PRESENCES } from './claim.queries.js';
import { exchangeOf, faultOfClaim, mergedSpans, sayWhen, spansFrom, wholeOf } from './claim.rules.js';
import { firstFit, inClaimOrder, sayOpenHours, spansOutside, toResourceSpan } from './free-span.rules.js';
import { FreeTimeService } from './free-time.service.js';
import { LOCK_TO_CLAIM } from './schedule.queries.js';
import { OutsideOpeningHours, PatientElsewhere, SlotAlreadyTaken } from './schedule.refusals.js';
import type { FreeSpan, ResourceSpan, Span, SpansToClaim, VisitClaim } from './schedule.type.js';

/** How far to look for the next free time when one is taken. Later than this, ask for offers. */
const NEXT_FREE_MAX_DAYS = 28;

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
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * Takes every span and the patient's time, or answers why not: a refusal must be returned from the transaction, which
   * undoes the rest. To move a visit, release first, in the same transaction. Holds that have ended give way.
   */
  async claim(
    tx: Tx,
    claim: VisitClaim,
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | PatientElsewhere | null> {
    return (await this.claimSpans(tx, claim)) ?? (await this.#claimPresence(tx, claim));
  }

  /** The same without a patient. */
  async claimSpans(tx: Tx, claim: SpansToClaim): Promise<OutsideOpeningHours | SlotAlreadyTaken | null> {
    return this.#takeSpans(tx, claim, claim.spans);
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
      taken.length === 0 ? null : await this.#takeSpans(tx, { ...claim, spans: taken }, spansFrom(taken, at));
    if (refusal !== null || presence === null) return refusal;
    return this.#claimPresence(tx, { ...claim, presence: { ...presence, spans: stays } });
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

  /** Writes the spans of the claim; `asked` is what of them must be free. */
  async #takeSpans(
    tx: Tx,
    claim: SpansToClaim,
    asked: readonly ResourceSpan[],
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken | null> {
    const spans = claim.spans.toSorted(inClaimOrder);
    const fault = faultOfClaim(spans, claim.at, claim.expiresAt ?? null);
    if (fault !== null) throw new RangeError(fault);
    const ids = [...new Set(spans.map((span) => span.resourceId))];
    const now = claim.at.toString();
    const locked = await tx.$queryRawUnsafe<readonly LockedResource[]>(LOCK_TO_CLAIM, ids, now);
    if (locked.length < ids.length) throw notFound('resource');
    const window = wholeOf(spans);
    if (locked.some((resource) => resource.hasEndedHolds)) {
      const { startsAt, endsAt } = window;
      await tx.$executeRawUnsafe(SWEEP_CLAIMS, ids, startsAt.toString(), endsAt.toString(), now);
    }
    const free = await this.freeTime.freeSpans(tx, { ...circumstances(claim), window, resourceIds: ids });
    if (spansOutside(asked, free).length > 0) return this.#whyNotFree(tx, claim, asked);
    // Rows that meet a live claim are skipped by the exclusion constraint, also those that others are just writing.
    const { count } = await tx.spanClaim.createMany({
      data: spans.map((span) => ({ resourceId: span.resourceId, ...columnsOf(span, claim) })),
      skipDuplicates: true,
    });
    return count < spans.length ? this.#whyNotFree(tx, claim, asked.length > 0 ? asked : spans) : null;
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

  /** The resources only: of a scan, the database keeps the patient's time itself. */
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

  async #claimPresence(tx: Tx, claim: VisitClaim): Promise<PatientElsewhere | null> {
    if (claim.presence === null || claim.presence.spans.length === 0) return null;
    const { patientId } = claim.presence;
    const spans = mergedSpans(claim.presence.spans);
    const data = spans.map((span) => ({ patientId, ...columnsOf(span, claim) }));
    const insert = () => tx.patientPresence.createMany({ data, skipDuplicates: true });
    let { count } = await insert();
    // Seldom: so the sweep is asked for only when something is in the way. What was written just now skips itself.
    if (count < spans.length) {
      const swept = await tx.$executeRawUnsafe(SWEEP_PRESENCES, patientId, claim.at.toString());
      if (swept > 0) count += (await insert()).count;
    }
    return count < spans.length ? this.#whyElsewhere(tx, claim.holderId, patientId, spans) : null;
  }

  async #whyElsewhere(
    tx: Tx,
    holderId: string,
    patientId: string,
    spans: readonly Span[],
  ): Promise<PatientElsewhere> {
    const [row] = await tx.$queryRawUnsafe<readonly { startsAt: Date; endsAt: Date }[]>(
      PATIENT_ELSEWHERE,
      patientId,
      spans.map((span) => span.startsAt.toString()),
      spans.map((span) => span.endsAt.toString()),
      holderId,
    );
    if (row === undefined) return new PatientElsewhere();
    const elsewhere = { startsAt: instantFromDate(row.startsAt), endsAt: instantFromDate(row.endsAt) };
    return new PatientElsewhere(elsewhere, sayWhen(elsewhere, this.config.clinicTimeZone));
  }

  /** Closed, or open and taken? Asked only when something is in the way. */
  async #whyNotFree(
    tx: Tx,
    claim: SpansToClaim,
    spans: readonly ResourceSpan[],
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken> {
    const timeZone = this.config.clinicTimeZone;
    const resourceIds = spans.map((span) => span.resourceId);
    const whole = wholeOf(spans);
    const days = {
      startsAt: spanOfDay(localDate(whole.startsAt, timeZone), timeZone).start,
      endsAt: spanOfDay(localDate(whole.endsAt, timeZone), timeZone).end,
    };
    const open = await this.freeTime.openSpans(tx, { ...circumstances(claim), window: days, resourceIds });
    const [closed] = spansOutside(spans, open);
    if (closed) return this.#outsideHours(tx, closed, open);
    const window = { startsAt: whole.startsAt, endsAt: whole.endsAt.add({ hours: NEXT_FREE_MAX_DAYS * 24 }) };
    const { holderId: ignoreHolderId } = claim;
    const free = await this.freeTime.freeSpans(tx, {
      ...circumstances(claim),
      window,
      resourceIds,
      ignoreHolderId,
    });
    const [taken] = spansOutside(spans, free);
    return new SlotAlreadyTaken(taken ? firstFit(taken, free) : null);
  }

  async #outsideHours(tx: Tx, closed: ResourceSpan, open: readonly FreeSpan[]): Promise<OutsideOpeningHours> {
    const timeZone = this.config.clinicTimeZone;
    const day = spanOfDay(localDate(closed.startsAt, timeZone), timeZone);
    const hours = open.filter(
      (span) =>
        span.resourceId === closed.resourceId &&
        Temporal.Instant.compare(span.startsAt, day.end) < 0 &&
        Temporal.Instant.compare(span.endsAt, day.start) > 0,
    );
    const resources = await this.freeTime.resourcesById(tx, [closed.resourceId]);
    const name = resources.get(closed.resourceId)?.name ?? 'The resource';
    const openSpans = hours.map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
    const whenOpen = sayOpenHours(name, closed.startsAt, openSpans, timeZone);
    return new OutsideOpeningHours(closed.resourceId, openSpans, whenOpen);
  }
}

interface LockedResource {
  readonly id: string;
  readonly hasEndedHolds: boolean;
}

/** What every look at the diary for one claim has in common. */
function circumstances({ at, visitTypeCode }: SpansToClaim) {
  return { asOf: at, visitTypeCode: visitTypeCode ?? null };
}

function columnsOf(span: Span, claim: SpansToClaim) {
  return {
    startsAt: dateFromInstant(span.startsAt),
    endsAt: dateFromInstant(span.endsAt),
    holderId: claim.holderId,
    claimedAt: dateFromInstant(claim.at),
    expiresAt: claim.expiresAt ? dateFromInstant(claim.expiresAt) : null,
  };
}
