import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { rolesHold } from '../../src/clinic/auth/permission.rules.js';
import { isCaller } from '../../src/clinic/auth/permission.type.js';
import { ChecksModule } from '../../src/clinic/checks/checks.module.js';
import { GateSources } from '../../src/clinic/gates/gate-sources.service.js';
import { GatesModule } from '../../src/clinic/gates/gates.module.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Listening } from '../../src/platform/database/channel-listener.js';
import { Database } from '../../src/platform/database/database.service.js';
import { GateStage, Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, AccessPolicy, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { Outbox, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { Clock } from '../../src/platform/time/index.js';
import { makeStaff } from '../support/checks.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn, makeReferredPatient, mustBeBooked, RECEPTION } from '../support/imaging.factory.js';
import { aVisit, makeDepartment, makeReference } from '../support/imaging-department.factory.js';

// The doors of checks and gates: through GraphQL, with a bearer token that names the role, and the person where it matters.

const clock = new FixedClock('2026-03-02T09:00:00Z');
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let visitId: string;
const people = new Map<string, StaffActor>();

/** `IMAGING` or, of somebody in particular, `IMAGING-Kim_Witness`: all of it characters that a bearer token may have. */
function callerOf(token: string | null) {
  const [name = '', person = 'Sam_Asker'] = (token ?? '').split('-');
  const role = Object.values(Role).find((one) => one === name);
  const actor = people.get(person.replace('_', ' '));
  return role === undefined || actor === undefined ? null : { actor, sessionId: actor.id, roles: [role] };
}

/** What rooms that come after these answer for. */
const LATER = [
  'BATCH_VALID',
  'ACTIVITY_WITHIN_PROTOCOL',
  'UPTAKE_IN_WINDOW',
  'EVALUATED',
  'REPORT_ACKNOWLEDGED',
] as const;

async function openDoors(): Promise<NestFastifyApplication> {
  const policy: AccessPolicy = {
    holds: (caller, permission) => isCaller(caller) && rolesHold(caller.roles, permission),
  };
  const ground = [
    { provide: Database, useValue: database },
    { provide: Listening, useValue: new Listening(home.url) },
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
      ChecksModule,
      GatesModule,
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
    abortOnError: false,
  });
  opened.useGlobalPipes(new InputPipe());
  const sources = opened.get(GateSources, { strict: false });
  for (const code of LATER) {
    sources.register({ code, stages: [GateStage.INJECTION], judge: async () => new Map() });
  }
  await opened.init();
  await opened.getHttpAdapter().getInstance().ready();
  return opened;
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  people.set('Sam Asker', await makeStaff(database, 'Sam Asker', ['IDENTIFY_PATIENT', 'ENQUIRE_PREGNANCY']));
  people.set('Kim Witness', await makeStaff(database, 'Kim Witness'));
  people.set('Dr Pat', await makeStaff(database, 'Dr Pat', ['JUSTIFY']));
  const imaging = imagingOn(database, clock, home.url);
  await makeReference(database);
  const department = await makeDepartment(database);
  const { referralId } = await makeReferredPatient(imaging);
  const wish = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
  visitId = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, wish)).id;
  clock.set('2026-03-10T08:30:00Z');
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

async function ask(token: string | null, query: string, variables: object = {}): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}
const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

const IDENTITY = `mutation ($input: RecordIdentityCheckInput!) { recordIdentityCheck(input: $input) {
  __typename ... on IdentityCheck { id matched differing askedOpenly madeById madeOn replacesId }
  ... on Refusal { code message } ... on CheckAlreadyMade { standingId } ... on NotEntitledToCheck { act } } }`;
const PREGNANCY = `mutation ($input: RecordPregnancyEnquiryInput!) { recordPregnancyEnquiry(input: $input) {
  __typename ... on PregnancyEnquiry { id answer potential lastPeriodOn attestation witness { witnessedById } } ... on Refusal { code } } }`;
const WITNESS = `mutation ($id: ID!) { witnessPregnancyEnquiry(checkId: $id) {
  __typename ... on PregnancyEnquiry { witness { witnessedById witnessedAt } } ... on Refusal { code } } }`;
const DECIDE = `mutation ($input: DecideOnCheckInput!) { decideOnCheck(input: $input) {
  __typename ... on CheckDecision { id verdict reason advice decidedById } ... on Refusal { code } } }`;
const FEEDING = `mutation ($input: RecordBreastFeedingEnquiryInput!) { recordBreastFeedingEnquiry(input: $input) {
  __typename ... on BreastFeedingEnquiry { answer interruptionHours feedsDiscarded resumeAt advice } ... on Refusal { code } } }`;
const SAFETY = `mutation ($input: RecordSafetyCheckInput!) { recordSafetyCheck(input: $input) {
  __typename ... on SafetyCheck { concerns decidedBy weightKg weightLimitKg answers { code reply note } }
  ... on Refusal { code } ... on SafetyItemsDiffer { templateId unanswered } } }`;
const SHOW = `query ($id: ID!) { visitChecks(visitId: $id) {
  on identity { state reasonCode reason byId byName at } pregnancy { state reasonCode } breastFeeding { state } safety { state reasonCode }
  pregnancyPolicy { ageFrom ageTo potentialWording needsWitness source } breastFeedingPolicy { interruptionHours }
  safetyTemplate { items { code kind expected decidedBy } } weightLimitKg
  identityChecks { id madeByName } pregnancyEnquiries { id madeByName witness { witnessedByName } decisions { verdict decidedByName } }
  breastFeedingEnquiries { id madeByName } safetyChecks { id madeByName } } }`;
const SET_GATE = `mutation ($input: SetGatePolicyInput!) { setGatePolicy(input: $input) {
  __typename ... on GatePolicy { gate stage strictness effectiveFrom source setById } ... on Refusal { code message }
  ... on GateCannotBeSofter { hardAt } ... on GateNotJudgedThere { stages } } }`;

describe('through the door', () => {
  it('everything is asked and answered on the day, by those who are signed in', async () => {
    const said = { visitId, answeredBy: 'PATIENT' };
    const points = { matched: ['NAME', 'DATE_OF_BIRTH', 'ADDRESS'], differing: [], askedOpenly: true };
    const identity = await ask('IMAGING', IDENTITY, { input: { ...said, ...points } });
    expect(identity.data.recordIdentityCheck).toMatchObject({
      ...points,
      ...{ __typename: 'IdentityCheck', madeById: people.get('Sam Asker')?.id, madeOn: '2026-03-10' },
    });
    const again = await ask('IMAGING', IDENTITY, { input: { ...said, ...points } });
    expect(again.data.recordIdentityCheck).toMatchObject({
      code: 'CheckAlreadyMade',
      standingId: identity.data.recordIdentityCheck?.id,
    });
    const enquiry = await ask('IMAGING', PREGNANCY, {
      input: {
        ...said,
        ...{
          potential: 'YES',
          answer: 'CANNOT_BE_EXCLUDED',
          lastPeriodOn: '2026-01-20',
          attestation: 'SIGNED',
        },
      },
    });
    expect(enquiry.data.recordPregnancyEnquiry).toMatchObject({
      answer: 'CANNOT_BE_EXCLUDED',
      witness: null,
    });
    const id = enquiry.data.recordPregnancyEnquiry?.id;
    expect((await ask('IMAGING', WITNESS, { id })).data.witnessPregnancyEnquiry).toMatchObject({
      code: 'WitnessIsAsker',
    });
    const witnessed = await ask('CLINICIAN-Kim_Witness', WITNESS, { id });
    expect(witnessed.errors).toBeUndefined();
    expect(witnessed.data.witnessPregnancyEnquiry).toMatchObject({
      witness: { witnessedById: people.get('Kim Witness')?.id },
    });
    const decision = { checkId: id, verdict: 'PROCEED', reason: 'Test negative', advice: 'Told of the risk' };
    expect((await ask('CLINICIAN', DECIDE, { input: decision })).data.decideOnCheck).toMatchObject({
      code: 'NotEntitledToCheck',
    });
    expect((await ask('CLINICIAN-Dr_Pat', DECIDE, { input: decision })).data.decideOnCheck).toMatchObject({
      ...{ verdict: 'PROCEED', advice: 'Told of the risk', decidedById: people.get('Dr Pat')?.id },
    });
    const fed = await ask('IMAGING', FEEDING, {
      input: { ...said, answer: 'YES', advice: 'Stop for four hours' },
    });
    expect(fed.data.recordBreastFeedingEnquiry).toMatchObject({
      ...{ answer: 'YES', interruptionHours: 4, feedsDiscarded: 1, resumeAt: '2026-03-10T13:15:00Z' },
    });
    const short = await ask('IMAGING', SAFETY, { input: { visitId, weightKg: 80, answers: [] } });
    expect(short.data.recordSafetyCheck).toMatchObject({
      code: 'SafetyItemsDiffer',
      unanswered: expect.arrayContaining(['ALLERGY']),
    });
    const replies = [
      ...[
        { code: 'LIES_STILL', reply: 'YES' },
        { code: 'CLAUSTROPHOBIA', reply: 'NO', note: 'None' },
      ],
      ...[
        { code: 'RECENT_NUCLEAR_STUDY', reply: 'NO' },
        { code: 'HYDRATION', reply: 'YES' },
      ],
      ...[
        { code: 'INTERFERING_MEDICINES', reply: 'NO' },
        { code: 'RENAL_FAILURE', reply: 'NO' },
      ],
      { code: 'ALLERGY', reply: 'NO' },
    ];
    const safe = await ask('IMAGING', SAFETY, { input: { visitId, weightKg: 80.5, answers: replies } });
    expect(safe.data.recordSafetyCheck).toMatchObject({
      concerns: [],
      decidedBy: null,
      weightKg: 80.5,
      weightLimitKg: 180,
    });
    const shown = (await ask('RECEPTION', SHOW, { id: visitId })).data.visitChecks;
    expect(shown).toMatchObject({
      on: '2026-03-10',
      identity: {
        ...{ state: 'PASSED', byId: people.get('Sam Asker')?.id, byName: 'Sam Asker' },
        at: '2026-03-10T08:30:00Z',
      },
      pregnancy: { state: 'PASSED', reasonCode: 'PRACTITIONER_SAID_YES' },
      breastFeeding: { state: 'PASSED' },
      safety: { state: 'PASSED' },
      pregnancyPolicy: { ageFrom: 12, ageTo: 55, needsWitness: true },
      identityChecks: [{ madeByName: 'Sam Asker' }],
      pregnancyEnquiries: [
        {
          ...{ madeByName: 'Sam Asker', witness: { witnessedByName: 'Kim Witness' } },
          decisions: [{ verdict: 'PROCEED', decidedByName: 'Dr Pat' }],
        },
      ],
      breastFeedingEnquiries: [{ madeByName: 'Sam Asker' }],
      safetyChecks: [{ madeByName: 'Sam Asker' }],
      weightLimitKg: 180,
    });
  });

  it('all names in an answer are one statement, whoever asked, witnessed and decided', async () => {
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    try {
      const shown = (await ask('RECEPTION', SHOW, { id: visitId })).data.visitChecks;
      expect(shown).toMatchObject({
        pregnancyEnquiries: [
          { witness: { witnessedByName: 'Kim Witness' }, decisions: [{ decidedByName: 'Dr Pat' }] },
        ],
        safetyChecks: [{ madeByName: 'Sam Asker' }],
      });
      // How the checks stand is one statement with names of its own.
      const forNames = spy.mock.calls.filter(([asked]) => {
        const text = JSON.stringify(asked);
        return text.includes('display_name') && !text.includes('visit_checks');
      });
      expect(forNames).toHaveLength(1);
    } finally {
      spy.mockRestore();
    }
  });

  it('what cannot be meant is bad input, and what there is not is not found', async () => {
    const points = { matched: ['NAME', 'NAME'], differing: [], askedOpenly: true };
    const twice = await ask('IMAGING', IDENTITY, { input: { visitId, answeredBy: 'PATIENT', ...points } });
    expect(codesOf(twice)).toEqual(['BAD_INPUT']);
    const unnamed = { visitId, answeredBy: 'RELATIVE', ...points, matched: ['NAME'] };
    expect(codesOf(await ask('IMAGING', IDENTITY, { input: unnamed }))).toEqual(['BAD_INPUT']);
    const nobody = '0193b440-0000-7000-8000-0000000000ff';
    expect(codesOf(await ask('IMAGING', SHOW, { id: nobody }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await ask('IMAGING', WITNESS, { id: nobody }))).toEqual(['NOT_FOUND']);
    const heavy = { visitId, weightKg: 80.55, answers: [] };
    expect(codesOf(await ask('IMAGING', SAFETY, { input: heavy }))).toEqual(['BAD_INPUT']);
  });

  it('an id that is none is not found', async () => {
    expect(codesOf(await ask('IMAGING', WITNESS, { id: 'x' }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await ask('IMAGING', SHOW, { id: 'x' }))).toEqual(['NOT_FOUND']);
  });

  it('whoever may not is told no more than that', async () => {
    expect(codesOf(await ask('MDT_MEMBER', SHOW, { id: visitId }))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask('RECEPTION', WITNESS, { id: visitId }))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask('IMAGING', '{ gatePolicies { id } }'))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(null, SHOW, { id: visitId }))).toEqual(['UNAUTHENTICATED']);
  });

  it('a manager sees how gates stand and sets it from a day on, but not under the floor', async () => {
    const all = await ask(
      'MANAGER',
      '{ gatePolicies { gate stage strictness effectiveFrom source setAt setById } }',
    );
    expect(all.data.gatePolicies).toHaveLength(49);
    const input = {
      ...{ gate: 'SAFETY_CHECKED', stage: 'ARRIVAL', strictness: 'ADVISORY' },
      ...{ effectiveFrom: '2026-04-01', source: 'Procedure 7' },
    };
    expect((await ask('MANAGER', SET_GATE, { input })).data.setGatePolicy).toMatchObject({
      ...input,
      setById: people.get('Sam Asker')?.id,
    });
    const soft = { ...input, gate: 'CONSENT_IN_FORCE', stage: 'INJECTION' };
    expect((await ask('MANAGER', SET_GATE, { input: soft })).data.setGatePolicy).toMatchObject({
      code: 'GateCannotBeSofter',
      hardAt: expect.arrayContaining(['INJECTION']),
    });
    const blank = { ...input, source: ' ' };
    expect(codesOf(await ask('MANAGER', SET_GATE, { input: blank }))).toEqual(['BAD_INPUT']);
  });

  it('a manager sets what is asked, what a table bears, and how far back is looked', async () => {
    const dated = { effectiveFrom: '2026-04-01', source: 'for a test' };
    const pregnancy = `mutation ($input: SetPregnancyPolicyInput!) { setPregnancyPolicy(input: $input) {
      __typename ... on PregnancyPolicy { ageTo needsWitness } ... on Refusal { code } } }`;
    const words = {
      potentialWording: 'Could you?',
      pregnancyWording: 'Are you?',
      lastPeriodWording: 'When?',
    };
    const asked = { ...dated, ...words, ageFrom: 12, ageTo: 58, needsWitness: false };
    expect((await ask('MANAGER', pregnancy, { input: asked })).data.setPregnancyPolicy).toMatchObject({
      ageTo: 58,
    });
    expect((await ask('MANAGER', pregnancy, { input: asked })).data.setPregnancyPolicy).toMatchObject({
      code: 'CheckPolicyAlreadySet',
    });
    const feeding = `mutation ($input: SetBreastFeedingPolicyInput!) { setBreastFeedingPolicy(input: $input) {
      ... on BreastFeedingPolicy { procedureCode interruptionHours } ... on Refusal { code } } }`;
    const fed = {
      ...dated,
      procedureCode: 'ANY',
      ageFrom: 12,
      ageTo: 60,
      wording: 'Do you?',
      interruptionHours: 24,
    };
    const told = { ...fed, feedsDiscarded: 2, adviceWording: 'Stop.' };
    expect((await ask('ADMIN', feeding, { input: told })).data.setBreastFeedingPolicy).toMatchObject({
      interruptionHours: 24,
    });
    const list = `mutation ($input: SetSafetyTemplateInput!) { setSafetyTemplate(input: $input) {
      ... on SafetyTemplate { items { code expected } } ... on Refusal { code } } }`;
    const item = {
      code: 'PACEMAKER',
      kind: 'YES_OR_NO',
      wording: 'Pacemaker?',
      expected: 'NO',
      decidedBy: 'OPERATOR',
    };
    const items = { ...dated, procedureCode: 'OTHER', items: [item] };
    expect((await ask('MANAGER', list, { input: items })).data.setSafetyTemplate).toMatchObject({
      items: [{ code: 'PACEMAKER', expected: 'NO' }],
    });
    const table = `mutation ($input: SetTableWeightLimitInput!) { setTableWeightLimit(input: $input) {
      ... on TableWeightLimit { resourceId limitKg } ... on Refusal { code } } }`;
    expect(
      (await ask('MANAGER', table, { input: { ...dated, limitKg: 227.5 } })).data.setTableWeightLimit,
    ).toEqual({
      resourceId: null,
      limitKg: 227.5,
    });
    const nobody = { ...dated, limitKg: 227, resourceId: '0193b440-0000-7000-8000-0000000000ff' };
    expect(codesOf(await ask('MANAGER', table, { input: nobody }))).toEqual(['NOT_FOUND']);
    const back = `mutation ($input: SetExposureIntervalInput!) { setExposureInterval(input: $input) {
      ... on ExposureIntervalPolicy { procedureCode withinHours } ... on Refusal { code } } }`;
    const hours = { ...dated, procedureCode: 'BONE_SPECT_CT', withinHours: 60 };
    expect((await ask('MANAGER', back, { input: hours })).data.setExposureInterval).toMatchObject({
      withinHours: 60,
    });
    const lists = `{ pregnancyPolicies { id } breastFeedingPolicies { id } safetyTemplates { id } tableWeightLimits { id } }`;
    const shown = await ask('IMAGING', lists);
    expect(shown.errors).toBeUndefined();
    const intervals = await ask('MANAGER', '{ exposureIntervals { procedureCode withinHours source } }');
    expect(intervals.data.exposureIntervals).toHaveLength(2);
  });
});
