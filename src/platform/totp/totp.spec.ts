import { describe, expect, it } from 'vitest';
import { Temporal } from '../time/index.js';
import { CODE_DIGITS, codeAt, enrolmentUri, stepAt, stepOfCode } from './index.js';

/** RFC 6238, appendix B: the secret of its table for SHA-1, and the last six of its eight digits. */
const SECRET = Buffer.from('12345678901234567890', 'ascii');
const TABLE = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
] as const;

const at = (seconds: number) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000);

describe('codes of RFC 6238', () => {
  it.each(TABLE)('at %i seconds: %s', (seconds, code) => {
    expect(codeAt(SECRET, at(seconds))).toBe(code);
    expect(stepOfCode(SECRET, code, at(seconds), 0)).toBe(Math.floor(seconds / 30));
  });

  it('are looked for on either side as far as is said, and no further', () => {
    const code = codeAt(SECRET, at(3000));
    expect(stepOfCode(SECRET, code, at(3029), 0)).toBe(100);
    expect(stepOfCode(SECRET, code, at(3030), 0)).toBeNull();
    expect(stepOfCode(SECRET, code, at(3059), 1)).toBe(100);
    expect(stepOfCode(SECRET, code, at(2970), 1)).toBe(100);
    expect(stepOfCode(SECRET, code, at(3060), 1)).toBeNull();
  });

  it.each(['', '28708', '2870822', 'abcdef', '28708２'])('%j is nobody’s', (code) => {
    expect(stepOfCode(SECRET, code, at(59), 1)).toBeNull();
  });
});

it('the address for the app says issuer, account and secret, and what RFC 6238 leaves open', () => {
  const uri = new URL(enrolmentUri({ issuer: 'Facet', account: 'a.b@example.org', secret: SECRET }));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('Facet:a.b@example.org');
  expect(uri.searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  expect(uri.searchParams.get('digits')).toBe(String(CODE_DIGITS));
  expect(uri.searchParams.get('period')).toBe('30');
});

it('a step is thirty seconds', () => {
  expect(stepAt(at(59))).toBe(1);
  expect(stepAt(at(60))).toBe(2);
});
