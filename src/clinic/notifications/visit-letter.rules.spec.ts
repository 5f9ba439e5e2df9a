import { describe, expect, it } from 'vitest';
import type { LetterKind, LetterStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import type { EarlierLetter } from './letter-verdict.rules.js';
import { decideVisitLetter, toVisitLetterVariables, type VisitFacts } from './visit-letter.rules.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
const at = (text: string) => Temporal.Instant.from(text);
const START = at('2026-03-30T08:30:00Z');
const same = { startsAt: START, beginsTheSame: true, isToldTheSame: true };
const elsewhere = { startsAt: at('2026-03-27T09:30:00Z'), beginsTheSame: false, isToldTheSame: false };

const facts = (changes: Partial<VisitFacts> = {}): VisitFacts => ({
  status: 'BOOKED',
  startsAt: START,
  visitTypeName: 'Physiotherapy',
  modality: 'IN_PERSON',
  attended: [{ name: 'Treatment', startsAt: START, endsAt: START.add({ minutes: 45 }) }],
  cancelReasonCode: null,
  patient: {
    familyName: 'Ng',
    givenName: 'Zoë',
    namePrefix: 'Ms',
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
  site: { name: 'Main clinic', addressLines: [] },
  was: new Map([[2, same]]),
  ...changes,
});

const booked = { kind: 'VISIT_BOOKED', subjectVersion: 2 } as const;
const moved = { kind: 'VISIT_MOVED', subjectVersion: 2 } as const;
const cancelled = { kind: 'VISIT_CANCELLED', subjectVersion: 2 } as const;
const CANCELLED = { status: 'CANCELLED', cancelReasonCode: 'PATIENT_CANNOT_COME' } as const;

const earlier = (
  kind: LetterKind,
  subjectVersion: number,
  status: LetterStatus,
  outcomeCode: string | null = null,
): EarlierLetter => ({ kind, subjectVersion, status, outcomeCode });
const sent = earlier('VISIT_BOOKED', 0, 'SENT');

const answerTo = (...[letter, of, before, when = now]: Parameters<typeof decideVisitLetter>) => {
  const verdict = decideVisitLetter(letter, of, before, when);
  return 'code' in verdict ? verdict.code : verdict.verdict;
};

describe('whether a letter about a visit is sent', () => {
  it('is, while the visit begins when and where the letter says', () => {
    expect(decideVisitLetter(booked, facts(), [], now)).toEqual({
      verdict: 'SEND',
      address: 'zoe@example.org',
    });
    expect(answerTo(cancelled, facts(CANCELLED), [sent], now)).toBe('SEND');
  });

  it('is, although the visit has a newer version that is no news: a later step has slipped', () => {
    const slipped = facts({ was: new Map([[2, { ...same, isToldTheSame: false }]]) });
    expect(answerTo(booked, slipped, [], now)).toBe('SEND');
  });

  it('is not, when the visit has moved on', () => {
    expect(answerTo(booked, facts({ was: new Map([[2, elsewhere]]) }), [], now)).toBe('BOOKING_MOVED_ON');
    expect(answerTo(booked, facts({ was: new Map() }), [], now)).toBe('BOOKING_MOVED_ON');
    expect(answerTo(booked, facts(CANCELLED), [sent], now)).toBe('BOOKING_MOVED_ON');
    expect(answerTo(cancelled, facts(), [sent], now)).toBe('BOOKING_MOVED_ON');
  });

  it.each(['HELD', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED', 'NO_SHOW', 'LAPSED'] as const)(
    'is not, when the visit is %s',
    (status) => {
      for (const letter of [booked, moved, cancelled]) {
        expect(answerTo(letter, facts({ status }), [sent], now)).toBe('BOOKING_MOVED_ON');
      }
    },
  );

  it('is not, when it was moved and moved back before anybody heard of it', () => {
    const back = facts({
      was: new Map([
        [0, same],
        [1, elsewhere],
        [2, same],
      ]),
    });
    expect(answerTo(moved, back, [sent], now)).toBe('ALREADY_TOLD');
    const overtaken = earlier('VISIT_MOVED', 1, 'SUPERSEDED');
    expect(answerTo(moved, back, [sent, overtaken], now)).toBe('ALREADY_TOLD');
  });

  it('is not handed to staff a second time, when nothing has changed of what they were to say', () => {
    const again = facts({
      was: new Map([
        [0, same],
        [2, same],
      ]),
    });
    const posted = earlier('VISIT_BOOKED', 0, 'SUPPRESSED', 'PREFERS_POST');
    expect(answerTo(booked, again, [posted], now)).toBe('ALREADY_TOLD');
  });

  it('is, when somebody may have heard of the time between', () => {
    const back = facts({
      was: new Map([
        [0, same],
        [1, elsewhere],
        [2, same],
      ]),
    });
    for (const status of ['SENT', 'AMBIGUOUS', 'FAILED', 'SENDING'] as const) {
      expect(answerTo(moved, back, [sent, earlier('VISIT_MOVED', 1, status)], now)).toBe('SEND');
    }
    const posted = earlier('VISIT_MOVED', 1, 'SUPPRESSED', 'PREFERS_POST');
    expect(answerTo(moved, back, [sent, posted], now)).toBe('SEND');
  });

  it('is, when it is not certain that the patient has heard of this time', () => {
    const again = facts({
      was: new Map([
        [0, same],
        [2, same],
      ]),
    });
    expect(answerTo(moved, again, [earlier('VISIT_BOOKED', 0, 'AMBIGUOUS')], now)).toBe('SEND');
  });

  it('is, when the patient was told that the visit is cancelled and it is not', () => {
    const revived = facts({
      was: new Map([
        [1, same],
        [2, same],
      ]),
    });
    expect(answerTo(booked, revived, [earlier('VISIT_CANCELLED', 1, 'SENT')], now)).toBe('SEND');
  });

  it('is not, when what is cancelled was never announced, or is known to be cancelled', () => {
    expect(answerTo(cancelled, facts(CANCELLED), [], now)).toBe('NEVER_ANNOUNCED');
    const known = [sent, earlier('VISIT_CANCELLED', 1, 'SENT')];
    expect(answerTo(cancelled, facts(CANCELLED), known, now)).toBe('ALREADY_TOLD');
  });

  it('is not, to a patient who has died', () => {
    const died = facts({ status: 'CANCELLED', cancelReasonCode: 'PATIENT_DIED' });
    expect(answerTo(cancelled, died, [sent], now)).toBe('PATIENT_DIED');
  });

  it('is not, when the visit has begun', () => {
    expect(answerTo(booked, facts(), [], START)).toBe('VISIT_PASSED');
    expect(answerTo(booked, facts(), [], START.subtract({ seconds: 1 }))).toBe('SEND');
  });

  it('is not, when there is no such visit or the patient prefers another way', () => {
    expect(answerTo(booked, null, [], now)).toBe('NO_SUCH_BOOKING');
    const byPost = { ...facts().patient, contactPreference: 'LETTER' } as const;
    expect(answerTo(booked, facts({ patient: byPost }), [], now)).toBe('PREFERS_POST');
  });
});

describe('the words of a letter about a visit', () => {
  const setting = {
    clinicName: 'Facet',
    clinicAddressLines: ['1 Harbour Street'],
    ring: 'ring reception',
    timeZone: 'Europe/London',
    wordingVersion: '1',
  };
  const step = (name: string, from: string, until: string) => ({
    name,
    startsAt: at(from),
    endsAt: at(until),
  });

  it('are in local time on either side of a clock change', () => {
    const on = (start: string) => {
      const startsAt = at(start);
      const attended = [{ name: 'Treatment', startsAt, endsAt: startsAt.add({ minutes: 45 }) }];
      return toVisitLetterVariables('VISIT_BOOKED', facts({ startsAt, attended }), [], setting).visitDateTime;
    };
    expect(on('2026-03-28T09:30:00Z')).toBe('Saturday 28 March 2026 at 09:30');
    expect(on('2026-03-29T08:30:00Z')).toBe('Sunday 29 March 2026 at 09:30');
    expect(on('2026-10-24T08:30:00Z')).toBe('Saturday 24 October 2026 at 09:30');
    expect(on('2026-10-25T09:30:00Z')).toBe('Sunday 25 October 2026 at 09:30');
  });

  it('tell the course of a visit only when it has several parts, with the waits between them', () => {
    expect(toVisitLetterVariables('VISIT_BOOKED', facts(), [], setting).parts).toEqual([]);
    const attended = [
      step('Admission', '2026-03-30T08:30:00Z', '2026-03-30T08:45:00Z'),
      step('Procedure', '2026-03-30T08:45:00Z', '2026-03-30T09:15:00Z'),
      step('Review', '2026-03-30T10:00:00Z', '2026-03-30T10:15:00Z'),
    ];
    expect(toVisitLetterVariables('VISIT_BOOKED', facts({ attended }), [], setting)).toMatchObject({
      beginTime: '09:30',
      finishTime: '11:15',
      visitLength: '1 hour and 45 minutes',
      parts: [
        { time: '09:30', name: 'Admission', wait: '' },
        { time: '09:45', name: 'Procedure', wait: '45 minutes' },
        { time: '11:00', name: 'Review', wait: '' },
      ],
    });
  });

  it('name, of a cancellation, the time that the patient knows', () => {
    const cancelledBeforeTold = facts({
      ...CANCELLED,
      was: new Map([
        [0, elsewhere],
        [2, same],
      ]),
    });
    const words = toVisitLetterVariables('VISIT_CANCELLED', cancelledBeforeTold, [sent], setting);
    expect(words.visitDateTime).toBe('Friday 27 March 2026 at 09:30');
  });

  it('speak of an earlier letter only when there was one that said that there is a visit', () => {
    const announced = (before: readonly EarlierLetter[]) =>
      toVisitLetterVariables('VISIT_MOVED', facts(), before, setting).announced;
    expect(announced([])).toBe(false);
    expect(announced([sent])).toBe(true);
    expect(announced([sent, earlier('VISIT_CANCELLED', 1, 'SENT')])).toBe(false);
  });
});
