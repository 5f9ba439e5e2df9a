// PS3.8 §7 and PS3.7 §9.3.2 (C-FIND), §9.3.5 (C-ECHO): the other side of an association, as small as it can be: to ask
// our own door what a scanner would be told. One request at a time; whatever is odd ends it with an error.
import { connect, type Socket } from 'node:net';
import { implementationClassUID, implementationVersionName } from './association/index.js';
import { type DataSet, readDataSet, type TransferSyntax, writeDataSet } from './dataset/index.js';
import { decodeResponse, encodeRequest, fragmentMessage, statuses } from './dimse/index.js';
import { verificationSOPClass } from './services/verification.scp.js';
import { worklistSOPClass } from './services/worklist.scp.js';
import {
  decodeAssociateAccept,
  decodeAssociateReject,
  decodePdu,
  encodeAssociateRequest,
  encodePdu,
  type Frame,
  Framer,
  type PresentationDataValue,
  pduBytesMax,
  pduTypes,
  protocolVersion,
} from './wire/index.js';

export interface RequestorOptions {
  readonly host: string;
  readonly port: number;
  readonly callingAETitle: string;
  readonly calledAETitle: string;
  /** For all of it, from the connection to the release; then the socket is closed. */
  readonly timeoutMs: number;
  /** More answers than this end it with an error. */
  readonly answersMax: number;
}

export interface RequestorReply {
  readonly status: number;
  readonly answers: readonly DataSet[];
}

const applicationContext = '1.2.840.10008.3.1.1.1';
const explicitVR = '1.2.840.10008.1.2.1';
const implicitVR = '1.2.840.10008.1.2';
const contexts = { echo: 1, find: 3 } as const;
/** A response is some two hundred bytes; an answer a few thousand. */
const messageBytesMax = 1024 * 1024;

export class Requestor {
  private readonly framer = new Framer();
  private readonly pending: PresentationDataValue[] = [];
  private ended: Error | null = null;
  private wake: (() => void) | null = null;
  private lastMessageId = 0;
  private peerPduBytesMax = 0;
  private transferSyntaxes: ReadonlyMap<number, string> = new Map();

  private constructor(
    private readonly socket: Socket,
    private readonly options: RequestorOptions,
    private readonly timer: NodeJS.Timeout,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.framer.push(chunk);
      this.wake?.();
    });
    socket.on('error', (error) => this.end(error));
    socket.on('close', () => this.end(new Error('the connection was closed')));
  }

  /** Connects and asks for an association. Rejects when there is none in time. */
  static async open(options: RequestorOptions): Promise<Requestor> {
    const socket = connect({ host: options.host, port: options.port });
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), options.timeoutMs);
    timer.unref();
    const requestor = new Requestor(socket, options, timer);
    try {
      await requestor.associate();
      return requestor;
    } catch (error) {
      requestor.destroy();
      throw error;
    }
  }

  /** C-ECHO; its status. */
  async echo(): Promise<number> {
    this.send(contexts.echo, encodeRequest('C-ECHO-RQ', verificationSOPClass, this.nextMessageId()), null);
    return (await this.nextResponse(contexts.echo)).status;
  }

  /** C-FIND on the worklist: every answer, and the status at the end. */
  async find(identifier: DataSet): Promise<RequestorReply> {
    const bytes = writeDataSet(identifier, this.syntaxOf(contexts.find));
    this.send(contexts.find, encodeRequest('C-FIND-RQ', worklistSOPClass, this.nextMessageId()), bytes);
    const answers: DataSet[] = [];
    for (;;) {
      const { status, dataSetBytes } = await this.nextResponse(contexts.find);
      const isPending = status === statuses.pending || status === statuses.pendingWithUnsupportedKeys;
      if (!isPending) return { status, answers };
      if (dataSetBytes === null) throw new Error('an answer without a data set');
      if (answers.length >= this.options.answersMax) throw new Error('too many answers');
      answers.push(readDataSet(dataSetBytes, this.syntaxOf(contexts.find)));
    }
  }

  /** Ends the association in order, and closes the socket whatever comes. */
  async release(): Promise<void> {
    try {
      this.socket.write(encodePdu({ type: 'release-rq' }));
      await this.nextFrame(pduTypes['release-rp']);
    } finally {
      this.destroy();
    }
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.socket.destroy();
  }

  private async associate(): Promise<void> {
    const { callingAETitle, calledAETitle } = this.options;
    const transferSyntaxes = [explicitVR, implicitVR];
    this.socket.write(
      encodeAssociateRequest({
        protocolVersion,
        calledAETitle,
        callingAETitle,
        applicationContext,
        presentationContexts: [
          { id: contexts.echo, abstractSyntax: verificationSOPClass, transferSyntaxes },
          { id: contexts.find, abstractSyntax: worklistSOPClass, transferSyntaxes },
        ],
        userInformation: {
          pduBytesMax,
          implementationClassUID,
          implementationVersionName,
          asynchronousOperations: null,
          extendedNegotiations: [],
        },
      }),
    );
    const answer = await this.nextFrame(pduTypes['associate-ac']);
    const accepted = decodeAssociateAccept(answer.body);
    this.transferSyntaxes = accepted.transferSyntaxes;
    this.peerPduBytesMax = accepted.pduBytesMax;
  }

  private send(contextId: number, command: Buffer, dataSetBytes: Buffer | null): void {
    this.syntaxOf(contextId);
    for (const pdu of fragmentMessage(contextId, command, dataSetBytes, this.peerPduBytesMax))
      this.socket.write(pdu);
  }

  /** A whole response and its data set, put together from their fragments. */
  private async nextResponse(
    contextId: number,
  ): Promise<{ readonly status: number; readonly dataSetBytes: Buffer | null }> {
    const command = await this.collect(contextId, true);
    const { status, hasDataSet, messageIdBeingRespondedTo } = decodeResponse(command);
    if (messageIdBeingRespondedTo !== this.lastMessageId) throw new Error('a response to another request');
    return { status, dataSetBytes: hasDataSet ? await this.collect(contextId, false) : null };
  }

  private async collect(contextId: number, isCommand: boolean): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let bytes = 0; bytes <= messageBytesMax; ) {
      const value = this.pending.shift() ?? (await this.nextValue(contextId));
      if (value.isCommand !== isCommand) throw new Error('command and data fragments are mixed up');
      parts.push(value.fragment);
      bytes += value.fragment.length;
      if (value.isLast) return Buffer.concat(parts);
    }
    throw new Error('a message is too long');
  }

  private async nextValue(contextId: number) {
    const pdu = decodePdu(await this.nextFrame(pduTypes['p-data']));
    if (pdu.type !== 'p-data') throw new Error('P-DATA-TF expected');
    if (pdu.values.some((value) => value.contextId !== contextId))
      throw new Error('an answer on another presentation context');
    const [first, ...more] = pdu.values;
    this.pending.push(...more);
    if (first === undefined) throw new Error('P-DATA-TF without a value');
    return first;
  }

  private async nextFrame(expected: number): Promise<Frame> {
    for (;;) {
      const frame = this.framer.next();
      if (frame?.pduType === expected) return frame;
      if (frame?.pduType === pduTypes['associate-rj']) {
        const { result, source, reason } = decodeAssociateReject(frame.body);
        throw new Error(`the association was rejected (${result}, ${source}, ${reason})`);
      }
      if (frame !== null) throw new Error(`the association ended: PDU ${frame.pduType}`);
      if (this.ended !== null) throw this.ended;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private end(error: Error): void {
    this.ended ??= error;
    clearTimeout(this.timer);
    this.wake?.();
  }

  private nextMessageId(): number {
    this.lastMessageId += 1;
    return this.lastMessageId;
  }

  private syntaxOf(contextId: number): TransferSyntax {
    const chosen = this.transferSyntaxes.get(contextId);
    if (chosen === undefined) throw new Error('the presentation context was not accepted');
    return chosen === implicitVR ? 'implicit-vr-little-endian' : 'explicit-vr-little-endian';
  }
}
