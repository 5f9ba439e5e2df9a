import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { localDate, localTime, Temporal } from '../../platform/time/index.js';
import { type FreeSpan, spansOutside } from './free-span.rules.js';
import type { ChainStep, VisitChain } from './visit-chain.rules.js';
import {
  findVisitOffers,
  OFFER_SPACING_MINUTES,
  OFFERS_MAX,
  OFFERS_PER_DAY_MAX,
  type VisitOffer,
} from './visit-offer.rules.js';
import { sayWhyNone, whyNoOffer } from './why-no-offer.rules.js';

const LONDON = 'Europe/London';
const { CAMERA, INJECTION_ROOM, NUCLEAR_MEDICINE_TECHNOLOGIST: TECHNOLOGIST } = ResourceKind;
const FAR = at('2030-01-01T00:00:00Z');

function at(text: string): Temporal.Instant {
  return Temporal.Instant.from(text);
}

function free(
  resourceId: string,
  kind: ResourceKind,
  ...spans: readonly (readonly [string, string])[]
): FreeSpan[] {
  return spans.map(([from, until]) => ({
    resourceId,
    kind,
    resourceName: resourceId,
    startsAt: at(from),
    endsAt: at(until),
  }));
}

const BONE: VisitChain = {
  first: { durationMinutes: 30, kinds: [INJECTION_ROOM, TECHNOLOGIST] },
  wait: { minMinutes: 120, targetMinutes: 180, maxMinutes: 300 },
  second: { durationMinutes: 45, kinds: [CAMERA, TECHNOLOGIST] },
  startStepMinutes: 15,
};

const WHOLE_DAY = ['2026-03-02T08:00:00Z', '2026-03-02T18:00:00Z'] as const;

function search(spans: readonly FreeSpan[], over: Partial<Parameters<typeof findVisitOffers>[0]> = {}) {
  return findVisitOffers({
    free: spans,
    chain: BONE,
    targetUntil: FAR,
    timeZone: LONDON,
    limit: OFFERS_MAX,
    ...over,
  });
}

const times = (offer: VisitOffer | undefined): string =>
  `${offer?.first.startsAt.toString()} ${offer?.second.startsAt.toString()}`;
const crewOf = (offer: VisitOffer | undefined): readonly string[] => [
  ...(offer?.first.resources ?? []).map((resource) => resource.resourceId),
  ...(offer?.second.resources ?? []).map((resource) => resource.resourceId),
];

describe('offers of an empty day', () => {
  const day = [
    ...free('room', INJECTION_ROOM, WHOLE_DAY),
    ...free('camera', CAMERA, WHOLE_DAY),
    ...free('ann', TECHNOLOGIST, WHOLE_DAY),
  ];

  it('packs the first visit against the start of the day, with the wait on its target', () => {
    const [best] = search(day);
    expect(times(best)).toBe('2026-03-02T08:00:00Z 2026-03-02T11:30:00Z');
    expect(best?.waitMinutes).toBe(180);
    expect(crewOf(best)).toEqual(['room', 'ann', 'camera', 'ann']);
    expect(best?.sameCrew).toBe(true);
  });

  it('offers a few different times, not every grid point', () => {
    const offers = search(day);
    expect(offers.length).toBeGreaterThan(1);
    expect(offers.length).toBeLessThanOrEqual(OFFERS_PER_DAY_MAX);
  });

  it('gives no more than was asked for', () => {
    expect(search(day, { limit: 1 })).toHaveLength(1);
    expect(search(day, { limit: 0 })).toHaveLength(0);
  });
});

describe('which offer is better', () => {
  it('keeps the promise before it looks at anything else', () => {
    const day = [
      ...free('room', INJECTION_ROOM, WHOLE_DAY),
      ...free(
        'camera',
        CAMERA,
        ['2026-03-02T10:30:00Z', '2026-03-02T11:15:00Z'],
        ['2026-03-02T15:00:00Z', '2026-03-02T18:00:00Z'],
      ),
      ...free('ann', TECHNOLOGIST, WHOLE_DAY),
    ];
    const offers = search(day, { targetUntil: at('2026-03-02T08:30:00Z') });
    expect(times(offers[0])).toBe('2026-03-02T08:00:00Z 2026-03-02T10:30:00Z');
    expect(offers.map((offer) => offer.insidePromise)).toEqual([true, ...offers.slice(1).map(() => false)]);
    expect(offers[1]?.waitMinutes).toBe(180);
  });

  it('keeps the same technologist where one is free for both, and takes two where not', () => {
    const both = [...free('room', INJECTION_ROOM, WHOLE_DAY), ...free('camera', CAMERA, WHOLE_DAY)];
    const morning = free('ann', TECHNOLOGIST, ['2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z']);
    const noon = free('ben', TECHNOLOGIST, ['2026-03-02T11:00:00Z', '2026-03-02T12:30:00Z']);
    const [handedOver] = search([...both, ...morning, ...noon]);
    expect(crewOf(handedOver)).toEqual(['room', 'ann', 'camera', 'ben']);
    expect(handedOver?.sameCrew).toBe(false);
    const [kept] = search([...both, ...morning, ...noon, ...free('cas', TECHNOLOGIST, WHOLE_DAY)]);
    expect(crewOf(kept)).toEqual(['room', 'cas', 'camera', 'cas']);
  });

  it('leaves the fewest pieces that nobody can use', () => {
    const day = [
      ...free('room', INJECTION_ROOM, WHOLE_DAY),
      ...free('ann', TECHNOLOGIST, WHOLE_DAY),
      // Against the earlier visit of camera 1 a piece of 30 minutes would be left, too short for a scan.
      ...free('camera-1', CAMERA, ['2026-03-02T11:00:00Z', '2026-03-02T18:00:00Z']),
      ...free('camera-2', CAMERA, ['2026-03-02T11:30:00Z', '2026-03-02T18:00:00Z']),
    ];
    const [best] = search(day);
    expect(times(best)).toBe('2026-03-02T08:00:00Z 2026-03-02T11:30:00Z');
    expect(crewOf(best)).toContain('camera-2');
    expect(best?.unusableGaps).toBe(0);
  });

  it('asks for two at once where the chain needs two', () => {
    const chain: VisitChain = {
      ...BONE,
      second: { durationMinutes: 45, kinds: [CAMERA, TECHNOLOGIST, TECHNOLOGIST] },
    };
    const day = [
      ...free('room', INJECTION_ROOM, WHOLE_DAY),
      ...free('camera', CAMERA, WHOLE_DAY),
      ...free('ann', TECHNOLOGIST, WHOLE_DAY),
    ];
    expect(search(day, { chain })).toEqual([]);
    expect(sayWhyNone(whyNoOffer(day, chain, LONDON))).toBe(
      'There are never 2 nuclear medicine technologists free at once for 45 minutes.',
    );
    const [best] = search([...day, ...free('ben', TECHNOLOGIST, WHOLE_DAY)], { chain });
    expect(crewOf(best).toSorted()).toEqual(['ann', 'ann', 'ben', 'camera', 'room']);
  });
});

it('a day in the middle of free time has offers too, on both sides of the end of the promise', () => {
  const days = ['2026-03-02T00:00:00Z', '2026-03-05T00:00:00Z'] as const;
  const chain: VisitChain = {
    ...BONE,
    first: { durationMinutes: 30, kinds: [INJECTION_ROOM] },
    second: { durationMinutes: 45, kinds: [CAMERA] },
  };
  const open = [...free('room', INJECTION_ROOM, days), ...free('camera', CAMERA, days)];
  const offers = search(open, { chain, targetUntil: at('2026-03-03T12:00:00Z') });
  const middle = offers.filter(
    (offer) => localDate(offer.first.startsAt, LONDON).toString() === '2026-03-03',
  );
  expect(middle.map((offer) => offer.insidePromise)).toEqual([true, true, false, false]);
  expect(middle.map((offer) => offer.waitMinutes)).toEqual([180, 180, 180, 180]);
});

describe('who does which step, between offers', () => {
  it('a visit in one pair of hands comes before an earlier one that changes hands', () => {
    const day = [
      ...free('room', INJECTION_ROOM, WHOLE_DAY),
      ...free('camera', CAMERA, WHOLE_DAY),
      ...free('ann', TECHNOLOGIST, ['2026-03-02T08:00:00Z', '2026-03-02T08:30:00Z']),
      ...free('ben', TECHNOLOGIST, ['2026-03-02T09:00:00Z', '2026-03-02T13:15:00Z']),
    ];
    const offers = search(day);
    expect(offers.map(times)).toContain('2026-03-02T08:00:00Z 2026-03-02T11:30:00Z');
    expect(times(offers[0])).toBe('2026-03-02T09:00:00Z 2026-03-02T12:30:00Z');
  });
});

describe('why there is none', () => {
  const room = free('room', INJECTION_ROOM, WHOLE_DAY);
  const ann = free('ann', TECHNOLOGIST, WHOLE_DAY);

  it('names the kind that is never free for long enough', () => {
    const camera = free('camera', CAMERA, ['2026-03-02T12:00:00Z', '2026-03-02T12:44:59.999Z']);
    const why = whyNoOffer([...room, ...ann, ...camera], BONE, LONDON);
    expect(why).toEqual({ reason: 'NO_FREE_SPAN', step: 'SECOND', kind: CAMERA, count: 1, minutes: 45 });
    expect(sayWhyNone(why)).toBe('No camera is free for 45 minutes.');
  });

  it('says so when there is no free time at all', () => {
    expect(sayWhyNone(whyNoOffer([], BONE, LONDON))).toBe('No injection room is free for 30 minutes.');
  });

  it('tells apart what is never free together from what is too far apart', () => {
    const early = free('room', INJECTION_ROOM, ['2026-03-02T07:00:00Z', '2026-03-02T08:15:00Z']);
    const camera = free('camera', CAMERA, WHOLE_DAY);
    expect(sayWhyNone(whyNoOffer([...early, ...ann, ...camera], BONE, LONDON))).toBe(
      'The injection room and nuclear medicine technologist needed are never free together for 30 minutes.',
    );
    const soon = free('camera', CAMERA, ['2026-03-02T08:00:00Z', '2026-03-02T10:00:00Z']);
    expect(search([...room, ...ann, ...soon])).toEqual([]);
    expect(sayWhyNone(whyNoOffer([...room, ...ann, ...soon], BONE, LONDON))).toBe(
      'No two free times lie 120 to 300 minutes apart.',
    );
  });
});

describe('a chain that makes no sense', () => {
  it.each([
    { ...BONE, startStepMinutes: 25 },
    { ...BONE, startStepMinutes: 0 },
    { ...BONE, wait: { minMinutes: 200, targetMinutes: 180, maxMinutes: 300 } },
    { ...BONE, first: { durationMinutes: 0, kinds: [CAMERA] } },
    { ...BONE, first: { durationMinutes: 10, kinds: [] } },
  ])('is refused loudly', (chain) => {
    expect(() => search(free('room', INJECTION_ROOM, WHOLE_DAY), { chain })).toThrow(RangeError);
  });
});

// -- Against a reference that tries everything -----------------------------------------------------------------

const MINUTE_MS = 60_000;
const CLASSES = ['room-a', 'room-b', 'cam-a', 'cam-b', 'tech-a', 'tech-b'] as const;
const KIND_OF: Readonly<Record<(typeof CLASSES)[number], ResourceKind>> = {
  'room-a': INJECTION_ROOM,
  'room-b': INJECTION_ROOM,
  'cam-a': CAMERA,
  'cam-b': CAMERA,
  'tech-a': TECHNOLOGIST,
  'tech-b': TECHNOLOGIST,
};

/** Evenings into mornings around both clock changes, a plain winter night, and the same in a zone off the hour. */
const SCENES = [
  { timeZone: LONDON, from: '2026-03-28T20:00:00Z' },
  { timeZone: LONDON, from: '2026-10-24T20:00:00Z' },
  { timeZone: LONDON, from: '2026-01-10T18:00:00Z' },
  { timeZone: 'Asia/Kathmandu', from: '2026-01-10T14:00:00Z' },
] as const;

interface Case {
  readonly timeZone: string;
  readonly free: readonly FreeSpan[];
  readonly chain: VisitChain;
  readonly targetUntil: Temporal.Instant;
}

const steps: fc.Arbitrary<readonly [ChainStep, ChainStep]> = fc
  .tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 60 }),
    // One kind more often than several: there are more pairs to choose from, and more ways to choose wrongly.
    fc.constantFrom<readonly ResourceKind[]>(
      [INJECTION_ROOM],
      [INJECTION_ROOM],
      [INJECTION_ROOM, TECHNOLOGIST],
      [TECHNOLOGIST, TECHNOLOGIST],
    ),
    fc.constantFrom<readonly ResourceKind[]>(
      [CAMERA],
      [CAMERA],
      [CAMERA, TECHNOLOGIST],
      [CAMERA, INJECTION_ROOM],
    ),
  )
  .map(([first, second, firstKinds, secondKinds]) => [
    { durationMinutes: first, kinds: firstKinds },
    { durationMinutes: second, kinds: secondKinds },
  ]);

const cases: fc.Arbitrary<Case> = fc
  .record({
    scene: fc.constantFrom(...SCENES),
    steps,
    waits: fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 90 })),
    startStepMinutes: fc.constantFrom(5, 10, 15, 20, 30, 60),
    targetMinute: fc.integer({ min: 0, max: 700 }),
    // Gap before and length of each free span, in minutes: odd numbers, so that edges fall between grid points.
    spans: fc.array(
      fc.record({
        resource: fc.constantFrom(...CLASSES),
        gap: fc.integer({ min: 1, max: 200 }),
        length: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 200, max: 500 })),
      }),
      { minLength: 4, maxLength: 18 },
    ),
  })
  .map((made) => {
    const start = at(made.scene.from);
    const ends = new Map<string, number>();
    const spans = made.spans.map(({ resource, gap, length }) => {
      const since = (ends.get(resource) ?? 0) + gap;
      ends.set(resource, since + length);
      return {
        resourceId: resource,
        resourceName: resource,
        kind: KIND_OF[resource],
        startsAt: start.add({ minutes: since }),
        endsAt: start.add({ minutes: since + length }),
      };
    });
    const [min, more, most] = made.waits;
    return {
      timeZone: made.scene.timeZone,
      free: spans,
      chain: {
        first: made.steps[0],
        second: made.steps[1],
        wait: { minMinutes: min, targetMinutes: min + more, maxMinutes: min + more + most },
        startStepMinutes: made.startStepMinutes,
      },
      targetUntil: start.add({ minutes: made.targetMinute }),
    };
  });

function isOnGrid(instant: Temporal.Instant, chain: VisitChain, timeZone: string): boolean {
  const local = localTime(instant, timeZone);
  return local.minute % chain.startStepMinutes === 0 && local.second === 0 && local.millisecond === 0;
}

/** Every start of the step, minute by minute: counts, kind by kind, who has a free span around it. */
function everyStart(step: ChainStep, { free: spans, chain, timeZone }: Case): readonly Temporal.Instant[] {
  const own = spans.map((span) => ({
    id: span.resourceId,
    kind: span.kind,
    from: span.startsAt.epochMilliseconds,
    until: span.endsAt.epochMilliseconds - step.durationMinutes * MINUTE_MS,
  }));
  const canStart = (ms: number): boolean =>
    step.kinds.every((kind) => {
      const able = own.filter((span) => span.kind === kind && span.from <= ms && ms <= span.until);
      return new Set(able.map((span) => span.id)).size >= step.kinds.filter((other) => other === kind).length;
    });
  const starts: Temporal.Instant[] = [];
  const last = Math.max(...own.map((span) => span.until));
  for (let ms = Math.min(...own.map((span) => span.from)); ms <= last; ms += MINUTE_MS) {
    if (!canStart(ms)) continue;
    const instant = Temporal.Instant.fromEpochMilliseconds(ms);
    if (isOnGrid(instant, chain, timeZone)) starts.push(instant);
  }
  return starts;
}

interface Merit {
  readonly late: boolean;
  readonly day: string;
  readonly waitError: number;
}

function compareMerit(a: Merit, b: Merit): number {
  return Number(a.late) - Number(b.late) || a.day.localeCompare(b.day) || a.waitError - b.waitError;
}

/** How good visits are that start then, as a function of their wait: the day is the costly part, and asked once. */
function meritsFrom(first: Temporal.Instant, made: Case): (waitMinutes: number) => Merit {
  const late = first.epochMilliseconds >= made.targetUntil.epochMilliseconds;
  const day = localDate(first, made.timeZone).toString();
  return (waitMinutes) => ({ late, day, waitError: Math.abs(waitMinutes - made.chain.wait.targetMinutes) });
}

const meritOf = (first: Temporal.Instant, waitMinutes: number, made: Case): Merit =>
  meritsFrom(first, made)(waitMinutes);

function bestByTryingEverything(made: Case): Merit | null {
  const { first, second, wait } = made.chain;
  const seconds = everyStart(second, made).map((start) => start.epochMilliseconds);
  let best: Merit | null = null;
  for (const start of everyStart(first, made)) {
    const meritFor = meritsFrom(start, made);
    const endMs = start.epochMilliseconds + first.durationMinutes * MINUTE_MS;
    for (const nextMs of seconds) {
      const waitMinutes = (nextMs - endMs) / MINUTE_MS;
      if (waitMinutes < wait.minMinutes || waitMinutes > wait.maxMinutes) continue;
      const merit = meritFor(waitMinutes);
      if (best === null || compareMerit(merit, best) < 0) best = merit;
    }
  }
  return best;
}

const find = (made: Case) => findVisitOffers({ ...made, limit: OFFERS_MAX });

// Trying everything takes a second or two, and much longer on a machine that is busy with other tests.
const LAW_TIMEOUT_MS = 60_000;

describe('laws of the search', () => {
  it(
    'offers only what can be had',
    () => {
      fc.assert(
        fc.property(cases, (made) => {
          for (const offer of find(made)) {
            for (const [step, wantedStep] of [
              [offer.first, made.chain.first],
              [offer.second, made.chain.second],
            ] as const) {
              expect(isOnGrid(step.startsAt, made.chain, made.timeZone)).toBe(true);
              expect(step.startsAt.until(step.endsAt).total('minutes')).toBe(wantedStep.durationMinutes);
              expect(step.resources.map((resource) => resource.kind).toSorted()).toEqual(
                wantedStep.kinds.toSorted(),
              );
              expect(new Set(step.resources.map((resource) => resource.resourceId)).size).toBe(
                step.resources.length,
              );
              const used = step.resources.map(({ resourceId }) => ({ ...step, resourceId }));
              expect(spansOutside(used, made.free)).toEqual([]);
            }
            const wait = offer.first.endsAt.until(offer.second.startsAt).total('minutes');
            expect(offer.waitMinutes).toBe(wait);
            expect(wait).toBeGreaterThanOrEqual(made.chain.wait.minMinutes);
            expect(wait).toBeLessThanOrEqual(made.chain.wait.maxMinutes);
          }
        }),
        { numRuns: 200 },
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'finds one when there is one, and its first is as good as any',
    () => {
      let found = 0;
      fc.assert(
        fc.property(cases, (made) => {
          fc.pre(made.free.length > 0);
          const best = bestByTryingEverything(made);
          const [first] = find(made);
          if (best === null) {
            expect(first).toBeUndefined();
            return;
          }
          found += 1;
          expect(first).toBeDefined();
          if (first) expect(meritOf(first.first.startsAt, first.waitMinutes, made)).toEqual(best);
        }),
        { numRuns: 120 },
      );
      expect(found).toBeGreaterThan(10);
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'gives them in order, apart from each other, and the same whatever the order of what it is given',
    () => {
      fc.assert(
        fc.property(cases, (made) => {
          const offers = find(made);
          const merits = offers.map((offer) => meritOf(offer.first.startsAt, offer.waitMinutes, made));
          expect(merits.toSorted(compareMerit)).toEqual(merits);
          offers.forEach((offer, i) => {
            for (const [j, other] of offers.entries()) {
              const a = merits[i];
              const b = merits[j];
              if (i >= j || a?.day !== b?.day || a?.late !== b?.late) continue;
              const apart = Math.abs(offer.first.startsAt.until(other.first.startsAt).total('minutes'));
              expect(apart).toBeGreaterThanOrEqual(OFFER_SPACING_MINUTES);
            }
          });
          expect(find({ ...made, free: made.free.toReversed() })).toEqual(offers);
        }),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'always has a reason when it has no offer',
    () => {
      fc.assert(
        fc.property(cases, (made) => {
          if (find(made).length > 0) return;
          const why = whyNoOffer(made.free, made.chain, made.timeZone);
          expect(sayWhyNone(why)).toMatch(/\.$/);
          if (why.reason !== 'NO_FREE_SPAN') return;
          const step = why.step === 'FIRST' ? made.chain.first : made.chain.second;
          const alone = { ...step, kinds: step.kinds.filter((kind) => kind === why.kind) };
          expect(made.free.length === 0 ? [] : everyStart(alone, made)).toEqual([]);
        }),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
