import type { Type } from '@nestjs/common';
import { createUnionType } from '@nestjs/graphql';
import { isRefusal, type Refusal } from '../refusal/refusal.js';

// Nest resolves a union by instanceof, and rows from the database are plain objects. So a union of ours is always
// "one success type and its refusals": a Refusal resolves by its own class, anything else is the success.

type SuccessType = Type<object>;
type RefusalType = new (...args: never[]) => Refusal;

/** The result of a mutation: what it made, or one of the ways it says no. */
export function resultUnion(
  name: string,
  success: SuccessType,
  refusals: readonly RefusalType[],
  description: string,
) {
  return createUnionType({
    name,
    description,
    types: () => [success, ...refusals] as const,
    resolveType: (value: unknown) => (isRefusal(value) ? (value.constructor as RefusalType) : success),
  });
}
