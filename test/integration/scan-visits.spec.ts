import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideScanLetter } from '../../src/clinic/notifications/scan-letter.rules.js';
import { ClaimService } from '../../src/clinic/scheduling/claim.service.js';
import { ClaimRefusalService } from '../../src/clinic/scheduling/claim-refusal.service.js';
import { FreeTimeService } from '../../src/clinic/scheduling/free-time.service.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import type { WantedStepInput } from '../../src/clinic/visits/visit-booking.type.js';
import { possibleActions } from '../../src/clinic/visits/visit-day.rules.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import {
  aClosure,
  asProposed,
  closuresOn,
  mustBeClosure,
  mustBePreview,
} from '../support/closures.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  ANY_OFFER,
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
  type ReferredPatient,
  worklistOf,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  EARLY,
  emptyImaging,
  makeDepartment,
  makeReference,
  PROTOCOL,
} from '../support/imaging-department.factory.js';
import {
  Console,
  type PerformedSteps,
  performedStepsOn,
  RADIOGRAPHER,
  stepCalled,
} from '../support/performed-steps.factory.js';
import { mustBeReferral, referralsOn } from '../support/referrals.factory.js';
import { mustBeRequest } from '../support/requests.factory.js';
import { makeResource } from '../support/scheduling.factory.js';
import { aBooker, codeOf, makeVisitType, mustBeVisit } from '../support/visits.factory.js';

// A scan is a visit that imaging follows: whichever door it is booked, moved or cancelled through, the scanner knows.

// Monday. The first day that may be booked is 9 March.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-10T09:00:00Z';
const TWELVE = '2026-03-10T12:15:00Z';
const DESK = aBooker({ roles: ['RECEPTION', 'IMAGING'] });
const CLINICIAN = aBooker({ roles: ['CLINICIAN'] });

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let clinic: PerformedSteps;
let department: Department;
let room: Imaging['visitsRoom'];

const at = (text: string) => Temporal.Instant.from(text);
const timesOn = (day: string) => [`${day}T09:00:00Z`, `${day}T12:15:00Z`] as const;

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
  clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  room = imaging.visitsRoom;
  clinic = performedStepsOn(imaging);
  await makeReference(database);
  department = await makeDepartment(database);
});

/** A scan as the steps of a visit. */
function stepsAt(injectionStartsAt: string, scanStartsAt: string, of = department): WantedStepInput[] {
  const [injector, operator] = of.technologistIds;
  return [
    {
      startsAt: at(injectionStartsAt),
      resources: [
        { role: 'room', resourceId: of.injectionRoomId },
        { role: 'injector', resourceId: injector },
      ],
    },
    {
      startsAt: at(scanStartsAt),
      resources: [
        { role: 'camera', resourceId: of.cameraId },
        { role: 'operator', resourceId: operator },
      ],
    },
  ];
}

async function makeRequest(person: ReferredPatient, visitTypeCode = PROTOCOL): Promise<string> {
  const wish = { ...person, visitTypeCode, times: [], travelMinutes: 0, keepsStaff: false };
  const usual = { wantsFreed: true, noticeHoursMin: 0 };
  return mustBeRequest(await room.requests.requestVisit(RECEPTION, { ...wish, ...usual })).id;
}

async function wishFor(person: ReferredPatient, steps = stepsAt(NINE, TWELVE)) {
  const requestId = await makeRequest(person);
  return { patientId: person.patientId, visitTypeCode: PROTOCOL, requestId, steps };
}

async function bookNine() {
  const person = await makeReferredPatient(imaging);
  const visit = aVisit(department, person.referralId, NINE, TWELVE);
  return { ...person, booking: mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit)) };
}

const scanOf = (id: string) => imaging.records.read(database.client, id);
const visitOf = (id: string): Promise<Visit> => database.transaction((tx) => room.records.read(tx, id));
const startsOnWorklist = async () => (await worklistOf(imaging)).map(({ startsAt }) => startsAt.toString());
const topics = async () => {
  const rows = await database.client.outboxMessage.findMany({
    where: { topic: { startsWith: 'scan.' } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ topic }) => topic);
};
const auditOfScan = async (subjectId: string) => {
  const where = { subjectId, subjectType: 'scan-booking' };
  const rows = await database.client.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
  return rows.map(({ action }) => action);
};
const liveClaims = (holderId: string) =>
  database.client.spanClaim.findMany({ where: { holderId, releasedAt: null }, orderBy: { startsAt: 'asc' } });

/** Somebody else has the camera at the time of the scan. */
async function takeCamera(): Promise<void> {
  await database.client.spanClaim.create({
    data: {
      resourceId: department.cameraId,
      startsAt: new Date(TWELVE),
      endsAt: new Date('2026-03-10T13:15:00Z'),
      holderId: '00000000-0000-7000-8000-000000000001',
      claimedAt: new Date(NOW),
    },
  });
}

async function scanner(): Promise<Console> {
  const row = await database.client.scanner.findFirstOrThrow({ where: { resourceId: department.cameraId } });
  return new Console(clinic, row.id);
}

describe('a scan that is held', () => {
  it('is nobody’s scan until it is confirmed, and then stands on the worklist like any other', async () => {
    const person = await makeReferredPatient(imaging);
    const held = mustBeVisit(await room.holds.holdVisit(DESK, await wishFor(person)));
    expect(held).toMatchObject({ status: 'HELD', companion: 'SCAN' });
    expect(await database.client.scanBooking.count()).toBe(0);
    expect([await startsOnWorklist(), await topics()]).toEqual([[], []]);
    expect(await liveClaims(held.id)).toHaveLength(4);
    const booked = mustBeVisit(
      await room.holds.confirmVisit(DESK, { visitId: held.id, version: held.version }),
    );
    expect(await scanOf(booked.id)).toMatchObject({
      status: 'BOOKED',
      version: 0,
      referralId: person.referralId,
      allowedActions: ['move', 'cancel'],
    });
    expect([await startsOnWorklist(), await topics()]).toEqual([[TWELVE], ['scan.booked']]);
    expect(await auditOfScan(booked.id)).toEqual(['scan.booked']);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('is refused when the scanner has gone meanwhile, or the referral has been booked by another way', async () => {
    const person = await makeReferredPatient(imaging);
    const held = mustBeVisit(await room.holds.holdVisit(DESK, await wishFor(person)));
    const wanted = { visitId: held.id, version: held.version };
    await database.client.scanner.updateMany({ data: { retiredAt: new Date(NOW) } });
    expect(await room.holds.confirmVisit(DESK, wanted)).toMatchObject({
      code: 'CompanionRefused',
      companion: 'SCAN',
      reasonCode: 'CameraWithoutScanner',
    });
    await database.client.scanner.updateMany({ data: { retiredAt: null } });
    const beside = await makeDepartment(database, 'SPECTCT2');
    const early = await makeRequest(person, EARLY);
    const steps = earlySteps(beside, ...timesOn('2026-03-11'));
    const other = { patientId: person.patientId, visitTypeCode: EARLY, requestId: early, steps };
    expect(codeOf(await room.visits.bookVisit(DESK, other))).toBe('visit');
    expect(await room.holds.confirmVisit(DESK, wanted)).toMatchObject({
      code: 'CompanionRefused',
      reasonCode: 'ReferralAlreadyBooked',
    });
    expect(await database.client.scanBooking.count()).toBe(1);
  });

  it('is not a camera without a scanner, whoever offers or asks', async () => {
    const person = await makeReferredPatient(imaging);
    const bare = await makeResource(database, 'CAMERA', { weekdays: ['08:00-18:00'] });
    const steps = stepsAt(NINE, TWELVE, { ...department, cameraId: bare });
    expect(await room.holds.holdVisit(DESK, await wishFor(person, steps))).toMatchObject({
      code: 'CompanionRefused',
      reasonCode: 'CameraWithoutScanner',
    });
    const found = await room.offers.visitOffers(RECEPTION, { visitTypeCode: PROTOCOL, limit: 10 });
    if (!('offers' in found)) throw new Error('no offers');
    const cameras = found.offers.flatMap(({ steps: [, scan] }) =>
      (scan?.resources ?? []).filter(({ role }) => role === 'camera').map(({ resource }) => resource.id),
    );
    expect(new Set(cameras)).toEqual(new Set([department.cameraId]));
  });
});

/** Injection and first pass, blood pool, scan: all on the camera. */
function earlySteps(of: Department, injectionStartsAt: string, scanStartsAt: string): WantedStepInput[] {
  const [injector, operator] = of.technologistIds;
  const camera = { role: 'camera', resourceId: of.cameraId };
  const early = { role: 'early operator', resourceId: operator };
  return [
    {
      startsAt: at(injectionStartsAt),
      resources: [camera, early, { role: 'injector', resourceId: injector }],
    },
    { startsAt: at(injectionStartsAt).add({ minutes: 10 }), resources: [camera, early] },
    { startsAt: at(scanStartsAt), resources: [camera, { role: 'operator', resourceId: operator }] },
  ];
}

describe('a scan with early images', () => {
  async function bookEarly() {
    const person = await makeReferredPatient(imaging, { procedureCode: EARLY });
    const scan = { ...aVisit(department, person.referralId, NINE, TWELVE), protocolCode: EARLY };
    const [, operator] = department.technologistIds;
    const wish = { ...scan, injectionRoomId: department.cameraId, scanTechnologistId: operator };
    return { ...person, booking: mustBeBooked(await imaging.bookings.bookScan(RECEPTION, wish)) };
  }

  it('takes the camera at the injection too, and is one study with two scheduled steps', async () => {
    await database.client.scanner.updateMany({ data: { modalities: ['NM', 'CT'] } });
    const { booking } = await bookEarly();
    expect(booking).toMatchObject({ earlyStartsAt: at(NINE), injectionRoom: { id: department.cameraId } });
    const camera = (await liveClaims(booking.id)).filter(
      ({ resourceId }) => resourceId === department.cameraId,
    );
    expect(camera.map(({ startsAt, endsAt }) => [startsAt.toISOString(), endsAt.toISOString()])).toEqual([
      ['2026-03-10T09:00:00.000Z', '2026-03-10T09:20:00.000Z'],
      ['2026-03-10T12:15:00.000Z', '2026-03-10T13:15:00.000Z'],
    ]);
    const items = (await worklistOf(imaging)).toSorted((a, b) =>
      a.scheduledProcedureStepId < b.scheduledProcedureStepId ? -1 : 1,
    );
    const { accessionNumber } = booking;
    expect(
      items.map((item) => [item.scheduledProcedureStepId, item.modality, item.startsAt.toString()]),
    ).toEqual([
      [`${accessionNumber}.0`, 'NM', NINE],
      [`${accessionNumber}.1`, 'NM', TWELVE],
      [`${accessionNumber}.2`, 'CT', TWELVE],
    ]);
    expect(new Set(items.map(({ studyInstanceUID }) => studyInstanceUID))).toEqual(
      new Set([booking.studyInstanceUID]),
    );
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('is under way between its two parts, whichever the scanner names, and done after the second', async () => {
    const { booking } = await bookEarly();
    const console_ = await scanner();
    const beginAt = (time: string) => ({
      booking,
      stepIds: [''],
      over: { PerformedProcedureStepStartTime: time },
    });
    clock.set('2026-03-10T09:02:00Z');
    const early = await console_.begin(beginAt('090200'));
    expect(await database.client.performedStepLink.findMany()).toMatchObject([
      { scheduledProcedureStepId: `${booking.accessionNumber}.0` },
    ]);
    await console_.end(early, 'COMPLETED');
    expect([(await scanOf(booking.id)).status, (await visitOf(booking.id)).status]).toEqual([
      'IN_PROGRESS',
      'IN_PROGRESS',
    ]);
    const statuses = async () => (await worklistOf(imaging)).map(({ status }) => status);
    expect((await statuses()).toSorted()).toEqual(['COMPLETED', 'SCHEDULED']);
    clock.set('2026-03-10T12:17:00Z');
    const delayed = await console_.begin(beginAt('121700'));
    const running = await visitOf(booking.id);
    expect(running).toMatchObject({ status: 'IN_PROGRESS', startedAt: at('2026-03-10T09:02:00Z') });
    expect(running.steps.at(-1)).toMatchObject({ startedAt: at('2026-03-10T12:17:00Z'), endedAt: null });
    // Nor through a step before it that nobody has recorded: the camera stays where the patient is.
    expect(possibleActions(running, clock.now())).not.toContain('slipStep');
    for (const position of [1, 2]) {
      const slip = { visitId: running.id, version: running.version, position };
      const later = { ...slip, startsAt: at('2026-03-10T13:30:00Z') };
      expect(codeOf(await room.legs.slipStep(DESK.actor, later))).toBe('StepNotInThisState');
    }
    await console_.end(delayed, 'COMPLETED');
    expect([(await scanOf(booking.id)).status, (await visitOf(booking.id)).status]).toEqual([
      'COMPLETED',
      'COMPLETED',
    ]);
    expect((await visitOf(booking.id)).steps.at(-1)).toMatchObject({ startedAt: at('2026-03-10T12:17:00Z') });
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('is not given up in the hours between its parts, nor because its early images came to nothing', async () => {
    await database.client.scanner.updateMany({ data: { performedStepHoursMax: 1 } });
    const { booking } = await bookEarly();
    const console_ = await scanner();
    clock.set('2026-03-10T09:02:00Z');
    await console_.end(
      await console_.begin({ booking, stepIds: [`${booking.accessionNumber}.0`] }),
      'DISCONTINUED',
    );
    clock.set('2026-03-10T12:10:00Z');
    expect(await clinic.steps.lapse()).toEqual([]);
    expect((await scanOf(booking.id)).status).toBe('IN_PROGRESS');
    clock.set('2026-03-10T13:20:00Z');
    expect(await clinic.steps.lapse()).toHaveLength(1);
    expect((await scanOf(booking.id)).status).toBe('UNCONFIRMED');
  });

  it('is refused on two cameras: one study is on one scanner’s worklist', async () => {
    const person = await makeReferredPatient(imaging);
    const beside = await makeDepartment(database, 'SPECTCT2');
    const [first, second, scan] = earlySteps(department, NINE, TWELVE);
    const [, , elsewhere] = earlySteps({ ...department, cameraId: beside.cameraId }, NINE, TWELVE);
    if (!first || !second || !scan || !elsewhere) throw new Error('three steps');
    // A protocol that lets each part be on a camera of its own.
    await database.client.visitStepNeed.updateMany({
      where: { role: 'camera' },
      data: { continuity: 'FREE' },
    });
    const requestId = await makeRequest(person, EARLY);
    const wish = { patientId: person.patientId, visitTypeCode: EARLY, requestId };
    const refused = await room.visits.bookVisit(DESK, { ...wish, steps: [first, second, elsewhere] });
    expect(refused).toMatchObject({ code: 'CompanionRefused', reasonCode: 'ProtocolNotForScans' });
    expect(codeOf(await room.visits.bookVisit(DESK, { ...wish, steps: [first, second, scan] }))).toBe(
      'visit',
    );
  });

  it('is offered with everything that bookScan asks for', async () => {
    const { referralId } = await makeReferredPatient(imaging);
    const found = await imaging.offers.scanOffers(RECEPTION, referralId, {
      ...ANY_OFFER,
      protocolCode: EARLY,
    });
    const [best] = found.offers;
    if (best === undefined) throw new Error(`no offer: ${found.whyNone}`);
    expect(best.earlyStartsAt).toEqual(best.injectionStartsAt);
    const booked = await imaging.bookings.bookScan(RECEPTION, {
      referralId,
      protocolCode: EARLY,
      injectionStartsAt: best.injectionStartsAt,
      scanStartsAt: best.scanStartsAt,
      cameraId: best.camera.id,
      injectionRoomId: best.injectionRoom.id,
      injectionTechnologistId: best.injectionTechnologist.id,
      scanTechnologistId: best.scanTechnologist.id,
      earlyTechnologistId: best.earlyTechnologist?.id ?? null,
    });
    expect(mustBeBooked(booked).scanStartsAt).toEqual(best.scanStartsAt);
  });
});

describe('a scan that is changed as a visit', () => {
  it('moves on the worklist when its visit moves, and keeps its numbers', async () => {
    const { booking } = await bookNine();
    const { version } = await visitOf(booking.id);
    const steps = stepsAt(...timesOn('2026-03-11'));
    mustBeVisit(await room.visits.moveVisit(DESK, { visitId: booking.id, version, steps }));
    expect(await scanOf(booking.id)).toMatchObject({
      version: 1,
      accessionNumber: booking.accessionNumber,
      scanStartsAt: at('2026-03-11T12:15:00Z'),
    });
    expect(await startsOnWorklist()).toEqual(['2026-03-11T12:15:00Z']);
    expect([await topics(), await auditOfScan(booking.id)]).toEqual([
      ['scan.booked', 'scan.moved'],
      ['scan.booked', 'scan.moved'],
    ]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('leaves it when its visit is cancelled, by a clinician for a clinician’s reason, and nobody waits for it', async () => {
    const { booking } = await bookNine();
    await database.client.cancelReason.create({
      data: {
        code: 'PATIENT_DECLINED',
        name: 'Does not want it',
        allowedRoles: ['CLINICIAN'],
        needsComment: false,
      },
    });
    const { version, requestId } = await visitOf(booking.id);
    const input = { visitId: booking.id, version, reasonCode: 'PATIENT_DECLINED' };
    mustBeVisit(await room.visits.cancelVisit(CLINICIAN, input));
    expect(await scanOf(booking.id)).toMatchObject({
      status: 'CANCELLED',
      version: 1,
      cancelReason: 'PATIENT_REQUEST',
    });
    expect([await startsOnWorklist(), await topics()]).toEqual([[], ['scan.booked', 'scan.cancelled']]);
    const request = await database.client.visitRequest.findUniqueOrThrow({ where: { id: requestId ?? '' } });
    expect(request).toMatchObject({ status: 'CLOSED', closeReason: 'Does not want it' });
    const again = aVisit(department, booking.referralId, ...timesOn('2026-03-11'));
    mustBeBooked(await imaging.bookings.bookScan(RECEPTION, again));
    const requests = await database.client.visitRequest.findMany({ orderBy: { requestedAt: 'asc' } });
    expect(requests.map(({ status }) => status).toSorted()).toEqual(['BOOKED', 'CLOSED']);
  });

  it('leaves it when nobody comes, and comes back when that was a mistake', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T10:00:00Z');
    const { version } = await visitOf(booking.id);
    const missed = mustBeVisit(await room.day.markNoShow(DESK.actor, { visitId: booking.id, version }));
    expect(await scanOf(booking.id)).toMatchObject({ status: 'NO_SHOW', allowedActions: [] });
    expect([await startsOnWorklist(), await liveClaims(booking.id)]).toEqual([[], []]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
    mustBeVisit(await room.day.undoVisitStep(DESK.actor, { visitId: booking.id, version: missed.version }));
    expect(await scanOf(booking.id)).toMatchObject({
      status: 'BOOKED',
      allowedActions: ['complete', 'discontinue'],
    });
    expect(await startsOnWorklist()).toEqual([TWELVE]);
    expect(await auditOfScan(booking.id)).toEqual(['scan.booked', 'scan.missed', 'scan.expected-again']);
    expect(await topics()).toEqual(['scan.booked']);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('is not expected again where no scanner stands any more, or beside another scan for its referral', async () => {
    const { booking, patientId } = await bookNine();
    clock.set('2026-03-10T10:00:00Z');
    const visitId = booking.id;
    const { version } = mustBeVisit(await room.day.markNoShow(DESK.actor, { visitId, version: 0 }));
    const undo = () => room.day.undoVisitStep(DESK.actor, { visitId, version });
    await database.client.scanner.updateMany({ data: { retiredAt: new Date(NOW) } });
    expect(await undo()).toMatchObject({ code: 'CompanionRefused', reasonCode: 'CameraWithoutScanner' });
    await database.client.scanner.updateMany({ data: { retiredAt: null } });
    const requestId = await makeRequest({ patientId, referralId: booking.referralId }, EARLY);
    const steps = earlySteps(department, ...timesOn('2026-03-18'));
    const other = { patientId, visitTypeCode: EARLY, requestId, steps };
    expect(codeOf(await room.visits.bookVisit(DESK, other))).toBe('visit');
    expect(await undo()).toMatchObject({ code: 'CompanionRefused', reasonCode: 'ReferralAlreadyBooked' });
    expect(await visitOf(visitId)).toMatchObject({ status: 'NO_SHOW', version });
    expect(await liveClaims(visitId)).toEqual([]);
  });

  it('is taken up again by the scanner when somebody who was said not to have come lies in it', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T12:00:00Z');
    const { version } = await visitOf(booking.id);
    mustBeVisit(await room.day.markNoShow(DESK.actor, { visitId: booking.id, version }));
    await (await scanner()).begin({ booking });
    expect([(await scanOf(booking.id)).status, (await visitOf(booking.id)).status]).toEqual([
      'IN_PROGRESS',
      'IN_PROGRESS',
    ]);
    expect(await startsOnWorklist()).toEqual([TWELVE]);
    // The injection is over: of what is past nothing is taken again.
    expect(await liveClaims(booking.id)).toHaveLength(2);
  });
});

describe('the day of a scan', () => {
  it('may run late: the earliest scan is counted from the injection, and the worklist follows the slip', async () => {
    const { booking } = await bookNine();
    const visitId = booking.id;
    clock.set('2026-03-10T08:50:00Z');
    let visit = mustBeVisit(await room.day.markArrived(DESK.actor, { visitId, version: 0 }));
    expect(possibleActions(visit, clock.now())).toEqual(['startVisitStep', 'slipStep', 'undoVisitStep']);
    expect((await scanOf(visitId)).allowedActions).toEqual([]);
    clock.set('2026-03-10T10:20:00Z');
    visit = mustBeVisit(
      await room.day.startVisitStep(DESK.actor, { visitId, version: visit.version, position: 0 }),
    );
    clock.set('2026-03-10T10:40:00Z');
    visit = mustBeVisit(
      await room.day.finishVisitStep(DESK.actor, { visitId, version: visit.version, position: 0 }),
    );
    expect([visit.status, (await scanOf(visitId)).status]).toEqual(['ARRIVED', 'BOOKED']);
    // Who has the tracer in them has come.
    expect(possibleActions(visit, clock.now())).not.toContain('markNoShow');
    const missed = await room.day.markNoShow(DESK.actor, { visitId, version: visit.version });
    expect(codeOf(missed)).toBe('NotInThisState');
    // 120 minutes after the tracer is in, 25 later than planned.
    const slip = (startsAt: string) =>
      room.legs.slipStep(DESK.actor, {
        visitId,
        version: visit.version,
        position: 1,
        startsAt: at(startsAt),
      });
    expect(await slip('2026-03-10T12:30:00Z')).toMatchObject({
      code: 'LegOutsideWindow',
      earliestAt: at('2026-03-10T12:40:00Z'),
    });
    expect(await startsOnWorklist()).toEqual([TWELVE]);
    mustBeVisit(await slip('2026-03-10T12:40:00Z'));
    expect(await scanOf(visitId)).toMatchObject({
      version: 1,
      scanStartsAt: at('2026-03-10T12:40:00Z'),
      scanEndsAt: at('2026-03-10T13:40:00Z'),
    });
    expect(await startsOnWorklist()).toEqual(['2026-03-10T12:40:00Z']);
    expect([await topics(), await auditOfScan(visitId)]).toEqual([
      ['scan.booked'],
      ['scan.booked', 'scan.slipped'],
    ]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('tells a patient who is still to come that the scan slips', async () => {
    const { booking } = await bookNine();
    const slip = { visitId: booking.id, version: 0, position: 1, startsAt: at('2026-03-10T12:45:00Z') };
    mustBeVisit(await room.legs.slipStep(DESK.actor, slip));
    expect([await topics(), await startsOnWorklist()]).toEqual([
      ['scan.booked', 'scan.moved'],
      ['2026-03-10T12:45:00Z'],
    ]);
  });

  it('is the scanner’s: nobody begins or ends the acquisition by hand at the desk', async () => {
    const { booking } = await bookNine();
    const visitId = booking.id;
    clock.set('2026-03-10T09:00:00Z');
    let visit = mustBeVisit(await room.day.markArrived(DESK.actor, { visitId, version: 0 }));
    const press = () => ({ visitId, version: visit.version });
    expect(codeOf(await room.day.startVisit(DESK.actor, press()))).toBe('NotInThisState');
    visit = mustBeVisit(await room.day.startVisitStep(DESK.actor, { ...press(), position: 0 }));
    visit = mustBeVisit(await room.day.finishVisitStep(DESK.actor, { ...press(), position: 0 }));
    expect(codeOf(await room.day.startVisitStep(DESK.actor, { ...press(), position: 1 }))).toBe(
      'StepNotInThisState',
    );
    clock.set('2026-03-10T12:17:00Z');
    const console_ = await scanner();
    const uid = await console_.begin({ booking });
    visit = await visitOf(visitId);
    expect(visit).toMatchObject({ status: 'IN_PROGRESS', startedAt: at('2026-03-10T12:17:00Z') });
    expect(codeOf(await room.day.finishVisit(DESK.actor, press()))).toBe('NotInThisState');
    expect(codeOf(await room.day.undoVisitStep(DESK.actor, press()))).toBe('NotInThisState');
    expect(
      codeOf(await room.visits.cancelVisit(DESK, { ...press(), reasonCode: 'OTHER', comment: 'x' })),
    ).toBe('NotInThisState');
    await console_.end(uid, 'COMPLETED');
    visit = await visitOf(visitId);
    expect(visit).toMatchObject({ status: 'COMPLETED', finishedAt: at('2026-03-10T13:10:00Z') });
    const revisions = await database.client.visitRevision.findMany({
      where: { visitId },
      orderBy: { version: 'asc' },
    });
    expect(revisions.slice(-2).map(({ action, changedById }) => [action, changedById])).toEqual([
      ['started', null],
      ['finished', null],
    ]);
  });

  it('takes back what was recorded of the injection, and then that the patient came', async () => {
    const { booking } = await bookNine();
    const visitId = booking.id;
    clock.set(NINE);
    let visit = mustBeVisit(await room.day.markArrived(DESK.actor, { visitId, version: 0 }));
    const press = () => ({ visitId, version: visit.version });
    visit = mustBeVisit(await room.day.startVisitStep(DESK.actor, { ...press(), position: 0 }));
    visit = mustBeVisit(await room.day.finishVisitStep(DESK.actor, { ...press(), position: 0 }));
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i += 1) {
      visit = mustBeVisit(await room.day.undoVisitStep(DESK.actor, press()));
      const [injection] = visit.steps;
      seen.push([visit.status, injection?.startedAt !== null, injection?.endedAt !== null]);
    }
    expect(seen).toEqual([
      ['ARRIVED', true, false],
      ['ARRIVED', false, false],
      ['BOOKED', false, false],
    ]);
  });

  it('gives back its time when it is broken off, and takes it again when it is reopened', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T12:17:00Z');
    const close = { scanBookingId: booking.id, reason: 'She felt ill.' };
    mustBeBooked(await clinic.closing.discontinueScan(RADIOGRAPHER, close));
    expect(await visitOf(booking.id)).toMatchObject({
      status: 'DISCONTINUED',
      discontinuedBecause: 'She felt ill.',
    });
    expect(await liveClaims(booking.id)).toEqual([]);
    mustBeBooked(
      await clinic.closing.reopenScan(RADIOGRAPHER, { ...close, reason: 'It was another patient.' }),
    );
    expect(await visitOf(booking.id)).toMatchObject({
      status: 'BOOKED',
      discontinuedBecause: null,
      finishedAt: null,
    });
    expect(await liveClaims(booking.id)).toHaveLength(2);
    expect(await startsOnWorklist()).toEqual([TWELVE]);
    mustBeBooked(await clinic.closing.discontinueScan(RADIOGRAPHER, close));
    const again = aVisit(department, booking.referralId, ...timesOn('2026-03-18'));
    mustBeBooked(await imaging.bookings.bookScan(RECEPTION, again));
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, close)).toMatchObject({
      code: 'ReferralAlreadyBooked',
    });
  });

  it('is not booked again when its request was closed meanwhile; what goes on in the scanner goes on', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T11:50:00Z');
    const close = { scanBookingId: booking.id, reason: 'Ill.' };
    mustBeBooked(await clinic.closing.discontinueScan(RADIOGRAPHER, close));
    const requestId = (await visitOf(booking.id)).requestId ?? '';
    expect(isRefusal(await room.requests.closeRequest(RECEPTION, { requestId, reason: 'Not wanted.' }))).toBe(
      false,
    );
    const all = async () => [await scanOf(booking.id), await visitOf(booking.id)];
    const [before, offered] = [await all(), await worklistOf(imaging)];
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, close)).toMatchObject({
      ...{ code: 'RequestNotWaiting', status: 'CLOSED' },
    });
    expect(await worklistOf(imaging)).toEqual(offered);
    expect(offered).toHaveLength(1);
    const { steering } = referralsOn(database, clock);
    const end = { referralId: booking.referralId, reasonCode: 'PATIENT_DECLINED' };
    mustBeReferral(await steering.withdrawReferral({ actor: RADIOGRAPHER, roles: ['CLINICIAN'] }, end));
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, close)).toMatchObject({
      ...{ code: 'ReferralNotAccepted', status: 'WITHDRAWN' },
    });
    expect(await all()).toEqual(before);
    // The request for the exposure went with its referral: it is justified no more, and no scanner is offered it.
    expect(await worklistOf(imaging)).toEqual([]);
    expect(await liveClaims(booking.id)).toEqual([]);
    await (await scanner()).begin({ booking });
    mustBeBooked(await clinic.closing.reopenScan(RADIOGRAPHER, close));
    expect((await visitOf(booking.id)).status).toBe('IN_PROGRESS');
    const request = await database.client.visitRequest.findUniqueOrThrow({ where: { id: requestId } });
    expect(request.status).toBe('CLOSED');
  });

  it('goes on with the camera that somebody else has by now: what a scanner does is a fact', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T11:50:00Z');
    mustBeBooked(
      await clinic.closing.discontinueScan(RADIOGRAPHER, { scanBookingId: booking.id, reason: 'Ill.' }),
    );
    const console_ = await scanner();
    await takeCamera();
    await console_.begin({ booking });
    mustBeBooked(await clinic.closing.reopenScan(RADIOGRAPHER, { scanBookingId: booking.id, reason: 'No.' }));
    const operator = department.technologistIds[1];
    expect((await liveClaims(booking.id)).map(({ resourceId }) => resourceId)).toEqual([operator]);
    expect(await visitOf(booking.id)).toMatchObject({ status: 'IN_PROGRESS' });
  });

  it('is not booked again without its camera: what is only to come needs its whole place', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T11:50:00Z');
    const close = { scanBookingId: booking.id, reason: 'Ill.' };
    mustBeBooked(await clinic.closing.discontinueScan(RADIOGRAPHER, close));
    await takeCamera();
    const before = [await scanOf(booking.id), await visitOf(booking.id)];
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, close)).toMatchObject({ code: 'SlotAlreadyTaken' });
    expect([await scanOf(booking.id), await visitOf(booking.id)]).toEqual(before);
    expect(await liveClaims(booking.id)).toEqual([]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('keeps a step that the scanner broke off when its booking could not have its camera again', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T11:50:00Z');
    const console_ = await scanner();
    const uid = await console_.begin({ booking });
    await console_.end(uid, 'DISCONTINUED');
    expect(await visitOf(booking.id)).toMatchObject({ status: 'DISCONTINUED' });
    await takeCamera();
    const { id } = await stepCalled(imaging, uid);
    const detach = { performedStepId: id, reason: 'A wrong start.' };
    expect(await clinic.attachments.detachPerformedStep(RADIOGRAPHER, detach)).toMatchObject({
      code: 'SlotAlreadyTaken',
    });
    expect((await stepCalled(imaging, uid)).links).toHaveLength(1);
    expect([(await scanOf(booking.id)).status, (await visitOf(booking.id)).status]).toEqual([
      'DISCONTINUED',
      'DISCONTINUED',
    ]);
  });

  it('takes what is left when somebody takes the camera between reading and taking', async () => {
    const { booking } = await bookNine();
    const visit = await visitOf(booking.id);
    clock.set('2026-03-10T11:50:00Z');
    await database.transaction((tx) => room.claims.release(tx, visit.id, clock.now()));
    const config = readConfig({}, '/tmp');
    let readings = 0;
    class SlowReader extends FreeTimeService {
      override async freeSpans(...asked: Parameters<FreeTimeService['freeSpans']>) {
        const free = await super.freeSpans(...asked);
        readings += 1;
        if (readings === 1) await takeCamera();
        return free;
      }
    }
    const slow = new SlowReader(clock, config);
    const claims = new ClaimService(slow, new ClaimRefusalService(slow, config));
    const spans = [department.cameraId, department.technologistIds[1]].map((resourceId) => ({
      resourceId,
      startsAt: at(TWELVE),
      endsAt: at('2026-03-10T13:15:00Z'),
    }));
    const claim = {
      holderId: visit.id,
      spans,
      at: clock.now(),
      expiresAt: null,
      presence: null,
      visitTypeCode: null,
    };
    expect(await database.transaction((tx) => claims.retakeFree(tx, claim))).toBeNull();
    expect((await liveClaims(visit.id)).map(({ resourceId }) => resourceId)).toEqual([
      department.technologistIds[1],
    ]);
  });
});

describe('a scan that goes back to where it was before a closure', () => {
  const MANAGER = aBooker({ roles: ['MANAGER'] });
  const letter = (kind: 'SCAN_BOOKED' | 'SCAN_MOVED', subjectVersion: number) =>
    ({ kind, subjectVersion, status: 'SENT', outcomeCode: null }) as const;

  it('is told to who has heard of the other time, and to nobody else', async () => {
    const { booking } = await bookNine();
    const closures = closuresOn(database, clock);
    closures.companions.register('SCAN', imaging.companion);
    const closed = [department.injectionRoomId];
    const input = aClosure(closed, '2026-03-10T00:00:00Z', '2026-03-10T23:59:00Z');
    const found = mustBePreview(await closures.previews.closurePreview(MANAGER.actor, input));
    const plan = asProposed(input, found);
    const closure = mustBeClosure(await closures.closures.applyClosure(MANAGER, plan));
    const moved = await imaging.records.letterFacts(booking.id);
    expect([moved?.version, [...(moved?.toldTheSame ?? [])]]).toEqual([1, [1]]);
    clock.advance({ minutes: 5 });
    const undo = { closureId: closure.id, version: closure.version };
    mustBeClosure(await closures.closures.undoClosure(MANAGER, undo));
    expect((await scanOf(booking.id)).injectionStartsAt).toEqual(at(NINE));
    expect((await topics()).at(-1)).toBe('scan.booked');
    expect((await auditOfScan(booking.id)).at(-1)).toBe('scan.restored');
    const facts = await imaging.records.letterFacts(booking.id);
    expect([facts?.version, [...(facts?.toldTheSame ?? [])]]).toEqual([2, [0, 2]]);
    const heardOf = (...earlier: Parameters<typeof decideScanLetter>[2]) =>
      decideScanLetter({ kind: 'SCAN_BOOKED', subjectVersion: 2 }, facts, earlier, clock.now());
    const said = { verdict: 'SUPPRESSED', code: 'ALREADY_TOLD' };
    expect(heardOf(letter('SCAN_BOOKED', 0))).toEqual(said);
    expect(heardOf(letter('SCAN_BOOKED', 0), letter('SCAN_MOVED', 1))).not.toEqual(said);
    expect(heardOf(letter('SCAN_BOOKED', 0), letter('SCAN_MOVED', 1)).verdict).not.toBe('SUPERSEDED');
    const late = { kind: 'SCAN_MOVED', subjectVersion: 1 } as const;
    expect(decideScanLetter(late, facts, [], clock.now())).toMatchObject({ verdict: 'SUPERSEDED' });
  });
});

describe('one patient, one camera', () => {
  const PHYSIO = 'PHYSIO_TEST';

  async function makePhysio() {
    const physioId = await makeResource(database, 'PHYSIOTHERAPIST', { weekdays: ['08:00-18:00'] });
    await makeVisitType(database, PHYSIO, [
      { needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] },
    ]);
    return (patientId: string, startsAt: string) => ({
      patientId,
      visitTypeCode: PHYSIO,
      steps: [{ startsAt: at(startsAt), resources: [{ role: 'physiotherapist', resourceId: physioId }] }],
    });
  }

  it('is the patient’s time whichever door is asked, also in the hours of the uptake', async () => {
    const physio = await makePhysio();
    const { patientId } = await bookNine();
    const during = physio(patientId, '2026-03-10T10:30:00Z');
    expect(codeOf(await room.visits.bookVisit(DESK, during))).toBe('PatientElsewhere');
    const other = await makeReferredPatient(imaging);
    mustBeVisit(await room.visits.bookVisit(DESK, physio(other.patientId, '2026-03-11T10:30:00Z')));
    const scan = aVisit(department, other.referralId, ...timesOn('2026-03-11'));
    expect(codeOf(await imaging.bookings.bookScan(RECEPTION, scan))).toBe('PatientAlreadyBooked');
    const wish = await wishFor(other, stepsAt(...timesOn('2026-03-11')));
    expect(codeOf(await room.visits.bookVisit(DESK, wish))).toBe('PatientElsewhere');
    expect(await database.client.scanBooking.count()).toBe(1);
    // Nor is it offered, although each step alone would fit.
    const filter = { ...ANY_OFFER, from: '2026-03-11', until: '2026-03-11', limit: 50 };
    const { offers } = await imaging.offers.scanOffers(RECEPTION, other.referralId, filter);
    const [from, until] = [at('2026-03-11T10:30:00Z'), at('2026-03-11T11:15:00Z')];
    const overlapping = offers.filter(
      ({ injectionStartsAt, scanEndsAt }) =>
        Temporal.Instant.compare(injectionStartsAt, until) < 0 &&
        Temporal.Instant.compare(from, scanEndsAt) < 0,
    );
    expect([offers.length > 0, overlapping]).toEqual([true, []]);
  });

  it('has one winner of fifty who want one time of the camera through both doors at once', async () => {
    const people = await Promise.all(Array.from({ length: 50 }, () => makeReferredPatient(imaging)));
    const wishes = await Promise.all(people.slice(25).map((person) => wishFor(person)));
    const results: readonly object[] = await Promise.all([
      ...people
        .slice(0, 25)
        .map(({ referralId }) =>
          imaging.bookings.bookScan(RECEPTION, aVisit(department, referralId, NINE, TWELVE)),
        ),
      ...wishes.map((wish) => room.visits.bookVisit(DESK, wish)),
    ]);
    const codes = results.map((result) => ('code' in result ? result.code : 'booked'));
    expect(codes.filter((code) => code === 'booked')).toHaveLength(1);
    expect(codes.filter((code) => code === 'SlotAlreadyTaken')).toHaveLength(49);
    expect(await database.client.scanBooking.count()).toBe(1);
    expect(await database.client.visit.count()).toBe(1);
    expect(await startsOnWorklist()).toEqual([TWELVE]);
  }, 60_000);
});

describe('the doors of imaging', () => {
  it('give the same answer to the same key', async () => {
    const { referralId } = await makeReferredPatient(imaging);
    const booker = { ...DESK, idempotencyKey: 'a-key' };
    const visit = aVisit(department, referralId, NINE, TWELVE);
    const first = mustBeBooked(await imaging.doors.bookScan(booker, visit));
    const second = mustBeBooked(await imaging.doors.bookScan(booker, visit));
    expect(second).toEqual(first);
    expect(await database.client.scanBooking.count()).toBe(1);
    const other = { ...visit, scanStartsAt: at('2026-03-10T12:30:00Z') };
    expect(await imaging.doors.bookScan(booker, other)).toMatchObject({ code: 'IdempotencyKeyReused' });
    const cancel = { scanBookingId: first.id, reason: 'PATIENT_ILL' } as const;
    const gone = mustBeBooked(await imaging.doors.cancelScan(booker, cancel));
    expect(await imaging.doors.cancelScan(booker, cancel)).toEqual(gone);
    expect(await imaging.doors.cancelScan({ ...booker, idempotencyKey: null }, cancel)).toMatchObject({
      code: 'ScanAlreadyCancelled',
    });
  });

  it('neither move nor cancel while the patient is here, and say why', async () => {
    const { booking } = await bookNine();
    clock.set('2026-03-10T08:00:00Z');
    mustBeVisit(await room.day.markArrived(DESK.actor, { visitId: booking.id, version: 0 }));
    const cancel = { scanBookingId: booking.id, reason: 'PATIENT_ILL' } as const;
    expect(await imaging.bookings.cancelScan(RECEPTION, cancel)).toMatchObject({ code: 'PatientHasArrived' });
  });

  it('keep to how often and how late a scan may be moved', async () => {
    const { booking } = await bookNine();
    for (const [version, day] of ['2026-03-11', '2026-03-12', '2026-03-13'].entries()) {
      const to = aVisit(department, booking.referralId, ...timesOn(day));
      const moved = await imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: booking.id, version });
      expect(codeOf(moved)).toBe(version < 2 ? 'visit' : 'TooManyMoves');
    }
  });

  it('wait with the letter until people may be told', async () => {
    const person = await makeReferredPatient(imaging);
    const { booking } = { ...person, ...(await bookNine()) };
    const { version } = await visitOf(booking.id);
    const tellingAt = at('2026-03-02T09:30:00Z');
    const steps = stepsAt(...timesOn('2026-03-11'));
    mustBeVisit(await room.visits.moveVisit({ ...DESK, tellingAt }, { visitId: booking.id, version, steps }));
    const message = await database.client.outboxMessage.findFirstOrThrow({ where: { topic: 'scan.moved' } });
    expect(message.dueAt?.toISOString()).toBe('2026-03-02T09:30:00.000Z');
  });
});
