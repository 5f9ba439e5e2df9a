import { HttpException, type LoggerService } from '@nestjs/common';
import { type Logger as Pino, pino } from 'pino';
import type { LogLevel } from '../config/index.js';
import { Fault } from '../refusal/refusal.js';

/** Keys that must never reach a log, whoever logs the object they are in. */
const REDACTED = [
  'password',
  'token',
  'authorization',
  'familyName',
  'givenName',
  'dateOfBirth',
  'nhsNumber',
  'email',
  'variables',
].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** One log for the whole process: JSON lines with ids and codes, never names, birth dates or free text. */
export function createLogger(level: LogLevel, destination?: Parameters<typeof pino>[1]): Pino {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...REDACTED, 'req.headers.authorization', 'req.headers.cookie'], censor: '[redacted]' },
    serializers: {
      // A path without its query string: a GET query may carry a name.
      req: (request: { method?: string; url?: string; id?: unknown }) => ({
        id: request.id,
        method: request.method,
        path: request.url?.split('?')[0],
      }),
      res: (reply: { statusCode?: number }) => ({ statusCode: reply.statusCode }),
      // A driver's message may quote a value, so an error is known by its type, its code and our own lines.
      err: describeError,
      error: describeError,
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, code, stack: frames.join('\n') };
}

/** Nest's own lines in the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // What a caller did wrong is answered and counted as a refused request; it is no error of ours.
    if (message instanceof Fault || message instanceof HttpException) this.debug(message, ...rest);
    else this.pino.error(...lineOf(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.pino.warn(...lineOf(message, rest));
  }

  /** A line that is not written is not put together either: a scanner's door has thousands a second. */
  debug(message: unknown, ...rest: unknown[]): void {
    if (this.pino.isLevelEnabled('debug')) this.pino.debug(...lineOf(message, rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.pino.trace(...lineOf(message, rest));
  }
}

/** Nest passes the context last; an object is logged as fields, an error by what it is. */
function lineOf(message: unknown, rest: readonly unknown[]): [object, string] {
  const context = rest.at(-1);
  const about = typeof context === 'string' ? { context } : {};
  if (message instanceof Error) return [{ ...about, error: message }, message.name];
  if (typeof message === 'object' && message !== null) return [{ ...about, ...message }, 'event'];
  return [about, String(message)];
}
