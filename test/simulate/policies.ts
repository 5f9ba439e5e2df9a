import { MINUTE_MS } from '../../src/clinic/scheduling/chain.rules.js';
import { findChainOffers } from '../../src/clinic/scheduling/chain-offer.rules.js';
import type { MsSpan } from '../../src/clinic/scheduling/diary.rules.js';
import { bookableWindow, promisedDays } from '../../src/clinic/scheduling/lead-time.rules.js';
import { OFFER_SPACING_MINUTES, OFFERS_PER_DAY_MAX } from '../../src/clinic/scheduling/offer-rank.rules.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { startOfDay, Temporal } from '../../src/platform/time/index.js';
import { gridSearch } from '../bench-scheduling/grid-search.js';
import type { Day, SimulatedCalendar } from './calendar.js';
import { HORIZON_DAYS, type SimulatedType, TIME_ZONE } from './clinic.js';
import type { Wish } from './demand.js';
import type { BookedSteps, Diary } from './diary.js';

export const POLICY_NAMES = ['first-fit', 'ranking', 'first-fit+backfill', 'ranking+backfill'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

export interface Policy {
  readonly name: PolicyName;
  readonly search: 'first-fit' | 'ranking';
  /** A freed span is offered to those who wait longer than promised. */
  readonly backfills: boolean;
}

export const policyOf = (name: PolicyName): Policy => ({
  name,
  search: name.startsWith('ranking') ? 'ranking' : 'first-fit',
  backfills: name.endsWith('+backfill'),
});

/** The moments at which a promise ends and at which its breach begins. */
export interface Promised {
  readonly targetUntilMs: number;
  readonly breachUntilMs: number;
}

export interface Ground {
  /** Promises that were worked out already, by kind of visit and first day of the clock. */
  readonly promises: Map<string, Promised>;
  readonly calendar: SimulatedCalendar;
  readonly shortest: ReadonlyMap<ResourceKind, number>;
}

/** Two of one day lie so far apart at least, as the ranking's do. */
const GRID_SPACING_MINUTES = OFFER_SPACING_MINUTES;
/** The span of time in which a wish may be booked today, by the rules of the lead time. */
export interface Bounds extends Promised {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** `noticeDays` stands for the policy's own notice, where the patient has agreed to less. */
export function boundsOf(wish: Wish, today: number, ground: Ground, noticeDays?: number): Bounds | null {
  const day = ground.calendar.days[today];
  const clockDay = ground.calendar.days[wish.clockFrom];
  if (day === undefined || clockDay === undefined) return null;
  // Booked at the end of the day: nothing can be booked for today any more.
  const now = Temporal.Instant.fromEpochMilliseconds(day.endMs - 1);
  const { from, until } = bookableWindow(policyDays(wish.type, noticeDays), now, clockDay.date, TIME_ZONE);
  return {
    fromMs: Math.max(from.epochMilliseconds, clockDay.startMs),
    untilMs: until.epochMilliseconds,
    ...promiseOf(wish, ground),
  };
}

export function promiseOf({ type, clockFrom }: Wish, { promises, calendar }: Ground): Promised {
  const key = `${type.code} ${clockFrom}`;
  const known = promises.get(key);
  if (known !== undefined) return known;
  const startedOn = calendar.days[clockFrom]?.date;
  if (startedOn === undefined) throw new Error('a clock starts after the end of the calendar');
  const { targetOn, breachOn } = promisedDays(type.policy, startedOn, new Set());
  const endOf = (date: Temporal.PlainDate): number =>
    startOfDay(date.add({ days: 1 }), TIME_ZONE).epochMilliseconds;
  const promised = { targetUntilMs: endOf(targetOn), breachUntilMs: endOf(breachOn) };
  promises.set(key, promised);
  return promised;
}

function policyDays({ policy }: SimulatedType, noticeDays?: number) {
  const earliestDays = Math.max(1, noticeDays ?? policy.earliestDays);
  return { ...policy, earliestDays, latestDays: Math.min(policy.latestDays, HORIZON_DAYS) };
}

/** The offers that a policy makes today, its best first. */
export function offersOf(
  search: Policy['search'],
  asked: { readonly wish: Wish; readonly bounds: Bounds; readonly diary: Diary; readonly limit: number },
  ground: Ground,
): readonly BookedSteps[] {
  const { bounds } = asked;
  const find = search === 'first-fit' ? firstFits : ranked;
  // The promise first: most of the diary need not be looked at.
  const middleMs = Math.min(Math.max(bounds.fromMs, bounds.targetUntilMs), bounds.untilMs);
  const inside = find(asked, { ...bounds, untilMs: middleMs }, ground);
  return inside.length > 0 ? inside : find(asked, { ...bounds, fromMs: middleMs }, ground);
}

type Asked = Parameters<typeof offersOf>[1];

function ranked({ wish, diary, limit }: Asked, bounds: Bounds, ground: Ground): readonly BookedSteps[] {
  return findChainOffers({
    ...bounds,
    diary: diary.resources(),
    patientFree: hoursOf(wish, bounds, ground.calendar),
    chain: wish.type.chain,
    timeZone: TIME_ZONE,
    keepsStaff: false,
    shortestUseMs: ground.shortest,
    limit,
  }).map(({ steps }) => steps);
}

function firstFits({ wish, diary, limit }: Asked, bounds: Bounds, ground: Ground): readonly BookedSteps[] {
  return gridSearch({
    candidates: diary.candidates(),
    chain: wish.type.chain,
    fromMs: bounds.fromMs,
    untilMs: bounds.untilMs,
    gridMinutes: wish.type.chain.startStepMinutes,
    limit,
    perDayMax: OFFERS_PER_DAY_MAX,
    spacingMinutes: GRID_SPACING_MINUTES,
    patientFree: hoursOf(wish, bounds, ground.calendar),
  });
}

/** When the patient can come. */
function hoursOf(
  wish: Wish,
  { fromMs, untilMs }: Pick<Bounds, 'fromMs' | 'untilMs'>,
  { days }: SimulatedCalendar,
): readonly MsSpan[] {
  const suits = (day: Day): boolean =>
    day.isWorking &&
    day.startMs < untilMs &&
    day.endMs > fromMs &&
    wish.weekdays.includes(day.date.dayOfWeek);
  const since = Math.max(wish.askedOn, 0);
  return days
    .slice(since, since + HORIZON_DAYS * 3)
    .filter(suits)
    .map(
      (day): MsSpan => [
        day.startMs + wish.fromMinute * MINUTE_MS,
        Math.min(day.endMs, day.startMs + wish.untilMinute * MINUTE_MS),
      ],
    );
}
