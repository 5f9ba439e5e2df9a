import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { ClosureDecision, type ResourceKind } from '../../platform/database/generated/enums.js';
import { Clock, formatDate, startOfDay, Temporal } from '../../platform/time/index.js';
import {
  findChainOffers,
  sayWhyNone,
  spansToClaim,
  subtractTimes,
  toFreeTimes,
  toSpans,
  whyNone,
} from '../scheduling/diary.service.js';
import type { ChainOffer, ChainSearch, DiaryResource, MsSpan } from '../scheduling/schedule.type.js';
import { type Attempt, attemptsFor, byUrgency, IS_PERSON, withTheSameWaits } from './closure.rules.js';
import type { ClosedTime } from './closure-facts.service.js';
import {
  type ClosureGround,
  type Ground,
  groundKey,
  type PromiseMade,
  promiseOf,
} from './closure-ground.service.js';
import { ClosureLetter, type ClosureProposal } from './closure-preview.type.js';
import { toOffer } from './offered-visit.type.js';
import { common, statedFree } from './stated-times.rules.js';
import type { Visit } from './visit.type.js';

const MINUTE_MS = 60_000;

/** A visit that has to leave its place, with everything that is known about another. */
interface Displaced {
  readonly id: string;
  readonly startsAt: Temporal.Instant;
  readonly breachUntil: Temporal.Instant | null;
  readonly visit: Visit;
  readonly promise: PromiseMade | null;
  readonly ground: Ground;
}

/**
 * Finds a place for each visit of a closure, one after another, each in what the ones before have left. Whoever can
 * come at the same time as before does, with as little else changed as possible (and with the same people where the
 * patient asked for them): that is looked for first, for all of them. Then come the others, whose promise is broken first coming first. Reads nothing and writes nothing.
 */
@Injectable()
export class ClosureSearchService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** One for each visit, by urgency. Between two visits others have their turn: a search takes some milliseconds. */
  async proposals(
    time: ClosedTime,
    visits: readonly Visit[],
    known: ClosureGround,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
  ): Promise<readonly ClosureProposal[]> {
    const displaced = visits.map((visit) => this.#displaced(visit, known)).toSorted(byUrgency);
    const found = new Map<string, ChainOffer>();
    const settle = (one: Displaced, offer: ChainOffer) => {
      found.set(one.id, offer);
      takePlace(known, one, offer);
    };
    for (const one of displaced) {
      await nextTurn();
      const offer = this.#atTheSameTime(one, known, shortestUseMs, !keepsStaff(one));
      if (offer !== null) settle(one, offer);
    }
    const why = new Map<string, string>();
    for (const one of displaced.filter(({ id }) => !found.has(id))) {
      await nextTurn();
      const offer = this.#elsewhere(one, known, shortestUseMs);
      if (offer !== null) settle(one, offer);
      else why.set(one.id, this.#why(one, known, shortestUseMs));
    }
    const names = new Map(
      time.ofSite.map(({ id, kind, name }) => [id, { id, kind, name, siteCode: time.siteCode }]),
    );
    return displaced.map(({ id, visit, promise, ground }) => {
      const offer = found.get(id) ?? null;
      const isSameTime = offer !== null && startsTheSame(offer, visit);
      return {
        visit,
        decision: offer === null ? ClosureDecision.CANCEL : ClosureDecision.MOVE,
        offer: offer && toOffer(offer, ground.chain, names),
        isSameTime,
        keepsPromise: offer?.insidePromise ?? false,
        targetOn: promise?.targetOn.toString() ?? null,
        breachOn: promise?.breachOn.toString() ?? null,
        whyNone: why.get(id) ?? null,
        letter: letterOf(offer, isSameTime),
      };
    });
  }

  #displaced(visit: Visit, known: ClosureGround): Displaced {
    const promise = promiseOf(known.promises, visit);
    const ground = known.grounds.get(groundKey(visit, promise));
    if (ground === undefined) throw new RangeError('a visit of a closure whose kind was not read');
    const breachUntil = promise === null ? null : this.#dayAfter(promise.breachOn);
    return { id: visit.id, startsAt: visit.startsAt, breachUntil, visit, promise, ground };
  }

  /**
   * Only the resources change, and of them no more than must; the people only where that may be. What was agreed on
   * needs no new notice.
   */
  #atTheSameTime(
    one: Displaced,
    known: ClosureGround,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
    anyPeople: boolean,
  ): ChainOffer | null {
    const { visit, ground } = one;
    const steps = withTheSameWaits(ground.chain.steps, visit.steps);
    if (steps === null) return null;
    const fromMs = visit.startsAt.epochMilliseconds;
    const untilMs = visit.endsAt.epochMilliseconds;
    const own = new Set(resourcesOf(visit).map(({ id }) => id));
    const kept = [...ground.diary.values()].filter(
      ({ id, kind }) => anyPeople || own.has(id) || !IS_PERSON[kind],
    );
    const stillThere = kept.filter((resource) => own.has(resource.id) && isFreeIn(resource, fromMs, untilMs));
    const kinds = new Set(stillThere.map(({ kind }) => kind));
    const withOwn = kept.filter(({ id, kind }) => own.has(id) || !kinds.has(kind));
    for (const diary of [withOwn, kept]) {
      const chain = { ...ground.chain, steps, startStepMinutes: 1 };
      const patientFree = freeOf(known, visit, { fromMs, untilMs, travelMs: 0 });
      const undisturbed = ground.keepsPatient ? patientFree : null;
      const parts = { chain, diary, patientFree, undisturbed, fromMs, untilMs };
      const [offer] = findChainOffers(this.#search(one, parts, shortestUseMs));
      if (offer !== undefined && startsTheSame(offer, visit)) return offer;
    }
    return null;
  }

  /** Who wants the same people has them another time, but no other time without them before the time that was agreed on. */
  #elsewhere(
    one: Displaced,
    known: ClosureGround,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
  ): ChainOffer | null {
    const { promise, ground, visit } = one;
    const facts = {
      startsAt: visit.startsAt,
      noticeAt: this.#noticeAt(one),
      targetUntil: promise === null ? ground.bookable.until : this.#dayAfter(promise.targetOn),
      breachUntil: one.breachUntil ?? ground.bookable.until,
      until: ground.bookable.until,
      keepsStaff: keepsStaff(one),
    };
    for (const [at, attempt] of attemptsFor(facts, this.config.clinicTimeZone).entries()) {
      const [offer] = findChainOffers(this.#attempt(one, attempt, known, shortestUseMs));
      if (offer !== undefined) return offer;
      const same =
        at === 0 && attempt.samePeople ? this.#atTheSameTime(one, known, shortestUseMs, true) : null;
      if (same !== null) return same;
    }
    return keepsStaff(one) ? this.#atTheSameTime(one, known, shortestUseMs, true) : null;
  }

  /** In the whole time in which a place was looked for. */
  #why(one: Displaced, known: ClosureGround, shortestUseMs: ReadonlyMap<ResourceKind, number>): string {
    const fromMs = this.#noticeAt(one).epochMilliseconds;
    const { until } = one.ground.bookable;
    const last = one.breachUntil ?? until;
    const untilMs = Math.min(last.epochMilliseconds, until.epochMilliseconds);
    if (fromMs >= untilMs) {
      return one.promise === null
        ? 'No day is left in the diary that gives the patient the notice this kind of visit needs.'
        : `With the notice that the patient needs, no day is left before the promise is broken, on ${formatDate(one.promise.breachOn)}.`;
    }
    const why = whyNone(this.#attempt(one, { fromMs, untilMs, samePeople: false }, known, shortestUseMs));
    return why === null ? 'No other place was found.' : sayWhyNone(why);
  }

  #attempt(
    one: Displaced,
    { fromMs, untilMs, samePeople }: Attempt,
    known: ClosureGround,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
  ): ChainSearch {
    const { ground, visit, promise } = one;
    const people = resourcesOf(visit).filter(({ kind }) => IS_PERSON[kind]);
    const kinds = new Set(people.map(({ kind }) => kind));
    const ids = new Set(people.map(({ id }) => id));
    const all = [...ground.diary.values()];
    const diary = samePeople ? all.filter(({ id, kind }) => ids.has(id) || !kinds.has(kind)) : all;
    const travelMs = (promise?.travelMinutes ?? 0) * MINUTE_MS;
    const free = freeOf(known, visit, { fromMs, untilMs, travelMs });
    const stated = statedFree(promise?.times ?? [], { fromMs, untilMs }, this.config.clinicTimeZone);
    const patientFree = stated === null ? free : common(free, stated);
    const undisturbed = ground.keepsPatient ? freeOf(known, visit, { fromMs, untilMs, travelMs: 0 }) : null;
    const parts = { chain: ground.chain, diary, patientFree, undisturbed, fromMs, untilMs };
    return this.#search(one, parts, shortestUseMs);
  }

  #search(
    { ground, promise, breachUntil }: Displaced,
    parts: Pick<ChainSearch, 'chain' | 'diary' | 'patientFree' | 'undisturbed' | 'fromMs' | 'untilMs'>,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
  ): ChainSearch {
    const { until } = ground.bookable;
    const target = promise === null ? until : this.#dayAfter(promise.targetOn);
    return {
      ...parts,
      targetUntilMs: target.epochMilliseconds,
      breachUntilMs: (breachUntil ?? until).epochMilliseconds,
      timeZone: this.config.clinicTimeZone,
      keepsStaff: true,
      shortestUseMs,
      limit: 1,
    };
  }

  /** The notice of the kind of visit, and that which the patient asks for. */
  #noticeAt({ ground, promise }: Displaced): Temporal.Instant {
    const asked = this.clock.now().add({ hours: promise?.noticeHoursMin ?? 0 });
    const { from } = ground.bookable;
    return Temporal.Instant.compare(asked, from) > 0 ? asked : from;
  }

  #dayAfter(day: Temporal.PlainDate): Temporal.Instant {
    return startOfDay(day.add({ days: 1 }), this.config.clinicTimeZone);
  }
}

/** From here on the place is taken, for everybody whose kind of visit could use it, and the patient is there. */
function takePlace(known: ClosureGround, { visit, ground }: Displaced, offer: ChainOffer): void {
  const { chain } = ground;
  for (const { resourceId, startMs, endMs } of spansToClaim(chain, offer.steps)) {
    for (const { diary } of known.grounds.values()) {
      const resource = diary.get(resourceId);
      if (resource === undefined) continue;
      diary.set(resourceId, { ...resource, ...subtractTimes(resource, [[startMs, endMs]]) });
    }
  }
  const attended = offer.steps.filter((_, at) => chain.steps[at]?.patientPresent ?? true);
  const spans = attended.map(({ startMs, endMs }): MsSpan => [startMs, endMs]);
  const stays = ground.keepsPatient ? wholeOf(spans) : spans;
  known.elsewhere.set(visit.patientId, [...(known.elsewhere.get(visit.patientId) ?? []), ...stays]);
}

/** From the first to the last of them. */
function wholeOf(spans: readonly MsSpan[]): readonly MsSpan[] {
  const [first] = spans;
  return first === undefined
    ? []
    : [[Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, until]) => until))]];
}

/** When the patient has to be nowhere else, with the way around each other visit. */
function freeOf(
  { elsewhere }: ClosureGround,
  { patientId }: Visit,
  window: { readonly fromMs: number; readonly untilMs: number; readonly travelMs: number },
): readonly MsSpan[] {
  const { fromMs, untilMs, travelMs } = window;
  const away = (elsewhere.get(patientId) ?? []).map(
    ([from, until]): MsSpan => [from - travelMs, until + travelMs],
  );
  return toSpans(subtractTimes(toFreeTimes([[fromMs, untilMs]]), away));
}

function keepsStaff({ promise }: Displaced): boolean {
  return promise?.keepsStaff ?? false;
}

function startsTheSame(offer: ChainOffer, { steps }: Visit): boolean {
  return offer.steps.every(({ startMs }, at) => startMs === steps[at]?.startsAt.epochMilliseconds);
}

function resourcesOf(visit: Visit) {
  return visit.steps.flatMap(({ resources }) => resources.map(({ resource }) => resource));
}

/** It has some free time between the two: closed for the whole of it, it has none. */
function isFreeIn({ starts, ends }: DiaryResource, fromMs: number, untilMs: number): boolean {
  return starts.some((startMs, at) => startMs < untilMs && fromMs < (ends[at] ?? startMs));
}

/** A patient who comes at the same time is told nothing: who serves the visit is in no letter. */
function letterOf(offer: ChainOffer | null, isSameTime: boolean): ClosureLetter | null {
  if (offer === null) return ClosureLetter.VISIT_CANCELLED;
  return isSameTime ? null : ClosureLetter.VISIT_MOVED;
}
