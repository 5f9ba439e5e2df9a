import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Discipline, Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

// Meetings through the graph: a case from its proposal to the list with what is written about it, and who may not.

const THEN = new FixedClock('2026-03-02T12:00:00Z');
/** Far enough ahead for a list to be open, whenever this runs. */
const STARTS_AT = '2199-06-06T13:00:00Z';

interface SignedIn {
  readonly id: string;
  readonly token: string;
}

interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let patientId: string;
let member: SignedIn;
let psychologist: SignedIn;
let desk: SignedIn;
let manager: SignedIn;

async function ask({ token }: SignedIn, query: string, variables: object = {}): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

async function signIn(role: Role, discipline: Discipline | null = null): Promise<SignedIn> {
  const account = {
    email: `${randomUUID()}@clinic.example`,
    displayName: `Some ${role.toLowerCase()}`,
    password: 'correct horse battery',
  };
  const added = await app.get(StaffService).addStaffAccount(aStaffActor(), { ...account, roles: [role] });
  if (isRefusal(added)) throw new Error(added.message);
  const since = new Date('2020-01-01');
  if (discipline !== null) {
    await database.client.staffDiscipline.create({
      data: {
        ...{ staffId: added.id, discipline, effectiveFrom: since },
        ...{ recordedAt: since, recordedById: added.id },
      },
    });
  }
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return { id: added.id, token: signedIn.token };
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
  member = await signIn('MDT_MEMBER', 'PAIN_MEDICINE');
  psychologist = await signIn('MDT_MEMBER', 'PSYCHOLOGY');
  desk = await signIn('RECEPTION');
  manager = await signIn('MANAGER');
  patientId = (await makePatient(patientServiceOn(database, THEN))).id;
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);
const WHAT = '__typename ... on Refusal { code message }';
const idOf = (answer: Answer, field: string): string => {
  const { id } = answer.data?.[field] ?? {};
  if (typeof id !== 'string') throw new Error(JSON.stringify(answer));
  return id;
};

const PROPOSE = `mutation P($input: ProposeForTeamInput!) { proposeForTeam(input: $input) { ${WHAT} ... on CaseProposal { id status groundId withdrawReason } } }`;
const ACCEPT = `mutation A($input: AcceptProposalInput!) { acceptProposal(input: $input) { ${WHAT} ... on MeetingCase { id version } } }`;
const PREPARE = `mutation W($input: WriteCaseProformaInput!) { writeCaseProforma(input: $input) { ${WHAT} ... on MeetingCase { version } } }`;
const NAME = `mutation N($input: PrepareCaseInput!) { prepareCase(input: $input) { ${WHAT} ... on MeetingCase { version } } }`;
const PLAN = `mutation M($input: PlanMeetingInput!) { planMeeting(input: $input) { ${WHAT} ... on Meeting { id status } } }`;
const LIST = `mutation L($input: ListCaseInput!) { listCase(input: $input) { ${WHAT} ... on MeetingCase { id status } } }`;
const KEEP = `mutation K($input: KeepNoteDraftInput!) { keepNoteDraft(input: $input) { ${WHAT} ... on NoteSection { id noteId draft { version fingerprint } } } }`;
const SIGN = `mutation S($input: SignNoteInput!) { signNote(input: $input) { ${WHAT} ... on NoteSection { id status } } }`;
const CASE = `query C($id: ID!) {
  meetingCase(id: $id) {
    id status presenterName knowsPatientName meeting { id chairName } proforma { preferences } sources { kind sourceId }
    exhibits { kind sha256 } notes { id meetingCaseId sections { discipline isWithheld content { text } } } } }`;

const PROFORMA = {
  preferences: 'Would rather not have an operation.',
  whatMatters: 'To lift her grandson.',
  function: 'Walks for ten minutes.',
  work: 'Off work since May.',
  medication: 'Naproxen.',
  previousTreatments: 'Physiotherapy.',
  comorbidity: 'None known.',
  capacityAndNeeds: 'Has capacity.',
};

/** From a proposal to a case on the list of a meeting. */
async function listedCase(): Promise<string> {
  const wish = { patientId, kind: 'REQUEST', sourceId: randomUUID(), because: 'Asked on the ward.' };
  const proposalId = idOf(await ask(member, PROPOSE, { input: wish }), 'proposeForTeam');
  const question = 'Is the left L4/L5 facet joint the source of the pain?';
  const caseId = idOf(await ask(member, ACCEPT, { input: { proposalId, question } }), 'acceptProposal');
  const people = { presenterId: member.id, knowsPatientId: member.id };
  await ask(member, NAME, { input: { caseId, version: 0, ...people } });
  const written = await ask(member, PREPARE, { input: { caseId, version: 1, ...PROFORMA } });
  expect(written.data?.writeCaseProforma).toMatchObject({ version: 2 });
  const planned = await ask(member, PLAN, {
    input: {
      ...{ name: 'Spine team', startsAt: STARTS_AT, durationMinutes: 90, mode: 'HYBRID', place: 'Room 2' },
      ...{ chairId: member.id, quorum: ['PAIN_MEDICINE', 'PSYCHOLOGY'] },
    },
  });
  const meetingId = idOf(planned, 'planMeeting');
  const listed = await ask(member, LIST, { input: { caseId, version: 2, meetingId } });
  expect(listed.data?.listCase).toMatchObject({ __typename: 'MeetingCase', status: 'LISTED' });
  return caseId;
}

async function write(who: SignedIn, caseId: string, discipline: Discipline, text: string): Promise<void> {
  const note = { patientId, kind: 'MEETING', meetingCaseId: caseId };
  const input = { note, discipline, baseVersion: 0, content: { text, items: [] } };
  const kept = await ask(who, KEEP, { input });
  const sectionId = idOf(kept, 'keepNoteDraft');
  const signed = await ask(who, SIGN, { input: { sectionId, ...Object(kept.data?.keepNoteDraft?.draft) } });
  expect(signed.data?.signNote).toMatchObject({ status: 'SIGNED' });
}

describe('a case', () => {
  it('goes from its proposal to the list, with what each member writes about it', async () => {
    const id = await listedCase();
    await write(member, id, 'PAIN_MEDICINE', 'A block of the left L4/L5 joint is worth trying.');
    await write(psychologist, id, 'PSYCHOLOGY', 'What only a psychologist hears.');
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await ask(member, CASE, { id });
      expect(errors).toBeUndefined();
      expect(data?.meetingCase).toMatchObject({
        ...{ status: 'LISTED', presenterName: 'Some mdt_member', knowsPatientName: 'Some mdt_member' },
        ...{ proforma: { preferences: PROFORMA.preferences }, sources: [{ kind: 'REQUEST' }], exhibits: [] },
        meeting: { chairName: 'Some mdt_member' },
        notes: [
          {
            meetingCaseId: id,
            sections: expect.arrayContaining([
              {
                ...{ discipline: 'PAIN_MEDICINE', isWithheld: false },
                content: { text: 'A block of the left L4/L5 joint is worth trying.' },
              },
              { discipline: 'PSYCHOLOGY', isWithheld: true, content: null },
            ]),
          },
        ],
      });
    }
    const theirs = await ask(psychologist, CASE, { id });
    expect(JSON.stringify(theirs.data)).toContain('What only a psychologist hears.');
  });

  it('has notes for those who read notes: whoever runs meetings alone is shown none', async () => {
    const id = await listedCase();
    expect(codesOf(await ask(manager, CASE, { id }))).toContain('FORBIDDEN');
    const without = await ask(manager, 'query C($id: ID!) { meetingCase(id: $id) { id status } }', { id });
    expect(without.data?.meetingCase).toMatchObject({ status: 'LISTED' });
  });

  it('has one proposal for each source, which is found by its status', async () => {
    const wish = { patientId, kind: 'REQUEST', sourceId: randomUUID(), because: 'Asked again.' };
    const first = await ask(member, PROPOSE, { input: wish });
    expect(first.data?.proposeForTeam).toMatchObject({
      status: 'OPEN',
      groundId: null,
      withdrawReason: null,
    });
    const again = await ask(member, PROPOSE, { input: wish });
    expect(again.data?.proposeForTeam).toMatchObject({ __typename: 'AlreadyProposed' });
    const list = `query Q($status: CaseProposalStatus) { caseProposals(status: $status, page: { size: 100 }) { items { id } } }`;
    const ids = async (status: string) => JSON.stringify((await ask(member, list, { status })).data);
    expect(await ids('OPEN')).toContain(idOf(first, 'proposeForTeam'));
    expect(await ids('WITHDRAWN')).not.toContain(idOf(first, 'proposeForTeam'));
  });
});

describe('what is asked', () => {
  it('is looked at before it is answered', async () => {
    const wrong = [
      'query { meetings(page: { size: 0 }) { items { id } } }',
      'query { meetings(page: { size: 100000 }) { items { id } } }',
      'query { meetings(filter: { seriesId: "no-uuid" }) { items { id } } }',
      'query { caseProposals(page: { size: 100000 }) { items { id } } }',
    ];
    for (const query of wrong) expect(codesOf(await ask(member, query)), query).toEqual(['BAD_INPUT']);
    const right = 'query { meetings { items { id } } caseProposals { items { id } } }';
    expect(codesOf(await ask(member, right))).toEqual([]);
    const absences = (field: string) =>
      `query A($id: ID!) { ${field}(seriesId: $id, from: "2026-01-01", until: "2026-12-31") { heldCount missedCount } }`;
    for (const field of ['meetingAbsences', 'memberAbsences']) {
      expect(codesOf(await ask(member, absences(field), { id: randomUUID() })), field).toEqual(['NOT_FOUND']);
    }
  });

  it('is nobody’s who may not', async () => {
    const id = randomUUID();
    const closed = [
      'query { meetings { items { id } } }',
      'query { caseProposals { items { id } } }',
      'query { waitingCases { id } }',
      `query { meetingCase(id: "${id}") { id } }`,
      `query { memberAbsences(seriesId: "${id}", from: "2026-01-01", until: "2026-12-31") { heldCount } }`,
      `mutation { closeMeeting(meetingId: "${id}") { __typename } }`,
      `mutation { dismissProposal(input: { proposalId: "${id}", reason: "x" }) { __typename } }`,
      `mutation { showToTeam(input: { caseId: "${id}", kind: DOCUMENT, shownId: "${id}", label: "x" }) { __typename } }`,
    ];
    for (const query of closed) expect(codesOf(await ask(desk, query)), query).toEqual(['FORBIDDEN']);
  });
});
