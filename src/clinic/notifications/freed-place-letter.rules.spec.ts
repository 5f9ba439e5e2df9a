import { describe, expect, it } from 'vitest';
import { FreedPlaceOfferStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { decideFreedPlaceLetter, type OfferFacts } from './freed-place-letter.rules.js';
import type { EarlierLetter } from './letter-verdict.rules.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
const facts = (changes: Partial<OfferFacts> = {}): OfferFacts => ({
  status: 'SENT',
  visitTypeName: 'Physiotherapy',
  modality: 'IN_PERSON',
  startsAt: now.add({ hours: 24 }),
  endsAt: now.add({ hours: 25 }),
  presentStartsAt: null,
  answerBy: now.add({ hours: 2 }),
  patient: {
    familyName: 'Ng',
    givenName: 'Zoë',
    namePrefix: null,
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
  site: { name: 'Main clinic', addressLines: [] },
  hasDied: false,
  ...changes,
});
const offered: EarlierLetter = {
  kind: 'FREED_PLACE_OFFERED',
  subjectVersion: 0,
  status: 'SENT',
  outcomeCode: null,
};

const answerTo = (...[kind, of, earlier, when = now]: Parameters<typeof decideFreedPlaceLetter>) => {
  const verdict = decideFreedPlaceLetter(kind, of, earlier, when);
  return 'code' in verdict ? verdict.code : verdict.verdict;
};

describe('whether the offer of a freed place is sent', () => {
  it.each(Object.values(FreedPlaceOfferStatus))('while it is %s', (status) => {
    const answer = answerTo('FREED_PLACE_OFFERED', facts({ status }), [], now);
    expect(answer).toBe(status === 'SENT' ? 'SEND' : 'BOOKING_MOVED_ON');
  });

  it('is, until the last moment for an answer', () => {
    const last = now.add({ hours: 2 });
    expect(answerTo('FREED_PLACE_OFFERED', facts(), [], last.subtract({ seconds: 1 }))).toBe('SEND');
    expect(answerTo('FREED_PLACE_OFFERED', facts(), [], last)).toBe('ANSWER_TIME_PASSED');
    expect(answerTo('FREED_PLACE_OFFERED', facts({ answerBy: null }), [], now)).toBe('ANSWER_TIME_PASSED');
    expect(answerTo('FREED_PLACE_OFFERED', facts({ startsAt: now }), [], now)).toBe('VISIT_PASSED');
  });

  it('is not, when there is none, the patient has died, or is to be rung', () => {
    expect(answerTo('FREED_PLACE_OFFERED', facts({ hasDied: true }), [], now)).toBe('PATIENT_DIED');
    expect(answerTo('FREED_PLACE_GONE', facts({ status: 'GONE', hasDied: true }), [offered], now)).toBe(
      'PATIENT_DIED',
    );
    expect(answerTo('FREED_PLACE_OFFERED', null, [], now)).toBe('NO_SUCH_BOOKING');
    const byTelephone = { ...facts().patient, contactPreference: 'TELEPHONE' } as const;
    expect(answerTo('FREED_PLACE_OFFERED', facts({ patient: byTelephone }), [], now)).toBe(
      'PREFERS_TELEPHONE',
    );
  });
});

describe('whether it is told that the place has gone', () => {
  it.each(Object.values(FreedPlaceOfferStatus))('when the offer is %s', (status) => {
    const answer = answerTo('FREED_PLACE_GONE', facts({ status }), [offered], now);
    expect(answer).toBe(['GONE', 'LAPSED'].includes(status) ? 'SEND' : 'BOOKING_MOVED_ON');
  });

  it('is not, to somebody to whom it was never offered, nor when it no longer matters', () => {
    const gone = facts({ status: 'GONE' });
    expect(answerTo('FREED_PLACE_GONE', gone, [], now)).toBe('NEVER_ANNOUNCED');
    const superseded = { ...offered, status: 'SUPERSEDED' } as const;
    expect(answerTo('FREED_PLACE_GONE', gone, [superseded], now)).toBe('NEVER_ANNOUNCED');
    expect(answerTo('FREED_PLACE_GONE', gone, [offered], gone.startsAt)).toBe('VISIT_PASSED');
  });
});
