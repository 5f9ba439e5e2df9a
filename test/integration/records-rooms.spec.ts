import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdministrationAccessService } from '../../src/clinic/administrations/administration-access.service.js';
import { AdministrationRetentionService } from '../../src/clinic/administrations/administration-retention.service.js';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { AuditChainService } from '../../src/clinic/audit/audit-chain.service.js';
import { CheckAccessService } from '../../src/clinic/checks/check-access.service.js';
import { CheckRetentionService } from '../../src/clinic/checks/check-retention.service.js';
import { PatientChecksMergeService } from '../../src/clinic/checks/patient-checks-merge.service.js';
import { ConsentAccessService } from '../../src/clinic/consent/consent-access.service.js';
import { ConsentRetentionService } from '../../src/clinic/consent/consent-retention.service.js';
import { DecisionAccessService } from '../../src/clinic/decisions/decision-access.service.js';
import { DecisionRetentionService } from '../../src/clinic/decisions/decision-retention.service.js';
import { DocumentPartService } from '../../src/clinic/documents/document-part.service.js';
import { EnquiryAccessService } from '../../src/clinic/enquiries/enquiry-access.service.js';
import { EnquiryRetentionService } from '../../src/clinic/enquiries/enquiry-retention.service.js';
import { PerformedStepRetentionService } from '../../src/clinic/imaging/performed-step-retention.service.js';
import { ScanAccessService } from '../../src/clinic/imaging/scan-access.service.js';
import { ScanRetentionService } from '../../src/clinic/imaging/scan-retention.service.js';
import { IncidentAccessService } from '../../src/clinic/incidents/incident-access.service.js';
import { IncidentRecordService } from '../../src/clinic/incidents/incident-record.service.js';
import { IncidentRetentionService } from '../../src/clinic/incidents/incident-retention.service.js';
import { PatientIncidentsMergeService } from '../../src/clinic/incidents/patient-incidents-merge.service.js';
import { MeetingAccessService } from '../../src/clinic/meetings/meeting-access.service.js';
import { MeetingRetentionService } from '../../src/clinic/meetings/meeting-retention.service.js';
import { NoteAccessService } from '../../src/clinic/notes/note-access.service.js';
import { NoteRetentionService } from '../../src/clinic/notes/note-retention.service.js';
import { LetterAccessService } from '../../src/clinic/notifications/letter-access.service.js';
import { LetterRetentionService } from '../../src/clinic/notifications/letter-retention.service.js';
import { OutcomeAccessService } from '../../src/clinic/outcomes/outcome-access.service.js';
import { OutcomeRetentionService } from '../../src/clinic/outcomes/outcome-retention.service.js';
import { RadiopharmacyAccessService } from '../../src/clinic/radiopharmacy/radiopharmacy-access.service.js';
import { RadiopharmacyRetentionService } from '../../src/clinic/radiopharmacy/radiopharmacy-retention.service.js';
import { LegalHoldService } from '../../src/clinic/records/legal-hold.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { sectionFile } from '../../src/clinic/records/subject-access-copy.rules.js';
import { ReferralAccessService } from '../../src/clinic/referrals/referral-access.service.js';
import { ReferralRetentionService } from '../../src/clinic/referrals/referral-retention.service.js';
import { PatientReportsMergeService } from '../../src/clinic/reports/patient-reports-merge.service.js';
import { ReportAccessService } from '../../src/clinic/reports/report-access.service.js';
import { ReportRetentionService } from '../../src/clinic/reports/report-retention.service.js';
import { ResponsePartService } from '../../src/clinic/responses/response-part.service.js';
import { TreatmentAccessService } from '../../src/clinic/treatments/treatment-access.service.js';
import { TreatmentRetentionService } from '../../src/clinic/treatments/treatment-retention.service.js';
import { VettingAccessService } from '../../src/clinic/vetting/vetting-access.service.js';
import { VettingRetentionService } from '../../src/clinic/vetting/vetting-retention.service.js';
import { VisitAccessService } from '../../src/clinic/visits/visit-access.service.js';
import { VisitRetentionService } from '../../src/clinic/visits/visit-retention.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { conclude, type ExposureRooms, exposureRoomsOn, inject } from '../support/exposures-whole.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { patientRoomOn } from '../support/patient-needs.factory.js';
import { makePatient } from '../support/patients.factory.js';
import { Console, performedStepsOn } from '../support/performed-steps.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';
import { mustBe } from '../support/reports.factory.js';
import { type TeamRooms, teamRoomsOn, treatAndDecide } from '../support/team-whole.factory.js';

// What the other rooms have of a patient: how long it keeps the record, its copy, and that nothing of it is left.

const NOW = '2026-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
let db: TestDatabase;
let database: Database;
let imaging: Imaging;
let exposures: ExposureRooms;
let team: TeamRooms;
let department: Department;
let scanner: Console;
let room: RecordsRoom;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  imaging = imagingOn(database, clock, db.url);
  await makeReference(database);
  exposures = await exposureRoomsOn(imaging);
  team = await teamRoomsOn(database, clock);
  department = await makeDepartment(database);
  const { id } = await database.client.scanner.findFirstOrThrow();
  scanner = new Console(performedStepsOn(imaging), id);
  room = await recordsOn(database, clock);
  const classes = room.get(RetentionClasses);
  const access = room.get(SubjectAccess);
  const config = readConfig({}, '/tmp');
  new DocumentPartService(classes);
  new ReferralRetentionService(classes, config);
  new ReferralAccessService(access);
  new ConsentRetentionService(classes, config);
  new ConsentAccessService(access);
  new VisitRetentionService(classes, config);
  new VisitAccessService(access);
  new EnquiryRetentionService(classes, config);
  new EnquiryAccessService(access);
  new VettingRetentionService(classes, config);
  new VettingAccessService(access);
  new RadiopharmacyRetentionService(classes);
  new RadiopharmacyAccessService(access);
  new CheckRetentionService(classes);
  new CheckAccessService(access);
  new ScanRetentionService(classes);
  new ScanAccessService(access);
  new PerformedStepRetentionService(classes, config);
  new AdministrationRetentionService(classes);
  new AdministrationAccessService(access);
  new ReportRetentionService(classes, config);
  new ReportAccessService(access);
  const audit = new AuditService(database, clock);
  new IncidentRetentionService(classes, new IncidentRecordService(clock, config, audit));
  new IncidentAccessService(access);
  new OutcomeRetentionService(classes, config);
  new OutcomeAccessService(access);
  new TreatmentRetentionService(classes, config);
  new TreatmentAccessService(access);
  new ResponsePartService(classes, access);
  new NoteRetentionService(classes, config);
  new NoteAccessService(access);
  new MeetingRetentionService(classes, config);
  new MeetingAccessService(access);
  new DecisionRetentionService(classes, config);
  new DecisionAccessService(access);
  new LetterRetentionService(classes);
  new LetterAccessService(access);
});
afterAll(async () => {
  await room.module.close();
  await database.close();
  await db.drop();
});

/** Somebody who was referred, asked, booked and scanned in March 2026; with a word: injected and reported on as well. */
async function scannedPatient(familyName: string, day = '2026-03-10', word: string | null = null) {
  clock.set(NOW);
  const person = await makeReferredPatient(imaging, { familyName });
  const booking = mustBeBooked(
    await imaging.bookings.bookScan(
      RECEPTION,
      aVisit(department, person.referralId, `${day}T09:00:00Z`, `${day}T12:15:00Z`),
    ),
  );
  const { localNumber } = await database.client.patient.findUniqueOrThrow({
    where: { id: person.patientId },
  });
  const visit = word === null ? null : { id: booking.id, patientId: person.patientId, day, word };
  if (visit !== null) await inject(exposures, visit);
  clock.set(`${day}T12:20:00Z`);
  const uid = await scanner.begin({
    booking,
    patientId: localNumber,
    over: { PatientName: `${familyName}^Told`, PerformedProcedureStepStartDate: day.replaceAll('-', '') },
  });
  clock.set(`${day}T13:11:00Z`);
  await scanner.end(uid, 'COMPLETED', { PerformedProcedureStepEndDate: day.replaceAll('-', '') });
  if (visit !== null) await conclude(exposures, visit);
  return { ...person, booking, localNumber };
}

/** Tables, of all there are, in which a word stands; what is binary is read as its bytes. */
async function placesOf(word: string): Promise<string[]> {
  const tables = await database.client.$queryRaw<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const hex = Buffer.from(word, 'utf8').toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await database.client.$queryRawUnsafe<{ count: bigint }[]>(
      `SELECT count(*) FROM "${name}" t WHERE to_jsonb(t)::text ILIKE $1 OR to_jsonb(t)::text ILIKE $2`,
      `%${word}%`,
      `%${hex}%`,
    );
    if (row !== undefined && row.count > 0n) found.push(name);
  }
  return found;
}
/** The texts of the copy for the patient, by path. */
async function copyOf(patientId: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const one of room.get(SubjectAccess).rooms()) {
    for (const section of await one.collect(database.client, patientId)) {
      const { path, text } = sectionFile(one.room, section, []);
      texts.set(path, text);
    }
  }
  return texts;
}
/** Where free words of an exposure stand. */
const TOLD_OF_EXPOSURES = [
  ...['acquisition_notes', 'administration_versions', 'audit_entries', 'breast_feeding_enquiries'],
  ...['critical_finding_tellings', 'critical_findings', 'ct_doses', 'incident_assessments'],
  ...['incident_closings', 'incident_notes', 'incidents', 'pregnancy_enquiries', 'report_acknowledgements'],
  ...['safety_checks', 'scan_report_addenda', 'scan_report_versions'],
];
/** How many records are in each file of the copy. */
const EXPOSURE_FILES = {
  ...{ 'vetting/imaging-requests': 1, 'vetting/imaging-justifications': 1 },
  ...{ 'vetting/imaging-authorisations': 1 },
  ...{ 'radiopharmacy/planned-doses': 1, 'radiopharmacy/drawn-doses': 1 },
  ...{ 'checks/identity-checks': 1, 'checks/pregnancy-enquiries': 1 },
  ...{ 'checks/breast-feeding-enquiries': 1, 'checks/safety-checks': 1 },
  ...{ 'administrations/administrations': 1, 'administrations/ct-doses': 1 },
  ...{ 'administrations/acquisition-notes': 1 },
  ...{ 'reports/signed-reports': 1, 'reports/report-addenda': 1, 'reports/critical-findings': 1 },
  ...{ 'incidents/incidents': 1, 'incidents/incident-assessments': 1 },
  ...{ 'incidents/incident-notes': 1, 'incidents/incident-closings': 1 },
};
const recordsIn = (files: ReadonlyMap<string, string>, of: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.keys(of).map((name) => {
      const { records = [] }: { records?: unknown[] } = JSON.parse(files.get(`${name}.json`) ?? '{}');
      return [name, records.length];
    }),
  );
const DESTROYED_EXPOSURES = [
  ...['imaging requests', 'justifications', 'authorisations', 'planned doses', 'checks before injections'],
  ...['administrations', 'CT doses', 'acquisition notes', 'scan reports', 'critical findings', 'incidents'],
];
/** Where free words of a treatment, and of what the team made of it, stand. */
const TOLD_OF_TEAM = [
  ...['case_decision_actions', 'case_decision_addenda', 'case_decision_letters'],
  ...['case_decision_patient_words', 'case_decision_versions', 'diary_entries', 'note_addenda'],
  ...['note_draft_versions', 'note_signatures', 'outcome_scores', 'risk_task_events', 'risk_tasks'],
  ...['treatment_complications', 'treatment_plans', 'treatment_proposals', 'treatment_records', 'treatments'],
];
/** How many records are in each file of the copy. */
const TEAM_FILES = {
  ...{ 'outcomes/scores': 6, 'outcomes/risk-tasks': 1, 'outcomes/risk-task-notes': 2 },
  ...{ 'treatments/treatments': 1, 'treatments/plans': 1, 'treatments/safety-pauses': 1 },
  ...{ 'treatments/records': 2, 'treatments/complications': 1 },
  ...{ 'responses/pain-diaries': 8, 'responses/judgements': 1, 'responses/proposals': 1 },
  ...{ 'notes/signed-notes': 1, 'notes/note-addenda': 1 },
  ...{ 'meetings/cases-for-the-team': 1, 'meetings/case-proformas': 1, 'meetings/case-events': 5 },
  ...{ 'decisions/decisions-of-the-team': 1, 'decisions/versions-of-decisions': 1 },
  ...{ 'decisions/addenda-of-decisions': 1, 'decisions/your-decisions': 1, 'decisions/actions': 1 },
  ...{ 'decisions/letters-about-decisions': 1 },
};
const DESTROYED_OF_TEAM = [
  ...['questionnaires and scores', 'risk tasks', 'notes on risk tasks', 'treatments'],
  ...['plans of treatments', 'safety pauses', 'records of what was given', 'complications', 'pain diaries'],
  ...['judgements of responses', 'proposals of treatments', 'clinical notes', 'signed texts of notes'],
  ...['addenda of notes', 'cases for the team', 'proformas', 'events of cases', 'decisions of the team'],
  ...['versions of decisions', 'addenda of decisions', 'decisions of the patient', 'actions'],
  ...['letters about decisions'],
];
const itemOf = async (patientId: string) => {
  const run = await room.listed();
  return (await room.items(run)).find((item) => item.subjectId === patientId);
};

describe('a record that went through every room', () => {
  it('is copied whole, destroyed without a trace of what was told, and leaves the skeleton and a stub', async () => {
    const { patientId, booking, localNumber } = await scannedPatient('Quillfeather');
    expect(await placesOf('Quillfeather')).toEqual(
      expect.arrayContaining(['patients', 'performed_steps', 'performed_step_messages', 'audit_entries']),
    );
    const sections = await Promise.all(
      room
        .get(SubjectAccess)
        .rooms()
        .map(async (one) => [one.room, (await one.collect(database.client, patientId)).length] as const),
    );
    expect(Object.fromEntries(sections)).toEqual({
      ...{
        patients: 4,
        records: 4,
        referrals: 6,
        consent: 1,
        visits: 5,
        vetting: 4,
        radiopharmacy: 2,
        checks: 4,
        imaging: 2,
        administrations: 3,
        reports: 6,
        incidents: 5,
        outcomes: 3,
        treatments: 5,
        responses: 3,
        notes: 5,
        meetings: 5,
        decisions: 6,
        notifications: 1,
        enquiries: expect.any(Number),
      },
    });
    clock.set('2034-03-09T12:00:00Z');
    expect(await itemOf(patientId)).toBeUndefined();
    clock.set('2034-03-10T12:00:00Z');
    expect(await itemOf(patientId)).toMatchObject({
      status: 'LISTED',
      triggerOn: '2026-03-10',
      dueOn: '2034-03-10',
    });
    await room.destroyAll();
    for (const word of ['Quillfeather', 'Amelia Hart', 'Which facet joint', 'radioactive tracer, and']) {
      const left = await placesOf(word);
      expect(left, word).toEqual(word.startsWith('radioactive') ? ['consent_wordings'] : []);
    }
    const { client } = database;
    expect(await client.visit.count({ where: { patientId } })).toBe(1);
    expect(await client.referral.count({ where: { patientId, clinicalQuestion: 'Destroyed' } })).toBe(1);
    expect(await client.consentRecord.count({ where: { patientId } })).toBe(0);
    expect(await client.visitRevision.count({ where: { visit: { patientId } } })).toBe(0);
    const stub = await client.destructionStub.findFirstOrThrow({ where: { patientId } });
    const { studyInstanceUID, accessionNumber } = await client.scanBooking.findUniqueOrThrow({
      where: { id: booking.id },
    });
    expect(stub.parts).toEqual(
      expect.arrayContaining([
        { what: 'scans', count: 1, identifiers: [studyInstanceUID, accessionNumber] },
        { what: 'patients', count: 1, identifiers: [localNumber] },
        { what: 'consent records', count: 1, identifiers: [] },
        { what: 'referrals', count: 1, identifiers: [] },
      ]),
    );
    expect(await room.get(AuditChainService).verify()).toMatchObject({
      broken: null,
      entryWithoutLink: null,
    });
  });

  it('with an exposure in it is copied and destroyed with all that was asked, given, found and gone wrong', async () => {
    const { patientId, referralId, booking } = await scannedPatient('Larkspur', '2026-03-09', 'Wombatfish');
    expect(await placesOf('Wombatfish')).toEqual(TOLD_OF_EXPOSURES);
    const files = await copyOf(patientId);
    expect(recordsIn(files, EXPOSURE_FILES)).toEqual(EXPOSURE_FILES);
    expect(files.get('vetting/imaging-requests.json')).toContain('"weightKg": 72');
    expect(files.get('administrations/administrations.json')).toMatch(/"netActivityMbq": "?789\.0/);
    const { client } = database;
    clock.set('2034-03-09T12:00:00Z');
    expect(await itemOf(patientId)).toMatchObject({ status: 'LISTED', dueOn: '2034-03-09' });
    await room.destroyAll();
    expect(await placesOf('Wombatfish')).toEqual([]);
    expect(await placesOf('Larkspur')).toEqual([]);
    const visitId = booking.id;
    expect({
      requests: await client.imagingRequest.count({ where: { referralId } }),
      justifications: await client.vettingJustification.count({ where: { referralId } }),
      checks: await client.visitCheck.count({ where: { visitId } }),
      administrations: await client.administration.count({ where: { visitId } }),
      reports: await client.scanReport.count({ where: { scanBookingId: visitId } }),
    }).toEqual({ requests: 0, justifications: 0, checks: 0, administrations: 0, reports: 0 });
    expect(await client.plannedDose.findUnique({ where: { visitId } })).toMatchObject({
      ...{ weightKg: null, ageYears: null, plannedActivityMbq: 800 },
    });
    expect(await client.batchUse.count({ where: { visitId } })).toBe(1);
    expect(await client.incident.findFirst({ where: { patientId } })).toMatchObject({
      ...{ kind: 'WRONG_PATIENT', whatHappened: 'Destroyed', immediateAction: null },
    });
    const stub = await client.destructionStub.findFirstOrThrow({ where: { patientId } });
    const parts = stub.parts as { readonly what: string; readonly count: number }[];
    expect(parts.map(({ what }) => what)).toEqual(expect.arrayContaining(DESTROYED_EXPOSURES));
    expect(await room.get(AuditChainService).verify()).toMatchObject({ broken: null });
  });

  it('with a treatment and the team’s word in it is copied and destroyed with all of that', async () => {
    const { patientId, referralId } = await scannedPatient('Honeysuckle', '2026-03-18');
    await treatAndDecide(team, { patientId, referralId, day: '2026-03-19', word: 'Capercaillie' });
    expect(await placesOf('Capercaillie')).toEqual(TOLD_OF_TEAM);
    expect(recordsIn(await copyOf(patientId), TEAM_FILES)).toEqual(TEAM_FILES);
    clock.set('2034-03-20T12:00:00Z');
    expect(await itemOf(patientId)).toBeUndefined();
    clock.set('2034-03-22T12:00:00Z');
    expect(await itemOf(patientId)).toMatchObject({ status: 'HELD', code: 'DOCUMENTS_KEPT' });
    // The signed form of the consent goes by the rule of documents, and before the record.
    const destroyedAt = new Date('2034-03-22T12:00:00Z');
    await database.client.document.updateMany({ where: { patientId }, data: { destroyedAt } });
    expect(await itemOf(patientId)).toMatchObject({ status: 'LISTED', dueOn: '2034-03-21' });
    await room.destroyAll();
    for (const word of ['Capercaillie', 'Honeysuckle', 'lift her grandson']) {
      expect(await placesOf(word), word).toEqual([]);
    }
    const stub = await database.client.destructionStub.findFirstOrThrow({ where: { patientId } });
    const parts = stub.parts as { readonly what: string; readonly count: number }[];
    expect(parts.map(({ what }) => what)).toEqual(expect.arrayContaining(DESTROYED_OF_TEAM));
    expect(await room.get(AuditChainService).verify()).toMatchObject({ broken: null });
  });

  it('with an exposure in it follows a merge, into the copy and out of the house', async () => {
    const { patientId } = await scannedPatient('Merriweather', '2026-03-17', 'Dunnockfoot');
    const merging = patientRoomOn(database, clock);
    new PatientChecksMergeService(merging.followers);
    new PatientReportsMergeService(merging.followers);
    new PatientIncidentsMergeService(merging.followers);
    const kept = await makePatient(imaging.patients, {}, RECEPTION);
    const { version } = await database.client.patient.findUniqueOrThrow({ where: { id: patientId } });
    mustBe(
      await merging.merges.mergePatients(RECEPTION, {
        ...{ keepId: kept.id, keepVersion: kept.version, mergeId: patientId, mergeVersion: version },
        ...{ reason: 'The same person.', overrideReason: 'Seen on the passport.' },
      }),
    );
    expect(recordsIn(await copyOf(kept.id), EXPOSURE_FILES)).toEqual(EXPOSURE_FILES);
    clock.set('2034-03-17T12:00:00Z');
    await room.destroyAll();
    expect(await placesOf('Dunnockfoot')).toEqual([]);
    expect(await placesOf('Merriweather')).toEqual([]);
    expect(await room.get(AuditChainService).verify()).toMatchObject({ broken: null });
  });

  it('with psychology in it is kept twenty years, also the person to whom it belongs', async () => {
    const { patientId } = await scannedPatient('Underhill', '2026-03-11');
    const columns = { code: 'PSYCHOLOGY', name: 'Psychology' };
    const { visitType } = await database.client.visit.findFirstOrThrow({
      where: { patientId },
      include: { visitType: true },
    });
    await database.client.visitType.createMany({
      data: [{ ...visitType, ...columns }],
      skipDuplicates: true,
    });
    await database.client.visit.updateMany({ where: { patientId }, data: { visitTypeCode: 'PSYCHOLOGY' } });
    clock.set('2034-03-10T12:00:00Z');
    expect(await itemOf(patientId)).toBeUndefined();
    clock.set('2046-03-11T12:00:00Z');
    expect(await itemOf(patientId)).toMatchObject({
      ...{ status: 'LISTED', recordClass: 'PSYCHOLOGY', trigger: 'END_OF_TREATMENT', dueOn: '2046-03-11' },
    });
  });

  it('is kept while something of it is open', async () => {
    clock.set(NOW);
    const { patientId, referralId } = await makeReferredPatient(imaging, {
      isAccepted: false,
      hasConsent: false,
    });
    clock.set('2040-03-10T12:00:00Z');
    expect(await itemOf(patientId)).toMatchObject({ status: 'HELD', code: 'REFERRAL_OPEN' });
    clock.set(NOW);
    await imaging.referrals.acceptReferral(RECEPTION, { referralId });
    await database.client.document.create({
      data: {
        ...{ patientId, subjectType: 'PATIENT', subjectId: patientId, kind: 'OTHER', title: 'A letter' },
        ...{ retentionClass: 'DOCUMENT', filedAt: new Date(NOW) },
      },
    });
    clock.set('2040-03-10T12:00:00Z');
    expect(await itemOf(patientId)).toMatchObject({ status: 'HELD', code: 'DOCUMENTS_KEPT' });
  });

  it('is not deleted by hand while a hold stands', async () => {
    const { patientId } = await scannedPatient('Thistlewood', '2026-03-12');
    await room
      .get(LegalHoldService)
      .placeLegalHold(room.starter, { subjectType: 'patient', subjectId: patientId, reason: 'A claim.' });
    for (const table of ['consent_records', 'scan_bookings', 'visits', 'referrals']) {
      const statement = `DELETE FROM ${table} WHERE patient_id = '${patientId}'`;
      await expect(database.client.$executeRawUnsafe(statement), table).rejects.toThrow();
    }
  });
});

describe('what a scanner reported of nobody', () => {
  it('goes by its own rule, unless it was attached to somebody since the list', async () => {
    clock.set('2026-03-10T12:20:00Z');
    const { booking } = await scannedPatient('Brackenbury', '2026-03-13');
    const [gone, found] = [await scanner.begin({}), await scanner.begin({})];
    await scanner.end(gone, 'COMPLETED');
    await scanner.end(found, 'COMPLETED');
    const stepOf = (sopInstanceUID: string) =>
      database.client.performedStep.findUnique({ where: { sopInstanceUID } });
    clock.set('2034-03-13T14:00:00Z');
    const run = await room.listed(['SCANNER_TRAFFIC']);
    expect(run.counts).toEqual([{ status: 'LISTED', count: 2 }]);
    const step = await stepOf(found);
    await database.client.performedStepLink.create({
      data: {
        ...{ performedStepId: step?.id ?? '', scheduledProcedureStepId: 'S1', bookingId: booking.id },
        attachedAt: new Date(NOW),
      },
    });
    await room.destroyAll(['SCANNER_TRAFFIC']);
    expect(await stepOf(gone)).toBeNull();
    expect(await stepOf(found)).not.toBeNull();
    expect(
      await database.client.destructionStub.findFirst({ where: { subjectType: 'performed-step' } }),
    ).toMatchObject({
      ...{ patientId: null, recordClass: 'SCANNER_TRAFFIC' },
    });
  });
});

describe('an enquiry', () => {
  const enquire = (name: string, parts: object = {}) =>
    database.client.enquiry.create({
      data: {
        ...{
          reference: `E${name.slice(0, 8).toUpperCase()}`,
          channel: 'TELEPHONE',
          name,
          redFlagsAsked: 'ASKED',
        },
        ...{ status: 'CLOSED', closeReason: 'WENT_ELSEWHERE', closedById: room.starter.id },
        ...{ receivedAt: new Date('2026-03-02T09:00:00Z'), closedAt: new Date('2026-03-05T09:00:00Z') },
        messages: {
          create: {
            ...{ direction: 'IN', channel: 'TELEPHONE', text: `${name} says that it hurts.` },
            at: new Date('2026-03-04T09:00:00Z'),
          },
        },
        events: {
          create: {
            ...{
              at: new Date('2026-03-04T09:00:00Z'),
              actorKind: 'SYSTEM',
              action: 'enquiry.received',
              detail: {},
            },
          },
        },
        ...parts,
      },
    });

  it('that became nothing goes after its own short period', async () => {
    const { id } = await enquire('Fotheringay');
    clock.set('2027-03-04T12:00:00Z');
    expect((await room.listed(['ENQUIRY_UNCONVERTED'])).counts).toEqual([]);
    clock.set('2027-03-05T12:00:00Z');
    await room.destroyAll(['ENQUIRY_UNCONVERTED']);
    expect(await placesOf('Fotheringay')).toEqual([]);
    const stub = await database.client.destructionStub.findFirstOrThrow({ where: { subjectId: id } });
    expect(stub).toMatchObject({
      subjectType: 'enquiry',
      recordClass: 'ENQUIRY_UNCONVERTED',
      patientId: null,
    });
  });

  it('that became a patient’s stays as long as the patient’s record, and goes with it', async () => {
    const { patientId } = await scannedPatient('Featherstone', '2026-03-16');
    await enquire('Featherstone-Haugh', {
      patientId,
      status: 'CONVERTED',
      closeReason: null,
      closedAt: null,
      closedById: null,
    });
    clock.set('2027-03-20T12:00:00Z');
    expect((await room.listed(['ENQUIRY_UNCONVERTED'])).counts).toEqual([]);
    clock.set('2034-03-20T12:00:00Z');
    await room.destroyAll();
    expect(await placesOf('Featherstone')).toEqual([]);
    expect(await room.get(AuditChainService).verify()).toMatchObject({ broken: null });
  });
});
