import { MINUTE_MS } from '../../src/clinic/scheduling/chain.rules.js';
import { backfill } from './backfill.js';
import { type SimulatedCalendar, workingDayBefore } from './calendar.js';
import { HORIZON_DAYS } from './clinic.js';
import { liveDay } from './day.js';
import type { Demand } from './demand.js';
import { type BookedSteps, Diary } from './diary.js';
import { boundsOf, type Ground, offersOf, type Policy } from './policies.js';
import { type Case, newTally, startMsOf, type Tally } from './visits.js';

// One policy through the whole time, day by day: the camera works or does not, today's patients come or do not, some
// cancel, whoever has no time gets one.

/**
 * The tracer for a day is ordered by this time of the working day before. Radiopharmacies ask for it between 12:00 and
 * 15:00; recalled from practice, to be replaced by the supplier's own time.
 */
export const ORDER_CUT_OFF_MINUTE = 12 * 60;

export interface World {
  readonly ground: Ground;
  readonly demand: Demand;
  readonly policy: Policy;
  readonly diary: Diary;
  readonly cases: Case[];
  readonly tally: Tally;
  /** Whose visit is on a day. */
  readonly onDay: Map<number, Set<Case>>;
  today: number;
}

export interface YearOutcome {
  readonly cases: readonly Case[];
  readonly tally: Tally;
}

export function liveThrough(policy: Policy, demand: Demand, ground: Ground): YearOutcome {
  const world: World = {
    ground,
    demand,
    policy,
    diary: new Diary(),
    cases: [],
    tally: newTally(),
    onDay: new Map(),
    today: 0,
  };
  const { days, lastDay } = ground.calendar;
  for (const day of days.slice(0, HORIZON_DAYS + 1)) openDay(world, day.number);
  const waiting = new Set<Case>();
  for (world.today = 0; world.today <= lastDay; world.today += 1) {
    const day = days[world.today];
    if (day === undefined) break;
    openDay(world, day.number + HORIZON_DAYS + 1);
    if (!day.isWorking) continue;
    world.diary.forget(day.startMs);
    countUnusable(world);
    for (const one of liveDay(world)) waiting.add(one);
    for (const one of cancelToday(world)) waiting.add(one);
    for (const wish of demand.wishesOf.get(world.today) ?? []) {
      const one: Case = {
        wish,
        bookings: 0,
        booking: null,
        soonerOffers: 0,
        outcome: 'WAITING',
        seenOn: null,
      };
      world.cases.push(one);
      waiting.add(one);
    }
    for (const one of waiting) if (bookBest(world, one)) waiting.delete(one);
  }
  return { cases: world.cases, tally: world.tally };
}

/** Does today count? */
export function counts({ ground, today }: World): boolean {
  return today >= ground.calendar.countsFrom && today < ground.calendar.countsUntil;
}

/** Nobody knows beforehand that the camera will fail, so that day is as open as any other. */
function openDay({ diary, ground }: World, number: number): void {
  const day = ground.calendar.days[number];
  if (day?.isWorking === true) diary.open(day);
}

function countUnusable(world: World): void {
  const day = world.ground.calendar.days[world.today];
  if (day === undefined || !counts(world)) return;
  const all = world.diary.minutesOf(day, world.ground.shortest);
  const camera = world.diary.minutesOf(day, world.ground.shortest, 'CAMERA');
  world.tally.openMinutes += all.openMinutes;
  world.tally.unusableMinutes += all.unusableMinutes;
  world.tally.unusableCameraMinutes += camera.unusableMinutes;
  world.tally.openCameraMinutes += camera.openMinutes;
}

function bookBest(world: World, one: Case): boolean {
  const bounds = boundsOf(one.wish, world.today, world.ground, noticeFor(one));
  if (bounds === null) return false;
  // Nobody looks at more offers than until one suits.
  const { choice } = world.demand.fateOf(one.wish, one.bookings);
  const asked = { wish: one.wish, bounds, diary: world.diary, limit: choice + 1 };
  const chosen = offersOf(world.policy.search, asked, world.ground).at(-1);
  if (chosen === undefined) return false;
  book(world, one, chosen);
  return true;
}

/** Whoever lost a time through no delay of the clinic's own notice may come as soon as there is one. */
const REBOOKING_NOTICE_DAYS = 2;

function noticeFor({ bookings }: Case): number | undefined {
  return bookings === 0 ? undefined : REBOOKING_NOTICE_DAYS;
}

export function book(world: World, one: Case, steps: BookedSteps): void {
  const day = dayOf(world.ground.calendar, startMsOf(steps), world.today);
  const fate = world.demand.fateOf(one.wish, one.bookings);
  const lead = day - world.today;
  const cancelsOn = fate.cancelsAt === null ? null : world.today + 1 + Math.floor(fate.cancelsAt * lead);
  one.bookings += 1;
  one.booking = { steps, day, fate, cancelsOn: cancelsOn === null ? null : Math.min(cancelsOn, day) };
  world.diary.take(one.wish.type.chain, steps);
  const others = world.onDay.get(day) ?? new Set();
  world.onDay.set(day, others.add(one));
}

/** Gives the time back; the case waits again until somebody says otherwise. */
export function unbook(world: World, one: Case): BookedSteps {
  const { booking } = one;
  if (booking === null) return [];
  world.diary.give(one.wish.type.chain, booking.steps);
  world.onDay.get(booking.day)?.delete(one);
  one.booking = null;
  return booking.steps;
}

/** Today's calls; who wants another time is returned. */
function cancelToday(world: World): readonly Case[] {
  const calling: Case[] = [];
  for (const [day, cases] of world.onDay) {
    if (day <= world.today) continue;
    for (const one of cases) {
      const on = one.booking?.cancelsOn ?? Number.POSITIVE_INFINITY;
      // Calls of a weekend are taken on the next working day.
      if (on <= world.today) calling.push(one);
    }
  }
  const again: Case[] = [];
  for (const one of calling.sort((a, b) => a.wish.id - b.wish.id)) {
    const { booking } = one;
    if (booking === null || (booking.cancelsOn ?? Number.POSITIVE_INFINITY) > world.today) continue;
    if (counts(world)) {
      world.tally.cancellations += 1;
      if (one.wish.type.isScan && isAfterOrder(world, booking.day, booking.fate.cancelMinute))
        world.tally.wastedByCancellation += 1;
    }
    const freed = unbook(world, one);
    if (booking.fate.cancelsForGood) one.outcome = 'LEFT';
    else again.push(one);
    if (world.policy.backfills) backfill(world, freed);
  }
  return again;
}

export function isAfterOrder(world: World, visitDay: number, minute: number): boolean {
  const orderedOn = workingDayBefore(world.ground.calendar, visitDay);
  return world.today > orderedOn || (world.today === orderedOn && minute >= ORDER_CUT_OFF_MINUTE);
}

/** The day of a moment, looked for from a day on. */
export function dayOf({ days }: SimulatedCalendar, ms: number, from: number): number {
  let number = from;
  while ((days[number]?.endMs ?? Number.POSITIVE_INFINITY) <= ms) number += 1;
  return number;
}

export const minutesBetween = (fromMs: number, untilMs: number): number => (untilMs - fromMs) / MINUTE_MS;
