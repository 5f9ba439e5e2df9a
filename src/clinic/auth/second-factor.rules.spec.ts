import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  afterWrongCode,
  type CodeState,
  isAppCode,
  isCodeLocked,
  isStepFresh,
  LOCKED_CODE_MINUTES,
  plainCode,
  RECOVERY_CODE_CHARACTERS,
  recoveryCodeOf,
  WRONG_CODES_MAX,
} from './second-factor.rules.js';

const NOW = Temporal.Instant.from('2026-11-24T09:00:00Z');
const FRESH: CodeState = { failedTries: 0, lockedUntil: null };

describe('wrong codes', () => {
  it('lock after the fifth, for a quarter of an hour, and then the count begins anew', () => {
    let state = FRESH;
    for (let tries = 1; tries < WRONG_CODES_MAX; tries += 1) {
      state = afterWrongCode(state, NOW);
      expect(state).toEqual({ failedTries: tries, lockedUntil: null });
    }
    const locked = afterWrongCode(state, NOW);
    expect(locked.failedTries).toBe(0);
    expect(isCodeLocked(locked, NOW)).toBe(true);
    const later = NOW.add({ minutes: LOCKED_CODE_MINUTES });
    expect(isCodeLocked(locked, later.subtract({ milliseconds: 1 }))).toBe(true);
    expect(isCodeLocked(locked, later)).toBe(false);
  });
});

describe('a step', () => {
  it.each([
    [null, null, false],
    [7, null, true],
    [7, 7, false],
    [6, 7, false],
    [8, 7, true],
  ])('%s after %s: %s', (step, lastStep, fresh) => {
    expect(isStepFresh(step, lastStep)).toBe(fresh);
  });
});

describe('what was typed', () => {
  it.each([
    ['123 456', '123456', true],
    [' 123456 ', '123456', true],
    ['7K2M-9xyz', '7k2m9xyz', false],
    ['１２３４５６', '123456', true],
    ['12345', '12345', false],
  ])('%j is read as %j', (typed, plain, isApp) => {
    expect(plainCode(typed)).toBe(plain);
    expect(isAppCode(plain)).toBe(isApp);
  });
});

it('a recovery code comes back as it was written down, and different bytes give different codes', () => {
  const bytes = fc.uint8Array({ minLength: RECOVERY_CODE_CHARACTERS, maxLength: RECOVERY_CODE_CHARACTERS });
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const code = recoveryCodeOf(one);
      expect(code).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
      expect(plainCode(code.toUpperCase())).toHaveLength(RECOVERY_CODE_CHARACTERS);
      const same = one.every((byte, place) => (byte & 31) === ((other[place] ?? 0) & 31));
      expect(code === recoveryCodeOf(other)).toBe(same);
    }),
  );
});
