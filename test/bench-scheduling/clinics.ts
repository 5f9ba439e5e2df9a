import type { Chain, ChainStep, Need, Wait } from '../../src/clinic/scheduling/chain.rules.js';
import type { MsSpan } from '../../src/clinic/scheduling/diary.rules.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import type { GridResource } from './grid-search.js';
import { type Random, randomOf } from './random.js';

// The made-up clinics that both searches look at: resources, their weekly hours, and what is booked already.

export const TIME_ZONE = 'Europe/London';
export const MINUTE_MS = 60_000;
/** Both searches may start a visit at every multiple of this. */
export const GRID_MINUTES = 5;
/** A Monday; the clocks change on the fourth Sunday after it. */
const FIRST_DAY = '2027-03-01';

/** How much of the open time is booked: so much on any day, or all of the first part and most of the rest. */
export type Fill = 'usual' | 'crowded' | 'nothing fits';

export const FILLS: readonly Fill[] = ['usual', 'crowded', 'nothing fits'];
const USUAL_SHARE = 0.65;
const CROWDED_SHARE = 0.75;
/** Of a crowded diary, so much from the first day on is nearly full. */
const PACKED_PART = 0.6;
const PACKED_SHARE = 0.95;
const BOOKING_MINUTES = [15, 20, 30, 45, 60];
const MEAN_BOOKING_MINUTES = 34;
/** So many bookings at most follow each other without a pause. */
const ROW_LENGTH_MAX = 6;

export interface ClinicSize {
  readonly name: string;
  readonly days: number;
  readonly counts: readonly (readonly [kind: ResourceKind, count: number])[];
}

export const CLINIC_SIZES = {
  'ten-days': {
    name: '3 cameras, 16 resources × 10 working days',
    days: 14,
    counts: countsOf(3, 5, 2, 2, 2, 2, 0),
  },
  month: { name: '50 resources × 31 days', days: 31, counts: countsOf(6, 10, 6, 6, 8, 8, 3) },
  week: { name: '110 resources × a week', days: 7, counts: countsOf(10, 22, 14, 14, 18, 18, 7) },
} as const satisfies Record<string, ClinicSize>;

export type SizeName = keyof typeof CLINIC_SIZES;
export const SIZE_NAMES = Object.keys(CLINIC_SIZES).filter(isSizeName);

export function isSizeName(name: string): name is SizeName {
  return name in CLINIC_SIZES;
}

function countsOf(...counts: readonly number[]): ClinicSize['counts'] {
  const kinds: readonly ResourceKind[] = [
    'CAMERA',
    'NUCLEAR_MEDICINE_TECHNOLOGIST',
    'NURSE',
    'WAITING_PLACE',
    'PAIN_CONSULTANT',
    'CONSULTING_ROOM',
    'PHYSIOTHERAPIST',
    'THERAPY_ROOM',
  ];
  // As many therapy rooms as physiotherapists.
  return kinds.map((kind, index) => [kind, counts[Math.min(index, counts.length - 1)] ?? 0]);
}

export interface Clinic {
  readonly size: ClinicSize;
  readonly resources: readonly GridResource[];
  readonly fromMs: number;
  readonly untilMs: number;
  /** Half of the window keeps the promise, three quarters of it is no breach. */
  readonly targetUntilMs: number;
  readonly breachUntilMs: number;
}

/** The same clinic for the same seed. */
export function makeClinic(size: ClinicSize, fill: Fill, seed: number): Clinic {
  const random = randomOf(seed);
  const first = Temporal.PlainDate.from(FIRST_DAY);
  const momentOf = (day: number, time: string): number =>
    first.add({ days: day }).toZonedDateTime({ timeZone: TIME_ZONE, plainTime: time }).epochMilliseconds;
  const resources = size.counts.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, place): GridResource => {
      const sessions: MsSpan[] = [];
      const bookings: MsSpan[] = [];
      for (let day = 0; day < size.days; day += 1) {
        if (first.add({ days: day }).dayOfWeek > 5) continue;
        const hours = hoursOf(kind, fill).map(
          ([from, until]): MsSpan => [momentOf(day, from), momentOf(day, until)],
        );
        sessions.push(...hours);
        for (const session of hours)
          bookings.push(...booked(session, shareOf(fill, day / size.days), random));
      }
      return { id: `${kind}-${String(place).padStart(3, '0')}`, kind, skills: [], sessions, bookings };
    }),
  );
  const day = (share: number): number => momentOf(Math.ceil(size.days * share), '00:00');
  return {
    size,
    resources,
    fromMs: day(0),
    untilMs: day(1),
    targetUntilMs: day(0.5),
    breachUntilMs: day(0.75),
  };
}

/** Where nothing fits, the consultants have gone before the first pictures are there. */
function hoursOf(kind: ResourceKind, fill: Fill): readonly (readonly [from: string, until: string])[] {
  if (fill === 'nothing fits' && kind === 'PAIN_CONSULTANT') return [['08:00', '10:30']];
  return [
    ['08:00', '12:30'],
    ['13:00', '18:00'],
  ];
}

function shareOf(fill: Fill, part: number): number {
  if (fill !== 'crowded') return USUAL_SHARE;
  return part < PACKED_PART ? PACKED_SHARE : CROWDED_SHARE;
}

/** Rows of bookings back to back, and between them so much free time that about the share is booked. */
function booked([fromMs, untilMs]: MsSpan, share: number, random: Random): MsSpan[] {
  const spans: MsSpan[] = [];
  const rowMinutes = (ROW_LENGTH_MAX + 1) * 0.5 * MEAN_BOOKING_MINUTES;
  const gapMinutes = (2 * rowMinutes * (1 - share)) / share;
  let left = random.below(ROW_LENGTH_MAX);
  for (let atMs = fromMs; ; left -= 1) {
    if (left < 0) {
      atMs += Math.round((random.next() * gapMinutes) / GRID_MINUTES) * GRID_MINUTES * MINUTE_MS;
      left = random.below(ROW_LENGTH_MAX);
    }
    const minutes = BOOKING_MINUTES[random.below(BOOKING_MINUTES.length)] ?? 0;
    const endMs = atMs + minutes * MINUTE_MS;
    if (endMs > untilMs) return spans;
    spans.push([atMs, endMs]);
    atMs = endMs;
  }
}

const need = (role: string, kind: ResourceKind, more: Partial<Need> = {}): Need => ({
  role,
  kind,
  skill: null,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  continuity: 'FREE',
  ...more,
});

const step = (name: string, minutes: number, wait: Wait | null, needs: readonly Need[]): ChainStep => ({
  name,
  durationMinutes: minutes,
  wait,
  needs,
  patientPresent: true,
  fillsWait: false,
});

const AT_ONCE: Wait = { minMinutes: 0, targetMinutes: 0, maxMinutes: 0 };
const CAMERA = need('camera', 'CAMERA', { continuity: 'REQUIRED' });
const OPERATOR = need('operator', 'NUCLEAR_MEDICINE_TECHNOLOGIST');

/** A day at the clinic: bone SPECT-CT with early images on one camera, and the result in the same visit. */
export const FIVE_STEPS: Chain = {
  startStepMinutes: GRID_MINUTES,
  steps: [
    step('Preparation', 15, null, [need('nurse', 'NURSE'), need('place', 'WAITING_PLACE')]),
    step('Injection and first pass', 10, AT_ONCE, [
      { ...CAMERA, bufferBeforeMinutes: 10 },
      need('injector', 'NUCLEAR_MEDICINE_TECHNOLOGIST'),
      OPERATOR,
    ]),
    step('Blood pool', 10, AT_ONCE, [CAMERA, OPERATOR]),
    step('SPECT-CT', 60, { minMinutes: 120, targetMinutes: 180, maxMinutes: 280 }, [CAMERA, OPERATOR]),
    step('Result', 30, { minMinutes: 15, targetMinutes: 30, maxMinutes: 90 }, [
      need('consultant', 'PAIN_CONSULTANT'),
      need('room', 'CONSULTING_ROOM', { bufferAfterMinutes: 5 }),
    ]),
  ],
};
