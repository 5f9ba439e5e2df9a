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
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { PatientsModule } from '../../src/clinic/patients/patients.module.js';
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
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';

// The doors of referrals, their directory and what they say: through GraphQL, with a bearer token that names the role.

const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;

/** The same person in each role. */
const ACTORS = new Map(Object.values(Role).map((role) => [role, aStaffActor()]));

function callerOf(token: string | null) {
  const role = Object.values(Role).find((name) => name === token);
  return role === undefined
    ? null
    : { actor: ACTORS.get(role) ?? aStaffActor(), sessionId: randomUUID(), roles: [role] };
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

const patients = () => app.get(PatientService);
const REFERRAL = `... on Referral { id status version allowedActions acceptedFor reasonCode redirectedTo advice outcome
  informationWanted informationDueOn serviceCode }`;
const REFUSED = '... on Refusal { __typename code message }';

async function moved(role: Role, verb: string, input: object): Promise<Part> {
  const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`.replace(
    'InformationReceivedInput',
    'InformationInput',
  );
  const query = `mutation ($input: ${type}!) { ${verb}(input: $input) { ${REFERRAL} ${REFUSED} } }`;
  const answer = await ask(role, query, { input });
  expect(answer.errors).toBeUndefined();
  return answer.data[verb] ?? {};
}

async function received(parts: object = {}): Promise<string> {
  const { id: patientId } = await makePatient(patients());
  const input = {
    ...{ patientId, source: 'GP', priority: 'ROUTINE', referrerName: 'Dr A', clinicalQuestion: 'Facets?' },
    ...parts,
  };
  const query = `mutation ($input: ReceiveReferralInput!) { receiveReferral(input: $input) { ${REFERRAL} ${REFUSED} } }`;
  const answer = await ask('RECEPTION', query, { input });
  expect(answer.errors).toBeUndefined();
  return String(answer.data.receiveReferral?.id);
}

describe('a referral through the door', () => {
  it('is taken up, asked about, decided, opened again and completed, with all that was said', async () => {
    const referralId = await received({ serviceCode: 'SPECT_CT' });
    expect(await moved('CLINICIAN', 'takeUpReferral', { referralId })).toMatchObject({
      status: 'BEING_TRIAGED',
    });
    const wanted = { referralId, wanted: 'The MRI report.', dueOn: '2026-03-12' };
    expect(await moved('CLINICIAN', 'requestInformation', wanted)).toMatchObject({
      ...{
        status: 'INFORMATION_REQUESTED',
        informationWanted: 'The MRI report.',
        informationDueOn: '2026-03-12',
      },
    });
    expect(await moved('RECEPTION', 'recordInformationReceived', { referralId })).toMatchObject({
      ...{ status: 'BEING_TRIAGED', serviceCode: 'SPECT_CT' },
    });
    const redirect = { referralId, reasonCode: 'WRONG_PROVIDER', to: 'Spinal surgery' };
    expect(await moved('CLINICIAN', 'redirectReferral', redirect)).toMatchObject({
      redirectedTo: 'Spinal surgery',
    });
    const again = { referralId, reasonCode: 'NEW_INFORMATION', comment: 'They sent it back.' };
    expect(await moved('RECEPTION', 'reopenReferral', again)).toMatchObject({ status: 'BEING_TRIAGED' });
    const accept = { referralId, acceptedFor: 'STRAIGHT_TO_TEST', version: 5 };
    expect(await moved('CLINICIAN', 'acceptReferral', accept)).toMatchObject({
      acceptedFor: 'STRAIGHT_TO_TEST',
    });
    expect(
      await moved('CLINICIAN', 'declineReferral', { referralId, reasonCode: 'OTHER', comment: 'x' }),
    ).toMatchObject({
      ...{ __typename: 'ReferralAlreadyDecided', code: 'ReferralAlreadyDecided' },
    });
    const done = { referralId, reasonCode: 'DISCHARGED', outcome: 'Facet L4/5.' };
    expect(await moved('CLINICIAN', 'completeReferral', { ...done, version: 2 })).toMatchObject({
      code: 'ReferralChangedMeanwhile',
    });
    expect(await moved('CLINICIAN', 'completeReferral', done)).toMatchObject({ status: 'COMPLETED' });

    const look = `query ($id: ID!) { referral(id: $id) { events { action from to at actorId reasonCode comment detail
      version tellings { audience } } tellings { audience method words at } } }`;
    const shown = await ask('MANAGER', look, { id: referralId });
    expect(shown.errors).toBeUndefined();
    const events = shown.data.referral?.events as unknown as readonly Part[];
    expect(events.map(({ action }) => action)).toEqual([
      ...['RECEIVE', 'TAKE_UP', 'REQUEST_INFORMATION', 'RECORD_INFORMATION', 'REDIRECT', 'REOPEN', 'ACCEPT'],
      'COMPLETE',
    ]);
    expect(events[5]).toMatchObject({
      from: 'REDIRECTED',
      to: 'BEING_TRIAGED',
      comment: 'They sent it back.',
    });
    expect(shown.data.referral?.tellings).toMatchObject([
      { audience: 'REFERRER', method: 'LETTER', words: expect.stringContaining('The MRI report.') },
      { audience: 'REFERRER' },
      { audience: 'PATIENT', method: 'EMAIL' },
      { audience: 'REFERRER' },
      { audience: 'PATIENT' },
    ]);
  });

  it('is returned, declined, put back and withdrawn', async () => {
    const advice = { referralId: await received(), advice: 'Try walking.' };
    expect(await moved('CLINICIAN', 'returnReferralWithAdvice', advice)).toMatchObject({
      ...{ status: 'RETURNED_WITH_ADVICE', advice: 'Try walking.', reasonCode: 'ADVICE_SUFFICES' },
    });
    const declined = { referralId: await received(), reasonCode: 'SERVICE_INAPPROPRIATE', tell: [] };
    expect(await moved('CLINICIAN', 'declineReferral', declined)).toMatchObject({ status: 'DECLINED' });
    const referralId = await received();
    await moved('CLINICIAN', 'takeUpReferral', { referralId });
    expect(await moved('CLINICIAN', 'putBackReferral', { referralId })).toMatchObject({ status: 'RECEIVED' });
    const gone = {
      referralId,
      reasonCode: 'PATIENT_DECLINED',
      tell: [{ audience: 'REFERRER', method: 'TELEPHONE' }],
    };
    expect(await moved('RECEPTION', 'withdrawReferral', gone)).toMatchObject({ status: 'WITHDRAWN' });
    const notYours = { referralId: await received(), reasonCode: 'WRONG_PROVIDER' };
    expect(await moved('CLINICIAN', 'declineReferral', notYours)).toMatchObject({ status: 'DECLINED' });
    const completed = { referralId: notYours.referralId, reasonCode: 'DISCHARGED', outcome: 'x' };
    expect(await moved('RECEPTION', 'completeReferral', completed)).toMatchObject({
      code: 'ReferralNotPossible',
    });
  });

  it('that may be here already is not taken in until somebody has looked', async () => {
    const first = await received({ serviceCode: 'SPECT_CT' });
    const patientId = (await database.client.referral.findUniqueOrThrow({ where: { id: first } })).patientId;
    const query = `mutation ($input: ReceiveReferralInput!) { receiveReferral(input: $input) {
      ... on Referral { id } ... on OpenReferralExists { code openReferrals { referralId status } } } }`;
    const input = {
      patientId,
      source: 'INSURER',
      priority: 'ROUTINE',
      referrerName: 'B',
      clinicalQuestion: 'Facets?',
    };
    const before = await database.client.referral.count();
    expect((await ask('RECEPTION', query, { input })).data.receiveReferral).toEqual({
      ...{ code: 'OpenReferralExists', openReferrals: [{ referralId: first, status: 'RECEIVED' }] },
    });
    expect(await database.client.referral.count()).toBe(before);
    const confirmed = { ...input, confirmedNotDuplicateOf: [first] };
    expect((await ask('RECEPTION', query, { input: confirmed })).data.receiveReferral).toEqual({
      id: expect.any(String),
    });
  });

  it('has its reasons and services as data', async () => {
    const answer = await ask(
      'RECEPTION',
      `{ referralReasons { code name actions allowedRoles needsComment tellsReferrer
      tellsPatient words } referralServices { code name } }`,
    );
    expect(answer.errors).toBeUndefined();
    const codes = (list: unknown) => (list as readonly { readonly code: string }[]).map(({ code }) => code);
    expect(codes(answer.data.referralReasons)).toEqual(
      expect.arrayContaining([
        ...[
          'SERVICE_INAPPROPRIATE',
          'WRONG_PROVIDER',
          'TREATMENT_NO_LONGER_REQUIRED',
          'INTEND_PRIVATE',
          'OTHER',
        ],
        ...['PATIENT_ILL', 'PATIENT_HOLIDAY', 'PATIENT_DIED', 'RAISED_IN_ERROR', 'DUPLICATE_REFERRAL'],
      ]),
    );
    expect(codes(answer.data.referralServices)).toEqual(
      expect.arrayContaining(['PAIN_CLINIC', 'SPECT_CT', 'PHYSIOTHERAPY', 'PSYCHOLOGY', 'INJECTION']),
    );
  });
});

describe('the directory through the door', () => {
  const ENTRY = '... on Referrer { id name registration odsCode phone isEntitledToday retiredAt version }';
  async function done(verb: string, input: object): Promise<Part> {
    const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`.replace(
      'RestoreReferrer',
      'RetireReferrer',
    );
    const query = `mutation ($input: ${type}!) { ${verb}(input: $input) { ${ENTRY} ${REFUSED}
      ... on ReferrerRegistrationTaken { referrerId isRetired } } }`;
    const answer = await ask('MANAGER', query, { input });
    expect(answer.errors).toBeUndefined();
    return answer.data[verb] ?? {};
  }

  it('takes somebody in, corrects, entitles, retires and restores them, and names them on a referral', async () => {
    const entry = {
      ...{
        kind: 'CONSULTANT',
        title: 'Miss',
        name: 'Ida Roe',
        registrationBody: 'GMC',
        registration: 'C7654321',
      },
      ...{ odsCode: 'rqx01', phone: '020 7946 0999', email: 'ida@example.org' },
    };
    const made = await done('registerReferrer', entry);
    expect(made).toMatchObject({
      registration: '7654321',
      odsCode: 'RQX01',
      phone: '+442079460999',
      version: 0,
    });
    expect(await done('registerReferrer', entry)).toMatchObject({
      ...{ code: 'ReferrerRegistrationTaken', referrerId: made.id, isRetired: false },
    });
    const { id: referrerId } = made;
    expect(await done('correctReferrer', { referrerId, version: 0, phone: null })).toMatchObject({
      ...{ name: 'Ida Roe', phone: null },
    });
    const entitled = { referrerId, version: 1, isEntitled: true, from: '2026-01-01', note: 'Bone scans.' };
    expect(await done('setReferrerEntitlement', entitled)).toMatchObject({ isEntitledToday: true });
    expect(await done('retireReferrer', { referrerId, version: 2 })).toMatchObject({ version: 3 });
    expect(await done('restoreReferrer', { referrerId, version: 2 })).toMatchObject({
      code: 'ReferrerChangedMeanwhile',
    });
    expect(await done('restoreReferrer', { referrerId, version: 3 })).toMatchObject({ retiredAt: null });

    const id = await received({ referrerId, referrerName: null, source: 'CONSULTANT' });
    const shown = await ask(
      'IMAGING',
      `query ($id: ID!, $of: ID!) { referral(id: $id) { referrerName
      referrer { id name isEntitledToday } } referrer(id: $of) { name } referrers(filter: { text: "roe" }) { items { id } } }`,
      {
        ...{ id, of: referrerId },
      },
    );
    expect(shown.errors).toBeUndefined();
    expect(shown.data).toEqual({
      referral: {
        referrerName: 'Miss Ida Roe',
        referrer: { id: referrerId, name: 'Ida Roe', isEntitledToday: true },
      },
      referrer: { name: 'Ida Roe' },
      referrers: { items: [{ id: referrerId }] },
    });
  });
});

describe('what a referral says, through the door', () => {
  it('is recorded, corrected, taken away and shown', async () => {
    const referralId = await received();
    const record = `mutation ($c: RecordSpineComplaintInput!, $h: RecordHistoryInput!, $n: RecordNoHistoryInput!,
        $a: RecordAuthorisationInput!) {
      recordSpineComplaint(input: $c) { id levelFrom version } recordHistory(input: $h) { id what }
      recordNoHistory(input: $n) { ... on ReferralHistory { answer } ... on HistoryNotEmpty { historyIds } }
      recordAuthorisation(input: $a) { id isInForceToday amountPence } }`;
    const wishes = {
      c: {
        referralId,
        region: 'LUMBAR',
        side: 'LEFT',
        levelFrom: 'L4-L5',
        nrsAverage: 5,
        nrsWorst: 7,
        odiPercent: 40,
      },
      h: { referralId, kind: 'ANTICOAGULANT', what: 'Apixaban', result: '5 mg twice a day', isCurrent: true },
      n: { referralId, kind: 'IMPLANT' },
      a: {
        ...{
          referralId,
          insurer: 'Example Health',
          membershipNumber: 'M1',
          authorisationCode: 'PA1',
          amountPence: 100,
        },
        ...{ validFrom: '2026-03-01', validUntil: '2026-03-31' },
      },
    };
    const made = await ask('RECEPTION', record, wishes);
    expect(made.errors).toBeUndefined();
    expect(made.data).toMatchObject({
      recordSpineComplaint: { levelFrom: 'L4/5' },
      recordHistory: { what: 'Apixaban' },
      recordNoHistory: { answer: 'NONE' },
      recordAuthorisation: { isInForceToday: true, amountPence: 100 },
    });
    const { referralId: _referral, ...said } = wishes.c;
    const { referralId: _of, ...agreed } = wishes.a;
    const correct = `mutation ($c: CorrectSpineComplaintInput!, $h: CorrectHistoryInput!, $a: CorrectAuthorisationInput!) {
      correctSpineComplaint(input: $c) { ... on ReferralComplaint { side version } ${REFUSED} }
      correctHistory(input: $h) { ... on ReferralHistoryItem { what version } ${REFUSED} }
      correctAuthorisation(input: $a) { ... on ReferralAuthorisation { sessions version } ${REFUSED} } }`;
    const corrected = await ask('CLINICIAN', correct, {
      c: { ...said, side: 'BOTH', complaintId: made.data.recordSpineComplaint?.id, version: 0 },
      h: { historyId: made.data.recordHistory?.id, version: 0, what: 'Apixaban, stopped', isCurrent: false },
      a: { ...agreed, sessions: 3, authorisationId: made.data.recordAuthorisation?.id, version: 0 },
    });
    expect(corrected.data).toEqual({
      correctSpineComplaint: { side: 'BOTH', version: 1 },
      correctHistory: { what: 'Apixaban, stopped', version: 1 },
      correctAuthorisation: { sessions: 3, version: 1 },
    });
    const look = `query ($id: ID!) { referral(id: $id) { complaints { region side levelFrom levelTo durationWeeks radiates
      nrsAverage nrsWorst odiPercent note recordedAt } history { kind answer items { what isCurrent } }
      authorisations { insurer procedureCodes sessions validUntil } } }`;
    const shown = await ask('MDT_MEMBER', look, { id: referralId });
    expect(shown.errors).toBeUndefined();
    expect(shown.data.referral).toMatchObject({
      complaints: [{ side: 'BOTH', odiPercent: 40 }],
      history: expect.arrayContaining([
        { kind: 'ANTICOAGULANT', answer: 'SOME', items: [{ what: 'Apixaban, stopped', isCurrent: false }] },
        { kind: 'IMPLANT', answer: 'NONE', items: [] },
        { kind: 'ALLERGY', answer: 'NOT_ASKED', items: [] },
      ]),
      authorisations: [{ sessions: 3 }],
    });
    const retire = `mutation ($c: RetireSpineComplaintInput!, $h: RetireHistoryInput!, $a: RetireAuthorisationInput!) {
      retireSpineComplaint(input: $c) { ${REFUSED} } retireHistory(input: $h) { ${REFUSED} }
      retireAuthorisation(input: $a) { ${REFUSED} } }`;
    const input = (name: string, id: unknown, version: number) => ({
      [name]: id,
      version,
      reason: 'Not theirs.',
    });
    const gone = await ask('RECEPTION', retire, {
      c: input('complaintId', made.data.recordSpineComplaint?.id, 0),
      h: input('historyId', made.data.recordHistory?.id, 1),
      a: input('authorisationId', made.data.recordAuthorisation?.id, 1),
    });
    expect(gone.data).toEqual({
      retireSpineComplaint: {
        __typename: 'ReferralContentChanged',
        code: 'ReferralContentChanged',
        message: expect.any(String),
      },
      retireHistory: {},
      retireAuthorisation: {},
    });
  });
});

describe('bad input', () => {
  it.each([
    ['takeUpReferral', { referralId: 'x' }],
    ['acceptReferral', { comment: 'x'.repeat(1_001) }],
    ['acceptReferral', { comment: 'a\u0000b' }],
    ['declineReferral', { reasonCode: 'wrong provider' }],
    ['redirectReferral', { reasonCode: 'WRONG_PROVIDER', to: ' ' }],
    ['returnReferralWithAdvice', { advice: '' }],
    ['requestInformation', { wanted: 'x'.repeat(4_001) }],
    ['requestInformation', { wanted: 'x', dueOn: '2026-01-01' }],
    [
      'withdrawReferral',
      { reasonCode: 'PATIENT_ILL', tell: [{ audience: 'PATIENT', method: 'EMAIL', email: 'no' }] },
    ],
    ['completeReferral', { reasonCode: 'DISCHARGED', outcome: '' }],
    ['reopenReferral', { reasonCode: 'NEW_INFORMATION', version: -1 }],
  ])('of %s (%j) changes nothing', async (verb, parts) => {
    const input = { referralId: await received(), ...parts };
    const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`;
    const before = await database.client.referralEvent.count();
    const answer = await ask(
      'CLINICIAN',
      `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`,
      { input },
    );
    expect(codesOf(answer)).toEqual(['BAD_INPUT']);
    expect(await database.client.referralEvent.count()).toBe(before);
  });

  it.each([
    ['registerReferrer', 'RegisterReferrerInput', { kind: 'GP', name: 'x', email: 'no' }],
    ['recordSpineComplaint', 'RecordSpineComplaintInput', { region: 'LUMBAR', side: 'LEFT', nrsWorst: 11 }],
    ['recordSpineComplaint', 'RecordSpineComplaintInput', { region: 'LUMBAR', side: 'LEFT', odiPercent: -1 }],
    ['recordHistory', 'RecordHistoryInput', { kind: 'ALLERGY', what: '' }],
    [
      ...(['recordAuthorisation', 'RecordAuthorisationInput'] as const),
      {
        ...{ insurer: 'x', membershipNumber: 'x', authorisationCode: 'x', sessions: 0 },
        ...{ validFrom: '2026-03-01', validUntil: '2026-03-02' },
      },
    ],
  ])('of %s is BAD_INPUT', async (verb, type, parts) => {
    const of = verb === 'registerReferrer' ? {} : { referralId: await received() };
    const query = `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`;
    expect(codesOf(await ask('RECEPTION', query, { input: { ...of, ...parts } }))).toEqual(['BAD_INPUT']);
  });
});

describe('who may', () => {
  const referralId = randomUUID();
  it.each([
    ['RECEPTION', 'takeUpReferral', { referralId }],
    ['RECEPTION', 'acceptReferral', { referralId }],
    ['MANAGER', 'declineReferral', { referralId, reasonCode: 'OTHER' }],
    ['IMAGING', 'withdrawReferral', { referralId, reasonCode: 'OTHER' }],
    ['ADMIN', 'reopenReferral', { referralId, reasonCode: 'OTHER' }],
    ['CLINICIAN', 'registerReferrer', { kind: 'GP', name: 'x' }],
    ['IMAGING', 'recordSpineComplaint', { referralId, region: 'LUMBAR', side: 'LEFT' }],
  ] as const)('%s may not %s', async (role, verb, input) => {
    const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${verb}(input: $input) { __typename } }`;
    expect(codesOf(await ask(role, query, { input }))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(null, query, { input }))).toEqual(['UNAUTHENTICATED']);
  });
});
