import { isIP } from 'class-validator';
import type { FastifyRequest } from 'fastify';

/**
 * Address that a request came from: the caller's, as the nearest trusted proxy wrote it (setting TRUSTED_PROXIES), else
 * that of whoever opened the connection. A proxy that hands on what the caller wrote about itself cannot make it text.
 */
export function addressOf(request: Pick<FastifyRequest, 'ip' | 'socket'>): string | null {
  if (isIP(request.ip)) return request.ip;
  return request.socket.remoteAddress ?? null;
}
