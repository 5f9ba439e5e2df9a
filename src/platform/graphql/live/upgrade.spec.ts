import { describe, expect, it } from 'vitest';
import { upgradeRefusal } from './upgrade.js';

const HEADERS = {
  host: 'facet.example',
  upgrade: 'websocket',
  'sec-websocket-protocol': 'graphql-transport-ws',
};

describe('who may open a socket', () => {
  it.each([
    ['a program', {}, null],
    ['a page of our own', { origin: 'https://facet.example' }, null],
    [
      'a page of our own, behind a proxy with another name',
      { host: '10.0.0.7:3000', 'x-forwarded-host': 'facet.example', origin: 'https://facet.example' },
      null,
    ],
    ['another page', { origin: 'https://evil.example' }, '403 Forbidden'],
    ['a page on another port', { origin: 'https://facet.example:8443' }, '403 Forbidden'],
    ['a page without a place', { origin: 'null' }, '403 Forbidden'],
    ['the older protocol', { 'sec-websocket-protocol': 'graphql-ws' }, '400 Bad Request'],
    ['no protocol', { 'sec-websocket-protocol': undefined }, '400 Bad Request'],
    ['another upgrade', { upgrade: 'h2c' }, '426 Upgrade Required'],
  ])('%s', (_, headers, refusal) => {
    const request = { method: 'GET', url: '/graphql', headers: { ...HEADERS, ...headers } };
    expect(upgradeRefusal(request, '/graphql')).toBe(refusal);
  });

  it('and where', () => {
    const asking = (method: string, url: string) =>
      upgradeRefusal({ method, url, headers: HEADERS }, '/graphql');
    expect(asking('GET', '/graphql?x=1')).toBeNull();
    expect(asking('GET', '/graphql/')).toBe('404 Not Found');
    expect(asking('GET', '/health')).toBe('404 Not Found');
    expect(asking('POST', '/graphql')).toBe('426 Upgrade Required');
  });
});
