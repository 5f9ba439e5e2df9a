import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { ScanBooking } from '../../src/clinic/imaging/scan-booking.type.js';
import { ScannerProbe } from '../../src/clinic/imaging/scanner-probe.dicom.js';
import { ScannerProbeService } from '../../src/clinic/imaging/scanner-probe.service.js';
import { ScannerTraffic } from '../../src/clinic/imaging/scanner-traffic.dicom.js';
import {
  QUERIES_KEPT_MAX,
  REJECTIONS_KEPT_MAX,
  REJECTIONS_KEPT_OF_ONE_ADDRESS_MAX,
} from '../../src/clinic/imaging/scanner-traffic.queries.js';
import type { LookSeen } from '../../src/clinic/imaging/scanner-traffic.rules.js';
import { ScannerTrafficService } from '../../src/clinic/imaging/scanner-traffic.service.js';
import { type DicomEvent, dataSet } from '../../src/dicom/index.js';
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
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { until } from '../support/until.js';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let writer: ScannerTrafficService;
let traffic: ScannerTraffic;
let scannerId: string;
let booking: ScanBooking;

type Found = Extract<DicomEvent, { readonly type: 'find-answered' }>;

const association = {
  associationId: 1,
  remoteAddress: '192.0.2.5',
  callingAETitle: 'SPECTCT1',
  calledAETitle: 'FACET',
  secured: false,
};

const aQuery = (parts: Partial<Found> = {}): Found => ({
  type: 'find-answered',
  association,
  peerId: scannerId,
  status: 0,
  answerCount: 1,
  answeredStepIds: [`${booking.accessionNumber}.1`],
  identifier: dataSet({ PatientName: 'Brontë*', ScheduledProcedureStepSequence: [{ Modality: 'NM' }] }),
  negotiated: { fuzzyNames: false, otherClock: false },
  keys: [],
  problem: null,
  ...parts,
});

const aLook = (parts: Partial<LookSeen<object | null>> = {}): LookSeen<object | null> => ({
  scannerId,
  callingAETitle: 'SPECTCT1',
  remoteAddress: '192.0.2.5',
  secured: false,
  stepIds: [`${booking.accessionNumber}.1`],
  status: 0,
  query: null,
  times: 1,
  firstAtMs: clock.nowMs(),
  lastAtMs: clock.nowMs(),
  isMixed: false,
  ...parts,
});

const aRejection = (callingAETitle: string, remoteAddress = association.remoteAddress): DicomEvent => ({
  type: 'association-rejected',
  association: { ...association, callingAETitle, remoteAddress },
  reason: 'calling-ae-title-not-recognised',
  explanation: 'no scanner has this AE title',
});

function trafficOn(service: Pick<ScannerTrafficService, 'write' | 'forgetOldQueries'>): ScannerTraffic {
  const config = readConfig({}, '/tmp');
  const probes = new ScannerProbeService(database, clock, config, imaging.scanGates);
  const probe = new ScannerProbe(config, probes, service as ScannerTrafficService);
  return new ScannerTraffic(service as ScannerTrafficService, probe, clock);
}

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
  writer = new ScannerTrafficService(database, clock, new AuditService(database, clock));
  traffic = trafficOn(writer);
  await makeReference(database);
  const department = await makeDepartment(database);
  scannerId = (await database.client.scanner.findFirstOrThrow({ where: { stationAETitle: 'SPECTCT1' } })).id;
  const { referralId } = await makeReferredPatient(imaging);
  const visit = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
  booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
});

const auditOf = (action: string, of = scannerId) =>
  database.client.auditEntry.findMany({ where: { action, subjectId: of }, orderBy: { id: 'asc' } });
const rejectionsAudited = (since: string) =>
  database.client.auditEntry.findMany({
    where: { action: 'association.rejected', occurredAt: { gte: clock.now().toString() }, source: since },
  });

describe('what a scanner was shown', () => {
  it('is in the audit record within a moment, with its patients and the event of the standard', async () => {
    traffic.observe(aQuery());
    await until(async () => (await auditOf('worklist.queried')).length === 1);
    const [entry] = await auditOf('worklist.queried');
    expect(entry).toMatchObject({
      actorKind: 'SCANNER',
      actorLabel: 'SPECTCT1',
      source: '192.0.2.5',
      patientIds: [booking.patientId],
      after: {
        event: { code: '110112', scheme: 'DCM' },
        stepIds: [`${booking.accessionNumber}.1`],
        status: 0,
        secured: false,
      },
    });
    await traffic.close();
  });

  it('is one entry for a thousand looks that are alike, and one each for those that are not', async () => {
    for (let i = 0; i < 1_000; i += 1) traffic.observe(aQuery());
    clock.advance({ seconds: 2 });
    for (let i = 0; i < 500; i += 1) traffic.observe(aQuery());
    traffic.observe(aQuery({ status: 0xfe00 }));
    traffic.observe(aQuery({ association: { ...association, remoteAddress: '192.0.2.6' } }));
    await traffic.close();
    const entries = await auditOf('worklist.queried');
    const times = entries.map(({ after }) => (after as { times?: number }).times ?? 1);
    expect(times.reduce((sum, each) => sum + each, 0)).toBe(1_502);
    expect(entries.length).toBeLessThanOrEqual(5);
    expect(entries[0]?.after).toMatchObject({ firstAt: '2026-03-02T09:00:00Z' });
  });

  it('is written by the time the door is closed, whatever was waiting', async () => {
    for (let i = 0; i < 1_200; i += 1)
      traffic.observe(aQuery({ identifier: dataSet({ PatientID: `F${i}` }) }));
    await traffic.close();
    const entries = await auditOf('worklist.queried');
    const times = entries.map(({ after }) => (after as { times?: number }).times ?? 1);
    expect(times.reduce((sum, each) => sum + each, 0)).toBe(1_200);
    expect(entries.every(({ patientIds }) => patientIds.includes(booking.patientId))).toBe(true);
  });

  it('is tried again when the database is away, and kept meanwhile', async () => {
    let failures = 2;
    const flaky = trafficOn({
      write: async (batch) => {
        failures -= 1;
        if (failures >= 0) throw new Error('the database is away');
        await writer.write(batch);
      },
      forgetOldQueries: () => writer.forgetOldQueries(),
    });
    flaky.observe(aQuery());
    await until(() => failures < 2);
    flaky.observe(aQuery({ status: 0xfe00 }));
    await flaky.close();
    expect(
      (await auditOf('worklist.queried')).map(({ after }) => (after as { status: number }).status),
    ).toEqual([0, 0xfe00]);
  });

  it('is not lost with a look that cannot be written: the others of its batch are written one by one', async () => {
    traffic.observe(aQuery());
    traffic.observe(aQuery({ association: { ...association, callingAETitle: 'BAD\u0000' } }));
    traffic.observe(aQuery({ association: { ...association, remoteAddress: '192.0.2.6' } }));
    traffic.observe(aRejection('BESIDE', '192.0.2.8'));
    const logged = vi.spyOn(Logger.prototype, 'error');
    await traffic.close();
    expect((await auditOf('worklist.queried')).map(({ source }) => source)).toEqual([
      '192.0.2.5',
      '192.0.2.6',
    ]);
    expect(await database.client.scannerRejection.count({ where: { callingAETitle: 'BESIDE' } })).toBe(1);
    const failures = logged.mock.calls.map(([entry]) => entry);
    logged.mockRestore();
    expect(failures).toMatchObject([{ event: 'audit-failed', looksLost: 1, rejectionsLost: 0 }]);
    // Longer than all pauses between the tries.
  }, 30_000);

  it('leaves nothing behind when a batch cannot be written whole', async () => {
    const beyond = { times: 2, firstAtMs: 0, lastAtMs: 1, callingAETitles: ['Z'] };
    await expect(
      writer.write({
        looks: [aLook({ callingAETitle: 'BAD\u0000' })],
        rejections: [],
        beyond: [{ ...beyond, remoteAddresses: ['192.0.2.44'] }],
        contacts: [],
      }),
    ).rejects.toThrow();
    expect(await database.client.auditEntry.count({ where: { actorLabel: 'scanner door' } })).toBe(0);
  });

  it.each<[string, object, string | null]>([
    ['what was asked', { word: 'NM\u0000' }, null],
    ['a contact', {}, '00000000-0000-4000-8000-000000000000'],
  ])('is in the audit record though %s cannot be kept', async (_, query, unknownId) => {
    const none = { echoedAtMs: 1, queriedAtMs: null, queryStatus: null, queryAnswers: null };
    const contacts = unknownId === null ? [] : [{ scannerId: unknownId, ...none, steppedAtMs: null }];
    await writer.write({ looks: [aLook({ query })], rejections: [], beyond: [], contacts });
    expect(await auditOf('worklist.queried')).toHaveLength(1);
    expect(await database.client.scannerQuery.count()).toBe(0);
  });

  it('is kept of a query with control characters, and the query as what cannot be judged', async () => {
    const identifier = dataSet({ ScheduledProcedureStepSequence: [{ Modality: ['NM', 'CT\u0000X'] }] });
    traffic.observe(aQuery({ identifier }));
    traffic.observe(aQuery({ identifier: null, problem: 'a\u0000b', status: 0xa900 }));
    await traffic.close();
    expect(await auditOf('worklist.queried')).toHaveLength(2);
    expect(await database.client.scannerQuery.count()).toBe(2);
  });
});

describe('what a scanner asked', () => {
  it('is kept without anything about a patient, the newest of each scanner and for a day', async () => {
    for (let i = 0; i < QUERIES_KEPT_MAX + 20; i += 1) {
      clock.advance({ seconds: 1 });
      traffic.observe(
        aQuery({ identifier: dataSet({ PatientName: `Brontë-Hale^${i}`, PatientID: `F000${i}` }) }),
      );
    }
    await traffic.close();
    const rows = await database.client.scannerQuery.findMany({ orderBy: { receivedAt: 'asc' } });
    expect(rows).toHaveLength(QUERIES_KEPT_MAX);
    expect(rows[0]?.receivedAt.toISOString()).toBe('2026-03-02T09:00:21.000Z');
    expect(JSON.stringify(rows)).not.toMatch(/Bront|F000/);
    clock.advance({ hours: 24 });
    await writer.forgetOldQueries();
    expect(await database.client.scannerQuery.count()).toBe(1);
    clock.advance({ hours: 1 });
    await writer.forgetOldQueries();
    expect(await database.client.scannerQuery.count()).toBe(0);
  });

  it('says when it was last heard, and never an earlier moment than another process has said', async () => {
    traffic.observe({ type: 'echo-answered', association, peerId: scannerId });
    traffic.observe(
      aQuery({ answerCount: 0, answeredStepIds: [], status: 0xa900, identifier: null, problem: 'x' }),
    );
    await traffic.close();
    const contact = () => database.client.scannerContact.findUniqueOrThrow({ where: { scannerId } });
    expect(await contact()).toMatchObject({ queryStatus: 0xa900, queryAnswers: 0, steppedAt: null });
    const earlier = Date.parse('2026-03-02T08:00:00Z');
    const none = { echoedAtMs: earlier, steppedAtMs: earlier };
    await writer.write({
      looks: [],
      rejections: [],
      beyond: [],
      contacts: [{ scannerId, queriedAtMs: earlier, queryStatus: 0, queryAnswers: 7, ...none }],
    });
    const after = await contact();
    expect(after).toMatchObject({ queryStatus: 0xa900, queryAnswers: 0 });
    expect(after.echoedAt?.toISOString()).toBe('2026-03-02T09:00:00.000Z');
    expect(after.steppedAt?.toISOString()).toBe('2026-03-02T08:00:00.000Z');
  });
});

describe('callers that were turned away', () => {
  it('are alerts of the standard, sixty a minute and then one with their number', async () => {
    for (let i = 0; i < 100; i += 1) traffic.observe(aRejection(`X${i}`));
    await traffic.close();
    const entries = await database.client.auditEntry.findMany({ where: { action: 'association.rejected' } });
    expect(entries.filter(({ actorLabel }) => /^X\d+$/.test(actorLabel ?? ''))).toHaveLength(60);
    const [beyond] = entries.filter(({ actorLabel }) => actorLabel === 'scanner door');
    expect(beyond?.after).toMatchObject({ times: 40, event: { code: '110113', scheme: 'DCM' } });
    expect(await rejectionsAudited('192.0.2.5')).toHaveLength(60);
  });

  it('are listed, the newest five hundred of them', async () => {
    for (let round = 0; round < 2; round += 1) {
      const busy = trafficOn(writer);
      for (let i = 0; i < 400; i += 1) busy.observe(aRejection(`R${round}N${i}`, `192.0.2.${i % 8}`));
      await busy.close();
      clock.advance({ minutes: 2 });
    }
    expect(await database.client.scannerRejection.count()).toBe(REJECTIONS_KEPT_MAX);
    expect(
      await database.client.scannerRejection.count({ where: { callingAETitle: { startsWith: 'R1' } } }),
    ).toBe(400);
  });

  it('do not push each other off the list: of one address so many stay and no more', async () => {
    traffic.observe(aRejection('CONSOLE', '192.0.2.77'));
    await traffic.close();
    for (let round = 0; round < 2; round += 1) {
      clock.advance({ minutes: 2 });
      const knocking = trafficOn(writer);
      for (let i = 0; i < REJECTIONS_KEPT_MAX; i += 1) knocking.observe(aRejection(`R${round}N${i}`));
      await knocking.close();
    }
    const kept = await database.client.scannerRejection.groupBy({ by: ['source'], _count: true });
    expect(new Map(kept.map(({ source, _count }) => [source, _count]))).toEqual(
      new Map([
        ['192.0.2.77', 1],
        ['192.0.2.5', REJECTIONS_KEPT_OF_ONE_ADDRESS_MAX],
      ]),
    );
  });
});
