import './incident-words.type.js';
import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsOptional, IsUUID } from 'class-validator';
import {
  IncidentCandour,
  IncidentExposure,
  IncidentKind,
  IncidentOutcome,
  IncidentRegulator,
  IncidentStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IncidentAction } from './incident.refusals.js';

@ObjectType({
  description: 'What somebody found out about an incident, and what that makes it. Never changed.',
})
export class IncidentAssessment {
  @Field(() => ID, { description: 'Id of the assessment.' })
  readonly id: string;

  @Field(() => Int, { description: '1 for the first. The last counts.' })
  readonly number: number;

  @Field(() => IncidentExposure, { description: 'How somebody was exposed otherwise than intended.' })
  readonly exposure: IncidentExposure;

  @Field(() => Boolean, { description: 'A child, by the age on that day.' })
  readonly isChild: boolean;

  @Field(() => String, { nullable: true, description: 'Code of the tracer; null: not said.' })
  readonly tracerCode: string | null;

  @Field(() => Float, { nullable: true, description: 'The activity that was intended, in MBq.' })
  readonly intendedActivityMbq: number | null;

  @Field(() => Float, { nullable: true, description: 'The activity that was administered, in MBq.' })
  readonly actualActivityMbq: number | null;

  @Field(() => Float, { nullable: true, description: 'The effective dose that was intended, in mSv.' })
  readonly intendedDoseMsv: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The whole effective dose that was received, in mSv, the intended part included.',
  })
  readonly actualDoseMsv: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The coefficient by which a dose was computed from the activity; null: the doses were given.',
  })
  readonly coefficientId: string | null;

  @Field(() => Float, { nullable: true, description: 'Absorbed dose to an unborn child, in mGy.' })
  readonly foetalDoseMgy: number | null;

  @Field(() => Float, { nullable: true, description: 'Effective dose to a breast-fed infant, in mSv.' })
  readonly infantDoseMsv: number | null;

  @Field(() => Boolean, { description: 'A procedure of the employer was not followed.' })
  readonly isProceduralFailure: boolean;

  @Field(() => Boolean, { description: 'It was another radiopharmaceutical than was meant.' })
  readonly isWrongRadiopharmaceutical: boolean;

  @Field(() => Boolean, { description: 'It was administered without the right licence.' })
  readonly isLicenceBreach: boolean;

  @Field(() => IncidentOutcome, { description: 'What it was found to be.' })
  readonly outcome: IncidentOutcome;

  @Field(() => [String], { description: 'Codes of the thresholds that are met, as in `incidentThresholds`.' })
  readonly codes: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: 'Why a regulator is told although no threshold is met; null: the thresholds alone decide.',
  })
  readonly notifiableBecause: string | null;

  @Field(() => String, {
    description: 'For the regulator: what happened, without any identifier of a patient.',
  })
  readonly anonymousSummary: string;

  @Field(() => String, { nullable: true, description: 'For the clinic.' })
  readonly comment: string | null;

  @Field(() => Instant, { description: 'When.' })
  readonly assessedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that assessed it.' })
  readonly assessedById: string;
}

@ObjectType({ description: 'A regulator was told. Never changed.' })
export class IncidentNotification {
  @Field(() => ID, { description: 'Id of the notification.' })
  readonly id: string;

  @Field(() => IncidentRegulator, { description: 'Who was told.' })
  readonly regulator: IncidentRegulator;

  @Field(() => Instant, { description: 'When they were told.' })
  readonly notifiedAt: Temporal.Instant;

  @Field(() => String, { description: 'What the regulator calls it.' })
  readonly reference: string;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'Something that became known of an incident. Never changed.' })
export class IncidentNote {
  @Field(() => ID, { description: 'Id of the note.' })
  readonly id: string;

  @Field(() => String, { description: 'In words.' })
  readonly text: string;

  @Field(() => Instant, { description: 'When.' })
  readonly notedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account.' })
  readonly notedById: string;
}

@ObjectType({
  description: 'An incident was closed. Never changed; one that was opened again is closed anew.',
})
export class IncidentClosing {
  @Field(() => ID, { description: 'Id of the closing.' })
  readonly id: string;

  @Field(() => Int, { description: '1 for the first.' })
  readonly number: number;

  @Field(() => String, { description: 'What was learnt, without any identifier of a patient.' })
  readonly learning: string;

  @Field(() => IncidentCandour, { description: 'Whether the person was told.' })
  readonly candour: IncidentCandour;

  @Field(() => String, { description: 'Who was told by whom and how, or why nobody was.' })
  readonly candourRecord: string;

  @Field(() => Instant, { nullable: true, description: 'When they were told; null: they were not.' })
  readonly candourToldAt: Temporal.Instant | null;

  @Field(() => Instant, { description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that closed it.' })
  readonly closedById: string;
}

@ObjectType({
  description:
    'Something went wrong with an exposure, or nearly did: from a near miss to what a regulator has to hear of (IR(ME)R 2017, reg. 8).',
})
export class Incident {
  @Field(() => ID, {
    description: 'Id of the incident. Photographs and letters are documents filed with it (INCIDENT).',
  })
  readonly id: string;

  @Field(() => String, { description: 'What people call it: I and seven digits. Says nothing of anybody.' })
  readonly reference: string;

  @Field(() => IncidentKind, { description: 'What kind of thing.' })
  readonly kind: IncidentKind;

  @Field(() => IncidentStatus, { description: 'How it stands.' })
  readonly status: IncidentStatus;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;

  @Field(() => [IncidentAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly IncidentAction[];

  @Field(() => String, { nullable: true, description: 'Code of the site; null: at none.' })
  readonly siteCode: string | null;

  @Field(() => Instant, { description: 'When it happened.' })
  readonly happenedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Whom it happened to; null: nobody who is registered.' })
  readonly patientId: string | null;

  @Field(() => ID, { nullable: true, description: 'The visit during which it happened; null: none.' })
  readonly visitId: string | null;

  @Field(() => String, { description: 'What happened, as it was told.' })
  readonly whatHappened: string;

  @Field(() => String, { nullable: true, description: 'What was done at once; null: nothing is known.' })
  readonly immediateAction: string | null;

  @Field(() => Instant, { description: 'When it was raised.' })
  readonly raisedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that raised it.' })
  readonly raisedById: string;

  @Field(() => IncidentOutcome, {
    nullable: true,
    description: 'As the last assessment has it; null: none yet.',
  })
  readonly outcome: IncidentOutcome | null;

  @Field(() => [String], { description: 'Codes of the thresholds that the last assessment found met.' })
  readonly codes: readonly string[];

  @Field(() => [IncidentRegulator], { description: 'Who has to hear of it by those, and was not told yet.' })
  readonly regulatorsToTell: readonly IncidentRegulator[];

  @Field(() => LocalDate, {
    nullable: true,
    description: 'By when a regulator has to hear of it; null: none has to.',
  })
  readonly notifyBy: string | null;

  @Field(() => Boolean, { description: 'A regulator has to hear of it, was not told, and that day is over.' })
  readonly isNotificationOverdue: boolean;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When all who have to hear of it were told, or, where no threshold says who, one was. Null: not yet.',
  })
  readonly notifiedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed; null: it is open.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => [IncidentAssessment], { description: 'Every assessment, the first at the top.' })
  readonly assessments: readonly IncidentAssessment[];

  @Field(() => [IncidentNotification], { description: 'Who was told, the first at the top.' })
  readonly notifications: readonly IncidentNotification[];

  @Field(() => [IncidentNote], { description: 'What became known since, oldest first; at most 500.' })
  readonly notes: readonly IncidentNote[];

  @Field(() => [IncidentClosing], { description: 'How it was closed, each time.' })
  readonly closings: readonly IncidentClosing[];
}

@ObjectType({ description: 'A page of incidents, the newest first.' })
export class IncidentPage extends pageOf(Incident) {}

@InputType({ description: 'Narrows the list of incidents. Several filters together: all must hold.' })
export class IncidentFilterInput {
  @Field(() => IncidentStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(IncidentStatus)
  readonly status?: IncidentStatus | null;

  @Field(() => IncidentKind, { nullable: true, description: 'Only of this kind.' })
  @IsOptional()
  @IsEnum(IncidentKind)
  readonly kind?: IncidentKind | null;

  @Field(() => IncidentOutcome, { nullable: true, description: 'Only those that were found to be this.' })
  @IsOptional()
  @IsEnum(IncidentOutcome)
  readonly outcome?: IncidentOutcome | null;

  @Field(() => ID, { nullable: true, description: 'Only those that happened to this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those during this visit.' })
  @IsOptional()
  @IsUUID()
  readonly visitId?: string | null;

  @Field(() => Instant, { nullable: true, description: 'Only those that happened then or later.' })
  @IsOptional()
  readonly happenedFrom?: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'Only those that happened before.' })
  @IsOptional()
  readonly happenedBefore?: Temporal.Instant | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those of which a regulator still has to hear.' })
  @IsOptional()
  @IsBoolean()
  readonly toNotify?: boolean | null;
}
