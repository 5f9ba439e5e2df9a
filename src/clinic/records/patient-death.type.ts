import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsISO8601, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { READABLE, RECORDS_TEXT_CHARACTERS_MAX, SOME_TEXT } from './retention-rule.type.js';

@ObjectType({ description: 'That a patient has died, as far as the clinic has been told.' })
export class PatientDeath {
  @Field(() => ID, { description: 'The patient.' })
  readonly patientId: string;

  @Field(() => LocalDate, { description: 'The day of death.' })
  readonly diedOn: string;

  @Field(() => String, { description: 'Who or what said so.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;
}

@InputType({ description: 'That a patient has died, or a correction of what was recorded of it.' })
export class RecordPatientDeathInput {
  @Field(() => ID, { description: 'The patient.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => LocalDate, { description: 'The day of death: not before the birth, not in the future.' })
  @IsISO8601({ strict: true })
  readonly diedOn: string;

  @Field(() => String, {
    description: `Who or what said so, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

@InputType({ description: 'A death that was recorded in error.' })
export class RetractPatientDeathInput {
  @Field(() => ID, { description: 'The patient, who lives.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => String, {
    description: `How the error came about, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}
