import type { MsSpan } from '../../src/clinic/scheduling/diary.rules.js';
import type { BookedSteps } from './diary.js';
import { boundsOf, offersOf, promiseOf } from './policies.js';
import { type Case, startMsOf } from './visits.js';
import { book, dayOf, unbook, type World } from './year.js';

// A freed span is offered to those who were given a time after their promise, one after another: whose wait is a breach
// first, then who has waited longest, then whose visit is of the kind that was freed.

/** Nobody is asked to come sooner than this. */
const SOONER_NOTICE_DAYS = 2;
/** So many are asked before the span is left to whoever asks next. */
const ASKED_MAX = 6;
/** Whoever comes sooner frees a time in turn, which may be offered again. */
const ROUNDS_MAX = 3;

export function backfill(world: World, freed: BookedSteps, round = 0): void {
  const { calendar } = world.ground;
  const day = calendar.days[dayOf(calendar, startMsOf(freed), world.today)];
  if (day === undefined || day.number < world.today + SOONER_NOTICE_DAYS || round >= ROUNDS_MAX) return;
  for (const one of ranked(world, day.number, freed).slice(0, ASKED_MAX)) {
    const bounds = boundsOf(one.wish, world.today, world.ground, SOONER_NOTICE_DAYS);
    if (bounds === null || day.startMs < bounds.fromMs) continue;
    const window = { ...bounds, fromMs: day.startMs, untilMs: day.endMs };
    const asked = { wish: one.wish, bounds: window, diary: world.diary, limit: 1 };
    const [offer] = offersOf(world.policy.search, asked, world.ground);
    if (offer === undefined || !overlaps(offer, freed)) continue;
    one.soonerOffers += 1;
    if (!world.demand.takesSooner(one.wish, one.soonerOffers)) continue;
    const left = unbook(world, one);
    book(world, one, offer);
    world.tally.broughtForward += 1;
    backfill(world, left, round + 1);
    return;
  }
}

function ranked(world: World, day: number, freed: BookedSteps): readonly Case[] {
  const kinds = resourcesOf(freed);
  const late: { readonly one: Case; readonly isBreach: boolean; readonly fit: number }[] = [];
  for (const [booked, cases] of world.onDay) {
    if (booked <= day) continue;
    for (const one of cases) {
      if (!one.wish.wantsSooner || one.booking === null || one.wish.clockFrom > day) continue;
      const startMs = startMsOf(one.booking.steps);
      const promise = promiseOf(one.wish, world.ground);
      if (startMs < promise.targetUntilMs) continue;
      const fit = resourcesOf(one.booking.steps).filter((kind) => kinds.includes(kind)).length;
      if (fit > 0) late.push({ one, isBreach: startMs >= promise.breachUntilMs, fit });
    }
  }
  return late
    .sort(
      (a, b) =>
        Number(b.isBreach) - Number(a.isBreach) ||
        a.one.wish.clockFrom - b.one.wish.clockFrom ||
        b.fit - a.fit ||
        a.one.wish.id - b.one.wish.id,
    )
    .map(({ one }) => one);
}

const resourcesOf = (steps: BookedSteps): readonly string[] => [
  ...new Set(steps.flatMap(({ resources }) => resources.map(({ resourceId }) => resourceId))),
];

/** Does the visit use something of what was freed, while it was? */
function overlaps(offer: BookedSteps, freed: BookedSteps): boolean {
  const meets = ([fromMs, untilMs]: MsSpan, [since, end]: MsSpan): boolean => fromMs < end && since < untilMs;
  return offer.some((mine) =>
    freed.some(
      (free) =>
        meets([mine.startMs, mine.endMs], [free.startMs, free.endMs]) &&
        mine.resources.some(({ resourceId }) =>
          free.resources.some((resource) => resource.resourceId === resourceId),
        ),
    ),
  );
}
