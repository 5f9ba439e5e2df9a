import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type AnsweredQuery,
  type AskingScanner,
  type BookingStanding,
  daysInWords,
  type Findings,
  reasonsAgainst,
  type StepStanding,
  shownBy,
  summaryOf,
  timesInWords,
  verdictOf,
} from './worklist-explanation.rules.js';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);

const SCANNER: AskingScanner = {
  id: 'one',
  name: 'Camera 1',
  isRetired: false,
  ownItemsOnly: true,
  daysBefore: 1,
  daysAfter: 90,
  timeZone: 'Europe/London',
};

const aStep = (parts: Partial<StepStanding> = {}): StepStanding => ({
  modality: 'NM',
  status: 'SCHEDULED',
  startsAt: at('2026-07-03T09:30:00Z'),
  hidden: null,
  closedGate: null,
  closedBecause: null,
  ...parts,
});

const aBooking = (parts: Partial<BookingStanding> = {}): BookingStanding => ({
  status: 'BOOKED',
  cameraName: 'Room 1',
  scannerAtCamera: { id: 'one', name: 'Camera 1' },
  steps: [aStep()],
  ...parts,
});

describe('what keeps a booking from a scanner whatever it asks', () => {
  it.each<[string, Partial<BookingStanding>, Partial<AskingScanner>, RegExp]>([
    ['a scanner that is gone', {}, { isRetired: true }, /no longer connected/],
    ['a cancelled booking', { status: 'CANCELLED', steps: [] }, {}, /cancelled/],
    [
      'a camera without a scanner',
      { scannerAtCamera: null, steps: [] },
      {},
      /No scanner is connected at Room 1/,
    ],
    ['a live booking without an entry', { steps: [] }, {}, /no entry on the worklist/],
    ['a scan that is done', { status: 'COMPLETED', steps: [] }, {}, /done/],
    [
      'a scan that was begun and never ended',
      { status: 'UNCONFIRMED', steps: [] },
      {},
      /never said how it ended\. Say how it ended:.*\(completeScan, discontinueScan\)\.$/,
    ],
    ['a scan that was broken off', { status: 'DISCONTINUED', steps: [] }, {}, /broken off/],
    [
      'another camera',
      {
        cameraName: 'Room 2',
        scannerAtCamera: { id: 'two', name: 'Camera 2' },
        steps: [aStep({ hidden: 'OTHER_SCANNER' })],
      },
      {},
      /on Room 2, which is Camera 2’s/,
    ],
    [
      'a gate',
      { steps: [aStep({ hidden: 'GATE', closedGate: 'JUSTIFIED', closedBecause: 'Have it justified.' })] },
      {},
      /JUSTIFIED is closed.*Have it justified\.$/,
    ],
    [
      'a status',
      { steps: [aStep({ hidden: 'STATUS', status: 'COMPLETED' })] },
      {},
      /is done, and the profile/,
    ],
    [
      'a day too far ahead',
      { steps: [aStep({ hidden: 'TOO_FAR_AHEAD' })] },
      {},
      /3 July 2026 at 10:30.*ahead 90 days/,
    ],
    ['a day too long ago', { steps: [aStep({ hidden: 'TOO_LONG_AGO' })] }, {}, /goes back 1 day\b/],
  ])('%s', (_, booking, scanner, words) => {
    const reasons = reasonsAgainst(aBooking(booking), { ...SCANNER, ...scanner });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(words);
  });

  it('is nothing while one of its steps is offered', () => {
    const steps = [aStep({ hidden: 'STATUS', status: 'COMPLETED' }), aStep({ modality: 'CT' })];
    expect(reasonsAgainst(aBooking({ steps }), SCANNER)).toEqual([]);
  });

  it('is told of each step where they differ, and once where they do not', () => {
    const steps = [
      aStep({ hidden: 'STATUS', status: 'COMPLETED' }),
      aStep({ modality: 'CT', hidden: 'STATUS', status: 'STARTED' }),
    ];
    expect(reasonsAgainst(aBooking({ steps }), SCANNER).join(' ')).toMatch(
      /NM step is done.*CT step has been begun/,
    );
    const gate = { hidden: 'GATE', closedGate: 'CONSENT_IN_FORCE', closedBecause: 'x' } as const;
    const both = [aStep(gate), aStep({ ...gate, modality: 'CT' })];
    expect(reasonsAgainst(aBooking({ steps: both }), SCANNER)).toHaveLength(1);
  });
});

const NOON = at('2026-07-02T12:00:00Z');
const findings = (parts: Partial<Findings> = {}): Findings => ({
  reasons: [],
  queries: [],
  lastAskedAt: null,
  rejection: null,
  bookedAt: at('2026-07-01T12:00:00Z'),
  ...parts,
});
const asked = (shown: boolean | null, advice: string | null = null, receivedAt = NOON) => ({
  receivedAt,
  shown,
  unsaid: null,
  advice,
});
const rejection = {
  rejectedAt: at('2026-07-02T13:00:00Z'),
  reason: 'It calls itself X.',
  advice: 'Set it to Y.',
};

describe('whether a query showed the booking', () => {
  const booking = {
    bookedAt: at('2026-07-01T12:00:00Z'),
    changedAt: at('2026-07-01T18:00:00Z'),
    isOffered: true,
  };
  const answered = { receivedAt: NOON, status: 0, answerCount: 1, isMatch: true };
  it.each<[string, Partial<AnsweredQuery>, Partial<typeof booking>, boolean | null, RegExp | null]>([
    ['answered and matching', {}, {}, true, null],
    ['asking for something else', { isMatch: false }, {}, false, null],
    ['answered with nothing', { answerCount: 0 }, {}, false, null],
    ['not understood', { answerCount: 0, status: 0xa900, isMatch: false }, {}, false, null],
    ['before it was booked', { receivedAt: at('2026-07-01T11:59:59Z') }, {}, false, null],
    ['hidden', {}, { isOffered: false }, false, null],
    ['not kept', { isMatch: null }, {}, null, /does not tell/],
    ['that failed', { status: 0xc001, answerCount: 0 }, {}, null, /could not be read/],
    ['cancelled', { status: 0xfe00 }, {}, null, /cancelled at the console/],
    ['cut off', { status: 0xa700 }, {}, null, /more answers/],
    ['of a connection that ended', { status: null }, {}, null, /connection ended/],
    ['before a change', { receivedAt: at('2026-07-01T17:59:59Z') }, {}, null, /changed after it/],
    [
      'before, unlike it now',
      { receivedAt: at('2026-07-01T17:59:59Z'), isMatch: false },
      {},
      null,
      /changed/,
    ],
  ])('%s', (_, query, of, shown, words) => {
    const told = shownBy({ ...answered, ...query }, { ...booking, ...of });
    expect(told.shown).toBe(shown);
    if (words === null) expect(told.unsaid).toBeNull();
    else expect(told.unsaid).toMatch(words);
  });
});

describe('the verdict', () => {
  it.each<[string, Findings, string, RegExp]>([
    [
      'hidden',
      findings({ reasons: ['The booking is cancelled.'], queries: [asked(true)] }),
      'HIDDEN',
      /cancelled/,
    ],
    [
      'seen',
      findings({ queries: [asked(false), asked(true)], lastAskedAt: NOON }),
      'SEEN',
      /2 July 2026 at 13:00/,
    ],
    ['never asked', findings(), 'NOT_ASKED', /never asked.*switched on/],
    [
      'not asked since it was booked',
      findings({ lastAskedAt: at('2026-06-30T08:00:00Z') }),
      'NOT_ASKED',
      /not asked since this booking was made; it last asked on Tuesday 30 June/,
    ],
    [
      'asked before it was booked only',
      findings({
        queries: [asked(false, 'x', at('2026-06-30T08:00:00Z'))],
        lastAskedAt: at('2026-06-30T08:00:00Z'),
      }),
      'NOT_ASKED',
      /since this booking/,
    ],
    [
      'not asked for days',
      findings({ lastAskedAt: NOON }),
      'NOT_ASKED',
      /has not asked since Thursday 2 July/,
    ],
    ['turned away', findings({ rejection }), 'NOT_LET_IN', /turned away: It calls itself X\. Set it to Y\./],
    [
      'turned away since it last asked',
      findings({ rejection, queries: [asked(false, 'x')], lastAskedAt: NOON }),
      'NOT_LET_IN',
      /turned away/,
    ],
    [
      'let in since',
      findings({
        rejection,
        queries: [asked(false, 'Ask for that day.', at('2026-07-02T14:00:00Z'))],
        lastAskedAt: at('2026-07-02T14:00:00Z'),
      }),
      'NOT_MATCHED',
      /something else\. Ask for that day\./,
    ],
    ['not judged', findings({ queries: [asked(null)], lastAskedAt: NOON }), 'NOT_MATCHED', /below/],
  ])('%s', (_, found, verdict, words) => {
    expect(verdictOf(found)).toBe(verdict);
    expect(summaryOf(verdictOf(found), found, SCANNER)).toMatch(words);
  });
});

describe('days and times of a query', () => {
  it.each([
    ['20261203', 'Thursday 3 December 2026'],
    ['2026.12.03', 'Thursday 3 December 2026'],
    ['20261203-20261204', 'Thursday 3 December 2026 to Friday 4 December 2026'],
    ['20261203-', 'from Thursday 3 December 2026 on'],
    ['-20261203', 'until Thursday 3 December 2026'],
  ])('%s is %s', (da, words) => expect(daysInWords(da)).toBe(words));

  it.each([
    ['0930', '09:30'],
    ['09', '09:00'],
    ['093000.5', '09:30'],
    ['09:30:00', '09:30'],
    ['0900-1200', '09:00 to 12:00'],
  ])('%s is %s', (tm, words) => expect(timesInWords(tm)).toBe(words));
});
