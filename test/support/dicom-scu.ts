import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type DataSet, readDataSet, type TransferSyntax, writeDataSet } from '../../src/dicom/index.js';

/**
 * A small DICOM client for specs: a scanner made of raw bytes. It shares no code with the listener's PDUs and
 * commands, so that a mistake there is not made twice; identifiers are written and read with the library's data sets.
 */

export const verification = '1.2.840.10008.1.1';
export const modalityWorklist = '1.2.840.10008.5.1.4.31';
export const implicitVR = '1.2.840.10008.1.2';
export const explicitVR = '1.2.840.10008.1.2.1';

export interface ScuContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

export interface ScuOptions {
  readonly host?: string;
  readonly port: number;
  /** Speak TLS. The listener's certificate is not checked unless an authority is given. */
  readonly tls?: ConnectionOptions;
  readonly callingAETitle?: string;
  readonly calledAETitle?: string;
  readonly contexts?: readonly ScuContext[];
  /** Announced maximum length; what is sent in larger PDUs fails the spec. 0 is unlimited. */
  readonly pduBytesMax?: number;
  /** Further user information sub-items, whole. */
  readonly userItems?: readonly Buffer[];
  readonly applicationContext?: string;
  readonly protocolVersion?: number;
}

export interface Pdu {
  readonly type: number;
  readonly body: Buffer;
}

export type AssociateReply =
  | {
      readonly type: 'accepted';
      readonly contexts: ReadonlyMap<number, { result: number; transferSyntax: string }>;
      readonly userItems: ReadonlyMap<number, Buffer>;
    }
  | { readonly type: 'rejected'; readonly result: number; readonly source: number; readonly reason: number }
  | { readonly type: 'aborted'; readonly source: number; readonly reason: number }
  | { readonly type: 'closed' };

export interface Response {
  readonly contextId: number;
  /** Command elements by tag, as bytes. */
  readonly command: ReadonlyMap<number, Buffer>;
  readonly status: number;
  readonly dataSet: DataSet | null;
}

export interface FindReply {
  readonly answers: readonly DataSet[];
  /** Of the last response. */
  readonly status: number;
  /** Of the responses that carried answers. */
  readonly pendingStatuses: readonly number[];
  readonly errorComment: string;
  readonly offendingElements: readonly number[];
}

export interface FindOptions {
  readonly messageId?: number;
  /** Encoded already; replaces the data set. */
  readonly identifierBytes?: Buffer;
  readonly contextId?: number;
  /** Called after each answer; may cancel. */
  readonly onAnswer?: (count: number) => void;
}

const defaultContexts: readonly ScuContext[] = [
  { id: 1, abstractSyntax: verification, transferSyntaxes: [implicitVR] },
  { id: 3, abstractSyntax: modalityWorklist, transferSyntaxes: [explicitVR, implicitVR] },
];

export class DicomScu {
  private received = Buffer.alloc(0);
  private isClosed = false;
  private wake: (() => void) | null = null;
  private accepted: ReadonlyMap<number, { result: number; transferSyntax: string }> = new Map();
  private lastMessageId = 0;

  private constructor(
    readonly socket: Socket,
    private readonly options: ScuOptions,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake?.();
    });
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      this.isClosed = true;
      this.wake?.();
    });
  }

  /** Opens the transport connection only. */
  static connect(options: ScuOptions): Promise<DicomScu> {
    return new Promise((resolve, reject) => {
      const { port, host = '127.0.0.1', tls } = options;
      const onOpen = (): void => resolve(new DicomScu(socket, options));
      const socket =
        tls === undefined
          ? connect(port, host, onOpen)
          : connectTls({ rejectUnauthorized: tls.ca !== undefined, ...tls, port, host }, onOpen);
      socket.once('error', reject);
    });
  }

  /** Opens a connection and an association; throws when it is not accepted. */
  static async open(options: ScuOptions): Promise<DicomScu> {
    const scu = await DicomScu.connect(options);
    const reply = await scu.associate();
    if (reply.type !== 'accepted') throw new Error(`association ${JSON.stringify(reply)}`);
    return scu;
  }

  async associate(): Promise<AssociateReply> {
    this.sendRaw(encodeAssociateRequest(this.options));
    const pdu = await this.nextPdu();
    if (pdu === null) return { type: 'closed' };
    const [, second = 0, third = 0, fourth = 0] = pdu.body;
    if (pdu.type === 0x03) return { type: 'rejected', result: second, source: third, reason: fourth };
    if (pdu.type === 0x07) return { type: 'aborted', source: third, reason: fourth };
    if (pdu.type !== 0x02) throw new Error(`unexpected PDU ${pdu.type}`);
    const { contexts, userItems } = decodeAssociateAccept(pdu.body);
    this.accepted = contexts;
    return { type: 'accepted', contexts, userItems };
  }

  /** The status of C-ECHO. */
  async echo(contextId = 1): Promise<number> {
    this.lastMessageId += 1;
    this.sendRaw(
      pData(
        contextId,
        true,
        true,
        command({ 2: uid(verification), 256: us(0x0030), 272: us(this.lastMessageId), 2048: us(0x0101) }),
      ),
    );
    return (await this.nextResponse()).status;
  }

  async find(identifier: DataSet | null, options: FindOptions = {}): Promise<FindReply> {
    this.sendFind(identifier, options);
    const answers: DataSet[] = [];
    const pendingStatuses: number[] = [];
    for (;;) {
      const response = await this.nextResponse();
      if (response.dataSet === null) {
        const offending = response.command.get(0x0901) ?? Buffer.alloc(0);
        const offendingElements: number[] = [];
        for (let at = 0; at + 4 <= offending.length; at += 4) {
          offendingElements.push(offending.readUInt16LE(at) * 0x10000 + offending.readUInt16LE(at + 2));
        }
        const errorComment = (response.command.get(0x0902) ?? Buffer.alloc(0)).toString('latin1').trim();
        return { answers, pendingStatuses, status: response.status, errorComment, offendingElements };
      }
      answers.push(response.dataSet);
      pendingStatuses.push(response.status);
      options.onAnswer?.(answers.length);
    }
  }

  /** Sends the request only. Returns its message id. */
  sendFind(identifier: DataSet | null, options: FindOptions = {}): number {
    const contextId = options.contextId ?? 3;
    const messageId = options.messageId ?? this.lastMessageId + 1;
    this.lastMessageId = messageId;
    const bytes =
      options.identifierBytes ??
      (identifier === null ? null : writeDataSet(identifier, this.syntaxOf(contextId)));
    const request = findRequest(messageId, bytes !== null);
    this.sendRaw(
      bytes === null
        ? pData(contextId, true, true, request)
        : Buffer.concat([pData(contextId, true, true, request), pData(contextId, false, true, bytes)]),
    );
    return messageId;
  }

  cancel(messageId = this.lastMessageId, contextId = 3): void {
    this.sendRaw(
      pData(contextId, true, true, command({ 256: us(0x0fff), 288: us(messageId), 2048: us(0x0101) })),
    );
  }

  /** Releases the association and waits for the answer; closes the socket. */
  async release(): Promise<void> {
    this.sendRaw(Buffer.from([0x05, 0, 0, 0, 0, 4, 0, 0, 0, 0]));
    const pdu = await this.nextPdu();
    this.destroy();
    if (pdu?.type !== 0x06) throw new Error(`A-RELEASE-RP expected, got ${pdu?.type}`);
  }

  abort(): void {
    this.sendRaw(Buffer.from([0x07, 0, 0, 0, 0, 4, 0, 0, 0, 0]));
  }

  sendRaw(bytes: Uint8Array): void {
    if (!this.isClosed) this.socket.write(bytes);
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** The next PDU, or null once the listener has closed the connection. */
  async nextPdu(): Promise<Pdu | null> {
    for (;;) {
      if (this.received.length >= 6) {
        const length = this.received.readUInt32BE(2);
        if (this.received.length >= 6 + length) {
          const pdu = { type: this.received.readUInt8(0), body: this.received.subarray(6, 6 + length) };
          this.received = this.received.subarray(6 + length);
          return pdu;
        }
      }
      if (this.isClosed) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** How the listener ended the connection: the A-ABORT it sent before closing, if it did. Other PDUs are skipped. */
  async ending(): Promise<{ readonly aborted: boolean; readonly source?: number; readonly reason?: number }> {
    let ending: { aborted: boolean; source?: number; reason?: number } = { aborted: false };
    for (let pdu = await this.nextPdu(); pdu !== null; pdu = await this.nextPdu()) {
      if (pdu.type === 0x07) ending = { aborted: true, source: pdu.body[2] ?? 0, reason: pdu.body[3] ?? 0 };
    }
    return ending;
  }

  /** The next DIMSE response, put together from its fragments. */
  async nextResponse(): Promise<Response> {
    const parts: Record<'command' | 'data', Buffer[]> = { command: [], data: [] };
    let elements: ReadonlyMap<number, Buffer> | null = null;
    for (;;) {
      const pdu = await this.nextPdu();
      if (pdu === null || pdu.type !== 0x04)
        throw new Error(`P-DATA-TF expected, got ${pdu?.type ?? 'a closed connection'}`);
      const max = this.options.pduBytesMax ?? 16_384;
      if (max > 0 && pdu.body.length > max)
        throw new Error(`PDU of ${pdu.body.length} bytes, ${max} were announced`);
      for (let at = 0; at < pdu.body.length; ) {
        const length = pdu.body.readUInt32BE(at);
        const contextId = pdu.body.readUInt8(at + 4);
        const control = pdu.body.readUInt8(at + 5);
        const kind = (control & 1) === 1 ? 'command' : 'data';
        if (length % 2 === 1) throw new Error('a fragment has an odd length');
        parts[kind].push(pdu.body.subarray(at + 6, at + 4 + length));
        at += 4 + length;
        if ((control & 2) === 0) continue;
        if (kind === 'command') elements = decodeCommand(Buffer.concat(parts.command));
        if (elements === null) throw new Error('data before its command');
        const hasDataSet = elements.get(0x0800)?.readUInt16LE(0) !== 0x0101;
        if (kind === 'command' && hasDataSet) continue;
        const status = elements.get(0x0900)?.readUInt16LE(0) ?? -1;
        const dataSet = hasDataSet ? readDataSet(Buffer.concat(parts.data), this.syntaxOf(contextId)) : null;
        if (at < pdu.body.length) throw new Error('the spec client expects one message in a PDU');
        return { contextId, command: elements, status, dataSet };
      }
    }
  }

  private syntaxOf(contextId: number): TransferSyntax {
    const chosen = this.accepted.get(contextId)?.transferSyntax;
    return chosen === implicitVR ? 'implicit-vr-little-endian' : 'explicit-vr-little-endian';
  }
}

/** One P-DATA-TF with one PDV. */
export function pData(contextId: number, isCommand: boolean, isLast: boolean, fragment: Uint8Array): Buffer {
  return pdu(0x04, pdv(contextId, isCommand, isLast, fragment));
}

export function pdv(contextId: number, isCommand: boolean, isLast: boolean, fragment: Uint8Array): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(fragment.length + 2, 0);
  head.writeUInt8(contextId, 4);
  head.writeUInt8((isCommand ? 1 : 0) | (isLast ? 2 : 0), 5);
  return Buffer.concat([head, fragment]);
}

export function pdu(type: number, body: Uint8Array, length = body.length): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(length, 2);
  return Buffer.concat([head, body]);
}

/** A command set with its group length, from element numbers and bytes. */
export function command(elements: Readonly<Record<number, Buffer>>, groupLengthError = 0): Buffer {
  const body = Object.entries(elements).map(([element, value]) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(Number(element), 2);
    head.writeUInt32LE(value.length, 4);
    return Buffer.concat([head, value]);
  });
  const bytes = Buffer.concat(body);
  const length = Buffer.from([0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
  length.writeUInt32LE(bytes.length + groupLengthError, 8);
  return Buffer.concat([length, bytes]);
}

export function findRequest(messageId: number, hasDataSet: boolean): Buffer {
  return command({
    2: uid(modalityWorklist),
    256: us(0x0020),
    272: us(messageId),
    1792: us(0),
    2048: us(hasDataSet ? 1 : 0x0101),
  });
}

export function us(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function uid(value: string): Buffer {
  return Buffer.from(value.length % 2 === 1 ? `${value}\0` : value, 'latin1');
}

/** An item or sub-item of an association PDU. */
export function item(type: number, body: Uint8Array, length = body.length): Buffer {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(length, 2);
  return Buffer.concat([head, body]);
}

export function encodeAssociateRequest(options: ScuOptions): Buffer {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(options.protocolVersion ?? 1, 0);
  fixed.write((options.calledAETitle ?? 'FACET').padEnd(16).slice(0, 16), 4, 'latin1');
  fixed.write((options.callingAETitle ?? 'SCANNER').padEnd(16).slice(0, 16), 20, 'latin1');
  const maximum = Buffer.alloc(4);
  maximum.writeUInt32BE(options.pduBytesMax ?? 16_384);
  const contexts = (options.contexts ?? defaultContexts).map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      0x20,
      Buffer.concat([
        Buffer.from([id, 0, 0, 0]),
        item(0x30, Buffer.from(abstractSyntax)),
        ...transferSyntaxes.map((syntax) => item(0x40, Buffer.from(syntax))),
      ]),
    ),
  );
  const userItems = [
    item(0x51, maximum),
    item(0x52, Buffer.from('1.2.3.4')),
    ...(options.userItems ?? []),
    item(0x55, Buffer.from('SPEC')),
  ];
  const applicationContext = item(0x10, Buffer.from(options.applicationContext ?? '1.2.840.10008.3.1.1.1'));
  return pdu(
    0x01,
    Buffer.concat([fixed, applicationContext, ...contexts, item(0x50, Buffer.concat(userItems))]),
  );
}

function decodeAssociateAccept(body: Buffer) {
  const contexts = new Map<number, { result: number; transferSyntax: string }>();
  const userItems = new Map<number, Buffer>();
  for (const { type, value } of items(body.subarray(68))) {
    if (type === 0x21) {
      const [syntax] = items(value.subarray(4));
      contexts.set(value.readUInt8(0), {
        result: value.readUInt8(2),
        transferSyntax: syntax?.value.toString('latin1') ?? '',
      });
    }
    if (type === 0x50) for (const inner of items(value)) userItems.set(inner.type, inner.value);
  }
  return { contexts, userItems };
}

function items(bytes: Buffer): { type: number; value: Buffer }[] {
  const list: { type: number; value: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    list.push({ type: bytes.readUInt8(at), value: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return list;
}

function decodeCommand(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const elements = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    elements.set(bytes.readUInt16LE(at + 2), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  if (elements.get(0)?.readUInt32LE(0) !== bytes.length - 12) throw new Error('wrong command group length');
  return elements;
}
