import { Field, Int, ObjectType } from '@nestjs/graphql';
import { FreedPlaceOfferStatus, FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'As the freed place stands, this cannot be done with it: it is taken, given up or over.',
})
export class FreedPlaceNotOpen extends Refusal {
  readonly code = 'FreedPlaceNotOpen';

  @Field(() => FreedPlaceStatus, { description: 'How the place stands.' })
  readonly status: FreedPlaceStatus;

  constructor(status: FreedPlaceStatus) {
    super(
      status === FreedPlaceStatus.OFFERING
        ? 'People are being asked about this place already. Wait for their answers, or withdraw it first.'
        : `This place is ${status.toLowerCase()}, so nobody can be asked about it any more.`,
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something has happened to the freed place, or to the offer, since it was read.',
})
export class FreedPlaceChangedMeanwhile extends Refusal {
  readonly code = 'FreedPlaceChangedMeanwhile';

  @Field(() => Int, { description: 'The version now: of the place, or of the offer, whichever was named.' })
  readonly version: number;

  constructor(version: number) {
    super('This has changed since you read it. Look at it again and decide anew.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Nobody who waits can have the place as it stands. It stays open.',
})
export class NobodyForFreedPlace extends Refusal {
  readonly code = 'NobodyForFreedPlace';

  constructor() {
    super(
      'Nobody on the waiting list fits this place: by what they need, when they can come, or how soon it is. Book it in the ordinary way.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The place that was offered has gone: somebody else said yes first, or it was withdrawn.',
})
export class OfferGone extends Refusal {
  readonly code = 'OfferGone';

  constructor() {
    super('This place has gone. The request keeps waiting with the clock that it has.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The time for an answer is over. At its last moment it is over.',
})
export class OfferExpired extends Refusal {
  readonly code = 'OfferExpired';

  @Field(() => Instant, { nullable: true, description: 'Until when it could be answered.' })
  readonly answerBy: Temporal.Instant | null;

  constructor(answerBy: Temporal.Instant | null) {
    super(
      'The time for an answer is over. The request keeps waiting; ask for offers if the patient can come.',
    );
    this.answerBy = answerBy;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is nothing to answer: nobody has been asked yet, or the answer was given.',
})
export class OfferNotOpen extends Refusal {
  readonly code = 'OfferNotOpen';

  @Field(() => FreedPlaceOfferStatus, { description: 'How the offer stands.' })
  readonly status: FreedPlaceOfferStatus;

  constructor(status: FreedPlaceOfferStatus) {
    super(
      status === FreedPlaceOfferStatus.QUEUED
        ? 'This patient has not been asked yet: others come first.'
        : `This offer was answered before: ${status.toLowerCase()}.`,
    );
    this.status = status;
  }
}
