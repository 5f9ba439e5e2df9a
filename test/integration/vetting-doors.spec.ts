import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { makeLicence } from '../support/exposures.factory.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { BONE, makeProcedure } from '../support/vetting.factory.js';

// Vetting through the graph: what a first and a compiled query answer, and who may not.

const ROLES = ['RECEPTION', 'CLINICIAN', 'MANAGER', 'IMAGING', 'MDT_MEMBER'] as const;
const tokens = new Map<Role, string>();
const accounts = new Map<Role, string>();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;

interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object = {}, role: Role = 'CLINICIAN'): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${tokens.get(role) ?? ''}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

/** The one field of an answer that must come without a fault. */
async function told(query: string, variables: object = {}, role: Role = 'CLINICIAN') {
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
  for (const role of ROLES) await signIn(role);
  await makeProcedure(database, BONE);
  const since = new Date('2020-01-01');
  const entitle = (role: Role, act: 'JUSTIFY' | 'REFER' | 'AUTHORISE_UNDER_GUIDELINE') =>
    database.client.entitlement.create({
      data: {
        ...{ staffId: accounts.get(role) ?? '', act, procedureCodes: [], validFrom: since, evidence: 'test' },
        ...{ reviewOn: new Date('2099-12-31'), entitledAt: since, entitledById: accounts.get(role) ?? '' },
      },
    });
  await entitle('CLINICIAN', 'JUSTIFY');
  await entitle('CLINICIAN', 'REFER');
  await entitle('IMAGING', 'AUTHORISE_UNDER_GUIDELINE');
  await makeLicence(database, {
    ...{ kind: 'PRACTITIONER', number: 'P-1', siteCodes: [], staffId: accounts.get('CLINICIAN') ?? null },
    procedureCodes: [BONE],
  });
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const REFUSED = '__typename ... on Refusal { code message }';
const RECEIVE = `mutation ($input: ReceiveReferralInput!) { receiveReferral(input: $input) { ${REFUSED} ... on Referral { id } } }`;
const PARTS = `id status version revision allowedActions isComplete missing { item sentence } procedureCode dueOn
  referrer { kind name isEntitled reason } decideAgainReason claimedById lapsesOn
  content { revision weightKg weightOn mobility pregnancy urgency recentStudies studies { what radionuclide performedOn }
    referrerKind referrerStaffId signature signedOn amendReason }
  justification { practitionerId benefit activityMbq licenceNumber licenceValidUntil siteCode guidelineId }
  authorisation { mode authorisedById guidelineId guidelineSha256 }`;
const REQUEST = `mutation ($input: RequestImagingInput!) { requestImaging(input: $input) { ${REFUSED}
  ... on ImagingRequest { ${PARTS} } ... on ImagingRequestExists { requestId } } }`;
const AMEND = `mutation ($input: AmendImagingRequestInput!) { amendImagingRequest(input: $input) { ${REFUSED}
  ... on ImagingRequest { ${PARTS} } ... on ImagingRequestChangedMeanwhile { version revision status } } }`;
const JUSTIFY = `mutation ($input: JustifyImagingRequestInput!) { justifyImagingRequest(input: $input) { ${REFUSED}
  ... on ImagingRequest { ${PARTS} } ... on NotEntitledToAct { act } ... on ImagingRequestNotPossible { status allowedActions }
  ... on ImagingRequestIncomplete { missing { item } } } }`;
const FULL = {
  ...{
    history: 'Two years.',
    earlierImaging: 'NONE',
    weightKg: 72.5,
    weightSource: 'MEASURED',
    mobility: 'WALKS',
  },
  ...{ pregnancy: 'DOES_NOT_APPLY', pregnancyText: 'Hysterectomy.', breastFeeding: 'DOES_NOT_APPLY' },
  ...{
    recentStudies: 'YES',
    studies: [{ what: 'Bone scan', radionuclide: 'Tc-99m', performedOn: '2020-01-02' }],
  },
};
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format();
const words = (request: { readonly id?: unknown; readonly revision?: unknown }) => ({
  ...{ requestId: request.id, revision: request.revision },
  ...{ benefit: 'Shows the joint.', detriment: 'About 4 mSv.', alternatives: 'MRI was done.' },
});

async function receive(): Promise<string> {
  const { id: patientId } = await makePatient(patientServiceOn(database));
  const input = {
    ...{ patientId, source: 'GP', priority: 'URGENT', referrerName: 'Dr Amrit Patel' },
    clinicalQuestion: 'Active facet joints?',
  };
  return String((await told(RECEIVE, { input }, 'RECEPTION')).id);
}

const asked = async (role: Role = 'CLINICIAN', parts: object = {}) => {
  const content = { ...FULL, weightOn: today() };
  const input = { referralId: await receive(), procedureCode: BONE, content, asReferrer: true, ...parts };
  return told(REQUEST, { input }, role);
};

describe('an imaging request through the graph', () => {
  it('is made, amended, justified and seen with its history', async () => {
    const request = await asked();
    expect(request).toMatchObject({
      ...{ status: 'SUBMITTED', isComplete: true, missing: [] },
      referrer: { kind: 'STAFF', name: 'CLINICIAN', isEntitled: true },
      content: {
        weightKg: 72.5,
        urgency: 'URGENT',
        signature: 'SESSION',
        studies: [{ radionuclide: 'Tc-99m' }],
      },
    });
    const justified = await told(JUSTIFY, { input: { ...words(request), activityMbq: 600 } });
    expect(justified).toMatchObject({
      ...{
        status: 'AUTHORISED',
        justification: { activityMbq: 600, licenceNumber: 'P-1', siteCode: 'MAIN' },
      },
      authorisation: { mode: 'PRACTITIONER', authorisedById: accounts.get('CLINICIAN') },
    });
    const change = { requestId: request.id, version: justified.version, reason: 'By telephone.' };
    const amended = await told(
      AMEND,
      { input: { ...change, content: { breastFeeding: 'YES' } } },
      'RECEPTION',
    );
    expect(amended).toMatchObject({
      ...{ status: 'SUBMITTED', justification: null, authorisation: null },
      decideAgainReason: expect.stringContaining('breast-feeding'),
      content: { revision: 2, amendReason: 'By telephone.' },
    });
    expect(await told(AMEND, { input: { ...change, content: {} } }, 'RECEPTION')).toMatchObject({
      code: 'ImagingRequestChangedMeanwhile',
      revision: 2,
    });
    const SEE = `query ($id: ID!) { imagingRequest(id: $id) { ${PARTS}
      referral { id imagingRequests { id status } }
      revisions { revision amendReason } events { action from to actorId reason detail version }
      justifications { id revision } authorisations { id } tellings { method words } } }`;
    for (const role of ['CLINICIAN', 'RECEPTION', 'MANAGER', 'IMAGING'] as const) {
      expect(await told(SEE, { id: request.id }, role)).toMatchObject({
        id: request.id,
        referral: { imagingRequests: [{ id: request.id, status: 'SUBMITTED' }] },
        revisions: [{ revision: 1, amendReason: null }, { revision: 2 }],
        events: ['REQUEST', 'SUBMIT', 'JUSTIFY', 'AUTHORISE', 'AMEND'].map((action) => ({ action })),
        justifications: [{ revision: 1 }],
        authorisations: [{}],
        tellings: [],
      });
    }
    expect(codesOf(await ask(SEE, { id: request.id }, 'MDT_MEMBER'))).toEqual(['FORBIDDEN']);
    expect(codesOf(await ask(SEE, { id: '0193b000-0000-7000-8000-00000000dead' }))).toEqual(['NOT_FOUND']);
  });

  it('is there once for a referral, and says what is missing', async () => {
    const referralId = await receive();
    const input = { referralId, procedureCode: BONE, content: {} };
    const first = await told(REQUEST, { input }, 'RECEPTION');
    expect(first).toMatchObject({ status: 'INCOMPLETE', isComplete: false, referrer: { isEntitled: false } });
    expect(first.missing).toContainEqual({ item: 'WEIGHT', sentence: expect.stringContaining('weight') });
    expect(await told(REQUEST, { input }, 'RECEPTION')).toMatchObject({
      ...{ code: 'ImagingRequestExists', requestId: first.id },
    });
    expect(await told(JUSTIFY, { input: words(first) })).toMatchObject({
      ...{ code: 'ImagingRequestNotPossible', status: 'INCOMPLETE' },
      allowedActions: ['AMEND', 'SUBMIT', 'ASK', 'REJECT', 'WITHDRAW', 'CLAIM', 'TAKE_OVER', 'RELEASE'],
    });
  });

  it('is asked about, answered, claimed, rejected and withdrawn', async () => {
    const request = await asked();
    const input = { requestId: request.id };
    const did = (name: string, type: string, more: object, role: Role = 'CLINICIAN') =>
      told(
        `mutation ($input: ${type}!) { ${name}(input: $input) { ${REFUSED} ... on ImagingRequest { status claimedById informationWanted informationDueOn } } }`,
        { input: { ...input, ...more } },
        role,
      );
    const me = accounts.get('CLINICIAN');
    expect(await did('claimImagingRequest', 'ClaimImagingRequestInput', {})).toMatchObject({
      claimedById: me,
    });
    expect(await did('claimImagingRequest', 'ClaimImagingRequestInput', {}, 'IMAGING')).toMatchObject({
      code: 'ImagingRequestClaimedByAnother',
    });
    expect(await did('releaseImagingRequest', 'ReleaseImagingRequestInput', {})).toMatchObject({
      claimedById: null,
    });
    const wanted = { wanted: 'Which level?', tell: { method: 'TELEPHONE' } };
    expect(await did('askAboutImagingRequest', 'AskAboutImagingRequestInput', wanted)).toMatchObject({
      ...{ status: 'INFORMATION_ASKED', informationWanted: 'Which level?' },
    });
    const answer = { note: 'L4/5.' };
    expect(
      await did('recordImagingRequestAnswer', 'RecordImagingRequestAnswerInput', answer, 'RECEPTION'),
    ).toMatchObject({ status: 'SUBMITTED' });
    const no = { revision: 1, reason: 'MRI is enough.' };
    expect(await did('rejectImagingRequest', 'RejectImagingRequestInput', no, 'IMAGING')).toMatchObject({
      code: 'NotEntitledToAct',
    });
    expect(await did('rejectImagingRequest', 'RejectImagingRequestInput', no)).toMatchObject({
      status: 'REJECTED',
    });
    expect(
      await did('withdrawImagingRequest', 'WithdrawImagingRequestInput', { reason: 'No.' }, 'RECEPTION'),
    ).toMatchObject({ code: 'ImagingRequestNotPossible' });
  });

  it('is authorised under a guideline, which only a practitioner issues', async () => {
    const ISSUE = `mutation ($input: IssueVettingGuidelineInput!) { issueVettingGuideline(input: $input) { ${REFUSED}
      ... on VettingGuideline { id guidelineCode: code version sha256 isInForce procedureCodes endsOn replacedFrom } } }`;
    const input = {
      ...{ code: 'FACETS', title: 'Facets', text: 'Adults.', procedureCodes: [BONE], effectiveFrom: today() },
      ...{ benefit: 'b', detriment: 'd', alternatives: 'a' },
    };
    expect(await told(ISSUE.replace('guidelineCode: code', ''), { input }, 'IMAGING')).toMatchObject({
      code: 'NotEntitledToAct',
    });
    const document = `mutation ($input: IssueVettingGuidelineInput!) { issueVettingGuideline(input: $input) {
      __typename ... on VettingGuideline { id code version isInForce } } }`;
    const guideline = await told(document, { input });
    expect(guideline).toMatchObject({ code: 'FACETS', version: 1, isInForce: true });
    const request = await asked();
    const UNDER = `mutation ($input: AuthoriseUnderGuidelineInput!) { authoriseUnderGuideline(input: $input) { ${REFUSED}
      ... on ImagingRequest { ${PARTS} } ... on GuidelineDoesNotApply { reasons } } }`;
    const under = { requestId: request.id, revision: 1, guidelineId: guideline.id, note: 'Adult.' };
    expect(await told(UNDER, { input: under }, 'IMAGING')).toMatchObject({
      status: 'AUTHORISED',
      justification: { practitionerId: accounts.get('CLINICIAN'), guidelineId: guideline.id },
      authorisation: { mode: 'OPERATOR_UNDER_GUIDELINE', authorisedById: accounts.get('IMAGING') },
    });
    const LIST =
      'query ($f: VettingGuidelineFilterInput) { vettingGuidelines(filter: $f) { id code version } }';
    const END = `mutation ($input: EndVettingGuidelineInput!) { endVettingGuideline(input: $input) {
      __typename ... on VettingGuideline { endsOn isInForce } } }`;
    expect(await told(END, { input: { guidelineId: guideline.id, reason: 'Old.' } })).toMatchObject({
      isInForce: false,
    });
    expect(await told(LIST, { f: { procedureCode: BONE } })).toHaveLength(1);
    expect(await told(LIST, { f: { inForceOnly: true } })).toHaveLength(0);
  });
});

const QUEUE = `query ($filter: VettingFilterInput, $order: VettingOrder, $page: PageInput) {
  vettingQueue(filter: $filter, order: $order, page: $page) { nextCursor items {
    requestId dueOn isOverdue workingDaysLeft request { ${PARTS} events { action } referral { id } } } } }`;

describe('the vetting queue through the graph', () => {
  it('is asked with and without filter, order and page', async () => {
    const request = await asked();
    for (const variables of [
      {},
      { order: null },
      { filter: { statuses: ['SUBMITTED'] }, order: 'URGENCY' },
    ]) {
      const { items } = (await told(QUEUE, variables)) as {
        readonly items: readonly { readonly requestId: string }[];
      };
      expect(items.map(({ requestId }) => requestId)).toContain(request.id);
    }
    for (const bad of [
      { filter: { dueUntil: '2026-02-30' } },
      { filter: { patientId: 'nobody' } },
      { page: { size: 101 } },
      { page: { size: 2, after: 'rubbish' } },
    ]) {
      expect(codesOf(await ask(QUEUE, bad))).toEqual(['BAD_INPUT']);
    }
    expect(await told('{ vettingSummary { waitingCount submittedCount firstDueOn } }')).toMatchObject({
      waitingCount: expect.any(Number),
    });
    expect(codesOf(await ask(QUEUE, {}, 'MDT_MEMBER'))).toEqual(['FORBIDDEN']);
  });

  it('asks as many statements for several as for one', async () => {
    const count = async () => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      await told(QUEUE, { page: { size: 50 } });
      const statements = spy.mock.calls.length;
      spy.mockRestore();
      return statements;
    };
    await count();
    const few = await count();
    for (let n = 0; n < 4; n += 1) await asked();
    expect(await count()).toBe(few);
  });
});

describe('what cannot be sent', () => {
  it('is bad input, or not this role’s to do', async () => {
    const request = await asked();
    for (const bad of [
      { benefit: ' ' },
      { activityMbq: 0 },
      { activityMbq: 10_001 },
      { revision: 0 },
      { requestId: 'x' },
    ]) {
      expect(codesOf(await ask(JUSTIFY, { input: { ...words(request), ...bad } }))).toEqual(['BAD_INPUT']);
    }
    const change = { requestId: request.id, version: 1, reason: 'Why.' };
    for (const content of [
      { weightKg: 0 },
      { weightKg: 72.55 },
      { studies: [{ what: 'PET', radionuclide: 'fluorine', performedOn: '2020-01-02' }] },
      { signature: 'SESSION' },
      { lastMenstrualPeriodOn: '2999-01-01' },
    ]) {
      expect(codesOf(await ask(AMEND, { input: { ...change, content } }))).toEqual(['BAD_INPUT']);
    }
    expect(codesOf(await ask(JUSTIFY, { input: words(request) }, 'RECEPTION'))).toEqual(['FORBIDDEN']);
    const SET = `mutation ($input: SetVettingPolicyInput!) { setVettingPolicy(input: $input) { ${REFUSED}
      ... on VettingPolicy { id effectiveFrom } } }`;
    const policy = {
      ...{ effectiveFrom: '2098-01-01', periodAskedFromYears: 12, periodAskedToYears: 55, routineDays: 3 },
      ...{
        urgentDays: 1,
        twoWeekWaitDays: 1,
        informationDays: 5,
        escalationDays: 1,
        lapsesAfterDays: 183,
        weightHoldsDays: 183,
      },
      ...{ needsReferrerEntitlement: true, source: 'A decision of the clinic.' },
    };
    expect(codesOf(await ask(SET, { input: policy }))).toEqual(['FORBIDDEN']);
    expect(await told(SET, { input: policy }, 'MANAGER')).toMatchObject({ effectiveFrom: '2098-01-01' });
    expect(await told(SET, { input: policy }, 'MANAGER')).toMatchObject({ code: 'VettingPolicyAlreadySet' });
    expect(await told('{ vettingPolicies { effectiveFrom source } }', {}, 'RECEPTION')).toHaveLength(2);
  });
});
