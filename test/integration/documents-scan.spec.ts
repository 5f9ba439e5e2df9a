import { readFileSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DocumentNotOpenable, DocumentNotScannable } from '../../src/clinic/documents/document.refusals.js';
import { QUARANTINE_DAYS } from '../../src/clinic/documents/document-scan.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Clamd } from '../../src/platform/virus-scan/clamd.js';
import { ScannerUnavailable } from '../../src/platform/virus-scan/index.js';
import { CLAMD_BYTES_MAX, EICAR, startClamd, type TestClamd } from '../support/clamd.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  aPdf,
  aReader,
  type DocumentRoom,
  documentRoomOn,
  fileDocument,
  filesIn,
  flowing,
} from '../support/documents.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { until } from '../support/until.js';

// With ClamAV's real daemon, which knows one virus: the EICAR file.

const actor = aStaffActor();
const reader = aReader(actor);
const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let clamd: TestClamd;
let folder: string;
let room: DocumentRoom;
let patientId: string;

const TEXT = { fileName: 'note.txt', mediaType: 'text/plain' };

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  clamd = await startClamd();
});

afterAll(async () => {
  await clamd?.stop();
  await database?.close();
  await home?.drop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-scan-'));
  await database.client.outboxMessage.deleteMany();
  room = documentRoomOn(database, folder, { clock, settings: { CLAMD_URL: clamd.url } });
  patientId = (await makePatient(patientServiceOn(database))).id;
  return () => rm(folder, { recursive: true, force: true });
});

async function versionOf(documentId: string) {
  return database.client.documentVersion.findFirstOrThrow({
    where: { documentId },
    orderBy: { number: 'desc' },
  });
}

const posted = (topic: string) => database.client.outboxMessage.findMany({ where: { topic } });

describe('a file that comes in', () => {
  it('waits, is asked about, and opens once nothing was found', async () => {
    const bytes = aPdf();
    const { id, versions } = await fileDocument(room, patientId, bytes);
    expect(versions).toMatchObject([{ scanState: 'PENDING', isOpenable: false }]);
    const { id: versionId } = await versionOf(id);
    expect(await posted('document.filed')).toMatchObject([{ subjectId: versionId }]);
    const refused = await room.opening.openContent(reader, id);
    expect(refused).toBeInstanceOf(DocumentNotOpenable);
    expect(refused).toMatchObject({
      scanState: 'PENDING',
      message: expect.stringContaining('not been scanned'),
    });

    expect(await room.scans.scan(versionId)).toBeNull();
    const scanned = await room.list.document(reader, id);
    expect(scanned.versions).toMatchObject([{ scanState: 'CLEAN', threatName: null, isOpenable: true }]);
    expect(scanned.versions[0]?.scannedAt).not.toBeNull();
    const opened = await room.opening.openContent(reader, id);
    expect('content' in opened && (await buffer(opened.content)).equals(bytes)).toBe(true);
    const entries = await database.client.auditEntry.findMany({
      where: { subjectId: id, action: 'document.scanned' },
    });
    expect(entries).toMatchObject([{ actorKind: 'SYSTEM', actorLabel: 'virus-scan' }]);
    // Doing it twice is doing it once.
    expect(await room.scans.scan(versionId)).toBeNull();
    expect(
      await database.client.auditEntry.count({ where: { subjectId: id, action: 'document.scanned' } }),
    ).toBe(1);
  });

  it('is locked away when a virus is found, told of, and destroyed after its time', async () => {
    const { id } = await fileDocument(room, patientId, Buffer.from(EICAR), TEXT);
    const { id: versionId } = await versionOf(id);
    expect(await room.scans.scan(versionId)).toBeNull();
    const found = await room.list.document(reader, id);
    expect(found.versions).toMatchObject([
      { scanState: 'THREATS_FOUND', threatName: expect.stringContaining('Eicar'), isOpenable: false },
    ]);
    expect(await room.opening.openContent(reader, id)).toMatchObject({ scanState: 'THREATS_FOUND' });
    expect(await room.scans.documentsStopped()).toBe(1);
    expect(
      (await room.list.documents(reader, { scanStates: ['THREATS_FOUND'] }, { size: 5 })).items,
    ).toHaveLength(1);
    const [ending] = await posted('document.quarantine-ended');
    expect(ending).toMatchObject({ subjectId: versionId });
    expect(ending?.dueAt.getTime()).toBe(clock.now().add({ hours: QUARANTINE_DAYS * 24 }).epochMilliseconds);
    expect(filesIn(folder)).toHaveLength(1);

    await room.scans.destroyQuarantined(versionId);
    expect(filesIn(folder)).toEqual([]);
    expect(await versionOf(id)).toMatchObject({ wrappedKey: null, scanState: 'THREATS_FOUND' });
    expect(await room.opening.openContent(reader, id)).toMatchObject({
      message: 'Its content has been destroyed.',
    });
    expect(await room.scans.documentsStopped()).toBe(0);
    await room.scans.destroyQuarantined(versionId);
    const entries = await database.client.auditEntry.findMany({
      where: { subjectId: id, action: 'document.threat-destroyed' },
    });
    expect(entries).toHaveLength(1);
  });

  it('finds a virus behind a lot of text, wherever a part ends', async () => {
    const bytes = Buffer.from(`${'a harmless line\n'.repeat(20_000)}${EICAR}`);
    const scanner = new Clamd(clamd.url);
    for (const partBytes of [1, 7, 65_536].map((size) => (size === 1 ? bytes.length : size)))
      expect(await scanner.scan(flowing(bytes, partBytes))).toMatchObject({ kind: 'THREAT' });
  });

  it('is not called clean when it is larger than the scanner takes', async () => {
    const { id } = await fileDocument(room, patientId, Buffer.alloc(CLAMD_BYTES_MAX * 3, 'a'), TEXT);
    const version = await versionOf(id);
    // The scanner hangs up while we still send: its answer may be lost with the line, and then it is asked again.
    await until(async () => (await room.scans.scan(version.id)) === null);
    expect((await room.list.document(reader, id)).versions).toMatchObject([
      {
        scanState: 'VALIDATION_FAILED',
        isOpenable: false,
        scanProblem: expect.stringContaining('StreamMaxLength'),
      },
    ]);
    expect(await room.opening.openContent(reader, id)).toMatchObject({ scanState: 'VALIDATION_FAILED' });
  });

  it('is not called clean when what is stored was damaged', async () => {
    const { id } = await fileDocument(room, patientId);
    const [file = ''] = filesIn(folder);
    truncateSync(file, readFileSync(file).length - 1);
    expect(await room.scans.scan((await versionOf(id)).id)).toBeNull();
    expect((await room.list.document(reader, id)).versions).toMatchObject([
      { scanState: 'VALIDATION_FAILED', scanProblem: expect.stringContaining('seal') },
    ]);
  });

  it('waits while the scanner is away, says so, and is judged when it is back', async () => {
    const { id } = await fileDocument(room, patientId);
    const { id: versionId } = await versionOf(id);
    await clamd.kill();
    const again = await room.scans.scan(versionId);
    expect(again?.epochMilliseconds).toBe(clock.now().add({ minutes: 1 }).epochMilliseconds);
    expect((await room.list.document(reader, id)).versions).toMatchObject([
      { scanState: 'PENDING', scanProblem: 'The virus scanner does not answer.' },
    ]);
    const later = documentRoomOn(database, folder, {
      clock: new FixedClock(clock.now().add({ minutes: 11 })),
    });
    expect(await later.scans.documentsStopped()).toBeGreaterThanOrEqual(1);
    await clamd.restart();
    expect(await room.scans.scan(versionId)).toBeNull();
    expect((await room.list.document(reader, id)).versions).toMatchObject([
      { scanState: 'CLEAN', scanProblem: null },
    ]);
  });
});

describe('a file that is to be looked at again', () => {
  it('is one that came before there was a scanner', async () => {
    const before = documentRoomOn(database, folder, { clock, settings: keysOf(room) });
    const { id } = await fileDocument(before, patientId);
    expect(await before.rescans.scanDocumentAgain(reader, { documentId: id, number: 1 })).toBeInstanceOf(
      DocumentNotScannable,
    );
    const asked = await room.rescans.scanDocumentAgain(reader, { documentId: id, number: 1 });
    expect(asked).toMatchObject({ versions: [{ scanState: 'PENDING' }] });
    expect(await room.rescans.scanDocumentAgain(reader, { documentId: id, number: 1 })).toBeInstanceOf(
      DocumentNotScannable,
    );
    expect(await room.scans.scan((await versionOf(id)).id)).toBeNull();
    expect((await room.list.document(reader, id)).versions).toMatchObject([{ scanState: 'CLEAN' }]);
  });

  it('is none in which a virus was found, or that is not there', async () => {
    const { id } = await fileDocument(room, patientId, Buffer.from(EICAR), TEXT);
    await room.scans.scan((await versionOf(id)).id);
    expect(await room.rescans.scanDocumentAgain(reader, { documentId: id, number: 1 })).toBeInstanceOf(
      DocumentNotScannable,
    );
    await expect(room.rescans.scanDocumentAgain(reader, { documentId: id, number: 2 })).rejects.toThrow(
      'no such',
    );
  });
});

function keysOf({ config }: DocumentRoom): Readonly<Record<string, string>> {
  const [{ name, bytes } = { name: '', bytes: new Uint8Array() }] = config.documentsKeys;
  return { DOCUMENTS_KEYS: `${name}:${Buffer.from(bytes).toString('base64')}` };
}

describe('a scanner that misbehaves', () => {
  let server: Server;
  const answering = async (answer: string | null): Promise<Clamd> => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (answer === null ? socket.destroy() : socket.end(answer)));
    }).listen(0, '127.0.0.1');
    await new Promise((settle) => server.once('listening', settle));
    const address = server.address();
    return new Clamd(`tcp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
  };
  const end = () => new Promise((settle) => server.close(settle));

  it.each([
    ['closes without a word', null],
    ['says something else', 'UNKNOWN COMMAND\0'],
    ['says that it cannot', 'stream: Can’t allocate memory ERROR\0'],
    ['says a great deal', 'x'.repeat(10_000)],
    ['says OK of something else', 'other: OK\0'],
  ])('and %s has not judged', async (_, answer) => {
    const scanner = await answering(answer);
    await expect(scanner.scan(flowing(Buffer.alloc(5_000_000)))).rejects.toThrow(ScannerUnavailable);
    await end();
  });

  it('and says no while we still send is heard', async () => {
    const scanner = await answering('stream: Some.Virus FOUND\0');
    expect(await scanner.scan(flowing(Buffer.alloc(5_000_000)))).toEqual({
      kind: 'THREAT',
      name: 'Some.Virus',
    });
    await end();
  });

  it('is not to blame for what its content throws', async () => {
    const scanner = new Clamd(clamd.url);
    async function* goes(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      throw new Error('the storage went');
    }
    await expect(scanner.scan(goes())).rejects.toThrow('the storage went');
  });
});
