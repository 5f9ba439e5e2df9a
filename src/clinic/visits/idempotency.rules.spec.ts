import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { contentOf, faultOfKey, fromOutcome, toOutcome } from './idempotency.rules.js';
import { HoldExpired, TooManyMoves } from './visit.refusals.js';
import { CONFIRM_REFUSALS, SWAP_REFUSALS } from './visit-answer.type.js';

const instant = Temporal.Instant.from('2026-03-04T09:00:00Z');

describe('what is kept of an answer', () => {
  it('is the answer again, instants and lists in it', () => {
    const visit = { id: 'a', startsAt: instant, heldUntil: null, steps: [{ endsAt: instant, roles: ['x'] }] };
    const kept = JSON.parse(JSON.stringify(toOutcome(visit)));
    expect(fromOutcome(kept, [])).toEqual(visit);
  });

  it('is a refusal of its own class with all its fields', () => {
    for (const refusal of [new HoldExpired(instant), new TooManyMoves(2)]) {
      const again = fromOutcome(JSON.parse(JSON.stringify(toOutcome(refusal))), [
        ...CONFIRM_REFUSALS,
        ...SWAP_REFUSALS,
      ]);
      expect(again).toEqual(refusal);
      expect(again).toBeInstanceOf(refusal.constructor);
    }
  });

  it('is never made into something else', () => {
    expect(() => fromOutcome(toOutcome(new TooManyMoves(2)), CONFIRM_REFUSALS)).toThrow('TooManyMoves');
    expect(() => fromOutcome(null, CONFIRM_REFUSALS)).toThrow();
  });

  it('survives whatever text is in it', () => {
    const value = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(value, (fields) => {
        const answer = { startsAt: instant, fields: Object.entries(fields) };
        expect(fromOutcome(JSON.parse(JSON.stringify(toOutcome(answer))), [])).toEqual(answer);
      }),
    );
  });
});

describe('the content of a request', () => {
  it('is the same in any order, and with nothing said or left out', () => {
    expect(contentOf({ b: [{ d: 1, c: instant }], a: null })).toBe(contentOf({ b: [{ c: instant, d: 1 }] }));
    expect(contentOf({ a: [1, 2] })).not.toBe(contentOf({ a: [2, 1] }));
    expect(contentOf({ at: instant })).not.toBe(contentOf({ at: instant.add({ minutes: 1 }) }));
  });
});

describe('a key', () => {
  it.each(['6f1c', '"6f1c"', 'x'.repeat(200)])('may be %s', (key) => expect(faultOfKey(key)).toBeNull());
  it.each(['', ' ', 'a b', 'é', 'x'.repeat(201)])('may not be %j', (key) =>
    expect(faultOfKey(key)).not.toBeNull(),
  );
});
