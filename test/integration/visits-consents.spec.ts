import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { PatientMergeService } from '../../src/clinic/patients/patient-merge.service.js';
import { PatientMergeUndoService } from '../../src/clinic/patients/patient-merge-undo.service.js';
import { VisitConsentService } from '../../src/clinic/visits/visit-consent.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock } from '../../src/platform/time/index.js';
import { consentWordingServiceOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { aProcedureWording, makeFiledDocument } from '../support/procedure-consents.factory.js';
import {
  aBooker,
  aPhysio,
  makePatientId,
  makeVisitClinic,
  PHYSIO,
  type VisitClinic,
  visitsOn,
} from '../support/visits.factory.js';

// A visit that stands on the consent to a procedure: discussed before it is booked, confirmed on the day before it begins.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
const ACCOUNT = { email: 'cara@clinic.example', displayName: 'Cara', password: 'correct horse battery' };
let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let clinic: VisitClinic;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  clinic = await makeVisitClinic(database);
  await database.client.visitType.update({ where: { code: PHYSIO }, data: { consentPurpose: 'PROCEDURE' } });
  await consentWordingServiceOn(database, clock).publishWording(aStaffActor(), aProcedureWording());
  const config = readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp');
  const module = await Test.createTestingModule({
    imports: [AppModule.with({ config, databaseUrl: db.url, schemaFile: true })],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await app
    .get(StaffService)
    .addStaffAccount(aBooker().actor, { ...ACCOUNT, roles: ['RECEPTION', 'CLINICIAN'] });
});
afterAll(async () => {
  await app.close();
  await database.close();
  await db.drop();
});

type Answer = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function ask(query: string, variables: object = {}): Promise<Answer[string]> {
  const whence = { requestId: null, source: null, userAgent: null };
  const session = await app.get(SessionService).signIn(ACCOUNT, whence);
  if (isRefusal(session)) throw new Error(session.message);
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${session.token}` },
    payload: { query, variables },
  });
  const { data, errors } = response.json<{ data: Answer; errors?: readonly object[] }>();
  expect(errors ?? []).toEqual([]);
  const [answer] = Object.values(data);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

const SHOWN = `__typename ... on Visit { id version status } ... on Refusal { code message }`;
const BOOK = `mutation ($input: BookVisitInput!) { bookVisit(input: $input) { ${SHOWN} } }`;
const ARRIVE = `mutation ($input: VisitVersionInput!) { markArrived(input: $input) { ${SHOWN} } }`;
const START = `mutation ($input: VisitVersionInput!) { startVisit(input: $input) { ${SHOWN} } }`;
const RECORD = `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { __typename
  ... on ConsentRecord { id stage } ... on Refusal { code message } } }`;
const CONFIRM = `mutation ($input: ConfirmConsentInput!) { confirmConsent(input: $input) { __typename
  ... on ConsentRecord { stage } ... on Refusal { code message } } }`;
const WITHDRAW = `mutation ($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { __typename
  ... on Refusal { code message } } }`;

async function somebody() {
  const patientId = await makePatientId(visitsOn(database, clock));
  return { patientId, signature: await makeFiledDocument(database, patientId) };
}

async function agree(
  { patientId, signature }: Awaited<ReturnType<typeof somebody>>,
  procedureCode: string = PHYSIO,
) {
  return ask(RECORD, {
    input: {
      ...{ patientId, purpose: 'PROCEDURE', procedureCode, decision: 'GIVEN', wordingVersion: '1' },
      ...{ locale: 'en-GB', givenBy: 'PATIENT', method: 'IN_PERSON', capacity: 'HAS_CAPACITY' },
      ...{ capacityStatement: 'Said it back.', takerCompetence: 'PERFORMS_IT' },
      told: {
        indication: 'Facet pain',
        risks: [{ risk: 'Infection', figure: '1 in 10,000' }],
        options: [{ option: 'Physiotherapy' }, { option: 'Wait', isDoingNothing: true }],
      },
      evidence: { signatureDocumentId: signature },
    },
  });
}

const book = (patientId: string, startsAt: string) =>
  ask(BOOK, { input: JSON.parse(JSON.stringify(aPhysio(clinic, patientId, startsAt))) as object });
const press = (query: string, { id, version }: Answer[string]) =>
  ask(query, { input: { visitId: id, version } });
const withdraw = (patientId: string) =>
  ask(WITHDRAW, {
    input: {
      patientId,
      purpose: 'PROCEDURE',
      procedureCode: PHYSIO,
      givenBy: 'PATIENT',
      method: 'TELEPHONE',
    },
  });
const confirm = (recordId: unknown) =>
  ask(CONFIRM, {
    input: {
      ...{ recordId, givenBy: 'PATIENT', method: 'IN_PERSON', takerCompetence: 'PERFORMS_IT' },
      evidence: { formId: 'day-of-procedure' },
    },
  });

/** The versions of what the clinic was told of a visit, in order. */
async function noticesOf(visitId: unknown): Promise<readonly number[]> {
  const posted = await database.client.outboxMessage.findMany({
    where: { topic: 'visit.consent-withdrawn', subjectId: String(visitId) },
    orderBy: { version: 'asc' },
  });
  return posted.map(({ version }) => version);
}

async function merge(keepId: string, mergeId: string): Promise<string> {
  const { actor } = aBooker();
  const patients = app.get(PatientService);
  const { version: keepVersion } = await patients.patient(actor, keepId);
  const { version: mergeVersion } = await patients.patient(actor, mergeId);
  const merged = await app.get(PatientMergeService).mergePatients(actor, {
    ...{ keepId, keepVersion, mergeId, mergeVersion },
    reason: 'Same address, said so at the desk',
  });
  if (isRefusal(merged)) throw new Error(merged.message);
  return merged.id;
}

async function undoMerge(mergeId: string): Promise<void> {
  const { actor } = aBooker();
  const undone = await app.get(PatientMergeUndoService).undoPatientMerge(actor, {
    ...{ mergeId, reason: 'They are cousins', areDifferentPeople: false },
  });
  if (isRefusal(undone)) throw new Error(undone.message);
}

describe('a visit for a procedure', () => {
  it('is booked once the procedure was discussed, and begins once that was confirmed on the day', async () => {
    clock.set(NOW);
    const patient = await somebody();
    const [on, other] = ['2026-03-09T10:00:00Z', '2026-03-10T10:00:00Z'];
    expect(await book(patient.patientId, on)).toMatchObject({ code: 'VisitNeedsConsent' });
    // The consent to another procedure says nothing of this one.
    await agree(patient, 'ANOTHER_PROCEDURE');
    expect(await book(patient.patientId, on)).toMatchObject({ code: 'VisitNeedsConsent' });
    const record = await agree(patient);
    expect(record).toMatchObject({ stage: 'DISCUSSED' });
    const visit = await book(patient.patientId, on);
    expect(visit).toMatchObject({ status: 'BOOKED' });
    const later = await book(patient.patientId, other);
    clock.set('2026-03-09T09:50:00Z');
    const here = await press(ARRIVE, visit);
    expect(here).toMatchObject({ status: 'ARRIVED' });
    const refused = await press(START, here);
    expect(refused).toMatchObject({ code: 'ConsentNotConfirmed' });
    expect(refused.message).toMatch(/has not been confirmed.*confirmConsent/);
    expect(await confirm(record.id)).toMatchObject({ stage: 'CONFIRMED' });
    expect(await press(START, here)).toMatchObject({ status: 'IN_PROGRESS' });
    // What was confirmed on one day is not confirmed on the next.
    clock.set('2026-03-10T09:50:00Z');
    const hereAgain = await press(ARRIVE, later);
    expect(await press(START, hereAgain)).toMatchObject({ code: 'ConsentNotConfirmed' });
  });

  it('that stands on a consent that is withdrawn is told of at once, and neither arrives nor begins', async () => {
    clock.set(NOW);
    const patient = await somebody();
    const record = await agree(patient);
    const booked = await book(patient.patientId, '2026-03-11T10:00:00Z');
    const arriving = await book(patient.patientId, '2026-03-11T12:00:00Z');
    clock.set('2026-03-11T09:50:00Z');
    const here = await press(ARRIVE, arriving);
    await confirm(record.id);
    clock.set('2026-03-11T09:55:00Z');
    expect(await withdraw(patient.patientId)).toMatchObject({ __typename: 'ConsentRecord' });
    expect(await noticesOf(booked.id)).toHaveLength(1);
    expect(await noticesOf(arriving.id)).toHaveLength(1);
    expect(
      await database.client.auditEntry.count({
        where: { action: 'visit.consent-withdrawn', subjectId: String(booked.id) },
      }),
    ).toBe(1);
    expect(await press(ARRIVE, booked)).toMatchObject({
      ...{ code: 'VisitNeedsConsent', message: expect.stringContaining('Withdrawn') },
    });
    expect(await press(START, here)).toMatchObject({ code: 'VisitNeedsConsent' });
    const matter = () => app.get(VisitConsentService).matter(database.client, String(booked.id));
    expect(await matter()).toMatchObject({ visitId: booked.id, patientId: patient.patientId });
    // Asked anew, it goes on; and a second withdrawal is told again.
    clock.set('2026-03-11T10:05:00Z');
    await agree(patient);
    expect(await matter()).toBeNull();
    expect(await press(ARRIVE, booked)).toMatchObject({ status: 'ARRIVED' });
    clock.set('2026-03-11T10:06:00Z');
    await withdraw(patient.patientId);
    const [first, second, ...more] = await noticesOf(booked.id);
    expect(more).toEqual([]);
    expect(second).toBeGreaterThan(first ?? Number.NaN);
  });

  it('is told of anew each time, also after two records were one for a while', async () => {
    clock.set('2026-03-03T09:00:00Z');
    const [kept, merged] = [await somebody(), await somebody()];
    await agree(merged);
    clock.advance({ minutes: 1 });
    await withdraw(merged.patientId);
    await agree(kept);
    const ofKept = await book(kept.patientId, '2026-03-16T10:00:00Z');
    const mergeId = await merge(kept.patientId, merged.patientId);
    clock.advance({ minutes: 1 });
    await withdraw(kept.patientId);
    clock.advance({ minutes: 1 });
    await undoMerge(mergeId);
    await agree(kept);
    clock.advance({ minutes: 1 });
    await withdraw(kept.patientId);
    expect(new Set(await noticesOf(ofKept.id)).size).toBe(2);
  });

  it('hears of a consent that is taken back when two records part, whichever record it goes back to', async () => {
    clock.set('2026-03-04T09:00:00Z');
    const [kept, merged] = [await somebody(), await somebody()];
    await agree(merged);
    const visit = await book(merged.patientId, '2026-03-17T10:00:00Z');
    const mergeId = await merge(kept.patientId, merged.patientId);
    clock.advance({ minutes: 1 });
    await withdraw(kept.patientId);
    clock.advance({ minutes: 1 });
    // Given again by whichever of the two it was: for as long as they are one, it holds.
    await agree(kept);
    expect(await noticesOf(visit.id)).toHaveLength(1);
    clock.advance({ minutes: 1 });
    await undoMerge(mergeId);
    expect(await noticesOf(visit.id)).toHaveLength(2);
    expect(await app.get(VisitConsentService).matter(database.client, String(visit.id))).toMatchObject({
      patientId: merged.patientId,
    });
  });

  it('of another kind hears nothing of it, and nothing is asked of it', async () => {
    clock.set(NOW);
    const patient = await somebody();
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { consentPurpose: null } });
    const visit = await book(patient.patientId, '2026-03-12T10:00:00Z');
    clock.set('2026-03-12T09:50:00Z');
    const here = await press(ARRIVE, visit);
    expect(await press(START, here)).toMatchObject({ status: 'IN_PROGRESS' });
    await database.client.visitType.update({
      where: { code: PHYSIO },
      data: { consentPurpose: 'PROCEDURE' },
    });
  });
});
