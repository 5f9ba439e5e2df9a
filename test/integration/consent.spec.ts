import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsentService } from '../../src/clinic/consent/consent.service.js';
import type { ConsentWordingService } from '../../src/clinic/consent/consent-wording.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { aConsent, aWording, consentServiceOn, consentWordingServiceOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

const IMAGING = 'IMAGING_TRACER_AND_XRAYS';
const NOW = '2026-03-02T09:00:00Z';
const at = (text: string) => Temporal.Instant.from(text);
const clock = new FixedClock(NOW);
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let consent: ConsentService;
let wordings: ConsentWordingService;
let patient: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  consent = consentServiceOn(database, clock);
  wordings = consentWordingServiceOn(database, clock);
  await wordings.publishWording(actor, aWording());
  await wordings.publishWording(
    actor,
    aWording({ version: '0', effectiveFrom: at('2010-01-01T00:00:00Z'), text: 'Old.' }),
  );
  await wordings.publishWording(
    actor,
    aWording({ version: '2', effectiveFrom: at('2026-06-01T00:00:00Z'), text: 'New.' }),
  );
  await wordings.publishWording(actor, aWording({ locale: 'cy-GB', text: 'Testun Cymraeg.' }));
});
beforeEach(async () => {
  clock.set(NOW);
  patient = await makePatient(patientServiceOn(database, clock));
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

async function counts() {
  const { client } = database;
  return {
    records: await client.consentRecord.count(),
    wordings: await client.consentWording.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
const standing = (when?: string) =>
  consent.consentInForce(actor, patient.id, IMAGING, when === undefined ? undefined : at(when));
const withdrawal = (parts: object = {}) => ({
  ...({ patientId: patient.id, purpose: IMAGING, givenBy: 'PATIENT', method: 'TELEPHONE' } as const),
  ...parts,
});

describe('recordConsent', () => {
  it('keeps who, when, how and the fingerprint of the wording, and writes it down', async () => {
    const before = await counts();
    const sha256 = createHash('sha256').update(aWording().text).digest('hex');
    const result = await consent.recordConsent(
      actor,
      aConsent(patient.id, {
        wordingSha256: sha256,
        givenBy: 'ATTORNEY',
        giverName: ' A. Torney ',
        giverEvidence: ' Lasting power of attorney, seen ',
        method: 'PAPER_FORM',
        decidedAt: at('2026-03-01T10:00:00Z'),
        comment: ' Form 1 ',
      }),
    );
    expect(result).toMatchObject({
      patientId: patient.id,
      decision: 'GIVEN',
      wordingVersion: '1',
      locale: 'en-GB',
      wordingSha256: sha256,
      givenBy: 'ATTORNEY',
      giverName: 'A. Torney',
      giverEvidence: 'Lasting power of attorney, seen',
      method: 'PAPER_FORM',
      kind: 'CLINICAL',
      stage: null,
      told: null,
      comment: 'Form 1',
      recordedById: actor.id,
    });
    expect(await counts()).toEqual({ ...before, records: before.records + 1, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({
      action: 'consent.recorded',
      patientIds: [patient.id],
      before: { state: 'NEVER_ASKED' },
      after: { decision: 'GIVEN', wordingSha256: sha256, decidedAt: '2026-03-01T10:00:00Z', recordedAt: NOW },
    });
    expect(await standing()).toMatchObject({
      inForce: true,
      state: 'IN_FORCE',
      reason: 'In force since Sunday 1 March 2026 at 10:00.',
    });
  });

  it.each([
    ['of an unknown version', { wordingVersion: '9' }, { code: 'WordingNotInForce', versionInForce: '1' }],
    ['of a replaced version', { wordingVersion: '0' }, { code: 'WordingNotInForce', versionInForce: '1' }],
    ['of a future version', { wordingVersion: '2' }, { code: 'WordingNotInForce', versionInForce: '1' }],
    ['in a language we have not', { locale: 'fr-FR' }, { code: 'WordingNotInForce', versionInForce: null }],
    ['that reads otherwise', { wordingSha256: '0'.repeat(64) }, { code: 'WordingDiffers' }],
  ])('refuses a wording %s and leaves everything as it was', async (_, parts, refusal) => {
    const before = await counts();
    expect(await consent.recordConsent(actor, aConsent(patient.id, parts))).toMatchObject(refusal);
    expect(await counts()).toEqual(before);
  });

  it('takes the wording that was in force when the person decided', async () => {
    const old = aConsent(patient.id, { wordingVersion: '0', decidedAt: at('2015-01-01T00:00:00Z') });
    expect(await consent.recordConsent(actor, old)).toMatchObject({ wordingVersion: '0' });
  });

  it.each([
    ['decidedAt', { decidedAt: at('2026-03-02T09:00:01Z') }],
    ['decidedAt', { decidedAt: at('1900-01-01T00:00:00Z') }],
    ['giverName', { givenBy: 'PARENT' }],
    ['giverName', { giverName: 'Somebody' }],
  ] as const)('refuses bad input, names %s, and leaves everything as it was', async (field, parts) => {
    const before = await counts();
    await expect(consent.recordConsent(actor, aConsent(patient.id, parts))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await counts()).toEqual(before);
  });

  it.each([randomUUID(), 'no id'])('of nobody (%s) is NOT_FOUND', async (id) => {
    const before = await counts();
    await expect(consent.recordConsent(actor, aConsent(id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(consent.consentInForce(actor, id, IMAGING)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(consent.consentRecords(actor, id, { size: 5 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await counts()).toEqual(before);
  });

  it('refuses a decline that would end a consent in force, but takes one from before it', async () => {
    await consent.recordConsent(actor, aConsent(patient.id, { decidedAt: at('2026-03-01T10:00:00Z') }));
    const before = await counts();
    const decline = aConsent(patient.id, { decision: 'DECLINED' });
    expect(await consent.recordConsent(actor, decline)).toMatchObject({ code: 'ConsentStillInForce' });
    expect(await counts()).toEqual(before);
    const earlier = { ...decline, decidedAt: at('2026-02-01T10:00:00Z') };
    expect(await consent.recordConsent(actor, earlier)).toMatchObject({ decision: 'DECLINED' });
    expect(await standing()).toMatchObject({ inForce: true });
    expect(await standing('2026-02-15T00:00:00Z')).toMatchObject({
      state: 'DECLINED',
      reason: 'Declined on Sunday 1 February 2026 at 10:00.',
    });
  });
});

describe('withdrawConsent', () => {
  it('adds a record, ends the consent and writes it down', async () => {
    await consent.recordConsent(actor, aConsent(patient.id));
    clock.advance({ hours: 1 });
    const before = await counts();
    const result = await consent.withdrawConsent(actor, withdrawal());
    expect(result).toMatchObject({ decision: 'WITHDRAWN', wordingVersion: '1', method: 'TELEPHONE' });
    expect(await counts()).toEqual({
      ...before,
      records: before.records + 1,
      audit: before.audit + 1,
    });
    expect(await newestAudit()).toMatchObject({ action: 'consent.withdrawn', before: { state: 'IN_FORCE' } });
    expect(await standing()).toMatchObject({
      inForce: false,
      state: 'WITHDRAWN',
      reason: 'Withdrawn on Monday 2 March 2026 at 10:00.',
    });
    expect(await standing('2026-03-02T09:30:00Z')).toMatchObject({ inForce: true });
  });

  it('works in the very moment of the consent, too', async () => {
    await consent.recordConsent(actor, aConsent(patient.id));
    await consent.withdrawConsent(actor, withdrawal());
    expect(await standing()).toMatchObject({ state: 'WITHDRAWN' });
  });

  it('is refused when nothing is in force, with where the patient stands, and nothing is posted', async () => {
    const before = await counts();
    expect(await consent.withdrawConsent(actor, withdrawal())).toMatchObject({
      code: 'NothingToWithdraw',
      state: 'NEVER_ASKED',
      message: 'There is nothing to withdraw. Never asked.',
    });
    expect(await counts()).toEqual(before);
    await consent.recordConsent(actor, aConsent(patient.id, { decision: 'DECLINED' }));
    expect(await consent.withdrawConsent(actor, withdrawal())).toMatchObject({ state: 'DECLINED' });
    const privacy = { purpose: 'PRIVACY_NOTICE' };
    expect(await consent.withdrawConsent(actor, withdrawal(privacy))).toMatchObject({ state: 'NEVER_ASKED' });
  });

  it('cannot be dated before the consent it withdraws, in the future, or before birth', async () => {
    await consent.recordConsent(actor, aConsent(patient.id));
    const before = await counts();
    for (const decidedAt of ['2026-03-02T08:59:59Z', '2026-03-02T09:00:01Z', '1900-01-01T00:00:00Z']) {
      const attempt = consent.withdrawConsent(actor, withdrawal({ decidedAt: at(decidedAt) }));
      await expect(attempt).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect(await counts()).toEqual(before);
  });

  it('asked for ten times at once happens once', async () => {
    await consent.recordConsent(actor, aConsent(patient.id));
    const before = await counts();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => consent.withdrawConsent(aStaffActor(), withdrawal())),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(await counts()).toEqual({
      ...before,
      records: before.records + 1,
      audit: before.audit + 1,
    });
  });

  it('waits for a booking that holds the patient, which therefore still sees the consent', async () => {
    await consent.recordConsent(actor, aConsent(patient.id));
    clock.advance({ minutes: 1 });
    const desk = new Database(home.url);
    const patients = patientServiceOn(desk, clock);
    let withdrawn: Promise<unknown> = Promise.resolve();
    const seen = await desk.transaction(async (tx) => {
      await patients.lockPatient(tx, patient.id);
      withdrawn = new Promise((resolve) => setImmediate(resolve)).then(() =>
        consent.withdrawConsent(actor, withdrawal()),
      );
      await tx.$queryRaw`SELECT pg_sleep(0.2)::text`;
      return consent.inForce(tx, patient.id, IMAGING, clock.now());
    });
    expect(seen).toMatchObject({ inForce: true });
    await withdrawn;
    expect(await standing()).toMatchObject({ state: 'WITHDRAWN' });
    await desk.close();
  });
});

describe('the timeline', () => {
  it('shows every decision once, the latest first, page by page, and each look is written down', async () => {
    for (const day of [1, 2, 3]) {
      const decidedAt = at(`2026-02-0${day}T10:00:00Z`);
      await consent.recordConsent(actor, aConsent(patient.id, { decidedAt }));
    }
    const first = await consent.consentRecords(actor, patient.id, { size: 2 });
    const second = await consent.consentRecords(actor, patient.id, { size: 2, after: first.nextCursor });
    const days = [...first.items, ...second.items].map(({ decidedAt }) => decidedAt.toString().slice(0, 10));
    expect(days).toEqual(['2026-02-03', '2026-02-02', '2026-02-01']);
    expect(second.nextCursor).toBeNull();
    expect(await newestAudit()).toMatchObject({ action: 'consent.viewed', patientIds: [patient.id] });
    const rubbish = consent.consentRecords(actor, patient.id, { size: 2, after: 'WyJ4Il0' });
    await expect(rubbish).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('can neither be edited nor shortened', async () => {
    const record = await consent.recordConsent(actor, aConsent(patient.id));
    if (isRefusal(record)) throw new Error(record.message);
    const { client } = database;
    const refused = { message: expect.stringContaining('only ever added to') };
    const changes = [
      client.$executeRaw`UPDATE consent_records SET comment = 'changed' WHERE id = ${record.id}::uuid`,
      client.$executeRaw`DELETE FROM consent_records WHERE id = ${record.id}::uuid`,
      client.$executeRaw`TRUNCATE consent_records`,
      client.$executeRaw`UPDATE consent_wordings SET version = '1b'`,
      client.$executeRaw`DELETE FROM consent_wordings`,
    ];
    for (const change of changes) await expect(change).rejects.toMatchObject(refused);
  });
});

describe('wordings', () => {
  it('say which is in force in each language', async () => {
    const all = await wordings.consentWordings(IMAGING);
    expect(all.filter(({ inForce }) => inForce).map(({ version, locale }) => `${version} ${locale}`)).toEqual(
      ['1 cy-GB', '1 en-GB'],
    );
    expect(await wordings.consentWordings('PRIVACY_NOTICE')).toEqual([]);
    clock.set('2026-06-01T00:00:00Z');
    const later = await wordings.consentWordings(IMAGING);
    expect(later.find(({ locale, inForce }) => inForce && locale === 'en-GB')?.version).toBe('2');
  });

  it('are published once; another text under the same version is refused', async () => {
    const before = await counts();
    await wordings.publishWording(actor, aWording());
    const other = wordings.publishWording(actor, aWording({ text: 'Something else.' }));
    await expect(other).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await counts()).toEqual(before);
  });
});

describe('for later rooms', () => {
  it('patientsInForce names those who consented, in one statement', async () => {
    const patients = patientServiceOn(database, clock);
    const other = await makePatient(patients);
    const declined = await makePatient(patients);
    await consent.recordConsent(actor, aConsent(patient.id));
    await consent.recordConsent(actor, aConsent(declined.id, { decision: 'DECLINED' }));
    const ids = [patient.id, other.id, declined.id];
    const holds = await consent.patientsInForce(database.client, ids, IMAGING, clock.now());
    expect([...holds]).toEqual([patient.id]);
    const earlier = clock.now().subtract({ minutes: 1 });
    expect((await consent.patientsInForce(database.client, ids, IMAGING, earlier)).size).toBe(0);
  });
});
