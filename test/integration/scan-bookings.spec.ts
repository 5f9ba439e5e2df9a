import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BookScanInput } from '../../src/clinic/imaging/scan-booking.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  ANY_OFFER,
  type Imaging,
  imagingOn,
  makeAcceptedReferralOf,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
  worklistOf,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';

// Monday. The first day that may be booked is 9 March, the promise ends on 16 March.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-10T09:00:00Z';
const TWELVE = '2026-03-10T12:15:00Z';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;

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
  await makeReference(database);
  department = await makeDepartment(database);
});

/** Everything a verb can leave behind: state, claims, worklist, outbox, audit. */
async function traces() {
  const { client } = database;
  return {
    bookings: await client.scanBooking.findMany({ orderBy: { id: 'asc' } }),
    claims: await client.spanClaim.findMany({ orderBy: { id: 'asc' } }),
    worklist: await client.worklistEntry.findMany({ orderBy: { scheduledProcedureStepId: 'asc' } }),
    outbox: await client.outboxMessage.findMany({ orderBy: { id: 'asc' } }),
    audit: await client.auditEntry.count({ where: { action: { startsWith: 'scan.' } } }),
  };
}

/** The messages that become letters; those who wait hear of a place that fell free by others. */
function lettersOf({ outbox }: Awaited<ReturnType<typeof traces>>) {
  return outbox.filter(({ topic }) => topic.startsWith('scan.'));
}

async function bookNine() {
  const person = await makeReferredPatient(imaging);
  const visit = aVisit(department, person.referralId, NINE, TWELVE);
  return { ...person, visit, booking: mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit)) };
}

describe('booking a scan', () => {
  it('writes booking, claims, worklist entry, outbox row and audit row, all of one visit', async () => {
    const { booking, patientId } = await bookNine();
    expect(booking).toMatchObject({
      status: 'BOOKED',
      version: 0,
      patientId,
      scanEndsAt: Temporal.Instant.from('2026-03-10T13:15:00Z'),
      scanLocal: { date: '2026-03-10', time: '12:15', text: 'Tuesday 10 March 2026 at 12:15' },
      allowedActions: ['move', 'cancel'],
    });
    expect(booking.accessionNumber).toMatch(/^A\d{9}$/);
    expect(booking.studyInstanceUID).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    const left = await traces();
    expect(left.claims).toHaveLength(4);
    expect(left.worklist).toMatchObject([
      {
        scheduledProcedureStepId: `${booking.accessionNumber}.1`,
        stationAETitle: 'SPECTCT1',
        modality: 'NM',
      },
    ]);
    expect(lettersOf(left)).toMatchObject([{ topic: 'scan.booked', subjectId: booking.id, version: 0 }]);
    const audited = await database.client.auditEntry.findFirst({
      where: { subjectId: booking.id, subjectType: 'scan-booking' },
    });
    expect(audited).toMatchObject({ action: 'scan.booked', actorId: RECEPTION.id, patientIds: [patientId] });
  });

  it('takes what was offered, best first, inside the lead time', async () => {
    const { referralId } = await makeReferredPatient(imaging);
    const found = await imaging.offers.scanOffers(RECEPTION, referralId, ANY_OFFER);
    expect(found).toMatchObject({
      earliestOn: '2026-03-09',
      targetOn: '2026-03-16',
      obstacles: [],
      whyNone: null,
    });
    const [best] = found.offers;
    if (best === undefined) throw new Error('an empty diary has offers');
    expect(best).toMatchObject({ withinTarget: true, uptakeMinutes: 180, scanLocal: { date: '2026-03-09' } });
    const booked = await imaging.bookings.bookScan(RECEPTION, {
      referralId,
      protocolCode: 'BONE_SPECT_CT',
      injectionStartsAt: best.injectionStartsAt,
      scanStartsAt: best.scanStartsAt,
      cameraId: best.camera.id,
      injectionRoomId: best.injectionRoom.id,
      injectionTechnologistId: best.injectionTechnologist.id,
      scanTechnologistId: best.scanTechnologist.id,
    });
    expect(mustBeBooked(booked).scanStartsAt).toEqual(best.scanStartsAt);
    const next = await imaging.offers.scanOffers(RECEPTION, referralId, ANY_OFFER);
    expect(next.obstacles).toMatchObject([{ code: 'ReferralAlreadyBooked' }]);
    expect(next.offers.map((offer) => offer.scanStartsAt.toString())).not.toContain(
      best.scanStartsAt.toString(),
    );
  });

  it('lets fifty receptionists try for the same time: one booking, 49 refusals, one worklist entry', async () => {
    const before = await traces();
    const people = await Promise.all(Array.from({ length: 50 }, () => makeReferredPatient(imaging)));
    const results = await Promise.all(
      people.map(({ referralId }) =>
        imaging.bookings.bookScan(RECEPTION, aVisit(department, referralId, NINE, TWELVE)),
      ),
    );
    const codes = results.map((result) => ('code' in result ? result.code : 'booked'));
    expect(codes.filter((code) => code === 'booked')).toHaveLength(1);
    expect(codes.filter((code) => code === 'SlotAlreadyTaken')).toHaveLength(49);
    const left = await traces();
    expect([
      left.bookings.length,
      left.claims.length,
      left.worklist.length,
      lettersOf(left).length,
      left.audit - before.audit,
    ]).toEqual([1, 4, 1, 1, 1]);
  });

  it('books one referral once, however often it is sent at the same moment', async () => {
    const { referralId } = await makeReferredPatient(imaging);
    const visits = Array.from({ length: 20 }, (_, i) => {
      const day = 10 + (i % 3);
      return aVisit(department, referralId, `2026-03-${day}T09:00:00Z`, `2026-03-${day}T12:15:00Z`);
    });
    const results = await Promise.all(visits.map((visit) => imaging.bookings.bookScan(RECEPTION, visit)));
    const codes = results.map((result) => ('code' in result ? result.code : 'booked'));
    expect(codes.filter((code) => code === 'booked')).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set(['booked', 'ReferralAlreadyBooked']));
    expect((await traces()).worklist).toHaveLength(1);
  });

  it('books one patient into one place at a time, through several referrals and cameras at once', async () => {
    const { patientId, referralId } = await makeReferredPatient(imaging);
    const referrals = [referralId];
    for (let i = 0; i < 5; i += 1) referrals.push(await makeAcceptedReferralOf(imaging, patientId));
    const departments = [department];
    for (let i = 1; i < 6; i += 1) departments.push(await makeDepartment(database, `SPECTCT${i + 1}`));
    const results = await Promise.all(
      departments.map((one, i) =>
        imaging.bookings.bookScan(RECEPTION, aVisit(one, referrals[i] ?? '', NINE, TWELVE)),
      ),
    );
    const codes = results.map((result) => ('code' in result ? result.code : 'booked'));
    expect(codes.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'PatientAlreadyBooked'), 'booked']);
    const left = await traces();
    expect([left.bookings.length, left.claims.length, left.worklist.length]).toEqual([1, 4, 1]);
  });

  it('never lets a withdrawal and a booking at the same moment leave a patient on the worklist', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { referralId, patientId } = await makeReferredPatient(imaging);
      const visit = aVisit(department, referralId, NINE, TWELVE);
      await Promise.all([
        imaging.bookings.bookScan(RECEPTION, visit),
        imaging.consent.withdrawConsent(RECEPTION, {
          patientId,
          purpose: 'IMAGING_TRACER_AND_XRAYS',
          givenBy: 'PATIENT',
          method: 'TELEPHONE',
        }),
      ]);
      expect(await worklistOf(imaging)).toEqual([]);
      await emptyTables(database, 'worklist_entries, scan_bookings, span_claims');
    }
  });
});

describe('a booking that is refused', () => {
  const cases: readonly [string, string, (visit: BookScanInput) => Partial<BookScanInput>][] = [
    ['a date in the past', 'InThePast', () => at('2026-02-10T09:00:00Z', '2026-02-10T12:15:00Z')],
    [
      'a day before the notice',
      'TooSoonForLeadTime',
      () => at('2026-03-06T09:00:00Z', '2026-03-06T12:15:00Z'),
    ],
    ['a day beyond the diary', 'BeyondDiary', () => at('2026-09-01T09:00:00Z', '2026-09-01T12:15:00Z')],
    ['too short an uptake', 'UptakeOutsideProtocol', () => at(NINE, '2026-03-10T10:00:00Z')],
    ['too long an uptake', 'UptakeOutsideProtocol', () => at(NINE, '2026-03-10T15:00:00Z')],
    ['a Sunday', 'OutsideOpeningHours', () => at('2026-03-15T09:00:00Z', '2026-03-15T12:15:00Z')],
    ['a time after hours', 'OutsideOpeningHours', () => at('2026-03-10T14:00:00Z', '2026-03-10T17:30:00Z')],
  ];

  function at(injectionStartsAt: string, scanStartsAt: string) {
    return {
      injectionStartsAt: Temporal.Instant.from(injectionStartsAt),
      scanStartsAt: Temporal.Instant.from(scanStartsAt),
    };
  }

  it.each(cases)('%s: %s, and nothing is changed', async (_, code, change) => {
    const { referralId } = await makeReferredPatient(imaging);
    const before = await traces();
    const visit = aVisit(department, referralId, NINE, TWELVE);
    const result = await imaging.bookings.bookScan(RECEPTION, { ...visit, ...change(visit) });
    expect(result).toMatchObject({ code, message: expect.stringMatching(/\.$/) });
    expect(await traces()).toEqual(before);
  });

  it('a referral that is not accepted, or whose consent is missing', async () => {
    const waiting = await makeReferredPatient(imaging, { isAccepted: false });
    const unasked = await makeReferredPatient(imaging, { hasConsent: false });
    const before = await traces();
    const refused = await Promise.all(
      [waiting, unasked].map(({ referralId }) =>
        imaging.bookings.bookScan(RECEPTION, aVisit(department, referralId, NINE, TWELVE)),
      ),
    );
    expect(refused).toMatchObject([{ code: 'ReferralNotAccepted' }, { code: 'ConsentMissing' }]);
    expect(await traces()).toEqual(before);
  });

  it('a visit that overlaps by a minute, and not one that touches', async () => {
    await bookNine();
    const { referralId } = await makeReferredPatient(imaging);
    const overlapping = aVisit(department, referralId, '2026-03-10T09:14:00Z', '2026-03-10T13:15:00Z');
    const before = await traces();
    const refused = await imaging.bookings.bookScan(RECEPTION, overlapping);
    expect(refused).toMatchObject({ code: 'SlotAlreadyTaken' });
    expect(await traces()).toEqual(before);
    const touching = aVisit(department, referralId, '2026-03-10T09:15:00Z', '2026-03-10T13:15:00Z');
    expect(mustBeBooked(await imaging.bookings.bookScan(RECEPTION, touching)).status).toBe('BOOKED');
  });

  it('unknown ids and resources of the wrong kind', async () => {
    const { referralId } = await makeReferredPatient(imaging);
    const visit = aVisit(department, referralId, NINE, TWELVE);
    const nobody = '00000000-0000-7000-8000-000000000000';
    const before = await traces();
    await expect(
      imaging.bookings.bookScan(RECEPTION, { ...visit, referralId: nobody }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(imaging.bookings.bookScan(RECEPTION, { ...visit, protocolCode: 'X' })).rejects.toMatchObject(
      {
        code: 'BAD_INPUT',
      },
    );
    const wrongKind = { ...visit, injectionRoomId: department.cameraId };
    await expect(imaging.bookings.bookScan(RECEPTION, wrongKind)).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    for (const field of ['cameraId', 'injectionRoomId', 'injectionTechnologistId', 'scanTechnologistId']) {
      await expect(imaging.bookings.bookScan(RECEPTION, { ...visit, [field]: nobody })).rejects.toMatchObject(
        {
          code: 'BAD_INPUT',
          message: expect.stringContaining(`input.${field}`),
        },
      );
    }
    const seconds = { ...visit, scanStartsAt: Temporal.Instant.from('2026-03-10T12:15:30Z') };
    await expect(imaging.bookings.bookScan(RECEPTION, seconds)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await traces()).toEqual(before);
  });
});

describe('moving and cancelling', () => {
  it('moves everything: claims, worklist, version; the old time is free again', async () => {
    const { booking, visit } = await bookNine();
    const to = aVisit(department, visit.referralId, '2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z');
    const moved = mustBeBooked(
      await imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: booking.id, version: 0 }),
    );
    expect(moved).toMatchObject({ id: booking.id, version: 1, accessionNumber: booking.accessionNumber });
    expect(moved.studyInstanceUID).toBe(booking.studyInstanceUID);
    const items = await worklistOf(imaging);
    expect(items.map((item) => item.startsAt.toString())).toEqual(['2026-03-11T12:15:00Z']);
    expect(lettersOf(await traces()).map((row) => [row.topic, row.version])).toEqual([
      ['scan.booked', 0],
      ['scan.moved', 1],
    ]);
    const other = await makeReferredPatient(imaging);
    const freed = await imaging.bookings.bookScan(
      RECEPTION,
      aVisit(department, other.referralId, NINE, TWELVE),
    );
    expect(mustBeBooked(freed).status).toBe('BOOKED');
  });

  it('may move onto its own old time, and a refused move keeps the old one', async () => {
    const { booking, visit } = await bookNine();
    const later = { ...visit, scanStartsAt: Temporal.Instant.from('2026-03-10T12:30:00Z') };
    mustBeBooked(
      await imaging.bookings.moveScan(RECEPTION, { ...later, scanBookingId: booking.id, version: 0 }),
    );
    const before = await traces();
    const sunday = aVisit(department, visit.referralId, '2026-03-15T09:00:00Z', '2026-03-15T12:15:00Z');
    const refused = await imaging.bookings.moveScan(RECEPTION, {
      ...sunday,
      scanBookingId: booking.id,
      version: 1,
    });
    expect(refused).toMatchObject({ code: 'OutsideOpeningHours' });
    expect(await traces()).toEqual(before);
  });

  it('does one of twenty moves that were decided on the same version', async () => {
    const { booking, visit } = await bookNine();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const day = 11 + (i % 3);
        const to = aVisit(
          department,
          visit.referralId,
          `2026-03-${day}T09:00:00Z`,
          `2026-03-${day}T12:15:00Z`,
        );
        return imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: booking.id, version: 0 });
      }),
    );
    const codes = results.map((result) => ('code' in result ? result.code : 'moved'));
    expect(codes.filter((code) => code === 'moved')).toHaveLength(1);
    expect(codes.filter((code) => code === 'ScanChangedMeanwhile')).toHaveLength(19);
    expect(await worklistOf(imaging)).toHaveLength(1);
  });

  it('cancels once: claims are free, the worklist is empty, the second time is a refusal', async () => {
    const { booking } = await bookNine();
    const input = { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' } as const;
    const results = await Promise.all(
      Array.from({ length: 10 }, () => imaging.bookings.cancelScan(RECEPTION, input)),
    );
    const codes = results.map((result) => ('code' in result ? result.code : 'cancelled'));
    expect(codes.filter((code) => code === 'cancelled')).toHaveLength(1);
    expect(codes.filter((code) => code === 'ScanAlreadyCancelled')).toHaveLength(9);
    const left = await traces();
    expect(left.worklist).toEqual([]);
    expect(left.claims.every((claim) => claim.releasedAt !== null)).toBe(true);
    expect(left.bookings).toMatchObject([{ status: 'CANCELLED', version: 1 }]);
    const [cancelled] = results.filter((result) => !('code' in result));
    expect(cancelled).toMatchObject({ cancelReason: 'PATIENT_REQUEST' });
    expect(await database.client.visit.findFirst({ where: { id: booking.id } })).toMatchObject({
      status: 'CANCELLED',
      cancelReasonCode: 'PATIENT_CANNOT_COME',
    });
    expect(lettersOf(left).map((row) => row.topic)).toEqual(['scan.booked', 'scan.cancelled']);
  });

  it('leaves a visit that has begun as it is', async () => {
    const { booking } = await bookNine();
    clock.set(NINE);
    const before = await traces();
    const input = { scanBookingId: booking.id, reason: 'PATIENT_ILL' } as const;
    expect(await imaging.bookings.cancelScan(RECEPTION, input)).toMatchObject({ code: 'ScanIsOver' });
    expect(await traces()).toEqual(before);
  });
});

describe('the worklist', () => {
  it('hides a patient at once whose consent is withdrawn, and shows them again with a new one', async () => {
    const { patientId } = await bookNine();
    expect(await worklistOf(imaging)).toHaveLength(1);
    await imaging.consent.withdrawConsent(RECEPTION, {
      patientId,
      purpose: 'IMAGING_TRACER_AND_XRAYS',
      givenBy: 'PATIENT',
      method: 'IN_PERSON',
    });
    expect(await worklistOf(imaging)).toEqual([]);
  });

  it('has nothing to reconcile after any verb, and mends what other hands changed', async () => {
    const { booking } = await bookNine();
    expect(await imaging.worklist.reconcile()).toEqual([]);
    await database.client.worklistEntry.deleteMany({});
    expect(await imaging.worklist.reconcile()).toEqual([booking.id]);
    expect(await worklistOf(imaging)).toHaveLength(1);
    await database.client.worklistEntry.updateMany({ data: { startsAt: new Date('2026-03-10T13:00:00Z') } });
    expect(await imaging.worklist.reconcile()).toEqual([booking.id]);
    expect((await worklistOf(imaging))[0]?.startsAt.toString()).toBe('2026-03-10T12:15:00Z');
  });

  it('has an entry for each modality that the scanner wants apart, and one study', async () => {
    await database.client.scanner.updateMany({ data: { modalities: ['NM', 'CT'] } });
    const { booking } = await bookNine();
    const items = await worklistOf(imaging);
    expect(items.map((item) => [item.modality, item.scheduledProcedureStepId])).toEqual([
      ['NM', `${booking.accessionNumber}.1`],
      ['CT', `${booking.accessionNumber}.2`],
    ]);
    expect(new Set(items.map((item) => item.studyInstanceUID)).size).toBe(1);
  });
});

describe('the nights when the clocks change', () => {
  it.each([
    [
      '2026-03-16T09:00:00Z',
      '2026-03-27T09:00:00Z',
      '2026-03-27T12:15:00Z',
      '12:15',
      '2026-03-27T12:15:00+00:00',
    ],
    [
      '2026-03-16T09:00:00Z',
      '2026-03-30T08:00:00Z',
      '2026-03-30T11:15:00Z',
      '12:15',
      '2026-03-30T12:15:00+01:00',
    ],
    [
      '2026-10-12T09:00:00Z',
      '2026-10-23T08:00:00Z',
      '2026-10-23T11:15:00Z',
      '12:15',
      '2026-10-23T12:15:00+01:00',
    ],
    [
      '2026-10-12T09:00:00Z',
      '2026-10-26T09:00:00Z',
      '2026-10-26T12:15:00Z',
      '12:15',
      '2026-10-26T12:15:00+00:00',
    ],
  ])('booked on %s: %s is the right local time', async (now, injection, scan, time, iso) => {
    clock.set(now);
    const { referralId } = await makeReferredPatient(imaging);
    const visit = aVisit(department, referralId, injection, scan);
    const booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
    expect(booking.scanLocal).toMatchObject({ time, iso });
  });

  it('offers the same wall-clock times before and after', async () => {
    clock.set('2026-03-16T09:00:00Z');
    const { referralId } = await makeReferredPatient(imaging);
    const firstOf = async (day: string) => {
      const { offers } = await imaging.offers.scanOffers(RECEPTION, referralId, {
        ...ANY_OFFER,
        from: day,
        until: day,
      });
      return offers[0]?.injectionLocal.time;
    };
    expect(await firstOf('2026-03-27')).toBe(await firstOf('2026-03-30'));
  });
});
