import { describe, expect, it } from 'vitest';
import { dateFromLocalTime, faultOfException, faultOfWeek, localTimeFromDate } from './opening.rules.js';

describe('a week', () => {
  const session = (isoWeekday: number, opensAt: string, closesAt: string) => ({
    isoWeekday,
    opensAt,
    closesAt,
  });

  it('may have sessions that touch, in any order', () => {
    expect(
      faultOfWeek([session(1, '13:00', '18:00'), session(1, '08:00', '13:00'), session(2, '08:00', '13:00')]),
    ).toBeNull();
    expect(faultOfWeek([])).toBeNull();
  });

  it('may not have sessions that overlap or end before they begin', () => {
    expect(faultOfWeek([session(1, '08:00', '13:01'), session(1, '13:00', '18:00')])).toContain('overlap');
    expect(faultOfWeek([session(1, '13:00', '13:00')])).toContain('after it opens');
  });
});

describe('an exception', () => {
  it('of a whole day needs no times, an extra session needs times and a resource', () => {
    expect(faultOfException({ kind: 'CLOSED' })).toBeNull();
    expect(faultOfException({ kind: 'EXTRA_SESSION', resourceId: 'r' })).not.toBeNull();
    expect(faultOfException({ kind: 'EXTRA_SESSION', startsAt: '08:00', endsAt: '09:00' })).not.toBeNull();
    expect(
      faultOfException({ kind: 'EXTRA_SESSION', resourceId: 'r', startsAt: '08:00', endsAt: '09:00' }),
    ).toBeNull();
  });

  it('has both times or neither, the first one first', () => {
    expect(faultOfException({ kind: 'CLOSED', startsAt: '08:00' })).not.toBeNull();
    expect(faultOfException({ kind: 'CLOSED', startsAt: '08:00', endsAt: '08:00' })).not.toBeNull();
  });
});

it('a time of day goes to the database and back', () => {
  expect(localTimeFromDate(dateFromLocalTime('23:05'))).toBe('23:05');
});
