import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { PainDiary } from '../../src/clinic/responses/response.type.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { DiaryPoint, SpineLevel } from '../../src/platform/database/generated/enums.js';
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
import {
  entryOf,
  makeAskedDiary,
  makeDiary,
  type ResponsesRoom,
  responsesOn,
  say,
} from '../support/responses.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';
import {
  aGiven,
  aPlan,
  asBooker,
  aTarget,
  makeOperator,
  makeSubject,
  publishProcedureWording,
  type Subject,
} from '../support/treatments.factory.js';

// What a block proved, on the map of one patient: relief, none, something between, and what is put right afterwards.

const NOW = '2027-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: ResponsesRoom;
let ada: StaffActor;
let subject: Subject;
/** Findings of the patient's report, by level. */
let findings: ReadonlyMap<string, string>;

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
  const scan = await makeScan(database, clock, { patientId: subject.patientId });
  const seen = [
    aFinding({ level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' }),
    aFinding({ level: 'L5_S1', side: 'LEFT', uptake: 'MODERATE' }),
    aFinding({ level: 'L3_L4', side: 'RIGHT', uptake: 'MILD' }),
  ];
  const reporter = await makeReporter(database);
  await makeReport(reportsOn(database, clock), reporter, scan.id, aContent({ findings: seen }));
  const rows = await database.client.scanReportFinding.findMany({ where: { scanBookingId: scan.id } });
  findings = new Map(rows.map(({ id, level }) => [level ?? '', id]));
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const now = (treatmentId: string) => room.records.mustHave(database.client, treatmentId);
const findingAt = (level: SpineLevel) => findings.get(level) ?? '';
const treatment = (id: string) => room.rooms.treatments.treatment(database.client, id);
const map = () => room.sources.painSourceMap(ada, subject.patientId);
const sourceAt = async (level: SpineLevel) => (await map()).sources.find((source) => source.level === level);
const judgedPoints = ['M30', 'H4', 'H24'] as const;

/** A block of the joint that a finding suggested, with the pain before it and after it. */
async function blocked(level: SpineLevel, before: number, after: number): Promise<PainDiary> {
  const target = aTarget({ level, findingId: findingAt(level), noFindingBecause: null });
  const diary = await makeDiary(room, ada, subject, before, { request: { targets: [target] } });
  for (const point of judgedPoints) await say(room, ada, diary.treatmentId, point, after);
  return now(diary.treatmentId);
}

/** What was proposed, given and answered at every point that judges. */
async function answered(asked: Treatment, before: number, after: number): Promise<PainDiary> {
  clock.advance({ minutes: 60 * 24 });
  const { treatmentId } = await makeAskedDiary(room, ada, asked, before);
  for (const point of judgedPoints) await say(room, ada, treatmentId, point, after);
  return now(treatmentId);
}

async function correctFigure(diary: PainDiary, point: (typeof judgedPoints)[number], total: number) {
  const scoreId = entryOf(diary, point).scoreId ?? '';
  const answers = [{ item: 1, marked: [total] }];
  mustBe(
    await room.rooms.scores.correctScore(asBooker(ada), { scoreId, answers, reason: 'It was misheard.' }),
  );
}

const take = (diary: PainDiary) => {
  const proposal = diary.proposals.at(-1);
  if (proposal === undefined) throw new Error('nothing is proposed');
  return room.proposals.takeProposal(ada, {
    ...{ proposalId: proposal.id, version: proposal.version, indication: 'The block helped.' },
    alternatives: 'Physiotherapy; doing nothing.',
  });
};

describe('before any block', () => {
  it('what lights up is suspected, and the brightest is next', async () => {
    const { sources, next } = await map();
    expect(sources.map(({ level, status, uptake }) => [level, status, uptake])).toEqual([
      ['L4_L5', 'SUSPECTED', 'INTENSE'],
      ['L5_S1', 'SUSPECTED', 'MODERATE'],
      ['L3_L4', 'SUSPECTED', 'MILD'],
    ]);
    expect(next).toMatchObject({ level: 'L4_L5', side: 'LEFT' });
    expect(sources[0]?.findings).toMatchObject([{ findingId: findingAt('L4_L5'), versionNumber: 1 }]);
  });

  it('a patient of whom nothing is known has an empty map', async () => {
    subject = await makeSubject(room.rooms);
    expect(await map()).toEqual({ patientId: subject.patientId, sources: [], next: null });
  });
});

describe('relief', () => {
  it('confirms the joint, and proposes a denervation of that very place for that very finding', async () => {
    const diary = await blocked('L4_L5', 8, 3);
    expect(await sourceAt('L4_L5')).toMatchObject({
      ...{ status: 'CONFIRMED', isContradictory: false },
      treatments: [{ treatmentId: diary.treatmentId, verdict: 'POSITIVE', percentRelief: 62.5 }],
    });
    expect(diary.proposals).toMatchObject([{ kind: 'RADIOFREQUENCY_DENERVATION', isRepeat: false }]);
    const { takenTreatmentId } = mustBe(await take(diary));
    const denervation = await treatment(takenTreatmentId ?? '');
    expect(denervation.targets).toMatchObject([
      {
        ...{ structure: 'FACET', level: 'L4_L5', side: 'LEFT' },
        ...{ findingId: findingAt('L4_L5'), noFindingBecause: null },
      },
    ]);
    clock.advance({ minutes: 60 * 24 });
    const { criteria } = await room.rooms.eligibility.treatmentEligibility(ada, denervation.id);
    expect(criteria.find(({ criterion }) => criterion === 'BLOCK_RESPONSE')?.verdict).toBe('PASSED');
    const targets = [aTarget({ findingId: findingAt('L4_L5'), noFindingBecause: null })];
    const planned = mustBe(
      await room.rooms.plans.planTreatment(
        ada,
        aPlan(denervation, { targets, agents: [], proceedBecause: 'Agreed.' }),
      ),
    );
    expect(planned.plan?.unmetCriteria).not.toContain('BLOCK_RESPONSE');
  });

  it('of another place is no evidence for this one', async () => {
    await blocked('L4_L5', 8, 3);
    const target = aTarget({ level: 'L5_S1' });
    const asked = mustBe(
      await room.rooms.requests.requestTreatment(asBooker(ada), {
        ...{ patientId: subject.patientId, referralId: subject.referralId, targets: [target] },
        ...{ kind: 'RADIOFREQUENCY_DENERVATION', because: 'x', indication: 'x', alternatives: 'x' },
      }),
    );
    const { criteria } = await room.rooms.eligibility.treatmentEligibility(ada, asked.id);
    expect(criteria.find(({ criterion }) => criterion === 'BLOCK_RESPONSE')?.verdict).not.toBe('PASSED');
  });
});

describe('no relief', () => {
  it('excludes the joint, and names the next candidate until none is left', async () => {
    const first = await blocked('L4_L5', 8, 8);
    expect(first.judgement).toMatchObject({ verdict: 'NEGATIVE', followUp: 'BACK_TO_TEAM' });
    expect(first.proposals).toEqual([]);
    expect(await sourceAt('L4_L5')).toMatchObject({ status: 'EXCLUDED' });
    expect((await map()).next).toMatchObject({ level: 'L5_S1' });
    await blocked('L5_S1', 8, 7);
    expect((await map()).next).toMatchObject({ level: 'L3_L4', side: 'RIGHT' });
  });

  it('that was a slip of the pen turns into relief, and back', async () => {
    const diary = await blocked('L4_L5', 8, 8);
    await correctFigure(diary, 'H4', 2);
    const turned = await now(diary.treatmentId);
    expect(await sourceAt('L4_L5')).toMatchObject({ status: 'CONFIRMED', isContradictory: false });
    expect(turned.proposals).toMatchObject([{ status: 'OPEN', kind: 'RADIOFREQUENCY_DENERVATION' }]);
    await correctFigure(turned, 'H4', 8);
    expect(await sourceAt('L4_L5')).toMatchObject({ status: 'EXCLUDED' });
    expect((await now(diary.treatmentId)).proposals).toMatchObject([{ status: 'WITHDRAWN' }]);
    expect((await map()).next).toMatchObject({ level: 'L5_S1' });
  });
});

describe('something between', () => {
  it('leaves a suspicion, and proposes the same block at the same place once more, and only once', async () => {
    const diary = await blocked('L4_L5', 10, 6);
    expect(diary.judgement).toMatchObject({ verdict: 'PARTIAL', followUp: 'REPEAT_BLOCK' });
    expect(await sourceAt('L4_L5')).toMatchObject({ status: 'SUSPECTED' });
    expect(diary.proposals).toMatchObject([{ kind: 'MEDIAL_BRANCH_BLOCK', isRepeat: true, status: 'OPEN' }]);
    const { takenTreatmentId } = mustBe(await take(diary));
    const repeat = await treatment(takenTreatmentId ?? '');
    expect(repeat).toMatchObject({ kind: 'MEDIAL_BRANCH_BLOCK', origin: 'RESPONSE' });
    expect(repeat.targets).toMatchObject([{ level: 'L4_L5', side: 'LEFT', findingId: findingAt('L4_L5') }]);
    // What is under way is not proposed as the next candidate.
    expect((await map()).next).toMatchObject({ level: 'L5_S1' });
    const again = await answered(repeat, 10, 6);
    expect(again.judgement).toMatchObject({ verdict: 'PARTIAL', followUp: 'BACK_TO_TEAM' });
    expect(again.proposals).toEqual([]);
  });

  it('that becomes relief by a corrected figure takes the repetition back and proposes the denervation', async () => {
    const diary = await blocked('L4_L5', 10, 6);
    mustBe(await take(diary));
    await correctFigure(diary, 'M30', 2);
    expect((await now(diary.treatmentId)).proposals.map(({ kind, status }) => [kind, status])).toEqual([
      ['MEDIAL_BRANCH_BLOCK', 'TAKEN'],
      ['RADIOFREQUENCY_DENERVATION', 'OPEN'],
    ]);
  });

  it('says so on every side when blocks contradict each other: the latest counts', async () => {
    const first = await blocked('L4_L5', 8, 2);
    clock.advance({ minutes: 60 * 24 * 14 });
    const second = await blocked('L4_L5', 8, 8);
    const source = await sourceAt('L4_L5');
    expect(source).toMatchObject({ status: 'EXCLUDED', isContradictory: true });
    expect(source?.treatments.map(({ treatmentId, verdict }) => [treatmentId, verdict])).toEqual([
      [first.treatmentId, 'POSITIVE'],
      [second.treatmentId, 'NEGATIVE'],
    ]);
  });

  it('is refused as a proposal when it stands no more', async () => {
    const diary = await blocked('L4_L5', 10, 6);
    await correctFigure(diary, 'M30', 10);
    await correctFigure(diary, 'H4', 10);
    await correctFigure(diary, 'H24', 10);
    expect(codeOf(await take(diary))).toBe('ProposalSettled');
  });
});

describe('a finding that was corrected since', () => {
  it('is not named again: the response is what suggests the place', async () => {
    const diary = await blocked('L4_L5', 8, 2);
    const [old] = await database.client.scanReportFinding.findMany({ where: { id: findingAt('L4_L5') } });
    const reporter = await makeReporter(database);
    const correction = {
      ...aContent({ findings: [aFinding({ level: 'L4_L5', side: 'LEFT', uptake: 'MILD' })] }),
    };
    mustBe(
      await reportsOn(database, clock).addenda.addReportAddendum(reporter, {
        ...{ scanBookingId: old?.scanBookingId ?? '', seenVersion: 1, text: 'Graded too high.', correction },
      }),
    );
    const { takenTreatmentId } = mustBe(await take(diary));
    const [target] = (await treatment(takenTreatmentId ?? '')).targets;
    expect(target).toMatchObject({ level: 'L4_L5', side: 'LEFT', findingId: null });
    expect(target?.noFindingBecause).toContain('positive');
  });
});

describe('a record of what was given that is put right', () => {
  /** So many minutes after it began; told to this room twice. */
  async function correctEnd(treatmentId: string, minutes: number) {
    const finishedAt = Temporal.Instant.from(NOW).add({ minutes });
    const given = aGiven(await treatment(treatmentId), finishedAt);
    const input = { ...given, correctedBecause: 'The clock was wrong.' };
    mustBe(await room.rooms.given.correctTreatmentRecord(ada, input));
    await Promise.all([room.following.follow(treatmentId), room.following.follow(treatmentId)]);
    return now(treatmentId);
  }
  const dueAfter = (diary: PainDiary, point: DiaryPoint) =>
    entryOf(diary, point).dueAt.since(Temporal.Instant.from(NOW)).total('minutes');

  it('is told once more, and moves what is still to be asked', async () => {
    const diary = await makeDiary(room, ada, subject, 8);
    const told = { topic: 'treatment.done', subjectId: diary.treatmentId };
    clock.advance({ minutes: 20 });
    const after = await correctEnd(diary.treatmentId, 10);
    expect(await database.client.outboxMessage.count({ where: told })).toBe(2);
    expect([after.recordVersion, dueAfter(after, 'M30'), dueAfter(after, 'H24')]).toEqual([2, 40, 1_450]);
    expect(entryOf(after, 'BEFORE')).toEqual(entryOf(diary, 'BEFORE'));
    const { id: subjectId } = entryOf(after, 'M30');
    const open = await database.client.outboxMessage.findMany({ where: { topic: 'diary.due', subjectId } });
    expect(open.map(({ dueAt }) => dueAt)).toEqual([new Date('2027-03-02T09:40:00Z')]);
    await room.following.follow(diary.treatmentId);
    expect(await now(diary.treatmentId)).toEqual(after);
  });

  it('is judged again where a figure was of another moment, and the proposal goes', async () => {
    const { treatmentId } = await makeDiary(room, ada, subject, 8);
    await say(room, ada, treatmentId, 'M30', 2);
    for (const point of ['H4', 'H24'] as const) await say(room, ada, treatmentId, point, 8);
    expect((await now(treatmentId)).judgement?.verdict).toBe('POSITIVE');
    const after = await correctEnd(treatmentId, 40);
    expect(entryOf(after, 'M30')).toMatchObject({ status: 'MISSED', scoreId: null, settledById: null });
    expect(entryOf(after, 'H4')).toMatchObject({ status: 'RECORDED', total: 8 });
    expect(after.judgements.map(({ verdict }) => verdict)).toEqual(['POSITIVE', 'NEGATIVE']);
    expect(after.proposals).toMatchObject([{ status: 'WITHDRAWN' }]);
  });

  it('that changes nothing of its end changes no point', async () => {
    const { treatmentId } = await makeDiary(room, ada, subject, 8);
    const before = await say(room, ada, treatmentId, 'M30', 2);
    const after = await correctEnd(treatmentId, 0);
    expect(after).toEqual({ ...before, recordVersion: 2 });
  });

  it('cannot be made to move a point without it, by SQL either', async () => {
    const { treatmentId } = await makeDiary(room, ada, subject, 8);
    const sql = (text: string) =>
      database.client.$executeRawUnsafe(`${text} WHERE treatment_id = '${treatmentId}'`);
    await expect(sql('UPDATE pain_diaries SET finished_at = finished_at')).rejects.toThrow('follows');
    await expect(sql('UPDATE pain_diaries SET record_version = 2')).rejects.toThrow('no record');
    await expect(
      sql('UPDATE diary_entries SET due_at = due_at, record_version = 2, version = version + 1'),
    ).rejects.toThrow('runs from no record');
    await expect(sql('DELETE FROM pain_diaries')).rejects.toThrow('only ever added');
  });
});
