import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bounded } from './bounded.js';

const entriesMax = 8;

describe('what is remembered', () => {
  it('is what was said or asked for last, up to the bound', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 12 })), { maxLength: 200 }), (steps) => {
        const bounded = new Bounded<number>(entriesMax);
        // In order of use, the newest last.
        let truth: (readonly [key: string, value: number])[] = [];
        steps.forEach(([isSet, name], at) => {
          const key = `key ${name}`;
          const known = truth.find(([other]) => other === key);
          if (isSet) bounded.set(key, at);
          else expect(bounded.get(key)).toBe(known?.[1]);
          const used = isSet ? ([key, at] as const) : known;
          if (used !== undefined)
            truth = [...truth.filter(([other]) => other !== key), used].slice(-entriesMax);
        });
      }),
    );
  });
});
