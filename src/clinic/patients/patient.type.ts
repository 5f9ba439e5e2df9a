import './patient-words.type.js';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  ContactPreference,
  PersonStatedGender,
  PhoneKind,
  SexForClinicalUse,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { LikelyDuplicate, NhsNumberTaken } from './patient.refusals.js';

/** A first bound in UTF-16 units, so that nobody sends us a novel; the rules then count what is left in characters. */
const TEXT_UNITS_MAX = 300;
/** More lookalikes than this are not compared by a person but clicked away. */
const CONFIRMED_MAX = 100;

@ObjectType('PatientPhone', { description: 'A telephone number of a patient.' })
export class Phone {
  @Field(() => PhoneKind, { description: 'What kind of number.' })
  readonly kind: PhoneKind;

  @Field(() => String, { description: 'The number in E.164, such as +447700900123: for dialling.' })
  readonly e164: string;

  @Field(() => String, { description: 'The number as it was entered: for showing.' })
  readonly asEntered: string;
}

@ObjectType({
  description:
    'What is left of a record that was merged into another: its numbers, by which it is still found, and the name it had.',
})
export class MergedRecord {
  @Field(() => ID, {
    description: 'Id of the record that was merged. Asking for it answers with the record that was kept.',
  })
  readonly id: string;

  @Field(() => String, { description: 'Its local number: F and seven digits. Never used again.' })
  readonly localNumber: string;

  @Field(() => String, { description: 'The family name on it.' })
  readonly familyName: string;

  @Field(() => String, { description: 'The given name on it.' })
  readonly givenName: string;
}

@ObjectType({ description: 'A person registered with the clinic.' })
export class Patient {
  @Field(() => ID, { description: 'Id of the record (UUID).' })
  readonly id: string;

  @Field(() => String, {
    description: 'The number we gave: F and seven digits, for good. The Patient ID on the scanner.',
  })
  readonly localNumber: string;

  @Field(() => String, { description: 'Family name.' })
  readonly familyName: string;

  @Field(() => String, { description: 'Given name.' })
  readonly givenName: string;

  @Field(() => String, { nullable: true, description: 'Further given names, separated by spaces.' })
  readonly middleNames: string | null;

  @Field(() => String, { nullable: true, description: 'What stands before the name, such as Dr or Ms.' })
  readonly namePrefix: string | null;

  @Field(() => LocalDate, { description: 'Date of birth.' })
  readonly dateOfBirth: string;

  @Field(() => SexForClinicalUse, { description: 'What clinical decisions go by.' })
  readonly sexForClinicalUse: SexForClinicalUse;

  @Field(() => PersonStatedGender, { description: 'Gender as the person states it.' })
  readonly statedGender: PersonStatedGender;

  @Field(() => [String], { description: 'Postal address without its postcode, line by line.' })
  readonly addressLines: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: 'Postcode: British ones as SW1A 1AA, others as entered.',
  })
  readonly postcode: string | null;

  @Field(() => [Phone], { description: 'Telephone numbers in the order of preference.' })
  readonly phones: readonly Phone[];

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  readonly email: string | null;

  @Field(() => String, { nullable: true, description: 'NHS number, ten digits; null when not known.' })
  readonly nhsNumber: string | null;

  @Field(() => String, { nullable: true, description: 'NHS number as it is read aloud: 943 476 5919.' })
  readonly nhsNumberDisplay: string | null;

  @Field(() => ContactPreference, { description: 'How the patient wants to hear from us.' })
  readonly contactPreference: ContactPreference;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When somebody checked the NHS number against a source other than the person; null when nobody has.',
  })
  readonly nhsNumberVerifiedAt: Temporal.Instant | null;

  @Field(() => Instant, { description: 'When the record was made.' })
  readonly registeredAt: Temporal.Instant;

  @Field(() => Int, { description: 'Rises with each correction. Send it back when correcting or merging.' })
  readonly version: number;

  @Field(() => MergedRecord, {
    nullable: true,
    description:
      'Set when another record was asked for or found, which was merged into this one: that record. Null otherwise.',
  })
  readonly askedAs: MergedRecord | null;
}

@ObjectType({
  description: 'A page of patients, by family name, given name and id, without regard to accents and case.',
})
export class PatientPage extends pageOf(Patient) {}

@InputType({ description: 'A telephone number.' })
export class PhoneInput {
  @Field(() => PhoneKind, { description: 'What kind of number.' })
  @IsEnum(PhoneKind)
  readonly kind: PhoneKind;

  @Field(() => String, {
    description:
      'The number: British ones as 07700 900123 or +44 7700 900123, others with + and the country code.',
  })
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly number: string;
}

@InputType({
  description: 'A person to register. Outer blanks are removed, and names composed to Unicode NFC.',
})
export class RegisterPatientInput {
  @Field(() => String, {
    description:
      'Family name. The whole name with its three separators may have 64 characters, without \\ ^ = and control ' +
      'characters: that is what a scanner takes (DICOM PS3.5, PN).',
  })
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly familyName: string;

  @Field(() => String, { description: 'Given name, under the same limits.' })
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly givenName: string;

  @Field(() => String, { nullable: true, description: 'Further given names, under the same limits.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly middleNames?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands before the name, under the same limits.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly namePrefix?: string | null;

  @Field(() => LocalDate, { description: 'Date of birth: from 1900-01-01 to today.' })
  @IsISO8601({ strict: true })
  readonly dateOfBirth: string;

  @Field(() => SexForClinicalUse, { description: 'What clinical decisions go by.' })
  @IsEnum(SexForClinicalUse)
  readonly sexForClinicalUse: SexForClinicalUse;

  @Field(() => PersonStatedGender, { description: 'Gender as the person states it.' })
  @IsEnum(PersonStatedGender)
  readonly statedGender: PersonStatedGender;

  @Field(() => [String], {
    nullable: true,
    description: 'Postal address without its postcode: at most 6 lines of 64 characters.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(TEXT_UNITS_MAX, { each: true })
  readonly addressLines?: readonly string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Postcode, at most 12 characters. British ones may be typed without space and in small letters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly postcode?: string | null;

  @Field(() => [PhoneInput], {
    nullable: true,
    description: 'Telephone numbers, the preferred one first; at most 5.',
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
    description: 'NHS number; spaces and dashes are accepted. Leave it out when it is not known.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly nhsNumber?: string | null;

  @Field(() => ContactPreference, {
    description: 'How the patient wants to hear from us; what it needs must be given.',
  })
  @IsEnum(ContactPreference)
  readonly contactPreference: ContactPreference;

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

export const RegisterPatientResult = resultUnion(
  'RegisterPatientResult',
  Patient,
  [LikelyDuplicate, NhsNumberTaken],
  'The new patient, or why there is none.',
);
