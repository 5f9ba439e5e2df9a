import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'The visits in that time are no longer those of the plan, or the plan is of another time. Ask for `closurePreview` again.',
})
export class ClosurePlanStale extends Refusal {
  readonly code = 'ClosurePlanStale';

  @Field(() => [ID], {
    description:
      'Visits that have come, gone or changed since the plan was made. Empty: the plan is of another time or of other resources.',
  })
  readonly visitIds: readonly string[];

  constructor(visitIds: readonly string[]) {
    super(
      visitIds.length === 0
        ? 'This plan is of another time or of other resources. Nothing was changed: ask for the preview again.'
        : `${visitIds.length === 1 ? 'A visit has' : `${visitIds.length} visits have`} come, gone or changed since the plan was made. Nothing was changed: ask for the preview again.`,
    );
    this.visitIds = visitIds;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Visits that have begun, or whose patients are here, take place in that time. They are decided in person, on the day.',
})
export class ClosureHitsVisitsUnderWay extends Refusal {
  readonly code = 'ClosureHitsVisitsUnderWay';

  @Field(() => [ID], { description: 'Which visits.' })
  readonly visitIds: readonly string[];

  @Field(() => Instant, { description: 'From then on none of them is in the way as it is planned now.' })
  readonly possibleFrom: Temporal.Instant;

  constructor(visitIds: readonly string[], possibleFrom: Temporal.Instant) {
    super(
      `${visitIds.length === 1 ? 'A visit is' : `${visitIds.length} visits are`} under way in that time. Nothing was changed: settle them in person first, or let the closure begin after them.`,
    );
    this.visitIds = visitIds;
    this.possibleFrom = possibleFrom;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'More visits lie in that time than one change can carry. Close shorter times, one after another.',
})
export class ClosureTooLarge extends Refusal {
  readonly code = 'ClosureTooLarge';

  @Field(() => Int, { description: 'How many visits lie in that time.' })
  readonly visitsCount: number;

  @Field(() => Int, { description: 'How many one closure can carry.' })
  readonly visitsMax: number;

  constructor(visitsCount: number, visitsMax: number) {
    super(
      `${visitsCount} visits lie in that time, and one closure carries at most ${visitsMax}. Close it in parts.`,
    );
    this.visitsCount = visitsCount;
    this.visitsMax = visitsMax;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'What was decided for one visit cannot be done, so nothing was: its new place has been taken, for instance. The message says why.',
})
export class ClosureVisitRefused extends Refusal {
  readonly code = 'ClosureVisitRefused';

  @Field(() => ID, { description: 'Which visit.' })
  readonly visitId: string;

  @Field(() => String, { description: 'Code of the reason: `SlotAlreadyTaken`.' })
  readonly reasonCode: string;

  constructor(visitId: string, said: Refusal) {
    super(`Nothing of the closure was done, because of one visit. ${said.message}`);
    this.visitId = visitId;
    this.reasonCode = said.code;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'People have been told, or are being told now: the closure cannot be undone as one change.',
})
export class ClosureAlreadyTold extends Refusal {
  readonly code = 'ClosureAlreadyTold';

  @Field(() => Instant, { description: 'From when on they were told.' })
  readonly tellsAt: Temporal.Instant;

  constructor(tellsAt: Temporal.Instant) {
    super(
      'The letters of this closure have gone, so it cannot be undone. Take its days off the calendar, and move the visits one by one.',
    );
    this.tellsAt = tellsAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Life has gone on: a visit was changed again, or its former place is taken or over. Nothing was undone.',
})
export class ClosureOvertaken extends Refusal {
  readonly code = 'ClosureOvertaken';

  @Field(() => [ID], {
    description: 'The visits that cannot go back; empty: one that was booked in this very moment.',
  })
  readonly visitIds: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: 'Code of the reason, where it is one: `SlotAlreadyTaken`. Null: they were changed since.',
  })
  readonly reasonCode: string | null;

  constructor(visitIds: readonly string[], said: Refusal | null = null) {
    super(
      said === null
        ? `${visitIds.length === 1 ? 'A visit of this closure has' : 'Visits of this closure have'} been changed since. Nothing was undone: move the visits one by one.`
        : `A visit of this closure cannot go back, so nothing was undone. ${said.message}`,
    );
    this.visitIds = visitIds;
    this.reasonCode = said?.code ?? null;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The closure has been undone already.' })
export class ClosureAlreadyUndone extends Refusal {
  readonly code = 'ClosureAlreadyUndone';

  constructor() {
    super('This closure has been undone already.');
  }
}
