import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DocumentStandsOtherwise } from '../../src/clinic/documents/document.refusals.js';
import { DocumentAccessService } from '../../src/clinic/documents/document-access.service.js';
import { DocumentMergeService } from '../../src/clinic/documents/document-merge.service.js';
import { DocumentOwnerService } from '../../src/clinic/documents/document-owner.service.js';
import { DocumentRetentionService } from '../../src/clinic/documents/document-retention.service.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  aPdf,
  aReader,
  type DocumentRoom,
  documentRoomOn,
  fileDocument,
  filesIn,
} from '../support/documents.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

// What other rooms ask of documents: to follow a merge, to be destroyed by a rule, to be copied for the patient.

const actor = aStaffActor();
const reader = aReader(actor);
let clock: FixedClock;
let home: TestDatabase;
let database: Database;
let folder: string;
let room: DocumentRoom;
let patientId: string;
let otherId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
});

afterAll(async () => {
  await database?.close();
  await home?.drop();
});

beforeEach(async () => {
  clock = new FixedClock();
  folder = await mkdtemp(join(tmpdir(), 'facet-records-'));
  room = documentRoomOn(database, folder, { clock });
  room.subjects.register({
    type: 'REFERRAL',
    permission: 'READ_REFERRAL',
    mustExist: async () => ({ patientId }),
  });
  patientId = (await makePatient(patientServiceOn(database))).id;
  otherId = (await makePatient(patientServiceOn(database))).id;
  return () => rm(folder, { recursive: true, force: true });
});

describe('when two records become one', () => {
  it('documents follow, and go back with what was filed since for the same thing', async () => {
    const follower = new DocumentMergeService(new PatientMergeFollowers());
    const referralId = randomUUID();
    const own = await fileDocument(room, patientId);
    const ofReferral = await fileDocument(room, patientId, aPdf(), {
      subjectType: 'REFERRAL',
      subjectId: referralId,
    });
    const others = await fileDocument(room, otherId);
    const mergeId = randomUUID();
    const mergedAt = clock.now();
    const rows = new Map<string, readonly string[]>();
    await database.transaction(async (tx) => {
      expect(await follower.preview(tx, patientId)).toEqual({ rows: { documents: 2 }, conflicts: [] });
      await follower.follow(tx, actor, mergeId, patientId, otherId, async (kind, ids) => {
        rows.set(kind, ids);
      });
    });
    expect([...(rows.get('documents') ?? [])].sort()).toEqual([own.id, ofReferral.id].sort());
    expect(await room.list.document(reader, own.id)).toMatchObject({
      patientId: otherId,
      subjectId: otherId,
      version: 1,
    });
    expect(await room.list.document(reader, ofReferral.id)).toMatchObject({
      patientId: otherId,
      subjectId: referralId,
    });

    clock.advance({ hours: 1 });
    const stays = await fileDocument(room, otherId);
    const goes = await database.client.document.create({
      data: {
        patientId: otherId,
        subjectType: 'REFERRAL',
        subjectId: referralId,
        kind: 'OTHER',
        title: 'Late',
        retentionClass: 'DOCUMENT',
        filedAt: new Date(clock.now().epochMilliseconds),
      },
    });
    const unfollowed = await database.transaction((tx) =>
      follower.unfollow(tx, actor, mergeId, patientId, otherId, Object.assign(rows, { mergedAt })),
    );
    expect(unfollowed).toEqual({ stayed: { documents: 1 }, impossible: [] });
    expect(await room.list.document(reader, own.id)).toMatchObject({ patientId, subjectId: patientId });
    expect(await room.list.document(reader, ofReferral.id)).toMatchObject({
      patientId,
      subjectId: referralId,
    });
    expect(await room.list.document(reader, goes.id)).toMatchObject({ patientId });
    for (const { id } of [others, stays])
      expect(await room.list.document(reader, id)).toMatchObject({ patientId: otherId });
  });
});

describe('when it becomes known whom a thing is about', () => {
  it('what is filed with it is the patient’s, and nobody’s again when that is taken back', async () => {
    const owner = new DocumentOwnerService(room.record);
    const enquiry = { type: 'ENQUIRY', id: randomUUID() } as const;
    room.subjects.register({
      type: 'ENQUIRY',
      permission: 'READ_ENQUIRY',
      mustExist: async () => ({ patientId: null }),
    });
    const parts = { subjectType: enquiry.type, subjectId: enquiry.id };
    const one = await fileDocument(room, patientId, aPdf(), {
      ...parts,
      retentionClass: 'ENQUIRY_UNCONVERTED',
    });
    const two = await fileDocument(room, patientId, aPdf(), { ...parts, retentionClass: 'PSYCHOLOGY' });
    expect(one.patientId).toBeNull();
    const say = (whom: string | null) =>
      database.transaction((tx) => owner.subjectIsAbout(tx, actor, enquiry, whom));
    expect(await say(patientId)).toEqual([one.id, two.id]);
    expect(await say(patientId)).toEqual([]);
    expect(await room.list.document(reader, one.id)).toMatchObject({ patientId, retentionClass: 'DOCUMENT' });
    expect(await room.list.document(reader, two.id)).toMatchObject({
      patientId,
      retentionClass: 'PSYCHOLOGY',
    });
    expect((await room.list.ofPatients(reader, [patientId])).get(patientId)).toHaveLength(2);
    const entry = await database.client.auditEntry.findFirst({
      where: { subjectId: one.id, action: 'document.patient-set' },
    });
    expect(entry).toMatchObject({
      patientIds: [patientId],
      before: { patientId: null },
      after: { patientId },
    });
    expect(await say(null)).toEqual([one.id, two.id]);
    expect(await room.list.document(reader, one.id)).toMatchObject({
      patientId: null,
      retentionClass: 'ENQUIRY_UNCONVERTED',
    });
  });
});

describe('when a rule of retention ends', () => {
  const holderOf = () =>
    new DocumentRetentionService(new RetentionClasses(), room.config, room.outbox, room.record);
  const destruction = () => ({
    itemId: randomUUID(),
    runId: randomUUID(),
    approvedById: randomUUID(),
    at: clock.now(),
  });

  it('what is due is listed, in order and by class', async () => {
    const holder = holderOf();
    await database.client.documentVersion.deleteMany();
    await database.client.document.deleteMany();
    const first = await fileDocument(room, patientId);
    const second = await fileDocument(room, patientId, aPdf(), { retentionClass: 'PSYCHOLOGY' });
    clock.advance({ hours: 24 });
    await fileDocument(room, patientId);
    const until = Temporal.PlainDate.from('2026-03-02');
    const question = { classes: holder.classes, createdUntil: until, afterId: null, limit: 10 };
    const ask = (parts: Partial<typeof question> | { afterId: string }) =>
      database.transaction((tx) => holder.candidates(tx, { ...question, ...parts }));
    expect(await ask({})).toMatchObject([
      { id: first.id, patientId, classes: ['DOCUMENT'], keptBecause: null },
      { id: second.id, classes: ['PSYCHOLOGY'] },
    ]);
    expect((await ask({}))[0]?.createdOn.toString()).toBe('2026-03-02');
    expect(await ask({ afterId: first.id })).toHaveLength(1);
    expect(await ask({ limit: 1 })).toHaveLength(1);
    expect(
      await database.transaction((tx) => holder.candidates(tx, { ...question, classes: ['PSYCHOLOGY'] })),
    ).toHaveLength(1);
  });

  it('the content is destroyed, and a stub is left', async () => {
    const holder = holderOf();
    const { id, versions } = await fileDocument(room, patientId, aPdf(), { title: 'Letter of Mr Secret' });
    await room.changes.withdrawDocument(reader, { documentId: id, version: 0, reason: 'Secret reason' });
    const destroyed = await database.transaction((tx) => holder.destroy(tx, actor, id, destruction()));
    expect(destroyed).toEqual([{ what: 'files', count: 1, identifiers: [versions[0]?.sha256] }]);
    const stub = await database.client.document.findUniqueOrThrow({
      where: { id },
      include: { versions: true },
    });
    expect(JSON.stringify(stub)).not.toMatch(/Secret|letter\.pdf/);
    expect(stub.versions).toMatchObject([{ wrappedKey: null, sha256: null }]);
    expect(await room.list.document(reader, id)).toMatchObject({ status: 'DESTROYED', allowedActions: [] });
    expect(await room.opening.openContent(reader, id)).toBeInstanceOf(DocumentStandsOtherwise);
    expect(await database.transaction((tx) => holder.record(tx, id))).toBeNull();
    // The storage follows, as the outbox says.
    const [message] = await database.client.outboxMessage.findMany({
      where: { topic: 'document.content-destroyed', subjectId: stub.versions[0]?.id },
    });
    expect(message).toBeDefined();
    expect(filesIn(folder)).toHaveLength(1);
    await room.scans.discardDestroyed(message?.subjectId ?? '');
    expect(filesIn(folder)).toEqual([]);
  });

  it('nothing goes when the transaction does not', async () => {
    const holder = holderOf();
    const { id } = await fileDocument(room, patientId);
    await expect(
      database.transaction(async (tx) => {
        await holder.destroy(tx, actor, id, destruction());
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    const opened = await room.opening.openContent(reader, id);
    expect('content' in opened && (await buffer(opened.content)).length).toBeGreaterThan(0);
  });
});

describe('for the person whom it is about', () => {
  it('all that is filed is copied, and nothing that was withdrawn', async () => {
    const access = new DocumentAccessService(new SubjectAccess(), room.config, room.record, room.vault);
    const bytes = aPdf();
    const letter = await fileDocument(room, patientId, bytes, { kind: 'CORRESPONDENCE', title: 'Letter' });
    const image = await fileDocument(room, patientId, aPdf(), { kind: 'IMAGE' });
    const wrong = await fileDocument(room, patientId);
    await room.changes.withdrawDocument(reader, {
      documentId: wrong.id,
      version: 0,
      reason: 'Of somebody else',
    });
    await fileDocument(room, otherId);
    const [section] = await database.transaction((tx) => access.collect(tx, patientId));
    expect(section?.records).toMatchObject([{ id: letter.id, title: 'Letter' }, { id: image.id }]);
    expect(JSON.parse(JSON.stringify(section?.records))).toEqual(section?.records);
    const files = await database.transaction((tx) => access.files(tx, patientId));
    expect(files).toMatchObject([
      { id: letter.id, path: `${letter.id}-1.pdf`, mediaType: 'application/pdf', isThirdParty: true },
      { id: image.id, isThirdParty: false },
    ]);
    const [first] = files;
    expect(first !== undefined && (await buffer(await first.open())).equals(bytes)).toBe(true);
  });
});
