import { connect, type Socket } from 'node:net';
import { PduScanner } from './pdu-scanner.js';

// One client for every server: prebuilt PDUs, one write for a request, TCP_NODELAY, answers counted and not decoded.

export const VERIFICATION = '1.2.840.10008.1.1';
export const WORKLIST = '1.2.840.10008.5.1.4.31';
/** The one transfer syntax that every console and every server has. */
const IMPLICIT_VR = '1.2.840.10008.1.2';
const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
const ECHO_CONTEXT = 1;
const FIND_CONTEXT = 3;
/** DCMTK's and most consoles' own announcement. */
const PDU_BYTES_MAX = 16_384;
export const RELEASE_REQUEST = Buffer.from([0x05, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
const RELEASE_REPLY = 0x06;
const ACCEPTED = 0x02;
const SUCCESS = 0x0000;

export interface Target {
  readonly port: number;
  readonly calledAETitle: string;
  readonly callingAETitle: string;
}

/** What an operation waits for. */
interface Waiting {
  readonly resolve: (answers: number) => void;
  readonly reject: (error: Error) => void;
}

export class LeanAssociation {
  private answers = 0;
  private waiting: Waiting | null = null;
  private identifiers: ((bytes: Buffer) => void) | null = null;
  private readonly scanner: PduScanner;

  private constructor(
    private readonly socket: Socket,
    collects: boolean,
  ) {
    this.scanner = new PduScanner({
      answered: () => {
        this.answers += 1;
      },
      ended: (status) =>
        status === SUCCESS ? this.settle() : this.fail(`status ${status.toString(16).padStart(4, '0')}`),
      other: (type) => this.onOther(type),
      ...(collects ? { identifier: (bytes: Buffer) => this.identifiers?.(bytes) } : {}),
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.scanner.push(chunk));
    socket.on('error', (error) => this.fail(error.message));
    socket.on('close', () => this.fail('the connection was closed'));
  }

  /** Connects and associates. With `collects`, `findAll` may be used. */
  static async open(target: Target, collects = false): Promise<LeanAssociation> {
    const socket = connect(target.port, '127.0.0.1');
    const association = new LeanAssociation(socket, collects);
    await association.ask(associateRequest(target));
    return association;
  }

  /** How many answers a query has. */
  find(request: Buffer): Promise<number> {
    return this.ask(request);
  }

  /** The identifiers of a query's answers, each whole. */
  async findAll(request: Buffer): Promise<Buffer[]> {
    const found: Buffer[] = [];
    this.identifiers = (bytes) => found.push(bytes);
    const count = await this.ask(request);
    if (count !== found.length) throw new Error(`${count} answers, ${found.length} identifiers`);
    return found;
  }

  async echo(): Promise<void> {
    await this.ask(ECHO_REQUEST);
  }

  /** Releases and waits for the reply. */
  async release(): Promise<void> {
    await this.ask(RELEASE_REQUEST);
    this.socket.destroy();
  }

  private ask(bytes: Buffer): Promise<number> {
    if (this.waiting !== null) throw new Error('one operation at a time');
    this.answers = 0;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  private settle(): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve(this.answers);
  }

  private fail(what: string): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(new Error(what));
  }

  private onOther(type: number): void {
    if (type === ACCEPTED || type === RELEASE_REPLY) this.settle();
    else this.fail(`PDU of type ${type}`);
  }
}

/** A whole query as one write: command and identifier, each in a P-DATA-TF of its own. */
export function findRequest(identifier: Uint8Array): Buffer {
  const request = command([
    [0x0002, uid(WORKLIST)],
    [0x0100, us(0x0020)],
    [0x0110, us(7)],
    [0x0700, us(0)],
    [0x0800, us(0)],
  ]);
  return Buffer.concat([pData(FIND_CONTEXT, true, request), pData(FIND_CONTEXT, false, identifier)]);
}

export const ECHO_REQUEST = pData(
  ECHO_CONTEXT,
  true,
  command([
    [0x0002, uid(VERIFICATION)],
    [0x0100, us(0x0030)],
    [0x0110, us(7)],
    [0x0800, us(0x0101)],
  ]),
);

const associateRequests = new WeakMap<Target, Buffer>();

export function associateRequest(target: Target): Buffer {
  const known = associateRequests.get(target);
  if (known !== undefined) return known;
  const made = makeAssociateRequest(target);
  associateRequests.set(target, made);
  return made;
}

function makeAssociateRequest({ calledAETitle, callingAETitle }: Target): Buffer {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(1, 0);
  fixed.write(calledAETitle.padEnd(16), 4, 'latin1');
  fixed.write(callingAETitle.padEnd(16), 20, 'latin1');
  const maximum = Buffer.alloc(4);
  maximum.writeUInt32BE(PDU_BYTES_MAX);
  const user = [
    item(0x51, maximum),
    item(0x52, Buffer.from('1.2.826.0.1.3680043.10.1')),
    item(0x55, Buffer.from('BENCH')),
  ];
  const body = [
    fixed,
    item(0x10, Buffer.from(APPLICATION_CONTEXT)),
    presentationContext(ECHO_CONTEXT, VERIFICATION),
    presentationContext(FIND_CONTEXT, WORKLIST),
    item(0x50, Buffer.concat(user)),
  ];
  return pdu(0x01, Buffer.concat(body));
}

function presentationContext(id: number, abstractSyntax: string): Buffer {
  const syntaxes = [item(0x30, Buffer.from(abstractSyntax)), item(0x40, Buffer.from(IMPLICIT_VR))];
  return item(0x20, Buffer.concat([Buffer.from([id, 0, 0, 0]), ...syntaxes]));
}

function item(type: number, value: Uint8Array): Buffer {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}

function pdu(type: number, body: Uint8Array): Buffer {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function pData(contextId: number, isCommand: boolean, fragment: Uint8Array): Buffer {
  const head = Buffer.from([0, 0, 0, 0, contextId, isCommand ? 3 : 2]);
  head.writeUInt32BE(fragment.length + 2, 0);
  return pdu(0x04, Buffer.concat([head, fragment]));
}

function command(elements: readonly (readonly [element: number, value: Buffer])[]): Buffer {
  const body = Buffer.concat(elements.map(([element, value]) => commandElement(element, value)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([commandElement(0x0000, length), body]);
}

function commandElement(element: number, value: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(element, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
}

function us(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uid(value: string): Buffer {
  return Buffer.from(value.length % 2 === 1 ? `${value}\0` : value, 'latin1');
}
