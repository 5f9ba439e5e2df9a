import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { canDecline, canWithdraw, decidedAtProblem, describeStanding, kindOf } from './consent.rules.js';
import type { ConsentGround } from './consent-policy.rules.js';
import { BARE_GROUND, type Decision, standingAt } from './consent-standing.rules.js';

const GROUND: ConsentGround = { ...BARE_GROUND, timeZone: 'Europe/London' };
const at = (text: string) => Temporal.Instant.from(text);
const minute = (minutes: number) => at('2026-01-01T00:00:00Z').add({ minutes });
const decision = (kind: Decision['decision'], decided: number, parts: Partial<Decision> = {}): Decision => ({
  id: `${kind}-${decided}`,
  decision: kind,
  wordingId: 'w1',
  procedureCode: null,
  side: null,
  levels: [],
  stage: null,
  ofRecordId: null,
  decidedAt: minute(decided),
  recordedAt: minute(decided),
  ...parts,
});
const NOWHERE = { side: null, levels: [] };
const LEFT = { side: 'LEFT', levels: ['L4/5'] } as const;
const RIGHT = { side: 'RIGHT', levels: ['L4/5'] } as const;

describe('kinds', () => {
  it.each([
    ['PRIVACY_NOTICE', 'PRIVACY_NOTICE'],
    ['MARKETING', 'CONTACT'],
    ['CONTACT_BY_MESSAGE', 'CONTACT'],
    ['IMAGING_TRACER_AND_XRAYS', 'CLINICAL'],
    ['PROCEDURE', 'CLINICAL'],
  ] as const)('%s is %s', (purpose, kind) => {
    expect(kindOf(purpose)).toBe(kind);
  });
});

describe('a standing in words', () => {
  it.each<[Decision[], string]>([
    [[], 'Never asked.'],
    [
      [decision('GIVEN', 0, { decidedAt: at('2026-06-30T23:30:00Z') })],
      'In force since Wednesday 1 July 2026 at 00:30.',
    ],
    [[decision('DECLINED', 600)], 'Declined on Thursday 1 January 2026 at 10:00.'],
    [[decision('NOT_CHOSEN', 600)], 'Neither agreed to nor declined on Thursday 1 January 2026 at 10:00.'],
    [[decision('UNKNOWN', 600)], 'What was decided on Thursday 1 January 2026 at 10:00 cannot be told.'],
    [[decision('REFUSED', 600)], 'Did not want to be asked on Thursday 1 January 2026 at 10:00.'],
    [[decision('GIVEN', 1), decision('WITHDRAWN', 600)], 'Withdrawn on Thursday 1 January 2026 at 10:00.'],
    [
      [decision('GIVEN', 1), decision('INVALIDATED', 600)],
      'Found not to be valid on Thursday 1 January 2026 at 10:00.',
    ],
  ])('%#', (history, words) => {
    expect(describeStanding(standingAt(history, at('2027-01-01T00:00:00Z'), GROUND), 'Europe/London')).toBe(
      words,
    );
  });

  it('says that another place was asked about, that it expired, and that it has to be confirmed', () => {
    const left = [decision('GIVEN', 1, LEFT)];
    const elsewhere = standingAt(left, minute(10), GROUND, RIGHT);
    expect(describeStanding(elsewhere, 'Europe/London')).toContain('Never asked about this side');
    const policy = {
      procedureCode: null,
      effectiveFrom: Temporal.PlainDate.from('2020-01-01'),
      newWordingAsks: false,
      validFor: 1,
      validForUnit: 'MONTHS',
      confirmation: 'ON_THE_DAY',
      confirmAfterDays: null,
      needsDiscussion: true,
      needsEvidence: true,
    } as const;
    const ground = { ...GROUND, policies: [policy] };
    expect(describeStanding(standingAt(left, minute(10), ground), 'Europe/London')).toBe(
      'In force since Thursday 1 January 2026 at 00:01. To be confirmed on the day before anything is done.',
    );
    expect(describeStanding(standingAt(left, at('2026-02-02T00:00:00Z'), ground), 'Europe/London')).toBe(
      'Expired on Monday 2 February 2026 at 00:00: it holds for a limited time. Ask again.',
    );
  });
});

describe('declining', () => {
  const given = [decision('GIVEN', 5)];
  it.each<[string, Decision[], number, boolean]>([
    ['never asked', [], 5, true],
    ['after a withdrawal', [...given, decision('WITHDRAWN', 6)], 7, true],
    ['from before the consent', given, 4, true],
    ['at the moment of the consent', given, 5, false],
    ['after the consent', given, 6, false],
  ])('%s', (_, history, when, allowed) => {
    const no = { decidedAt: minute(when), now: minute(10), place: NOWHERE };
    expect(canDecline(history, no, GROUND)?.code).toBe(allowed ? undefined : 'ConsentStillInForce');
  });

  it.each([
    ['the other side', RIGHT, undefined],
    ['the same side', LEFT, 'ConsentStillInForce'],
    ['no side by name, which is each', NOWHERE, 'ConsentStillInForce'],
    ['both sides', { side: 'BILATERAL', levels: [] } as const, 'ConsentStillInForce'],
    ['another level', { side: 'LEFT', levels: ['L5/S1'] } as const, undefined],
  ])('of a procedure, %s', (_, place, code) => {
    const history = [decision('GIVEN', 5, LEFT)];
    expect(canDecline(history, { decidedAt: minute(6), now: minute(10), place }, GROUND)?.code).toBe(code);
  });
});

describe('withdrawing', () => {
  const now = minute(10);
  it.each<[Decision[], string]>([
    [[], 'NEVER_ASKED'],
    [[decision('DECLINED', 1)], 'DECLINED'],
    [[decision('GIVEN', 1), decision('WITHDRAWN', 2)], 'WITHDRAWN'],
    [[decision('GIVEN', 1), decision('INVALIDATED', 2)], 'INVALIDATED'],
  ])('%#: refused as %s', (history, state) => {
    expect(canWithdraw(history, { now, place: NOWHERE }, GROUND)).toMatchObject({
      code: 'NothingToWithdraw',
      state,
    });
  });

  it('takes back what is in force, and is not dated before the last of it', () => {
    const history = [decision('GIVEN', 1, LEFT), decision('GIVEN', 3, RIGHT)];
    expect(canWithdraw(history, { now, place: NOWHERE }, GROUND)).toMatchObject({
      latest: { id: 'GIVEN-3' },
    });
    expect(canWithdraw(history, { now, place: LEFT }, GROUND)).toMatchObject({ latest: { id: 'GIVEN-1' } });
    const other = { side: 'LEFT', levels: ['L5/S1'] } as const;
    expect(canWithdraw(history, { now, place: other }, GROUND)).toMatchObject({ state: 'NEVER_ASKED' });
  });

  it('takes back what has expired, too: nobody is told that it does not matter', () => {
    const expired = {
      procedureCode: null,
      effectiveFrom: Temporal.PlainDate.from('2020-01-01'),
      newWordingAsks: false,
      validFor: 1,
      validForUnit: 'DAYS',
      confirmation: 'NOT_NEEDED',
      confirmAfterDays: null,
      needsDiscussion: false,
      needsEvidence: false,
    } as const;
    const ground = { ...GROUND, policies: [expired] };
    const later = at('2026-03-01T00:00:00Z');
    const held = canWithdraw([decision('GIVEN', 1)], { now: later, place: NOWHERE }, ground);
    expect(held).toMatchObject({ standing: { state: 'EXPIRED' }, latest: { id: 'GIVEN-1' } });
  });
});

describe('the time of a decision', () => {
  const bounds = { bornAt: minute(10), now: minute(20) };
  it('lies between birth and now, both included', () => {
    expect([9, 10, 20, 21].map((when) => decidedAtProblem(minute(when), bounds) === null)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
