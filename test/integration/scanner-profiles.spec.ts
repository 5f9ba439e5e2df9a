import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type {
  ConnectScannerInput,
  ReviseScannerInput,
  Scanner,
} from '../../src/clinic/imaging/scanner.type.js';
import { ScannerSetupService } from '../../src/clinic/imaging/scanner-setup.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
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
import { makeResource } from '../support/scheduling.factory.js';

let db: TestDatabase;
let database: Database;
let imaging: Imaging;
let setup: ScannerSetupService;
let department: Department;
let scanner: Scanner;

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
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  imaging = imagingOn(database, clock, db.url);
  const audit = new AuditService(database, clock);
  setup = new ScannerSetupService(database, clock, audit, imaging.schedule, imaging.worklist);
  await makeReference(database);
  department = await makeDepartment(database);
  [scanner] = (await setup.scanners()) as [Scanner];
});

const revise = (parts: Partial<ReviseScannerInput>, version = scanner.version) =>
  setup.reviseScanner(RECEPTION, { ...parts, id: scanner.id, version });

async function mustRevise(parts: Partial<ReviseScannerInput>): Promise<Scanner> {
  const result = await revise(parts);
  if (isRefusal(result)) throw new Error(result.message);
  scanner = result as Scanner;
  return scanner;
}

async function book() {
  const { referralId } = await makeReferredPatient(imaging);
  const visit = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
  return mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
}

const auditOf = (action: string) =>
  database.client.auditEntry.findMany({ where: { action, subjectId: scanner.id } });

describe('a profile', () => {
  it('has what is usual where nothing was said, and what was said as it is compared', async () => {
    const cameraId = await makeResource(database, 'CAMERA');
    const input: ConnectScannerInput = {
      name: ' Console ',
      cameraId,
      callingAETitles: ['CONSOLE1'],
      sourceAddresses: ['2001:DB8:0:0:0:0:0:1'],
      stationAETitle: 'CONSOLE1',
      stationName: 'CONSOLE1',
      modalities: ['NM'],
      responseCharacterSet: 'ISO_2022_IR_87',
      ownStationByDefault: true,
      answersMax: 500,
      transport: 'MUTUAL_TLS',
      certificateSha256: 'AB:'.repeat(31).concat('AB'),
    };
    expect(await setup.connectScanner(RECEPTION, input)).toMatchObject({
      name: 'Console',
      sourceAddresses: ['2001:db8::1'],
      ownItemsOnly: true,
      hiddenStatuses: ['COMPLETED', 'DISCONTINUED'],
      daysBefore: 1,
      daysAfter: 90,
      timeZone: null,
      sendsEveryType2: false,
      certificateSha256: 'ab'.repeat(32),
      performedStepHoursMax: 12,
      version: 0,
      warnings: [],
      retiredAt: null,
    });
    const bare = { ...input, name: 'Other', callingAETitles: ['X'], stationAETitle: 'X', transport: null };
    await expect(
      setup.connectScanner(RECEPTION, { ...bare, cameraId: await makeResource(database, 'CAMERA') }),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('is revised in what is said and stays in what is not, with the next refresh of every door', async () => {
    const before = scanner;
    expect(before.warnings).toHaveLength(2);
    const after = await mustRevise({
      sourceAddresses: ['::ffff:192.0.2.5'],
      hiddenStatuses: [],
      timeZone: 'Europe/Paris',
    });
    expect(after).toEqual({
      ...before,
      sourceAddresses: ['192.0.2.5'],
      hiddenStatuses: [],
      timeZone: 'Europe/Paris',
      version: 1,
      warnings: [],
    });
    expect(await setup.scanner(scanner.id)).toEqual(after);
    await imaging.mirror.refresh();
    expect(imaging.mirror.profileOf(scanner.id)).toMatchObject({
      timeZone: 'Europe/Paris',
      hiddenStatuses: [],
    });
    await mustRevise({ timeZone: null, name: null });
    expect(scanner).toMatchObject({ timeZone: null, name: before.name, version: 2 });
    const [entry] = await auditOf('scanner.revised');
    expect(entry).toMatchObject({
      subjectId: scanner.id,
      actorId: RECEPTION.id,
      before: { version: 0, sourceAddresses: [] },
      after: { version: 1, sourceAddresses: ['192.0.2.5'] },
    });
  });

  it('is written down only when it is different', async () => {
    await mustRevise({ daysAfter: scanner.daysAfter, modalities: [...scanner.modalities] });
    expect(scanner.version).toBe(0);
    expect(await auditOf('scanner.revised')).toEqual([]);
  });

  it('is changed by one of two at once; the other is told what it is now', async () => {
    const results = await Promise.all([
      revise({ daysAfter: 10 }),
      revise({ daysAfter: 20 }),
      revise({ daysAfter: 30 }),
    ]);
    const refused = results.filter(isRefusal);
    expect(refused).toHaveLength(2);
    const current = await setup.scanner(scanner.id);
    for (const refusal of refused)
      expect(refusal).toMatchObject({
        code: 'ScannerChangedMeanwhile',
        current: { version: 1, daysAfter: current.daysAfter },
      });
  });

  it('keeps a certificate only where one is shown', async () => {
    const pinned = { transport: 'MUTUAL_TLS', certificateSha256: 'cd'.repeat(32) } as const;
    await expect(revise({ certificateSha256: pinned.certificateSha256 })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await mustRevise(pinned);
    await expect(revise({ transport: 'TLS' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await mustRevise({ transport: 'TLS', certificateSha256: null });
    expect(scanner).toMatchObject({ transport: 'TLS', certificateSha256: null, version: 2 });
  });

  it('shares neither name, station nor calling title with another', async () => {
    await makeDepartment(database, 'SPECTCT2');
    expect(await revise({ name: 'Scanner SPECTCT2' })).toMatchObject({ code: 'ScannerNameTaken' });
    expect(await revise({ stationAETitle: 'SPECTCT2' })).toMatchObject({ code: 'ScannerNameTaken' });
    const taken = await revise({ callingAETitles: ['SPECTCT1', 'SPECTCT2'] });
    expect(taken).toMatchObject({ code: 'CallingAETitleTaken', callingAETitle: 'SPECTCT2' });
    expect(await setup.scanner(scanner.id)).toEqual(scanner);
    expect(await auditOf('scanner.revised')).toEqual([]);
    await mustRevise({ callingAETitles: ['SPECTCT1', 'SPARE'] });
  });

  it('is nobody’s any more once the scanner is retired', async () => {
    await setup.retireScanner(RECEPTION, scanner.id);
    await expect(revise({ daysAfter: 3 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await setup.scanner(scanner.id)).retiredAt).not.toBeNull();
  });
});

describe('other modalities or another station', () => {
  it('are on the worklist in the same moment', async () => {
    const booking = await book();
    await mustRevise({ modalities: ['NM', 'CT'], stationAETitle: 'ROOM1' });
    expect((await worklistOf(imaging)).map((item) => [item.modality, item.stationAETitle])).toEqual([
      ['NM', 'ROOM1'],
      ['CT', 'ROOM1'],
    ]);
    await mustRevise({ modalities: ['CT'] });
    expect(await worklistOf(imaging)).toMatchObject([
      { modality: 'CT', scheduledProcedureStepId: `${booking.accessionNumber}.1` },
    ]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('are refused while a step would change its place under the scanner’s hands', async () => {
    await mustRevise({ modalities: ['NM', 'CT'] });
    const booking = await book();
    await database.client.worklistEntry.updateMany({
      where: { bookingId: booking.id, modality: 'CT' },
      data: { status: 'STARTED' },
    });
    const version = scanner.version;
    expect(await revise({ modalities: ['NM'] })).toMatchObject({ code: 'StepInProgress', modality: 'CT' });
    expect(await revise({ modalities: ['CT', 'NM'] })).toMatchObject({
      code: 'StepInProgress',
      modality: 'CT',
    });
    expect((await setup.scanner(scanner.id)).version).toBe(version);
    expect(await revise({ daysAfter: 5 })).toMatchObject({ daysAfter: 5 });
  });
});
