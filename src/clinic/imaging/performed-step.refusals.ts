import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { formatLocalDateTime, type Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The performed step is attached to a booking already.',
})
export class PerformedStepAlreadyAttached extends Refusal {
  readonly code = 'PerformedStepAlreadyAttached';

  @Field(() => ID, { description: 'The booking that it is attached to.' })
  readonly scanBookingId: string;

  constructor(scanBookingId: string) {
    super('This performed step already belongs to a booking. Detach it there first if that is wrong.');
    this.scanBookingId = scanBookingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The performed step is attached to no booking, so there is nothing to detach.',
})
export class PerformedStepNotAttached extends Refusal {
  readonly code = 'PerformedStepNotAttached';

  constructor() {
    super('This performed step belongs to no booking. Look at it again: somebody may have detached it.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The scanner named a registered patient who is not the patient of the booking.',
})
export class PerformedStepOfSomebodyElse extends Refusal {
  readonly code = 'PerformedStepOfSomebodyElse';

  @Field(() => String, {
    description: 'The Patient ID that the scanner sent: a local number of this clinic.',
  })
  readonly toldPatientId: string;

  constructor(toldPatientId: string) {
    super(
      `The scanner says that this was done to the patient ${toldPatientId}, and the booking is another patient’s. Attach it to that patient’s booking. If the wrong patient was chosen at the scanner, have the images corrected first, then complete the scan by hand with that reason.`,
    );
    this.toldPatientId = toldPatientId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The booking was cancelled, so nothing is attached to it and it is not closed.',
})
export class ScanWasCancelled extends Refusal {
  readonly code = 'ScanWasCancelled';

  constructor() {
    super(
      'This booking was cancelled. If the patient was scanned all the same, find the booking that took its place, or book the scan anew and attach what the scanner did to that.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit has not begun, so it is neither completed nor discontinued.',
})
export class ScanNotBegun extends Refusal {
  readonly code = 'ScanNotBegun';

  constructor() {
    super('This visit has not begun yet. Cancel or move it instead.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The scan is completed or discontinued already.',
})
export class ScanAlreadyClosed extends Refusal {
  readonly code = 'ScanAlreadyClosed';

  @Field(() => ScanBookingStatus, { description: 'How it ended.' })
  readonly status: ScanBookingStatus;

  constructor(status: ScanBookingStatus, byPerson: boolean) {
    const ended = status === ScanBookingStatus.COMPLETED ? 'completed' : 'discontinued';
    super(
      byPerson
        ? `Somebody has already closed this scan as ${ended}. Reopen it first if that is wrong.`
        : `The scanner has already said that this scan was ${ended}. If it means another patient’s scan, detach the performed step.`,
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'No person closed this scan, so no person can reopen it.',
})
export class ScanNotClosedByPerson extends Refusal {
  readonly code = 'ScanNotClosedByPerson';

  constructor() {
    super(
      'Nobody closed this scan by hand, so there is nothing to undo. What the scanner said is changed by attaching or detaching its performed steps.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The end that was given lies before the visit’s beginning or in the future.',
})
export class ScanEndImplausible extends Refusal {
  readonly code = 'ScanEndImplausible';

  @Field(() => Instant, { description: 'The earliest end that is possible: the beginning.' })
  readonly earliestEndAt: Temporal.Instant;

  @Field(() => Instant, { description: 'The latest end that is possible: now.' })
  readonly latestEndAt: Temporal.Instant;

  constructor(earliestEndAt: Temporal.Instant, latestEndAt: Temporal.Instant, timeZone: string) {
    super(
      `A scan ends after it began (${formatLocalDateTime(earliestEndAt, timeZone)}) and not in the future. Give an end in between, or leave it out.`,
    );
    this.earliestEndAt = earliestEndAt;
    this.latestEndAt = latestEndAt;
  }
}
