import { Field, InterfaceType } from '@nestjs/graphql';

/**
 * An expected "no" that a person can act on. It is a value: a service returns it, its transaction rolls back, and
 * the caller sees it as a member of the mutation's result union. Anything else that goes wrong is a thrown Fault.
 */
@InterfaceType({
  description:
    'An expected "no" that a person can act on. Nothing was changed. Ask for `code` to branch on and `message` to show.',
})
export abstract class Refusal {
  @Field(() => String, {
    description: 'Stable name of the reason, the same as the type name. Safe to branch on.',
  })
  abstract readonly code: string;

  @Field(() => String, { description: 'What is wrong and what to do about it, in plain English.' })
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export function isRefusal(value: unknown): value is Refusal {
  return value instanceof Refusal;
}

export { badInput, Fault, type FaultCode, notFound } from './fault.js';
