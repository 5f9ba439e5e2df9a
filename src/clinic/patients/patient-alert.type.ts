import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import { AlertKind, AlertSeverity, Role } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { NOTE_CHARACTERS_MAX, REASON_CHARACTERS_MAX } from './note-text.rules.js';
import { PatientAlertChanged, PatientAlertHeld } from './patient-alert.refusals.js';

/** Every character may take two UTF-16 units. */
const NOTE_UNITS_MAX = NOTE_CHARACTERS_MAX * 2;
const REASON_UNITS_MAX = REASON_CHARACTERS_MAX * 2;
/** There are six roles; a list with more repeats itself. */
const ROLES_MAX = 12;

registerEnumType(AlertKind, {
  name: 'PatientAlertKind',
  description: 'What an alert is about.',
  valuesMap: {
    CLINICAL: { description: 'What treatment must mind: a pacemaker, a needle phobia.' },
    SAFETY: { description: 'What keeps people safe: falls, violence, infection.' },
    ADMINISTRATIVE: { description: 'What the desk must mind: send nothing to the old address.' },
    SAFEGUARDING: { description: 'Somebody is to be protected. For CLINICIAN and MANAGER only.' },
  },
});

registerEnumType(AlertSeverity, {
  name: 'PatientAlertSeverity',
  description: 'How grave it is. The graver stand first.',
  valuesMap: {
    HIGH: { description: 'Not minding it can do serious harm.' },
    MEDIUM: { description: 'Not minding it can do harm.' },
    LOW: { description: 'Good to know.' },
  },
});

@ObjectType({ description: 'What whoever meets the patient must know.' })
export class PatientAlert {
  @Field(() => ID, { description: 'Id of the alert.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose alert it is.' })
  readonly patientId: string;

  @Field(() => AlertKind, { description: 'What it is about.' })
  readonly kind: AlertKind;

  @Field(() => AlertSeverity, { description: 'How grave it is.' })
  readonly severity: AlertSeverity;

  @Field(() => String, { description: 'What has to be known.' })
  readonly text: string;

  @Field(() => LocalDate, { description: 'The first day on which it is shown.' })
  readonly fromOn: string;

  @Field(() => LocalDate, { nullable: true, description: 'The last day; null: until somebody ends it.' })
  readonly untilOn: string | null;

  @Field(() => [Role], { description: 'Whoever has one of these roles sees it; empty: everybody.' })
  readonly visibleTo: readonly Role[];

  @Field(() => Boolean, { description: 'It is shown today.' })
  readonly isShown: boolean;

  @Field(() => Instant, { description: 'When it was raised.' })
  readonly raisedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that raised it.' })
  readonly raisedById: string;

  @Field(() => Int, { description: 'Rises with each change. Send it back when ending.' })
  readonly version: number;

  @Field(() => Instant, { nullable: true, description: 'When somebody ended it; null: nobody has.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that ended it.' })
  readonly endedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended.' })
  readonly endReason: string | null;
}

@InputType({ description: 'An alert to raise.' })
export class RaisePatientAlertInput {
  @Field(() => ID, { description: 'Whose alert it is.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => AlertKind, { description: 'What it is about.' })
  @IsEnum(AlertKind)
  readonly kind: AlertKind;

  @Field(() => AlertSeverity, { description: 'How grave it is.' })
  @IsEnum(AlertSeverity)
  readonly severity: AlertSeverity;

  @Field(() => String, { description: 'What has to be known, in at most 200 characters.' })
  @IsString()
  @MaxLength(NOTE_UNITS_MAX)
  readonly text: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first day on which it is shown. Left out: today.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly fromOn?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The last day on which it is shown. Left out: until somebody ends it.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly untilOn?: string | null;

  @Field(() => [Role], {
    nullable: true,
    description:
      'Who sees it. Left out or empty: everybody, and of a safeguarding alert CLINICIAN and MANAGER, who alone may be named there.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROLES_MAX)
  @IsEnum(Role, { each: true })
  readonly visibleTo?: readonly Role[] | null;
}

@InputType({ description: 'That an alert holds no longer.' })
export class EndPatientAlertInput {
  @Field(() => ID, { description: 'Id of the alert.' })
  @IsUUID()
  readonly alertId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why, in 3 to 500 characters.' })
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly reason: string;
}

export const EndPatientAlertResult = resultUnion(
  'EndPatientAlertResult',
  PatientAlert,
  [PatientAlertChanged, PatientAlertHeld],
  'The alert as it ended, or why nothing was changed.',
);
