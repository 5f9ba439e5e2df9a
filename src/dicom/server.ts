// PS3.8 §9.1.2: the listener. Counts connections, and joins associations with services.
import { createServer, type Server, type Socket } from 'node:net';
import {
  type AssociationAdmission,
  type AssociationLimits,
  associationLimits,
  Connection,
  type DicomEvent,
  type DicomObserver,
  isAETitle,
  type Offer,
  Roster,
  SecureTransport,
  type TlsCredentials,
  type Transport,
} from './association/index.js';
import { type AssemblerLimits, fragmentCountMax, messageBytesMax } from './dimse/index.js';
import { addressOf, type DicomAddress, startListening, stopListening, toPlainAddress } from './listening.js';
import type { PerformedStepPort } from './services/performed-step.port.js';
import { createPerformedStepServices } from './services/performed-step.scp.js';
import { performRequest, type Service } from './services/service.js';
import { createVerificationService } from './services/verification.scp.js';
import type { WorklistPort } from './services/worklist.port.js';
import { createWorklistService } from './services/worklist.scp.js';

export type DicomLimits = AssociationLimits & AssemblerLimits;

/** DICOM over TLS (PS3.15 §B.12). */
export interface DicomTlsOptions extends TlsCredentials {
  /** 0 takes any free port. */
  readonly port: number;
  /** Absent: the host of the plain port. */
  readonly host?: string;
}

export interface DicomServerOptions {
  readonly host: string;
  /** 0 takes any free port; {@link DicomServer.listen} tells which. */
  readonly port: number;
  /** Our own AE title; associations that call another are rejected. */
  readonly aeTitle: string;
  readonly admission: AssociationAdmission;
  readonly worklist: WorklistPort;
  /** Where performed steps are kept. Absent: MPPS and MPPS Retrieve are not offered. */
  readonly performedSteps?: PerformedStepPort;
  /** A second port that speaks TLS, with the same services and under the same limits. */
  readonly tls?: DicomTlsOptions;
  /** Told of everything that a log or an audit trail may want to keep. What it throws is ignored. */
  readonly observer?: DicomObserver;
  /** Overrides, for specs that cannot wait ten seconds. */
  readonly limits?: Partial<DicomLimits>;
}

/** Counted since the server was made. */
export interface DicomServerStats {
  readonly connectionsOpen: number;
  readonly associationsOpen: number;
  readonly associationsAccepted: number;
  readonly associationsRejected: number;
  readonly associationsAborted: number;
  readonly connectionsRefused: number;
  readonly tlsFailed: number;
  readonly echoesAnswered: number;
  readonly findsAnswered: number;
  readonly answersSent: number;
}

export interface DicomServer {
  /** Rejects with the system's error when the address cannot be had. */
  listen(): Promise<DicomAddress>;
  /**
   * Takes no more connections, lets running operations finish for up to `graceMs` milliseconds, then ends what is
   * left. Resolves when every socket is closed.
   */
  close(graceMs: number): Promise<void>;
  /** Null while not listening. */
  readonly address: DicomAddress | null;
  /** Of the port that speaks TLS; null without one. */
  readonly tlsAddress: DicomAddress | null;
  /**
   * Key and certificates from the next handshake on; associations stay. Throws OpenSSL's error when they do not fit
   * together, and a TypeError without a TLS port; the old ones hold then.
   */
  renewCertificate(credentials: TlsCredentials): void;
  readonly stats: DicomServerStats;
}

export function createDicomServer(options: DicomServerOptions): DicomServer {
  if (!isAETitle(options.aeTitle)) throw new TypeError('an AE title has 1 to 16 printable characters');
  return new Listener(options);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Listener implements DicomServer {
  private readonly server: Server;
  /** Accepts for TLS; null without a TLS port. */
  private readonly tlsServer: Server | null;
  private readonly secureTransport: SecureTransport | null;
  private readonly roster: Roster;
  private readonly limits: DicomLimits;
  private readonly services: readonly Service[];
  private readonly offer: Offer;
  private readonly counts: Mutable<Omit<DicomServerStats, 'connectionsOpen' | 'associationsOpen'>> = {
    associationsAccepted: 0,
    associationsRejected: 0,
    associationsAborted: 0,
    connectionsRefused: 0,
    tlsFailed: 0,
    echoesAnswered: 0,
    findsAnswered: 0,
    answersSent: 0,
  };
  private lastAssociationId = 0;
  private isClosing = false;

  constructor(private readonly options: DicomServerOptions) {
    this.limits = { ...associationLimits, messageBytesMax, fragmentCountMax, ...options.limits };
    const observe = (event: DicomEvent): void => this.observe(event);
    this.services = [
      createVerificationService(observe),
      createWorklistService(options.worklist, observe),
      ...(options.performedSteps ? createPerformedStepServices(options.performedSteps, observe) : []),
    ];
    this.offer = {
      aeTitle: options.aeTitle,
      sopClasses: new Map(this.services.map((service) => [service.sopClass, service.negotiate])),
    };
    this.roster = new Roster(this.limits);
    this.server = createServer((socket) => this.onSocket(socket));
    const { tls } = options;
    this.secureTransport = tls === undefined ? null : new SecureTransport(tls, this.limits.tlsHandshakeMs);
    this.tlsServer = tls === undefined ? null : createServer((socket) => this.onTlsSocket(socket));
  }

  async listen(): Promise<DicomAddress> {
    const { host, port, tls } = this.options;
    const onFault = (error: unknown): void => this.tell({ type: 'listener-fault', error });
    await startListening(this.server, { host, port }, onFault);
    if (this.tlsServer !== null && tls !== undefined) {
      try {
        await startListening(this.tlsServer, { host: tls.host ?? host, port: tls.port }, onFault);
      } catch (error) {
        await this.close(0);
        throw error;
      }
    }
    return this.address ?? { host, port };
  }

  async close(graceMs: number): Promise<void> {
    this.isClosing = true;
    const closed = Promise.all([stopListening(this.server), stopListening(this.tlsServer)]);
    this.roster.shutDown();
    const grace = setTimeout(() => this.roster.destroy(), graceMs);
    await closed;
    clearTimeout(grace);
  }

  get address(): DicomAddress | null {
    return addressOf(this.server);
  }

  get tlsAddress(): DicomAddress | null {
    return addressOf(this.tlsServer);
  }

  renewCertificate(credentials: TlsCredentials): void {
    if (this.secureTransport === null) throw new TypeError('there is no TLS port');
    this.secureTransport.renew(credentials);
  }

  get stats(): DicomServerStats {
    return {
      ...this.counts,
      connectionsOpen: this.roster.connectionCount,
      associationsOpen: this.roster.associationCount,
    };
  }

  private onSocket(socket: Socket): void {
    const remoteAddress = this.seat(socket);
    if (remoteAddress === null) return;
    this.connect(socket, remoteAddress, { secured: false, certificate: null });
  }

  /** The handshake has the socket's place until the connection takes it. */
  private onTlsSocket(socket: Socket): void {
    const remoteAddress = this.seat(socket);
    if (remoteAddress === null) return;
    this.roster.addHandshake(socket, remoteAddress);
    this.secureTransport?.begin(socket, {
      onSecured: (secured, transport) => {
        this.roster.endHandshake(socket);
        this.connect(secured, remoteAddress, transport);
      },
      onFailed: (code) => {
        this.roster.endHandshake(socket);
        this.observe({ type: 'tls-failed', remoteAddress, code });
      },
    });
  }

  /** The peer's address when there is a place for it; else the socket is closed without a word. */
  private seat(socket: Socket): string | null {
    const remoteAddress = toPlainAddress(socket.remoteAddress ?? '');
    if (!this.isClosing && this.roster.hasPlace(remoteAddress)) return remoteAddress;
    socket.destroy();
    this.observe({ type: 'connection-refused', remoteAddress, reason: 'too-many-connections' });
    return null;
  }

  private connect(socket: Socket, remoteAddress: string, transport: Transport): void {
    this.lastAssociationId += 1;
    const connection: Connection = new Connection(socket, {
      associationId: this.lastAssociationId,
      remoteAddress,
      transport,
      offer: this.offer,
      admission: this.options.admission,
      limits: this.limits,
      hasRoom: () => this.roster.hasRoom(remoteAddress),
      mayHold: (bytes) => this.roster.mayHold(bytes),
      perform: async (exchange, peer, association) => {
        const refused = await performRequest(this.services, exchange, { peer, association });
        if (refused === null) return;
        const { commandField } = exchange.request;
        this.observe({
          type: 'operation-refused',
          association,
          peerId: peer.id,
          commandField,
          status: refused,
        });
      },
      observe: (event) => this.observe(event),
      onClosed: () => this.roster.remove(connection),
    });
    this.roster.add(connection, remoteAddress);
    connection.open();
  }

  private observe(event: DicomEvent): void {
    if (event.type === 'association-accepted') this.counts.associationsAccepted += 1;
    if (event.type === 'association-rejected') this.counts.associationsRejected += 1;
    if (event.type === 'association-aborted') this.counts.associationsAborted += 1;
    if (event.type === 'connection-refused') this.counts.connectionsRefused += 1;
    if (event.type === 'tls-failed') this.counts.tlsFailed += 1;
    if (event.type === 'echo-answered') this.counts.echoesAnswered += 1;
    if (event.type === 'find-answered') {
      this.counts.findsAnswered += 1;
      this.counts.answersSent += event.answerCount;
    }
    this.tell(event);
  }

  private tell(event: DicomEvent): void {
    try {
      this.options.observer?.(event);
    } catch {
      // A log that fails must not end an association.
    }
  }
}
