import { Field, ID, InputType, Int, ObjectType, PartialType } from '@nestjs/graphql';
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
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import { ReferralSource } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { RegistrationBody } from '../auth/registration-body.type.js';
import { FREE_TEXT, PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';
import './referral-words.type.js';
import {
  ReferrerChangedMeanwhile,
  ReferrerRegistrationTaken,
  ReferrerStandsOtherwise,
} from './referrer.refusals.js';

/** In UTF-16 units; the rules count the characters that the scanner takes. */
const LINE_UNITS_MAX = 200;
const CODE_CHARACTERS_MAX = 30;
const EMAIL_CHARACTERS_MAX = 254;
const ADDRESS_LINES_MAX = 6;
const POSTCODE_CHARACTERS_MAX = 12;
const NOTE_CHARACTERS_MAX = 1_000;
const SEARCH_CHARACTERS_MAX = 100;

@ObjectType({ description: 'Somebody who refers patients, in the directory.' })
export class Referrer {
  @Field(() => ID, { description: 'Id of the entry (UUID).' })
  readonly id: string;

  @Field(() => ReferralSource, { description: 'As what they refer. Never SELF.' })
  readonly kind: ReferralSource;

  @Field(() => String, { nullable: true, description: 'What stands before the name, such as Dr or Miss.' })
  readonly title: string | null;

  @Field(() => String, { description: 'Name without title.' })
  readonly name: string;

  @Field(() => String, { nullable: true, description: 'Profession or specialty, in words.' })
  readonly profession: string | null;

  @Field(() => RegistrationBody, { nullable: true, description: 'Whose register they are on.' })
  readonly registrationBody: RegistrationBody | null;

  @Field(() => String, { nullable: true, description: 'Number on that register, without blanks.' })
  readonly registration: string | null;

  @Field(() => String, { nullable: true, description: 'Practice, hospital or company.' })
  readonly organisation: string | null;

  @Field(() => String, { nullable: true, description: 'ODS code of it: 3 to 8 letters and digits.' })
  readonly odsCode: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address for letters.' })
  readonly email: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone, E.164: +442079460123.' })
  readonly phone: string | null;

  @Field(() => [String], { description: 'Postal address without its postcode, line by line.' })
  readonly addressLines: readonly string[];

  @Field(() => String, { nullable: true, description: 'Postcode.' })
  readonly postcode: string | null;

  @Field(() => Boolean, { description: 'Whether they were entitled to refer for exposures (IR(ME)R 2017).' })
  readonly isEntitled: boolean;

  @Field(() => LocalDate, { nullable: true, description: 'First day of the entitlement; null: always was.' })
  readonly entitledFrom: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day of the entitlement; null: without an end.',
  })
  readonly entitledUntil: string | null;

  @Field(() => String, { nullable: true, description: 'For which exposures, and who said so.' })
  readonly entitlementNote: string | null;

  @Field(() => Boolean, { description: 'Whether the entitlement holds today.' })
  readonly isEntitledToday: boolean;

  @Field(() => Instant, { description: 'When the entry was made.' })
  readonly registeredAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'Since when they refer no more; null: they do.' })
  readonly retiredAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'Rises with each change. Send it back when you change the entry.' })
  readonly version: number;
}

@ObjectType({ description: 'A page of the directory, by name.' })
export class ReferrerPage extends pageOf(Referrer) {}

@InputType({ description: 'Narrows the directory. Several together: all must hold.' })
export class ReferrerFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Words of name and organisation, or a whole registration or ODS code. At most 100 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(SEARCH_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly text?: string | null;

  @Field(() => ReferralSource, { nullable: true, description: 'Only who refers as this.' })
  @IsOptional()
  @IsEnum(ReferralSource)
  readonly kind?: ReferralSource | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'The retired ones too.' })
  @IsBoolean()
  readonly isRetiredToo?: boolean = false;
}

@InputType({ description: 'Somebody who refers patients.' })
export class RegisterReferrerInput {
  @Field(() => ReferralSource, { description: 'As what they refer. Not SELF.' })
  @IsEnum(ReferralSource)
  readonly kind: ReferralSource;

  @Field(() => String, { nullable: true, description: 'What stands before the name. Counts with the name.' })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_UNITS_MAX)
  readonly title?: string | null;

  @Field(() => String, {
    description: 'Name; with its title at most 64 characters without \\ ^ = (DICOM PS3.5, PN).',
  })
  @IsString()
  @MaxLength(LINE_UNITS_MAX)
  readonly name: string;

  @Field(() => String, { nullable: true, description: 'Profession or specialty, at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_UNITS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly profession?: string | null;

  @Field(() => RegistrationBody, { nullable: true, description: 'Whose register they are on.' })
  @IsOptional()
  @IsEnum(RegistrationBody)
  readonly registrationBody?: RegistrationBody | null;

  @Field(() => String, {
    nullable: true,
    description: 'Number on that register. Of the GMC seven digits, also as a consultant code (C1234567).',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly registration?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Practice, hospital or company, at most 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_UNITS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly organisation?: string | null;

  @Field(() => String, { nullable: true, description: 'ODS code of it: 3 to 8 letters and digits.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly odsCode?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address for letters.' })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  readonly email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone: 020 7946 0123 or +44 20 7946 0123.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly phone?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Postal address without its postcode, up to 6 lines.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ADDRESS_LINES_MAX)
  @IsString({ each: true })
  @MaxLength(LINE_UNITS_MAX, { each: true })
  @Matches(FREE_TEXT, { ...PLAIN, each: true })
  readonly addressLines?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'Postcode.' })
  @IsOptional()
  @IsString()
  @MaxLength(POSTCODE_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly postcode?: string | null;
}

@InputType({ description: 'What is left out stays as it is; null takes it away, where it can be.' })
export class CorrectReferrerInput extends PartialType(RegisterReferrerInput) {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly referrerId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'Whether somebody may refer for exposures, as the employer has decided.' })
export class SetReferrerEntitlementInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly referrerId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => Boolean, { description: 'Entitled or not.' })
  @IsBoolean()
  readonly isEntitled: boolean;

  @Field(() => LocalDate, { nullable: true, description: 'First day; left out: always was.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day; left out: without an end.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly until?: string | null;

  @Field(() => String, { description: 'For which exposures, and who said so; at most 1,000 characters.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note: string;
}

@InputType({ description: 'An entry that is retired, or restored.' })
export class RetireReferrerInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly referrerId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

export const RegisterReferrerResult = resultUnion(
  'RegisterReferrerResult',
  Referrer,
  [ReferrerRegistrationTaken],
  'The entry, or who has its registration.',
);

export const ChangeReferrerResult = resultUnion(
  'ChangeReferrerResult',
  Referrer,
  [ReferrerRegistrationTaken, ReferrerChangedMeanwhile, ReferrerStandsOtherwise],
  'The entry as it is now, or why it was not changed.',
);
