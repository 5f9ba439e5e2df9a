import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
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
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { entitle } from '../support/reports.factory.js';
import { type MadeScan, makeScan } from '../support/scans-to-report.factory.js';

// Reports through the graph: what a first and a compiled query answer, and who may not.

const ROLES = ['RECEPTION', 'CLINICIAN', 'IMAGING', 'MDT_MEMBER', 'MANAGER', 'ADMIN'] as const;
/** Everything here happens now, and the scans were this morning of long ago. */
const THEN = new FixedClock('2026-03-02T12:00:00Z');
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
    displayName: `Some ${role.toLowerCase()}`,
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
  await entitle(database, accounts.get('CLINICIAN') ?? '');
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const aScan = (): Promise<MadeScan> => makeScan(database, THEN);
const REFUSED = '__typename ... on Refusal { code message }';
const FINDING = 'id structure level side uptake ctGrade comment inWords';
const CONTENT = `clinicalQuestion comparison limitations conclusion isNormal findings { ${FINDING} }`;
const REPORT = `id scanBookingId patientId status version allowedActions finalisedAt releasedAt releasedById
  current { number } versions { number kind isSuperseded sha256 signedById signedByName signedAt content { ${CONTENT} }
    dose { administeredActivityMbq ctdiVolMgy dlpMgyCm } }
  addenda { number kind text versionNumber signedById signedByName signedAt }
  myDraft { version baseVersion problems begunAt changedAt content { ${CONTENT} } } writers { staffId changedAt }`;
const KEEP = `mutation ($input: KeepReportDraftInput!) { keepReportDraft(input: $input) { ${REFUSED}
  ... on ScanReportDraft { version problems content { ${CONTENT} } }
  ... on ReportDraftChanged { keptVersion kept { conclusion } yours { conclusion } } } }`;
const SIGN = `mutation ($input: SignReportInput!) { signReport(input: $input) { ${REFUSED}
  ... on ScanReport { ${REPORT} } ... on ReportIncomplete { problems } ... on ScanNotPerformed { scanStatus } } }`;
const ADD = `mutation ($input: AddReportAddendumInput!) { addReportAddendum(input: $input) { ${REFUSED}
  ... on ScanReport { ${REPORT} } } }`;
const LOOK = `query ($id: ID!) { scanReport(scanBookingId: $id) { ${REPORT}
  acknowledgements { id status dueOn versionNumber } criticalFindings { id status }
  tellings { audience method name versionNumber toldAt toldById } } }`;

const content = (parts: object = {}) => ({
  clinicalQuestion: 'Which facet joint is active?',
  conclusion: 'The left L4/L5 facet joint is.',
  findings: [{ structure: 'FACET', level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' }],
  ...parts,
});
const draft = (scanBookingId: string, parts: object = {}, draftVersion = 0) => ({
  input: { scanBookingId, draftVersion, seenVersion: 0, content: content(parts) },
});
async function signed(scanBookingId: string): Promise<Readonly<Record<string, unknown>>> {
  await told(KEEP, draft(scanBookingId));
  return told(SIGN, { input: { scanBookingId, draftVersion: 1, as: 'FINAL' } });
}

describe('a report', () => {
  it('is written, signed, corrected and read, with what may be left out left out', async () => {
    const { id: scanBookingId, patientId } = await aScan();
    expect(await told(LOOK, { id: scanBookingId })).toEqual({});
    const kept = await told(KEEP, draft(scanBookingId));
    expect(kept).toMatchObject({
      ...{ __typename: 'ScanReportDraft', version: 1, problems: [] },
      content: {
        ...{ comparison: '', limitations: '', isNormal: false },
        findings: [
          { id: null, ctGrade: null, comment: '', inWords: 'L4/L5 facet joint, left: intense uptake.' },
        ],
      },
    });
    expect(await told(KEEP, draft(scanBookingId, { conclusion: 'Other window.' }))).toMatchObject({
      ...{ code: 'ReportDraftChanged', keptVersion: 1 },
      ...{ kept: { conclusion: 'The left L4/L5 facet joint is.' }, yours: { conclusion: 'Other window.' } },
    });
    expect(await told(LOOK, { id: scanBookingId }, 'MDT_MEMBER')).toMatchObject({
      ...{ status: 'WRITING', myDraft: null, writers: [{ staffId: accounts.get('CLINICIAN') }] },
    });
    const report = await told(SIGN, { input: { scanBookingId, draftVersion: 1, as: 'FINAL' } });
    expect(report).toMatchObject({
      ...{ status: 'FINAL', version: 1, patientId, current: { number: 1 } },
      versions: [{ kind: 'FINAL', signedById: accounts.get('CLINICIAN'), signedByName: 'Some clinician' }],
      allowedActions: ['addNote', 'correct', 'tell', 'releaseToPatient'],
    });
    const added = { scanBookingId, seenVersion: 1, text: 'Sides were confused.' };
    const correction = content({
      findings: [{ structure: 'FACET', level: 'L4_L5', side: 'RIGHT', uptake: 'MILD' }],
    });
    expect(await told(ADD, { input: { ...added, correction } })).toMatchObject({
      ...{ version: 2, addenda: [{ kind: 'CORRECTION', versionNumber: 2 }] },
      versions: [
        { number: 1, isSuperseded: true },
        { number: 2, isSuperseded: false },
      ],
    });
    const read = await told(LOOK, { id: scanBookingId }, 'IMAGING');
    expect(read).toMatchObject({
      acknowledgements: [{ status: 'SUPERSEDED' }, { status: 'OPEN', versionNumber: 2 }],
      tellings: [
        { audience: 'REFERRER', versionNumber: 1 },
        { audience: 'REFERRER', versionNumber: 2 },
      ],
    });
    const PATIENT = `query ($id: ID!, $filter: PatientFindingFilterInput) { patient(id: $id) { findings(filter: $filter) {
      scanBookingId scannedOn reportStatus versionNumber finding { ${FINDING} } } } }`;
    const found = async (filter?: object) => (await told(PATIENT, { id: patientId, filter })).findings;
    expect(await found()).toMatchObject([
      { versionNumber: 2, scannedOn: '2026-03-02', finding: { side: 'RIGHT' } },
    ]);
    expect(await found({ side: 'RIGHT', level: 'L4_L5', structure: 'FACET' })).toHaveLength(1);
    expect(await found({ side: 'LEFT' })).toEqual([]);
    const BOOKING = 'query ($id: ID!) { scanBooking(id: $id) { report { status version } } }';
    expect(await told(BOOKING, { id: scanBookingId })).toEqual({ report: { status: 'FINAL', version: 2 } });
  });

  it('is refused in words through the graph, too', async () => {
    const booked = await makeScan(database, THEN, { status: 'BOOKED' });
    await told(KEEP, draft(booked.id, { findings: [], conclusion: '' }));
    const sign = (scanBookingId: string, as = 'FINAL') =>
      told(SIGN, { input: { scanBookingId, draftVersion: 1, as } });
    expect(await sign(booked.id)).toMatchObject({ code: 'ScanNotPerformed', scanStatus: 'BOOKED' });
    const { id } = await aScan();
    await told(KEEP, draft(id, { findings: [], conclusion: '' }));
    expect((await sign(id)).problems).toHaveLength(2);
    const DISCARD = `mutation ($id: ID!, $version: Int!) {
      discardReportDraft(scanBookingId: $id, draftVersion: $version) { ${REFUSED} } }`;
    expect(await told(DISCARD, { id, version: 7 })).toMatchObject({ code: 'ReportDraftChanged' });
    expect(await told(DISCARD, { id, version: 1 })).toMatchObject({ __typename: 'ScanReportDraft' });
    expect(await sign(id)).toMatchObject({ code: 'NoReportDraft' });
    expect(
      codesOf(await ask(SIGN, { input: { scanBookingId: id, draftVersion: 1, as: 'CORRECTION' } })),
    ).toEqual(['BAD_INPUT']);
    for (const bad of [
      { findings: [{ structure: 'FACET', level: 'L9_S1', side: 'LEFT', uptake: 'MILD' }] },
      { findings: [{ structure: 'FACET', uptake: 'MILD', comment: 'x'.repeat(501) }] },
      { conclusion: 'bell \u0007' },
      { findings: Array.from({ length: 121 }, () => ({ structure: 'DISC', uptake: 'MILD' })) },
    ]) {
      expect(codesOf(await ask(KEEP, draft(id, bad)))).toEqual(['BAD_INPUT']);
    }
    expect(codesOf(await ask(KEEP, draft(randomUUID())))).toEqual(['NOT_FOUND']);
    expect(codesOf(await ask(ADD, { input: { scanBookingId: id, seenVersion: 1, text: ' ' } }))).toEqual([
      'BAD_INPUT',
    ]);
  });

  it('is listed, and so is what has to be written, in as many statements for several as for one', async () => {
    const LIST = `query ($filter: ScanReportFilterInput, $page: PageInput) { scanReports(filter: $filter, page: $page) {
      nextCursor items { id status acknowledgements { id } criticalFindings { id } tellings { id } } } }`;
    const QUEUE = `query ($filter: ReportsToWriteFilterInput, $page: PageInput) {
      reportsToWrite(filter: $filter, page: $page) { nextCursor items {
        scanBookingId patientId scanStatus endedAt dueOn isOverdue isPreliminary writerIds } } }`;
    const { id, patientId } = await aScan();
    await signed(id);
    expect(await told(LIST, { filter: { patientId, status: 'FINAL' } })).toMatchObject({
      items: [{ status: 'FINAL' }],
    });
    const waiting = await aScan();
    const { items } = await told(QUEUE, { page: { size: 100 } });
    expect(items).toContainEqual(expect.objectContaining({ scanBookingId: waiting.id, isOverdue: true }));
    expect(
      await told(QUEUE, { filter: { includesDiscontinued: false, endedFrom: '2026-03-03' } }),
    ).toMatchObject({
      items: [],
    });
    const count = async () => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      await told(LIST, { page: { size: 50 } });
      await told(QUEUE, { page: { size: 50 } });
      const statements = spy.mock.calls.length;
      spy.mockRestore();
      return statements;
    };
    await count();
    const few = await count();
    for (let n = 0; n < 3; n += 1) await signed((await aScan()).id);
    await aScan();
    expect(await count()).toBe(few);
    expect(codesOf(await ask(LIST, { page: { after: 'rubbish' } }))).toEqual(['BAD_INPUT']);
    expect(codesOf(await ask(QUEUE, { page: { after: 'rubbish' } }))).toEqual(['BAD_INPUT']);
  });
});

describe('findings through the graph', () => {
  it.each<[string, object, string]>([
    [
      'a level of a sacro-iliac joint',
      { structure: 'SACRO_ILIAC' },
      'A sacro-iliac joint has no level: leave it out.',
    ],
    ['a side of a disc', { structure: 'DISC' }, 'A disc has no side: leave it out'],
    ['a facet joint without a side', { side: null }, 'A joint has a side: choose left, right or both.'],
    ['a facet joint of one vertebra', { level: 'L4' }, 'A facet joint lies between two vertebrae'],
    [
      'an endplate without a level',
      { structure: 'ENDPLATE', level: null, side: null },
      'An endplate has a level',
    ],
    [
      'something without a name',
      { structure: 'OTHER', comment: '' },
      'Say in the comment what other structure it is.',
    ],
  ])('%s is kept in a draft with what is wrong, and not signed', async (_, parts, sentence) => {
    const { id } = await aScan();
    const finding = {
      structure: 'FACET',
      level: 'L4_L5',
      side: 'LEFT',
      uptake: 'MILD',
      ctGrade: 'SEVERE',
      ...parts,
    };
    const problems = [expect.stringContaining(`Finding 1: ${sentence}`)];
    expect(await told(KEEP, draft(id, { findings: [finding] }))).toMatchObject({ problems });
    expect(await told(SIGN, { input: { scanBookingId: id, draftVersion: 1, as: 'FINAL' } })).toMatchObject({
      ...{ code: 'ReportIncomplete', problems },
    });
    expect(await database.client.scanReportVersion.count({ where: { scanBookingId: id } })).toBe(0);
  });

  it.each([
    ['uptake', { uptake: 'HOT' }],
    ['CT grade', { ctGrade: 'INTENSE' }],
    ['level', { level: 'L4/L5' }],
    ['no uptake at all', { uptake: null }],
  ])('of no %s that there is are not kept', async (_, parts) => {
    const { id } = await aScan();
    const finding = { structure: 'FACET', level: 'L4_L5', side: 'LEFT', uptake: 'MILD', ...parts };
    expect((await ask(KEEP, draft(id, { findings: [finding] }))).errors).not.toBeUndefined();
    expect(await database.client.scanReportDraft.count({ where: { scanBookingId: id } })).toBe(0);
  });

  it('are read as they were graded: uptake and CT beside each other, and CT not looked at is not normal CT', async () => {
    const { id } = await aScan();
    const findings = [
      { structure: 'SACRO_ILIAC', side: 'BILATERAL', uptake: 'MODERATE', ctGrade: 'NONE' },
      { structure: 'DISC', level: 'L5_S1', uptake: 'INTENSE', ctGrade: null },
    ];
    await told(KEEP, draft(id, { findings }));
    const report = await told(SIGN, { input: { scanBookingId: id, draftVersion: 1, as: 'FINAL' } });
    expect(report).toMatchObject({
      versions: [
        {
          content: {
            findings: [
              {
                id: expect.stringMatching(/^[0-9a-f-]{36}$/),
                level: null,
                uptake: 'MODERATE',
                ctGrade: 'NONE',
                inWords: expect.stringContaining('no change on CT'),
              },
              { side: null, uptake: 'INTENSE', ctGrade: null, inWords: 'L5/S1 disc: intense uptake.' },
            ],
          },
        },
      ],
    });
  });
});

describe('who did it', () => {
  const NAMED = `query ($ids: ID!) { scanReport(scanBookingId: $ids) { releasedByName writers { name }
    tellings { toldByName } acknowledgements { assignedToName recordedByName closedByName }
    criticalFindings { flaggedByName closedByName tellings { recordedByName } } } }`;

  it('is answered by name', async () => {
    const { id } = await aScan();
    await signed(id);
    const FLAG = `mutation ($input: FlagCriticalFindingInput!) { flagCriticalFinding(input: $input) { ${REFUSED} ... on CriticalFinding { id } } }`;
    await told(FLAG, { input: { scanBookingId: id, category: 'OTHER', description: 'A mass.' } });
    expect(await told(NAMED, { ids: id })).toEqual({
      ...{ releasedByName: null, writers: [] },
      tellings: [{ toldByName: 'Some clinician' }],
      acknowledgements: [{ assignedToName: null, recordedByName: null, closedByName: null }],
      criticalFindings: [{ flaggedByName: 'Some clinician', closedByName: null, tellings: [] }],
    });
  });
});

describe('what follows', () => {
  it('is acknowledged by reception, who see nothing of the result', async () => {
    const { id: scanBookingId } = await aScan();
    await signed(scanBookingId);
    const LIST = `query ($filter: ResultsToAcknowledgeFilterInput) { resultsToAcknowledge(filter: $filter) { items {
      id scanBookingId status dueOn isOverdue referrerName referrerOrganisation allowedActions } } }`;
    const { items } = await told(LIST, { filter: { scanBookingId } }, 'RECEPTION');
    const [task] = items as readonly { readonly id: string }[];
    expect(task).toMatchObject({ status: 'OPEN', referrerName: 'Dr Amelia Hart', isOverdue: false });
    const acknowledgementId = task?.id;
    const GIVE = `mutation ($input: ReassignAcknowledgementInput!) { reassignAcknowledgement(input: $input) { ${REFUSED}
      ... on ReportAcknowledgement { assignedToId assignReason } } }`;
    const staffId = accounts.get('RECEPTION');
    expect(
      await told(GIVE, { input: { acknowledgementId, staffId, reason: 'Rings them' } }, 'MANAGER'),
    ).toMatchObject({
      assignedToId: staffId,
    });
    const DONE = `mutation ($input: AcknowledgeResultInput!) { acknowledgeResult(input: $input) { ${REFUSED}
      ... on ReportAcknowledgement { status acknowledgedBy method comment recordedById }
      ... on AcknowledgementSettled { status } } }`;
    const who = { acknowledgementId, acknowledgedBy: 'Dr Hart', method: 'LETTER_RETURNED' };
    const early = { ...who, acknowledgedAt: '2026-03-02T00:00:00Z' };
    expect(codesOf(await ask(DONE, { input: early }, 'RECEPTION'))).toEqual(['BAD_INPUT']);
    const opened = await database.client.reportAcknowledgement.findUniqueOrThrow({
      where: { id: acknowledgementId ?? '' },
    });
    const input = { ...who, acknowledgedAt: opened.openedAt.toISOString() };
    expect(await told(DONE, { input }, 'RECEPTION')).toMatchObject({
      status: 'ACKNOWLEDGED',
      recordedById: staffId,
    });
    expect(await told(DONE, { input }, 'RECEPTION')).toMatchObject({
      ...{ code: 'AcknowledgementSettled', status: 'ACKNOWLEDGED' },
    });
    const CLOSE = `mutation ($input: CloseAcknowledgementInput!) { closeAcknowledgement(input: $input) { ${REFUSED} } }`;
    expect(await told(CLOSE, { input: { acknowledgementId, reason: 'Too late' } }, 'MANAGER')).toMatchObject({
      code: 'AcknowledgementSettled',
    });
  });

  it('is released to the patient, sent to a GP, and told at once when it cannot wait', async () => {
    const { id: scanBookingId } = await aScan();
    await signed(scanBookingId);
    const TELL = `mutation ($input: TellReportInput!) { tellReport(input: $input) { ${REFUSED}
      ... on ReportTelling { audience method name } } }`;
    const gp = {
      scanBookingId,
      seenVersion: 1,
      audience: 'GP',
      name: 'Dr Moor',
      email: 'moor@practice.example',
    };
    expect(await told(TELL, { input: gp })).toMatchObject({ method: 'EMAIL', name: 'Dr Moor' });
    expect(codesOf(await ask(TELL, { input: { ...gp, audience: 'PATIENT' } }))).toEqual(['BAD_INPUT']);
    const RELEASE = `mutation ($input: ReleaseReportInput!) { releaseReportToPatient(input: $input) { ${REFUSED}
      ... on ReportTelling { audience words } } }`;
    const released = { input: { scanBookingId, seenVersion: 1, words: 'A joint of your back.' } };
    expect(await told(RELEASE, released)).toMatchObject({
      audience: 'PATIENT',
      words: 'A joint of your back.',
    });
    expect(await told(RELEASE, released)).toMatchObject({ code: 'ReportAlreadyReleased' });
    const FLAG = `mutation ($input: FlagCriticalFindingInput!) { flagCriticalFinding(input: $input) { ${REFUSED}
      ... on CriticalFinding { id status dueAt isOverdue allowedActions } } }`;
    const flagged = await told(FLAG, {
      input: { scanBookingId, category: 'UNSTABLE_FRACTURE', description: 'Fracture of T12.' },
    });
    expect(flagged).toMatchObject({ status: 'OPEN', isOverdue: false });
    const CLOSE = `mutation ($input: CloseCriticalFindingInput!) { closeCriticalFinding(input: $input) { ${REFUSED}
      ... on CriticalFinding { status closingNote outcome } } }`;
    const closing = { input: { criticalFindingId: flagged.id, outcome: 'ACTED_ON', note: 'Admitted.' } };
    expect(await told(CLOSE, closing)).toMatchObject({ code: 'CriticalFindingNotAcknowledged' });
    const TOLD = `mutation ($input: TellCriticalFindingInput!) { tellCriticalFinding(input: $input) { ${REFUSED}
      ... on CriticalFinding { status tellings { toldName toldRole wasReadBack method recordedById } } } }`;
    const telling = {
      ...{ criticalFindingId: flagged.id, toldName: 'Mr Okafor', toldRole: 'registrar', method: 'TELEPHONE' },
      ...{ toldAt: '2026-03-02T12:00:00Z', wasReadBack: true },
    };
    expect(await told(TOLD, { input: telling })).toMatchObject({
      ...{
        status: 'ACKNOWLEDGED',
        tellings: [{ toldName: 'Mr Okafor', recordedById: accounts.get('CLINICIAN') }],
      },
    });
    expect(await told(CLOSE, closing)).toMatchObject({ status: 'CLOSED', closingNote: 'Admitted.' });
    expect(await told(TOLD, { input: telling })).toMatchObject({ code: 'CriticalFindingClosed' });
    const LIST = `query ($filter: CriticalFindingFilterInput) { criticalFindings(filter: $filter) { items { id outcome } } }`;
    expect(await told(LIST, { filter: { scanBookingId } })).toMatchObject({
      items: [{ outcome: 'ACTED_ON' }],
    });
  });

  it('is promised by rows that a manager adds', async () => {
    const SET = `mutation ($input: SetReportPolicyInput!) { setReportPolicy(input: $input) { ${REFUSED}
      ... on ReportPolicy { reportDays setById } } }`;
    const policy = {
      priority: 'URGENT',
      reportDays: 1,
      acknowledgeDays: 2,
      escalationDays: 1,
      source: 'Our own',
    };
    const input = { ...policy, effectiveFrom: '2199-01-01' };
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({
      reportDays: 1,
      setById: accounts.get('MANAGER'),
    });
    expect(await told(SET, { input }, 'ADMIN')).toMatchObject({ code: 'ReportPolicyAlreadySet' });
    expect(await told(SET, { input: { ...input, effectiveFrom: '2020-01-01' } }, 'MANAGER')).toMatchObject({
      code: 'ReportPolicyInThePast',
    });
    const CRITICAL = `mutation ($input: SetCriticalFindingPolicyInput!) { setCriticalFindingPolicy(input: $input) {
      ${REFUSED} ... on CriticalFindingPolicy { tellWithinMinutes } } }`;
    const times = { category: 'OTHER', tellWithinMinutes: 120, escalationMinutes: 30, source: 'Our own' };
    const critical = { ...times, effectiveFrom: '2199-01-01' };
    expect(await told(CRITICAL, { input: critical }, 'MANAGER')).toMatchObject({ tellWithinMinutes: 120 });
    expect(codesOf(await ask(CRITICAL, { input: { ...critical, tellWithinMinutes: 4 } }, 'MANAGER'))).toEqual(
      ['BAD_INPUT'],
    );
    const { data } = await ask(
      '{ reportPolicies { source } criticalFindingPolicies { category } }',
      {},
      'RECEPTION',
    );
    expect(data?.reportPolicies).toHaveLength(4);
    expect(data?.criticalFindingPolicies).toHaveLength(6);
  });
});

describe('who may not', () => {
  const LIST = '{ scanReports { items { id } } }';
  const QUEUE = '{ reportsToWrite { items { patientId } } }';
  const CRITICAL = '{ criticalFindings { items { id } } }';
  const PROMISE = `mutation ($input: SetReportPolicyInput!) { setReportPolicy(input: $input) { ${REFUSED} } }`;
  const MINUTES = `mutation ($input: SetCriticalFindingPolicyInput!) { setCriticalFindingPolicy(input: $input) { ${REFUSED} } }`;
  const TASKS = '{ resultsToAcknowledge { items { id } } }';
  const FLAG = `mutation ($input: FlagCriticalFindingInput!) { flagCriticalFinding(input: $input) { ${REFUSED} } }`;
  const READERS: readonly Role[] = ['CLINICIAN', 'IMAGING', 'MDT_MEMBER', 'ADMIN'];
  const WORKERS: readonly Role[] = ['RECEPTION', 'CLINICIAN', 'MANAGER'];

  it.each(ROLES)('%s: reads, writes and works the list as their role says', async (role) => {
    const { id } = await aScan();
    for (const query of [LIST, QUEUE, CRITICAL]) {
      expect(codesOf(await ask(query, {}, role))).toEqual(READERS.includes(role) ? [] : ['FORBIDDEN']);
    }
    expect(codesOf(await ask(LOOK, { id }, role))).toEqual(READERS.includes(role) ? [] : ['FORBIDDEN']);
    expect(codesOf(await ask(TASKS, {}, role))).toEqual(WORKERS.includes(role) ? [] : ['FORBIDDEN']);
    const writes = role === 'CLINICIAN' ? [] : ['FORBIDDEN'];
    const finding = { scanBookingId: id, category: 'OTHER', description: 'x' };
    expect(codesOf(await ask(KEEP, draft(id), role))).toEqual(writes);
    expect(
      codesOf(await ask(SIGN, { input: { scanBookingId: id, draftVersion: 9, as: 'FINAL' } }, role)),
    ).toEqual(writes);
    expect(codesOf(await ask(FLAG, { input: finding }, role))).toEqual(writes);
  });

  it.each(ROLES)('%s: sets how soon as MANAGE_REPORTING says', async (role) => {
    const past = { effectiveFrom: '2020-01-01', source: 'Our own' };
    const days = { priority: 'ROUTINE', reportDays: 1, acknowledgeDays: 2, escalationDays: 1, ...past };
    const minutes = { category: 'OTHER', tellWithinMinutes: 60, escalationMinutes: 30, ...past };
    const may = role === 'MANAGER' || role === 'ADMIN' ? [] : ['FORBIDDEN'];
    expect(codesOf(await ask(PROMISE, { input: days }, role))).toEqual(may);
    expect(codesOf(await ask(MINUTES, { input: minutes }, role))).toEqual(may);
    const { data } = await ask('{ currentStaff { permissions } }', {}, role);
    const held = data?.currentStaff?.permissions as readonly string[];
    expect(held.includes('MANAGE_REPORTING')).toBe(may.length === 0);
  });

  it('reads findings of a patient or of a booking by another way', async () => {
    const { id, patientId } = await aScan();
    await signed(id);
    const ROUND = 'query ($id: ID!) { patient(id: $id) { findings { versionNumber } } }';
    expect(codesOf(await ask(ROUND, { id: patientId }, 'RECEPTION'))).toEqual(['FORBIDDEN']);
    const BOOKING = 'query ($id: ID!) { scanBooking(id: $id) { report { version } } }';
    expect(codesOf(await ask(BOOKING, { id }, 'RECEPTION'))).toEqual(['FORBIDDEN']);
  });
});
