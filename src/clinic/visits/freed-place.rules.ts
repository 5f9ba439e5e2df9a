import {
  type FreedPlaceOfferStatus,
  FreedPlaceStatus,
  type ResourceKind,
  type VisitStatus,
} from '../../platform/database/generated/enums.js';
import {
  type DeskHours,
  deskMinutesBetween,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import {
  FreedPlaceChangedMeanwhile,
  FreedPlaceNotOpen,
  OfferExpired,
  OfferGone,
  OfferNotOpen,
} from './freed-place.refusals.js';

/** Nobody can be asked, answer and come sooner than this: what begins earlier is not kept as a freed place. */
export const FREED_NOTICE_MIN_MINUTES = 120;
/** Whoever says yes at the last moment still has to come: the last answer is due so long before the visit. */
export const COMING_MIN_MINUTES = 60;
/** So many who fit are written down in order. Few places are refused by twenty. */
export const CANDIDATES_MAX = 20;
/** So many who wait are held against a place, the most urgent first. Beyond them nobody would be reached in time. */
export const REQUESTS_WEIGHED_MAX = 300;
/** As the table of kinds of visit allows. More at once is a race, not an offer. */
export const AT_ONCE_MAX = 10;
export const ANSWER_MIN_MINUTES = 5;
export const ANSWER_MAX_MINUTES = 10_080;

/** What can be done with a place, by the names of the operations. */
export const FREED_PLACE_VERBS = {
  OPEN: ['offerFreedPlace', 'withdrawFreedPlace'],
  OFFERING: ['withdrawFreedPlace'],
  TAKEN: [],
  WITHDRAWN: [],
  EXPIRED: [],
} as const satisfies Record<FreedPlaceStatus, readonly string[]>;

export type FreedPlaceVerb = (typeof FREED_PLACE_VERBS)[FreedPlaceStatus][number];

/** What a change must be called for a place to fall free by it, and how the visit stood before. */
const LEAVING_ACTIONS: ReadonlySet<string> = new Set([
  'visit.moved',
  'visit.cancelled',
  'visit.missed',
  'visit.discontinued',
]);
const HAD_A_PLACE: ReadonlySet<VisitStatus> = new Set<VisitStatus>(['BOOKED', 'ARRIVED', 'IN_PROGRESS']);

/** Has a visit that was booked left its place, or part of it? A hold that ends frees nothing that was promised. */
export function leavesPlace(action: string, before: { readonly status: VisitStatus } | null): boolean {
  return before !== null && LEAVING_ACTIONS.has(action) && HAD_A_PLACE.has(before.status);
}

/** A stretch of time of one resource. */
export interface PlaceSpan {
  readonly resourceId: string;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** The first moment at which a visit in a freed place can begin. */
export function usableFrom(now: Temporal.Instant): Temporal.Instant {
  return now.add({ minutes: FREED_NOTICE_MIN_MINUTES });
}

/** After this moment nothing of the place is of use to anybody. */
export function usableUntil(place: { readonly endsAt: Temporal.Instant }): Temporal.Instant {
  return place.endsAt.subtract({ minutes: FREED_NOTICE_MIN_MINUTES });
}

/** What of some spans lies in others of the same resource, from a moment on. In order of resource and time. */
export function spansStillFree(
  spans: readonly PlaceSpan[],
  free: readonly PlaceSpan[],
  from: Temporal.Instant,
): readonly PlaceSpan[] {
  return spans
    .flatMap((span) =>
      free.flatMap((other): PlaceSpan[] => {
        if (other.resourceId !== span.resourceId) return [];
        const startsAt = latest(span.startsAt, other.startsAt, from);
        const endsAt = earliest(span.endsAt, other.endsAt);
        return isBefore(startsAt, endsAt) ? [{ resourceId: span.resourceId, startsAt, endsAt }] : [];
      }),
    )
    .toSorted(
      (a, b) =>
        (a.resourceId < b.resourceId ? -1 : Number(a.resourceId > b.resourceId)) ||
        Temporal.Instant.compare(a.startsAt, b.startsAt),
    );
}

/** Of some spans, those that are not shorter than the shortest use that the clinic has for their resource. */
export function longEnough(
  spans: readonly PlaceSpan[],
  kindOf: ReadonlyMap<string, ResourceKind>,
  shortestUseMs: ReadonlyMap<ResourceKind, number>,
): readonly PlaceSpan[] {
  return spans.filter(({ resourceId, startsAt, endsAt }) => {
    const kind = kindOf.get(resourceId);
    const shortestMs = kind === undefined ? undefined : shortestUseMs.get(kind);
    return shortestMs !== undefined && startsAt.until(endsAt).total('milliseconds') >= shortestMs;
  });
}

/** From the first start to the last end; null: nothing. */
export function extentOf(
  spans: readonly Omit<PlaceSpan, 'resourceId'>[],
): { readonly startsAt: Temporal.Instant; readonly endsAt: Temporal.Instant } | null {
  const [first, ...others] = spans;
  if (first === undefined) return null;
  return {
    startsAt: earliest(first.startsAt, ...others.map(({ startsAt }) => startsAt)),
    endsAt: latest(first.endsAt, ...others.map(({ endsAt }) => endsAt)),
  };
}

/** A place that nobody has asked for is over when its time is near, or when others have booked all of it. */
export function shownPlaceStatus(
  place: { readonly status: FreedPlaceStatus; readonly endsAt: Temporal.Instant },
  isStillFree: boolean,
  now: Temporal.Instant,
): FreedPlaceStatus {
  if (place.status !== FreedPlaceStatus.OPEN) return place.status;
  const isOver = !isBefore(now, usableUntil(place)) || !isStillFree;
  return isOver ? FreedPlaceStatus.EXPIRED : FreedPlaceStatus.OPEN;
}

/** The first "no" to asking people about a place, or to giving it up. `status` is the one shown. */
export function canDoWithPlace(
  place: { readonly status: FreedPlaceStatus; readonly version: number },
  verb: FreedPlaceVerb,
  version: number,
): FreedPlaceNotOpen | FreedPlaceChangedMeanwhile | null {
  const possible: readonly string[] = FREED_PLACE_VERBS[place.status];
  if (!possible.includes(verb)) return new FreedPlaceNotOpen(place.status);
  return place.version === version ? null : new FreedPlaceChangedMeanwhile(place.version);
}

/** An offer as it is answered. */
export interface AskedOffer {
  readonly status: FreedPlaceOfferStatus;
  readonly version: number;
  readonly sentAt: Temporal.Instant | null;
  readonly answerBy: Temporal.Instant | null;
}

/** The first "no" to an answer. At the last moment of its time an offer is over. */
export function canAnswer(
  offer: AskedOffer,
  version: number,
  now: Temporal.Instant,
): OfferGone | OfferExpired | OfferNotOpen | FreedPlaceChangedMeanwhile | null {
  switch (offer.status) {
    case 'GONE':
      return new OfferGone();
    case 'LAPSED':
      return new OfferExpired(offer.answerBy);
    case 'QUEUED':
    case 'ACCEPTED':
    case 'DECLINED':
      return new OfferNotOpen(offer.status);
    case 'SENT':
      if (hasLapsed(offer, now)) return new OfferExpired(offer.answerBy);
      return offer.version === version ? null : new FreedPlaceChangedMeanwhile(offer.version);
  }
}

/** Asked, and not answered in time. */
export function hasLapsed(offer: AskedOffer, now: Temporal.Instant): boolean {
  return offer.status === 'SENT' && (offer.answerBy === null || !isBefore(now, offer.answerBy));
}

/** How many are asked at once, and how long each has. */
export interface AskingTerms {
  readonly atOnce: number;
  readonly answerMinutes: number;
}

/** The terms on which a round goes on: those of its first questions, whatever the kind of visit says by now. */
export function termsOfRound(
  offers: readonly AskedOffer[],
  usual: AskingTerms,
  desk: DeskHours,
): AskingTerms {
  const asked = offers.flatMap(({ sentAt, answerBy }) => (sentAt && answerBy ? [{ sentAt, answerBy }] : []));
  const [first] = asked.toSorted((a, b) => Temporal.Instant.compare(a.sentAt, b.sentAt));
  if (first === undefined) return usual;
  const together = asked.filter(({ sentAt }) => sentAt.equals(first.sentAt));
  const minutes = together.map(({ sentAt, answerBy }) => minutesFor(sentAt, answerBy, desk));
  return {
    atOnce: together.length,
    answerMinutes: Math.max(ANSWER_MIN_MINUTES, Math.round(Math.max(...minutes))),
  };
}

/** Of an answer that is due on another day, the minutes in which somebody is there to hear it, if there are any. */
function minutesFor(sentAt: Temporal.Instant, answerBy: Temporal.Instant, desk: DeskHours): number {
  const all = sentAt.until(answerBy).total('minutes');
  if (localDate(sentAt, desk.timeZone).equals(localDate(answerBy, desk.timeZone))) return all;
  return deskMinutesBetween(sentAt, answerBy, desk) || all;
}

/**
 * Until when an offer can be answered: as long as is wanted, but so that whoever says yes can still come, and can
 * still be booked: where a visit must be booked so many days before, the last such day is the last for an answer.
 */
export function answerDeadline(
  now: Temporal.Instant,
  wanted: Temporal.Instant,
  offer: { readonly startsAt: Temporal.Instant; readonly earliestOn: Temporal.PlainDate },
  timeZone: string,
): Temporal.Instant {
  const today = localDate(now, timeZone);
  const slackDays = offer.earliestOn.until(localDate(offer.startsAt, timeZone), { largestUnit: 'day' }).days;
  return earliest(
    wanted,
    offer.startsAt.subtract({ minutes: COMING_MIN_MINUTES }),
    startOfDay(today.add({ days: Math.max(0, slackDays) + 1 }), timeZone),
  );
}

/**
 * Those who would have a reasonable time for an answer, in their order, each with its end. Somebody who would have to
 * answer within minutes is not asked.
 */
export function answerableOf<
  One extends { readonly startsAt: Temporal.Instant; readonly earliestOn: Temporal.PlainDate },
>(
  candidates: readonly One[],
  wanted: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): readonly (One & { readonly answerBy: Temporal.Instant })[] {
  const soonest = now.add({ minutes: ANSWER_MIN_MINUTES });
  return candidates
    .map((one) => ({ ...one, answerBy: answerDeadline(now, wanted, one, timeZone) }))
    .filter(({ answerBy }) => !isBefore(answerBy, soonest));
}

function earliest(first: Temporal.Instant, ...others: readonly Temporal.Instant[]): Temporal.Instant {
  return others.reduce((a, b) => (isBefore(b, a) ? b : a), first);
}

function latest(first: Temporal.Instant, ...others: readonly Temporal.Instant[]): Temporal.Instant {
  return others.reduce((a, b) => (isBefore(a, b) ? b : a), first);
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
