import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  faultOfParts,
  isActionOverdue,
  isOutcomeSettled,
  needsAgreement,
  nextActionStatus,
  policyOn,
  tellNextAt,
} from './decision-action.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const EVERY_TWO = { remindDaysBefore: 2, overdueEveryDays: 2 };
const told = (dueOn: string, remindedOn: string | null, days = EVERY_TWO) =>
  tellNextAt(
    { dueOn: day(dueOn), remindedOn: remindedOn === null ? null : day(remindedOn) },
    days,
    'Europe/London',
  ).toString();

describe('an action', () => {
  it.each([
    ['OPEN', 'CHANGE', 'OPEN'],
    ['OPEN', 'START', 'STARTED'],
    ['OPEN', 'COMPLETE', 'DONE'],
    ['OPEN', 'CANCEL', 'CANCELLED'],
    ['STARTED', 'CHANGE', 'STARTED'],
    ['STARTED', 'START', null],
    ['STARTED', 'COMPLETE', 'DONE'],
    ['STARTED', 'CANCEL', 'CANCELLED'],
    ['DONE', 'CHANGE', null],
    ['DONE', 'START', null],
    ['DONE', 'COMPLETE', null],
    ['DONE', 'CANCEL', null],
    ['CANCELLED', 'CHANGE', null],
    ['CANCELLED', 'START', null],
    ['CANCELLED', 'COMPLETE', null],
    ['CANCELLED', 'CANCEL', null],
  ] as const)('%s: %s gives %s', (status, step, next) => {
    expect(nextActionStatus(status, step)).toBe(next);
  });

  it('is overdue from the day after its day, until it is settled', () => {
    const open = { status: 'OPEN', dueOn: day('2026-11-26') } as const;
    expect(isActionOverdue(open, day('2026-11-26'))).toBe(false);
    expect(isActionOverdue(open, day('2026-11-27'))).toBe(true);
    expect(isActionOverdue({ ...open, status: 'STARTED' }, day('2026-11-27'))).toBe(true);
    expect(isActionOverdue({ ...open, status: 'DONE' }, day('2026-11-27'))).toBe(false);
  });

  it('waits for the patient when something is done to them', () => {
    const kinds = ['SCAN_REQUEST', 'TREATMENT_REQUEST', 'PHYSIOTHERAPY_SERIES', 'LETTER', 'OTHER'] as const;
    expect(kinds.filter(needsAgreement)).toEqual([
      'SCAN_REQUEST',
      'TREATMENT_REQUEST',
      'PHYSIOTHERAPY_SERIES',
    ]);
  });
});

describe('reminders', () => {
  it('come before the day, the day after it, and again every two days', () => {
    expect(told('2026-11-26', null)).toBe('2026-11-24T08:00:00Z');
    expect(told('2026-11-26', '2026-11-24')).toBe('2026-11-27T08:00:00Z');
    expect(told('2026-11-26', '2026-11-27')).toBe('2026-11-29T08:00:00Z');
    expect(told('2026-11-26', '2026-11-29')).toBe('2026-12-01T08:00:00Z');
  });

  it('come when they are set to', () => {
    const weekly = { remindDaysBefore: 0, overdueEveryDays: 7 };
    expect(told('2026-11-26', null, weekly)).toBe('2026-11-26T08:00:00Z');
    expect(told('2026-11-26', '2026-11-26', weekly)).toBe('2026-11-27T08:00:00Z');
    expect(told('2026-11-26', '2026-11-27', weekly)).toBe('2026-12-04T08:00:00Z');
  });

  it('come at eight by the wall clock, also when the clocks have changed', () => {
    expect(told('2026-07-03', null)).toBe('2026-07-01T07:00:00Z');
    expect(told('2026-03-30', null)).toBe('2026-03-28T08:00:00Z');
    expect(told('2026-03-31', null)).toBe('2026-03-29T07:00:00Z');
    expect(told('2026-03-27', '2026-03-28')).toBe('2026-03-30T07:00:00Z');
    expect(told('2026-10-26', null)).toBe('2026-10-24T07:00:00Z');
    expect(told('2026-10-27', null)).toBe('2026-10-25T08:00:00Z');
    expect(told('2026-10-23', '2026-10-24')).toBe('2026-10-26T08:00:00Z');
  });
});

describe('a row that holds from a day on', () => {
  it('is the latest of those begun by then, and before the first of all the first', () => {
    const rows = [{ effectiveFrom: '2026-11-01' }, { effectiveFrom: '2026-01-01' }];
    expect(policyOn(rows, day('2026-11-01'))).toBe(rows[0]);
    expect(policyOn(rows, day('2026-10-31'))).toBe(rows[1]);
    expect(policyOn(rows, day('2025-12-31'))).toBe(rows[1]);
    expect(policyOn([], day('2026-01-01'))).toBeNull();
  });
});

describe('what starts an action', () => {
  it('is the part that its kind needs, and no other', () => {
    expect(faultOfParts('SCAN_REQUEST', ['scan'])).toBeNull();
    expect(faultOfParts('OTHER', [])).toBeNull();
    expect(faultOfParts('TREATMENT_REQUEST', [])).toMatch(/^treatment: /);
    expect(faultOfParts('LETTER', ['letter', 'visits'])).toMatch(/^visits: /);
    expect(faultOfParts('OTHER', ['scan'])).toMatch(/^scan: /);
  });
});

describe('what an action has made', () => {
  it.each([
    ['IMAGING_REQUEST', 'SUBMITTED', [], false],
    ['IMAGING_REQUEST', 'AUTHORISED', ['IN_PROGRESS'], false],
    ['IMAGING_REQUEST', 'AUTHORISED', ['COMPLETED'], true],
    ['IMAGING_REQUEST', 'REJECTED', [], true],
    ['TREATMENT', 'PLANNED', [], false],
    ['TREATMENT', 'DONE', [], true],
    ['TREATMENT', 'DECLINED', [], true],
    ['VISIT_REQUEST', 'WAITING', [], false],
    ['VISIT_REQUEST', 'BOOKED', ['COMPLETED', 'BOOKED'], false],
    ['VISIT_REQUEST', 'BOOKED', ['COMPLETED', 'CANCELLED', 'NO_SHOW'], true],
    ['VISIT_REQUEST', 'WAITING', ['CANCELLED'], false],
    ['VISIT_REQUEST', 'CLOSED', [], true],
    ['DECISION_LETTER', 'DRAFT', [], false],
    ['DECISION_LETTER', 'APPROVED', [], true],
  ] as const)('%s %s with visits %j is settled: %s', (kind, state, visitStates, isSettled) => {
    expect(isOutcomeSettled({ kind, state, visitStates })).toBe(isSettled);
  });
});
