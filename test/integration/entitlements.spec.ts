import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DutyService } from '../../src/clinic/entitlements/duty.service.js';
import { DutyLetterService } from '../../src/clinic/entitlements/duty-letter.service.js';
import { DutyReviewService } from '../../src/clinic/entitlements/duty-review.service.js';
import { EntitlementService } from '../../src/clinic/entitlements/entitlement.service.js';
import { EntitlementsModule } from '../../src/clinic/entitlements/entitlements.module.js';
import { LicenceService } from '../../src/clinic/entitlements/licence.service.js';
import type { Licence } from '../../src/clinic/entitlements/licence.type.js';
import { LicenceLetterService } from '../../src/clinic/entitlements/licence-letter.service.js';
import { LicencePolicyService } from '../../src/clinic/entitlements/licence-policy.service.js';
import { LicenceRenewalService } from '../../src/clinic/entitlements/licence-renewal.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  anEmployerLicence,
  anEntitlement,
  aPractitionerLicence,
  makeStaff,
  mustBe,
  workDue,
} from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';

// Licences and entitlements: dated rows that are only ever added to, judged on the day of the act.

const NOW = '2026-11-23T09:00:00Z';
const clock = new FixedClock(NOW);
const manager = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: RecordsRoom;
let licences: LicenceService;
let duties: DutyService;
let standing: EntitlementService;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  await makeKinds();
  room = await recordsOn(database, clock, [EntitlementsModule]);
  licences = room.get(LicenceService);
  duties = room.get(DutyService);
  standing = room.get(EntitlementService);
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

/** Sites and kinds of visits of this file's own, so that what one test records is nobody else's. */
let kinds = 0;
async function makeKinds(): Promise<void> {
  for (const code of ['BONE_SPECT_CT', 'BONE_SPECT_CT_EARLY']) await makeKind(code);
}
async function makeKind(code: string): Promise<string> {
  await database.client.visitType.createMany({
    data: [
      {
        ...{ code, name: code, modality: 'IN_PERSON', needsReferral: true, isPublic: false, holdMinutes: 10 },
        ...{ movesMax: 3, lateChangeHours: 48 },
      },
    ],
    skipDuplicates: true,
  });
  return code;
}
async function makeSite(): Promise<string> {
  kinds += 1;
  const code = `SITE${kinds}`;
  await database.client.site.create({ data: { code, name: code, addressLines: [] } });
  return code;
}
const day = (text: string) => Temporal.PlainDate.from(text);
const record = async (parts: Partial<Parameters<typeof anEmployerLicence>[0]> = {}): Promise<Licence> =>
  mustBe(await licences.recordEmployerLicence(manager, anEmployerLicence(parts)));
const held = (siteCode: string, on: string, procedureCode = 'BONE_SPECT_CT') =>
  database.transaction((tx) => standing.employerLicence(tx, siteCode, procedureCode, day(on)));
const traces = async () => ({
  licences: await database.client.licence.count(),
  endings: await database.client.licenceEnding.count(),
  renewals: await database.client.licenceRenewal.count(),
  entitlements: await database.client.entitlement.count(),
  entitlementEndings: await database.client.entitlementEnding.count(),
  outbox: await database.client.outboxMessage.count(),
  audit: await database.client.auditEntry.count(),
  changes: await database.client.worklistChange.count(),
});
const newestAct = () => database.client.auditEntry.findFirstOrThrow({ orderBy: { id: 'desc' } });
const changesOf = (subjectId: string) =>
  database.client.worklistChange.findMany({ where: { subjectId }, select: { kind: true, subjectId: true } });

describe('recordEmployerLicence', () => {
  it('writes the row, its audit, the watch over its renewal, and tells the worklist', async () => {
    const siteCode = await makeSite();
    const licence = await record({
      siteCode,
      number: ' ER/7 ',
      procedureCodes: ['BONE_SPECT_CT_EARLY', 'BONE_SPECT_CT', 'BONE_SPECT_CT'],
    });
    expect(licence).toMatchObject({
      ...{ kind: 'EMPLOYER', number: 'ER/7', siteCodes: [siteCode], staffId: null, holderName: null },
      ...{
        procedureCodes: ['BONE_SPECT_CT', 'BONE_SPECT_CT_EARLY'],
        validFrom: '2022-04-01',
        validUntil: '2027-03-31',
      },
      ...{ holdsToday: true, renewalState: 'NOT_YET', remindFrom: '2026-12-23', applyBy: '2027-02-03' },
      ...{ recordedById: manager.id, endedOn: null, renewalAppliedOn: null, remindersCount: 0 },
    });
    expect(await newestAct()).toMatchObject({
      action: 'licence.recorded',
      actorId: manager.id,
      subjectId: licence.id,
    });
    expect(await changesOf(licence.id)).toEqual([{ kind: 'licences', subjectId: licence.id }]);
    expect(await database.client.outboxMessage.findMany({ where: { subjectId: licence.id } })).toMatchObject([
      { topic: 'licence.watched' },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['days that run backwards', { validFrom: '2026-01-02', validUntil: '2026-01-01' }, /validUntil/],
    ['a procedure that there is not', { procedureCodes: ['NOTHING'] }, /procedureCodes.*NOTHING/],
    ['a site that there is not', { siteCode: 'NOWHERE' }, /siteCodes.*NOWHERE/],
  ])('refuses %s and leaves nothing', async (_, parts, problem) => {
    const before = await traces();
    await expect(licences.recordEmployerLicence(manager, anEmployerLicence(parts))).rejects.toThrow(problem);
    expect(await traces()).toEqual(before);
  });

  it('is recorded once, whoever is quickest', async () => {
    const input = anEmployerLicence({ siteCode: await makeSite() });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => licences.recordEmployerLicence(aStaffActor(), input)),
    );
    const codes = answers.flatMap((answer) => (isRefusal(answer) ? answer.code : []));
    expect(codes).toEqual(Array(19).fill('LicenceAlreadyRecorded'));
    expect(await database.client.licence.count({ where: { number: input.number } })).toBe(1);
  });
});

describe('on the day of the administration', () => {
  it('a licence that expired the day before is none, in words', async () => {
    const siteCode = await makeSite();
    const { id, number } = await record({ siteCode, validUntil: '2026-12-02' });
    expect(await held(siteCode, '2026-12-02')).toMatchObject({ held: true, licenceId: id, number });
    const late = await held(siteCode, '2026-12-03');
    expect(late).toMatchObject({ held: false, licenceId: id });
    expect(late.reason).toContain('expired after Wednesday 2 December 2026');
    expect(late.reason).toContain('record the licence, or move the visit');
    expect((await held(siteCode, '2026-12-02', 'BONE_SPECT_CT_EARLY')).held).toBe(false);
    expect((await held(await makeSite(), '2026-12-02')).held).toBe(false);
  });

  it('many questions are one statement', async () => {
    const siteCode = await makeSite();
    const staffId = await makeStaff(database);
    await record({ siteCode });
    mustBe(await licences.recordPractitionerLicence(manager, aPractitionerLicence(staffId)));
    const wants = Array.from({ length: 200 }, (_, number) => ({
      key: String(number),
      kind: number % 2 === 0 ? ('EMPLOYER' as const) : ('PRACTITIONER' as const),
      ...{ staffId, siteCode, procedureCode: 'BONE_SPECT_CT' },
      on: day('2027-03-01').add({ days: number }),
    }));
    const answers = await database.transaction(async (tx) => {
      const statements: string[] = [];
      const counted = new Proxy(tx, {
        get: (target, name) => {
          if (String(name).startsWith('$query')) statements.push(String(name));
          return Reflect.get(target, name) as unknown;
        },
      });
      const found = await standing.licenceStandings(counted, wants);
      expect(statements).toHaveLength(1);
      return found;
    });
    const holding = wants.filter(({ key }) => answers.get(key)?.held === true).map(({ on }) => on.toString());
    expect(holding).toHaveLength(31);
    expect(holding.at(-1)).toBe('2027-03-31');
    expect(await database.transaction((tx) => standing.licenceStandings(tx, []))).toEqual(new Map());
  });

  it('a practitioner’s counts for that person and those sites only', async () => {
    const [mine, other] = [await makeStaff(database), await makeStaff(database)];
    const [here, there] = [await makeSite(), await makeSite()];
    mustBe(
      await licences.recordPractitionerLicence(manager, aPractitionerLicence(mine, { siteCodes: [here] })),
    );
    const ask = (staffId: string | null, siteCode: string) =>
      database.transaction((tx) =>
        standing.practitionerLicence(tx, staffId, siteCode, 'BONE_SPECT_CT', day('2026-11-23')),
      );
    expect((await ask(mine, here)).held).toBe(true);
    expect([
      (await ask(mine, there)).held,
      (await ask(other, here)).held,
      (await ask(null, here)).held,
    ]).toEqual([...[false, false, false]]);
  });
});

describe('recordPractitionerLicence', () => {
  it('needs an account that is open', async () => {
    const before = await traces();
    const closed = await makeStaff(database, 'Gone', 'CLINICIAN', new Date(NOW));
    await expect(
      licences.recordPractitionerLicence(manager, aPractitionerLicence(randomUUID())),
    ).rejects.toThrow();
    await expect(licences.recordPractitionerLicence(manager, aPractitionerLicence(closed))).rejects.toThrow(
      /closed/,
    );
    expect(await traces()).toEqual(before);
  });
});

describe('endLicence', () => {
  it('ends it from that day on, once, and tells the worklist', async () => {
    const siteCode = await makeSite();
    const { id } = await record({ siteCode });
    const ended = mustBe(
      await licences.endLicence(manager, { licenceId: id, on: '2026-12-01', reason: ' Given up ' }),
    );
    expect(ended).toMatchObject({
      endedOn: '2026-12-01',
      endReason: 'Given up',
      endedById: manager.id,
      renewalState: 'ENDED',
    });
    expect([(await held(siteCode, '2026-11-30')).held, (await held(siteCode, '2026-12-01')).held]).toEqual([
      true,
      false,
    ]);
    expect((await newestAct()).action).toBe('licence.ended');
    expect((await changesOf(id)).length).toBe(2);
    const before = await traces();
    expect(
      await licences.endLicence(manager, { licenceId: id, on: '2026-12-01', reason: 'Again' }),
    ).toMatchObject({
      code: 'LicenceAlreadyEnded',
    });
    expect(await traces()).toEqual(before);
  });

  it.each(['2022-03-31', '2027-04-01'])('is refused on %s, when it does not hold anyway', async (on) => {
    const { id } = await record({ siteCode: await makeSite() });
    const before = await traces();
    const answer = await licences.endLicence(manager, { licenceId: id, on, reason: 'x' });
    expect(answer).toMatchObject({
      code: 'LicenceNotInTerm',
      validFrom: '2022-04-01',
      validUntil: '2027-03-31',
    });
    expect(await traces()).toEqual(before);
  });

  it('is won by one of fifty', async () => {
    const { id } = await record({ siteCode: await makeSite() });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        licences.endLicence(aStaffActor(), { licenceId: id, on: '2026-12-01', reason: 'x' }),
      ),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  });

  it('is not found when there is none', async () => {
    const input = { licenceId: randomUUID(), on: '2026-12-01', reason: 'x' };
    await expect(licences.endLicence(manager, input)).rejects.toThrow(/licence/);
  });
});

describe('rows', () => {
  it('that say that the clinic was reminded of an entitlement stay, too', async () => {
    const staffId = await makeStaff(database);
    const { entitlements } = mustBe(await duties.entitleStaff(manager, anEntitlement(staffId)));
    const entitlementId = entitlements[0]?.id ?? '';
    await database.client.entitlementReminder.create({
      data: { entitlementId, number: 1, remindedAt: new Date(NOW) },
    });
    await expect(
      database.client.$executeRawUnsafe('DELETE FROM entitlement_reminders WHERE number = 1'),
    ).rejects.toThrow(/only ever added to/);
    const none = { entitlementId, number: 0, remindedAt: new Date(NOW) };
    await expect(database.client.entitlementReminder.create({ data: none })).rejects.toThrow(
      /entitlement_reminders_counted/,
    );
  });

  it.each(['licences', 'licence_endings', 'licence_policies', 'entitlements'])(
    'of %s are neither edited nor deleted',
    async (table) => {
      const staffId = await makeStaff(database);
      const { id } = await record({ siteCode: await makeSite() });
      await licences.endLicence(manager, { licenceId: id, on: '2026-12-01', reason: 'x' });
      await duties.entitleStaff(manager, anEntitlement(staffId));
      const { client } = database;
      const column =
        {
          licences: 'number',
          licence_endings: 'reason',
          licence_policies: 'source',
          entitlements: 'evidence',
        }[table] ?? '';
      await expect(client.$executeRawUnsafe(`UPDATE ${table} SET ${column} = 'x'`)).rejects.toThrow(
        /only ever added to/,
      );
      await expect(client.$executeRawUnsafe(`DELETE FROM ${table}`)).rejects.toThrow(/only ever added to/);
      await expect(client.$executeRawUnsafe(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(
        /only ever added to/,
      );
    },
  );

  it('that make no sense are refused by the database, too', async () => {
    const { client } = database;
    const insert = (kind: string, sites: string, staff: string | null, until = '2027-01-01') =>
      client.$executeRawUnsafe(
        `INSERT INTO licences (id, kind, number, site_codes, staff_id, procedure_codes, valid_from, valid_until, source, recorded_at, recorded_by_id)
         VALUES (gen_random_uuid(), '${kind}', 'X', '${sites}', ${staff === null ? 'NULL' : `'${staff}'`}, '{BONE_SPECT_CT}', '2026-01-01', '${until}', 'x', now(), gen_random_uuid())`,
      );
    await expect(insert('EMPLOYER', '{}', null)).rejects.toThrow(/licences_of_their_kind/);
    await expect(insert('EMPLOYER', '{A,B}', null)).rejects.toThrow(/licences_of_their_kind/);
    await expect(insert('PRACTITIONER', '{}', null)).rejects.toThrow(/licences_of_their_kind/);
    await expect(insert('EMPLOYER', '{A}', null, '2025-12-31')).rejects.toThrow(/licences_in_order/);
    const { id } = await record({ siteCode: await makeSite() });
    await expect(
      client.$executeRaw`INSERT INTO licence_endings VALUES (${id}::uuid, '2030-01-01', 'x', now(), gen_random_uuid())`,
    ).rejects.toThrow(/does not hold/);
  });
});

describe('the renewal', () => {
  const tellings = (subjectId: string) =>
    database.client.outboxMessage.findMany({
      where: { topic: 'licence.renewal-due', subjectId },
      orderBy: { id: 'asc' },
    });
  const work = () => workDue(database, clock, room.get(OutboxHandlers));
  const matter = (id: string, number: number) =>
    room.get(LicenceLetterService).renewalMatter(database.client, id, number);

  it('is reminded of at 14 weeks and again, until it is applied for, and on the last day', async () => {
    const { id, number } = await record({ siteCode: await makeSite() });
    await work();
    expect(await tellings(id)).toEqual([]);
    clock.set('2026-12-22T23:59:00Z');
    await work();
    expect(await tellings(id)).toEqual([]);
    clock.set('2026-12-23T00:00:00Z');
    await work();
    await work();
    expect(await tellings(id)).toMatchObject([{ version: 1 }]);
    expect(await matter(id, 1)).toMatchObject({ licenceId: id, number });
    expect((await licences.licencesToRenew()).map((licence) => licence.id)).toContain(id);
    clock.set('2027-01-06T00:00:00Z');
    await work();
    expect(await tellings(id)).toMatchObject([{ version: 1 }, { version: 2 }]);
    expect(await matter(id, 1)).toBeNull();
    expect(await matter(id, 2)).toMatchObject({ licenceId: id });
    const applied = await licences.recordLicenceRenewal(manager, {
      ...{ licenceId: id, appliedOn: '2027-01-06', reference: 'A-1' },
    });
    expect(applied).toMatchObject({
      renewalState: 'APPLIED',
      renewalAppliedOn: '2027-01-06',
      renewalReference: 'A-1',
      remindersCount: 2,
    });
    expect(await matter(id, 2)).toBeNull();
    clock.set('2027-03-30T12:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(2);
    // The last day begins at midnight of the summer time.
    clock.set('2027-03-30T23:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(3);
    expect(await matter(id, 3)).toMatchObject({ licenceId: id });
    clock.set('2027-04-01T12:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(3);
    expect(await matter(id, 3)).toBeNull();
    expect(await held('MAIN', '2027-04-01')).toMatchObject({ held: false });
    expect((await newestAct()).action).toBe('licence.renewal-reminded');
  });

  it('is over when a licence that goes on from there is recorded', async () => {
    const siteCode = await makeSite();
    const { id } = await record({ siteCode });
    clock.set('2027-01-10T09:00:00Z');
    await record({ siteCode, validFrom: '2027-04-01', validUntil: '2032-03-31' });
    await work();
    expect(await tellings(id)).toEqual([]);
    expect((await licences.licencesToRenew()).map((licence) => licence.id)).not.toContain(id);
    expect(await held(siteCode, '2027-04-01')).toMatchObject({ held: true });
  });

  it('is reminded of once, however many look at once, and by a worker who was killed and looks again', async () => {
    const { id } = await record({ siteCode: await makeSite() });
    clock.set('2026-12-23T00:00:00Z');
    const renewals = room.get(LicenceRenewalService);
    const looks = await Promise.all(Array.from({ length: 20 }, () => renewals.look(id)));
    expect(new Set(looks.map(String))).toEqual(new Set(['2027-01-06T00:00:00Z']));
    expect(await tellings(id)).toHaveLength(1);
    expect(await database.client.licenceReminder.count({ where: { licenceId: id } })).toBe(1);
  });

  it('is due after all when the licence that was to go on from there is ended', async () => {
    const siteCode = await makeSite();
    const { id } = await record({ siteCode });
    const next = await record({ siteCode, validFrom: '2027-04-01', validUntil: '2032-03-31' });
    clock.set('2027-01-10T09:00:00Z');
    await work();
    expect(await tellings(id)).toEqual([]);
    mustBe(await licences.endLicence(manager, { licenceId: next.id, on: '2027-04-01', reason: 'Revoked.' }));
    await work();
    expect(await tellings(id)).toMatchObject([{ version: 1 }]);
    expect(await held(siteCode, '2027-04-01')).toMatchObject({ held: false });
  });

  it('is applied for once, of a licence that is not ended, and not in the future', async () => {
    const { id } = await record({ siteCode: await makeSite() });
    const apply = (appliedOn = '2026-11-23') =>
      licences.recordLicenceRenewal(manager, { licenceId: id, appliedOn, reference: 'A' });
    await expect(apply('2026-11-24')).rejects.toThrow(/appliedOn/);
    mustBe(await apply());
    expect(await apply()).toMatchObject({ code: 'LicenceRenewalAlreadyRecorded' });
    await licences.endLicence(manager, { licenceId: id, on: '2026-12-01', reason: 'x' });
    expect(await apply()).toMatchObject({ code: 'LicenceAlreadyEnded' });
  });

  it('follows the weeks of the day: rows that are added, never edited', async () => {
    const policies = room.get(LicencePolicyService);
    // By the rows of before it would be looked at on 24 January 2028.
    const early = await record({ siteCode: await makeSite(), validUntil: '2028-05-01' });
    await work();
    const set = (parts: object = {}) =>
      policies.setLicencePolicy(manager, {
        ...{
          applyWeeks: 10,
          remindWeeks: 20,
          remindAgainDays: 7,
          effectiveFrom: '2028-01-01',
          source: 'Decision',
        },
        ...parts,
      });
    expect(await set({ effectiveFrom: '2026-11-22' })).toMatchObject({ code: 'LicencePolicyInThePast' });
    await expect(set({ remindWeeks: 9 })).rejects.toThrow(/remindWeeks/);
    expect(mustBe(await set())).toMatchObject({ applyWeeks: 10, setById: manager.id });
    expect(await set()).toMatchObject({ code: 'LicencePolicyAlreadySet' });
    expect(await policies.licencePolicies()).toMatchObject([
      { applyWeeks: 8, remindWeeks: 14, setById: null },
      { applyWeeks: 10 },
    ]);
    const { id } = await record({ siteCode: await makeSite(), validUntil: '2029-01-01' });
    clock.set('2028-01-01T09:00:00Z');
    const [licence] = (await licences.licences('EMPLOYER', { on: '2028-01-01' })).filter(
      (each) => each.id === id,
    );
    expect(licence).toMatchObject({ applyBy: '2028-10-23', remindFrom: '2028-08-14' });
    expect(await tellings(early.id)).toEqual([]);
    await work();
    expect(await tellings(early.id)).toMatchObject([{ version: 1 }]);
  });
});

describe('licences', () => {
  it('are listed by site, person and day, past ones only when asked', async () => {
    const [siteCode, staffId] = [await makeSite(), await makeStaff(database, 'Dr Ada')];
    const now = await record({ siteCode });
    const past = await record({ siteCode, validFrom: '2017-04-01', validUntil: '2022-03-31' });
    const own = mustBe(await licences.recordPractitionerLicence(manager, aPractitionerLicence(staffId)));
    const ids = async (kind: 'EMPLOYER' | 'PRACTITIONER', filter: object) =>
      (await licences.licences(kind, filter)).map(({ id }) => id);
    expect(await ids('EMPLOYER', { siteCode })).toEqual([now.id]);
    expect(await ids('EMPLOYER', { siteCode, includePast: true })).toEqual([past.id, now.id]);
    expect(await ids('EMPLOYER', { siteCode, on: '2022-03-31' })).toEqual([past.id]);
    expect(await ids('EMPLOYER', { siteCode, on: '2022-04-01' })).toEqual([now.id]);
    expect(await ids('PRACTITIONER', { staffId })).toEqual([own.id]);
    expect(await ids('PRACTITIONER', { staffId, siteCode })).toEqual([own.id]);
    expect((await licences.licences('PRACTITIONER', { staffId }))[0]).toMatchObject({ holderName: 'Dr Ada' });
  });
});

describe('entitlements', () => {
  const ask = (
    staffId: string,
    act: 'ADMINISTER_TRACER' | 'JUSTIFY' | 'IDENTIFY_PATIENT',
    on = '2026-11-23',
  ) => database.transaction((tx) => standing.entitlement(tx, staffId, act, 'BONE_SPECT_CT', day(on)));

  it('are given per act: one person may hold several, and each is asked for', async () => {
    const staffId = await makeStaff(database, 'Maya Lindqvist', 'IMAGING');
    const { entitlements } = mustBe(
      await duties.entitleStaff(
        manager,
        anEntitlement(staffId, { acts: ['ADMINISTER_TRACER', 'IDENTIFY_PATIENT'] }),
      ),
    );
    expect(entitlements).toMatchObject([
      {
        act: 'ADMINISTER_TRACER',
        staffName: 'Maya Lindqvist',
        entitledById: manager.id,
        holdsToday: true,
        isReviewOverdue: false,
      },
      { act: 'IDENTIFY_PATIENT' },
    ]);
    expect((await ask(staffId, 'ADMINISTER_TRACER')).entitled).toBe(true);
    expect((await ask(staffId, 'IDENTIFY_PATIENT')).entitled).toBe(true);
    const refused = await ask(staffId, 'JUSTIFY');
    expect(refused).toMatchObject({ entitled: false, entitlementId: null });
    expect(refused.reason).toContain('not entitled to justify exposures');
    expect((await newestAct()).action).toBe('entitlement.given');
    expect(await changesOf(entitlements[0]?.id ?? '')).toEqual([
      { kind: 'licences', subjectId: entitlements[0]?.id },
    ]);
  });

  it('are given all or none, and once', async () => {
    const staffId = await makeStaff(database);
    mustBe(await duties.entitleStaff(manager, anEntitlement(staffId)));
    const before = await traces();
    const again = anEntitlement(staffId, { acts: ['JUSTIFY', 'ADMINISTER_TRACER'] });
    expect(await duties.entitleStaff(manager, again)).toMatchObject({ code: 'EntitlementAlreadyRecorded' });
    expect(await traces()).toEqual(before);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        duties.entitleStaff(manager, anEntitlement(staffId, { acts: ['EVALUATE_IMAGES'] })),
      ),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  });

  it('end on a day, once', async () => {
    const staffId = await makeStaff(database);
    const { entitlements } = mustBe(await duties.entitleStaff(manager, anEntitlement(staffId)));
    const entitlementId = entitlements[0]?.id ?? '';
    const end = (on: string) => duties.endEntitlement(manager, { entitlementId, on, reason: ' Left ' });
    expect(await end('2025-12-31')).toMatchObject({
      code: 'EntitlementNotInTerm',
      validFrom: '2026-01-01',
      validUntil: null,
    });
    expect(mustBe(await end('2026-12-01'))).toMatchObject({
      endedOn: '2026-12-01',
      endReason: 'Left',
      holdsToday: true,
    });
    expect(await end('2026-12-01')).toMatchObject({ code: 'EntitlementAlreadyEnded' });
    const answers = [
      await ask(staffId, 'ADMINISTER_TRACER', '2026-11-30'),
      await ask(staffId, 'ADMINISTER_TRACER', '2026-12-01'),
    ];
    expect(answers.map(({ entitled }) => entitled)).toEqual([true, false]);
    expect((await newestAct()).action).toBe('entitlement.ended');
    await expect(
      duties.endEntitlement(manager, { entitlementId: randomUUID(), on: '2026-12-01', reason: 'x' }),
    ).rejects.toThrow();
  });

  it('are listed by person, act and day, and by reviews that are overdue', async () => {
    const staffId = await makeStaff(database);
    mustBe(await duties.entitleStaff(manager, anEntitlement(staffId, { reviewOn: '2026-06-01' })));
    mustBe(
      await duties.entitleStaff(
        manager,
        anEntitlement(staffId, { acts: ['JUSTIFY'], validUntil: '2026-06-30' }),
      ),
    );
    const acts = async (filter: object) =>
      (await duties.entitlements({ staffId, ...filter })).map(({ act }) => act);
    expect(await acts({})).toEqual(['JUSTIFY', 'ADMINISTER_TRACER']);
    expect(await acts({ act: 'JUSTIFY' })).toEqual(['JUSTIFY']);
    expect(await acts({ on: '2026-07-01' })).toEqual(['ADMINISTER_TRACER']);
    expect(await acts({ reviewOverdue: true })).toEqual(['ADMINISTER_TRACER']);
  });

  it.each<[object, RegExp]>([
    [{ validUntil: '2025-12-31' }, /validUntil/],
    [{ reviewOn: '2025-12-31' }, /reviewOn/],
    [{ procedureCodes: ['NOTHING'] }, /procedureCodes/],
  ])('%#: that make no sense are refused', async (parts, problem) => {
    const staffId = await makeStaff(database);
    await expect(duties.entitleStaff(manager, anEntitlement(staffId, parts))).rejects.toThrow(problem);
  });
});

describe('the review of an entitlement', () => {
  const tellings = async (subjectId: string) =>
    database.client.outboxMessage.findMany({
      where: { topic: 'entitlement.to-review', subjectId },
      orderBy: { id: 'asc' },
    });
  const work = () => workDue(database, clock, room.get(OutboxHandlers));
  const matter = (id: string, number: number) =>
    room.get(DutyLetterService).reviewMatter(database.client, id, number);
  async function entitled(
    staffId: string,
    parts: Parameters<typeof anEntitlement>[1] = {},
  ): Promise<string[]> {
    const { entitlements } = mustBe(await duties.entitleStaff(manager, anEntitlement(staffId, parts)));
    return entitlements.map(({ id }) => id);
  }

  it('is told of before its day, on it and after it, until the person is entitled anew', async () => {
    const staffId = await makeStaff(database);
    const [id = ''] = await entitled(staffId, { reviewOn: '2027-03-31' });
    clock.set('2027-03-16T23:59:00Z');
    await work();
    expect(await tellings(id)).toEqual([]);
    clock.set('2027-03-17T00:00:00Z');
    await work();
    await work();
    expect(await tellings(id)).toMatchObject([{ version: 1 }]);
    expect(await newestAct()).toMatchObject({ action: 'entitlement.review-reminded', subjectId: id });
    expect(await matter(id, 1)).toEqual({ entitlementId: id, dueOn: day('2027-03-31') });
    // Its day begins at midnight of the summer time.
    clock.set('2027-03-30T22:59:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(1);
    clock.set('2027-03-30T23:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(2);
    expect([await matter(id, 1), await matter(id, 3)]).toEqual([null, null]);
    await entitled(staffId, { validFrom: '2027-04-01', reviewOn: '2028-03-31' });
    expect(await matter(id, 2)).toBeNull();
    clock.set('2027-04-20T09:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(2);
  });

  it('of one that has a last day ends with it', async () => {
    const [id = ''] = await entitled(await makeStaff(database), {
      ...{ validUntil: '2026-12-31', reviewOn: '2027-06-01' },
    });
    for (const now of ['2026-12-17T09:00:00Z', '2026-12-31T09:00:00Z', '2027-01-14T09:00:00Z']) {
      clock.set(now);
      await work();
    }
    expect(await tellings(id)).toHaveLength(2);
    expect(await matter(id, 2)).toBeNull();
  });

  it('is said once for all acts of a person that fall on one day; by the next, when the first is ended', async () => {
    const [first = '', second = ''] = await entitled(await makeStaff(database), {
      ...{ acts: ['ADMINISTER_TRACER', 'IDENTIFY_PATIENT'], reviewOn: '2027-03-31' },
    });
    clock.set('2027-03-17T09:00:00Z');
    await work();
    expect([(await tellings(first)).length, (await tellings(second)).length]).toEqual([1, 0]);
    mustBe(await duties.endEntitlement(manager, { entitlementId: first, on: '2027-03-17', reason: 'Left' }));
    await work();
    expect([(await tellings(first)).length, (await tellings(second)).length]).toEqual([1, 1]);
    expect(await matter(first, 1)).toBeNull();
    expect(await matter(second, 1)).not.toBeNull();
  });

  it('is due after all when what was to go on from there is ended', async () => {
    const staffId = await makeStaff(database);
    const [id = ''] = await entitled(staffId, { reviewOn: '2026-12-01' });
    const [next = ''] = await entitled(staffId, { validFrom: '2026-12-02', reviewOn: '2027-12-01' });
    await work();
    expect(await tellings(id)).toEqual([]);
    mustBe(await duties.endEntitlement(manager, { entitlementId: next, on: '2026-12-02', reason: 'Error' }));
    await work();
    expect(await tellings(id)).toHaveLength(1);
  });

  it('is told of once, however many look at once', async () => {
    const [id = ''] = await entitled(await makeStaff(database), { reviewOn: '2026-12-01' });
    const reviews = room.get(DutyReviewService);
    const looks = await Promise.all(Array.from({ length: 20 }, () => reviews.look(id)));
    expect(new Set(looks.map(String))).toEqual(new Set(['2026-12-01T00:00:00Z']));
    expect(await tellings(id)).toHaveLength(1);
    expect(await reviews.look(randomUUID())).toBeNull();
  });

  it('comes sooner where the clinic wants it so, from the day of that row on', async () => {
    const policies = room.get(LicencePolicyService);
    const [id = ''] = await entitled(await makeStaff(database), { reviewOn: '2030-06-30' });
    await work();
    const weeks = { applyWeeks: 8, remindWeeks: 14, source: 'Decision' };
    const row = { ...weeks, remindAgainDays: 60, effectiveFrom: '2030-05-10' };
    mustBe(await policies.setLicencePolicy(manager, row));
    clock.set('2030-05-09T22:59:00Z');
    await work();
    expect(await tellings(id)).toEqual([]);
    clock.set('2030-05-09T23:00:00Z');
    await work();
    expect(await tellings(id)).toHaveLength(1);
  });
});
