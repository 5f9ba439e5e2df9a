import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './scanner.rules.js';

describe('a source address', () => {
  it.each([
    ['192.0.2.5', '192.0.2.5'],
    ['::ffff:192.0.2.5', '192.0.2.5'],
    ['::FFFF:192.0.2.5', '192.0.2.5'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
  ])('%s is kept as %s', (written, kept) => {
    expect(canonicalAddress(written)).toBe(kept);
  });
});
