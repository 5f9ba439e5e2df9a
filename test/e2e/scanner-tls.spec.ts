import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataSet } from '../../src/dicom/index.js';
import { certificatePath, readCertificate } from '../support/certificates.js';
import { DicomScu } from '../support/dicom-scu.js';
import { facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { MppsScu } from '../support/mpps-scu.js';
import { newUid, type PerformedStep, performedStep } from '../support/performed-step.factory.js';
import { toolPath } from '../support/tools.js';
import { until } from '../support/until.js';
import { dicomDay, REVISE, revise, scannerCalled, standingOf, worklistItems } from './imaging.js';
import { type Booking, book, findOffers, first, referralOf, toVisit } from './visits.js';

// DICOM over TLS through the settings of the built service and the profile of a scanner, with a foreign client.

const TLS_SETTINGS = {
  DICOM_TLS_PORT: '0',
  DICOM_TLS_KEY_FILE: certificatePath('server.key'),
  DICOM_TLS_CERTIFICATE_FILE: certificatePath('server.crt'),
  DICOM_TLS_CA_FILE: certificatePath('authority.crt'),
};
const SERVER = ['+cf', certificatePath('authority.crt')];
const AS_SCANNER = ['+tls', certificatePath('scanner.key'), certificatePath('scanner.crt'), ...SERVER];
const AS_STRANGER = ['+tls', certificatePath('stranger.key'), certificatePath('stranger.crt'), ...SERVER];
const AS_NOBODY = ['+tla', ...SERVER];

const house = facetHouse();
let service: RunningService;
let tlsPort: number;
let imaging: SignedInClient;
let booked: Booking;

beforeAll(async () => {
  service = await house.start(await house.newHome(), TLS_SETTINGS);
  tlsPort = Number(/DICOM TLS \S+:(\d+),/.exec(service.output())?.[1]);
  imaging = await signInAs(service, 'imaging');
  const reception = await signInAs(service, 'reception');
  const { id } = await referralOf(reception, 'Brontë-Hale');
  booked = await book(reception, id, toVisit(first((await findOffers(reception, id)).offers, 'offer')));
});

interface Run {
  readonly ok: boolean;
  readonly output: string;
}

function call(tool: 'echoscu' | 'findscu', args: readonly string[], port: number): Promise<Run> {
  const all = ['-v', '-aet', 'SPECTCT1', '-aec', 'FACET', ...args, '127.0.0.1', String(port)];
  return new Promise((settle) => {
    execFile(toolPath(tool), all, { timeout: 20_000 }, (error, stdout, stderr) =>
      settle({ ok: error === null, output: stdout + stderr }),
    );
  });
}

const find = (how: readonly string[], port: number): Promise<Run> =>
  call('findscu', ['-W', ...how, '-k', 'PatientID', '-k', 'AccessionNumber'], port);

/** Why calls were turned away, newest first, as imaging reads it. */
async function reasons(): Promise<readonly { reason: string; secured: boolean }[]> {
  const { scannerHealth } = await imaging.ask<{
    scannerHealth: { rejections: { reason: string; secured: boolean }[] }[];
  }>('{ scannerHealth { rejections { reason secured } } }');
  return first(scannerHealth, 'scanner').rejections;
}

async function expectRefused(how: readonly string[], port: number, reason: RegExp): Promise<void> {
  // An association may be let in by what was known a second ago; whom it asks for is not told any more.
  const { output } = await find(how, port);
  expect(output).toMatch(/Rejected|Unknown Status: 0x124/);
  expect(output).not.toContain(booked.accessionNumber);
  await until(async () => !(await find(how, port)).ok);
  await until(async () => (await reasons()).some((each) => reason.test(each.reason)));
}

async function expectShown(how: readonly string[], port: number): Promise<void> {
  const { ok, output } = await find(how, port);
  expect(ok, output).toBe(true);
  expect(output).toContain(booked.accessionNumber);
}

/** Statuses of reading and ending this step, and of beginning another; none when it is not let in. */
async function callPlain(step: PerformedStep): Promise<readonly number[]> {
  const port = service.dicomPort;
  const scanner = await MppsScu.open({ port, callingAETitle: 'SPECTCT1' }).catch(() => null);
  if (scanner === null) return [];
  const end = { endDate: dicomDay(booked.scanLocal.date), endTime: '110000' };
  const replies = [
    await scanner.nGet(step.sopInstanceUID),
    await scanner.nSet(step.sopInstanceUID, step.completed(end)),
    await scanner.nCreate(newUid(), step.begun),
  ];
  scanner.destroy();
  return replies.map(({ status }) => status);
}

describe('a scanner that may call as it likes', () => {
  it.each([
    ['with its certificate', AS_SCANNER],
    ['without one', AS_NOBODY],
  ])('is answered through TLS %s', async (_, how) => {
    const { ok, output } = await call('echoscu', how, tlsPort);
    expect(ok, output).toBe(true);
    await expectShown(how, tlsPort);
  });

  it('and without TLS', () => expectShown([], service.dicomPort));
});

describe('a scanner that has to call through TLS', () => {
  it('is told nothing at the plain port from the very next call on, and people are told why', async () => {
    await expectShown([], service.dicomPort);
    await revise(imaging, { transport: 'TLS' });
    await expectRefused([], service.dicomPort, /TLS/);
    expect((await reasons())[0]).toMatchObject({ secured: false });
    await expectShown(AS_NOBODY, tlsPort);
  });

  it('nor may it read, begin or end a step at the plain port', async () => {
    await revise(imaging, { transport: 'PLAIN_OR_TLS' });
    const startDate = dicomDay(booked.scanLocal.date);
    const step = performedStep({ startDate, startTime: '100000' });
    const allowed = await MppsScu.open({ port: service.dicomPort, callingAETitle: 'SPECTCT1' });
    expect((await allowed.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
    await revise(imaging, { transport: 'TLS' });
    // It is turned away, or, when it was let in by what was known a moment ago, is told that there is nothing.
    const statuses = await callPlain(step);
    expect(statuses.every((status) => status !== 0)).toBe(true);
    expect((await allowed.nGet(step.sopInstanceUID)).dataSet?.text('PerformedProcedureStepStatus')).toBe(
      'IN PROGRESS',
    );
    await allowed.release();
  });

  it('begins and ends its step there', async () => {
    const tls = { cert: readCertificate('scanner.crt'), key: readCertificate('scanner.key') };
    const scanner = await MppsScu.open({ port: tlsPort, callingAETitle: 'SPECTCT1', tls });
    const items = await worklistItems(scanner, booked.accessionNumber);
    const startDate = dicomDay(booked.scanLocal.date);
    const step = performedStep({ items, startDate, startTime: '100000' });
    expect((await scanner.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
    expect((await standingOf(imaging, booked.id)).status).toBe('IN_PROGRESS');
    await scanner.release();
  });
});

describe('a scanner that has to show who it is', () => {
  it('does so by a certificate of our authority', async () => {
    await revise(imaging, { transport: 'MUTUAL_TLS' });
    await expectRefused(AS_NOBODY, tlsPort, /certificate/);
    await expectRefused(AS_STRANGER, tlsPort, /authority/);
    await expectRefused([], service.dicomPort, /TLS/);
    await expectShown(AS_SCANNER, tlsPort);
  });

  it('or by the one certificate that its profile names, whoever signed it', async () => {
    const fingerprint = new X509Certificate(readCertificate('stranger.crt')).fingerprint256;
    await revise(imaging, { certificateSha256: fingerprint });
    await expectShown(AS_STRANGER, tlsPort);
    await expectRefused(AS_SCANNER, tlsPort, /certificate/);
  });

  it('which cannot be asked of one that need not show any', async () => {
    const { id, version } = await scannerCalled(imaging, 'SPECTCT1');
    const input = { id, version, transport: 'TLS', certificateSha256: 'ab'.repeat(32) };
    const fault = await imaging.fault(REVISE, { input });
    expect([fault.extensions.code, fault.message]).toEqual([
      'BAD_INPUT',
      expect.stringContaining('certificateSha256'),
    ]);
  });
});

it('a profile that becomes strict leaves the associations that were let in before', async () => {
  await revise(imaging, { transport: 'PLAIN_OR_TLS', certificateSha256: null });
  const kept = await DicomScu.open({ port: service.dicomPort, callingAETitle: 'SPECTCT1' });
  await revise(imaging, { transport: 'MUTUAL_TLS' });
  expect(await kept.echo()).toBe(0);
  expect((await kept.find(dataSet({ PatientID: '' }))).status).toBe(0);
  await kept.release();
});

it('a key that is not the certificate’s is a sentence at the start', async () => {
  const facet = await house.launch(await house.newHome(), {
    ...TLS_SETTINGS,
    DICOM_TLS_KEY_FILE: certificatePath('scanner.key'),
  });
  expect((await facet.exited).code).toBeGreaterThan(0);
  expect(facet.complaints()).toMatch(/DICOM_TLS_KEY_FILE is not the key of the first certificate/);
});
