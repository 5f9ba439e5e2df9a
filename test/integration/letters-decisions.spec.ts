import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { CaseDecision } from '../../src/clinic/decisions/decision.type.js';
import type { DecisionLetter } from '../../src/clinic/decisions/decision-letter.type.js';
import { DecisionMatterService } from '../../src/clinic/decisions/decision-matter.service.js';
import { DecisionReminderService } from '../../src/clinic/decisions/decision-reminder.service.js';
import type { Meeting } from '../../src/clinic/meetings/meeting.type.js';
import { MeetingPlanningService } from '../../src/clinic/meetings/meeting-planning.service.js';
import { localDate, Temporal } from '../../src/platform/time/index.js';
import { aDecision, type DecisionsRoom, decisionsOn, makeDiscussed } from '../support/decisions.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { LetterHouse } from '../support/letters.house.js';
import { aMeeting, makeMember, makePreparedCase } from '../support/meetings.factory.js';
import { makePatient } from '../support/patients.factory.js';
import { entryOf, makeDiary, responsesOn } from '../support/responses.factory.js';
import {
  asBooker,
  makeOperator,
  makeSubject,
  publishProcedureWording,
} from '../support/treatments.factory.js';
import { until } from '../support/until.js';

// The whole service with its worker and a mail server: what the team decided is told as it was approved, whoever has something
// to do is reminded, those who are to meet are told when and where, and patients are asked how they are.

const house = LetterHouse.use('CLINICIAN', 'RECEPTION', 'MDT_MEMBER');
/** The worker of the house goes by the day's own clock, and so does what it has to do. */
const NOW = Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
const clock = new FixedClock(NOW);
let room: DecisionsRoom;
let chair: StaffActor;
let psychologist: StaffActor;

beforeAll(async () => {
  room = decisionsOn(house.database, clock);
  chair = await makeMember(house.database, 'PAIN_MEDICINE');
  psychologist = await makeMember(house.database, 'PSYCHOLOGY');
});

function of<Part>(part: abstract new (...args: never[]) => Part): Part {
  return house.app.get(part, { strict: false });
}

async function emailOf(actor: StaffActor): Promise<string> {
  const { email } = await house.database.client.staffAccount.findUniqueOrThrow({ where: { id: actor.id } });
  return email;
}

const seen = ({ id, current }: CaseDecision) => ({
  ...{ decisionId: id, version: current.number, fingerprint: current.fingerprint },
});

/** What a meeting of the day after tomorrow decided, signed there; the clock stands at now again. */
async function signed(): Promise<CaseDecision & { readonly patientId: string }> {
  const startsAt = clock.now().add({ hours: 48 });
  const { caseId } = await makeDiscussed(room, chair, psychologist, { startsAt });
  const typed = mustBe(
    await room.decisions.typeDecision(chair, aDecision(caseId, psychologist.id)),
  ) as CaseDecision;
  mustBe(await room.decisions.checkDecision(psychologist, seen(typed)));
  mustBe(await room.meetings.cases.endCase(chair, caseId));
  const decision = mustBe(await room.signing.signOffDecision(chair, seen(typed))) as CaseDecision;
  clock.set(NOW);
  return decision;
}

type Recipient = Parameters<DecisionsRoom['drafts']['draftDecisionLetter']>[2];

/** Drafted, written anew, approved. */
async function approve(decisionId: string, to: Recipient, text: string): Promise<DecisionLetter> {
  const draft = mustBe(
    await room.drafts.draftDecisionLetter(asBooker(chair), decisionId, to),
  ) as DecisionLetter;
  const edit = { letterId: draft.id, version: draft.version, text };
  const edited = mustBe(await room.letters.rewordDecisionLetter(chair, edit)) as DecisionLetter;
  return mustBe(await room.letters.approveDecisionLetter(chair, edited.id, edited.version)) as DecisionLetter;
}

const lettersAbout = (aboutId: string) =>
  house.database.client.letter.findMany({ where: { aboutId }, orderBy: { id: 'asc' } });

const PRINT =
  'query ($id: ID!) { letterView(letterId: $id) { ... on LetterView { toName toAddressLines text } } }';

const SENT_AS =
  'query ($id: ID!) { caseDecision(id: $id) { letters { audience sentAs { status recipient task } } } }';
const OF_MEETING = 'query ($id: ID!) { meeting(id: $id) { letters { kind status recipient } } }';
const OF_TREATMENT = 'query ($id: ID!) { treatment(id: $id) { letters { kind status recipient } } }';

describe('what the team decided', () => {
  it('is sent once to patient, GP and referrer, in the words that were approved and no others', async () => {
    const decision = await signed();
    const patient = await house.database.client.patient.findUniqueOrThrow({
      where: { id: decision.patientId },
    });
    const { id: recipientId } = await house.database.client.referrer.create({
      data: {
        ...{ kind: 'GP', title: 'Dr', name: 'Ines Moor', email: 'moor@decisions.example' },
        ...{ registeredAt: new Date('2026-01-01'), registeredById: chair.id },
      },
    });
    const text = 'We advise a block of two nerves.\n\nPlease walk every day.';
    await approve(decision.id, { audience: 'PATIENT' }, text);
    await approve(decision.id, { audience: 'GP', recipientId }, 'Block, then review.');
    await approve(decision.id, { audience: 'REFERRER', recipientName: 'Mr Una Post' }, 'As agreed.');
    await house.quiet();
    const [letter, ...more] = house.to(patient.email ?? '');
    expect(more).toEqual([]);
    expect(letter?.subject).toMatch(/^Our letter of [A-Z][a-z]+day \d/);
    expect(letter?.text).toContain(`${text}\n\nSam Okafor approved this letter`);
    const [copy, ...others] = house.to('moor@decisions.example');
    expect(others).toEqual([]);
    expect(copy?.text).toContain('Dear Dr Ines Moor,');
    expect(copy?.text).toContain(`Patient: ${patient.givenName} ${patient.familyName}, born on `);
    expect(copy?.text).toContain('Block, then review.');
    const letters = await lettersAbout(decision.id);
    expect(
      letters.map(({ kind, status, outcomeCode, recipientId: to }) => [kind, status, outcomeCode, to]),
    ).toEqual(
      expect.arrayContaining([
        ['DECISION_TOLD_PATIENT', 'SENT', null, null],
        ['DECISION_TOLD_GP', 'SENT', null, recipientId],
        ['DECISION_TOLD_REFERRER', 'SUPPRESSED', 'NO_EMAIL_ADDRESS', null],
      ]),
    );
    expect(letters).toHaveLength(3);
    const { caseDecision } = await house.ask<{
      caseDecision: { letters: readonly { readonly audience: string; readonly sentAs: object | null }[] };
    }>(SENT_AS, { id: decision.id });
    const sent = caseDecision.letters.filter(({ sentAs }) => sentAs !== null);
    expect(sent.toSorted((a, b) => a.audience.localeCompare(b.audience))).toEqual([
      { audience: 'GP', sentAs: { status: 'SENT', recipient: 'GP', task: 'NONE' } },
      { audience: 'PATIENT', sentAs: { status: 'SENT', recipient: 'PATIENT', task: 'NONE' } },
      { audience: 'REFERRER', sentAs: { status: 'SUPPRESSED', recipient: 'REFERRER', task: 'POST_IT' } },
    ]);
    const printed = letters.find(({ recipient }) => recipient === 'REFERRER');
    expect(await house.ask(PRINT, { id: printed?.id })).toMatchObject({
      letterView: { toName: 'Mr Una Post', toAddressLines: [], text: expect.stringContaining('As agreed.') },
    });
  });

  it('is sent to no GP whose entry was retired after the letter was approved; somebody finds who has taken over', async () => {
    const decision = await signed();
    const { client } = house.database;
    const { id: recipientId } = await client.referrer.create({
      data: {
        ...{ kind: 'GP', name: 'Ines Gone', email: 'gone@decisions.example', addressLines: ['1 Quay'] },
        ...{ registeredAt: new Date('2026-01-01'), registeredById: chair.id },
      },
    });
    await approve(decision.id, { audience: 'GP', recipientId }, 'Block, then review.');
    await client.referrer.update({ where: { id: recipientId }, data: { retiredAt: new Date() } });
    await house.quiet();
    expect(house.to('gone@decisions.example')).toEqual([]);
    const [letter, ...more] = await lettersAbout(decision.id);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ status: 'SUPPRESSED', outcomeCode: 'RECIPIENT_RETIRED' });
    expect(await house.ask(SENT_AS, { id: decision.id })).toMatchObject({
      caseDecision: { letters: [{ sentAs: { task: 'REACH_GP' } }] },
    });
    expect(await house.ask(PRINT, { id: letter?.id })).toMatchObject({ letterView: { toAddressLines: [] } });
  });

  it('is posted to a patient who prefers that, and told to nobody who has died', async () => {
    const decision = await signed();
    const { client } = house.database;
    const where = { id: decision.patientId };
    await client.patient.update({ where, data: { contactPreference: 'LETTER' } });
    await approve(decision.id, { audience: 'PATIENT' }, 'By post, please.');
    await house.quiet();
    const [letter] = await lettersAbout(decision.id);
    expect(letter).toMatchObject({ status: 'SUPPRESSED', outcomeCode: 'PREFERS_POST' });
    const { letterView } = await house.ask<{ letterView: { toAddressLines: readonly string[] } }>(PRINT, {
      id: letter?.id,
    });
    expect(letterView.toAddressLines.length).toBeGreaterThan(0);
    await client.patientDeath.create({
      data: {
        ...{ patientId: decision.patientId, recordedAt: new Date(), recordedById: chair.id },
        ...{ diedOn: new Date('2026-01-01'), source: 'NEXT_OF_KIN' },
      },
    });
    await approve(decision.id, { audience: 'PATIENT' }, 'Too late.');
    await house.quiet();
    expect(await lettersAbout(decision.id)).toHaveLength(1);
  });
});

describe('an action', () => {
  async function due(ownerId: string) {
    const { id: decisionId } = await signed();
    const tomorrow = localDate(clock.now(), 'Europe/London').add({ days: 1 }).toString();
    const input = { decisionId, kind: 'OTHER', what: 'Ring the surgeon', ownerId, dueOn: tomorrow } as const;
    return mustBe(await room.entries.addDecisionAction(asBooker(chair), input)) as {
      readonly id: string;
      readonly version: number;
    };
  }

  const rowOf = (id: string) => house.database.client.decisionAction.findUniqueOrThrow({ where: { id } });

  /** As if it had been due ten days ago, and its owner told of it a day later. */
  const overdue = (id: string) => house.database.client.$executeRaw`
    UPDATE case_decision_actions SET due_on = current_date - 10, reminded_at = now() - interval '9 days',
      version = version + 1 WHERE id = ${id}::uuid`;

  it('is brought to mind at its owner’s own address, before its day and again after it, until it is settled', async () => {
    const { id } = await due(psychologist.id);
    await house.quiet();
    const subjects = async () => house.to(await emailOf(psychologist)).map(({ subject }) => subject);
    expect(await subjects()).toEqual([`To do soon: ${id}`]);
    await overdue(id);
    await of(DecisionReminderService).remind(id);
    await house.quiet();
    expect(await subjects()).toEqual([`To do soon: ${id}`, `Overdue: ${id}`]);
    for (const { text } of house.to(await emailOf(psychologist))) expect(text).not.toMatch(/surgeon|block/i);
    const [first] = await house.database.client.letter.findMany({ where: { subjectId: id } });
    expect(first).toMatchObject({ recipient: 'STAFF', recipientId: psychologist.id, status: 'SENT' });
    const told = await rowOf(id);
    const dueOn = told.dueOn.toISOString().slice(0, 10);
    const handedOn = { actionId: id, version: told.version, ownerId: chair.id, dueOn };
    mustBe(await room.actions.changeDecisionAction(chair, handedOn));
    expect(await of(DecisionMatterService).actionMatter(house.database.client, id, 2)).toBeNull();
    await house.quiet();
    expect(house.to(await emailOf(chair)).map(({ subject }) => subject)).toEqual([`Overdue: ${id}`]);
    const { version } = await rowOf(id);
    mustBe(await room.actions.completeDecisionAction(chair, { actionId: id, version, note: 'Rung.' }));
    expect(await of(DecisionReminderService).remind(id)).toBeNull();
    await house.quiet();
    expect(await subjects()).toHaveLength(2);
  });

  it('of somebody whose account is closed is told to the clinic', async () => {
    const leaver = await makeMember(house.database, 'NURSING');
    const { id } = await due(leaver.id);
    await house.quiet();
    expect(house.to(await emailOf(leaver))).toHaveLength(1);
    const data = { disabledAt: new Date() };
    await house.database.client.staffAccount.update({ where: { id: leaver.id }, data });
    await overdue(id);
    await of(DecisionReminderService).remind(id);
    await house.quiet();
    expect(house.to(await emailOf(leaver))).toHaveLength(1);
    const notices = house.to('desk@facet.example').map(({ subject }) => subject);
    expect(notices).toContain(`Overdue: ${id}`);
  });
});

describe('a meeting', () => {
  async function planned(hoursAhead: number): Promise<Meeting> {
    const startsAt = clock.now().add({ hours: hoursAhead });
    return mustBe(await room.meetings.planning.planMeeting(chair, aMeeting(chair, { startsAt }))) as Meeting;
  }

  async function list(meetingId: string, presenter: StaffActor, late: object = {}) {
    const { id: patientId } = await makePatient(room.meetings.patients);
    const { id: caseId, version } = await makePreparedCase(room.meetings, presenter, patientId);
    mustBe(await room.meetings.cases.listCase(presenter, { caseId, version, meetingId, ...late }));
    return house.database.client.patient.findUniqueOrThrow({ where: { id: patientId } });
  }

  /** Its hour has come. */
  async function close(id: string): Promise<void> {
    await house.database.client.$executeRaw`
      UPDATE meetings SET agenda_closes_at = now() - interval '1 minute', version = version + 1 WHERE id = ${id}::uuid`;
    await of(MeetingPlanningService).closeAgenda(id);
    await house.quiet();
  }

  it('is told to chair and presenters when its list closes, with nobody’s name, and to who is added late', async () => {
    const { id } = await planned(30);
    const patient = await list(id, psychologist);
    await close(id);
    await of(MeetingPlanningService).closeAgenda(id);
    await house.quiet();
    const [toChair, ...more] = house.to(await emailOf(chair));
    expect(more).toEqual([]);
    expect(toChair?.subject).toMatch(/^Our meeting on [A-Z][a-z]+day .+, \d\d:\d\d to \d\d:\d\d$/);
    expect(toChair?.text).toContain('One case is on its list.');
    expect(toChair?.text).toContain('Seminar room 2');
    const [toPresenter] = house.to(await emailOf(psychologist));
    expect(toPresenter?.text).toContain('You present one of them');
    for (const one of [toChair, toPresenter]) expect(one?.text).not.toContain(patient.familyName);
    const nurse = await makeMember(house.database, 'NURSING');
    await list(id, nurse, { lateReason: 'Came today', lateUrgency: 'URGENT' });
    await house.quiet();
    expect(house.to(await emailOf(nurse)).map(({ text }) => text)).toEqual([
      expect.stringContaining('2 cases are on its list.'),
    ]);
    expect(house.to(await emailOf(chair))).toHaveLength(1);
    const sentOf = { kind: 'MEETING_LIST_CLOSED', status: 'SENT', recipient: 'STAFF' };
    expect(await house.ask(OF_MEETING, { id })).toEqual({ meeting: { letters: [sentOf, sentOf, sentOf] } });
    expect(await lettersAbout(id)).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'MEETING_LIST_CLOSED', recipient: 'STAFF', patientId: null })),
    );
  });

  it('that is cancelled is told to whoever was to come, and its list to nobody any more', async () => {
    const told = await planned(30);
    await list(told.id, psychologist);
    await close(told.id);
    mustBe(await room.meetings.planning.cancelMeeting(chair, { meetingId: told.id, reason: 'Snow' }));
    await house.quiet();
    for (const member of [chair, psychologist]) {
      const subjects = house.to(await emailOf(member)).map(({ subject }) => subject ?? '');
      expect(subjects).toHaveLength(2);
      expect(subjects[1]).toMatch(/^Cancelled: our meeting on /);
    }
    const untold = await planned(72);
    await list(untold.id, psychologist);
    mustBe(await room.meetings.planning.cancelMeeting(chair, { meetingId: untold.id, reason: 'Strike' }));
    await house.quiet();
    expect((await lettersAbout(untold.id)).map(({ kind, status }) => [kind, status])).toEqual([
      ['MEETING_CANCELLED', 'SENT'],
      ['MEETING_CANCELLED', 'SENT'],
    ]);
    const sql = `UPDATE meeting_tellings SET staff_id = '${randomUUID()}'`;
    await expect(house.database.client.$executeRawUnsafe(sql)).rejects.toThrow();
  });
});

describe('a pain diary', () => {
  it('asks the patient by letter a week after the treatment, once, and not on the day itself', async () => {
    const then = clock
      .now()
      .subtract({ hours: 8 * 24 })
      .toString();
    const responses = responsesOn(house.database, new FixedClock(then));
    const operator = await makeOperator(house.database);
    await publishProcedureWording(responses.rooms);
    const subject = await makeSubject(responses.rooms);
    const diary = await makeDiary(responses, operator, subject, 8);
    const { email } = await house.database.client.patient.findUniqueOrThrow({
      where: { id: subject.patientId },
    });
    const asked = () =>
      house.database.client.letter.findMany({
        where: { aboutId: diary.treatmentId },
        orderBy: { id: 'asc' },
      });
    const where = { subjectId: entryOf(diary, 'W1').id, status: 'SENT' } as const;
    await until(async () => (await house.database.client.letter.count({ where })) === 1);
    await house.quiet();
    expect(house.to(email ?? '').map(({ subject: line }) => line)).toEqual([
      expect.stringMatching(/^How are you now\?/),
    ]);
    expect(await house.ask(OF_TREATMENT, { id: diary.treatmentId })).toEqual({
      treatment: { letters: [{ kind: 'DIARY_POINT_DUE', status: 'SENT', recipient: 'PATIENT' }] },
    });
    expect(await asked()).toMatchObject([
      { kind: 'DIARY_POINT_DUE', subjectId: entryOf(diary, 'W1').id, status: 'SENT', aboutType: 'TREATMENT' },
    ]);
  });
});
