import { randomUUID } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IncidentService } from '../../src/clinic/incidents/incident.service.js';
import type { Incident } from '../../src/clinic/incidents/incident.type.js';
import { IncidentExtractService } from '../../src/clinic/incidents/incident-extract.service.js';
import { IncidentLetterService } from '../../src/clinic/incidents/incident-letter.service.js';
import { IncidentReportService } from '../../src/clinic/incidents/incident-report.service.js';
import { IncidentRuleService } from '../../src/clinic/incidents/incident-rule.service.js';
import { IncidentsModule } from '../../src/clinic/incidents/incidents.module.js';
import { PatientMergeService } from '../../src/clinic/patients/patient-merge.service.js';
import { PatientMergeUndoService } from '../../src/clinic/patients/patient-merge-undo.service.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { Listening } from '../../src/platform/database/channel-listener.js';
import { Database } from '../../src/platform/database/database.service.js';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import { OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { mustBe, workDue } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { anAssessment, anIncident } from '../support/incidents.factory.js';
import { aStaffActor, aTestNhsNumber, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { makePatientOf, type RecordsRoom, recordsOn } from '../support/records.factory.js';

// From a near miss to what a regulator has to hear of, and what leaves the clinic of it.

const NOW = '2026-11-23T09:00:00Z';
const PAGE = { size: 25 };
const clock = new FixedClock(NOW);
const manager = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: RecordsRoom;
let reports: IncidentReportService;
let incidents: IncidentService;

/** What the rooms before this one ask the house for. */
@Global()
@Module({
  providers: [
    { provide: Listening, useFactory: () => new Listening(home.url) },
    { provide: DirectConnection, useFactory: () => new DirectConnection(home.url) },
  ],
  exports: [Listening, DirectConnection],
})
class ConnectionsModule {}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = await recordsOn(database, clock, [ConnectionsModule, IncidentsModule]);
  reports = room.get(IncidentReportService);
  incidents = room.get(IncidentService);
});
beforeEach(async () => {
  clock.set(NOW);
  await database.client.$executeRawUnsafe('TRUNCATE outbox_messages');
});
afterAll(async () => {
  await room.module.close();
  await database.close();
  await home.drop();
});

const at = (text: string) => Temporal.Instant.from(text);
const person = (parts: object = {}) => makePatient(patientServiceOn(database, clock), parts);
const raise = (parts: object = {}) => reports.raiseIncident(manager, anIncident(parts));
const assess = async (incidentId: string, parts: object = {}): Promise<Incident> =>
  mustBe(await incidents.assessIncident(manager, anAssessment(incidentId, parts)));
const notify = (incidentId: string, parts: object = {}) =>
  incidents.recordNotification(manager, {
    ...{ incidentId, regulator: 'CQC' as const, notifiedAt: at(NOW), reference: 'CQC-1' },
    ...parts,
  });
const close = (incidentId: string, parts: object = {}) =>
  incidents.closeIncident(manager, {
    ...{ incidentId, learning: 'Two people read the arm band.', candour: 'TOLD' as const },
    ...{ candourRecord: 'Told by the consultant, in person.', candourToldAt: at(NOW) },
    ...parts,
  });
const traces = async () => ({
  incidents: await database.client.incident.count(),
  versions: await database.client.incident.aggregate({ _sum: { version: true } }),
  assessments: await database.client.incidentAssessment.count(),
  notifications: await database.client.incidentNotification.count(),
  notes: await database.client.incidentNote.count(),
  closings: await database.client.incidentClosing.count(),
  outbox: await database.client.outboxMessage.count(),
  audit: await database.client.auditEntry.count(),
});
const newestAct = () => database.client.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
const accident = (activityMbq: number) =>
  ({ exposure: 'ACCIDENTAL', tracerCode: 'TC99M_MDP', actualActivityMbq: activityMbq }) as const;

describe('raiseIncident', () => {
  it('writes what was told, and its audit', async () => {
    const { id: patientId } = await person();
    const incident = await raise({ patientId, siteCode: 'MAIN', immediateAction: ' The patient was told. ' });
    expect(incident).toMatchObject({
      ...{ kind: 'WRONG_PATIENT', status: 'RAISED', version: 0, siteCode: 'MAIN', patientId, visitId: null },
      ...{
        whatHappened: 'The tracer was given to the wrong patient.',
        immediateAction: 'The patient was told.',
      },
      ...{
        outcome: null,
        codes: [],
        notifyBy: null,
        allowedActions: ['ASSESS', 'NOTE'],
        raisedById: manager.id,
      },
    });
    expect(incident.reference).toMatch(/^I\d{7}$/);
    expect(await newestAct()).toMatchObject({
      action: 'incident.raised',
      actorId: manager.id,
      patientIds: [patientId],
    });
  });

  it.each<[string, object, RegExp]>([
    ['in the future', { happenedAt: at('2026-11-23T09:00:01Z') }, /happenedAt/],
    ['at no site', { siteCode: 'NOWHERE' }, /site/],
    ['of nobody', { patientId: randomUUID() }, /patient/],
    ['during no visit', { visitId: randomUUID() }, /visit/],
  ])('refuses one %s and leaves nothing', async (_, parts, problem) => {
    const before = await traces();
    await expect(raise(parts)).rejects.toThrow(problem);
    expect(await traces()).toEqual(before);
  });
});

describe('assessIncident', () => {
  it('the wrong patient, 800 MBq: 4.56 mSv, code 1, and the clinic is reminded', async () => {
    const { id: patientId } = await person({ dateOfBirth: '1984-12-03' });
    const { id } = await raise({ patientId });
    const incident = await assess(id, accident(800));
    expect(incident).toMatchObject({
      ...{ status: 'ASSESSED', outcome: 'NOTIFIABLE', codes: ['1'], notifyBy: '2026-12-07', version: 1 },
      ...{ allowedActions: ['ASSESS', 'NOTIFY', 'NOTE'], isNotificationOverdue: false },
      assessments: [
        { number: 1, actualDoseMsv: 4.56, actualActivityMbq: 800, isChild: false, assessedById: manager.id },
      ],
    });
    expect(incident.assessments[0]?.coefficientId).not.toBeNull();
    expect(await newestAct()).toMatchObject({ action: 'incident.assessed', patientIds: [patientId] });
    expect(await database.client.outboxMessage.findMany({ where: { subjectId: id } })).toMatchObject([
      { topic: 'incident.watched' },
    ]);
  });

  it('the wrong patient, 300 MBq: 1.71 mSv, local; of a child the dose has to be given, and is code 1', async () => {
    const { id } = await raise();
    expect(await assess(id, { ...accident(300), isChild: false })).toMatchObject({
      ...{
        outcome: 'LOCAL',
        codes: [],
        notifyBy: null,
        allowedActions: ['ASSESS', 'NOTIFY', 'CLOSE', 'NOTE'],
      },
      assessments: [{ actualDoseMsv: 1.71 }],
    });
    const child = await raise({ patientId: (await person({ dateOfBirth: '2008-11-24' })).id });
    const before = await traces();
    expect(await incidents.assessIncident(manager, anAssessment(child.id, accident(300)))).toMatchObject({
      code: 'DoseNotKnown',
    });
    expect(await traces()).toEqual(before);
    expect(await assess(child.id, { ...accident(300), actualDoseMsv: 1.71 })).toMatchObject({
      ...{ outcome: 'NOTIFIABLE', codes: ['1'] },
      assessments: [{ isChild: true, coefficientId: null }],
    });
  });

  it.each([
    [24.999999, 'LOCAL', []],
    [25, 'NOTIFIABLE', ['2.3']],
  ] as const)('unintended, 4.56 mSv meant, %d mSv received: %s', async (actualDoseMsv, outcome, codes) => {
    const { id } = await raise({ kind: 'WRONG_ACTIVITY' });
    const parts = { exposure: 'UNINTENDED', intendedDoseMsv: 4.56, actualDoseMsv, isChild: false };
    expect(await assess(id, parts)).toMatchObject({ outcome, codes });
  });

  it('a near miss; then more becomes known, and what was found first stays', async () => {
    const { id } = await raise();
    expect(await assess(id)).toMatchObject({ outcome: 'NEAR_MISS', notifyBy: null });
    clock.set('2026-11-25T09:00:00Z');
    const again = await assess(id, { isLicenceBreach: true });
    expect(again).toMatchObject({ outcome: 'NOTIFIABLE', codes: ['LICENCE'], notifyBy: '2026-12-09' });
    expect(again.assessments.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'NEAR_MISS'],
      [2, 'NOTIFIABLE'],
    ]);
    clock.set('2026-11-27T09:00:00Z');
    expect(await assess(id, { notifiableBecause: 'The medical physics expert says so.' })).toMatchObject({
      ...{ outcome: 'NOTIFIABLE', codes: [], notifyBy: '2026-12-09' },
    });
    expect(await assess(id)).toMatchObject({ outcome: 'NEAR_MISS', codes: [], notifyBy: null });
  });

  it.each<[string, object, RegExp]>([
    ['nobody knows whether it was a child', { isChild: null }, /isChild/],
    ['an activity of no tracer', { exposure: 'ACCIDENTAL', actualActivityMbq: 800 }, /tracerCode/],
    ['an accident without a dose', { exposure: 'ACCIDENTAL' }, /actualDoseMsv/],
    [
      'an unintended one without what was meant',
      { exposure: 'UNINTENDED', actualDoseMsv: 5 },
      /intendedDoseMsv/,
    ],
    ['nobody exposed, and a dose', { actualDoseMsv: 5 }, /nobody was exposed/],
  ])('asks for what is missing: %s', async (_, parts, problem) => {
    const { id } = await raise();
    const before = await traces();
    await expect(incidents.assessIncident(manager, anAssessment(id, parts))).rejects.toThrow(problem);
    expect(await traces()).toEqual(before);
  });

  it('a tracer without a coefficient', async () => {
    const { id } = await raise();
    const input = anAssessment(id, { ...accident(800), tracerCode: 'IN111' });
    expect(await incidents.assessIncident(manager, input)).toMatchObject({ code: 'DoseNotKnown' });
  });

  it('a summary that would give the patient away, or the one whose visit it was', async () => {
    const { id: patientId } = await person({ familyName: 'Featherstonehaugh' });
    const { id } = await raise({ patientId });
    const before = await traces();
    const input = anAssessment(id, { anonymousSummary: 'Mrs Featherstonehaugh got the tracer of another.' });
    expect(await incidents.assessIncident(manager, input)).toMatchObject({
      code: 'TextNamesPatient',
      found: ['NAME'],
    });
    expect(await traces()).toEqual(before);
  });

  it('is judged by the rules of the day on which it happened', async () => {
    const rules = room.get(IncidentRuleService);
    mustBe(
      await rules.setThreshold(manager, {
        ...{ code: '1', basis: 'ACCIDENTAL_DOSE', regulator: 'CQC', adultMsv: 1, childMsv: 1 },
        ...{ effectiveFrom: '2026-11-24', source: 'A test' },
      }),
    );
    const dose = { exposure: 'ACCIDENTAL', actualDoseMsv: 2, isChild: false };
    clock.set('2026-11-26T09:00:00Z');
    const before = await raise({ happenedAt: at('2026-11-23T23:59:59Z') });
    const after = await raise({ happenedAt: at('2026-11-24T00:00:00Z') });
    expect((await assess(before.id, dose)).codes).toEqual([]);
    expect((await assess(after.id, dose)).codes).toEqual(['1']);
  });
});

describe('telling a regulator', () => {
  const tellings = (subjectId: string) =>
    database.client.outboxMessage.findMany({
      where: { topic: 'incident.notification-due', subjectId },
      orderBy: { id: 'asc' },
    });
  const work = () => workDue(database, clock, room.get(OutboxHandlers));

  it('is reminded of at once and every two days until it is recorded', async () => {
    const { id, reference } = await raise();
    await assess(id, { isLicenceBreach: true });
    await work();
    await work();
    expect(await tellings(id)).toMatchObject([{ version: 1 }]);
    const letters = room.get(IncidentLetterService);
    expect(await letters.notificationMatter(database.client, id, 1)).toMatchObject({
      reference,
      incidentId: id,
    });
    clock.set('2026-11-24T23:59:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(1);
    clock.set('2026-11-25T00:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(2);
    const told = mustBe(await notify(id, { regulator: 'ARSAC' }));
    expect(told).toMatchObject({
      ...{ status: 'NOTIFIED', notifiedAt: at(NOW), allowedActions: ['ASSESS', 'NOTIFY', 'CLOSE', 'NOTE'] },
      notifications: [{ regulator: 'ARSAC', reference: 'CQC-1', recordedById: manager.id }],
    });
    expect((await newestAct()).action).toBe('incident.notified');
    expect(await letters.notificationMatter(database.client, id, 2)).toBeNull();
    clock.set('2026-12-20T00:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(2);
  });

  it('is overdue after the day by which', async () => {
    const { id } = await raise();
    await assess(id, { isLicenceBreach: true });
    clock.set('2026-12-07T23:59:00Z');
    expect((await reports.incident(manager, id)).isNotificationOverdue).toBe(false);
    clock.set('2026-12-08T00:00:00Z');
    expect((await reports.incident(manager, id)).isNotificationOverdue).toBe(true);
  });

  it('is not before it happened, not in the future, not before it was assessed, and once', async () => {
    const { id } = await raise({ happenedAt: at('2026-11-20T09:00:00Z') });
    expect(await notify(id)).toMatchObject({ code: 'IncidentStandsOtherwise', status: 'RAISED' });
    await assess(id, { isLicenceBreach: true });
    await expect(notify(id, { notifiedAt: at('2026-11-20T08:59:59Z') })).rejects.toThrow(/notifiedAt/);
    await expect(notify(id, { notifiedAt: at('2026-11-23T09:00:01Z') })).rejects.toThrow(/notifiedAt/);
    const answers = await Promise.all(Array.from({ length: 50 }, () => notify(id)));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    const codes = answers.flatMap((answer) => (isRefusal(answer) ? answer.code : []));
    expect(codes).toEqual(Array(49).fill('NotificationAlreadyRecorded'));
    mustBe(await notify(id, { reference: 'CQC-2' }));
  });
});

describe('an incident of which two regulators have to hear', () => {
  const both = { ...accident(800), isLicenceBreach: true };

  it('is told to both: until then the clinic is reminded, and it is not closed', async () => {
    const { id } = await raise();
    expect(await assess(id, both)).toMatchObject({
      ...{ codes: ['1', 'LICENCE'], regulatorsToTell: ['CQC', 'ARSAC'], status: 'ASSESSED' },
    });
    const told = mustBe(await notify(id));
    expect(told).toMatchObject({ status: 'ASSESSED', regulatorsToTell: ['ARSAC'], notifiedAt: null });
    expect(told.allowedActions).not.toContain('CLOSE');
    expect(await close(id)).toMatchObject({
      code: 'NotificationMissing',
      regulators: ['ARSAC'],
      message: expect.stringMatching(/^ARSAC has to hear of this incident first/),
    });
    clock.set('2026-11-25T09:00:00Z');
    await workDue(database, clock, room.get(OutboxHandlers));
    expect((await database.client.incident.findUniqueOrThrow({ where: { id } })).reminders).toBe(1);
    const second = { regulator: 'ARSAC' as const, reference: 'A-1', notifiedAt: at('2026-11-25T09:00:00Z') };
    expect(mustBe(await notify(id, second))).toMatchObject({
      ...{ status: 'NOTIFIED', regulatorsToTell: [] },
      notifiedAt: at('2026-11-25T09:00:00Z'),
    });
    expect(mustBe(await close(id))).toMatchObject({ status: 'CLOSED' });
  });

  it('that is found out later is reminded of again, by the day that was promised first', async () => {
    const { id } = await raise();
    const { notifyBy } = await assess(id, accident(800));
    expect(mustBe(await notify(id))).toMatchObject({ status: 'NOTIFIED' });
    clock.set('2026-11-27T09:00:00Z');
    expect(await assess(id, both)).toMatchObject({
      ...{ status: 'ASSESSED', regulatorsToTell: ['ARSAC'], notifiedAt: null, notifyBy },
    });
    // And when it is found to be none of theirs after all, what was told before counts again.
    expect(await assess(id, accident(800))).toMatchObject({ status: 'NOTIFIED', regulatorsToTell: [] });
  });

  it('keeps the first day by which, also when somebody found it local in between', async () => {
    const { id } = await raise();
    const { notifyBy } = await assess(id, accident(800));
    clock.set('2026-11-30T09:00:00Z');
    expect(await assess(id)).toMatchObject({ outcome: 'NEAR_MISS', notifyBy: null });
    expect(await assess(id, accident(800))).toMatchObject({ outcome: 'NOTIFIABLE', notifyBy });
  });

  it('is told of in one notice: an older one that is still under way says nothing', async () => {
    const { id } = await raise();
    await assess(id, accident(800));
    await database.client.incident.update({
      where: { id },
      data: { reminders: 2, remindedAt: new Date(NOW) },
    });
    const letters = room.get(IncidentLetterService);
    expect(await letters.notificationMatter(database.client, id, 1)).toBeNull();
    expect(await letters.notificationMatter(database.client, id, 2)).not.toBeNull();
  });

  it('leaves no words in the audit record, which outlives them', async () => {
    const since = (await newestAct()).id;
    const secret = 'Zebedee fell asleep';
    const { id } = await raise({ whatHappened: secret, immediateAction: secret });
    await assess(id, { ...accident(800), comment: secret, anonymousSummary: secret });
    await incidents.addIncidentNote(manager, { incidentId: id, text: secret });
    mustBe(await notify(id));
    mustBe(await close(id, { candourRecord: secret, learning: secret }));
    const acts = await database.client.auditEntry.findMany({ where: { id: { gt: since } } });
    expect(acts.map(({ action }) => action)).toEqual([
      ...['incident.raised', 'incident.assessed', 'incident.noted', 'incident.notified', 'incident.closed'],
    ]);
    const text = JSON.stringify(acts, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(text).not.toContain('Zebedee');
    expect(acts[1]).toMatchObject({ before: { assessments: 0 }, after: { codes: ['1'], assessments: 1 } });
  });
});

describe('closeIncident', () => {
  it('keeps what was learnt and what the person was told; not before a regulator was told', async () => {
    const { id } = await raise();
    expect(await close(id)).toMatchObject({ code: 'IncidentStandsOtherwise' });
    await assess(id, { isLicenceBreach: true });
    const before = await traces();
    expect(await close(id)).toMatchObject({ code: 'NotificationMissing' });
    expect(await traces()).toEqual(before);
    mustBe(await notify(id, { regulator: 'ARSAC' }));
    await expect(close(id, { candour: 'NOT_NEEDED', candourToldAt: null })).rejects.toThrow(/candour/);
    await expect(close(id, { candourToldAt: null })).rejects.toThrow(/candourToldAt/);
    await expect(close(id, { candour: 'NOT_POSSIBLE' })).rejects.toThrow(/candourToldAt/);
    expect(mustBe(await close(id))).toMatchObject({
      ...{ status: 'CLOSED', closedAt: at(NOW), allowedActions: ['REOPEN', 'NOTE'] },
      closings: [
        { number: 1, learning: 'Two people read the arm band.', candour: 'TOLD', closedById: manager.id },
      ],
    });
    expect((await newestAct()).action).toBe('incident.closed');
  });

  it('is won by one of fifty, and opened again', async () => {
    const { id } = await raise();
    await assess(id);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => close(id, { candour: 'NOT_NEEDED', candourToldAt: null })),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    const open = mustBe(
      await incidents.reopenIncident(manager, { incidentId: id, text: 'Somebody remembers more.' }),
    );
    expect(open).toMatchObject({
      status: 'ASSESSED',
      closedAt: null,
      notes: [{ text: 'Somebody remembers more.' }],
    });
    expect(mustBe(await close(id, { candour: 'NOT_NEEDED', candourToldAt: null })).closings).toHaveLength(2);
  });

  it('is refused when the learning would give the patient away', async () => {
    const { id: patientId } = await person({ familyName: 'Featherstonehaugh' });
    const { id } = await raise({ patientId });
    await assess(id);
    expect(await close(id, { learning: 'Ask featherstonehaugh.' })).toMatchObject({
      code: 'TextNamesPatient',
    });
  });
});

describe('addIncidentNote', () => {
  it('adds at any time, and nothing that was said is edited', async () => {
    const { id } = await raise();
    await assess(id);
    mustBe(await close(id, { candour: 'NOT_NEEDED', candourToldAt: null }));
    const noted = await incidents.addIncidentNote(manager, {
      incidentId: id,
      text: ' The film badge came. ',
    });
    expect(noted).toMatchObject({
      status: 'CLOSED',
      notes: [{ text: 'The film badge came.', notedById: manager.id }],
    });
    const { client } = database;
    for (const table of [
      'incident_assessments',
      'incident_notes',
      'incident_closings',
      'incident_thresholds',
    ]) {
      await expect(client.$executeRawUnsafe(`DELETE FROM ${table}`)).rejects.toThrow(/only ever added to/);
    }
    await expect(client.$executeRaw`UPDATE incident_notes SET text = 'x'`).rejects.toThrow(
      /only ever added to/,
    );
    await expect(client.$executeRaw`UPDATE incidents SET what_happened = 'x'`).rejects.toThrow(
      /stays as it was raised/,
    );
    await expect(client.$executeRaw`DELETE FROM incidents`).rejects.toThrow(/never deleted/);
    await expect(client.$executeRaw`TRUNCATE incidents CASCADE`).rejects.toThrow(/only ever added to/);
  });
});

describe('incidents', () => {
  it('are found by what they are, when and whose, page by page; looks are recorded', async () => {
    const { id: patientId } = await person();
    const near = await raise({ patientId, happenedAt: at('2026-11-01T09:00:00Z') });
    const breach = await raise({ patientId, kind: 'LICENCE_BREACH', happenedAt: at('2026-11-20T09:00:00Z') });
    await assess(near.id);
    await assess(breach.id, { isLicenceBreach: true });
    const ids = async (filter: object, page: object = PAGE) =>
      (await reports.incidents(manager, { patientId, ...filter }, { ...PAGE, ...page })).items.map(
        ({ id }) => id,
      );
    expect(await ids({})).toEqual([breach.id, near.id]);
    expect(await ids({ kind: 'LICENCE_BREACH' })).toEqual([breach.id]);
    expect(await ids({ outcome: 'NEAR_MISS' })).toEqual([near.id]);
    expect(await ids({ status: 'RAISED' })).toEqual([]);
    expect(await ids({ toNotify: true })).toEqual([breach.id]);
    expect(await ids({ toNotify: false })).toEqual([near.id]);
    expect(await ids({ happenedFrom: at('2026-11-20T09:00:00Z') })).toEqual([breach.id]);
    expect(await ids({ happenedBefore: at('2026-11-20T09:00:00Z') })).toEqual([near.id]);
    const first = await reports.incidents(manager, { patientId }, { size: 1 });
    expect(await ids({}, { after: first.nextCursor })).toEqual([near.id]);
    expect(await newestAct()).toMatchObject({ action: 'incidents.viewed', patientIds: [patientId] });
    await expect(reports.incident(manager, randomUUID())).rejects.toThrow();
  });
});

describe('the extract for a regulator', () => {
  const take = (id: string) => room.get(IncidentExtractService).incidentExtract(manager, id);

  it('holds nothing by which the patient, or a member of staff, could be known', async () => {
    const given = {
      ...{ familyName: 'Featherstonehaugh', givenName: 'Zebedee', middleNames: 'Quillon' },
      ...{ dateOfBirth: '1984-12-03', nhsNumber: aTestNhsNumber(77), email: 'zebedee@post.example' },
      ...{ addressLines: ['12 Orchard Lane', 'Exampleton'], postcode: 'EX1 2AB' },
      phones: [{ kind: 'MOBILE', number: '07700 900123' }],
    };
    const patient = await person(given);
    const told = `Zebedee Featherstonehaugh, born 3/12/1984, NHS ${given.nhsNumber}, of 12 Orchard Lane, got 800 MBq.`;
    const { id, reference } = await raise({
      patientId: patient.id,
      whatHappened: told,
      immediateAction: told,
    });
    expect(await take(id)).toBeNull();
    await assess(id, { ...accident(800), comment: told });
    await incidents.addIncidentNote(manager, { incidentId: id, text: told });
    mustBe(await notify(id));
    mustBe(await close(id, { candourRecord: told }));
    const extract = await take(id);
    expect(extract).toMatchObject({
      ...{
        reference,
        kind: 'WRONG_PATIENT',
        outcome: 'NOTIFIABLE',
        happenedOn: '2026-11-23',
        isChild: false,
      },
      ...{ actualActivityMbq: 800, actualDoseMsv: 4.56, tracerCode: 'TC99M_MDP' },
      codes: [{ code: '1', regulator: 'CQC' }],
      summary: 'An injection that was meant for somebody else.',
      learning: 'Two people read the arm band.',
    });
    const text = JSON.stringify(extract).toLowerCase();
    const known = [
      ...[patient.id, patient.localNumber, given.nhsNumber, given.postcode, given.email, manager.id, id],
      ...['featherstonehaugh', 'zebedee', 'quillon', '1984', 'orchard', 'exampleton', '900123', 'ex12ab'],
    ];
    for (const word of known) expect(text).not.toContain(word.toLowerCase());
    expect(await newestAct()).toMatchObject({ action: 'incident.extract-taken', patientIds: [patient.id] });
  });

  it('takes no summary and no learning that gives away anybody: also by the record that was merged, or a member of staff', async () => {
    const kept = await person({ familyName: 'Pemberton-Vale', givenName: 'Isolde' });
    const maiden = await person({
      familyName: 'Quartermaine',
      givenName: 'Isolde',
      dateOfBirth: '1951-09-07',
    });
    await database.client.patient.update({
      where: { id: maiden.id },
      data: { mergedIntoId: kept.id, nhsNumber: null },
    });
    const name = `Dr Ottoline Vavasour ${randomUUID()}`;
    await database.client.staffAccount.create({
      data: {
        ...{
          email: `${randomUUID()}@clinic.example`,
          displayName: 'Dr Ottoline Vavasour',
          roles: ['IMAGING'],
        },
        ...{ passwordHash: 'none', createdAt: new Date(NOW) },
      },
    });
    const { id } = await raise({ patientId: kept.id });
    const summaries: readonly (readonly [string, string])[] = [
      ['Given to Isolde.', 'NAME'],
      ['Given to a Mrs QUARTERMAINE.', 'NAME'],
      ['Born on the 7th of September 1951.', 'DATE_OF_BIRTH'],
      [`Number ${maiden.localNumber.slice(0, 1)} ${maiden.localNumber.slice(1)}.`, 'NUMBER'],
      ['Vavasour had drawn it up.', 'STAFF_NAME'],
    ];
    for (const [anonymousSummary, found] of summaries) {
      const answer = await incidents.assessIncident(manager, anAssessment(id, { anonymousSummary }));
      expect([anonymousSummary, answer]).toMatchObject([
        anonymousSummary,
        { code: 'TextNamesPatient', found: [found] },
      ]);
    }
    await assess(id);
    expect(await close(id, { learning: `Ask ${name.slice(0, 20)} twice.` })).toMatchObject({
      code: 'TextNamesPatient',
    });
    mustBe(await close(id));
    expect(JSON.stringify(await take(id))).not.toMatch(/isolde|pemberton|vale|quartermaine|1951|vavasour/i);
  });

  it('withholds words that give somebody away by what became known of them since', async () => {
    const patient = await person();
    const { id } = await raise({ patientId: patient.id });
    await assess(id, { anonymousSummary: 'The tracer went to a Mrs Trelawney-Voss.' });
    await database.client.patient.update({
      where: { id: patient.id },
      data: { familyName: 'Trelawney-Voss' },
    });
    expect((await take(id))?.summary).toMatch(/^\[Withheld/);
  });
});

describe('whoever an incident names', () => {
  it('keeps the incidents when two records become one, and has them back', async () => {
    const alike = { dateOfBirth: '1961-05-04' };
    const [kept, merged] = [await person(alike), await person(alike)];
    const { id } = await raise({ patientId: merged.id });
    const patientOf = async () =>
      (await database.client.incident.findUniqueOrThrow({ where: { id } })).patientId;
    const merge = mustBe(
      await room.get(PatientMergeService).mergePatients(manager, {
        ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
        ...{ reason: 'The same person', overrideReason: 'Seen with both letters' },
      }),
    );
    expect(await patientOf()).toBe(kept.id);
    const since = await raise({ patientId: kept.id });
    mustBe(
      await room
        .get(PatientMergeUndoService)
        .undoPatientMerge(manager, { mergeId: merge.id, reason: 'Two people' }),
    );
    expect(await patientOf()).toBe(merged.id);
    expect((await reports.incident(manager, since.id)).patientId).toBe(kept.id);
  });

  it('finds them in the copy', async () => {
    const { id: patientId } = await person();
    const { id } = await raise({ patientId });
    await assess(id);
    const own = room
      .get(SubjectAccess)
      .rooms()
      .find((each) => each.room === 'incidents');
    const sections = await database.transaction(async (tx) => (await own?.collect(tx, patientId)) ?? []);
    expect(sections.map(({ name, records }) => [name, records.length])).toEqual([
      ...[
        ['incidents', 1],
        ['incident-assessments', 1],
        ['incident-notifications', 0],
      ],
      ...[
        ['incident-notes', 0],
        ['incident-closings', 0],
      ],
    ]);
  });

  it('an open incident keeps the record; a closed one goes with it, and only the stub is left', async () => {
    const LONG_AGO = '2026-04-03T09:00:00Z';
    const [openOf, closedOf] = [
      await makePatientOf(database, clock, LONG_AGO),
      await makePatientOf(database, clock, LONG_AGO),
    ];
    clock.set(LONG_AGO);
    const happened = { happenedAt: at(LONG_AGO) };
    const open = await raise({ patientId: openOf.id, ...happened });
    const gone = await raise({ patientId: closedOf.id, whatHappened: 'Wombatfish', ...happened });
    await assess(gone.id, { comment: 'Wombatfish' });
    await incidents.addIncidentNote(manager, { incidentId: gone.id, text: 'Wombatfish' });
    mustBe(await close(gone.id, { candour: 'NOT_NEEDED', candourToldAt: null, candourRecord: 'Wombatfish' }));
    clock.set('2034-04-03T09:00:00Z');
    await room.destroyAll();
    const row = await database.client.incident.findUniqueOrThrow({ where: { id: gone.id } });
    expect(row).toMatchObject({
      whatHappened: 'Destroyed',
      kind: 'WRONG_PATIENT',
      outcome: 'NEAR_MISS',
      patientId: closedOf.id,
    });
    expect(row.destroyedAt).not.toBeNull();
    expect(await database.client.incidentNote.count({ where: { incidentId: gone.id } })).toBe(0);
    await expect(reports.incident(manager, gone.id)).rejects.toThrow();
    expect((await reports.incident(manager, open.id)).whatHappened).toContain('wrong patient');
  });
});
