import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DataComplaintStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** What can be done with a complaint. */
export const DataComplaintAction = {
  ACKNOWLEDGE: 'ACKNOWLEDGE',
  NOTE: 'NOTE',
  CONCLUDE: 'CONCLUDE',
  REOPEN: 'REOPEN',
} as const;
export type DataComplaintAction = (typeof DataComplaintAction)[keyof typeof DataComplaintAction];

registerEnumType(DataComplaintAction, {
  name: 'DataComplaintAction',
  description: 'What can be done with a complaint.',
  valuesMap: {
    ACKNOWLEDGE: { description: '`acknowledgeComplaint`.' },
    NOTE: { description: '`noteOnComplaint`.' },
    CONCLUDE: { description: '`concludeComplaint`.' },
    REOPEN: { description: '`reopenComplaint`.' },
  },
});

registerEnumType(DataComplaintStatus, {
  name: 'DataComplaintStatus',
  description: 'How a complaint stands.',
  valuesMap: {
    RECEIVED: { description: 'Recorded; the person has not been told yet that it came.' },
    ACKNOWLEDGED: { description: 'The person knows that it came; it is looked into.' },
    CONCLUDED: { description: 'The person was told the outcome.' },
  },
});

const IN_WORDS = {
  RECEIVED: 'has not been acknowledged yet',
  ACKNOWLEDGED: 'has been acknowledged',
  CONCLUDED: 'has been concluded',
} as const satisfies Record<DataComplaintStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'This cannot be done with the complaint as it stands.',
})
export class DataComplaintStandsOtherwise extends Refusal {
  readonly code = 'DataComplaintStandsOtherwise';

  @Field(() => DataComplaintStatus, { description: 'How the complaint stands.' })
  readonly status: DataComplaintStatus;

  @Field(() => [DataComplaintAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly DataComplaintAction[];

  constructor(status: DataComplaintStatus, allowedActions: readonly DataComplaintAction[]) {
    super(`This complaint ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}
