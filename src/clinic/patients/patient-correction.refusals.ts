import { Field, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';
import { Patient } from './patient.type.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody has changed the record since it was read. Nothing was changed: look at it as it is now, and say it again.',
})
export class PatientChangedMeanwhile extends Refusal {
  readonly code = 'PatientChangedMeanwhile';

  @Field(() => Patient, { description: 'The record as it is now.' })
  readonly present: Patient;

  constructor(present: Patient) {
    super(
      `The record ${present.localNumber} was changed meanwhile: it is at version ${present.version}. ` +
        'Compare with what is there now, and say it again.',
    );
    this.present = present;
  }
}
