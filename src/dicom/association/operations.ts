// PS3.7 §7.5 and §D.3.3.3: one operation at a time, and C-CANCEL in between. No sockets and no timers here.
import type { TransferSyntax } from '../dataset/index.js';
import {
  DimseProblem,
  type Exchange,
  type Interruption,
  type Message,
  type othersFirst,
  type Request,
  type Response,
  type Status,
} from '../dimse/index.js';
import type { AcceptedContext } from './negotiation.js';

/** The association has ended; an operation that still wants to answer stops with this. */
export class AssociationEnded extends Error {
  override readonly name = 'AssociationEnded';
}

export interface OperationsPort {
  /** Performs one operation and sends its responses. */
  perform(exchange: Exchange): Promise<void>;
  /** Sends a response; resolves when the connection can take more. */
  send(contextId: number, transferSyntax: TransferSyntax, response: Response): Promise<void>;
  /** Sends a response for each data set that `next` gives; see {@link Exchange.respondEach}. */
  sendEach(
    contextId: number,
    response: Pick<Response, 'request' | 'status'>,
    next: () => Buffer | typeof othersFirst | null,
    isInterrupted: () => boolean,
  ): Promise<void>;
  /** The bytes of many responses and of the final one; see {@link Exchange.encodeAll}. */
  encodeAll(
    contextId: number,
    transferSyntax: TransferSyntax,
    status: Status,
    dataSets: readonly Buffer[],
    final: Response,
  ): Buffer;
  /** Sends such bytes; resolves when the connection can take more. */
  sendEncoded(bytes: Buffer): Promise<void>;
  /** Calls back once when nothing was sent for too long. Returns how to stop the clock. */
  startClock(onOverdue: () => void): () => void;
  /** Nothing runs and nothing waits. */
  onIdle(): void;
  /** An operation threw although its association was still there. */
  onFault(error: unknown): void;
}

/** The operations of one association, in the order in which they were asked for. */
export class Operations {
  private readonly waiting: Operation[] = [];
  private running: Operation | null = null;
  private hasEnded = false;

  constructor(
    private readonly port: OperationsPort,
    private readonly contexts: ReadonlyMap<number, AcceptedContext>,
    private readonly waitingCountMax: number,
  ) {}

  get isBusy(): boolean {
    return this.running !== null;
  }

  /** Bytes of the data sets of what runs and what waits. */
  get heldBytes(): number {
    let bytes = this.running?.dataSetBytes?.length ?? 0;
    for (const { dataSetBytes } of this.waiting) bytes += dataSetBytes?.length ?? 0;
    return bytes;
  }

  /** Throws {@link DimseProblem} when the peer asks for more at once than was negotiated and we are ready to forgive. */
  accept(message: Message): void {
    const { command, contextId, dataSetBytes } = message;
    if (command.kind === 'cancel') {
      this.cancel(contextId, command.messageIdBeingRespondedTo);
      return;
    }
    const context = this.contexts.get(contextId);
    if (context === undefined)
      throw new DimseProblem('a message on a presentation context that was not accepted');
    if (this.waiting.length >= this.waitingCountMax) throw new DimseProblem('too many operations at once');
    this.waiting.push(new Operation(this.port, context, command, dataSetBytes));
    if (this.running === null) void this.run();
  }

  /** Nobody will read further answers: the operation that runs is told, those that wait are forgotten. */
  end(): void {
    this.hasEnded = true;
    this.waiting.length = 0;
    this.running?.interrupt('association-ended');
  }

  /** A cancel for an operation that is unknown or already over is ignored (PS3.7 §9.3.2.3). */
  private cancel(contextId: number, messageId: number): void {
    for (const operation of [this.running, ...this.waiting]) {
      if (operation?.is(contextId, messageId)) operation.interrupt('cancelled');
    }
  }

  private async run(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      this.running = next;
      next.startClock();
      try {
        await this.port.perform(next);
      } catch (error) {
        if (!this.hasEnded) this.port.onFault(error);
      } finally {
        next.stopClock();
      }
    }
    this.running = null;
    this.port.onIdle();
  }
}

class Operation implements Exchange {
  /** Made when somebody asks for it: most operations end before anybody would listen. */
  private controller: AbortController | null = null;
  private readonly listeners = new Set<() => void>();
  private interruptedBy: Interruption | null = null;
  private stop: (() => void) | null = null;

  constructor(
    private readonly port: OperationsPort,
    private readonly context: AcceptedContext,
    readonly request: Request,
    readonly dataSetBytes: Buffer | null,
  ) {}

  get abstractSyntax(): string {
    return this.context.abstractSyntax;
  }

  get transferSyntax(): TransferSyntax {
    return this.context.transferSyntax;
  }

  get extendedNegotiation(): Uint8Array | null {
    return this.context.extendedNegotiation;
  }

  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.interruptedBy !== null) this.controller.abort();
    }
    return this.controller.signal;
  }

  is(contextId: number, messageId: number): boolean {
    return this.context.id === contextId && this.request.messageId === messageId;
  }

  interruption(): Interruption | null {
    return this.interruptedBy;
  }

  /** The end of the association outranks what came before: afterwards there is nobody to answer. */
  interrupt(by: Interruption): void {
    if (this.interruptedBy !== null && by !== 'association-ended') return;
    this.interruptedBy = by;
    this.controller?.abort();
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  onInterruption(listener: () => void): () => void {
    if (this.interruptedBy !== null) listener();
    else this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  startClock(): void {
    this.stop = this.port.startClock(() => this.interrupt('overdue'));
  }

  stopClock(): void {
    this.stop?.();
    this.stop = null;
  }

  async respond(response: Omit<Response, 'request'>): Promise<void> {
    if (this.interruptedBy === 'association-ended') throw new AssociationEnded();
    this.stopClock();
    await this.port.send(this.context.id, this.context.transferSyntax, {
      ...response,
      request: this.request,
    });
    this.startClock();
  }

  async respondEach(status: Status, next: () => Buffer | typeof othersFirst | null): Promise<void> {
    if (this.hasEnded()) throw new AssociationEnded();
    this.stopClock();
    await this.port.sendEach(
      this.context.id,
      { request: this.request, status },
      next,
      () => this.interruptedBy !== null,
    );
    if (this.hasEnded()) throw new AssociationEnded();
    this.startClock();
  }

  encodeAll(status: Status, dataSets: readonly Buffer[], final: Omit<Response, 'request'>): Buffer {
    const { id, transferSyntax } = this.context;
    return this.port.encodeAll(id, transferSyntax, status, dataSets, { ...final, request: this.request });
  }

  async respondEncoded(bytes: Buffer): Promise<void> {
    if (this.hasEnded()) throw new AssociationEnded();
    this.stopClock();
    await this.port.sendEncoded(bytes);
    this.startClock();
  }

  private hasEnded(): boolean {
    return this.interruptedBy === 'association-ended';
  }
}
