import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BODY_MAX_MS, UPLOAD_MAX_MS, UploadAddresses, UploadsModule } from './uploads.module.js';

type Hook = (request: object, reply: object) => Promise<unknown>;

interface Said {
  status: number | null;
  body: unknown;
}

/** The framework as far as the module touches it. */
async function openedWith(
  addresses: UploadAddresses,
): Promise<{ hook: Hook; server: { requestTimeout: number } }> {
  let hook: Hook = async () => undefined;
  const server = { requestTimeout: 1 };
  const app = {
    register: async () => undefined,
    addHook: (_: string, given: Hook) => {
      hook = given;
    },
  };
  const httpAdapter = { getInstance: () => app, getHttpServer: () => server };
  await new UploadsModule(Object.assign(Object.create(null), { httpAdapter }), addresses).onModuleInit();
  return { hook, server };
}

function aRequest(method: string, url: string, headers: Record<string, string>) {
  const socket = {
    ended: '',
    end: (text: string, done: () => void) => {
      socket.ended = text;
      done();
    },
  };
  const raw = Object.assign(new EventEmitter(), {
    complete: false,
    socket,
    destroyed: false,
    destroy: () => undefined,
  });
  raw.destroy = () => {
    raw.destroyed = true;
    return undefined;
  };
  return { method, url, headers, raw };
}

function aReply() {
  const said: Said = { status: null, body: null };
  const reply = {
    sent: false,
    said,
    code: (status: number) => {
      said.status = status;
      return reply;
    },
    headers: () => reply,
    send: (body: unknown) => {
      said.body = body;
      return reply;
    },
  };
  return reply;
}

describe('addresses that take files', () => {
  let hook: Hook;
  let server: { requestTimeout: number };

  beforeEach(async () => {
    vi.useFakeTimers();
    const addresses = new UploadAddresses();
    addresses.open(/^\/documents\/?$/);
    ({ hook, server } = await openedWith(addresses));
  });
  afterEach(() => vi.useRealTimers());

  it('have the time that a slow line needs', async () => {
    expect(server.requestTimeout).toBe(UPLOAD_MAX_MS);
    const request = aRequest('POST', '/documents?x=1', { 'content-length': '9' });
    await hook(request, aReply());
    vi.advanceTimersByTime(UPLOAD_MAX_MS);
    expect(request.raw.destroyed).toBe(false);
  });

  it.each([
    ['POST', '/graphql'],
    ['PUT', '/documents'],
    ['POST', '/documents/../graphql'],
    ['POST', '/documentsx'],
  ])('are no others: %s %s', async (method, url) => {
    const reply = aReply();
    await hook(aRequest(method, url, { 'content-type': 'Multipart/Form-Data; boundary=x' }), reply);
    expect(reply.said).toMatchObject({ status: 415, body: { code: 'BAD_INPUT' } });
  });
});

describe('every other body', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());
  const JSON_BODY = { 'content-type': 'application/json', 'content-length': '20' };

  it('is given up when it does not come in time', async () => {
    const { hook } = await openedWith(new UploadAddresses());
    const request = aRequest('POST', '/graphql', JSON_BODY);
    await hook(request, aReply());
    vi.advanceTimersByTime(BODY_MAX_MS - 1);
    expect(request.raw.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(request.raw.socket.ended).toMatch(/^HTTP\/1\.1 408 /);
    expect(request.raw.destroyed).toBe(true);
  });

  it.each([
    ['has come', (request: ReturnType<typeof aRequest>) => request.raw.emit('end')],
    ['went with its sender', (request: ReturnType<typeof aRequest>) => request.raw.emit('close')],
    ['is read', (request: ReturnType<typeof aRequest>) => Object.assign(request.raw, { complete: true })],
  ])('is not given up once it %s', async (_, happen) => {
    const { hook } = await openedWith(new UploadAddresses());
    const request = aRequest('POST', '/graphql', JSON_BODY);
    await hook(request, aReply());
    happen(request);
    vi.advanceTimersByTime(BODY_MAX_MS);
    expect(request.raw.destroyed).toBe(false);
  });

  it('is not waited for where there is none', async () => {
    const { hook } = await openedWith(new UploadAddresses());
    await hook(aRequest('GET', '/health/live', {}), aReply());
    expect(vi.getTimerCount()).toBe(0);
  });
});
