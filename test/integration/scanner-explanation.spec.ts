import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { ScanBooking } from '../../src/clinic/imaging/scan-booking.type.js';
import { ScannerHealthService } from '../../src/clinic/imaging/scanner-health.service.js';
import { ScannerProbe } from '../../src/clinic/imaging/scanner-probe.dicom.js';
import { ScannerProbeService } from '../../src/clinic/imaging/scanner-probe.service.js';
import { ScannerTraffic } from '../../src/clinic/imaging/scanner-traffic.dicom.js';
import { ScannerTrafficService } from '../../src/clinic/imaging/scanner-traffic.service.js';
import { WorklistExplanationService } from '../../src/clinic/imaging/worklist-explanation.service.js';
import { type DataSet, type DataSetInput, dataSet } from '../../src/dicom/index.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let explanations: WorklistExplanationService;
let traffic: ScannerTraffic;
let scannerId: string;
let booking: ScanBooking;

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
  await database.client.$executeRawUnsafe('TRUNCATE scanner_rejections');
  clock = new FixedClock('2026-03-02T09:00:00Z');
  imaging = imagingOn(database, clock, db.url);
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const health = new ScannerHealthService(database, clock, config);
  explanations = new WorklistExplanationService(database, clock, config, audit, imaging.mirror, health);
  const writer = new ScannerTrafficService(database, clock, audit);
  const probes = new ScannerProbeService(database, clock, config, imaging.scanGates);
  traffic = new ScannerTraffic(writer, new ScannerProbe(config, probes, writer), clock);
  await makeReference(database);
  department = await makeDepartment(database);
  scannerId = await scannerNamed('SPECTCT1');
  const { referralId } = await makeReferredPatient(imaging, { familyName: 'Brontë-Hale' });
  const visit = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
  booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
  clock.advance({ hours: 1 });
});

async function scannerNamed(stationAETitle: string): Promise<string> {
  return (await database.client.scanner.findFirstOrThrow({ where: { stationAETitle } })).id;
}

const inStep = (step: DataSetInput, rest: DataSetInput = {}): DataSet =>
  dataSet({ ...rest, ScheduledProcedureStepSequence: [step] });

const association = {
  associationId: 1,
  remoteAddress: '192.0.2.5',
  callingAETitle: 'SPECTCT1',
  calledAETitle: 'FACET',
  secured: false,
};

/** What the scanner asked, as the door tells of it. */
async function asks(
  identifier: DataSet,
  answeredStepIds: readonly string[] = [],
  status: number | null = 0,
): Promise<void> {
  clock.advance({ seconds: 1 });
  const answers = { answerCount: answeredStepIds.length, answeredStepIds };
  traffic.observe({
    type: 'find-answered',
    association,
    peerId: scannerId,
    status,
    ...answers,
    identifier,
    negotiated: { fuzzyNames: false, otherClock: false },
    keys: [],
    problem: null,
  });
  await traffic.close();
}

async function knocks(callingAETitle: string, remoteAddress = '192.0.2.99'): Promise<void> {
  clock.advance({ seconds: 1 });
  traffic.observe({
    type: 'association-rejected',
    association: { ...association, callingAETitle, remoteAddress },
    reason: 'calling-ae-title-not-recognised',
    explanation: 'no scanner has this AE title',
  });
  await traffic.close();
}

const explain = (of = scannerId) => explanations.explainWorklist(RECEPTION, booking.id, of);

describe('a booking that the scanner does not see', () => {
  it.each<[string, DataSet, string, RegExp, RegExp]>([
    [
      'a wrong date',
      inStep({ ScheduledProcedureStepStartDate: '20260311' }),
      'ScheduledProcedureStepStartDate',
      /Wednesday 11 March 2026/,
      /scan is on Tuesday 10 March 2026.*clock or time zone/,
    ],
    ['a wrong modality', inStep({ Modality: 'CT' }), 'Modality', /^CT$/, /asks for CT; this step is NM/],
    [
      'a wrong station',
      inStep({ ScheduledStationAETitle: 'SPECTCT2' }),
      'ScheduledStationAETitle',
      /^SPECTCT2$/,
      /station AE title at the console to SPECTCT1/,
    ],
    [
      'another name',
      dataSet({ PatientName: 'MARSH*' }),
      'PatientName',
      /shape is kept: •••••\*$/,
      /Another Patient name was typed/,
    ],
    ['a name without its accent', dataSet({ PatientName: 'BRONTE*' }), 'PatientName', /•/, /accent only/],
    ['half a name', dataSet({ PatientName: 'Brontë' }), 'PatientName', /•/, /put a \* behind it/],
  ])('for %s', async (_, identifier, keyword, asked, advice) => {
    await asks(identifier);
    const { verdict, summary, queries, reasons } = await explain();
    expect([verdict, reasons]).toEqual(['NOT_MATCHED', []]);
    expect(summary).toMatch(advice);
    const [query] = queries;
    expect(query).toMatchObject({ shown: false, source: '192.0.2.5', status: 'answered', answerCount: 0 });
    const key = query?.keys.find((each) => each.keyword === keyword);
    expect(key).toMatchObject({ matched: false });
    expect(key?.asked).toMatch(asked);
    expect(key?.advice).toMatch(advice);
  });

  it('because its status is hidden', async () => {
    await asks(inStep({ Modality: 'NM' }), [`${booking.accessionNumber}.1`]);
    expect(await explain()).toMatchObject({ verdict: 'SEEN' });
    await database.client.worklistEntry.updateMany({
      where: { bookingId: booking.id },
      data: { status: 'COMPLETED' },
    });
    const { verdict, summary, queries } = await explain();
    expect([verdict, queries[0]?.shown]).toEqual(['HIDDEN', false]);
    expect(summary).toMatch(/is done, and the profile of Scanner SPECTCT1 hides such steps/);
  });

  it('because it was cancelled', async () => {
    await imaging.bookings.cancelScan(RECEPTION, { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' });
    expect(await explain()).toMatchObject({
      verdict: 'HIDDEN',
      reasons: ['The booking is cancelled, so no scanner is shown it.'],
    });
  });

  it('because consent is not in force any more', async () => {
    await imaging.consent.withdrawConsent(RECEPTION, {
      patientId: booking.patientId,
      purpose: 'IMAGING_TRACER_AND_XRAYS',
      givenBy: 'PATIENT',
      method: 'TELEPHONE',
    });
    // A decision that lies a little ahead of our clock counts already; the mirror allows for clocks that differ.
    clock.advance({ minutes: 10 });
    const { verdict, summary, closedGate } = await explain();
    expect([verdict, closedGate]).toEqual(['HIDDEN', 'CONSENT_IN_FORCE']);
    expect(summary).toMatch(/The gate CONSENT_IN_FORCE is closed.*The patient’s consent does not hold/);
  });

  it('because it is on another camera, which is named', async () => {
    await makeDepartment(database, 'SPECTCT2');
    const { verdict, summary } = await explain(await scannerNamed('SPECTCT2'));
    expect(verdict).toBe('HIDDEN');
    expect(summary).toMatch(/on Camera SPECTCT1, which is Scanner SPECTCT1’s/);
  });

  it('because its day is beyond the profile', async () => {
    await database.client.scanner.update({ where: { id: scannerId }, data: { daysAfter: 3 } });
    expect((await explain()).summary).toMatch(/Tuesday 10 March 2026 at 12:15.*looks ahead 3 days/);
  });

  it('because the scanner calls itself by another title', async () => {
    await knocks('SPECTCT');
    const { verdict, summary, rejections } = await explain();
    expect(verdict).toBe('NOT_LET_IN');
    expect(summary).toMatch(/calls itself SPECTCT, and no scanner.*own AE title to SPECTCT1/);
    expect(rejections).toMatchObject([{ callingAETitle: 'SPECTCT', source: '192.0.2.99' }]);
  });

  it('because a stranger is likely it, when nothing else was heard', async () => {
    await knocks('CONSOLE_NEW');
    expect(await explain()).toMatchObject({
      verdict: 'NOT_LET_IN',
      rejections: [{ callingAETitle: 'CONSOLE_NEW' }],
    });
    await asks(inStep({ Modality: 'CT' }));
    expect(await explain()).toMatchObject({ verdict: 'NOT_MATCHED', rejections: [] });
  });

  it('because its query could not be understood', async () => {
    clock.advance({ seconds: 1 });
    const nothing = { answerCount: 0, answeredStepIds: [], identifier: null, keys: [] };
    traffic.observe({
      type: 'find-answered',
      association,
      peerId: scannerId,
      status: 0xa900,
      ...nothing,
      negotiated: { fuzzyNames: false, otherClock: false },
      problem: '(0008,0060) has separators but no value',
    });
    await traffic.close();
    const { verdict, summary, queries } = await explain();
    expect([verdict, queries[0]?.shown, queries[0]?.keys]).toEqual(['NOT_MATCHED', false, []]);
    expect(summary).toMatch(/the query could not be understood/);
  });

  it('because it has not asked, now or since the booking', async () => {
    expect((await explain()).summary).toMatch(/has never asked/);
    await asks(dataSet({ PatientName: '' }), [`${booking.accessionNumber}.1`]);
    clock.advance({ hours: 30 });
    const later = await explain();
    expect([later.verdict, later.queries]).toEqual(['NOT_ASKED', []]);
    expect(later.summary).toMatch(/has not asked since Monday 2 March 2026 at 10:00/);
  });
});

describe('a booking that the scanner sees', () => {
  it('is told with the query that showed it, and what of it was about this patient in clear', async () => {
    const name = 'Brontë-Hale^Ada';
    await database.client.patient.updateMany({
      where: { id: booking.patientId },
      data: { givenName: 'Ada', middleNames: null, namePrefix: null },
    });
    await asks(dataSet({ PatientName: name.toUpperCase() }), [`${booking.accessionNumber}.1`]);
    await asks(inStep({ Modality: 'CT' }));
    const { verdict, summary, queries } = await explain();
    expect(verdict).toBe('SEEN');
    expect(summary).toMatch(/was shown this booking on Monday 2 March 2026 at 10:00/);
    expect(queries.map(({ shown }) => shown)).toEqual([false, true]);
    expect(queries[1]?.keys).toMatchObject([
      { attribute: 'Patient name', tag: '(0010,0010)', asked: name, own: name, matched: true, advice: null },
    ]);
  });

  it('before it was moved: whether that query showed it cannot be said', async () => {
    await asks(inStep({ Modality: 'NM' }), [`${booking.accessionNumber}.1`]);
    expect(await explain()).toMatchObject({ verdict: 'SEEN' });
    clock.advance({ seconds: 1 });
    const visit = aVisit(department, booking.referralId, '2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z');
    mustBeBooked(
      await imaging.bookings.moveScan(RECEPTION, { ...visit, scanBookingId: booking.id, version: 0 }),
    );
    const { verdict, summary, queries } = await explain();
    expect([verdict, queries.map(({ shown }) => shown)]).toEqual(['NOT_MATCHED', [null]]);
    expect(summary).toMatch(/cannot be said: the booking was changed after it/);
    expect(queries[0]?.status).toMatch(/cannot be said: the booking was changed after it/);
    await asks(inStep({ Modality: 'NM' }), [`${booking.accessionNumber}.1`]);
    expect(await explain()).toMatchObject({ verdict: 'SEEN' });
  });

  it.each<[string, number | null, RegExp]>([
    ['failed', 0xc001, /the worklist could not be read/],
    ['was cancelled', 0xfe00, /cancelled at the console/],
    ['was cut off', 0xa700, /more answers than/],
    ['was never ended', null, /the connection ended/],
  ])('or not: it cannot be said of a query that %s', async (_, status, words) => {
    await asks(inStep({ Modality: 'NM' }), ['A000000000.1'], status);
    const { verdict, summary, queries } = await explain();
    expect([verdict, queries[0]?.shown]).toEqual(['NOT_MATCHED', null]);
    expect(summary).toMatch(/cannot be said/);
    expect(summary).toMatch(words);
  });

  it('is not taken for shown when its query was answered with nothing', async () => {
    await asks(inStep({ Modality: 'NM' }));
    const { verdict, summary, queries } = await explain();
    expect([verdict, queries[0]?.shown]).toEqual(['NOT_MATCHED', false]);
    expect(summary).toMatch(/ask again/);
  });

  it('or not: it cannot be said of a query too long to be kept', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `2.25.1000000000${i}`);
    await asks(dataSet({ StudyInstanceUID: ids }), [`${booking.accessionNumber}.1`]);
    const { queries, summary } = await explain();
    expect(queries).toMatchObject([{ shown: null, keys: [] }]);
    expect(summary).toMatch(/cannot be said/);
  });

  it('is looked at, which is recorded', async () => {
    await explain();
    const looks = await database.client.auditEntry.findMany({
      where: { action: 'worklist.explained', subjectId: booking.id },
    });
    expect(looks).toMatchObject([
      { actorId: RECEPTION.id, patientIds: [booking.patientId], after: { scannerId } },
    ]);
    await expect(explanations.explainWorklist(RECEPTION, scannerId, scannerId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(explain(booking.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
