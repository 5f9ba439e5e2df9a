import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  description:
    'Something has changed on a day that is looked at: which visit, never whose and how. Ask for it again, or for the board.',
})
export class DayChange {
  @Field(() => LocalDate, { description: 'The day that is listened to, on the clinic’s calendar.' })
  readonly date: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the site at which the visit is now. Null: it may be anything, at any site.',
  })
  readonly siteCode: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit, which is on the day or has just left it. Null: what is open on the day has changed, or changes may have been missed, so look at the whole day again.',
  })
  readonly visitId: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The visit’s version after the change; an older one need not be asked for. A hold that ends by itself keeps its version. Null with `visitId`.',
  })
  readonly version: number | null;

  @Field(() => Instant, { description: 'When this was heard; the change is committed by then.' })
  readonly at: Temporal.Instant;
}
