import { randomUUID } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBuffer } from 'yauzl';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import { ROLES_BY_PERMISSION, rolesHold } from '../../src/clinic/auth/permission.rules.js';
import { isCaller } from '../../src/clinic/auth/permission.type.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { RecordsModule } from '../../src/clinic/records/records.module.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, AccessPolicy, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { CallerFinder } from '../../src/platform/http/session-guard.js';
import { Outbox, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { Clock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { makePatientOf, workOff } from '../support/records.factory.js';

// The doors of the room of records, through GraphQL and HTTP, with a bearer token that names the role. Each role is one person.

const NOW = '2034-04-03T09:00:00Z';
const clock = new FixedClock(NOW);
const handlers = new OutboxHandlers();
const people = new Map(Object.values(Role).map((role) => [role, aStaffActor()] as const));
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let patient: Patient;

function callerOf(token: string | null) {
  const role = Object.values(Role).find((name) => name === token);
  const actor = role && people.get(role);
  return role === undefined || actor === undefined ? null : { actor, sessionId: randomUUID(), roles: [role] };
}

async function openDoors(): Promise<NestFastifyApplication> {
  const policy: AccessPolicy = {
    holds: (caller, permission) => isCaller(caller) && rolesHold(caller.roles, permission),
  };
  const ground = [
    { provide: Database, useValue: database },
    { provide: Clock, useValue: clock },
    { provide: AccessPolicy, useValue: policy },
    { provide: Outbox, useValue: new Outbox(clock) },
    { provide: OutboxHandlers, useValue: handlers },
  ];
  @Global()
  @Module({ providers: ground, exports: ground })
  class GroundModule {}

  const module = await Test.createTestingModule({
    imports: [
      GroundModule,
      ConfigModule.with(readConfig({}, '/tmp')),
      DiscoveryModule,
      AuditModule,
      RecordsModule,
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
  await opened.init();
  await opened.getHttpAdapter().getInstance().ready();
  return opened;
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  app = await openDoors();
  patient = await makePatientOf(database, clock, '2026-04-03T09:00:00Z');
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

/** An answer has the shape of its query; what is looked at in it is compared, or made a string. */
interface Part {
  readonly [field: string]: Part | undefined;
}

async function ask(role: Role | null, query: string, variables: object = {}) {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: role === null ? {} : { authorization: `Bearer ${role}` },
    payload: { query, variables },
  });
  return response.json<{
    readonly data: Part;
    readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  }>();
}
const codesOf = ({ errors }: Awaited<ReturnType<typeof ask>>) =>
  errors?.map(({ extensions }) => extensions.code);
const NOBODY = '0193b100-0000-7000-8000-00000000ffff';

/** Each door with arguments of the right shape, and the permission that it needs. */
const DOORS = [
  ['READ_RECORDS', '{ retentionRules { id } }'],
  ['READ_RECORDS', '{ legalHolds { nextCursor } }'],
  ['READ_RECORDS', '{ destructionRuns { nextCursor } }'],
  ['READ_RECORDS', `{ destructionRun(id: "${NOBODY}") { id } }`],
  ['READ_RECORDS', `{ destructionItems(runId: "${NOBODY}") { nextCursor } }`],
  ['READ_RECORDS', '{ destructionStubs { nextCursor } }'],
  ['READ_RECORDS', '{ dataComplaints { nextCursor } }'],
  ['READ_RECORDS', '{ rectifications { nextCursor } }'],
  ['READ_PATIENT', `{ addenda(subjectType: "patient", subjectId: "${NOBODY}") { id } }`],
  ['EXPORT_PATIENT', '{ subjectAccessRequests { nextCursor } }'],
  ['EXPORT_PATIENT', `{ subjectAccessRequest(id: "${NOBODY}") { id } }`],
  [
    'MANAGE_RECORDS',
    'mutation { setRetentionRule(input: { recordClass: DOCUMENT, trigger: DEATH, effectiveFrom: "2034-01-01", years: 9, source: "x" }) { __typename } }',
  ],
  [
    'MANAGE_RECORDS',
    `mutation { recordPatientDeath(input: { patientId: "${NOBODY}", diedOn: "2030-01-01", source: "x" }) { diedOn } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { retractPatientDeath(input: { patientId: "${NOBODY}", reason: "x" }) { diedOn } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { placeLegalHold(input: { subjectType: "patient", subjectId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { liftLegalHold(input: { holdId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
  ['MANAGE_RECORDS', 'mutation { retentionDryRun(input: { classes: [AUDIT_STUB] }) { id } }'],
  [
    'APPROVE_DESTRUCTION',
    `mutation { excludeFromDestruction(input: { runId: "${NOBODY}", itemIds: ["${NOBODY}"], reason: "x" }) { __typename } }`,
  ],
  ['APPROVE_DESTRUCTION', `mutation { approveDestruction(runId: "${NOBODY}") { __typename } }`],
  [
    'MANAGE_RECORDS',
    `mutation { abandonDestruction(input: { runId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
  [
    'EXPORT_PATIENT',
    `mutation { exportPatient(input: { patientId: "${NOBODY}", reason: "x", askedBy: PATIENT }) { id } }`,
  ],
  [
    'EXPORT_PATIENT',
    `mutation { pauseSubjectAccess(input: { requestId: "${NOBODY}", reason: IDENTITY }) { __typename } }`,
  ],
  ['EXPORT_PATIENT', `mutation { resumeSubjectAccess(requestId: "${NOBODY}") { __typename } }`],
  [
    'EXPORT_PATIENT',
    `mutation { extendSubjectAccess(input: { requestId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
  [
    'EXPORT_PATIENT',
    `mutation { refuseSubjectAccess(input: { requestId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
  [
    'EXPORT_PATIENT',
    `mutation { withdrawSubjectAccess(input: { requestId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
  ['EXPORT_PATIENT', `mutation { prepareSubjectAccessCopy(requestId: "${NOBODY}") { __typename } }`],
  [
    'EXPORT_PATIENT',
    `mutation { withholdFromCopy(input: { requestId: "${NOBODY}", path: "a/b.json", recordId: "a", reason: "x" }) { __typename } }`,
  ],
  [
    'EXPORT_PATIENT',
    `mutation { reviewSubjectAccessCopy(input: { requestId: "${NOBODY}", manifestSha256: "${'a'.repeat(64)}" }) { __typename } }`,
  ],
  ['EXPORT_PATIENT', `mutation { answerSubjectAccess(requestId: "${NOBODY}") { __typename } }`],
  [
    'MANAGE_RECORDS',
    `mutation { recordComplaint(input: { patientId: "${NOBODY}", complainantName: "x", channel: EMAIL, text: "x" }) { id } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { acknowledgeComplaint(input: { complaintId: "${NOBODY}", text: "x" }) { __typename } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { noteOnComplaint(input: { complaintId: "${NOBODY}", text: "x" }) { __typename } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { concludeComplaint(input: { complaintId: "${NOBODY}", outcome: UPHELD, told: "x" }) { __typename } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { reopenComplaint(input: { complaintId: "${NOBODY}", text: "x" }) { __typename } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { requestRectification(input: { patientId: "${NOBODY}", subjectType: "patient", subjectId: "${NOBODY}", whatIsWrong: "x", whatIsAsked: "x" }) { id } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { acceptRectification(input: { rectificationId: "${NOBODY}", addendum: "x" }) { __typename } }`,
  ],
  [
    'MANAGE_RECORDS',
    `mutation { refuseRectification(input: { rectificationId: "${NOBODY}", reason: "x" }) { __typename } }`,
  ],
] as const;

describe('every door', () => {
  it.each(DOORS)('needs %s: %s', async (permission, query) => {
    expect(codesOf(await ask(null, query))).toEqual(['UNAUTHENTICATED']);
    for (const role of Object.values(Role)) {
      const codes = codesOf(await ask(role, query)) ?? [];
      const may = (ROLES_BY_PERMISSION[permission] as readonly Role[]).includes(role);
      // Whoever may come in is told that there is no such thing, or that it cannot be; nobody is told that something broke.
      if (may)
        expect(
          codes.filter((code) => !['NOT_FOUND', 'BAD_INPUT'].includes(code)),
          role,
        ).toEqual([]);
      else expect(codes, role).toEqual(['FORBIDDEN']);
    }
  });

  it.each(DOORS.filter(([, query]) => query.includes(NOBODY)))(
    '%s: takes no id that is none: %s',
    async (...door) => {
      const [permission, query] = door;
      const role = Object.values(Role).find((one) =>
        (ROLES_BY_PERMISSION[permission] as readonly Role[]).includes(one),
      );
      for (const id of ['', '0', 'referral', `${NOBODY} `, "' OR '1'='1", '💉']) {
        const codes = codesOf(await ask(role ?? null, query.replaceAll(NOBODY, id)));
        expect(codes, id).toEqual([expect.stringMatching(/^(BAD_INPUT|NOT_FOUND)$/)]);
      }
    },
  );

  it('refuses what cannot be read', async () => {
    const hold = (subjectType: string, reason: string) =>
      ask(
        'MANAGER',
        'mutation ($input: PlaceLegalHoldInput!) { placeLegalHold(input: $input) { __typename } }',
        {
          input: { subjectType, subjectId: patient.id, reason },
        },
      );
    for (const reason of ['', '  ', 'a\u0000b', 'a\u202eb\u0007', 'x'.repeat(1_001)]) {
      expect(codesOf(await hold('patient', reason)), reason).toEqual(['BAD_INPUT']);
    }
    expect(codesOf(await hold('Patient; DROP', 'x'))).toEqual(['BAD_INPUT']);
  });
});

describe('the story through the doors', () => {
  it('a manager draws up the list, cannot approve it, and a clinician’s word destroys it', async () => {
    const drawn = await ask(
      'MANAGER',
      'mutation { retentionDryRun(input: { classes: [CLINICAL_RECORD] }) { id status allowedActions } }',
    );
    expect(drawn).toMatchObject({
      data: { retentionDryRun: { status: 'LISTING', allowedActions: ['ABANDON'] } },
    });
    const runId = `${drawn.data.retentionDryRun?.id}`;
    await workOff(database, clock, handlers);
    const list = await ask(
      'MANAGER',
      `{ destructionItems(runId: "${runId}") { items { subjectType subjectId status dueOn code } } }`,
    );
    expect(list.data.destructionItems).toEqual({
      items: [
        { subjectType: 'patient', subjectId: patient.id, status: 'LISTED', dueOn: '2034-04-03', code: null },
      ],
    });
    const approve = `mutation { approveDestruction(runId: "${runId}") { __typename ... on DestructionRun { status } ... on Refusal { code message } } }`;
    expect(codesOf(await ask('MANAGER', approve))).toEqual(['FORBIDDEN']);
    expect(await ask('CLINICIAN', approve)).toMatchObject({
      data: { approveDestruction: { __typename: 'DestructionRun', status: 'APPROVED' } },
    });
    expect(await ask('CLINICIAN', approve)).toMatchObject({
      data: { approveDestruction: { code: 'DestructionRunStandsOtherwise' } },
    });
    await workOff(database, clock, handlers);
    const stubs = await ask(
      'MANAGER',
      `{ destructionStubs(filter: { runId: "${runId}" }) { items { subjectId approvedById parts } } }`,
    );
    expect(stubs).toMatchObject({
      data: {
        destructionStubs: { items: [{ subjectId: patient.id, approvedById: people.get('CLINICIAN')?.id }] },
      },
    });
  });

  it('an administrator who draws up the list does not approve it', async () => {
    await makePatientOf(database, clock, '2026-04-03T09:00:00Z');
    const drawn = await ask(
      'ADMIN',
      'mutation { retentionDryRun(input: { classes: [CLINICAL_RECORD] }) { id } }',
    );
    await workOff(database, clock, handlers);
    const approve = `mutation { approveDestruction(runId: "${drawn.data.retentionDryRun?.id}") { ... on Refusal { code } } }`;
    expect(await ask('ADMIN', approve)).toMatchObject({
      data: { approveDestruction: { code: 'SecondPersonNeeded' } },
    });
  });

  it('an addendum stands beside the patient', async () => {
    const somebody = await makePatientOf(database, clock, NOW);
    const input = {
      patientId: somebody.id,
      subjectType: 'patient',
      subjectId: somebody.id,
      whatIsWrong: 'a\nb',
      whatIsAsked: 'c',
    };
    const asked = await ask(
      'MANAGER',
      'mutation ($input: RequestRectificationInput!) { requestRectification(input: $input) { id dueOn } }',
      { input },
    );
    expect(asked).toMatchObject({ data: { requestRectification: { dueOn: '2034-05-03' } } });
    const id = `${asked.data.requestRectification?.id}`;
    await ask(
      'MANAGER',
      `mutation { acceptRectification(input: { rectificationId: "${id}", addendum: "Right." }) { __typename } }`,
    );
    const shown = await ask('IMAGING', `{ patient(id: "${somebody.id}") { addenda { id text } } }`);
    expect(shown).toMatchObject({ data: { patient: { addenda: [{ id, text: 'Right.' }] } } });
  });

  it('a copy is fetched over HTTP by whoever may, and by nobody else', async () => {
    const somebody = await makePatientOf(database, clock, NOW);
    const asked = await ask(
      'MANAGER',
      `mutation { exportPatient(input: { patientId: "${somebody.id}", reason: "All.", askedBy: PATIENT }) { id dueOn files { path } } }`,
    );
    expect(asked).toMatchObject({ data: { exportPatient: { dueOn: '2034-05-03', files: [] } } });
    const id = `${asked.data.exportPatient?.id}`;
    const get = (role: Role | null, path = id) =>
      app.inject({
        method: 'GET',
        url: `/subject-access/${path}`,
        headers: role === null ? {} : { authorization: `Bearer ${role}` },
      });
    const early = await get('MANAGER');
    expect([early.statusCode, early.json()]).toMatchObject([
      409,
      { code: 'CopyNotReady', trouble: 'PREPARING' },
    ]);
    await workOff(database, clock, handlers);
    expect((await get(null)).statusCode).toBe(401);
    expect((await get('RECEPTION')).statusCode).toBe(403);
    const [missing, wrong] = [await get('MANAGER', NOBODY), await get('MANAGER', '..%2f..%2fetc')];
    expect([missing.statusCode, wrong.statusCode]).toEqual([404, 404]);
    expect(missing.json().message).toBe(wrong.json().message);
    const fetched = await get('MANAGER');
    expect(fetched.statusCode).toBe(200);
    expect(fetched.headers).toMatchObject({
      'content-type': 'application/zip',
      'cache-control': 'no-store',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="record-2034-04-03-[0-9a-f-]+[.]zip"$/,
      ),
    });
    const names = await namesIn(fetched.rawPayload);
    expect(names).toEqual(
      expect.arrayContaining(['README.txt', 'SHA256SUMS', 'manifest.json', 'patients/patient.json']),
    );
    const told = await ask(
      'MANAGER',
      `{ subjectAccessRequest(id: "${id}") { manifestSha256 downloadsCount files { path sha256 } } }`,
    );
    expect(told).toMatchObject({ data: { subjectAccessRequest: { downloadsCount: 1 } } });
  });
});

function namesIn(archive: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: false }, (error, zip) => {
      if (error) return reject(error);
      const names: string[] = [];
      zip.on('entry', (entry: { fileName: string }) => names.push(entry.fileName));
      zip.on('end', () => resolve(names));
      zip.on('error', reject);
    });
  });
}
