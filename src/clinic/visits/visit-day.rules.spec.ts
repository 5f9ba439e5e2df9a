import { describe, expect, it } from 'vitest';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  allowedActions,
  canArrive,
  canDo,
  canDoStep,
  canSlip,
  followersOf,
  possibleActions,
  type StepTimes,
  VISIT_VERBS,
  type VisitVerb,
} from './visit-day.rules.js';
import { undoOf } from './visit-undo.rules.js';

const NINE = Temporal.Instant.from('2026-03-10T09:00:00Z');
const EVERYTHING = new Set(['BOOK_VISIT', 'RUN_VISIT']);

/** By hand, and not from the table: what may be done in each state, and what it becomes. */
const BY_HAND: Readonly<Record<VisitStatus, Partial<Record<VisitVerb, readonly VisitStatus[]>>>> = {
  HELD: { confirmVisit: ['BOOKED'], releaseHold: ['LAPSED'] },
  BOOKED: {
    moveVisit: ['BOOKED'],
    cancelVisit: ['CANCELLED'],
    markArrived: ['ARRIVED'],
    slipStep: ['BOOKED'],
    markNoShow: ['NO_SHOW'],
  },
  ARRIVED: {
    cancelVisit: ['CANCELLED'],
    startVisit: ['IN_PROGRESS'],
    slipStep: ['ARRIVED'],
    markNoShow: ['NO_SHOW'],
    undoVisitStep: ['BOOKED'],
  },
  IN_PROGRESS: {
    startVisitStep: ['IN_PROGRESS'],
    finishVisitStep: ['IN_PROGRESS'],
    slipStep: ['IN_PROGRESS'],
    finishVisit: ['COMPLETED', 'DISCONTINUED'],
    undoVisitStep: ['ARRIVED'],
  },
  COMPLETED: { undoVisitStep: ['IN_PROGRESS'] },
  DISCONTINUED: { undoVisitStep: ['IN_PROGRESS'] },
  NO_SHOW: { undoVisitStep: ['BOOKED', 'ARRIVED'] },
  CANCELLED: {},
  LAPSED: {},
};

const LONDON = 'Europe/London';
const STATUSES = Object.values(VisitStatus);

function at(minutes: number): Temporal.Instant {
  return NINE.add({ minutes });
}

function aStep(position: number, from: number, parts: Partial<StepTimes> = {}): StepTimes {
  return { position, startsAt: at(from), endsAt: at(from + 30), startedAt: null, endedAt: null, ...parts };
}

function aVisit(status: VisitStatus, steps: readonly StepTimes[] = [aStep(0, 0), aStep(1, 30)]) {
  return { status, version: 3, startsAt: NINE, steps, arrivedAt: null, finishedAt: null };
}

describe('the table of states', () => {
  it.each(STATUSES.flatMap((status) => VISIT_VERBS.map((verb) => [status, verb] as const)))(
    'in %s answers %s as the list by hand says',
    (status, verb) => {
      const expected = BY_HAND[status][verb] ?? [];
      expect(followersOf(status, verb)).toEqual(expected);
      const refusal = canDo(aVisit(status), verb, 3, at(5));
      expect(refusal?.code ?? null).toBe(expected.length > 0 ? null : 'NotInThisState');
    },
  );

  it('reaches every state that a hold can come to', () => {
    const reached = new Set<VisitStatus>(['HELD']);
    for (const status of reached) {
      for (const verb of VISIT_VERBS) for (const next of followersOf(status, verb)) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...STATUSES].sort());
  });

  it('tells a second press where the visit stands, whatever version it names', () => {
    for (const version of [2, 3]) {
      expect(canDo(aVisit('ARRIVED'), 'markArrived', version, at(5))).toMatchObject({
        code: 'NotInThisState',
        status: 'ARRIVED',
        possibleActions: ['cancelVisit', 'startVisit', 'slipStep', 'markNoShow', 'undoVisitStep'],
      });
    }
    expect(canDo(aVisit('BOOKED'), 'markArrived', 2, at(5))).toMatchObject({
      code: 'VisitChangedMeanwhile',
      version: 3,
    });
  });

  it('knows a no-show from the planned start on, and no sooner', () => {
    const early = canDo(aVisit('BOOKED'), 'markNoShow', 3, NINE.subtract({ milliseconds: 1 }));
    expect(early).toMatchObject({ code: 'NoShowTooEarly', possibleFrom: NINE });
    expect(canDo(aVisit('BOOKED'), 'markNoShow', 3, NINE)).toBeNull();
  });
});

describe('an arrival', () => {
  it('is of the day of the visit on the wall of the clinic, from its first moment', () => {
    const summer = { startsAt: Temporal.Instant.from('2026-07-10T08:00:00Z') };
    const midnight = Temporal.Instant.from('2026-07-09T23:00:00Z');
    expect(canArrive(summer, midnight, 'Europe/London')).toBeNull();
    expect(canArrive(summer, midnight.subtract({ milliseconds: 1 }), 'Europe/London')).toMatchObject({
      code: 'ArrivalTooEarly',
      possibleFrom: midnight,
      message: expect.stringContaining('Friday 10 July 2026'),
    });
    expect(canArrive(summer, summer.startsAt.add({ hours: 72 }), 'Europe/London')).toBeNull();
  });
});

describe('allowed actions', () => {
  it('are cut down to what the person may do', () => {
    const before = at(-60);
    const booked = aVisit('BOOKED');
    expect(allowedActions(booked, before, EVERYTHING, LONDON)).toEqual([
      'moveVisit',
      'cancelVisit',
      'markArrived',
      'slipStep',
    ]);
    const cutTo = (...names: string[]) => allowedActions(booked, before, new Set(names), LONDON);
    expect(cutTo('BOOK_VISIT')).toEqual(['moveVisit', 'cancelVisit']);
    expect(cutTo('RUN_VISIT')).toEqual(['markArrived', 'slipStep']);
    expect(cutTo()).toEqual([]);
  });

  it('follow the clock', () => {
    expect(allowedActions(aVisit('BOOKED'), at(0), EVERYTHING, LONDON)).toEqual([
      'cancelVisit',
      'markArrived',
      'slipStep',
      'markNoShow',
    ]);
  });

  it('name no arrival before the day of the visit on the wall of the clinic', () => {
    const visit = { ...aVisit('BOOKED'), startsAt: Temporal.Instant.from('2026-07-10T08:00:00Z') };
    const midnight = Temporal.Instant.from('2026-07-09T23:00:00Z');
    const when = (now: Temporal.Instant) => allowedActions(visit, now, EVERYTHING, LONDON);
    expect(when(midnight.subtract({ milliseconds: 1 }))).not.toContain('markArrived');
    expect(when(midnight)).toContain('markArrived');
  });

  it('name no step of a visit with one', () => {
    const running = aVisit('IN_PROGRESS', [aStep(0, 0, { startedAt: at(0) })]);
    expect(possibleActions(running, at(5))).toEqual(['finishVisitStep', 'finishVisit', 'undoVisitStep']);
    expect(possibleActions(aVisit('BOOKED', [aStep(0, 0)]), at(5))).not.toContain('slipStep');
  });
});

describe('steps', () => {
  const begun = aVisit('IN_PROGRESS', [aStep(0, 0, { startedAt: at(0) }), aStep(1, 30)]);
  const between = aVisit('IN_PROGRESS', [aStep(0, 0, { startedAt: at(0), endedAt: at(30) }), aStep(1, 30)]);

  it('start one after the other, each when the one before has ended', () => {
    expect(canDoStep(begun, 'startVisitStep', { version: 3, position: 1 }, at(5))).toMatchObject({
      code: 'StepNotInThisState',
      startablePosition: null,
      runningPosition: 0,
    });
    expect(canDoStep(between, 'startVisitStep', { version: 3, position: 1 }, at(5))).toBeNull();
    expect(canDoStep(between, 'startVisitStep', { version: 2, position: 1 }, at(5))?.code).toBe(
      'VisitChangedMeanwhile',
    );
    expect(canDoStep(between, 'startVisitStep', { version: 3, position: 7 }, at(5))?.code).toBe(
      'StepNotInThisState',
    );
  });

  it('are finished while they run', () => {
    expect(canDoStep(begun, 'finishVisitStep', { version: 3, position: 0 }, at(5))).toBeNull();
    expect(canDoStep(between, 'finishVisitStep', { version: 2, position: 0 }, at(5))?.code).toBe(
      'StepNotInThisState',
    );
    expect(canDoStep(aVisit('ARRIVED'), 'finishVisitStep', { version: 3, position: 0 }, at(5))?.code).toBe(
      'NotInThisState',
    );
  });

  it('slip until they begin, but for the first and for what fills a wait', () => {
    const legs = [{ wait: null }, { wait: {} }, { wait: {} }];
    expect(canSlip(between, 1, legs)).toBeNull();
    expect([0, 2].map((position) => canSlip(between, position, legs)?.code)).toEqual([
      'StepNotInThisState',
      'StepNotInThisState',
    ]);
    expect(canSlip(between, 1, [{ wait: null }, { wait: null }])).toMatchObject({
      code: 'StepNotInThisState',
      startablePosition: 1,
    });
  });
});

describe('one step back', () => {
  const nothing = { clears: [], stepsNotStarted: [], stepsNotEnded: [] };

  it('is none where the table has none', () => {
    for (const status of ['HELD', 'BOOKED', 'CANCELLED', 'LAPSED'] as const) {
      expect(undoOf(aVisit(status))).toBeNull();
    }
  });

  it('forgets the arrival, but not of somebody who arrived and was a no-show', () => {
    expect(undoOf(aVisit('ARRIVED'))).toEqual({ ...nothing, status: 'BOOKED', clears: ['arrivedAt'] });
    expect(undoOf(aVisit('NO_SHOW'))).toEqual({ ...nothing, status: 'BOOKED' });
    expect(undoOf({ ...aVisit('NO_SHOW'), arrivedAt: at(-5) })).toEqual({ ...nothing, status: 'ARRIVED' });
  });

  it('goes step by step through a visit in progress, and out of it at its beginning', () => {
    const steps = [aStep(0, 0, { startedAt: at(0), endedAt: at(30) }), aStep(1, 30, { startedAt: at(31) })];
    const undoneOf = (...of: StepTimes[]) => undoOf(aVisit('IN_PROGRESS', of));
    expect(undoneOf(...steps)).toEqual({ ...nothing, status: 'IN_PROGRESS', stepsNotStarted: [1] });
    const [first] = steps;
    if (first === undefined) throw new Error('no step');
    expect(undoneOf(first, aStep(1, 30))).toEqual({ ...nothing, status: 'IN_PROGRESS', stepsNotEnded: [0] });
    expect(undoneOf({ ...first, endedAt: null }, aStep(1, 30))).toEqual({
      ...nothing,
      status: 'ARRIVED',
      clears: ['startedAt'],
      stepsNotStarted: [0],
    });
  });

  it('opens the step that the end has closed, and no other', () => {
    const over: NonNullable<Parameters<typeof undoOf>[0]> = {
      ...aVisit('COMPLETED', [
        aStep(0, 0, { startedAt: at(0), endedAt: at(30) }),
        aStep(1, 30, { startedAt: at(31), endedAt: at(60) }),
      ]),
      finishedAt: at(60),
    };
    expect(undoOf(over)).toEqual({
      ...nothing,
      status: 'IN_PROGRESS',
      clears: ['finishedAt'],
      stepsNotEnded: [1],
    });
    expect(undoOf({ ...over, finishedAt: at(70) })?.stepsNotEnded).toEqual([]);
  });
});
