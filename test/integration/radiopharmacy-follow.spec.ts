import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SetDoseProtocolInput } from '../../src/clinic/radiopharmacy/dose-protocol.type.js';
import { RADIOPHARMACY_WORK } from '../../src/clinic/radiopharmacy/radiopharmacy-work.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { instantFromDate, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import {
  BONE_SCAN,
  MDP,
  makeRadiopharmacy,
  makeScanVisit,
  type RadiopharmacyRoom,
  radiopharmacyOn,
} from '../support/radiopharmacy.factory.js';

// Doses and orders when nothing is done to the visit: other numbers, another weight, and time that passes.

const ACTOR = aStaffActor();
const at = (text: string) => Temporal.Instant.from(text);
const MONDAY = '2026-11-30';
/** 14:00 on the Friday before. */
const CUT_OFF = '2026-11-27T14:00:00Z';
const TOO_LATE = '2026-11-27T14:00:00.001Z';

let home: TestDatabase;
let database: Database;
let room: RadiopharmacyRoom;
let supplierId: string;
const clock = new FixedClock('2026-11-23T09:00:00Z');

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});
beforeEach(async () => {
  clock.set('2026-11-23T09:00:00Z');
  // Rows that hold from a day on are only ever added to: each test begins with a room of its own.
  await emptyTables(
    database,
    `outbox_messages, visit_types, lead_time_policies, wasted_doses, dose_order_lines, dose_order_versions, dose_orders, planned_doses, batch_uses, tracer_batches,
     dose_supplies, supplier_deliveries, supplier_terms, dose_suppliers, paediatric_multiples, dose_protocols, tracers,
     radionuclide_half_lives, radionuclides`,
  );
  room = radiopharmacyOn(database, clock);
  supplierId = await makeRadiopharmacy(room);
});

interface Patient {
  readonly patientId: string;
  readonly visitId: string;
}

async function somebody(injection: string | null, dateOfBirth = '1970-05-05'): Promise<Patient> {
  const { id: patientId } = await makePatient(room.patients, { dateOfBirth });
  const who = { patientId, visitId: await makeScanVisit(database, patientId, `${MONDAY}T09:00:00Z`) };
  if (injection !== null) await follow(who, injection);
  return who;
}

const follow = (who: Patient, injection: string | null, known: object = {}) =>
  database.transaction((tx) =>
    room.doses.follow(tx, ACTOR, {
      ...who,
      procedureCode: BONE_SCAN,
      siteCode: 'MAIN',
      injectionAt: injection === null ? null : at(injection),
      weightKg: null,
      activityMbq: null,
      ...known,
    }),
  );
async function doseOf({ visitId }: Patient) {
  const dose = await room.doses.plannedDose(ACTOR, visitId);
  if (dose === null) throw new Error('no dose is planned');
  return dose;
}
const day = {
  get supplierId() {
    return supplierId;
  },
  siteCode: 'MAIN',
  heldOn: MONDAY,
};
const sheet = () => room.sheets.doseOrderSheet(ACTOR, supplierId, 'MAIN', MONDAY);
const wasted = async () => (await room.wasted.wastedDoses(ACTOR, MONDAY, MONDAY)).doses;
const posted = (topic: string) => database.client.outboxMessage.findMany({ where: { topic } });

function mustBe<T extends object>(result: T): T {
  if (isRefusal(result)) throw new Error(result.message);
  return result;
}
const send = async () => mustBe(await room.orders.sendDoseOrder(ACTOR, { ...day, agreedWith: null }));

const PROTOCOL: SetDoseProtocolInput = {
  procedureCode: BONE_SCAN,
  effectiveFrom: MONDAY,
  tracerCode: MDP,
  plannedActivityMbq: 500,
  activitySource: 'The medical physics expert, 2026',
  route: 'INTRAVENOUS',
  effectiveDoseMsvPerMbq: 0.0049,
  effectiveDoseSource: 'ICRP 128',
  uptakeMinutesMin: 120,
  uptakeMinutesTarget: 180,
  uptakeMinutesMax: 300,
  uptakeSource: 'EANM 2016',
  kitUseByMinutes: 360,
  kitUseBySource: 'EANM 2016',
  reason: 'less is enough on the new camera',
};

describe('a new number', () => {
  it('of the protocol moves every dose that is booked from that day on, and no other', async () => {
    const [before, monday, drawn] = [
      await somebody('2026-11-27T09:00:00Z'),
      await somebody(`${MONDAY}T09:00:00Z`),
      await somebody(`${MONDAY}T10:00:00Z`),
    ];
    mustBe(await room.protocols.setDoseProtocol(ACTOR, PROTOCOL));
    expect(await posted(RADIOPHARMACY_WORK.basisSet)).toHaveLength(1);
    expect(await doseOf(monday)).toMatchObject({ plannedActivityMbq: 600, version: 0 });
    await follow(drawn, null);
    expect(await room.outdated.followAll()).toBe(false);
    expect(await doseOf(monday)).toMatchObject({ plannedActivityMbq: 500, version: 1 });
    expect(await doseOf(before)).toMatchObject({ plannedActivityMbq: 600, version: 0 });
    expect(await doseOf(drawn)).toMatchObject({ status: 'NOT_WANTED', plannedActivityMbq: 600 });
    const acts = await database.client.auditEntry.findMany({ where: { action: 'planned-dose.followed' } });
    expect(acts).toMatchObject([{ actorKind: 'SYSTEM', patientIds: [monday.patientId] }]);
    // Again, and ten at once: nothing is written any more.
    await Promise.all(Array.from({ length: 10 }, () => room.outdated.followAll()));
    expect(await doseOf(monday)).toMatchObject({ version: 1 });
  });

  it('of the half-life, the terms and the supplier are followed too, some at a time', async () => {
    const patients = [
      await somebody(`${MONDAY}T09:00:00Z`),
      await somebody(`${MONDAY}T10:00:00Z`),
      await somebody(`${MONDAY}T11:00:00Z`),
    ];
    const source = 'Another table, 2026';
    const tc = { radionuclideSymbol: 'Tc-99m', halfLifeHours: 6.0058, effectiveFrom: '2026-11-25', source };
    mustBe(await room.radionuclides.setHalfLife(ACTOR, tc));
    expect(await room.outdated.followAll(2)).toBe(true);
    const versions = async () =>
      Promise.all(patients.map(async (who) => (await doseOf(who)).halfLife.version));
    expect(await versions()).toEqual([2, 2, 1]);
    expect(await room.outdated.followAll(2)).toBe(false);
    expect(await versions()).toEqual([2, 2, 2]);
    mustBe(
      await room.changes.setSupplierTerms(ACTOR, {
        ...{
          supplierId,
          effectiveFrom: MONDAY,
          cutOffTime: '12:00',
          workingDaysBefore: 2,
          weekdays: [1, 2, 3],
        },
        ...{ deliversOnHolidays: false, deliveries: [{ deliversAt: '08:00', calibratedAt: '09:00' }] },
        ...{
          chargesWasted: true,
          shortfallPercentMax: 5,
          labelTolerancePercent: 5,
          source: 'letter of 2026',
        },
      }),
    );
    await room.outdated.followAll();
    for (const who of patients) {
      expect((await doseOf(who)).cutOffAt?.toString()).toBe('2026-11-26T12:00:00Z');
      expect((await doseOf(who)).calibratedAt?.toString()).toBe(`${MONDAY}T09:00:00Z`);
    }
    const other = mustBe(await room.changes.addDoseSupplier(ACTOR, { code: 'OTHER', name: 'Another one' }));
    if (!('id' in other)) throw new Error('no supplier');
    const supply = { siteCode: 'MAIN', tracerCode: MDP, supplierId: other.id, reason: 'cheaper' };
    mustBe(await room.changes.setDoseSupply(ACTOR, { ...supply, effectiveFrom: MONDAY }));
    await room.outdated.followAll();
    expect((await doseOf(patients[0] ?? (await somebody(null)))).conflicts).toEqual(['NO_SUPPLIER']);
    expect(await posted(RADIOPHARMACY_WORK.basisSet)).toHaveLength(3);
  });

  it('leaves what was sent as it was sent, and shows the difference', async () => {
    const who = await somebody(`${MONDAY}T09:00:00Z`);
    const { versions: sent } = mustBe(await send()) as { versions: readonly object[] };
    mustBe(await room.protocols.setDoseProtocol(ACTOR, { ...PROTOCOL, plannedActivityMbq: 700 }));
    await room.outdated.followAll();
    expect(await doseOf(who)).toMatchObject({ plannedActivityMbq: 700, conflicts: ['ORDER_TO_AMEND'] });
    const now = await sheet();
    expect(now).toMatchObject({ isUpToDate: false, lines: [{ change: 'CHANGED' }], wastedCount: 0 });
    expect(now.order?.versions).toEqual(sent);
    clock.set(TOO_LATE);
    expect((await doseOf(who)).conflicts).toEqual(['CUT_OFF_PASSED', 'DOSE_WASTED']);
  });

  it('that cannot be computed for one visit keeps no other waiting', async () => {
    const [first, second] = [await somebody(`${MONDAY}T09:00:00Z`), await somebody(`${MONDAY}T10:00:00Z`)];
    mustBe(await room.protocols.setDoseProtocol(ACTOR, PROTOCOL));
    room.known.set(first.visitId, { activityMbq: -1 });
    await expect(room.outdated.followAll()).rejects.toThrow('at least 0');
    expect(await doseOf(second)).toMatchObject({ plannedActivityMbq: 500 });
    room.known.clear();
    await room.outdated.followAll();
    expect(await doseOf(first)).toMatchObject({ plannedActivityMbq: 500 });
  });
});

describe('what is known of the patient', () => {
  it('counts as it is when the supplier is told: a weight that came after the booking, a corrected date of birth', async () => {
    const [child, grown] = [
      await somebody(`${MONDAY}T09:00:00Z`, '2016-06-01'),
      await somebody(`${MONDAY}T10:00:00Z`, '2010-06-01'),
    ];
    expect(await room.orders.sendDoseOrder(ACTOR, day)).toMatchObject({ code: 'DoseWeightMissing' });
    room.known.set(child.visitId, { weightKg: 30 });
    await database.client.patient.update({
      where: { id: grown.patientId },
      data: { dateOfBirth: new Date('1970-06-01') },
    });
    await send();
    expect(await doseOf(child)).toMatchObject({
      basis: 'PAEDIATRIC_CARD',
      plannedActivityMbq: 240,
      conflicts: [],
    });
    expect(await doseOf(grown)).toMatchObject({ basis: 'ADULT', plannedActivityMbq: 600, ageYears: 56 });
  });

  it('counts as it is when a sheet is amended, too', async () => {
    const child = await somebody(`${MONDAY}T09:00:00Z`, '2016-06-01');
    await follow(child, `${MONDAY}T09:00:00Z`, { weightKg: 30 });
    await send();
    room.known.set(child.visitId, { weightKg: 40 });
    const amended = await room.orders.amendDoseOrder(ACTOR, { ...day, version: 1, takesBack: false });
    expect(amended).toMatchObject({ status: 'AMENDED', version: 2 });
    const dose = await doseOf(child);
    expect(dose).toMatchObject({ weightKg: 40, conflicts: [] });
    expect(dose.plannedActivityMbq).toBeGreaterThan(240);
    expect(await sheet()).toMatchObject({ isUpToDate: true, wastedCount: 0 });
  });

  it('the practitioner’s decision stands before the protocol and the card', async () => {
    const who = await somebody(`${MONDAY}T09:00:00Z`, '2016-06-01');
    await follow(who, `${MONDAY}T09:00:00Z`, { activityMbq: 200 });
    expect(await doseOf(who)).toMatchObject({ basis: 'DECIDED', plannedActivityMbq: 200, conflicts: [] });
    expect((await doseOf(who)).activityAtCalibrationMbq).toBeCloseTo(200 * 2 ** (1 / 6.0067), 6);
    await follow(who, `${MONDAY}T09:00:00Z`);
    expect(await doseOf(who)).toMatchObject({ basis: 'WEIGHT_MISSING' });
  });
});

describe('the cut-off', () => {
  it('that passes counts what nobody took off the sheet in time, once', async () => {
    const [gone, moved, stays] = [
      await somebody(`${MONDAY}T09:00:00Z`),
      await somebody(`${MONDAY}T10:00:00Z`),
      await somebody(`${MONDAY}T11:00:00Z`),
    ];
    const order = mustBe(await send()) as { readonly id: string };
    await follow(gone, null);
    await follow(moved, '2026-12-02T10:00:00Z');
    expect(await wasted()).toEqual([]);
    const [job, ...others] = await posted(RADIOPHARMACY_WORK.cutOffPassed);
    expect(others).toEqual([]);
    expect(job).toMatchObject({ subjectId: order.id, version: 1 });
    expect(job && instantFromDate(job.dueAt).toString()).toBe(TOO_LATE);
    clock.set(CUT_OFF);
    expect((await room.orders.passCutOff(order.id))?.toString()).toBe(TOO_LATE);
    expect(await wasted()).toEqual([]);
    clock.set(TOO_LATE);
    await Promise.all(Array.from({ length: 10 }, () => room.orders.passCutOff(order.id)));
    const counted = await wasted();
    expect(counted.map(({ visitId, reason }) => [visitId, reason])).toEqual([
      [gone.visitId, 'NOT_WANTED'],
      [moved.visitId, 'MOVED'],
    ]);
    expect(await doseOf(stays)).toMatchObject({ conflicts: [] });
    await follow(gone, `${MONDAY}T09:00:00Z`);
    expect(await wasted()).toHaveLength(1);
  });

  it('is watched for the sheet that the supplier has', async () => {
    const who = await somebody(`${MONDAY}T09:00:00Z`);
    const order = mustBe(await send()) as { readonly id: string };
    await follow(who, `${MONDAY}T14:00:00Z`);
    mustBe(await room.orders.amendDoseOrder(ACTOR, { ...day, version: 1, takesBack: false }));
    expect(await posted(RADIOPHARMACY_WORK.cutOffPassed)).toMatchObject([{ version: 2 }]);
    mustBe(
      await room.orders.cancelDoseOrder(ACTOR, { ...day, version: 2, takesBack: false, reason: 'no camera' }),
    );
    expect(await posted(RADIOPHARMACY_WORK.cutOffPassed)).toEqual([]);
    clock.set(TOO_LATE);
    expect(await room.orders.passCutOff(order.id)).toBeNull();
    expect(await wasted()).toEqual([]);
  });

  it('is seen by whoever looks, without anything being done to the visit or the order', async () => {
    const who = await somebody(`${MONDAY}T09:00:00Z`);
    expect(await sheet()).toMatchObject({ isCutOffPassed: false, order: { status: 'DRAFT' } });
    expect(await doseOf(who)).toMatchObject({ conflicts: [] });
    clock.set(TOO_LATE);
    expect(await sheet()).toMatchObject({ isCutOffPassed: true, order: { status: 'DRAFT' } });
    expect(await doseOf(who)).toMatchObject({ conflicts: ['CUT_OFF_PASSED'] });
    const [order] = await room.sheets.doseOrders(MONDAY, MONDAY);
    expect(order).toMatchObject({ status: 'DRAFT', isCutOffPassed: true });
  });
});
