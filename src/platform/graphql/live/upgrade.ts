import type { IncomingHttpHeaders } from 'node:http';

/** The one protocol that is spoken: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
export const LIVE_PROTOCOL = 'graphql-transport-ws';

export interface UpgradeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Why a connection is not taken over, as an HTTP status with its words; null when it may be. */
export function upgradeRefusal(request: UpgradeRequest, path: string): string | null {
  const { headers } = request;
  if (headers.upgrade?.toLowerCase() !== 'websocket' || request.method !== 'GET')
    return '426 Upgrade Required';
  if (request.url?.split('?', 1)[0] !== path) return '404 Not Found';
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!protocols.includes(LIVE_PROTOCOL)) return '400 Bad Request';
  return isSameOrigin(headers) ? null : '403 Forbidden';
}

/**
 * Pages of other origins may not ask over HTTP, and a socket knows no such border by itself. Programs that are no
 * browser name no origin. A page cannot write x-forwarded-host, so what a proxy says there may be believed.
 */
function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return [headers.host, headers['x-forwarded-host']].some((own) => typeof own === 'string' && own === host);
}
