import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordAdministrationInput } from '../../src/clinic/administrations/administration-entry.type.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import {
  type Administrations,
  administrationsOn,
  anInjection,
  arrive,
  bookerOf,
  type Injectable,
  makeBatch,
  makeChecks,
  makeDoseProtocol,
  makeInjectable,
  makeOperator,
  mustBeGiven,
  RESIDUAL,
  TRACER,
} from '../support/administrations.factory.js';
import { consentServiceOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { endLicence, makeLicence } from '../support/exposures.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn, RECEPTION } from '../support/imaging.factory.js';
import {
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
  PROTOCOL,
} from '../support/imaging-department.factory.js';

// What was injected goes on record whole, once, and only where every gate stood open.

const at = (text: string) => Temporal.Instant.from(text);
const NOW = '2026-03-02T09:00:00Z';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: Administrations;
let department: Department;
let operator: Booker;
let batchId: string;

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
  const imaging = imagingOn(database, clock, db.url);
  room = administrationsOn(imaging);
  await makeReference(database);
  // Licences outlive a test, and one of the tests ends them.
  await makeLicence(database, {
    ...{ kind: 'EMPLOYER', number: `E-${randomUUID()}`, siteCodes: ['MAIN'], staffId: null },
    procedureCodes: [PROTOCOL],
  });
  await makeDoseProtocol(database);
  department = await makeDepartment(database);
  operator = await makeOperator(database);
  batchId = await makeBatch(database);
});

const injectable = (wish: Parameters<typeof makeInjectable>[2] = {}) =>
  makeInjectable(room.imaging, department, wish);

/** Ten minutes after the injection, with whatever is different. */
function record(scan: Injectable, parts: Partial<RecordAdministrationInput> = {}, booker = operator) {
  if (Temporal.Instant.compare(clock.now(), at('2026-03-10T09:10:00Z')) < 0)
    clock.set('2026-03-10T09:10:00Z');
  return room.administrations.recordAdministration(booker, anInjection(scan.id, batchId, parts));
}

async function count() {
  const { client } = database;
  return {
    administrations: await client.administration.count(),
    versions: await client.administrationVersion.count(),
    uses: await client.batchUse.count({ where: { givenBackAt: null } }),
    // Audit entries outlive a test: those of what stands now.
    audit: await client.auditEntry.count({
      where: {
        action: { startsWith: 'administration.' },
        subjectId: { in: (await client.administration.findMany()).map(({ id }) => id) },
      },
    }),
  };
}

const NOTHING = { administrations: 0, versions: 0, uses: 0 };

describe('an injection', () => {
  it('is on record with its net activity, its half-life, its dose and who gave it', async () => {
    const scan = await injectable();
    const given = mustBeGiven(await record(scan, RESIDUAL));
    expect(given).toMatchObject({
      scanBookingId: scan.id,
      patientId: scan.patientId,
      ordinal: 1,
      isVoid: false,
      current: {
        version: 1,
        entry: 'RECORDED',
        operatorId: operator.actor.id,
        procedureCode: PROTOCOL,
        siteCode: 'MAIN',
        administeredOn: '2026-03-10',
        halfLifeHours: 6.0067,
        plannedActivityMbq: 800,
        comparison: 'AS_PLANNED',
        route: 'INTRAVENOUS',
        side: 'LEFT',
        closedGates: [],
      },
    });
    expect(given.current.drawnActivityMbq).toBeCloseTo(789.06, 2);
    expect(given.current.netActivityMbq).toBeCloseTo(776.94, 2);
    expect(given.current.effectiveDoseMsv).toBeCloseTo(776.94 * 0.0049, 3);
  });

  it('is known to the scanner, the visit, the batch and the audit record, in the same transaction', async () => {
    const scan = await injectable();
    const given = mustBeGiven(await record(scan, RESIDUAL));
    const { client } = database;
    const booking = await client.scanBooking.findUniqueOrThrow({ where: { id: scan.id } });
    expect(booking).toMatchObject({ tracerName: 'Tc-99m oxidronate', halfLifeHours: 6.0067 });
    expect(booking.injectedAt?.toISOString()).toBe('2026-03-10T09:00:00.000Z');
    expect(booking.netActivityMbq).toBeCloseTo(776.94, 2);
    const [step] = await client.visitStep.findMany({
      where: { visitId: scan.id },
      orderBy: { position: 'asc' },
    });
    expect([step?.startedAt?.toISOString(), step?.endedAt?.toISOString()]).toEqual([
      '2026-03-10T09:00:00.000Z',
      '2026-03-10T09:00:00.000Z',
    ]);
    const use = await client.batchUse.findFirstOrThrow({ where: { visitId: scan.id } });
    expect(use).toMatchObject({ batchId, purpose: 'PATIENT_DOSE', givenBackAt: null });
    expect(use.activityMbq).toBeCloseTo(789.06, 2);
    const entry = await client.auditEntry.findFirstOrThrow({
      where: { action: 'administration.recorded', subjectId: given.id },
    });
    expect(entry).toMatchObject({
      subjectId: given.id,
      actorId: operator.actor.id,
      patientIds: [scan.patientId],
    });
  });

  it('keeps how each gate stood', async () => {
    const scan = await injectable();
    const { id } = mustBeGiven(await record(scan));
    const [row] = await database.client.administrationVersion.findMany({ where: { administrationId: id } });
    const gates = row?.gates as { code: string; state: string }[];
    expect(gates.filter(({ state }) => state === 'PASSED').map(({ code }) => code)).toEqual(
      expect.arrayContaining(['CONSENT_IN_FORCE', 'IDENTITY_CHECKED', 'AUTHORISED', 'BATCH_VALID']),
    );
  });

  it('takes mCi for what they are', async () => {
    const scan = await injectable();
    const given = mustBeGiven(await record(scan, { measuredActivity: { value: 22, unit: 'MCI' } }));
    expect(given.current.measuredActivityMbq).toBe(814);
  });

  it.each([
    ['kBq taken for MBq', { value: 820_000, unit: 'MBQ' }],
    ['mCi taken for MBq', { value: 22, unit: 'MBQ' }],
    ['MBq taken for kBq', { value: 820, unit: 'KBQ' }],
  ] as const)('is not recorded with %s', async (_what, measuredActivity) => {
    const scan = await injectable();
    expect(await record(scan, { measuredActivity })).toMatchObject({ code: 'ActivityImplausible' });
    expect(await count()).toMatchObject(NOTHING);
  });

  it('that is far from the plan is recorded once somebody has read the calibrator again', async () => {
    const scan = await injectable();
    const measuredActivity = { value: 100, unit: 'MBQ' } as const;
    expect(await record(scan, { measuredActivity })).toMatchObject({ code: 'ActivityImplausible' });
    const given = mustBeGiven(await record(scan, { measuredActivity, activityReadAgain: true }));
    expect(given.current.comparison).toBe('BELOW_PLAN');
  });

  it.each([
    [{ injectedAt: at('2026-03-10T09:30:00Z') }, 'InjectionTimeImplausible'],
    [{ injectedAt: at('2026-03-09T09:00:00Z') }, 'InjectionTimeImplausible'],
    [{ injectedAt: at('2026-03-10T09:10:00.001Z') }, 'InjectionTimeImplausible'],
    [{ measuredAt: at('2026-03-10T09:01:00Z') }, 'MeasurementOutOfOrder'],
    [{ ...RESIDUAL, residualMeasuredAt: at('2026-03-10T09:10:00.001Z') }, 'MeasurementOutOfOrder'],
    [{ ...RESIDUAL, residualMeasuredAt: at('2026-03-10T08:59:00Z') }, 'MeasurementOutOfOrder'],
    [{ ...RESIDUAL, residualActivity: { value: 800, unit: 'MBQ' } }, 'ResidualExceedsDose'],
  ] as const)('with %o is refused as %s, and nothing is changed', async (parts, code) => {
    const scan = await injectable();
    expect(await record(scan, parts)).toMatchObject({ code });
    expect(await count()).toMatchObject(NOTHING);
  });

  it('says as a mistake of the input what does not belong together', async () => {
    const scan = await injectable();
    const { residualActivity } = RESIDUAL;
    await expect(record(scan, { residualActivity })).rejects.toThrow(/residualMeasuredAt/);
    await expect(record(scan, { departure: { because: 'heavy' } })).rejects.toThrow(/departure/);
    await expect(record(scan, { extravasation: 'swollen' })).rejects.toThrow(/hasExtravasated/);
  });
});

describe('above the plan or the reference level', () => {
  const HIGH = { measuredActivity: { value: 940, unit: 'MBQ' } } as const;

  it('asks for a reason and a practitioner, who is entitled to justify', async () => {
    const scan = await injectable();
    expect(await record(scan, HIGH)).toMatchObject({ code: 'DepartureNeedsReason', exceededDrlMbq: 880 });
    const nobody = { because: '130 kg', practitionerId: operator.actor.id };
    expect(await record(scan, { ...HIGH, departure: nobody })).toMatchObject({
      code: 'StaffNotEntitled',
      act: 'JUSTIFY',
    });
    const practitioner = await makeOperator(database, ['JUSTIFY']);
    const departure = { because: '130 kg', practitionerId: practitioner.actor.id };
    const given = mustBeGiven(await record(scan, { ...HIGH, departure }));
    expect(given.current).toMatchObject({
      comparison: 'ABOVE_DRL',
      departureBecause: '130 kg',
      departureApprovedBy: practitioner.actor.id,
    });
  });

  it('or an approved protocol', async () => {
    const scan = await injectable();
    const departure = { because: 'Obesity', approvedProtocol: 'NM-12 v3' };
    const given = mustBeGiven(await record(scan, { ...HIGH, departure }));
    expect(given.current).toMatchObject({ approvedProtocol: 'NM-12 v3', departureApprovedBy: null });
  });
});

/** Each hard gate of the injection, broken alone after the patient has come. */
const CLOSED: readonly (readonly [string, string, (scan: Injectable) => Promise<void>, RegExp])[] = [
  [
    'consent withdrawn between arrival and injection',
    'CONSENT_IN_FORCE',
    async ({ patientId }) => {
      clock.set('2026-03-10T08:55:00Z');
      await consentServiceOn(database, clock).withdrawConsent(RECEPTION, {
        ...{ patientId, purpose: 'IMAGING_TRACER_AND_XRAYS', givenBy: 'PATIENT', method: 'IN_PERSON' },
      });
    },
    /withdr/i,
  ],
  [
    'an employer’s licence that ended the day before',
    'EMPLOYER_LICENCE',
    async () => {
      const live = await database.client.licence.findMany({ where: { kind: 'EMPLOYER', ending: null } });
      for (const { id } of live) await endLicence(database, id, '2026-03-10');
    },
    /licence/i,
  ],
];

describe('a gate that is closed', () => {
  it.each(CLOSED)(
    '%s: refuses with what to do, and nothing is changed',
    async (_what, gate, close, words) => {
      const scan = await injectable();
      await close(scan);
      expect(await record(scan)).toMatchObject({
        code: 'GateClosed',
        gate,
        stage: 'INJECTION',
        message: expect.stringMatching(words),
      });
      expect(await count()).toMatchObject(NOTHING);
      const booking = await database.client.scanBooking.findUniqueOrThrow({ where: { id: scan.id } });
      expect(booking.injectedAt).toBeNull();
    },
  );

  it('is judged as of the injection: consent that was withdrawn after it does not undo what was given', async () => {
    const scan = await injectable();
    clock.set('2026-03-10T09:05:00Z');
    await consentServiceOn(database, clock).withdrawConsent(RECEPTION, {
      ...{ patientId: scan.patientId, purpose: 'IMAGING_TRACER_AND_XRAYS', givenBy: 'PATIENT' },
      method: 'IN_PERSON',
    });
    expect(mustBeGiven(await record(scan)).current.closedGates).toEqual([]);
  });

  it('identity that was only checked afterwards was not checked before', async () => {
    const scan = await injectable({ isChecked: false });
    const closed = { code: 'GateClosed', gate: 'IDENTITY_CHECKED' };
    expect(await record(scan)).toMatchObject(closed);
    await makeChecks(room.imaging, scan);
    expect(await record(scan)).toMatchObject({
      ...{ ...closed, reasonCode: 'ONLY_AFTER_INJECTION' },
      message: expect.stringMatching(/recorded at 09:\d\d:\d\d, .* said to be at 09:00:00/),
    });
    // What is given from now on is given after it.
    clock.set('2026-03-10T09:15:00Z');
    const later = { measuredAt: at('2026-03-10T09:11:00Z'), injectedAt: at('2026-03-10T09:12:00Z') };
    expect(await record(scan, later)).toMatchObject({ ordinal: 1 });
  });

  it('an operator who is not entitled', async () => {
    const scan = await injectable();
    const somebody = await makeOperator(database, ['ACQUIRE_IMAGES']);
    expect(await record(scan, {}, somebody)).toMatchObject({ code: 'GateClosed', gate: 'OPERATOR_ENTITLED' });
  });

  it('a batch one minute past its expiry, and not in its last minute', async () => {
    const scan = await injectable();
    batchId = await makeBatch(database, { expiresAt: '2026-03-10T08:59:00Z' });
    expect(await record(scan)).toMatchObject({ code: 'BatchExpired' });
    expect(await count()).toMatchObject(NOTHING);
    batchId = await makeBatch(database, { expiresAt: '2026-03-10T09:00:00Z' });
    expect(await record(scan, { injectedAt: at('2026-03-10T09:00:59Z') })).toMatchObject({ ordinal: 1 });
  });

  it('a batch that does not hold so much', async () => {
    const scan = await injectable();
    batchId = await makeBatch(database, { activityMbq: 500 });
    expect(await record(scan)).toMatchObject({ code: 'StockTooSmall' });
  });

  it('a patient who has not come', async () => {
    const scan = await injectable({ hasArrived: false });
    expect(await record(scan)).toMatchObject({ code: 'PatientNotHere', status: 'BOOKED' });
    await arrive(room.imaging, scan.id);
    expect(await record(scan)).toMatchObject({ ordinal: 1 });
  });
});

describe('what was injected although a gate was closed', () => {
  const report = (scan: Injectable, reason = 'The list was not at hand.') =>
    room.administrations.reportAdministrationOutsideGates(operator, {
      ...anInjection(scan.id, batchId),
      reason,
    });

  it('goes on record as what it is, with the gates that were closed', async () => {
    const scan = await injectable({ isChecked: false });
    clock.set('2026-03-10T09:10:00Z');
    const given = mustBeGiven(await report(scan));
    expect(given.current).toMatchObject({
      entry: 'REPORTED_OUTSIDE_GATES',
      closedGates: ['IDENTITY_CHECKED', 'SAFETY_CHECKED'],
      reason: 'The list was not at hand.',
    });
    const booking = await database.client.scanBooking.findUniqueOrThrow({ where: { id: scan.id } });
    expect(booking.injectedAt).not.toBeNull();
  });

  it('also from a batch that had expired: nothing is drawn from it then', async () => {
    const scan = await injectable();
    batchId = await makeBatch(database, { expiresAt: '2026-03-10T08:30:00Z' });
    clock.set('2026-03-10T09:10:00Z');
    expect(mustBeGiven(await report(scan)).current.closedGates).toEqual(['BATCH_VALID']);
    expect((await count()).uses).toBe(0);
  });

  it('also the wrong tracer: on record as what the batch held, off its stock, with no dose of another tracer', async () => {
    const scan = await injectable();
    await database.client.tracer.upsert({
      where: { code: 'TC99M_MDP' },
      create: {
        code: 'TC99M_MDP',
        name: 'Tc-99m medronate',
        radionuclideSymbol: 'Tc-99m',
        source: 'for a test',
      },
      update: {},
    });
    const supplier = await database.client.doseSupplier.findFirstOrThrow();
    const of = await database.client.tracerBatch.findUniqueOrThrow({ where: { id: batchId } });
    const { id: wrongId } = await database.client.tracerBatch.create({
      data: {
        ...of,
        id: randomUUID(),
        batchNumber: 'WRONG',
        tracerCode: 'TC99M_MDP',
        supplierId: supplier.id,
        drawnMbq: 0,
      },
    });
    clock.set('2026-03-10T09:10:00Z');
    expect(await record(scan, { batchId: wrongId })).toMatchObject({ code: 'TracerDiffers' });
    const rightId = batchId;
    batchId = wrongId;
    const given = mustBeGiven(await report(scan));
    expect(given.current).toMatchObject({
      ...{ tracerCode: 'TC99M_MDP', tracerName: 'Tc-99m medronate', batchNumber: 'WRONG' },
      ...{ closedGates: ['BATCH_VALID'], effectiveDoseMsv: null, effectiveDoseSource: null },
    });
    expect((await count()).uses).toBe(1);
    const booking = await database.client.scanBooking.findUniqueOrThrow({ where: { id: scan.id } });
    expect(booking.tracerName).toBe('Tc-99m medronate');
    const corrected = mustBeGiven(
      await room.addenda.correctAdministration(operator, {
        ...{
          administrationId: given.id,
          version: 1,
          batchId: rightId,
          reason: 'The number was read wrongly.',
        },
      }),
    );
    expect(corrected.current).toMatchObject({ tracerCode: TRACER, closedGates: [] });
    expect(corrected.current.effectiveDoseMsv).toBeCloseTo(789.06 * 0.0049, 3);
    expect((await count()).uses).toBe(1);
  });

  it('is no way around: where no gate was closed, it is refused', async () => {
    const scan = await injectable();
    clock.set('2026-03-10T09:10:00Z');
    expect(await report(scan)).toMatchObject({ code: 'NoGateWasClosed' });
  });
});

describe('a second time', () => {
  it('the same key gives the same answer, and is one injection', async () => {
    const scan = await injectable();
    const keyed = bookerOf(operator.actor.id, 'key-1');
    const first = mustBeGiven(await record(scan, RESIDUAL, keyed));
    expect(await record(scan, RESIDUAL, keyed)).toEqual(first);
    expect(await record(scan, {}, keyed)).toMatchObject({ code: 'IdempotencyKeyReused' });
    expect(await count()).toMatchObject({ administrations: 1, versions: 1, uses: 1, audit: 1 });
  });

  it('of fifty at once one is recorded', async () => {
    const scan = await injectable();
    const answers = await Promise.all(Array.from({ length: 50 }, () => record(scan)));
    const refused = answers.filter((answer) => 'code' in answer);
    expect(refused).toHaveLength(49);
    expect(new Set(refused.map((answer) => ('code' in answer ? answer.code : '')))).toEqual(
      new Set(['AlreadyAdministered']),
    );
    expect(await count()).toMatchObject({ administrations: 1, versions: 1, uses: 1, audit: 1 });
  });

  it('is refused, unless the first ran beside the vein and a practitioner decided so', async () => {
    const scan = await injectable();
    const practitioner = await makeOperator(database, ['JUSTIFY']);
    const again = { because: 'Nothing reached the vein.', practitionerId: practitioner.actor.id };
    const first = mustBeGiven(
      await record(scan, { hasExtravasated: true, extravasation: 'Swelling, warmed, arm raised.' }),
    );
    expect(await record(scan)).toMatchObject({ code: 'AlreadyAdministered', administrationId: first.id });
    const nobody = { ...again, practitionerId: operator.actor.id };
    expect(await record(scan, { again: nobody })).toMatchObject({ code: 'StaffNotEntitled' });
    const injectedAt = at('2026-03-10T09:08:00Z');
    const second = mustBeGiven(await record(scan, { again, injectedAt }));
    expect(second).toMatchObject({ ordinal: 2, againBecause: again.because });
    expect(await record(scan, { again })).toMatchObject({ code: 'AlreadyAdministered' });
    const booking = await database.client.scanBooking.findUniqueOrThrow({ where: { id: scan.id } });
    expect(booking.injectedAt?.toISOString()).toBe('2026-03-10T09:08:00.000Z');
  });

  it('after an ordinary injection no decision makes it possible', async () => {
    const scan = await injectable();
    const practitioner = await makeOperator(database, ['JUSTIFY']);
    await record(scan);
    const again = { because: 'Images were poor.', practitionerId: practitioner.actor.id };
    expect(await record(scan, { again })).toMatchObject({ code: 'AlreadyAdministered' });
  });
});

describe('killed half-way', () => {
  it('leaves nothing: the injection, its step, its batch and its audit record are one', async () => {
    const scan = await injectable();
    const before = await database.client.visit.findUniqueOrThrow({ where: { id: scan.id } });
    await database.client.$executeRawUnsafe(`
      CREATE FUNCTION die_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$`);
    await database.client.$executeRawUnsafe(`
      CREATE TRIGGER die_here AFTER INSERT ON administration_versions FOR EACH ROW EXECUTE FUNCTION die_here()`);
    await expect(record(scan, {}, bookerOf(operator.actor.id, 'key-2'))).rejects.toThrow();
    await database.client.$executeRawUnsafe('DROP TRIGGER die_here ON administration_versions');
    await database.client.$executeRawUnsafe('DROP FUNCTION die_here');
    expect(await count()).toMatchObject(NOTHING);
    const after = await database.client.visit.findUniqueOrThrow({ where: { id: scan.id } });
    expect(after).toEqual(before);
    expect(mustBeGiven(await record(scan, {}, bookerOf(operator.actor.id, 'key-2'))).ordinal).toBe(1);
  });
});
