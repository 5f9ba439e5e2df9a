import { statSync } from 'node:fs';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EICAR, startClamd, type TestClamd } from '../support/clamd.js';
import { aPdf, filesIn } from '../support/documents.factory.js';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { GraphqlClient, type SignedInClient, signInAs } from '../support/graphql.js';
import { until } from '../support/until.js';

// A file from the desk to the disk and back, through a real virus scanner; and those who mean ill.

const house = facetHouse();
let clamd: TestClamd;
let service: RunningService;
let reception: SignedInClient;
let patientId: string;

const settings = () => ({ CLAMD_URL: clamd.url, DOCUMENT_MEGABYTES_MAX: '5', LOG_LEVEL: 'info' });
const folder = () => join(service.home, 'documents');

const REGISTER = `mutation ($input: RegisterPatientInput!) {
  registerPatient(input: $input) { __typename ... on Patient { id } ... on Refusal { code message } } }`;
const DOCUMENT = `query ($id: ID!) { document(id: $id) { id title status
  versions { number fileName scanState threatName isOpenable contentPath sha256 } } }`;

interface Filed {
  readonly document: { readonly id: string; readonly versions: readonly { readonly contentPath: string }[] };
}

beforeAll(async () => {
  clamd = await startClamd();
  service = await house.start(await house.newHome(), settings());
  reception = await signInAs(service, 'reception');
  const { registerPatient } = await reception.ask<{ registerPatient: { id: string } }>(REGISTER, {
    input: {
      familyName: 'Paperworth',
      givenName: 'Imogen',
      dateOfBirth: '1961-07-30',
      sexForClinicalUse: 'FEMALE',
      statedGender: 'FEMALE',
      addressLines: ['4 File Row', 'London'],
      contactPreference: 'LETTER',
    },
  });
  patientId = registerPatient.id;
});

afterAll(() => clamd?.stop());

const bearer = (client: GraphqlClient) => ({ authorization: `Bearer ${client.token}` });

function formOf(bytes: Buffer, name: string, type: string): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries({
    subjectType: 'PATIENT',
    subjectId: patientId,
    kind: 'REPORT',
  }))
    form.append(field, value);
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
  return form;
}

async function send(bytes: Buffer, name = 'letter.pdf', type = 'application/pdf') {
  const response = await fetch(`${service.httpUrl}/documents`, {
    method: 'POST',
    headers: bearer(reception),
    body: formOf(bytes, name, type),
  });
  return { status: response.status, body: (await response.json()) as Filed & { readonly code?: string } };
}

async function versionOf(id: string) {
  const { document } = await reception.ask<{
    document: { versions: readonly { scanState: string; threatName: string | null; contentPath: string }[] };
  }>(DOCUMENT, { id });
  return document.versions.at(-1);
}

const fetchContent = (path: string) => fetch(`${service.httpUrl}${path}`, { headers: bearer(reception) });

async function countRows(): Promise<number> {
  const client = new pg.Client({ connectionString: embeddedDatabaseUrl(service.home) });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM document_versions',
    );
    return rows[0]?.count ?? -1;
  } finally {
    await client.end();
  }
}

const traces = async () => ({ files: filesIn(folder()).length, rows: await countRows() });

const BOUNDARY = 'x-boundary';
const part = (name: string, value: string, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`;
const beginning = () =>
  `${part('subjectType', 'PATIENT')}\r\n${part('subjectId', patientId)}\r\n${part('kind', 'OTHER')}\r\n` +
  part('file', '', '; filename="a.txt"\r\nContent-Type: text/plain');

/** An upload that has begun and whose end is up to the caller. */
function beginUpload(headers: Record<string, string> = {}): {
  sent: ClientRequest;
  answer: Promise<IncomingMessage>;
} {
  const sent = httpRequest(`${service.httpUrl}/documents`, {
    method: 'POST',
    headers: {
      ...bearer(reception),
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      ...headers,
    },
  });
  const answer = new Promise<IncomingMessage>((settle, fail) => {
    sent.on('response', settle);
    sent.on('error', fail);
  });
  answer.catch(() => undefined);
  sent.write(beginning());
  return { sent, answer };
}

const partsIn = () => filesIn(join(folder(), '.parts')).length;

describe('a file', () => {
  it('is filed, scanned and opened, and lies on the disk sealed under a key of this installation', async () => {
    const bytes = aPdf('Imogen Paperworth, confidential');
    const { status, body } = await send(bytes);
    expect(status).toBe(201);
    const { id } = body.document;
    const early = await fetchContent(`/documents/${id}/content`);
    expect([200, 409]).toContain(early.status);
    await until(async () => (await versionOf(id))?.scanState === 'CLEAN');
    const response = await fetchContent((await versionOf(id))?.contentPath ?? '');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(statSync(join(service.home, 'documents.key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o077).toBe(0);
    expect(service.output()).toContain('documents.key');
  });

  it('with a virus in it is locked away', async () => {
    const { body } = await send(Buffer.from(EICAR), 'note.txt', 'text/plain');
    const { id } = body.document;
    await until(async () => (await versionOf(id))?.scanState === 'THREATS_FOUND');
    expect((await versionOf(id))?.threatName).toContain('Eicar');
    const response = await fetchContent(`/documents/${id}/content`);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'DocumentNotOpenable', scanState: 'THREATS_FOUND' });
  });

  it('waits while the scanner is away', async () => {
    await clamd.kill();
    const { body } = await send(aPdf());
    const { id } = body.document;
    expect((await fetchContent(`/documents/${id}/content`)).status).toBe(409);
    expect((await versionOf(id))?.scanState).toBe('PENDING');
    await clamd.restart();
  });

  it('is nobody’s who is not signed in', async () => {
    const { body } = await send(aPdf());
    const both: Record<string, string>[] = [{}, { authorization: 'Bearer nobody' }];
    for (const headers of both) {
      const response = await fetch(`${service.httpUrl}/documents/${body.document.id}/content`, { headers });
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain('Paperworth');
    }
  });
});

describe('what means ill leaves nothing behind', () => {
  it.each([
    [
      'a page that calls itself a picture',
      Buffer.from('<html><script>alert(1)</script>'),
      'a.png',
      'image/png',
    ],
    [
      'a PDF with an archive behind it',
      Buffer.concat([aPdf(), zipOfOneFile(aPdf().length)]),
      'a.pdf',
      'application/pdf',
    ],
    ['an archive of zeros', zipOfOneFile(0), 'bomb.zip', 'application/zip'],
    ['an archive that calls itself a letter', zipOfOneFile(0), 'letter.pdf', 'application/pdf'],
    ['NUL in text', Buffer.from('a\u0000b'), 'a.txt', 'text/plain'],
    ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)]), 'a.exe', 'application/octet-stream'],
    ['too much', Buffer.alloc(6_000_000, 'a'), 'a.txt', 'text/plain'],
    ['nothing', Buffer.alloc(0), 'a.txt', 'text/plain'],
  ])('%s', async (_, bytes, name, type) => {
    const before = await traces();
    const { status, body } = await send(bytes, name, type);
    expect([413, 415, 422]).toContain(status);
    expect(body.code).toBe('FileNotAcceptable');
    expect(await traces()).toEqual(before);
  });

  it('ten gigabytes that are only declared', async () => {
    const before = await traces();
    const { sent, answer } = beginUpload({ 'content-length': '10000000000' });
    const response = await answer;
    expect(response.statusCode).toBe(413);
    expect(JSON.parse((await buffer(response)).toString())).toMatchObject({ problem: 'TOO_LARGE' });
    sent.destroy();
    expect(await traces()).toEqual(before);
  });

  it('an endless upload, of which nobody says how long it is', async () => {
    const before = await traces();
    const { sent, answer } = beginUpload();
    const pour = setInterval(() => sent.write(Buffer.alloc(500_000, 'a')), 5);
    const response = await answer.finally(() => clearInterval(pour));
    expect(response.statusCode).toBe(413);
    sent.destroy();
    expect(await traces()).toEqual(before);
  });

  it('an upload that its sender gives up half-way', async () => {
    const before = await traces();
    const { sent } = beginUpload();
    sent.write(Buffer.alloc(400_000, 'a'));
    await until(() => partsIn() === 1);
    sent.destroy();
    await until(() => partsIn() === 0);
    expect(await traces()).toEqual(before);
  });

  it('bytes that are no form', async () => {
    const before = await traces();
    const { port } = new URL(service.httpUrl);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${reception.token}\r\n` +
        `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: 40\r\nConnection: close\r\n\r\n` +
        '\u0000'.repeat(40),
    );
    expect((await buffer(socket)).toString('latin1')).toMatch(/^HTTP\/1.1 400 /);
    expect(await traces()).toEqual(before);
  });
});

describe('a service that is killed in the middle of an upload', () => {
  it('has lost the part, and nothing else, when it is back', async () => {
    const { body } = await send(aPdf());
    await until(async () => (await versionOf(body.document.id))?.scanState === 'CLEAN');
    const before = await traces();
    const { sent, answer } = beginUpload();
    sent.write(Buffer.alloc(400_000, 'a'));
    await until(() => partsIn() === 1);
    await service.end('SIGKILL');
    await expect(answer).rejects.toThrow();
    expect(partsIn()).toBe(1);
    service = await house.start(service.home, settings());
    reception = await signInAs(service, 'reception');
    expect(await traces()).toEqual(before);
    expect((await fetchContent(`/documents/${body.document.id}/content`)).status).toBe(200);
  });
});

describe('the log', () => {
  it('names no patient, no title and no file', () => {
    expect(service.output()).not.toMatch(/Paperworth|letter\.pdf|confidential/);
  });
});

/** One stored file, found as every ZIP reader finds it. `at`: bytes before it. */
function zipOfOneFile(at: number): Buffer {
  const local = Buffer.alloc(31);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(1, 26);
  local.write('a', 30);
  const central = Buffer.alloc(47);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(1, 28);
  central.writeUInt32LE(at, 42);
  central.write('a', 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at + local.length, 16);
  return Buffer.concat([local, central, end]);
}
