import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DocumentChangedMeanwhile,
  DocumentNotOpenable,
  DocumentStandsOtherwise,
  DocumentsNotKept,
  FileNotAcceptable,
  TooManyVersions,
} from '../../src/clinic/documents/document.refusals.js';
import type { Document } from '../../src/clinic/documents/document.type.js';
import type { DocumentReader } from '../../src/clinic/documents/document-reader.type.js';
import { ORPHAN_KEPT_HOURS } from '../../src/clinic/documents/document-sweep.service.js';
import { FILES_AT_ONCE_MAX } from '../../src/clinic/documents/document-vault.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { KeyMissing, SealBroken } from '../../src/platform/storage/index.js';
import { S3Storage } from '../../src/platform/storage/s3.storage.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  aDocumentsKey,
  aFile,
  aPdf,
  aReader,
  type DocumentRoom,
  documentRoomOn,
  fileDocument,
  filesIn,
  flowing,
  mustBeFiled,
} from '../support/documents.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { startS3 } from '../support/s3.js';

const actor = aStaffActor();
const reader = aReader(actor);
let home: TestDatabase;
let database: Database;
let folder: string;
let room: DocumentRoom;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
});

afterAll(async () => {
  await database?.close();
  await home?.drop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-documents-'));
  room = documentRoomOn(database, folder);
  patientId = (await makePatient(patientServiceOn(database))).id;
  return () => rm(folder, { recursive: true, force: true });
});

/** Everything that filing could leave behind. */
async function traces() {
  return {
    files: filesIn(folder).length,
    documents: await database.client.document.count(),
    versions: await database.client.documentVersion.count(),
    audit: await database.client.auditEntry.count({ where: { action: { startsWith: 'document' } } }),
    outbox: await database.client.outboxMessage.count({ where: { topic: { startsWith: 'document' } } }),
  };
}

const auditOf = (documentId: string) =>
  database.client.auditEntry.findMany({ where: { subjectId: documentId }, orderBy: { id: 'asc' } });

async function contentOf(documentId: string, number: number | null = null): Promise<Buffer> {
  const opened = await room.opening.openContent(reader, documentId, number);
  if (!('content' in opened)) throw new Error(`not opened: ${opened.message}`);
  return buffer(opened.content);
}

async function pathOf(documentId: string, number = 1): Promise<string> {
  const { storageKey } = await database.client.documentVersion.findFirstOrThrow({
    where: { documentId, number },
  });
  return join(folder, storageKey.slice(0, 2), storageKey);
}

describe('filing', () => {
  it('keeps the file sealed, its row, an audit entry, and asks nobody to scan where there is no scanner', async () => {
    const before = await traces();
    const bytes = aPdf('something that must not be read on the disk');
    const result = await room.documents.storeIn(
      actor,
      aFile(patientId, bytes, { kind: 'REPORT', title: 'MRI 2025', fileName: '../../MRI Müller.PDF' }),
    );
    const { outcome, document } = mustBeFiled(result);
    expect(outcome).toBe('FILED');
    expect(document).toMatchObject({
      patientId,
      subjectType: 'PATIENT',
      subjectId: patientId,
      kind: 'REPORT',
      title: 'MRI 2025',
      retentionClass: 'DOCUMENT',
      status: 'FILED',
      version: 0,
      filedById: actor.id,
    });
    expect(document.versions).toMatchObject([
      {
        number: 1,
        fileName: 'MRI Müller.pdf',
        mediaType: 'application/pdf',
        sizeBytes: bytes.length,
        scanState: 'NOT_SCANNED',
        isOpenable: true,
      },
    ]);
    expect(await traces()).toEqual({
      files: 1,
      documents: before.documents + 1,
      versions: before.versions + 1,
      audit: before.audit + 1,
      outbox: before.outbox,
    });
    const [file = ''] = filesIn(folder);
    expect(readFileSync(file).includes('must not be read')).toBe(false);
    const [entry] = await auditOf(document.id);
    expect(entry).toMatchObject({
      action: 'document.filed',
      actorId: actor.id,
      patientIds: [patientId],
      before: null,
    });
    expect((await contentOf(document.id)).equals(bytes)).toBe(true);
  });

  it('takes the file’s name for a title that is not given', async () => {
    expect((await fileDocument(room, patientId)).title).toBe('letter.pdf');
  });

  it('does not file the same content twice for one subject, and does for another', async () => {
    const bytes = aPdf();
    const first = await fileDocument(room, patientId, bytes);
    const again = mustBeFiled(
      await room.documents.storeIn(actor, aFile(patientId, bytes, { title: 'Again' })),
    );
    expect(again).toMatchObject({
      outcome: 'ALREADY_FILED',
      document: { id: first.id, title: 'letter.pdf' },
    });
    expect(filesIn(folder)).toHaveLength(1);
    const other = (await makePatient(patientServiceOn(database))).id;
    expect((await fileDocument(room, other, bytes)).id).not.toBe(first.id);
  });

  it('files it once when many send it at the same moment', async () => {
    const bytes = aPdf();
    const results = await Promise.all(
      Array.from({ length: 6 }, () => room.documents.storeIn(actor, aFile(patientId, bytes))),
    );
    const outcomes = results.map((result) => mustBeFiled(result).outcome).sort();
    expect(outcomes.filter((outcome) => outcome === 'FILED')).toHaveLength(1);
    expect(filesIn(folder)).toHaveLength(1);
  });

  it('files it anew when the other one was withdrawn', async () => {
    const bytes = aPdf();
    const first = await fileDocument(room, patientId, bytes);
    await room.changes.withdrawDocument(reader, { documentId: first.id, version: 0, reason: 'Misfiled' });
    expect((await fileDocument(room, patientId, bytes)).id).not.toBe(first.id);
  });

  it.each([
    ['EMPTY', Buffer.alloc(0), {}],
    ['TYPE_NOT_ALLOWED', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(300)]), {}],
    ['SECOND_NATURE', Buffer.from('<html><script>alert(1)</script>'), { mediaType: 'text/plain' }],
    ['NOT_TEXT', Buffer.from('a\u0000b'), { mediaType: 'text/plain' }],
    ['CUT_OFF', aPdf().subarray(0, -8), {}],
    ['TYPE_DISAGREES', aPdf(), { mediaType: 'image/png' }],
    ['NAME_DISAGREES', aPdf(), { fileName: 'letter.pdf.exe' }],
    ['TOO_LARGE', Buffer.alloc(1_100_000, 'a'), { mediaType: 'text/plain', fileName: 'a.txt' }],
  ] as const)('refuses %s, and leaves nothing behind', async (problem, bytes, parts) => {
    const small = documentRoomOn(database, folder, { settings: { DOCUMENT_MEGABYTES_MAX: '1' } });
    const before = await traces();
    const result = await small.documents.storeIn(actor, aFile(patientId, bytes, parts));
    expect(result).toBeInstanceOf(FileNotAcceptable);
    expect(result).toMatchObject({ problem });
    expect(await traces()).toEqual(before);
  });

  it('leaves nothing behind when the sender goes half-way', async () => {
    async function* goes(): AsyncGenerator<Uint8Array> {
      yield* flowing(Buffer.concat([aPdf(), Buffer.alloc(200_000)]));
      throw new Error('the sender went');
    }
    const before = await traces();
    await expect(room.documents.storeIn(actor, aFile(patientId, aPdf(), { stream: goes() }))).rejects.toThrow(
      'the sender went',
    );
    expect(await traces()).toEqual(before);
  });

  it('reads no byte for a subject that is not there, or that nobody answers for', async () => {
    let isRead = false;
    async function* unread(): AsyncGenerator<Uint8Array> {
      isRead = true;
      yield aPdf();
    }
    const before = await traces();
    const stream = unread();
    await expect(room.documents.storeIn(actor, aFile(randomUUID(), aPdf(), { stream }))).rejects.toThrow(
      'There is no such patient',
    );
    await expect(
      room.documents.storeIn(actor, aFile(patientId, aPdf(), { stream, subjectType: 'VISIT' })),
    ).rejects.toThrow('nothing is filed with VISIT yet');
    await expect(
      room.documents.storeIn(actor, aFile(patientId, aPdf(), { stream, patientId: randomUUID() })),
    ).rejects.toThrow('is not whom this is about');
    expect(isRead).toBe(false);
    expect(await traces()).toEqual(before);
  });

  it('lets a later room say whom its subject is about', async () => {
    const referralId = randomUUID();
    room.subjects.register({
      type: 'REFERRAL',
      permission: 'READ_REFERRAL',
      mustExist: async () => ({ patientId }),
    });
    const document = await fileDocument(room, patientId, aPdf(), {
      subjectType: 'REFERRAL',
      subjectId: referralId,
    });
    expect(document).toMatchObject({ patientId, subjectType: 'REFERRAL', subjectId: referralId });
    expect(() =>
      room.subjects.register({
        type: 'REFERRAL',
        permission: 'READ_REFERRAL',
        mustExist: async () => ({ patientId: null }),
      }),
    ).toThrow('two rooms');
  });

  it.each([
    ['is a patient’s by now', true, 'DOCUMENT'],
    ['is nobody’s yet', false, 'ENQUIRY_UNCONVERTED'],
  ] as const)('of an enquiry that %s, keeps it by that rule', async (_, isPatients, retentionClass) => {
    room.subjects.register({
      type: 'ENQUIRY',
      permission: 'READ_ENQUIRY',
      mustExist: async () => ({ patientId: isPatients ? patientId : null }),
    });
    const kept = { subjectType: 'ENQUIRY', retentionClass: 'ENQUIRY_UNCONVERTED' } as const;
    expect(await fileDocument(room, patientId, aPdf(), { ...kept, subjectId: randomUUID() })).toMatchObject({
      retentionClass,
    });
  });

  it('keeps a content whose row the database did not answer for, until the sweep has looked', async () => {
    const clock = new FixedClock();
    const own = documentRoomOn(database, folder, { clock });
    await own.sweep.sweepAtStart();
    own.record.add = async () => {
      throw new Error('the connection went');
    };
    await expect(own.documents.storeIn(actor, aFile(patientId, aPdf()))).rejects.toThrow(
      'the connection went',
    );
    expect(filesIn(folder)).toHaveLength(1);
    for (const file of filesIn(folder)) setAge(file, clock, 1);
    expect((await own.sweep.sweep()).orphans).toBe(0);
    for (const file of filesIn(folder)) setAge(file, clock, ORPHAN_KEPT_HOURS + 1);
    expect((await own.sweep.sweep()).orphans).toBe(1);
    expect(filesIn(folder)).toEqual([]);
  });

  it('takes so many files at once, and no more', async () => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((settle) => {
      end = settle;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield aPdf();
      await ended;
    }
    const before = await traces();
    const coming = Array.from({ length: FILES_AT_ONCE_MAX }, () =>
      room.vault.take({ fileName: 'a.pdf', stream: slow() }),
    );
    await expect(room.documents.storeIn(actor, aFile(patientId, aPdf()))).rejects.toThrow('Too many files');
    end();
    for (const taken of await Promise.all(coming)) {
      if (!('storageKey' in taken)) throw new Error(taken.message);
      await room.vault.discard(taken.storageKey);
    }
    expect(await traces()).toEqual(before);
    await fileDocument(room, patientId);
  });

  it('is not done where there is no key', async () => {
    const settings = {
      DATABASE_URL: 'postgresql://facet@db/facet',
      DOCUMENTS_KEYS: '',
      DOCUMENTS_FOLDER: '',
    };
    const none = documentRoomOn(database, folder, { settings });
    expect(await none.documents.storeIn(actor, aFile(patientId, aPdf()))).toBeInstanceOf(DocumentsNotKept);
    expect(await none.opening.openContent(reader, randomUUID())).toBeInstanceOf(DocumentsNotKept);
    expect(filesIn(folder)).toEqual([]);
  });
});

function setAge(file: string, clock: FixedClock, hours: number): void {
  const seconds = clock.now().subtract({ hours }).epochMilliseconds / 1_000;
  utimesSync(file, seconds, seconds);
}

describe('versions', () => {
  it('follow one another, and each can be opened', async () => {
    const [one, two] = [aPdf('one'), aPdf('two')];
    const { id } = await fileDocument(room, patientId, one);
    const changed = mustBeFiled(
      await room.documents.storeVersion(reader, id, { fileName: 'new.pdf', stream: flowing(two) }),
    );
    expect(changed).toMatchObject({ outcome: 'NEW_VERSION', document: { id, version: 1 } });
    expect(changed.document.versions.map(({ number }) => number)).toEqual([1, 2]);
    expect((await contentOf(id)).equals(two)).toBe(true);
    expect((await contentOf(id, 1)).equals(one)).toBe(true);
    const again = await room.documents.storeVersion(reader, id, {
      fileName: 'new.pdf',
      stream: flowing(two),
    });
    expect(again).toMatchObject({ outcome: 'ALREADY_FILED' });
    const back = await room.documents.storeVersion(reader, id, { fileName: 'new.pdf', stream: flowing(one) });
    expect(back).toMatchObject({ outcome: 'NEW_VERSION' });
    expect(filesIn(folder)).toHaveLength(3);
    const actions = (await auditOf(id)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'document.version-filed')).toHaveLength(2);
  });

  it('get numbers of their own when several come at once', async () => {
    const { id } = await fileDocument(room, patientId);
    await Promise.all(
      Array.from({ length: 5 }, () =>
        room.documents.storeVersion(reader, id, { fileName: 'a.pdf', stream: flowing(aPdf()) }),
      ),
    );
    const { versions } = await room.list.document(reader, id);
    expect(versions.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('are refused for what was withdrawn, and beyond their limit', async () => {
    const { id } = await fileDocument(room, patientId);
    const more = () =>
      room.documents.storeVersion(reader, id, { fileName: 'a.pdf', stream: flowing(aPdf()) });
    await database.client.documentVersion.createMany({
      data: Array.from({ length: 49 }, (_, index) => ({
        documentId: id,
        number: index + 2,
        storageKey: randomUUID().replaceAll('-', ''),
        fileName: 'a.pdf',
        mediaType: 'application/pdf',
        sizeBytes: 1,
        sha256: new Uint8Array(32),
        keyName: '2026',
        wrappedKey: new Uint8Array(60),
        scanState: 'NOT_SCANNED' as const,
        filedAt: new Date('2026-01-01'),
      })),
    });
    const before = await traces();
    expect(await more()).toBeInstanceOf(TooManyVersions);
    await room.changes.withdrawDocument(reader, { documentId: id, version: 0, reason: 'Misfiled' });
    expect(await more()).toBeInstanceOf(DocumentStandsOtherwise);
    expect((await traces()).files).toBe(before.files);
    await database.client.documentVersion.deleteMany({ where: { documentId: id } });
  });
});

describe('what people do with a document', () => {
  let document: Document;
  beforeEach(async () => {
    document = await fileDocument(room, patientId);
  });
  const seen = (version = 0) => ({ documentId: document.id, version });

  it('describe it', async () => {
    const changed = await room.changes.describeDocument(reader, {
      ...seen(),
      title: ' Letter ',
      kind: 'REPORT',
    });
    expect(changed).toMatchObject({ title: 'Letter', kind: 'REPORT', version: 1 });
    const entry = (await auditOf(document.id)).at(-1);
    expect(entry).toMatchObject({
      action: 'document.described',
      before: { title: 'letter.pdf' },
      after: { title: 'Letter' },
    });
    await expect(room.changes.describeDocument(reader, seen(1))).rejects.toThrow('say a title or a kind');
  });

  it('say how long it is kept', async () => {
    const changed = await room.changes.setDocumentRetention(reader, {
      ...seen(),
      retentionClass: 'PSYCHOLOGY',
    });
    expect(changed).toMatchObject({ retentionClass: 'PSYCHOLOGY' });
  });

  it('withdraw it and put it back', async () => {
    const withdrawn = await room.changes.withdrawDocument(reader, {
      ...seen(),
      reason: ' Of somebody else ',
    });
    expect(withdrawn).toMatchObject({
      status: 'WITHDRAWN',
      withdrawnReason: 'Of somebody else',
      allowedActions: ['RESTORE'],
    });
    expect(await room.opening.openContent(reader, document.id)).toBeInstanceOf(DocumentStandsOtherwise);
    expect((await room.list.ofPatients(reader, [patientId])).get(patientId)).toEqual([]);
    expect(await room.changes.withdrawDocument(reader, { ...seen(1), reason: 'Again' })).toBeInstanceOf(
      DocumentStandsOtherwise,
    );
    expect(await room.changes.restoreDocument(reader, seen(1))).toMatchObject({
      status: 'FILED',
      withdrawnReason: null,
    });
    expect(await room.changes.restoreDocument(reader, seen(2))).toBeInstanceOf(DocumentStandsOtherwise);
    expect(await contentOf(document.id)).toHaveLength(document.versions[0]?.sizeBytes ?? 0);
  });

  it('change nothing that somebody else has changed meanwhile', async () => {
    await room.changes.describeDocument(reader, { ...seen(), title: 'One' });
    const before = await traces();
    expect(await room.changes.describeDocument(reader, { ...seen(), title: 'Two' })).toBeInstanceOf(
      DocumentChangedMeanwhile,
    );
    expect(await traces()).toEqual(before);
  });
});

describe('opening', () => {
  it('is written down before the first byte', async () => {
    const { id } = await fileDocument(room, patientId);
    const opened = await room.opening.openContent(reader, id);
    expect((await auditOf(id)).at(-1)).toMatchObject({
      action: 'document.opened',
      actorId: actor.id,
      patientIds: [patientId],
      after: { versionNumber: 1 },
    });
    if ('content' in opened) opened.content.destroy();
  });

  it.each(['', 'no id', randomUUID()])(
    'answers the same for %j as for a version that is not there',
    async (id) => {
      await expect(room.opening.openContent(reader, id)).rejects.toThrow('There is no such document');
      const document = await fileDocument(room, patientId);
      await expect(room.opening.openContent(reader, document.id, 7)).rejects.toThrow(
        'There is no such document',
      );
    },
  );

  it('is refused while the policy waits for a scanner', async () => {
    const waiting = documentRoomOn(database, folder, { settings: { DOCUMENTS_UNSCANNED: 'wait' } });
    const { id, versions } = await fileDocument(waiting, patientId);
    expect(versions[0]?.isOpenable).toBe(false);
    const before = await traces();
    expect(await waiting.opening.openContent(reader, id)).toBeInstanceOf(DocumentNotOpenable);
    expect(await traces()).toEqual(before);
  });

  it('ends in an error when what is stored was cut off, changed, exchanged or lost', async () => {
    const large = Buffer.concat([aPdf(), Buffer.alloc(200_000, ' '), aPdf()]);
    const { id } = await fileDocument(room, patientId, large);
    const { id: otherId } = await fileDocument(room, patientId, Buffer.concat([large, aPdf()]));
    const path = await pathOf(id);
    const whole = readFileSync(path);
    truncateSync(path, whole.length - 1);
    await expect(contentOf(id)).rejects.toThrow(SealBroken);
    truncateSync(path, 65_552 + 15);
    await expect(contentOf(id)).rejects.toThrow(SealBroken);
    writeFileSync(
      path,
      whole.map((byte, index) => (index === 70_000 ? byte ^ 1 : byte)),
    );
    await expect(contentOf(id)).rejects.toThrow(SealBroken);
    copyFileSync(await pathOf(otherId), path);
    await expect(contentOf(id)).rejects.toThrow(SealBroken);
    unlinkSync(path);
    await expect(contentOf(id)).rejects.toThrow(SealBroken);
    writeFileSync(path, whole);
    expect((await contentOf(id)).equals(large)).toBe(true);
  });

  it('does not exchange the keys of two rows', async () => {
    const one = await fileDocument(room, patientId);
    const two = await fileDocument(room, patientId);
    const { wrappedKey } = await database.client.documentVersion.findFirstOrThrow({
      where: { documentId: two.id },
    });
    await database.client.documentVersion.updateMany({ where: { documentId: one.id }, data: { wrappedKey } });
    await expect(contentOf(one.id)).rejects.toThrow(SealBroken);
  });

  it('needs the key that it was sealed under', async () => {
    const { id } = await fileDocument(room, patientId);
    const other = documentRoomOn(database, folder, { settings: { DOCUMENTS_KEYS: aDocumentsKey('2027') } });
    await expect(other.opening.openContent(reader, id)).rejects.toThrow(KeyMissing);
  });
});

describe('the database', () => {
  it.each([
    ['another content', { sha256: new Uint8Array(32) }, 'never changed'],
    ['another place', { storageKey: 'f'.repeat(32) }, 'never changed'],
    ['another length', { sizeBytes: 7 }, 'never changed'],
    ['a number that is taken', { number: 2 }, 'never changed'],
    [
      'a threat without a name',
      { scanState: 'THREATS_FOUND' as const, scannedAt: new Date('2026-01-01') },
      'judged',
    ],
    ['a verdict without its time', { scanState: 'CLEAN' as const }, 'judged'],
    ['no key for what is there', { wrappedKey: null }, 'sealed'],
    ['a name that is too long', { fileName: 'é'.repeat(128) }, 'in_bounds'],
  ])('lets no row have %s', async (_, data, words) => {
    const { id } = await fileDocument(room, patientId);
    await expect(
      database.client.documentVersion.updateMany({ where: { documentId: id }, data }),
    ).rejects.toThrow(words);
  });

  it.each([
    ['withdrawn by nobody', { withdrawnAt: new Date('2026-01-01') }, 'withdrawn_whole'],
    ['a patient’s of nobody', { patientId: null }, 'of_their_patient'],
  ])('lets no document be %s', async (_, data, words) => {
    const { id } = await fileDocument(room, patientId);
    await expect(database.client.document.update({ where: { id }, data })).rejects.toThrow(words);
  });
});

describe('the list', () => {
  it('is narrowed, paged, and written down', async () => {
    const ids: string[] = [];
    for (const kind of ['REPORT', 'OTHER', 'REPORT'] as const)
      ids.push((await fileDocument(room, patientId, aPdf(), { kind })).id);
    const [first = '', second = '', third = ''] = ids;
    const found = async (filter: Parameters<typeof room.list.documents>[1]) =>
      (await room.list.documents(reader, filter, { size: 25 })).items.map(({ id }) => id);
    expect(await found({ patientId })).toEqual([third, second, first]);
    expect(await found({ patientId, kinds: ['REPORT'] })).toEqual([third, first]);
    expect(await found({ subjectType: 'PATIENT', subjectId: patientId })).toHaveLength(3);
    expect(await found({ patientId, scanStates: ['PENDING'] })).toEqual([]);
    await room.changes.withdrawDocument(reader, { documentId: second, version: 0, reason: 'Misfiled' });
    expect(await found({ patientId })).toEqual([third, first]);
    expect(await found({ patientId, statuses: ['WITHDRAWN'] })).toEqual([second]);
    const page = await room.list.documents(reader, { patientId }, { size: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([third]);
    const next = await room.list.documents(reader, { patientId }, { size: 1, after: page.nextCursor });
    expect(next).toMatchObject({ items: [{ id: first }], nextCursor: null });
    const look = await database.client.auditEntry.findFirst({
      where: { action: 'documents.listed' },
      orderBy: { id: 'desc' },
    });
    expect(look).toMatchObject({ patientIds: [patientId], after: { documentIds: [first] } });
  });
});

describe('the reach', () => {
  const RECEPTION = aReader(actor, ['RECEPTION']);
  const IMAGING = aReader(actor, ['IMAGING']);
  const idsFor = async (who: DocumentReader) => ({
    listed: (await room.list.documents(who, { patientId }, { size: 25 })).items.map(({ id }) => id),
    ofPatient: ((await room.list.ofPatients(who, [patientId])).get(patientId) ?? []).map(({ id }) => id),
  });
  const everyDoor = (who: DocumentReader, documentId: string) => [
    () => room.list.document(who, documentId),
    () => room.opening.openContent(who, documentId),
    () => room.opening.contentFacts(who, documentId),
    () => room.documents.storeVersion(who, documentId, { fileName: 'a.pdf', stream: flowing(aPdf()) }),
    () => room.changes.describeDocument(who, { documentId, version: 0, title: 'Mine' }),
    () => room.changes.withdrawDocument(who, { documentId, version: 0, reason: 'Mine' }),
    () => room.rescans.scanDocumentAgain(who, { documentId, number: 1 }),
  ];
  const mustBeHidden = async (who: DocumentReader, documentId: string) => {
    const before = await traces();
    for (const ask of everyDoor(who, documentId)) await expect(ask()).rejects.toThrow('no such document');
    expect(await traces()).toEqual(before);
  };

  it('of a document is that of the thing it belongs to', async () => {
    room.subjects.register({
      type: 'ENQUIRY',
      permission: 'READ_ENQUIRY',
      mustExist: async () => ({ patientId }),
    });
    const subjectId = randomUUID();
    const ofEnquiry = await fileDocument(room, patientId, aPdf(), { subjectType: 'ENQUIRY', subjectId });
    const own = await fileDocument(room, patientId);
    expect(await idsFor(RECEPTION)).toEqual({
      listed: [own.id, ofEnquiry.id],
      ofPatient: [own.id, ofEnquiry.id],
    });
    expect(await idsFor(IMAGING)).toEqual({ listed: [own.id], ofPatient: [own.id] });
    await mustBeHidden(IMAGING, ofEnquiry.id);
    const file = aFile(patientId, aPdf(), { subjectType: 'ENQUIRY', subjectId });
    const before = await traces();
    await expect(room.documents.storeFor(IMAGING, file)).rejects.toThrow('no such enquiry');
    expect(await traces()).toEqual(before);
    expect(mustBeFiled(await room.documents.storeFor(RECEPTION, file)).outcome).toBe('FILED');
    await expect(
      room.documents.storeFor(RECEPTION, { ...aFile(patientId, aPdf()), subjectType: 'VISIT' }),
    ).rejects.toThrow('nothing is filed with VISIT yet');
  });

  it.each([
    ['CLINICIAN', true],
    ['MDT_MEMBER', true],
    ['RECEPTION', false],
    ['MANAGER', false],
    ['ADMIN', false],
  ] as const)('of a paper of psychology, for %s: %s', async (role, isReached) => {
    const { id } = await fileDocument(room, patientId, aPdf(), { retentionClass: 'PSYCHOLOGY' });
    const who = aReader(actor, [role]);
    const ids = isReached ? [id] : [];
    expect(await idsFor(who)).toEqual({ listed: ids, ofPatient: ids });
    if (isReached) expect(await room.list.document(who, id)).toMatchObject({ id });
    else await mustBeHidden(who, id);
    const another = aFile(patientId, aPdf(), { retentionClass: 'PSYCHOLOGY' });
    if (isReached) expect(mustBeFiled(await room.documents.storeFor(who, another)).outcome).toBe('FILED');
    else await expect(room.documents.storeFor(who, another)).rejects.toThrow('may not file under PSYCHOLOGY');
  });
});

describe('the sweep', () => {
  it('at the start of the embedded installation removes every part, at any other start only old ones', async () => {
    const clock = new FixedClock(Temporal.Instant.from('2100-01-01T00:00:00Z'));
    const parts = join(folder, '.parts');
    await fileDocument(room, patientId);
    const leave = () => writeFileSync(join(parts, 'left'), 'half a file');
    leave();
    const outside = { DATABASE_URL: 'postgresql://facet@db/facet' };
    const shared = documentRoomOn(database, folder, { clock, settings: outside });
    setAge(join(parts, 'left'), clock, 0);
    expect(await shared.sweep.sweepAtStart()).toBe(0);
    setAge(join(parts, 'left'), clock, 2);
    expect(await shared.sweep.sweepAtStart()).toBe(1);
    leave();
    expect(await documentRoomOn(database, folder, { clock }).sweep.sweepAtStart()).toBe(1);
    expect(filesIn(folder)).toHaveLength(1);
  });

  it('removes no content that has a row, however old', async () => {
    const clock = new FixedClock(Temporal.Instant.from('2100-01-01T00:00:00Z'));
    const { id } = await fileDocument(room, patientId);
    const own = documentRoomOn(database, folder, {
      clock,
      settings: { DOCUMENTS_KEYS: keysSetting(room) },
    });
    expect((await own.sweep.sweep()).orphans).toBe(0);
    expect((await contentOf(id)).length).toBeGreaterThan(0);
  });

  describe('in a storage', () => {
    const LATER = new FixedClock(Temporal.Instant.from('2100-01-01T00:00:00Z'));
    const laterRoom = (on: Database) =>
      documentRoomOn(on, folder, { clock: LATER, settings: { DOCUMENTS_KEYS: keysSetting(room) } });
    const anOrphan = async () => {
      const taken = await room.vault.take({ fileName: 'a.pdf', stream: flowing(aPdf()) });
      if (!('storageKey' in taken)) throw new Error(taken.message);
    };
    let strangers: TestDatabase;
    let strange: Database;

    beforeAll(async () => {
      strangers = await createTestDatabase();
      strange = new Database(strangers.url);
    });
    afterAll(async () => {
      await strange?.close();
      await strangers?.drop();
    });

    it('that is another installation’s removes nothing, and says so', async () => {
      await room.sweep.sweep();
      await fileDocument(room, patientId);
      await anOrphan();
      const other = laterRoom(strange);
      const stopped = await other.scans.documentsStopped();
      expect(await other.sweep.sweepAtStart()).toBe(0);
      expect(await other.sweep.sweep()).toEqual({ parts: 0, orphans: 0, rewrapped: 0 });
      expect(filesIn(folder)).toHaveLength(2);
      expect(await other.scans.documentsStopped()).toBe(stopped + 1);
      expect(await laterRoom(database).sweep.sweep()).toMatchObject({ orphans: 1 });
      expect(filesIn(folder)).toHaveLength(1);
      await rm(folder, { recursive: true });
      expect(await other.sweep.sweep()).toMatchObject({ orphans: 0 });
      expect(await other.scans.documentsStopped()).toBe(stopped);
    });

    it('of before, which has no name yet, is that database’s whose documents lie there', async () => {
      const { id } = await fileDocument(room, patientId);
      await fileDocument(room, patientId);
      await anOrphan();
      const other = laterRoom(strange);
      expect(await other.sweep.sweep()).toMatchObject({ orphans: 0 });
      // One paper of a stranger’s among many makes it no stranger’s storage.
      const strangersPatient = (await makePatient(patientServiceOn(strange))).id;
      await fileDocument(other, strangersPatient);
      expect(await other.sweep.sweep()).toMatchObject({ orphans: 0 });
      expect(filesIn(folder)).toHaveLength(4);
      expect(await laterRoom(database).sweep.sweep()).toMatchObject({ orphans: 2 });
      expect(await other.sweep.sweep()).toMatchObject({ orphans: 0 });
      expect((await contentOf(id)).length).toBeGreaterThan(0);
    });

    it('of S3 is told apart the same way', async () => {
      const s3 = await startS3();
      const { url: endpoint, bucket, accessKeyId, secretAccessKey } = s3;
      const storage = new S3Storage({
        endpoint,
        bucket,
        region: 'eu-west-2',
        accessKeyId,
        secretAccessKey,
      });
      const settings = { DOCUMENTS_KEYS: keysSetting(room) };
      const [own, other] = [database, strange].map((on) =>
        documentRoomOn(on, folder, { clock: LATER, settings, storage }),
      );
      if (own === undefined || other === undefined) throw new Error('two rooms were asked for');
      try {
        expect(await own.installation.isStorageOurs()).toBe(true);
        const { id } = await fileDocument(own, patientId);
        expect(await other.sweep.sweep()).toMatchObject({ orphans: 0 });
        expect(await own.sweep.sweep()).toMatchObject({ orphans: 0 });
        const opened = await own.opening.openContent(reader, id);
        expect('content' in opened && (await buffer(opened.content)).length).toBeGreaterThan(0);
      } finally {
        await storage.close();
        await s3.stop();
      }
    });

    it('is named once, whoever comes together', async () => {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => laterRoom(strange).installation.isStorageOurs()),
      );
      expect(answers).toEqual([true, true, true, true]);
    });
  });

  it('brings every key under the first master key, after which the old one is needed no more', async () => {
    await database.client.documentVersion.deleteMany();
    const { id } = await fileDocument(room, patientId);
    const next = aDocumentsKey('2027');
    const both = documentRoomOn(database, folder, {
      settings: { DOCUMENTS_KEYS: `${next},${keysSetting(room)}` },
    });
    expect((await both.sweep.sweep()).rewrapped).toBe(1);
    expect((await both.sweep.sweep()).rewrapped).toBe(0);
    room = documentRoomOn(database, folder, { settings: { DOCUMENTS_KEYS: next } });
    expect((await contentOf(id)).length).toBeGreaterThan(0);
  });
});

function keysSetting({ config }: DocumentRoom): string {
  return config.documentsKeys
    .map(({ name, bytes }) => `${name}:${Buffer.from(bytes).toString('base64')}`)
    .join(',');
}
