import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { decideScanLetter, type ScanFacts, toScanLetterVariables } from './scan-letter.rules.js';

const now = Temporal.Instant.from('2026-11-22T10:00:00Z');
const at = (text: string) => Temporal.Instant.from(text);

const facts = (changes: Partial<ScanFacts> = {}, patient: Partial<ScanFacts['patient']> = {}): ScanFacts => ({
  version: 2,
  status: 'BOOKED',
  cancelReason: null,
  toldTheSame: new Set(),
  injectionStartsAt: at('2026-12-03T09:30:00Z'),
  injectionEndsAt: at('2026-12-03T09:45:00Z'),
  scanStartsAt: at('2026-12-03T12:45:00Z'),
  scanEndsAt: at('2026-12-03T13:30:00Z'),
  patient: {
    familyName: 'Ng',
    givenName: 'Zoë',
    namePrefix: 'Ms',
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
    ...patient,
  },
  ...changes,
});

function letter(kind: 'SCAN_BOOKED' | 'SCAN_MOVED' | 'SCAN_CANCELLED', subjectVersion: number) {
  return { kind, subjectVersion, status: 'SENT', outcomeCode: null } as const;
}

const booked = { kind: 'SCAN_BOOKED', subjectVersion: 2 } as const;
const cancelled = { kind: 'SCAN_CANCELLED', subjectVersion: 2 } as const;
/** The patient has heard of another time. */
const HEARD = [letter('SCAN_BOOKED', 0)];
const CANCELLED = { status: 'CANCELLED', cancelReason: 'PATIENT_REQUEST' } as const;

describe('whether a letter about a scan is sent', () => {
  it('is, when the booking is still as the letter says', () => {
    expect(decideScanLetter(booked, facts(), [], now)).toEqual({
      verdict: 'SEND',
      address: 'zoe@example.org',
    });
    expect(decideScanLetter(cancelled, facts(CANCELLED), HEARD, now)).toMatchObject({ verdict: 'SEND' });
  });

  it('is not, when the booking has moved on', () => {
    for (const moved of [facts({ version: 3 }), facts(CANCELLED), facts({ ...CANCELLED, version: 3 })]) {
      expect(decideScanLetter(booked, moved, HEARD, now)).toEqual({
        verdict: 'SUPERSEDED',
        code: 'BOOKING_MOVED_ON',
      });
    }
    expect(decideScanLetter(cancelled, facts(), HEARD, now)).toMatchObject({ verdict: 'SUPERSEDED' });
  });

  it.each(['IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED', 'DISCONTINUED'] as const)(
    'is not, when a scanner has said that the scan is %s',
    (status) => {
      for (const letter of [booked, cancelled]) {
        expect(decideScanLetter(letter, facts({ status }), HEARD, now)).toEqual({
          verdict: 'SUPERSEDED',
          code: 'BOOKING_MOVED_ON',
        });
      }
    },
  );

  it('is, when the booking has a newer version and is told the same', () => {
    const same = facts({ version: 5, toldTheSame: new Set([2]) });
    expect(decideScanLetter(booked, same, HEARD, now)).toMatchObject({ verdict: 'SEND' });
  });

  it('is not, when the patient has heard exactly that, and is when a cancellation came in between', () => {
    const restored = facts({ version: 4, toldTheSame: new Set([0]) });
    const again = { kind: 'SCAN_BOOKED', subjectVersion: 4 } as const;
    const told = { verdict: 'SUPPRESSED', code: 'ALREADY_TOLD' };
    expect(decideScanLetter(again, restored, [letter('SCAN_BOOKED', 0)], now)).toEqual(told);
    for (const later of [letter('SCAN_MOVED', 3), letter('SCAN_CANCELLED', 3)]) {
      const earlier = [letter('SCAN_BOOKED', 0), later];
      expect(decideScanLetter(again, restored, earlier, now)).toMatchObject({ verdict: 'SEND' });
    }
    const gone = facts({ ...CANCELLED, version: 2 });
    expect(decideScanLetter(cancelled, gone, [letter('SCAN_CANCELLED', 1)], now)).toEqual(told);
  });

  it('is not, when the patient has never heard of what is cancelled', () => {
    expect(decideScanLetter(cancelled, facts(CANCELLED), [], now)).toEqual({
      verdict: 'SUPPRESSED',
      code: 'NEVER_ANNOUNCED',
    });
  });

  it('is not, to a patient who has died', () => {
    const died = facts({ status: 'CANCELLED', cancelReason: 'PATIENT_DIED' });
    expect(decideScanLetter(cancelled, died, HEARD, now)).toEqual({
      verdict: 'SUPPRESSED',
      code: 'PATIENT_DIED',
    });
  });

  it('is not, when the visit has begun', () => {
    const begun = facts().injectionStartsAt;
    expect(decideScanLetter(booked, facts(), [], begun)).toEqual({
      verdict: 'SUPPRESSED',
      code: 'VISIT_PASSED',
    });
    expect(decideScanLetter(booked, facts(), [], begun.subtract({ seconds: 1 }))).toMatchObject({
      verdict: 'SEND',
    });
  });

  it.each([
    ['EMAIL', 'zoe@example.org', 'SEND'],
    ['SMS', 'zoe@example.org', 'SEND'],
    ['LETTER', 'zoe@example.org', 'PREFERS_POST'],
    ['TELEPHONE', 'zoe@example.org', 'PREFERS_TELEPHONE'],
    ['EMAIL', null, 'NO_EMAIL_ADDRESS'],
    ['SMS', null, 'NO_EMAIL_ADDRESS'],
    ['LETTER', null, 'PREFERS_POST'],
    ['TELEPHONE', null, 'PREFERS_TELEPHONE'],
  ] as const)('prefers %s, address %s: %s', (contactPreference, email, answer) => {
    const verdict = decideScanLetter(booked, facts({}, { contactPreference, email }), [], now);
    expect('code' in verdict ? verdict.code : verdict.verdict).toBe(answer);
  });
});

describe('the words of a letter', () => {
  const places = { injectionRoom: 'Room 2', camera: 'Camera A' };
  const setting = {
    clinicName: 'Facet',
    clinicAddressLines: [],
    ring: 'ring reception',
    timeZone: 'Europe/London',
    wordingVersion: '1',
  };

  it('are in local time, in winter and in summer', () => {
    expect(toScanLetterVariables(facts(), places, setting, false)).toMatchObject({
      greetingName: 'Ms Ng',
      visitDateTime: 'Thursday 3 December 2026 at 09:30',
      injectionTime: '09:30',
      scanTime: '12:45',
      finishTime: '13:30',
      visitLength: '4 hours',
      waitLength: '3 hours',
    });
    const summer = facts({ injectionStartsAt: at('2026-03-30T08:30:00Z') });
    expect(toScanLetterVariables(summer, places, setting, false).visitDateTime).toBe(
      'Monday 30 March 2026 at 09:30',
    );
  });

  it('greet by the whole name when there is no title', () => {
    const untitled = facts({}, { namePrefix: null });
    expect(toScanLetterVariables(untitled, places, setting, false).greetingName).toBe('Zoë Ng');
  });
});
