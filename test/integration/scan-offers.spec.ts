import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AvailabilityService } from '../../src/clinic/visits/availability.service.js';
import type {
  VisitOffer,
  VisitOfferFilterInput,
  VisitOffers,
} from '../../src/clinic/visits/visit-offer.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { PublicDoors } from '../../src/platform/http/public-doors.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { aClosure, closuresOn, mustBePreview } from '../support/closures.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
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
import { mustBeRequest } from '../support/requests.factory.js';
import { makeException, makeResource } from '../support/scheduling.factory.js';
import { aBooker, codeOf, makeVisitType, mustBeVisit } from '../support/visits.factory.js';

// What is offered of a scan can be booked: what would refuse it and is known then is not offered.

// Monday. The first day that may be booked is 9 March.
const NOW = '2026-03-02T09:00:00Z';
const TUESDAY = '2026-03-10';
const DESK = aBooker({ roles: ['RECEPTION', 'IMAGING'] });
const PHYSIO = 'PHYSIO_TEST';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let room: Imaging['visitsRoom'];

const at = (text: string) => Temporal.Instant.from(text);

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
  await database.client.$executeRaw`TRUNCATE opening_exceptions CASCADE`;
  clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  room = imaging.visitsRoom;
  await makeReference(database);
  department = await makeDepartment(database);
});

async function offersOf(parts: Partial<VisitOfferFilterInput> = {}): Promise<VisitOffers> {
  const found = await room.offers.visitOffers(RECEPTION, { visitTypeCode: PROTOCOL, limit: 50, ...parts });
  if (isRefusal(found)) throw new Error(found.code);
  return found as VisitOffers;
}

const camerasOf = (offers: readonly VisitOffer[]) =>
  new Set(
    offers.flatMap(({ steps }) =>
      steps.flatMap(({ resources }) =>
        resources.filter(({ role }) => role === 'camera').map(({ resource }) => resource.id),
      ),
    ),
  );

async function makePhysio() {
  const physioId = await makeResource(database, 'PHYSIOTHERAPIST', { weekdays: ['08:00-18:00'] });
  await makeVisitType(database, PHYSIO, [{ needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] }]);
  return async (patientId: string, startsAt: string) =>
    mustBeVisit(
      await room.visits.bookVisit(DESK, {
        patientId,
        visitTypeCode: PHYSIO,
        steps: [{ startsAt: at(startsAt), resources: [{ role: 'physiotherapist', resourceId: physioId }] }],
      }),
    );
}

async function requestOf(person: ReferredPatient): Promise<string> {
  const wish = { ...person, visitTypeCode: PROTOCOL, times: [], travelMinutes: 0, keepsStaff: false };
  const usual = { wantsFreed: true, noticeHoursMin: 0 };
  return mustBeRequest(await room.requests.requestVisit(RECEPTION, { ...wish, ...usual })).id;
}

const stepsOf = ({ steps }: VisitOffer) =>
  steps.map(({ startsAt, resources }) => ({
    startsAt,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));

describe('an offer of a scan as a visit', () => {
  it('keeps the uptake clear of the patient’s other visits, and can be booked', async () => {
    const physio = await makePhysio();
    const person = await makeReferredPatient(imaging);
    await physio(person.patientId, `${TUESDAY}T12:00:00Z`);
    const requestId = await requestOf(person);
    const days = { onOrAfter: TUESDAY, onOrBefore: TUESDAY };
    const { offers } = await offersOf({ requestId, ...days });
    expect(offers.length).toBeGreaterThan(0);
    // Somebody without another visit would be injected before noon and scanned after it.
    const anybody = await offersOf(days);
    const overNoon = ({ startsAt, endsAt }: VisitOffer) =>
      Temporal.Instant.compare(startsAt, at(`${TUESDAY}T12:45:00Z`)) < 0 &&
      Temporal.Instant.compare(at(`${TUESDAY}T12:00:00Z`), endsAt) < 0;
    expect([offers.some(overNoon), anybody.offers.some(overNoon)]).toEqual([false, true]);
    for (const offer of offers) {
      const wish = { patientId: person.patientId, visitTypeCode: PROTOCOL, requestId, steps: stepsOf(offer) };
      const held = mustBeVisit(await room.holds.holdVisit(DESK, wish));
      mustBeVisit(await room.holds.releaseHold(DESK, { visitId: held.id, version: held.version }));
    }
  });

  it('is not there when every uptake is broken, and the answer says so and what would help', async () => {
    const physio = await makePhysio();
    const person = await makeReferredPatient(imaging);
    for (const hour of ['10:30', '13:30', '16:30']) await physio(person.patientId, `${TUESDAY}T${hour}:00Z`);
    const found = await offersOf({
      patientId: person.patientId,
      onOrAfter: TUESDAY,
      onOrBefore: TUESDAY,
    });
    expect(found.offers).toEqual([]);
    expect(found.whyNoOffer).toMatchObject({
      block: 'WAIT_NOT_FILLED',
      stepName: 'SPECT-CT',
      withPatient: true,
      kinds: [],
    });
    expect(found.whyNoOffer?.help.map(({ remedy }) => remedy)).toContain('ANOTHER_DAY');
    const asScans = await imaging.offers.scanOffers(RECEPTION, person.referralId, {
      protocolCode: PROTOCOL,
      from: TUESDAY,
      until: TUESDAY,
      limit: 10,
    });
    expect([asScans.offers, asScans.whyNone]).toEqual([[], found.whyNoOffer?.message]);
  });

  it('is of no camera without a scanner, even for who wishes for it, and none where no scanner stands', async () => {
    const bare = await makeResource(database, 'CAMERA', { weekdays: ['08:00-18:00'] });
    const { cameraId, technologistIds } = department;
    expect(camerasOf((await offersOf()).offers)).toEqual(new Set([cameraId]));
    const wantedResourceIds = [bare, cameraId, ...technologistIds];
    expect(camerasOf((await offersOf({ wantedResourceIds })).offers)).toEqual(new Set([cameraId]));
    expect((await offersOf({ wantedResourceIds: [bare] })).offers).toEqual([]);
    await database.client.scanner.deleteMany();
    const { offers, whyNoOffer } = await offersOf();
    expect([offers, whyNoOffer?.block, whyNoOffer?.kinds, whyNoOffer?.help]).toEqual([
      [],
      'NOT_FREE',
      ['CAMERA'],
      [],
    ]);
  });
});

describe('how long the wait for a scan is', () => {
  const waiting = () =>
    new AvailabilityService(
      database,
      room.visitTypes,
      room.leadTimes,
      room.grounds,
      readConfig({}, '/tmp'),
      new PublicDoors(),
    );

  it('is counted on cameras with a scanner only, for staff and for the website', async () => {
    await makeResource(database, 'CAMERA', { weekdays: ['08:00-18:00'] });
    await makeException(database, 'CLOSED', '2026-03-09', { resourceId: department.cameraId });
    const first = { earliestOn: TUESDAY };
    expect(await waiting().nextAvailability(PROTOCOL)).toMatchObject({ ...first, waitDays: 8 });
    expect(await waiting().publicAvailability(PROTOCOL)).toMatchObject(first);
    await database.client.scanner.deleteMany();
    expect(await waiting().nextAvailability(PROTOCOL)).toMatchObject({ earliestOn: null, waitDays: null });
    expect(await waiting().publicAvailability(PROTOCOL)).toMatchObject({ earliestOn: null });
  });
});

describe('a scan that a closure moves', () => {
  it('is proposed nowhere over another visit of its patient', async () => {
    const physio = await makePhysio();
    const person = await makeReferredPatient(imaging);
    const booked = await imaging.bookings.bookScan(
      RECEPTION,
      aVisit(department, person.referralId, `${TUESDAY}T08:30:00Z`, `${TUESDAY}T11:45:00Z`),
    );
    mustBeBooked(booked);
    const days = ['10', '11', '12', '13', '16', '17', '18', '19', '20'];
    for (const day of days) await physio(person.patientId, `2026-03-${day}T13:00:00Z`);
    const closures = closuresOn(database, clock);
    closures.companions.register('SCAN', imaging.companion);
    const input = aClosure([department.cameraId], `${TUESDAY}T00:00:00Z`, `${TUESDAY}T23:59:00Z`);
    const { proposals } = mustBePreview(await closures.previews.closurePreview(RECEPTION, input));
    const [proposal] = proposals;
    expect(proposal?.decision).toBe('MOVE');
    const steps = proposal?.offer?.steps ?? [];
    const moved = await room.visits.moveVisit(aBooker({ roles: ['CLINICIAN'] }), {
      visitId: proposal?.visit.id ?? '',
      version: 0,
      steps: steps.map(({ startsAt, resources }) => ({
        startsAt,
        resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
      })),
    });
    expect(codeOf(moved)).toBe('visit');
  });
});

describe('a referral for whose scan a place is held', () => {
  it('is refused as such, with the hold that can be confirmed or given back, and as a booking once it is one', async () => {
    const person = await makeReferredPatient(imaging);
    const requestId = await requestOf(person);
    const [offer] = (await offersOf({ requestId })).offers;
    if (offer === undefined) throw new Error('nothing is offered');
    const wish = { patientId: person.patientId, visitTypeCode: PROTOCOL, requestId, steps: stepsOf(offer) };
    const held = mustBeVisit(await room.holds.holdVisit(DESK, wish));
    const days = ['2026-03-12T09:00:00Z', '2026-03-12T12:15:00Z'] as const;
    const scan = aVisit(department, person.referralId, ...days);
    const ask = { protocolCode: PROTOCOL, limit: 1 };
    const refused = { code: 'ReferralAlreadyBooked', scanBookingId: null, heldVisitId: held.id };
    expect(await imaging.bookings.bookScan(RECEPTION, scan)).toMatchObject({
      ...refused,
      message: expect.stringContaining('A place is held'),
    });
    const obstacles = async () =>
      (await imaging.offers.scanOffers(RECEPTION, person.referralId, ask)).obstacles;
    expect(await obstacles()).toMatchObject([
      { code: 'ReferralAlreadyBooked', message: expect.stringContaining('A place is held') },
    ]);
    mustBeVisit(await room.holds.confirmVisit(DESK, { visitId: held.id, version: held.version }));
    const again = await imaging.bookings.bookScan(RECEPTION, scan);
    expect(again).toMatchObject({ code: refused.code, scanBookingId: held.id, heldVisitId: null });
    expect((await imaging.records.read(database.client, held.id)).status).toBe('BOOKED');
    expect(await obstacles()).toMatchObject([{ message: expect.stringContaining('already has a scan') }]);
  });

  it('is free again when the hold has ended by itself', async () => {
    const person = await makeReferredPatient(imaging);
    const requestId = await requestOf(person);
    const [offer] = (await offersOf({ requestId })).offers;
    if (offer === undefined) throw new Error('nothing is offered');
    const wish = { patientId: person.patientId, visitTypeCode: PROTOCOL, requestId, steps: stepsOf(offer) };
    mustBeVisit(await room.holds.holdVisit(DESK, wish));
    clock.advance({ minutes: 30 });
    const ask = { protocolCode: PROTOCOL, limit: 1 };
    expect((await imaging.offers.scanOffers(RECEPTION, person.referralId, ask)).obstacles).toEqual([]);
    const days = ['2026-03-12T09:00:00Z', '2026-03-12T12:15:00Z'] as const;
    mustBeBooked(await imaging.bookings.bookScan(RECEPTION, aVisit(department, person.referralId, ...days)));
  });
});
