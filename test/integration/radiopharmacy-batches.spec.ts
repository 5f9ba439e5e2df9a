import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import {
  MDP,
  makeBatch,
  makeRadiopharmacy,
  makeScanVisit,
  mbq,
  type RadiopharmacyRoom,
  radiopharmacyOn,
} from '../support/radiopharmacy.factory.js';

// Batches: what is in them, until when, and that nobody draws what is not there.

const ACTOR = aStaffActor();
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}Z`);
const codeOf = (result: object) => ('code' in result ? result.code : 'DONE');

let home: TestDatabase;
let database: Database;
let room: RadiopharmacyRoom;
let supplierId: string;
let visitId: string;
let patientId: string;
const clock = new FixedClock('2026-11-30T08:00:00Z');

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = radiopharmacyOn(database, clock);
  supplierId = await makeRadiopharmacy(room);
  patientId = (await makePatient(room.patients)).id;
  visitId = await makeScanVisit(database, patientId, '2026-11-30T09:00:00Z');
});
afterAll(async () => {
  await database.close();
  await home.drop();
});
beforeEach(async () => {
  clock.set('2026-11-30T08:00:00Z');
  await emptyTables(database, 'batch_uses, tracer_batches');
});

const draw = (batchId: string, activity: number, time: string, tracerCode = MDP) =>
  database.transaction<object>((tx) =>
    room.batches.use(tx, ACTOR, {
      ...{ batchId, tracerCode, visitId, purpose: 'PATIENT_DOSE' },
      ...{ activity: mbq(activity), at: at(time) },
    }),
  );
const stock = async (id: string, time: string) =>
  room.batches.stockOf(await room.batches.batch(ACTOR, id), at(time));
const acts = (action: string, subjectId?: string) =>
  database.client.auditEntry.findMany({ where: { action, ...(subjectId ? { subjectId } : {}) } });

describe('a batch that comes in', () => {
  it('expires six hours after its preparation, as the rule says, unless its label says earlier', async () => {
    const batch = await makeBatch(room, supplierId);
    expect(batch.expiresAt.toString()).toBe('2026-11-30T13:00:00Z');
    expect(batch).toMatchObject({
      expirySource: null,
      receivedById: expect.any(String),
      halfLife: { version: 1 },
    });
    const early = await makeBatch(room, supplierId, { expiresAt: at('11:00:00') });
    expect(early.expiresAt.toString()).toBe('2026-11-30T11:00:00Z');
    expect(await acts('batch.received', batch.id)).toHaveLength(1);
  });

  it('expires later only where somebody says what the manufacturer says', async () => {
    const input = {
      ...{ supplierId, batchNumber: 'LATE', tracerCode: MDP, siteCode: 'MAIN' },
      ...{ preparedAt: at('07:00:00'), calibratedAt: at('08:00:00'), expiresAt: at('15:00:00') },
      activity: { value: 100, unit: 'MCI' as const },
    };
    const refused = await room.reception.receiveBatch(ACTOR, input);
    expect(refused).toMatchObject({ code: 'ExpiryBeyondUseBy', latestAt: at('13:00:00') });
    const expirySource = 'Summary of product characteristics: 8 hours';
    const taken = await room.reception.receiveBatch(ACTOR, { ...input, expirySource });
    expect(taken).toMatchObject({ expirySource, calibratedActivityMbq: 3_700 });
    expect(codeOf(await room.reception.receiveBatch(ACTOR, { ...input, expirySource }))).toBe(
      'BatchAlreadyReceived',
    );
    expect(await database.client.tracerBatch.count()).toBe(1);
  });

  it('was not prepared tomorrow, nor months ago, and is of a tracer, supplier and site that there are', async () => {
    await expect(makeBatch(room, supplierId, { preparedAt: at('08:01:00') })).rejects.toThrow('future');
    const longAgo = Temporal.Instant.from('2026-09-30T08:00:00Z');
    await expect(makeBatch(room, supplierId, { calibratedAt: longAgo })).rejects.toThrow('days from now');
    await expect(makeBatch(room, supplierId, { tracerCode: 'NOTHING' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(makeBatch(room, patientId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(makeBatch(room, supplierId, { siteCode: 'NOWHERE' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('what is drawn', () => {
  it('is gone from the stock, by decay, and comes back when it is given back', async () => {
    const { id } = await makeBatch(room, supplierId);
    expect((await stock(id, '11:00:00')).activityMbq).toBeCloseTo(2829.5, 0);
    const drawn = await draw(id, 565.9, '11:00:00');
    expect(codeOf(drawn)).toBe('DONE');
    expect((await stock(id, '08:00:00')).activityMbq).toBeCloseTo(3_200, 0);
    expect((await stock(id, '08:00:00')).volumeMl).toBeCloseTo(8, 2);
    const useId = 'useId' in drawn ? String(drawn.useId) : '';
    expect(await acts('batch.drawn', useId)).toMatchObject([{ patientIds: [patientId] }]);
    const giveBack = () =>
      database.transaction<object | null>((tx) =>
        room.batches.giveBack(tx, ACTOR, useId, 'entered in error'),
      );
    expect(await giveBack()).toBeNull();
    expect(codeOf((await giveBack()) ?? {})).toBe('UseGivenBack');
    expect((await stock(id, '08:00:00')).activityMbq).toBeCloseTo(4_000, 6);
  });

  it.each([
    ['in its last minute', '13:00:00', 'DONE'],
    ['one minute past its expiry', '13:01:00', 'BatchExpired'],
    ['before it was prepared', '06:59:00', 'BatchNotPreparedYet'],
  ])('%s: %s', async (_, time, expected) => {
    const { id } = await makeBatch(room, supplierId);
    const judged = await database.transaction((tx) =>
      room.batches.judgeUse(tx, id, MDP, mbq(100), at(time)).then((refusal) => ({ refusal })),
    );
    expect(judged.refusal?.code ?? 'DONE').toBe(expected);
    expect(codeOf(await draw(id, 100, time))).toBe(expected);
    expect(await database.client.batchUse.count()).toBe(expected === 'DONE' ? 1 : 0);
  });

  it('is never more than is left, but for what two calibrators differ by, nor another tracer', async () => {
    const { id, labelTolerancePercent } = await makeBatch(room, supplierId);
    expect(labelTolerancePercent).toBe(10);
    expect(await draw(id, 4_401, '08:00:00')).toMatchObject({ code: 'StockTooSmall', leftMbq: 4_000 });
    expect(await draw(id, 100, '08:00:00', 'TC99M_HDP')).toMatchObject({ code: 'TracerDiffers' });
    expect(codeOf(await draw(id, 3_900, '08:00:00'))).toBe('DONE');
    expect(codeOf(await draw(id, 500, '08:00:00'))).toBe('DONE');
    expect((await stock(id, '08:00:00')).activityMbq).toBe(0);
    expect(codeOf(await draw(id, 0.01, '08:00:00'))).toBe('StockTooSmall');
  });

  it('of a syringe that the clinic’s calibrator reads a little above its label is on the books as it was read', async () => {
    const label = { activity: { value: 800, unit: 'MBQ' as const } };
    const { id } = await makeBatch(room, supplierId, label);
    expect(codeOf(await draw(id, 816, '08:00:00'))).toBe('DONE');
    const { drawnMbq } = await database.client.tracerBatch.findUniqueOrThrow({ where: { id } });
    expect(drawnMbq).toBeCloseTo(816, 6);
  });

  it('by fifty at once is shared out, and not a bit more', async () => {
    const { id } = await makeBatch(room, supplierId);
    const answers = await Promise.all(Array.from({ length: 50 }, () => draw(id, 500, '08:00:00')));
    expect(answers.filter((answer) => codeOf(answer) === 'DONE')).toHaveLength(8);
    expect(answers.filter((answer) => codeOf(answer) === 'StockTooSmall')).toHaveLength(42);
    expect((await stock(id, '08:00:00')).activityMbq).toBeCloseTo(0, 6);
  });

  it('is refused by the database, too', async () => {
    const { id } = await makeBatch(room, supplierId);
    const row = (parts: object) =>
      database.client.batchUse.create({
        data: {
          ...{ batchId: id, purpose: 'WASTE', activityMbq: 1, calibratedMbq: 1, recordedById: ACTOR.id },
          ...{ drawnAt: new Date('2026-11-30T08:00:00Z'), recordedAt: new Date('2026-11-30T08:00:00Z') },
          ...parts,
        },
      });
    await expect(row({ drawnAt: new Date('2026-11-30T13:01:00Z') })).rejects.toThrow(
      /cannot be used|within_life/,
    );
    await expect(row({ calibratedMbq: 4_401 })).rejects.toThrow(/overdrawn/);
    await expect(row({ visitId })).rejects.toThrow(/for_whom/);
    const { id: useId } = await row({});
    const sql = (text: string) => database.client.$executeRawUnsafe(text);
    const ofUse = `WHERE id = '${useId}'`;
    await expect(sql(`UPDATE batch_uses SET calibrated_mbq = 0.5 ${ofUse}`)).rejects.toThrow(
      'given back, once',
    );
    await expect(sql(`DELETE FROM batch_uses ${ofUse}`)).rejects.toThrow('only ever added to');
    await expect(sql('UPDATE tracer_batches SET calibrated_activity_mbq = 9000')).rejects.toThrow(
      'stays as it was received',
    );
  });

  it('for tests and waste goes by the same rules, and goes back by hand, but not what a patient was given', async () => {
    const { id } = await makeBatch(room, supplierId);
    const test = (value: number, drawnAt: Temporal.Instant | null = null) =>
      room.keeping.drawFromBatch(ACTOR, {
        ...{ batchId: id, purpose: 'QUALITY_CONTROL', activity: { value, unit: 'MBQ' }, drawnAt },
      });
    const drawn = await test(10);
    if (isRefusal(drawn)) throw new Error(drawn.message);
    expect(drawn.uses).toMatchObject([{ purpose: 'QUALITY_CONTROL', activityMbq: 10, visitId: null }]);
    expect(codeOf(await test(5_000))).toBe('StockTooSmall');
    await expect(test(1, at('08:01:00'))).rejects.toThrow('future');
    const [use] = drawn.uses;
    const back = (useId: string) => room.keeping.giveBackToBatch(ACTOR, { useId, reason: 'not drawn' });
    expect(await back(use?.id ?? '')).toMatchObject({ uses: [{ givenBackReason: 'not drawn' }] });
    const given = await draw(id, 100, '08:00:00');
    expect(codeOf(await back('useId' in given ? String(given.useId) : ''))).toBe('UseIsOfPatient');
  });

  it('ends when a batch is discarded', async () => {
    const { id } = await makeBatch(room, supplierId);
    const discard = () => room.keeping.discardBatch(ACTOR, { batchId: id, reason: 'particles' });
    expect(await discard()).toMatchObject({ discardReason: 'particles' });
    expect(codeOf(await discard())).toBe('BatchDiscarded');
    expect(codeOf(await draw(id, 100, '08:30:00'))).toBe('BatchDiscarded');
    expect((await stock(id, '08:30:00')).isUsable).toBe(false);
    expect(await acts('batch.discarded', id)).toHaveLength(1);
  });

  it('lets a label that was entered wrongly be entered anew', async () => {
    const wrong = await makeBatch(room, supplierId, {
      batchNumber: 'TYPO',
      activity: { value: 40, unit: 'MBQ' },
    });
    const again = () => makeBatch(room, supplierId, { batchNumber: 'TYPO' });
    await expect(again()).rejects.toThrow('discard that entry first');
    await room.keeping.discardBatch(ACTOR, { batchId: wrong.id, reason: 'a nought was left out' });
    const both = await Promise.allSettled([again(), again()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('the list', () => {
  it('names what may be used now, and records who looked at what patients were given', async () => {
    const fresh = await makeBatch(room, supplierId);
    const early = await makeBatch(room, supplierId, { expiresAt: at('07:59:00') });
    await draw(fresh.id, 100, '08:00:00');
    const list = (usableNow: boolean) =>
      room.batches.batches(ACTOR, { usableNow, siteCode: 'MAIN', tracerCode: MDP }, { size: 25 });
    expect((await list(true)).items.map(({ id }) => id)).toEqual([fresh.id]);
    expect((await list(false)).items.map(({ id }) => id)).toEqual([fresh.id, early.id]);
    const one = await room.batches.batches(ACTOR, { usableNow: false }, { size: 1 });
    const rest = await room.batches.batches(ACTOR, { usableNow: false }, { size: 1, after: one.nextCursor });
    expect([...one.items, ...rest.items].map(({ id }) => id)).toEqual([fresh.id, early.id]);
    expect((await acts('batches.viewed')).at(-1)?.patientIds).toEqual([patientId]);
  });
});
