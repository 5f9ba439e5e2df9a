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

export function requestContextOf(context: ExecutionContext): RequestContext {
  return GqlExecutionContext.create(context).getContext<RequestContext>();
}

/** Parameter: the whole request context. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestContextOf(context),
);
