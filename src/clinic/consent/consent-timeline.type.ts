import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ConsentPurpose, ConsentSide } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ConsentKind, ConsentReason, ConsentState } from './consent.refusals.js';

@ObjectType({
  description:
    'A stretch of time in which a patient stood the same on a purpose; of a procedure: at one place of it.',
})
export class ConsentSpan {
  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  readonly purpose: ConsentPurpose;

  @Field(() => ConsentKind, { description: 'The kind of consent that its purpose is.' })
  readonly kind: ConsentKind;

  @Field(() => String, { nullable: true, description: 'Code of the procedure; of procedures only.' })
  readonly procedureCode: string | null;

  @Field(() => ConsentSide, { nullable: true, description: 'The side; null: there is none.' })
  readonly side: ConsentSide | null;

  @Field(() => String, { nullable: true, description: 'The level, such as L4/5; null: there is none.' })
  readonly level: string | null;

  @Field(() => ConsentState, { description: 'Where the patient stood.' })
  readonly state: ConsentState;

  @Field(() => ConsentReason, { description: 'Why, for machines.' })
  readonly reasonCode: ConsentReason;

  @Field(() => String, { description: 'Why, in words, with local times of the clinic.' })
  readonly reason: string;

  @Field(() => Instant, { description: 'From when on.' })
  readonly from: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'Until when; null: now.' })
  readonly until: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'The decision that says so.' })
  readonly recordId: string | null;
}

@ObjectType({ description: 'What a patient agreed to over time.' })
export class ConsentTimeline {
  @Field(() => [ConsentSpan], {
    description: 'By purpose, procedure and place; in each, the earliest first and without gaps.',
  })
  readonly spans: readonly ConsentSpan[];
}
