import { validate } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { HasDecimalPlaces } from './decimal.js';

class Weighed {
  @HasDecimalPlaces(1)
  readonly kg: unknown;

  constructor(kg: unknown) {
    this.kg = kg;
  }
}

const problemsOf = async (kg: unknown) =>
  (await validate(new Weighed(kg))).flatMap(({ constraints }) => Object.values(constraints ?? {}));

describe('a number with one decimal place', () => {
  it.each([0, 71, 71.5, -0.1, 0.3, 1e15])('%s is one', async (kg) =>
    expect(await problemsOf(kg)).toEqual([]),
  );

  it.each([71.55, 0.05, 5e-324, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, '71.5', null])(
    '%s is none, and is said so',
    async (kg) => expect(await problemsOf(kg)).toEqual(['kg must be a number with at most 1 decimal place']),
  );
});
