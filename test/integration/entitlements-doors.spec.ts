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
import { loadReferenceData } from '../../src/reference-data.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

// Licences, entitlements and incidents through the graph: what a first and a compiled query answer, and who may not.

const ROLES = ['RECEPTION', 'CLINICIAN', 'MANAGER', 'MDT_MEMBER'] as const;
const tokens = new Map<Role, string>();
const accounts = new Map<Role, string>();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;

interface Answer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object = {}, role: Role = 'MANAGER'): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${tokens.get(role) ?? ''}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

/** The one field of an answer that must come without a fault. */
async function told(
  query: string,
  variables: object = {},
  role: Role = 'MANAGER',
): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(query, variables, role);
  expect(errors).toBeUndefined();
  return (Object.values(data ?? {})[0] ?? {}) as Record<string, unknown>;
}

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);

async function signIn(role: Role): Promise<void> {
  const account = {
    email: `${role.toLowerCase()}@clinic.example`,
    displayName: role,
    password: 'correct horse battery',
  };
  const added = await app.get(StaffService).addStaffAccount(aStaffActor(), { ...account, roles: [role] });
  if (isRefusal(added)) throw new Error(added.message);
  const signedIn = await app
    .get(SessionService)
    .signIn(account, { requestId: null, source: null, userAgent: null });
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  tokens.set(role, signedIn.token);
  accounts.set(role, added.id);
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
  await loadReferenceData(app);
  for (const role of ROLES) await signIn(role);
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const REFUSED = '__typename ... on Refusal { code message }';
const LICENCE = `id kind number siteCodes staffId holderName procedureCodes validFrom validUntil source recordedAt recordedById recordedByName endedByName
  endedOn endReason endedById holdsToday renewalState remindFrom applyBy renewalAppliedOn renewalReference remindersCount`;
const EMPLOYER = `mutation ($input: RecordEmployerLicenceInput!) { recordEmployerLicence(input: $input) { ${REFUSED} ... on Licence { ${LICENCE} } } }`;
const PRACTITIONER = `mutation ($input: RecordPractitionerLicenceInput!) { recordPractitionerLicence(input: $input) { ${REFUSED} ... on Licence { ${LICENCE} } } }`;
const END = `mutation ($input: EndLicenceInput!) { endLicence(input: $input) { ${REFUSED} ... on Licence { ${LICENCE} } ... on LicenceNotInTerm { validFrom validUntil } } }`;
const RENEW = `mutation ($input: RecordLicenceRenewalInput!) { recordLicenceRenewal(input: $input) { ${REFUSED} ... on Licence { ${LICENCE} } } }`;
const ENTITLE = `mutation ($input: EntitleStaffInput!) { entitleStaff(input: $input) { ${REFUSED}
  ... on StaffEntitled { entitlements { id staffId staffName act procedureCodes validFrom validUntil reviewOn evidence entitledAt entitledById entitledByName endedByName endedOn endReason endedById holdsToday isReviewOverdue } } } }`;

const licence = (parts: object = {}) => ({
  ...{ number: 'ER/1', procedureCodes: ['BONE_SPECT_CT'], validFrom: '2024-04-01', validUntil: '2029-03-31' },
  ...{ source: 'Letter', ...parts },
});

describe('licences', () => {
  it('are recorded, listed, renewed and ended', async () => {
    const recorded = await told(EMPLOYER, { input: licence({ siteCode: 'MAIN' }) });
    expect(recorded).toMatchObject({
      __typename: 'Licence',
      kind: 'EMPLOYER',
      siteCodes: ['MAIN'],
      ...{ number: 'ER/1', recordedByName: 'MANAGER', endedByName: null },
    });
    expect(await told(EMPLOYER, { input: licence({ siteCode: 'MAIN' }) })).toMatchObject({
      code: 'LicenceAlreadyRecorded',
    });
    const staffId = accounts.get('CLINICIAN');
    const own = await told(PRACTITIONER, { input: licence({ number: 'PR/1', staffId }) });
    expect(own).toMatchObject({ kind: 'PRACTITIONER', staffId, holderName: 'CLINICIAN', siteCodes: [] });
    for (const variables of [
      {},
      { filter: null },
      { filter: {} },
      { filter: { siteCode: 'MAIN', on: '2026-01-01' } },
    ]) {
      const list = `query ($filter: LicenceFilterInput) { employerLicences(filter: $filter) { ${LICENCE} } }`;
      expect(await told(list, variables, 'RECEPTION')).toHaveLength(1);
    }
    expect(await told(`{ practitionerLicences { id } }`, {}, 'MDT_MEMBER')).toHaveLength(1);
    expect(await told('{ licencesToRenew { id renewalState } }')).toEqual([]);
    expect(
      await told(
        '{ licencePolicies { id applyWeeks remindWeeks remindAgainDays effectiveFrom source setAt setById } }',
      ),
    ).toMatchObject([{ applyWeeks: 8, remindWeeks: 14 }]);
    const renewal = { licenceId: own.id, appliedOn: '2026-01-05', reference: 'A' };
    expect(await told(RENEW, { input: renewal })).toMatchObject({ renewalAppliedOn: '2026-01-05' });
    expect(await told(END, { input: { licenceId: own.id, on: '2020-01-01', reason: 'x' } })).toMatchObject({
      ...{ code: 'LicenceNotInTerm', validFrom: '2024-04-01', validUntil: '2029-03-31' },
    });
    expect(
      await told(END, { input: { licenceId: own.id, on: '2027-01-01', reason: 'Given up' } }),
    ).toMatchObject({
      ...{ endedOn: '2027-01-01', renewalState: 'ENDED' },
    });
  });

  it.each([
    ['RECEPTION', EMPLOYER, licence({ siteCode: 'MAIN', number: 'ER/9' })],
    ['CLINICIAN', PRACTITIONER, licence({ number: 'PR/9', staffId: '0193c100-0000-7000-8000-000000000001' })],
  ] as const)('are not recorded by %s', async (role, query, input) => {
    expect(codesOf(await ask(query, { input }, role))).toEqual(['FORBIDDEN']);
  });

  it.each<[object]>([
    [{ number: ' ' }],
    [{ procedureCodes: [] }],
    [{ procedureCodes: ['bone'] }],
    [{ siteCode: 'main hall' }],
    [{ source: 'a\u0007b' }],
    [{ validFrom: 'yesterday' }],
  ])('%#: bad input is said', async (parts) => {
    expect(codesOf(await ask(EMPLOYER, { input: licence({ siteCode: 'MAIN', ...parts }) }))).toEqual([
      'BAD_INPUT',
    ]);
  });
});

describe('entitlements', () => {
  it('are given, listed and ended', async () => {
    const staffId = accounts.get('CLINICIAN');
    const input = {
      ...{ staffId, acts: ['JUSTIFY', 'EVALUATE_IMAGES'], validFrom: '2026-01-01', reviewOn: '2030-01-01' },
      evidence: 'Registered specialist',
    };
    const { entitlements } = await told(ENTITLE, { input });
    expect(entitlements).toMatchObject([
      { act: 'JUSTIFY', staffName: 'CLINICIAN' },
      { act: 'EVALUATE_IMAGES' },
    ]);
    expect(await told(ENTITLE, { input })).toMatchObject({ code: 'EntitlementAlreadyRecorded' });
    expect(codesOf(await ask(ENTITLE, { input: { ...input, acts: [] } }))).toEqual(['BAD_INPUT']);
    expect(codesOf(await ask(ENTITLE, { input }, 'CLINICIAN'))).toEqual(['FORBIDDEN']);
    const LIST = `query ($filter: EntitlementFilterInput) { entitlements(filter: $filter) { id act } }`;
    for (const variables of [{}, { filter: null }, { filter: { act: 'JUSTIFY' } }]) {
      expect(((await told(LIST, variables, 'RECEPTION')) as unknown as unknown[]).length).toBeGreaterThan(0);
    }
    const [first] = entitlements as readonly { readonly id: string }[];
    const END_ONE = `mutation ($input: EndEntitlementInput!) { endEntitlement(input: $input) { ${REFUSED} ... on Entitlement { endedOn endReason endedById } } }`;
    const ended = { entitlementId: first?.id, on: '2026-06-01', reason: 'Left' };
    expect(await told(END_ONE, { input: ended })).toMatchObject({ endedOn: '2026-06-01', endReason: 'Left' });
    expect(await told(END_ONE, { input: ended })).toMatchObject({ code: 'EntitlementAlreadyEnded' });
  });
});

describe('incidents', () => {
  const INCIDENT = `id reference kind status version allowedActions siteCode happenedAt patientId visitId whatHappened immediateAction
    raisedAt raisedById outcome codes notifyBy isNotificationOverdue notifiedAt closedAt
    assessments { id number exposure isChild tracerCode intendedActivityMbq actualActivityMbq intendedDoseMsv actualDoseMsv coefficientId
      foetalDoseMgy infantDoseMsv isProceduralFailure isWrongRadiopharmaceutical isLicenceBreach outcome codes notifiableBecause
      anonymousSummary comment assessedAt assessedById assessedByName }
    notifications { id regulator notifiedAt reference recordedAt recordedById recordedByName } notes { id text notedAt notedById notedByName }
    raisedByName regulatorsToTell
    closings { id number learning candour candourRecord candourToldAt closedAt closedById closedByName }`;
  const RAISE = `mutation ($input: RaiseIncidentInput!) { raiseIncident(input: $input) { ${INCIDENT} } }`;
  const ASSESS = `mutation ($input: AssessIncidentInput!) { assessIncident(input: $input) { ${REFUSED} ... on Incident { ${INCIDENT} } ... on TextNamesPatient { found } } }`;
  const NOTIFY = `mutation ($input: RecordNotificationInput!) { recordNotification(input: $input) { ${REFUSED} ... on Incident { ${INCIDENT} } } }`;
  const CLOSE = `mutation ($input: CloseIncidentInput!) { closeIncident(input: $input) { ${REFUSED} ... on Incident { ${INCIDENT} } } }`;
  const NOTE = `mutation ($input: IncidentNoteInput!) { addIncidentNote(input: $input) { ${INCIDENT} } }`;
  const EXTRACT = `query ($id: ID!) { incidentExtract(incidentId: $id) { reference kind outcome codes { code regulator source } happenedOn siteCode exposure
    isChild tracerCode intendedActivityMbq actualActivityMbq intendedDoseMsv actualDoseMsv foetalDoseMgy infantDoseMsv isProceduralFailure summary learning } }`;

  it('walk from the first word of anybody to the end', async () => {
    const patient = await makePatient(patientServiceOn(database), {
      familyName: 'Featherstonehaugh',
      dateOfBirth: '1984-12-03',
    });
    const raised = await told(
      RAISE,
      {
        input: {
          ...{
            kind: 'WRONG_PATIENT',
            happenedAt: '2026-01-05T09:00:00Z',
            siteCode: 'MAIN',
            patientId: patient.id,
          },
          whatHappened: 'Given to the wrong patient.\nBoth were told.',
        },
      },
      'MDT_MEMBER',
    );
    expect(raised).toMatchObject({
      status: 'RAISED',
      allowedActions: ['ASSESS', 'NOTE'],
      raisedById: accounts.get('MDT_MEMBER'),
    });
    const input = {
      ...{ incidentId: raised.id, exposure: 'ACCIDENTAL', tracerCode: 'TC99M_MDP', actualActivityMbq: 800 },
      ...{ isProceduralFailure: true, isWrongRadiopharmaceutical: false, isLicenceBreach: false },
      anonymousSummary: 'The tracer of one patient was given to another.',
    };
    expect(codesOf(await ask(ASSESS, { input }, 'CLINICIAN'))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(ASSESS, { input: { ...input, actualActivityMbq: -1 } }))).toEqual(['BAD_INPUT']);
    const named = { ...input, anonymousSummary: 'Featherstonehaugh' };
    expect(await told(ASSESS, { input: named })).toMatchObject({ code: 'TextNamesPatient', found: ['NAME'] });
    expect(await told(ASSESS, { input })).toMatchObject({
      ...{
        status: 'ASSESSED',
        outcome: 'NOTIFIABLE',
        codes: ['1'],
        allowedActions: ['ASSESS', 'NOTIFY', 'NOTE'],
      },
      assessments: [{ actualDoseMsv: 4.56 }],
    });
    expect(await told(EXTRACT, { id: raised.id })).toMatchObject({
      ...{
        actualDoseMsv: 4.56,
        codes: [{ code: '1', regulator: 'CQC' }],
        happenedOn: '2026-01-05',
        learning: null,
      },
    });
    expect(codesOf(await ask(EXTRACT, { id: raised.id }, 'CLINICIAN'))).toEqual(['FORBIDDEN']);
    const told1 = {
      incidentId: raised.id,
      regulator: 'CQC',
      notifiedAt: '2026-01-06T09:00:00Z',
      reference: 'C-1',
    };
    expect(await told(NOTIFY, { input: told1 })).toMatchObject({ status: 'NOTIFIED' });
    expect(await told(NOTIFY, { input: told1 })).toMatchObject({ code: 'NotificationAlreadyRecorded' });
    const end = {
      ...{ incidentId: raised.id, learning: 'Two people read the arm band.', candour: 'TOLD' },
      ...{ candourRecord: 'By the consultant.', candourToldAt: '2026-01-05T12:00:00Z' },
    };
    expect(await told(CLOSE, { input: end })).toMatchObject({
      status: 'CLOSED',
      closings: [{ number: 1, candour: 'TOLD' }],
    });
    expect(await told(CLOSE, { input: end })).toMatchObject({ code: 'IncidentStandsOtherwise' });
    const note = { incidentId: raised.id, text: 'The dosimeter came.' };
    expect(await told(NOTE, { input: note }, 'CLINICIAN')).toMatchObject({
      notes: [{ text: 'The dosimeter came.' }],
    });
    const REOPEN = `mutation ($input: IncidentNoteInput!) { reopenIncident(input: $input) { ${REFUSED} ... on Incident { status } } }`;
    expect(await told(REOPEN, { input: note })).toMatchObject({ status: 'NOTIFIED' });
    expect(
      await told(
        `query ($id: ID!) { incident(id: $id) { ${INCIDENT} patient { id familyName } } }`,
        { id: raised.id },
        'RECEPTION',
      ),
    ).toMatchObject({
      ...{ id: raised.id, version: 5, patient: { id: patient.id }, regulatorsToTell: [] },
      ...{ raisedByName: 'MDT_MEMBER', assessments: [{ assessedByName: 'MANAGER' }] },
      ...{ notifications: [{ recordedByName: 'MANAGER' }], closings: [{ closedByName: 'MANAGER' }] },
      notes: [{ notedByName: 'CLINICIAN' }, { notedByName: 'MANAGER' }],
    });
    const LIST = `query ($filter: IncidentFilterInput, $page: PageInput) { incidents(filter: $filter, page: $page) { nextCursor items { ${INCIDENT} } } }`;
    for (const variables of [
      {},
      { filter: { status: 'NOTIFIED' }, page: { size: 1 } },
      { filter: { happenedFrom: '2026-01-01T00:00:00Z' } },
    ]) {
      expect((await told(LIST, variables, 'RECEPTION')).items).toHaveLength(1);
    }
  });

  it('rules are rows that are added', async () => {
    const THRESHOLDS = `{ incidentThresholds { id code basis regulator intendedFromMsv isFromIncluded intendedUntilMsv isUntilIncluded
      adultMsv childMsv factor doseMgy needsProceduralFailure isDropped effectiveFrom source setAt setById } }`;
    expect(((await told(THRESHOLDS, {}, 'RECEPTION')) as unknown as unknown[]).length).toBeGreaterThanOrEqual(
      10,
    );
    expect(
      await told('{ doseCoefficients { id tracerCode msvPerMbq effectiveFrom source setAt setById } }'),
    ).toMatchObject([{ tracerCode: 'TC99M_MDP', msvPerMbq: 0.0057 }]);
    expect(
      await told(
        '{ incidentPolicies { id notifyDays remindDays childBelowYears effectiveFrom source setAt setById } }',
      ),
    ).toHaveLength(1);
    const SET = `mutation ($input: SetIncidentThresholdInput!) { setIncidentThreshold(input: $input) { ${REFUSED} ... on IncidentThreshold { code adultMsv effectiveFrom setById } } }`;
    const row = {
      ...{ code: '1', basis: 'ACCIDENTAL_DOSE', regulator: 'CQC', adultMsv: 4, childMsv: 1 },
      ...{ effectiveFrom: '2199-01-01', source: 'New table' },
    };
    expect(codesOf(await ask(SET, { input: row }, 'CLINICIAN'))).toEqual(['FORBIDDEN']);
    expect(await told(SET, { input: row })).toMatchObject({
      code: '1',
      adultMsv: 4,
      setById: accounts.get('MANAGER'),
    });
    expect(await told(SET, { input: row })).toMatchObject({ code: 'IncidentRuleAlreadySet' });
    expect(await told(SET, { input: { ...row, effectiveFrom: '2020-01-01' } })).toMatchObject({
      code: 'IncidentRuleInThePast',
    });
    expect(
      codesOf(await ask(SET, { input: { ...row, adultMsv: null, effectiveFrom: '2199-01-02' } })),
    ).toEqual(['BAD_INPUT']);
    const COEFFICIENT = `mutation ($input: SetDoseCoefficientInput!) { setDoseCoefficient(input: $input) { ${REFUSED} ... on DoseCoefficient { msvPerMbq } } }`;
    const mdp = {
      tracerCode: 'TC99M_MDP',
      msvPerMbq: 0.0049,
      effectiveFrom: '2199-01-01',
      source: 'ICRP 128',
    };
    expect(await told(COEFFICIENT, { input: mdp })).toMatchObject({ msvPerMbq: 0.0049 });
    expect(await told(COEFFICIENT, { input: mdp })).toMatchObject({ code: 'IncidentRuleAlreadySet' });
    const POLICY = `mutation ($input: SetIncidentPolicyInput!) { setIncidentPolicy(input: $input) { ${REFUSED} ... on IncidentPolicy { notifyDays } } }`;
    const days = {
      notifyDays: 7,
      remindDays: 1,
      childBelowYears: 18,
      effectiveFrom: '2199-01-01',
      source: 'Decision',
    };
    expect(await told(POLICY, { input: days })).toMatchObject({ notifyDays: 7 });
    expect(await told(POLICY, { input: days })).toMatchObject({ code: 'IncidentRuleAlreadySet' });
  });
});
