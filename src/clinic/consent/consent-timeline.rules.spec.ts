import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import type { ConsentGround } from './consent-policy.rules.js';
import { BARE_GROUND, type Decision, standingAt } from './consent-standing.rules.js';
import { timelineOf } from './consent-timeline.rules.js';

const KINDS = ['GIVEN', 'DECLINED', 'REFUSED', 'WITHDRAWN'] as const;
const hour = (hours: number) => Temporal.Instant.from('2026-01-01T00:00:00Z').add({ hours });
const decision = (
  id: string,
  kind: Decision['decision'],
  decided: number,
  parts: Partial<Decision> = {},
): Decision => ({
  id,
  decision: kind,
  wordingId: 'w1',
  procedureCode: null,
  side: null,
  levels: [],
  stage: null,
  ofRecordId: null,
  decidedAt: hour(decided),
  recordedAt: hour(decided),
  ...parts,
});
const GROUND: ConsentGround = {
  ...BARE_GROUND,
  policies: [
    {
      procedureCode: null,
      effectiveFrom: Temporal.PlainDate.from('2020-01-01'),
      newWordingAsks: false,
      validFor: 2,
      validForUnit: 'DAYS',
      confirmation: 'NOT_NEEDED',
      confirmAfterDays: null,
      needsDiscussion: false,
      needsEvidence: false,
    },
  ],
};

describe('the timeline', () => {
  it('says what ended by itself, and nothing of a confirmation', () => {
    const history = [
      decision('no', 'DECLINED', 1),
      decision('yes', 'GIVEN', 5),
      decision('confirmed', 'GIVEN', 6, { stage: 'CONFIRMED', ofRecordId: 'yes' }),
      decision('back', 'WITHDRAWN', 100),
    ];
    const spans = timelineOf(history, GROUND, hour(200)).map(({ from, until, standing }) => [
      standing.state,
      from.toString(),
      until?.toString() ?? null,
    ]);
    expect(spans).toEqual([
      ['DECLINED', hour(1).toString(), hour(5).toString()],
      ['IN_FORCE', hour(5).toString(), hour(72).toString()],
      ['EXPIRED', hour(72).toString(), hour(100).toString()],
      ['WITHDRAWN', hour(100).toString(), null],
    ]);
  });

  it('has a line for each place that was agreed to', () => {
    const history = [
      decision('both', 'GIVEN', 1, { side: 'BILATERAL' }),
      decision('left', 'WITHDRAWN', 2, { side: 'LEFT' }),
    ];
    const spans = timelineOf(history, BARE_GROUND, hour(10));
    expect(spans.map(({ point, standing }) => `${point.side} ${standing.state}`)).toEqual([
      'LEFT IN_FORCE',
      'LEFT WITHDRAWN',
      'RIGHT IN_FORCE',
    ]);
  });

  it('agrees at every moment with where the patient stood, without gaps', () => {
    const histories = fc.array(fc.record({ kind: fc.constantFrom(...KINDS), decided: fc.nat(150) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(histories, fc.nat(199), (events, when) => {
        const history = events.map(({ kind, decided }, i) => decision(String(i), kind, decided));
        const spans = timelineOf(history, GROUND, hour(200));
        for (const [index, span] of spans.entries()) {
          const next = spans[index + 1];
          expect(span.until?.toString()).toBe(next?.from.toString());
        }
        const span = spans.findLast(({ from }) => Temporal.Instant.compare(from, hour(when)) <= 0);
        expect(span?.standing.state ?? 'NEVER_ASKED').toBe(standingAt(history, hour(when), GROUND).state);
      }),
    );
  });

  it('is empty when nobody was asked', () => {
    expect(timelineOf([], GROUND, hour(1))).toEqual([]);
  });
});
