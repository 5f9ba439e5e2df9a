import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  ContactPreference,
  PersonStatedGender,
  SexForClinicalUse,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { REASON_CHARACTERS_MAX } from './note-text.rules.js';
import { LikelyDuplicate, NhsNumberTaken } from './patient.refusals.js';
import { Patient, PhoneInput } from './patient.type.js';
import { PatientChangedMeanwhile } from './patient-correction.refusals.js';

/** A first bound in UTF-16 units; the rules then count what is left in characters. */
const TEXT_UNITS_MAX = 300;
/** Every character of a reason may take two units. */
const REASON_UNITS_MAX = REASON_CHARACTERS_MAX * 2;
/** More lookalikes than this are not compared by a person but clicked away. */
const CONFIRMED_MAX = 100;

@InputType({
  description:
    'What is put right in a record. What is left out stays as it is; null empties it. The limits are those of a registration.',
})
export class CorrectPatientInput {
  @Field(() => ID, { description: 'Whose record.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => Int, {
    description: 'The version that was read. Refused as PatientChangedMeanwhile when it is another.',
  })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, {
    description: 'Why, in 3 to 500 characters: seen on the passport, told by the practice.',
  })
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly reason: string;

  @Field(() => String, { nullable: true, description: 'Family name. Cannot be emptied.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly familyName?: string | null;

  @Field(() => String, { nullable: true, description: 'Given name. Cannot be emptied.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly givenName?: string | null;

  @Field(() => String, { nullable: true, description: 'Further given names.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly middleNames?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands before the name.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly namePrefix?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Date of birth. Cannot be emptied.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly dateOfBirth?: string | null;

  @Field(() => SexForClinicalUse, {
    nullable: true,
    description: 'What clinical decisions go by. Cannot be emptied.',
  })
  @IsOptional()
  @IsEnum(SexForClinicalUse)
  readonly sexForClinicalUse?: SexForClinicalUse | null;

  @Field(() => PersonStatedGender, {
    nullable: true,
    description: 'Gender as the person states it. Cannot be emptied.',
  })
  @IsOptional()
  @IsEnum(PersonStatedGender)
  readonly statedGender?: PersonStatedGender | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The whole postal address without its postcode, line by line.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(TEXT_UNITS_MAX, { each: true })
  readonly addressLines?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'Postcode.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly postcode?: string | null;

  @Field(() => [PhoneInput], {
    nullable: true,
    description: 'All telephone numbers, the preferred one first: they replace those on the record.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => PhoneInput)
  readonly phones?: readonly PhoneInput[] | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @IsOptional()
  @IsEmail()
  readonly email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'NHS number. Another number counts as not checked until `nhsNumberVerified` says otherwise.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly nhsNumber?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: the NHS number was checked against a source other than the person, which the reason names. False: it was not, after all.',
  })
  @IsOptional()
  @IsBoolean()
  readonly nhsNumberVerified?: boolean | null;

  @Field(() => ContactPreference, {
    nullable: true,
    description:
      'How the patient wants to hear from us. Cannot be emptied; what it needs must be on the record.',
  })
  @IsOptional()
  @IsEnum(ContactPreference)
  readonly contactPreference?: ContactPreference | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'After a LikelyDuplicate: the ids of all its candidates, to say that each of them is another person. ' +
      'It is recorded under your name.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CONFIRMED_MAX)
  @IsUUID('all', { each: true })
  readonly confirmedDifferentFrom?: readonly string[] | null;
}

export const CorrectPatientResult = resultUnion(
  'CorrectPatientResult',
  Patient,
  [PatientChangedMeanwhile, LikelyDuplicate, NhsNumberTaken],
  'The patient as the record is now, or why it is as it was.',
);
