// What has been committed, asked in the fewest bytes: pg_current_snapshot() as a FunctionCall of PostgreSQL's protocol
// (https://www.postgresql.org/docs/current/protocol-flow.html, "Function Call"), which needs no parsing, planning or
// portal. It is asked on the connection of an ordinary client, in the moments when that has nothing under way.
import type { Duplex } from 'node:stream';
import type pg from 'pg';

/** A snapshot names the transactions that are running: some thousands of them at most. */
const REPLY_BYTES_MAX = 64 * 1024;

/** Type and length, which counts itself and not the type. */
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

/** What a snapshot is written as: the first running transaction, the next to begin, and those that run between. */
const SNAPSHOT_FORM = /^\d+:\d+:[\d,]*$/;

/** What the server has answered; null while the reply is not complete. */
export type SnapshotReply =
  /** `restAt`: where what follows the reply begins, which belongs to somebody else. */
  | { readonly kind: 'snapshot'; readonly snapshot: string; readonly restAt: number }
  /** In the server's own words, and the next question may be asked. */
  | { readonly kind: 'refused'; readonly restAt: number }
  /** Nobody knows any more where the next reply begins. */
  | { readonly kind: 'unexpected' };

/** The question was not answered. */
export class SnapshotUnanswered extends Error {
  override readonly name = 'SnapshotUnanswered';

  /** `isInStep`: may the connection be used further? */
  constructor(
    message: string,
    readonly isInStep: boolean,
  ) {
    super(message);
  }
}

interface Waiting {
  readonly resolve: (snapshot: string) => void;
  readonly reject: (error: SnapshotUnanswered) => void;
}

/** Asks one connection for its snapshot, one question at a time. */
export class SnapshotQuestion {
  private waiting: Waiting | null = null;
  private begun: Buffer | null = null;
  private readonly overdue: NodeJS.Timeout;
  /** The client's own way of reading: everything that is no reply to this question goes there. */
  private readonly readers: readonly ((chunk: Buffer) => void)[];

  private constructor(
    private readonly stream: Duplex,
    private readonly question: Buffer,
    answerMs: number,
  ) {
    this.readers = stream.listeners('data') as ((chunk: Buffer) => void)[];
    stream.removeAllListeners('data');
    stream.on('data', (chunk: Buffer) => this.receive(chunk));
    const gone = (): void => this.lose('the connection was lost');
    stream.on('error', gone).on('close', gone);
    // One timer that each question winds up again.
    this.overdue = setTimeout(() => this.lose('no answer in time'), answerMs).unref();
  }

  /** Null when the server refuses such a question. Rejects when it cannot be asked; the connection is lost then. */
  static async on(client: pg.Client, answerMs: number): Promise<SnapshotQuestion | null> {
    const { rows } = await client.query<{ oid: string }>(
      `SELECT 'pg_catalog.pg_current_snapshot()'::regprocedure::oid::text AS oid`,
    );
    const question = new SnapshotQuestion(
      client.connection.stream,
      functionCall(Number(rows[0]?.oid)),
      answerMs,
    );
    try {
      await question.ask();
      return question;
    } catch (error) {
      if (error instanceof SnapshotUnanswered && error.isInStep) return null;
      throw error;
    }
  }

  get isWaiting(): boolean {
    return this.waiting !== null;
  }

  /** As of a moment after the call. Only while nothing else is under way on the connection; rejects with {@link SnapshotUnanswered}. */
  ask(): Promise<string> {
    if (this.waiting !== null || !this.stream.writable) {
      return Promise.reject(new SnapshotUnanswered('the connection is not free', true));
    }
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.overdue.refresh();
      this.stream.write(this.question);
    });
  }

  private receive(chunk: Buffer): void {
    if (this.waiting === null) {
      this.passOn(chunk);
      return;
    }
    const bytes = this.begun === null ? chunk : Buffer.concat([this.begun, chunk]);
    const reply = readSnapshotReply(bytes);
    if (reply === null) {
      this.begun = bytes;
      return;
    }
    if (reply.kind === 'unexpected') {
      this.lose('a reply in an unexpected form');
      return;
    }
    const { waiting } = this;
    this.waiting = null;
    this.begun = null;
    if (reply.kind === 'snapshot') waiting.resolve(reply.snapshot);
    else waiting.reject(new SnapshotUnanswered('the server refused the question', true));
    if (reply.restAt < bytes.length) this.passOn(bytes.subarray(reply.restAt));
  }

  private passOn(chunk: Buffer): void {
    for (const read of this.readers) read.call(this.stream, chunk);
  }

  /** With a question under way nothing can be read any more; without one there is nothing to lose. */
  private lose(why: string): void {
    const { waiting } = this;
    if (waiting === null) return;
    this.waiting = null;
    this.begun = null;
    this.stream.destroy();
    waiting.reject(new SnapshotUnanswered(why, false));
  }
}

/** FunctionCall (F) without arguments, the result as text. */
function functionCall(oid: number): Buffer {
  const message = Buffer.alloc(15);
  message.write('F', 0, 'latin1');
  message.writeInt32BE(14, 1);
  message.writeUInt32BE(oid, 5);
  return message;
}

/** Everything up to ReadyForQuery. */
export function readSnapshotReply(bytes: Buffer): SnapshotReply | null {
  let snapshot: string | null = null;
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const length = bytes.readInt32BE(at + 1);
    if (length < LENGTH_BYTES || length > REPLY_BYTES_MAX) return { kind: 'unexpected' };
    const from = at + HEADER_BYTES;
    const end = at + 1 + length;
    if (end > bytes.length) break;
    switch (String.fromCharCode(bytes.readUInt8(at))) {
      // FunctionCallResponse: the length of the value, and the value.
      case 'V':
        if (length < 2 * LENGTH_BYTES || bytes.readInt32BE(from) !== length - 2 * LENGTH_BYTES)
          return { kind: 'unexpected' };
        snapshot = bytes.toString('latin1', from + LENGTH_BYTES, end);
        break;
      // ErrorResponse stands in the place of an answer; notices, settings and notifications may come at any time.
      case 'E':
      case 'N':
      case 'S':
      case 'A':
        break;
      // ReadyForQuery, outside a transaction.
      case 'Z':
        if (length !== LENGTH_BYTES + 1 || bytes[from] !== 0x49) return { kind: 'unexpected' };
        if (snapshot === null) return { kind: 'refused', restAt: end };
        return SNAPSHOT_FORM.test(snapshot)
          ? { kind: 'snapshot', snapshot, restAt: end }
          : { kind: 'unexpected' };
      default:
        return { kind: 'unexpected' };
    }
    at = end;
  }
  return bytes.length > REPLY_BYTES_MAX ? { kind: 'unexpected' } : null;
}
