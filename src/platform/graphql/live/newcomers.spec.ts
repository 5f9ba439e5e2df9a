import { describe, expect, it } from 'vitest';
import { NEWCOMERS_MAX, NEWCOMERS_PER_ADDRESS_MAX } from './limits.js';
import { Newcomers } from './newcomers.js';

const places = (newcomers: Newcomers, address: string, count: number) =>
  Array.from({ length: count }, () => newcomers.take(address)).filter((place) => place !== null);

describe('those who have not said who they are', () => {
  it('are few of one address, and leave room for others', () => {
    const newcomers = new Newcomers();
    const [first, ...others] = places(newcomers, 'a', NEWCOMERS_MAX);
    expect(others).toHaveLength(NEWCOMERS_PER_ADDRESS_MAX - 1);
    expect(newcomers.take('b')).not.toBeNull();
    first?.();
    first?.();
    expect(places(newcomers, 'a', 2)).toHaveLength(1);
  });

  it('are one caller with every address of an IPv6 network of 64 bits', () => {
    const newcomers = new Newcomers();
    const ofNetwork = (network: number) =>
      Array.from({ length: 60 }, (_, n) => newcomers.take(`2001:db8:0:${network}::${n.toString(16)}`));
    const leaving = ofNetwork(1).filter((place) => place !== null);
    expect(leaving).toHaveLength(NEWCOMERS_PER_ADDRESS_MAX);
    expect(ofNetwork(2).filter((place) => place !== null)).toHaveLength(NEWCOMERS_PER_ADDRESS_MAX);
    leaving[0]?.();
    expect(places(newcomers, '2001:db8:0:1:ffff::1', 2)).toHaveLength(1);
  });

  it('are limited in all, also of many addresses', () => {
    const many = new Newcomers();
    const taken = Array.from({ length: 2 * NEWCOMERS_MAX }, (_, n) => many.take(`address ${n}`));
    expect(taken.filter((place) => place !== null)).toHaveLength(NEWCOMERS_MAX);
  });
});
