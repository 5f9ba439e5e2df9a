import { Field, ObjectType } from '@nestjs/graphql';
import { ReferralAction, Role } from '../../platform/database/generated/enums.js';

@ObjectType({ description: 'Why something may be done with a referral, who may say so, and who is told.' })
export class ReferralReason {
  @Field(() => String, {
    description:
      'What the verbs take, in capitals: WRONG_PROVIDER. Of the NHS e-Referral Service where it has one.',
  })
  readonly code: string;

  @Field(() => String, { description: 'The reason for people.' })
  readonly name: string;

  @Field(() => [ReferralAction], { description: 'What it may be given for.' })
  readonly actions: readonly ReferralAction[];

  @Field(() => [Role], { description: 'Roles that may give it; one of them is enough.' })
  readonly allowedRoles: readonly Role[];

  @Field(() => Boolean, { description: 'Whether a comment must say more.' })
  readonly needsComment: boolean;

  @Field(() => Boolean, { description: 'Whether the referrer is told unless something else is said.' })
  readonly tellsReferrer: boolean;

  @Field(() => Boolean, { description: 'Whether the patient is told unless something else is said.' })
  readonly tellsPatient: boolean;

  @Field(() => String, { description: 'What they are told unless other words are given.' })
  readonly words: string;
}
