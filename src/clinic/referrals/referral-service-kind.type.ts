import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'What patients are referred for.' })
export class ReferralServiceKind {
  @Field(() => String, { description: 'What `receiveReferral` takes, in capitals: SPECT_CT.' })
  readonly code: string;

  @Field(() => String, { description: 'The service for people.' })
  readonly name: string;
}
