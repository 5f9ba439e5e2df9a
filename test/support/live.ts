import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** A client of the graph's subscriptions that writes the protocol's messages itself and keeps all that comes. */

export interface LiveMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface LiveClient {
  readonly socket: WebSocket;
  /** The next message that has not been looked at; throws when the connection ends first. */
  next(): Promise<LiveMessage>;
  send(message: object): void;
  /** `connection_init`, and what came back. */
  init(token: string | null): Promise<LiveMessage>;
  subscribe(query: string, variables?: object, id?: string): void;
  /** Code and words of the end. */
  readonly closed: Promise<readonly [code: number, reason: string]>;
}

/** Opens a socket at `http://host:port`; throws `HTTP <status>` when it is not taken over. */
export async function openLive(
  httpUrl: string,
  options: { readonly headers?: Record<string, string>; readonly protocol?: string } = {},
): Promise<LiveClient> {
  const { headers = {}, protocol = 'graphql-transport-ws' } = options;
  const socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/graphql`, [protocol], { headers });
  const came: LiveMessage[] = [];
  let wake: () => void = () => undefined;
  let isClosed = false;
  socket.on('message', (data) => {
    came.push(JSON.parse(data.toString()) as LiveMessage);
    wake();
  });
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.on('close', (code, reason) => {
      isClosed = true;
      wake();
      resolve([code, reason.toString()]);
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
    socket.on('unexpected-response', (_: unknown, response: IncomingMessage) => {
      reject(new Error(`HTTP ${response.statusCode}`));
    });
  });
  socket.on('error', () => undefined);
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const next = async (): Promise<LiveMessage> => {
    for (;;) {
      const message = came.shift();
      if (message !== undefined) return message;
      if (isClosed) throw new Error(`the connection ended: ${(await closed).join(' ')}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    socket,
    next,
    send,
    closed,
    init: (token) => {
      send({
        type: 'connection_init',
        ...(token === null ? {} : { payload: { authorization: `Bearer ${token}` } }),
      });
      return next();
    },
    subscribe: (query, variables = {}, id = '1') =>
      send({ type: 'subscribe', id, payload: { query, variables } }),
  };
}
