import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { PainDiary } from '../../src/clinic/responses/response.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { DiaryPoint } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aContent,
  aFinding,
  makeReport,
  makeReporter,
  mustBe,
  reportsOn,
} from '../support/reports.factory.js';
import { entryOf, makeDiary, type ResponsesRoom, responsesOn, say } from '../support/responses.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';
import {
  asBooker,
  aTarget,
  makeOperator,
  makeSubject,
  publishProcedureWording,
  type Subject,
} from '../support/treatments.factory.js';

// Responses: asked on time, judged in whole numbers, put right, proposed, and learned from.

const NOW = '2027-03-02T09:00:00Z';
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: ResponsesRoom;
let ada: StaffActor;
let subject: Subject;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = responsesOn(database, clock);
  ada = await makeOperator(database);
  await publishProcedureWording(room.rooms);
});
beforeEach(async () => {
  clock.set(NOW);
  subject = await makeSubject(room.rooms);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const now = (treatmentId: string) => room.records.mustHave(database.client, treatmentId);

/** A block with the pain before it, and the same figure at each of the points that judge. */
async function blocked(before: number, ...after: readonly [number, number, number]): Promise<PainDiary> {
  const { treatmentId } = await makeDiary(room, ada, subject, before);
  for (const [at, point] of (['M30', 'H4', 'H24'] as const).entries()) {
    await say(room, ada, treatmentId, point, after[at] ?? 0);
  }
  return now(treatmentId);
}

async function record(diary: PainDiary, point: DiaryPoint, total: number, takenAt: string) {
  const { id: entryId, version } = entryOf(diary, point);
  const at = Temporal.Instant.from(takenAt);
  return room.diaries.recordDiaryEntry(asBooker(ada), {
    entryId,
    version,
    total,
    takenAt: at,
    mode: 'PAPER',
  });
}

describe('a diary', () => {
  it('opens once, with the figure before if somebody has asked', async () => {
    const diary = await makeDiary(room, ada, subject, 8);
    await room.opening.open(diary.treatmentId);
    expect(await database.client.painDiary.count({ where: { treatmentId: diary.treatmentId } })).toBe(1);
    expect(diary.entries.map(({ point }) => point)).toHaveLength(8);
    expect(entryOf(diary, 'BEFORE')).toMatchObject({ status: 'RECORDED', total: 8, timing: 'ON_TIME' });
    expect(diary.judgement).toBeNull();
  });

  it('refuses a figure of another time, one that was changed meanwhile, and a second one', async () => {
    const diary = await makeDiary(room, ada, subject, 8);
    clock.set('2027-03-02T15:00:00Z');
    expect(codeOf(await record(diary, 'M30', 4, '2027-03-02T13:30:00Z'))).toBe('FigureOutOfTime');
    expect(codeOf(await record(diary, 'M30', 4, '2027-03-02T09:10:00Z'))).toBe('done');
    expect(codeOf(await record(diary, 'M30', 4, '2027-03-02T09:30:00Z'))).toBe('DiaryEntrySettled');
    expect(entryOf(await now(diary.treatmentId), 'M30')).toMatchObject({ timing: 'EARLY', total: 4 });
  });

  it('takes one of many figures that come at once', async () => {
    const diary = await makeDiary(room, ada, subject, 8);
    clock.set('2027-03-02T09:30:00Z');
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, at) => record(diary, 'M30', at % 10, '2027-03-02T09:30:00Z')),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'DiaryEntrySettled']));
  });

  it('is taken from a list that was read before the clock reminded somebody', async () => {
    const diary = await makeDiary(room, ada, subject, 8);
    clock.set('2027-03-02T09:30:00Z');
    const { id } = entryOf(diary, 'M30');
    expect(await room.reminders.remind(id)).not.toBeNull();
    expect(codeOf(await record(diary, 'M30', 4, '2027-03-02T09:30:00Z'))).toBe('done');
  });

  it('comes on the list when it is due, and is given up when it is too late', async () => {
    const diary = await makeDiary(room, ada, subject, 8);
    const due = async () => {
      const { items } = await room.records.diaryDue(ada, { patientId: subject.patientId }, { size: 10 });
      return items.map(({ point }) => point);
    };
    expect(await due()).toEqual([]);
    clock.set('2027-03-02T13:00:00Z');
    expect(await due()).toEqual(['M30', 'H4']);
    for (const point of ['M30', 'H4', 'H24'] as const) {
      const { id, senseUntil } = entryOf(diary, point);
      clock.set(senseUntil.toString());
      expect(await room.reminders.remind(id)).toBeNull();
    }
    const after = await now(diary.treatmentId);
    expect(entryOf(after, 'H24')).toMatchObject({ status: 'MISSED', settledById: null });
    expect(after.judgement).toMatchObject({ verdict: 'UNDEFINED', percentRelief: null, followUp: 'NONE' });
  });
});

describe('the list of those who are to be asked', () => {
  it('has nobody who has died', async () => {
    const { patientId } = await makeDiary(room, ada, subject, 8);
    clock.set('2027-03-02T13:00:00Z');
    const due = async () => (await room.records.diaryDue(ada, { patientId }, { size: 10 })).items.length;
    expect(await due()).toBe(2);
    await database.client.patientDeath.create({
      data: {
        ...{ patientId, diedOn: new Date('2027-03-02'), source: 'The GP.' },
        ...{ recordedAt: new Date(NOW), recordedById: ada.id },
      },
    });
    expect(await due()).toBe(0);
  });
});

describe('a response', () => {
  it('from 8 to 4 is exactly 50 %, proposes a denervation, and is taken once', async () => {
    const diary = await blocked(8, 6, 4, 7);
    expect(diary.judgement).toMatchObject({ verdict: 'POSITIVE', percentRelief: 50, number: 1 });
    const [proposal] = diary.proposals;
    if (proposal === undefined) throw new Error('nothing is proposed');
    expect(proposal).toMatchObject({ kind: 'RADIOFREQUENCY_DENERVATION', status: 'OPEN' });
    const take = () =>
      room.proposals.takeProposal(ada, {
        ...{ proposalId: proposal.id, version: 0, indication: 'The block helped.' },
        alternatives: 'Physiotherapy; doing nothing.',
      });
    const all = await Promise.all(Array.from({ length: AT_ONCE }, take));
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'ProposalSettled']));
    const taken = (await now(diary.treatmentId)).proposals[0]?.takenTreatmentId ?? '';
    const wanted = await room.rooms.treatments.treatment(database.client, taken);
    expect(wanted).toMatchObject({ origin: 'RESPONSE', originId: proposal.id, status: 'REQUESTED' });
    const { criteria } = await room.rooms.eligibility.treatmentEligibility(ada, wanted.id);
    expect(criteria.find(({ criterion }) => criterion === 'BLOCK_RESPONSE')).toMatchObject({
      verdict: 'PASSED',
    });
  });

  it('is judged again when a figure is put right, and the proposal goes with the judgement before', async () => {
    const diary = await blocked(8, 6, 4, 7);
    const scoreId = entryOf(diary, 'H4').scoreId ?? '';
    mustBe(
      await room.rooms.scores.correctScore(asBooker(ada), {
        ...{ scoreId, answers: [{ item: 1, marked: [7] }], reason: 'It was the figure of somebody else.' },
      }),
    );
    const after = await now(diary.treatmentId);
    expect(after.judgements.map(({ verdict }) => verdict)).toEqual(['POSITIVE', 'NEGATIVE']);
    expect(after.judgement).toMatchObject({ number: 2, percentRelief: 25, followUp: 'BACK_TO_TEAM' });
    expect(after.proposals.map(({ status }) => status)).toEqual(['WITHDRAWN']);
    expect(
      await database.client.outboxMessage.count({ where: { topic: 'response.judged' } }),
    ).toBeGreaterThan(1);
  });

  it('is told to whoever asks for evidence, by the judgement that stands', async () => {
    const { treatmentId } = await blocked(9, 5, 6, 6);
    const [response] = await room.rooms.evidence.blockResponses(database.client, subject.patientId);
    expect(response).toMatchObject({ treatmentId, verdict: 'PARTIAL', kind: 'MEDIAL_BRANCH_BLOCK' });
  });

  it('excludes nothing by figures of another time, by SQL either', async () => {
    const { treatmentId } = await makeDiary(room, ada, subject, 8);
    const miss = async (point: DiaryPoint) => {
      const { id, senseUntil } = entryOf(await now(treatmentId), point);
      clock.set(senseUntil.toString());
      await room.reminders.remind(id);
    };
    await miss('M30');
    await miss('H4');
    clock.set('2027-03-08T08:00:00Z');
    await record(await now(treatmentId), 'H24', 8, '2027-03-08T08:00:00Z');
    const after = await now(treatmentId);
    expect(entryOf(after, 'H24')).toMatchObject({ status: 'RECORDED', total: 8, timing: 'LATE' });
    expect(after.judgement).toMatchObject({ verdict: 'UNDEFINED', afterTotal: null, followUp: 'NONE' });
    await expect(
      database.client.$executeRawUnsafe(
        `INSERT INTO response_judgements (id, diary_id, treatment_id, number, policy_id, verdict, percent_relief, before_total,
                                          after_total, score_ids, follow_up, judged_at)
         SELECT gen_random_uuid(), diary_id, treatment_id, number + 1, policy_id, 'NEGATIVE', 0, 8, 8,
                score_ids || '${entryOf(after, 'H24').scoreId}'::uuid, 'BACK_TO_TEAM', judged_at
           FROM response_judgements WHERE treatment_id = '${treatmentId}'`,
      ),
    ).rejects.toThrow('figures of another time');
  });

  it('cannot be written otherwise than the figures say, nor changed, by SQL either', async () => {
    const diary = await blocked(8, 6, 4, 7);
    const sql = (text: string) => database.client.$executeRawUnsafe(text);
    const mine = `WHERE treatment_id = '${diary.treatmentId}'`;
    await expect(sql(`UPDATE response_judgements SET verdict = 'NEGATIVE' ${mine}`)).rejects.toThrow(
      'only ever added',
    );
    await expect(sql(`DELETE FROM response_judgements ${mine}`)).rejects.toThrow('only ever added');
    await expect(
      sql(`UPDATE diary_entries SET due_at = now(), version = version + 1 ${mine}`),
    ).rejects.toThrow('point');
    await expect(sql(`DELETE FROM diary_entries ${mine}`)).rejects.toThrow('only ever added');
    await expect(
      sql(`INSERT INTO response_judgements (id, diary_id, treatment_id, number, policy_id, verdict, percent_relief, before_total,
                                            after_total, score_ids, follow_up, judged_at)
           SELECT gen_random_uuid(), diary_id, treatment_id, number + 1, policy_id, 'NEGATIVE', percent_relief, before_total,
                  after_total, score_ids, 'BACK_TO_TEAM', judged_at FROM response_judgements ${mine}`),
    ).rejects.toThrow('not what the figures say');
  });
});

describe('what may be the source', () => {
  it('is suspected, then excluded, and the next candidate is named', async () => {
    const reports = reportsOn(database, clock);
    const reporter = await makeReporter(database);
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    const findings = [
      aFinding({ level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' }),
      aFinding({ level: 'L5_S1', side: 'LEFT', uptake: 'MILD' }),
    ];
    await makeReport(reports, reporter, scan.id, aContent({ findings }));
    const before = await room.sources.painSourceMap(ada, subject.patientId);
    expect(before.next).toMatchObject({ level: 'L4_L5', status: 'SUSPECTED', uptake: 'INTENSE' });
    await blocked(8, 8, 7, 8);
    const after = await room.sources.painSourceMap(ada, subject.patientId);
    expect(after.sources.find(({ level }) => level === 'L4_L5')).toMatchObject({ status: 'EXCLUDED' });
    expect(after.next).toMatchObject({ level: 'L5_S1', status: 'SUSPECTED' });
  });
});

describe('what the clinic learns', () => {
  it('shows no group of fewer patients than the minimum, and runs no formula', async () => {
    const kind = 'SACRO_ILIAC_INJECTION' as const;
    const wish = { request: { kind, targets: [aTarget({ structure: 'SACRO_ILIAC', level: null })] } };
    for (let patient = 0; patient < 5; patient += 1) {
      clock.set(NOW);
      subject = await makeSubject(room.rooms);
      const { whole } = await room.learning.clinicLearning(ada, kind);
      expect(whole).toBeNull();
      const { treatmentId } = await makeDiary(room, ada, subject, 8, wish);
      for (const point of ['M30', 'H4', 'H24'] as const) await say(room, ada, treatmentId, point, 4);
    }
    const learned = await room.learning.clinicLearning(ada, kind);
    expect(learned.whole).toMatchObject({ patientsCount: 5, positiveCount: 5 });
    expect(learned.whole?.positive).toMatchObject({ count: 5, of: 5, upper: 1 });
    expect(learned.predictiveValue).toBeNull();
    const csv = await room.learning.clinicLearningCsv(ada, kind);
    expect(csv.split('\r\n')[1]).toContain('SACRO_ILIAC_INJECTION,ALL,ALL,All,5,5,5,0,0,0,5,5,1,');
    expect(csv).not.toMatch(/(^|,)[=+@]/m);
  });
});
