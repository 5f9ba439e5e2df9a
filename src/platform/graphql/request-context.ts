import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';

/** What is known of one request, found out once before any field is resolved. */
export interface RequestContext<Caller = unknown> {
  readonly requestId: string;
  /** Network address the request came from. */
  readonly source: string | null;
  readonly userAgent: string | null;
  /** Who is signed in; null when nobody is. The clinic says what a caller is. */
  readonly caller: Caller | null;
  /** Header `Idempotency-Key` as it came: the same key asks for the same answer. Null when there is none. */
  readonly idempotencyKey: string | null;
  /** One request's own memory: batches that fields of a list share. Never outlives the request. */
  readonly memory: Map<symbol, unknown>;
  /** Of a subscription: the permissions by which it began, which are asked for again before every event. */
  readonly allowedBy?: Set<string>;
}

/** Of requests at HTTP doors, for as long as they last. */
const httpContexts = new WeakMap<object, RequestContext>();

/** For a guard of an HTTP door, which finds out who is asking. */
export function rememberContext(request: object, found: RequestContext): void {
  httpContexts.set(request, found);
}

export function requestContextOf(context: ExecutionContext): RequestContext {
  if (context.getType<string>() === 'http') {
    const found = httpContexts.get(context.switchToHttp().getRequest<object>());
    if (found === undefined) throw new Error('an HTTP door without its guard asked who is asking');
    return found;
  }
  return GqlExecutionContext.create(context).getContext<RequestContext>();
}

/** Parameter: the whole request context. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestContextOf(context),
);
