import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { ExposureAct } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  EntitlementAlreadyEnded,
  EntitlementAlreadyRecorded,
  EntitlementNotInTerm,
} from './duty.refusals.js';
import {
  CODE,
  CODE_EXPECTED,
  CODES_MAX,
  READABLE,
  SOME_LINE,
  WORDS_CHARACTERS_MAX,
} from './entitlement-text.rules.js';

const ACTS_MAX = Object.keys(ExposureAct).length;

registerEnumType(ExposureAct, {
  name: 'ExposureAct',
  description:
    'One act of a medical exposure (IR(ME)R 2017). Entitlement is judged per act: one person may hold several.',
  valuesMap: {
    REFER: { description: 'Refers patients for an exposure.' },
    JUSTIFY: { description: 'Justifies exposures, as a practitioner.' },
    AUTHORISE_UNDER_GUIDELINE: {
      description: 'Authorises exposures under a practitioner’s guideline, as an operator.',
    },
    PREPARE_TRACER: { description: 'Prepares the radiopharmaceutical.' },
    MEASURE_ACTIVITY: { description: 'Measures the activity, in MBq.' },
    IDENTIFY_PATIENT: { description: 'Identifies the patient.' },
    ENQUIRE_PREGNANCY: { description: 'Asks about pregnancy and breast-feeding.' },
    ADMINISTER_TRACER: { description: 'Administers the radiopharmaceutical.' },
    ACQUIRE_IMAGES: { description: 'Acquires the images.' },
    EVALUATE_IMAGES: { description: 'Evaluates the images clinically.' },
  },
});

@ObjectType({
  description:
    'The employer entitles a member of staff to one act of an exposure (IR(ME)R 2017, reg. 6 and Schedule 2). Counts on the local day of the act, the first and last day included. Never edited.',
})
export class Entitlement {
  @Field(() => ID, { description: 'Id. Certificates are documents filed with it (ENTITLEMENT).' })
  readonly id: string;

  @Field(() => ID, { description: 'Staff account of whoever is entitled.' })
  readonly staffId: string;

  @Field(() => String, { description: 'Their name.' })
  readonly staffName: string;

  @Field(() => ExposureAct, { description: 'To which act.' })
  readonly act: ExposureAct;

  @Field(() => [String], { description: 'Codes of the kinds of visits; none: any.' })
  readonly procedureCodes: readonly string[];

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  readonly validFrom: string;

  @Field(() => LocalDate, { nullable: true, description: 'Last day, included; null: until it is ended.' })
  readonly validUntil: string | null;

  @Field(() => LocalDate, {
    description:
      'By when somebody looks at it again; the clinic is reminded. A review that is overdue ends nothing by itself.',
  })
  readonly reviewOn: string;

  @Field(() => String, { description: 'How it is known that the person can do it.' })
  readonly evidence: string;

  @Field(() => Instant, { description: 'When it was given.' })
  readonly entitledAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that gave it for the employer.' })
  readonly entitledById: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it holds no more, when it was ended.',
  })
  readonly endedOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended; null: it was not.' })
  readonly endReason: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that ended it; null: it was not ended.' })
  readonly endedById: string | null;

  @Field(() => Boolean, { description: 'Does it hold today, on the clinic’s calendar?' })
  readonly holdsToday: boolean;

  @Field(() => Boolean, { description: 'It holds, and the day of its review is over.' })
  readonly isReviewOverdue: boolean;
}

@ObjectType({ description: 'What a member of staff was entitled to at once: one entitlement for each act.' })
export class StaffEntitled {
  @Field(() => [Entitlement], { description: 'In the order of the acts that were asked for.' })
  readonly entitlements: readonly Entitlement[];
}

@InputType({ description: 'Entitles a member of staff to one act or several of an exposure.' })
export class EntitleStaffInput {
  @Field(() => ID, { description: 'Staff account.' })
  @IsUUID()
  readonly staffId: string;

  @Field(() => [ExposureAct], { description: 'Which acts, each once, at least one.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ACTS_MAX)
  @ArrayUnique()
  @IsEnum(ExposureAct, { each: true })
  readonly acts: readonly ExposureAct[];

  @Field(() => [String], {
    nullable: true,
    description: `Codes of the kinds of visits, at most ${CODES_MAX}: BONE_SPECT_CT. Left out or empty: any.`,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CODES_MAX)
  @Matches(CODE, CODE_EXPECTED)
  readonly procedureCodes?: readonly string[] | null;

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  @IsISO8601({ strict: true })
  readonly validFrom: string;

  @Field(() => LocalDate, { nullable: true, description: 'Last day, included. Left out: until it is ended.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly validUntil?: string | null;

  @Field(() => LocalDate, { description: 'By when somebody looks at it again; not before the first day.' })
  @IsISO8601({ strict: true })
  readonly reviewOn: string;

  @Field(() => String, {
    description: `How it is known that the person can do it: training, registration, assessment. At most ${WORDS_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly evidence: string;
}

@InputType({ description: 'The end of an entitlement.' })
export class EndEntitlementInput {
  @Field(() => ID, { description: 'The entitlement.' })
  @IsUUID()
  readonly entitlementId: string;

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

@InputType({ description: 'Narrows the list of entitlements. Several filters together: all must hold.' })
export class EntitlementFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only of this member of staff.' })
  @IsOptional()
  @IsUUID()
  readonly staffId?: string | null;

  @Field(() => ExposureAct, { nullable: true, description: 'Only to this act.' })
  @IsOptional()
  @IsEnum(ExposureAct)
  readonly act?: ExposureAct | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only those that hold on this day.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly on?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only those that hold and whose review is overdue today.',
  })
  @IsOptional()
  @IsBoolean()
  readonly reviewOverdue?: boolean | null = false;
}

export const EntitleStaffResult = resultUnion(
  'EntitleStaffResult',
  StaffEntitled,
  [EntitlementAlreadyRecorded],
  'The entitlements, or why nothing was recorded.',
);

export const EndEntitlementResult = resultUnion(
  'EndEntitlementResult',
  Entitlement,
  [EntitlementAlreadyEnded, EntitlementNotInTerm],
  'The entitlement with its end, or why it was not ended.',
);
