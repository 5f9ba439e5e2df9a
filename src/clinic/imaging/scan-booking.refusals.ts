import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ReferralStatus, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';

/** A clinician has not decided yet. */
const WAITING: readonly ReferralStatus[] = [
  ReferralStatus.RECEIVED,
  ReferralStatus.BEING_TRIAGED,
  ReferralStatus.INFORMATION_REQUESTED,
];

@ObjectType({
  implements: () => [Refusal],
  description: 'A scan is booked for an accepted referral only.',
})
export class ReferralNotAccepted extends Refusal {
  readonly code = 'ReferralNotAccepted';

  @Field(() => ReferralStatus, { description: 'How the referral stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super(
      status === ReferralStatus.DECLINED
        ? 'The referral was declined. A scan needs an accepted referral: ask the referrer for a new one.'
        : WAITING.includes(status)
          ? 'The referral still waits for triage. A clinician must accept it before a scan is booked.'
          : 'The referral is over. A scan needs an accepted referral: open it again, or ask for a new one.',
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Consent to imaging with a radioactive tracer and X-rays is not in force.',
})
export class ConsentMissing extends Refusal {
  readonly code = 'ConsentMissing';

  @Field(() => String, {
    description: 'Why it is not in force, as a sentence: never asked, declined, withdrawn.',
  })
  readonly reason: string;

  constructor(reason: string) {
    super(
      `Consent to imaging is not in force. ${reason} Talk with the patient and record the consent before booking.`,
    );
    this.reason = reason;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The time between injection and acquisition is outside the uptake window of the protocol.',
})
export class UptakeOutsideProtocol extends Refusal {
  readonly code = 'UptakeOutsideProtocol';

  @Field(() => Instant, { description: 'Earliest start of the acquisition for this injection.' })
  readonly earliestScanAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Latest start of the acquisition for this injection.' })
  readonly latestScanAt: Temporal.Instant;

  constructor(
    earliestScanAt: Temporal.Instant,
    latestScanAt: Temporal.Instant,
    minutes: { min: number; max: number },
  ) {
    super(
      `The tracer needs ${minutes.min} to ${minutes.max} minutes between injection and acquisition. Choose an acquisition inside that time, or another injection time.`,
    );
    this.earliestScanAt = earliestScanAt;
    this.latestScanAt = latestScanAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral already has a live scan booking, or a place is held for one.',
})
export class ReferralAlreadyBooked extends Refusal {
  readonly code = 'ReferralAlreadyBooked';

  @Field(() => ID, {
    nullable: true,
    description:
      'The booking it has; null when somebody else made it in this very moment, and when a place is only held.',
  })
  readonly scanBookingId: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit that holds a place for its scan: confirm it, release it, or wait until it ends. Null: none does.',
  })
  readonly heldVisitId: string | null;

  constructor(scanBookingId: string | null = null, heldVisitId: string | null = null) {
    super(
      heldVisitId === null
        ? 'This referral already has a scan booking. Move or cancel that one; when the scan is done, another scan needs a new referral.'
        : 'A place is held for the scan of this referral. Confirm that one or give it back; it ends by itself, too.',
    );
    this.scanBookingId = scanBookingId;
    this.heldVisitId = heldVisitId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient has another visit that overlaps.',
})
export class PatientAlreadyBooked extends Refusal {
  readonly code = 'PatientAlreadyBooked';

  constructor() {
    super(
      'The patient already has a scan or another visit that overlaps with this time. Choose another time.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'No scanner is set up for this camera, so nobody would find the patient on a worklist.',
})
export class CameraWithoutScanner extends Refusal {
  readonly code = 'CameraWithoutScanner';

  constructor() {
    super(
      'No scanner is connected to this camera, so the booking would be on no worklist. Choose another camera, or ask an administrator to set the scanner up.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The booking was cancelled before.' })
export class ScanAlreadyCancelled extends Refusal {
  readonly code = 'ScanAlreadyCancelled';

  @Field(() => ID, { description: 'The cancelled booking.' })
  readonly scanBookingId: string;

  constructor(scanBookingId: string) {
    super('This scan was already cancelled. Book a new one instead.');
    this.scanBookingId = scanBookingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody changed the booking after it was read.',
})
export class ScanChangedMeanwhile extends Refusal {
  readonly code = 'ScanChangedMeanwhile';

  @Field(() => Int, { description: 'The version now. Read the booking again before changing it.' })
  readonly version: number;

  constructor(version: number) {
    super(
      'Somebody else changed this booking in the meantime. Look at it again, then repeat the change if it is still right.',
    );
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A scanner has begun the scan, so the booking is neither moved nor cancelled.',
})
export class ScanHasBegun extends Refusal {
  readonly code = 'ScanHasBegun';

  @Field(() => ScanBookingStatus, { description: 'Where the booking stands.' })
  readonly status: ScanBookingStatus;

  constructor(status: ScanBookingStatus) {
    super(
      'The scanner has begun this scan, so it can be neither moved nor cancelled. Say how it ended with `completeScan` or `discontinueScan`; after a scan that was discontinued the referral can be booked again.',
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit has begun or is past, so it is neither moved nor cancelled.',
})
export class ScanIsOver extends Refusal {
  readonly code = 'ScanIsOver';

  constructor() {
    super(
      'This visit has already begun or is past, so it can no longer be moved or cancelled. If it did not take place, discontinue it: the referral can then be booked again.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient is here, so the visit is neither moved nor cancelled.',
})
export class PatientHasArrived extends Refusal {
  readonly code = 'PatientHasArrived';

  constructor() {
    super(
      'The patient has arrived for this scan, so it is neither moved nor cancelled. If that was said by mistake, undo it on the visit first.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This kind of visit cannot be a scan as its protocol stands.',
})
export class ProtocolNotForScans extends Refusal {
  readonly code = 'ProtocolNotForScans';

  constructor(what: string) {
    super(`${what} Ask a manager to put the protocol of this kind of visit right.`);
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The reason for the cancellation wants a comment.' })
export class CancelCommentMissing extends Refusal {
  readonly code = 'CancelCommentMissing';

  constructor() {
    super('This reason does not say enough by itself: add a comment that says what happened.');
  }
}
