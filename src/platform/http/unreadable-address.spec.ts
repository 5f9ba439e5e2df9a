import fastify from 'fastify';
import { expect, it } from 'vitest';
import { refuseAddress } from './unreadable-address.js';

it.each([
  ['a part that is too long', `/public/availability/${'SECRET'.repeat(50)}`, 414],
  ['a broken escape', '/public/availability/SECRET%', 400],
])('%s is refused without being repeated', async (_, url, status) => {
  const app = fastify({ frameworkErrors: refuseAddress });
  app.get('/public/:door/:subject', () => 'x');
  const { statusCode, body } = await app.inject({ method: 'GET', url });
  expect([statusCode, body]).toEqual([status, '{"code":"BAD_INPUT"}']);
  await app.close();
});
