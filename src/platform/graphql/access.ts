import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  SetMetadata,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { StartupError } from '../config/index.js';
import { Fault } from '../refusal/refusal.js';
import { type RequestContext, requestContextOf } from './request-context.js';

// Every door names the permission that it needs. One that names none does not start: see OperationRollCall.

const PERMISSION = Symbol('permission');
const SIGNED_OUT = 'signed-out';
// Nest keeps what @Query, @Mutation and @Subscription said under these keys of the method.
const RESOLVER_TYPE_METADATA = 'graphql:resolver_type';
const RESOLVER_PROPERTY_METADATA = 'graphql:resolve_property';

/** Says whether a caller holds a permission. The clinic's rule; must be synchronous (it is asked for every field). */
export abstract class AccessPolicy {
  abstract holds(caller: unknown, permission: string): boolean;
}

/** Says who holds a session's token now, without the look counting as a sign of life. Null: nobody. */
export abstract class CallerSource {
  abstract holderOf(token: string): Promise<unknown>;
}

/** The permissions that an operation or a field of another room's type needs: all of them. */
export const RequiresPermission = (first: string, ...others: readonly string[]) =>
  SetMetadata(PERMISSION, [first, ...others]);

/** For the few operations that are meant for people who are not signed in. */
export const OpenToSignedOut = () => SetMetadata(PERMISSION, SIGNED_OUT);

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(AccessPolicy) private readonly policy: AccessPolicy,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType<string>() !== 'graphql') return true;
    const needed = this.reflector.get<readonly string[] | typeof SIGNED_OUT | undefined>(
      PERMISSION,
      context.getHandler(),
    );
    if (needed === SIGNED_OUT) return true;
    // A field without a permission of its own belongs to a type whose operation was already allowed.
    assertAllowed(needed ?? [], requestContextOf(context), this.policy);
    return true;
  }
}

/** The permissions that a door names; null when it names none, or says that it is open to people who are signed out. */
export function neededBy(
  reflector: Reflector,
  handler: ReturnType<ExecutionContext['getHandler']>,
): readonly string[] | null {
  const needed = reflector.get<readonly string[] | typeof SIGNED_OUT | undefined>(PERMISSION, handler);
  return needed === undefined || needed === SIGNED_OUT ? null : needed;
}

/** Throws UNAUTHENTICATED when nobody is signed in, FORBIDDEN when a permission is missing. */
export function assertAllowed(
  needed: readonly string[],
  { caller, allowedBy }: Pick<RequestContext, 'caller' | 'allowedBy'>,
  policy: AccessPolicy,
): void {
  if (caller === null) {
    throw new Fault('UNAUTHENTICATED', 'Sign in first: there is no session, or it has ended.');
  }
  const missing = needed.filter((permission) => !policy.holds(caller, permission));
  if (missing.length > 0) {
    const names = `permission${missing.length === 1 ? '' : 's'} ${missing.join(' and ')}`;
    throw new Fault('FORBIDDEN', `Your role does not allow this: it needs the ${names}.`);
  }
  for (const permission of needed) allowedBy?.add(permission);
}

/** Refuses to start when a query, mutation, subscription or resolved field names no permission. */
@Injectable()
export class OperationRollCall implements OnApplicationBootstrap {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const nameless = this.discovery.getProviders().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype: unknown = Object.getPrototypeOf(instance);
      if (prototype === null || typeof prototype !== 'object') return [];
      return operationsWithoutPermission(prototype, this.scanner.getAllMethodNames(prototype)).map(
        (method) => `${metatype.name}.${method}`,
      );
    });
    if (nameless.length > 0) {
      throw new StartupError(
        `These operations name no permission: ${nameless.join(', ')}. Add the decorator that says who may call them.`,
      );
    }
  }
}

/** The methods of a resolver that answer a caller but do not say who may call. */
export function operationsWithoutPermission(prototype: object, methodNames: readonly string[]): string[] {
  return methodNames.filter((name) => {
    const method: unknown = Reflect.get(prototype, name);
    if (typeof method !== 'function') return false;
    const isOperation =
      Reflect.hasMetadata(RESOLVER_TYPE_METADATA, method) ||
      Reflect.hasMetadata(RESOLVER_PROPERTY_METADATA, method);
    return isOperation && Reflect.getMetadata(PERMISSION, method) === undefined;
  });
}
