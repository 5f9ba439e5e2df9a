import { Field, ID, ObjectType } from '@nestjs/graphql';
import { GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { GateState } from './gate.refusals.js';

export { GateState } from './gate.refusals.js';
export type { GateAct, GateSubject, GateVerdict } from './gate.rules.js';

@ObjectType({ description: 'A stage at which a gate stands, and how strictly.' })
export class GateStanding {
  @Field(() => GateStage, { description: 'The stage.' })
  readonly stage: GateStage;

  @Field(() => GateStrictness, { description: 'Hard or advisory, by the policy in force on the day.' })
  readonly strictness: GateStrictness;
}

@ObjectType({
  description: 'A gate of a booking as it is found now. Nothing of it is stored: it is judged each time.',
})
export class JudgedGate {
  @Field(() => GateCode, { description: 'Which gate.' })
  readonly code: GateCode;

  @Field(() => GateStage, {
    description:
      'The stage that it was judged for; of all gates at once: the first at which it is hard, else the first.',
  })
  readonly stage: GateStage;

  @Field(() => GateStrictness, { description: 'How strictly it stands there.' })
  readonly strictness: GateStrictness;

  @Field(() => [GateStanding], { description: 'Every stage at which it stands, in their order.' })
  readonly stages: readonly GateStanding[];

  @Field(() => GateState, { description: 'How it is found.' })
  readonly state: GateState;

  @Field(() => String, { description: 'The reason in capitals, safe to branch on: LICENCE_NOT_HELD.' })
  readonly reasonCode: string;

  @Field(() => String, { description: 'The reason as a sentence; of a gate that is shut, with what to do.' })
  readonly reason: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Staff account that did what it asks for; null: nobody yet, nobody in particular, or nobody of the staff.',
  })
  readonly byId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of who did what it asks for: a member of staff, or a referrer; null: nobody yet, or nobody in particular.',
  })
  readonly byName: string | null;

  @Field(() => Instant, { nullable: true, description: 'When they did; null: not yet, or at no one moment.' })
  readonly at: Temporal.Instant | null;
}
