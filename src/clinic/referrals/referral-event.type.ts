import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  ReferralAction,
  ReferralAudience,
  ReferralStatus,
  TellingMethod,
} from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import './referral-words.type.js';

@ObjectType({ description: 'What the referrer or the patient was told of a move. Never changed.' })
export class ReferralTelling {
  @Field(() => ID, { description: 'Id of the telling.' })
  readonly id: string;

  @Field(() => ID, { description: 'The move of which it tells.' })
  readonly eventId: string;

  @Field(() => ReferralAudience, { description: 'Who was told.' })
  readonly audience: ReferralAudience;

  @Field(() => TellingMethod, { description: 'How. EMAIL and LETTER: a letter is written.' })
  readonly method: TellingMethod;

  @Field(() => String, { description: 'In which words.' })
  readonly words: string;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address given for this alone; null: the known one.',
  })
  readonly email: string | null;

  @Field(() => [String], { description: 'Postal address given for this alone; empty: the known one.' })
  readonly addressLines: readonly string[];

  @Field(() => String, { nullable: true, description: 'Postcode of that address.' })
  readonly postcode: string | null;

  @Field(() => Instant, { description: 'When it was said, or the letter asked for.' })
  readonly at: Temporal.Instant;
}

@ObjectType({ description: 'One move of a referral, as it was made. Never changed.' })
export class ReferralEvent {
  @Field(() => ID, { description: 'Id of the move.' })
  readonly id: string;

  readonly referralId: string;

  @Field(() => ReferralAction, { description: 'What was done.' })
  readonly action: ReferralAction;

  @Field(() => ReferralStatus, {
    nullable: true,
    description: 'How it stood before; null: it had just arrived.',
  })
  readonly from: ReferralStatus | null;

  @Field(() => ReferralStatus, { description: 'How it stood after it.' })
  readonly to: ReferralStatus;

  @Field(() => Instant, { description: 'When.' })
  readonly at: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account; null: the scanner, or Facet by itself.' })
  readonly actorId: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the reason, where the move had one.' })
  readonly reasonCode: string | null;

  @Field(() => String, { nullable: true, description: 'What was added.' })
  readonly comment: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What belongs to the move: to whom it was passed on, the advice, what is wanted, the outcome.',
  })
  readonly detail: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The visit that was booked or went away, or the referral into which it was merged.',
  })
  readonly subjectId: string | null;

  @Field(() => Int, { description: "The referral's version after it." })
  readonly version: number;

  @Field(() => [ReferralTelling], { description: 'Who was told of it.' })
  readonly tellings: readonly ReferralTelling[];
}
