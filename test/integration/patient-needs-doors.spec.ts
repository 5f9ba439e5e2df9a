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
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { PatientsModule } from '../../src/clinic/patients/patients.module.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, AccessPolicy, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { Clock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';

// The doors of corrections, needs, alerts, related people and merges: through GraphQL, with a bearer token that names the role.

const clock = new FixedClock('2026-03-02T09:00:00Z');
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;

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
const register = () => makePatient(app.get(PatientService));

const CORRECT = `mutation ($input: CorrectPatientInput!) {
  correctPatient(input: $input) {
    __typename ... on Patient { familyName email version nhsNumberVerifiedAt }
    ... on Refusal { code message } ... on PatientChangedMeanwhile { present { version } } } }`;
const RECORD_NEED = `mutation ($input: RecordCommunicationNeedInput!) {
  recordCommunicationNeed(input: $input) {
    __typename ... on CommunicationNeed { id version sentence kind { code standardTerm snomedCode } } ... on Refusal { code } } }`;
const REVIEW_NEED = `mutation ($input: ReviewCommunicationNeedInput!) {
  reviewCommunicationNeed(input: $input) {
    __typename ... on CommunicationNeed { version reviews { wasMet note } } ... on Refusal { code } } }`;
const END_NEED = `mutation ($input: EndCommunicationNeedInput!) {
  endCommunicationNeed(input: $input) { __typename ... on CommunicationNeed { endedAt } ... on Refusal { code } } }`;
const RAISE =
  'mutation ($input: RaisePatientAlertInput!) { raiseAlert(input: $input) { id version visibleTo } }';
const END_ALERT = `mutation ($input: EndPatientAlertInput!) {
  endAlert(input: $input) { __typename ... on PatientAlert { endReason } ... on Refusal { code } } }`;
const RELATE =
  'mutation ($input: RecordRelatedPersonInput!) { recordRelatedPerson(input: $input) { id version isProxyInForce } }';
const CORRECT_RELATED = `mutation ($input: CorrectRelatedPersonInput!) {
  correctRelatedPerson(input: $input) { __typename ... on RelatedPerson { name version } ... on Refusal { code } } }`;
const REVOKE = `mutation ($input: EndRelatedPersonInput!) {
  revokeProxy(input: $input) { __typename ... on RelatedPerson { isProxyInForce version } ... on Refusal { code } } }`;
const END_RELATED = `mutation ($input: EndRelatedPersonInput!) {
  endRelatedPerson(input: $input) { __typename ... on RelatedPerson { endedAt } ... on Refusal { code } } }`;
const PREVIEW = `query ($keepId: ID!, $mergeId: ID!) {
  patientMergePreview(keepId: $keepId, mergeId: $mergeId) {
    kept { version } merged { version } reasons differences { field kept merged } follows { room kind count } conflicts warnings } }`;
const MERGE = `mutation ($input: MergePatientsInput!) {
  mergePatients(input: $input) {
    __typename ... on PatientMerge { id mergedId followed { kind count } undoUntil kept { mergedRecords { localNumber } } }
    ... on Refusal { code } } }`;
const UNDO = `mutation ($input: UndoPatientMergeInput!) {
  undoPatientMerge(input: $input) {
    __typename ... on UndonePatientMerge { restored { id } stayed { kind } fieldsLeft merge { undoneAt } }
    ... on Refusal { code } ... on MergeCannotBeUndone { reasons } } }`;
const SHOW = `query ($id: ID!) { patient(id: $id) {
  id version askedAs { localNumber } mergedRecords { id }
  flags { kind sentence severity isReviewDue }
  communicationNeeds { sentence } all: communicationNeeds(ended: true) { endReason }
  alerts { text } history: alerts(all: true) { text endReason }
  relatedPeople { name mayBeTold } former: relatedPeople(ended: true) { endReason } } }`;

describe('through the door', () => {
  it('a record is corrected; null empties, and what is left out stays', async () => {
    const { id, familyName } = await register();
    const input = {
      patientId: id,
      version: 0,
      reason: 'Seen on the passport',
      email: null,
      contactPreference: 'LETTER',
    };
    expect((await ask('RECEPTION', CORRECT, { input })).data.correctPatient).toMatchObject({
      ...{ __typename: 'Patient', familyName, email: null, version: 1 },
    });
    expect((await ask('RECEPTION', CORRECT, { input })).data.correctPatient).toMatchObject({
      ...{ __typename: 'PatientChangedMeanwhile', code: 'PatientChangedMeanwhile', present: { version: 1 } },
    });
    const wrong = await ask('RECEPTION', CORRECT, { input: { ...input, version: 1, familyName: 'A^B' } });
    expect(codesOf(wrong)).toEqual(['BAD_INPUT']);
  });

  it('what a patient needs is recorded, flagged, reviewed and ended', async () => {
    const { id } = await register();
    const kinds = await ask(
      'MDT_MEMBER',
      '{ communicationNeedKinds { code category flag needsDetail source } }',
    );
    expect(kinds.data.communicationNeedKinds).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'EASY_READ' })]),
    );
    const input = { patientId: id, kindCode: 'EASY_READ', sharing: 'AGREED' };
    const need = (await ask('IMAGING', RECORD_NEED, { input })).data.recordCommunicationNeed;
    expect(need).toMatchObject({
      kind: { snomedCode: '796161000000101', standardTerm: 'Requires information in Easyread' },
    });
    expect((await ask('IMAGING', RECORD_NEED, { input })).data.recordCommunicationNeed).toMatchObject({
      code: 'CommunicationNeedRecorded',
    });
    const review = { needId: need?.id, version: 0, wasMet: 'NOT_MET', note: 'No leaflet left' };
    expect((await ask('IMAGING', REVIEW_NEED, { input: review })).data.reviewCommunicationNeed).toMatchObject(
      {
        ...{ version: 1, reviews: [{ wasMet: 'NOT_MET', note: 'No leaflet left' }] },
      },
    );
    const due = await ask(
      'RECEPTION',
      '{ communicationNeedsDue(page: { size: 5 }) { items { id } nextCursor } }',
    );
    expect(due.data.communicationNeedsDue).toEqual({ items: [], nextCursor: null });
    expect((await ask('MANAGER', SHOW, { id })).data.patient).toMatchObject({
      flags: [
        {
          kind: 'COMMUNICATION_NEED',
          sentence: 'Needs information in easy read',
          severity: null,
          isReviewDue: false,
        },
      ],
    });
    const end = { needId: need?.id, version: 1, reason: 'Recorded for the wrong person' };
    await ask('IMAGING', END_NEED, { input: end });
    expect((await ask('MANAGER', SHOW, { id })).data.patient).toMatchObject({
      ...{ flags: [], communicationNeeds: [], all: [{ endReason: 'Recorded for the wrong person' }] },
    });
  });

  it('alerts are shown to whoever may see them', async () => {
    const { id } = await register();
    const base = { patientId: id, severity: 'HIGH' };
    await ask('RECEPTION', RAISE, { input: { ...base, kind: 'CLINICAL', text: 'Pacemaker' } });
    const hidden = await ask('RECEPTION', RAISE, {
      input: { ...base, kind: 'SAFEGUARDING', text: 'Ask alone' },
    });
    const alert = hidden.data.raiseAlert;
    expect(alert).toMatchObject({ visibleTo: ['CLINICIAN', 'MANAGER'] });
    expect((await ask('RECEPTION', SHOW, { id })).data.patient).toMatchObject({
      ...{
        alerts: [{ text: 'Pacemaker' }],
        flags: [{ kind: 'ALERT', sentence: 'Clinical alert: Pacemaker', severity: 'HIGH' }],
      },
    });
    expect((await ask('MANAGER', SHOW, { id })).data.patient).toMatchObject({
      alerts: [{ text: 'Pacemaker' }, { text: 'Ask alone' }],
    });
    const input = { alertId: alert?.id, version: 0, reason: 'No longer so' };
    expect(codesOf(await ask('RECEPTION', END_ALERT, { input }))).toEqual(['NOT_FOUND']);
    expect((await ask('CLINICIAN', END_ALERT, { input })).data.endAlert).toMatchObject({
      endReason: 'No longer so',
    });
    expect((await ask('CLINICIAN', END_ALERT, { input })).data.endAlert).toMatchObject({
      code: 'PatientAlertChanged',
    });
    expect((await ask('CLINICIAN', SHOW, { id })).data.patient).toMatchObject({
      ...{ alerts: [{ text: 'Pacemaker' }], history: [{ text: 'Pacemaker' }, { endReason: 'No longer so' }] },
    });
  });

  it('related people are recorded, corrected, lose their right and end', async () => {
    const { id } = await register();
    const person = { name: 'Ana Fernández', relationship: 'CHILD', mayBeTold: 'EVERYTHING' };
    const proxy = { basis: 'LPA_HEALTH', evidence: 'Registered, seen' };
    const recorded = await ask('RECEPTION', RELATE, {
      input: { patientId: id, person: { ...person, proxy } },
    });
    expect(recorded.data.recordRelatedPerson).toMatchObject({ isProxyInForce: true });
    const relatedPersonId = recorded.data.recordRelatedPerson?.id;
    const why = { relatedPersonId, reason: 'The court says so' };
    expect(
      (await ask('RECEPTION', REVOKE, { input: { ...why, version: 0 } })).data.revokeProxy,
    ).toMatchObject({
      isProxyInForce: false,
    });
    expect(
      (await ask('RECEPTION', REVOKE, { input: { ...why, version: 1 } })).data.revokeProxy,
    ).toMatchObject({
      code: 'NoProxyToRevoke',
    });
    const corrected = { relatedPersonId, version: 1, person: { ...person, name: 'Ana Okafor' } };
    expect(
      (await ask('RECEPTION', CORRECT_RELATED, { input: corrected })).data.correctRelatedPerson,
    ).toMatchObject({
      ...{ name: 'Ana Okafor', version: 2 },
    });
    await ask('RECEPTION', END_RELATED, { input: { ...why, version: 2 } });
    expect((await ask('RECEPTION', SHOW, { id })).data.patient).toMatchObject({
      ...{ relatedPeople: [], former: [{ endReason: 'The court says so' }] },
    });
    const nobody = { patientId: id, person: { ...person, isEmergencyContact: true } };
    expect(codesOf(await ask('RECEPTION', RELATE, { input: nobody }))).toEqual(['BAD_INPUT']);
  });

  it('two records are compared, made one, found by either number, and made two again', async () => {
    const [kept, merged] = [await register(), await register()];
    await ask('IMAGING', RECORD_NEED, {
      input: { patientId: merged.id, kindCode: 'BRAILLE', sharing: 'AGREED' },
    });
    const both = { keepId: kept.id, mergeId: merged.id };
    expect((await ask('MANAGER', PREVIEW, both)).data.patientMergePreview).toMatchObject({
      ...{
        kept: { version: 0 },
        conflicts: [],
        follows: [{ room: 'patients', kind: 'communication needs', count: 1 }],
      },
    });
    const input = {
      ...both,
      keepVersion: 0,
      mergeVersion: 0,
      reason: 'Same person',
      takeOver: ['NAME', 'EMAIL'],
    };
    const { mergePatients } = (await ask('MANAGER', MERGE, { input })).data;
    expect(mergePatients).toMatchObject({
      ...{ __typename: 'PatientMerge', mergedId: merged.id, undoUntil: '2026-04-01T09:00:00Z' },
      kept: { mergedRecords: [{ localNumber: merged.localNumber }] },
    });
    expect((await ask('RECEPTION', SHOW, { id: merged.id })).data.patient).toMatchObject({
      ...{
        id: kept.id,
        askedAs: { localNumber: merged.localNumber },
        flags: [{ sentence: 'Needs information in braille' }],
      },
    });
    const search = `{ patients(search: "${merged.localNumber}") { items { id askedAs { id } } } }`;
    expect((await ask('RECEPTION', search)).data.patients).toEqual({
      items: [{ id: kept.id, askedAs: { id: merged.id } }],
    });
    expect((await ask('MANAGER', MERGE, { input })).data.mergePatients).toMatchObject({
      code: 'PatientChangedMeanwhile',
    });
    const merges = `{ patientMerges(patientId: "${kept.id}") { id undoneAt } }`;
    expect((await ask('MANAGER', merges)).data.patientMerges).toEqual([
      { id: mergePatients?.id, undoneAt: null },
    ]);
    const undo = { mergeId: mergePatients?.id, reason: 'Cousins', areDifferentPeople: true };
    expect((await ask('ADMIN', UNDO, { input: undo })).data.undoPatientMerge).toMatchObject({
      ...{
        restored: { id: merged.id },
        stayed: [],
        fieldsLeft: [],
        merge: { undoneAt: '2026-03-02T09:00:00Z' },
      },
    });
    expect((await ask('ADMIN', UNDO, { input: undo })).data.undoPatientMerge).toMatchObject({
      ...{ code: 'MergeCannotBeUndone', reasons: ['It was undone already.'] },
    });
    const again = { ...input, keepVersion: 2, mergeVersion: 2 };
    expect((await ask('MANAGER', MERGE, { input: again })).data.mergePatients).toMatchObject({
      code: 'SaidToBeDifferentPeople',
    });
  });
});

describe('who may', () => {
  const WRITERS: readonly Role[] = ['RECEPTION', 'CLINICIAN', 'IMAGING', 'ADMIN'];
  const MERGERS: readonly Role[] = ['MANAGER', 'ADMIN'];
  const id = randomUUID();
  const why = { version: 0, reason: 'For a test' };
  const person = { name: 'Ana', relationship: 'CHILD', mayBeTold: 'NOTHING' };
  const both = { keepId: id, keepVersion: 0, mergeId: randomUUID(), mergeVersion: 0, reason: 'For a test' };

  it.each<[string, string, object, readonly Role[]]>([
    ['correct', CORRECT, { input: { patientId: id, ...why } }, WRITERS],
    [
      'record a need',
      RECORD_NEED,
      { input: { patientId: id, kindCode: 'BRAILLE', sharing: 'AGREED' } },
      WRITERS,
    ],
    ['review a need', REVIEW_NEED, { input: { needId: id, version: 0, wasMet: 'MET' } }, WRITERS],
    ['end a need', END_NEED, { input: { needId: id, ...why } }, WRITERS],
    [
      'raise an alert',
      RAISE,
      { input: { patientId: id, kind: 'CLINICAL', severity: 'LOW', text: 'x' } },
      WRITERS,
    ],
    ['end an alert', END_ALERT, { input: { alertId: id, ...why } }, WRITERS],
    ['record somebody', RELATE, { input: { patientId: id, person } }, WRITERS],
    ['correct somebody', CORRECT_RELATED, { input: { relatedPersonId: id, version: 0, person } }, WRITERS],
    ['revoke a right', REVOKE, { input: { relatedPersonId: id, ...why } }, WRITERS],
    ['end somebody', END_RELATED, { input: { relatedPersonId: id, ...why } }, WRITERS],
    ['preview a merge', PREVIEW, { keepId: id, mergeId: both.mergeId }, MERGERS],
    ['merge', MERGE, { input: both }, MERGERS],
    ['undo a merge', UNDO, { input: { mergeId: id, reason: 'For a test' } }, MERGERS],
  ])('%s', async (_, query, variables, allowed) => {
    for (const role of Object.values(Role)) {
      // Nobody is there: whoever may is told so, and whoever may not is told no more than that.
      expect([role, codesOf(await ask(role, query, variables))]).toEqual([
        role,
        [allowed.includes(role) ? 'NOT_FOUND' : 'FORBIDDEN'],
      ]);
    }
    expect(codesOf(await ask(null, query, variables))).toEqual(['UNAUTHENTICATED']);
  });
});
