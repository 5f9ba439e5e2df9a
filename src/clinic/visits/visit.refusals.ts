import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ReferralStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The steps do not follow the protocol of this kind of visit. Ask for offers again.',
})
export class VisitOutsideProtocol extends Refusal {
  readonly code = 'VisitOutsideProtocol';

  @Field(() => Int, {
    nullable: true,
    description: 'The step that does not, from 0; null: the steps as a whole.',
  })
  readonly position: number | null;

  constructor(position: number | null, what: string) {
    super(`${what} Nothing was changed: ask for offers again.`);
    this.position = position;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This kind of visit is booked for an accepted referral only, through a request that names it.',
})
export class VisitNeedsReferral extends Refusal {
  readonly code = 'VisitNeedsReferral';

  @Field(() => ReferralStatus, {
    nullable: true,
    description: 'How the referral stands; null when there is none.',
  })
  readonly referralStatus: ReferralStatus | null;

  constructor(referralStatus: ReferralStatus | null) {
    super(sayReferral(referralStatus));
    this.referralStatus = referralStatus;
  }
}

/** A clinician has not decided yet. */
export const UNDECIDED_REFERRALS: readonly ReferralStatus[] = [
  ReferralStatus.RECEIVED,
  ReferralStatus.BEING_TRIAGED,
  ReferralStatus.INFORMATION_REQUESTED,
];

function sayReferral(status: ReferralStatus | null): string {
  if (status === null) {
    return 'This kind of visit needs an accepted referral: request it with the referral, and book it for that request.';
  }
  if (status === ReferralStatus.DECLINED) {
    return 'The referral was declined. This kind of visit needs an accepted one: ask the referrer for a new one.';
  }
  return UNDECIDED_REFERRALS.includes(status)
    ? 'The referral still waits for triage. A clinician must accept it before this kind of visit is booked.'
    : 'The referral is over. This kind of visit needs an accepted one: open it again, or ask for a new one.';
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The consent that this kind of visit asks for is not in force.',
})
export class VisitNeedsConsent extends Refusal {
  readonly code = 'VisitNeedsConsent';

  @Field(() => String, {
    description: 'Why it is not in force, as a sentence: never asked, declined, withdrawn.',
  })
  readonly reason: string;

  constructor(reason: string) {
    super(`Consent is not in force. ${reason} Talk with the patient and record the consent first.`);
    this.reason = reason;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The consent is in force, and has to be confirmed on the day before anything is done.',
})
export class ConsentNotConfirmed extends Refusal {
  readonly code = 'ConsentNotConfirmed';

  constructor(reason: string) {
    super(
      `The visit cannot begin: its consent has not been confirmed. ${reason} Ask again, and record the answer with \`confirmConsent\`.`,
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The request is already held or booked, or it is closed.',
})
export class RequestAlreadyBooked extends Refusal {
  readonly code = 'RequestAlreadyBooked';

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit it has; null when it is closed, or was booked by somebody else in this very moment.',
  })
  readonly visitId: string | null;

  constructor(visitId: string | null = null) {
    super(
      visitId === null
        ? 'This request no longer waits for a visit: it is closed, or has just been booked.'
        : 'This request already has a visit. Move or cancel that one.',
    );
    this.visitId = visitId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The visit that was to be replaced cannot be: it is not cancelled or missed, is another patient’s, or is replaced already.',
})
export class VisitNotReplaceable extends Refusal {
  readonly code = 'VisitNotReplaceable';

  constructor() {
    super(
      'Only a cancelled, broken-off or missed visit of the same patient can be replaced, and only once. Leave replacesVisitId out, or name another.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The hold is over: its time has run out. The time is free again.',
})
export class HoldExpired extends Refusal {
  readonly code = 'HoldExpired';

  @Field(() => Instant, { nullable: true, description: 'When it ended.' })
  readonly heldUntil: Temporal.Instant | null;

  constructor(heldUntil: Temporal.Instant | null) {
    super(
      'The time was held until a moment that has passed. Ask for offers again; the same time may still be free.',
    );
    this.heldUntil = heldUntil;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Somebody has changed the visit since it was read.' })
export class VisitChangedMeanwhile extends Refusal {
  readonly code = 'VisitChangedMeanwhile';

  @Field(() => Int, { description: 'Its version now.' })
  readonly version: number;

  @Field(() => VisitStatus, { description: 'How it stands now.' })
  readonly status: VisitStatus;

  constructor({ version, status }: { readonly version: number; readonly status: VisitStatus }) {
    super('Somebody has changed this visit since you read it. Look at it again and decide anew.');
    this.version = version;
    this.status = status;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'As the visit stands, this cannot be done with it.' })
export class NotInThisState extends Refusal {
  readonly code = 'NotInThisState';

  @Field(() => VisitStatus, { description: 'How the visit stands.' })
  readonly status: VisitStatus;

  @Field(() => [String], { description: 'What can be done with it now, by the names of the operations.' })
  readonly possibleActions: readonly string[];

  constructor(status: VisitStatus, possibleActions: readonly string[]) {
    super(
      `The visit is ${status.toLowerCase().replace('_', ' ')}, so this cannot be done with it. ${
        possibleActions.length > 0
          ? `What can be done: ${possibleActions.join(', ')}.`
          : 'Book another visit instead.'
      }`,
    );
    this.status = status;
    this.possibleActions = possibleActions;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The visit has begun, or its time has come.' })
export class VisitHasBegun extends Refusal {
  readonly code = 'VisitHasBegun';

  constructor(verb: 'moveVisit' | 'cancelVisit' = 'moveVisit') {
    super(
      verb === 'moveVisit'
        ? 'The time of this visit has come. Say on the day how it went instead: arrived, missed, broken off.'
        : 'The time of this visit has come, so only a reason of the clinic’s own can cancel it. If the patient has not come, say that it was missed.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The visit has been moved as often as its kind allows. A manager or a clinician may move it again, with a reason.',
})
export class TooManyMoves extends Refusal {
  readonly code = 'TooManyMoves';

  @Field(() => Int, { description: 'How often a visit of this kind may be moved.' })
  readonly movesMax: number;

  constructor(movesMax: number) {
    super(
      `This visit has been moved ${movesMax === 1 ? 'once' : `${movesMax} times`}, which is all that its kind allows. A manager or a clinician may move it again and must say why.`,
    );
    this.movesMax = movesMax;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit is too near to be moved. A manager or a clinician may, with a reason.',
})
export class TooLateToChange extends Refusal {
  readonly code = 'TooLateToChange';

  @Field(() => Instant, { description: 'Until when it could be moved.' })
  readonly changeableUntil: Temporal.Instant;

  constructor(changeableUntil: Temporal.Instant, hours: number) {
    super(
      `This visit begins in less than ${hours} hours, which is too late to move it. A manager or a clinician may and must say why; it can also be cancelled.`,
    );
    this.changeableUntil = changeableUntil;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The two visits are not of one kind and one protocol, so neither fits into the place of the other.',
})
export class VisitsNotAlike extends Refusal {
  readonly code = 'VisitsNotAlike';

  constructor() {
    super('Only two visits of one kind, booked under one protocol, can change places. Move them one by one.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The reason is for others to give: it is tied to what they do.',
})
export class CancelReasonNotYours extends Refusal {
  readonly code = 'CancelReasonNotYours';

  constructor(name: string) {
    super(`“${name}” is not yours to say. Choose another reason, or ask somebody who may.`);
  }
}

@ObjectType({ implements: () => [Refusal], description: 'This reason for cancelling needs a comment.' })
export class VisitCommentMissing extends Refusal {
  readonly code = 'VisitCommentMissing';

  constructor() {
    super('This reason does not say enough by itself: add a comment.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The Idempotency-Key of this request was used for another content. A key stands for one change.',
})
export class IdempotencyKeyReused extends Refusal {
  readonly code = 'IdempotencyKeyReused';

  constructor() {
    super('This Idempotency-Key was sent before with another content. Use a new key for a new change.');
  }
}
