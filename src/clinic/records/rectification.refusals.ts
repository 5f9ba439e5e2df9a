import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { RectificationStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

registerEnumType(RectificationStatus, {
  name: 'RectificationStatus',
  description: 'How a request to put something right stands.',
  valuesMap: {
    REQUESTED: { description: 'Somebody has to decide.' },
    ACCEPTED: { description: 'An addendum stands beside the record.' },
    REFUSED: { description: 'Refused, with a reason and the right to complain.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has decided on this before. The decision stands; a new request can be made.',
})
export class RectificationDecidedAlready extends Refusal {
  readonly code = 'RectificationDecidedAlready';

  @Field(() => RectificationStatus, { description: 'How it was decided.' })
  readonly status: RectificationStatus;

  constructor(status: RectificationStatus) {
    super('This request has been decided already. If the patient asks again, record a new one.');
    this.status = status;
  }
}
