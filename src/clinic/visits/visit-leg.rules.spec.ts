import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import type { StepTimes } from './visit-day.rules.js';
import { legWindow, nextLeg, overrunMinutes, resourceSpans, slip } from './visit-leg.rules.js';

const NINE = Temporal.Instant.from('2026-03-10T09:00:00Z');
const LONDON = 'Europe/London';
const ADJACENT = { minMinutes: 0, maxMinutes: 0 };
const UPTAKE = { minMinutes: 120, maxMinutes: 300 };

function at(minutes: number, seconds = 0): Temporal.Instant {
  return NINE.add({ minutes, seconds });
}

function aStep(position: number, from: number, until: number, parts: Partial<StepTimes> = {}): StepTimes {
  return { position, startsAt: at(from), endsAt: at(until), startedAt: null, endedAt: null, ...parts };
}

function aLeg(wait: typeof ADJACENT | null, fillsWait = false) {
  return { wait, fillsWait };
}

describe('the window of a step', () => {
  const step = aStep(1, 195, 255);

  it('is counted from the planned end until the step before begins', () => {
    expect(legWindow(aStep(0, 0, 15), step, UPTAKE, at(5))).toEqual({
      earliestAt: at(135),
      latestAt: at(315),
    });
  });

  it('is counted from the actual end, late or early; the longest wait is never made longer', () => {
    const late = aStep(0, 0, 15, { startedAt: at(0), endedAt: at(25, 20) });
    expect(legWindow(late, step, UPTAKE, at(30))).toEqual({ earliestAt: at(146), latestAt: at(325) });
    const early = aStep(0, 0, 15, { startedAt: at(0), endedAt: at(10) });
    expect(legWindow(early, step, UPTAKE, at(30))).toEqual({ earliestAt: at(130), latestAt: at(310) });
  });

  it('follows a step that runs over', () => {
    const running = aStep(0, 0, 15, { startedAt: at(2) });
    expect(legWindow(running, step, UPTAKE, at(5)).earliestAt).toEqual(at(137));
    expect(legWindow(running, step, UPTAKE, at(40)).earliestAt).toEqual(at(160));
    expect([5, 16, 40].map((minute) => overrunMinutes(running, at(minute)))).toEqual([2, 2, 25]);
  });

  it('of a step that follows at once is one moment, unless that has passed or the one before ended early', () => {
    const next = aStep(1, 15, 45);
    expect(legWindow(aStep(0, 0, 15), next, ADJACENT, at(0))).toEqual({
      earliestAt: at(15),
      latestAt: at(15),
    });
    const early = aStep(0, 0, 15, { startedAt: at(0), endedAt: at(9) });
    expect(legWindow(early, next, ADJACENT, at(10))).toEqual({ earliestAt: at(9), latestAt: at(15) });
    const late = aStep(0, 0, 15, { startedAt: at(0), endedAt: at(20, 30) });
    expect(legWindow(late, next, ADJACENT, at(24))).toEqual({ earliestAt: at(21), latestAt: at(24) });
  });

  it('is shown for the next step; what fills a wait has none of its own', () => {
    const steps = [
      aStep(0, 0, 15, { startedAt: at(0), endedAt: at(15) }),
      aStep(1, 15, 195),
      aStep(2, 195, 255),
    ];
    const expected = { position: 2, earliestAt: at(135), latestAt: at(315) };
    expect(nextLeg(steps, [null, null, UPTAKE], at(20))).toEqual(expected);
    expect(nextLeg(steps.slice(0, 1), [null], at(20))).toBeNull();
    expect(nextLeg([aStep(0, 0, 15), aStep(1, 15, 30)], [ADJACENT, ADJACENT], at(0))).toBeNull();
  });
});

describe('a slip', () => {
  const legs = [aLeg(null), aLeg(UPTAKE), aLeg(ADJACENT)];
  const steps = [
    aStep(0, 0, 15, { startedAt: at(0), endedAt: at(30) }),
    aStep(1, 140, 200),
    aStep(2, 200, 230),
  ];
  const startsOf = (result: ReturnType<typeof slip<StepTimes>>) =>
    isRefusal(result) ? result.code : result.map(({ startsAt }) => startsAt.since(NINE).total('minutes'));

  it('leaves what is before, takes what must follow along, and keeps each as long as it was', () => {
    const slipped = slip(steps, legs, { position: 1, startsAt: at(165) }, at(31), LONDON);
    expect(startsOf(slipped)).toEqual([0, 165, 225]);
    if (isRefusal(slipped)) throw new Error(slipped.message);
    expect(slipped.map((step) => step.startsAt.until(step.endsAt).total('minutes'))).toEqual([15, 60, 30]);
  });

  it('holds both bounds, and says them when it does not', () => {
    for (const minute of [150, 330]) {
      expect(startsOf(slip(steps, legs, { position: 1, startsAt: at(minute) }, at(31), LONDON))).toContain(
        minute,
      );
    }
    for (const minute of [149, 331]) {
      expect(slip(steps, legs, { position: 1, startsAt: at(minute) }, at(31), LONDON)).toMatchObject({
        code: 'LegOutsideWindow',
        position: 1,
        earliestAt: at(150),
        latestAt: at(330),
        message: expect.stringContaining('between 11:30 and 14:30'),
      });
    }
  });

  it('leaves a later step alone while its own window still holds it', () => {
    const loose = [aLeg(null), aLeg(UPTAKE), aLeg({ minMinutes: 10, maxMinutes: 90 })];
    const spaced = [...steps.slice(0, 2), aStep(2, 260, 290)];
    expect(startsOf(slip(spaced, loose, { position: 1, startsAt: at(170) }, at(31), LONDON))).toEqual([
      0, 170, 260,
    ]);
    expect(startsOf(slip(spaced, loose, { position: 1, startsAt: at(200) }, at(31), LONDON))).toEqual([
      0, 200, 270,
    ]);
  });

  it('stretches what fills the wait', () => {
    const filled = [aLeg(null), aLeg(null, true), aLeg(UPTAKE)];
    const visit = [aStep(0, 0, 15), aStep(1, 15, 195), aStep(2, 195, 255)];
    const slipped = slip(visit, filled, { position: 2, startsAt: at(215) }, at(0), LONDON);
    expect(slipped).toMatchObject([{}, { startsAt: at(15), endsAt: at(215) }, { startsAt: at(215) }]);
  });

  it('earlier begins what fills the wait when the step before has ended', () => {
    const filled = [aLeg(null), aLeg(null, true), aLeg({ minMinutes: 0, maxMinutes: 300 })];
    const early = aStep(0, 0, 60, { startedAt: at(0), endedAt: at(40, 20) });
    const visit = [early, aStep(1, 60, 195), aStep(2, 195, 255)];
    const to = (minute: number) => slip(visit, filled, { position: 2, startsAt: at(minute) }, at(41), LONDON);
    expect(to(50)).toMatchObject([{}, { startsAt: at(40), endsAt: at(50) }, { startsAt: at(50) }]);
    expect(to(215)).toMatchObject([{}, { startsAt: at(40), endsAt: at(215) }, {}]);
    expect(to(41)).toMatchObject([{}, { startsAt: at(40), endsAt: at(41) }, {}]);
  });

  it('leaves at least a minute for what fills the wait', () => {
    const filled = [aLeg(null), aLeg(null, true), aLeg({ minMinutes: 0, maxMinutes: 300 })];
    const visit = [aStep(0, 0, 15), aStep(1, 15, 195), aStep(2, 195, 255)];
    const to = (minute: number) => slip(visit, filled, { position: 2, startsAt: at(minute) }, at(0), LONDON);
    expect(to(15)).toMatchObject({
      code: 'LegOutsideWindow',
      position: 2,
      earliestAt: at(16),
      latestAt: at(315),
    });
    expect(to(16)).toMatchObject([{}, { startsAt: at(15), endsAt: at(16) }, { startsAt: at(16) }]);
  });

  it('of planned steps never ends with a step outside its window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ min: fc.nat(60), more: fc.nat(60), length: fc.integer({ min: 5, max: 60 }) }), {
          minLength: 2,
          maxLength: 5,
        }),
        fc.nat(120),
        (wishes, shift) => {
          let from = 0;
          const planned = wishes.map(({ min, length }, position) => {
            const start = position === 0 ? 0 : from + min;
            from = start + length;
            return aStep(position, start, from);
          });
          const waits = wishes.map(({ min, more }, position) =>
            aLeg(position === 0 ? null : { minMinutes: min, maxMinutes: min + more }),
          );
          const first = planned[1];
          if (first === undefined) throw new Error('no second step');
          const result = slip(
            planned,
            waits,
            { position: 1, startsAt: first.startsAt.add({ minutes: shift }) },
            at(0),
            LONDON,
          );
          if (isRefusal(result)) return shift > (wishes[1]?.more ?? 0);
          return result.every((step, position) => {
            const wait = waits[position]?.wait;
            const before = result[position - 1];
            if (!wait || before === undefined) return true;
            const gap = before.endsAt.until(step.startsAt).total('minutes');
            return wait.minMinutes <= gap && gap <= wait.maxMinutes;
          });
        },
      ),
    );
  });
});

describe('what the steps take', () => {
  it('holds the buffers, and is one span where uses of one resource touch or overlap', () => {
    const serve = (step: StepTimes, ...ids: string[]) => ({
      ...step,
      resources: ids.map((id) => ({ role: id, resource: { id } })),
    });
    const need = (role: string, before = 0, after = 0) => ({
      role,
      bufferBeforeMinutes: before,
      bufferAfterMinutes: after,
    });
    const taken = resourceSpans(
      [
        serve(aStep(0, 0, 30), 'nurse', 'room'),
        serve(aStep(1, 30, 60), 'nurse'),
        serve(aStep(2, 60, 90), 'room'),
      ],
      [
        { needs: [need('nurse'), need('room', 5, 10)] },
        { needs: [need('nurse')] },
        { needs: [need('room', 25)] },
      ],
    );
    expect(taken).toEqual([
      { resourceId: 'room', startsAt: at(-5), endsAt: at(90) },
      { resourceId: 'nurse', startsAt: at(0), endsAt: at(60) },
    ]);
  });
});
