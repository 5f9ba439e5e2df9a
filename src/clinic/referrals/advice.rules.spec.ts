import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdviceStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { AdviceAction, AdviceChangedMeanwhile, AdviceNotPossible } from './advice.refusals.js';
import {
  adviceActions,
  adviceAfter,
  advicePatientProblem,
  adviceReference,
  messageDayProblem,
  REFERENCE_BYTES,
} from './advice.rules.js';

// Written by hand, not derived from the table.
const ALLOWED: readonly (readonly [AdviceStatus, AdviceAction, AdviceStatus])[] = [
  ['OPEN', 'ASK_MORE', 'OPEN'],
  ['OPEN', 'ANSWER', 'ANSWERED'],
  ['OPEN', 'LINK_PATIENT', 'OPEN'],
  ['OPEN', 'CLOSE', 'CLOSED'],
  ['OPEN', 'CONVERT', 'CONVERTED'],
  ['ANSWERED', 'ASK_MORE', 'OPEN'],
  ['ANSWERED', 'ANSWER', 'ANSWERED'],
  ['ANSWERED', 'LINK_PATIENT', 'ANSWERED'],
  ['ANSWERED', 'CLOSE', 'CLOSED'],
  ['ANSWERED', 'CONVERT', 'CONVERTED'],
  ['CLOSED', 'REOPEN', 'OPEN'],
];
const REFUSED: readonly (readonly [AdviceStatus, AdviceAction])[] = [
  ['OPEN', 'REOPEN'],
  ['ANSWERED', 'REOPEN'],
  ['CLOSED', 'ASK_MORE'],
  ['CLOSED', 'ANSWER'],
  ['CLOSED', 'LINK_PATIENT'],
  ['CLOSED', 'CLOSE'],
  ['CLOSED', 'CONVERT'],
  ['CONVERTED', 'ASK_MORE'],
  ['CONVERTED', 'ANSWER'],
  ['CONVERTED', 'LINK_PATIENT'],
  ['CONVERTED', 'CLOSE'],
  ['CONVERTED', 'REOPEN'],
  ['CONVERTED', 'CONVERT'],
];

describe('the states of a question for advice', () => {
  it('are all covered by the two lists, and can all be reached', () => {
    const pairs = Object.keys(AdviceStatus).length * Object.keys(AdviceAction).length;
    expect(ALLOWED.length + REFUSED.length).toBe(pairs);
    expect([...new Set(ALLOWED.map(([, , next]) => next))].sort()).toEqual(Object.keys(AdviceStatus).sort());
  });

  it.each(ALLOWED)('%s, %s: %s', (status, action, next) => {
    expect(adviceAfter({ status, version: 3 }, action, 3)).toBe(next);
    expect(adviceAfter({ status, version: 4 }, action, 3)).toBeInstanceOf(AdviceChangedMeanwhile);
    expect(adviceActions(status)).toContain(action);
  });

  it.each(REFUSED)('%s, %s: refused, naming the state and what can be done', (status, action) => {
    const refusal = adviceAfter({ status, version: 3 }, action, 3);
    expect(refusal).toBeInstanceOf(AdviceNotPossible);
    expect(refusal).toMatchObject({ status, allowedActions: adviceActions(status) });
    expect(adviceActions(status)).not.toContain(action);
  });
});

describe('who it is about', () => {
  const nobody = { patientId: null, patientName: null, patientNhsNumber: null };
  it.each([
    { ...nobody, patientName: 'A. N. Other' },
    { ...nobody, patientId: 'p1' },
    { ...nobody, patientNhsNumber: '9990000018' },
  ])('is enough: %j', (entry) => expect(advicePatientProblem(entry)).toBeNull());

  it.each([
    [nobody, 'patientName'],
    [{ ...nobody, patientNhsNumber: '999000001' }, 'patientNhsNumber'],
    [{ ...nobody, patientName: 'A', patientNhsNumber: '999 000 0018' }, 'patientNhsNumber'],
  ])('is not enough: %j', (entry, field) => expect(advicePatientProblem(entry)).toMatch(`${field}: `));
});

describe('the day of a message', () => {
  const [yesterday, today] = ['2026-03-28', '2026-03-29'].map((text) => Temporal.PlainDate.from(text));
  it('lies neither in the future nor before the last one', () => {
    if (yesterday === undefined || today === undefined) throw new Error('two days');
    expect(messageDayProblem(today, { today, notBefore: yesterday })).toBeNull();
    expect(messageDayProblem(yesterday, { today, notBefore: yesterday })).toBeNull();
    expect(messageDayProblem(today, { today: yesterday, notBefore: null })).toMatch('future');
    expect(messageDayProblem(yesterday, { today, notBefore: today })).toMatch('last message');
  });
});

describe('the reference', () => {
  it('is A and eight signs that cannot be mistaken for one another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: REFERENCE_BYTES, maxLength: REFERENCE_BYTES }), (bytes) => {
        expect(adviceReference(bytes)).toMatch(/^A[ACDEFGHJKMNPQRTWXY34679]{8}$/);
      }),
    );
  });
});
