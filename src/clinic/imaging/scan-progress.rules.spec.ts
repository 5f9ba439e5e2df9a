import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScanBookingStatus, ScanOutcome } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  endOfScan,
  type ProgressFacts,
  progressBetween,
  progressOf,
  SCAN_PROGRESS,
  type StepFacts,
  scheduledStatusOf,
  settlementOf,
} from './scan-progress.rules.js';

const START = Temporal.Instant.from('2026-12-03T12:15:00Z');
const at = (minutes: number) => START.add({ minutes });

const going = (...scheduledStepIds: string[]): StepFacts => ({
  status: 'IN_PROGRESS',
  isOverdue: false,
  scheduledStepIds,
  startedAt: START,
  endedAt: null,
});
const late = (...ids: string[]): StepFacts => ({ ...going(...ids), isOverdue: true });
const done = (...ids: string[]): StepFacts => ({ ...going(...ids), status: 'COMPLETED', endedAt: at(50) });
const broken = (...ids: string[]): StepFacts => ({ ...done(...ids), status: 'DISCONTINUED' });

const statusOf = (steps: readonly StepFacts[], scheduledStepIds: readonly string[]) =>
  progressOf({ steps, scheduledStepIds, closing: null }).status;

describe('where a booking stands, by its performed steps', () => {
  // Written by hand: NM alone, then a hybrid with NM and CT apart.
  it.each<[string, readonly StepFacts[], readonly string[], ScanBookingStatus]>([
    ['nothing was heard', [], ['NM'], 'BOOKED'],
    ['it began', [going('NM')], ['NM'], 'IN_PROGRESS'],
    ['it began and never ended', [late('NM')], ['NM'], 'UNCONFIRMED'],
    ['it ended well', [done('NM')], ['NM'], 'COMPLETED'],
    ['it was broken off', [broken('NM')], ['NM'], 'DISCONTINUED'],
    ['broken off and begun again', [broken('NM'), going('NM')], ['NM'], 'IN_PROGRESS'],
    ['broken off and repeated', [broken('NM'), done('NM')], ['NM'], 'COMPLETED'],
    ['one never ended, another goes on', [late('NM'), going('NM')], ['NM'], 'IN_PROGRESS'],
    ['one never ended, another did', [late('NM'), done('NM')], ['NM'], 'UNCONFIRMED'],
    ['the camera has no scanner any more', [done('NM')], [], 'COMPLETED'],
    ['one step for both', [done('NM', 'CT')], ['NM', 'CT'], 'COMPLETED'],
    ['the first of two ended', [done('NM')], ['NM', 'CT'], 'IN_PROGRESS'],
    ['the second never began', [{ ...done('NM'), isOverdue: true }], ['NM', 'CT'], 'UNCONFIRMED'],
    ['the second goes on', [done('NM'), going('CT')], ['NM', 'CT'], 'IN_PROGRESS'],
    ['both ended', [done('NM'), done('CT')], ['NM', 'CT'], 'COMPLETED'],
    ['one of both was broken off', [done('NM'), broken('CT')], ['NM', 'CT'], 'COMPLETED'],
    ['both were broken off', [broken('NM'), broken('CT')], ['NM', 'CT'], 'DISCONTINUED'],
    ['the first was broken off', [broken('NM')], ['NM', 'CT'], 'DISCONTINUED'],
  ])('%s', (_, steps, scheduled, status) => {
    expect(statusOf(steps, scheduled)).toBe(status);
  });

  // Early images, .0, hours before the scan itself.
  it.each<[string, readonly StepFacts[], ScanBookingStatus]>([
    ['the early images go on', [going('.0')], 'IN_PROGRESS'],
    ['the early images are done', [done('.0')], 'IN_PROGRESS'],
    ['the early images came to nothing', [broken('.0')], 'IN_PROGRESS'],
    ['the scan itself goes on', [done('.0'), going('.1')], 'IN_PROGRESS'],
    ['both are done', [done('.0'), done('.1')], 'COMPLETED'],
    ['only the scan itself was done', [broken('.0'), done('.1')], 'COMPLETED'],
    ['both came to nothing', [broken('.0'), broken('.1')], 'DISCONTINUED'],
    ['the early images are done and the scan came to nothing', [done('.0'), broken('.1')], 'COMPLETED'],
  ])('with early images: %s', (_, steps, status) => {
    const facts = { steps, scheduledStepIds: ['.0', '.1'], earlyStepId: '.0', closing: null };
    expect(progressOf(facts).status).toBe(status);
  });

  it('is told to the visit: the acquisition is its last step, and nobody else hears that the end is not known', () => {
    const early = { ...done('.0'), startedAt: at(-200), endedAt: at(-180) };
    const facts = {
      steps: [early, done('.1')],
      scheduledStepIds: ['.0', '.1'],
      earlyStepId: '.0',
      closing: null,
    };
    expect(settlementOf(facts, progressOf(facts), null)).toEqual({
      standing: 'COMPLETED',
      startedAt: at(-200),
      finishedAt: at(50),
      lastStep: { startedAt: START, endedAt: at(50) },
      because: null,
    });
    const lost = { ...facts, steps: [late('.1')] };
    expect(settlementOf(lost, progressOf(lost), null)).toMatchObject({
      standing: 'IN_PROGRESS',
      finishedAt: null,
    });
    const off = { ...facts, steps: [broken('.1')] };
    expect(settlementOf(off, progressOf(off), null).because).toBe('The scanner broke it off.');
    expect(settlementOf(off, progressOf(off), 'She felt ill.').because).toBe('She felt ill.');
  });

  it('begins with the first beginning and ends with the last end', () => {
    const steps = [{ ...done('CT'), startedAt: at(60), endedAt: at(70) }, done('NM')];
    expect(progressOf({ steps, scheduledStepIds: ['NM', 'CT'], closing: null })).toEqual({
      status: 'COMPLETED',
      startedAt: START,
      endedAt: at(70),
    });
    expect(
      progressOf({ steps: [done('NM')], scheduledStepIds: ['NM', 'CT'], closing: null }).endedAt,
    ).toBeNull();
  });
});

const steps = fc.array(
  fc.record({
    status: fc.constantFrom('IN_PROGRESS', 'COMPLETED', 'DISCONTINUED'),
    isOverdue: fc.boolean(),
    scheduledStepIds: fc.subarray(['NM', 'CT'], { minLength: 1 }),
    minutes: fc.integer({ min: 0, max: 600 }),
  }),
  { maxLength: 6 },
);
const facts: fc.Arbitrary<ProgressFacts> = fc.record({
  scheduledStepIds: fc.subarray(['NM', 'CT']),
  closing: fc.constant(null),
  steps: steps.map((list) =>
    list.map(
      ({ minutes, ...step }): StepFacts => ({
        ...step,
        startedAt: at(minutes),
        endedAt: step.status === 'IN_PROGRESS' ? null : at(minutes + 30),
      }),
    ),
  ),
});

describe('laws', () => {
  it('the order in which steps are heard of does not matter', () => {
    const shuffled = facts.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.shuffledSubarray([...one.steps], { minLength: one.steps.length, maxLength: one.steps.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([one, others]) => {
        expect(progressOf({ ...one, steps: others })).toEqual(progressOf(one));
        for (const id of ['NM', 'CT']) {
          const booking = { status: progressOf(one).status, closedAs: null };
          expect(scheduledStatusOf(id, others, booking)).toBe(scheduledStatusOf(id, one.steps, booking));
        }
      }),
    );
  });

  it('hearing of a step twice is hearing of it once', () => {
    fc.assert(
      fc.property(facts, (one) => {
        expect(progressOf({ ...one, steps: [...one.steps, ...one.steps] })).toEqual(progressOf(one));
      }),
    );
  });

  it('there is an end exactly when it is over, and a way from wherever it stood', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...Object.values(ScanBookingStatus)), (one, from) => {
        const { status, endedAt } = progressOf(one);
        expect(endedAt !== null).toBe(status === 'COMPLETED' || status === 'DISCONTINUED');
        // Who did not come is expected again when the visit says so, and not because the scanner has said nothing.
        const isNoWay = from === 'CANCELLED' || (from === 'NO_SHOW' && status === 'BOOKED');
        expect(progressBetween(from, status) === null).toBe(from === status || isNoWay);
      }),
    );
  });

  it('what a person said outranks whatever the scanner says', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...Object.values(ScanOutcome)), (one, closedAs) => {
        const closing = { closedAs, endedAt: at(99) };
        expect(progressOf({ ...one, closing })).toMatchObject({ status: closedAs, endedAt: at(99) });
        expect(scheduledStatusOf('NM', one.steps, { status: closedAs, closedAs })).toBe(closedAs);
      }),
    );
  });
});

describe('the ways of a scanner', () => {
  it('never lead from or to a cancellation', () => {
    expect(SCAN_PROGRESS.CANCELLED).toEqual({});
    const next: string[] = Object.values(SCAN_PROGRESS).flatMap((row) => Object.values(row));
    expect(next).not.toContain('CANCELLED');
  });
});

describe('where a scheduled step stands', () => {
  it.each([
    [[], 'BOOKED', 'SCHEDULED'],
    [[done('CT')], 'IN_PROGRESS', 'SCHEDULED'],
    [[going('NM'), done('NM')], 'IN_PROGRESS', 'STARTED'],
    [[broken('NM'), done('NM')], 'COMPLETED', 'COMPLETED'],
    [[broken('NM')], 'DISCONTINUED', 'DISCONTINUED'],
    // A wrong start was broken off: the patient may be on the table still, to be scanned for this one.
    [[broken('CT')], 'DISCONTINUED', 'SCHEDULED'],
    // Never begun, of a visit that came to a good end: nobody is to be scanned for it.
    [[done('CT')], 'COMPLETED', 'COMPLETED'],
  ] as const)('%#', (list, status, expected) => {
    expect(scheduledStatusOf('NM', list, { status, closedAs: null })).toBe(expected);
  });
});

describe('a wrong start that is broken off', () => {
  it('hides no step that was not begun, until a person closes the booking', () => {
    fc.assert(
      fc.property(facts, ({ scheduledStepIds, steps: list }) => {
        const tried = list.map((step) => ({ ...step, status: 'DISCONTINUED' as const, endedAt: at(999) }));
        const { status } = progressOf({ scheduledStepIds, steps: tried, closing: null });
        const begun = tried.flatMap((step) => step.scheduledStepIds);
        for (const id of ['NM', 'CT']) {
          const expected = begun.includes(id) ? 'DISCONTINUED' : 'SCHEDULED';
          expect(scheduledStatusOf(id, tried, { status, closedAs: null })).toBe(expected);
          expect(scheduledStatusOf(id, tried, { status, closedAs: 'DISCONTINUED' })).toBe('DISCONTINUED');
        }
      }),
    );
  });
});

describe('the end of a scan that is closed by hand', () => {
  const visit = {
    toldEndAt: null,
    lastEndAt: null,
    startedAt: START,
    injectionStartsAt: at(-180),
    scanEndsAt: at(60),
  };

  it.each([
    ['what the person says', { toldEndAt: at(40), lastEndAt: at(50) }, 600, 40],
    ['else what the scanner said of what it ended', { lastEndAt: at(50) }, 600, 50],
    ['else the planned end', {}, 600, 60],
    ['else now, when that is earlier', {}, 30, 30],
  ])('is %s', (_, over, nowMinutes, minutes) => {
    expect(endOfScan({ ...visit, ...over }, at(nowMinutes)).endedAt).toEqual(at(minutes));
  });

  it('is neither before the beginning nor in the future', () => {
    const ends = [-1, 0, 600, 601].map(
      (minutes) => endOfScan({ ...visit, toldEndAt: at(minutes) }, at(600)).endedAt !== null,
    );
    expect(ends).toEqual([false, true, true, false]);
    const unheard = { ...visit, startedAt: null, toldEndAt: at(-1) };
    expect(endOfScan(unheard, at(600))).toEqual({ endedAt: at(-1), earliest: at(-180) });
  });
});
