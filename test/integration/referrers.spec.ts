import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { Referrer, RegisterReferrerInput } from '../../src/clinic/referrals/referrer.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { aDecider, makeReferral, type ReferralsRoom, referralsOn } from '../support/referrals.factory.js';

const clock = new FixedClock('2026-03-02T09:00:00Z');
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let patients: PatientService;
let room: ReferralsRoom;
let made = 0;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  patients = patientServiceOn(database, clock);
  room = referralsOn(database, clock);
});
beforeEach(() => {
  made += 1;
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const gmc = () => String(1_000_000 + made);
const traces = async () => ({
  rows: await database.client.referrer.findMany({ orderBy: { id: 'asc' } }),
  audit: await database.client.auditEntry.count(),
});
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });

function anEntry(parts: Partial<RegisterReferrerInput> = {}): RegisterReferrerInput {
  return {
    ...{ kind: 'GP', title: 'Dr', name: 'Zoë Hart', registrationBody: 'GMC', registration: gmc() },
    ...{ organisation: 'Elm Surgery', odsCode: 'a81001', email: 'zoe@example.org', phone: '020 7946 0123' },
    ...{ addressLines: ['1 Elm Street ', ' '], postcode: 'SW1A 1AA' },
    ...parts,
  };
}
async function register(parts: Partial<RegisterReferrerInput> = {}): Promise<Referrer> {
  return mustBe(await room.referrers.registerReferrer(actor, anEntry(parts)));
}
function mustBe(result: object): Referrer {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Referrer;
}
async function namesFound(text: string, parts = {}): Promise<readonly string[]> {
  const page = await room.referrers.referrers({ text, ...parts }, { size: 100 });
  return page.items.map(({ name }) => name);
}

describe('registerReferrer', () => {
  it('keeps the entry as the field writes it, and writes it down', async () => {
    const before = await traces();
    const entry = await register({ registration: ` c ${gmc()} ` });
    expect(entry).toMatchObject({
      ...{ title: 'Dr', name: 'Zoë Hart', registrationBody: 'GMC', registration: gmc(), odsCode: 'A81001' },
      ...{
        phone: '+442079460123',
        addressLines: ['1 Elm Street'],
        isEntitled: false,
        isEntitledToday: false,
      },
      ...{ retiredAt: null, version: 0 },
    });
    expect(await room.referrers.referrer(entry.id)).toEqual(entry);
    expect((await traces()).audit).toBe(before.audit + 1);
    expect(await newestAudit()).toMatchObject({ action: 'referrer.registered', subjectId: entry.id });
  });

  it.each([
    ['kind', { kind: 'SELF' }],
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(62) }],
    ['name', { name: 'Hart^Zoë' }],
    ['registration', { registration: '123' }],
    ['registration', { registration: null }],
    ['registration', { registrationBody: null }],
    ['registration', { registrationBody: 'HCPC', registration: '1234567' }],
    ['registration', { registrationBody: 'NMC', registration: 'PH12345' }],
    ['odsCode', { odsCode: 'A8' }],
    ['odsCode', { odsCode: 'A81-001' }],
    ['phone', { phone: '12' }],
  ] as const)('refuses bad input, names %s (%j), and changes nothing', async (field, parts) => {
    const before = await traces();
    await expect(register(parts)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['HCPC', ' ph 123456 ', 'PH123456'],
    ['NMC', '12a3456e', '12A3456E'],
    ['OTHER', 'ab-12', 'AB-12'],
  ] as const)('keeps a number of the %s (%s) as %s', async (registrationBody, registration, kept) => {
    expect(await register({ registrationBody, registration })).toMatchObject({ registration: kept });
  });

  it('says who has a registration, also when they are retired, and also of fifty at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, () => room.referrers.registerReferrer(actor, anEntry())),
    );
    const [first] = results.filter((result): result is Referrer => !isRefusal(result));
    expect(results.filter(isRefusal)).toHaveLength(49);
    if (first === undefined) throw new Error('nobody was registered');
    for (const refusal of results.filter(isRefusal)) {
      expect(refusal).toMatchObject({
        ...{ code: 'ReferrerRegistrationTaken', referrerId: first.id, name: 'Dr Zoë Hart', isRetired: false },
      });
    }
    await room.referrers.retireReferrer(actor, { referrerId: first.id, version: 0 });
    expect(await room.referrers.registerReferrer(actor, anEntry())).toMatchObject({ isRetired: true });
  });

  it('lets two have the same number with other bodies', async () => {
    const number = { registrationBody: 'OTHER', registration: `N-${gmc()}` } as const;
    await register(number);
    expect((await register(number)).registration).toBe(`N-${gmc()}`);
  });
});

describe('correctReferrer', () => {
  it('leaves what is left out, takes away what is null, and keeps the earlier in the audit trail', async () => {
    const { id } = await register();
    const input = { referrerId: id, version: 0, name: 'Zoe Hart-Lee', phone: null };
    const corrected = mustBe(await room.referrers.correctReferrer(actor, input));
    expect(corrected).toMatchObject({
      name: 'Zoe Hart-Lee',
      phone: null,
      email: 'zoe@example.org',
      version: 1,
    });
    expect(await newestAudit()).toMatchObject({
      ...{ action: 'referrer.corrected', before: { name: 'Zoë Hart' }, after: { name: 'Zoe Hart-Lee' } },
    });
  });

  it('is refused for the registration of somebody else, and for another version', async () => {
    const first = await register();
    made += 1;
    const second = await register();
    const taken = { referrerId: second.id, version: 0, registration: first.registration };
    const before = await traces();
    expect(await room.referrers.correctReferrer(actor, taken)).toMatchObject({
      ...{ code: 'ReferrerRegistrationTaken', referrerId: first.id },
    });
    expect(await room.referrers.correctReferrer(actor, { ...taken, version: 4 })).toMatchObject({
      ...{ code: 'ReferrerChangedMeanwhile', version: 0 },
    });
    expect(await traces()).toEqual(before);
  });

  it('by many at once is done once', async () => {
    const { id } = await register();
    const input = { referrerId: id, version: 0, organisation: 'Oak Surgery' };
    const results = await Promise.all(
      Array.from({ length: 20 }, () => room.referrers.correctReferrer(actor, input)),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
  });

  it.each([randomUUID(), 'no id'])('of nobody (%s) is NOT_FOUND', async (referrerId) => {
    const attempt = room.referrers.correctReferrer(actor, { referrerId, version: 0, name: 'x' });
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('entitlement', () => {
  const entitle = (referrerId: string, parts = {}) =>
    room.referrers.setReferrerEntitlement(actor, {
      ...{ referrerId, version: 0, isEntitled: true, note: 'Bone scans; the medical director.' },
      ...parts,
    });

  it.each([
    [{}, true],
    [{ from: '2026-03-02', until: '2026-03-02' }, true],
    [{ from: '2026-03-03' }, false],
    [{ until: '2026-03-01' }, false],
    [{ isEntitled: false }, false],
  ])('%j holds today: %s', async (parts, holds) => {
    const { id } = await register();
    expect(mustBe(await entitle(id, parts)).isEntitledToday).toBe(holds);
    expect((await newestAudit()).action).toBe('referrer.entitlement-set');
  });

  it.each([
    { from: '2026-03-02', until: '2026-03-01' },
    { isEntitled: false, until: '2026-03-09' },
  ])('%j is BAD_INPUT', async (parts) => {
    const { id } = await register();
    await expect(entitle(id, parts)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('retired', () => {
  it('is named by no new referral, found only when asked for, and restored', async () => {
    const { id } = await register({ name: 'Una Grey' });
    const retired = mustBe(await room.referrers.retireReferrer(actor, { referrerId: id, version: 0 }));
    expect(retired.retiredAt?.toString()).toBe('2026-03-02T09:00:00Z');
    expect(await namesFound('una grey')).toEqual([]);
    expect(await namesFound('una grey', { isRetiredToo: true })).toEqual(['Una Grey']);
    const { id: patientId } = await makePatient(patients);
    const parts = { referrerId: id, referrerName: null };
    await expect(makeReferral(room.referrals, patientId, parts)).rejects.toMatchObject({
      message: expect.stringMatching('^referrerId: '),
    });
    const again = { referrerId: id, version: 1 };
    expect(await room.referrers.retireReferrer(actor, again)).toMatchObject({
      code: 'ReferrerStandsOtherwise',
    });
    expect(mustBe(await room.referrers.restoreReferrer(actor, again)).retiredAt).toBeNull();
    expect(await room.referrers.restoreReferrer(actor, { ...again, version: 2 })).toMatchObject({
      ...{ code: 'ReferrerStandsOtherwise', isRetired: false },
    });
  });
});

describe('looking', () => {
  it('finds by parts of names without accents, by organisation, by registration and ODS code', async () => {
    const name = `Ångström-${made}`;
    const entry = await register({ name, organisation: 'Birch 100% Clinic', odsCode: 'B99001' });
    for (const text of [
      `angstrom ${made}`,
      `birch ${made}`,
      `dr ${made}`.slice(3),
      '100%',
      gmc(),
      ` b99 001 `,
    ]) {
      expect(await namesFound(text), text).toContain(name);
    }
    expect(await namesFound('%')).not.toContain('Zoë Hart');
    expect(await namesFound(`${name} nobody`)).toEqual([]);
    expect(await namesFound(name, { kind: 'INSURER' })).toEqual([]);
    expect(entry.name).toBe(name);
  });

  it('goes through all of them, each once, by name', async () => {
    for (const name of ['Bea', 'Éa', 'Abe', 'Dan', 'Éa']) {
      made += 1;
      await register({ name, organisation: 'Paged Surgery' });
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: { items: readonly Referrer[]; nextCursor: string | null } = await room.referrers.referrers(
        { text: 'paged' },
        { size: 2, after },
      );
      seen.push(...page.items.map(({ name }) => name));
      after = page.nextCursor;
    } while (after !== null);
    expect(seen).toEqual(['Abe', 'Bea', 'Dan', 'Éa', 'Éa']);
  });
});

describe('a referral of somebody in the directory', () => {
  it('says what was known when it came, whatever becomes of the entry', async () => {
    const { id } = await register({
      registrationBody: 'NMC',
      registration: `12A${3_000 + made}E`.slice(0, 8),
    });
    const { id: patientId } = await makePatient(patients);
    const parts = { referrerId: id, referrerName: 'ignored', referrerRegistration: '1' };
    const referral = await makeReferral(room.referrals, patientId, parts);
    expect(referral).toMatchObject({
      ...{ referrerId: id, referrerName: 'Dr Zoë Hart', referrerOrganisation: 'Elm Surgery' },
      referrerRegistration: expect.stringMatching(/^12A/),
    });
    await room.referrers.correctReferrer(actor, { referrerId: id, version: 0, name: 'Zoe Lee' });
    expect((await room.referrals.referral(actor, referral.id)).referrerName).toBe('Dr Zoë Hart');
    expect((await room.referrers.byIds([id])).get(id)?.name).toBe('Zoe Lee');
  });

  it('is answered to the address that is known now', async () => {
    const { id } = await register();
    const { id: patientId } = await makePatient(patients);
    const { id: referralId } = await makeReferral(room.referrals, patientId, { referrerId: id });
    await room.decisions
      .declineReferral(aDecider(), { referralId, reasonCode: 'ADVICE_SUFFICES' })
      .catch(() => null);
    await room.decisions.declineReferral(aDecider(), { referralId, reasonCode: 'WRONG_PROVIDER' });
    await room.referrers.correctReferrer(actor, { referrerId: id, version: 0, email: 'new@example.org' });
    const told = await database.client.referralTelling.findFirstOrThrow({
      where: { audience: 'REFERRER', event: { referralId } },
    });
    expect(told.method).toBe('EMAIL');
    expect(await room.letters.matter(database.client, told.id, 1)).toMatchObject({
      ...{ to: 'REFERRER', referrer: { referrerId: id, email: 'new@example.org' } },
    });
  });

  it('that there is not is NOT_FOUND', async () => {
    const { id: patientId } = await makePatient(patients);
    await expect(makeReferral(room.referrals, patientId, { referrerId: randomUUID() })).rejects.toMatchObject(
      {
        code: 'NOT_FOUND',
      },
    );
  });
});
