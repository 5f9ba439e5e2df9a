import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { DutyService } from '../../src/clinic/entitlements/duty.service.js';
import { LicenceService } from '../../src/clinic/entitlements/licence.service.js';
import { IncidentReportService } from '../../src/clinic/incidents/incident-report.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { DocumentSubjectType, Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDocumentsKey, aPdf } from '../support/documents.factory.js';
import { anEmployerLicence, anEntitlement, mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { GraphqlClient } from '../support/graphql.js';
import { anIncident } from '../support/incidents.factory.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';

// Papers that are filed with a licence, an entitlement or an incident: who files, finds and opens them. Those of an imaging
// request lie with its referral, and a report that came on paper with its patient.

const ROLES = ['RECEPTION', 'CLINICIAN', 'IMAGING', 'MDT_MEMBER', 'MANAGER', 'ADMIN'] as const;
const tokens = new Map<Role, string>();
const accounts = new Map<Role, string>();
let home: TestDatabase;
let database: Database;
let folder: string;
let app: NestFastifyApplication;
let baseUrl: string;

async function signIn(role: Role): Promise<void> {
  const account = {
    email: `${role.toLowerCase()}@clinic.example`,
    ...{ displayName: `Some ${role.toLowerCase()}`, password: 'correct horse battery' },
  };
  const added = mustBe(
    await app.get(StaffService).addStaffAccount(aStaffActor(), { ...account, roles: [role] }),
  );
  const whence = { requestId: null, source: null, userAgent: null };
  const { token } = mustBe(await app.get(SessionService).signIn(account, whence));
  tokens.set(role, token);
  accounts.set(role, added.id);
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  folder = await mkdtemp(join(tmpdir(), 'facet-papers-'));
  const documents = { DOCUMENTS_FOLDER: folder, DOCUMENTS_KEYS: aDocumentsKey() };
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url, ...documents }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.listen(0, '127.0.0.1');
  baseUrl = await app.getUrl();
  for (const role of ROLES) await signIn(role);
});
afterAll(async () => {
  await app?.close();
  await database?.close();
  await home?.drop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const bearer = (role: Role) => ({ authorization: `Bearer ${tokens.get(role) ?? ''}` });
const as = (role: Role) => new GraphqlClient(baseUrl, tokens.get(role) ?? '');
const of = <Part>(part: abstract new (...args: never[]) => Part): Part => app.get(part, { strict: false });

async function file(role: Role, subjectType: DocumentSubjectType, subjectId: string, parts: object = {}) {
  const form = new FormData();
  const fields = { subjectType, subjectId, kind: 'CORRESPONDENCE', title: 'The letter', ...parts };
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(aPdf())], { type: 'application/pdf' }), 'letter.pdf');
  const response = await fetch(`${baseUrl}/documents`, { method: 'POST', headers: bearer(role), body: form });
  return {
    status: response.status,
    body: (await response.json()) as { document?: { id: string }; code?: string },
  };
}

async function aLicence(): Promise<string> {
  const kind = {
    name: 'Bone SPECT-CT',
    modality: 'IN_PERSON',
    needsReferral: true,
    isPublic: false,
  } as const;
  await database.client.visitType.createMany({
    data: [{ code: 'BONE_SPECT_CT', ...kind, holdMinutes: 10, movesMax: 3, lateChangeHours: 48 }],
    skipDuplicates: true,
  });
  return mustBe(await of(LicenceService).recordEmployerLicence(aStaffActor(), anEmployerLicence())).id;
}

let days = 0;

async function somebodyEntitled(): Promise<string> {
  days += 1;
  const input = anEntitlement(accounts.get('IMAGING') ?? '', { validFrom: `2026-01-0${days}` });
  return mustBe(await of(DutyService).entitleStaff(aStaffActor(), input)).entitlements[0]?.id ?? '';
}

async function anIncidentOf(patientId: string | null): Promise<string> {
  const happenedAt = Temporal.Instant.from('2026-01-05T09:00:00Z');
  return (await of(IncidentReportService).raiseIncident(aStaffActor(), anIncident({ happenedAt, patientId })))
    .id;
}

const LIST = `query ($filter: DocumentFilterInput!) { documents(filter: $filter) { items { id patientId title } } }`;

describe.each<[DocumentSubjectType, () => Promise<string>]>([
  ['LICENCE', aLicence],
  ['ENTITLEMENT', somebodyEntitled],
  ['INCIDENT', () => anIncidentOf(null)],
])('a paper of a thing that is a %s', (subjectType, make) => {
  it('is filed by whoever files documents, found and opened by whoever reads such things, and about no patient', async () => {
    const subjectId = await make();
    const { status, body } = await file('CLINICIAN', subjectType, subjectId);
    expect([status, body.document]).toMatchObject([201, { patientId: null }]);
    const id = body.document?.id ?? '';
    for (const role of ROLES) {
      const { documents } = await as(role).ask<{ documents: object }>(LIST, {
        filter: { subjectType, subjectId },
      });
      expect(documents).toEqual({ items: [{ id, patientId: null, title: 'The letter' }] });
      expect((await fetch(`${baseUrl}/documents/${id}/content`, { headers: bearer(role) })).status).toBe(200);
    }
    // Nobody who is not signed in sees that it is there.
    expect((await fetch(`${baseUrl}/documents/${id}/content`)).status).toBe(401);
  });

  it('is not filed with a thing that is not there, with another kind of thing, or as about a patient whom it does not concern', async () => {
    const subjectId = await make();
    const before = await database.client.document.count();
    const { id: patientId } = await makePatient(patientServiceOn(database));
    expect(await file('CLINICIAN', subjectType, patientId)).toMatchObject({ status: 404 });
    expect(await file('CLINICIAN', 'PATIENT', subjectId)).toMatchObject({ status: 404 });
    expect(await file('CLINICIAN', subjectType, subjectId, { patientId })).toMatchObject({
      ...{ status: 400, body: { code: 'BAD_INPUT' } },
    });
    expect(await file('MDT_MEMBER', subjectType, subjectId)).toMatchObject({ status: 403 });
    expect(await database.client.document.count()).toBe(before);
  });
});

describe('a paper of an incident', () => {
  it('is about whom it happened to: it stands in their record, and the look is written down with them', async () => {
    const { id: patientId } = await makePatient(patientServiceOn(database));
    const subjectId = await anIncidentOf(patientId);
    const { status, body } = await file('RECEPTION', 'INCIDENT', subjectId);
    expect([status, body.document]).toMatchObject([201, { patientId }]);
    const id = body.document?.id ?? '';
    const answer = await as('CLINICIAN').ask(`query ($id: ID!) { patient(id: $id) { documents { id } } }`, {
      id: patientId,
    });
    expect(answer).toEqual({ patient: { documents: [{ id }] } });
    expect((await fetch(`${baseUrl}/documents/${id}/content`, { headers: bearer('MANAGER') })).status).toBe(
      200,
    );
    const look = await database.client.auditEntry.findFirstOrThrow({
      where: { subjectId: id, actorId: accounts.get('MANAGER') ?? '' },
      orderBy: { id: 'desc' },
    });
    expect(look.patientIds).toEqual([patientId]);
  });

  it('is not filed with what is no id', async () => {
    expect(await file('CLINICIAN', 'INCIDENT', 'no-id')).toMatchObject({ status: 400 });
  });
});

describe('a paper of a scan', () => {
  const THEN = new FixedClock('2026-03-02T12:00:00Z');

  it('is about its patient, with the referral that asks for it or with the patient: whoever reads those opens it', async () => {
    const { patientId, referralId } = await makeScan(database, THEN);
    for (const [subjectType, subjectId, kind] of [
      ['REFERRAL', referralId, 'REFERRAL_LETTER'],
      ['PATIENT', patientId, 'REPORT'],
    ] as const) {
      const { status, body } = await file('IMAGING', subjectType, subjectId, { kind });
      expect([status, body.document]).toMatchObject([201, { patientId }]);
      const id = body.document?.id ?? '';
      for (const role of ROLES) {
        expect((await fetch(`${baseUrl}/documents/${id}/content`, { headers: bearer(role) })).status).toBe(
          200,
        );
      }
      expect(await file('MANAGER', subjectType, subjectId, { kind })).toMatchObject({ status: 403 });
    }
  });

  it.each(['IMAGING_REQUEST', 'SCAN_REPORT'])('is filed with no %s of its own', async (subjectType) => {
    const { id } = await makeScan(database, THEN);
    const before = await database.client.document.count();
    expect(await file('CLINICIAN', subjectType as DocumentSubjectType, id)).toMatchObject({ status: 400 });
    expect(await database.client.document.count()).toBe(before);
  });

  it('of a class that is closed to somebody is closed to them also with an incident, which everybody reads', async () => {
    const subjectId = await anIncidentOf(null);
    const closed = { retentionClass: 'PSYCHOLOGY' };
    expect(await file('IMAGING', 'INCIDENT', subjectId, closed)).toMatchObject({ status: 403 });
    const { status, body } = await file('CLINICIAN', 'INCIDENT', subjectId, closed);
    expect(status).toBe(201);
    for (const role of ROLES) {
      const address = `${baseUrl}/documents/${body.document?.id ?? ''}/content`;
      const isReader = role === 'CLINICIAN' || role === 'MDT_MEMBER';
      const opened = await fetch(address, { headers: bearer(role) });
      expect([role, opened.status]).toEqual([role, isReader ? 200 : 404]);
    }
  });
});
