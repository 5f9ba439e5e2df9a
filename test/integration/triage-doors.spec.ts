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
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

// Triage, advice, merges and the clock through the graph: what a first and a compiled query answer, and who may not.

const ROLES = ['RECEPTION', 'CLINICIAN', 'MANAGER', 'IMAGING'] as const;
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
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url, RTT_CLOCK: 'on' }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  for (const role of ROLES) await signIn(role);
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const makePatientId = async () => (await makePatient(patientServiceOn(database))).id;

const RECEIVE = `mutation ($input: ReceiveReferralInput!) { receiveReferral(input: $input) {
  __typename ... on Referral { id } ... on OpenReferralExists { code openReferrals { referralId status receivedOn } } } }`;

async function receive(patientId: string, parts: object = {}): Promise<string> {
  const input = {
    patientId,
    source: 'GP',
    priority: 'ROUTINE',
    referrerName: 'Dr Amrit Patel',
    clinicalQuestion: 'Active facet joints?',
    ...parts,
  };
  const { id } = await told(RECEIVE, { input }, 'RECEPTION');
  return String(id);
}

const QUEUE = `query ($filter: TriageFilterInput, $order: TriageOrder, $page: PageInput) {
  triageQueue(filter: $filter, order: $order, page: $page) { nextCursor items {
    referralId dueOn nextDueOn isOverdue workingDaysLeft workingDaysOverdue reasonsHere whyHere claimedById claimedUntil
    assignedToId assignedAt escalatedAt escalationsCount duplicatesCount allowedActions
    referral { id status priority allowedActions patient { id familyName } } } } }`;
const REFUSED = '__typename ... on Refusal { code message }';
const CLAIM = `mutation ($input: ClaimReferralInput!) { claimReferral(input: $input) { ${REFUSED}
  ... on Referral { id triage { claimedById claimedUntil allowedActions } }
  ... on ReferralClaimedByAnother { claimedById claimedUntil } } }`;

describe('the triage queue', () => {
  it('is asked with and without filter, order and page, and claimed, assigned and given back', async () => {
    const patientId = await makePatientId();
    const referralId = await receive(patientId);
    for (const variables of [{}, { order: null }, { filter: { patientId }, order: 'PRIORITY' }]) {
      const { items } = await told(QUEUE, variables);
      expect(items).toMatchObject([
        {
          referralId,
          reasonsHere: ['NOT_LOOKED_AT'],
          workingDaysOverdue: null,
          allowedActions: ['CLAIM', 'ASSIGN', 'CHANGE_PRIORITY'],
          referral: { id: referralId, status: 'RECEIVED', patient: { id: patientId } },
        },
      ]);
    }
    const claimed = await told(CLAIM, { input: { referralId } });
    expect(claimed).toMatchObject({ triage: { claimedById: accounts.get('CLINICIAN') } });
    expect(await told(CLAIM, { input: { referralId } }, 'RECEPTION')).toMatchObject({
      code: 'ReferralClaimedByAnother',
      claimedById: accounts.get('CLINICIAN'),
    });
    const takeOver = { referralId, takeOverReason: 'They are away' };
    expect(await told(CLAIM, { input: takeOver }, 'RECEPTION')).toMatchObject({ __typename: 'Referral' });
    const RELEASE = `mutation ($input: ReleaseReferralInput!) { releaseReferral(input: $input) { ${REFUSED} } }`;
    expect(await told(RELEASE, { input: { referralId } })).toMatchObject({ code: 'ReferralNotClaimed' });
    expect(await told(RELEASE, { input: { referralId } }, 'RECEPTION')).toMatchObject({
      __typename: 'Referral',
    });
    const ASSIGN = `mutation ($input: AssignReferralInput!) { assignReferral(input: $input) { ${REFUSED}
      ... on Referral { triage { assignedToId } } } }`;
    const clinicianId = accounts.get('CLINICIAN');
    expect(await told(ASSIGN, { input: { referralId, clinicianId } }, 'MANAGER')).toMatchObject({
      triage: { assignedToId: clinicianId },
    });
    const nobody = { referralId, clinicianId: accounts.get('RECEPTION') };
    expect(await told(ASSIGN, { input: nobody }, 'MANAGER')).toMatchObject({ code: 'NotAClinician' });
    expect((await told(QUEUE, { filter: { assigned: 'ME' } })).items).toHaveLength(1);
    expect((await told(QUEUE, { filter: { assigned: 'ME' } }, 'RECEPTION')).items).toHaveLength(0);
    const UNASSIGN = `mutation ($input: UnassignReferralInput!) { unassignReferral(input: $input) { ${REFUSED} } }`;
    expect(await told(UNASSIGN, { input: { referralId } }, 'MANAGER')).toMatchObject({
      __typename: 'Referral',
    });
    const PRIORITY = `mutation ($input: ChangeReferralPriorityInput!) { changeReferralPriority(input: $input) { ${REFUSED}
      ... on Referral { priority triage { dueOn } } } }`;
    const urgent = { referralId, priority: 'URGENT', reason: 'New weakness' };
    expect(await told(PRIORITY, { input: urgent })).toMatchObject({ priority: 'URGENT' });
    expect(codesOf(await ask(PRIORITY, { input: { ...urgent, reason: ' ' } }))).toEqual(['BAD_INPUT']);
    const LOG = `query ($id: ID!) { referral(id: $id) { triageEvents {
      kind at actorId staffId reason fromPriority toPriority fromDueOn toDueOn happenedOn subjectId } } }`;
    const { triageEvents } = await told(LOG, { id: referralId });
    expect(triageEvents).toMatchObject([
      { kind: 'CLAIMED', actorId: clinicianId },
      { kind: 'TAKEN_OVER', staffId: clinicianId, reason: 'They are away' },
      { kind: 'RELEASED' },
      { kind: 'ASSIGNED', staffId: clinicianId },
      { kind: 'UNASSIGNED', staffId: clinicianId },
      { kind: 'PRIORITY_CHANGED', fromPriority: 'ROUTINE', toPriority: 'URGENT' },
    ]);
    expect(
      await told('{ triageSummary { undecidedCount urgentCount firstDueOn openAdviceCount } }'),
    ).toMatchObject({
      undecidedCount: 1,
      urgentCount: 1,
    });
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
    for (let n = 0; n < 4; n += 1) await receive(await makePatientId());
    expect(await count()).toBe(few);
  });

  it('refuses what is no filter, no page and no cursor', async () => {
    const bad = [
      { filter: { text: 'ab' } },
      { filter: { dueUntil: '2026-02-30' } },
      { page: { size: 101 } },
      { page: { size: 2, after: 'rubbish' } },
    ];
    for (const variables of bad) expect(codesOf(await ask(QUEUE, variables))).toEqual(['BAD_INPUT']);
  });
});

describe('a referral that is here already', () => {
  it('is warned of in a typed answer and merged, shown with the kept one, and taken apart again', async () => {
    const patientId = await makePatientId();
    const keptId = await receive(patientId);
    const input = {
      patientId,
      source: 'INSURER',
      priority: 'URGENT',
      referrerName: 'Case Manager Quill',
      clinicalQuestion: 'Which level?',
    };
    expect(await told(RECEIVE, { input }, 'RECEPTION')).toMatchObject({
      code: 'OpenReferralExists',
      openReferrals: [{ referralId: keptId, status: 'RECEIVED' }],
    });
    const confirmed = { ...input, confirmedNotDuplicateOf: [keptId] };
    const mergedId = String((await told(RECEIVE, { input: confirmed }, 'RECEPTION')).id);
    const MERGE = `mutation ($input: MergeReferralsInput!) { mergeReferrals(input: $input) { ${REFUSED}
      ... on Referral { id mergedReferrals { id status mergedIntoId clinicalQuestion } } } }`;
    const merge = { keptId, mergedId, reason: 'The same back' };
    expect(await told(MERGE, { input: merge }, 'RECEPTION')).toMatchObject({
      id: keptId,
      mergedReferrals: [
        { id: mergedId, status: 'MERGED', mergedIntoId: keptId, clinicalQuestion: 'Which level?' },
      ],
    });
    expect(await told(MERGE, { input: merge }, 'RECEPTION')).toMatchObject({ code: 'ReferralNotPossible' });
    const UNDO = `mutation ($input: UndoReferralMergeInput!) { undoReferralMerge(input: $input) { ${REFUSED}
      ... on Referral { id status } } }`;
    const undo = { mergedId, reason: 'Two backs' };
    expect(await told(UNDO, { input: undo }, 'RECEPTION')).toMatchObject({
      id: mergedId,
      status: 'RECEIVED',
    });
    expect(await told(UNDO, { input: undo }, 'RECEPTION')).toMatchObject({ code: 'ReferralNotMerged' });
  });
});

describe('the clock from referral to treatment', () => {
  it('is shown with the referral and recorded', async () => {
    const referralId = await receive(await makePatientId());
    const CLOCK = `query ($id: ID!) { referral(id: $id) { rttClock {
      startedOn weeksWaited stoppedOn stopReason breachOn isBreach entries { id kind } } adviceThread { id } } }`;
    expect(await told(CLOCK, { id: referralId })).toMatchObject({
      rttClock: { weeksWaited: 0, stoppedOn: null, entries: [] },
      adviceThread: null,
    });
    const RECORD = `mutation ($input: RecordRttEventInput!) { recordRttEvent(input: $input) { ${REFUSED}
      ... on RttClock { stopReason entries { kind } } } }`;
    const input = { referralId, kind: 'ACTIVE_MONITORING' };
    expect(await told(RECORD, { input })).toMatchObject({ stopReason: 'ACTIVE_MONITORING' });
    expect(await told(RECORD, { input })).toMatchObject({ code: 'RttClockStopped' });
  });
});

describe('advice', () => {
  const THREAD = `id reference status version allowedActions patient { id } messages { direction method text }`;
  const OPEN = `mutation ($input: OpenAdviceThreadInput!) { openAdviceThread(input: $input) { ${THREAD} } }`;
  const question = {
    method: 'EMAIL',
    text: 'Is a bone scan of use?',
    priority: 'ROUTINE',
    source: 'GP',
    referrerName: 'Dr Amrit Patel',
    referrerEmail: 'patel@surgery.example',
    patientName: 'A. N. Other',
  };

  it('goes through the graph from the question to the referral', async () => {
    const thread = await told(OPEN, { input: question }, 'RECEPTION');
    expect(thread).toMatchObject({ status: 'OPEN', version: 0, patient: null });
    const threadId = String(thread.id);
    const ANSWER = `mutation ($input: AnswerAdviceInput!) { answerAdvice(input: $input) { ${REFUSED}
      ... on AdviceThread { ${THREAD} } } }`;
    const text = 'Yes, with CT.';
    expect(await told(ANSWER, { input: { threadId, version: 0, text } })).toMatchObject({
      status: 'ANSWERED',
      messages: [{ direction: 'FROM_REFERRER' }, { direction: 'TO_REFERRER', method: 'EMAIL', text }],
    });
    expect(await told(ANSWER, { input: { threadId, version: 0, text, method: null } })).toMatchObject({
      code: 'AdviceChangedMeanwhile',
    });
    const one = (mutation: string, input: string) =>
      `mutation ($input: ${input}!) { ${mutation}(input: $input) { ${REFUSED} ... on AdviceThread { ${THREAD} } } }`;
    const more = { threadId, version: 1, method: 'TELEPHONE', text: 'And with a pacemaker?' };
    expect(
      await told(one('askMoreAdvice', 'AskMoreAdviceInput'), { input: more }, 'RECEPTION'),
    ).toMatchObject({
      status: 'OPEN',
      version: 2,
    });
    const end = (version: number) => ({ input: { threadId, version, reason: 'Asked elsewhere' } });
    const CLOSE = one('closeAdviceThread', 'EndAdviceThreadInput');
    expect(await told(CLOSE, end(2), 'RECEPTION')).toMatchObject({ status: 'CLOSED' });
    const REOPEN = one('reopenAdviceThread', 'EndAdviceThreadInput');
    expect(await told(REOPEN, end(3), 'RECEPTION')).toMatchObject({ status: 'OPEN' });
    const CONVERT = one('convertAdviceToReferral', 'ConvertAdviceToReferralInput');
    const convert = (version: number) => ({ input: { threadId, version } });
    expect(await told(CONVERT, convert(4), 'RECEPTION')).toMatchObject({ code: 'AdvicePatientUnknown' });
    const patientId = await makePatientId();
    const link = { threadId, version: 4, patientId };
    const LINK = one('linkAdviceToPatient', 'LinkAdviceToPatientInput');
    expect(await told(LINK, { input: link }, 'RECEPTION')).toMatchObject({ patient: { id: patientId } });
    expect(await told(CONVERT, convert(5), 'RECEPTION')).toMatchObject({
      status: 'CONVERTED',
      allowedActions: [],
    });
    const LIST = `query ($filter: AdviceThreadFilterInput, $page: PageInput) {
      adviceThreads(filter: $filter, page: $page) { nextCursor items { id referralId isOverdue } } }`;
    const { items } = await told(LIST, { filter: { patientId } });
    expect(items).toMatchObject([{ id: threadId }]);
    expect(await told('query ($id: ID!) { adviceThread(id: $id) { status } }', { id: threadId })).toEqual({
      status: 'CONVERTED',
    });
    const [{ referralId }] = items as [{ referralId: string }];
    const OF = 'query ($id: ID!) { referral(id: $id) { adviceThread { id } triage { reasonsHere } } }';
    expect(await told(OF, { id: referralId })).toMatchObject({
      adviceThread: { id: threadId },
      triage: { reasonsHere: ['NOT_LOOKED_AT', 'FROM_ADVICE'] },
    });
  });

  it('refuses bad input', async () => {
    for (const parts of [
      { text: ' ' },
      { referrerEmail: 'nobody' },
      { patientName: null },
      { method: 'PIGEON' },
    ]) {
      const [code] = codesOf(await ask(OPEN, { input: { ...question, ...parts } }, 'RECEPTION'));
      expect(code).toBe('BAD_INPUT');
    }
  });
});

describe('what triage promises', () => {
  const POLICY = {
    triageDays: 4,
    informationDays: 4,
    adviceDays: 4,
    escalationDays: 4,
    reason: 'So',
    priority: 'ROUTINE',
  };
  const SET = `mutation ($input: SetTriagePolicyInput!) { setTriagePolicy(input: $input) { ${REFUSED}
    ... on TriagePolicy { id triageDays effectiveFrom } } }`;

  it('is read by all and set by managers', async () => {
    const { data } = await ask(
      '{ triagePolicies { priority triageDays effectiveFrom setById } }',
      {},
      'IMAGING',
    );
    expect(data?.triagePolicies).toHaveLength(3);
    const input = { ...POLICY, effectiveFrom: '2199-01-01' };
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ triageDays: 4 });
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ code: 'TriagePolicyAlreadySet' });
    const past = { ...input, effectiveFrom: '2020-01-01' };
    expect(await told(SET, { input: past }, 'MANAGER')).toMatchObject({ code: 'TriagePolicyInThePast' });
    expect(codesOf(await ask(SET, { input: { ...input, triageDays: 0 } }, 'MANAGER'))).toEqual(['BAD_INPUT']);
  });

  it('and the rest is refused to those who may not', async () => {
    const referralId = await receive(await makePatientId());
    const threadId = referralId;
    const refused: readonly (readonly [string, string, object, Role])[] = [
      ['setTriagePolicy', 'SetTriagePolicyInput', { ...POLICY, effectiveFrom: '2199-01-02' }, 'CLINICIAN'],
      ['claimReferral', 'ClaimReferralInput', { referralId }, 'IMAGING'],
      ['releaseReferral', 'ReleaseReferralInput', { referralId }, 'IMAGING'],
      ['assignReferral', 'AssignReferralInput', { referralId, clinicianId: referralId }, 'IMAGING'],
      ['unassignReferral', 'UnassignReferralInput', { referralId }, 'IMAGING'],
      [
        'changeReferralPriority',
        'ChangeReferralPriorityInput',
        { referralId, priority: 'URGENT', reason: 'So' },
        'RECEPTION',
      ],
      [
        'mergeReferrals',
        'MergeReferralsInput',
        { keptId: referralId, mergedId: referralId, reason: 'So' },
        'IMAGING',
      ],
      ['undoReferralMerge', 'UndoReferralMergeInput', { mergedId: referralId, reason: 'So' }, 'IMAGING'],
      ['recordRttEvent', 'RecordRttEventInput', { referralId, kind: 'NOT_TO_TREAT' }, 'RECEPTION'],
      ['answerAdvice', 'AnswerAdviceInput', { threadId, version: 0, text: 'Yes' }, 'RECEPTION'],
      ['closeAdviceThread', 'EndAdviceThreadInput', { threadId, version: 0, reason: 'So' }, 'IMAGING'],
    ];
    for (const [mutation, type, input, role] of refused) {
      const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
      expect([mutation, codesOf(await ask(query, { input }, role))]).toEqual([mutation, ['FORBIDDEN']]);
    }
  });
});
