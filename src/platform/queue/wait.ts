import { setTimeout as pause } from 'node:timers/promises';

/** The result, or undefined when it has not come within `waitMs`. */
export async function within<T>(waitMs: number, result: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const timeout = pause(waitMs, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([result, timeout]);
  } finally {
    stop.abort();
  }
}

/** A short code for a log line. Never the message: it may quote a value. */
export function codeOf(error: unknown): string {
  const cause = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const { code, name } = Object(cause) as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(code)) return code;
  return typeof name === 'string' ? name : 'unknown';
}
