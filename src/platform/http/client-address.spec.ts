import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addressOf } from './address.js';
import { clientAddress, TrustedProxies } from './client-address.js';

const PROXIES = [
  [],
  ['192.0.2.1'],
  ['192.0.2.0/24', 'fd00::/8'],
  ['198.51.100.1', '2001:db8::1', '10.0.0.0/8'],
  ['::1', '127.0.0.1'],
] as const;
const OPENERS = ['192.0.2.1', '::ffff:192.0.2.1', 'fd12::3', '2001:db8::1', '127.0.0.1', '::ffff:127.0.0.1'];
const WRITTEN = [
  undefined,
  '203.0.113.5',
  '10.0.0.1, 203.0.113.5',
  '203.0.113.5, 192.0.2.9',
  '203.0.113.5,10.1.2.3 , 192.0.2.9',
  '2001:db8::5, fd00::1',
  '::ffff:203.0.113.5',
  'unknown',
  '203.0.113.5, <script>',
  '192.0.2.7',
  ' , ',
  '203.0.113.5,',
];

describe('whose a connection is that the framework does not see', () => {
  it.each(PROXIES.map((trusted) => ({ trusted })))(
    'is what the other doors say behind $trusted',
    async ({ trusted }) => {
      const server = fastify({ trustProxy: trusted.length === 0 ? false : [...trusted] });
      server.get('/', async (request) => ({ address: addressOf(request) }));
      const known = new TrustedProxies(trusted);
      for (const remoteAddress of OPENERS) {
        for (const written of WRITTEN) {
          const headers = written === undefined ? {} : { 'x-forwarded-for': written };
          const response = await server.inject({ method: 'GET', url: '/', remoteAddress, headers });
          const { address } = response.json<{ address: string | null }>();
          const found = clientAddress({ socket: { remoteAddress }, headers }, known);
          expect([remoteAddress, written, found]).toEqual([remoteAddress, written, address]);
        }
      }
      await server.close();
    },
  );

  it('is nobody’s when it has ended already', () => {
    expect(clientAddress({ socket: {}, headers: {} }, new TrustedProxies(['192.0.2.1']))).toBeNull();
  });
});
