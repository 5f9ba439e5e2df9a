import { MINUTE_MS } from '../../src/clinic/scheduling/chain.rules.js';
import { type Case, startMsOf } from './visits.js';
import { counts, isAfterOrder, minutesBetween, type World } from './year.js';

// A day as it really goes: somebody does not come, something takes longer, and whoever needs the same room waits.

/** A start so much later than planned counts as late. */
const LATE_MINUTES = 15;
const DAY_END_MINUTE = 24 * 60;

/** Lives through today's visits; who still needs a time is returned. */
export function liveDay(world: World): readonly Case[] {
  const today = [...(world.onDay.get(world.today) ?? [])].sort(
    (a, b) => startMsOf(a.booking?.steps ?? []) - startMsOf(b.booking?.steps ?? []) || a.wish.id - b.wish.id,
  );
  const readyAt = new Map<string, number>();
  const again: Case[] = [];
  for (const one of today) {
    if (isLost(world, one) || !serve(world, one, readyAt)) {
      dropBooking(one);
      if (one.outcome === 'WAITING') again.push(one);
    }
  }
  world.onDay.delete(world.today);
  return again;
}

/** Cancelled today, not come, or no camera: the time cannot be given to anybody else. */
function isLost(world: World, one: Case): boolean {
  const { booking, wish } = one;
  if (booking === null) return true;
  const { fate } = booking;
  const { tally } = world;
  const adds = counts(world) ? 1 : 0;
  const wastes = wish.type.isScan ? adds : 0;
  if (wish.type.isScan && world.demand.cameraFails.has(world.today)) {
    tally.wastedByCamera += wastes;
    return true;
  }
  if (booking.cancelsOn !== null && booking.cancelsOn <= world.today) {
    tally.cancellations += adds;
    if (isAfterOrder(world, booking.day, DAY_END_MINUTE)) tally.wastedByCancellation += wastes;
    if (fate.cancelsForGood) one.outcome = 'LEFT';
    return true;
  }
  if (!fate.isNoShow) return false;
  tally.wastedByNoShow += wastes;
  if (fate.leavesAfterNoShow) one.outcome = 'LEFT';
  return true;
}

/** False when the pictures could not be taken in time. */
function serve(world: World, one: Case, readyAt: Map<string, number>): boolean {
  const { booking, wish } = one;
  if (booking === null) return false;
  const { chain, isScan } = wish.type;
  let endedMs: number | null = null;
  let isLate = false;
  let cameraMinutes = 0;
  for (const [index, step] of booking.steps.entries()) {
    const wait = chain.steps[index]?.wait;
    const ready = step.resources.map(({ resourceId }) => readyAt.get(resourceId) ?? 0);
    const earliest: number = endedMs === null ? 0 : endedMs + (wait?.minMinutes ?? 0) * MINUTE_MS;
    const startMs: number = Math.max(step.startMs, earliest, ...ready);
    const isSpoiled =
      isScan &&
      endedMs !== null &&
      minutesBetween(endedMs, startMs) > Math.max(wait?.maxMinutes ?? 0, LATE_MINUTES);
    if (isSpoiled) {
      if (counts(world)) world.tally.wastedByDelay += 1;
      return false;
    }
    if (minutesBetween(step.startMs, startMs) > LATE_MINUTES) isLate = true;
    const planned = minutesBetween(step.startMs, step.endMs);
    endedMs = startMs + (planned + (booking.fate.overruns[index] ?? 0)) * MINUTE_MS;
    for (const { role, resourceId } of step.resources) {
      readyAt.set(resourceId, endedMs);
      if (role === 'camera') cameraMinutes += planned;
    }
  }
  one.outcome = 'SEEN';
  one.seenOn = world.today;
  if (counts(world)) {
    world.tally.starts += 1;
    world.tally.lateStarts += isLate ? 1 : 0;
    world.tally.scans += isScan ? 1 : 0;
    world.tally.usedCameraMinutes += cameraMinutes;
  }
  return true;
}

/** The rest of today is of no use to anybody else: the diary keeps it as taken until it is forgotten. */
function dropBooking(one: Case): void {
  one.booking = null;
}
