// PS3.8 §9.3.1: what waits to be written. Small PDUs are collected into large writes, a peer that does not read stops
// whoever writes to it, and between writes other associations have their turn. No socket here: see the port.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ByteWriter } from '../dataset/index.js';
import { type MessageSeries, othersFirst } from '../dimse/index.js';
import { writeBytesTarget } from './limits.js';

/** A chunk is full at {@link writeBytesTarget}; the last answer in it may run over by about this much. */
const chunkSlackBytes = 4 * 1024;
/** The answers of a usual query: twenty or thirty. */
const firstChunkBytes = 32 * 1024;

export interface TransportPort {
  write(bytes: Buffer): void;
  /** Are the transport's own buffers full? */
  isFull(): boolean;
  /** Has everything been handed over that was written? Its bytes are not looked at any more then. */
  isEmpty(): boolean;
  /** Resolves when there is room again, or nobody is there any more. */
  drained(): Promise<void>;
}

export class Outgoing {
  private readonly pending: Buffer[] = [];
  private flushing: NodeJS.Immediate | undefined;

  constructor(private readonly port: TransportPort) {}

  /** Writes at once, after what waits. */
  send(pdu: Buffer): void {
    this.push([pdu]);
    this.flush();
  }

  /** Writes at once, after what waits; resolves when more may be given. */
  async sendWhole(pdus: readonly Buffer[]): Promise<void> {
    this.push(pdus);
    this.flush();
    if (this.port.isFull()) await this.port.drained();
  }

  /** Writes a message for each data set that `next` gives; what is left at the end waits for the next write. */
  async collectEach(
    series: MessageSeries,
    next: () => Buffer | typeof othersFirst | null,
    isInterrupted: () => boolean,
  ): Promise<void> {
    let chunk = new ByteWriter(firstChunkBytes);
    while (!isInterrupted()) {
      const dataSet = next();
      if (dataSet === null) break;
      if (dataSet !== othersFirst) {
        series.append(chunk, dataSet);
        if (chunk.length < writeBytesTarget) continue;
      }
      if (chunk.length > 0) this.push([chunk.bytes()]);
      await this.flushAndWait();
      // A new one for each write would have the memory of a long answer collected again and again.
      if (this.port.isEmpty()) chunk.length = 0;
      else chunk = new ByteWriter(writeBytesTarget + chunkSlackBytes);
    }
    if (chunk.length === 0) return;
    this.push([chunk.bytes()]);
    // The final response follows at once and is written with it. Should it not come, nobody must wait.
    this.flushing ??= setImmediate(() => this.flush());
  }

  flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    const bytes =
      this.pending.length === 1 ? (this.pending[0] ?? Buffer.alloc(0)) : Buffer.concat(this.pending);
    this.forget();
    if (bytes.length > 0) this.port.write(bytes);
  }

  /** What was not yet written is of no interest any more. */
  forget(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    this.pending.length = 0;
  }

  private push(pdus: readonly Buffer[]): void {
    this.pending.push(...pdus);
  }

  private async flushAndWait(): Promise<void> {
    this.flush();
    if (this.port.isFull()) await this.port.drained();
    // Cancels, aborts and other associations have their turn.
    await nextTurn();
  }
}
