import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  breachOn,
  type ClockEntry,
  happenedOnProblem,
  rttTime,
  weeksWaited,
} from './referral-clock.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const RECEIVED = day('2026-01-05');
type Recorded = Extract<ClockEntry, { recorded: unknown }>['recorded'];
const recorded = (kind: Recorded, on: string, id = `${kind} ${on}`): ClockEntry => ({
  recorded: kind,
  on: day(on),
  id,
});
const moved = (move: Extract<ClockEntry, { move: unknown }>['move'], on: string): ClockEntry => ({
  move,
  on: day(on),
});
const shown = (log: readonly ClockEntry[]) => {
  const { startedOn, stop } = rttTime(RECEIVED, log);
  return [startedOn.toString(), stop === null ? null : `${stop.reason} ${stop.on}`];
};

describe('the clock', () => {
  it('starts with the receipt and runs through every move that is no stop', () => {
    const log = [
      moved('RECEIVE', '2026-01-05'),
      moved('REQUEST_INFORMATION', '2026-01-06'),
      moved('RECORD_INFORMATION', '2026-02-06'),
      moved('ACCEPT', '2026-02-07'),
      moved('BOOK', '2026-02-08'),
      moved('COMPLETE', '2026-03-08'),
    ];
    expect(shown(log)).toEqual(['2026-01-05', null]);
  });

  it.each([
    ['FIRST_TREATMENT', recorded('FIRST_TREATMENT', '2026-02-01')],
    ['ACTIVE_MONITORING', recorded('ACTIVE_MONITORING', '2026-02-01')],
    ['NOT_TO_TREAT', recorded('NOT_TO_TREAT', '2026-02-01')],
    ['PATIENT_DECLINED', recorded('PATIENT_DECLINED', '2026-02-01')],
    ['DECLINED', moved('DECLINE', '2026-02-01')],
    ['REDIRECTED', moved('REDIRECT', '2026-02-01')],
    ['RETURNED_WITH_ADVICE', moved('RETURN_WITH_ADVICE', '2026-02-01')],
    ['WITHDRAWN', moved('WITHDRAW', '2026-02-01')],
  ])('is stopped by %s, and by nothing after it', (reason, stop) => {
    expect(shown([stop, recorded('FIRST_TREATMENT', '2026-03-01')])).toEqual([
      '2026-01-05',
      `${reason} 2026-02-01`,
    ]);
  });

  it('goes on when the move that stopped it is taken back, from its old start', () => {
    const reopened = [moved('DECLINE', '2026-02-01'), moved('REOPEN', '2026-02-10')];
    expect(shown(reopened)).toEqual(['2026-01-05', null]);
    expect(shown([...reopened, recorded('NOT_TO_TREAT', '2026-03-01')])).toEqual([
      '2026-01-05',
      'NOT_TO_TREAT 2026-03-01',
    ]);
  });

  it('stays stopped by a treatment when the referral is opened again, until a new start', () => {
    const stopped = [recorded('ACTIVE_MONITORING', '2026-02-01'), moved('REOPEN', '2026-02-10')];
    expect(shown(stopped)).toEqual(['2026-01-05', 'ACTIVE_MONITORING 2026-02-01']);
    expect(shown([...stopped, recorded('NEW_START', '2026-04-01')])).toEqual(['2026-04-01', null]);
    expect(shown([recorded('NEW_START', '2026-04-01')])).toEqual(['2026-01-05', null]);
  });

  it('forgets what was recorded in error', () => {
    const log = [
      recorded('FIRST_TREATMENT', '2026-02-01', 'wrong'),
      recorded('NOT_TO_TREAT', '2026-03-01', 'right'),
      { inError: 'wrong' },
    ];
    expect(shown(log)).toEqual(['2026-01-05', 'NOT_TO_TREAT 2026-03-01']);
  });

  it('counts whole weeks, without a pause, and is full after eighteen', () => {
    const running = { startedOn: RECEIVED, stop: null };
    expect(weeksWaited(running, day('2026-01-11'))).toBe(0);
    expect(weeksWaited(running, day('2026-01-12'))).toBe(1);
    expect(breachOn(running).toString()).toBe('2026-05-11');
    expect(weeksWaited(running, breachOn(running))).toBe(18);
    const stop = { on: day('2026-01-20'), reason: 'FIRST_TREATMENT' as const };
    expect(weeksWaited({ startedOn: RECEIVED, stop }, day('2030-01-01'))).toBe(2);
  });

  it('never starts before the receipt, and never stops before its start, whatever is recorded after it', () => {
    const entry = fc.record({
      days: fc.nat(400),
      kind: fc.constantFrom<Recorded>('FIRST_TREATMENT', 'ACTIVE_MONITORING', 'NEW_START'),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
        const inOrder = entries.toSorted((a, b) => a.days - b.days);
        const log = inOrder.map(({ days, kind }, at) =>
          recorded(kind, RECEIVED.add({ days }).toString(), String(at)),
        );
        const time = rttTime(RECEIVED, log);
        expect(Temporal.PlainDate.compare(time.startedOn, RECEIVED)).not.toBe(-1);
        if (time.stop !== null) expect(Temporal.PlainDate.compare(time.stop.on, time.startedOn)).not.toBe(-1);
        const everything = log.flatMap((one) => ('id' in one ? [{ inError: one.id }] : []));
        expect(rttTime(RECEIVED, [...log, ...everything])).toEqual({ startedOn: RECEIVED, stop: null });
      }),
    );
  });
});

describe('the day of an entry', () => {
  const bounds = { receivedOn: RECEIVED, today: day('2026-03-02') };
  it.each([
    ['2026-01-05', null],
    ['2026-03-02', null],
    ['2026-03-03', 'happenedOn: must not be in the future.'],
    ['2026-01-04', 'happenedOn: must not be before the referral was received.'],
  ])('%s: %s', (on, problem) => expect(happenedOnProblem(day(on), bounds)).toBe(problem));
});
