import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsInt, IsUUID, Max, Min } from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { NOTICE_MAX_HOURS } from './request.type.js';
import { NotOfferedSooner } from './sooner.refusals.js';
import { NotInThisState } from './visit.refusals.js';
import { Visit } from './visit.type.js';

@ObjectType({
  description:
    'The patient of a booked visit would come sooner: they are asked when a place falls free before it, after those who have no visit.',
})
export class SoonerWish {
  @Field(() => Int, { description: 'How many hours before a visit the patient has to know of it.' })
  readonly noticeHoursMin: number;

  @Field(() => Instant, { description: 'When it was said.' })
  readonly saidAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that wrote it down.' })
  readonly saidById: string;
}

@InputType({ description: 'Whether the patient of a booked visit would come sooner.' })
export class WantSoonerInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  readonly visitId: string;

  @Field(() => Boolean, { description: 'True: they would. False: not, or not any more.' })
  @IsBoolean()
  readonly wanted: boolean;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: `How many hours before a visit the patient has to know of it, 0 to ${NOTICE_MAX_HOURS}. Freed places nearer than that are not offered.`,
  })
  @IsInt()
  @Min(0)
  @Max(NOTICE_MAX_HOURS)
  readonly noticeHoursMin: number = 0;
}

export const WantSoonerResult = resultUnion(
  'WantSoonerResult',
  Visit,
  [NotInThisState, NotOfferedSooner],
  'The visit, which stays where it is, or why nobody would be asked.',
);
