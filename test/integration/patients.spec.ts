import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LikelyDuplicate, NhsNumberTaken } from '../../src/clinic/patients/patient.refusals.js';
import type { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aRegistration,
  aStaffActor,
  aTestNhsNumber,
  makePatient,
  patientServiceOn,
} from '../support/patients.factory.js';

const PAGE = { size: 25 };
const NOW = '2026-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let patients: PatientService;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  patients = patientServiceOn(database, clock);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** Everything a verb of this room may leave behind. */
async function counts() {
  const { client } = database;
  return {
    patients: await client.patient.count(),
    phones: await client.patientPhone.count(),
    distinctions: await client.patientDistinction.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}

async function newestAudit() {
  return database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
}

const namesOf = async (search: string): Promise<string[]> =>
  (await patients.patients(actor, search, PAGE)).items.map(({ familyName }) => familyName);

describe('registerPatient', () => {
  it('answers with the patient, keeps them, and writes down who did it', async () => {
    const before = await counts();
    const result = await patients.registerPatient(actor, {
      ...aRegistration(),
      familyName: ' Brown-Ó Briain ',
      givenName: 'Zoe\u0308',
      middleNames: 'Ann',
      namePrefix: 'Dr',
      dateOfBirth: '1980-01-02',
      sexForClinicalUse: 'FEMALE',
      statedGender: 'NOT_KNOWN',
      postcode: 'sw1a1aa',
      email: 'Zoe@EXAMPLE.org',
      phones: [
        { kind: 'MOBILE', number: '07700 900123' },
        { kind: 'WORK', number: '+33 6 12 34 56 78' },
      ],
      nhsNumber: '999 000 0018',
      contactPreference: 'SMS',
    });
    expect(result).toMatchObject({
      localNumber: expect.stringMatching(/^F\d{7}$/),
      familyName: 'Brown-Ó Briain',
      givenName: 'Zoë',
      dateOfBirth: '1980-01-02',
      sexForClinicalUse: 'FEMALE',
      statedGender: 'NOT_KNOWN',
      postcode: 'SW1A 1AA',
      email: 'Zoe@example.org',
      phones: [
        { kind: 'MOBILE', e164: '+447700900123', asEntered: '07700 900123' },
        { kind: 'WORK', e164: '+33612345678', asEntered: '+33 6 12 34 56 78' },
      ],
      nhsNumber: '9990000018',
      nhsNumberDisplay: '999 000 0018',
    });
    const patient = result as Patient;
    expect(patient.registeredAt.toString()).toBe(NOW);
    const after = await counts();
    expect(after).toEqual({
      ...before,
      patients: before.patients + 1,
      phones: before.phones + 2,
      audit: before.audit + 1,
    });
    expect(await newestAudit()).toMatchObject({
      action: 'patient.registered',
      actorId: actor.id,
      subjectId: patient.id,
      patientIds: [patient.id],
      source: '192.0.2.7',
      after: { familyName: 'Brown-Ó Briain', nhsNumber: '9990000018', confirmedDifferentFrom: [] },
    });
  });

  it('gives local numbers that rise', async () => {
    const one = await makePatient(patients);
    const two = await makePatient(patients);
    expect(Number(two.localNumber.slice(1))).toBeGreaterThan(Number(one.localNumber.slice(1)));
  });

  it.each([
    ['familyName', { familyName: '   ' }],
    ['familyName', { familyName: 'x'.repeat(70) }],
    ['givenName', { givenName: 'A^B' }],
    ['dateOfBirth', { dateOfBirth: '2026-03-03' }],
    ['dateOfBirth', { dateOfBirth: '1899-12-31' }],
    ['nhsNumber', { nhsNumber: '0000000000' }],
    ['phones.0.number', { phones: [{ kind: 'HOME', number: 'none' }] }],
    ['contactPreference', { contactPreference: 'SMS' }],
  ] as const)('refuses bad input, names %s, and leaves everything as it was: %j', async (field, parts) => {
    const before = await counts();
    const attempt = patients.registerPatient(actor, aRegistration(parts as object));
    await expect(attempt).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await counts()).toEqual(before);
  });

  it('takes "today" from the wall calendar of the clinic', async () => {
    clock.set('2026-06-30T23:30:00Z');
    await expect(makePatient(patients, { dateOfBirth: '2026-07-01' })).resolves.toBeDefined();
    await expect(makePatient(patients, { dateOfBirth: '2026-07-02' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });
});

describe('a person who is registered already', () => {
  it('is refused by NHS number, whatever is confirmed, and only the look is written down', async () => {
    const nhsNumber = aTestNhsNumber(50);
    const holder = await makePatient(patients, { nhsNumber });
    const before = await counts();
    const result = await patients.registerPatient(
      actor,
      aRegistration({ nhsNumber, confirmedDifferentFrom: [holder.id] }),
    );
    expect(result).toBeInstanceOf(NhsNumberTaken);
    expect(result).toMatchObject({
      code: 'NhsNumberTaken',
      holder: { patientId: holder.id, localNumber: holder.localNumber },
    });
    expect(await counts()).toEqual({ ...before, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({ action: 'patients.compared', patientIds: [holder.id] });
  });

  const known = {
    familyName: 'Achterberg',
    givenName: 'Wilhelmina',
    dateOfBirth: '1961-03-04',
    email: 'Mina@example.org',
    phones: [{ kind: 'MOBILE' as const, number: '07700 900555' }],
  };

  it.each([
    [
      { dateOfBirth: '1961-03-04', familyName: 'ACHTERBÉRG', givenName: 'Willy' },
      'SAME_DATE_OF_BIRTH_SIMILAR_NAME',
    ],
    [
      { dateOfBirth: '1961-04-03', familyName: 'Achterberg', givenName: 'Wilhelmina' },
      'DAY_AND_MONTH_SWAPPED',
    ],
    [
      {
        familyName: 'Achterberg',
        givenName: 'Wilhelmina',
        phones: [{ kind: 'HOME', number: '+44 7700 900555' }],
      },
      'SAME_NAME_SAME_PHONE',
    ],
    [{ familyName: 'Achterberg', givenName: 'W', email: 'mina@EXAMPLE.org' }, 'SAME_NAME_SAME_EMAIL'],
  ] as const)('is refused with the candidate and why: %j', async (parts, reason) => {
    const first = await patients.registerPatient(actor, aRegistration(known));
    if (first instanceof NhsNumberTaken) throw new Error('no NHS number was given');
    const held = first instanceof LikelyDuplicate ? first.candidates[0]?.patientId : first.id;
    const before = await counts();
    const result = await patients.registerPatient(actor, aRegistration(parts as object));
    expect(result).toBeInstanceOf(LikelyDuplicate);
    expect(result).toMatchObject({
      candidates: [
        { patientId: held, familyName: 'Achterberg', dateOfBirth: '1961-03-04', reasons: [reason] },
      ],
    });
    expect(await counts()).toEqual({ ...before, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({ action: 'patients.compared', patientIds: [held] });
  });

  it('goes through when every candidate is confirmed as somebody else, and it is kept who said so', async () => {
    const born = { dateOfBirth: '1972-08-09' };
    const one = await makePatient(patients, { ...born, familyName: 'Castellanos', givenName: 'Ramona' });
    const twin = aRegistration({ ...born, familyName: 'Castellanos', givenName: 'Ulrika' });
    const two = await makePatient(patients, { ...twin, confirmedDifferentFrom: [one.id] });

    const third = aRegistration({ ...born, familyName: 'Castellanos', givenName: 'Petronella' });
    const half = await patients.registerPatient(actor, {
      ...third,
      confirmedDifferentFrom: [one.id, randomUUID()],
    });
    expect(half).toMatchObject({ code: 'LikelyDuplicate', candidates: [{ patientId: two.id }] });

    const before = await counts();
    const result = await patients.registerPatient(actor, {
      ...third,
      confirmedDifferentFrom: [two.id, one.id.toUpperCase()],
    });
    if (isRefusal(result)) throw new Error(result.message);
    expect(await counts()).toMatchObject({
      patients: before.patients + 1,
      distinctions: before.distinctions + 2,
    });
    const kept = await database.client.patientDistinction.findMany({ where: { patientId: result.id } });
    expect(kept.map(({ otherPatientId }) => otherPatientId).sort()).toEqual([one.id, two.id].sort());
    expect(kept.every(({ confirmedById }) => confirmedById === actor.id)).toBe(true);
    expect((await newestAudit()).patientIds.slice().sort()).toEqual([result.id, one.id, two.id].sort());
  });

  it.each([
    ['with the same NHS number', aTestNhsNumber(90)],
    ['without an NHS number', undefined],
  ])('is registered once when twenty register at once, %s', async (_, nhsNumber) => {
    const person = aRegistration({ nhsNumber });
    const before = await counts();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => patients.registerPatient(aStaffActor(), { ...person })),
    );
    const made = results.filter((result) => !isRefusal(result));
    const refused = results.filter(nhsNumber === undefined ? isLikely : isTaken);
    expect([made.length, refused.length]).toEqual([1, 19]);
    const after = await counts();
    expect(after).toEqual({ ...before, patients: before.patients + 1, audit: before.audit + 20 });
  });

  const isLikely = (result: unknown) => result instanceof LikelyDuplicate;
  const isTaken = (result: unknown) => result instanceof NhsNumberTaken;
});

describe('patient', () => {
  it('is answered, and the look is written down', async () => {
    const { id } = await makePatient(patients);
    expect(await patients.patient(actor, id)).toMatchObject({ id });
    expect(await newestAudit()).toMatchObject({
      action: 'patient.viewed',
      subjectId: id,
      patientIds: [id],
      after: null,
    });
  });

  it.each([randomUUID(), 'not-an-id', ''])(
    'that does not exist (%s) is NOT_FOUND, in one sentence for all',
    async (id) => {
      const before = await counts();
      await expect(patients.patient(actor, id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'There is no such patient, or you may not see it.',
      });
      expect(await counts()).toEqual(before);
    },
  );
});

describe('patients', () => {
  let nkosi: Patient;

  beforeAll(async () => {
    nkosi = await makePatient(patients, {
      familyName: "N'Kosi-Müller",
      givenName: 'Žofia Renée',
      dateOfBirth: '1959-11-12',
      nhsNumber: aTestNhsNumber(7),
      phones: [{ kind: 'HOME', number: '020 7946 0777' }],
    });
    await makePatient(patients, { familyName: 'Li', givenName: 'Xu', dateOfBirth: '1990-05-05' });
  });

  it.each([
    'nkosi',
    "N'KOSI",
    'N’Kosi',
    'muller',
    'MÜLLER',
    'mu\u0308ller',
    'kosi',
    'renee zofia',
    'Muller, Zofia',
    "n'kosi-müller",
    'nkosi muller',
    '1959-11-12',
    '12/11/1959',
    '12.11.1959',
    '020 7946 0777',
    '+44 20 7946 0777',
    '(020)79460777',
  ])('finds somebody by %s', async (search) => expect(await namesOf(search)).toEqual(["N'Kosi-Müller"]));

  it('finds by local number and by NHS number, with or without spaces', async () => {
    expect(await namesOf(nkosi.localNumber)).toEqual(["N'Kosi-Müller"]);
    expect(await namesOf(nkosi.localNumber.toLowerCase().replace('f0', 'f'))).toEqual(["N'Kosi-Müller"]);
    expect(await namesOf(nkosi.nhsNumber ?? '')).toEqual(["N'Kosi-Müller"]);
    expect(await namesOf(nkosi.nhsNumberDisplay ?? '')).toEqual(["N'Kosi-Müller"]);
  });

  it('finds a name of two letters where a name begins', async () => {
    expect(await namesOf('li')).toContain('Li');
    expect(await namesOf('xu')).toEqual(['Li']);
    expect(await namesOf('ko')).not.toContain("N'Kosi-Müller");
  });

  it.each(['nobody such', 'nkosi li', '1959-11-13', 'F9999999', '07700 900999', 'nk_si', '100% nothing'])(
    'finds nobody by %s, and says so with an empty page',
    async (search) =>
      expect(await patients.patients(actor, search, PAGE)).toEqual({ items: [], nextCursor: null }),
  );

  it.each(['', 'a', ' ', '%%', '31/02/1980', '0770', 'x\u0000y'])(
    'refuses %j with a sentence',
    async (search) => {
      const before = await counts();
      await expect(patients.patients(actor, search, PAGE)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(/^search: /),
      });
      expect(await counts()).toEqual(before);
    },
  );

  it('writes down everybody shown, and nobody else', async () => {
    await patients.patients(actor, 'nkosi', PAGE);
    expect(await newestAudit()).toMatchObject({
      action: 'patients.searched',
      patientIds: [nkosi.id],
      after: { kind: 'NAME', search: 'nkosi' },
    });
  });

  it('shows every match once, page by page, in the order of names', async () => {
    const given = ['Édith', 'edmund', 'Carl', 'Álvaro', 'bob', 'Zed', 'Yves'];
    for (const [index, givenName] of given.entries()) {
      const dateOfBirth = `19${50 + index * 3}-01-15`;
      await makePatient(patients, {
        familyName: index % 2 === 0 ? 'Quillfeather' : 'quillfeathér',
        givenName,
        dateOfBirth,
      });
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: { items: readonly Patient[]; nextCursor: string | null } = await patients.patients(
        actor,
        'quillfeather',
        { size: 3, after },
      );
      seen.push(...page.items.map(({ givenName }) => givenName));
      after = page.nextCursor;
    } while (after !== null);
    expect(seen).toEqual(['Álvaro', 'bob', 'Carl', 'Édith', 'edmund', 'Yves', 'Zed']);
  });

  it.each(['rubbish', Buffer.from('["x"]').toString('base64url')])('refuses the cursor %s', async (after) => {
    await expect(patients.patients(actor, 'nkosi', { size: 3, after })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });
});

describe('for later rooms', () => {
  it('byIds gives those that exist, viewedByIds also writes the look down', async () => {
    const one = await makePatient(patients);
    const two = await makePatient(patients);
    const found = await patients.byIds(database.client, [one.id, two.id, one.id, randomUUID(), 'no id']);
    expect([...found.keys()].sort()).toEqual([one.id, two.id].sort());
    await patients.viewedByIds(actor, [two.id]);
    expect(await newestAudit()).toMatchObject({ action: 'patients.viewed', patientIds: [two.id] });
  });

  it('lockPatient puts two transactions about one patient in line', async () => {
    const { id } = await makePatient(patients);
    const order: string[] = [];
    await database
      .transaction(async (first) => {
        await patients.lockPatient(first, id);
        // An own Database: a transaction inside a transaction of the same one would be refused.
        const other = new Database(home.url);
        const waiting = other
          .transaction((second) => patients.lockPatient(second, id))
          .then(() => order.push('second'))
          .finally(() => other.close());
        await first.$queryRaw`SELECT pg_sleep(0.2)::text`;
        order.push('first ends');
        return { waiting };
      })
      .then(({ waiting }) => waiting);
    expect(order).toEqual(['first ends', 'second']);
  });

  it('lockPatient of nobody is NOT_FOUND', async () => {
    for (const id of [randomUUID(), 'no id']) {
      const attempt = database.transaction((tx) => patients.lockPatient(tx, id));
      await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});
