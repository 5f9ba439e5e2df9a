import multipart from '@fastify/multipart';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UNSHARED } from './fault-answer.js';

/** Longest time that an upload may take: 50 MB over a line of half a megabit a second. */
export const UPLOAD_MAX_MS = 15 * 60_000;
/** Every other body is a few kilobytes: one that trickles in for longer is not a person waiting at a desk. */
export const BODY_MAX_MS = 30_000;

const STATUS = { requestTimeout: 408, unsupportedMediaType: 415 } as const;
const FORM = /^multipart\//i;

/** Addresses that take files. A room names its own; a form is refused everywhere else before it is read. */
export class UploadAddresses {
  readonly #patterns: RegExp[] = [];

  /** Call it from the constructor of a room's controller. */
  open(pattern: RegExp): void {
    this.#patterns.push(pattern);
  }

  include(request: FastifyRequest): boolean {
    const path = request.url.split('?', 1)[0] ?? '';
    return request.method === 'POST' && this.#patterns.some((pattern) => pattern.test(path));
  }
}

/** Lets files in, at the addresses that take them, and gives them the time they need. */
@Module({ providers: [UploadAddresses], exports: [UploadAddresses] })
export class UploadsModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(UploadAddresses) private readonly addresses: UploadAddresses,
  ) {}

  async onModuleInit(): Promise<void> {
    // A command has no HTTP door.
    if (this.host.httpAdapter === undefined || this.host.httpAdapter === null) return;
    const app: FastifyInstance = this.host.httpAdapter.getInstance();
    const server: ReturnType<NestFastifyApplication['getHttpServer']> = this.host.httpAdapter.getHttpServer();
    await app.register(multipart);
    app.addHook('onRequest', async (request, reply) => this.#admit(request, reply));
    // Node knows one patience for all requests; the shorter one of all that are no uploads is kept below.
    server.requestTimeout = UPLOAD_MAX_MS;
  }

  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (this.addresses.include(request)) return undefined;
    if (FORM.test(request.headers['content-type'] ?? '')) {
      return reply
        .code(STATUS.unsupportedMediaType)
        .headers({ ...UNSHARED, connection: 'close' })
        .send({
          code: 'BAD_INPUT',
          message:
            'Files are not taken here. Send JSON, or the fields of a form as application/x-www-form-urlencoded.',
        });
    }
    beImpatient(request, reply);
    return undefined;
  }
}

function beImpatient(request: FastifyRequest, reply: FastifyReply): void {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return;
  const timer = setTimeout(() => {
    if (request.raw.complete || reply.sent) return;
    request.raw.socket.end(
      `HTTP/1.1 ${STATUS.requestTimeout} Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      () => request.raw.destroy(),
    );
  }, BODY_MAX_MS);
  timer.unref();
  request.raw.once('close', () => clearTimeout(timer));
  request.raw.once('end', () => clearTimeout(timer));
}
