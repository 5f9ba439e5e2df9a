import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from './items.js';
import { associateRequest, ECHO_REQUEST, RELEASE_REQUEST, type Target } from './lean-client.js';
import { PduScanner } from './pdu-scanner.js';
import { type Program, startProgram } from './processes.js';
import { type AtTheEnd, targetOn } from './servers.js';

// The least that an exchange can take here: a server which knows no worklist and sends what Facet once sent. What it
// takes is the kernel's, Node's and the client's; what Facet takes beyond it is Facet's.

const PROGRAM = 'floor-program.js';
const PORT = /^listens on (\d+)$/m;
const START_POLL_MS = 20;

/** Records Facet's replies to what `measureExchange` sends, and starts the program that gives them. */
export async function startFloor(facet: Target, usual: Query, atTheEnd: AtTheEnd): Promise<Target> {
  const requests = [associateRequest(facet), usual.request, ECHO_REQUEST, RELEASE_REQUEST];
  const lengths = new Set(requests.map(({ length }) => length));
  if (lengths.size < requests.length) throw new Error('the floor tells requests apart by their length');
  const replies = await recordReplies(facet, requests);
  const folder = mkdtempSync(join(tmpdir(), 'facet-bench-floor-'));
  atTheEnd(async () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'replies.json');
  writeFileSync(file, JSON.stringify(replies));
  const program = startProgram(process.execPath, [join(import.meta.dirname, PROGRAM), file], {
    folder,
    logFile: join(folder, 'floor.log'),
    env: { PATH: process.env.PATH },
  });
  atTheEnd(() => program.end());
  return targetOn(await portOf(program));
}

async function portOf(program: Program): Promise<number> {
  for (;;) {
    const output = program.output();
    const [, port] = PORT.exec(output) ?? [];
    if (port !== undefined) return Number(port);
    if (program.hasEnded()) throw new Error(`the floor ended instead of starting:\n${output}`);
    await sleep(START_POLL_MS);
  }
}

/** The length of each request, and the bytes with which it is answered, in Base64. All over one association. */
async function recordReplies(
  target: Target,
  requests: readonly Buffer[],
): Promise<readonly (readonly [number, string])[]> {
  const socket = connect(target.port, '127.0.0.1');
  const replies: (readonly [number, string])[] = [];
  for (const request of requests) {
    const reply = await replyTo(socket, request);
    replies.push([request.length, reply.toString('base64')]);
  }
  socket.destroy();
  return replies;
}

/** Everything up to the PDU that ends the operation. */
function replyTo(socket: Socket, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const end = () => {
      socket.removeAllListeners();
      resolve(Buffer.concat(chunks));
    };
    const scanner = new PduScanner({ answered: () => undefined, ended: end, other: end });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      scanner.push(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed before the reply')));
    socket.write(request);
  });
}
