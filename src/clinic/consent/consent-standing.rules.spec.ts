import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { BARE_GROUND, type Decision, standingAt } from './consent-standing.rules.js';

const KINDS = ['GIVEN', 'NOT_CHOSEN', 'UNKNOWN', 'DECLINED', 'REFUSED', 'WITHDRAWN', 'INVALIDATED'] as const;
const minute = (minutes: number) => Temporal.Instant.from('2026-01-01T00:00:00Z').add({ minutes });
const decision = (
  kind: Decision['decision'],
  decided: number,
  recorded = decided,
  parts: Partial<Decision> = {},
): Decision => ({
  id: `${kind}-${decided}-${recorded}`,
  decision: kind,
  wordingId: 'w1',
  procedureCode: null,
  side: null,
  levels: [],
  stage: null,
  ofRecordId: null,
  decidedAt: minute(decided),
  recordedAt: minute(recorded),
  ...parts,
});
const placed = (kind: Decision['decision'], decided: number, side: Decision['side'], levels: string[] = []) =>
  decision(kind, decided, decided, { id: `${kind}-${decided}-${side}`, side, levels });
const stateAt = (
  history: readonly Decision[],
  when: number,
  side: Decision['side'] = null,
  levels: string[] = [],
) => standingAt(history, minute(when), BARE_GROUND, { side, levels }).state;

describe('where a patient stands', () => {
  it.each<[string, Decision[], number, string]>([
    ['nobody asked', [], 10, 'NEVER_ASKED'],
    ['asked later', [decision('GIVEN', 11)], 10, 'NEVER_ASKED'],
    ['given at that very moment', [decision('GIVEN', 10)], 10, 'IN_FORCE'],
    ['declined', [decision('DECLINED', 1)], 10, 'DECLINED'],
    ['no box ticked', [decision('NOT_CHOSEN', 1)], 10, 'NOT_CHOSEN'],
    ['did not want to be asked', [decision('REFUSED', 1)], 10, 'REFUSED'],
    ['cannot be told', [decision('UNKNOWN', 1)], 10, 'UNKNOWN'],
    ['found not to be valid', [decision('GIVEN', 1), decision('INVALIDATED', 2)], 10, 'INVALIDATED'],
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
    expect(stateAt(history, when)).toBe(state);
    expect(stateAt([...history].reverse(), when)).toBe(state);
  });

  it('agrees with a walk through time, whatever happened and however it was recorded', () => {
    const history = fc.array(
      fc
        .record({ kind: fc.constantFrom(...KINDS), decided: fc.nat(8), late: fc.nat(3) })
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
            for (const kind of KINDS) if (now.some((event) => event.decision === kind)) known = kind;
          }
        }
        expect(stateAt(events, when)).toBe(known === 'GIVEN' ? 'IN_FORCE' : known);
      }),
    );
  });
});

describe('sides and levels', () => {
  it.each<[string, Decision[], Decision['side'], string[], string]>([
    ['left is not right', [placed('GIVEN', 1, 'LEFT')], 'RIGHT', [], 'NEVER_ASKED'],
    ['left is left', [placed('GIVEN', 1, 'LEFT')], 'LEFT', [], 'IN_FORCE'],
    ['both sides are each', [placed('GIVEN', 1, 'BILATERAL')], 'LEFT', [], 'IN_FORCE'],
    ['one side is not both', [placed('GIVEN', 1, 'LEFT')], 'BILATERAL', [], 'NEVER_ASKED'],
    [
      'one and one are both',
      [placed('GIVEN', 1, 'LEFT'), placed('GIVEN', 2, 'RIGHT')],
      'BILATERAL',
      [],
      'IN_FORCE',
    ],
    ['whoever names none is told of any', [placed('GIVEN', 1, 'LEFT')], null, [], 'IN_FORCE'],
    ['no side was named, one is asked for', [placed('GIVEN', 1, null)], 'LEFT', [], 'NEVER_ASKED'],
    ['a level that was not named', [placed('GIVEN', 1, 'LEFT', ['L4/5'])], 'LEFT', ['L5/S1'], 'NEVER_ASKED'],
    ['each level', [placed('GIVEN', 1, 'LEFT', ['L4/5', 'L5/S1'])], 'LEFT', ['L4/5', 'L5/S1'], 'IN_FORCE'],
    ['one too many', [placed('GIVEN', 1, 'LEFT', ['L4/5'])], 'LEFT', ['L4/5', 'L5/S1'], 'NEVER_ASKED'],
    [
      'a withdrawal without a side is of each',
      [placed('GIVEN', 1, 'BILATERAL', ['L4/5']), placed('WITHDRAWN', 2, null)],
      'RIGHT',
      ['L4/5'],
      'WITHDRAWN',
    ],
    [
      'a withdrawal of one side leaves the other',
      [placed('GIVEN', 1, 'BILATERAL'), placed('WITHDRAWN', 2, 'LEFT')],
      'RIGHT',
      [],
      'IN_FORCE',
    ],
    [
      'and both no longer hold',
      [placed('GIVEN', 1, 'BILATERAL'), placed('WITHDRAWN', 2, 'LEFT')],
      'BILATERAL',
      [],
      'WITHDRAWN',
    ],
    ['declined on the right', [placed('DECLINED', 1, 'RIGHT')], 'RIGHT', [], 'DECLINED'],
  ])('%s', (_, history, side, levels, state) => {
    expect(stateAt(history, 10, side, levels)).toBe(state);
    expect(stateAt([...history].reverse(), 10, side, levels)).toBe(state);
  });

  it('says that another place was asked about', () => {
    const standing = standingAt([placed('GIVEN', 1, 'LEFT')], minute(2), BARE_GROUND, {
      side: 'RIGHT',
      levels: [],
    });
    expect(standing).toMatchObject({ state: 'NEVER_ASKED', reasonCode: 'PLACE_NOT_COVERED' });
  });

  it('nothing is ever in force that the last word on that very place did not allow', () => {
    const sides = fc.constantFrom(null, 'LEFT' as const, 'RIGHT' as const, 'BILATERAL' as const);
    const levels = fc.subarray(['L4/5', 'L5/S1']);
    const history = fc.array(
      fc
        .record({ kind: fc.constantFrom(...KINDS), side: sides, levels })
        .map(({ kind, side, levels: own }) => ({ kind, side, own })),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(
        history,
        fc.constantFrom('LEFT', 'RIGHT'),
        fc.constantFrom('L4/5', 'L5/S1'),
        (events, side, level) => {
          const decisions = events.map(({ kind, side: where, own }, i) => ({
            ...placed(kind, i, where, own),
            id: String(i),
          }));
          // Independent of the rule: the last decision that touches this side and this level.
          let last = 'NEVER_ASKED';
          for (const { kind, side: where, own } of events) {
            const hasSide = where === side || where === 'BILATERAL';
            const hasLevel = own.includes(level as 'L4/5');
            const isYes = kind === 'GIVEN';
            const touches = isYes
              ? hasSide && hasLevel
              : (hasSide || where === null) && (hasLevel || own.length === 0);
            if (touches) last = isYes ? 'IN_FORCE' : kind;
          }
          expect(stateAt(decisions, 20, side as 'LEFT', [level])).toBe(last);
        },
      ),
    );
  });
});

describe('a confirmation', () => {
  const yes = decision('GIVEN', 1, 1, { id: 'yes', stage: 'DISCUSSED' });
  const confirmed = (decided: number, ofRecordId = 'yes') =>
    decision('GIVEN', decided, decided, { id: `confirmed-${decided}`, stage: 'CONFIRMED', ofRecordId });

  it('never brings back what was taken back in between', () => {
    const history = [yes, decision('WITHDRAWN', 2), confirmed(3)];
    expect(stateAt(history, 10)).toBe('WITHDRAWN');
  });

  it('counts for its own "yes" only', () => {
    const again = decision('GIVEN', 4, 4, { id: 'again', stage: 'DISCUSSED' });
    expect(standingAt([yes, again, confirmed(5)], minute(10))).toMatchObject({
      yes: { id: 'again' },
      decision: { id: 'again' },
    });
    const standing = standingAt([yes, confirmed(5)], minute(10));
    expect(standing).toMatchObject({ yes: { id: 'yes' }, decision: { id: 'confirmed-5' } });
    expect(standing.since?.toString()).toBe(minute(1).toString());
  });

  it('at the moment of its "yes" comes after it', () => {
    const history = [confirmed(1), yes];
    expect(standingAt(history, minute(1))).toMatchObject({ decision: { id: 'confirmed-1' } });
  });
});
