import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import {
  type Administrations,
  administrationsOn,
  anInjection,
  bookerOf,
  type Injectable,
  makeBatch,
  makeDoseProtocol,
  makeInjectable,
  makeOperator,
  mustBeGiven,
} from '../support/administrations.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn, RECEPTION } from '../support/imaging.factory.js';
import {
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { Console, performedStepsOn } from '../support/performed-steps.factory.js';

// When a scan may begin after its injection, what is asked when it began at another time, and what was acquired.

const at = (text: string) => Temporal.Instant.from(text);
const PAGE = { size: 50 };
const DAY = { from: '2026-03-10', until: '2026-03-10' };

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: Administrations;
let department: Department;
let operator: Booker;

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
  clock = new FixedClock('2026-03-02T09:00:00Z');
  room = administrationsOn(imagingOn(database, clock, db.url));
  await makeReference(database);
  await makeDoseProtocol(database);
  department = await makeDepartment(database);
  operator = await makeOperator(database);
});

/** Injected at that moment; the clock stands three minutes later. */
async function injected(
  injectedAt = '2026-03-10T09:07:00Z',
  wish: Parameters<typeof makeInjectable>[2] = {},
): Promise<Injectable> {
  const scan = await makeInjectable(room.imaging, department, wish);
  const moment = at(injectedAt);
  const preparedAt = moment.subtract({ hours: 3 }).toString();
  const batchId = await makeBatch(database, { preparedAt, expiresAt: moment.add({ hours: 3 }).toString() });
  clock.set(moment.add({ minutes: 3 }));
  const input = anInjection(scan.id, batchId, {
    measuredAt: moment.subtract({ minutes: 10 }),
    injectedAt: moment,
  });
  mustBeGiven(await room.administrations.recordAdministration(operator, input));
  return scan;
}

/** The scanner says that it began at that local time of the day. */
async function begin(scan: Injectable, localTime: string, date = '20260310'): Promise<void> {
  const { scanner, booking } = {
    scanner: await database.client.scanner.findFirstOrThrow(),
    booking: await database.transaction((tx) => room.imaging.records.read(tx, scan.id)),
  };
  const over = { PerformedProcedureStepStartDate: date, PerformedProcedureStepStartTime: localTime };
  await new Console(performedStepsOn(room.imaging), scanner.id).begin({ booking, over });
}

const clockOf = async (scan: Injectable) => (await room.uptakes.clocksOf([scan.id])).get(scan.id);
const outside = async (parts: object = {}) =>
  (await room.uptakes.scansStartedOutsideUptake(RECEPTION, { ...DAY, ...parts }, PAGE)).items;
const explain = (scan: Injectable, reason = 'The camera stood still.') =>
  room.uptakes.explainUptake(operator.actor, { scanBookingId: scan.id, reason });

describe('the uptake clock', () => {
  it('does not run before the injection, and is no other visit’s', async () => {
    const scan = await makeInjectable(room.imaging, department);
    expect(await clockOf(scan)).toMatchObject({
      state: 'NOT_INJECTED',
      injectedAt: null,
      minutesSince: null,
    });
    const other = 'a1b2c3d4-0000-7000-8000-000000000001';
    expect((await room.uptakes.clocksOf([other])).get(other)).toBeUndefined();
  });

  it.each([
    ['2026-03-10T11:00:00Z', 'TOO_SOON', 113],
    ['2026-03-10T11:07:00Z', 'READY', 120],
    ['2026-03-10T13:37:00Z', 'CLOSING', 270],
    ['2026-03-10T14:07:00Z', 'CLOSING', 300],
    ['2026-03-10T14:08:00Z', 'PASSED', 301],
  ])('at %s says %s', async (now, state, minutesSince) => {
    const scan = await injected();
    clock.set(now);
    expect(await clockOf(scan)).toMatchObject({ state, minutesSince, needsExplanation: false });
  });

  it.each([
    ['2027-03-28', '00:30', '04:15', '2027-03-28T00:30:00Z', '2027-03-28T02:30:00Z'],
    ['2027-10-31', '00:30', '04:15', '2027-10-31T00:30:00Z', '2027-10-31T02:30:00Z'],
  ])('counts instants on %s, when the clocks change', async (day, injectAt, scanAt, moment, earliest) => {
    await openAllNight(day);
    clock.set(at(moment).subtract({ hours: 24 * 10 }));
    const scan = await injected(moment, { day, injectAt, scanAt });
    const standing = await clockOf(scan);
    expect(String(standing?.earliestAt)).toBe(earliest);
    clock.set(earliest);
    expect(await clockOf(scan)).toMatchObject({ state: 'READY', minutesSince: 120 });
  });
});

describe('a scan that begins at another time', () => {
  it.each([
    ['110000', true],
    ['110700', false],
    ['140700', false],
    ['140800', true],
  ])('begun at %s: asks for a reason %s', async (time, asks) => {
    const scan = await injected();
    clock.set('2026-03-10T14:30:00Z');
    await begin(scan, time);
    expect(await clockOf(scan)).toMatchObject({ state: 'SCAN_BEGUN', needsExplanation: asks });
    expect((await outside()).map(({ scanBookingId }) => scanBookingId)).toEqual(asks ? [scan.id] : []);
    if (!asks) expect(await explain(scan)).toMatchObject({ code: 'NothingToExplain' });
  });

  it('is explained once, and listed no more unless asked for', async () => {
    const scan = await injected();
    expect(await explain(scan)).toMatchObject({ code: 'NothingToExplain' });
    clock.set('2026-03-10T14:30:00Z');
    await begin(scan, '110000');
    const answers = await Promise.all(Array.from({ length: 50 }, () => explain(scan)));
    const told = answers.filter((answer) => !('code' in answer));
    expect(told).toMatchObject([
      { uptake: { needsExplanation: false, explanation: 'The camera stood still.' } },
    ]);
    expect(await outside()).toEqual([]);
    expect(await outside({ includeExplained: true })).toHaveLength(1);
    const row = await database.client.uptakeExplanation.findFirstOrThrow();
    expect(row).toMatchObject({ uptakeMinutes: 113, minutesMin: 120, recordedById: operator.actor.id });
    const entry = await database.client.auditEntry.findFirst({ where: { action: 'uptake.explained' } });
    expect(entry).toMatchObject({ subjectId: scan.id, patientIds: [scan.patientId] });
  });

  it('the gate of the acquisition says so, and what to do', async () => {
    const scan = await injected();
    const uptakeGate = async () =>
      (await room.imaging.scanGates.scanGates(RECEPTION, scan.id)).find(
        ({ code }) => code === 'UPTAKE_IN_WINDOW',
      );
    clock.set('2026-03-10T11:00:00Z');
    expect(await uptakeGate()).toMatchObject({ state: 'WAITING', reason: expect.stringContaining('11:07') });
    clock.set('2026-03-10T11:07:00Z');
    expect(await uptakeGate()).toMatchObject({ state: 'PASSED' });
    clock.set('2026-03-10T14:08:00Z');
    expect(await uptakeGate()).toMatchObject({ state: 'FAILED' });
  });
});

describe('what was acquired', () => {
  const dose = (scan: Injectable, parts: object = {}) => ({
    ...{ scanBookingId: scan.id, series: '2 CT lumbar', ctdiVolMgy: 3.2, dlpMgyCm: 128 },
    ...{ phantom: 'BODY_32_CM' as const },
    ...parts,
  });

  it('is recorded by whoever may acquire, series by series', async () => {
    const scan = await injected();
    const { acquisitions, acquisitionRecords } = room;
    const somebody = await makeOperator(database, ['ADMINISTER_TRACER']);
    expect(await acquisitions.recordCtDose(somebody, dose(scan))).toMatchObject({
      code: 'StaffNotEntitled',
      act: 'ACQUIRE_IMAGES',
    });
    expect(await acquisitions.recordCtDose(operator, dose(scan, { dlpMgyCm: 12_800 }))).toMatchObject({
      code: 'CtDoseImplausible',
    });
    await acquisitions.recordCtDose(operator, dose(scan));
    await acquisitions.recordCtDose(operator, dose(scan, { series: '3 CT pelvis' }));
    const found = (await acquisitionRecords.ctDosesOf([scan.id])).get(scan.id);
    expect(found?.map(({ series }) => series)).toEqual(['2 CT lumbar', '3 CT pelvis']);
  });

  it('is put right by an entry in its place, once', async () => {
    const scan = await injected();
    const { acquisitions, acquisitionRecords } = room;
    const keyed = bookerOf(operator.actor.id, 'ct-1');
    const first = await acquisitions.recordCtDose(keyed, dose(scan));
    expect(await acquisitions.recordCtDose(keyed, dose(scan))).toEqual(first);
    if ('code' in first) throw new Error('recorded');
    const { id: ctDoseId } = first as { id: string };
    const { scanBookingId: _, ...figures } = dose(scan, { ctdiVolMgy: 3.4 });
    const wish = { ctDoseId, ...figures, reason: 'Misread.' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => acquisitions.correctCtDose(operator, wish)),
    );
    expect(answers.filter((answer) => !('code' in answer))).toMatchObject([{ replacesId: ctDoseId }]);
    expect(await acquisitions.voidCtDose(operator, { ctDoseId, reason: 'Twice.' })).toMatchObject({
      code: 'CtDoseReplaced',
    });
    const found = (await acquisitionRecords.ctDosesOf([scan.id])).get(scan.id) ?? [];
    const [standing] = found.filter(({ replacedById }) => replacedById === null);
    expect([found.length, standing?.ctdiVolMgy]).toEqual([2, 3.4]);
    const voided = await acquisitions.voidCtDose(operator, {
      ctDoseId: standing?.id ?? '',
      reason: 'Other patient’s.',
    });
    expect(voided).toMatchObject({ isVoid: true, reason: 'Other patient’s.' });
  });

  it('is told with its times and what was done otherwise', async () => {
    const scan = await injected();
    clock.set('2026-03-10T13:30:00Z');
    const note = {
      ...{
        scanBookingId: scan.id,
        startedAt: at('2026-03-10T12:20:00Z'),
        stoppedAt: at('2026-03-10T13:00:00Z'),
      },
      deviations: 'One bed position repeated.',
    };
    expect(await room.acquisitions.noteAcquisition(operator, note)).toMatchObject({
      ...{ part: 'DELAYED', deviations: 'One bed position repeated.', recordedById: operator.actor.id },
    });
    expect(
      await room.acquisitions.noteAcquisition(operator, { ...note, stoppedAt: at('2026-03-10T14:00:00Z') }),
    ).toMatchObject({ code: 'AcquisitionTimesImplausible' });
    const notes = (await room.acquisitionRecords.notesOf([scan.id])).get(scan.id);
    expect(notes).toHaveLength(1);
  });
});

describe('earlier exposures', () => {
  it('are told of with their tracer, and not when the record was taken back', async () => {
    const scan = await injected();
    const want = {
      ...{ visitId: 'a1b2c3d4-0000-7000-8000-000000000001', patientId: scan.patientId },
      ...{ since: at('2026-03-09T00:00:00Z'), until: at('2026-03-12T00:00:00Z') },
    };
    const earlier = () => database.transaction((tx) => room.imaging.behind.exposures.earlier(tx, [want]));
    expect(await earlier()).toMatchObject([
      { forVisitId: want.visitId, name: 'Bone SPECT-CT, Tc-99m oxidronate', at: at('2026-03-10T09:07:00Z') },
    ]);
    const [one] = await database.transaction((tx) => room.records.ofBooking(tx, scan.id));
    await room.addenda.voidAdministration(operator, {
      ...{ administrationId: one?.id ?? '', version: 1, reason: 'Wrong booking.' },
    });
    expect((await earlier()).filter(({ name }) => name.includes('oxidronate'))).toEqual([]);
  });
});

/** Rooms, cameras and people are there all of that day, and whoever is booked is expected. */
async function openAllNight(day: string): Promise<void> {
  const { client } = database;
  const isoWeekday = Temporal.PlainDate.from(day).dayOfWeek;
  const resources = await client.resource.findMany({ select: { id: true } });
  await client.openingHours.createMany({
    data: resources.map(({ id: resourceId }) => ({
      ...{ resourceId, isoWeekday, validFrom: new Date('2020-01-01') },
      opensAt: new Date('1970-01-01T00:00:00Z'),
      closesAt: new Date('1970-01-01T23:59:00Z'),
    })),
  });
}
