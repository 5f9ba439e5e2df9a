import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { DayBoardService } from '../../src/clinic/visits/day-board.service.js';
import type { VisitOfferFilterInput, VisitOffers } from '../../src/clinic/visits/visit-offer.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeException, makeResource, schedulingOn } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Two sites: what is where, and that a visit is at one of them.

const NOW = '2026-03-02T09:00:00Z';
const DAY = { onOrAfter: '2026-03-04', onOrBefore: '2026-03-04' } as const;
const desk = aBooker();

let db: TestDatabase;
let database: Database;
let room: VisitsRoom;
let clinic: VisitClinic;
let scheduling: ReturnType<typeof schedulingOn>;
let board: DayBoardService;
/** A physiotherapist and a room in the north, from 9 to 11. */
let north: { readonly physioId: string; readonly roomId: string };

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
  const clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  scheduling = schedulingOn(database, clock);
  const audit = new AuditService(database, clock);
  board = new DayBoardService(
    database,
    clock,
    readConfig({}, '/tmp'),
    scheduling.schedule,
    room.patients,
    audit,
  );
  clinic = await makeVisitClinic(database);
  await scheduling.sites.addSite(desk.actor, { code: 'NORTH', name: 'North' });
  north = {
    physioId: await makeResource(database, 'PHYSIOTHERAPIST', {
      name: 'Cy',
      siteCode: 'NORTH',
      weekdays: ['09:00-11:00'],
    }),
    roomId: await makeResource(database, 'THERAPY_ROOM', {
      name: 'Hall',
      siteCode: 'NORTH',
      weekdays: ['09:00-11:00'],
    }),
  };
});

const northernSteps = (startsAt: string, roomId = north.roomId) =>
  aPhysio(clinic, '', startsAt).steps.map((step) => ({
    ...step,
    resources: [
      { role: 'physiotherapist', resourceId: north.physioId },
      { role: 'room', resourceId: roomId },
    ],
  }));

async function offers(parts: Partial<VisitOfferFilterInput> = {}): Promise<VisitOffers> {
  const result = await room.offers.visitOffers(desk.actor, { visitTypeCode: PHYSIO, limit: 50, ...parts });
  if (isRefusal(result)) throw new Error(result.code);
  return result as VisitOffers;
}

async function newVisit(steps: ReturnType<typeof northernSteps>) {
  return room.visits.bookVisit(desk, { patientId: await makePatientId(room), visitTypeCode: PHYSIO, steps });
}

const auditOf = (action: string) => database.client.auditEntry.findMany({ where: { action } });

describe('a site', () => {
  it('is added once, with a record', async () => {
    const sites = await scheduling.sites.sites();
    expect(sites.map(({ code }) => code)).toEqual(['MAIN', 'NORTH']);
    expect(codeOf(await scheduling.sites.addSite(desk.actor, { code: 'NORTH', name: 'Again' }))).toBe(
      'SiteCodeTaken',
    );
    expect((await auditOf('site.added')).at(-1)).toMatchObject({ subjectType: 'site', subjectId: 'NORTH' });
  });

  it('is given up only when nothing there can be booked any more', async () => {
    const give = (retiredOn: string) =>
      scheduling.sites.retireSite(desk.actor, { siteCode: 'NORTH', retiredOn });
    expect(await give('2026-04-01')).toMatchObject({ code: 'SiteInUse', resourceNames: ['Cy', 'Hall'] });
    expect(codeOf(await give('2026-03-01'))).toBe('InThePast');
    for (const resourceId of Object.values(north))
      await scheduling.calendar.retireResource(desk.actor, { resourceId, retiredOn: '2026-04-01' });
    expect(codeOf(await give('2026-03-31'))).toBe('SiteInUse');
    expect(await give('2026-04-01')).toMatchObject({ code: 'NORTH', retiredOn: '2026-04-01' });
    expect(await auditOf('site.retired')).not.toEqual([]);
    const unknown = scheduling.sites.retireSite(desk.actor, { siteCode: 'NOWHERE', retiredOn: '2026-04-01' });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is named when something is added, unless there is only one', async () => {
    let number = 0;
    const add = (siteCode: string | null) => {
      number += 1;
      return scheduling.calendar.addResource(desk.actor, {
        kind: 'NURSE',
        name: `Nurse ${number}`,
        siteCode,
      });
    };
    expect(await add(null)).toMatchObject({ code: 'SiteNotSaid', siteCodes: ['MAIN', 'NORTH'] });
    expect(await add('NORTH')).toMatchObject({ siteCode: 'NORTH' });
    await expect(add('NOWHERE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await database.client.resource.updateMany({
      where: { siteCode: 'NORTH' },
      data: { retiredOn: new Date('2026-03-01') },
    });
    await scheduling.sites.retireSite(desk.actor, { siteCode: 'NORTH', retiredOn: '2026-03-02' });
    expect(codeOf(await add('NORTH'))).toBe('SiteRetired');
    expect(await add(null)).toMatchObject({ siteCode: 'MAIN' });
  });

  it('is given up or gets something new, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const code = `S${round}`;
      await scheduling.sites.addSite(desk.actor, { code, name: code });
      const [added, retired] = await Promise.all([
        scheduling.calendar.addResource(desk.actor, { kind: 'NURSE', name: `Nurse ${code}`, siteCode: code }),
        scheduling.sites.retireSite(desk.actor, { siteCode: code, retiredOn: '2026-03-02' }),
      ]);
      expect([isRefusal(added), isRefusal(retired)].filter(Boolean)).toHaveLength(1);
    }
  });
});

describe('offers at two sites', () => {
  it('are each at one site, and both sites’ where none is named', async () => {
    const { offers: found } = await offers(DAY);
    expect(new Set(found.map(({ siteCode }) => siteCode))).toEqual(new Set(['MAIN', 'NORTH']));
    for (const { siteCode, steps } of found) {
      const ids = steps.flatMap(({ resources }) => resources.map(({ resource }) => resource.id));
      const { length } = ids.filter((id) => Object.values(north).includes(id));
      expect([siteCode, length]).toEqual(siteCode === 'NORTH' ? ['NORTH', ids.length] : ['MAIN', 0]);
    }
    for (const siteCode of ['MAIN', 'NORTH']) {
      const only = await offers({ ...DAY, siteCode });
      expect(new Set(only.offers.map((offer) => offer.siteCode))).toEqual(new Set([siteCode]));
    }
  });

  it('never pair people of one site with rooms of another', async () => {
    for (const resourceId of [...clinic.roomIds, north.physioId])
      await makeException(database, 'CLOSED', '2026-03-04', { resourceId });
    const { offers: found, whyNoOffer } = await offers(DAY);
    expect(found).toEqual([]);
    expect(whyNoOffer?.message).toMatch(
      /MAIN: .*therapy room.* NORTH: .*physiotherapist|NORTH: .*physiotherapist.* MAIN: .*therapy room/,
    );
    const atNorth = await offers({ ...DAY, siteCode: 'NORTH' });
    expect(atNorth.whyNoOffer).toMatchObject({ siteCode: 'NORTH', kinds: ['PHYSIOTHERAPIST'] });
    expect(atNorth.whyNoOffer?.message).not.toMatch(/NORTH:/);
    expect(atNorth.whyNoOffer?.help.map(({ offer }) => offer.siteCode)).not.toContain('MAIN');
  });

  it('are found with no more statements than at one', async () => {
    const count = async (filter: Partial<VisitOfferFilterInput>): Promise<number> => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      await offers(filter);
      const { length } = spy.mock.calls;
      spy.mockRestore();
      return length;
    };
    expect(await count(DAY)).toBe(await count({ ...DAY, siteCode: 'MAIN' }));
  });
});

describe('a visit', () => {
  it('is at the site of all that serves it, also when it is moved', async () => {
    const visit = mustBeVisit(await newVisit(northernSteps('2026-03-04T09:00:00Z')));
    expect(visit.siteCode).toBe('NORTH');
    const { steps } = aPhysio(clinic, '', '2026-03-05T10:00:00Z');
    const moved = mustBeVisit(
      await room.visits.moveVisit(desk, { visitId: visit.id, version: visit.version, steps }),
    );
    expect(moved.siteCode).toBe('MAIN');
    const back = northernSteps('2026-03-05T09:00:00Z');
    const again = await room.visits.moveVisit(desk, {
      visitId: visit.id,
      version: moved.version,
      steps: back,
    });
    expect(mustBeVisit(again).siteCode).toBe('NORTH');
  });

  it('is not at two', async () => {
    const result = await newVisit(northernSteps('2026-03-04T09:00:00Z', clinic.roomIds[0]));
    expect(result).toMatchObject({
      code: 'VisitOutsideProtocol',
      message: expect.stringContaining('MAIN and NORTH'),
    });
    expect(await database.client.visit.count()).toBe(0);
  });
});

describe('the board of a site', () => {
  const look = (siteCode: string | null) =>
    board.dayBoard(desk.actor, {
      date: '2026-03-04',
      siteCode,
      includeCancelled: false,
      permissions: new Set(),
    });

  it('shows its visits and its people and things; without a site, all', async () => {
    const there = mustBeVisit(await newVisit(northernSteps('2026-03-04T09:00:00Z')));
    const here = mustBeVisit(await newVisit(aPhysio(clinic, '', '2026-03-04T09:00:00Z').steps.slice()));
    const all = await look(null);
    expect(all.rows.map(({ visitId, siteCode }) => [visitId, siteCode]).sort()).toEqual(
      [
        [there.id, 'NORTH'],
        [here.id, 'MAIN'],
      ].sort(),
    );
    const ofNorth = await look('NORTH');
    expect(ofNorth.rows.map(({ visitId }) => visitId)).toEqual([there.id]);
    expect(ofNorth.resources.map(({ name }) => name).sort()).toEqual(['Cy', 'Hall']);
    expect(ofNorth.siteCode).toBe('NORTH');
    expect((await look('MAIN')).rows.map(({ visitId }) => visitId)).toEqual([here.id]);
    await expect(look('NOWHERE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
