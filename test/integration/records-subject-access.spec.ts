import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBuffer } from 'yauzl';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { SubjectAccessDownloadService } from '../../src/clinic/records/subject-access-download.service.js';
import { SubjectAccessHandoverService } from '../../src/clinic/records/subject-access-handover.service.js';
import { SubjectAccessRecordService } from '../../src/clinic/records/subject-access-record.service.js';
import { SubjectAccessRequestService } from '../../src/clinic/records/subject-access-request.service.js';
import type { SubjectAccessRequest } from '../../src/clinic/records/subject-access-request.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makePatient, patientServiceOn } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';

const NOW = '2027-01-31T09:00:00Z';
const PAGE = { size: 100 };
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: RecordsRoom;
let requests: SubjectAccessRequestService;
let handover: SubjectAccessHandoverService;
let patient: Patient;
/** What the other room has, as this test changes it. */
let letter = Buffer.from('A letter about you.');
let notes: object[] = [];

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = await recordsOn(database, clock);
  requests = room.get(SubjectAccessRequestService);
  handover = room.get(SubjectAccessHandoverService);
  room.get(SubjectAccess).register({
    room: 'visits',
    collect: async () => [{ name: 'notes', about: 'Notes.', records: notes, thirdPartyFields: ['text'] }],
    files: async () => [
      {
        ...{ id: 'letter', path: '../letter 1.txt', mediaType: 'text/plain', isThirdParty: false },
        open: async () => Readable.from([letter.subarray(0, 5), letter.subarray(5)]),
      },
    ],
  });
});
beforeEach(async () => {
  clock.set(NOW);
  letter = Buffer.from('A letter about you.');
  notes = [];
  patient = await makePatient(patientServiceOn(database, clock));
});
afterAll(async () => {
  await room.module.close();
  await database.close();
  await home.drop();
});

const must = <T extends object>(result: T): Exclude<T, Refusal> => {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<T, Refusal>;
};
const ask = () =>
  requests.exportPatient(room.starter, { patientId: patient.id, reason: 'All of it.', askedBy: 'PATIENT' });
const standing = (request: SubjectAccessRequest) =>
  room.get(SubjectAccessRecordService).subjectAccessRequest(room.starter, request.id);
const audits = (action: string) =>
  database.client.auditEntry.count({ where: { action, patientIds: { has: patient.id } } });

async function counts() {
  return [
    await database.client.auditEntry.count(),
    await database.client.outboxMessage.count(),
    await database.client.subjectAccessRequest.findMany({ orderBy: { id: 'asc' } }),
  ];
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** By a foreign reader: every file of the archive, by path. */
function unzip(archive: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const files = new Map<string, Buffer>();
      zip.on('error', reject);
      zip.on('end', () => resolve(files));
      zip.on('entry', (entry: { fileName: string }) => {
        zip.openReadStream(entry as never, (failed, stream) => {
          if (failed) return reject(failed);
          bytesOf(stream).then((bytes) => {
            files.set(entry.fileName, bytes);
            zip.readEntry();
          }, reject);
        });
      });
      zip.readEntry();
    });
  });
}

const fetched = async (request: SubjectAccessRequest) => {
  const archive = await room.get(SubjectAccessDownloadService).fetchCopy(room.starter, request.id);
  return unzip(await bytesOf(must(archive).content));
};
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('the clock', () => {
  it('of a request of 31 January ends on 28 February, and stands while it is paused', async () => {
    const request = await ask();
    expect(request).toMatchObject({
      ...{ receivedOn: '2027-01-31', dueOn: '2027-02-28', status: 'OPEN', isOverdue: false },
      ...{ copyStatus: 'PREPARING', pausedDays: 0 },
    });
    clock.set('2027-02-05T09:00:00Z');
    const paused = await requests.pauseSubjectAccess(room.starter, {
      requestId: request.id,
      reason: 'IDENTITY',
    });
    expect(paused).toMatchObject({ status: 'PAUSED', pausedOn: '2027-02-05', pauseReason: 'IDENTITY' });
    clock.set('2027-02-15T09:00:00Z');
    const resumed = await requests.resumeSubjectAccess(room.starter, request.id);
    expect(resumed).toMatchObject({ status: 'OPEN', pausedDays: 10, dueOn: '2027-03-10', pausedOn: null });
    const extended = await requests.extendSubjectAccess(room.starter, {
      requestId: request.id,
      reason: 'Twenty years of it.',
    });
    expect(extended).toMatchObject({ dueOn: '2027-05-10', extendedOn: '2027-02-15' });
    expect(await audits('subject-access.paused')).toBe(1);
    expect(await audits('subject-access.resumed')).toBe(1);
    expect(await audits('subject-access.extended')).toBe(1);
  });

  it('shows what is late', async () => {
    const request = await ask();
    clock.set('2027-03-01T09:00:00Z');
    const records = room.get(SubjectAccessRecordService);
    const { items } = await records.subjectAccessRequests(
      room.starter,
      { patientId: patient.id, overdue: true },
      PAGE,
    );
    expect(items).toMatchObject([{ id: request.id, isOverdue: true }]);
    clock.set('2027-02-28T09:00:00Z');
    expect(
      (await records.subjectAccessRequests(room.starter, { patientId: patient.id, overdue: true }, PAGE))
        .items,
    ).toEqual([]);
  });

  it('refuses what does not fit, and leaves everything as it was', async () => {
    const request = await ask();
    must(
      await requests.refuseSubjectAccess(room.starter, {
        requestId: request.id,
        reason: 'Manifestly excessive.',
      }),
    );
    const before = await counts();
    const refused = { code: 'SubjectAccessStandsOtherwise', status: 'REFUSED', allowedActions: [] };
    const input = { requestId: request.id, reason: 'Again.' };
    expect(await requests.withdrawSubjectAccess(room.starter, input)).toMatchObject(refused);
    expect(await requests.resumeSubjectAccess(room.starter, request.id)).toMatchObject(refused);
    expect(await handover.answerSubjectAccess(room.starter, request.id)).toMatchObject(refused);
    expect(await counts()).toEqual(before);
    const late = await ask();
    clock.set('2027-03-01T09:00:00Z');
    expect(
      await requests.extendSubjectAccess(room.starter, { requestId: late.id, reason: 'Late.' }),
    ).toMatchObject({
      ...{ code: 'ExtensionTooLate', toldBy: '2027-02-28' },
    });
    await expect(
      requests.exportPatient(room.starter, { patientId: patient.id, reason: 'x', askedBy: 'SOLICITOR' }),
    ).rejects.toThrow(/askerName/);
    await expect(
      requests.exportPatient(room.starter, {
        patientId: patient.id,
        reason: 'x',
        askedBy: 'PATIENT',
        receivedOn: '2027-03-02',
      }),
    ).rejects.toThrow(/future/);
  });
});

describe('a copy', () => {
  it('holds what every room has, with fingerprints that are true', async () => {
    const request = await ask();
    await room.work();
    const ready = await standing(request);
    expect(ready).toMatchObject({ copyStatus: 'READY', preparedAt: clock.now(), thirdPartyCount: 0 });
    const files = await fetched(request);
    const manifest = JSON.parse(files.get('manifest.json')?.toString('utf8') ?? '');
    expect(sha256(files.get('manifest.json') ?? Buffer.alloc(0))).toBe(ready.manifestSha256);
    expect(manifest).toMatchObject({ requestId: request.id, localNumber: patient.localNumber, withheld: [] });
    const named = new Map<string, { sha256: string; sizeBytes: number }>(
      manifest.files.map((file: { path: string }) => [file.path, file]),
    );
    for (const [path, bytes] of files) {
      if (path === 'manifest.json' || path === 'SHA256SUMS') continue;
      expect(named.get(path), path).toMatchObject({ sha256: sha256(bytes), sizeBytes: bytes.length });
    }
    expect(files.size).toBe(named.size + 2);
    expect(files.size).toBe(ready.filesCount);
    expect(files.get('visits/files/letter 1.txt')?.toString()).toBe('A letter about you.');
    expect(JSON.parse(files.get('patients/patient.json')?.toString() ?? '').records[0]).toMatchObject({
      ...{ familyName: patient.familyName, localNumber: patient.localNumber },
    });
    expect(files.get('README.txt')?.toString()).toContain(patient.localNumber);
    for (const line of (files.get('SHA256SUMS')?.toString() ?? '').trim().split('\n')) {
      const [hash, path] = line.split('  ');
      expect(sha256(files.get(path ?? '') ?? Buffer.alloc(0))).toBe(hash);
    }
  });

  it('is recorded each time that it is fetched, and gone when its time is over', async () => {
    const request = await ask();
    await room.work();
    await fetched(request);
    await fetched(request);
    expect((await standing(request)).downloadsCount).toBe(2);
    expect(await audits('subject-access.fetched')).toBe(2);
    clock.advance({ hours: 24 * 30 });
    const fetch = () => room.get(SubjectAccessDownloadService).fetchCopy(room.starter, request.id);
    expect(await fetch()).toMatchObject({ code: 'CopyNotReady', trouble: 'EXPIRED' });
    await room.work();
    expect(await standing(request)).toMatchObject({ copyStatus: 'EXPIRED' });
    expect(await database.client.subjectAccessPart.count({ where: { requestId: request.id } })).toBe(0);
    must(await handover.prepareSubjectAccessCopy(room.starter, request.id));
    expect(await fetch()).toMatchObject({ trouble: 'PREPARING' });
    await room.work();
    expect((await fetched(request)).size).toBeGreaterThan(3);
  });

  it('is handed over once somebody has looked at what speaks of others, without what was withheld', async () => {
    notes = [
      { id: 'a', text: 'Her sister rang.' },
      { id: 'b', text: 'Fine.' },
    ];
    const request = await ask();
    await room.work();
    const first = await standing(request);
    expect(first.thirdPartyCount).toBe(2);
    expect(await handover.answerSubjectAccess(room.starter, request.id)).toMatchObject({
      trouble: 'NOT_REVIEWED',
    });
    const place = {
      requestId: request.id,
      path: 'visits/notes.json',
      recordId: 'a',
      field: 'text',
      reason: 'A relative.',
    };
    await expect(handover.withholdFromCopy(room.starter, { ...place, path: 'horse.json' })).rejects.toThrow(
      /no such file/,
    );
    must(await handover.withholdFromCopy(room.starter, place));
    await room.work();
    const review = (manifestSha256: string | null) =>
      handover.reviewSubjectAccessCopy(room.starter, {
        requestId: request.id,
        manifestSha256: manifestSha256 ?? '',
      });
    expect(await review(first.manifestSha256)).toMatchObject({ trouble: 'CHANGED' });
    const second = await standing(request);
    expect(second.thirdPartyCount).toBe(1);
    must(await review(second.manifestSha256));
    const files = await fetched(request);
    expect(files.get('visits/notes.json')?.toString()).toContain('A relative.');
    expect(Buffer.concat([...files.values()]).toString()).not.toContain('sister');
    expect(await handover.answerSubjectAccess(room.starter, request.id)).toMatchObject({
      status: 'ANSWERED',
    });
    expect(await audits('subject-access.withheld')).toBe(1);
    expect(await audits('subject-access.answered')).toBe(1);
  });

  it('breaks off when a file is not what it was', async () => {
    const request = await ask();
    await room.work();
    letter = Buffer.from('Another letter.');
    await expect(fetched(request)).rejects.toThrow(/has changed/);
  });

  it('is prepared once, however often its message comes', async () => {
    const request = await ask();
    await room.work();
    const ready = await standing(request);
    clock.advance({ hours: 1 });
    await database.client.outboxMessage.updateMany({
      where: { subjectId: request.id },
      data: { handledAt: null },
    });
    await room.work();
    expect(await standing(request)).toEqual(ready);
  });
});
