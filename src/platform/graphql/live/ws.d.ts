// The package `ws` brings no types of its own; this is what the door uses of it.
declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';

  export class WebSocket extends EventEmitter {
    static readonly OPEN: number;
    constructor(address: string, protocols?: string | readonly string[], options?: object);
    readonly protocol: string;
    readonly readyState: number;
    /** Bytes that were sent and have not left yet. */
    readonly bufferedAmount: number;
    send(data: string | Uint8Array, sent?: (error?: Error) => void): void;
    close(code?: number, reason?: string): void;
    terminate(): void;
    ping(): void;
    on(event: 'message', heard: (data: Buffer, isBinary: boolean) => void): this;
    on(event: 'close', heard: (code: number, reason: Buffer) => void): this;
    on(event: 'error', heard: (error: Error) => void): this;
    on(event: 'open' | 'ping' | 'pong', heard: () => void): this;
    on(event: 'unexpected-response', heard: (request: unknown, response: IncomingMessage) => void): this;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: {
      readonly noServer: true;
      readonly maxPayload: number;
      readonly perMessageDeflate: false;
      readonly clientTracking: false;
      /** Milliseconds from the close frame that was sent until the connection is cut off. */
      readonly closeTimeout: number;
      readonly handleProtocols: (protocols: Set<string>) => string | false;
    });
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      opened: (socket: WebSocket) => void,
    ): void;
  }
}
