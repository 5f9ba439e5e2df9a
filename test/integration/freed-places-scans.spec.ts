import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SCAN } from '../../src/clinic/imaging/scan-companion.service.js';
import type { FreedPlace, FreedPlaceCandidate } from '../../src/clinic/visits/freed-place.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type FreedPlacesRoom,
  freedPlacesOn,
  mustBeOffer,
  mustBePlace,
} from '../support/freed-places.factory.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
  type ReferredPatient,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
  PROTOCOL,
} from '../support/imaging-department.factory.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeResource } from '../support/scheduling.factory.js';
import { aBooker, codeOf, makeVisitType, mustBeVisit } from '../support/visits.factory.js';

// The place of a scan is offered to those only whose booking on it the room of the scans would not refuse.

// Monday. The place is on Tuesday of the week after: an injection at half past eight, a scan at a quarter to twelve.
const NOW = '2026-03-02T09:00:00Z';
const TUESDAY = '2026-03-10';
const DESK = aBooker({ roles: ['RECEPTION', 'IMAGING'] });
const PHYSIO = 'PHYSIO_TEST';

let db: TestDatabase;
let database: Database;
let imaging: Imaging;
let department: Department;
let room: FreedPlacesRoom;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});
afterAll(async () => {
  await database.close();
  await db.drop();
});
beforeEach(async () => {
  await emptyImaging(database);
  const clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  room = freedPlacesOn(database, clock);
  room.companions.register(SCAN, imaging.companion);
  await makeReference(database);
  department = await makeDepartment(database);
});

async function placeOfScan(): Promise<FreedPlace> {
  const { referralId } = await makeReferredPatient(imaging);
  const times = [`${TUESDAY}T08:30:00Z`, `${TUESDAY}T11:45:00Z`] as const;
  const { id } = mustBeBooked(
    await imaging.bookings.bookScan(RECEPTION, aVisit(department, referralId, ...times)),
  );
  const { version } = await room.records.read(database.client, id);
  const cancel = { visitId: id, version, reasonCode: 'PATIENT_CANNOT_COME' };
  mustBeVisit(await room.visits.cancelVisit(DESK, cancel));
  const row = await database.client.freedPlace.findFirstOrThrow({ where: { visitId: id } });
  return room.freedRecords.freedPlace(RECEPTION, row.id);
}

async function waitsForScan(travelMinutes = 0): Promise<ReferredPatient> {
  const person = await makeReferredPatient(imaging);
  const wish = aWish(person.patientId, PROTOCOL, { referralId: person.referralId, travelMinutes });
  mustBeRequest(await room.requests.requestVisit(RECEPTION, wish));
  return person;
}

/** Books physiotherapies of 45 minutes on the day of the place. */
async function makePhysio() {
  const physioId = await makeResource(database, 'PHYSIOTHERAPIST', { weekdays: ['08:00-18:00'] });
  await makeVisitType(database, PHYSIO, [{ needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] }]);
  return async (patientId: string, time: string) => {
    const startsAt = Temporal.Instant.from(`${TUESDAY}T${time}:00Z`);
    const steps = [{ startsAt, resources: [{ role: 'physiotherapist', resourceId: physioId }] }];
    mustBeVisit(await room.visits.bookVisit(DESK, { patientId, visitTypeCode: PHYSIO, steps }));
  };
}

const candidatesFor = (place: FreedPlace) => room.previews.freedPlaceCandidates(RECEPTION, place.id);
const peopleOf = (candidates: readonly FreedPlaceCandidate[]) => candidates.map(({ patientId }) => patientId);
const camerasOf = (candidates: readonly FreedPlaceCandidate[]) =>
  new Set(
    candidates.flatMap(({ steps }) =>
      steps.flatMap(({ resources }) =>
        resources.flatMap((one) => (one.role === 'camera' ? one.resourceId : [])),
      ),
    ),
  );

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  await work();
  const count = spy.mock.calls.length;
  spy.mockRestore();
  return count;
}

async function offer(place: FreedPlace): Promise<FreedPlace> {
  const input = { freedPlaceId: place.id, version: place.version, atOnce: 1, answerMinutes: 60 };
  return mustBePlace(await room.freedPlaces.offerFreedPlace(RECEPTION, input));
}

describe('the place of a scan', () => {
  it('is not for whom another visit would fall into the uptake', async () => {
    const physio = await makePhysio();
    const [busy, other] = [await waitsForScan(), await waitsForScan()];
    await physio(busy.patientId, '10:00');
    const place = await placeOfScan();
    expect(peopleOf(await candidatesFor(place))).toEqual([other.patientId]);
    expect((await offer(place)).candidatesCount).toBe(1);
  });

  it('is found between the other visits, and a yes is a booking', async () => {
    const physio = await makePhysio();
    for (const kind of ['INJECTION_ROOM', 'NUCLEAR_MEDICINE_TECHNOLOGIST'] as const) {
      await makeResource(database, kind, { weekdays: ['08:00-18:00'] });
    }
    const { patientId } = await waitsForScan();
    await physio(patientId, '08:00');
    await physio(patientId, '12:45');
    const place = await placeOfScan();
    const [candidate] = await candidatesFor(place);
    const startsAt = candidate?.startsAt.toString() ?? '';
    expect(startsAt >= `${TUESDAY}T08:45:00Z`).toBe(true);
    const [asked] = (await offer(place)).offers;
    const { id: offerId = '', version = 0 } = asked ?? {};
    const answered = mustBeOffer(await room.answers.answer(DESK, { offerId, version, answer: 'ACCEPT' }));
    expect(answered).toMatchObject({ status: 'ACCEPTED', patientId });
  });

  it('is made whole with no camera at which no scanner stands', async () => {
    await waitsForScan();
    const place = await placeOfScan();
    const { cameraId } = department;
    const bare = await makeResource(database, 'CAMERA', { weekdays: ['08:00-18:00'], name: 'A bare camera' });
    expect(camerasOf(await candidatesFor(place))).toEqual(new Set([cameraId]));
    // The scanner now stands at the other: what fell free of the first is nothing for a scan.
    await database.client.scanner.updateMany({ data: { resourceId: bare } });
    expect(camerasOf(await candidatesFor(place))).toEqual(new Set([bare]));
    await database.client.scanner.deleteMany();
    expect(await candidatesFor(place)).toEqual([]);
    const input = { freedPlaceId: place.id, version: place.version };
    expect(codeOf(await room.freedPlaces.offerFreedPlace(RECEPTION, input))).toBe('NobodyForFreedPlace');
  });

  it('is looked at with as many statements when twelve wait as when two do', async () => {
    const physio = await makePhysio();
    const wait = async (time: string) => physio((await waitsForScan(Number(time.slice(3)))).patientId, time);
    const place = await placeOfScan();
    for (const time of ['08:00', '08:45']) await wait(time);
    await candidatesFor(place);
    const few = await statementsOf(() => candidatesFor(place));
    for (const hour of [10, 11, 12, 13, 14, 15, 16, 17]) await wait(`${hour}:00`);
    await waitsForScan(5);
    await waitsForScan(10);
    expect(await statementsOf(() => candidatesFor(place))).toBe(few);
  });
});
