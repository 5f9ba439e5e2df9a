import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

// The process that floor.ts starts: it counts bytes, and sends the reply that belongs to a request of that length.

/** From the file that is named first: the length of each request, and the reply to it in Base64. */
function readReplies([file = '']: readonly string[]): ReadonlyMap<number, Buffer> {
  const recorded: readonly (readonly [number, string])[] = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(recorded.map(([length, reply]) => [length, Buffer.from(reply, 'base64')]));
}

const replies = readReplies(process.argv.slice(2));

/** A request may come in pieces. The bench's client never sends one before it has had the reply to the last. */
function serve(socket: Socket): void {
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    const reply = replies.get(received);
    if (reply === undefined) return;
    received = 0;
    socket.write(reply);
  });
  socket.on('error', () => socket.destroy());
}

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`listens on ${address.port}\n`);
});
