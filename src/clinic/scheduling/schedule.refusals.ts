import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Role } from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';

@ObjectType({ description: 'A stretch of time, half-open: it holds its start and not its end.' })
export class TimeSpan {
  @Field(() => Instant, { description: 'Start, included.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End, not included.' })
  readonly endsAt: Temporal.Instant;
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody else has the resource for all or part of that time. Ask for offers again.',
})
export class SlotAlreadyTaken extends Refusal {
  readonly code = 'SlotAlreadyTaken';

  @Field(() => Instant, {
    nullable: true,
    description:
      'The next start at which the same resource is free for as long, within four weeks. Null when there is none, or when the time was taken in this very moment.',
  })
  readonly nextFreeAt: Temporal.Instant | null;

  constructor(nextFreeAt: Temporal.Instant | null = null) {
    super('That time has just been taken. Nothing was booked: choose another.');
    this.nextFreeAt = nextFreeAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The resource is not open for the whole of that time.',
})
export class OutsideOpeningHours extends Refusal {
  readonly code = 'OutsideOpeningHours';

  @Field(() => String, { description: 'Id of the resource that is not open.' })
  readonly resourceId: string;

  @Field(() => [TimeSpan], {
    description:
      'When it is open on the local day that was asked for, in order; empty when it is closed all day.',
  })
  readonly openSpans: readonly TimeSpan[];

  constructor(resourceId: string, openSpans: readonly TimeSpan[], whenOpen: string) {
    super(`${whenOpen} Nothing was booked: choose another time.`);
    this.resourceId = resourceId;
    this.openSpans = openSpans;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient is to be somewhere else for all or part of that time, whatever for.',
})
export class PatientElsewhere extends Refusal {
  readonly code = 'PatientElsewhere';

  @Field(() => TimeSpan, {
    nullable: true,
    description:
      'When the patient is elsewhere: the first such time. Null when it was taken in this very moment.',
  })
  readonly elsewhere: TimeSpan | null;

  /** `when` is for a person: "on Monday 2 March 2026 from 09:00 to 10:00". */
  constructor(elsewhere: TimeSpan | null = null, when: string | null = null) {
    super(
      `The patient has to be somewhere else ${when ?? 'at that time'}. Nothing was booked: choose another time.`,
    );
    this.elsewhere = elsewhere;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day is nearer than the notice that this kind of visit needs.',
})
export class TooSoonForLeadTime extends Refusal {
  readonly code = 'TooSoonForLeadTime';

  @Field(() => LocalDate, { description: 'The first day that may be booked now.' })
  readonly earliestOn: string;

  constructor(earliestOn: Temporal.PlainDate) {
    super(`That is too soon: the first day that can be booked is ${formatDate(earliestOn)}.`);
    this.earliestOn = earliestOn.toString();
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The diary is not open that far ahead.' })
export class BeyondDiary extends Refusal {
  readonly code = 'BeyondDiary';

  @Field(() => LocalDate, { description: 'The last day that may be booked now.' })
  readonly latestOn: string;

  constructor(latestOn: Temporal.PlainDate) {
    super(
      `The diary is not open that far ahead: the last day that can be booked is ${formatDate(latestOn)}.`,
    );
    this.latestOn = latestOn.toString();
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The day is outside the lead time and whoever asks may not go beyond it, even with a reason. Those who may can book it.',
})
export class OverrideNotAllowed extends Refusal {
  readonly code = 'OverrideNotAllowed';

  @Field(() => [Role], { description: 'Roles that may, with a reason; empty: nobody.' })
  readonly allowedRoles: readonly Role[];

  @Field(() => LocalDate, { description: 'The first day that may be booked now without a reason.' })
  readonly earliestOn: string;

  @Field(() => LocalDate, { description: 'The last day that may be booked now without a reason.' })
  readonly latestOn: string;

  constructor(allowedRoles: readonly Role[], earliestOn: Temporal.PlainDate, latestOn: Temporal.PlainDate) {
    const days = `from ${formatDate(earliestOn)} to ${formatDate(latestOn)}`;
    const who = allowedRoles.length === 0 ? 'Nobody may' : 'You may not';
    super(`${who} book this kind of visit outside its lead time. Days that can be booked are ${days}.`);
    this.allowedRoles = allowedRoles;
    this.earliestOn = earliestOn.toString();
    this.latestOn = latestOn.toString();
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'That time or day is over. What was, stays as it was.',
})
export class InThePast extends Refusal {
  readonly code = 'InThePast';

  constructor() {
    super('That is in the past: choose a time to come.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Visits are booked in the time that would no longer be open. Move them first.',
})
export class ClosureHitsBookings extends Refusal {
  readonly code = 'ClosureHitsBookings';

  @Field(() => Int, { description: 'How many booked stretches of time are in the way.' })
  readonly bookedCount: number;

  @Field(() => [TimeSpan], { description: 'The first of them, in order of time.' })
  readonly bookedSpans: readonly TimeSpan[];

  constructor(bookedCount: number, bookedSpans: readonly TimeSpan[], when: string) {
    super(
      `${bookedCount} booked ${bookedCount === 1 ? 'time lies' : 'times lie'} in hours that would no longer be open (${when}). Nothing was changed: move what is booked first.`,
    );
    this.bookedCount = bookedCount;
    this.bookedSpans = bookedSpans;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'It is booked for something that it could not do any more. Move that first.',
})
export class SkillStillNeeded extends Refusal {
  readonly code = 'SkillStillNeeded';

  @Field(() => Int, { description: 'How many booked steps need a skill that would be gone.' })
  readonly bookedCount: number;

  @Field(() => [TimeSpan], { description: 'The first of them, in order of time.' })
  readonly bookedSpans: readonly TimeSpan[];

  constructor(bookedCount: number, bookedSpans: readonly TimeSpan[], when: string) {
    super(
      `${bookedCount} booked ${bookedCount === 1 ? 'step needs' : 'steps need'} a skill that would be gone (${when}). Nothing was changed: move what is booked first.`,
    );
    this.bookedCount = bookedCount;
    this.bookedSpans = bookedSpans;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Another resource has this name.' })
export class ResourceNameTaken extends Refusal {
  readonly code = 'ResourceNameTaken';

  constructor() {
    super('Another resource has this name. Names must tell resources apart.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This kind of visit already has a policy for that priority that begins on that day.',
})
export class LeadTimePolicyAlreadySet extends Refusal {
  readonly code = 'LeadTimePolicyAlreadySet';

  constructor() {
    super(
      'This kind of visit already has a policy from that day. Choose another day; rows are never rewritten.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This kind of visit already has a protocol that begins on that day.',
})
export class VisitProtocolAlreadySet extends Refusal {
  readonly code = 'VisitProtocolAlreadySet';

  constructor() {
    super(
      'This kind of visit already has a protocol from that day. Choose another day; protocols are never rewritten.',
    );
  }
}
