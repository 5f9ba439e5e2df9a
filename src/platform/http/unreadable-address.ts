import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

const BAD_REQUEST = 400;

/**
 * What the router says of an address that it cannot read, before any of our code runs: too long a part (414), a broken
 * escape (400). The framework's own answer repeats the address, and what somebody wrote there has no business in it.
 */
export function refuseAddress(error: FastifyError, _: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(error.statusCode ?? BAD_REQUEST)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send({ code: 'BAD_INPUT' });
}
