import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { PlannedDoseService } from '../../src/clinic/radiopharmacy/planned-dose.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock, Temporal } from '../../src/platform/time/index.js';
import { loadReferenceData } from '../../src/reference-data.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { BONE_SCAN, MDP, makeScanVisit } from '../support/radiopharmacy.factory.js';

// The radiopharmacy through the graph: what each operation answers, refuses, and to whom it says nothing.

const ROLES = ['RECEPTION', 'CLINICIAN', 'MANAGER', 'IMAGING'] as const;
const tokens = new Map<Role, string>();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;

interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object = {}, role: Role = 'IMAGING'): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${tokens.get(role) ?? ''}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

async function told(query: string, variables: object = {}, role: Role = 'IMAGING') {
  const { data, errors } = await ask(query, variables, role);
  expect(errors).toBeUndefined();
  return Object.values(data ?? {})[0] ?? {};
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
  await loadReferenceData(app);
  for (const role of ROLES) await signIn(role);
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const REFUSED = '__typename ... on Refusal { code message }';
const today = () => Temporal.Instant.fromEpochMilliseconds(app.get(Clock).nowMs());
/** 10:00 on a Wednesday at least three weeks from now on which a supplier delivers. */
async function aWednesday(): Promise<Temporal.ZonedDateTime> {
  const soon = today().toZonedDateTimeISO('Europe/London').add({ days: 21 });
  let day = soon.add({ days: (10 - soon.dayOfWeek) % 7 }).startOfDay();
  const holidays = await database.client.bankHoliday.findMany({ select: { heldOn: true } });
  const closed = new Set(holidays.map(({ heldOn }) => heldOn.toISOString().slice(0, 10)));
  while (closed.has(day.toPlainDate().toString())) day = day.add({ days: 7 });
  return day.with({ hour: 10 });
}

const SUPPLIERS = `{ doseSuppliers { id code name email phone retiredOn terms { id effectiveFrom cutOffTime workingDaysBefore
  weekdays deliversOnHolidays deliveries { deliversAt calibratedAt } chargesWasted shortfallPercentMax labelTolerancePercent source setAt setById }
  supplies { id siteCode tracerCode supplierId effectiveFrom reason } } }`;
/** Whoever supplies the site on whatever day: others were added, by what else is tried here. */
const supplierId = async () => {
  const suppliers = (await told(SUPPLIERS)) as unknown as readonly {
    readonly id: string;
    readonly supplies: readonly { readonly effectiveFrom: string }[];
  }[];
  const since = today().toString(); // later than its own day, as text
  return String(
    suppliers.find(({ supplies }) => supplies.some(({ effectiveFrom }) => effectiveFrom <= since))?.id,
  );
};

describe('what the clinic begins with', () => {
  it('is answered with every number, its unit in its name and its source', async () => {
    const nuclides =
      await told(`{ radionuclides { symbol name dicomCodeValue dicomCodingScheme dicomCodeMeaning
      halfLives { id version effectiveFrom halfLifeHours source setAt setById } } }`);
    expect(nuclides).toMatchObject([
      { symbol: 'Tc-99m', halfLives: [{ version: 1, halfLifeHours: 6.0067, setById: null }] },
    ]);
    expect(await told(`{ tracers { code name radionuclideSymbol dicomCodeValue source } }`)).toMatchObject([
      { code: 'TC99M_HDP' },
      { code: MDP },
    ]);
    const PROTOCOLS = `query ($code: ID) { doseProtocols(procedureCode: $code) { id procedureCode effectiveFrom tracer { code }
      route plannedActivityMbq activityMbqMin activityMbqMax activitySource drlMbq drlCitation drlDatedOn effectiveDoseMsvPerMbq
      effectiveDoseSource uptakeMinutesMin uptakeMinutesTarget uptakeMinutesMax uptakeSource kitUseByMinutes kitUseBySource
      reason setAt paediatric { belowAgeYears baselineMbq minimumMbq source multiples { weightKg multiple } } } }`;
    expect(await told(PROTOCOLS)).toHaveLength(2);
    expect(await told(PROTOCOLS, { code: BONE_SCAN })).toMatchObject([
      {
        plannedActivityMbq: 600,
        drlMbq: 800,
        kitUseByMinutes: 360,
        paediatric: { baselineMbq: 35, minimumMbq: 40 },
      },
    ]);
    expect(await told(SUPPLIERS)).toMatchObject([
      {
        code: 'RADIOPHARMACY',
        terms: [{ cutOffTime: '14:00', deliveries: [{ deliversAt: '07:30', calibratedAt: '08:00' }] }],
      },
    ]);
  });

  it('decays in whatever unit, forwards and backwards', async () => {
    const DECAY = `query ($activity: ActivityInput!, $from: Instant!, $to: Instant!, $of: ID!) {
      decayedActivity(activity: $activity, radionuclide: $of, from: $from, to: $to) {
        activityMbq factor halfLife { version halfLifeHours source } } }`;
    const ask1 = (activity: object, from: string, to: string, of = 'Tc-99m') =>
      ask(DECAY, { activity, from, to, of });
    const [eight, half] = ['2026-11-30T08:00:00Z', '2026-11-30T11:30:00Z'];
    const { data } = await ask1({ value: 800, unit: 'MBQ' }, half, eight);
    expect(Number(data?.decayedActivity?.activityMbq)).toBeCloseTo(1198.1, 1);
    const millicurie = await ask1({ value: 1, unit: 'MCI' }, eight, eight);
    expect(millicurie.data?.decayedActivity).toMatchObject({
      activityMbq: 37,
      factor: 1,
      halfLife: { version: 1 },
    });
    expect(codesOf(await ask1({ value: 1, unit: 'MBQ' }, eight, half, 'Xx-1'))).toEqual(['NOT_FOUND']);
    expect(codesOf(await ask1({ value: -1, unit: 'MBQ' }, eight, half))).toEqual(['BAD_INPUT']);
    expect(codesOf(await ask1({ value: 1, unit: 'MBQ' }, eight, '2020-11-30T08:00:00Z'))).toEqual([
      'BAD_INPUT',
    ]);
  });
});

describe('what changes', () => {
  it('half-lives, nuclides and tracers are added, by whoever manages them', async () => {
    const SET = `mutation ($input: SetHalfLifeInput!) { setHalfLife(input: $input) { ${REFUSED}
      ... on HalfLifeVersion { version effectiveFrom halfLifeHours source setById } } }`;
    const input = {
      radionuclideSymbol: 'Tc-99m',
      effectiveFrom: '2199-01-01',
      halfLifeHours: 6.0058,
      source: 'Another table',
    };
    expect(codesOf(await ask(SET, { input }, 'IMAGING'))).toEqual(['FORBIDDEN']);
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ version: 2, effectiveFrom: '2199-01-01' });
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ code: 'HalfLifeAlreadySet' });
    expect(await told(SET, { input: { ...input, effectiveFrom: '2020-01-01' } }, 'MANAGER')).toMatchObject({
      code: 'HalfLifeInThePast',
    });
    for (const wrong of [{ source: ' ' }, { halfLifeHours: 0 }, { radionuclideSymbol: 'Technetium' }])
      expect(codesOf(await ask(SET, { input: { ...input, ...wrong } }, 'MANAGER'))).toEqual(['BAD_INPUT']);

    const NUCLIDE = `mutation ($input: AddRadionuclideInput!) { addRadionuclide(input: $input) { ${REFUSED}
      ... on Radionuclide { symbol halfLives { version halfLifeHours } } } }`;
    const nuclide = { symbol: 'In-111', name: 'indium-111', halfLifeHours: 67.3, source: 'a table' };
    expect(await told(NUCLIDE, { input: nuclide }, 'MANAGER')).toMatchObject({
      halfLives: [{ version: 1, halfLifeHours: 67.3 }],
    });
    expect(await told(NUCLIDE, { input: nuclide }, 'MANAGER')).toMatchObject({ code: 'RadionuclideKnown' });
    const TRACER = `mutation ($input: AddTracerInput!) { addTracer(input: $input) { ${REFUSED} ... on Tracer { code name } } }`;
    const tracer = {
      code: 'IN111_WBC',
      name: 'In-111 white cells',
      radionuclideSymbol: 'In-111',
      source: 'clinic',
    };
    expect(await told(TRACER, { input: tracer }, 'MANAGER')).toMatchObject({
      code: 'IN111_WBC',
      name: 'In-111 white cells',
    });
    expect(await told(TRACER, { input: tracer }, 'MANAGER')).toMatchObject({ __typename: 'TracerCodeTaken' });
    expect(
      codesOf(
        await ask(TRACER, { input: { ...tracer, code: 'X_Y', radionuclideSymbol: 'Tc-98' } }, 'MANAGER'),
      ),
    ).toEqual(['NOT_FOUND']);
  });

  it('protocols and suppliers, too', async () => {
    const SET = `mutation ($input: SetDoseProtocolInput!) { setDoseProtocol(input: $input) { ${REFUSED}
      ... on DoseProtocol { id plannedActivityMbq paediatric { belowAgeYears } setById } } }`;
    const input = {
      ...{
        procedureCode: BONE_SCAN,
        effectiveFrom: '2198-01-01',
        tracerCode: MDP,
        route: 'INTRAVENOUS',
        plannedActivityMbq: 700,
      },
      ...{
        activitySource: 'a',
        effectiveDoseMsvPerMbq: 0.0057,
        effectiveDoseSource: 'b',
        uptakeMinutesMin: 120,
      },
      ...{
        uptakeMinutesTarget: 180,
        uptakeMinutesMax: 300,
        uptakeSource: 'c',
        kitUseByMinutes: 360,
        kitUseBySource: 'd',
        reason: 'e',
      },
    };
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({
      plannedActivityMbq: 700,
      paediatric: null,
    });
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ code: 'DoseProtocolAlreadySet' });
    const paediatric = {
      belowAgeYears: 16,
      baselineMbq: 35,
      minimumMbq: 40,
      source: 'f',
      multiples: [{ weightKg: -1, multiple: 1 }],
    };
    expect(codesOf(await ask(SET, { input: { ...input, paediatric } }, 'MANAGER'))).toEqual(['BAD_INPUT']);
    expect(codesOf(await ask(SET, { input }, 'CLINICIAN'))).toEqual(['FORBIDDEN']);

    const ADD = `mutation ($input: AddDoseSupplierInput!) { addDoseSupplier(input: $input) { ${REFUSED} ... on DoseSupplier { id email } } }`;
    const { id } = await told(
      ADD,
      { input: { code: 'CENTRAL', name: 'Central', email: 'hot@lab.example' } },
      'MANAGER',
    );
    expect(await told(ADD, { input: { code: 'CENTRAL', name: 'Other' } }, 'MANAGER')).toMatchObject({
      __typename: 'SupplierCodeTaken',
    });
    expect(codesOf(await ask(ADD, { input: { code: 'central', name: 'x' } }, 'MANAGER'))).toEqual([
      'BAD_INPUT',
    ]);
    const CONTACT = `mutation ($input: ChangeDoseSupplierContactInput!) { changeDoseSupplierContact(input: $input) { email phone } }`;
    expect(await told(CONTACT, { input: { supplierId: id, phone: '020 7946 0123' } }, 'MANAGER')).toEqual({
      email: 'hot@lab.example',
      phone: '020 7946 0123',
    });
    const TERMS = `mutation ($input: SetSupplierTermsInput!) { setSupplierTerms(input: $input) { ${REFUSED}
      ... on DoseSupplier { terms { cutOffTime weekdays deliveries { deliversAt } } } } }`;
    const terms = {
      ...{
        supplierId: id,
        effectiveFrom: '2198-01-01',
        cutOffTime: '15:00',
        workingDaysBefore: 2,
        weekdays: [1, 2],
      },
      ...{
        deliveries: [{ deliversAt: '07:00', calibratedAt: '08:00' }],
        chargesWasted: false,
        shortfallPercentMax: 5,
        labelTolerancePercent: 10,
        source: 'contract',
      },
    };
    expect(await told(TERMS, { input: terms }, 'MANAGER')).toMatchObject({
      terms: [{ cutOffTime: '15:00', weekdays: [1, 2] }],
    });
    expect(await told(TERMS, { input: terms }, 'MANAGER')).toMatchObject({ code: 'SupplyAlreadySet' });
    for (const wrong of [
      { cutOffTime: '25:00' },
      { weekdays: [8] },
      { weekdays: [1, 1] },
      { deliveries: [] },
    ])
      expect(codesOf(await ask(TERMS, { input: { ...terms, ...wrong } }, 'MANAGER'))).toEqual(['BAD_INPUT']);
    const SUPPLY = `mutation ($input: SetDoseSupplyInput!) { setDoseSupply(input: $input) { ${REFUSED}
      ... on DoseSupplier { supplies { siteCode tracerCode effectiveFrom } } } }`;
    const supply = {
      siteCode: 'MAIN',
      tracerCode: MDP,
      supplierId: id,
      effectiveFrom: '2198-01-01',
      reason: 'cheaper',
    };
    expect(await told(SUPPLY, { input: supply }, 'MANAGER')).toMatchObject({
      supplies: [{ tracerCode: MDP }],
    });
    expect(
      await told(SUPPLY, { input: { ...supply, effectiveFrom: '2020-01-01' } }, 'MANAGER'),
    ).toMatchObject({ code: 'SupplyInThePast' });
  });
});

describe('a day’s order', () => {
  it('is looked at, sent, amended and cancelled', async () => {
    const injection = await aWednesday();
    const heldOn = injection.toPlainDate().toString();
    const supplier = await supplierId();
    const { id: patientId } = await makePatient(patientServiceOn(database, new FixedClock(today())));
    const visitId = await makeScanVisit(database, patientId, injection.toInstant().toString());
    const follow = (injectionAt: Temporal.Instant | null) =>
      app.get(Database).transaction((tx) =>
        app.get(PlannedDoseService).follow(tx, aStaffActor(), {
          ...{ visitId, patientId, procedureCode: BONE_SCAN, siteCode: 'MAIN', injectionAt },
          ...{ weightKg: null, activityMbq: null },
        }),
      );
    await follow(injection.toInstant());
    const DOSES = `query ($on: LocalDate!, $siteCode: String) { plannedDoses(on: $on, siteCode: $siteCode) { id reference visitId
      procedureCode siteCode protocolId tracer { code } halfLife { version } status version heldOn injectionAt basis weightKg
      ageYears plannedActivityMbq supplierId deliversAt calibratedAt activityAtCalibrationMbq cutOffAt conflicts conflictText
      changedAt } }`;
    expect(await told(DOSES, { on: heldOn })).toMatchObject([
      { visitId, conflicts: [], plannedActivityMbq: 600, status: 'WANTED' },
    ]);
    expect(await told(DOSES, { on: heldOn, siteCode: 'NORTH' })).toEqual([]);
    expect(codesOf(await ask(DOSES, { on: heldOn }, 'RECEPTION'))).toEqual(['FORBIDDEN']);
    const DOSE =
      'query ($visitId: ID!) { plannedDose(visitId: $visitId) { visitId activityAtCalibrationMbq } }';
    const { activityAtCalibrationMbq } = await told(DOSE, { visitId });
    expect(Number(activityAtCalibrationMbq)).toBeCloseTo(600 * 2 ** (2 / 6.0067), 3);

    const SHEET = `query ($supplierId: ID!, $heldOn: LocalDate!) { doseOrderSheet(supplierId: $supplierId, siteCode: "MAIN", heldOn: $heldOn) {
      heldOn isUpToDate isCutOffPassed cutOffAt wastedCount text lines { change dose { reference } } dropped { reference }
      order { id status version allowedActions versions { version } } } }`;
    const key = { supplierId: supplier, heldOn };
    expect(await told(SHEET, key)).toMatchObject({
      isUpToDate: false,
      lines: [{ change: 'ADDED' }],
      order: { status: 'DRAFT' },
    });
    const ORDER = `... on DoseOrder { id status version allowedActions cutOffAt versions { version status sentAt sentById agreedWith comment
      lines { id plannedDoseId reference tracerCode injectionAt plannedActivityMbq deliversAt calibratedAt activityAtCalibrationMbq halfLifeHours } } }`;
    const SEND = `mutation ($input: SendDoseOrderInput!) { sendDoseOrder(input: $input) { ${REFUSED} ${ORDER} } }`;
    const day = { ...key, siteCode: 'MAIN' };
    expect(codesOf(await ask(SEND, { input: day }, 'CLINICIAN'))).toEqual(['FORBIDDEN']);
    expect(await told(SEND, { input: day })).toMatchObject({ status: 'SENT', version: 1 });
    expect(await told(SEND, { input: day })).toMatchObject({ __typename: 'DoseOrderAlreadySent' });
    await follow(injection.add({ hours: 3 }).toInstant());
    const AMEND = `mutation ($input: AmendDoseOrderInput!) { amendDoseOrder(input: $input) { ${REFUSED} ${ORDER} } }`;
    expect(await told(AMEND, { input: { ...day, version: 1, comment: 'moved' } })).toMatchObject({
      status: 'AMENDED',
      version: 2,
    });
    expect(await told(AMEND, { input: { ...day, version: 2 } })).toMatchObject({
      code: 'DoseOrderUnchanged',
    });
    const CANCEL = `mutation ($input: CancelDoseOrderInput!) { cancelDoseOrder(input: $input) { ${REFUSED} ${ORDER} } }`;
    expect(await told(CANCEL, { input: { ...day, version: 1, reason: 'x' } })).toMatchObject({
      code: 'DoseOrderChanged',
    });
    expect(await told(CANCEL, { input: { ...day, version: 2, reason: 'the camera is down' } })).toMatchObject(
      { status: 'CANCELLED', version: 3 },
    );
    const ORDERS = `query ($from: LocalDate!, $until: LocalDate!) { doseOrders(from: $from, until: $until) { siteCode heldOn status versions { version } } }`;
    expect(await told(ORDERS, { from: heldOn, until: heldOn })).toMatchObject([
      { heldOn, versions: [{}, {}, {}] },
    ]);
    expect(codesOf(await ask(ORDERS, { from: heldOn, until: '2199-01-01' }))).toEqual(['BAD_INPUT']);
    const WASTED = `query ($day: LocalDate!) { wastedDoses(from: $day, until: $day) { count chargeableCount activityMbq doses { id orderId
      supplierId siteCode heldOn reference visitId tracerCode activityMbq reason isChargeable countedAt } } }`;
    expect(await told(WASTED, { day: heldOn })).toMatchObject({ count: 0, doses: [] });
    expect(codesOf(await ask(SHEET, { ...key, supplierId: patientId }))).toEqual(['NOT_FOUND']);
  });
});

describe('a batch', () => {
  it('is received, drawn from, given back and discarded', async () => {
    const now = today();
    const BATCH = `... on TracerBatch { id batchNumber tracer { code } siteCode preparedAt calibratedAt calibratedActivityMbq expiresAt expirySource
      volumeMl receivedAt receivedById discardedAt discardReason halfLife { version }
      uses { id purpose visitId activityMbq drawnAt recordedById givenBackAt givenBackReason } stock { at activityMbq volumeMl isUsable } labelTolerancePercent receivedByName }`;
    const RECEIVE = `mutation ($input: ReceiveBatchInput!) { receiveBatch(input: $input) { ${REFUSED} ${BATCH}
      ... on ExpiryBeyondUseBy { latestAt } } }`;
    const input = {
      ...{
        supplierId: await supplierId(),
        batchNumber: 'B1',
        tracerCode: MDP,
        siteCode: 'MAIN',
        volumeMl: 5,
      },
      ...{
        preparedAt: now.subtract({ hours: 1 }).toString(),
        calibratedAt: now.toString(),
        activity: { value: 100, unit: 'MCI' },
      },
    };
    expect(codesOf(await ask(RECEIVE, { input }, 'MANAGER'))).toEqual(['FORBIDDEN']);
    const received = await told(RECEIVE, { input });
    expect(received).toMatchObject({
      ...{ calibratedActivityMbq: 3_700, labelTolerancePercent: 10, receivedByName: 'IMAGING' },
      ...{ stock: { isUsable: true }, uses: [] },
    });
    expect(await told(RECEIVE, { input })).toMatchObject({ code: 'BatchAlreadyReceived' });
    const late = { ...input, batchNumber: 'B2', expiresAt: now.add({ hours: 12 }).toString() };
    expect(await told(RECEIVE, { input: late })).toMatchObject({ code: 'ExpiryBeyondUseBy' });
    for (const wrong of [
      { activity: { value: 0, unit: 'MBQ' } },
      { batchNumber: '' },
      { volumeMl: -1 },
      { supplierId: 'x' },
    ])
      expect(codesOf(await ask(RECEIVE, { input: { ...input, ...wrong } }))).toEqual(['BAD_INPUT']);

    const { id } = received;
    const DRAW = `mutation ($input: DrawFromBatchInput!) { drawFromBatch(input: $input) { ${REFUSED} ${BATCH} ... on StockTooSmall { leftMbq } } }`;
    const draw = (parts: object) => ({
      batchId: id,
      purpose: 'QUALITY_CONTROL',
      activity: { value: 1_000, unit: 'KBQ' },
      ...parts,
    });
    const drawn = await told(DRAW, { input: draw({}) });
    expect(drawn).toMatchObject({ uses: [{ purpose: 'QUALITY_CONTROL', activityMbq: 1 }] });
    expect(await told(DRAW, { input: draw({ activity: { value: 200, unit: 'MCI' } }) })).toMatchObject({
      code: 'StockTooSmall',
    });
    expect(codesOf(await ask(DRAW, { input: draw({ purpose: 'PATIENT_DOSE' }) }))).toEqual(['BAD_INPUT']);
    const [use] = drawn.uses as { id: string }[];
    const BACK = `mutation ($input: GiveBackToBatchInput!) { giveBackToBatch(input: $input) { ${REFUSED} ${BATCH} } }`;
    expect(await told(BACK, { input: { useId: use?.id, reason: 'not drawn' } })).toMatchObject({
      uses: [{ givenBackReason: 'not drawn' }],
    });
    expect(await told(BACK, { input: { useId: use?.id, reason: 'again' } })).toMatchObject({
      code: 'UseGivenBack',
    });

    const LIST = `query ($filter: TracerBatchFilterInput, $page: PageInput) { tracerBatches(filter: $filter, page: $page) { nextCursor items { id } } }`;
    for (const variables of [
      {},
      { filter: {} },
      { filter: { usableNow: true, siteCode: 'MAIN' }, page: { size: 5 } },
    ])
      expect(await told(LIST, variables)).toMatchObject({ items: [{ id }] });
    const ONE = `query ($id: ID!, $at: Instant) { tracerBatch(id: $id) { id stock(at: $at) { activityMbq volumeMl isUsable } } }`;
    const later = await told(ONE, { id, at: now.add({ hours: 24 }).toString() });
    expect(later).toMatchObject({ stock: { isUsable: false } });
    expect(codesOf(await ask(ONE, { id, at: '1990-01-01T00:00:00Z' }))).toEqual(['BAD_INPUT']);
    const DISCARD = `mutation ($input: DiscardBatchInput!) { discardBatch(input: $input) { ${REFUSED} ${BATCH} } }`;
    expect(await told(DISCARD, { input: { batchId: id, reason: 'particles' } })).toMatchObject({
      stock: { isUsable: false },
    });
    expect(await told(DISCARD, { input: { batchId: id, reason: 'again' } })).toMatchObject({
      code: 'BatchDiscarded',
    });
    expect(await told(DRAW, { input: draw({}) })).toMatchObject({ code: 'BatchDiscarded' });
    expect(codesOf(await ask(ONE, { id: '0193b100-0000-7000-8000-000000000999' }))).toEqual(['NOT_FOUND']);
  });
});
