import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorklistItem } from '../../src/clinic/imaging/worklist.type.js';
import { WorklistMirror } from '../../src/clinic/imaging/worklist-mirror.service.js';
import { toPeer, WorklistWindow } from '../../src/clinic/imaging/worklist-view.dicom.js';
import { dataSet } from '../../src/dicom/index.js';
import { compileIdentifier } from '../../src/dicom/services/identifier.js';
import { toNarrowing } from '../../src/dicom/services/narrowing.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import { aWording, consentWordingServiceOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import { aVisit, makeDepartment, makeReference } from '../support/imaging-department.factory.js';

let db: TestDatabase;
let database: Database;
let imaging: Imaging;
let department: Awaited<ReturnType<typeof makeDepartment>>;

/** A mirror of its own, as another process has one. */
class Watcher {
  readonly items = new Map<string, WorklistItem>();
  readingCount = 0;
  readonly connection = new DirectConnection(db.url);
  readonly mirror = new WorklistMirror(
    this.connection,
    database,
    imaging.standings,
    imaging.clock,
    readConfig({}, '/tmp'),
  );

  constructor() {
    this.mirror.follow({
      clear: () => {
        this.readingCount += 1;
        this.items.clear();
      },
      put: (items) => {
        for (const item of items) this.items.set(item.scheduledProcedureStepId, item);
      },
      removeVisits: (accessionNumbers) => {
        for (const [stepId, item] of this.items)
          if (accessionNumbers.includes(item.accessionNumber)) this.items.delete(stepId);
      },
    });
  }

  async look(): Promise<readonly WorklistItem[]> {
    await this.mirror.refresh();
    return [...this.items.values()];
  }

  async shown(): Promise<readonly string[]> {
    return (await this.look())
      .filter(({ closedGate }) => closedGate === null)
      .map(({ startsAt, familyName }) => `${familyName} ${startsAt}`)
      .sort();
  }
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
  await emptyTables(
    database,
    `worklist_entries, scan_bookings, scanners, span_claims, opening_hours, resources, imaging_protocols,
      lead_time_policies, referrals`,
  );
  imaging = imagingOn(database, new FixedClock('2026-03-02T09:00:00Z'), db.url);
  await makeReference(database);
  // A wording concerns every scan: the first consent would have all of them read afresh.
  await consentWordingServiceOn(database, imaging.clock).publishWording(RECEPTION, aWording());
  department = await makeDepartment(database);
});

async function book(day = '2026-03-10') {
  const { referralId, patientId } = await makeReferredPatient(imaging);
  const visit = aVisit(department, referralId, `${day}T09:00:00Z`, `${day}T12:15:00Z`);
  const booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
  return { booking, patientId, referralId };
}

describe('the worklist in memory', () => {
  it('has every committed change in the next answer of every process, and reads only what changed', async () => {
    const [one, other] = [new Watcher(), new Watcher()];
    expect([await one.look(), await other.look()]).toEqual([[], []]);
    const { booking, patientId, referralId } = await book();
    expect(await one.look()).toHaveLength(1);
    const to = aVisit(department, referralId, '2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z');
    mustBeBooked(
      await imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: booking.id, version: 0 }),
    );
    for (const each of [one, other]) {
      expect((await each.look()).map((item) => item.startsAt.toString())).toEqual(['2026-03-11T12:15:00Z']);
    }
    await database.client
      .$executeRaw`UPDATE patients SET family_name = 'Renamed' WHERE id = ${patientId}::uuid`;
    for (const each of [one, other]) expect((await each.look())[0]?.familyName).toBe('Renamed');
    await imaging.bookings.cancelScan(RECEPTION, { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' });
    expect([await one.look(), await other.look()]).toEqual([[], []]);
    expect([one.readingCount, other.readingCount]).toEqual([1, 1]);
  });

  it('knows of a withdrawn consent and of one given again', async () => {
    const watcher = new Watcher();
    const { patientId } = await book();
    expect(await watcher.shown()).toHaveLength(1);
    const records = await database.client.consentRecord.findMany({
      where: { patientId, purpose: 'IMAGING_TRACER_AND_XRAYS' },
    });
    const [given] = records;
    if (given === undefined) throw new Error('the patient has consented');
    const { id: _, told: _told, ...rest } = given;
    const decide = (decision: 'WITHDRAWN' | 'GIVEN', minutes: number) =>
      database.client.consentRecord.create({
        data: {
          ...rest,
          decision,
          decidedAt: new Date(rest.decidedAt.getTime() + minutes * 60_000),
          recordedAt: new Date(rest.recordedAt.getTime() + minutes * 60_000),
        },
      });
    await decide('WITHDRAWN', 1);
    expect(await watcher.shown()).toEqual([]);
    await decide('GIVEN', 2);
    expect(await watcher.shown()).toHaveLength(1);
    expect(watcher.readingCount).toBe(1);
  });

  it('does not overlook a transaction that began early and commits late', async () => {
    const watcher = new Watcher();
    const [first, second] = [await book('2026-03-10'), await book('2026-03-11')];
    await watcher.look();
    const late = new pg.Client({ connectionString: db.url });
    await late.connect();
    try {
      await late.query('BEGIN');
      await late.query('UPDATE patients SET family_name = $1 WHERE id = $2', ['Late', first.patientId]);
      await database.client
        .$executeRaw`UPDATE patients SET family_name = 'Early' WHERE id = ${second.patientId}::uuid`;
      expect(await watcher.shown()).toEqual(expect.arrayContaining(['Early 2026-03-11T12:15:00Z']));
      expect(await watcher.shown()).not.toEqual(expect.arrayContaining(['Late 2026-03-10T12:15:00Z']));
      await late.query('COMMIT');
      expect(await watcher.shown()).toEqual(['Early 2026-03-11T12:15:00Z', 'Late 2026-03-10T12:15:00Z']);
    } finally {
      await late.end();
    }
    expect(watcher.readingCount).toBe(1);
  });

  it('takes up a changed profile, an item of a renamed camera and a scanner that was retired', async () => {
    const watcher = new Watcher();
    await book();
    await watcher.look();
    const [profile] = watcher.mirror.callersNamed('SPECTCT1');
    if (profile === undefined) throw new Error('the department has a scanner');
    expect(profile.timeZone).toBe('Europe/London');
    await database.client.scanner.update({
      where: { id: profile.id },
      data: { answersMax: 7, timeZone: 'Europe/Dublin', daysBefore: 60 },
    });
    expect((await watcher.look())[0]?.timeZone).toBe('Europe/Dublin');
    expect(watcher.mirror.profileOf(profile.id)).toMatchObject({ answersMax: 7, daysBefore: 60 });
    await database.client.resource.update({ where: { id: department.cameraId }, data: { name: 'Camera 9' } });
    expect((await watcher.look())[0]?.cameraName).toBe('Camera 9');
    await database.client.scanner.update({ where: { id: profile.id }, data: { retiredAt: new Date(0) } });
    await watcher.look();
    expect(watcher.mirror.profileOf(profile.id)).toBeUndefined();
  });

  it('reads everything afresh after its connection was lost, and answers nothing old meanwhile', async () => {
    const watcher = new Watcher();
    await book();
    await watcher.look();
    await database.client.$executeRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'facet-direct' AND datname = current_database()`;
    expect(await watcher.look()).toHaveLength(1);
    expect(watcher.readingCount).toBe(2);
  });

  it('serves any number of callers at once with few questions, each true for its own moment', async () => {
    const watcher = new Watcher();
    await watcher.look();
    const counts = await Promise.all(
      ['10', '11', '12', '13', '16', '17'].map(async (day) => {
        await book(`2026-03-${day}`);
        return (await watcher.look()).length;
      }),
    );
    expect(Math.max(...counts)).toBe(6);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    await Promise.all(Array.from({ length: 50 }, () => watcher.mirror.refresh()));
    expect(await watcher.look()).toHaveLength(6);
  });

  it('shows nobody any more who was cancelled or moved while a long answer is under way', async () => {
    const mirror = new WorklistMirror(
      new DirectConnection(db.url),
      database,
      imaging.standings,
      imaging.clock,
      readConfig({}, '/tmp'),
    );
    const window = new WorklistWindow(mirror, imaging.clock);
    const [stays, goes, moves] = [
      await book('2026-03-10'),
      await book('2026-03-11'),
      await book('2026-03-12'),
    ];
    await mirror.refresh();
    const [profile] = mirror.callersNamed('SPECTCT1');
    if (profile === undefined) throw new Error('the department has a scanner');
    const view = await window.current(toPeer(profile));
    const identifier = dataSet({ PatientName: '' });
    const items =
      view?.index
        .select(compileIdentifier(identifier), toNarrowing(identifier), null)
        .flatMap((one) => one.items) ?? [];
    expect(items.filter((item) => view?.isShown(item))).toHaveLength(3);
    await imaging.bookings.cancelScan(RECEPTION, {
      scanBookingId: goes.booking.id,
      reason: 'PATIENT_REQUEST',
    });
    const to = aVisit(department, moves.referralId, '2026-03-13T09:00:00Z', '2026-03-13T12:15:00Z');
    mustBeBooked(
      await imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: moves.booking.id, version: 0 }),
    );
    await database.client
      .$executeRaw`UPDATE patients SET family_name = 'Renamed' WHERE id = ${stays.patientId}::uuid`;
    await mirror.refresh();
    const shown = items.filter((item) => view?.isShown(item)).map(({ stepId }) => stepId);
    expect(shown).toEqual([`${stays.booking.accessionNumber}.1`]);
    expect(
      await window.current({ ...toPeer(profile), id: '019aaaaa-0000-7000-8000-000000000000' }),
    ).toBeNull();
  });

  it('reads afresh with each day of the clinic, since what ends with a day is written by nobody', async () => {
    const watcher = new Watcher();
    const { referralId } = await book('2026-03-10');
    await database.client
      .$executeRaw`UPDATE imaging_requests SET lapses_on = '2026-03-11' WHERE referral_id = ${referralId}::uuid`;
    expect(await watcher.shown()).toHaveLength(1);
    // Nine days of a scanner that asks twice a day.
    for (let look = 0; look < 19; look += 1) {
      imaging.clock.advance({ hours: 11 });
      expect(await watcher.shown()).toHaveLength(imaging.clock.now().toString() < '2026-03-11' ? 1 : 0);
    }
    expect(watcher.readingCount).toBe(10);
    await watcher.look();
    expect(watcher.readingCount).toBe(10);
  });

  it('forgets changes of an earlier day', async () => {
    await book();
    const count = () => database.client.worklistChange.count();
    expect(await count()).toBeGreaterThan(0);
    await database.client.$executeRaw`UPDATE worklist_changes SET changed_at = '2026-02-28T00:00:00Z'`;
    await imaging.mirror.forgetOld();
    expect(await count()).toBe(0);
  });
});
