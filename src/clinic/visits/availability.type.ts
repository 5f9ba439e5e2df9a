import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ReferralPriority } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';

@ObjectType({
  description:
    'How long the wait for a kind of visit is today: the first day on which a whole visit really fits, by opening hours, bookings and notice.',
})
export class NextAvailability {
  @Field(() => String, { description: 'Code of the kind of visit.' })
  readonly visitTypeCode: string;

  @Field(() => ReferralPriority, { description: 'The urgency whose lead time was used.' })
  readonly priority: ReferralPriority;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first day; null when nothing fits in the whole of the open diary.',
  })
  readonly earliestOn: string | null;

  @Field(() => Int, { nullable: true, description: 'The same in calendar days from today; 0 is today.' })
  readonly waitDays: number | null;

  @Field(() => LocalDate, { description: 'Today, in the clinic.' })
  readonly asOf: string;
}

/** What the website is told. Dates only: nothing that could be about a person. */
export interface PublicAvailability {
  readonly visitTypeCode: string;
  readonly earliestOn: string | null;
  readonly asOf: string;
}
