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
import { PatientsModule } from '../../src/clinic/patients/patients.module.js';
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
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { aProcedureWording, makeFiledDocument } from '../support/procedure-consents.factory.js';

// The doors of consent through the graph: what a first and a compiled query answer, and who may not.

const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
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
  const wordings = consentWordingServiceOn(database, clock);
  await wordings.publishWording(aStaffActor(), aWording());
  await wordings.publishWording(aStaffActor(), aProcedureWording());
  patientId = (await makePatient(patientServiceOn(database, clock))).id;
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

type Answer = {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
};

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

const RECORD = `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { __typename
  ... on ConsentRecord { id kind purpose procedureCode side levels stage capacity takerCompetence recordedById
    told { indication risks { risk figure } options { option isDoingNothing } leaflets { title version } priorities questions }
    interpreter { name language } evidence { signatureDocumentId documentId formId formAddress formAgent } }
  ... on ConsentIncomplete { code missing } ... on GiverMayNotDecide { code message } } }`;
const CONFIRM = `mutation ($input: ConfirmConsentInput!) { confirmConsent(input: $input) { __typename
  ... on ConsentRecord { stage ofRecordId } ... on ConsentPlaceDiffers { code agreedTo }
  ... on ConsentNotInForce { code state } } }`;
const STANDING = `query ($id: ID!, $procedure: ConsentSubjectInput) {
  consentInForce(patientId: $id, purpose: PROCEDURE, procedure: $procedure) {
    inForce state reasonCode awaitsConfirmation mayBegin holdsUntil record { id } } }`;
const TIMELINE = `query ($id: ID!) { consentTimeline(patientId: $id) { spans {
  purpose kind procedureCode side level state reasonCode reason from until recordId } } }`;

const facet = (signatureDocumentId: string, parts: object = {}) => ({
  ...{ patientId, purpose: 'PROCEDURE', procedureCode: 'FACET_INJECTION', side: 'LEFT', levels: ['l4-5'] },
  ...{ decision: 'GIVEN', wordingVersion: '1', locale: 'en-GB', givenBy: 'PATIENT', method: 'IN_PERSON' },
  ...{ capacity: 'HAS_CAPACITY', capacityStatement: 'Said it back.', takerCompetence: 'PERFORMS_IT' },
  told: {
    indication: 'Facet pain',
    risks: [{ risk: 'Infection', figure: '1 in 10,000' }],
    options: [{ option: 'Physiotherapy' }, { option: 'Wait', isDoingNothing: true }],
  },
  evidence: { signatureDocumentId },
  ...parts,
});

describe('the story of a procedure through the door', () => {
  it('discusses, confirms on the day, shows it and takes it back', async () => {
    const signature = await makeFiledDocument(database, patientId);
    // Twice: the second time the query is compiled.
    const blank = { told: null, capacity: null, capacityStatement: null };
    for (const _ of [1, 2]) {
      const refused = await ask('CLINICIAN', RECORD, { input: facet(signature, blank) });
      expect(refused.data?.recordConsent).toMatchObject({
        __typename: 'ConsentIncomplete',
        missing: expect.arrayContaining(['told.risks', 'capacity']),
      });
    }
    const recorded = await ask('CLINICIAN', RECORD, { input: facet(signature) });
    expect(recorded.errors).toBeUndefined();
    expect(recorded.data?.recordConsent).toMatchObject({
      __typename: 'ConsentRecord',
      kind: 'CLINICAL',
      levels: ['L4/5'],
      stage: 'DISCUSSED',
      told: {
        options: [{ isDoingNothing: false }, { isDoingNothing: true }],
        leaflets: [],
        priorities: null,
      },
      interpreter: null,
      evidence: { signatureDocumentId: signature },
    });
    const recordId = recorded.data?.recordConsent?.id;
    const procedure = { procedureCode: 'FACET_INJECTION', side: 'LEFT', levels: ['L4/5'] };
    const before = await ask('IMAGING', STANDING, { id: patientId, procedure });
    expect(before.data?.consentInForce).toEqual({
      ...{
        inForce: true,
        state: 'IN_FORCE',
        reasonCode: 'IN_FORCE',
        awaitsConfirmation: true,
        mayBegin: false,
      },
      ...{ holdsUntil: null, record: { id: recordId } },
    });
    const onTheDay = { recordId, givenBy: 'PATIENT', method: 'IN_PERSON', takerCompetence: 'PERFORMS_IT' };
    const evidence = { formId: 'facet-day-2' };
    const wrong = await ask('CLINICIAN', CONFIRM, {
      input: { ...onTheDay, evidence, side: 'RIGHT', levels: ['L4/5'] },
    });
    expect(wrong.data?.confirmConsent).toMatchObject({ code: 'ConsentPlaceDiffers', agreedTo: 'left, L4/5' });
    const confirmed = await ask('CLINICIAN', CONFIRM, {
      input: { ...onTheDay, evidence, side: 'LEFT', levels: ['L4/5'] },
    });
    expect(confirmed.data?.confirmConsent).toMatchObject({ stage: 'CONFIRMED', ofRecordId: recordId });
    const after = await ask('IMAGING', STANDING, { id: patientId, procedure });
    expect(after.data?.consentInForce).toMatchObject({ mayBegin: true });
    expect((await ask('IMAGING', STANDING, { id: patientId })).data?.consentInForce).toMatchObject({
      inForce: false,
      reasonCode: 'PROCEDURE_NOT_NAMED',
    });
    clock.advance({ hours: 1 });
    const withdraw = `mutation ($id: ID!) { withdrawConsent(input: { patientId: $id, purpose: PROCEDURE,
      procedureCode: "FACET_INJECTION", givenBy: PATIENT, method: TELEPHONE }) { __typename } }`;
    expect((await ask('RECEPTION', withdraw, { id: patientId })).data?.withdrawConsent?.__typename).toBe(
      'ConsentRecord',
    );
    const timeline = await ask('MANAGER', TIMELINE, { id: patientId });
    expect(timeline.data?.consentTimeline).toMatchObject({
      spans: [
        { procedureCode: 'FACET_INJECTION', side: 'LEFT', level: 'L4/5', state: 'IN_FORCE' },
        { state: 'WITHDRAWN', until: null },
      ],
    });
  });
});

describe('rules and wordings through the door', () => {
  it('proposes, publishes and sets rules', async () => {
    const propose = `mutation { proposeConsentWording(input: { purpose: MARKETING, version: "2026-03", locale: "en-GB",
      text: "Send me news.", reason: "Shorter." }) { ... on ConsentWordingProposal { id sha256 status proposedAt } } }`;
    const { id, sha256 } = (await ask('MANAGER', propose)).data?.proposeConsentWording ?? {};
    const publish = `mutation ($input: PublishConsentWordingInput!) { publishConsentWording(input: $input) { __typename
      ... on ConsentWording { version inForce kind publishedAt publishedById proposalId procedureCode }
      ... on WordingDiffers { sha256 } ... on ProposalAlreadySettled { status } } }`;
    const other = { proposalId: id, sha256: '0'.repeat(64) };
    expect((await ask('ADMIN', publish, { input: other })).data?.publishConsentWording).toMatchObject({
      sha256,
    });
    const input = { proposalId: id, sha256 };
    expect((await ask('ADMIN', publish, { input })).data?.publishConsentWording).toMatchObject({
      ...{ version: '2026-03', inForce: true, kind: 'CONTACT', proposalId: id, procedureCode: null },
    });
    expect((await ask('ADMIN', publish, { input })).data?.publishConsentWording).toMatchObject({
      status: 'PUBLISHED',
    });
    const list = `query { consentWordingProposals(status: PUBLISHED) { items { id settledById settleReason } nextCursor } }`;
    expect((await ask('MANAGER', list)).data?.consentWordingProposals).toMatchObject({ items: [{ id }] });
    const rules = `mutation { setConsentPolicy(input: { purpose: MARKETING, newWordingAsks: true, validFor: 24, validForUnit: MONTHS,
      confirmation: NOT_NEEDED, needsDiscussion: false, needsEvidence: false, effectiveFrom: "2026-04-01", source: "PECR" }) {
      __typename ... on ConsentPolicy { validFor validForUnit effectiveFrom procedureCode } } }`;
    expect((await ask('MANAGER', rules)).data?.setConsentPolicy).toMatchObject({
      validFor: 24,
      effectiveFrom: '2026-04-01',
    });
    expect((await ask('MANAGER', rules)).data?.setConsentPolicy).toEqual({
      __typename: 'ConsentPolicyAlreadySet',
    });
    const all = `query { consentPolicies { purpose confirmation confirmAfterDays setAt setById } }`;
    expect((await ask('RECEPTION', all)).data?.consentPolicies).toHaveLength(6);
  });

  it('reports who lacks what', async () => {
    const report = `query { consentCoverage(filter: { purposes: [IMAGING_TRACER_AND_XRAYS], of: EVERYBODY }) {
        patientsCount lackingCount counts { purpose state count } }
      consentGaps(filter: { purposes: [IMAGING_TRACER_AND_XRAYS], of: EVERYBODY }) {
        items { patientId lacks { purpose state reasonCode reason } } nextCursor } }`;
    const answer = await ask('MANAGER', report);
    expect(answer.data?.consentCoverage).toMatchObject({ patientsCount: 1, lackingCount: 1 });
    expect(answer.data?.consentGaps).toMatchObject({
      items: [{ patientId, lacks: [{ state: 'NEVER_ASKED' }] }],
    });
  });
});

describe('bad input', () => {
  it.each<[string, string, object]>([
    ['procedureCode', RECORD, { procedureCode: 'facet injection' }],
    ['levels', RECORD, { levels: ['everywhere'] }],
    [
      'told.risks.0.figure',
      RECORD,
      { told: { indication: 'x', risks: [{ risk: 'x', figure: ' ' }], options: [] } },
    ],
    ['evidence.documentId', RECORD, { evidence: { documentId: 'mine' } }],
    ['interpreter.language', RECORD, { interpreter: { name: 'A', language: 'Polish' } }],
    ['giverDocumentIds', RECORD, { giverDocumentIds: ['x'] }],
  ])('names %s', async (field, query, parts) => {
    const before = await database.client.consentRecord.count();
    const answer = await ask('CLINICIAN', query, { input: facet(randomUUID(), parts) });
    expect(codesOf(answer)).toEqual(['BAD_INPUT']);
    expect(answer.errors?.[0]?.message).toContain(field);
    expect(await database.client.consentRecord.count()).toBe(before);
  });

  it('of nobody is NOT_FOUND, as what is no id at all', async () => {
    for (const recordId of [randomUUID(), patientId]) {
      const invalidate = `mutation ($id: ID!) { invalidateConsent(input: { recordId: $id, reason: "x" }) { __typename } }`;
      expect(codesOf(await ask('CLINICIAN', invalidate, { id: recordId }))).toEqual(['NOT_FOUND']);
    }
    expect(codesOf(await ask('MANAGER', TIMELINE, { id: 'x' }))).toEqual(['NOT_FOUND']);
  });
});

describe('who may', () => {
  const id = randomUUID();
  const SETS = `mutation { setConsentPolicy(input: { purpose: MARKETING, newWordingAsks: true, confirmation: NOT_NEEDED,
    needsDiscussion: false, needsEvidence: false, effectiveFrom: "2030-04-01", source: "x" }) { __typename } }`;
  const PROPOSES = `mutation { proposeConsentWording(input: { purpose: MARKETING, version: "9", locale: "en-GB", text: "x",
    reason: "x" }) { __typename } }`;
  const PUBLISHES = `mutation { publishConsentWording(input: { proposalId: "${id}", sha256: "${'0'.repeat(64)}" }) { __typename } }`;
  const DISCARDS = `mutation { discardConsentWording(input: { proposalId: "${id}", reason: "x" }) { __typename } }`;
  const INVALIDATES = `mutation { invalidateConsent(input: { recordId: "${id}", reason: "x" }) { __typename } }`;
  const CONFIRMS = `mutation { confirmConsent(input: { recordId: "${id}", givenBy: PATIENT, method: IN_PERSON,
    takerCompetence: PERFORMS_IT }) { __typename } }`;
  it.each<[Role | null, string, string]>([
    [null, SETS, 'UNAUTHENTICATED'],
    ['CLINICIAN', SETS, 'FORBIDDEN'],
    ['RECEPTION', PROPOSES, 'FORBIDDEN'],
    ['IMAGING', PUBLISHES, 'FORBIDDEN'],
    ['CLINICIAN', DISCARDS, 'FORBIDDEN'],
    ['CLINICIAN', `query { consentWordingProposals { items { id } } }`, 'FORBIDDEN'],
    ['MANAGER', INVALIDATES, 'FORBIDDEN'],
    ['MDT_MEMBER', CONFIRMS, 'FORBIDDEN'],
    ['MDT_MEMBER', `query { consentTimeline(patientId: "${id}") { spans { state } } }`, 'FORBIDDEN'],
    ['MDT_MEMBER', `query { consentPolicies { id } }`, 'FORBIDDEN'],
    [
      'MDT_MEMBER',
      `query { consentGaps(filter: { purposes: [MARKETING], of: EVERYBODY }) { items { patientId } } }`,
      'FORBIDDEN',
    ],
    [
      'MDT_MEMBER',
      `query { consentCoverage(filter: { purposes: [MARKETING], of: EVERYBODY }) { patientsCount } }`,
      'FORBIDDEN',
    ],
  ])('%s asks %#: %s', async (role, query, code) => {
    expect(codesOf(await ask(role, query))).toEqual([code]);
  });
});
