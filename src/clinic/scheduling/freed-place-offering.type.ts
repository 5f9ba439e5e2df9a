import { Field, InputType, Int } from '@nestjs/graphql';
import { IsBoolean, IsInt, Matches, Max, Min } from 'class-validator';

const CODE = /^[A-Z][A-Z0-9_]{1,59}$/;
/** More at once is a race, not an offer. */
const AT_ONCE_MAX = 10;
const ANSWER_MIN_MINUTES = 5;
/** A week. */
const ANSWER_MAX_MINUTES = 10_080;

@InputType({ description: 'What becomes of the places that visits of a kind leave.' })
export class SetFreedPlaceOfferingInput {
  @Field(() => String, { description: 'Which kind of visit, by code.' })
  @Matches(CODE, { message: '$property must be the code of a visit type, such as PHYSIOTHERAPY' })
  readonly visitTypeCode: string;

  @Field(() => Boolean, {
    description:
      'Are they offered to those who wait without anybody saying so? Then from eight to six on Monday to Friday.',
  })
  @IsBoolean()
  readonly offersFreed: boolean;

  @Field(() => Int, {
    description: `How many are asked at once, 1 to ${AT_ONCE_MAX}; 1: one after another.`,
  })
  @IsInt()
  @Min(1)
  @Max(AT_ONCE_MAX)
  readonly offersAtOnce: number;

  @Field(() => Int, {
    description: `How many minutes each has for an answer, ${ANSWER_MIN_MINUTES} to ${ANSWER_MAX_MINUTES}. Of those by themselves only the hours of the desk count.`,
  })
  @IsInt()
  @Min(ANSWER_MIN_MINUTES)
  @Max(ANSWER_MAX_MINUTES)
  readonly answerMinutes: number;
}
