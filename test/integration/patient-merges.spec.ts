import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { PatientChangedMeanwhile } from '../../src/clinic/patients/patient-correction.refusals.js';
import {
  MergeCannotBeUndone,
  MergeForbidden,
  SaidToBeDifferentPeople,
} from '../../src/clinic/patients/patient-merge.refusals.js';
import type {
  MergePatientsInput,
  PatientMerge,
  UndonePatientMerge,
} from '../../src/clinic/patients/patient-merge.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromInstant } from '../../src/platform/time/index.js';
import { consentServiceOn, makeConsent } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type PatientRoom, patientRoomOn } from '../support/patient-needs.factory.js';
import { aStaffActor, aTestNhsNumber, makePatient } from '../support/patients.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: PatientRoom;
let kept: Patient;
let merged: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = patientRoomOn(database, clock);
});
beforeEach(async () => {
  clock.set(NOW);
  kept = await makePatient(room.patients);
  merged = await makePatient(room.patients, {
    phones: [{ kind: 'MOBILE', number: '07700 900456' }],
  });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const merge = (changes: Partial<MergePatientsInput> = {}) =>
  room.merges.mergePatients(actor, {
    ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
    ...{ reason: 'Same address, said so at the desk', ...changes },
  });

async function mustMerge(changes: Partial<MergePatientsInput> = {}): Promise<PatientMerge> {
  const result = await merge(changes);
  if (isRefusal(result)) throw new Error(result.message);
  return result;
}

const undo = (mergeId: string, areDifferentPeople = false) =>
  room.undoing.undoPatientMerge(actor, { mergeId, reason: 'They are cousins', areDifferentPeople });

async function mustUndo(mergeId: string): Promise<UndonePatientMerge> {
  const result = await undo(mergeId);
  if (isRefusal(result)) throw new Error(result.message);
  return result;
}

/** Everything of two patients, of the merge and of what is posted. */
async function traces() {
  const { client } = database;
  const patientId = { in: [kept.id, merged.id] };
  const where = { where: { patientId }, orderBy: { id: 'asc' } } as const;
  return {
    patients: await client.patient.findMany({
      where: { id: patientId },
      orderBy: { id: 'asc' },
      include: { phones: true },
    }),
    merges: await client.patientMerge.count(),
    moves: await client.patientMergeMove.count(),
    needs: await client.communicationNeed.findMany(where),
    referrals: await client.referral.findMany(where),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count({ where: { action: { startsWith: 'patient.' } } }),
  };
}

/** A referral as it lies in the table: the rooms that make them have tests of their own. */
async function aReferralOf(patientId: string): Promise<string> {
  const { id } = await database.client.referral.create({
    data: {
      ...{ patientId, source: 'GP', priority: 'ROUTINE', status: 'RECEIVED' },
      ...{ clinicalQuestion: 'Which facet joint is active?', recordedById: actor.id },
      receivedOn: new Date('2026-02-01'),
      recordedAt: dateFromInstant(clock.now()),
    },
  });
  return id;
}

const aNeedOf = async (patientId: string, kindCode: string) => {
  const need = await room.needs.recordCommunicationNeed(actor, { patientId, kindCode, sharing: 'AGREED' });
  if (isRefusal(need)) throw new Error(need.message);
  return need;
};

/** Where a patient has to be, without the visit that asks for it. */
async function aPresenceOf(patientId: string, from: string, until: string, expiresAt: string | null = null) {
  await database.client.patientPresence.create({
    data: {
      ...{ patientId, holderId: randomUUID(), claimedAt: new Date(NOW) },
      ...{ startsAt: new Date(from), endsAt: new Date(until) },
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    },
  });
}

const ownerOf = async (referralId: string) =>
  (await database.client.referral.findUniqueOrThrow({ where: { id: referralId } })).patientId;

describe('a preview', () => {
  it('shows both, in what they differ and what would follow, changes nothing and is recorded', async () => {
    await aReferralOf(merged.id);
    await aNeedOf(merged.id, 'BRAILLE');
    await makeConsent(database, clock, merged.id);
    const before = await traces();
    const preview = await room.previews.patientMergePreview(actor, kept.id, merged.id);
    expect(preview).toMatchObject({ kept, merged, conflicts: [] });
    expect(preview.differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['NAME', 'DATE_OF_BIRTH', 'PHONES', 'EMAIL']),
    );
    expect(preview.follows).toEqual(
      expect.arrayContaining([
        { room: 'patients', kind: 'communication needs', count: 1 },
        { room: 'referrals', kind: 'referrals', count: 1 },
        { room: 'consent', kind: 'consent records, read together and not moved', count: 1 },
      ]),
    );
    expect(preview.warnings).toContain('The dates of birth differ.');
    expect(await traces()).toEqual(before);
    expect(
      await database.client.auditEntry.count({
        where: { action: 'patients.compared', patientIds: { hasEvery: [kept.id, merged.id] } },
      }),
    ).toBe(1);
  });

  it('of one record with itself, or with nobody, there is none', async () => {
    await expect(
      room.previews.patientMergePreview(actor, kept.id, kept.id.toUpperCase()),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(room.previews.patientMergePreview(actor, kept.id, randomUUID())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a merge', () => {
  it('brings along what belongs to the other record, and says what', async () => {
    const referralId = await aReferralOf(merged.id);
    await aNeedOf(merged.id, 'BRAILLE');
    await aNeedOf(kept.id, 'EASY_READ');
    const result = await mustMerge();
    expect(result).toMatchObject({ mergedId: merged.id, undoneAt: null, kept: { id: kept.id } });
    expect(result.undoUntil.toString()).toBe('2026-04-01T09:00:00Z');
    expect(result.followed).toEqual([
      { room: 'patients', kind: 'communication needs', count: 1 },
      { room: 'referrals', kind: 'referrals', count: 1 },
    ]);
    expect(await ownerOf(referralId)).toBe(kept.id);
    const flags = (await room.flags.ofPatients([kept.id], [])).get(kept.id);
    expect(flags?.map(({ sentence }) => sentence)).toEqual([
      'Needs information in braille',
      'Needs information in easy read',
    ]);
    expect(await database.client.outboxMessage.count()).toBe(0);
  });

  it('is written down for both records', async () => {
    const { id: mergeId } = await mustMerge({ takeOver: ['EMAIL'] });
    const entries = await database.client.auditEntry.findMany({
      where: { subjectId: { in: [kept.id, merged.id] }, action: { startsWith: 'patient.merged' } },
      orderBy: { id: 'asc' },
    });
    expect(entries).toMatchObject([
      {
        action: 'patient.merged',
        subjectId: kept.id,
        patientIds: [kept.id, merged.id],
        before: { email: kept.email },
        after: { email: merged.email, mergeId, mergedId: merged.id },
      },
      { action: 'patient.merged-into', subjectId: merged.id, after: { mergeId, mergedIntoId: kept.id } },
    ]);
  });

  it('takes over the fields that were chosen, adds telephone numbers, and keeps the rest', async () => {
    const { kept: after } = await mustMerge({ takeOver: ['NAME', 'PHONES'] });
    expect(after).toMatchObject({
      ...{ familyName: merged.familyName, givenName: merged.givenName, email: kept.email },
      ...{ localNumber: kept.localNumber, phones: merged.phones, version: kept.version + 1 },
    });
  });

  it('leaves a stub that answers as the kept record, by id, local number, name and NHS number, and says so', async () => {
    const nhsNumber = aTestNhsNumber(31);
    const numbered = await makePatient(room.patients, { nhsNumber });
    await mustMerge({ mergeId: numbered.id });
    const askedAs = {
      ...{ id: numbered.id, localNumber: numbered.localNumber },
      ...{ familyName: numbered.familyName, givenName: numbered.givenName },
    };
    expect(await room.patients.patient(actor, numbered.id)).toMatchObject({ id: kept.id, askedAs });
    for (const search of [numbered.localNumber, numbered.familyName, nhsNumber]) {
      const { items } = await room.patients.patients(actor, search, { size: 25 });
      expect(items).toEqual([expect.objectContaining({ id: kept.id, askedAs })]);
    }
    expect((await room.patients.patient(actor, kept.id)).askedAs).toBeNull();
    expect((await room.previews.stubsOf([kept.id])).get(kept.id)).toEqual([askedAs]);
    const looks = await database.client.auditEntry.findFirstOrThrow({
      where: { action: 'patient.viewed', subjectId: kept.id, patientIds: { has: numbered.id } },
    });
    expect(looks.patientIds).toEqual([kept.id, numbered.id]);
  });

  it('brings the NHS number over when that is chosen, and whether it was checked', async () => {
    const nhsNumber = aTestNhsNumber(32);
    const numbered = await makePatient(room.patients, { nhsNumber });
    const checked = await room.corrections.correctPatient(actor, {
      ...{ patientId: numbered.id, version: 0, reason: 'Traced', nhsNumberVerified: true },
    });
    expect(isRefusal(checked)).toBe(false);
    const { kept: after } = await mustMerge({
      ...{ mergeId: numbered.id, mergeVersion: 1, takeOver: ['NHS_NUMBER'] },
    });
    expect(after).toMatchObject({ nhsNumber, nhsNumberVerifiedAt: expect.anything() });
  });

  it('keeps once what both records need, and twice again when it is undone', async () => {
    const own = await aNeedOf(kept.id, 'BRAILLE');
    const double = await aNeedOf(merged.id, 'BRAILLE');
    const live = async () => {
      const needs = await database.client.communicationNeed.findMany({
        where: { patientId: { in: [kept.id, merged.id] }, endedAt: null },
      });
      return Object.fromEntries(needs.map(({ id, patientId }) => [id, patientId]));
    };
    const { id, followed } = await mustMerge();
    expect(followed).toEqual([{ room: 'patients', kind: 'communication needs that both said', count: 1 }]);
    expect(await live()).toEqual({ [own.id]: kept.id });
    const ended = await database.client.communicationNeed.findUniqueOrThrow({ where: { id: double.id } });
    expect(ended).toMatchObject({ patientId: kept.id, endedById: actor.id });
    await mustUndo(id);
    expect(await live()).toEqual({ [own.id]: kept.id, [double.id]: merged.id });
  });

  it('counts consent that was given to the other record, for as long as they are one', async () => {
    await makeConsent(database, clock, merged.id);
    const inForce = () =>
      database.transaction(async (tx) => {
        const consent = consentServiceOn(database, clock);
        const all = await consent.patientsInForce(tx, [kept.id], 'IMAGING_TRACER_AND_XRAYS', clock.now());
        const one = await consent.inForce(tx, kept.id, 'IMAGING_TRACER_AND_XRAYS', clock.now());
        return [all.has(kept.id), one.inForce];
      });
    expect(await inForce()).toEqual([false, false]);
    const { id } = await mustMerge();
    expect(await inForce()).toEqual([true, true]);
    await mustUndo(id);
    expect(await inForce()).toEqual([false, false]);
  });

  it('does not let anything new belong to the stub', async () => {
    await mustMerge();
    await expect(aNeedOf(merged.id, 'BRAILLE')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`was merged into ${kept.localNumber}`),
    });
    // The database says so too, to whoever does not ask.
    await expect(aReferralOf(merged.id)).rejects.toThrow();
  });

  it('leads from a record merged twice over to the last one, in one step', async () => {
    const third = await makePatient(room.patients);
    await mustMerge();
    const present = await room.patients.patient(actor, kept.id);
    await mustMerge({
      ...{ keepId: third.id, mergeId: kept.id, keepVersion: 0, mergeVersion: present.version },
    });
    expect(await room.patients.patient(actor, merged.id)).toMatchObject({
      id: third.id,
      askedAs: { id: merged.id },
    });
  });
});

describe('a merge is refused', () => {
  const refused = async (
    result: Awaited<ReturnType<typeof merge>>,
    before: Awaited<ReturnType<typeof traces>>,
  ) => {
    expect(isRefusal(result)).toBe(true);
    expect(await traces()).toEqual(before);
    return result;
  };

  it('when one of the two was changed since the preview', async () => {
    await aReferralOf(merged.id);
    const before = await traces();
    expect(await refused(await merge({ keepVersion: 5 }), before)).toBeInstanceOf(PatientChangedMeanwhile);
    expect(await refused(await merge({ mergeVersion: 5 }), before)).toMatchObject({
      present: { id: merged.id },
    });
  });

  it('when both have a checked NHS number, and another', async () => {
    for (const [person, number] of [
      [kept, 41],
      [merged, 42],
    ] as const) {
      await room.corrections.correctPatient(actor, {
        ...{ patientId: person.id, version: 0, reason: 'Traced' },
        ...{ nhsNumber: aTestNhsNumber(number), nhsNumberVerified: true },
      });
    }
    const before = await traces();
    const result = await merge({ keepVersion: 1, mergeVersion: 1 });
    expect(await refused(result, before)).toBeInstanceOf(MergeForbidden);
    expect(result).toMatchObject({ conflicts: [expect.stringContaining('checked NHS number')] });
  });

  it('when both are expected at the same time; a hold that is over does not count', async () => {
    await aPresenceOf(kept.id, '2026-03-10T09:00:00Z', '2026-03-10T10:00:00Z');
    await aPresenceOf(merged.id, '2026-03-10T09:30:00Z', '2026-03-10T11:00:00Z');
    const before = await traces();
    const result = await merge();
    expect(await refused(result, before)).toMatchObject({
      code: 'MergeForbidden',
      conflicts: [
        'Both are expected on 2026-03-10 from 09:30 to 10:00, in two visits. Move or cancel one of them first.',
      ],
    });
    await database.client.patientPresence.updateMany({
      where: { patientId: merged.id },
      data: { claimedAt: new Date('2026-02-28T00:00:00Z'), expiresAt: new Date('2026-03-01T00:00:00Z') },
    });
    expect(isRefusal(await merge())).toBe(false);
  });

  it('when somebody has said that they are two people, unless it is said why that was wrong', async () => {
    await database.client.patientDistinction.create({
      data: {
        patientId: merged.id,
        otherPatientId: kept.id,
        confirmedById: actor.id,
        confirmedAt: new Date(NOW),
      },
    });
    const before = await traces();
    expect(await refused(await merge(), before)).toBeInstanceOf(SaidToBeDifferentPeople);
    expect(isRefusal(await merge({ overrideReason: 'The twin has died in 1990' }))).toBe(false);
  });

  it.each<[string, Partial<MergePatientsInput>, RegExp]>([
    ['no reason', { reason: '' }, /^reason/],
    [
      'a contact preference that cannot be met',
      { takeOver: ['CONTACT_PREFERENCE', 'EMAIL'] },
      /contactPreference/,
    ],
  ])('for %s', async (_, changes, message) => {
    await database.client.patient.update({
      where: { id: merged.id },
      data: { contactPreference: 'EMAIL', email: null },
    });
    const before = await traces();
    await expect(merge(changes)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(message),
    });
    expect(await traces()).toEqual(before);
  });

  it('when what one of them said has been destroyed, and so is its undoing', async () => {
    const destroy = (destroyedAt: Date | null) =>
      database.client.$transaction([
        database.client.$executeRaw`ALTER TABLE patients DISABLE TRIGGER patients_destroyed_lawfully`,
        database.client.patient.update({ where: { id: merged.id }, data: { destroyedAt } }),
        database.client.$executeRaw`ALTER TABLE patients ENABLE TRIGGER patients_destroyed_lawfully`,
      ]);
    const reasons = [`What the record ${merged.localNumber} said has been destroyed.`];
    await destroy(new Date(NOW));
    const before = await traces();
    expect(await refused(await merge(), before)).toMatchObject({
      code: 'MergeForbidden',
      conflicts: reasons,
    });
    await destroy(null);
    const { id } = await mustMerge();
    await destroy(new Date(NOW));
    const after = await traces();
    expect(await undo(id)).toMatchObject({ code: 'MergeCannotBeUndone', reasons });
    expect(await traces()).toEqual(after);
  });

  it('to seven of eight who ask at once', async () => {
    await aReferralOf(merged.id);
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        n % 2 === 0
          ? merge()
          : merge({ keepId: merged.id, mergeId: kept.id, keepVersion: 0, mergeVersion: 0 }),
      ),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(results.filter((result) => result instanceof PatientChangedMeanwhile)).toHaveLength(7);
    expect(
      await database.client.patientMerge.count({ where: { mergedId: { in: [kept.id, merged.id] } } }),
    ).toBe(1);
  });

  it('or waits: whatever is written of the other at the same moment follows, or is told of the merge', async () => {
    const writing = Array.from({ length: 12 }, () =>
      aReferralOf(merged.id).then(
        () => 'written',
        () => 'refused',
      ),
    );
    const [, ...outcomes] = await Promise.all([mustMerge(), ...writing]);
    expect(await database.client.referral.count({ where: { patientId: merged.id } })).toBe(0);
    const written = outcomes.filter((outcome) => outcome === 'written').length;
    expect(await database.client.referral.count({ where: { patientId: kept.id } })).toBe(written);
  });
});

describe('an undone merge', () => {
  it('gives back what had followed, leaves what was added since, and counts it', async () => {
    const referralId = await aReferralOf(merged.id);
    const need = await aNeedOf(merged.id, 'BRAILLE');
    await aPresenceOf(merged.id, '2026-03-10T09:00:00Z', '2026-03-10T10:00:00Z');
    const { id } = await mustMerge({ takeOver: ['NAME'] });
    clock.set('2026-03-05T09:00:00Z');
    const since = await aReferralOf(kept.id);
    const result = await mustUndo(id);
    expect(result.stayed).toEqual([{ room: 'referrals', kind: 'referrals', count: 1 }]);
    expect(result.fieldsLeft).toEqual([]);
    expect([await ownerOf(referralId), await ownerOf(since)]).toEqual([merged.id, kept.id]);
    expect(
      (await database.client.communicationNeed.findUniqueOrThrow({ where: { id: need.id } })).patientId,
    ).toBe(merged.id);
    expect(await room.patients.patient(actor, kept.id)).toEqual({ ...kept, version: 2 });
    expect(await room.patients.patient(actor, merged.id)).toEqual({ ...merged, version: 2 });
    const entries = await database.client.auditEntry.findMany({
      where: { action: { in: ['patient.merge-undone', 'patient.restored'] }, patientIds: { has: kept.id } },
    });
    expect(entries.map(({ subjectId }) => subjectId).sort()).toEqual([kept.id, merged.id].sort());
  });

  it('leaves nobody with a consent that may have been withdrawn, or that may be the other one’s', async () => {
    const consent = consentServiceOn(database, clock);
    const purpose = 'IMAGING_TRACER_AND_XRAYS';
    const inForce = () =>
      database.transaction(async (tx) => {
        const both = [kept.id, merged.id];
        const all = await consent.patientsInForce(tx, both, purpose, clock.now());
        return both.map((id) => all.has(id));
      });
    const withdraw = () =>
      consent.withdrawConsent(actor, {
        ...{ patientId: kept.id, purpose, givenBy: 'PATIENT', method: 'TELEPHONE' },
      });
    const mergeAgain = async () => {
      const { version } = await room.patients.patient(actor, kept.id);
      const other = await room.patients.patient(actor, merged.id);
      const { id } = await mustMerge({ keepVersion: version, mergeVersion: other.version });
      clock.advance({ hours: 1 });
      return id;
    };
    const takenBack = (result: UndonePatientMerge) =>
      result.stayed.find(({ kind }) => kind === 'consents taken back, to be asked for anew')?.count;
    // Withdrawn while they were one: it was the merged one's consent, and the "no" is written under the kept one.
    await makeConsent(database, clock, merged.id);
    let id = await mergeAgain();
    expect(isRefusal(await withdraw())).toBe(false);
    clock.advance({ hours: 1 });
    expect(takenBack(await mustUndo(id))).toBe(1);
    expect(await inForce()).toEqual([false, false]);
    const record = await database.client.consentRecord.findFirstOrThrow({
      where: { patientId: merged.id, decision: 'WITHDRAWN' },
    });
    expect(record.comment).toContain('Ask both anew');
    expect(
      await database.client.auditEntry.count({
        where: { action: 'consent.withdrawn', subjectId: record.id, patientIds: { has: merged.id } },
      }),
    ).toBe(1);
    // Given while they were one: the kept one had said nothing by itself.
    clock.advance({ hours: 1 });
    id = await mergeAgain();
    await makeConsent(database, clock, kept.id);
    clock.advance({ hours: 1 });
    expect(takenBack(await mustUndo(id))).toBe(1);
    expect(await inForce()).toEqual([false, false]);
    // Said anew by one who had said so before: it stays, and the other one's does, too.
    clock.advance({ hours: 1 });
    await makeConsent(database, clock, kept.id);
    await makeConsent(database, clock, merged.id);
    id = await mergeAgain();
    await makeConsent(database, clock, kept.id);
    expect(takenBack(await mustUndo(id))).toBeUndefined();
    expect(await inForce()).toEqual([true, true]);
    // Withdrawn and given again: whose either was, nobody can say.
    clock.advance({ hours: 1 });
    id = await mergeAgain();
    expect(isRefusal(await withdraw())).toBe(false);
    clock.advance({ hours: 1 });
    await makeConsent(database, clock, kept.id);
    clock.advance({ hours: 1 });
    expect(takenBack(await mustUndo(id))).toBe(2);
    expect(await inForce()).toEqual([false, false]);
  });

  it('gives back what was filed and joined since with what goes back', async () => {
    const anEnquiryOf = (patientId: string, joinedIntoId: string | null = null) =>
      database.client.enquiry.create({
        data: {
          ...{ patientId, joinedIntoId, reference: randomUUID(), channel: 'LETTER' },
          ...{ redFlagsAsked: 'TO_ASK', redFlagsNotAskedWhy: 'A letter', receivedAt: new Date(NOW) },
        },
      });
    const file = (subjectType: 'REFERRAL' | 'ENQUIRY', subjectId: string) =>
      database.client.document.create({
        data: {
          ...{ patientId: kept.id, subjectType, subjectId, kind: 'OTHER', title: 'Late' },
          ...{ retentionClass: 'DOCUMENT', filedAt: dateFromInstant(clock.now()) },
        },
      });
    const referralId = await aReferralOf(merged.id);
    const enquiry = await anEnquiryOf(merged.id);
    const { id } = await mustMerge();
    clock.set('2026-03-05T09:00:00Z');
    const joined = await anEnquiryOf(kept.id, enquiry.id);
    const others = await anEnquiryOf(kept.id);
    const filed = [
      await file('REFERRAL', referralId),
      await file('ENQUIRY', enquiry.id),
      await file('ENQUIRY', joined.id),
      await file('REFERRAL', await aReferralOf(kept.id)),
      await file('ENQUIRY', others.id),
    ];
    await mustUndo(id);
    const enquiries = [enquiry.id, joined.id, others.id];
    const owners = async (rows: Promise<{ readonly id: string; readonly patientId: string | null }[]>) =>
      new Map((await rows).map((row) => [row.id, row.patientId]));
    const ofEnquiries = await owners(database.client.enquiry.findMany({ where: { id: { in: enquiries } } }));
    expect(enquiries.map((one) => ofEnquiries.get(one))).toEqual([merged.id, merged.id, kept.id]);
    const ids = filed.map((document) => document.id);
    const ofDocuments = await owners(database.client.document.findMany({ where: { id: { in: ids } } }));
    expect(ids.map((one) => ofDocuments.get(one))).toEqual([
      ...[merged.id, merged.id, merged.id],
      ...[kept.id, kept.id],
    ]);
  });

  it('leaves a field that was corrected since, and says which', async () => {
    const { id } = await mustMerge({ takeOver: ['NAME', 'PHONES'] });
    const corrected = await room.corrections.correctPatient(actor, {
      ...{ patientId: kept.id, version: 1, reason: 'Married', familyName: 'Okonkwo' },
    });
    expect(isRefusal(corrected)).toBe(false);
    const { fieldsLeft, merge: undone } = await mustUndo(id);
    expect(fieldsLeft).toEqual(['familyName']);
    expect(undone.kept).toMatchObject({ familyName: 'Okonkwo', givenName: kept.givenName, phones: [] });
    expect(undone.undoneAt?.toString()).toBe(NOW);
  });

  it('gives the NHS number back to whose it was', async () => {
    const nhsNumber = aTestNhsNumber(51);
    const numbered = await makePatient(room.patients, { nhsNumber });
    const { id } = await mustMerge({ mergeId: numbered.id, takeOver: ['NHS_NUMBER'] });
    const { restored, merge: undone } = await mustUndo(id);
    expect([restored.nhsNumber, undone.kept.nhsNumber]).toEqual([nhsNumber, null]);
  });

  it('says that they are two people when it is asked to, so that the next merge asks why', async () => {
    const { id } = await mustMerge();
    expect(isRefusal(await undo(id, true))).toBe(false);
    expect(await merge({ keepVersion: 2, mergeVersion: 2 })).toBeInstanceOf(SaidToBeDifferentPeople);
  });

  it('is refused twice, too late, and beneath a later merge', async () => {
    const { id } = await mustMerge();
    clock.set('2026-04-01T09:00:01Z');
    expect(await undo(id)).toMatchObject({ reasons: ['Its time ended on 2026-04-01.'] });
    clock.set('2026-04-01T09:00:00Z');
    const third = await makePatient(room.patients);
    const present = await room.patients.patient(actor, kept.id);
    const later = await mustMerge({
      ...{ keepId: third.id, mergeId: kept.id, keepVersion: 0, mergeVersion: present.version },
    });
    const before = await traces();
    expect(await undo(id)).toMatchObject({ reasons: [expect.stringContaining('undo that merge first')] });
    expect(await traces()).toEqual(before);
    await mustUndo(later.id);
    expect(await room.patients.patient(actor, merged.id)).toMatchObject({
      id: kept.id,
      askedAs: { id: merged.id },
    });
    await mustUndo(id);
    const twice = await undo(id);
    expect(twice).toBeInstanceOf(MergeCannotBeUndone);
    expect(twice).toMatchObject({ reasons: ['It was undone already.'] });
  });

  it('is refused when the number has a third holder, and changes nothing', async () => {
    const nhsNumber = aTestNhsNumber(52);
    const numbered = await makePatient(room.patients, { nhsNumber });
    const { id } = await mustMerge({ mergeId: numbered.id, takeOver: ['NHS_NUMBER'] });
    await room.corrections.correctPatient(actor, {
      ...{ patientId: kept.id, version: 1, reason: 'Not theirs', nhsNumber: null },
    });
    const third = await makePatient(room.patients, { nhsNumber });
    const before = await traces();
    expect(await undo(id)).toMatchObject({ reasons: [expect.stringContaining(third.localNumber)] });
    expect(await traces()).toEqual(before);
  });

  it('is refused when a referral that would go back was merged with one that stays, and changes nothing', async () => {
    const theirs = await aReferralOf(merged.id);
    const own = await aReferralOf(kept.id);
    const { id } = await mustMerge();
    await database.client.referralMerge.create({
      data: {
        ...{ keptId: own, mergedId: theirs, reason: 'The same letter twice', mergedById: actor.id },
        ...{ mergedStatus: 'RECEIVED', mergedAt: new Date(NOW), keptReceivedOn: new Date('2026-02-01') },
      },
    });
    const before = await traces();
    expect(await undo(id)).toMatchObject({
      reasons: [expect.stringContaining('undo that merge of referrals first')],
    });
    expect(await traces()).toEqual(before);
  });

  it('happens once when eight ask at once', async () => {
    const { id } = await mustMerge();
    const results = await Promise.all(Array.from({ length: 8 }, () => undo(id)));
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
  });

  it('throws NOT_FOUND for none', async () => {
    await expect(undo(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(undo('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the merges of a record', () => {
  it('are listed for either of the two, and the look is recorded', async () => {
    const { id } = await mustMerge();
    for (const patientId of [kept.id, merged.id]) {
      expect((await room.previews.patientMerges(actor, patientId)).map((each) => each.id)).toEqual([id]);
    }
    expect(await database.client.auditEntry.count({ where: { action: 'patient-merges.viewed' } })).toBe(2);
  });
});
