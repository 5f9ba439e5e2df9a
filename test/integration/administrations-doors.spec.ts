import 'reflect-metadata';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock } from '../../src/platform/time/index.js';
import {
  entitle,
  type Injectable,
  makeBatch,
  makeDoseProtocol,
  makeInjectable,
} from '../support/administrations.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type Imaging, imagingOn, RECEPTION } from '../support/imaging.factory.js';
import {
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';

// Injections, the uptake clock and what was acquired through the graph: what a first and a compiled query answer, and who may not.

const ROLES = ['RECEPTION', 'IMAGING', 'MANAGER'] as const;
const tokens = new Map<Role, string>();
const accounts = new Map<Role, string>();
const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let imaging: Imaging;
let department: Department;
let batchId: string;

interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object = {}, role: Role = 'IMAGING', key = ''): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      authorization: `Bearer ${tokens.get(role) ?? ''}`,
      ...(key === '' ? {} : { 'idempotency-key': key }),
    },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

/** The one field of an answer that must come without a fault. */
async function told(query: string, variables: object = {}, role: Role = 'IMAGING', key = '') {
  const { data, errors } = await ask(query, variables, role, key);
  expect(errors).toBeUndefined();
  return Object.values(data ?? {})[0] ?? {};
}

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);

/** Accounts are made once; sessions grow old with the clock. */
async function signInAll(): Promise<void> {
  for (const role of ROLES) {
    const account = {
      email: `${role.toLowerCase()}@clinic.example`,
      displayName: role,
      password: 'correct horse battery',
    };
    if (!accounts.has(role)) {
      const added = await app.get(StaffService).addStaffAccount(RECEPTION, { ...account, roles: [role] });
      if (isRefusal(added)) throw new Error(added.message);
      accounts.set(role, added.id);
      if (role === 'IMAGING') await entitle(database, added.id);
    }
    const whence = { requestId: null, source: null, userAgent: null };
    const signedIn = await app.get(SessionService).signIn(account, whence);
    if (isRefusal(signedIn)) throw new Error(signedIn.message);
    tokens.set(role, signedIn.token);
  }
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, '/tmp');
  const module = await Test.createTestingModule({
    imports: [AppModule.with({ config, databaseUrl: home.url, schemaFile: true })],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});
beforeEach(async () => {
  clock.set('2026-03-02T09:00:00Z');
  await emptyImaging(database);
  imaging = imagingOn(database, clock, home.url);
  await makeReference(database);
  await makeDoseProtocol(database);
  department = await makeDepartment(database);
  batchId = await makeBatch(database);
});

/** Somebody who has come and been checked; whoever images is signed in and entitled. */
async function ready(): Promise<Injectable> {
  const scan = await makeInjectable(imaging, department);
  clock.set('2026-03-10T09:10:00Z');
  await signInAll();
  return scan;
}

/** Somebody who was booked in time for an hour later on the same day, and has come; the clock says this then. */
async function another(now: string, isChecked: boolean): Promise<Injectable> {
  clock.set('2026-03-02T09:00:00Z');
  const scan = await makeInjectable(imaging, department, { injectAt: '10:00', scanAt: '13:15', isChecked });
  clock.set(now);
  await signInAll();
  return scan;
}

const FACTS = `operatorName recordedByName departureApprovedByName version entry reason recordedAt recordedById operatorId procedureCode siteCode administeredOn injectedAt
  measuredActivityMbq measuredAt residualActivityMbq residualMeasuredAt drawnActivityMbq netActivityMbq halfLifeId halfLifeHours
  tracerCode tracerName batchId batchNumber route bodySite side volumeMl weightKg hasExtravasated extravasation doseProtocolId
  plannedActivityMbq drlMbq drlCitation comparison departureBecause departureApprovedBy approvedProtocol effectiveDoseMsv
  effectiveDoseSource closedGates`;
const GIVEN = `__typename ... on Refusal { code message }
  ... on Administration { id scanBookingId patientId ordinal isVoid againBecause againDecidedBy againDecidedByName current { ${FACTS} } entries { ${FACTS} } }`;
const RECORD = `mutation ($input: RecordAdministrationInput!) { recordAdministration(input: $input) { ${GIVEN}
  ... on GateClosed { gate stage state reasonCode } } }`;
const RESIDUAL = `mutation ($input: RecordResidualInput!) { recordResidual(input: $input) { ${GIVEN} } }`;
const CORRECT = `mutation ($input: CorrectAdministrationInput!) { correctAdministration(input: $input) { ${GIVEN} } }`;
const VOID = `mutation ($input: VoidAdministrationInput!) { voidAdministration(input: $input) { ${GIVEN} } }`;
const REPORT = `mutation ($input: ReportAdministrationInput!) { reportAdministrationOutsideGates(input: $input) { ${GIVEN} } }`;
const CLOCK = `state injectedAt earliestAt targetAt latestAt minutesSince scanStartedAt needsExplanation explanation`;
const BOARD = `query ($date: LocalDate!) { dayBoard(date: $date) { rows { visitId uptake { ${CLOCK} } } } }`;

const injection = ({ id }: Injectable, parts: object = {}) => ({
  ...{ scanBookingId: id, batchId, bodySite: 'back of the hand', side: 'LEFT' },
  measuredActivity: { value: 820, unit: 'MBQ' },
  ...{ measuredAt: '2026-03-10T08:40:00Z', injectedAt: '2026-03-10T09:00:00Z' },
  ...parts,
});

describe('an injection', () => {
  it('is recorded, completed, put right and taken back, and read with every entry', async () => {
    const scan = await ready();
    const given = await told(RECORD, { input: injection(scan) }, 'IMAGING', 'record-1');
    expect(given).toMatchObject({
      ...{ __typename: 'Administration', scanBookingId: scan.id, patientId: scan.patientId, isVoid: false },
      againDecidedByName: null,
      current: {
        ...{ entry: 'RECORDED', operatorId: accounts.get('IMAGING'), administeredOn: '2026-03-10' },
        ...{ operatorName: 'IMAGING', recordedByName: 'IMAGING', departureApprovedByName: null },
      },
    });
    expect(await told(RECORD, { input: injection(scan) }, 'IMAGING', 'record-1')).toEqual(given);
    const { id: administrationId } = given;
    const residual = {
      ...{ administrationId, version: 1, residualActivity: { value: 12, unit: 'MBQ' } },
      residualMeasuredAt: '2026-03-10T09:05:00Z',
    };
    const completed = await told(RESIDUAL, { input: residual });
    const { netActivityMbq } = completed.current as { netActivityMbq: number };
    expect(netActivityMbq).toBeCloseTo(776.94, 2);
    const correction = { administrationId, version: 2, reason: 'The other hand.', side: 'RIGHT' };
    expect(await told(CORRECT, { input: correction })).toMatchObject({
      current: { side: 'RIGHT', version: 3 },
    });
    const READ = `query ($id: ID!) { administration(id: $id) { id isVoid entries { ${FACTS} } } }`;
    for (const _run of ['first', 'compiled']) {
      const { entries } = await told(READ, { id: administrationId });
      expect(entries).toMatchObject([
        { entry: 'RECORDED' },
        { entry: 'RESIDUAL_MEASURED' },
        { entry: 'CORRECTED' },
      ]);
    }
    const undo = { administrationId, version: 3, reason: 'Wrong booking.' };
    expect(await told(VOID, { input: undo })).toMatchObject({
      isVoid: true,
      current: { reason: 'Wrong booking.' },
    });
    const OF_SCAN = `query ($id: ID!) { scanBooking(id: $id) { injectedAt uptake { ${CLOCK} }
      administrations { id isVoid current { entry } } ctDoses { id } acquisitionNotes { id } } }`;
    expect(await told(OF_SCAN, { id: scan.id })).toMatchObject({
      ...{ injectedAt: null, uptake: { state: 'NOT_INJECTED' } },
      administrations: [{ id: administrationId, isVoid: true, current: { entry: 'VOIDED' } }],
    });
  });

  it('a closed gate is a refusal that says which and what to do', async () => {
    const scan = await ready();
    const undone = await another('2026-03-10T10:10:00Z', false);
    const late = { measuredAt: '2026-03-10T09:40:00Z', injectedAt: '2026-03-10T10:00:00Z' };
    expect(await told(RECORD, { input: injection(undone, late) })).toMatchObject({
      ...{ __typename: 'GateClosed', gate: 'IDENTITY_CHECKED', stage: 'INJECTION', state: 'WAITING' },
      message: expect.stringMatching(/three points/),
    });
    const report = { ...injection(undone, late), reason: 'Said aloud, not written down.' };
    expect(await told(REPORT, { input: report })).toMatchObject({
      current: { entry: 'REPORTED_OUTSIDE_GATES', closedGates: ['IDENTITY_CHECKED', 'SAFETY_CHECKED'] },
    });
    const open = { ...injection(scan), reason: 'Nothing was closed.' };
    expect(await told(REPORT, { input: open })).toMatchObject({ code: 'NoGateWasClosed' });
  });

  it.each([
    ['nothing', { measuredActivity: { value: 0, unit: 'MBQ' } }],
    ['less than nothing', { measuredActivity: { value: -820, unit: 'MBQ' } }],
    ['no unit', { measuredActivity: { value: 820 } }],
    ['an unknown unit', { measuredActivity: { value: 820, unit: 'GBQ' } }],
    ['a bare number', { measuredActivity: 820 }],
    ['no place on the body', { bodySite: ' ' }],
    ['the other hand’s volume', { volumeMl: -1 }],
    ['an operator', { operatorId: 'a1b2c3d4-0000-7000-8000-000000000001' }],
    ['a local time', { injectedAt: '2026-03-10T09:00:00' }],
  ])('takes %s for a mistake', async (_what, parts) => {
    const scan = await ready();
    const answer = await ask(RECORD, { input: injection(scan, parts) });
    expect(codesOf(answer)).toEqual(['BAD_INPUT']);
    expect(await database.client.administration.count()).toBe(0);
  });

  it('is nobody’s without the permission, and nobody’s who is not signed in', async () => {
    const scan = await ready();
    expect(codesOf(await ask(RECORD, { input: injection(scan) }, 'RECEPTION'))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(RECORD, { input: injection(scan) }, 'ADMIN'))).toEqual(['UNAUTHENTICATED']);
    const READ = 'query ($id: ID!) { administration(id: $id) { id } }';
    expect(codesOf(await ask(READ, { id: scan.id }, 'RECEPTION'))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(READ, { id: scan.id }))).toEqual(['NOT_FOUND']);
  });
});

describe('the day board', () => {
  it('shows each patient’s uptake clock, in as many statements for two as for one', async () => {
    const scan = await ready();
    const statements = async () => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      const { rows } = await told(BOARD, { date: '2026-03-10' }, 'RECEPTION');
      const calls = spy.mock.calls.length;
      spy.mockRestore();
      return { calls, rows: rows as readonly { visitId: string; uptake: { state: string } | null }[] };
    };
    await statements();
    const one = await statements();
    expect(one.rows).toMatchObject([{ visitId: scan.id, uptake: { state: 'NOT_INJECTED' } }]);
    await told(RECORD, { input: injection(scan) });
    await another('2026-03-10T11:00:00Z', true);
    const two = await statements();
    expect(two.calls).toBe(one.calls);
    expect(two.rows.find(({ visitId }) => visitId === scan.id)?.uptake).toEqual({
      ...{ state: 'READY', injectedAt: '2026-03-10T09:00:00Z', earliestAt: '2026-03-10T11:00:00Z' },
      ...{ targetAt: '2026-03-10T12:00:00Z', latestAt: '2026-03-10T14:00:00Z', minutesSince: 120 },
      ...{ scanStartedAt: null, needsExplanation: false, explanation: null },
    });
  });

  it('scans that began at another time are listed and explained', async () => {
    const scan = await ready();
    await told(RECORD, { input: injection(scan) });
    const last = await database.client.visitStep.findFirstOrThrow({
      where: { visitId: scan.id },
      orderBy: { position: 'desc' },
    });
    const startedAt = new Date('2026-03-10T10:30:00Z');
    await database.client.visitStep.update({ where: { id: last.id }, data: { startedAt } });
    clock.set('2026-03-10T10:45:00Z');
    await signInAll();
    const LIST = `query ($filter: OutsideUptakeFilterInput!, $page: PageInput) {
      scansStartedOutsideUptake(filter: $filter, page: $page) { nextCursor items { scanBookingId patientId uptake { ${CLOCK} } } } }`;
    const filter = { from: '2026-03-10', until: '2026-03-10' };
    for (const variables of [
      { filter },
      { filter, page: { size: 1 } },
      { filter: { ...filter, includeExplained: null } },
    ]) {
      const { items } = await told(LIST, variables);
      expect(items).toMatchObject([
        { scanBookingId: scan.id, uptake: { needsExplanation: true, minutesSince: 90 } },
      ]);
    }
    expect(codesOf(await ask(LIST, { filter: { from: '2026-03-10', until: '2026-03-09' } }))).toEqual([
      'BAD_INPUT',
    ]);
    const EXPLAIN = `mutation ($input: ExplainUptakeInput!) { explainUptake(input: $input) { __typename
      ... on Refusal { code message } ... on ScanOutsideUptake { scanBookingId explainedById explainedByName uptake { ${CLOCK} } } } }`;
    const input = { scanBookingId: scan.id, reason: 'The practitioner asked for it.' };
    expect(codesOf(await ask(EXPLAIN, { input: { ...input, reason: ' ' } }))).toEqual(['BAD_INPUT']);
    expect(await told(EXPLAIN, { input })).toMatchObject({
      ...{ explainedById: accounts.get('IMAGING'), explainedByName: 'IMAGING' },
      uptake: { needsExplanation: false },
    });
    expect(await told(EXPLAIN, { input })).toMatchObject({ code: 'UptakeAlreadyExplained' });
    expect((await told(LIST, { filter })).items).toEqual([]);
  });
});

describe('the acquisition', () => {
  it('its CT dose and notes are recorded and put right', async () => {
    const scan = await ready();
    const DOSE = `__typename ... on Refusal { code message }
      ... on CtDose { id scanBookingId series ctdiVolMgy dlpMgyCm phantom replacesId replacedById isVoid reason recordedById recordedByName }`;
    const figures = { series: '2', ctdiVolMgy: 3.2, dlpMgyCm: 128, phantom: 'BODY_32_CM' };
    const recorded = await told(
      `mutation ($input: RecordCtDoseInput!) { recordCtDose(input: $input) { ${DOSE} } }`,
      { input: { scanBookingId: scan.id, ...figures } },
    );
    expect(recorded).toMatchObject({
      ...{ ...figures, recordedById: accounts.get('IMAGING'), recordedByName: 'IMAGING' },
    });
    const RECORD_DOSE = `mutation ($input: RecordCtDoseInput!) { recordCtDose(input: $input) { ${DOSE} } }`;
    for (const wrong of [
      { ctdiVolMgy: 0 },
      { ctdiVolMgy: 200.1 },
      { ctdiVolMgy: -3.2 },
      { dlpMgyCm: 20_001 },
      { dlpMgyCm: 0 },
      { series: ' ' },
      { phantom: 'NONE' },
    ]) {
      const input = { scanBookingId: scan.id, ...figures, ...wrong };
      expect(codesOf(await ask(RECORD_DOSE, { input }))).toEqual(['BAD_INPUT']);
    }
    // 128 Gy·cm entered for mGy·cm, and the two figures one for the other.
    for (const slip of [{ dlpMgyCm: 0.128 }, { ctdiVolMgy: 128, dlpMgyCm: 3.2 }]) {
      const input = { scanBookingId: scan.id, ...figures, ...slip };
      expect(await told(RECORD_DOSE, { input })).toMatchObject({ code: 'CtDoseImplausible' });
    }
    const corrected = await told(
      `mutation ($input: CorrectCtDoseInput!) { correctCtDose(input: $input) { ${DOSE} } }`,
      { input: { ctDoseId: recorded.id, ...figures, dlpMgyCm: 118, reason: 'Misread.' } },
    );
    expect(corrected).toMatchObject({ replacesId: recorded.id, dlpMgyCm: 118 });
    const taken = await told(
      `mutation ($input: VoidCtDoseInput!) { voidCtDose(input: $input) { ${DOSE} } }`,
      {
        input: { ctDoseId: corrected.id, reason: 'Another patient’s.' },
      },
    );
    expect(taken).toMatchObject({ isVoid: true, replacesId: corrected.id });
    clock.set('2026-03-09T09:00:00Z');
    await signInAll();
    expect(await told(RECORD_DOSE, { input: { scanBookingId: scan.id, ...figures } })).toMatchObject({
      code: 'AcquisitionTimesImplausible',
    });
    clock.set('2026-03-10T09:10:00Z');
    await signInAll();
    const noted = await told(
      `mutation ($input: NoteAcquisitionInput!) { noteAcquisition(input: $input) { __typename
        ... on Refusal { code message } ... on AcquisitionNote { part startedAt stoppedAt deviations comment recordedByName } } }`,
      { input: { scanBookingId: scan.id, startedAt: '2026-03-10T09:01:00Z', deviations: 'Arms down.' } },
    );
    expect(noted).toMatchObject({
      part: 'DELAYED',
      stoppedAt: null,
      deviations: 'Arms down.',
      recordedByName: 'IMAGING',
    });
    const OF_SCAN = `query ($id: ID!) { scanBooking(id: $id) { ctDoses { id replacedById } acquisitionNotes { deviations } } }`;
    expect(await told(OF_SCAN, { id: scan.id })).toMatchObject({
      ctDoses: [
        { id: recorded.id, replacedById: corrected.id },
        { id: corrected.id },
        { replacedById: null },
      ],
      acquisitionNotes: [{ deviations: 'Arms down.' }],
    });
  });
});

describe('what counts as planned', () => {
  it('is set from a day on by whoever manages the radiopharmacy', async () => {
    await ready();
    const SET = `mutation ($input: SetAdministrationPolicyInput!) { setAdministrationPolicy(input: $input) { __typename
      ... on Refusal { code message } ... on AdministrationPolicy { id effectiveFrom tolerancePercent setById } } }`;
    const input = {
      ...{ effectiveFrom: '2026-04-01', tolerancePercent: 5, unitMistakeFactor: 6, uptakeClosingMinutes: 20 },
      source: 'Medical physics expert, 1 March 2026',
    };
    expect(codesOf(await ask(SET, { input }))).toEqual(['FORBIDDEN']);
    const set = await told(SET, { input }, 'MANAGER');
    expect(set).toMatchObject({ tolerancePercent: 5, setById: accounts.get('MANAGER') });
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ code: 'AdministrationPolicyAlreadySet' });
    const past = { ...input, effectiveFrom: '2026-03-09' };
    expect(await told(SET, { input: past }, 'MANAGER')).toMatchObject({
      code: 'AdministrationPolicyInThePast',
    });
    const { data } = await ask('{ administrationPolicies { effectiveFrom source uptakeClosingMinutes } }');
    expect(data?.administrationPolicies).toMatchObject([
      { effectiveFrom: '2000-01-01' },
      { uptakeClosingMinutes: 20 },
    ]);
  });
});
