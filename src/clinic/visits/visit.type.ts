import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID, Matches } from 'class-validator';
import { ResourceKind, VisitStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

export const VISIT_TYPE_CODE = /^[A-Z][A-Z0-9_]{1,59}$/;
export const VISIT_TYPE_CODE_EXPECTED = 'must be the code of a visit type, such as PHYSIOTHERAPY';

registerEnumType(VisitStatus, {
  name: 'VisitStatus',
  description: 'Where a visit stands.',
  valuesMap: {
    HELD: { description: 'The time is kept for somebody who is still deciding, until `heldUntil`.' },
    BOOKED: { description: 'The time is taken and the patient is expected.' },
    ARRIVED: { description: 'The patient is here.' },
    IN_PROGRESS: { description: 'The visit has begun.' },
    COMPLETED: { description: 'It is done.' },
    DISCONTINUED: { description: 'It was broken off.' },
    NO_SHOW: { description: 'The patient did not come.' },
    CANCELLED: { description: 'It was called off; the time is free again.' },
    LAPSED: { description: 'It was held, and the hold ended by itself or was given back.' },
  },
});

@ObjectType({ description: 'A room, a person or a piece of equipment, by name.' })
export class VisitResource {
  @Field(() => ID, { description: 'Id of the resource.' })
  readonly id: string;

  @Field(() => ResourceKind, { description: 'What it is.' })
  readonly kind: ResourceKind;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;
}

@ObjectType({ description: 'Who or what serves a step, and as what.' })
export class VisitStepResource {
  @Field(() => String, {
    description: 'What it does in the visit, as the protocol says: `consultant`, `room`.',
  })
  readonly role: string;

  @Field(() => VisitResource, { description: 'Which one.' })
  readonly resource: VisitResource;
}

@ObjectType({ description: 'One step of a visit: when it is planned, and when it was.' })
export class VisitStep {
  @Field(() => Int, { description: 'From 0, as in the protocol.' })
  readonly position: number;

  @Field(() => String, { description: 'What is done.' })
  readonly name: string;

  @Field(() => Instant, { description: 'Planned start. A resource may be taken sooner, to prepare.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Planned end. A resource may be taken longer, to clear.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it really began; null until somebody says so.' })
  readonly startedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it really ended; null until somebody says so.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => [VisitStepResource], { description: 'Who and what serves it, by role.' })
  readonly resources: readonly VisitStepResource[];
}

@ObjectType({
  description: 'One visit of one patient, held, booked or over. Its id stays the same when it is moved.',
})
export class Visit {
  @Field(() => ID, { description: 'Id of the visit.' })
  readonly id: string;

  @Field(() => VisitStatus, { description: 'Where it stands. A hold whose time has passed is `LAPSED`.' })
  readonly status: VisitStatus;

  @Field(() => Int, { description: 'Rises with each change. Send it back when changing the visit.' })
  readonly version: number;

  @Field(() => ID, { description: 'Whose visit it is.' })
  readonly patientId: string;

  @Field(() => String, { description: 'Code of its kind: `PHYSIOTHERAPY`.' })
  readonly visitTypeCode: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The part of the clinic that follows it in its own way: `SCAN`, imaging, with the scanner’s worklist. Null: an ordinary visit.',
  })
  readonly companion: string | null;

  @Field(() => String, { description: 'Code of the site at which it happens.' })
  readonly siteCode: string;

  @Field(() => ID, { nullable: true, description: 'The series it is one of; null: booked by itself.' })
  readonly seriesId: string | null;

  @Field(() => Int, { nullable: true, description: 'Its place in the series, from 0.' })
  readonly seriesPosition: number | null;

  @Field(() => ID, {
    description: 'The protocol it was booked under, which it keeps when the clinic adopts a newer one.',
  })
  readonly protocolId: string;

  @Field(() => ID, { nullable: true, description: 'The request that it answers; null when there was none.' })
  readonly requestId: string | null;

  @Field(() => Instant, { description: 'Start of the first step.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End of the last step.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'Of a hold: when it ends by itself.' })
  readonly heldUntil: Temporal.Instant | null;

  @Field(() => [VisitStep], { description: 'Its steps, in order.' })
  readonly steps: readonly VisitStep[];

  @Field(() => Int, { description: 'How often it has been moved.' })
  readonly movesCount: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The cancelled or missed visit that it was booked for instead.',
  })
  readonly replacesId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The visit that was booked instead of it; null when there is none.',
  })
  readonly replacedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'When the patient arrived.' })
  readonly arrivedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it began.' })
  readonly startedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it ended.' })
  readonly finishedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was broken off; null unless it was.' })
  readonly discontinuedBecause: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was cancelled.' })
  readonly cancelledAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Code of the reason for which it was cancelled.' })
  readonly cancelReasonCode: string | null;

  @Field(() => String, { nullable: true, description: 'What was said about the cancellation.' })
  readonly cancelComment: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why a limit of its kind was overridden, in that person’s words.',
  })
  readonly overrideReason: string | null;

  @Field(() => Instant, { description: 'When it was held or booked first.' })
  readonly bookedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was last changed.' })
  readonly changedAt: Temporal.Instant;
}

@ObjectType({ description: 'A page of visits.' })
export class VisitPage extends pageOf(Visit) {}

@InputType({ description: 'Narrows the list of visits. Several filters together: all must hold.' })
export class VisitFilterInput {
  @Field(() => LocalDate, { nullable: true, description: 'Visits that begin on this day or later.' })
  @IsOptional()
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Visits that begin on this day or earlier.' })
  @IsOptional()
  until?: string | null;

  @Field(() => VisitStatus, { nullable: true, description: 'Only those that stand so now.' })
  @IsOptional()
  @IsEnum(VisitStatus)
  status?: VisitStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only of this kind, by its code.' })
  @IsOptional()
  @Matches(VISIT_TYPE_CODE, { message: `$property ${VISIT_TYPE_CODE_EXPECTED}` })
  visitTypeCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those with a step that this resource serves.' })
  @IsOptional()
  @IsUUID()
  resourceId?: string | null;
}
