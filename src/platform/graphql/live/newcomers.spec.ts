import { describe, expect, it } from 'vitest';
import { NEWCOMERS_MAX, NEWCOMERS_PER_ADDRESS_MAX } from './limits.js';
import { Newcomers } from './newcomers.js';

const places = (newcomers: Newcomers, address: string, count: number) =>
  Array.from({ length: count }, () => newcomers.take(address)).filter((place) => place !== null);

describe('those who have not said who they are', () => {
  it('are few of one address, and leave room for others', () => {
    const newcomers = new Newcomers(false);
    const [first, ...others] = places(newcomers, 'a', NEWCOMERS_MAX);
    expect(others).toHaveLength(NEWCOMERS_PER_ADDRESS_MAX - 1);
    expect(newcomers.take('b')).not.toBeNull();
    first?.();
    first?.();
    expect(places(newcomers, 'a', 2)).toHaveLength(1);
  });

  it('are limited in all, also of many addresses, and when one proxy stands for everybody', () => {
    const many = new Newcomers(false);
    const taken = Array.from({ length: 2 * NEWCOMERS_MAX }, (_, n) => many.take(`address ${n}`));
    expect(taken.filter((place) => place !== null)).toHaveLength(NEWCOMERS_MAX);
    expect(places(new Newcomers(true), 'proxy', 2 * NEWCOMERS_MAX)).toHaveLength(NEWCOMERS_MAX);
  });
});
