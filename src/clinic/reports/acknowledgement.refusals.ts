import { Field, ObjectType } from '@nestjs/graphql';
import { ReportAcknowledgementStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

const WORDS: Record<ReportAcknowledgementStatus, string> = {
  OPEN: 'is open',
  ACKNOWLEDGED: 'was acknowledged already',
  CLOSED: 'was closed already',
  SUPERSEDED: 'is of a version that was corrected since; there is a newer task',
};

@ObjectType({
  implements: () => [Refusal],
  description: 'The task is settled: acknowledged, closed, or superseded by that of a corrected report.',
})
export class AcknowledgementSettled extends Refusal {
  readonly code = 'AcknowledgementSettled';

  @Field(() => ReportAcknowledgementStatus, { description: 'How it stands.' })
  readonly status: ReportAcknowledgementStatus;

  constructor(status: ReportAcknowledgementStatus) {
    super(`This task ${WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
  }
}
