import { describe, expect, it } from 'vitest';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { isToldTheSame, type NewsOfVisit, newsOf } from './visit-news.rules.js';

const at = (text: string) => Temporal.Instant.from(text);
const visit = (changes: Partial<NewsOfVisit> = {}): NewsOfVisit => ({
  status: VisitStatus.BOOKED,
  companion: null,
  siteCode: 'MAIN',
  startsAt: at('2026-03-30T08:30:00Z'),
  endsAt: at('2026-03-30T10:00:00Z'),
  steps: [
    { startsAt: at('2026-03-30T08:30:00Z'), endsAt: at('2026-03-30T08:45:00Z') },
    { startsAt: at('2026-03-30T09:30:00Z'), endsAt: at('2026-03-30T10:00:00Z') },
  ],
  ...changes,
});
const later = {
  endsAt: at('2026-03-30T10:15:00Z'),
  steps: [
    { startsAt: at('2026-03-30T08:30:00Z'), endsAt: at('2026-03-30T08:45:00Z') },
    { startsAt: at('2026-03-30T09:45:00Z'), endsAt: at('2026-03-30T10:15:00Z') },
  ],
};

describe('what of a change is news to the patient', () => {
  it('is that the visit is booked: at once, after a hold, or again after it was called off', () => {
    for (const before of [null, visit({ status: 'HELD' }), visit({ status: 'CANCELLED' })]) {
      expect(newsOf('visit.booked', before, visit())).toBe('booked');
    }
  });

  it('is nothing while it is held, and when a hold ends', () => {
    expect(newsOf('visit.held', null, visit({ status: 'HELD' }))).toBeNull();
    const held = visit({ status: 'HELD' });
    expect(newsOf('visit.hold-released', held, visit({ status: 'LAPSED' }))).toBeNull();
    expect(newsOf('visit.hold-lapsed', null, visit({ status: 'LAPSED' }))).toBeNull();
  });

  it('is that it is called off, once it was booked', () => {
    expect(newsOf('visit.cancelled', visit(), visit({ status: 'CANCELLED' }))).toBe('cancelled');
  });

  it('is another time or another site, and the time of any step', () => {
    const moved = [
      { startsAt: at('2026-03-31T08:30:00Z') },
      { siteCode: 'NORTH' },
      { endsAt: at('2026-03-30T10:05:00Z') },
      later,
      { steps: visit().steps.slice(1) },
    ];
    for (const changes of moved) {
      expect(newsOf('visit.moved', visit(), visit(changes))).toBe('moved');
      expect(isToldTheSame(visit(changes), visit())).toBe(false);
    }
  });

  it('is that a closure was undone: whether the patient has heard of it is for the letter to know', () => {
    const elsewhere = visit({ startsAt: at('2026-03-31T08:30:00Z') });
    expect(newsOf('visit.restored', elsewhere, visit())).toBe('booked');
    expect(newsOf('visit.restored', visit({ status: 'CANCELLED' }), visit())).toBe('booked');
  });

  it('is not who serves it', () => {
    expect(newsOf('visit.moved', visit(), visit())).toBeNull();
  });

  it('is not that a later step slips, unless the visit begins at another time', () => {
    expect(newsOf('visit.step-slipped', visit(), visit(later))).toBeNull();
    const whole = visit({ ...later, startsAt: at('2026-03-30T08:45:00Z') });
    expect(newsOf('visit.step-slipped', visit(), whole)).toBe('moved');
  });

  it.each(['ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED', 'NO_SHOW', 'LAPSED'] as const)(
    'is not what happens on the day: %s, and back',
    (status) => {
      expect(newsOf('visit.arrived', visit(), visit({ status }))).toBeNull();
      expect(newsOf('visit.step-undone', visit({ status }), visit())).toBeNull();
      expect(newsOf('visit.step-slipped', visit({ status }), visit({ ...later, status }))).toBeNull();
    },
  );

  it('is not for this room to tell of a visit that another room follows', () => {
    const companion = 'SCAN';
    expect(newsOf('visit.booked', null, visit({ companion }))).toBeNull();
    expect(
      newsOf('visit.cancelled', visit({ companion }), visit({ companion, status: 'CANCELLED' })),
    ).toBeNull();
  });
});
