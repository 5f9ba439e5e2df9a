import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEnum,
  IsISO8601,
  IsOptional,
  Matches,
} from 'class-validator';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { ConsentReason, ConsentState } from './consent.refusals.js';
import { PROCEDURE_CODE } from './consent-entry.type.js';

/** There are no more purposes than this. */
const PURPOSES_MAX = 5;

/** Of which patients a report is. */
export const ConsentCoverageOf = {
  EVERYBODY: 'EVERYBODY',
  WITH_VISITS: 'WITH_VISITS',
  VISITS_THAT_NEED_IT: 'VISITS_THAT_NEED_IT',
  WITHOUT_VISITS: 'WITHOUT_VISITS',
} as const;
export type ConsentCoverageOf = (typeof ConsentCoverageOf)[keyof typeof ConsentCoverageOf];

registerEnumType(ConsentCoverageOf, {
  name: 'ConsentCoverageOf',
  description: 'Of which patients a report on consents is.',
  valuesMap: {
    EVERYBODY: { description: 'Every patient whose record is kept.' },
    WITH_VISITS: { description: 'Those who have a visit in the days asked for: booked, under way or over.' },
    VISITS_THAT_NEED_IT: {
      description: 'Those who have a visit in these days that cannot be without the consent.',
    },
    WITHOUT_VISITS: { description: 'Those who have no visit in these days.' },
  },
});

@InputType({ description: 'Which consents of which patients. Days are those of the clinic’s calendar.' })
export class ConsentCoverageInput {
  @Field(() => [ConsentPurpose], { description: 'Which consents, each once.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(PURPOSES_MAX)
  @ArrayUnique()
  @IsEnum(ConsentPurpose, { each: true })
  readonly purposes: readonly ConsentPurpose[];

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure: needed with PROCEDURE, and only taken with it.',
  })
  @IsOptional()
  @Matches(PROCEDURE_CODE, { message: '$property: must be a code in capitals such as FACET_INJECTION' })
  readonly procedureCode?: string | null;

  @Field(() => ConsentCoverageOf, { description: 'Of which patients.' })
  @IsEnum(ConsentCoverageOf)
  readonly of: ConsentCoverageOf;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day of the visits that count; needed unless it is about everybody.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly from?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day of them, at most 366 days after the first.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly until?: string | null;
}

@ObjectType({ description: 'How many patients stand so on a purpose.' })
export class ConsentCount {
  @Field(() => ConsentPurpose, { description: 'The purpose.' })
  readonly purpose: ConsentPurpose;

  @Field(() => ConsentState, { description: 'Where they stand.' })
  readonly state: ConsentState;

  @Field(() => Int, { description: 'How many patients.' })
  readonly count: number;
}

@ObjectType({ description: 'How many patients have which consents now.' })
export class ConsentCoverage {
  @Field(() => Int, {
    description: 'How many patients it is about; with VISITS_THAT_NEED_IT: for any of the purposes.',
  })
  readonly patientsCount: number;

  @Field(() => Int, { description: 'How many of them lack at least one consent that is asked for.' })
  readonly lackingCount: number;

  @Field(() => [ConsentCount], { description: 'By purpose and state; what nobody is in is left out.' })
  readonly counts: readonly ConsentCount[];
}

@ObjectType({ description: 'A consent that a patient lacks.' })
export class ConsentLack {
  @Field(() => ConsentPurpose, { description: 'The purpose.' })
  readonly purpose: ConsentPurpose;

  @Field(() => ConsentState, { description: 'Where the patient stands instead.' })
  readonly state: ConsentState;

  @Field(() => ConsentReason, { description: 'Why, for machines.' })
  readonly reasonCode: ConsentReason;

  @Field(() => String, { description: 'Why, in words, with local times of the clinic.' })
  readonly reason: string;
}

@ObjectType({ description: 'A patient who lacks consents.' })
export class ConsentGap {
  @Field(() => ID, { description: 'The patient.' })
  readonly patientId: string;

  @Field(() => [ConsentLack], { description: 'What is lacking, at least one.' })
  readonly lacks: readonly ConsentLack[];
}

@ObjectType({ description: 'Patients who lack consents, in order of registration.' })
export class ConsentGapPage extends pageOf(ConsentGap) {}
