import { execFile } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AdmissionDecision,
  type AdmissionRequest,
  createDicomServer,
  type DicomEvent,
  type DicomServer,
} from '../../src/dicom/index.js';
import { certificatePath, readCertificate, serverCredentials } from '../support/certificates.js';
import { worklistItem } from '../support/listener.js';
import { toolPath } from '../support/tools.js';
import { worklistOf } from '../support/worklist.js';

/** DICOM over TLS, seen by DCMTK: a client that shares neither our protocol nor Node's way of using OpenSSL. */

interface Run {
  readonly code: number;
  readonly output: string;
}

const authority = ['+cf', certificatePath('authority.crt')];
const asScanner = ['+tls', certificatePath('scanner.key'), certificatePath('scanner.crt')];
const asStranger = ['+tls', certificatePath('stranger.key'), certificatePath('stranger.crt')];
const asNobody = ['+tla'];
const accepted: AdmissionDecision = {
  accepted: true,
  peer: { id: 'spect1', responseCharacterSet: [], maxAnswers: 100 },
};

let server: DicomServer | null = null;

afterEach(async () => {
  await server?.close(0);
  server = null;
});

async function start(
  admit: (request: AdmissionRequest) => AdmissionDecision = () => accepted,
  credentials: Partial<typeof serverCredentials> = {},
) {
  const events: DicomEvent[] = [];
  server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    tls: { port: 0, ...serverCredentials, ...credentials },
    admission: { admit: async (request) => admit(request) },
    worklist: worklistOf([worklistItem(1), worklistItem(2)]),
    observer: (event) => events.push(event),
  });
  const { port: plain } = await server.listen();
  const port = server.tlsAddress?.port ?? 0;
  const call = (tool: 'echoscu' | 'findscu', args: readonly string[], at = port): Promise<Run> =>
    new Promise((resolve) => {
      const all = ['-v', '-aet', 'SPECT1', '-aec', 'FACET', ...args, '127.0.0.1', String(at)];
      execFile(toolPath(tool), all, { timeout: 20_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
      );
    });
  return { call, plain, events };
}

const mutualOnly = ({ transport }: AdmissionRequest): AdmissionDecision =>
  transport.certificate?.isTrusted === true
    ? accepted
    : { accepted: false, reason: 'no-reason-given', explanation: 'a certificate of the clinic is needed' };

describe('DCMTK over TLS', () => {
  it.each([
    ['Non-downgrading BCP 195', '+py'],
    ['BCP 195', '+px'],
    ['Extended BCP 195', '+pz'],
  ])('%s: verifies our certificate, echoes and reads the worklist', async (_name, profile) => {
    const { call } = await start();
    const echo = await call('echoscu', [...asScanner, ...authority, profile]);
    expect(echo).toMatchObject({ code: 0 });
    const find = await call('findscu', ['-W', ...asScanner, ...authority, profile, '-k', 'PatientID']);
    expect(find.code).toBe(0);
    expect(find.output).toContain('[F1]');
    expect(find.output).toContain('[F2]');
  });

  it('hangs up when our certificate is not of an authority that it knows', async () => {
    const { call, events } = await start();
    const stranger = ['+cf', certificatePath('stranger.crt')];
    expect((await call('echoscu', [...asScanner, ...stranger])).code).not.toBe(0);
    await expect.poll(() => events.some(({ type }) => type === 'tls-failed')).toBe(true);
    expect(events.some(({ type }) => type === 'association-accepted')).toBe(false);
    expect((await call('echoscu', [...asScanner, ...authority])).code).toBe(0);
  });

  it.each([
    ['with the scanner’s certificate is let in', asScanner, 0],
    ['without one is rejected', asNobody, 1],
    ['with one that signed itself is rejected', asStranger, 1],
  ])('a client %s where the admission demands one', async (_name, identity, code) => {
    const { call, events } = await start(mutualOnly);
    const run = await call('echoscu', [...identity, ...authority]);
    expect(Math.min(run.code, 1)).toBe(code);
    const rejections = events.filter(({ type }) => type === 'association-rejected');
    expect(rejections).toMatchObject(
      code === 0
        ? []
        : [{ explanation: 'a certificate of the clinic is needed', association: { secured: true } }],
    );
    if (code === 1) expect(run.output).toContain('Rejected');
  });

  it('plain on the TLS port and TLS on the plain port both end, and the next call is answered', async () => {
    const { call, plain, events } = await start();
    expect((await call('echoscu', [])).code).not.toBe(0);
    expect((await call('echoscu', [...asScanner, ...authority], plain)).code).not.toBe(0);
    expect(events.filter(({ type }) => type === 'tls-failed')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'protocol-error')).toHaveLength(1);
    expect((await call('echoscu', [], plain)).code).toBe(0);
    expect((await call('echoscu', [...asScanner, ...authority])).code).toBe(0);
  });

  it.each([
    ['AES', '+pa'],
    ['NULL', '+pn'],
  ])('the retired %s profile, whose suites BCP 195 does not have, is refused', async (_name, profile) => {
    const { call, events } = await start();
    expect((await call('echoscu', [...asScanner, ...authority, profile])).code).not.toBe(0);
    expect(events).toMatchObject([{ type: 'tls-failed', code: 'ERR_SSL_NO_SHARED_CIPHER' }]);
    expect((await call('echoscu', [...asScanner, ...authority])).code).toBe(0);
  });

  it('a renewed certificate is shown from the next call on', async () => {
    const { call } = await start();
    const renew = (name: 'stranger' | 'renewed'): void =>
      server?.renewCertificate({
        key: readCertificate(`${name}.key`),
        certificate: readCertificate(`${name}.crt`),
        ca: serverCredentials.ca,
      });
    const codes: number[] = [];
    const echo = async (): Promise<void> => {
      codes.push((await call('echoscu', [...asScanner, ...authority])).code);
    };
    await echo();
    // The client does not know who signed this one.
    renew('stranger');
    await echo();
    renew('renewed');
    await echo();
    expect(codes.map((code) => code === 0)).toEqual([true, false, true]);
  });
});
