import { WebSocket } from 'ws';
import type { JudgedStream } from './judged-stream.js';
import {
  IDLE_HEARTBEATS_MAX,
  MESSAGES_PER_HEARTBEAT_MAX,
  SESSION_LOOK_HEARTBEATS,
  UNSENT_BYTES_MAX,
} from './limits.js';

/** Codes of the protocol, https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, and RFC 6455 §7.4.1. */
export const CLOSE = {
  goingAway: 1001,
  unsupportedData: 1003,
  internal: 1011,
  forbidden: 4403,
  initTimeout: 4408,
  tooMany: 4429,
  idle: 4408,
} as const;

/** One client's connection, and what it must keep to. */
export class LiveConnection {
  readonly streams = new Set<JudgedStream>();
  /** Which subscription of an id is the latest. */
  readonly #latest = new Map<string, symbol>();
  /** The session's token; null until the client has said who it is. */
  token: string | null = null;
  #answered = true;
  #messages = 0;
  #idleHeartbeats = 0;
  #heartbeats = 0;

  constructor(
    readonly socket: WebSocket,
    /** Header `Authorization` of the request that opened it. */
    readonly authorization: string | undefined,
    /** Called when it is known who is there. */
    readonly settled: () => void,
  ) {
    socket.on('pong', () => {
      this.#answered = true;
    });
    // Each ping is answered by the package itself: who asks without reading would fill our memory.
    socket.on('ping', () => {
      this.countMessage();
    });
  }

  /** Marks the latest subscription of an id. The function says whether it still is, and forgets the mark. */
  mark(id: string): () => boolean {
    const mark = Symbol(id);
    this.#latest.set(id, mark);
    return () => {
      if (this.#latest.get(id) !== mark) return false;
      this.#latest.delete(id);
      return true;
    };
  }

  /** Ends whatever is listened to: nobody is there any more. */
  endStreams(): void {
    // A source that fails to end has nobody left to be told; its place is given back before it is asked to.
    for (const stream of this.streams) stream.return().catch(() => undefined);
  }

  /** False, and the connection ends, when the client sends more than a screen does. */
  countMessage(): boolean {
    this.#messages += 1;
    if (this.socket.bufferedAmount > UNSENT_BYTES_MAX) this.socket.terminate();
    if (this.#messages <= MESSAGES_PER_HEARTBEAT_MAX) return true;
    if (this.#messages === MESSAGES_PER_HEARTBEAT_MAX + 1)
      this.socket.close(CLOSE.tooMany, 'Too many messages');
    // Whoever goes on is not listening.
    if (this.#messages > 2 * MESSAGES_PER_HEARTBEAT_MAX) this.socket.terminate();
    return false;
  }

  /** Asks whether anybody is there; whoever has not answered the last time is not. */
  beat(): void {
    if (!this.#answered) {
      this.socket.terminate();
      return;
    }
    this.#answered = false;
    this.#messages = 0;
    this.#heartbeats += 1;
    this.#idleHeartbeats = this.streams.size === 0 ? this.#idleHeartbeats + 1 : 0;
    if (this.#idleHeartbeats > IDLE_HEARTBEATS_MAX) {
      this.socket.close(CLOSE.idle, 'Nothing is listened to');
      return;
    }
    this.socket.ping();
    if (this.#heartbeats % SESSION_LOOK_HEARTBEATS !== 0) return;
    // One that cannot be judged now, because the database is away, is judged before its next event.
    for (const stream of this.streams) stream.judge().catch(() => undefined);
  }

  /** Resolves when the text has left this process, so that nobody sends faster than the client reads. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      // A connection that broke says so by its end.
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text, () => resolve());
      else resolve();
    });
  }
}
