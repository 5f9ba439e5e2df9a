import {
  type Chain,
  type ChainStep,
  MINUTE_MS,
  requiredRoles,
} from '../../src/clinic/scheduling/chain.rules.js';
import type { OfferedStep } from '../../src/clinic/scheduling/chain-offer.rules.js';
import type { MsSpan } from '../../src/clinic/scheduling/diary.rules.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';

// What schedulers usually do, written plainly: look at every few minutes of every day whether everything that a step
// needs is open then and has no booking that overlaps. As quick as that is without another idea: each day is looked at
// only while somebody is open, the first thing that is missing ends a check, what has failed once is remembered, and the
// search ends with the day that fills the list.

export interface GridResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly skills: readonly string[];
  /** When it is open; none crosses midnight (UTC). */
  readonly sessions: readonly MsSpan[];
  readonly bookings: readonly MsSpan[];
}

/** A resource with its sessions and bookings by day. */
export interface Candidate {
  readonly resource: GridResource;
  readonly days: ReadonlyMap<number, DayOfResource>;
}

export type Candidates = ReadonlyMap<ResourceKind, readonly Candidate[]>;

export interface GridQuestion {
  readonly candidates: Candidates;
  readonly chain: Chain;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Starts are looked at this often. */
  readonly gridMinutes: number;
  readonly limit: number;
  readonly perDayMax: number;
  /** Visits of one day begin at least so far apart. */
  readonly spacingMinutes: number;
  /** When the patient can come; null: always. */
  readonly patientFree: readonly MsSpan[] | null;
}

const DAY_MS = 86_400_000;

interface DayOfResource {
  readonly sessions: MsSpan[];
  readonly bookings: MsSpan[];
}

type Held = ReadonlyMap<string, Candidate>;

interface Grid {
  readonly question: GridQuestion;
  readonly required: readonly string[];
  /** For each step the starts, with what is held, from which the rest cannot follow. */
  readonly failed: readonly Set<string>[];
}

/** Visits in order of their days, at most so many a day; on a day the earliest first. */
export function gridSearch(question: GridQuestion): readonly (readonly OfferedStep[])[] {
  const grid = gridOf(question);
  const gridMs = question.gridMinutes * MINUTE_MS;
  const found: (readonly OfferedStep[])[] = [];
  for (const [openMs, closeMs] of openDays(question)) {
    let onThisDay = 0;
    let nextMs = Math.ceil(openMs / gridMs) * gridMs;
    while (nextMs < closeMs && onThisDay < question.perDayMax && found.length < question.limit) {
      const visit = visitFrom(grid, 0, nextMs, new Map());
      if (visit !== null) {
        found.push(visit);
        onThisDay += 1;
      }
      nextMs += visit === null ? gridMs : question.spacingMinutes * MINUTE_MS;
    }
    if (found.length >= question.limit) break;
  }
  return found;
}

function gridOf(question: GridQuestion): Grid {
  const { steps } = question.chain;
  return { question, required: requiredRoles(steps), failed: steps.map(() => new Set()) };
}

/** Each check looks at all bookings of a resource: one list for all days. */
const ALL_DAYS = 0;

/** The bookings of each resource as one list, or laid by day, so that a check looks only at those of its day. */
export function candidatesOf(resources: readonly GridResource[], byDay: boolean): Candidates {
  const candidates = new Map<ResourceKind, Candidate[]>();
  for (const resource of resources) {
    const days = new Map<number, DayOfResource>();
    for (const list of ['sessions', 'bookings'] as const) {
      for (const span of resource[list]) {
        const index = byDay ? Math.floor(span[0] / DAY_MS) : ALL_DAYS;
        const day = days.get(index) ?? { sessions: [], bookings: [] };
        day[list].push(span);
        days.set(index, day);
      }
    }
    const ofKind = candidates.get(resource.kind) ?? [];
    ofKind.push({ resource, days });
    candidates.set(resource.kind, ofKind);
  }
  return candidates;
}

/** From the first opening to the last closing of each day in the window. */
function openDays({ candidates, fromMs, untilMs }: GridQuestion): readonly MsSpan[] {
  const days = new Map<number, [number, number]>();
  for (const { days: own } of [...candidates.values()].flat()) {
    for (const { sessions } of own.values()) {
      for (const [openMs, closeMs] of sessions) {
        if (closeMs <= fromMs || openMs >= untilMs) continue;
        const index = Math.floor(openMs / DAY_MS);
        const day = days.get(index) ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        days.set(index, day);
        day[0] = Math.min(day[0], openMs);
        day[1] = Math.max(day[1], closeMs);
      }
    }
  }
  return [...days.values()]
    .map(([openMs, closeMs]): MsSpan => [Math.max(openMs, fromMs), Math.min(closeMs, untilMs)])
    .filter(([openMs, closeMs]) => openMs < closeMs)
    .sort((a, b) => a[0] - b[0]);
}

/** The rest of a visit from a step on that starts then; null when there is none. */
function visitFrom(grid: Grid, index: number, startMs: number, held: Held): readonly OfferedStep[] | null {
  const { chain, untilMs } = grid.question;
  const step = chain.steps[index];
  if (step === undefined) return [];
  const endMs = startMs + step.durationMinutes * MINUTE_MS;
  if (endMs > untilMs || !patientCan(grid, step, startMs, endMs)) return null;
  const key = `${startMs} ${[...held.values()].map(({ resource }) => resource.id).join()}`;
  if (grid.failed[index]?.has(key)) return null;
  for (const holding of holdings(grid, step, held)) {
    const crew = crewOf(grid, step, { startMs, endMs }, holding);
    if (crew === null) continue;
    const rest = restAfter(grid, index + 1, endMs, holding);
    if (rest !== null) return [{ startMs, endMs, resources: crew }, ...rest];
  }
  grid.failed[index]?.add(key);
  return null;
}

/** The next step at every start that its wait allows, the nearest to its target first. */
function restAfter(grid: Grid, index: number, endMs: number, held: Held): readonly OfferedStep[] | null {
  const { chain, gridMinutes } = grid.question;
  const step = chain.steps[index];
  if (step === undefined) return [];
  const wait = step.wait ?? { minMinutes: 0, targetMinutes: 0, maxMinutes: 0 };
  const widest = Math.max(wait.targetMinutes - wait.minMinutes, wait.maxMinutes - wait.targetMinutes);
  for (let apart = 0; apart <= widest; apart += gridMinutes) {
    for (const minutes of apart === 0
      ? [wait.targetMinutes]
      : [wait.targetMinutes - apart, wait.targetMinutes + apart]) {
      if (minutes < wait.minMinutes || minutes > wait.maxMinutes) continue;
      const rest = visitFrom(grid, index, endMs + minutes * MINUTE_MS, held);
      if (rest !== null) return rest;
    }
  }
  return null;
}

/** Every way to give the roles that must stay in one pair of hands, where this step is the first to name them. */
function holdings(grid: Grid, step: ChainStep, held: Held): readonly Held[] {
  let ways: readonly Held[] = [held];
  for (const { role, kind, skill } of step.needs) {
    if (held.has(role) || !grid.required.includes(role)) continue;
    const able = (grid.question.candidates.get(kind) ?? []).filter(({ resource }) =>
      hasSkill(resource, skill),
    );
    ways = ways.flatMap((way) => able.map((candidate) => new Map(way).set(role, candidate)));
  }
  return ways;
}

const hasSkill = ({ skills }: GridResource, skill: string | null): boolean =>
  skill === null || skills.includes(skill);

/** The first combination in which each need has another resource that is free; null when there is none. */
function crewOf(
  grid: Grid,
  step: ChainStep,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  held: Held,
): OfferedStep['resources'] | null {
  const taken: Candidate[] = [];
  const choose = (place: number): boolean => {
    const need = step.needs[place];
    if (need === undefined) return true;
    const fromMs = startMs - need.bufferBeforeMinutes * MINUTE_MS;
    const untilMs = endMs + need.bufferAfterMinutes * MINUTE_MS;
    const holder = held.get(need.role);
    for (const candidate of holder === undefined
      ? (grid.question.candidates.get(need.kind) ?? [])
      : [holder]) {
      if (taken.includes(candidate) || !hasSkill(candidate.resource, need.skill)) continue;
      if (!isFree(candidate, fromMs, untilMs)) continue;
      taken.push(candidate);
      if (choose(place + 1)) return true;
      taken.pop();
    }
    return false;
  };
  if (!choose(0)) return null;
  return step.needs.map(({ role }, place) => ({ role, resourceId: taken[place]?.resource.id ?? '' }));
}

/** Inside a session, and no booking overlaps. */
function isFree({ days }: Candidate, fromMs: number, untilMs: number): boolean {
  const day = days.get(ALL_DAYS) ?? days.get(Math.floor(fromMs / DAY_MS));
  if (day === undefined) return false;
  if (!day.sessions.some(([openMs, closeMs]) => openMs <= fromMs && untilMs <= closeMs)) return false;
  return !day.bookings.some(([startMs, endMs]) => startMs < untilMs && fromMs < endMs);
}

function patientCan({ question }: Grid, step: ChainStep, fromMs: number, untilMs: number): boolean {
  if (!step.patientPresent || question.patientFree === null) return true;
  return question.patientFree.some(([since, end]) => since <= fromMs && untilMs <= end);
}
