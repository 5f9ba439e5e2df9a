import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import { rolesHold } from '../../src/clinic/auth/permission.rules.js';
import { isCaller } from '../../src/clinic/auth/permission.type.js';
import { DocumentsModule } from '../../src/clinic/documents/documents.module.js';
import { Config, ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, AccessPolicy, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { CallerFinder } from '../../src/platform/http/session-guard.js';
import { OutboxHandlers } from '../../src/platform/outbox/index.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { Clock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDocumentsKey, aPdf, filesIn } from '../support/documents.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { GraphqlClient } from '../support/graphql.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

// The doors of documents, over HTTP and through GraphQL, with a bearer token that names the role.

const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let folder: string;
let config: Config;
let app: NestFastifyApplication;
let baseUrl: string;
let patientId: string;

function callerOf(token: string | null) {
  const role = Object.values(Role).find((name) => name === token);
  return role === undefined ? null : { actor: aStaffActor(), sessionId: randomUUID(), roles: [role] };
}

async function openDoors(): Promise<NestFastifyApplication> {
  const policy: AccessPolicy = {
    holds: (caller, permission) => isCaller(caller) && rolesHold(caller.roles, permission),
  };
  const ground = [
    { provide: Database, useValue: database },
    { provide: Clock, useValue: clock },
    { provide: AccessPolicy, useValue: policy },
    { provide: CallerFinder, useValue: { findCaller: async (token: string | null) => callerOf(token) } },
    { provide: Outbox, useValue: new Outbox(clock) },
    OutboxHandlers,
  ];
  @Global()
  @Module({ providers: ground, exports: ground })
  class GroundModule {}

  const module = await Test.createTestingModule({
    imports: [
      GroundModule,
      ConfigModule.with(config),
      DiscoveryModule,
      AuditModule,
      DocumentsModule,
      GraphQLModule.forRoot<MercuriusDriverConfig>(graphqlOptions(async (token) => callerOf(token), true)),
    ],
    providers: [
      { provide: APP_GUARD, useClass: AccessGuard },
      OperationRollCall,
      InstantScalar,
      LocalDateScalar,
    ],
  })
    .overrideProvider(CallerFinder)
    .useValue({ findCaller: async (token: string | null) => callerOf(token) })
    .compile();
  const opened = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
    logger: false,
  });
  opened.useGlobalPipes(new InputPipe());
  await opened.listen(0, '127.0.0.1');
  return opened;
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  folder = await mkdtemp(join(tmpdir(), 'facet-doors-'));
  config = readConfig(
    { DOCUMENTS_FOLDER: folder, DOCUMENTS_KEYS: aDocumentsKey(), DOCUMENT_MEGABYTES_MAX: '2' },
    '/tmp',
  );
  app = await openDoors();
  baseUrl = await app.getUrl();
});

afterAll(async () => {
  await app?.close();
  await database?.close();
  await home?.drop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  patientId = (await makePatient(patientServiceOn(database))).id;
});

const authorization = (role: string | null): Record<string, string> =>
  role === null ? {} : { authorization: `Bearer ${role}` };

interface Said {
  readonly status: number;
  readonly body: { readonly [field: string]: unknown };
  readonly headers: Headers;
}

interface FiledBody {
  readonly outcome: string;
  readonly document: { readonly id: string; readonly versions: readonly { readonly contentPath: string }[] };
}

function formOf(
  bytes: Buffer,
  fields: Record<string, string> = {},
  name = 'letter.pdf',
  type = 'application/pdf',
) {
  const form = new FormData();
  const all = { subjectType: 'PATIENT', subjectId: patientId, kind: 'REPORT', title: 'MRI', ...fields };
  for (const [field, value] of Object.entries(all)) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
  return form;
}

async function send(form: FormData, role: string | null = 'RECEPTION', path = '/documents'): Promise<Said> {
  const response = await fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: authorization(role),
    body: form,
  });
  return {
    status: response.status,
    body: (await response.json()) as Said['body'],
    headers: response.headers,
  };
}

async function file(bytes: Buffer = aPdf()): Promise<FiledBody> {
  const { status, body } = await send(formOf(bytes));
  if (status !== 201) throw new Error(`not filed: ${status} ${JSON.stringify(body)}`);
  return body as unknown as FiledBody;
}

/** Sends exactly these bytes, and says what came back. */
function raw(body: Buffer, headers: Record<string, string>, path = '/documents'): Promise<Said> {
  return new Promise((settle, fail) => {
    const sent = httpRequest(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { ...authorization('RECEPTION'), ...headers },
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      buffer(response).then((bytes) => {
        settle({
          status: response.statusCode ?? 0,
          body: JSON.parse(bytes.toString()),
          headers: new Headers(),
        });
      }, fail);
    });
    sent.end(body);
  });
}

const as = (role: string) => new GraphqlClient(baseUrl, role);

async function traces() {
  return {
    files: filesIn(folder).length,
    rows: await database.client.documentVersion.count(),
    audit: await database.client.auditEntry.count(),
  };
}

describe('filing over HTTP', () => {
  it('answers with the document', async () => {
    const bytes = aPdf();
    const { status, body, headers } = await send(formOf(bytes));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      outcome: 'FILED',
      document: { patientId, kind: 'REPORT', title: 'MRI', versions: [{ sizeBytes: bytes.length }] },
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const again = await send(formOf(bytes));
    expect(again).toMatchObject({ status: 200, body: { outcome: 'ALREADY_FILED' } });
    expect(JSON.stringify(body)).not.toMatch(/storageKey|wrappedKey|keyName/);
  });

  it.each([
    ['nobody', null, 401, 'UNAUTHENTICATED'],
    ['a token that nobody holds', 'NOBODY', 401, 'UNAUTHENTICATED'],
    ['somebody who may not', 'MANAGER', 403, 'FORBIDDEN'],
  ])('is not open to %s', async (_, role, status, code) => {
    const before = await traces();
    const said = await send(formOf(aPdf()), role);
    expect(said).toMatchObject({ status, body: { code } });
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['a page', Buffer.from('<html><script>alert(1)</script>'), 'a.txt', 'text/plain', 422, 'SECOND_NATURE'],
    [
      'a program',
      Buffer.concat([Buffer.from('MZ'), Buffer.alloc(99)]),
      'a.pdf',
      'application/pdf',
      415,
      'TYPE_NOT_ALLOWED',
    ],
    ['nothing', Buffer.alloc(0), 'a.pdf', 'application/pdf', 422, 'EMPTY'],
    ['too much', Buffer.alloc(2_200_000, 'a'), 'a.txt', 'text/plain', 413, 'TOO_LARGE'],
  ])('refuses %s in words, and keeps nothing', async (_, bytes, name, type, status, problem) => {
    const before = await traces();
    const said = await send(formOf(bytes, {}, name, type));
    expect(said).toMatchObject({ status, body: { code: 'FileNotAcceptable', problem } });
    expect(said.body.message).toMatch(/^[A-Z].*\.$/);
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['no subject', { subjectId: 'none' }, 'subjectId'],
    ['a kind that is none', { kind: 'MAGAZINE' }, 'kind'],
    ['a title of two lines', { title: 'one\ntwo' }, 'title'],
    ['a rule that is none', { retentionClass: 'AUDIT_STUB' }, 'retentionClass'],
  ])('names the field: %s', async (_, fields, field) => {
    const before = await traces();
    const said = await send(formOf(aPdf(), fields));
    expect(said).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
    expect(said.body.message).toContain(field);
    expect(await traces()).toEqual(before);
  });

  it('says NOT_FOUND for a subject that is not there', async () => {
    expect(await send(formOf(aPdf(), { subjectId: randomUUID() }))).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });

  const BOUNDARY = 'x-boundary';
  const part = (name: string, value: string, more = '') =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const fieldsOf = () =>
    part('subjectType', 'PATIENT') + part('subjectId', patientId) + part('kind', 'REPORT');
  const fileOf = (bytes: Buffer, name = 'a.pdf') =>
    part('file', bytes.toString('latin1'), `; filename="${name}"\r\nContent-Type: application/octet-stream`);
  const multipart = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const END = `--${BOUNDARY}--\r\n`;

  it.each([
    ['breaks off within the file', () => `${fieldsOf()}${fileOf(aPdf()).slice(0, -20)}`],
    ['breaks off after the file', () => `${fieldsOf()}${fileOf(aPdf())}`],
    ['has no file', () => `${fieldsOf()}${END}`],
    ['has a field after the file', () => `${fieldsOf()}${fileOf(aPdf())}${part('title', 'late')}${END}`],
    ['has two files', () => `${fieldsOf()}${fileOf(aPdf())}${fileOf(aPdf())}${END}`],
    ['says a field twice', () => `${fieldsOf()}${part('kind', 'OTHER')}${fileOf(aPdf())}${END}`],
    ['would reach into an object', () => `${part('__proto__', 'x')}${fieldsOf()}${fileOf(aPdf())}${END}`],
    ['has more fields than a form has', () => `${part('a', 'b').repeat(30)}${fileOf(aPdf())}${END}`],
    [
      'has a field that is too long',
      () => `${part('title', 'x'.repeat(5_000))}${fieldsOf()}${fileOf(aPdf())}${END}`,
    ],
    ['is empty', () => ''],
  ])('refuses a form that %s, and keeps nothing', async (_, form) => {
    const before = await traces();
    const said = await raw(Buffer.from(form(), 'latin1'), multipart);
    expect(said).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['../../../../etc/cron.d/evil.pdf', 'evil.pdf'],
    ['C:\\\\temp\\\\scan.pdf', 'scan.pdf'],
    ['con.pdf', '_con.pdf'],
    ['tur\u202ened\u0007.pdf', 'turned.pdf'],
  ])('never takes the name %j for a path', async (name, shown) => {
    const form = `${fieldsOf()}${fileOf(aPdf(), Buffer.from(name).toString('latin1'))}${END}`;
    const said = await raw(Buffer.from(form, 'latin1'), multipart);
    expect(said).toMatchObject({ status: 201, body: { document: { versions: [{ fileName: shown }] } } });
    expect(filesIn(folder).every((path) => /\/[0-9a-f]{2}\/[0-9a-f]{32}$/.test(path))).toBe(true);
  });

  it('takes a form at its own addresses only, and nothing else there', async () => {
    expect(await raw(Buffer.from('{}'), { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
    });
    expect(await raw(Buffer.from(END), multipart, '/graphql')).toMatchObject({ status: 415 });
    expect(await raw(Buffer.from(END), multipart, '/documents/x/content')).toMatchObject({ status: 415 });
  });

  it('adds a version, from a form with a file alone', async () => {
    const { document } = await file();
    const path = `/documents/${document.id}/versions`;
    const alone = new FormData();
    alone.append('file', new Blob([new Uint8Array(aPdf())], { type: 'application/pdf' }), 'b.pdf');
    expect(await send(alone, 'RECEPTION', path)).toMatchObject({
      status: 201,
      body: {
        outcome: 'NEW_VERSION',
        document: { versions: [{ number: 1 }, { number: 2, fileName: 'b.pdf' }] },
      },
    });
    expect(await send(formOf(aPdf()), 'RECEPTION', path)).toMatchObject({ status: 400 });
    expect(await send(alone, 'RECEPTION', `/documents/${randomUUID()}/versions`)).toMatchObject({
      status: 404,
    });
  });
});

describe('opening over HTTP', () => {
  const fetchContent = (path: string, role: string | null = 'CLINICIAN', method = 'GET') =>
    fetch(`${baseUrl}${path}`, { method, headers: authorization(role) });

  it('gives the content to be saved, and to nobody else', async () => {
    const bytes = aPdf();
    const { document } = await file(bytes);
    const response = await fetchContent(`/documents/${document.id}/content`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="letter.pdf"; filename*=UTF-8''letter.pdf`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    expect((await fetchContent(document.versions[0]?.contentPath ?? '')).status).toBe(200);
  });

  it('says what would be opened, without opening it', async () => {
    const { document } = await file();
    const response = await fetchContent(`/documents/${document.id}/content`, 'CLINICIAN', 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toMatch(/^\d+$/);
    expect(await response.text()).toBe('');
    const actions = await database.client.auditEntry.findMany({ where: { subjectId: document.id } });
    expect(actions.map(({ action }) => action)).toEqual(['document.filed', 'document.content-asked-for']);
  });

  it('writes each look down', async () => {
    const { document } = await file();
    for (const _ of [1, 2]) await (await fetchContent(`/documents/${document.id}/content`)).arrayBuffer();
    const looks = await database.client.auditEntry.count({
      where: { subjectId: document.id, action: 'document.opened', patientIds: { has: patientId } },
    });
    expect(looks).toBe(2);
  });

  it('is not open to nobody, and says the same of what is not there in every way', async () => {
    const { document } = await file();
    const signedOut = await fetchContent(`/documents/${document.id}/content`, null);
    expect(signedOut.status).toBe(401);
    expect(signedOut.headers.get('www-authenticate')).toBe('Bearer');
    const answers = await Promise.all(
      [
        `/documents/${randomUUID()}/content`,
        '/documents/no-id/content',
        `/documents/${document.id}/content?version=9`,
      ].map(async (path) => {
        const response = await fetchContent(path);
        const { errorId, ...body } = (await response.json()) as Record<string, unknown>;
        expect(errorId).toBeDefined();
        return { status: response.status, body };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await fetchContent(`/documents/${document.id}/content?version=0`)).status).toBe(400);
    expect((await fetchContent(`/documents/${document.id}/content?version=1&version=2`)).status).toBe(400);
  });

  it('breaks off when what is stored was cut off, so that nobody takes it for whole', async () => {
    const bytes = Buffer.alloc(300_000, 'long text\n');
    const { body } = await send(formOf(bytes, {}, 'a.txt', 'text/plain'));
    const { document } = body as unknown as FiledBody;
    const { storageKey } = await database.client.documentVersion.findFirstOrThrow({
      where: { documentId: document.id },
    });
    const { truncate } = await import('node:fs/promises');
    await truncate(join(folder, storageKey.slice(0, 2), storageKey), 150_000);
    const response = await fetchContent(`/documents/${document.id}/content`);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  it('leaves no file open when the reader goes', async () => {
    const { body } = await send(formOf(Buffer.alloc(1_900_000, 'long text\n'), {}, 'a.txt', 'text/plain'));
    const { document } = body as unknown as FiledBody;
    const { readdirSync, readlinkSync } = await import('node:fs');
    const openFiles = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
        } catch {
          return false;
        }
      }).length;
    const going = new AbortController();
    const response = await fetch(`${baseUrl}/documents/${document.id}/content`, {
      headers: authorization('CLINICIAN'),
      signal: going.signal,
    });
    await response.body?.getReader().read();
    going.abort();
    while (openFiles() > 0) await new Promise((settle) => setTimeout(settle, 20));
    expect(openFiles()).toBe(0);
  });
});

describe('a paper of psychology', () => {
  it('is filed, listed and opened by those who treat, and is not there for others', async () => {
    const psychology = () => formOf(aPdf(), { retentionClass: 'PSYCHOLOGY' });
    const before = await traces();
    const refused = await send(psychology(), 'RECEPTION');
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await traces()).toEqual(before);
    const { status, body } = await send(psychology(), 'CLINICIAN');
    expect(status).toBe(201);
    const { id } = (body as unknown as FiledBody).document;
    const open = (role: string, method = 'GET') =>
      fetch(`${baseUrl}/documents/${id}/content`, { method, headers: authorization(role) });
    for (const method of ['GET', 'HEAD']) {
      expect((await open('RECEPTION', method)).status).toBe(404);
      expect((await open('MDT_MEMBER', method)).status).toBe(200);
    }
    const more = new FormData();
    more.append('file', new Blob([new Uint8Array(aPdf())], { type: 'application/pdf' }), 'a.pdf');
    expect(await send(more, 'RECEPTION', `/documents/${id}/versions`)).toMatchObject({ status: 404 });
    const query = `query ($patientId: ID!) {
      documents(filter: { patientId: $patientId }) { items { id } }
      patient(id: $patientId) { documents { id } } }`;
    expect(await as('RECEPTION').ask(query, { patientId })).toEqual({
      documents: { items: [] },
      patient: { documents: [] },
    });
    expect(await as('CLINICIAN').ask(query, { patientId })).toEqual({
      documents: { items: [{ id }] },
      patient: { documents: [{ id }] },
    });
  });
});

describe('through the graph', () => {
  const CHANGED = `__typename ... on Document { id title kind retentionClass status version allowedActions }
    ... on Refusal { code message } ... on DocumentStandsOtherwise { status allowedActions }`;

  it('shows, describes, withdraws, restores', async () => {
    const { document } = await file();
    const { id } = document;
    const reception = as('RECEPTION');
    const { patientDocuments } = await reception.ask<{ patientDocuments: object }>(
      `query ($filter: DocumentFilterInput!) { patientDocuments: documents(filter: $filter) { items { id status
        versions { number fileName mediaType sizeBytes sha256 scanState isOpenable contentPath filedAt } } nextCursor } }`,
      { filter: { patientId } },
    );
    expect(patientDocuments).toMatchObject({
      items: [{ id, versions: [{ scanState: 'NOT_SCANNED' }] }],
      nextCursor: null,
    });
    const describe_ = await reception.ask(
      `mutation ($input: DescribeDocumentInput!) { describeDocument(input: $input) { ${CHANGED} } }`,
      { input: { documentId: id, version: 0, title: 'MRI of the spine', kind: 'IMAGE' } },
    );
    expect(describe_).toMatchObject({
      describeDocument: { title: 'MRI of the spine', kind: 'IMAGE', version: 1 },
    });
    const withdraw = `mutation ($input: WithdrawDocumentInput!) { withdrawDocument(input: $input) { ${CHANGED} } }`;
    const input = { documentId: id, version: 1, reason: 'Of somebody else' };
    expect(await reception.ask(withdraw, { input })).toMatchObject({
      withdrawDocument: { status: 'WITHDRAWN', allowedActions: ['RESTORE'] },
    });
    expect(await reception.refusal(withdraw, { input })).toMatchObject({
      code: 'DocumentStandsOtherwise',
      status: 'WITHDRAWN',
    });
    expect(
      (await fetch(`${baseUrl}/documents/${id}/content`, { headers: authorization('RECEPTION') })).status,
    ).toBe(409);
    const restored = await reception.ask(
      `mutation ($input: RestoreDocumentInput!) { restoreDocument(input: $input) { ${CHANGED} } }`,
      { input: { documentId: id, version: 2 } },
    );
    expect(restored).toMatchObject({ restoreDocument: { status: 'FILED', version: 3 } });
    const retention = `mutation ($input: SetDocumentRetentionInput!) { setDocumentRetention(input: $input) { ${CHANGED} } }`;
    const kept = { input: { documentId: id, version: 3, retentionClass: 'CLINICAL_RECORD' } };
    expect((await reception.fault(retention, kept)).extensions.code).toBe('FORBIDDEN');
    expect(await as('MANAGER').ask(retention, kept)).toMatchObject({
      setDocumentRetention: { retentionClass: 'CLINICAL_RECORD' },
    });
    const wrong = { input: { ...kept.input, version: 4, retentionClass: 'AUDIT_STUB' } };
    expect((await as('MANAGER').fault(retention, wrong)).extensions.code).toBe('BAD_INPUT');
    expect(
      await reception.refusal(
        `mutation ($input: ScanDocumentAgainInput!) { scanDocumentAgain(input: $input) {
          __typename ... on Document { id } ... on Refusal { code message } } }`,
        { input: { documentId: id, number: 1 } },
      ),
    ).toMatchObject({ code: 'DocumentNotScannable' });
  });

  it('is a field of the patient, one look for many', async () => {
    const { document } = await file();
    const answer = await as('CLINICIAN').ask(
      `query ($id: ID!) { patient(id: $id) { id documents { id title retentionClass } } }`,
      { id: patientId },
    );
    expect(answer).toMatchObject({ patient: { documents: [{ id: document.id, title: 'MRI' }] } });
  });

  it('says the same of what is not there and what is no id', async () => {
    const query = 'query ($id: ID!) { document(id: $id) { id } }';
    const faults = await Promise.all(
      [randomUUID(), 'no-id'].map(async (id) => (await as('CLINICIAN').fault(query, { id })).message),
    );
    expect(faults[0]).toBe(faults[1]);
  });
});
