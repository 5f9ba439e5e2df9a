import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LikelyDuplicate, NhsNumberTaken } from '../../src/clinic/patients/patient.refusals.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import type { PartialPerson } from '../../src/clinic/patients/person-match.rules.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type PatientRoom, patientRoomOn } from '../support/patient-needs.factory.js';
import { aRegistration, aStaffActor, aTestNhsNumber, makePatient } from '../support/patients.factory.js';

// Somebody writes in of whom little is known: which registered patient may that be?

const actor = aStaffActor();
const clock = new FixedClock('2026-03-02T09:00:00Z');
let home: TestDatabase;
let database: Database;
let room: PatientRoom;
let zoe: Patient;
let namesake: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = patientRoomOn(database, clock);
  zoe = await makePatient(room.patients, {
    ...{
      familyName: 'Fernández',
      givenName: 'Zoë',
      dateOfBirth: '1980-01-02',
      nhsNumber: aTestNhsNumber(71),
    },
    ...{ email: 'zoe@example.org', phones: [{ kind: 'MOBILE', number: '07700 900123' }] },
  });
  namesake = await makePatient(room.patients, {
    ...{ familyName: 'Fernandez', givenName: 'Zoe', dateOfBirth: '1955-06-07', email: 'other@example.org' },
  });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const match = async (person: PartialPerson) =>
  (await database.transaction((tx) => room.patients.matchCandidates(tx, person))).map(
    ({ patient, isSure, reasons, doubts }) => ({ id: patient.id, isSure, reasons, doubts }),
  );

describe('candidates for somebody who writes in', () => {
  it('are found by a name alone, and then are never sure', async () => {
    const found = await match({ name: 'zoe fernandez' });
    expect(found.map(({ id }) => id).sort()).toEqual([zoe.id, namesake.id].sort());
    expect(found.some(({ isSure }) => isSure)).toBe(false);
  });

  it('stand with the likeliest first, and say what speaks against', async () => {
    const found = await match({ name: 'Zoe Fernandez', dateOfBirth: '1980-01-02', email: 'ZOE@example.org' });
    expect(found).toEqual([
      { id: zoe.id, isSure: true, reasons: ['SAME_NAME', 'SAME_DATE_OF_BIRTH', 'SAME_EMAIL'], doubts: [] },
      { id: namesake.id, isSure: false, reasons: ['SAME_NAME'], doubts: ['OTHER_DATE_OF_BIRTH'] },
    ]);
  });

  it('are found by a telephone number with another name, and by an NHS number', async () => {
    expect(await match({ name: 'Tom Okafor', phones: ['+447700900123'] })).toEqual([
      { id: zoe.id, isSure: false, reasons: ['SAME_PHONE'], doubts: ['OTHER_NAME'] },
    ]);
    expect(await match({ nhsNumber: zoe.nhsNumber })).toMatchObject([{ id: zoe.id, isSure: false }]);
  });

  it('are none for a stranger, nor for nothing', async () => {
    expect(await match({ name: 'Michael Oyelaran', dateOfBirth: '1999-09-09' })).toEqual([]);
    expect(await match({})).toEqual([]);
  });
});

describe('a record that was merged', () => {
  it('is found by what stands on it, and answers as the one that was kept: to whoever matches and registers', async () => {
    const stub = await makePatient(room.patients, {
      ...{
        familyName: 'Okonkwo',
        givenName: 'Zita',
        dateOfBirth: '1990-03-04',
        nhsNumber: aTestNhsNumber(72),
      },
    });
    const merge = await room.merges.mergePatients(actor, {
      ...{
        keepId: zoe.id,
        keepVersion: zoe.version,
        mergeId: stub.id,
        mergeVersion: 0,
        reason: 'Married name',
      },
    });
    expect(isRefusal(merge)).toBe(false);
    expect(await match({ name: 'Zita Okonkwo', dateOfBirth: '1990-03-04' })).toMatchObject([{ id: zoe.id }]);
    const likeness = { familyName: 'Okonkwo', givenName: 'Zita', dateOfBirth: '1990-03-04' };
    const likely = await room.patients.registerPatient(actor, aRegistration(likeness));
    expect(likely).toBeInstanceOf(LikelyDuplicate);
    expect(likely).toMatchObject({ candidates: [{ patientId: zoe.id, localNumber: zoe.localNumber }] });
    const numbered = await room.patients.registerPatient(actor, aRegistration({ nhsNumber: stub.nhsNumber }));
    expect(numbered).toBeInstanceOf(NhsNumberTaken);
    expect(numbered).toMatchObject({ holder: { patientId: zoe.id } });
  });
});
