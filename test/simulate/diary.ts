import type { Chain } from '../../src/clinic/scheduling/chain.rules.js';
import { type OfferedStep, spansToClaim } from '../../src/clinic/scheduling/chain-offer.rules.js';
import {
  addTimes,
  type DiaryResource,
  type FreeTimes,
  type MsSpan,
  subtractTimes,
  toFreeTimes,
  toSpans,
} from '../../src/clinic/scheduling/diary.rules.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import type { Candidate, Candidates } from '../bench-scheduling/grid-search.js';
import type { Day } from './calendar.js';
import { isPerson, RESOURCES, SESSIONS, type SimulatedResource, TIME_ZONE, WHOLE_DAY } from './clinic.js';

/** The rows of a visit, as they would lie in the database. */
export type BookedSteps = readonly OfferedStep[];

const DAY_MS = 86_400_000;

interface Line {
  readonly resource: SimulatedResource;
  free: FreeTimes;
  /** Both as the grid search wants them, by day. */
  readonly days: Map<number, { readonly sessions: MsSpan[]; readonly bookings: MsSpan[] }>;
}

/** Everybody's diary from today to the end of what may be booked. It forgets what is over. */
export class Diary {
  readonly #lines = new Map<string, Line>(
    RESOURCES.map((resource) => [resource.id, { resource, free: toFreeTimes([]), days: new Map() }]),
  );

  /** Opens a further day at the far end. */
  open(day: Day): void {
    for (const line of this.#lines.values()) {
      if (!line.resource.weekdays.includes(day.date.dayOfWeek)) continue;
      const sessions = sessionsOf(line.resource.kind, day);
      line.free = addTimes(line.free, toFreeTimes(sessions));
      for (const session of sessions) dayOf(line, session[0]).sessions.push(session);
    }
  }

  /** Everything before this moment is over. */
  forget(untilMs: number): void {
    for (const line of this.#lines.values()) {
      const over = toSpans(line.free).filter(([fromMs]) => fromMs < untilMs);
      if (over.length > 0) line.free = subtractTimes(line.free, over);
      for (const index of line.days.keys()) if (index < Math.floor(untilMs / DAY_MS)) line.days.delete(index);
    }
  }

  take(chain: Chain, steps: BookedSteps): void {
    for (const { resourceId, startMs, endMs } of spansToClaim(chain, steps)) {
      const line = this.#line(resourceId);
      const span: MsSpan = [startMs, endMs];
      line.free = subtractTimes(line.free, [span]);
      dayOf(line, startMs).bookings.push(span);
    }
  }

  give(chain: Chain, steps: BookedSteps): void {
    for (const { resourceId, startMs, endMs } of spansToClaim(chain, steps)) {
      const line = this.#line(resourceId);
      line.free = addTimes(line.free, toFreeTimes([[startMs, endMs]]));
      const { bookings } = dayOf(line, startMs);
      const place = bookings.findIndex(([fromMs, untilMs]) => fromMs === startMs && untilMs === endMs);
      if (place < 0) throw new Error('a span is given back that was not taken');
      bookings.splice(place, 1);
    }
  }

  /** As the ranking wants it. */
  resources(): readonly DiaryResource[] {
    return [...this.#lines.values()].map(({ resource, free }) => ({
      id: resource.id,
      kind: resource.kind,
      name: resource.id,
      siteId: '',
      skills: resource.skills,
      ...free,
    }));
  }

  /** As the grid search wants it. */
  candidates(): Candidates {
    const found = new Map<ResourceKind, Candidate[]>();
    for (const { resource, days } of this.#lines.values()) {
      const ofKind = found.get(resource.kind) ?? [];
      ofKind.push({ resource: { ...resource, sessions: [], bookings: [] }, days });
      found.set(resource.kind, ofKind);
    }
    return found;
  }

  /** Minutes of a day that are open, and that lie in free pieces too short for any use of their kind. */
  minutesOf(day: Day, shortest: ReadonlyMap<ResourceKind, number>, kind?: ResourceKind) {
    let openMs = 0;
    let unusableMs = 0;
    for (const { resource, free } of this.#lines.values()) {
      if (kind !== undefined && resource.kind !== kind) continue;
      if (!resource.weekdays.includes(day.date.dayOfWeek)) continue;
      for (const [fromMs, untilMs] of sessionsOf(resource.kind, day)) openMs += untilMs - fromMs;
      for (const [fromMs, untilMs] of toSpans(free)) {
        if (fromMs >= day.endMs) break;
        if (fromMs < day.startMs || untilMs - fromMs >= (shortest.get(resource.kind) ?? 0)) continue;
        unusableMs += untilMs - fromMs;
      }
    }
    return { openMinutes: openMs / 60_000, unusableMinutes: unusableMs / 60_000 };
  }

  #line(id: string): Line {
    const line = this.#lines.get(id);
    if (line === undefined) throw new Error(`no resource ${id}`);
    return line;
  }
}

function dayOf(line: Line, ms: number) {
  const index = Math.floor(ms / DAY_MS);
  const day = line.days.get(index) ?? { sessions: [], bookings: [] };
  line.days.set(index, day);
  return day;
}

const known = new Map<string, readonly MsSpan[]>();

/** Local wall time, right on the days on which the clocks change; worked out once. */
function sessionsOf(kind: ResourceKind, day: Day): readonly MsSpan[] {
  const hours = isPerson(kind) ? SESSIONS : WHOLE_DAY;
  const key = `${day.number} ${hours.length}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const momentOf = (time: string): number =>
    day.date.toZonedDateTime({ timeZone: TIME_ZONE, plainTime: Temporal.PlainTime.from(time) })
      .epochMilliseconds;
  const spans = hours.map(([from, until]): MsSpan => [momentOf(from), momentOf(until)]);
  known.set(key, spans);
  return spans;
}
