// PS3.8 §7.1 and PS3.7 §7.5: what an established association consists of. No sockets and no timers here.
import { ByteWriter, DataSet, type TransferSyntax, writeDataSet } from '../dataset/index.js';
import {
  Assembler,
  type AssemblerLimits,
  encodeResponse,
  fragmentMessage,
  MessageSeries,
  type Response,
  type Status,
} from '../dimse/index.js';
import type { AssociateRequest, PresentationDataValue } from '../wire/index.js';
import type { Peer } from './admission.port.js';
import { type Agreement, agree, type Offer, peerPduBytesMax } from './negotiation.js';
import type { AssociationFacts, DicomEvent } from './observer.port.js';
import { Operations, type OperationsPort } from './operations.js';

export interface SessionLimits extends AssemblerLimits {
  readonly waitingMessageCountMax: number;
}

/** A peer that was let in, the messages it is sending, and the operations it has asked for. */
export class Session {
  private readonly agreement: Agreement;
  private readonly assembler: Assembler;
  private readonly operations: Operations;

  constructor(
    private readonly request: AssociateRequest,
    private readonly peer: Peer,
    offer: Offer,
    limits: SessionLimits,
    port: OperationsPort,
  ) {
    this.agreement = agree(request, offer);
    const { contexts, contextIds } = this.agreement;
    this.assembler = new Assembler(contextIds, limits);
    this.operations = new Operations(port, contexts, limits.waitingMessageCountMax);
  }

  /** The A-ASSOCIATE-AC that opens the session. */
  get acceptBytes(): Buffer {
    return this.agreement.pduBytes;
  }

  /** Is an operation running? */
  get isBusy(): boolean {
    return this.operations.isBusy;
  }

  /** Is a message begun and not complete? */
  get isMidMessage(): boolean {
    return this.assembler.isMidMessage;
  }

  /** Bytes of the message that is begun and of the requests that wait or run. */
  get heldBytes(): number {
    return this.assembler.heldBytes + this.operations.heldBytes;
  }

  /** True when the value completed a message. Throws DimseProblem when it fits into none. */
  receive(value: PresentationDataValue): boolean {
    const message = this.assembler.push(value);
    if (message === null) return false;
    this.operations.accept(message);
    return true;
  }

  /** Nobody will read answers any more. */
  end(): void {
    this.operations.end();
  }

  /** The PDUs of a response, none longer than the peer is ready to receive. */
  encode(contextId: number, syntax: TransferSyntax, response: Response): readonly Buffer[] {
    const dataSetBytes = response.dataSet ? writeDataSet(response.dataSet, syntax) : null;
    return fragmentMessage(contextId, encodeResponse(response), dataSetBytes, peerPduBytesMax(this.request));
  }

  /** A response of this status for each data set, and the final one, in one piece. */
  encodeAll(
    contextId: number,
    syntax: TransferSyntax,
    status: Status,
    dataSets: readonly Buffer[],
    final: Response,
  ): Buffer {
    const series = this.series(contextId, { request: final.request, status });
    const end = this.encode(contextId, syntax, final);
    const out = new ByteWriter(dataSets.length * responseRoomBytes + totalBytes(dataSets) + totalBytes(end));
    for (const dataSet of dataSets) series.append(out, dataSet);
    for (const pdu of end) out.copy(pdu);
    return out.bytes();
  }

  /** For the answers to one request: all but their data sets is prepared once. */
  series(contextId: number, response: Pick<Response, 'request' | 'status'>): MessageSeries {
    const command = encodeResponse({ ...response, dataSet: DataSet.empty });
    return new MessageSeries(contextId, command, peerPduBytesMax(this.request));
  }

  describe(association: AssociationFacts): DicomEvent {
    const { implementationClassUID, implementationVersionName } = this.request.userInformation;
    const answers = new Map(this.agreement.pdu.presentationContexts.map((answer) => [answer.id, answer]));
    return {
      type: 'association-accepted',
      association,
      peerId: this.peer.id,
      peerPduBytesMax: peerPduBytesMax(this.request),
      implementationClassUID: toPrintable(implementationClassUID),
      implementationVersionName: toPrintable(implementationVersionName),
      contexts: this.request.presentationContexts.map(({ id, abstractSyntax }) => ({
        abstractSyntax: toPrintable(abstractSyntax),
        result: answers.get(id)?.result ?? 'no-reason',
        transferSyntax: toPrintable(answers.get(id)?.transferSyntax ?? ''),
      })),
    };
  }
}

/** What stands around one data set: its command set, and the heads of two PDUs. More is made room for when it is needed. */
const responseRoomBytes = 160;

function totalBytes(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}

/** The facts, once the peer has said who it is and whom it calls. */
export function nameParties(facts: AssociationFacts, request: AssociateRequest): AssociationFacts {
  const { callingAETitle, calledAETitle } = request;
  return { ...facts, callingAETitle: toPrintable(callingAETitle), calledAETitle: toPrintable(calledAETitle) };
}

/** For logs: what a peer wrote about itself, without anything that a terminal or a log would interpret. */
function toPrintable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 64);
}
