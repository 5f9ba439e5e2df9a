import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { Meeting } from '../../src/clinic/meetings/meeting.type.js';
import type { MeetingCase } from '../../src/clinic/meetings/meeting-case.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aMeeting,
  aSeries,
  type MeetingsRoom,
  makeMember,
  makePreparedCase,
  makeSession,
  meetingsOn,
} from '../support/meetings.factory.js';
import { makePatient } from '../support/patients.factory.js';

// Many do the same in a meeting at once: one does it, the others are told why not, and nothing is there twice or half.

const NOW = '2026-11-24T09:00:00Z';
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: MeetingsRoom;
let chair: StaffActor;
let other: StaffActor;
let psychologist: StaffActor;
/** Cases that somebody has recorded a decision of. */
const decided = new Set<string>();

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = meetingsOn(database, clock);
  room.outcomes.register({
    room: 'test',
    undecided: async (_tx, ids) => ids.filter((id) => !decided.has(id)),
  });
  chair = await makeMember(database, 'PAIN_MEDICINE');
  other = await makeMember(database, 'PSYCHOLOGY');
  psychologist = await makeMember(database, 'PSYCHOLOGY');
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'done');
const atOnce = async (act: (n: number) => Promise<unknown>): Promise<readonly string[]> =>
  (await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => act(n)))).map(codeOf);
/** Code and how often. */
const tally = (codes: readonly string[]) =>
  Object.fromEntries(
    [...new Set(codes)].toSorted().map((code) => [code, codes.filter((one) => one === code).length]),
  );
const planned = async (): Promise<Meeting> => mustBe(await room.planning.planMeeting(chair, aMeeting(chair)));
const prepared = async (): Promise<MeetingCase> =>
  makePreparedCase(room, chair, (await makePatient(room.patients)).id);

async function listed(meeting: Meeting): Promise<MeetingCase> {
  const { id: caseId, version } = await prepared();
  return mustBe(await room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
}
const spellOf = (meeting: Meeting, of: StaffActor) =>
  meeting.attendances.findLast(({ staffId }) => staffId === of.id)?.id ?? '';

describe('fifty at once', () => {
  it('plan a series: each meeting is there once', async () => {
    const series = await room.series.beginMeetingSeries(chair, aSeries(chair));
    const plan = { seriesId: series.id, until: '2026-12-31' };
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => room.series.planSeries(chair, plan)),
    );
    expect(answers.flatMap(({ meetings }) => meetings)).toHaveLength(6);
    expect(await database.client.meeting.count({ where: { seriesId: series.id } })).toBe(6);
  });

  it('bring one case on a list: one does, whoever else had the same version is told', async () => {
    const [meeting, { id: caseId, version }] = [await planned(), await prepared()];
    const codes = await atOnce(() => room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
    expect(tally(codes)).toEqual({ CaseStandsOtherwise: AT_ONCE - 1, done: 1 });
    const after = await room.caseRecords.meetingCase(chair, caseId);
    expect(after.events.filter(({ kind }) => kind === 'LISTED')).toHaveLength(1);
  });

  it('say that somebody is there, and that they left: each once', async () => {
    const meeting = await planned();
    clock.set(meeting.startsAt);
    mustBe(await room.meetings.beginMeeting(chair, meeting.id));
    const wish = { meetingId: meeting.id, staffId: chair.id, discipline: 'PAIN_MEDICINE' } as const;
    expect(tally(await atOnce(() => room.meetings.recordAttendance(chair, wish)))).toEqual({
      AlreadyPresent: AT_ONCE - 1,
      done: 1,
    });
    clock.advance({ minutes: 5 });
    const attendanceId = spellOf(await room.records.meeting(meeting.id), chair);
    expect(tally(await atOnce(() => room.meetings.recordLeaving(chair, { attendanceId })))).toEqual({
      AlreadyLeft: AT_ONCE - 1,
      done: 1,
    });
  });

  it('begin or cancel one meeting: it does one of both, once', async () => {
    const meeting = await planned();
    clock.set(meeting.startsAt);
    const codes = await atOnce((n) =>
      n % 2 === 0
        ? room.meetings.beginMeeting(chair, meeting.id)
        : room.planning.cancelMeeting(other, { meetingId: meeting.id, reason: 'Snow' }),
    );
    expect(tally(codes)).toEqual({ MeetingStandsOtherwise: AT_ONCE - 1, done: 1 });
    const row = await database.client.meeting.findUniqueOrThrow({ where: { id: meeting.id } });
    expect(['IN_SESSION', 'CANCELLED']).toContain(row.status);
    expect(row.version).toBe(1);
  });

  it('end one discussion: it ends once, and its end is the one that is kept', async () => {
    const meeting = await planned();
    const { id } = await listed(meeting);
    await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
    mustBe(await room.cases.beginCase(chair, id));
    clock.advance({ minutes: 5 });
    const codes = await atOnce((n) => room.cases.endCase(n % 2 === 0 ? chair : other, id));
    expect(tally(codes)).toEqual({ CaseStandsOtherwise: AT_ONCE - 1, done: 1 });
    const { events } = await room.caseRecords.meetingCase(chair, id);
    expect(events.filter(({ kind }) => kind === 'ENDED')).toHaveLength(1);
  });

  it('close a meeting, two people in turns: one does, and its traces are there once', async () => {
    const meeting = await planned();
    const { id } = await listed(meeting);
    await makeSession(room, meeting, [
      [chair, 'PAIN_MEDICINE'],
      [other, 'PSYCHOLOGY'],
    ]);
    mustBe(await room.cases.beginCase(chair, id));
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.endCase(chair, id));
    decided.add(id);
    const codes = await atOnce((n) => room.meetings.closeMeeting(n % 2 === 0 ? chair : other, meeting.id));
    expect(tally(codes)).toEqual({ MeetingStandsOtherwise: AT_ONCE - 1, done: 1 });
    const audit = await database.client.auditEntry.count({
      where: { subjectId: meeting.id, action: 'meeting.closed' },
    });
    expect(audit).toBe(1);
  });

  it('close a meeting while others come, bring cases and begin them: what is closed has nothing left open', async () => {
    const meeting = await planned();
    await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
    const cases = await Promise.all(Array.from({ length: 5 }, () => prepared()));
    clock.advance({ minutes: 5 });
    const late = { lateUrgency: 'URGENT', lateReason: 'Worse since yesterday.' } as const;
    const codes = await atOnce((n) => {
      const one = cases[n % cases.length];
      if (one === undefined) throw new Error('no case');
      if (n % 3 === 0) return room.meetings.closeMeeting(chair, meeting.id);
      if (n % 3 === 1)
        return room.cases.listCase(chair, {
          caseId: one.id,
          version: one.version,
          meetingId: meeting.id,
          ...late,
        });
      return room.cases.beginCase(chair, one.id);
    });
    expect(new Set(codes)).not.toContain('Error');
    const row = await database.client.meeting.findUniqueOrThrow({
      where: { id: meeting.id },
      include: { cases: true, attendances: true },
    });
    if (row.status === 'CLOSED') {
      expect(row.cases).toEqual([]);
      expect(row.attendances.every(({ leftAt }) => leftAt !== null)).toBe(true);
    } else {
      expect(row.cases.length).toBeGreaterThan(0);
      expect(row.cases.filter(({ discussedFrom }) => discussedFrom !== null).length).toBeLessThanOrEqual(1);
    }
  });
});

describe('a quorum while people come and go', () => {
  it('holds when somebody of the discipline takes over in time, and breaks when there is a gap', async () => {
    const meeting = await planned();
    const [relieved, broken] = [await listed(meeting), await listed(meeting)];
    await makeSession(room, meeting, [
      [chair, 'PAIN_MEDICINE'],
      [other, 'PSYCHOLOGY'],
    ]);
    const join = async (who: StaffActor) =>
      mustBe(
        await room.meetings.recordAttendance(chair, {
          ...{ meetingId: meeting.id, staffId: who.id, discipline: 'PSYCHOLOGY' },
        }),
      );
    const leave = async (who: StaffActor) => {
      const attendanceId = spellOf(await room.records.meeting(meeting.id), who);
      return mustBe(await room.meetings.recordLeaving(chair, { attendanceId }));
    };
    const quorum = async ({ id }: MeetingCase) =>
      (await database.transaction((tx) => room.cases.lockCase(tx, id))).quorum;

    mustBe(await room.cases.beginCase(chair, relieved.id));
    clock.advance({ minutes: 3 });
    await join(psychologist);
    clock.advance({ minutes: 1 });
    expect((await leave(other)).missingNow).toEqual([]);
    clock.advance({ minutes: 3 });
    mustBe(await room.cases.endCase(chair, relieved.id));
    expect(await quorum(relieved)).toMatchObject({ isMet: true, present: ['PAIN_MEDICINE', 'PSYCHOLOGY'] });

    mustBe(await room.cases.beginCase(chair, broken.id));
    clock.advance({ minutes: 3 });
    expect((await leave(psychologist)).missingNow).toEqual(['PSYCHOLOGY']);
    clock.advance({ minutes: 1 });
    expect(await quorum(broken)).toMatchObject({ isMet: false });
    await join(psychologist);
    clock.advance({ minutes: 3 });
    mustBe(await room.cases.endCase(chair, broken.id));
    expect(await quorum(broken)).toMatchObject({ isMet: false, present: ['PAIN_MEDICINE'] });
    // What the first one had is not touched by what came after it.
    expect(await quorum(relieved)).toMatchObject({ isMet: true });
  });
});

describe('members of a series', () => {
  it('are those that came once, or chaired; who was missing how often is said of each', async () => {
    const series = await room.series.beginMeetingSeries(chair, aSeries(chair));
    const { meetings } = await room.series.planSeries(chair, { seriesId: series.id, until: '2026-12-17' });
    for (const [at, meeting] of meetings.entries()) {
      await makeSession(
        room,
        meeting,
        at === 0 ? [[chair, 'PAIN_MEDICINE']] : [[psychologist, 'PSYCHOLOGY']],
      );
      if (at === 1) {
        const guest = { meetingId: meeting.id, discipline: 'RADIOLOGY', guestName: 'Dr Lee' } as const;
        mustBe(await room.meetings.recordAttendance(chair, { ...guest, organisation: 'St Elsewhere' }));
      }
      clock.advance({ minutes: 30 });
      mustBe(await room.meetings.closeMeeting(chair, meeting.id));
    }
    const absences = await room.absences.byMember(series.id, '2026-11-24', '2026-12-31');
    expect(absences).toEqual([
      {
        ...{ staffId: chair.id, guestName: null, organisation: null, disciplines: ['PAIN_MEDICINE'] },
        ...{ heldCount: 4, missedCount: 3, missedInARow: 3 },
      },
      {
        ...{ staffId: null, guestName: 'Dr Lee', organisation: 'St Elsewhere', disciplines: ['RADIOLOGY'] },
        ...{ heldCount: 3, missedCount: 2, missedInARow: 2 },
      },
      {
        ...{ staffId: psychologist.id, guestName: null, organisation: null, disciplines: ['PSYCHOLOGY'] },
        ...{ heldCount: 3, missedCount: 0, missedInARow: 0 },
      },
    ]);
    const last = await room.absences.byMember(series.id, '2026-12-17', '2026-12-17');
    expect(last.map(({ heldCount, missedCount }) => [heldCount, missedCount])).toEqual([
      [1, 1],
      [1, 1],
      [1, 0],
    ]);
    await expect(room.absences.byMember(chair.id, '2026-12-17', '2026-12-17')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
