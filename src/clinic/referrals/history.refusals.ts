import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Entries of this kind are there: there cannot be none. Retire them first if they do not hold.',
})
export class HistoryNotEmpty extends Refusal {
  readonly code = 'HistoryNotEmpty';

  @Field(() => [ID], { description: 'The entries: `retireHistory`.' })
  readonly historyIds: readonly string[];

  constructor(historyIds: readonly string[]) {
    super('Something of this kind is recorded. Take it away first if it does not hold.');
    this.historyIds = historyIds;
  }
}
