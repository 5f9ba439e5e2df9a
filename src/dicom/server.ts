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
} from './association/index.js';
import { type AssemblerLimits, fragmentCountMax, messageBytesMax } from './dimse/index.js';
import { performRequest, type Service } from './services/service.js';
import { createVerificationService } from './services/verification.scp.js';
import type { WorklistPort } from './services/worklist.port.js';
import { createWorklistService } from './services/worklist.scp.js';

export type DicomLimits = AssociationLimits & AssemblerLimits;

export interface DicomServerOptions {
  readonly host: string;
  /** 0 takes any free port; {@link DicomServer.listen} tells which. */
  readonly port: number;
  /** Our own AE title; associations that call another are rejected. */
  readonly aeTitle: string;
  readonly admission: AssociationAdmission;
  readonly worklist: WorklistPort;
  /** Told of everything that a log or an audit trail may want to keep. What it throws is ignored. */
  readonly observer?: DicomObserver;
  /** Overrides, for specs that cannot wait ten seconds. */
  readonly limits?: Partial<DicomLimits>;
}

export interface DicomAddress {
  readonly host: string;
  readonly port: number;
}

/** Counted since the server was made. */
export interface DicomServerStats {
  readonly connectionsOpen: number;
  readonly associationsOpen: number;
  readonly associationsAccepted: number;
  readonly associationsRejected: number;
  readonly associationsAborted: number;
  readonly connectionsRefused: number;
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
  readonly stats: DicomServerStats;
}

export function createDicomServer(options: DicomServerOptions): DicomServer {
  if (!isAETitle(options.aeTitle)) throw new TypeError('an AE title has 1 to 16 printable characters');
  return new Listener(options);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Listener implements DicomServer {
  private readonly server: Server;
  private readonly limits: DicomLimits;
  private readonly services: readonly Service[];
  private readonly connections = new Map<Connection, string>();
  private readonly counts: Mutable<Omit<DicomServerStats, 'connectionsOpen' | 'associationsOpen'>> = {
    associationsAccepted: 0,
    associationsRejected: 0,
    associationsAborted: 0,
    connectionsRefused: 0,
    echoesAnswered: 0,
    findsAnswered: 0,
    answersSent: 0,
  };
  private lastAssociationId = 0;
  private isClosing = false;

  constructor(private readonly options: DicomServerOptions) {
    this.limits = { ...associationLimits, messageBytesMax, fragmentCountMax, ...options.limits };
    const observe = (event: DicomEvent): void => this.observe(event);
    this.services = [createVerificationService(observe), createWorklistService(options.worklist, observe)];
    this.server = createServer((socket) => this.onSocket(socket));
  }

  listen(): Promise<DicomAddress> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port, this.options.host, () => {
        this.server.off('error', reject);
        // Later errors (out of file descriptors) concern one accept; the listener goes on.
        this.server.on('error', (error) => this.tell({ type: 'listener-fault', error }));
        resolve(this.address ?? { host: this.options.host, port: this.options.port });
      });
    });
  }

  async close(graceMs: number): Promise<void> {
    this.isClosing = true;
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const connection of this.connections.keys()) connection.shutDown();
    const grace = setTimeout(() => {
      for (const connection of this.connections.keys()) connection.destroy();
    }, graceMs);
    await closed;
    clearTimeout(grace);
  }

  get address(): DicomAddress | null {
    const address = this.server.address();
    if (address === null || typeof address === 'string') return null;
    return { host: address.address, port: address.port };
  }

  get stats(): DicomServerStats {
    return {
      ...this.counts,
      connectionsOpen: this.connections.size,
      associationsOpen: this.countAssociations(null),
    };
  }

  private onSocket(socket: Socket): void {
    const remoteAddress = toPlainAddress(socket.remoteAddress ?? '');
    const { connectionCountMax, connectionsPerAddressMax } = this.limits;
    const fromHere = [...this.connections.values()].filter((address) => address === remoteAddress).length;
    if (
      this.isClosing ||
      this.connections.size >= connectionCountMax ||
      fromHere >= connectionsPerAddressMax
    ) {
      socket.destroy();
      this.observe({ type: 'connection-refused', remoteAddress, reason: 'too-many-connections' });
      return;
    }
    this.lastAssociationId += 1;
    const connection: Connection = new Connection(socket, {
      associationId: this.lastAssociationId,
      remoteAddress,
      offer: {
        aeTitle: this.options.aeTitle,
        sopClasses: new Map(this.services.map((service) => [service.sopClass, service.negotiate])),
      },
      admission: this.options.admission,
      limits: this.limits,
      hasRoom: () =>
        this.countAssociations(null) < this.limits.associationCountMax &&
        this.countAssociations(remoteAddress) < this.limits.associationsPerAddressMax,
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
      onClosed: () => this.connections.delete(connection),
    });
    this.connections.set(connection, remoteAddress);
    connection.open();
  }

  private countAssociations(remoteAddress: string | null): number {
    let count = 0;
    for (const [connection, address] of this.connections) {
      if (connection.isAssociation && (remoteAddress === null || address === remoteAddress)) count += 1;
    }
    return count;
  }

  private observe(event: DicomEvent): void {
    if (event.type === 'association-accepted') this.counts.associationsAccepted += 1;
    if (event.type === 'association-rejected') this.counts.associationsRejected += 1;
    if (event.type === 'association-aborted') this.counts.associationsAborted += 1;
    if (event.type === 'connection-refused') this.counts.connectionsRefused += 1;
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

/** An IPv4 peer on a socket that speaks both looks like ::ffff:192.0.2.1. */
function toPlainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
