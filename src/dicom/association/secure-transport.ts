// PS3.15 §B.12 (BCP 195, RFC 9325): TLS in front of an association. Finishes handshakes; what comes out is a
// socket like any other, and what was seen of the peer's certificate.
import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { PeerCertificate, Transport } from './admission.port.js';

/** Key and certificates are PEM; the certificate may be followed by its chain. */
export interface TlsCredentials {
  readonly key: string | Buffer;
  readonly certificate: string | Buffer;
  /** Authorities that peers' certificates are judged by. Absent: no peer's certificate is trusted. */
  readonly ca?: string | Buffer;
}

export interface SecureTransportPort {
  onSecured(socket: TLSSocket, transport: Transport): void;
  /** The code is one of Node's or OpenSSL's (`ERR_SSL_HTTP_REQUEST`, `ECONNRESET`) or `HANDSHAKE_TIMEOUT`. */
  onFailed(code: string): void;
}

/**
 * RFC 9325 §4.2 for TLS 1.2: ephemeral keys and authenticated encryption, nothing else. The suites of TLS 1.3 all are
 * that. The first suite that the peer has too is taken.
 */
export const cipherSuites: readonly string[] = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
];

/** RFC 9325 §4.2.1: what keys are exchanged over, in order of preference. */
export const keyExchangeGroups: readonly string[] = ['X25519', 'P-256', 'P-384'];

/** Sessions are not resumed: every connection shows its certificate, so a renewed authority counts from the next one on. */
const secureOptions = constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET;

function toContext({ key, certificate, ca }: TlsCredentials): SecureContextOptions {
  return {
    key,
    cert: certificate,
    // Without authorities of our own nobody is trusted, not even those that come with Node.
    ca: ca ?? [],
    minVersion: 'TLSv1.2',
    ciphers: cipherSuites.join(':'),
    honorCipherOrder: true,
    ecdhCurve: keyExchangeGroups.join(':'),
    secureOptions,
  };
}

/** What is kept of a subject: enough for every name that an authority gives. */
const subjectCharactersMax = 256;

interface Handshake {
  readonly socket: Socket;
  readonly port: SecureTransportPort;
  readonly overdue: NodeJS.Timeout;
}

/** TLS handshakes over sockets that somebody else has accepted and counted. */
export class SecureTransport {
  /** Never listens: it is given sockets. */
  private readonly server: Server;
  /** By the peer's address and port, which is how the server's events can be told apart. */
  private readonly handshakes = new Map<string, Handshake>();
  private trustsAuthorities: boolean;

  /** Throws OpenSSL's error when the key does not fit the certificate, or one of them cannot be read. */
  constructor(
    credentials: TlsCredentials,
    private readonly handshakeMs: number,
  ) {
    this.trustsAuthorities = credentials.ca !== undefined;
    this.server = createServer({
      ...toContext(credentials),
      // Asked for from everybody; whether it is good enough, or needed at all, is the admission's question.
      requestCert: true,
      rejectUnauthorized: false,
    });
    this.server.on('secureConnection', (socket) => this.onSecured(socket));
    this.server.on('tlsClientError', (error, socket) => this.onFailed(endpointOf(socket), codeOf(error)));
  }

  /** From the next handshake on; associations stay. Throws as the constructor does, and then changes nothing. */
  renew(credentials: TlsCredentials): void {
    this.server.setSecureContext(toContext(credentials));
    this.trustsAuthorities = credentials.ca !== undefined;
  }

  /**
   * Tells the port once how it ended. The whole handshake has its time, however the bytes come in: Node's own limit
   * is one for silence only.
   */
  begin(socket: Socket, port: SecureTransportPort): void {
    const endpoint = endpointOf(socket);
    const overdue = setTimeout(() => this.onFailed(endpoint, 'HANDSHAKE_TIMEOUT'), this.handshakeMs);
    this.handshakes.set(endpoint, { socket, port, overdue });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.onFailed(endpoint, 'CLOSED'));
    this.server.emit('connection', socket);
  }

  private onSecured(socket: TLSSocket): void {
    const handshake = this.finish(endpointOf(socket));
    if (handshake === null) {
      socket.destroy();
      return;
    }
    const certificate = this.describeCertificate(socket);
    handshake.port.onSecured(socket, { secured: true, certificate });
  }

  private onFailed(endpoint: string, code: string): void {
    const handshake = this.finish(endpoint);
    if (handshake === null) return;
    handshake.socket.destroy();
    handshake.port.onFailed(code);
  }

  private finish(endpoint: string): Handshake | null {
    const handshake = this.handshakes.get(endpoint) ?? null;
    this.handshakes.delete(endpoint);
    if (handshake !== null) clearTimeout(handshake.overdue);
    return handshake;
  }

  private describeCertificate(socket: TLSSocket): PeerCertificate | null {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) return null;
    return {
      fingerprintSha256: certificate.fingerprint256,
      subject: toPrintable(certificate.subject),
      isTrusted: this.trustsAuthorities && socket.authorized,
    };
  }
}

function endpointOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

/** A self-made certificate may call itself anything, with or without line ends. */
function toPrintable(subject: string): string {
  return subject
    .split('\n')
    .join(', ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, subjectCharactersMax);
}
