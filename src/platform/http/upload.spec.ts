import { PassThrough } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '../refusal/refusal.js';
import { readUpload, UPLOAD_IDLE_MAX_MS } from './upload.js';

/** A request as the reader of forms leaves it: a file of which more may come, or never. */
function aRequest(file: PassThrough, after: readonly object[] = []): FastifyRequest {
  async function* parts() {
    yield { type: 'field', fieldname: 'kind', value: 'REPORT', valueTruncated: false };
    yield { type: 'file', fieldname: 'file', filename: 'a.pdf', mimetype: 'application/pdf', file };
    yield* after;
  }
  return Object.assign(Object.create(null), {
    isMultipart: () => true,
    parts,
    raw: { unpipe: () => undefined },
  });
}

async function all(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const heard: Uint8Array[] = [];
  for await (const part of content) heard.push(part);
  return Buffer.concat(heard);
}

afterEach(() => vi.useRealTimers());

describe('a file on its way in', () => {
  it('comes with the fields that were before it', async () => {
    const file = new PassThrough();
    const upload = await readUpload(aRequest(file));
    expect(upload).toMatchObject({
      fields: { kind: 'REPORT' },
      fileName: 'a.pdf',
      mediaType: 'application/pdf',
    });
    file.end('content');
    expect((await all(upload.content)).toString()).toBe('content');
  });

  it('is given up when nothing comes for too long', async () => {
    vi.useFakeTimers();
    const file = new PassThrough();
    const { content } = await readUpload(aRequest(file));
    const reading = all(content).catch((error: unknown) => error);
    file.write('a');
    await vi.advanceTimersByTimeAsync(UPLOAD_IDLE_MAX_MS - 1);
    file.write('b');
    await vi.advanceTimersByTimeAsync(UPLOAD_IDLE_MAX_MS - 1);
    expect(file.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(file.destroyed).toBe(true);
    expect(await reading).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('too long') });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is the last part of its form', async () => {
    const file = new PassThrough();
    const { content } = await readUpload(aRequest(file, [{ type: 'field' }]));
    file.end('content');
    await expect(all(content)).rejects.toThrow(Fault);
  });

  it('is let go when nobody wants the rest', async () => {
    const file = new PassThrough();
    const { content } = await readUpload(aRequest(file));
    file.write('a');
    for await (const _ of content) break;
    expect(file.destroyed).toBe(true);
  });
});
