import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ScannerUnavailable, type Verdict, VirusScanner } from './virus-scanner.js';

// ClamAV's clamd(8): `zINSTREAM` and NUL, then chunks, each with its length before it (4 bytes, network order), an empty
// chunk at the end. It answers `stream: OK`, `stream: <name> FOUND` or `… ERROR`, with NUL, and closes.
const COMMAND = Buffer.from('zINSTREAM\0', 'ascii');
const END = Buffer.alloc(4);
const LENGTH_BYTES = 4;

/** Nothing heard and nothing taken for so long. A large archive of signatures takes some seconds over a large file. */
const IDLE_MAX_MS = 120_000;
/** Far more than a verdict; whoever says more is no clamd. */
const ANSWER_BYTES_MAX = 4_096;
const THREAT_NAME_CHARACTERS_MAX = 200;

export type ClamdAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** `tcp://host:port` or `unix:///path`, as the settings allow it. */
export function clamdAddress(url: string): ClamdAddress {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === 'unix:') return { path: decodeURIComponent(pathname) };
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Asks ClamAV's daemon: one connection a content, which flows through it and is never held whole. */
export class Clamd extends VirusScanner {
  readonly #address: ClamdAddress;

  constructor(url: string) {
    super();
    this.#address = clamdAddress(url);
  }

  override async scan(content: AsyncIterable<Uint8Array>): Promise<Verdict> {
    const socket = connect({ ...this.#address });
    const answer = answerFrom(socket);
    // Looked at below; whoever fails first while the content is still being sent must not count as unheard.
    answer.catch(() => undefined);
    try {
      await send(socket, content);
      return verdictOf(await answer);
    } finally {
      socket.destroy();
    }
  }
}

/** Sends as fast as clamd takes it; stops when clamd has closed, having heard enough. */
async function send(socket: Socket, content: AsyncIterable<Uint8Array>): Promise<void> {
  await write(socket, COMMAND);
  for await (const bytes of content) {
    // It may have answered and closed: heard first, since a write to a closed socket would lose the answer.
    await nextTurn();
    if (!socket.writable) return;
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(bytes.length);
    await write(socket, Buffer.concat([length, bytes]));
  }
  await write(socket, END);
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (!socket.writable || socket.write(bytes)) return;
  const given = new AbortController();
  const { signal } = given;
  const quietly = (wait: Promise<unknown>) => wait.catch(() => undefined);
  await Promise.race([
    quietly(once(socket, 'drain', { signal })),
    quietly(once(socket, 'close', { signal })),
  ]);
  given.abort();
}

function answerFrom(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0);
    const fail = (why: string): void => {
      reject(new ScannerUnavailable(why));
      socket.destroy();
    };
    socket.setTimeout(IDLE_MAX_MS, () => fail('clamd did not answer in time'));
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length > ANSWER_BYTES_MAX) fail('clamd said too much');
    });
    // An error may follow on an answer: clamd closes while we still send. What it has said counts.
    socket.on('error', (error: Error & { readonly code?: string }) => {
      if (heard.length === 0) fail(`clamd cannot be reached (${error.code ?? 'unknown'})`);
    });
    socket.on('close', () => {
      if (heard.length === 0) fail('clamd closed without an answer');
      else resolve(heard.toString('utf8'));
    });
  });
}

/** Throws ScannerUnavailable for an answer that is neither yes nor no. */
export function verdictOf(answer: string): Verdict {
  const words = answer.split('\0', 1)[0]?.trim() ?? '';
  if (words === 'stream: OK') return { kind: 'CLEAN' };
  const name = /^stream: (.+) FOUND$/.exec(words)?.[1];
  if (name !== undefined)
    return { kind: 'THREAT', name: name.replace(/[^\x20-\x7e]/g, '?').slice(0, THREAT_NAME_CHARACTERS_MAX) };
  if (/size limit exceeded/i.test(words))
    return { kind: 'UNJUDGED', why: 'It is larger than the scanner takes (StreamMaxLength of clamd).' };
  throw new ScannerUnavailable('clamd did not come to a verdict');
}
