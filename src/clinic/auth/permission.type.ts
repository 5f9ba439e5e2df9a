import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { registerEnumType } from '@nestjs/graphql';
import { Role } from '../../platform/database/generated/enums.js';
import { RequiresPermission } from '../../platform/graphql/access.js';
import { requestContextOf } from '../../platform/graphql/request-context.js';
import { Fault } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ROLES_BY_PERMISSION, type RuledPermission } from './permission.rules.js';

export { rolesHold } from './permission.rules.js';

/** What can be allowed, by name: `Allow(Permission.BOOK_SCAN)`. Who holds which: permission.rules.ts. */
export type Permission = RuledPermission;
export const Permission = Object.freeze(
  Object.fromEntries(Object.keys(ROLES_BY_PERMISSION).map((name) => [name, name])),
) as Readonly<{ [Name in RuledPermission]: Name }>;

registerEnumType(Role, {
  name: 'Role',
  description: 'What a member of staff does. One person may have several.',
  valuesMap: {
    RECEPTION: { description: 'Registers, books, moves and cancels.' },
    CLINICIAN: { description: 'Reviews referrals, takes consent.' },
    IMAGING: { description: 'Radiographers and nuclear medicine technologists.' },
    MDT_MEMBER: { description: 'Member of the multidisciplinary team; reads what the meeting needs.' },
    MANAGER: { description: 'Runs the practice: the diary, lead times, audit.' },
    ADMIN: { description: 'Runs the system: staff accounts, the diary, scanners.' },
  },
});

/** Decorator: the permission that this operation needs. An operation without one keeps the process from starting. */
export const Allow = (first: Permission, ...others: readonly Permission[]) =>
  RequiresPermission(first, ...others);

/** Parameter: who is asking. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): StaffActor => {
  const { caller } = requestContextOf(context);
  if (!isCaller(caller)) throw new Fault('UNAUTHENTICATED', 'Sign in first: there is no session.');
  return caller.actor;
});

/** A signed-in member of staff, as found from the session once a request. */
export interface StaffCaller {
  readonly actor: StaffActor;
  readonly sessionId: string;
  readonly roles: readonly Role[];
}

export function isCaller(value: unknown): value is StaffCaller {
  return typeof value === 'object' && value !== null && 'actor' in value && 'sessionId' in value;
}
