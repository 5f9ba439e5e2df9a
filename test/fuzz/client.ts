import { connect, type Socket } from 'node:net';
import type { Plan } from './mutations.js';

/** How a connection went: the last word that was said in it. */
export type Outcome = 'aborted' | 'rejected' | 'released' | 'answered' | 'accepted' | 'closed';

/** The listener has not closed a connection that it should have given up long ago. */
export class Hang extends Error {
  override readonly name = 'Hang';
}

/** How long an answer to the first PDU is waited for when it is whole; half a one gets none. */
const answerWaitMs = 1_000;
/** Chunks that are sent one by one; what is left goes out at once, for a case must not take for ever. */
const chunkCountMax = 200;
const pduOutcomes: Readonly<Record<number, Outcome>> = {
  2: 'accepted',
  3: 'rejected',
  4: 'answered',
  6: 'released',
  7: 'aborted',
};

/** Plays one case against a listener; rejects with {@link Hang} when the connection is still open after `hangMs`. */
export async function play(plan: Plan, port: number, hangMs: number): Promise<Outcome> {
  const socket = connect(port, '127.0.0.1');
  const seen = watch(socket);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
  const [first = Buffer.alloc(0), ...rest] = plan.pdus;
  for (const chunk of chunks([first], plan.chunkBytesMax)) await send(socket, chunk);
  const isWhole = first.length >= 6 && first.readUInt32BE(2) + 6 <= first.length;
  if (plan.waitsForAnswer && isWhole) await Promise.race([seen.firstAnswer, closed, delay(answerWaitMs)]);
  for (const chunk of chunks(rest, plan.chunkBytesMax)) await send(socket, chunk);
  if (plan.ending === 'vanish') socket.destroy();
  if (plan.ending === 'close') socket.end();
  const patience = delay(hangMs, true);
  const isClosed = await Promise.race([closed.then(() => true), patience.then(() => false)]);
  patience.stop();
  socket.destroy();
  if (!isClosed) throw new Hang(`the connection was still open after ${hangMs} ms`);
  return seen.outcome();
}

function watch(socket: Socket) {
  let pending = Buffer.alloc(0);
  let outcome: Outcome = 'closed';
  let tell: () => void = () => undefined;
  const firstAnswer = new Promise<void>((resolve) => {
    tell = resolve;
  });
  socket.on('data', (chunk: Buffer) => {
    tell();
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 6) {
      const end = 6 + pending.readUInt32BE(2);
      if (pending.length < end) return;
      outcome = pduOutcomes[pending.readUInt8(0)] ?? outcome;
      pending = pending.subarray(end);
    }
  });
  return { firstAnswer, outcome: () => outcome };
}

function* chunks(pdus: readonly Buffer[], bytesMax: number | null): Generator<Buffer> {
  if (bytesMax === null) {
    yield* pdus;
    return;
  }
  const bytes = Buffer.concat(pdus);
  let at = 0;
  for (let count = 0; count < chunkCountMax && at < bytes.length; count += 1) {
    yield bytes.subarray(at, at + bytesMax);
    at += bytesMax;
  }
  yield bytes.subarray(at);
}

/** Writes and lets the listener have a turn; what the socket does not take any more is dropped. */
async function send(socket: Socket, chunk: Buffer): Promise<void> {
  if (chunk.length > 0 && socket.writable) socket.write(chunk);
  await new Promise((resolve) => setImmediate(resolve));
}

function delay(ms: number, isStoppable = false): Promise<void> & { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Object.assign(promise, { stop: () => void (isStoppable && clearTimeout(timer)) });
}
