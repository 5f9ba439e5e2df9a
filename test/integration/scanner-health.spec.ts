import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { ScannerHealthService } from '../../src/clinic/imaging/scanner-health.service.js';
import type { ScannerHealth } from '../../src/clinic/imaging/scanner-health.type.js';
import { ScannerProbe } from '../../src/clinic/imaging/scanner-probe.dicom.js';
import { ScannerProbeService } from '../../src/clinic/imaging/scanner-probe.service.js';
import { ScannerTraffic } from '../../src/clinic/imaging/scanner-traffic.dicom.js';
import { ScannerTrafficService } from '../../src/clinic/imaging/scanner-traffic.service.js';
import { toPeer, WorklistWindow } from '../../src/clinic/imaging/worklist-view.dicom.js';
import { createDicomServer, type DicomServer } from '../../src/dicom/index.js';
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
import { until } from '../support/until.js';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let health: ScannerHealthService;
let probes: ScannerProbeService;
let probe: ScannerProbe;
let traffic: ScannerTraffic;
let scannerId: string;

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
  const writer = new ScannerTrafficService(database, clock, new AuditService(database, clock));
  health = new ScannerHealthService(database, clock, config);
  probes = new ScannerProbeService(database, clock, config, imaging.scanGates);
  probe = new ScannerProbe(config, probes, writer);
  traffic = new ScannerTraffic(writer, probe, clock);
  await makeReference(database);
  department = await makeDepartment(database);
  const connectedAt = '2026-01-01T00:00:00Z';
  ({ id: scannerId } = await database.client.scanner.update({
    where: { id: (await database.client.scanner.findFirstOrThrow()).id },
    data: { connectedAt },
  }));
});

async function book(day: string, hour = '12:15') {
  const { referralId } = await makeReferredPatient(imaging);
  const visit = aVisit(department, referralId, `${day}T09:00:00Z`, `${day}T${hour}:00Z`);
  return mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
}

async function healthNow(): Promise<ScannerHealth> {
  const [only, ...more] = await health.scannerHealth(scannerId);
  if (only === undefined || more.length > 0) throw new Error('one scanner was asked for');
  return only;
}

const association = {
  associationId: 1,
  remoteAddress: '192.0.2.5',
  callingAETitle: 'SPECTCT1',
  calledAETitle: 'FACET',
  secured: false,
};

async function echoes(): Promise<void> {
  traffic.observe({ type: 'echo-answered', association, peerId: scannerId });
  await traffic.close();
}

describe('a scanner that is silent through a working day', () => {
  it('is flagged once the last scan of the day is over, and no longer when it is heard', async () => {
    await echoes();
    await book('2026-03-10');
    expect(await healthNow()).toMatchObject({ silent: false, silentSince: null });
    clock.set('2026-03-10T13:00:00Z');
    expect((await healthNow()).silent).toBe(false);
    clock.set('2026-03-10T13:15:00Z');
    const silent = await healthNow();
    expect(silent.silent).toBe(true);
    expect(silent.silentSince?.toString()).toBe('2026-03-02T09:00:00Z');
    expect(silent.summary).toMatch(
      /not heard on Tuesday 10 March 2026.*last on Monday 2 March 2026 at 09:00/,
    );
    expect(await health.scannersSilent()).toBe(1);
    await echoes();
    expect(await healthNow()).toMatchObject({ silent: false });
    expect(await health.scannersSilent()).toBe(0);
  });

  it('is not flagged for a day whose only booking was cancelled, nor for another camera’s', async () => {
    const booking = await book('2026-03-10');
    await makeDepartment(database, 'SPECTCT2');
    await imaging.bookings.cancelScan(RECEPTION, { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' });
    clock.set('2026-03-11T09:00:00Z');
    expect((await health.scannerHealth(null)).map(({ silent }) => silent)).toEqual([false, false]);
  });

  it('is told of one by one or all by name, and of none that is not there', async () => {
    await makeDepartment(database, 'SPECTCT2');
    const all = await health.scannerHealth(null);
    expect(all.map(({ scanner }) => scanner.name)).toEqual(['Scanner SPECTCT1', 'Scanner SPECTCT2']);
    expect(all[0]).toMatchObject({
      echoedAt: null,
      queriedAt: null,
      queryStatus: null,
      probeOk: null,
      rejections: [],
    });
    await expect(health.scannerHealth(department.cameraId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is told of with the callers that are likely it', async () => {
    for (const callingAETitle of ['SPECTCT', 'ULTRASOUND']) {
      traffic.observe({
        type: 'association-rejected',
        association: { ...association, callingAETitle },
        reason: 'calling-ae-title-not-recognised',
        explanation: null,
      });
    }
    await traffic.close();
    expect((await healthNow()).rejections).toMatchObject([
      { callingAETitle: 'SPECTCT', advice: expect.stringMatching(/own AE title/) },
    ]);
  });
});

describe('our own query through the port', () => {
  let server: DicomServer;
  let isHonest = true;

  async function open(): Promise<void> {
    const window = new WorklistWindow(imaging.mirror, clock);
    await imaging.mirror.refresh();
    server = createDicomServer({
      host: '127.0.0.1',
      port: 0,
      aeTitle: 'FACET',
      admission: {
        admit: async ({ callingAETitle, remoteAddress }) => {
          await imaging.mirror.refresh();
          const profile = imaging.mirror.profileOf(probe.peerFor(callingAETitle, remoteAddress) ?? '');
          return profile === undefined
            ? { accepted: false, reason: 'calling-ae-title-not-recognised' }
            : { accepted: true, peer: toPeer(profile) };
        },
      },
      worklist: {
        current: async (peer) => {
          const view = await window.current(peer);
          return view === null || isHonest ? view : { ...view, isShown: () => false };
        },
      },
      observer: (event) => traffic.observe(event),
    });
    await probeAt(await server.listen());
  }

  /** One round. */
  async function probeAt(door: { host: string; port: number }): Promise<void> {
    await database.client.scannerContact.deleteMany();
    probe.start(door);
    await until(async () => (await database.client.scannerContact.count()) > 0);
    await probe.stop();
  }

  beforeEach(async () => {
    isHonest = true;
    await book('2026-03-10');
    clock.set('2026-03-10T08:00:00Z');
  });

  const close = async () => {
    await server.close(0);
    await traffic.close();
  };

  it('counts what is booked today and not hidden, and leaves no look behind', async () => {
    expect(await probes.expectedToday(scannerId)).toBe(1);
    await open();
    await close();
    expect(await healthNow()).toMatchObject({
      probeOk: true,
      probeProblem: null,
      probeAnswers: 1,
      queriedAt: null,
    });
    expect((await healthNow()).probedAt?.toString()).toBe('2026-03-10T08:00:00Z');
    expect(await database.client.scannerQuery.count()).toBe(0);
    expect(
      await database.client.auditEntry.count({ where: { action: 'worklist.queried', subjectId: scannerId } }),
    ).toBe(0);
  });

  it('knows the answer where the profile hides, and on a day without anybody', async () => {
    await database.client.worklistEntry.updateMany({ data: { status: 'COMPLETED' } });
    expect(await probes.expectedToday(scannerId)).toBe(0);
    await database.client.scanner.update({ where: { id: scannerId }, data: { hiddenStatuses: [] } });
    expect(await probes.expectedToday(scannerId)).toBe(1);
    clock.set('2026-03-11T08:00:00Z');
    expect(await probes.expectedToday(scannerId)).toBe(0);
    await database.client.scanner.update({
      where: { id: scannerId },
      data: { retiredAt: '2026-03-11T08:00:00Z' },
    });
    expect(await probes.expectedToday(scannerId)).toBeNull();
  });

  it('finds a worklist that leaves somebody out', async () => {
    isHonest = false;
    await open();
    await close();
    expect(await healthNow()).toMatchObject({
      probeOk: false,
      probeProblem: 'the scanner port answered 0 steps for today where 1 are booked',
      summary: expect.stringMatching(/own query went wrong/),
    });
  });

  it('finds a port that does not answer', async () => {
    await open();
    const { address } = server;
    await close();
    await probeAt(address ?? { host: '127.0.0.1', port: 1 });
    expect(await healthNow()).toMatchObject({ probeOk: false, probeAnswers: null });
  });

  it('cannot be played by anybody else', async () => {
    await open();
    expect(probe.peerFor('PROBE0123456789A', '127.0.0.1')).toBeNull();
    expect(probe.isOwn('PROBE0123456789A')).toBe(false);
    await close();
  });
});
