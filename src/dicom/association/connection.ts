// PS3.8 §9.1.4 and §9.2: one transport connection. The only file that owns a socket and the protocol's timers;
// what to do is decided by the table in states.ts, and what the bytes mean by the layers below.
import type { Socket } from 'node:net';
import type { TransferSyntax } from '../dataset/index.js';
import { DimseProblem, type Response } from '../dimse/index.js';
import {
  type AssociateRequest,
  abortReasons,
  decodePdu,
  encodePdu,
  Framer,
  type IncomingPdu,
  type OutgoingPdu,
  WireProblem,
} from '../wire/index.js';
import { type AbortCause, abortCauses, findAbortCause } from './aborts.js';
import type { Peer, RejectionReason } from './admission.port.js';
import type { ConnectionOptions } from './connection.port.js';
import { findRejection, rejectionPdu } from './negotiation.js';
import type { AssociationFacts } from './observer.port.js';
import { Outgoing } from './outgoing.js';
import { Patience } from './patience.js';
import { nameParties, Session } from './session.js';
import { type Action, type Event, type State, step } from './states.js';

export class Connection {
  private state: State = 'idle';
  private facts: AssociationFacts;
  private request: AssociateRequest | null = null;
  private session: Session | null = null;
  private abortCause: AbortCause = abortCauses.unexpectedPdu;
  private isDiscarding = false;
  private isShuttingDown = false;
  private readonly framer = new Framer();
  private readonly outgoing: Outgoing;
  private artim: NodeJS.Timeout | undefined;
  private admission: NodeJS.Timeout | undefined;
  private readonly patience: Patience;

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    const { associationId, remoteAddress, transport, limits } = options;
    this.patience = new Patience(limits, (cause) => this.abort(cause));
    this.outgoing = new Outgoing({
      write: (bytes) => void (this.socket.writable && this.socket.write(bytes)),
      isFull: () => this.socket.writableNeedDrain,
      isEmpty: () => this.socket.writableLength === 0,
      drained: () => this.drained(),
    });
    const { secured } = transport;
    this.facts = { associationId, remoteAddress, callingAETitle: '', calledAETitle: '', secured };
  }

  /** Begins to listen to the peer. */
  open(): void {
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => this.onData(chunk));
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('end', () => this.onSocketEnded());
    this.socket.on('close', () => this.onSocketClosed());
    this.handle('transport-connected');
  }

  /** Does it count among the associations? It does until the socket is closed. */
  get isAssociation(): boolean {
    return this.session !== null;
  }

  /** Bytes of what the peer has begun and of requests that wait or run. */
  get heldBytes(): number {
    return this.framer.heldBytes + (this.session?.heldBytes ?? 0);
  }

  /** Ends the association as soon as no operation runs. */
  shutDown(): void {
    this.isShuttingDown = true;
    if (this.session?.isBusy === true) return;
    this.outgoing.flush();
    this.abort(abortCauses.shuttingDown);
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.socket.destroy();
  }

  private onData(chunk: Buffer): void {
    if (this.isDiscarding) return;
    try {
      this.framer.push(chunk);
      for (let frame = this.framer.next(); frame !== null; frame = this.framer.next()) {
        this.onPdu(decodePdu(frame));
        if (this.isDiscarding) return;
      }
      if (!this.options.mayHold(this.heldBytes))
        throw new DimseProblem('too many bytes of unfinished messages');
      this.watchProgress();
    } catch (error) {
      this.onThrown(error);
    }
  }

  private onPdu(pdu: IncomingPdu): void {
    this.abortCause = abortCauses.unexpectedPdu;
    if (pdu.type === 'associate-rq' && this.state === 'awaiting-request') this.request = pdu;
    if (pdu.type === 'abort' && this.state !== 'awaiting-close') {
      const reason = `source ${pdu.source}, reason ${pdu.reason}`;
      this.options.observe({ type: 'association-aborted', association: this.facts, by: 'peer', reason });
    }
    const delivers = this.handle(pdu.type).includes('deliver-data');
    if (!delivers || pdu.type !== 'p-data') return;
    for (const value of pdu.values) if (this.session?.receive(value) === true) this.patience.begin('none');
  }

  private onThrown(error: unknown): void {
    const cause = findAbortCause(error);
    if (cause === null) this.options.observe({ type: 'fault', association: this.facts, error });
    else this.options.observe({ type: 'protocol-error', association: this.facts, problem: cause.text });
    this.abort(
      cause ?? abortCauses.internalFault,
      error instanceof WireProblem ? 'invalid-pdu' : 'abort-request',
    );
  }

  private abort(cause: AbortCause, event: Event = 'abort-request'): void {
    this.abortCause = cause;
    this.handle(event);
  }

  /** Runs one step of the table and tells what it did. */
  private handle(event: Event): readonly Action[] {
    const { next, actions } = step(this.state, event);
    this.state = next;
    if (next !== 'established') this.patience.begin('none');
    for (const action of actions) this.act(action);
    return actions;
  }

  private act(action: Action): void {
    switch (action) {
      case 'start-artim':
        clearTimeout(this.artim);
        this.artim = setTimeout(() => this.handle('artim-expired'), this.options.limits.artimMs);
        return;
      case 'stop-artim':
        return void clearTimeout(this.artim);
      case 'decide':
        return void this.decide();
      // These three are done by whoever holds what is sent or delivered: accept, reject, onPdu.
      case 'send-accept':
      case 'send-reject':
      case 'deliver-data':
        return;
      case 'end-operations':
        clearTimeout(this.admission);
        this.session?.end();
        return;
      case 'begin-release':
        // An operation that was still running may write what it has left.
        if (this.session?.isBusy === true) setImmediate(() => this.handle('release'));
        else this.handle('release');
        return;
      case 'send-release-response':
        this.sendPdu({ type: 'release-rp' });
        this.options.observe({ type: 'association-released', association: this.facts });
        return;
      case 'send-abort':
        return void this.sendAbort();
      case 'close-transport':
        return void this.socket.destroy();
    }
  }

  private async decide(): Promise<void> {
    const { request } = this;
    if (request === null) return;
    const { callingAETitle, calledAETitle } = request;
    const { remoteAddress, transport, limits, offer, admission, observe } = this.options;
    this.facts = nameParties(this.facts, request);
    const impossible = findRejection(request, offer);
    if (impossible !== null) {
      this.reject(impossible);
      return;
    }
    this.admission = setTimeout(() => this.reject('temporary-congestion'), limits.admissionMs);
    try {
      const decision = await admission.admit({ callingAETitle, calledAETitle, remoteAddress, transport });
      if (decision.accepted) this.accept(request, decision.peer);
      else this.reject(decision.reason, decision.explanation);
    } catch (error) {
      observe({ type: 'fault', association: this.facts, error });
      this.reject('temporary-congestion');
    } finally {
      clearTimeout(this.admission);
    }
  }

  private reject(reason: RejectionReason, explanation: string | null = null): void {
    if (!this.handle('reject').includes('send-reject')) return;
    this.options.observe({ type: 'association-rejected', association: this.facts, reason, explanation });
    this.sendPdu(rejectionPdu(reason));
  }

  private accept(request: AssociateRequest, peer: Peer): void {
    // The peer may have gone, or run out of patience, while somebody decided.
    if (this.state !== 'awaiting-decision') return;
    if (this.isShuttingDown || !this.options.hasRoom()) {
      this.reject('local-limit-exceeded');
      return;
    }
    const { offer, limits, observe } = this.options;
    const session: Session = new Session(request, peer, offer, limits, {
      perform: (exchange) => this.options.perform(exchange, peer, this.facts),
      send: (contextId, syntax, response) => this.send(session, contextId, syntax, response),
      sendEach: (contextId, response, next, isInterrupted) =>
        this.outgoing.collectEach(session.series(contextId, response), next, isInterrupted),
      encodeAll: (contextId, syntax, status, dataSets, final) =>
        session.encodeAll(contextId, syntax, status, dataSets, final),
      sendEncoded: (bytes) => this.outgoing.sendWhole([bytes]),
      startClock: (onOverdue) => {
        const clock = setTimeout(onOverdue, limits.answerMs);
        return () => clearTimeout(clock);
      },
      onIdle: () => (this.isShuttingDown ? this.shutDown() : this.watchProgress()),
      onFault: (error) => this.onThrown(error),
    });
    this.session = session;
    this.handle('accept');
    this.outgoing.send(session.acceptBytes);
    // A socket without an association has ARTIM.
    this.socket.setKeepAlive(true);
    this.patience.begin('idle');
    observe(session.describe(this.facts));
  }

  /** Which wait is it now? Bytes alone do not renew it: only a complete message or the end of an operation does. */
  private watchProgress(): void {
    if (this.session === null || this.state !== 'established') return;
    const isMid = this.framer.isMidPdu || this.session.isMidMessage;
    this.patience.watch(isMid ? 'message' : this.session.isBusy ? 'none' : 'idle');
  }

  private sendPdu(pdu: OutgoingPdu): void {
    this.outgoing.send(encodePdu(pdu));
  }

  private sendAbort(): void {
    const { source, reason, text } = this.abortCause;
    this.options.observe({ type: 'association-aborted', association: this.facts, by: 'us', reason: text });
    // What was not yet sent would only stand before the abort; what still comes in is of no interest.
    this.outgoing.forget();
    this.isDiscarding = true;
    this.sendPdu({ type: 'abort', source, reason: abortReasons[reason] });
    this.socket.end();
  }

  private send(
    session: Session,
    contextId: number,
    syntax: TransferSyntax,
    response: Response,
  ): Promise<void> {
    return this.outgoing.sendWhole(session.encode(contextId, syntax, response));
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const stalled = setTimeout(() => this.socket.destroy(), this.options.limits.stalledWriteMs);
      const done = (): void => {
        clearTimeout(stalled);
        this.socket.off('drain', done).off('close', done);
        resolve();
      };
      this.socket.on('drain', done).on('close', done);
    });
  }

  /** After the end of the association the peer closes, and so do we; before that what is being sent is still finished. */
  private onSocketEnded(): void {
    if (this.state === 'awaiting-close' && this.socket.writableLength === 0) this.socket.destroy();
  }

  private onSocketClosed(): void {
    this.handle('transport-closed');
    this.outgoing.forget();
    this.isDiscarding = true;
    const { facts: association, isAssociation: wasEstablished } = this;
    this.options.observe({ type: 'connection-closed', association, wasEstablished });
    this.options.onClosed();
  }
}
