import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubjectAccessStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  type AccessClock,
  allowedActions,
  canAnswer,
  canDo,
  canExtend,
  canFetch,
  dueDate,
  isOverdue,
  pausedDaysUntil,
} from './subject-access.rules.js';
import { SubjectAccessAction } from './subject-access-request.refusals.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const clock = (receivedOn: string, parts: Partial<AccessClock> = {}): AccessClock => ({
  ...{ receivedOn: day(receivedOn), pausedOn: null, pausedDays: 0, isExtended: false, ...parts },
});
const days = fc.integer({ min: 0, max: 20_000 }).map((after) => day('2020-01-01').add({ days: after }));

/** Written by hand. */
const POSSIBLE: Record<SubjectAccessStatus, readonly SubjectAccessAction[]> = {
  OPEN: ['PAUSE', 'EXTEND', 'PREPARE', 'WITHHOLD', 'REVIEW', 'ANSWER', 'REFUSE', 'WITHDRAW'],
  PAUSED: ['RESUME', 'EXTEND', 'PREPARE', 'WITHHOLD', 'REVIEW', 'REFUSE', 'WITHDRAW'],
  ANSWERED: [],
  REFUSED: [],
  WITHDRAWN: [],
};

describe('the clock of a request', () => {
  it.each([
    ['2027-01-31', '2027-02-28'],
    ['2028-01-31', '2028-02-29'],
    ['2027-02-28', '2027-03-28'],
    ['2027-08-31', '2027-09-30'],
    ['2027-12-31', '2028-01-31'],
    ['2027-09-03', '2027-10-03'],
  ])('received on %s it is due on %s', (received, due) => {
    expect(dueDate(clock(received)).toString()).toBe(due);
  });

  it('counts two months more once that was told', () => {
    expect(dueDate(clock('2027-01-31', { isExtended: true })).toString()).toBe('2027-04-30');
  });

  it('stands still for ten days while it is asked who somebody is', () => {
    const standing = clock('2027-01-31', { pausedOn: day('2027-02-05') });
    const pausedDays = pausedDaysUntil(standing, day('2027-02-15'));
    expect(pausedDays).toBe(10);
    expect(dueDate({ ...standing, pausedOn: null, pausedDays }).toString()).toBe('2027-03-10');
  });

  it('is late on the day after, and never while it stands', () => {
    const due = day('2027-02-28');
    expect(isOverdue('OPEN', due, day('2027-02-28'))).toBe(false);
    expect(isOverdue('OPEN', due, day('2027-03-01'))).toBe(true);
    expect(isOverdue('PAUSED', due, day('2027-03-01'))).toBe(false);
    expect(isOverdue('ANSWERED', due, day('2027-03-01'))).toBe(false);
  });

  it('never runs backwards: a pause makes the day later by exactly its days, and less than a month is never left', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 400 }), fc.boolean(), (received, paused, isExtended) => {
        const plain = dueDate({ receivedOn: received, pausedOn: null, pausedDays: 0, isExtended });
        const stood = dueDate({ receivedOn: received, pausedOn: null, pausedDays: paused, isExtended });
        expect(plain.until(stood).days).toBe(paused);
        expect(received.until(plain).days).toBeGreaterThanOrEqual(28);
      }),
    );
  });

  it('stops and goes any number of times with the same sum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), {
          maxLength: 8,
        }),
        (pauses) => {
          let today = day('2027-01-31');
          let state = clock('2027-01-31');
          for (const [going, standing] of pauses) {
            const pausedOn = today.add({ days: going });
            today = pausedOn.add({ days: standing });
            state = { ...state, pausedOn: null, pausedDays: pausedDaysUntil({ ...state, pausedOn }, today) };
          }
          expect(state.pausedDays).toBe(pauses.reduce((sum, [, standing]) => sum + standing, 0));
        },
      ),
    );
  });
});

describe('two months more', () => {
  it('have to be told on the last day of the first month at the latest', () => {
    expect(canExtend(clock('2027-01-31'), day('2027-02-28'))).toBeNull();
    expect(canExtend(clock('2027-01-31'), day('2027-03-01'))).toMatchObject({
      code: 'ExtensionTooLate',
      toldBy: '2027-02-28',
    });
  });

  it('later where the clock has stood still, also while it still does', () => {
    expect(canExtend(clock('2027-01-31', { pausedDays: 10 }), day('2027-03-10'))).toBeNull();
    expect(canExtend(clock('2027-01-31', { pausedOn: day('2027-02-28') }), day('2027-06-01'))).toBeNull();
  });

  it('once', () => {
    expect(canExtend(clock('2027-01-31', { isExtended: true }), day('2027-02-01'))?.message).toMatch(/once/);
  });
});

describe('what can be done', () => {
  it.each(Object.values(SubjectAccessStatus))('%s: exactly what the table has', (status) => {
    expect([...allowedActions(status)].sort()).toEqual([...POSSIBLE[status]].sort());
    for (const action of Object.values(SubjectAccessAction)) {
      const refusal = canDo(status, action);
      if (POSSIBLE[status].includes(action)) expect(refusal).toBeNull();
      else expect(refusal).toMatchObject({ code: 'SubjectAccessStandsOtherwise', status });
    }
  });
});

describe('a copy', () => {
  const now = Temporal.Instant.from('2027-02-01T09:00:00Z');
  const ready = {
    ...({ copyStatus: 'READY', thirdPartyCount: 0, isReviewed: false } as const),
    copyExpiresAt: now.add({ seconds: 1 }),
  };

  it('is fetched while it lies ready', () => {
    expect(canFetch(ready, now)).toBeNull();
    expect(canFetch(ready, now.add({ seconds: 1 }))?.trouble).toBe('EXPIRED');
    expect(canFetch({ ...ready, copyStatus: 'EXPIRED' }, now)?.trouble).toBe('EXPIRED');
    expect(canFetch({ ...ready, copyStatus: 'PREPARING', copyExpiresAt: null }, now)?.trouble).toBe(
      'PREPARING',
    );
  });

  it('is handed over once somebody has looked at what speaks of others', () => {
    expect(canAnswer(ready, now)).toBeNull();
    expect(canAnswer({ ...ready, thirdPartyCount: 2 }, now)?.trouble).toBe('NOT_REVIEWED');
    expect(canAnswer({ ...ready, thirdPartyCount: 2, isReviewed: true }, now)).toBeNull();
  });
});
