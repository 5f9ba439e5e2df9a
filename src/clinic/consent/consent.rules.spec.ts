import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  canDecline,
  canWithdraw,
  type Decision,
  decidedAtProblem,
  describeStanding,
  standingAt,
  wordingAt,
} from './consent.rules.js';

const LONDON = 'Europe/London';
const at = (text: string) => Temporal.Instant.from(text);
const minute = (minutes: number) => at('2026-01-01T00:00:00Z').add({ minutes });
const decision = (kind: Decision['decision'], decided: number, recorded = decided): Decision => ({
  id: `${kind}-${decided}-${recorded}`,
  decision: kind,
  decidedAt: minute(decided),
  recordedAt: minute(recorded),
});

describe('where a patient stands', () => {
  it.each<[string, Decision[], number, string]>([
    ['nobody asked', [], 10, 'NEVER_ASKED'],
    ['asked later', [decision('GIVEN', 11)], 10, 'NEVER_ASKED'],
    ['given at that very moment', [decision('GIVEN', 10)], 10, 'IN_FORCE'],
    ['declined', [decision('DECLINED', 1)], 10, 'DECLINED'],
    ['declined, then given', [decision('DECLINED', 1), decision('GIVEN', 2)], 10, 'IN_FORCE'],
    ['given, then withdrawn', [decision('GIVEN', 1), decision('WITHDRAWN', 2)], 10, 'WITHDRAWN'],
    ['before the withdrawal', [decision('GIVEN', 1), decision('WITHDRAWN', 12)], 10, 'IN_FORCE'],
    ['given again', [decision('GIVEN', 1), decision('WITHDRAWN', 2), decision('GIVEN', 3)], 10, 'IN_FORCE'],
    [
      'an old paper form, recorded late',
      [decision('WITHDRAWN', 5), decision('GIVEN', 2, 9)],
      10,
      'WITHDRAWN',
    ],
    ['one moment, recorded in turn', [decision('WITHDRAWN', 5, 5), decision('GIVEN', 5, 6)], 10, 'IN_FORCE'],
    ['one moment in everything', [decision('WITHDRAWN', 5), decision('GIVEN', 5)], 10, 'WITHDRAWN'],
  ])('%s', (_, history, when, state) => {
    expect(standingAt(history, minute(when)).state).toBe(state);
    expect(standingAt([...history].reverse(), minute(when)).state).toBe(state);
  });

  it('agrees with a walk through time, whatever happened and however it was recorded', () => {
    const history = fc.array(
      fc
        .record({
          kind: fc.constantFrom('GIVEN' as const, 'DECLINED' as const, 'WITHDRAWN' as const),
          decided: fc.nat(8),
          late: fc.nat(3),
        })
        .map(({ kind, decided, late }) => ({ ...decision(kind, decided, decided + late), decided, late })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(history, fc.nat(10), (events, when) => {
        // Independent of the rule: play the moments in order, and let each overwrite what was known.
        let known = 'NEVER_ASKED';
        for (let moment = 0; moment <= when; moment += 1) {
          for (let late = 0; late <= 3; late += 1) {
            const now = events.filter((event) => event.decided === moment && event.late === late);
            for (const kind of ['GIVEN', 'DECLINED', 'WITHDRAWN'] as const) {
              if (now.some((event) => event.decision === kind)) known = kind;
            }
          }
        }
        const expected = known === 'GIVEN' ? 'IN_FORCE' : known;
        expect(standingAt(events, minute(when)).state).toBe(expected);
      }),
    );
  });

  it.each<[Decision[], string]>([
    [[], 'Never asked.'],
    [
      [{ ...decision('GIVEN', 0), decidedAt: at('2026-06-30T23:30:00Z') }],
      'In force since Wednesday 1 July 2026 at 00:30.',
    ],
    [[decision('DECLINED', 600)], 'Declined on Thursday 1 January 2026 at 10:00.'],
    [[decision('GIVEN', 1), decision('WITHDRAWN', 600)], 'Withdrawn on Thursday 1 January 2026 at 10:00.'],
  ])('is said in words: %#', (history, words) => {
    expect(describeStanding(standingAt(history, at('2027-01-01T00:00:00Z')), LONDON)).toBe(words);
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
    const refusal = canDecline(history, minute(when), minute(10), LONDON);
    expect(refusal?.code).toBe(allowed ? undefined : 'ConsentStillInForce');
  });
});

describe('withdrawing', () => {
  it.each<[Decision[], string | undefined]>([
    [[], 'NEVER_ASKED'],
    [[decision('DECLINED', 1)], 'DECLINED'],
    [[decision('GIVEN', 1), decision('WITHDRAWN', 2)], 'WITHDRAWN'],
    [[decision('GIVEN', 1)], undefined],
  ])('%#: refused as %s', (history, state) => {
    expect(canWithdraw(standingAt(history, minute(10)), LONDON)?.state).toBe(state);
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

describe('the wording in force', () => {
  const wordings = [
    { version: '2', effectiveFrom: minute(20) },
    { version: '1', effectiveFrom: minute(10) },
  ];
  it.each([
    [9, undefined],
    [10, '1'],
    [19, '1'],
    [20, '2'],
    [99, '2'],
  ])('at minute %i is version %s', (when, version) => {
    expect(wordingAt(wordings, minute(when))?.version).toBe(version);
  });
});
