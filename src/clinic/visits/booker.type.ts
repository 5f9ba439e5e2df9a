import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '../../platform/database/generated/enums.js';
import { requestContextOf } from '../../platform/graphql/request-context.js';
import { Fault } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { isCaller } from '../auth/permission.type.js';

/** Who books: the person, what the person may override, and the key under which the answer is kept. */
export interface Booker {
  readonly actor: StaffActor;
  readonly roles: readonly Role[];
  /** Header `Idempotency-Key` of the request; null when it has none. */
  readonly idempotencyKey: string | null;
  /** People are not told of what is done before this; none: at once. */
  readonly tellingAt?: Temporal.Instant;
}

/** Parameter: who books. */
export const CurrentBooker = createParamDecorator((_: unknown, context: ExecutionContext): Booker => {
  const { caller, idempotencyKey } = requestContextOf(context);
  if (!isCaller(caller)) throw new Fault('UNAUTHENTICATED', 'Sign in first: there is no session.');
  return { actor: caller.actor, roles: caller.roles, idempotencyKey };
});
