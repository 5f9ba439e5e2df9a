import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from './chain.rules.js';
import type { ChainOffer, ChainSearch } from './chain-offer.rules.js';
import { possibleStarts } from './chain-possible.rules.js';
import { type DiaryResource, type MsSpan, subtractTimes, toFreeTimes, toSpans } from './diary.rules.js';
import { findOffersAtSites, helpAtSites, whyNoneAtSites } from './site-offer.rules.js';
import { sayWhyNone } from './why-none-words.rules.js';

const HOUR_MS = 3_600_000;
const MONDAY = Date.parse('2026-03-09T00:00:00Z');
const hour = (hours: number): number => MONDAY + hours * HOUR_MS;

/** An injection, hours of uptake, a scan. */
const CHAIN: Chain = {
  startStepMinutes: 30,
  steps: [
    {
      name: 'Injection',
      durationMinutes: 30,
      wait: null,
      needs: [need('INJECTION_ROOM', 'room')],
      patientPresent: true,
      fillsWait: false,
    },
    {
      name: 'Scan',
      durationMinutes: 60,
      wait: { minMinutes: 120, targetMinutes: 180, maxMinutes: 300 },
      needs: [need('CAMERA', 'camera')],
      patientPresent: true,
      fillsWait: false,
    },
  ],
};

function need(kind: 'CAMERA' | 'INJECTION_ROOM', role: string): Chain['steps'][number]['needs'][number] {
  return { kind, skill: null, role, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, continuity: 'FREE' };
}

function free(id: string, kind: 'CAMERA' | 'INJECTION_ROOM', ...hours: MsSpan[]): DiaryResource {
  const spans = hours.map(([from, until]): MsSpan => [hour(from), hour(until)]);
  return { id, siteId: 'MAIN', kind, name: id, skills: [], ...toFreeTimes(spans) };
}

const DIARY = [
  free('room', 'INJECTION_ROOM', [8, 18], [32, 42]),
  free('camera', 'CAMERA', [8, 18], [32, 42]),
];

/** With these hours taken by the patient's other visits. */
function searchAround(taken: readonly MsSpan[], parts: Partial<ChainSearch> = {}): ChainSearch {
  const whole = toFreeTimes([[MONDAY, hour(48)]]);
  const between = toSpans(
    subtractTimes(
      whole,
      taken.map(([from, until]): MsSpan => [hour(from), hour(until)]),
    ),
  );
  return {
    diary: DIARY,
    patientFree: between,
    undisturbed: between,
    chain: CHAIN,
    fromMs: MONDAY,
    untilMs: hour(48),
    targetUntilMs: hour(48),
    breachUntilMs: hour(48),
    timeZone: 'Europe/London',
    keepsStaff: false,
    shortestUseMs: new Map(),
    limit: 50,
    ...parts,
  };
}

const spanOf = ({ steps }: ChainOffer): MsSpan => [steps[0]?.startMs ?? 0, steps.at(-1)?.endMs ?? 0];
const meets = ([from, until]: MsSpan, [begins, ends]: MsSpan): boolean => from < ends && begins < until;

describe('a patient who is kept', () => {
  it('has no other visit in the wait, although each step alone would fit', () => {
    const noon: MsSpan = [12, 13];
    const found = findOffersAtSites(searchAround([noon]));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((offer) => meets(spanOf(offer), [hour(12), hour(13)]))).toEqual([]);
    const own = findOffersAtSites(searchAround([noon], { undisturbed: null }));
    expect(own.some((offer) => meets(spanOf(offer), [hour(12), hour(13)]))).toBe(true);
  });

  it('is told that it is the wait, where nothing else is in the way', () => {
    const search = searchAround([
      [11, 12],
      [14, 15],
      [35, 36],
      [38, 39],
    ]);
    expect(findOffersAtSites(search)).toEqual([]);
    expect(possibleStarts(search)).toEqual([]);
    const [none] = whyNoneAtSites(search);
    if (none === undefined) throw new Error('nothing is in the way');
    expect(none.why).toMatchObject({ reason: 'WAIT_NOT_FILLED', step: 1, needs: [], withPatient: true });
    expect(sayWhyNone(none.why)).toBe(
      'Scan: the patient can never be there for the whole of the wait, at least 120 minutes.',
    );
    const later = searchAround([
      [11, 12],
      [14, 15],
      [35, 36],
    ]);
    const help = helpAtSites({ search, longer: later, openable: [] });
    expect(help.map((one) => one.help)).toEqual(['ANOTHER_DAY']);
  });

  it('is told of the resource, where that is in the way', () => {
    const search = searchAround([[11, 12]], { diary: DIARY.slice(0, 1) });
    expect(whyNoneAtSites(search)[0]?.why).toMatchObject({ reason: 'NOT_FREE', step: 1 });
  });

  it('is offered exactly what lies between two of the other visits, whatever they are', () => {
    const other = fc
      .tuple(fc.integer({ min: 14, max: 84 }), fc.integer({ min: 1, max: 8 }))
      .map(([half, length]): MsSpan => [half / 2, (half + length) / 2]);
    fc.assert(
      fc.property(fc.array(other, { maxLength: 5 }), (taken) => {
        const search = searchAround(taken);
        const offers = findOffersAtSites(search);
        for (const offer of offers) {
          const span = spanOf(offer);
          expect(taken.some(([from, until]) => meets(span, [hour(from), hour(until)]))).toBe(false);
        }
        // An injection at the beginning of a stretch and a scan two hours later: if that fits nowhere, nothing does.
        const shortestMs = 3.5 * HOUR_MS;
        const fits = (search.undisturbed ?? []).some(([from, until]) =>
          [
            [hour(8), hour(18)],
            [hour(32), hour(42)],
          ].some(
            ([opens, closes]) => Math.min(until, closes ?? 0) - Math.max(from, opens ?? 0) >= shortestMs,
          ),
        );
        expect(offers.length > 0).toBe(fits);
        expect(whyNoneAtSites(search).length === 0).toBe(fits);
        expect(possibleStarts(search).length > 0).toBe(fits);
      }),
      { numRuns: 100 },
    );
  });
});
