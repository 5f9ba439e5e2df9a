import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Config } from '../config/index.js';
import { AccessPolicy, assertAllowed, neededBy } from '../graphql/access.js';
import { contextOf } from '../graphql/graphql.options.js';
import { rememberContext } from '../graphql/request-context.js';
import { notFound } from '../refusal/refusal.js';

/** Says who holds a session's token, as the graph's door asks it; null: nobody. The clinic's. */
export abstract class CallerFinder {
  abstract findCaller(
    bearerToken: string | null,
    whence: { readonly requestId: string; readonly source: string | null },
  ): Promise<unknown>;
}

/**
 * For HTTP doors that are open to people who are signed in, by the same token and the same permissions as the graph's.
 * A door that names no permission is open to nobody. After it, `CurrentActor` and `CurrentRequest` are as in a resolver.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(AccessPolicy) private readonly policy: AccessPolicy,
    @Inject(CallerFinder) private readonly finder: CallerFinder,
    @Inject(Config) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Another role's process has this address too, and answers nobody there.
    if (!this.config.roles.has('api')) throw notFound('address');
    const needed = neededBy(this.reflector, context.getHandler());
    if (needed === null) throw new Error('a door for people who are signed in names no permission');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const found = await contextOf((token, whence) => this.finder.findCaller(token, whence))(request);
    rememberContext(request, found);
    assertAllowed(needed, found, this.policy);
    return true;
  }
}
