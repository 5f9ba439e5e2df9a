import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { ConnectScannerInput } from '../../src/clinic/imaging/scanner.type.js';
import { ScannerSetupService } from '../../src/clinic/imaging/scanner-setup.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
  worklistOf,
} from '../support/imaging.factory.js';
import { aVisit, makeDepartment, makeReference } from '../support/imaging-department.factory.js';
import { makeResource } from '../support/scheduling.factory.js';

let db: TestDatabase;
let database: Database;
let imaging: Imaging;
let setup: ScannerSetupService;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyTables(
    database,
    `worklist_entries, scan_bookings, scanners, span_claims, opening_hours, resources, imaging_protocols,
      lead_time_policies, referrals`,
  );
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  imaging = imagingOn(database, clock, db.url);
  const audit = new AuditService(database, clock);
  setup = new ScannerSetupService(database, clock, audit, imaging.schedule, imaging.worklist);
  await makeReference(database);
});

function aScanner(cameraId: string, parts: Partial<ConnectScannerInput> = {}): ConnectScannerInput {
  return {
    name: 'Console',
    cameraId,
    callingAETitles: ['CONSOLE1'],
    sourceAddresses: [],
    stationAETitle: 'CONSOLE1',
    stationName: 'CONSOLE1',
    modalities: ['NM'],
    responseCharacterSet: 'ISO_IR_100',
    ownStationByDefault: true,
    answersMax: 500,
    ...parts,
  };
}

describe('connecting a scanner', () => {
  it('lets it call from the next association on, from the addresses it was given', async () => {
    const camera = await makeResource(database, 'CAMERA');
    await setup.connectScanner(RECEPTION, aScanner(camera, { sourceAddresses: ['192.0.2.5'] }));
    await imaging.mirror.refresh();
    expect(imaging.mirror.callersNamed('CONSOLE1')).toMatchObject([
      { stationAETitle: 'CONSOLE1', sourceAddresses: ['192.0.2.5'] },
    ]);
    expect(imaging.mirror.callersNamed('CONSOLE2')).toEqual([]);
    expect(await setup.scanners()).toMatchObject([{ name: 'Console', cameraId: camera }]);
  });

  it('gives a name, a station and a calling title to one scanner only, whoever is quicker', async () => {
    const camera = await makeResource(database, 'CAMERA');
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        setup.connectScanner(
          RECEPTION,
          aScanner(camera, { name: `Console ${i}`, stationAETitle: `STATION${i}` }),
        ),
      ),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    const codes = results.map((result) => ('code' in result ? result.code : 'connected'));
    expect(codes.filter((code) => code === 'CallingAETitleTaken')).toHaveLength(7);
    const room = await makeResource(database, 'INJECTION_ROOM');
    const wrong = setup.connectScanner(
      RECEPTION,
      aScanner(room, { callingAETitles: ['X'], stationAETitle: 'X' }),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is not retired while its camera has visits to come and nobody else would show them', async () => {
    const department = await makeDepartment(database);
    const { referralId } = await makeReferredPatient(imaging);
    const visit = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
    const booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
    const [old] = await setup.scanners();
    if (old === undefined) throw new Error('the department has a scanner');
    expect(await setup.retireScanner(RECEPTION, old.id)).toMatchObject({ code: 'ScannerHasBookings' });
    expect(await worklistOf(imaging)).toHaveLength(1);
    const beside = await setup.connectScanner(RECEPTION, aScanner(department.cameraId));
    expect(beside).toMatchObject({ code: 'CameraHasScanner' });
    const instead = aScanner(department.cameraId, {
      replacesScannerId: old.id,
      callingAETitles: ['SPECTCT1B'],
    });
    expect(isRefusal(await setup.connectScanner(RECEPTION, instead))).toBe(false);
    expect(await worklistOf(imaging)).toMatchObject([
      { stationAETitle: 'CONSOLE1', accessionNumber: booking.accessionNumber },
    ]);
    expect(imaging.mirror.callersNamed('SPECTCT1')).toEqual([]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('never leaves a cancelled or moved visit behind, whoever changes scanners meanwhile', async () => {
    const department = await makeDepartment(database);
    const [first] = await setup.scanners();
    if (first === undefined) throw new Error('the department has a scanner');
    let scannerId = first.id;
    for (let round = 0; round < 8; round += 1) {
      const { referralId } = await makeReferredPatient(imaging);
      const visit = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
      const booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
      const next = aScanner(department.cameraId, { replacesScannerId: scannerId, modalities: ['CT', 'NM'] });
      const to = aVisit(department, referralId, '2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z');
      const [scanner] = await Promise.all([
        setup.connectScanner(RECEPTION, next),
        round % 2 === 0
          ? imaging.bookings.cancelScan(RECEPTION, { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' })
          : imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: booking.id, version: 0 }),
      ]);
      if (isRefusal(scanner)) throw new Error(scanner.message);
      scannerId = scanner.id;
      const shown = (await worklistOf(imaging)).map((item) => [item.modality, item.startsAt.toString()]);
      const eleventh = '2026-03-11T12:15:00Z';
      expect(shown).toEqual(
        round % 2 === 0
          ? []
          : [
              ['CT', eleventh],
              ['NM', eleventh],
            ],
      );
      expect(await imaging.worklist.reconcile()).toEqual([]);
      if (round % 2 === 1) {
        await imaging.bookings.cancelScan(RECEPTION, {
          scanBookingId: booking.id,
          reason: 'PATIENT_REQUEST',
        });
      }
    }
  });

  it('never leaves a booking on no worklist when its scanner is retired at the same moment', async () => {
    const department = await makeDepartment(database);
    const [scanner] = await setup.scanners();
    if (scanner === undefined) throw new Error('the department has a scanner');
    const people = await Promise.all(Array.from({ length: 6 }, () => makeReferredPatient(imaging)));
    const booked = people.map(({ referralId }, i) => {
      const day = 10 + i;
      return imaging.bookings.bookScan(
        RECEPTION,
        aVisit(department, referralId, `2026-03-${day}T09:00:00Z`, `2026-03-${day}T12:15:00Z`),
      );
    });
    const [retired, ...results] = await Promise.all([setup.retireScanner(RECEPTION, scanner.id), ...booked]);
    const live = results.filter((result) => !isRefusal(result));
    if (!isRefusal(retired)) expect(live).toEqual([]);
    expect(await worklistOf(imaging)).toHaveLength(live.length);
  });
});
