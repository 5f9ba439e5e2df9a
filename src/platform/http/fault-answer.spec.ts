import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { closeUnlessRead } from './fault-answer.js';

/** More than a connection holds on its way. */
const BODY_BYTES = 16 * 1024 * 1024;

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** Answers as soon as a body has begun, and stops reading it first, as a form's reader does; how the body ended. */
async function refuseInTheMiddle(bodyBytes: number): Promise<'read' | 'cut off'> {
  return new Promise((settle, fail) => {
    const listening = createServer((raw, answer) => {
      raw.once('end', () => settle('read'));
      raw.once('close', () => settle('cut off'));
      raw.once('data', () => {
        raw.pause();
        closeUnlessRead({ raw } as FastifyRequest, { raw: answer } as FastifyReply);
        answer.end('no');
      });
    });
    server = listening;
    listening.once('error', fail);
    listening.listen(0, '127.0.0.1', () => {
      const { port } = listening.address() as AddressInfo;
      const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST' });
      // Whoever is cut off finds the connection closed, also when the answer was read and the request is over.
      sent.on('error', () => undefined);
      sent.on('socket', (socket) => socket.on('error', () => undefined));
      sent.on('response', (response) => response.on('error', () => undefined).resume());
      sent.end(Buffer.alloc(bodyBytes));
    });
  });
}

describe('a refusal in the middle of a body', () => {
  it('takes the rest of it though its reader has stopped', async () => {
    expect(await refuseInTheMiddle(BODY_BYTES)).toBe('read');
  });

  it('cuts off whoever goes on and on', async () => {
    expect(await refuseInTheMiddle(4 * BODY_BYTES)).toBe('cut off');
  });
});
