import { randomUUID } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import { rolesHold } from '../../src/clinic/auth/permission.rules.js';
import { isCaller } from '../../src/clinic/auth/permission.type.js';
import { ConsentModule } from '../../src/clinic/consent/consent.module.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { PatientsModule } from '../../src/clinic/patients/patients.module.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import { ReferralsModule } from '../../src/clinic/referrals/referrals.module.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, AccessPolicy, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { OutboxHandlers } from '../../src/platform/outbox/outbox.handlers.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { Clock } from '../../src/platform/time/index.js';
import { aWording, consentWordingServiceOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { makeReferral } from '../support/referrals.factory.js';

// The doors of patients, referrals and consent: through GraphQL, with a bearer token that names the role.

const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;

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
    { provide: Outbox, useValue: new Outbox(clock) },
    { provide: OutboxHandlers, useValue: new OutboxHandlers() },
  ];
  @Global()
  @Module({ providers: ground, exports: ground })
  class GroundModule {}

  @Module({
    imports: [
      GroundModule,
      ConfigModule.with(readConfig({}, '/tmp')),
      DiscoveryModule,
      AuditModule,
      PatientsModule,
      ReferralsModule,
      ConsentModule,
      GraphQLModule.forRoot<MercuriusDriverConfig>(graphqlOptions(async (token) => callerOf(token), true)),
    ],
    providers: [
      { provide: APP_GUARD, useClass: AccessGuard },
      OperationRollCall,
      InstantScalar,
      LocalDateScalar,
    ],
  })
  class DoorsModule {}

  const opened = await NestFactory.create<NestFastifyApplication>(DoorsModule, new FastifyAdapter(), {
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
  await consentWordingServiceOn(database, clock).publishWording(aStaffActor(), aWording());
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

interface Answer {
  readonly data: Part;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(role: Role | null, query: string, variables: object = {}): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: role === null ? {} : { authorization: `Bearer ${role}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}
const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

const REGISTER = `mutation ($input: RegisterPatientInput!) {
  registerPatient(input: $input) {
    __typename
    ... on Patient { id localNumber familyName dateOfBirth nhsNumberDisplay registeredAt phones { kind e164 asEntered } }
    ... on Refusal { code message }
    ... on LikelyDuplicate { candidates { patientId familyName dateOfBirth reasons } }
    ... on NhsNumberTaken { holder { localNumber } }
  }
}`;
const zoe = {
  familyName: 'Brown',
  givenName: 'Zoë',
  dateOfBirth: '1980-01-02',
  sexForClinicalUse: 'FEMALE',
  statedGender: 'FEMALE',
  phones: [{ kind: 'MOBILE', number: '07700 900123' }],
  nhsNumber: '999 000 0018',
  contactPreference: 'SMS',
};

describe('the story through the door', () => {
  it('registers, refers, triages, asks for consent and withdraws it', async () => {
    const registered = await ask('RECEPTION', REGISTER, { input: zoe });
    expect(registered).toMatchObject({
      data: {
        registerPatient: {
          __typename: 'Patient',
          localNumber: expect.stringMatching(/^F\d{7}$/),
          dateOfBirth: '1980-01-02',
          nhsNumberDisplay: '999 000 0018',
          registeredAt: '2026-03-02T09:00:00Z',
          phones: [{ kind: 'MOBILE', e164: '+447700900123', asEntered: '07700 900123' }],
        },
      },
    });
    const patientId = String(registered.data.registerPatient?.id);

    const { nhsNumber: _, ...twin } = zoe;
    const likely = (await ask('RECEPTION', REGISTER, { input: twin })).data.registerPatient;
    expect(likely).toMatchObject({
      __typename: 'LikelyDuplicate',
      code: 'LikelyDuplicate',
      candidates: [
        {
          patientId,
          reasons: ['SAME_DATE_OF_BIRTH_SIMILAR_NAME', 'SAME_NAME_SAME_PHONE'],
          dateOfBirth: '1980-01-02',
        },
      ],
    });
    const taken = (await ask('RECEPTION', REGISTER, { input: zoe })).data.registerPatient;
    expect(taken).toMatchObject({
      __typename: 'NhsNumberTaken',
      holder: { localNumber: expect.any(String) },
    });

    const received = await ask(
      'RECEPTION',
      `mutation ($input: ReceiveReferralInput!) { receiveReferral(input: $input) {
        ... on Referral { id status allowedActions receivedOn patient { familyName } } ... on Refusal { code } } }`,
      {
        input: {
          patientId,
          source: 'GP',
          priority: 'ROUTINE',
          referrerName: 'Dr A',
          clinicalQuestion: 'Facets?',
        },
      },
    );
    expect(received.data.receiveReferral).toMatchObject({
      status: 'RECEIVED',
      allowedActions: [
        ...['TAKE_UP', 'REQUEST_INFORMATION', 'ACCEPT', 'REDIRECT', 'DECLINE'],
        ...['RETURN_WITH_ADVICE', 'WITHDRAW', 'MERGE'],
      ],
      receivedOn: '2026-03-02',
      patient: { familyName: 'Brown' },
    });
    const decide = `mutation ($id: ID!) { acceptReferral(input: { referralId: $id }) {
      ... on Referral { status } ... on ReferralAlreadyDecided { code status allowedActions } } }`;
    const id = String(received.data.receiveReferral?.id);
    expect((await ask('CLINICIAN', decide, { id })).data).toEqual({ acceptReferral: { status: 'ACCEPTED' } });
    expect((await ask('CLINICIAN', decide, { id })).data.acceptReferral).toEqual({
      code: 'ReferralAlreadyDecided',
      status: 'ACCEPTED',
      allowedActions: ['BOOK', 'COMPLETE', 'WITHDRAW', 'MERGE', 'REOPEN'],
    });

    const consent = `mutation ($id: ID!) { recordConsent(input: { patientId: $id, purpose: IMAGING_TRACER_AND_XRAYS,
      decision: GIVEN, wordingVersion: "1", locale: "en-GB", givenBy: PATIENT, method: IN_PERSON,
      decidedAt: "2026-03-02T08:00:00+00:00" }) { __typename ... on ConsentRecord { wordingSha256 decidedAt } } }`;
    expect((await ask('IMAGING', consent, { id: patientId })).data.recordConsent).toEqual({
      __typename: 'ConsentRecord',
      wordingSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      decidedAt: '2026-03-02T08:00:00Z',
    });
    const standing = `query ($id: ID!) { consentInForce(patientId: $id, purpose: IMAGING_TRACER_AND_XRAYS) { inForce reason record { method } } }`;
    expect((await ask('IMAGING', standing, { id: patientId })).data.consentInForce).toEqual({
      inForce: true,
      reason: 'In force since Monday 2 March 2026 at 08:00.',
      record: { method: 'IN_PERSON' },
    });
    const withdraw = `mutation ($id: ID!) { withdrawConsent(input: { patientId: $id, purpose: IMAGING_TRACER_AND_XRAYS,
      givenBy: PATIENT, method: TELEPHONE }) { __typename ... on NothingToWithdraw { state message } } }`;
    expect((await ask('RECEPTION', withdraw, { id: patientId })).data.withdrawConsent?.__typename).toBe(
      'ConsentRecord',
    );
    expect((await ask('RECEPTION', withdraw, { id: patientId })).data.withdrawConsent).toMatchObject({
      __typename: 'NothingToWithdraw',
      state: 'WITHDRAWN',
    });
    const timeline = `query ($id: ID!) { consentRecords(patientId: $id) { items { decision } nextCursor }
      consentWordings(purpose: IMAGING_TRACER_AND_XRAYS) { version inForce } }`;
    expect((await ask('MANAGER', timeline, { id: patientId })).data).toEqual({
      consentRecords: { items: [{ decision: 'WITHDRAWN' }, { decision: 'GIVEN' }], nextCursor: null },
      consentWordings: [{ version: '1', inForce: true }],
    });
  });
});

describe('bad input', () => {
  it.each([
    [{ familyName: '' }, 'familyName'],
    [{ familyName: 'x'.repeat(70) }, 'familyName'],
    [{ familyName: 'x'.repeat(5_000) }, 'familyName'],
    [{ givenName: 'A\\B' }, 'givenName'],
    [{ dateOfBirth: '2030-01-01' }, 'dateOfBirth'],
    [{ email: 'nobody' }, 'email'],
    [{ phones: [{ kind: 'MOBILE', number: 'x'.repeat(400) }] }, 'phones.0.number'],
    [{ nhsNumber: '999 123 4567' }, 'nhsNumber'],
    [{ confirmedDifferentFrom: ['me'] }, 'confirmedDifferentFrom'],
  ])('is BAD_INPUT that names the field: %j', async (parts, field) => {
    const before = await database.client.patient.count();
    const answer = await ask('RECEPTION', REGISTER, { input: { ...zoe, ...parts } });
    expect(codesOf(answer)).toEqual(['BAD_INPUT']);
    expect(answer.errors?.[0]?.message).toContain(field);
    expect(await database.client.patient.count()).toBe(before);
  });

  it.each([
    [`query { patients(search: "x") { items { id } } }`, 'BAD_INPUT'],
    [`query { patients(search: "xy", page: { size: 101 }) { items { id } } }`, 'BAD_INPUT'],
    [`query { patient(id: "${randomUUID()}") { id } }`, 'NOT_FOUND'],
    [`query { patient(id: "' OR 1=1 --") { id } }`, 'NOT_FOUND'],
    [`query { referral(id: "x") { id } }`, 'NOT_FOUND'],
    [`query { referrals(filter: { patientId: "x" }) { items { id } } }`, 'BAD_INPUT'],
  ])('%s is %s', async (query, code) => {
    expect(codesOf(await ask('CLINICIAN', query))).toEqual([code]);
  });
});

describe('who may', () => {
  const id = randomUUID();
  it.each<[Role | null, string, string]>([
    [null, `query { patients(search: "Brown") { items { id } } }`, 'UNAUTHENTICATED'],
    ['MANAGER', REGISTER, 'FORBIDDEN'],
    ['MDT_MEMBER', REGISTER, 'FORBIDDEN'],
    ['RECEPTION', `mutation { acceptReferral(input: { referralId: "${id}" }) { __typename } }`, 'FORBIDDEN'],
    ['MDT_MEMBER', `query { consentRecords(patientId: "${id}") { items { id } } }`, 'FORBIDDEN'],
    [
      'MANAGER',
      `mutation { withdrawConsent(input: { patientId: "${id}", purpose: PRIVACY_NOTICE, givenBy: PATIENT, method: TELEPHONE }) { __typename } }`,
      'FORBIDDEN',
    ],
  ])('%s asks %#: %s', async (role, query, code) => {
    const answer = await ask(role, query, query === REGISTER ? { input: zoe } : {});
    expect(codesOf(answer)).toEqual([code]);
  });
});

describe('lists of lists', () => {
  it('load in one go, and each kind of look is written down once', async () => {
    const patients = app.get(PatientService);
    const referrals = app.get(ReferralService);
    for (let index = 0; index < 8; index += 1) {
      const patient = await makePatient(patients, { familyName: `Longlist${'abcdefgh'[index]}` });
      await makeReferral(referrals, patient.id, { receivedOn: '2026-01-05' });
      await makeReferral(referrals, patient.id, { receivedOn: '2026-01-06' });
    }
    const before = await database.client.auditEntry.count();
    const answer = await ask(
      'CLINICIAN',
      `query { patients(search: "longlist") { items { familyName referrals { receivedOn patient { familyName } } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    const items = answer.data.patients?.items as unknown as {
      familyName: string;
      referrals: { receivedOn: string; patient: { familyName: string } }[];
    }[];
    expect(items).toHaveLength(8);
    for (const item of items) {
      expect(item.referrals.map(({ receivedOn }) => receivedOn)).toEqual(['2026-01-06', '2026-01-05']);
      expect(item.referrals.every(({ patient }) => patient.familyName === item.familyName)).toBe(true);
    }
    const looks = await database.client.auditEntry.findMany({
      orderBy: { link: { position: 'asc' } },
      skip: before,
      select: { action: true, patientIds: true },
    });
    expect(looks.map(({ action }) => action)).toEqual([
      'patients.searched',
      'referrals.viewed',
      'patients.viewed',
    ]);
    expect(looks.map(({ patientIds }) => patientIds.length)).toEqual([8, 8, 8]);
  });
});
