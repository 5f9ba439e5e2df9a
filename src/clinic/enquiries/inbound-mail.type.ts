import { Field, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({ description: 'A mailbox whose messages become enquiries, and whether it can be read.' })
export class InboundMailbox {
  @Field(() => String, { description: 'User, server and folder, as user@server/folder.' })
  readonly address: string;

  @Field(() => Instant, {
    description: 'Since when it is read. What lay in it before was left to the people who read it.',
  })
  readonly firstLookAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was last looked at with success.' })
  readonly lastLookAt: Temporal.Instant;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last look failed, as a code such as ECONNREFUSED or AUTHENTICATIONFAILED; null: it did not.',
  })
  readonly failureCode: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'Since when every look has failed; null: the last one did not.',
  })
  readonly failingSince: Temporal.Instant | null;
}
