import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { floorOf, isAtFloor, stagesOf, standingAt, strictnessOn } from './gate-policy.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);

/** Written by hand from the law and the clinic's own promise, and not from the rule. */
const HARD_WHATEVER_IS_SET: readonly (readonly [string, string])[] = [
  ...['EMPLOYER_LICENCE', 'PRACTITIONER_LICENCE', 'JUSTIFIED', 'AUTHORISED'].flatMap((gate) =>
    ['PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION'].map((stage) => [gate, stage] as const),
  ),
  ...['BOOKING', 'PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION'].map(
    (stage) => ['CONSENT_IN_FORCE', stage] as const,
  ),
  ...['IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED'].flatMap((gate) =>
    ['INJECTION', 'ACQUISITION'].map((stage) => [gate, stage] as const),
  ),
  ['BATCH_VALID', 'INJECTION'],
];

const gates = fc.constantFrom(...Object.values(GateCode));
const stages = fc.constantFrom(...Object.values(GateStage));
const days = fc.integer({ min: 0, max: 3_000 }).map((count) => day('2024-01-01').add({ days: count }));
const rows = fc.array(
  fc.record({
    gate: gates,
    stage: stages,
    strictness: fc.constantFrom('HARD' as const, 'ADVISORY' as const),
    effectiveFrom: days,
  }),
  { maxLength: 60 },
);

describe('the floor', () => {
  it('is where the law asks, and nowhere else', () => {
    const found = Object.values(GateCode).flatMap((gate) => floorOf(gate).map((stage) => `${gate} ${stage}`));
    expect(found.toSorted()).toEqual(HARD_WHATEVER_IS_SET.map((pair) => pair.join(' ')).toSorted());
  });

  it('holds whatever rows there are', () => {
    fc.assert(
      fc.property(rows, gates, stages, days, (all, gate, stage, on) => {
        const strictness = strictnessOn(all, gate, stage, on);
        return !isAtFloor(gate, stage) || strictness === 'HARD';
      }),
    );
  });
});

describe('above the floor', () => {
  it('the latest row that has begun counts, and none is none', () => {
    const all = [
      { gate: 'SAFETY_CHECKED', stage: 'INJECTION', strictness: 'HARD', effectiveFrom: day('2026-01-01') },
      {
        gate: 'SAFETY_CHECKED',
        stage: 'INJECTION',
        strictness: 'ADVISORY',
        effectiveFrom: day('2026-06-01'),
      },
    ] as const;
    const on = (text: string) => strictnessOn(all, 'SAFETY_CHECKED', 'INJECTION', day(text));
    expect([on('2025-12-31'), on('2026-01-01'), on('2026-05-31'), on('2026-06-01')]).toEqual([
      null,
      'HARD',
      'HARD',
      'ADVISORY',
    ]);
    expect(strictnessOn(all, 'SAFETY_CHECKED', 'ARRIVAL', day('2026-06-01'))).toBeNull();
  });

  it('the order of the rows says nothing', () => {
    const distinct = rows.filter(
      (all) =>
        new Set(all.map((row) => `${row.gate} ${row.stage} ${row.effectiveFrom.toString()}`)).size ===
        all.length,
    );
    fc.assert(
      fc.property(distinct, gates, stages, days, (all, gate, stage, on) => {
        return strictnessOn(all, gate, stage, on) === strictnessOn(all.toReversed(), gate, stage, on);
      }),
    );
  });

  it('gates of a stage and stages of a gate say the same', () => {
    fc.assert(
      fc.property(rows, gates, stages, days, (all, gate, stage, on) => {
        const atStage = standingAt(all, stage, on).find(({ code }) => code === gate)?.strictness ?? null;
        const ofGate = stagesOf(all, gate, on).find((stands) => stands.stage === stage)?.strictness ?? null;
        return atStage === ofGate && atStage === strictnessOn(all, gate, stage, on);
      }),
    );
  });
});
