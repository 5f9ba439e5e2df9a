import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { RecordScoreInput } from '../../src/clinic/outcomes/outcome.type.js';
import { toPageQuestion, toScorePageKey } from '../../src/clinic/outcomes/score-record.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { answersOf, aRecorder, aScore, type OutcomesRoom, outcomesOn } from '../support/outcomes.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { mustBe } from '../support/reports.factory.js';

// Scores: recorded as marked, put right without losing what was there, and words under licence only.

const NOW = '2026-03-02T12:00:00Z'; // a Monday
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: OutcomesRoom;
let ada: StaffActor;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = outcomesOn(database, clock);
  ada = aStaffActor();
});
beforeEach(async () => {
  clock.set(NOW);
  patientId = (await makePatient(room.people.patients)).id;
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const record = async (parts: Partial<RecordScoreInput> = {}) =>
  mustBe(await room.verbs.recordScore(aRecorder(ada), aScore(patientId, clock.now(), parts)));
const correct = (scoreId: string, value: number, key: string | null = null) =>
  room.verbs.correctScore(aRecorder(ada, key), { scoreId, answers: answersOf(value), reason: 'Misread.' });
const takeBack = (scoreId: string) =>
  room.verbs.voidScore(aRecorder(ada), { scoreId, reason: 'Another patient’s.' });
const auditOf = (subjectId: string) =>
  database.client.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } });
const rowsOf = () => database.client.outcomeScore.count({ where: { patientId } });
const pageOf = async (parts: { areAll?: boolean; size?: number; after?: string | null } = {}) => {
  const asked = { instrument: null, areAll: parts.areAll ?? false };
  const page = { size: parts.size ?? 25, after: parts.after ?? null };
  const key = toScorePageKey(toPageQuestion(patientId, asked, page));
  return (await room.scores.pagesOfPatients(ada, [key])).get(key);
};

describe('a score', () => {
  it('is kept as it was marked, scored, and written into the audit record without what it says', async () => {
    const marked = [
      { item: 1, marked: [3, 1] },
      { item: 10, marked: [0] },
    ];
    const rest = [2, 3, 4, 5, 6, 7, 8].map((item) => ({ item, marked: [2] }));
    const score = await record({ instrument: 'ODI', answers: [...marked, ...rest] });
    expect(score).toMatchObject({
      ...{ patientId, instrument: 'ODI', instrumentVersion: '2.1a', language: 'en-GB', scoringVersion: 1 },
      ...{
        version: 1,
        period: null,
        missingCount: 1,
        noTotalReason: null,
        riskTaskId: null,
        isStanding: true,
      },
      ...{ replacesId: null, reason: null, recordedById: ada.id, band: { code: 'MODERATE' } },
    });
    expect(score.total).toBeCloseTo((17 / 45) * 100);
    expect(score.answers[0]).toEqual({ item: 1, marked: [1, 3], value: 3 });
    expect(score.answers[8]).toEqual({ item: 9, marked: [], value: null });
    const [entry] = await auditOf(score.id);
    expect(entry).toMatchObject({ action: 'outcome-score.recorded', patientIds: [patientId] });
    expect(JSON.stringify(entry?.after)).not.toMatch(/answers|total|marked/);
  });

  it('has no total when too much is missing, and says why', async () => {
    expect(await record({ instrument: 'PSEQ', answers: answersOf(6, 6, 6) })).toMatchObject({
      ...{
        total: null,
        band: null,
        missingCount: 7,
        noTotalReason: '7 of 10 items are missing: at most 1 may be.',
      },
    });
  });

  it.each<[string, Partial<RecordScoreInput>]>([
    ['an answer that is not on the form', { answers: answersOf(11) }],
    ['no answer at all', { answers: [] }],
    ['a period of what has none', { instrument: 'GAD7', period: 'NOW', answers: answersOf(1) }],
  ])('is refused for %s, and nothing is written', async (_, parts) => {
    await expect(record(parts)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await rowsOf()).toBe(0);
  });

  it('is of the past, of a patient who is there', async () => {
    const later = clock.now().add({ minutes: 1 });
    await expect(record({ takenAt: later })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(record({ patientId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is recorded once, however often it is sent with one key', async () => {
    const key = randomUUID();
    const input = aScore(patientId, clock.now());
    const all = await Promise.all(
      Array.from({ length: 10 }, () => room.verbs.recordScore(aRecorder(ada, key), input)),
    );
    expect(new Set(all.map((score) => mustBe(score).id)).size).toBe(1);
    expect(await rowsOf()).toBe(1);
    const other = { ...input, answers: answersOf(3) };
    expect(codeOf(await room.verbs.recordScore(aRecorder(ada, key), other))).toBe('IdempotencyKeyReused');
  });
});

describe('putting a score right', () => {
  it('leaves the wrong one readable, with the reason', async () => {
    const wrong = await record();
    const right = mustBe(await correct(wrong.id, 4));
    expect(right).toMatchObject({
      ...{ entryId: wrong.entryId, version: 2, replacesId: wrong.id, reason: 'Misread.', total: 4 },
      ...{ isStanding: true, period: 'NOW', takenAt: wrong.takenAt },
    });
    expect(await room.scores.score(ada, wrong.id)).toMatchObject({
      ...{ total: 7, isStanding: false, replacedById: right.id },
    });
    expect((await pageOf())?.items.map(({ id }) => id)).toEqual([right.id]);
    expect((await pageOf({ areAll: true }))?.items.map(({ id }) => id)).toEqual([right.id, wrong.id]);
    expect(await auditOf(right.id)).toMatchObject([
      { action: 'outcome-score.corrected', before: { scoreId: wrong.id } },
    ]);
  });

  it('is of what stands: the one before, and what was taken back, are refused', async () => {
    const wrong = await record();
    const right = mustBe(await correct(wrong.id, 4));
    expect(await correct(wrong.id, 5)).toMatchObject({ code: 'ScoreReplaced', standingId: right.id });
    const gone = mustBe(await takeBack(right.id));
    expect(gone).toMatchObject({ isVoid: true, isStanding: false, total: 4, version: 3 });
    expect(codeOf(await correct(gone.id, 5))).toBe('ScoreVoid');
    expect(codeOf(await takeBack(right.id))).toBe('ScoreVoid');
    expect(codeOf(await takeBack(wrong.id))).toBe('ScoreVoid');
    expect((await pageOf())?.items).toEqual([]);
    expect(await rowsOf()).toBe(3);
  });

  it('is done by one of many at once', async () => {
    const { id } = await record();
    const all = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => correct(id, n % 10)));
    const done = all.filter((result) => !isRefusal(result));
    expect(done).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'ScoreReplaced']));
    expect(await rowsOf()).toBe(2);
  });

  it('is told to the rooms that stand on it, and undone by what they throw', async () => {
    const own = outcomesOn(database, clock);
    const heard: string[] = [];
    own.followers.register({
      room: 'responses',
      scoreChanged: async (_tx, _actor, before, after) => {
        heard.push(`${before.total} ${after.total} ${after.isVoid}`);
        if (after.total === 0) throw new Error('the diary is closed');
      },
      scoresGoingBack: async () => [],
    });
    const { id } = await record();
    const again = mustBe(
      await own.verbs.correctScore(aRecorder(ada), { scoreId: id, answers: answersOf(4), reason: 'x' }),
    );
    const zero = { scoreId: again.id, answers: answersOf(0), reason: 'x' };
    await expect(own.verbs.correctScore(aRecorder(ada), zero)).rejects.toThrow('the diary is closed');
    mustBe(await own.verbs.voidScore(aRecorder(ada), { scoreId: again.id, reason: 'x' }));
    expect(heard).toEqual(['7 4 false', '4 0 false', '4 4 true']);
    expect(await rowsOf()).toBe(3);
  });
});

describe('what later rooms read', () => {
  it('is the latest that stands, of one instrument and about one time', async () => {
    const first = await record();
    clock.set('2026-03-03T12:00:00Z');
    const second = await record({ answers: answersOf(5) });
    await record({ answers: answersOf(9), period: 'PAST_WEEK_WORST' });
    await record({ instrument: 'GAD7', answers: answersOf(0, 0, 0, 0, 0, 0, 0) });
    mustBe(await takeBack((await record({ answers: answersOf(1) })).id));
    const latest = async (question = {}) =>
      (await room.outcomes.latestScore(database.client, [patientId], 'NRS', question)).get(patientId)?.id;
    expect(await latest({ period: 'NOW' })).toBe(second.id);
    expect(await latest({ until: first.takenAt })).toBe(first.id);
    expect(await latest({ until: first.takenAt.subtract({ seconds: 1 }) })).toBeUndefined();
    const all = await room.outcomes.scoresOf(database.client, [patientId], {
      instrument: 'NRS',
      period: 'NOW',
    });
    expect(all.get(patientId)?.map(({ total }) => total)).toEqual([5, 7]);
    const byIds = await room.outcomes.scoresByIds(database.client, [second.id, first.id, randomUUID(), 'x']);
    expect([...byIds.keys()]).toEqual([second.id, first.id]);
  });

  it('says what has changed since the one before, of the same instrument and about the same time', async () => {
    const hoursAgo = (hours: number) => clock.now().subtract({ hours });
    const first = await record({ answers: answersOf(8), takenAt: hoursAgo(5) });
    await record({ answers: answersOf(2), takenAt: hoursAgo(4), period: 'PAST_DAY_AVERAGE' });
    mustBe(await takeBack((await record({ answers: answersOf(1), takenAt: hoursAgo(3) })).id));
    const second = await record({ answers: answersOf(6), takenAt: hoursAgo(2) });
    const third = await record({ answers: answersOf(5), takenAt: hoursAgo(1) });
    const changes = await room.changes.changesOf([first.id, second.id, third.id]);
    expect(changes.get(first.id)).toBeUndefined();
    expect(changes.get(second.id)).toMatchObject({ since: { id: first.id }, points: -2, isImportant: true });
    expect(changes.get(third.id)).toMatchObject({ since: { id: second.id }, points: -1, isImportant: false });
  });

  it('comes in pages, and each look is recorded', async () => {
    for (const day of ['01', '02', '03'])
      await record({ takenAt: clock.now().subtract({ hours: Number(day) * 24 }) });
    const first = await pageOf({ size: 2 });
    const last = await pageOf({ size: 2, after: first?.nextCursor ?? null });
    expect([first?.items.length, last?.items.length, last?.nextCursor]).toEqual([2, 1, null]);
    const looks = await database.client.auditEntry.count({
      where: { action: 'outcome-scores.viewed', patientIds: { has: patientId } },
    });
    expect(looks).toBe(2);
  });
});

describe('the words of an instrument', () => {
  const enter = (parts: object = {}) =>
    room.wordings.enterInstrumentWording(ada, {
      ...{
        instrument: 'GAD7',
        language: 'cy',
        instrumentVersion: 'GAD-7',
        licenceHolder: 'Example Pain Clinic',
      },
      ...{
        licenceReference: 'L-1',
        validFrom: '2026-03-01',
        validUntil: '2026-03-31',
        instruction: 'Mark one.',
      },
      items: Array.from({ length: 7 }, (_, at) => ({
        text: `Item ${at + 1}`,
        choices: ['a', 'b', 'c', 'd'],
      })),
      ...parts,
    });
  const shown = () => room.wordings.instrumentWording('GAD7', 'cy');

  it('are shown on the days of the licence, and not before, after, or once somebody has ended them', async () => {
    expect(await database.client.instrumentWording.count()).toBe(0);
    expect(await shown()).toBeNull();
    const wording = mustBe(await enter());
    expect(wording.items).toHaveLength(7);
    expect(await shown()).toMatchObject({ id: wording.id, instruction: 'Mark one.' });
    expect(codeOf(await enter({ validFrom: '2026-03-31' }))).toBe('InstrumentWordingOverlaps');
    expect(codeOf(await enter({ instrumentVersion: '2', items: [] }))).toBe('InstrumentWordingIncomplete');
    clock.set('2026-03-31T23:30:00Z'); // 1 April in London
    expect(await shown()).toBeNull();
    expect((await room.wordings.instrumentWordings()).find(({ id }) => id === wording.id)).toMatchObject({
      ...{ isLicensedToday: false, items: null, instruction: null, licenceReference: 'L-1' },
    });
    clock.set('2026-03-05T12:00:00Z');
    const end = () =>
      room.wordings.endInstrumentWording(ada, { wordingId: wording.id, reason: 'Not renewed.' });
    const all = await Promise.all(Array.from({ length: 10 }, end));
    expect(all.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(await shown()).toBeNull();
    mustBe(await enter({ validFrom: '2026-03-05' }));
    expect(await shown()).not.toBeNull();
    const entries = await auditOf(wording.id);
    expect(entries.map(({ action }) => action)).toEqual([
      'instrument-wording.entered',
      'instrument-wording.ended',
    ]);
    expect(JSON.stringify(entries)).not.toContain('Item 1');
  });

  it('cannot be changed by SQL', async () => {
    const { id } = mustBe(await enter({ instrumentVersion: '3' }));
    for (const sql of [
      `UPDATE instrument_wordings SET licence_reference = 'x' WHERE id = '${id}'`,
      `UPDATE instrument_wordings SET valid_until = NULL WHERE id = '${id}'`,
      `DELETE FROM instrument_wordings WHERE id = '${id}'`,
      'TRUNCATE instrument_wordings',
    ])
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow();
  });
});
