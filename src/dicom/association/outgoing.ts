// PS3.8 §9.3.1: what waits to be written. Small PDUs are collected into large writes, a peer that does not read stops
// whoever writes to it, and between writes other associations have their turn. No socket here: see the port.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ByteWriter } from '../dataset/index.js';
import { type MessageSeries, othersFirst } from '../dimse/index.js';
import { writeBytesTarget } from './limits.js';

/** A chunk is full at {@link writeBytesTarget}; the last answer in it may run over by about this much. */
const chunkSlackBytes = 4 * 1024;

export interface TransportPort {
  write(bytes: Buffer): void;
  /** Are the transport's own buffers full? */
  isFull(): boolean;
  /** Resolves when there is room again, or nobody is there any more. */
  drained(): Promise<void>;
}

export class Outgoing {
  private readonly pending: Buffer[] = [];
  private pendingBytes = 0;
  private flushing: NodeJS.Immediate | undefined;

  constructor(private readonly port: TransportPort) {}

  /** Writes at once, after what waits. */
  send(pdu: Buffer): void {
    this.push([pdu]);
    this.flush();
  }

  /** Writes soon; resolves when more may be given. */
  async collect(pdus: readonly Buffer[]): Promise<void> {
    this.push(pdus);
    if (this.pendingBytes < writeBytesTarget && !this.port.isFull()) {
      this.flushing ??= setImmediate(() => this.flush());
      return;
    }
    await this.flushAndWait();
  }

  /** Writes a message for each data set that `next` gives; what is left at the end waits for the next write. */
  async collectEach(
    series: MessageSeries,
    next: () => Buffer | typeof othersFirst | null,
    isInterrupted: () => boolean,
  ): Promise<void> {
    let chunk: ByteWriter | null = null;
    while (!isInterrupted()) {
      const dataSet = next();
      if (dataSet === null) break;
      if (dataSet !== othersFirst) {
        chunk ??= new ByteWriter(writeBytesTarget + chunkSlackBytes);
        series.append(chunk, dataSet);
        if (chunk.length < writeBytesTarget) continue;
      }
      if (chunk !== null) this.push([chunk.bytes()]);
      chunk = null;
      await this.flushAndWait();
    }
    if (chunk !== null) await this.collect([chunk.bytes()]);
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
    this.pendingBytes = 0;
  }

  private push(pdus: readonly Buffer[]): void {
    for (const pdu of pdus) {
      this.pending.push(pdu);
      this.pendingBytes += pdu.length;
    }
  }

  private async flushAndWait(): Promise<void> {
    this.flush();
    if (this.port.isFull()) await this.port.drained();
    // Cancels, aborts and other associations have their turn.
    await nextTurn();
  }
}
