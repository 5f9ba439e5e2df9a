import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { LicenceKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  CODE,
  CODE_EXPECTED,
  CODES_MAX,
  NUMBER_CHARACTERS_MAX,
  READABLE,
  SOME_LINE,
  WORDS_CHARACTERS_MAX,
} from './entitlement-text.rules.js';
import {
  LicenceAlreadyEnded,
  LicenceAlreadyRecorded,
  LicenceNotInTerm,
  LicenceRenewalAlreadyRecorded,
} from './licence.refusals.js';
import { LicenceRenewalState } from './licence-renewal.rules.js';

registerEnumType(LicenceKind, {
  name: 'LicenceKind',
  description: 'Whose licence it is (IR(ME)R 2017, reg. 5).',
  valuesMap: {
    EMPLOYER: { description: 'The employer’s, for one site.' },
    PRACTITIONER: { description: 'A practitioner’s own.' },
  },
});

registerEnumType(LicenceRenewalState, {
  name: 'LicenceRenewalState',
  description: 'Where the renewal of a licence stands today.',
  valuesMap: {
    NOT_YET: { description: 'It is too early to apply.' },
    DUE: { description: 'The renewal is to be applied for.' },
    LATE: { description: 'The day by which it had to be applied for is over.' },
    APPLIED: {
      description:
        'It was applied for. Until the new licence is recorded, nothing is authorised after the last day.',
    },
    RENEWED: { description: 'A licence that covers the same from the next day on is recorded.' },
    EXPIRED: { description: 'It has expired, and nothing goes on from there.' },
    ENDED: { description: 'It was ended before its time.' },
  },
});

@ObjectType({
  description:
    'Leave to administer radioactive substances. It counts on the local day of the administration, its first and last day included. Never edited: a renewal is a new licence, an end before time is recorded beside it.',
})
export class Licence {
  @Field(() => ID, { description: 'Id of the licence. Its papers are documents filed with it (LICENCE).' })
  readonly id: string;

  @Field(() => LicenceKind, { description: 'Whose it is.' })
  readonly kind: LicenceKind;

  @Field(() => String, { description: 'Its number, as printed.' })
  readonly number: string;

  @Field(() => [String], {
    description:
      'Codes of the sites where it holds: of an employer’s one; of a practitioner’s none means any.',
  })
  readonly siteCodes: readonly string[];

  @Field(() => ID, { nullable: true, description: 'The practitioner’s staff account; null: the employer’s.' })
  readonly staffId: string | null;

  @Field(() => String, { nullable: true, description: 'The practitioner’s name; null: the employer’s.' })
  readonly holderName: string | null;

  @Field(() => [String], { description: 'Codes of the kinds of visits that it covers, at least one.' })
  readonly procedureCodes: readonly string[];

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  readonly validFrom: string;

  @Field(() => LocalDate, { description: 'Last day as printed on it, included.' })
  readonly validUntil: string;

  @Field(() => String, { description: 'Where it was seen: a letter, a portal.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it holds no more, when it was ended before its time.',
  })
  readonly endedOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended; null: it was not.' })
  readonly endReason: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that ended it; null: it was not ended.' })
  readonly endedById: string | null;

  @Field(() => Boolean, { description: 'Does it hold today, on the clinic’s calendar?' })
  readonly holdsToday: boolean;

  @Field(() => LicenceRenewalState, { description: 'Where its renewal stands today.' })
  readonly renewalState: LicenceRenewalState;

  @Field(() => LocalDate, { description: 'From this day on the clinic is reminded of its renewal.' })
  readonly remindFrom: string;

  @Field(() => LocalDate, { description: 'Last day for the application for its renewal.' })
  readonly applyBy: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'When its renewal was applied for; null: it was not.',
  })
  readonly renewalAppliedOn: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the authority calls the application; null: none was made.',
  })
  readonly renewalReference: string | null;

  @Field(() => Int, { description: 'How often the clinic was reminded of its renewal.' })
  readonly remindersCount: number;
}

@InputType({ isAbstract: true })
abstract class LicenceInput {
  @Field(() => String, {
    description: `Its number, as printed, at most ${NUMBER_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(NUMBER_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly number: string;

  @Field(() => [String], {
    description: `Codes of the kinds of visits that it covers, 1 to ${CODES_MAX}: BONE_SPECT_CT.`,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(CODES_MAX)
  @Matches(CODE, CODE_EXPECTED)
  readonly procedureCodes: readonly string[];

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  @IsISO8601({ strict: true })
  readonly validFrom: string;

  @Field(() => LocalDate, { description: 'Last day, included; not before the first.' })
  @IsISO8601({ strict: true })
  readonly validUntil: string;

  @Field(() => String, {
    description: `Where it was seen, at most ${WORDS_CHARACTERS_MAX} characters. Then file the paper itself as a document of the licence.`,
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

@InputType({ description: 'The employer’s licence for one site.' })
export class RecordEmployerLicenceInput extends LicenceInput {
  @Field(() => String, { description: 'Code of the site: MAIN.' })
  @IsString()
  @Matches(CODE, { message: '$property: must be a code in capitals, such as MAIN' })
  readonly siteCode: string;
}

@InputType({ description: 'A practitioner’s licence.' })
export class RecordPractitionerLicenceInput extends LicenceInput {
  @Field(() => ID, { description: 'The practitioner’s staff account.' })
  @IsUUID()
  readonly staffId: string;

  @Field(() => [String], {
    nullable: true,
    description: `Codes of the sites where it holds, at most ${CODES_MAX}. Left out or empty: any.`,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CODES_MAX)
  @Matches(CODE, CODE_EXPECTED)
  readonly siteCodes?: readonly string[] | null;
}

@InputType({
  description: 'The end of a licence before its time: given up, revoked, or recorded by mistake.',
})
export class EndLicenceInput {
  @Field(() => ID, { description: 'The licence.' })
  @IsUUID()
  readonly licenceId: string;

  @Field(() => LocalDate, {
    description:
      'First day on which it holds no more. Its own first day: it never held, as when it was recorded by mistake.',
  })
  @IsISO8601({ strict: true })
  readonly on: string;

  @Field(() => String, { description: `Why, at most ${WORDS_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly reason: string;
}

@InputType({
  description: 'The renewal of a licence was applied for. That alone authorises nothing after its last day.',
})
export class RecordLicenceRenewalInput {
  @Field(() => ID, { description: 'The licence that is to be renewed.' })
  @IsUUID()
  readonly licenceId: string;

  @Field(() => LocalDate, { description: 'When it was applied for; not in the future.' })
  @IsISO8601({ strict: true })
  readonly appliedOn: string;

  @Field(() => String, {
    description: `What the authority calls the application, at most ${NUMBER_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(NUMBER_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly reference: string;
}

@InputType({ description: 'Narrows the list of licences. Several filters together: all must hold.' })
export class LicenceFilterInput {
  @Field(() => String, { nullable: true, description: 'Only those that hold at this site.' })
  @IsOptional()
  @IsString()
  @Matches(CODE, { message: '$property: must be a code in capitals, such as MAIN' })
  readonly siteCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this member of staff.' })
  @IsOptional()
  @IsUUID()
  readonly staffId?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only those that hold on this day.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly on?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Those whose time is over, or that were ended, too.',
  })
  @IsOptional()
  @IsBoolean()
  readonly includePast?: boolean | null = false;
}

export const RecordLicenceResult = resultUnion(
  'RecordLicenceResult',
  Licence,
  [LicenceAlreadyRecorded],
  'The licence, or why it was not recorded.',
);

export const EndLicenceResult = resultUnion(
  'EndLicenceResult',
  Licence,
  [LicenceAlreadyEnded, LicenceNotInTerm],
  'The licence with its end, or why it was not ended.',
);

export const RecordLicenceRenewalResult = resultUnion(
  'RecordLicenceRenewalResult',
  Licence,
  [LicenceRenewalAlreadyRecorded, LicenceAlreadyEnded],
  'The licence with the application, or why that was not recorded.',
);
