import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyInstance } from 'fastify';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { Config } from '../../config/index.js';
import { clientAddress, TrustedProxies } from '../../http/client-address.js';
import { badInput } from '../../refusal/refusal.js';
import { Clock } from '../../time/index.js';
import { AccessPolicy, CallerSource } from '../access.js';
import { answerOf, bearerTokenOf, GRAPHQL_PATH } from '../graphql.options.js';
import type { JudgedStream } from './judged-stream.js';
import {
  CLOSE_WAIT_MS,
  CONNECTIONS_MAX,
  CONNECTIONS_PER_SESSION_MAX,
  HEARTBEAT_MS,
  INIT_WAIT_MS,
  MESSAGE_BYTES_MAX,
  SUBSCRIPTIONS_PER_CONNECTION_MAX,
  SUBSCRIPTIONS_PER_SESSION_MAX,
} from './limits.js';
import { CLOSE, LiveConnection } from './live-connection.js';
import { type BegunOperation, LiveOperations, toGraphqlError } from './live-operations.js';
import { Newcomers } from './newcomers.js';
import { RememberedCallers } from './remembered-callers.js';
import { SessionCounts } from './session-counts.js';
import { LIVE_PROTOCOL, upgradeRefusal } from './upgrade.js';

type Asking = Context<
  Record<string, unknown>,
  { readonly connection: LiveConnection; readonly request: IncomingMessage }
>;

/**
 * The graph's subscriptions: WebSocket on the address of the graph, protocol graphql-transport-ws. The session's token
 * comes in the header `Authorization` of the request, or as `authorization` in the payload of `connection_init`.
 */
@Injectable()
export class LiveDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    // Little is sent, and a compressed message could be far larger than it looks.
    perMessageDeflate: false,
    clientTracking: false,
    closeTimeout: CLOSE_WAIT_MS,
    handleProtocols: () => LIVE_PROTOCOL,
  });
  readonly #connections = new Set<LiveConnection>();
  readonly #connectionsOf = new SessionCounts(CONNECTIONS_PER_SESSION_MAX);
  readonly #newcomers = new Newcomers();
  readonly #trusted: TrustedProxies;
  readonly #subscriptionsOf = new SessionCounts(SUBSCRIPTIONS_PER_SESSION_MAX);
  #heartbeat: NodeJS.Timeout | null = null;
  #isClosing = false;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(Config) private readonly config: Config,
  ) {
    this.#trusted = new TrustedProxies(config.trustedProxies);
  }

  /** The schema and whoever knows the sessions are there by now. */
  onApplicationBootstrap(): void {
    if (!this.config.roles.has('api')) return;
    const callers = this.modules.get(CallerSource, { strict: false });
    const operations = new LiveOperations(
      this.modules.get(GraphQLSchemaHost, { strict: false }).schema,
      new RememberedCallers(callers, this.modules.get(Clock, { strict: false })),
      this.modules.get(AccessPolicy, { strict: false }),
    );
    const protocol = this.#protocol(operations, callers);
    const server: HttpServer = this.host.httpAdapter.getHttpServer();
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head, protocol));
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections) connection.beat();
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Everybody is told to come back later; who does not go in time is cut off, or they would hold the end up. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isClosing = true;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    if (this.#connections.size === 0) return;
    const gone = [...this.#connections].map(({ socket }) => {
      socket.close(CLOSE.goingAway, 'The service is closing');
      return new Promise<void>((resolve) => socket.on('close', () => resolve()));
    });
    await Promise.race([Promise.all(gone), pause(CLOSE_WAIT_MS, undefined, { ref: false })]);
    for (const { socket } of this.#connections) socket.terminate();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, protocol: Server<Asking['extra']>): void {
    socket.on('error', () => socket.destroy());
    const isFull = this.#isClosing || this.#connections.size >= CONNECTIONS_MAX;
    const refusal = isFull ? '503 Service Unavailable' : upgradeRefusal(request, GRAPHQL_PATH);
    const leave = refusal === null ? this.#newcomers.take(clientAddress(request, this.#trusted) ?? '') : null;
    if (leave !== null) {
      // Also when the package refuses the request itself, and no connection comes of it.
      socket.on('close', leave);
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#opened(opened, request, leave, protocol);
      });
      return;
    }
    const status = refusal ?? '503 Service Unavailable';
    const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    // Without waiting for the other side, which could keep its half open for as long as it likes.
    socket.end(answer, () => socket.destroy());
  }

  #opened(
    socket: WebSocket,
    request: IncomingMessage,
    leave: () => void,
    protocol: Server<Asking['extra']>,
  ): void {
    const connection = new LiveConnection(socket, request.headers.authorization, leave);
    this.#connections.add(connection);
    const initWait = setTimeout(() => {
      if (connection.token === null) socket.close(CLOSE.initTimeout, 'Connection initialisation timeout');
    }, INIT_WAIT_MS);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => connection.send(text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (heard) => {
          socket.on('message', (data, isBinary) => {
            if (isBinary) socket.close(CLOSE.unsupportedData, 'Text only');
            if (isBinary || !connection.countMessage()) return;
            heard(data.toString()).catch((error: unknown) => {
              this.#log.error(
                { errorType: toGraphqlError(error).originalError?.name },
                'a live message failed',
              );
              socket.close(CLOSE.internal);
            });
          });
        },
      },
      { connection, request },
    );
    // What is no WebSocket frame, and what is too large, ends the connection; the package says so to the client.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      clearTimeout(initWait);
      this.#connections.delete(connection);
      if (connection.token !== null) this.#connectionsOf.giveBack(connection.token);
      closed(code, reason.toString()).catch(() => undefined);
      // The package knows one stream of an id; all that there are end with their connection.
      connection.endStreams();
    });
  }

  #protocol(operations: LiveOperations, callers: CallerSource): Server<Asking['extra']> {
    return makeServer<Record<string, unknown>, Asking['extra']>({
      // #opened waits instead: until it is known who is there, not only until something was said.
      connectionInitWaitTimeout: 0,
      onConnect: (asking) => this.#connected(asking, callers),
      onSubscribe: async (asking, id, payload) => {
        const isLatest = asking.extra.connection.mark(id);
        const begun = await this.#begin(asking, payload, operations);
        if (!isLatest() || !(id in asking.subscriptions)) return this.#neverBegins(begun);
        // Errors go through onError, which makes answers of them.
        return Array.isArray(begun) ? [...begun] : (begun as BegunOperation);
      },
      subscribe: (args: ExecutionArgs) => (args as BegunOperation).stream,
      onError: (_asking, _id, _payload, errors) =>
        errors.map((error) => this.#answers([error])[0]?.toJSON() ?? error),
      onNext: (_asking, _id, _payload, _args, { data, errors }) =>
        errors === undefined
          ? { data }
          : { data, errors: this.#answers(errors).map((error) => error.toJSON()) },
    });
  }

  /**
   * What was completed before it had begun, or whose connection has ended, ends at once. The package is never answered:
   * it would take this for a later subscription of the same id, and end that one.
   */
  #neverBegins(begun: BegunOperation | readonly GraphQLError[]): Promise<never> {
    // Nobody waits for it any more, so nobody is to be told that its source failed to end.
    if ('stream' in begun) begun.stream.return().catch(() => undefined);
    return new Promise<never>(() => undefined);
  }

  /** True when a session stands behind the connection. */
  async #connected(
    { extra: { connection }, connectionParams }: Asking,
    callers: CallerSource,
  ): Promise<boolean> {
    const said = connectionParams?.authorization;
    const token = bearerTokenOf(typeof said === 'string' ? said : connection.authorization);
    if (token === null || (await callers.holderOf(token)) === null) {
      connection.socket.close(CLOSE.forbidden, 'Sign in first: there is no session, or it has ended.');
      return false;
    }
    if (connection.socket.readyState !== WebSocket.OPEN) return false;
    if (!this.#connectionsOf.take(token)) {
      connection.socket.close(CLOSE.tooMany, 'Too many connections of one session');
      return false;
    }
    connection.token = token;
    connection.settled();
    return true;
  }

  async #begin(
    { extra: { connection, request }, subscriptions }: Asking,
    payload: SubscribePayload,
    operations: LiveOperations,
  ): Promise<BegunOperation | readonly GraphQLError[]> {
    const { token } = connection;
    if (token === null || Object.keys(subscriptions).length > SUBSCRIPTIONS_PER_CONNECTION_MAX)
      return [toGraphqlError(badInput(`At most ${SUBSCRIPTIONS_PER_CONNECTION_MAX} subscriptions at once.`))];
    if (!this.#subscriptionsOf.take(token))
      return [
        toGraphqlError(
          badInput(`At most ${SUBSCRIPTIONS_PER_SESSION_MAX} subscriptions of a session at once.`),
        ),
      ];
    const ended = (stream: JudgedStream): void => {
      connection.streams.delete(stream);
      this.#subscriptionsOf.giveBack(token);
    };
    const asker = {
      token,
      requestId: randomUUID(),
      source: clientAddress(request, this.#trusted),
      userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
    };
    try {
      const begun = await operations.begin(asker, payload, ended);
      if ('stream' in begun) connection.streams.add(begun.stream);
      else this.#subscriptionsOf.giveBack(token);
      return begun;
    } catch (error) {
      this.#subscriptionsOf.giveBack(token);
      return [toGraphqlError(error)];
    }
  }

  get #log(): FastifyInstance['log'] {
    return this.host.httpAdapter.getInstance<FastifyInstance>().log;
  }

  #answers(errors: readonly GraphQLError[]): GraphQLError[] {
    return errors.map((error) => answerOf(error, { log: this.#log }));
  }
}
