import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addressOf } from './address.js';

/** What a server that believes these proxies takes for the address of a request from 192.0.2.1. */
async function addressBehind(trusted: readonly string[], forwardedFor?: string): Promise<string | null> {
  const server = fastify({ trustProxy: trusted.length === 0 ? false : [...trusted] });
  server.get('/', async (request) => ({ address: addressOf(request) }));
  const response = await server.inject({
    method: 'GET',
    url: '/',
    remoteAddress: '192.0.2.1',
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  });
  await server.close();
  return response.json<{ address: string | null }>().address;
}

describe('whose request it is', () => {
  it.each([
    ['nobody is believed', [], '203.0.113.5', '192.0.2.1'],
    ['the proxy says', ['192.0.2.1'], '203.0.113.5', '203.0.113.5'],
    ['a network of proxies says', ['192.0.2.0/24'], '203.0.113.5, 192.0.2.9', '203.0.113.5'],
    ['another proxy says', ['198.51.100.1', 'fd00::/8'], '203.0.113.5', '192.0.2.1'],
    ['the caller wrote before the proxy added', ['192.0.2.1'], '10.0.0.1, 203.0.113.5', '203.0.113.5'],
    ['the proxy says an IPv6 address', ['192.0.2.1'], '2001:db8::5', '2001:db8::5'],
    ['the proxy hands on what is no address', ['192.0.2.1'], '<script>', '192.0.2.1'],
    ['the proxy says nothing', ['192.0.2.1'], undefined, '192.0.2.1'],
  ])('%s', async (_, trusted, forwardedFor, address) => {
    expect(await addressBehind(trusted, forwardedFor)).toBe(address);
  });
});
