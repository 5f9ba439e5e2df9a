import { type Random, randomOf } from '../bench-scheduling/random.js';
import type { SimulatedCalendar } from './calendar.js';
import type { SimulatedType } from './clinic.js';

// Who asks for what and when, and what will become of it, whatever the policy: drawn before anybody books.

/** Of all patients; the rest can come at any time. Who has a long visit cannot ask for half days. */
const MORNINGS_ONLY = 0.15;
const AFTERNOONS_ONLY = 0.15;
const NOT_ON_TWO_WEEKDAYS = 0.15;
const LONG_VISIT_MINUTES = 180;

/** What may happen to a booking. Assumptions: the clinic has to put its own numbers here. */
const CANCELLATION_SHARE = 0.12;
const CANCELS_FOR_GOOD_SHARE = 0.4;
const NO_SHOW_SHARE = 0.06;
const NO_SHOW_FOR_GOOD_SHARE = 0.3;
const OVERRUN_SHARE = 0.15;
const OVERRUN_MINUTES_MAX = 25;
/** The first offer is taken so often, else the next, and so on. */
const TAKES_OFFER_SHARE = 0.75;
const OFFERS_LOOKED_AT_MAX = 4;
/** Would come sooner when a time becomes free. */
const WANTS_SOONER_SHARE = 0.6;
/** Of the days on which the camera should work. */
const CAMERA_FAILURE_SHARE = 0.015;
/** Callers ring between opening and the end of the afternoon. */
const FIRST_CALL_MINUTE = 8 * 60;
const CALL_MINUTES = 9 * 60;

/** The lot of one booking of a request; every further booking of the same request has another. */
export interface Fate {
  /** The place in the list of offers that suits. */
  readonly choice: number;
  /** At this part of the days up to the visit the patient cancels; null: does not. */
  readonly cancelsAt: number | null;
  /** At this minute of that day. */
  readonly cancelMinute: number;
  readonly cancelsForGood: boolean;
  readonly isNoShow: boolean;
  readonly leavesAfterNoShow: boolean;
  /** By how many minutes each step is longer than planned. */
  readonly overruns: readonly number[];
}

export interface Wish {
  readonly id: number;
  readonly type: SimulatedType;
  /** Day on which the patient asks. */
  readonly askedOn: number;
  /** Day from which the wait is counted. */
  readonly clockFrom: number;
  /** Minutes of the local day, and ISO weekdays, on which the patient can come. */
  readonly fromMinute: number;
  readonly untilMinute: number;
  readonly weekdays: readonly number[];
  readonly wantsSooner: boolean;
}

export interface Demand {
  readonly wishesOf: ReadonlyMap<number, readonly Wish[]>;
  readonly cameraFails: ReadonlySet<number>;
  fateOf(wish: Wish, booking: number): Fate;
  /** Is an offer to come sooner taken? */
  takesSooner(wish: Wish, offer: number): boolean;
}

/** Apart from each other, so that more bookings of one patient do not change the lot of another. */
const WISH_STRIDE = 7_919;
const SOONER_STRIDE = 104_729;
const TAKES_SOONER_SHARE = 0.5;
const DAY_MINUTES = 24 * 60;

export function makeDemand(
  types: readonly SimulatedType[],
  calendar: SimulatedCalendar,
  seed: number,
): Demand {
  const random = randomOf(seed);
  const wishesOf = new Map<number, readonly Wish[]>();
  const cameraFails = new Set<number>();
  let id = 0;
  for (const day of calendar.days) {
    if (day.number > calendar.lastDay || !day.isWorking) continue;
    if (random.next() < CAMERA_FAILURE_SHARE) cameraFails.add(day.number);
    const wishes: Wish[] = [];
    for (const type of types) {
      for (let left = random.countAround(type.perDay); left > 0; left -= 1) {
        id += 1;
        wishes.push(wishOf(id, type, day.number, random));
      }
    }
    wishesOf.set(day.number, shuffled(wishes, random));
  }
  return {
    wishesOf,
    cameraFails,
    fateOf: (wish, booking) => drawFate(wish, randomOf(seed + wish.id * WISH_STRIDE + booking)),
    takesSooner: (wish, offer) =>
      randomOf(seed ^ (wish.id * SOONER_STRIDE + offer)).next() < TAKES_SOONER_SHARE,
  };
}

function wishOf(id: number, type: SimulatedType, askedOn: number, random: Random): Wish {
  const draw = random.next();
  const skipped = [1 + random.below(5), 1 + random.below(5)];
  const wantsSooner = random.next() < WANTS_SOONER_SHARE;
  const isLong = minutesOf(type) > LONG_VISIT_MINUTES;
  const halfDays = isLong ? 0 : MORNINGS_ONLY + AFTERNOONS_ONLY;
  const isMorning = !isLong && draw < MORNINGS_ONLY;
  const isAfternoon = !isLong && !isMorning && draw < halfDays;
  const isPicky = draw >= halfDays && draw < halfDays + NOT_ON_TWO_WEEKDAYS;
  return {
    id,
    type,
    askedOn,
    clockFrom: askedOn + type.afterDays,
    fromMinute: isAfternoon ? 12 * 60 : 0,
    untilMinute: isMorning ? 13 * 60 : DAY_MINUTES,
    weekdays: [1, 2, 3, 4, 5].filter((weekday) => !isPicky || !skipped.includes(weekday)),
    wantsSooner,
  };
}

function minutesOf({ chain }: SimulatedType): number {
  return chain.steps.reduce((sum, step) => sum + (step.wait?.targetMinutes ?? 0) + step.durationMinutes, 0);
}

function drawFate(wish: Wish, random: Random): Fate {
  let choice = 0;
  while (random.next() >= TAKES_OFFER_SHARE && choice < OFFERS_LOOKED_AT_MAX - 1) choice += 1;
  const cancels = random.next() < CANCELLATION_SHARE;
  const cancelsAt = random.next();
  const cancelMinute = FIRST_CALL_MINUTE + random.below(CALL_MINUTES);
  const cancelsForGood = random.next() < CANCELS_FOR_GOOD_SHARE;
  const isNoShow = random.next() < NO_SHOW_SHARE;
  const leavesAfterNoShow = random.next() < NO_SHOW_FOR_GOOD_SHARE;
  const overruns = wish.type.chain.steps.map(() =>
    random.next() < OVERRUN_SHARE ? 1 + random.below(OVERRUN_MINUTES_MAX) : 0,
  );
  return {
    choice,
    cancelsAt: cancels ? cancelsAt : null,
    cancelMinute,
    cancelsForGood,
    isNoShow,
    leavesAfterNoShow,
    overruns,
  };
}

function shuffled(wishes: readonly Wish[], random: Random): readonly Wish[] {
  return wishes
    .map((wish) => ({ wish, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ wish }) => wish);
}
