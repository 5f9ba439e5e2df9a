import { Field, ObjectType } from '@nestjs/graphql';
import { RecordClass } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'A rule of this class and trigger begins on that day already. Rules are not edited: choose another day.',
})
export class RetentionRuleSetAlready extends Refusal {
  readonly code = 'RetentionRuleSetAlready';

  @Field(() => RecordClass, { description: 'The class.' })
  readonly recordClass: RecordClass;

  @Field(() => LocalDate, { description: 'The day on which the rule that is there begins.' })
  readonly effectiveFrom: string;

  constructor(recordClass: RecordClass, effectiveFrom: string) {
    super('A rule of this class and trigger begins on that day already. Let yours begin on another day.');
    this.recordClass = recordClass;
    this.effectiveFrom = effectiveFrom;
  }
}
