import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '../../platform/database/generated/enums.js';
import { requestContextOf } from '../../platform/graphql/request-context.js';
import { Fault } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { isCaller } from '../auth/permission.type.js';

/** Who moves a referral: the person, and the roles by which reasons may be given. */
export interface Decider {
  readonly actor: StaffActor;
  readonly roles: readonly Role[];
}

/** Parameter: who decides. */
export const CurrentDecider = createParamDecorator((_: unknown, context: ExecutionContext): Decider => {
  const { caller } = requestContextOf(context);
  if (!isCaller(caller)) throw new Fault('UNAUTHENTICATED', 'Sign in first: there is no session.');
  return { actor: caller.actor, roles: caller.roles };
});
