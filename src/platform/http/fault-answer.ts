import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { framesOf, toPublicFault } from '../graphql/faults.js';
import type { FaultCode } from '../refusal/refusal.js';

const STATUS = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_INPUT: 400,
  TRY_AGAIN: 503,
  INTERNAL: 500,
} as const satisfies Record<FaultCode, number>;

/** The graph's faults, as an HTTP door says them: a status, and `{code, message, errorId}`. */
@Catch()
export class FaultAnswer implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const { code, message, unexpected } = toPublicFault(error);
    const errorId = randomUUID();
    if (unexpected) {
      const original = error instanceof Error ? error : new Error('something that is no error was thrown');
      reply.log.error({ errorId, errorType: original.name, stack: framesOf(original) }, 'unexpected fault');
    } else reply.log.info({ errorId, code }, 'request refused');
    // The answer has begun: breaking it off is all that is left, and the client sees that it is not whole.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    closeUnlessRead(request, reply);
    void reply.code(STATUS[code]).headers(UNSHARED).send({ code, message, errorId });
  }
}

/** For everything that an HTTP door says to one person: kept by nobody on the way, and taken for nothing else. */
export const UNSHARED = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** What is still thrown away of a body after its sender was refused … */
const LINGER_MAX_BYTES = 32 * 1024 * 1024;
/** … and for how long. */
const LINGER_MAX_MS = 5_000;

/**
 * For a refusal in the middle of a body. Most clients send all of it before they read an answer, and one whose connection
 * closes meanwhile never reads it: so a little more is taken and thrown away. Whoever goes on is cut off.
 */
export function closeUnlessRead(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  if (raw.complete) return;
  let leftBytes = LINGER_MAX_BYTES;
  reply.raw.once('finish', () => {
    const patience = setTimeout(() => raw.destroy(), LINGER_MAX_MS);
    raw.once('close', () => clearTimeout(patience));
    raw.once('end', () => clearTimeout(patience));
    raw.on('data', (bytes: Buffer) => {
      leftBytes -= bytes.length;
      if (leftBytes < 0) raw.destroy();
    });
    // Whoever read the body before was told to stop, and then a listener alone does not set it going again.
    raw.resume();
  });
}
