import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CommunicationNeedChanged,
  CommunicationNeedRecorded,
} from '../../src/clinic/patients/communication-need.refusals.js';
import type {
  CommunicationNeed,
  RecordCommunicationNeedInput,
} from '../../src/clinic/patients/communication-need.type.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { PatientAlertChanged } from '../../src/clinic/patients/patient-alert.refusals.js';
import type { RaisePatientAlertInput } from '../../src/clinic/patients/patient-alert.type.js';
import { NoProxyToRevoke, RelatedPersonChanged } from '../../src/clinic/patients/related-person.refusals.js';
import type { RelatedPersonInput } from '../../src/clinic/patients/related-person.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type PatientRoom, patientRoomOn } from '../support/patient-needs.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
const actor = aStaffActor();
const VISIBLE_TO = new URL(
  '../../prisma/migrations/20261123149500_alert_visible_to/migration.sql',
  import.meta.url,
);
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
  clock.set(NOW);
  patient = await makePatient(room.patients);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** Everything that a verb of this page may leave behind. */
async function traces() {
  const { client } = database;
  return {
    needs: await client.communicationNeed.findMany({ orderBy: { id: 'asc' } }),
    reviews: await client.communicationNeedReview.count(),
    alerts: await client.patientAlert.findMany({ orderBy: { id: 'asc' } }),
    related: await client.relatedPerson.findMany({ orderBy: { id: 'asc' } }),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}

async function newestAudit() {
  return database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
}

const record = (parts: Partial<RecordCommunicationNeedInput> = {}) =>
  room.needs.recordCommunicationNeed(actor, {
    ...{ patientId: patient.id, kindCode: 'BSL_INTERPRETER', sharing: 'AGREED', ...parts },
  });

async function must<Answer>(answer: Promise<Answer>): Promise<Exclude<Answer, { readonly code: string }>> {
  const result = await answer;
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<Answer, { readonly code: string }>;
}

const review = (need: CommunicationNeed, parts: object = {}) =>
  room.needs.reviewCommunicationNeed(actor, {
    ...{ needId: need.id, version: need.version, wasMet: 'MET', ...parts },
  });

describe('communication needs', () => {
  it('have kinds, by category and name, each with its source', async () => {
    const kinds = await room.needs.communicationNeedKinds();
    expect(kinds.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        ...['LARGE_PRINT_14', 'LARGE_PRINT_16', 'LARGE_PRINT_18', 'BRAILLE', 'AUDIO', 'EASY_READ'],
        ...['BSL_INTERPRETER', 'LIP_SPEAKER', 'DEAFBLIND_MANUAL', 'HEARING_LOOP', 'EMAIL_NOT_LETTER'],
        ...['INTERPRETER', 'LANGUAGE', 'LONGER_APPOINTMENT'],
      ]),
    );
    expect(kinds.every(({ source, flag }) => source !== '' && flag !== '')).toBe(true);
    await database.client.communicationNeedKind.update({
      where: { code: 'QUIET_ROOM' },
      data: { retiredOn: new Date('2026-03-02') },
    });
    expect((await room.needs.communicationNeedKinds()).map(({ code }) => code)).not.toContain('QUIET_ROOM');
    await expect(record({ kindCode: 'QUIET_ROOM' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('are recorded with a review in a year, flagged, and written down', async () => {
    const need = await must(record());
    expect(need).toMatchObject({
      ...{ sentence: 'Needs a British Sign Language interpreter', sharing: 'AGREED' },
      ...{ reviewDueOn: '2027-03-02', isReviewDue: false, reviews: [], version: 0, recordedById: actor.id },
    });
    expect((await room.flags.ofPatients([patient.id], [])).get(patient.id)).toEqual([
      {
        ...{ kind: 'COMMUNICATION_NEED', subjectId: need.id, sentence: need.sentence },
        ...{ severity: null, isReviewDue: false },
      },
    ]);
    expect(await newestAudit()).toMatchObject({
      ...{
        action: 'communication-need.recorded',
        subjectId: need.id,
        patientIds: [patient.id],
        before: null,
      },
      after: { sentence: need.sentence },
    });
    expect(await database.client.outboxMessage.count()).toBe(0);
  });

  it('say what they need to, and whether they may be passed on', async () => {
    const need = await must(record({ kindCode: 'INTERPRETER', detail: ' Polish ', sharing: 'REFUSED' }));
    expect(need.sentence).toBe('Needs an interpreter: Polish (not to be passed on)');
  });

  it('of a kind are recorded once, also when two record it at once; languages are told apart', async () => {
    const results = await Promise.all([record(), record()]);
    expect(results.filter((result) => result instanceof CommunicationNeedRecorded)).toHaveLength(1);
    await must(record({ kindCode: 'INTERPRETER', detail: 'Polish' }));
    expect(await record({ kindCode: 'INTERPRETER', detail: 'polish' })).toBeInstanceOf(
      CommunicationNeedRecorded,
    );
    await must(record({ kindCode: 'INTERPRETER', detail: 'Urdu' }));
  });

  it.each<[string, Partial<RecordCommunicationNeedInput>, RegExp]>([
    ['a kind that there is not', { kindCode: 'TELEPATHY' }, /^kindCode/],
    ['an interpreter of no language', { kindCode: 'INTERPRETER' }, /^detail/],
    ['a novel', { detail: 'x'.repeat(201) }, /^detail/],
    ['a review today', { reviewDueOn: '2026-03-02' }, /^reviewDueOn/],
    ['a review in years', { reviewDueOn: '2028-03-03' }, /^reviewDueOn/],
  ])('refuse %s and change nothing', async (_, parts, message) => {
    const before = await traces();
    await expect(record(parts)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(message),
    });
    expect(await traces()).toEqual(before);
  });

  it('are asked about again: what was met, by whom, and when next; the history is only added to', async () => {
    const need = await must(record());
    clock.set('2026-06-01T09:00:00Z');
    const first = await must(review(need, { wasMet: 'NOT_MET', note: 'Nobody had booked one' }));
    const second = await must(review(first, { sharing: 'REFUSED', nextReviewOn: '2026-07-01' }));
    expect(second).toMatchObject({ version: 2, sharing: 'REFUSED', reviewDueOn: '2026-07-01' });
    expect(second.reviews.map(({ wasMet, note }) => [wasMet, note])).toEqual(
      expect.arrayContaining([
        ['MET', null],
        ['NOT_MET', 'Nobody had booked one'],
      ]),
    );
    expect(await newestAudit()).toMatchObject({
      ...{ action: 'communication-need.reviewed', before: { version: 1 }, after: { version: 2 } },
    });
    await expect(database.client.communicationNeedReview.deleteMany()).rejects.toThrow();
  });

  it('are not reviewed without a word when they were not met, nor at another version, nor when ended', async () => {
    const need = await must(record());
    const before = await traces();
    await expect(review(need, { wasMet: 'NOT_MET' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await review(need, { version: 4 })).toMatchObject({
      code: 'CommunicationNeedChanged',
      version: 0,
      hasEnded: false,
    });
    expect(await traces()).toEqual(before);
    const ended = await must(
      room.needs.endCommunicationNeed(actor, {
        needId: need.id,
        version: 0,
        reason: 'Recorded for the wrong person',
      }),
    );
    expect(ended).toMatchObject({ endReason: 'Recorded for the wrong person', version: 1 });
    expect(await review(ended)).toBeInstanceOf(CommunicationNeedChanged);
    expect((await room.flags.ofPatients([patient.id], [])).get(patient.id)).toEqual([]);
    expect((await room.needs.ofPatients([patient.id])).get(patient.id)).toHaveLength(1);
    await must(record());
  });

  it('are listed when it is time to ask, those first that have waited longest, page by page', async () => {
    await database.client
      .$executeRaw`UPDATE communication_needs SET ended_at = now(), ended_by_id = gen_random_uuid(), end_reason = 'x y z' WHERE ended_at IS NULL`;
    const later = await must(record({ reviewDueOn: '2026-05-02' }));
    const sooner = await must(record({ kindCode: 'BRAILLE', reviewDueOn: '2026-05-01' }));
    await must(record({ kindCode: 'AUDIO', reviewDueOn: '2026-05-03' }));
    clock.set('2026-05-02T09:00:00Z');
    const page = await room.needs.communicationNeedsDue(actor, { size: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([sooner.id]);
    const next = await room.needs.communicationNeedsDue(actor, { size: 1, after: page.nextCursor });
    expect(next).toMatchObject({ items: [{ id: later.id, isReviewDue: true }], nextCursor: null });
    expect(await newestAudit()).toMatchObject({
      action: 'communication-needs.searched',
      patientIds: [patient.id],
    });
  });

  it('of nobody are NOT_FOUND', async () => {
    await expect(record({ patientId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

const raise = (parts: Partial<RaisePatientAlertInput> = {}) =>
  room.alerts.raiseAlert(actor, {
    ...{ patientId: patient.id, kind: 'CLINICAL', severity: 'HIGH', text: 'Pacemaker', ...parts },
  });
const alertsFor = async (roles: Parameters<PatientRoom['alerts']['ofPatients']>[1]) =>
  ((await room.alerts.ofPatients([patient.id], roles)).get(patient.id) ?? []).map(({ text }) => text);

describe('alerts', () => {
  it('stand first among the flags, the graver first, and are written down', async () => {
    await must(record());
    await raise({ kind: 'SAFETY', severity: 'LOW', text: 'Uses a stick' });
    const alert = await raise();
    expect(await newestAudit()).toMatchObject({
      ...{ action: 'patient-alert.raised', subjectId: alert.id, patientIds: [patient.id] },
    });
    const flags = (await room.flags.ofPatients([patient.id], ['RECEPTION'])).get(patient.id);
    expect(flags?.map(({ sentence }) => sentence)).toEqual([
      'Clinical alert: Pacemaker',
      'Safety alert: Uses a stick',
      'Needs a British Sign Language interpreter',
    ]);
  });

  it('of safeguarding are for clinicians and managers, whoever raised them', async () => {
    const alert = await raise({ kind: 'SAFEGUARDING', text: 'Come alone to the room' });
    expect(alert.visibleTo).toEqual(['CLINICIAN', 'MANAGER']);
    expect(await alertsFor(['RECEPTION', 'IMAGING', 'ADMIN'])).toEqual([]);
    expect(await alertsFor(['MANAGER'])).toEqual(['Come alone to the room']);
    await expect(raise({ kind: 'SAFEGUARDING', visibleTo: ['RECEPTION'] })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const input = { alertId: alert.id, version: 0, reason: 'No longer so' };
    await expect(room.alerts.endAlert(actor, ['RECEPTION'], input)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(isRefusal(await room.alerts.endAlert(actor, ['CLINICIAN'], input))).toBe(false);
  });

  it('never leave open who may see them, whoever writes them', async () => {
    const alert = await raise({ kind: 'SAFEGUARDING', text: 'Come alone to the room' });
    const seenBy = (roles: string) =>
      database.client.$executeRawUnsafe(
        `UPDATE patient_alerts SET visible_to = ${roles} WHERE id = $1::uuid`,
        alert.id,
      );
    await expect(seenBy('NULL')).rejects.toThrow(/null/i);
    await expect(seenBy(`'{}'`)).rejects.toThrow(/patient_alerts_safeguarding_kept/);
    await expect(seenBy(`'{CLINICIAN,RECEPTION}'`)).rejects.toThrow(/patient_alerts_safeguarding_kept/);
    // The migration meets rows of before, of which it was not said, under the rule of before.
    const statements = readFileSync(VISIBLE_TO, 'utf8')
      .replace(/^--.*$/gm, '')
      .split(/;\s*$/m);
    const migrated = database.client.$transaction(async (tx) => {
      for (const sql of [
        'ALTER TABLE patient_alerts DROP CONSTRAINT patient_alerts_safeguarding_kept',
        `ALTER TABLE patient_alerts ADD CONSTRAINT patient_alerts_safeguarding_kept
           CHECK (kind <> 'SAFEGUARDING' OR (cardinality(visible_to) > 0))`,
        'ALTER TABLE patient_alerts ALTER COLUMN visible_to DROP NOT NULL',
        'UPDATE patient_alerts SET visible_to = NULL',
        ...statements.filter((sql) => sql.trim() !== ''),
      ]) {
        await tx.$executeRawUnsafe(sql);
      }
      const rows = await tx.$queryRawUnsafe<readonly object[]>(
        'SELECT kind::text, visible_to::text[] AS roles FROM patient_alerts',
      );
      expect(rows).toContainEqual({ kind: 'SAFEGUARDING', roles: ['CLINICIAN', 'MANAGER'] });
      throw new Error('rolled back');
    });
    await expect(migrated).rejects.toThrow('rolled back');
  });

  it('are shown from their first day to their last', async () => {
    await raise({ text: 'Later', fromOn: '2026-03-04', untilOn: '2026-03-05' });
    const shown = async () => ((await room.flags.ofPatients([patient.id], [])).get(patient.id) ?? []).length;
    const days: number[] = [];
    for (const day of ['03', '04', '05', '06']) {
      clock.set(`2026-03-${day}T12:00:00Z`);
      days.push(await shown());
    }
    expect(days).toEqual([0, 1, 1, 0]);
  });

  it('are ended once, with a reason, and stay in the history', async () => {
    const alert = await raise();
    const input = { alertId: alert.id, version: 0, reason: 'It was taken out' };
    const ended = await must(room.alerts.endAlert(actor, [], input));
    expect(ended).toMatchObject({ endReason: 'It was taken out', endedById: actor.id, isShown: false });
    expect(await newestAudit()).toMatchObject({ action: 'patient-alert.ended', before: { version: 0 } });
    const before = await traces();
    expect(await room.alerts.endAlert(actor, [], input)).toBeInstanceOf(PatientAlertChanged);
    await expect(room.alerts.endAlert(actor, [], { ...input, reason: '' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    expect(await traces()).toEqual(before);
    expect(await alertsFor([])).toEqual(['Pacemaker']);
  });

  it.each<[string, Partial<RaisePatientAlertInput>]>([
    ['no text', { text: ' ' }],
    ['a novel', { text: 'x'.repeat(201) }],
    ['an end before the beginning', { fromOn: '2026-04-02', untilOn: '2026-04-01' }],
    ['an end in the past', { fromOn: '2026-01-01', untilOn: '2026-02-01' }],
  ])('refuse %s and change nothing', async (_, parts) => {
    const before = await traces();
    await expect(raise(parts)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await traces()).toEqual(before);
  });
});

const DAUGHTER: RelatedPersonInput = {
  ...{ name: 'Ana Fernández', relationship: 'CHILD', phone: '07700 900789', mayBeTold: 'APPOINTMENTS' },
  ...{ isNextOfKin: true, isEmergencyContact: true },
};
const LPA = { basis: 'LPA_HEALTH', evidence: 'LPA of 2024-05-01 seen' } as const;
const relate = (person: RelatedPersonInput = DAUGHTER, patientId = patient.id) =>
  room.related.recordRelatedPerson(actor, { patientId, person });

describe('related people', () => {
  it('are recorded with what they may be told, and written down', async () => {
    const person = await relate({ ...DAUGHTER, proxy: LPA });
    expect(person).toMatchObject({
      ...{ name: 'Ana Fernández', phoneE164: '+447700900789', isNextOfKin: true, mayBeTold: 'APPOINTMENTS' },
      ...{ proxyBasis: 'LPA_HEALTH', isProxyInForce: true, version: 0 },
    });
    expect(await newestAudit()).toMatchObject({
      action: 'related-person.recorded',
      patientIds: [patient.id],
    });
    expect((await room.related.ofPatients([patient.id])).get(patient.id)).toEqual([person]);
  });

  it('are corrected as a whole, at the version that was read', async () => {
    const person = await relate({ ...DAUGHTER, proxy: LPA });
    const correct = (version: number) =>
      room.related.correctRelatedPerson(actor, {
        ...{ relatedPersonId: person.id, version, person: { ...DAUGHTER, isNextOfKin: false } },
      });
    const after = await must(correct(0));
    expect(after).toMatchObject({ isNextOfKin: false, proxyBasis: null, isProxyInForce: false, version: 1 });
    expect(await newestAudit()).toMatchObject({
      action: 'related-person.corrected',
      before: { isNextOfKin: true },
    });
    const before = await traces();
    expect(await correct(0)).toBeInstanceOf(RelatedPersonChanged);
    expect(await traces()).toEqual(before);
  });

  it('decide no longer once their right is taken back or the entry has ended', async () => {
    const person = await relate({ ...DAUGHTER, proxy: LPA });
    const input = { relatedPersonId: person.id, version: 0, reason: 'The court has revoked it' };
    const revoked = await must(room.related.revokeProxy(actor, input));
    expect(revoked).toMatchObject({ isProxyInForce: false, proxyRevokedWhy: 'The court has revoked it' });
    expect(await room.related.revokeProxy(actor, { ...input, version: 1 })).toBeInstanceOf(NoProxyToRevoke);
    const ended = await must(
      room.related.endRelatedPerson(actor, { ...input, version: 1, reason: 'Has died' }),
    );
    expect(ended).toMatchObject({ endReason: 'Has died', version: 2 });
    expect(await room.related.endRelatedPerson(actor, { ...input, version: 2 })).toBeInstanceOf(
      RelatedPersonChanged,
    );
  });

  it('who are parents decide until the day before the eighteenth birthday, and not for adults', async () => {
    const child = await makePatient(room.patients, { dateOfBirth: '2010-05-01' });
    const proxy = { basis: 'PARENT', evidence: 'Birth certificate seen', untilOn: '2030-01-01' } as const;
    expect(await relate({ ...DAUGHTER, relationship: 'PARENT', proxy }, child.id)).toMatchObject({
      ...{ proxyUntilOn: '2028-04-30', isProxyInForce: true },
    });
    await expect(relate({ ...DAUGHTER, relationship: 'PARENT', proxy })).rejects.toMatchObject({
      ...{ code: 'BAD_INPUT', message: expect.stringContaining('proxy.basis') },
    });
  });

  it.each<[string, Partial<RelatedPersonInput>]>([
    ['no name', { name: ' ' }],
    ['a number that is none', { phone: '12' }],
    ['nobody to ring in an emergency', { phone: null }],
    ['a right that nobody has seen', { proxy: { basis: 'DEPUTY', evidence: ' ' } }],
    [
      'a right that ends before it begins',
      { proxy: { ...LPA, fromOn: '2026-02-02', untilOn: '2026-02-01' } },
    ],
  ])('refuse %s and change nothing', async (_, parts) => {
    const before = await traces();
    await expect(relate({ ...DAUGHTER, ...parts })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await traces()).toEqual(before);
  });
});
