import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LikelyDuplicate, NhsNumberTaken } from '../../src/clinic/patients/patient.refusals.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { PatientChangedMeanwhile } from '../../src/clinic/patients/patient-correction.refusals.js';
import type { CorrectPatientInput } from '../../src/clinic/patients/patient-correction.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type PatientRoom, patientRoomOn } from '../support/patient-needs.factory.js';
import { aStaffActor, aTestNhsNumber, makePatient } from '../support/patients.factory.js';

const clock = new FixedClock('2026-03-02T09:00:00Z');
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: PatientRoom;
let patient: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = patientRoomOn(database, clock);
});
beforeEach(async () => {
  patient = await makePatient(room.patients, {
    phones: [{ kind: 'MOBILE', number: '07700 900123' }],
  });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const correct = (changes: Partial<CorrectPatientInput>) =>
  room.corrections.correctPatient(actor, {
    ...{ patientId: patient.id, version: patient.version, reason: 'Seen on the passport' },
    ...changes,
  });

async function mustCorrect(changes: Partial<CorrectPatientInput>): Promise<Patient> {
  const result = await correct(changes);
  if (isRefusal(result)) throw new Error(result.message);
  return result;
}

/** Everything that a correction may leave behind. */
async function traces() {
  const { client } = database;
  return {
    patient: await client.patient.findUniqueOrThrow({ where: { id: patient.id }, include: { phones: true } }),
    distinctions: await client.patientDistinction.count(),
    outbox: await client.outboxMessage.count(),
    corrections: await client.auditEntry.count({ where: { action: 'patient.corrected' } }),
  };
}

async function newestAudit() {
  return database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
}

describe('correctPatient', () => {
  it('changes what was said and leaves the rest, with a version more', async () => {
    const after = await mustCorrect({ familyName: ' Fernández ', postcode: 'ec1a1bb' });
    expect(after).toEqual({
      ...patient,
      familyName: 'Fernández',
      postcode: 'EC1A 1BB',
      version: patient.version + 1,
    });
    expect(await room.patients.patient(actor, patient.id)).toEqual(after);
  });

  it('writes down what stood there, what stands there, and why', async () => {
    await mustCorrect({ givenName: 'Zoë', reason: ' Told by  the practice ' });
    expect(await newestAudit()).toMatchObject({
      action: 'patient.corrected',
      actorId: actor.id,
      subjectId: patient.id,
      patientIds: [patient.id],
      before: { givenName: patient.givenName },
      after: { givenName: 'Zoë', changed: ['givenName'], reason: 'Told by the practice' },
    });
    expect(await database.client.outboxMessage.count()).toBe(0);
  });

  it('empties what is null, and replaces all numbers', async () => {
    const after = await mustCorrect({
      email: null,
      phones: [{ kind: 'HOME', number: '020 7946 0018' }],
      contactPreference: 'TELEPHONE',
    });
    expect(after).toMatchObject({ email: null, phones: [{ kind: 'HOME', e164: '+442079460018' }] });
  });

  it.each<[string, Partial<CorrectPatientInput>, RegExp]>([
    ['a name that the scanner does not take', { familyName: 'A^B' }, /^familyName: must not contain/],
    ['an empty name', { givenName: null }, /givenName: must not be empty/],
    ['no date of birth', { dateOfBirth: null }, /dateOfBirth: must not be emptied/],
    ['a day to come', { dateOfBirth: '2026-03-03' }, /dateOfBirth: must not be in the future/],
    ['no address for e-mail', { email: null }, /contactPreference: EMAIL needs/],
    ['a check of no number', { nhsNumberVerified: true }, /nhsNumberVerified: needs an NHS number/],
    ['no reason', { familyName: 'Okafor', reason: ' . ' }, /^reason: must say why/],
    ['nothing', {}, /Nothing would change/],
    ['what stands there', { familyName: undefined, postcode: 'sw1a 1aa' }, /Nothing would change/],
  ])('refuses %s and changes nothing', async (_, changes, message) => {
    const before = await traces();
    await expect(correct(changes)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(message),
    });
    expect(await traces()).toEqual(before);
  });

  it('does not find fault with what is left as it is', async () => {
    await database.client.patient.update({
      where: { id: patient.id },
      data: { addressLines: Array(9).fill('x') },
    });
    expect(await mustCorrect({ givenName: 'Ana' })).toMatchObject({ givenName: 'Ana' });
  });

  it('refuses whoever read an older version, and shows what is there now', async () => {
    const after = await mustCorrect({ givenName: 'Ana' });
    const before = await traces();
    const result = await correct({ givenName: 'Eva' });
    expect(result).toBeInstanceOf(PatientChangedMeanwhile);
    expect(result).toMatchObject({ code: 'PatientChangedMeanwhile', present: after });
    expect(await traces()).toEqual(before);
  });

  it('of eight at once lets one through', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) => correct({ givenName: `Name ${'abcdefgh'[n]}` })),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(results.filter((result) => result instanceof PatientChangedMeanwhile)).toHaveLength(7);
    expect((await traces()).patient.version).toBe(patient.version + 1);
  });

  it('throws NOT_FOUND for nobody', async () => {
    await expect(correct({ patientId: randomUUID(), givenName: 'Ana' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('an NHS number', () => {
  it('is taken, and said so with its holder; the look at the holder is recorded', async () => {
    const number = aTestNhsNumber(11);
    const holder = await makePatient(room.patients, { nhsNumber: number });
    const before = await traces();
    const result = await correct({ nhsNumber: number });
    expect(result).toBeInstanceOf(NhsNumberTaken);
    expect(result).toMatchObject({ holder: { patientId: holder.id } });
    expect(await traces()).toEqual(before);
    expect(await newestAudit()).toMatchObject({ action: 'patients.compared', patientIds: [holder.id] });
  });

  it('counts as checked once somebody says so, until it is another', async () => {
    const first = await mustCorrect({ nhsNumber: aTestNhsNumber(12) });
    expect(first.nhsNumberVerifiedAt).toBeNull();
    const checked = await mustCorrect({ version: first.version, nhsNumberVerified: true });
    expect(checked.nhsNumberVerifiedAt?.toString()).toBe('2026-03-02T09:00:00Z');
    const renamed = await mustCorrect({ version: checked.version, givenName: 'Ana' });
    expect(renamed.nhsNumberVerifiedAt).toEqual(checked.nhsNumberVerifiedAt);
    const other = await mustCorrect({ version: renamed.version, nhsNumber: aTestNhsNumber(13) });
    expect(other.nhsNumberVerifiedAt).toBeNull();
  });
});

describe('details that are very like somebody else’s', () => {
  it('are asked about, and go through when it is said that they are another person', async () => {
    const other = await makePatient(room.patients);
    const before = await traces();
    const changes = { dateOfBirth: other.dateOfBirth, familyName: other.familyName };
    const refusal = await correct(changes);
    expect(refusal).toBeInstanceOf(LikelyDuplicate);
    expect(refusal).toMatchObject({ candidates: [{ patientId: other.id }] });
    expect(await traces()).toEqual(before);
    const after = await mustCorrect({ ...changes, confirmedDifferentFrom: [other.id] });
    expect(after.familyName).toBe(other.familyName);
    expect(await traces()).toMatchObject({ distinctions: before.distinctions + 1 });
  });

  it('are not asked about again once that was said, nor when the likeness was there before', async () => {
    const other = await makePatient(room.patients);
    const likeness = { dateOfBirth: other.dateOfBirth, familyName: other.familyName };
    const first = await mustCorrect({ ...likeness, confirmedDifferentFrom: [other.id] });
    expect(await mustCorrect({ version: first.version, givenName: 'Ana' })).toMatchObject({
      givenName: 'Ana',
    });
  });

  it('do not matter to an address', async () => {
    await makePatient(room.patients, { familyName: patient.familyName, dateOfBirth: '1999-09-09' });
    expect(await mustCorrect({ addressLines: ['2 New Street'] })).toMatchObject({
      addressLines: ['2 New Street'],
    });
  });
});
