import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '../../platform/database/generated/enums.js';
import { requestContextOf } from '../../platform/graphql/request-context.js';
import { Fault } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { isCaller } from '../auth/permission.type.js';

/** Who asks for documents: the person, and the roles by which it is judged what they may see. */
export interface DocumentReader {
  readonly actor: StaffActor;
  readonly roles: readonly Role[];
}

/** Parameter: who asks for documents. */
export const CurrentReader = createParamDecorator((_: unknown, context: ExecutionContext): DocumentReader => {
  const { caller } = requestContextOf(context);
  if (!isCaller(caller)) throw new Fault('UNAUTHENTICATED', 'Sign in first: there is no session.');
  return { actor: caller.actor, roles: caller.roles };
});
