import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional, IsUUID } from 'class-validator';
import { ActorKind } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

/** Who does something: a member of staff with an account, a scanner by its AE title, or Facet itself by its job. */
export type Actor = StaffActor | UnattendedActor;

interface Whence {
  readonly requestId: string | null;
  /** Network address. */
  readonly source: string | null;
}

export interface StaffActor extends Whence {
  readonly kind: 'STAFF';
  readonly id: string;
  readonly label: null;
}

export interface UnattendedActor extends Whence {
  readonly kind: 'SCANNER' | 'SYSTEM';
  readonly id: null;
  readonly label: string;
}

/** What is written down of one act. `before` and `after` hold the record's own fields. */
export interface AuditRecord {
  /** Past tense, room first: `patient.registered`, `patient.viewed`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId?: string;
  /** Every patient whose record was changed or shown. */
  readonly patientIds?: readonly string[];
  readonly before?: object;
  readonly after?: object;
}

/** One of several that are written down together, with the moment at which it happened. */
export interface Act {
  readonly actor: Actor;
  readonly occurredAt: Temporal.Instant;
  readonly record: AuditRecord;
}

registerEnumType(ActorKind, {
  name: 'ActorKind',
  description: 'What kind of actor did it.',
  valuesMap: {
    STAFF: { description: 'A member of staff, signed in.' },
    SCANNER: { description: 'A scanner, known by its AE title.' },
    SYSTEM: { description: 'Facet itself: a job or the set-up.' },
  },
});

@ObjectType({ description: 'One act or one look, as it was written down at the time. Never changed.' })
export class AuditEntry {
  @Field(() => ID, { description: 'Id of the entry.' })
  readonly id: string;

  @Field(() => Instant, { description: 'When it happened.' })
  readonly occurredAt: Temporal.Instant;

  @Field(() => ActorKind, { description: 'What kind of actor did it.' })
  readonly actorKind: ActorKind;

  @Field(() => ID, { nullable: true, description: 'Staff account, when a person did it.' })
  readonly actorId: string | null;

  @Field(() => String, { nullable: true, description: 'The AE title of a scanner, or the name of a job.' })
  readonly actorLabel: string | null;

  @Field(() => String, {
    description: 'What was done, in the past tense: `patient.viewed`, `scan.booked`.',
  })
  readonly action: string;

  @Field(() => String, { description: 'Kind of record: `patient`, `referral`, `scan-booking` and so on.' })
  readonly subjectType: string;

  @Field(() => ID, { nullable: true, description: 'Id of the record; null for a list.' })
  readonly subjectId: string | null;

  @Field(() => [ID], { description: 'Every patient whose record was changed or shown.' })
  readonly patientIds: readonly string[];

  @Field(() => String, { nullable: true, description: 'Id of the request, the same as in the log.' })
  readonly requestId: string | null;

  @Field(() => String, { nullable: true, description: 'Network address that the request came from.' })
  readonly source: string | null;

  @Field(() => String, { nullable: true, description: 'The record before, as JSON; null when it is new.' })
  readonly before: string | null;

  @Field(() => String, { nullable: true, description: 'The record after, as JSON; null for a look.' })
  readonly after: string | null;
}

@ObjectType({ description: 'A page of the audit record, newest first.' })
export class AuditEntryPage extends pageOf(AuditEntry) {}

@InputType({ description: 'Narrows the audit record. Several filters together: all must hold.' })
export class AuditFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only what concerns this patient, looks included.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what this staff account did.' })
  @IsOptional()
  @IsUUID()
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what concerns this record.' })
  @IsOptional()
  @IsUUID()
  subjectId?: string | null;
}
