import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger, NestLog } from './logger.js';

function logged(write: (log: NestLog, pino: ReturnType<typeof createLogger>) => void): string {
  const stream = new PassThrough();
  const pino = createLogger('trace', stream);
  write(new NestLog(pino), pino);
  return String(stream.read() ?? '');
}

describe('the log', () => {
  it('never holds what names a person, wherever it stands in an object', () => {
    const text = logged((log, pino) => {
      pino.info({ patient: { familyName: 'Smith', nhsNumber: '9990000018' }, password: 'secret' }, 'x');
      log.warn({ variables: { input: { givenName: 'Zoë' } }, email: 'zoe@example.org' });
    });
    expect(text).not.toMatch(/Smith|9990000018|secret|Zoë|zoe@/);
    expect(text).toContain('[redacted]');
  });

  it('knows an error by its type, code and our own lines, not by a message that may quote a value', () => {
    const error = Object.assign(new Error('Key (family_name)=(Smith) exists'), { code: '23505' });
    const text = logged((log, pino) => {
      pino.error({ err: error }, 'x');
      log.error({ event: 'audit-failed', error });
      log.error(error);
    });
    expect(text).not.toContain('Smith');
    expect(text).toContain('23505');
  });

  it('keeps the path of a request and not its query string', () => {
    const text = logged((_, pino) => {
      pino.info({ req: { id: 'r1', method: 'GET', url: '/graphql?query={patients(search:"Smith")}' } }, 'x');
    });
    expect(text).toContain('"/graphql"');
    expect(text).not.toContain('Smith');
  });
});
