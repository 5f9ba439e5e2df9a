import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { ScannerDoor } from '../../src/clinic/imaging/scanner.dicom.js';
import { type DataSet, dataSet } from '../../src/dicom/index.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { SystemClock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  ANY_OFFER,
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import { makeDepartment, makeReference } from '../support/imaging-department.factory.js';
import { MppsScu } from '../support/mpps-scu.js';
import { anEnd, Console, performedStepsOn, stepCalled } from '../support/performed-steps.factory.js';

// The list of what scanners did, and a person's decisions about it, through the graph.

let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let imaging: Imaging;
let scanner: Console;
let dicomPort: number;

async function bookNext() {
  const { referralId } = await makeReferredPatient(imaging);
  const [offer] = (await imaging.offers.scanOffers(RECEPTION, referralId, ANY_OFFER)).offers;
  if (offer === undefined) throw new Error('the diary is full');
  return mustBeBooked(
    await imaging.bookings.bookScan(RECEPTION, {
      referralId,
      protocolCode: 'BONE_SPECT_CT',
      injectionStartsAt: offer.injectionStartsAt,
      scanStartsAt: offer.scanStartsAt,
      cameraId: offer.camera.id,
      injectionRoomId: offer.injectionRoom.id,
      injectionTechnologistId: offer.injectionTechnologist.id,
      scanTechnologistId: offer.scanTechnologist.id,
    }),
  );
}

async function signIn(role: Role): Promise<string> {
  const account = {
    email: `${role.toLowerCase()}@clinic.example`,
    displayName: role,
    password: 'correct horse battery',
  };
  await app.get(StaffService).addStaffAccount(RECEPTION, { ...account, roles: [role] });
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return signedIn.token;
}

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  const now = new SystemClock().now().round({ smallestUnit: 'millisecond' });
  imaging = imagingOn(database, new FixedClock(now), db.url);
  await makeReference(database);
  await makeDepartment(database);
  const { id } = await database.client.scanner.findFirstOrThrow();
  scanner = new Console(performedStepsOn(imaging), id);
  const config = { ...readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp'), dicomPort: 0 };
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: db.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  dicomPort = (await app.get(ScannerDoor).open()).port;
});

afterAll(async () => {
  await app.get(ScannerDoor).close();
  await app.close();
  await database.close();
  await db.drop();
});

async function ask(token: string, query: string, variables: object = {}) {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    payload: { query, variables },
  });
  return response.json<{
    data: Record<string, unknown> | null;
    errors?: { extensions: { code: string } }[];
  }>();
}

const LIST = `query ($filter: PerformedStepFilterInput!, $page: PageInput!) {
  performedSteps(filter: $filter, page: $page) { nextCursor items {
    id sopInstanceUID status unmatchedReason toldPatientName toldPatientId scannerName startedAt
    links { scheduledProcedureStepId } scanBookingId performedElsewhere contradictsClosing } } }`;
const ATTACH = `mutation ($input: AttachPerformedStepInput!) { attachPerformedStep(input: $input) {
  ... on PerformedStep { scanBookingId unmatchedReason links { scheduledProcedureStepId attachedById } }
  ... on Refusal { code message } } }`;
const DETACH = `mutation ($input: DetachPerformedStepInput!) { detachPerformedStep(input: $input) {
  ... on PerformedStep { unmatchedReason } ... on Refusal { code message } } }`;
const closing = (verb: string, input: string) => `mutation ($input: ${input}!) { ${verb}(input: $input) {
  ... on ScanBooking { status closedAs closeReason endedAt allowedActions worklistEntries { status }
    performedSteps { status } }
  ... on Refusal { code message } } }`;

describe('performed steps through the graph', () => {
  it('are listed, attached, detached; the scan is completed and reopened, twice each for the compiled run', async () => {
    const token = await signIn('IMAGING');
    for (let round = 0; round < 2; round += 1) {
      const booking = await bookNext();
      const uid = await scanner.begin({ patientId: 'X' });
      const { id: performedStepId } = await stepCalled(imaging, uid);
      const listed = await ask(token, LIST, { filter: { unmatched: true }, page: {} });
      expect(listed.data?.performedSteps).toMatchObject({
        items: [
          { id: performedStepId, unmatchedReason: 'NO_IDENTIFIERS', toldPatientName: 'Told^By the scanner' },
        ],
      });
      const input = { performedStepId, scanBookingId: booking.id, reason: 'Entered by hand.' };
      expect((await ask(token, ATTACH, { input })).data?.attachPerformedStep).toMatchObject({
        scanBookingId: booking.id,
        unmatchedReason: null,
      });
      expect((await ask(token, ATTACH, { input })).data?.attachPerformedStep).toMatchObject({
        code: 'PerformedStepAlreadyAttached',
      });
      const close = { scanBookingId: booking.id, reason: 'The scanner hangs.' };
      const completed = await ask(token, closing('completeScan', 'CloseScanInput'), { input: close });
      expect(completed.data?.completeScan).toMatchObject({
        status: 'COMPLETED',
        closedAs: 'COMPLETED',
        closeReason: 'The scanner hangs.',
        allowedActions: ['reopen'],
        worklistEntries: [{ status: 'COMPLETED' }],
        performedSteps: [{ status: 'IN_PROGRESS' }],
      });
      const again = await ask(token, closing('discontinueScan', 'CloseScanInput'), { input: close });
      expect(again.data?.discontinueScan).toMatchObject({ code: 'ScanAlreadyClosed' });
      const reopened = await ask(token, closing('reopenScan', 'ReopenScanInput'), { input: close });
      expect(reopened.data?.reopenScan).toMatchObject({ status: 'IN_PROGRESS', closedAs: null });
      const detached = await ask(token, DETACH, { input: { performedStepId, reason: 'Not that one.' } });
      expect(detached.data?.detachPerformedStep).toMatchObject({ unmatchedReason: 'DETACHED' });
      await scanner.end(uid, 'DISCONTINUED');
      const before = { performedStepId, scanBookingId: booking.id, reason: 'After all.' };
      await ask(token, ATTACH, { input: before });
    }
  });

  it('want a reason that says something', async () => {
    const token = await signIn('CLINICIAN');
    const { id: scanBookingId } = await bookNext();
    for (const reason of ['', '   ', 'x'.repeat(501)]) {
      const answer = await ask(token, closing('completeScan', 'CloseScanInput'), {
        input: { scanBookingId, reason },
      });
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    }
  });

  it('are read by reception, and changed by those who image', async () => {
    const token = await signIn('RECEPTION');
    expect((await ask(token, LIST, { filter: {}, page: { size: 1 } })).errors).toBeUndefined();
    const input = { scanBookingId: '00000000-0000-7000-8000-000000000000', reason: 'r' };
    const answer = await ask(token, closing('completeScan', 'CloseScanInput'), { input });
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

const QUERY = dataSet({
  PatientID: null,
  PatientName: null,
  AccessionNumber: null,
  StudyInstanceUID: null,
  ScheduledProcedureStepSequence: [
    { ScheduledProcedureStepID: null, Modality: null, ScheduledProcedureStepStatus: null },
  ],
});

/** What a console makes of a worklist item when its operator presses start. */
function beginning(item: DataSet): DataSet {
  const [step] = item.items('ScheduledProcedureStepSequence');
  return dataSet({
    ScheduledStepAttributesSequence: [
      {
        StudyInstanceUID: item.text('StudyInstanceUID'),
        AccessionNumber: item.text('AccessionNumber'),
        ScheduledProcedureStepID: step?.text('ScheduledProcedureStepID'),
      },
    ],
    PatientName: item.text('PatientName'),
    PatientID: item.text('PatientID'),
    PerformedProcedureStepID: '1',
    PerformedStationAETitle: 'SPECTCT1',
    PerformedProcedureStepStartDate: '20260310',
    PerformedProcedureStepStartTime: '1217',
    PerformedProcedureStepStatus: 'IN PROGRESS',
    Modality: step?.text('Modality'),
  });
}

describe('a scanner’s day over the wire', () => {
  it('is seen at the desk as it happens', async () => {
    const token = await signIn('MANAGER');
    const booking = await bookNext();
    const atDesk = async () => {
      const query = `query ($id: ID!) { scanBooking(id: $id) { status worklistEntries { status } performedSteps { status } } }`;
      return (await ask(token, query, { id: booking.id })).data?.scanBooking;
    };
    const day = await MppsScu.open({ port: dicomPort, callingAETitle: 'SPECTCT1', calledAETitle: 'FACET' });
    const offered = async () => {
      const { answers } = await day.find(QUERY);
      return answers.find((item) => item.text('AccessionNumber') === booking.accessionNumber);
    };
    const item = await offered();
    if (item === undefined) throw new Error('the scanner was not offered the booking');
    const uid = '2.25.4242';
    expect((await day.nCreate(uid, beginning(item))).status).toBe(0x0000);
    expect(await atDesk()).toEqual({
      status: 'IN_PROGRESS',
      worklistEntries: [{ status: 'STARTED' }],
      performedSteps: [{ status: 'IN_PROGRESS' }],
    });
    expect(
      (await offered())?.items('ScheduledProcedureStepSequence')[0]?.text('ScheduledProcedureStepStatus'),
    ).toBe('STARTED');
    expect((await day.nCreate(uid, beginning(item))).status).toBe(0x0111);
    expect((await day.nSet('2.25.4243', anEnd('COMPLETED'))).status).toBe(0x0112);
    expect((await day.nSet(uid, dataSet({ PatientID: 'F9999999' }))).status).toBe(0x0106);
    expect((await day.nSet(uid, anEnd('COMPLETED'))).status).toBe(0x0000);
    expect(await atDesk()).toEqual({
      status: 'COMPLETED',
      worklistEntries: [{ status: 'COMPLETED' }],
      performedSteps: [{ status: 'COMPLETED' }],
    });
    expect(await offered()).toBeUndefined();
    expect(await day.nSet(uid, anEnd('DISCONTINUED'))).toMatchObject({ status: 0x0110, errorId: 0xa710 });
    const kept = await day.nGet(uid);
    expect([kept.status, kept.dataSet?.text('PerformedProcedureStepStatus')]).toEqual([0x0000, 'COMPLETED']);
    await day.release();
  });
});
