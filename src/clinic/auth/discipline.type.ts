import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsISO8601, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { Discipline } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { DisciplineAlreadyEnded, DisciplineAlreadyHeld } from './discipline.refusals.js';
import { RegistrationBody } from './registration-body.type.js';

const REGISTRATION_CHARACTERS_MAX = 30;
const REASON_CHARACTERS_MAX = 500;

registerEnumType(Discipline, {
  name: 'Discipline',
  description:
    'In which discipline somebody practises: what a note is written in and a quorum is counted by.',
  valuesMap: {
    PAIN_MEDICINE: { description: 'Pain medicine.' },
    SPINAL_SURGERY: { description: 'Spinal surgery.' },
    PHYSIOTHERAPY: { description: 'Physiotherapy.' },
    PSYCHOLOGY: { description: 'Psychology. Its notes have a visibility and a retention of their own.' },
    RADIOLOGY: { description: 'Radiology and nuclear medicine.' },
    NURSING: { description: 'Nursing.' },
    OTHER: { description: 'Another discipline.' },
  },
});

@ObjectType({
  description:
    'A discipline in which a member of staff practises, from a day on, on the clinic’s calendar. Never edited; it can be ended.',
})
export class StaffDiscipline {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => ID, { description: 'Staff account of whoever holds it.' })
  readonly staffId: string;

  @Field(() => String, { description: 'Their name, as colleagues see it.' })
  readonly staffName: string;

  @Field(() => Discipline, { description: 'Which discipline.' })
  readonly discipline: Discipline;

  @Field(() => RegistrationBody, {
    nullable: true,
    description: 'Whose register the person is on; null: none was recorded.',
  })
  readonly registrationBody: RegistrationBody | null;

  @Field(() => String, {
    nullable: true,
    description: 'The number there, in capitals without blanks; null: none was recorded.',
  })
  readonly registrationNumber: string | null;

  @Field(() => LocalDate, { description: 'First day on which it is held.' })
  readonly effectiveFrom: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it is held no more; null: it was not ended.',
  })
  readonly endedOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended; null: it was not.' })
  readonly endReason: string | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;

  @Field(() => Boolean, { description: 'Is it held today, on the clinic’s calendar?' })
  readonly isHeldToday: boolean;
}

@InputType({ description: 'A discipline in which a member of staff practises.' })
export class RecordStaffDisciplineInput {
  @Field(() => ID, { description: 'Staff account.' })
  @IsUUID()
  readonly staffId: string;

  @Field(() => Discipline, { description: 'Which discipline.' })
  @IsEnum(Discipline)
  readonly discipline: Discipline;

  @Field(() => RegistrationBody, {
    nullable: true,
    description: 'Whose register the person is on. Left out: none; then without a number too.',
  })
  @IsOptional()
  @IsEnum(RegistrationBody)
  readonly registrationBody?: RegistrationBody | null;

  @Field(() => String, {
    nullable: true,
    description: 'The number there: GMC 1234567, HCPC PH123456, NMC 12A3456E. Blanks do not count.',
  })
  @IsOptional()
  @IsString()
  @Matches(/\S/, { message: 'registrationNumber must not be blank' })
  @MaxLength(REGISTRATION_CHARACTERS_MAX)
  readonly registrationNumber?: string | null;

  @Field(() => LocalDate, { description: 'First day on which it is held. It may lie in the past.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;
}

@InputType({ description: 'The end of a discipline.' })
export class EndStaffDisciplineInput {
  @Field(() => ID, { description: 'Which one.' })
  @IsUUID()
  readonly id: string;

  @Field(() => LocalDate, {
    description:
      'First day on which it is held no more, not before its first day. Its first day: it was recorded by mistake.',
  })
  @IsISO8601({ strict: true })
  readonly on: string;

  @Field(() => String, { description: `Why, at most ${REASON_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'reason must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly reason: string;
}

export const RecordStaffDisciplineResult = resultUnion(
  'RecordStaffDisciplineResult',
  StaffDiscipline,
  [DisciplineAlreadyHeld],
  'The discipline as it was recorded, or why it was not.',
);

export const EndStaffDisciplineResult = resultUnion(
  'EndStaffDisciplineResult',
  StaffDiscipline,
  [DisciplineAlreadyEnded],
  'The discipline with its end, or why it was not ended.',
);
