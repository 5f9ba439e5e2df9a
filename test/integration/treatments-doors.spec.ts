import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import {
  aRequest,
  makeDone,
  makeOperator,
  makeSubject,
  publishProcedureWording,
  treatmentsOn,
} from '../support/treatments.factory.js';

// Treatments through the graph: what a first and a compiled query answer, and who may not.

const ROLES = ['RECEPTION', 'CLINICIAN', 'IMAGING', 'MDT_MEMBER', 'MANAGER', 'ADMIN'] as const;
const THEN = new FixedClock('2026-03-02T12:00:00Z');
const tokens = new Map<Role, string>();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let patientId: string;
let doneId: string;
let input: ReturnType<typeof aRequest>;

interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object, role: Role, key: string | null = null): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      authorization: `Bearer ${tokens.get(role) ?? ''}`,
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

async function signIn(role: Role): Promise<void> {
  const account = {
    email: `${role.toLowerCase()}@clinic.example`,
    displayName: `Some ${role.toLowerCase()}`,
    password: 'correct horse battery',
  };
  const added = await app.get(StaffService).addStaffAccount(aStaffActor(), { ...account, roles: [role] });
  if (isRefusal(added)) throw new Error(added.message);
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  tokens.set(role, signedIn.token);
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  for (const role of ROLES) await signIn(role);
  const room = treatmentsOn(database, THEN);
  await publishProcedureWording(room);
  const subject = await makeSubject(room);
  patientId = subject.patientId;
  input = aRequest(subject);
  doneId = (await makeDone(room, await makeOperator(database), subject)).id;
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);
const WHOLE = `
  query T($id: ID!) {
    treatment(id: $id) {
      id status requestedByName allowedActions
      plan { number plannedByName policyId agents { agentName doseMg } aspects { aspect finding } targets { inWords } }
      pauses { planVersion recordedByName readings { source side level } }
      record { operatorName fluoroscopySeconds agents { agentCode doseMg batchNumber expiresOn } targets { wasTreated inWords } }
      complications { id }
    }
  }`;

describe('a treatment', () => {
  it('answers whole, first and again, with names', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await ask(WHOLE, { id: doneId }, 'CLINICIAN');
      expect(errors).toBeUndefined();
      expect(data?.treatment).toMatchObject({
        ...{ id: doneId, status: 'DONE', allowedActions: ['correct', 'addComplication'] },
        plan: {
          number: 1,
          plannedByName: 'Dr Olu Okafor',
          targets: [{ inWords: 'L4/L5 facet joint, left' }],
        },
        pauses: [{ planVersion: 1 }],
        record: { operatorName: 'Dr Olu Okafor', agents: [{ agentCode: 'LIDOCAINE', doseMg: 20 }] },
      });
    }
  });

  it('is found through its patient, its list, its terms and its steroid', async () => {
    const ofPatient = 'query P($id: ID!) { patient(id: $id) { treatments { id kind } } }';
    expect((await ask(ofPatient, { id: patientId }, 'RECEPTION')).data?.patient).toEqual({
      treatments: [{ id: doneId, kind: 'MEDIAL_BRANCH_BLOCK' }],
    });
    const list =
      'query L($id: ID!) { treatments(filter: { patientId: $id, statuses: [DONE] }) { items { id } } }';
    expect((await ask(list, { id: patientId }, 'MANAGER')).data?.treatments).toEqual({
      items: [{ id: doneId }],
    });
    const terms =
      'query E($id: ID!) { treatmentEligibility(treatmentId: $id) { isMet mayGoOn criteria { criterion verdict fact } policy { source } } }';
    expect((await ask(terms, { id: doneId }, 'CLINICIAN')).data?.treatmentEligibility).toMatchObject({
      mayGoOn: true,
    });
    const steroid = 'query S($id: ID!) { cumulativeSteroidDose(patientId: $id) { steroidMg treatmentIds } }';
    expect((await ask(steroid, { id: patientId }, 'CLINICIAN')).data?.cumulativeSteroidDose).toEqual({
      ...{ steroidMg: 0, treatmentIds: [] },
    });
  });

  it('is asked for once with a key, and refused in words', async () => {
    const query = `mutation R($input: RequestTreatmentInput!) {
      requestTreatment(input: $input) { __typename ... on Treatment { id status } ... on Refusal { code message } } }`;
    const first = await ask(query, { input }, 'MDT_MEMBER', 'one-key');
    expect(first.data?.requestTreatment).toMatchObject({ __typename: 'Treatment', status: 'REQUESTED' });
    expect((await ask(query, { input }, 'MDT_MEMBER', 'one-key')).data).toEqual(first.data);
    const target = { structure: 'FACET', side: 'LEFT', noFindingBecause: 'Tender.' };
    const wrong = await ask(query, { input: { ...input, targets: [target] } }, 'MDT_MEMBER');
    expect(wrong.data?.requestTreatment).toMatchObject({ __typename: 'PlacesDoNotFit' });
    const blank = await ask(query, { input: { ...input, because: '  ' } }, 'MDT_MEMBER');
    expect(codesOf(blank)).toEqual(['BAD_INPUT']);
  });

  it('is nobody’s who may not', async () => {
    const end =
      'mutation C($id: ID!) { cancelTreatment(input: { treatmentId: $id, version: 0, reason: "x" }) { __typename } }';
    for (const role of ['RECEPTION', 'IMAGING', 'MANAGER', 'ADMIN'] as const) {
      expect(codesOf(await ask(end, { id: doneId }, role))).toEqual(['FORBIDDEN']);
    }
    const terms = `mutation S { setTreatmentPolicy(input: { kind: OTHER, enforcement: ADVISORY, effectiveFrom: "2199-01-01", source: "x" }) { __typename } }`;
    expect(codesOf(await ask(terms, {}, 'CLINICIAN'))).toEqual(['FORBIDDEN']);
    expect((await ask(terms, {}, 'MANAGER')).data?.setTreatmentPolicy).toEqual({
      __typename: 'TreatmentPolicy',
    });
    expect((await ask(terms, {}, 'MANAGER')).data?.setTreatmentPolicy).toEqual({
      __typename: 'TreatmentRowAlreadySet',
    });
    expect(codesOf(await ask(WHOLE, { id: 'nothing' }, 'CLINICIAN'))).toEqual(['NOT_FOUND']);
  });
});
