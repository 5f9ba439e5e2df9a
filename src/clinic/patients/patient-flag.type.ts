import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AlertSeverity } from '../../platform/database/generated/enums.js';

export const PatientFlagKind = {
  ALERT: 'ALERT',
  COMMUNICATION_NEED: 'COMMUNICATION_NEED',
} as const;
export type PatientFlagKind = (typeof PatientFlagKind)[keyof typeof PatientFlagKind];

registerEnumType(PatientFlagKind, {
  name: 'PatientFlagKind',
  description: 'What a flag stands for.',
  valuesMap: {
    ALERT: { description: 'An alert of `Patient.alerts`.' },
    COMMUNICATION_NEED: { description: 'A need of `Patient.communicationNeeds`.' },
  },
});

@ObjectType({ description: 'A short sentence that is shown wherever the patient is.' })
export class PatientFlag {
  @Field(() => PatientFlagKind, { description: 'What it stands for.' })
  readonly kind: PatientFlagKind;

  @Field(() => ID, { description: 'Id of the alert or the need.' })
  readonly subjectId: string;

  @Field(() => String, { description: 'The sentence: `Needs a British Sign Language interpreter`.' })
  readonly sentence: string;

  @Field(() => AlertSeverity, { nullable: true, description: 'Of an alert: how grave it is.' })
  readonly severity: AlertSeverity | null;

  @Field(() => Boolean, { description: 'Of a need: it is time to ask about it again.' })
  readonly isReviewDue: boolean;
}
