import { describe, expect, it } from 'vitest';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Chain } from './chain.rules.js';
import type { ChainSearch } from './chain-offer.rules.js';
import type { DiaryResource, MsSpan } from './diary.rules.js';
import { toFreeTimes } from './diary.rules.js';
import { OFFERS_PER_DAY_MAX } from './offer-rank.rules.js';
import { findOffersAtSites, helpAtSites, whyNoneAtSites } from './site-offer.rules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONDAY = Date.parse('2026-03-09T00:00:00Z');

function need(kind: ResourceKind, role: string): Chain['steps'][number]['needs'][number] {
  return { kind, skill: null, role, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, continuity: 'FREE' };
}

/** An hour with a physiotherapist in a room. */
const CHAIN: Chain = {
  startStepMinutes: 30,
  steps: [
    {
      name: 'Treatment',
      durationMinutes: 60,
      wait: null,
      needs: [need('PHYSIOTHERAPIST', 'therapist'), need('THERAPY_ROOM', 'room')],
      patientPresent: true,
      fillsWait: false,
    },
  ],
};

function free(id: string, siteId: string, kind: ResourceKind, ...hours: MsSpan[]): DiaryResource {
  const spans = hours.map(([from, until]): MsSpan => [MONDAY + from * HOUR_MS, MONDAY + until * HOUR_MS]);
  return { id, siteId, kind, name: id, skills: [], ...toFreeTimes(spans) };
}

function searchIn(diary: readonly DiaryResource[], parts: Partial<ChainSearch> = {}): ChainSearch {
  return {
    diary,
    patientFree: null,
    chain: CHAIN,
    fromMs: MONDAY,
    untilMs: MONDAY + 5 * DAY_MS,
    targetUntilMs: MONDAY + 5 * DAY_MS,
    breachUntilMs: MONDAY + 5 * DAY_MS,
    timeZone: 'Europe/London',
    keepsStaff: false,
    shortestUseMs: new Map(),
    limit: 10,
    ...parts,
  };
}

const firstStarts = (offers: ReturnType<typeof findOffersAtSites>): string[] =>
  offers.map(({ steps }) => new Date(steps[0]?.startMs ?? 0).toISOString().slice(0, 16));

describe('offers of several sites', () => {
  it('never take people of one and rooms of another', () => {
    const diary = [
      free('ada', 'MAIN', 'PHYSIOTHERAPIST', [9, 12]),
      free('gym', 'NORTH', 'THERAPY_ROOM', [9, 12]),
    ];
    expect(findOffersAtSites(searchIn(diary))).toEqual([]);
    const atOne = diary.map((resource) => ({ ...resource, siteId: 'MAIN' }));
    expect(findOffersAtSites(searchIn(atOne))).not.toEqual([]);
  });

  it('stand in one list, the earlier first, and each at one site', () => {
    const diary = [
      free('ada', 'MAIN', 'PHYSIOTHERAPIST', [10, 11], [33, 34]),
      free('gym', 'MAIN', 'THERAPY_ROOM', [0, 48]),
      free('ben', 'NORTH', 'PHYSIOTHERAPIST', [9, 10], [35, 36]),
      free('pool', 'NORTH', 'THERAPY_ROOM', [0, 48]),
    ];
    const offers = findOffersAtSites(searchIn(diary));
    expect(firstStarts(offers)).toEqual([
      '2026-03-09T09:00',
      '2026-03-09T10:00',
      '2026-03-10T09:00',
      '2026-03-10T11:00',
    ]);
    expect(offers.map(({ steps }) => steps[0]?.resources.map(({ resourceId }) => resourceId).join())).toEqual(
      ['ben,pool', 'ada,gym', 'ada,gym', 'ben,pool'],
    );
    expect(firstStarts(findOffersAtSites(searchIn(diary, { limit: 2 })))).toHaveLength(2);
  });

  it('leave room for other days', () => {
    const hours = [0, 24].flatMap((day) =>
      [8, 9.5, 11, 12.5, 14, 15.5].map((hour): MsSpan => [day + hour, day + hour + 1]),
    );
    const diary = ['MAIN', 'NORTH'].flatMap((site) => [
      free(`p ${site}`, site, 'PHYSIOTHERAPIST', ...hours),
      free(`r ${site}`, site, 'THERAPY_ROOM', [0, 48]),
    ]);
    const starts = firstStarts(findOffersAtSites(searchIn(diary)));
    expect(starts).toHaveLength(10);
    expect(starts.filter((start) => start.startsWith('2026-03-09'))).toHaveLength(OFFERS_PER_DAY_MAX);
  });
});

describe('when there is none at any site', () => {
  const diary = [
    free('ada', 'MAIN', 'PHYSIOTHERAPIST', [9, 12]),
    free('ben', 'NORTH', 'PHYSIOTHERAPIST', [9, 12]),
    free('pool', 'NORTH', 'THERAPY_ROOM', [13, 15]),
  ];

  it('each site says why, the nearest to a visit first', () => {
    expect(whyNoneAtSites(searchIn(diary)).map(({ siteId, why }) => [siteId, why.reason])).toEqual([
      ['NORTH', 'NEVER_FREE_TOGETHER'],
      ['MAIN', 'NOT_FREE'],
    ]);
    expect(whyNoneAtSites(searchIn([])).map(({ siteId, why }) => [siteId, why.reason])).toEqual([
      [null, 'NOT_FREE'],
    ]);
  });

  it('an extra session helps at its own site only', () => {
    const gym = free('gym', 'MAIN', 'THERAPY_ROOM', [8, 18]);
    const far = free('hall', 'SOUTH', 'THERAPY_ROOM', [8, 18]);
    const help = helpAtSites({ search: searchIn(diary), longer: null, openable: [gym, far] });
    expect(help.map((one) => (one.help === 'EXTRA_SESSION' ? one.resourceId : one.help))).toEqual(['gym']);
  });

  it('nothing is said where there is a visit at one of them', () => {
    const some = [...diary, free('gym', 'MAIN', 'THERAPY_ROOM', [9, 12])];
    expect(whyNoneAtSites(searchIn(some))).toEqual([]);
  });
});
