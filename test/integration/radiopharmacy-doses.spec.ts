import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DoseOrder } from '../../src/clinic/radiopharmacy/dose-order.type.js';
import type { SetDoseProtocolInput } from '../../src/clinic/radiopharmacy/dose-protocol.type.js';
import { assertConstraints } from '../../src/platform/database/constraints.js';
import { Database } from '../../src/platform/database/database.service.js';
import { TracerRoute } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { REQUIRED_CONSTRAINTS } from '../../src/required-constraints.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import {
  BONE_SCAN,
  MDP,
  makeBatch,
  makeRadiopharmacy,
  makeScanVisit,
  mbq,
  type RadiopharmacyRoom,
  radiopharmacyOn,
} from '../support/radiopharmacy.factory.js';

// What visits need, and what suppliers are told of it.

const ACTOR = aStaffActor();
const at = (text: string) => Temporal.Instant.from(text);
const MONDAY = '2026-11-30';
/** 14:00 on the Friday before. */
const CUT_OFF = '2026-11-27T14:00:00Z';
const TOO_LATE = '2026-11-27T14:00:01Z';

let home: TestDatabase;
let database: Database;
let room: RadiopharmacyRoom;
let supplierId: string;
const clock = new FixedClock('2026-11-23T09:00:00Z');

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = radiopharmacyOn(database, clock);
  supplierId = await makeRadiopharmacy(room);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});
beforeEach(async () => {
  clock.set('2026-11-23T09:00:00Z');
  await emptyTables(
    database,
    'wasted_doses, dose_order_lines, dose_order_versions, dose_orders, planned_doses, batch_uses, tracer_batches',
  );
});

interface Patient {
  readonly patientId: string;
  readonly visitId: string;
}

async function somebody(dateOfBirth = '1970-05-05'): Promise<Patient> {
  const { id: patientId } = await makePatient(room.patients, { dateOfBirth });
  return { patientId, visitId: await makeScanVisit(database, patientId, `${MONDAY}T09:00:00Z`) };
}

const follow = (who: Patient, injection: string | null, weightKg: number | null = null) =>
  database.transaction((tx) =>
    room.doses.follow(tx, ACTOR, {
      ...who,
      procedureCode: BONE_SCAN,
      siteCode: 'MAIN',
      injectionAt: injection === null ? null : at(injection),
      weightKg,
      activityMbq: null,
    }),
  );
const doseOf = (who: Patient) => room.doses.plannedDose(ACTOR, who.visitId);
const day = (heldOn = MONDAY) => ({ supplierId, siteCode: 'MAIN', heldOn });
const sheet = (heldOn = MONDAY) => room.sheets.doseOrderSheet(ACTOR, supplierId, 'MAIN', heldOn);
const codeOf = (result: object) => ('code' in result ? result.code : 'DONE');
const wastedOf = async (heldOn = MONDAY) => (await room.wasted.wastedDoses(ACTOR, heldOn, heldOn)).doses;

async function send(agreedWith: string | null = null): Promise<DoseOrder> {
  const sent = await room.orders.sendDoseOrder(ACTOR, { ...day(), agreedWith });
  if (isRefusal(sent)) throw new Error(sent.message);
  return sent;
}

const traces = async () => ({
  audit: await database.client.auditEntry.count(),
  orders: await database.client.doseOrder.count(),
  versions: await database.client.doseOrderVersion.count(),
  lines: await database.client.doseOrderLine.count(),
  wasted: await database.client.wastedDose.count(),
});

describe('the dose of a visit', () => {
  it('is what has to be there at the supplier’s time, and follows from 9:00 to 14:00', async () => {
    const who = await somebody();
    expect(await follow(who, `${MONDAY}T09:30:00Z`)).toEqual({ conflict: null });
    const first = await doseOf(who);
    expect(first).toMatchObject({
      status: 'WANTED',
      basis: 'ADULT',
      plannedActivityMbq: 600,
      version: 0,
      heldOn: MONDAY,
    });
    expect(first?.activityAtCalibrationMbq).toBeCloseTo(713.4, 1);
    expect(first?.calibratedAt?.toString()).toBe('2026-11-30T08:00:00Z');
    expect(first?.cutOffAt?.toString()).toBe(CUT_OFF);
    expect(first?.reference).toMatch(/^D\d{8}$/);
    expect(first?.halfLife).toMatchObject({ version: 1, halfLifeHours: 6.0067 });

    expect(await follow(who, `${MONDAY}T14:00:00Z`)).toEqual({ conflict: null });
    const moved = await doseOf(who);
    expect(moved).toMatchObject({ reference: first?.reference, version: 1 });
    expect(moved?.activityAtCalibrationMbq).toBeCloseTo(600 * 2 ** (6 / 6.0067), 6);
    const acts = await database.client.auditEntry.findMany({
      where: { subjectId: first?.id ?? '' },
      orderBy: { id: 'asc' },
    });
    expect(acts.map(({ action }) => action)).toEqual(['planned-dose.planned', 'planned-dose.followed']);
    expect(acts[1]).toMatchObject({
      patientIds: [who.patientId],
      before: { version: 0 },
      after: { version: 1 },
    });
  });

  it('is written again only when something is different', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:30:00Z`);
    const before = await traces();
    await follow(who, `${MONDAY}T09:30:00Z`);
    expect(await traces()).toEqual(before);
    expect(await doseOf(who)).toMatchObject({ version: 0 });
  });

  it('of a child goes by weight, and is not ordered without it', async () => {
    const child = await somebody('2016-06-01');
    const told = await follow(child, `${MONDAY}T09:00:00Z`);
    expect(told?.conflict).toContain('weigh the patient');
    expect(codeOf(await room.orders.sendDoseOrder(ACTOR, day()))).toBe('DoseWeightMissing');
    expect(await follow(child, `${MONDAY}T09:00:00Z`, 30)).toEqual({ conflict: null });
    expect(await doseOf(child)).toMatchObject({
      basis: 'PAEDIATRIC_CARD',
      plannedActivityMbq: 240,
      weightKg: 30,
      ageYears: 10,
    });
    expect(codeOf(await room.orders.sendDoseOrder(ACTOR, day()))).toBe('DONE');
  });

  it('is none where nothing radioactive is given, and none of a visit that never had one', async () => {
    const who = await somebody();
    const want = { ...who, siteCode: 'MAIN', weightKg: null, activityMbq: null };
    const other = (procedureCode: string, injectionAt: Temporal.Instant | null) =>
      database.transaction((tx) => room.doses.follow(tx, ACTOR, { ...want, procedureCode, injectionAt }));
    expect(await other('PHYSIOTHERAPY', at(`${MONDAY}T09:00:00Z`))).toBeNull();
    expect(await other(BONE_SCAN, null)).toBeNull();
    expect(await doseOf(who)).toBeNull();
  });

  it('has a conflict where nobody delivers, and keeps the booking', async () => {
    const who = await somebody();
    expect((await follow(who, `${MONDAY}T07:00:00Z`))?.conflict).toContain('No delivery');
    expect((await follow(who, '2026-12-28T10:00:00Z'))?.conflict).toContain('No delivery');
    expect(await doseOf(who)).toMatchObject({ conflicts: ['NO_DELIVERY'], activityAtCalibrationMbq: null });
  });

  it.each([
    [
      'the Tuesday after Easter, when the clocks went forward',
      '2027-03-30T08:30:00Z',
      '2027-03-25T14:00:00Z',
      '2027-03-30T07:00:00Z',
    ],
    [
      'the Monday after the clocks went back',
      '2027-11-01T09:30:00Z',
      '2027-10-29T13:00:00Z',
      '2027-11-01T08:00:00Z',
    ],
    [
      'the Monday after the clocks went forward',
      '2026-03-30T08:30:00Z',
      '2026-03-27T14:00:00Z',
      '2026-03-30T07:00:00Z',
    ],
    [
      'the Monday after the clocks went back',
      '2026-10-26T09:30:00Z',
      '2026-10-23T13:00:00Z',
      '2026-10-26T08:00:00Z',
    ],
    ['the Tuesday after Christmas', '2026-12-29T09:30:00Z', '2026-12-24T14:00:00Z', '2026-12-29T08:00:00Z'],
  ])('is ordered in time by the calendar: %s', async (_, injection, cutOff, calibrated) => {
    clock.set('2026-01-05T09:00:00Z');
    const who = await somebody();
    await follow(who, injection);
    const dose = await doseOf(who);
    expect(dose?.cutOffAt?.toString()).toBe(cutOff);
    expect(dose?.calibratedAt?.toString()).toBe(calibrated);
    expect(dose?.activityAtCalibrationMbq).toBeCloseTo(713.4, 1);
  });

  it('keeps the half-life that it was computed with, until it is computed anew', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:30:00Z`);
    const input = { radionuclideSymbol: 'Tc-99m', halfLifeHours: 6.0058, source: 'Another table, 2026' };
    const set = (effectiveFrom: string) => room.radionuclides.setHalfLife(ACTOR, { ...input, effectiveFrom });
    expect(codeOf(await set('2026-11-22'))).toBe('HalfLifeInThePast');
    expect(await set('2026-11-30')).toMatchObject({ version: 2, halfLifeHours: 6.0058 });
    expect(codeOf(await set('2026-11-30'))).toBe('HalfLifeAlreadySet');
    expect((await doseOf(who))?.halfLife).toMatchObject({ version: 1 });
    await follow(who, `${MONDAY}T09:45:00Z`);
    expect((await doseOf(who))?.halfLife).toMatchObject({ version: 2, source: 'Another table, 2026' });
    const other = await somebody();
    await follow(other, '2026-11-27T09:30:00Z');
    expect((await doseOf(other))?.halfLife).toMatchObject({ version: 1 });
  });
});

describe('an order', () => {
  it('is a draft that follows the diary, and is sent as it stands', async () => {
    const [first, second] = [await somebody(), await somebody()];
    await follow(second, `${MONDAY}T11:30:00Z`);
    await follow(first, `${MONDAY}T09:30:00Z`);
    const draft = await sheet();
    expect(draft).toMatchObject({
      order: { status: 'DRAFT', version: 0 },
      isUpToDate: false,
      isCutOffPassed: false,
    });
    expect(draft.lines.map(({ change, dose }) => [change, dose.visitId])).toEqual([
      ['ADDED', first.visitId],
      ['ADDED', second.visitId],
    ]);
    expect(draft.text).toMatch(/draft, not sent[\s\S]*713\.4 MBq at 08:00[\s\S]*898\.6 MBq at 08:00/);

    const sent = await send();
    expect(sent).toMatchObject({ status: 'SENT', version: 1, allowedActions: ['AMEND', 'CANCEL'] });
    expect(sent.versions).toMatchObject([{ version: 1, sentById: ACTOR.id, agreedWith: null }]);
    expect(sent.versions[0]?.lines.map(({ halfLifeHours }) => halfLifeHours)).toEqual([6.0058, 6.0058]);
    expect(await sheet()).toMatchObject({
      isUpToDate: true,
      lines: [{ change: 'SAME' }, { change: 'SAME' }],
    });
    const [act] = await database.client.auditEntry.findMany({
      where: { action: 'dose-order.sent', subjectId: sent.id },
    });
    expect(act?.patientIds.toSorted()).toEqual([first.patientId, second.patientId].toSorted());
  });

  it('is refused in words, and then nothing is different', async () => {
    const before = await traces();
    expect(codeOf(await room.orders.sendDoseOrder(ACTOR, day()))).toBe('NothingToOrder');
    expect(codeOf(await room.orders.amendDoseOrder(ACTOR, { ...day(), version: 1, takesBack: false }))).toBe(
      'DoseOrderNotSent',
    );
    expect(
      codeOf(
        await room.orders.cancelDoseOrder(ACTOR, { ...day(), version: 1, takesBack: false, reason: 'x' }),
      ),
    ).toBe('DoseOrderNotSent');
    expect(await traces()).toEqual(before);
    const who = await somebody();
    await follow(who, `${MONDAY}T09:30:00Z`);
    await send();
    const sent = await traces();
    expect(await room.orders.sendDoseOrder(ACTOR, day())).toMatchObject({
      code: 'DoseOrderAlreadySent',
      version: 1,
    });
    const amend = (version: number) =>
      room.orders.amendDoseOrder(ACTOR, { ...day(), version, takesBack: false });
    expect(await amend(7)).toMatchObject({ code: 'DoseOrderChanged', version: 1 });
    expect(codeOf(await amend(1))).toBe('DoseOrderUnchanged');
    expect(await traces()).toEqual(sent);
  });

  it('is amended before the cut-off without waste', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:30:00Z`);
    await send();
    expect((await follow(who, `${MONDAY}T14:00:00Z`))?.conflict).toContain('amend it before the cut-off');
    expect(await sheet()).toMatchObject({ isUpToDate: false, lines: [{ change: 'CHANGED' }] });
    clock.set(CUT_OFF);
    const amended = await room.orders.amendDoseOrder(ACTOR, {
      ...day(),
      version: 1,
      takesBack: false,
      comment: 'moved',
    });
    expect(amended).toMatchObject({ status: 'AMENDED', version: 2 });
    expect(await doseOf(who)).toMatchObject({ conflicts: [] });
    expect(await wastedOf()).toEqual([]);
  });

  it('after the cut-off shows the conflict and counts the dose as wasted, until the visit is put back', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:00:00Z`);
    await send();
    clock.set(TOO_LATE);
    const told = await follow(who, `${MONDAY}T14:00:00Z`);
    expect(told?.conflict).toContain('ring the supplier');
    expect(told?.conflict).toContain('counts as wasted');
    expect(await wastedOf()).toMatchObject([{ reason: 'MOVED', isChargeable: true, visitId: who.visitId }]);
    await follow(who, `${MONDAY}T14:15:00Z`);
    expect(await wastedOf()).toHaveLength(1);
    expect(await follow(who, `${MONDAY}T09:00:00Z`)).toEqual({ conflict: null });
    expect(await wastedOf()).toEqual([]);
    const acts = await database.client.auditEntry.findMany({
      where: { action: { in: ['dose.wasted', 'dose.not-wasted'] }, patientIds: { has: who.patientId } },
      orderBy: { id: 'asc' },
    });
    expect(acts.map(({ action }) => action)).toEqual(['dose.wasted', 'dose.not-wasted']);
  });

  it('a little later still serves: nothing is wasted', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:00:00Z`);
    await send();
    clock.set(TOO_LATE);
    expect(await follow(who, `${MONDAY}T09:45:00Z`)).toEqual({ conflict: null });
    expect(await wastedOf()).toEqual([]);
  });

  it('of a visit that was cancelled too late is wasted, and of one that moved to another day', async () => {
    const [gone, moved] = [await somebody(), await somebody()];
    for (const who of [gone, moved]) await follow(who, `${MONDAY}T09:00:00Z`);
    await send();
    clock.set(TOO_LATE);
    await follow(gone, null);
    await follow(moved, '2026-12-02T09:00:00Z');
    const wasted = await wastedOf();
    expect(wasted.map(({ reason }) => reason).toSorted()).toEqual(['MOVED', 'NOT_WANTED']);
    const report = await room.wasted.wastedDoses(ACTOR, '2026-11-01', '2026-11-30');
    expect(report).toMatchObject({ count: 2, chargeableCount: 2 });
    expect(report.activityMbq).toBeCloseTo(2 * 600 * 2 ** (1 / 6.0058), 3);
    expect(await sheet()).toMatchObject({ lines: [], wastedCount: 2 });
    expect((await sheet()).dropped).toHaveLength(2);
    expect((await doseOf(moved))?.conflicts).toEqual(['DOSE_WASTED']);
    await follow(gone, `${MONDAY}T09:00:00Z`);
    expect(await wastedOf()).toHaveLength(1);
  });

  it('of a visit whose dose was drawn is not wasted, whatever becomes of the visit', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:00:00Z`);
    await send();
    clock.set(`${MONDAY}T09:00:00Z`);
    const batch = await makeBatch(room, supplierId);
    await database.transaction((tx) =>
      room.batches.use(tx, ACTOR, {
        ...{ batchId: batch.id, visitId: who.visitId, purpose: 'PATIENT_DOSE' },
        ...{ activity: mbq(600), at: clock.now() },
      }),
    );
    await follow(who, null);
    expect(await wastedOf()).toEqual([]);
  });

  it('is sent and amended after the cut-off when somebody agreed, and the supplier may take doses back', async () => {
    const [first, second] = [await somebody(), await somebody()];
    await follow(first, `${MONDAY}T09:00:00Z`);
    clock.set(TOO_LATE);
    expect(await room.orders.sendDoseOrder(ACTOR, day())).toMatchObject({ code: 'DoseOrderCutOffPassed' });
    expect(await send('Sam, on the telephone')).toMatchObject({ version: 1 });
    expect(await doseOf(first)).toMatchObject({ conflicts: [] });
    await follow(first, null);
    await follow(second, `${MONDAY}T10:00:00Z`);
    const amend = (parts: object) =>
      room.orders.amendDoseOrder(ACTOR, { ...day(), version: 1, takesBack: false, ...parts });
    expect(codeOf(await amend({}))).toBe('DoseOrderCutOffPassed');
    expect(await wastedOf()).toHaveLength(1);
    expect(await amend({ agreedWith: 'Sam', takesBack: true })).toMatchObject({
      status: 'AMENDED',
      version: 2,
    });
    expect(await wastedOf()).toEqual([]);
    expect(await doseOf(second)).toMatchObject({ conflicts: [] });
  });

  it('is cancelled as a whole: free before the cut-off, wasted after it unless it is taken back, and may be sent anew', async () => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:00:00Z`);
    await send();
    const cancel = (version: number, parts: object = {}) =>
      room.orders.cancelDoseOrder(ACTOR, {
        ...day(),
        version,
        takesBack: false,
        reason: 'the camera is down',
        ...parts,
      });
    expect(await cancel(1)).toMatchObject({ status: 'CANCELLED', version: 2, allowedActions: ['SEND'] });
    expect(await wastedOf()).toEqual([]);
    expect((await sheet()).text).toMatch(/draft/);
    expect(await send()).toMatchObject({ status: 'SENT', version: 3 });
    clock.set(TOO_LATE);
    expect(await cancel(2)).toMatchObject({ code: 'DoseOrderChanged' });
    expect(await cancel(3)).toMatchObject({ status: 'CANCELLED', version: 4 });
    expect(await wastedOf()).toMatchObject([{ reason: 'ORDER_CANCELLED' }]);
    expect(await doseOf(who)).toMatchObject({ conflicts: ['CUT_OFF_PASSED'] });
    expect(await send('Sam')).toMatchObject({ version: 5 });
    await expect(cancel(5, { takesBack: true })).rejects.toThrow('agreedWith');
    expect(await cancel(5, { takesBack: true, agreedWith: 'Sam' })).toMatchObject({ version: 6 });
    expect(await wastedOf()).toHaveLength(1);
  });

  it('goes out once when fifty send it at the same moment, and never forgets a visit that moves meanwhile', async () => {
    const [first, second] = [await somebody(), await somebody()];
    await follow(first, `${MONDAY}T09:00:00Z`);
    await follow(second, `${MONDAY}T10:00:00Z`);
    clock.set(TOO_LATE);
    const sends = Array.from({ length: 50 }, () =>
      room.orders.sendDoseOrder(ACTOR, { ...day(), agreedWith: 'Sam' }),
    );
    const [answers] = await Promise.all([Promise.all(sends), follow(second, `${MONDAY}T14:00:00Z`)]);
    expect(answers.filter((answer) => codeOf(answer) === 'DONE')).toHaveLength(1);
    const now = await sheet();
    const dose = await doseOf(second);
    // Whichever came first: the sheet has the dose as it is, or the difference is shown and counted.
    expect(now.isUpToDate).toBe((dose?.conflicts.length ?? 0) === 0);
    expect(await wastedOf()).toHaveLength(now.isUpToDate ? 0 : 1);
  });
});

describe('what the database keeps', () => {
  it('has every constraint of the room', async () => {
    await assertConstraints(
      database.client,
      REQUIRED_CONSTRAINTS.filter(({ table }) =>
        /dose|tracer|radionuclide|supplier|paediatric|batch/.test(table),
      ),
    );
  });

  it.each([
    'dose_order_lines',
    'dose_order_versions',
    'dose_protocols',
    'paediatric_multiples',
    'radionuclide_half_lives',
    'supplier_terms',
    'supplier_deliveries',
    'dose_supplies',
  ])('%s are only ever added to', async (table) => {
    const who = await somebody();
    await follow(who, `${MONDAY}T09:00:00Z`);
    await send();
    for (const sql of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`])
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow('only ever added to');
  });
});

describe('protocols and suppliers', () => {
  const PROTOCOL: SetDoseProtocolInput = {
    ...{ procedureCode: BONE_SCAN, tracerCode: MDP, route: TracerRoute.INTRAVENOUS, plannedActivityMbq: 700 },
    ...{ activitySource: 'a', effectiveDoseMsvPerMbq: 0.0057, effectiveDoseSource: 'b' },
    ...{ uptakeMinutesMin: 120, uptakeMinutesTarget: 180, uptakeMinutesMax: 300, uptakeSource: 'c' },
    ...{ kitUseByMinutes: 360, kitUseBySource: 'd', reason: 'e' },
    ...{ drlMbq: 800, drlCitation: 'ARSAC', drlDatedOn: '2026-11-01', effectiveFrom: '2026-12-07' },
  };

  it('change from a day on, in new rows', async () => {
    const set = (parts: Partial<SetDoseProtocolInput>) =>
      room.protocols.setDoseProtocol(ACTOR, { ...PROTOCOL, effectiveFrom: '2026-12-07', ...parts });
    expect(codeOf(await set({ effectiveFrom: '2026-11-22' }))).toBe('DoseProtocolInThePast');
    expect(codeOf(await set({ plannedActivityMbq: 801 }))).toBe('PlannedAboveDrl');
    await expect(set({ drlCitation: null })).rejects.toThrow('drlMbq');
    await expect(set({ tracerCode: 'NOTHING' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const paediatric = {
      belowAgeYears: 16,
      baselineMbq: 35,
      minimumMbq: 40,
      source: 'f',
      multiples: [{ weightKg: 3, multiple: 1 }],
    };
    expect(await set({ paediatric })).toMatchObject({ plannedActivityMbq: 700, paediatric });
    expect(codeOf(await set({}))).toBe('DoseProtocolAlreadySet');
    const inForce = (on: string) =>
      database.transaction((tx) => room.protocols.inForce(tx, BONE_SCAN, Temporal.PlainDate.from(on)));
    expect(await inForce('2026-12-06')).toMatchObject({
      plannedActivityMbq: 600,
      tracerCode: MDP,
      drlMbq: 800,
    });
    expect(await inForce('2026-12-07')).toMatchObject({
      ...{ plannedActivityMbq: 700, tracerName: 'Tc-99m medronate (MDP)', drlDatedOn: '2026-11-01' },
      radionuclide: { symbol: 'Tc-99m', dicomCodeValue: '72454006', dicomCodingScheme: 'SCT' },
    });
    expect(await inForce('2025-12-31')).toBeNull();
  });

  it('a supplier has its terms, and a second delivery takes the afternoon', async () => {
    const added = await room.changes.addDoseSupplier(ACTOR, {
      code: 'CENTRAL',
      name: 'Central',
      email: 'hot@lab.example',
    });
    if (isRefusal(added)) throw new Error(added.message);
    expect(codeOf(await room.changes.addDoseSupplier(ACTOR, { code: 'CENTRAL', name: 'x' }))).toBe(
      'SupplierCodeTaken',
    );
    const terms = {
      ...{ supplierId: added.id, effectiveFrom: '2026-12-14', cutOffTime: '15:30', workingDaysBefore: 2 },
      ...{
        weekdays: [1, 3],
        deliversOnHolidays: false,
        chargesWasted: false,
        shortfallPercentMax: 0,
        labelTolerancePercent: 0,
        source: 'contract',
      },
      deliveries: [
        { deliversAt: '07:00', calibratedAt: '08:00' },
        { deliversAt: '12:00', calibratedAt: '13:00' },
      ],
    };
    expect(await room.changes.setSupplierTerms(ACTOR, terms)).toMatchObject({
      terms: [{ cutOffTime: '15:30' }],
    });
    expect(codeOf(await room.changes.setSupplierTerms(ACTOR, terms))).toBe('SupplyAlreadySet');
    expect(
      codeOf(await room.changes.setSupplierTerms(ACTOR, { ...terms, effectiveFrom: '2026-11-01' })),
    ).toBe('SupplyInThePast');
    await room.changes.setDoseSupply(ACTOR, {
      ...{
        siteCode: 'MAIN',
        tracerCode: MDP,
        supplierId: added.id,
        effectiveFrom: '2026-12-14',
        reason: 'cheaper',
      },
    });
    const who = await somebody();
    await follow(who, '2026-12-14T09:00:00Z');
    expect(await doseOf(who)).toMatchObject({ supplierId: added.id, cutOffAt: at('2026-12-10T15:30:00Z') });
    await follow(who, '2026-12-14T14:00:00Z');
    const dose = await doseOf(who);
    expect(dose?.calibratedAt?.toString()).toBe('2026-12-14T13:00:00Z');
    expect(dose?.activityAtCalibrationMbq).toBeCloseTo(700 * 2 ** (1 / 6.0058), 6);
    expect((await follow(who, '2026-12-15T14:00:00Z'))?.conflict).toContain('No delivery');
    expect(
      await room.changes.changeDoseSupplierContact(ACTOR, { supplierId: added.id, email: null }),
    ).toMatchObject({
      email: null,
      name: 'Central',
    });
  });
});
