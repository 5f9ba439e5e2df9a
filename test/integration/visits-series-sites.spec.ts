import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VisitSeries } from '../../src/clinic/visits/series.type.js';
import type {
  OfferedOccurrence,
  SeriesOfferFilterInput,
  SeriesOffers,
} from '../../src/clinic/visits/series-offer.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type Hours, makeResource, schedulingOn } from '../support/scheduling.factory.js';
import {
  aBooker,
  emptyVisits,
  makePatientId,
  makeVisitType,
  PHYSIO,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// A series where the clinic has two sites, with one of each that is needed at each of them.

const desk = aBooker();

let db: TestDatabase;
let database: Database;
let room: VisitsRoom;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyVisits(database);
  await database.client.site.deleteMany({ where: { code: { not: 'MAIN' } } });
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  room = visitsOn(database, clock);
  await schedulingOn(database, clock).sites.addSite(desk.actor, { code: 'NORTH', name: 'North' });
  await makeVisitType(database, PHYSIO, [
    {
      durationMinutes: 45,
      needs: [
        { role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' },
        { role: 'room', kind: 'THERAPY_ROOM' },
      ],
    },
  ]);
});

/** Hours from Monday to Friday of the one physiotherapist and the one room of a site. */
async function equip(
  siteCode: 'MAIN' | 'NORTH',
  physio: readonly Hours[],
  rooms: readonly Hours[] = ['08:00-18:00'],
) {
  await makeResource(database, 'PHYSIOTHERAPIST', { siteCode, name: `Physio ${siteCode}`, weekdays: physio });
  await makeResource(database, 'THERAPY_ROOM', { siteCode, name: `Room ${siteCode}`, weekdays: rooms });
}

async function offers(parts: Partial<SeriesOfferFilterInput> = {}): Promise<SeriesOffers> {
  const filter = { visitTypeCode: PHYSIO, count: 3, everyDays: 1, toleranceDays: 0, limit: 3, ...parts };
  const days = { onOrAfter: '2026-03-03', onOrBefore: '2026-03-03' };
  const found = await room.seriesOffers.seriesOffers(desk.actor, { ...days, ...filter });
  if (isRefusal(found)) throw new Error(found.code);
  return found as SeriesOffers;
}

const siteOf = new Map<string, string>();

async function sitesIn({ resources }: OfferedOccurrence): Promise<readonly string[]> {
  for (const { id, siteCode } of await database.client.resource.findMany()) siteOf.set(id, siteCode);
  return [...new Set(resources.map(({ resource }) => siteOf.get(resource.id) ?? ''))];
}

describe('a series where there are two sites', () => {
  it('is at one of them, which the offer names, where one can serve all of it', async () => {
    await equip('MAIN', ['09:00-10:00']);
    await equip('NORTH', ['14:00-16:00']);
    const { offers: found } = await offers({ limit: 3 });
    expect(found.length).toBeGreaterThan(1);
    const sites = new Set<string | null>();
    for (const { occurrences } of found) {
      expect(new Set(occurrences.map(({ siteCode }) => siteCode)).size).toBe(1);
      for (const one of occurrences) {
        expect(await sitesIn(one)).toEqual([one.siteCode]);
        sites.add(one.siteCode);
      }
    }
    expect(sites).toEqual(new Set(['MAIN', 'NORTH']));
  });

  it('has each visit at one of them where neither can serve all, says which, and is booked so', async () => {
    await equip('MAIN', ['09:00-10:00']);
    await equip('NORTH', ['09:00-10:00']);
    const [main, north] = ['Physio MAIN', 'Physio NORTH'];
    const away = async (name: string | undefined, heldOn: string) => {
      const { id } = await database.client.resource.findUniqueOrThrow({ where: { name: name ?? '' } });
      await database.client.openingException.create({
        data: {
          resourceId: id,
          kind: 'LEAVE',
          heldOn: new Date(`${heldOn}T00:00:00Z`),
          reason: 'for a test',
        },
      });
    };
    await away(main, '2026-03-04');
    await away(north, '2026-03-05');
    const [first] = (await offers()).offers;
    if (first === undefined) throw new Error('no offer');
    expect(first.occurrences[1]?.siteCode).toBe('NORTH');
    expect(first.occurrences[2]?.siteCode).toBe('MAIN');
    for (const one of first.occurrences) expect(await sitesIn(one)).toEqual([one.siteCode]);
    const patientId = await makePatientId(room);
    const booked = await room.series.bookSeries(desk, {
      patientId,
      visitTypeCode: PHYSIO,
      everyDays: 1,
      occurrences: first.occurrences.map(({ steps, resources }) => ({
        steps: steps.map(({ startsAt, position }) => ({
          startsAt,
          resources: resources
            .filter(({ stepPosition }) => stepPosition === position)
            .map(({ role, resource }) => ({ role, resourceId: resource.id })),
        })),
      })),
    });
    if (isRefusal(booked)) throw new Error(booked.message);
    const { visits } = booked as VisitSeries;
    expect(visits.map(({ siteCode }) => siteCode)).toEqual(first.occurrences.map(({ siteCode }) => siteCode));
  });

  it('is not there with the people of one and the rooms of the other', async () => {
    await equip('MAIN', ['09:00-10:00'], ['15:00-16:00']);
    await equip('NORTH', ['15:00-16:00'], ['09:00-10:00']);
    const none = await offers();
    expect([none.offers, none.whyNoSeries?.position]).toEqual([[], 0]);
  });
});
