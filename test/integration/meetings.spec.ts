import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { CASES_OF_A_PATIENT_MAX, CASES_WAITING_MAX } from '../../src/clinic/meetings/case-record.service.js';
import type { Meeting } from '../../src/clinic/meetings/meeting.type.js';
import type { MeetingCase } from '../../src/clinic/meetings/meeting-case.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aReader } from '../support/documents.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aMeeting,
  aProforma,
  aSeries,
  type MeetingsRoom,
  makeCase,
  makeMember,
  makePreparedCase,
  makeSession,
  meetingsOn,
} from '../support/meetings.factory.js';
import { aScore, phq9 } from '../support/outcomes.factory.js';
import { makePatient } from '../support/patients.factory.js';

// The team's meetings: who is there, who is brought before it, and what may be closed when.

const NOW = '2026-11-24T09:00:00Z';
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: MeetingsRoom;
let chair: StaffActor;
let psychologist: StaffActor;
/** Cases that somebody has recorded a decision of, as the room of decisions would know them. */
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
  psychologist = await makeMember(database, 'PSYCHOLOGY');
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'done');
const aPatient = async () => (await makePatient(room.patients)).id;
const planned = async (parts = {}): Promise<Meeting> =>
  mustBe(await room.planning.planMeeting(chair, aMeeting(chair, parts)));

async function listed(meeting: Meeting): Promise<MeetingCase> {
  const one = await makePreparedCase(room, chair, await aPatient());
  const { id: caseId, version } = one;
  return mustBe(await room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
}

describe('a series', () => {
  it('plans its meetings once, at the wall clock’s time across both changes of the clocks', async () => {
    const series = await room.series.beginMeetingSeries(chair, aSeries(chair));
    const { meetings } = await room.series.planSeries(chair, { seriesId: series.id, until: '2027-11-04' });
    const startOf = (day: string) =>
      meetings.find(({ startsAt }) => startsAt.toString().startsWith(day))?.startsAt.toString();
    expect(startOf('2026-11-26')).toBe('2026-11-26T13:00:00Z');
    expect(startOf('2027-03-25')).toBe('2027-03-25T13:00:00Z');
    expect(startOf('2027-04-01')).toBe('2027-04-01T12:00:00Z');
    expect(startOf('2027-11-04')).toBe('2027-11-04T13:00:00Z');
    expect(meetings.at(0)?.agendaClosesAt.toString()).toBe('2026-11-25T13:00:00Z');
    const again = await room.series.planSeries(chair, { seriesId: series.id, until: '2027-11-04' });
    expect(again.meetings).toEqual([]);
  });

  it('changes from a day on by a term of its own, and ends once', async () => {
    const series = await room.series.beginMeetingSeries(chair, aSeries(chair));
    const { name: _, ...term } = aSeries(chair, { effectiveFrom: '2026-12-07', weekday: 1 });
    const change = { ...term, seriesId: series.id };
    expect(mustBe(await room.series.changeMeetingSeries(chair, change)).terms).toHaveLength(2);
    expect(codeOf(await room.series.changeMeetingSeries(chair, change))).toBe('SeriesTermAlreadySet');
    const end = { seriesId: series.id, on: '2026-12-15' };
    mustBe(await room.series.endMeetingSeries(chair, end));
    expect(codeOf(await room.series.endMeetingSeries(chair, end))).toBe('SeriesEnded');
    const { meetings } = await room.series.planSeries(chair, { seriesId: series.id, until: '2027-02-01' });
    expect(meetings.map(({ startsAt }) => startsAt.toString().slice(0, 10))).toEqual([
      '2026-11-26',
      '2026-12-03',
      '2026-12-07',
      '2026-12-14',
    ]);
  });

  it('says which discipline was missing how often', async () => {
    const series = await room.series.beginMeetingSeries(
      chair,
      aSeries(chair, { quorum: ['PAIN_MEDICINE', 'PSYCHOLOGY'] }),
    );
    const { meetings } = await room.series.planSeries(chair, { seriesId: series.id, until: '2026-12-10' });
    for (const meeting of meetings) {
      await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
      clock.advance({ minutes: 30 });
      mustBe(await room.meetings.closeMeeting(chair, meeting.id));
    }
    expect(await room.absences.byDiscipline(series.id, '2026-11-24', '2026-12-31')).toEqual([
      { discipline: 'PAIN_MEDICINE', heldCount: 3, missedCount: 0, missedInARow: 0 },
      { discipline: 'PSYCHOLOGY', heldCount: 3, missedCount: 3, missedInARow: 3 },
    ]);
  });
});

describe('the list', () => {
  it('takes nobody without a proforma', async () => {
    const meeting = await planned();
    const one = await makeCase(room, chair, await aPatient());
    const wish = { caseId: one.id, version: one.version, meetingId: meeting.id };
    expect(await room.cases.listCase(chair, wish)).toMatchObject({
      code: 'CaseNotPrepared',
      lacksProforma: true,
      lacksPresenter: false,
    });
    expect((await room.caseRecords.meetingCase(chair, one.id)).version).toBe(one.version);
  });

  it('is closed from its hour on: who comes late says how urgent it is, and why', async () => {
    const meeting = await planned();
    const one = await makePreparedCase(room, chair, await aPatient());
    clock.set(meeting.agendaClosesAt);
    const wish = { caseId: one.id, version: one.version, meetingId: meeting.id };
    expect(codeOf(await room.cases.listCase(chair, wish))).toBe('AgendaClosed');
    expect(codeOf(await room.cases.listCase(chair, { ...wish, lateUrgency: 'URGENT' }))).toBe('AgendaClosed');
    const late = { ...wish, lateUrgency: 'URGENT', lateReason: 'New weakness since Monday.' } as const;
    expect(mustBe(await room.cases.listCase(chair, late))).toMatchObject({
      status: 'LISTED',
      lateReason: 'New weakness since Monday.',
    });
  });

  it('closes by itself, and closing it twice is closing it once', async () => {
    const meeting = await planned();
    expect(await room.planning.closeAgenda(meeting.id)).toEqual(meeting.agendaClosesAt);
    clock.set(meeting.agendaClosesAt);
    expect(await room.planning.closeAgenda(meeting.id)).toBeNull();
    expect(await room.planning.closeAgenda(meeting.id)).toBeNull();
    const row = await database.client.meeting.findUniqueOrThrow({ where: { id: meeting.id } });
    expect(row).toMatchObject({ status: 'AGENDA_CLOSED', version: 1 });
  });

  it('has a patient once, and a case that somebody changed since is not listed', async () => {
    const meeting = await planned();
    const patientId = await aPatient();
    const [one, other] = [
      await makePreparedCase(room, chair, patientId),
      await makePreparedCase(room, chair, patientId),
    ];
    const wish = (of: MeetingCase) => ({ caseId: of.id, version: of.version, meetingId: meeting.id });
    mustBe(await room.preparation.writeCaseProforma(chair, aProforma(one)));
    expect(codeOf(await room.cases.listCase(chair, wish(one)))).toBe('CaseChangedSince');
    mustBe(await room.cases.listCase(chair, { ...wish(one), version: one.version + 1 }));
    expect(codeOf(await room.cases.listCase(chair, wish(other)))).toBe('PatientAlreadyListed');
  });

  it('of a meeting that is cancelled goes back', async () => {
    const meeting = await planned();
    const one = await listed(meeting);
    mustBe(await room.planning.cancelMeeting(chair, { meetingId: meeting.id, reason: 'Snow' }));
    const after = await room.caseRecords.meetingCase(chair, one.id);
    expect(after).toMatchObject({ status: 'DEFERRED', meetingId: null });
    expect(after.events.at(-1)).toMatchObject({ kind: 'DEFERRED', reason: 'Snow', meetingId: meeting.id });
  });
});

describe('a discussion', () => {
  it('has its quorum from beginning to end, and tells later rooms so', async () => {
    const meeting = await planned();
    const [one, other] = [await listed(meeting), await listed(meeting)];
    const session = await makeSession(room, meeting, [
      [chair, 'PAIN_MEDICINE'],
      [psychologist, 'PSYCHOLOGY'],
    ]);
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.beginCase(chair, one.id));
    expect(codeOf(await room.cases.beginCase(chair, other.id))).toBe('AnotherCaseUnderDiscussion');
    clock.advance({ minutes: 5 });
    const now = await database.transaction((tx) => room.cases.lockCase(tx, one.id));
    expect(now).toMatchObject({ status: 'LISTED', discussedTo: null, quorum: { isMet: true } });
    expect(now.presentStaffIds.toSorted()).toEqual([chair.id, psychologist.id].toSorted());
    mustBe(await room.cases.endCase(chair, one.id));
    const left = session.attendances.find(({ staffId }) => staffId === psychologist.id);
    mustBe(await room.cases.beginCase(chair, other.id));
    clock.advance({ minutes: 5 });
    mustBe(await room.meetings.recordLeaving(chair, { attendanceId: left?.id ?? '' }));
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.endCase(chair, other.id));
    const first = await database.transaction((tx) => room.cases.lockCase(tx, one.id));
    expect(first.quorum).toMatchObject({ present: ['PAIN_MEDICINE', 'PSYCHOLOGY'], isMet: true });
    const second = await database.transaction((tx) => room.cases.lockCase(tx, other.id));
    expect(second.quorum).toMatchObject({ present: ['PAIN_MEDICINE'], isMet: false });
    expect(second.presentStaffIds).toContain(psychologist.id);
  });

  it('has no quorum of those who are entered after it', async () => {
    const meeting = await planned();
    const one = await listed(meeting);
    await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
    const joinedAt = clock.now();
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.beginCase(chair, one.id));
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.endCase(chair, one.id));
    clock.advance({ minutes: 5 });
    const entry = { meetingId: meeting.id, staffId: psychologist.id, discipline: 'PSYCHOLOGY' } as const;
    mustBe(await room.meetings.recordAttendance(chair, { ...entry, joinedAt }));
    const over = await database.transaction((tx) => room.cases.lockCase(tx, one.id));
    expect(over.quorum).toMatchObject({ present: ['PAIN_MEDICINE'], isMet: false });
    expect(over.presentStaffIds).toEqual([chair.id]);
    const other = { ...entry, staffId: chair.id, discipline: 'PAIN_MEDICINE' as const };
    const early = { ...other, joinedAt: joinedAt.subtract({ minutes: 1 }) };
    await expect(room.meetings.recordAttendance(chair, early)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('does not begin without somebody who knows the patient', async () => {
    const meeting = await planned();
    const one = await listed(meeting);
    await makeSession(room, meeting, [[psychologist, 'PSYCHOLOGY']]);
    expect(codeOf(await room.cases.beginCase(psychologist, one.id))).toBe('WhoKnowsPatientAbsent');
    const named = { caseId: one.id, version: one.version, knowsPatientId: psychologist.id };
    mustBe(await room.preparation.prepareCase(psychologist, named));
    mustBe(await room.cases.beginCase(psychologist, one.id));
    const wish = { caseId: one.id, reason: 'Later' };
    expect(codeOf(await room.cases.deferCase(chair, wish))).toBe('CaseStandsOtherwise');
  });

  it('is of one patient at a time, also when fifty begin at once', async () => {
    const meeting = await planned();
    const cases: MeetingCase[] = [];
    for (let n = 0; n < 5; n += 1) cases.push(await listed(meeting));
    await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
    const tries = Array.from({ length: 50 }, (_, n) => room.cases.beginCase(chair, cases[n % 5]?.id ?? ''));
    const answers = await Promise.all(tries);
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  });

  it('shows a score in the version in which it was shown, and nothing of somebody else', async () => {
    const patientId = await aPatient();
    const one = await makeCase(room, chair, patientId);
    const scoreOf = async (id: string) =>
      database.transaction((tx) =>
        room.scores.outcomes.record(
          tx,
          chair,
          aScore(id, clock.now(), { instrument: 'PHQ9', answers: phq9(0) }),
        ),
      );
    const [own, foreign] = [await scoreOf(patientId), await scoreOf(await aPatient())];
    const show = (shownId: string) =>
      room.preparation.showToTeam(aReader(chair), { caseId: one.id, kind: 'SCORE', shownId, label: 'PHQ-9' });
    expect(mustBe(await show(own.id)).exhibits).toMatchObject([{ kind: 'SCORE', shownId: own.id }]);
    expect(codeOf(await show(own.id))).toBe('AlreadyShown');
    await expect(show(foreign.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('who is there', () => {
  it('stands for a discipline that they hold, once at a time; guests have a name and a house', async () => {
    const meeting = await planned();
    const wish = { meetingId: meeting.id, staffId: chair.id, discipline: 'PAIN_MEDICINE' } as const;
    expect(await room.meetings.recordAttendance(chair, { ...wish, discipline: 'RADIOLOGY' })).toMatchObject({
      code: 'MemberDisciplineNotHeld',
      held: ['PAIN_MEDICINE'],
    });
    mustBe(await room.meetings.recordAttendance(chair, wish));
    expect(codeOf(await room.meetings.recordAttendance(chair, wish))).toBe('AlreadyPresent');
    const guest = { meetingId: meeting.id, discipline: 'RADIOLOGY', guestName: 'Dr Lee' } as const;
    await expect(room.meetings.recordAttendance(chair, guest)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const there = await room.meetings.recordAttendance(chair, {
      ...{ ...guest, organisation: 'St Elsewhere', isVirtual: true },
    });
    expect(mustBe(there).missingNow).toEqual(['PSYCHOLOGY']);
  });
});

describe('the end of a meeting', () => {
  it('comes once, and only when everything on its list is settled', async () => {
    const meeting = await planned();
    const [one, other] = [await listed(meeting), await listed(meeting)];
    expect(codeOf(await room.meetings.beginMeeting(chair, meeting.id))).toBe('MeetingStandsOtherwise');
    await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
    mustBe(await room.cases.beginCase(chair, one.id));
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.endCase(chair, one.id));
    expect(await room.meetings.closeMeeting(chair, meeting.id)).toMatchObject({
      code: 'CasesNotSettled',
      listedCaseIds: [other.id],
      undecidedCaseIds: [one.id],
    });
    mustBe(await room.cases.deferCase(chair, { caseId: other.id, reason: 'No time' }));
    decided.add(one.id);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => room.meetings.closeMeeting(chair, meeting.id)),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(
      answers
        .filter((answer) => isRefusal(answer))
        .map(codeOf)
        .every((code) => code === 'MeetingStandsOtherwise'),
    ).toBe(true);
    const closed = await room.records.meeting(meeting.id);
    expect(closed.attendances.every(({ leftAt }) => leftAt !== null)).toBe(true);
  });
});

describe('the database has the last word', () => {
  it('a discussed case, its proforma, its history and who was there stay as they were', async () => {
    const meeting = await planned();
    const one = await listed(meeting);
    await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
    mustBe(await room.cases.beginCase(chair, one.id));
    clock.advance({ minutes: 5 });
    mustBe(await room.cases.endCase(chair, one.id));
    decided.add(one.id);
    mustBe(await room.meetings.closeMeeting(chair, meeting.id));
    for (const sql of [
      `UPDATE meeting_cases SET question = 'Another' WHERE id = '${one.id}'`,
      `UPDATE meeting_cases SET discussed_to = now() WHERE id = '${one.id}'`,
      `UPDATE meeting_cases SET patient_id = '${await aPatient()}' WHERE id = '${one.id}'`,
      `DELETE FROM meeting_cases WHERE id = '${one.id}'`,
      `UPDATE meeting_case_proformas SET preferences = 'x' WHERE case_id = '${one.id}'`,
      `DELETE FROM meeting_case_events WHERE case_id = '${one.id}'`,
      `UPDATE meetings SET status = 'IN_SESSION', version = version + 1 WHERE id = '${meeting.id}'`,
      `UPDATE meeting_attendances SET discipline = 'PSYCHOLOGY' WHERE meeting_id = '${meeting.id}'`,
      `INSERT INTO meeting_attendances (id, meeting_id, staff_id, discipline, is_virtual, joined_at, recorded_at, recorded_by_id)
       VALUES ('${randomUUID()}', '${meeting.id}', '${psychologist.id}', 'PSYCHOLOGY', false, now(), now(), '${chair.id}')`,
    ]) {
      await expect(database.client.$executeRawUnsafe(sql), sql).rejects.toThrow();
    }
  });
});

describe('the audit record', () => {
  it('has who brought whom, and no word of what was said of them', async () => {
    const patientId = await aPatient();
    const { id: caseId } = await makePreparedCase(room, chair, patientId);
    mustBe(await room.cases.withdrawCase(chair, { caseId, reason: 'Moved to Hull.' }));
    const entries = await database.client.auditEntry.findMany({ where: { subjectId: caseId } });
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['meeting-case.proposed', 'meeting-case.prepared', 'meeting-case.withdrawn']),
    );
    const { caseId: _, version: __, ...words } = aProforma({ id: caseId, version: 0 } as MeetingCase);
    const text = JSON.stringify(entries);
    for (const word of [...Object.values(words), 'Moved to Hull.', 'facet joint'])
      expect(text).not.toContain(word);
    expect(text).toContain(chair.id);
  });
});

describe('proposals', () => {
  it('are one for each source, and settled once', async () => {
    const patientId = await aPatient();
    const wish = {
      patientId,
      kind: 'REQUEST',
      sourceId: randomUUID(),
      because: 'The block did not help.',
    } as const;
    const made = mustBe(await room.proposals.proposeForTeam(chair, wish));
    expect(codeOf(await room.proposals.proposeForTeam(chair, wish))).toBe('AlreadyProposed');
    const accept = { proposalId: made.id, question: 'What next?' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => room.proposals.acceptProposal(chair, accept)),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    const cases = await room.caseRecords.ofPatients(chair, [patientId]);
    expect(cases.get(patientId)).toMatchObject([
      { status: 'PROPOSED', sources: [{ kind: 'REQUEST', sourceId: wish.sourceId }] },
    ]);
    const dismissed = await room.proposals.dismissProposal(chair, { proposalId: made.id, reason: 'No' });
    expect(codeOf(dismissed)).toBe('CaseProposalAlreadySettled');
  });
});

describe('cases without end', () => {
  it('are shown up to a number: the newest of a patient, the oldest of those that wait', async () => {
    const patientId = await aPatient();
    await database.client.$executeRawUnsafe(`
      INSERT INTO meeting_cases (id, patient_id, question, proposed_at, proposed_by_id)
      SELECT ('ffffffff-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid, '${patientId}', 'What next?', now(), '${chair.id}'
        FROM generate_series(1, ${CASES_WAITING_MAX + 1}) AS one(number)`);
    const own = (await room.caseRecords.ofPatients(chair, [patientId])).get(patientId) ?? [];
    expect(own).toHaveLength(CASES_OF_A_PATIENT_MAX);
    expect(own.at(-1)?.id.endsWith(String(CASES_WAITING_MAX + 1))).toBe(true);
    expect(await room.caseRecords.waiting(chair)).toHaveLength(CASES_WAITING_MAX);
  });
});
