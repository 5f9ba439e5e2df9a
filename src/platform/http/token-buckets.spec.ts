import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf, TokenBuckets } from './token-buckets.js';

const limits = { burstRequests: 3, requestsPerSecond: 0.5, addressesMax: 4 };

describe('a bucket of tokens', () => {
  it('lets a burst through, then says in how many seconds to come again, and keeps that word', () => {
    const buckets = new TokenBuckets(limits);
    expect([1, 2, 3].map(() => buckets.take('192.0.2.1', 0))).toEqual([0, 0, 0]);
    expect(buckets.take('192.0.2.1', 0)).toBe(2);
    expect(buckets.take('192.0.2.1', 1_999)).toBe(1);
    expect(buckets.take('192.0.2.1', 2_000)).toBe(0);
    expect(buckets.take('192.0.2.1', 2_000)).toBe(2);
  });

  it('counts each address by itself', () => {
    const buckets = new TokenBuckets(limits);
    for (let i = 0; i < 4; i += 1) buckets.take('192.0.2.1', 0);
    expect(buckets.take('192.0.2.2', 0)).toBe(0);
  });

  it('forgets the address that has been quiet the longest, and never remembers more than it may', () => {
    const buckets = new TokenBuckets(limits);
    for (let i = 0; i < 100; i += 1) buckets.take(`192.0.2.${i}`, i);
    expect(buckets.size).toBe(limits.addressesMax);
  });

  it('punishes nobody for a clock that was put back', () => {
    const buckets = new TokenBuckets(limits);
    for (let i = 0; i < 3; i += 1) buckets.take('192.0.2.1', 3_600_000);
    expect(buckets.take('192.0.2.1', 0)).toBe(2);
    expect(buckets.take('192.0.2.1', 2_000)).toBe(0);
  });

  it('never lets more through than the burst and the rate together', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3_000 }), { maxLength: 60 }), (pauses) => {
        const buckets = new TokenBuckets(limits);
        let nowMs = 0;
        let allowed = 0;
        for (const pause of pauses) {
          nowMs += pause;
          if (buckets.take('192.0.2.1', nowMs) === 0) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(
          limits.burstRequests + (nowMs / 1_000) * limits.requestsPerSecond,
        );
      }),
    );
  });
});

describe('what counts as one caller', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['no address', 'no address'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
