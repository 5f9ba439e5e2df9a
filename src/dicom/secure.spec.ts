import { X509Certificate } from 'node:crypto';
import { connect as connectPlain } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { readCertificate, serverCredentials } from '../../test/support/certificates.js';
import { DicomScu, encodeAssociateRequest, type ScuOptions } from '../../test/support/dicom-scu.js';
import { worklistOf } from '../../test/support/worklist.js';
import {
  type AdmissionRequest,
  createDicomServer,
  type DicomEvent,
  type DicomServer,
  type DicomServerOptions,
  dataSet,
} from './index.js';

const authority = readCertificate('authority.crt');
const verified: ConnectionOptions = { ca: authority, servername: 'localhost' };
const scanner = { key: readCertificate('scanner.key'), cert: readCertificate('scanner.crt') };
const stranger = { key: readCertificate('stranger.key'), cert: readCertificate('stranger.crt') };

interface World {
  readonly server: DicomServer;
  readonly events: DicomEvent[];
  readonly asked: AdmissionRequest[];
  readonly plain: { readonly port: number };
  readonly secure: { readonly port: number };
}

let world: World | null = null;

async function start(options: Partial<DicomServerOptions> = {}): Promise<World> {
  const events: DicomEvent[] = [];
  const asked: AdmissionRequest[] = [];
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    tls: { port: 0, ...serverCredentials },
    admission: {
      admit: async (request) => {
        asked.push(request);
        return { accepted: true, peer: { id: 'p', responseCharacterSet: [], maxAnswers: 1_000 } };
      },
    },
    worklist: worklistOf(
      Array.from({ length: 200 }, (_, number) =>
        dataSet({
          PatientID: `F${number}`,
          PatientComments: 'x'.repeat(2_000),
          ScheduledProcedureStepSequence: [{ ScheduledProcedureStepID: `S${number}` }],
        }),
      ),
    ),
    observer: (event) => events.push(event),
    ...options,
    limits: { tlsHandshakeMs: 300, artimMs: 300, ...options.limits },
  });
  const plain = await server.listen();
  world = { server, events, asked, plain, secure: { port: server.tlsAddress?.port ?? 0 } };
  return world;
}

afterEach(async () => {
  await world?.server.close(0);
  expect(world?.events.filter(({ type }) => type === 'fault' || type === 'listener-fault')).toEqual([]);
  world = null;
});

async function mustStillAnswer({ plain, secure }: World): Promise<void> {
  for (const options of [plain, { ...secure, tls: verified }]) {
    const scu = await DicomScu.open(options);
    expect(await scu.echo()).toBe(0);
    await scu.release();
  }
}

const failures = ({ events }: World) => events.filter(({ type }) => type === 'tls-failed');

describe('an association over TLS', () => {
  it('is served like any other, with a certificate that the peer can check', async () => {
    const { secure, events } = await start();
    const scu = await DicomScu.open({ ...secure, tls: verified });
    expect(await scu.echo()).toBe(0);
    const reply = await scu.find(dataSet({ PatientID: '', PatientComments: '' }));
    expect([reply.status, reply.answers.length]).toEqual([0, 200]);
    await scu.release();
    const accepted = events.find(({ type }) => type === 'association-accepted');
    expect(accepted).toMatchObject({ association: { secured: true, remoteAddress: '127.0.0.1' } });
  });

  it.each<[string, ConnectionOptions, string]>([
    ['TLS 1.3 when the peer has it', {}, 'TLSv1.3'],
    ['TLS 1.2 when it has not', { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
  ])('uses %s, and keeps no session to resume', async (_name, options, version) => {
    const { secure } = await start();
    const scu = await DicomScu.open({ ...secure, tls: { ...verified, ...options } });
    const socket = scu.socket as TLSSocket;
    let sessions = 0;
    socket.on('session', () => {
      sessions += 1;
    });
    expect(socket.getProtocol()).toBe(version);
    expect(socket.getCipher().standardName).toMatch(/^TLS_(ECDHE_ECDSA_WITH_)?AES_256_GCM_SHA384$/);
    expect(await scu.echo()).toBe(0);
    const again = await DicomScu.open({
      ...secure,
      tls: { ...verified, ...options, session: socket.getSession() },
    });
    expect((again.socket as TLSSocket).isSessionReused()).toBe(false);
    expect(sessions).toBe(0);
    scu.destroy();
    again.destroy();
  });

  it.each<[string, ConnectionOptions]>([
    ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['CBC suites', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384' }],
    ['suites without ephemeral keys', { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }],
  ])('refuses %s', async (_name, options) => {
    const here = await start();
    await expect(DicomScu.connect({ ...here.secure, tls: options })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_SSL_/),
    });
    await expect.poll(() => failures(here)).toHaveLength(1);
    await mustStillAnswer(here);
    expect(here.server.stats.tlsFailed).toBe(1);
  });

  it('does not let a peer renegotiate', async () => {
    const here = await start();
    const scu = await DicomScu.open({ ...here.secure, tls: { ...verified, maxVersion: 'TLSv1.2' } });
    const socket = scu.socket as TLSSocket;
    let hasRenegotiated = false;
    socket.renegotiate({}, (error) => {
      hasRenegotiated = error === null;
    });
    await mustStillAnswer(here);
    await mustStillAnswer(here);
    expect(hasRenegotiated).toBe(false);
    scu.destroy();
  });
});

describe('what the admission is told', () => {
  it.each<[string, ScuOptions['tls'], object]>([
    ['no TLS', undefined, { secured: false, certificate: null }],
    ['no certificate', verified, { secured: true, certificate: null }],
    [
      'one of the authority',
      { ...verified, ...scanner },
      {
        secured: true,
        certificate: {
          fingerprintSha256: new X509Certificate(scanner.cert).fingerprint256,
          subject: 'O=Facet tests, CN=SPECT1',
          isTrusted: true,
        },
      },
    ],
    [
      'one that signed itself',
      { ...verified, ...stranger },
      { secured: true, certificate: { subject: 'CN=SPECT1', isTrusted: false } },
    ],
  ])('%s', async (_name, tls, transport) => {
    const { plain, secure, asked } = await start();
    const scu = await DicomScu.open(tls === undefined ? plain : { ...secure, tls });
    await scu.release();
    expect(asked).toMatchObject([{ callingAETitle: 'SCANNER', remoteAddress: '127.0.0.1', transport }]);
  });

  it('nobody is trusted when no authority was given', async () => {
    const { key, certificate } = serverCredentials;
    const { secure, asked } = await start({ tls: { port: 0, key, certificate } });
    await (await DicomScu.open({ ...secure, tls: { ...verified, ...scanner } })).release();
    expect(asked[0]?.transport.certificate?.isTrusted).toBe(false);
  });

  it('its explanation comes back in the event, not to the peer', async () => {
    const admit = async ({ transport }: AdmissionRequest) =>
      transport.certificate?.isTrusted === true
        ? { accepted: true as const, peer: { id: 'p', responseCharacterSet: [], maxAnswers: 1 } }
        : { accepted: false as const, reason: 'no-reason-given' as const, explanation: 'certificate wanted' };
    const { secure, events } = await start({ admission: { admit } });
    const without = await DicomScu.connect({ ...secure, tls: { ...verified, ...stranger } });
    expect(await without.associate()).toEqual({ type: 'rejected', result: 1, source: 1, reason: 1 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'association-rejected', explanation: 'certificate wanted' }),
    );
    await (await DicomScu.open({ ...secure, tls: { ...verified, ...scanner } })).release();
    without.destroy();
  });
});

describe('renewing the certificate', () => {
  const renewed = { key: readCertificate('renewed.key'), certificate: readCertificate('renewed.crt') };

  it('counts from the next handshake on and leaves associations alone', async () => {
    const { server, secure } = await start();
    const before = await DicomScu.open({ ...secure, tls: verified });
    server.renewCertificate({ ...renewed, ca: authority });
    const after = await DicomScu.open({ ...secure, tls: verified });
    const seen = [before, after].map((scu) => (scu.socket as TLSSocket).getPeerCertificate().fingerprint256);
    expect(seen).toEqual(
      [serverCredentials, renewed].map(({ certificate }) => new X509Certificate(certificate).fingerprint256),
    );
    expect([await before.echo(), await after.echo()]).toEqual([0, 0]);
    before.destroy();
    after.destroy();
  });

  it('changes nothing when key and certificate do not fit together', async () => {
    const here = await start();
    const { key } = renewed;
    expect(() => here.server.renewCertificate({ ...serverCredentials, key })).toThrow(/mismatch/);
    expect(() => here.server.renewCertificate({ key: 'x', certificate: 'y' })).toThrow();
    await mustStillAnswer(here);
  });

  it('needs a TLS port', async () => {
    const { server } = await start({ tls: undefined });
    expect(server.tlsAddress).toBeNull();
    expect(() => server.renewCertificate(serverCredentials)).toThrow(TypeError);
  });
});

describe('hostile bytes on the TLS port', () => {
  async function provoke(here: World, bytes: Buffer): Promise<Buffer> {
    const socket = connectPlain(here.secure.port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    return Buffer.concat(received);
  }

  it.each<[string, Buffer, string | RegExp]>([
    ['an HTTP GET', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'ERR_SSL_HTTP_REQUEST'],
    ['a plain A-ASSOCIATE-RQ', encodeAssociateRequest({ port: 0 }), 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['a record of 64 KiB', Buffer.from('160301ffff01', 'hex'), /^ERR_SSL_|^HANDSHAKE_TIMEOUT$/],
    ['half a hello', Buffer.from('16030100c8010000c40303', 'hex'), 'HANDSHAKE_TIMEOUT'],
    ['silence', Buffer.alloc(0), 'HANDSHAKE_TIMEOUT'],
    ['an alert', Buffer.from('15030100020228', 'hex'), /^ERR_SSL_/],
  ])('%s ends the connection', async (_name, bytes, code) => {
    const here = await start();
    await provoke(here, bytes);
    await expect.poll(() => failures(here)).toHaveLength(1);
    expect(failures(here)[0]).toMatchObject({
      remoteAddress: '127.0.0.1',
      code: typeof code === 'string' ? code : expect.stringMatching(code),
    });
    await expect.poll(() => here.server.stats.connectionsOpen).toBe(0);
    await mustStillAnswer(here);
  });

  it('a byte now and then does not lengthen a handshake', async () => {
    const here = await start();
    const socket = connectPlain(here.secure.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(Buffer.from('1603010400', 'hex'));
    const drip = setInterval(() => socket.write(Buffer.alloc(1)), 20);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(failures(here)).toMatchObject([{ code: expect.stringMatching(/HANDSHAKE_TIMEOUT|ERR_SSL/) }]);
    await mustStillAnswer(here);
  });

  it('the same bytes inside TLS end in an abort', async () => {
    const here = await start();
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from('01000000ffff', 'hex').fill(0xff, 2),
    ]) {
      const scu = await DicomScu.connect({ ...here.secure, tls: verified });
      scu.sendRaw(bytes);
      expect((await scu.ending()).aborted).toBe(true);
    }
    const silent = await DicomScu.connect({ ...here.secure, tls: verified });
    expect((await silent.ending()).aborted).toBe(false);
    await mustStillAnswer(here);
  });

  it('handshakes count as connections, on both ports together', async () => {
    const here = await start({ limits: { connectionsPerAddressMax: 4, tlsHandshakeMs: 5_000 } });
    const halves = Array.from({ length: 3 }, () => connectPlain(here.secure.port, '127.0.0.1'));
    for (const socket of halves) socket.on('error', () => socket.destroy());
    await expect.poll(() => here.server.stats.connectionsOpen).toBe(3);
    const last = await DicomScu.open(here.plain);
    await expect(DicomScu.connect({ ...here.secure, tls: verified })).rejects.toThrow();
    expect(await (await DicomScu.connect(here.plain)).ending()).toEqual({ aborted: false });
    expect(here.server.stats.connectionsRefused).toBe(2);
    for (const socket of halves) socket.destroy();
    last.destroy();
    await expect.poll(() => here.server.stats.connectionsOpen).toBe(0);
    await mustStillAnswer(here);
  });

  it('closing does not wait for handshakes', async () => {
    const here = await start({ limits: { tlsHandshakeMs: 60_000 } });
    const half = connectPlain(here.secure.port, '127.0.0.1');
    half.on('error', () => half.destroy());
    await expect.poll(() => here.server.stats.connectionsOpen).toBe(1);
    await here.server.close(60_000);
    expect([here.server.address, here.server.tlsAddress]).toEqual([null, null]);
    half.destroy();
  });

  it('tells why the TLS address cannot be had, and gives the plain one back', async () => {
    const here = await start();
    const second = createDicomServer({
      host: '127.0.0.1',
      port: 0,
      aeTitle: 'FACET',
      tls: { ...serverCredentials, port: here.secure.port },
      admission: { admit: async () => ({ accepted: false, reason: 'no-reason-given' }) },
      worklist: worklistOf([]),
    });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(second.address).toBeNull();
  });
});
