import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditChainService } from '../../src/clinic/audit/audit-chain.service.js';
import { DestructionService } from '../../src/clinic/records/destruction.service.js';
import { DestructionRecordService } from '../../src/clinic/records/destruction-record.service.js';
import { DestructionRunService } from '../../src/clinic/records/destruction-run.service.js';
import { LegalHoldService } from '../../src/clinic/records/legal-hold.service.js';
import { OwnPartService } from '../../src/clinic/records/own-part.service.js';
import { PatientDeathService } from '../../src/clinic/records/patient-death.service.js';
import { RetentionRuleService } from '../../src/clinic/records/retention-rule.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makePatientOf, type RecordsRoom, recordsOn } from '../support/records.factory.js';

const NOW = '2034-04-03T09:00:00Z';
/** Eight years before, to the day. */
const LONG_AGO = '2026-04-03T09:00:00Z';
const PAGE = { size: 100 };

const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: RecordsRoom;
let runs: DestructionRunService;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = await recordsOn(database, clock);
  runs = room.get(DestructionRunService);
});
beforeEach(async () => {
  clock.set(NOW);
  // Whoever is left of an earlier test is not due here.
  await database.client.patient.updateMany({
    where: { destroyedAt: null },
    data: { registeredAt: new Date(NOW) },
  });
  await database.client.$executeRawUnsafe('TRUNCATE outbox_messages');
});
afterAll(async () => {
  await room.module.close();
  await database.close();
  await home.drop();
});

const due = (parts = {}) => makePatientOf(database, clock, LONG_AGO, parts);
const row = (id: string) =>
  database.client.patient.findUniqueOrThrow({ where: { id }, include: { phones: true } });
const audits = (action: string) => database.client.auditEntry.count({ where: { action } });
const ofItem = async (runId: string, subjectId: string) => {
  const { items } = await room.get(DestructionRecordService).destructionItems(room.starter, runId, PAGE);
  return items.find((item) => item.subjectId === subjectId);
};
const approve = async (runId: string) => {
  const run = await runs.approveDestruction(room.approver, runId);
  if (isRefusal(run)) throw new Error(run.message);
  return run;
};

describe('a dry run', () => {
  it('lists who is due and why, holds back who is held, and changes nothing', async () => {
    const [gone, young, held] = [
      await due(),
      await makePatientOf(database, clock, '2026-04-04T09:00:00Z'),
      await due(),
    ];
    const hold = await room.get(LegalHoldService).placeLegalHold(room.starter, {
      ...{ subjectType: 'patient', subjectId: held.id, reason: 'An inquest.' },
    });
    const before = await row(gone.id);
    const run = await room.listed();
    expect(run).toMatchObject({
      status: 'LISTED',
      asOf: '2034-04-03',
      isFull: false,
      allowedActions: ['EXCLUDE', 'APPROVE', 'ABANDON'],
    });
    expect(run.counts).toEqual([
      { status: 'HELD', count: 1 },
      { status: 'LISTED', count: 1 },
    ]);
    expect(await ofItem(run.id, gone.id)).toMatchObject({
      ...{ recordClass: 'CLINICAL_RECORD', subjectType: 'patient', patientId: gone.id, status: 'LISTED' },
      ...{ trigger: 'LAST_CONTACT', triggerOn: '2026-04-03', dueOn: '2034-04-03', code: null },
    });
    expect(await ofItem(run.id, held.id)).toMatchObject({
      ...{ status: 'HELD', code: 'LEGAL_HOLD', holdId: isRefusal(hold) ? null : hold.id },
    });
    expect(await ofItem(run.id, young.id)).toBeUndefined();
    expect(await row(gone.id)).toEqual(before);
    expect(await audits('destruction-run.listed')).toBeGreaterThan(0);
  });

  it('is not of a coming day, and never of stubs', async () => {
    await expect(
      runs.retentionDryRun(room.starter, { classes: ['CLINICAL_RECORD'], asOf: '2034-04-04' }),
    ).rejects.toThrow(/asOf/);
    await expect(runs.retentionDryRun(room.starter, { classes: ['AUDIT_STUB'] })).rejects.toThrow(
      /AUDIT_STUB/,
    );
  });

  it('begins where it stopped', async () => {
    const patients = [await due(), await due()];
    const run = await runs.retentionDryRun(room.starter, { classes: ['CLINICAL_RECORD'] });
    await database.client.destructionRun.update({
      where: { id: run.id },
      data: { cursorType: 'patient', cursorId: patients[0]?.id ?? null },
    });
    await room.work();
    expect(await ofItem(run.id, patients[0]?.id ?? '')).toBeUndefined();
    expect(await ofItem(run.id, patients[1]?.id ?? '')).toMatchObject({ status: 'LISTED' });
  });
});

describe('approval', () => {
  it('needs a second person, and leaves everything as it was without one', async () => {
    const patient = await due();
    const run = await room.listed();
    const before = await audits('destruction-run.approved');
    expect(await runs.approveDestruction(room.starter, run.id)).toMatchObject({ code: 'SecondPersonNeeded' });
    expect(await audits('destruction-run.approved')).toBe(before);
    await room.work();
    expect((await row(patient.id)).destroyedAt).toBeNull();
    const asRun = { id: run.id };
    const own = {
      status: 'APPROVED',
      approvedAt: new Date(NOW),
      approvedUntil: new Date('2034-05-01'),
      approvedById: room.starter.id,
    } as const;
    await expect(database.client.destructionRun.update({ where: asRun, data: own })).rejects.toThrow(
      /second_person/,
    );
  });

  it('is of a fresh list, and of one with something on it', async () => {
    const patient = await due();
    const run = await room.listed();
    clock.advance({ hours: 24 * 30, seconds: 1 });
    expect(await runs.approveDestruction(room.approver, run.id)).toMatchObject({
      code: 'DestructionListTooOld',
    });
    clock.set(NOW);
    const item = await ofItem(run.id, patient.id);
    await runs.excludeFromDestruction(room.approver, {
      runId: run.id,
      itemIds: [item?.id ?? ''],
      reason: 'A claim.',
    });
    expect(await ofItem(run.id, patient.id)).toMatchObject({
      status: 'EXCLUDED',
      comment: 'A claim.',
      settledById: room.approver.id,
    });
    expect(await runs.approveDestruction(room.approver, run.id)).toMatchObject({ code: 'NothingToDestroy' });
  });

  it('lapses: what was not destroyed in time stays, and is said', async () => {
    const patient = await due();
    const run = await room.listed();
    await approve(run.id);
    clock.advance({ hours: 24 * 14, seconds: 1 });
    await room.work();
    expect(await ofItem(run.id, patient.id)).toMatchObject({ status: 'SKIPPED', code: 'APPROVAL_LAPSED' });
    expect((await room.get(DestructionRecordService).destructionRun(run.id)).status).toBe('LAPSED');
    expect((await row(patient.id)).destroyedAt).toBeNull();
  });
});

describe('destruction', () => {
  it('leaves a stub without content, an audit row, and a chain that holds', async () => {
    const patient = await due({ phones: [{ kind: 'MOBILE', number: '07700 900123' }] });
    const run = await room.destroyAll();
    expect(run).toMatchObject({
      status: 'COMPLETED',
      counts: expect.arrayContaining([{ status: 'DESTROYED', count: 1 }]),
    });
    expect(await row(patient.id)).toMatchObject({
      ...{
        localNumber: patient.localNumber,
        familyName: 'Destroyed',
        givenName: 'Record',
        email: null,
        postcode: null,
      },
      ...{ addressLines: [], phones: [], destroyedAt: new Date(NOW), dateOfBirth: new Date('1900-01-01') },
    });
    const { items: stubs } = await room
      .get(DestructionRecordService)
      .destructionStubs(room.starter, { patientId: patient.id }, PAGE);
    expect(stubs).toMatchObject([
      {
        ...{
          subjectType: 'patient',
          subjectId: patient.id,
          recordClass: 'CLINICAL_RECORD',
          dueOn: '2034-04-03',
        },
        ...{ runId: run.id, startedById: room.starter.id, approvedById: room.approver.id },
      },
    ]);
    expect(stubs[0]?.parts).toContain(patient.localNumber);
    for (const word of [patient.familyName, patient.givenName, '900123', 'Example Street']) {
      expect(JSON.stringify(stubs)).not.toContain(word);
      const [found] = await database.client.$queryRaw<{ count: bigint }[]>`
        SELECT count(*) FROM audit_entries
         WHERE ${patient.id}::uuid = ANY (patient_ids)
           AND (before::text LIKE ${`%${word}%`} OR after::text LIKE ${`%${word}%`})`;
      expect(found?.count).toBe(0n);
    }
    expect(await audits('record.destroyed')).toBeGreaterThan(0);
    const verdict = await room.get(AuditChainService).verify();
    expect(verdict).toMatchObject({ broken: null, entryWithoutLink: null });
  });

  it('leaves entries that nobody can change unseen', async () => {
    const patient = await due();
    await room.destroyAll();
    const changed = (column: string, value: string) =>
      database.transaction(async (tx) => {
        // As the tables' owner may, and nobody else.
        await tx.$executeRawUnsafe('ALTER TABLE audit_entries DISABLE TRIGGER USER');
        await tx.$executeRawUnsafe(
          `UPDATE audit_entries SET ${column} = ${value} WHERE action = 'patient.registered' AND subject_id = '${patient.id}'`,
        );
        await tx.$executeRawUnsafe('ALTER TABLE audit_entries ENABLE TRIGGER USER');
      });
    const verify = () => room.get(AuditChainService).verify();
    const { source } = await database.client.auditEntry.findFirstOrThrow({
      where: { action: 'patient.registered', subjectId: patient.id },
    });
    await changed('source', `'203.0.113.9'`);
    expect((await verify()).broken).toMatchObject({ reason: 'ENTRY_CHANGED' });
    await changed('source', `'${source}'`);
    expect((await verify()).broken).toBeNull();
    await changed('after', `'{"familyName": "Forged"}'`);
    expect((await verify()).broken).toMatchObject({ reason: 'ENTRY_CHANGED' });
    await changed('after', 'NULL');
    expect((await verify()).broken).toBeNull();
  });

  it('and a hold at the same moment: one of them comes first, and the other sees it', async () => {
    const patients = [await due(), await due(), await due(), await due()];
    const run = await room.listed();
    await approve(run.id);
    const place = (subjectId: string) =>
      room
        .get(LegalHoldService)
        .placeLegalHold(room.starter, { subjectType: 'patient', subjectId, reason: 'A claim.' });
    const [, ...placed] = await Promise.all([room.work(), ...patients.map(({ id }) => place(id))]);
    const rows = await Promise.all(patients.map(({ id }) => row(id)));
    const isHeld = placed.map((hold) => !isRefusal(hold));
    expect(rows.map(({ destroyedAt }) => destroyedAt === null)).toEqual(isHeld);
    expect(
      placed
        .flatMap((hold) => (isRefusal(hold) ? [hold.code] : []))
        .every((code) => code === 'RecordDestroyed'),
    ).toBe(true);
  });

  it('judges afresh: a hold, a longer rule, a death taken back that came since the list count', async () => {
    const [held, dead] = [
      await due(),
      await makePatientOf(database, clock, '2030-01-01T09:00:00Z', { dateOfBirth: '2020-01-01' }),
    ];
    await database.client.patient.update({
      where: { id: dead.id },
      data: { registeredAt: new Date('2025-01-01T09:00:00Z') },
    });
    const deaths = room.get(PatientDeathService);
    await deaths.recordPatientDeath(room.starter, {
      patientId: dead.id,
      diedOn: '2026-01-01',
      source: 'A letter.',
    });
    const run = await room.listed();
    expect(await ofItem(run.id, dead.id)).toMatchObject({ status: 'LISTED', trigger: 'DEATH' });
    await approve(run.id);
    await room
      .get(LegalHoldService)
      .placeLegalHold(room.starter, { subjectType: 'patient', subjectId: held.id, reason: 'A claim.' });
    await deaths.retractPatientDeath(room.starter, { patientId: dead.id, reason: 'Somebody else.' });
    await room.work();
    expect(await ofItem(run.id, held.id)).toMatchObject({ status: 'SKIPPED', code: 'LEGAL_HOLD' });
    expect(await ofItem(run.id, dead.id)).toMatchObject({ status: 'SKIPPED', code: 'NOT_DUE' });
    expect((await row(held.id)).familyName).toBe(held.familyName);
    expect((await row(dead.id)).destroyedAt).toBeNull();
    expect(await audits('record.kept')).toBeGreaterThanOrEqual(2);
  });

  it('killed in the middle, leaves each record whole or gone, and goes on', async () => {
    const patients = [await due(), await due(), await due()];
    const run = await room.listed();
    await approve(run.id);
    const own = room.get(OwnPartService);
    const destroy = own.destroy.bind(own);
    let turns = 0;
    // Dies inside of the second record, when a part of it is gone already.
    own.destroy = async (tx, actor, patientId) => {
      const parts = await destroy(tx, actor, patientId);
      turns += 1;
      if (turns === 2) throw new Error('killed');
      return parts;
    };
    await expect(room.work()).rejects.toThrow('killed');
    own.destroy = destroy;
    const rows = await Promise.all(patients.map(({ id }) => row(id)));
    expect(rows.map(({ destroyedAt }) => destroyedAt === null)).toEqual([false, true, false]);
    expect(rows[1]).toMatchObject({ familyName: patients[1]?.familyName });
    await room.work();
    expect((await row(patients[1]?.id ?? '')).destroyedAt).not.toBeNull();
    expect((await room.get(DestructionRecordService).destructionRun(run.id)).status).toBe('COMPLETED');
    await room.get(DestructionService).goOn(run.id);
    expect(await database.client.destructionStub.count({ where: { runId: run.id } })).toBe(3);
  });

  it('stops when it is given up', async () => {
    const patient = await due();
    const run = await room.listed();
    await approve(run.id);
    expect(
      await runs.abandonDestruction(room.starter, { runId: run.id, reason: 'A mistake.' }),
    ).toMatchObject({ status: 'ABANDONED' });
    await room.work();
    expect(await ofItem(run.id, patient.id)).toMatchObject({ status: 'SKIPPED', code: 'RUN_ABANDONED' });
    expect((await row(patient.id)).destroyedAt).toBeNull();
    expect(await runs.abandonDestruction(room.starter, { runId: run.id, reason: 'Again.' })).toMatchObject({
      ...{ code: 'DestructionRunStandsOtherwise', status: 'ABANDONED', allowedActions: [] },
    });
  });
});

describe('the database', () => {
  const raw = (statement: string) =>
    database.transaction(async (tx) => {
      await tx.$executeRawUnsafe(statement);
    });

  it('keeps what is held, whatever a program says', async () => {
    const patient = await due();
    const run = await room.listed();
    await approve(run.id);
    const item = await ofItem(run.id, patient.id);
    await room
      .get(LegalHoldService)
      .placeLegalHold(room.starter, { subjectType: 'patient', subjectId: patient.id, reason: 'A claim.' });
    const named = `SELECT set_config('facet.destroying', '${item?.id}', true)`;
    const inside = (statement: string) =>
      database.transaction(async (tx) => {
        await tx.$queryRawUnsafe(named);
        await tx.$executeRawUnsafe(statement);
      });
    await expect(
      inside(`UPDATE patients SET destroyed_at = now() WHERE id = '${patient.id}'`),
    ).rejects.toThrow();
    await expect(
      inside(`UPDATE audit_entries SET before = NULL, after = NULL WHERE subject_id = '${patient.id}'`),
    ).rejects.toThrow();
    await expect(
      inside(
        `UPDATE destruction_items SET status = 'DESTROYED', settled_at = now() WHERE id = '${item?.id}'`,
      ),
    ).rejects.toThrow();
    await expect(raw(`DELETE FROM patients WHERE id = '${patient.id}'`)).rejects.toThrow();
    expect((await row(patient.id)).familyName).toBe(patient.familyName);
  });

  it('lets nothing be destroyed without an approved list, and nothing beside it', async () => {
    const [listed, other] = [await due(), await makePatientOf(database, clock, NOW)];
    const run = await room.listed();
    const item = await ofItem(run.id, listed.id);
    const inside = (statement: string) =>
      database.transaction(async (tx) => {
        await tx.$queryRawUnsafe(`SELECT set_config('facet.destroying', '${item?.id}', true)`);
        await tx.$executeRawUnsafe(statement);
      });
    const blank = (id: string) => `UPDATE patients SET destroyed_at = now() WHERE id = '${id}'`;
    await expect(inside(blank(listed.id))).rejects.toThrow();
    await approve(run.id);
    await expect(inside(blank(other.id))).rejects.toThrow();
    await expect(raw(blank(listed.id))).rejects.toThrow();
    await expect(inside(`DELETE FROM audit_entries WHERE subject_id = '${listed.id}'`)).rejects.toThrow();
    await expect(
      inside(`UPDATE audit_entries SET action = 'x' WHERE subject_id = '${listed.id}'`),
    ).rejects.toThrow();
    await expect(
      inside(`UPDATE audit_entries SET before = NULL, after = NULL WHERE subject_id = '${other.id}'`),
    ).rejects.toThrow();
    await room.work();
    await expect(raw(`UPDATE patients SET family_name = 'Back' WHERE id = '${listed.id}'`)).rejects.toThrow();
    await expect(raw(`DELETE FROM destruction_stubs`)).rejects.toThrow();
    await expect(
      raw(`UPDATE destruction_items SET status = 'LISTED', settled_at = NULL WHERE id = '${item?.id}'`),
    ).rejects.toThrow();
  });
});

describe('a hold', () => {
  it('is placed and lifted once, with who and why', async () => {
    const patient = await due();
    const holds = room.get(LegalHoldService);
    const hold = await holds.placeLegalHold(room.starter, {
      subjectType: 'patient',
      subjectId: patient.id,
      reason: 'A claim.',
    });
    if (isRefusal(hold)) throw new Error(hold.message);
    expect(hold).toMatchObject({
      patientId: patient.id,
      reason: 'A claim.',
      placedById: room.starter.id,
      liftedAt: null,
    });
    const lift = { holdId: hold.id, reason: 'Settled.' };
    expect(await holds.liftLegalHold(room.approver, lift)).toMatchObject({
      liftReason: 'Settled.',
      liftedById: room.approver.id,
    });
    expect(await holds.liftLegalHold(room.approver, lift)).toMatchObject({ code: 'LegalHoldLiftedAlready' });
    expect(await audits('legal-hold.placed')).toBeGreaterThan(0);
    expect((await holds.legalHolds(room.starter, { patientId: patient.id }, PAGE)).items).toEqual([]);
    expect(
      (await holds.legalHolds(room.starter, { patientId: patient.id, withLifted: true }, PAGE)).items,
    ).toHaveLength(1);
  });

  it('is not placed on what is gone, nor on what nobody knows', async () => {
    const patient = await due();
    await room.destroyAll();
    const holds = room.get(LegalHoldService);
    const on = (subjectType: string, subjectId: string) =>
      holds.placeLegalHold(room.starter, { subjectType, subjectId, reason: 'A claim.' });
    expect(await on('patient', patient.id)).toMatchObject({ code: 'RecordDestroyed' });
    await expect(on('patient', '0193b100-0000-7000-8000-00000000ffff')).rejects.toThrow(/no such patient/);
    await expect(on('horse', patient.id)).rejects.toThrow(/must be one of patient/);
  });
});

describe('rules', () => {
  it('are set from today on, as a further row', async () => {
    const rules = room.get(RetentionRuleService);
    const input = {
      recordClass: 'ENQUIRY_UNCONVERTED',
      trigger: 'LAST_CONTACT',
      years: 0,
      months: 6,
      source: 'The clinic.',
    } as const;
    await expect(
      rules.setRetentionRule(room.starter, { ...input, effectiveFrom: '2034-04-02' }),
    ).rejects.toThrow(/today or later/);
    await expect(
      rules.setRetentionRule(room.starter, { ...input, months: 0, effectiveFrom: '2034-04-03' }),
    ).rejects.toThrow(/no time/);
    const set = await rules.setRetentionRule(room.starter, { ...input, effectiveFrom: '2034-05-01' });
    expect(set).toMatchObject({ months: 6, effectiveFrom: '2034-05-01', setById: room.starter.id });
    expect(
      await rules.setRetentionRule(room.starter, { ...input, effectiveFrom: '2034-05-01' }),
    ).toMatchObject({ code: 'RetentionRuleSetAlready' });
    const inForce = async (asOf: string) =>
      (await rules.retentionRules(asOf)).find(({ recordClass }) => recordClass === 'ENQUIRY_UNCONVERTED');
    expect(await inForce('2034-04-30')).toMatchObject({ years: 1, months: 0 });
    expect(await inForce('2034-05-01')).toMatchObject({ years: 0, months: 6 });
    await expect(database.client.$executeRawUnsafe('UPDATE retention_rules SET years = 1')).rejects.toThrow();
  });

  it('begin with what the field keeps by', async () => {
    const all = await room.get(RetentionRuleService).retentionRules('2034-04-03');
    expect(
      all.map(({ recordClass, trigger, years, childRule }) => [recordClass, trigger, years, childRule]),
    ).toEqual(
      expect.arrayContaining([
        ['CLINICAL_RECORD', 'LAST_CONTACT', 8, true],
        ['PSYCHOLOGY', 'END_OF_TREATMENT', 20, true],
        ['PSYCHOLOGY', 'DEATH', 10, false],
      ]),
    );
  });
});
