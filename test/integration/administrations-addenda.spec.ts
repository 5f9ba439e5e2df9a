import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Administration } from '../../src/clinic/administrations/administration.type.js';
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
  RESIDUAL,
} from '../support/administrations.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn } from '../support/imaging.factory.js';
import {
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';

// What is added to the record of an injection: nothing in it is ever changed.

const at = (text: string) => Temporal.Instant.from(text);

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: Administrations;
let department: Department;
let operator: Booker;
let batchId: string;
let scan: Injectable;
let given: Administration;

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
  const imaging = imagingOn(database, clock, db.url);
  room = administrationsOn(imaging);
  await makeReference(database);
  await makeDoseProtocol(database);
  department = await makeDepartment(database);
  operator = await makeOperator(database);
  batchId = await makeBatch(database);
  scan = await makeInjectable(imaging, department);
  clock.set('2026-03-10T09:10:00Z');
  const wish = anInjection(scan.id, batchId);
  given = mustBeGiven(await room.administrations.recordAdministration(operator, wish));
});

const residual = (version = given.current.version, booker = operator) =>
  room.addenda.recordResidual(booker, { administrationId: given.id, version, ...RESIDUAL });
const correct = (parts: object, version = given.current.version, booker = operator) =>
  room.addenda.correctAdministration(booker, {
    ...{ administrationId: given.id, version, reason: 'Read wrongly from the slip.' },
    ...parts,
  });
const takeBack = (version = given.current.version, booker = operator) =>
  room.addenda.voidAdministration(booker, {
    ...{ administrationId: given.id, version, reason: 'Entered for the wrong booking.' },
  });
const booking = () => database.client.scanBooking.findUniqueOrThrow({ where: { id: scan.id } });
const firstStep = () =>
  database.client.visitStep.findFirstOrThrow({ where: { visitId: scan.id, position: 0 } });
const uses = () => database.client.batchUse.findMany({ where: { visitId: scan.id }, orderBy: { id: 'asc' } });

describe('the residual', () => {
  it('follows, and makes the net activity less: nothing of the first step is lost', async () => {
    expect(given.current.netActivityMbq).toBeCloseTo(789.06, 2);
    const after = mustBeGiven(await residual());
    expect(after.current).toMatchObject({ version: 2, entry: 'RESIDUAL_MEASURED', residualActivityMbq: 12 });
    expect(after.current.netActivityMbq).toBeCloseTo(776.94, 2);
    expect(after.current.effectiveDoseMsv).toBeCloseTo(776.94 * 0.0049, 3);
    expect(after.entries.map(({ entry }) => entry)).toEqual(['RECORDED', 'RESIDUAL_MEASURED']);
    expect(after.entries[0]).toEqual(given.current);
    expect((await booking()).netActivityMbq).toBeCloseTo(776.94, 2);
    // What was drawn is what it was.
    expect(await uses()).toHaveLength(1);
  });

  it('is recorded once, by somebody who is entitled to measure', async () => {
    const somebody = await makeOperator(database, ['ACQUIRE_IMAGES']);
    expect(await residual(1, somebody)).toMatchObject({ code: 'StaffNotEntitled', act: 'MEASURE_ACTIVITY' });
    mustBeGiven(await residual());
    expect(await residual()).toMatchObject({ code: 'ResidualAlreadyRecorded', residualActivityMbq: 12 });
    expect(await residual(2)).toMatchObject({ code: 'ResidualAlreadyRecorded' });
  });

  it('of fifty at once one is recorded', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => residual()));
    expect(answers.filter((answer) => !('code' in answer))).toHaveLength(1);
    expect(await database.client.administrationVersion.count()).toBe(2);
  });
});

describe('a correction', () => {
  it('is a new entry with its reason; scanner, visit and batch follow', async () => {
    const injectedAt = at('2026-03-10T09:05:00Z');
    const after = mustBeGiven(await correct({ injectedAt, measuredActivity: { value: 830, unit: 'MBQ' } }));
    expect(after.current).toMatchObject({
      ...{ version: 2, entry: 'CORRECTED', reason: 'Read wrongly from the slip.', measuredActivityMbq: 830 },
      bodySite: 'back of the hand',
    });
    // By an independent hand: 830 MBq, 25 minutes, half-life 6.0067 h.
    expect(after.current.netActivityMbq).toBeCloseTo(830 * 2 ** (-25 / 60 / 6.0067), 6);
    expect((await booking()).injectedAt?.toISOString()).toBe('2026-03-10T09:05:00.000Z');
    expect((await firstStep()).endedAt?.toISOString()).toBe('2026-03-10T09:05:00.000Z');
    const [back, drawn] = await uses();
    expect(back?.givenBackAt).not.toBeNull();
    expect(drawn?.givenBackAt).toBeNull();
    expect(drawn?.activityMbq).toBeCloseTo(after.current.drawnActivityMbq, 9);
  });

  it('keeps which gates were closed at the time that is now said', async () => {
    const after = mustBeGiven(
      await correct({ injectedAt: at('2026-03-10T08:25:00Z'), measuredAt: at('2026-03-10T08:20:00Z') }),
    );
    expect(after.current.closedGates).toEqual(['IDENTITY_CHECKED', 'SAFETY_CHECKED']);
  });

  it('above the plan asks for a reason as well, and in another unit for another look', async () => {
    const measuredActivity = { value: 940, unit: 'MBQ' };
    expect(await correct({ measuredActivity })).toMatchObject({ code: 'DepartureNeedsReason' });
    const departure = { because: '130 kg', approvedProtocol: 'NM-12 v3' };
    expect(mustBeGiven(await correct({ measuredActivity, departure })).current.comparison).toBe('ABOVE_DRL');
    expect(await correct({ measuredActivity: { value: 22, unit: 'MBQ' } }, 2)).toMatchObject({
      code: 'ActivityImplausible',
    });
  });

  it('is refused to whoever has not seen the latest entry', async () => {
    mustBeGiven(await residual());
    expect(await correct({ bodySite: 'elbow' })).toMatchObject({
      code: 'AdministrationChangedMeanwhile',
      currentVersion: 2,
    });
  });

  it('of fifty at once one is written', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => correct({ bodySite: 'elbow' })));
    expect(answers.filter((answer) => !('code' in answer))).toHaveLength(1);
  });
});

describe('a record that is taken back', () => {
  it('keeps both entries; the dose is back, and nobody counts as injected', async () => {
    const after = mustBeGiven(await takeBack());
    expect(after).toMatchObject({ isVoid: true, current: { version: 2, entry: 'VOIDED' } });
    expect(after.entries).toHaveLength(2);
    expect(await booking()).toMatchObject({ injectedAt: null, netActivityMbq: null, tracerName: null });
    expect(await firstStep()).toMatchObject({ startedAt: null, endedAt: null });
    expect((await uses()).every(({ givenBackAt }) => givenBackAt !== null)).toBe(true);
    const batch = await database.client.tracerBatch.findUniqueOrThrow({ where: { id: batchId } });
    expect(batch.drawnMbq).toBeCloseTo(0, 6);
  });

  it('is added to no more, and makes room for another', async () => {
    mustBeGiven(await takeBack());
    for (const verb of [() => residual(2), () => correct({ bodySite: 'elbow' }, 2), () => takeBack(2)]) {
      expect(await verb()).toMatchObject({ code: 'AdministrationVoid' });
    }
    const next = anInjection(scan.id, batchId);
    const second = mustBeGiven(await room.administrations.recordAdministration(operator, next));
    expect(second.ordinal).toBe(2);
    expect((await booking()).injectedAt).not.toBeNull();
  });

  it('with the same key is taken back once', async () => {
    const keyed = bookerOf(operator.actor.id, 'void-1');
    const first = mustBeGiven(await takeBack(1, keyed));
    expect(await takeBack(1, keyed)).toEqual(first);
    expect(await database.client.administrationVersion.count()).toBe(2);
  });

  it('writes down before and after, and who', async () => {
    mustBeGiven(await takeBack());
    const entry = await database.client.auditEntry.findFirstOrThrow({
      where: { action: 'administration.voided', subjectId: given.id },
    });
    expect(entry).toMatchObject({ actorId: operator.actor.id, patientIds: [scan.patientId] });
    expect(entry.before).toMatchObject({ entry: 'RECORDED' });
    expect(entry.after).toMatchObject({ entry: 'VOIDED', reason: 'Entered for the wrong booking.' });
  });
});

describe('the database has the last word', () => {
  const run = (sql: string) => database.client.$executeRawUnsafe(sql);

  it.each([
    ['administrations', 'ordinal = 7'],
    ['administration_versions', 'net_activity_mbq = 1'],
    ['administration_policies', 'tolerance_percent = 40'],
  ])('nobody rewrites, deletes or empties %s', async (table, change) => {
    await expect(run(`UPDATE ${table} SET ${change}`)).rejects.toThrow(/only ever added to/);
    await expect(run(`DELETE FROM ${table}`)).rejects.toThrow(/only ever added to/);
    await expect(run(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(/only ever added to/);
  });

  it('nobody is injected twice, no version is left out, and what went in is what was drawn at most', async () => {
    await expect(
      run(`INSERT INTO administrations (id, visit_id, ordinal, recorded_at, recorded_by_id)
           SELECT gen_random_uuid(), visit_id, 2, recorded_at, recorded_by_id FROM administrations`),
    ).rejects.toThrow(/has been injected/);
    const added = (parts: object) =>
      run(`INSERT INTO administration_versions
           SELECT (jsonb_populate_record(v, '${JSON.stringify(parts)}'::jsonb)).* FROM administration_versions v`);
    const addendum = { version: 2, entry: 'CORRECTED', reason: 'for a test' };
    await expect(added({ ...addendum, version: 3 })).rejects.toThrow(/does not follow/);
    await expect(added({ ...addendum, net_activity_mbq: 900 })).rejects.toThrow(/_activity/);
    await expect(added({ ...addendum, comparison: 'ABOVE_DRL' })).rejects.toThrow(/_departure/);
    await expect(added({ ...addendum, reason: null })).rejects.toThrow(/_entry/);
    await expect(added({ ...addendum, injected_at: '2099-01-01T00:00:00Z' })).rejects.toThrow(/_in_order/);
  });
});
