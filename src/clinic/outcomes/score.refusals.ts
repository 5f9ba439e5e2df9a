import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has put this score right since you read it. Nothing was changed.',
})
export class ScoreReplaced extends Refusal {
  readonly code = 'ScoreReplaced';

  @Field(() => ID, {
    nullable: true,
    description: 'The score that stands now; null: it was replaced at this moment.',
  })
  readonly standingId: string | null;

  constructor(standingId: string | null) {
    super(
      'This score was put right since you read it. Look at the one that stands now, and go on from there.',
    );
    this.standingId = standingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The score was taken back, and stays so. Nothing was changed.',
})
export class ScoreVoid extends Refusal {
  readonly code = 'ScoreVoid';

  constructor() {
    super('This score was taken back. Record the answers anew if they are this patient’s.');
  }
}
