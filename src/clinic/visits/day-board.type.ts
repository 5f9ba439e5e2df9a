import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ExceptionKind, ResourceKind, VisitStatus } from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Patient } from '../patients/patient.type.js';
import { TimeSpan } from '../scheduling/schedule.refusals.js';
import { VisitStep } from './visit.type.js';

@ObjectType({ description: 'The step of a visit that comes next, and when it must start.' })
export class NextVisitStep {
  @Field(() => Int, { description: 'Which step, by its position from 0.' })
  readonly position: number;

  @Field(() => Instant, {
    description:
      'The earliest start that the step before allows: from its actual end, or its expected one while it runs.',
  })
  readonly earliestAt: Temporal.Instant;

  @Field(() => Instant, {
    description: 'The latest start that the step before allows, counted in the same way.',
  })
  readonly latestAt: Temporal.Instant;
}

@ObjectType({ description: 'A visit on the day’s board.' })
export class DayBoardRow {
  @Field(() => ID, { description: 'Id of the visit.' })
  readonly visitId: string;

  @Field(() => Int, { description: 'Its version. Send it back when changing the visit.' })
  readonly version: number;

  @Field(() => VisitStatus, { description: 'Where it stands.' })
  readonly status: VisitStatus;

  @Field(() => ID, { description: 'Whose visit it is.' })
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'The request that it answers; null when there was none.' })
  readonly requestId: string | null;

  @Field(() => String, { description: 'Code of the site at which it happens.' })
  readonly siteCode: string;

  @Field(() => String, { description: 'Code of its kind: `PHYSIOTHERAPY`.' })
  readonly visitTypeCode: string;

  @Field(() => String, { description: 'Name of its kind.' })
  readonly visitTypeName: string;

  @Field(() => Instant, { description: 'Planned start of the first step.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Planned end of the last step.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'Of a hold: when it ends by itself.' })
  readonly heldUntil: Temporal.Instant | null;

  @Field(() => [VisitStep], { description: 'Its steps, in order, with who and what serves each.' })
  readonly steps: readonly VisitStep[];

  @Field(() => Instant, { nullable: true, description: 'When the patient arrived.' })
  readonly arrivedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it began.' })
  readonly startedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it ended.' })
  readonly finishedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Code of the reason for which it was cancelled.' })
  readonly cancelReasonCode: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Whole minutes since the patient arrived; null unless they are waiting to be seen.',
  })
  readonly waitingMinutes: number | null;

  @Field(() => Int, {
    description:
      'Whole minutes by which the last step that has begun ended, or is expected to end, after its plan; 0: in time.',
  })
  readonly overrunMinutes: number;

  @Field(() => Int, {
    description:
      'Whole minutes by which a visit before it on the same resource is expected to run into its next planned start; 0: none.',
  })
  readonly expectedDelayMinutes: number;

  @Field(() => NextVisitStep, {
    nullable: true,
    description: 'The step after the first that comes next; null when there is none, or the visit is over.',
  })
  readonly nextStep: NextVisitStep | null;

  @Field(() => [String], {
    description:
      'What you can do with it now, by the names of the operations: `markArrived`, `startVisit`, `markNoShow` and so on.',
  })
  readonly allowedActions: readonly string[];

  /** Read with the board: the door shows it as a field of its own permission. */
  readonly person: Patient | null;
}

@ObjectType({ description: 'A closure of a resource, or of the whole clinic, on the day.' })
export class DayClosure {
  @Field(() => ExceptionKind, { description: 'Closed, or a person’s leave.' })
  readonly kind: ExceptionKind;

  @Field(() => Instant, { description: 'Start, included.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End, not included.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => String, { description: 'Why, as it was entered.' })
  readonly reason: string;
}

@ObjectType({ description: 'A resource on the day’s board.' })
export class DayBoardResource {
  @Field(() => ID, { description: 'Id of the resource.' })
  readonly id: string;

  @Field(() => ResourceKind, { description: 'What it is.' })
  readonly kind: ResourceKind;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => String, { description: 'Code of the site at which it is.' })
  readonly siteCode: string;

  @Field(() => [TimeSpan], {
    description: 'When it is open, closures taken away and bookings not, in order.',
  })
  readonly openSpans: readonly TimeSpan[];

  @Field(() => [DayClosure], {
    description: 'What keeps it closed, the clinic’s own closures included, in order.',
  })
  readonly closures: readonly DayClosure[];
}

@ObjectType({ description: 'One local day of the clinic, as reception needs it.' })
export class DayBoard {
  @Field(() => LocalDate, { description: 'The day on the clinic’s calendar.' })
  readonly date: string;

  @Field(() => String, {
    nullable: true,
    description: 'The only site that is shown, by its code; null: every site.',
  })
  readonly siteCode: string | null;

  @Field(() => TimeSpan, {
    description: 'The day as instants: 23 or 25 hours long when the clocks change.',
  })
  readonly day: TimeSpan;

  @Field(() => String, { nullable: true, description: 'Name of the bank holiday; null on other days.' })
  readonly bankHoliday: string | null;

  @Field(() => [DayBoardRow], {
    description:
      'The visits that begin on the day, by their start. Holds that are over are left out; cancelled visits are shown when asked for.',
  })
  readonly rows: readonly DayBoardRow[];

  @Field(() => [DayBoardResource], { description: 'Every resource in use on the day, by kind and name.' })
  readonly resources: readonly DayBoardResource[];
}
