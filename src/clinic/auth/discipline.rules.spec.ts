import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { isHeldOn, readStaffRegistration, registrationProblem } from './discipline.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);

describe('a registration', () => {
  it.each([
    ['GMC', ' c1234567 ', '1234567', null],
    ['GMC', '123456', '123456', 'a GMC number has seven digits'],
    ['HCPC', 'ph 123456', 'PH123456', null],
    ['HCPC', '123456', '123456', 'two letters'],
    ['NMC', '12a3456e', '12A3456E', null],
    ['NMC', 'PH1234', 'PH1234', 'an NMC PIN'],
    ['OTHER', 'aero/77', 'AERO/77', null],
    ['OTHER', '?', '?', '2 to 20'],
  ] as const)('of %s: %j is kept as %s', (body, typed, kept, problem) => {
    const number = readStaffRegistration(body, typed);
    expect(number).toBe(kept);
    if (problem === null) expect(registrationProblem(body, number)).toBeNull();
    else expect(registrationProblem(body, number)).toContain(problem);
  });

  it('says whose it is, or nothing at all', () => {
    expect(registrationProblem(null, null)).toBeNull();
    expect(registrationProblem('GMC', null)).toContain('or neither');
    expect(registrationProblem(null, '1234567')).toContain('or neither');
  });
});

describe('a discipline is held', () => {
  it('from its first day until the day before its end', () => {
    const term = { effectiveFrom: day('2026-03-01'), endedOn: day('2026-06-01') };
    expect(isHeldOn(term, day('2026-02-28'))).toBe(false);
    expect(isHeldOn(term, day('2026-03-01'))).toBe(true);
    expect(isHeldOn(term, day('2026-05-31'))).toBe(true);
    expect(isHeldOn(term, day('2026-06-01'))).toBe(false);
  });

  it('without an end for good, and never when it ended on its first day', () => {
    expect(isHeldOn({ effectiveFrom: day('2026-03-01'), endedOn: null }, day('2126-03-01'))).toBe(true);
    const never = { effectiveFrom: day('2026-03-01'), endedOn: day('2026-03-01') };
    expect(isHeldOn(never, day('2026-03-01'))).toBe(false);
  });
});
