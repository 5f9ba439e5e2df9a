import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { ReferralPriority, ReferralSource, ReferralStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { Referral } from './referral.type.js';
import { TriageAction, TriageReason } from './triage.rules.js';

const SERVICES_MAX = 50;
const CODE_CHARACTERS_MAX = 60;
/** Shorter words are in everything. */
const TEXT_CHARACTERS_MIN = 3;
const TEXT_CHARACTERS_MAX = 100;
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const PLAIN = { message: '$property: must not contain control characters' };

/** In which order the queue stands. */
export const TriageOrder = { DUE: 'DUE', PRIORITY: 'PRIORITY', RECEIVED: 'RECEIVED' } as const;
export type TriageOrder = (typeof TriageOrder)[keyof typeof TriageOrder];

/** Whose a referral is. */
export const TriageWhose = { ME: 'ME', NOBODY: 'NOBODY', SOMEBODY: 'SOMEBODY' } as const;
export type TriageWhose = (typeof TriageWhose)[keyof typeof TriageWhose];

registerEnumType(TriageOrder, {
  name: 'TriageOrder',
  description: 'In which order the triage queue stands. Each is the same from page to page.',
  valuesMap: {
    DUE: { description: 'What is due first; of the same day the more urgent.' },
    PRIORITY: { description: 'The most urgent first; of the same priority what is due first.' },
    RECEIVED: { description: 'The longest waiting first.' },
  },
});

registerEnumType(TriageWhose, {
  name: 'TriageWhose',
  description: 'Whose a referral is.',
  valuesMap: {
    ME: { description: 'Mine.' },
    NOBODY: { description: "Nobody's." },
    SOMEBODY: { description: "Somebody's, mine too." },
  },
});

registerEnumType(TriageReason, {
  name: 'TriageReason',
  description: 'Why an undecided referral is in the queue, and where it is in it.',
  valuesMap: {
    NOT_LOOKED_AT: { description: 'It was received, and nobody has begun to read it.' },
    BEING_TRIAGED: { description: 'Somebody has begun to read it; it is not decided.' },
    AWAITS_REFERRER: { description: 'The referrer was asked for information.' },
    INFORMATION_BACK: { description: 'Information that was asked for has come back.' },
    REOPENED: { description: 'It was decided before and has been opened again.' },
    FROM_ADVICE: { description: 'It came of a question for advice.' },
    MERGED_WITH_ANOTHER: { description: 'Another referral was merged into it.' },
    OVERDUE: { description: 'The day that was promised has passed.' },
    ESCALATED: { description: 'The clinic was told that it is overdue.' },
    POSSIBLE_DUPLICATE: { description: 'The patient has another open referral that may be the same.' },
  },
});

registerEnumType(TriageAction, {
  name: 'TriageAction',
  description: 'What can be done about an undecided referral, beside deciding it.',
  valuesMap: {
    CLAIM: { description: '`claimReferral`: nobody has it in hand.' },
    TAKE_OVER: { description: '`claimReferral` with a reason: somebody else has it in hand.' },
    RELEASE: { description: '`releaseReferral`: you have it in hand.' },
    ASSIGN: { description: '`assignReferral`.' },
    UNASSIGN: { description: '`unassignReferral`.' },
    CHANGE_PRIORITY: { description: '`changeReferralPriority`.' },
  },
});

@ObjectType({
  description: 'An undecided referral as the triage queue shows it: what is due, and why it is there.',
})
export class TriageEntry {
  @Field(() => ID, { description: 'Id of the referral.' })
  readonly referralId: string;

  @Field(() => Referral, {
    description: 'The referral, with what can be decided on it in its `allowedActions`.',
  })
  readonly referral: Referral;

  @Field(() => LocalDate, {
    description: 'The day by whose end it is to be decided, as it was promised when it arrived.',
  })
  readonly dueOn: string;

  @Field(() => LocalDate, {
    description:
      'The day by whose end something has to have happened: the decision; while the referrer is asked, their answer; after an escalation the next one.',
  })
  readonly nextDueOn: string;

  @Field(() => Boolean, {
    description:
      'Whether the promised day has passed: of the decision, or while the referrer is asked of their answer.',
  })
  readonly isOverdue: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Working days after today up to and including that day; null when it has passed.',
  })
  readonly workingDaysLeft: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Working days after that day up to and including today; null when it has not passed.',
  })
  readonly workingDaysOverdue: number | null;

  @Field(() => [TriageReason], { description: 'Why it is here: how it stands, then what has happened.' })
  readonly reasonsHere: readonly TriageReason[];

  @Field(() => String, { description: 'The same in one sentence, to be shown.' })
  readonly whyHere: string;

  @Field(() => ID, { nullable: true, description: 'Staff account that has it in hand; null: nobody.' })
  readonly claimedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'It is free from then on, unless they act before.' })
  readonly claimedUntil: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account of the clinician whose decision it is.' })
  readonly assignedToId: string | null;

  @Field(() => Instant, { nullable: true, description: 'Since when it is theirs.' })
  readonly assignedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When the clinic was last told that it is overdue.' })
  readonly escalatedAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'How often it was.' })
  readonly escalationsCount: number;

  @Field(() => Int, {
    description:
      'Other open referrals of the patient for the same service, or of which one of the two does not say for what it is.',
  })
  readonly duplicatesCount: number;

  @Field(() => [TriageAction], { description: 'What you can do about it now, if you may.' })
  readonly allowedActions: readonly TriageAction[];
}

@ObjectType({ description: 'A page of the triage queue.' })
export class TriageEntryPage extends pageOf(TriageEntry) {}

@InputType({ description: 'Narrows the triage queue. Several filters together: all must hold.' })
export class TriageFilterInput {
  @Field(() => [ReferralPriority], { nullable: true, description: 'Only these priorities.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(Object.keys(ReferralPriority).length)
  @IsEnum(ReferralPriority, { each: true })
  readonly priorities?: readonly ReferralPriority[] | null;

  @Field(() => [String], { nullable: true, description: 'Only for these services, by code.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SERVICES_MAX)
  @IsString({ each: true })
  @MaxLength(CODE_CHARACTERS_MAX, { each: true })
  readonly serviceCodes?: readonly string[] | null;

  @Field(() => [ReferralStatus], {
    nullable: true,
    description:
      'Only these states. The queue holds RECEIVED, BEING_TRIAGED and INFORMATION_REQUESTED alone.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(Object.keys(ReferralStatus).length)
  @IsEnum(ReferralStatus, { each: true })
  readonly statuses?: readonly ReferralStatus[] | null;

  @Field(() => [ReferralSource], { nullable: true, description: 'Only from these sources.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(Object.keys(ReferralSource).length)
  @IsEnum(ReferralSource, { each: true })
  readonly sources?: readonly ReferralSource[] | null;

  @Field(() => TriageWhose, { nullable: true, description: 'By the clinician to whom it is assigned.' })
  @IsOptional()
  @IsEnum(TriageWhose)
  readonly assigned?: TriageWhose | null;

  @Field(() => TriageWhose, { nullable: true, description: 'By who has it in hand now.' })
  @IsOptional()
  @IsEnum(TriageWhose)
  readonly claimed?: TriageWhose | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only what is overdue; false: only what is not.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only what is due on this day or before.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly dueUntil?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Only with this text in the question or the referrer's name, 3 to 100 characters, in any case.",
  })
  @IsOptional()
  @IsString()
  @MinLength(TEXT_CHARACTERS_MIN)
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(LINE, PLAIN)
  readonly text?: string | null;
}

@ObjectType({ description: 'The triage queue in numbers, as it stands now.' })
export class TriageSummary {
  @Field(() => Int, { description: 'Referrals that wait for a decision.' })
  readonly undecidedCount: number;

  @Field(() => Int, { description: 'Of them, those that nobody has begun to read.' })
  readonly notLookedAtCount: number;

  @Field(() => Int, { description: 'Of them, those whose referrer was asked for information.' })
  readonly awaitsReferrerCount: number;

  @Field(() => Int, { description: 'Of them, those whose promised day has passed.' })
  readonly overdueCount: number;

  @Field(() => Int, { description: 'Of them, those promised for today.' })
  readonly dueTodayCount: number;

  @Field(() => Int, { description: 'Of them, those that have been escalated.' })
  readonly escalatedCount: number;

  @Field(() => Int, { description: 'Of them, those that are assigned to nobody.' })
  readonly unassignedCount: number;

  @Field(() => Int, { description: 'Of them, those that are assigned to you.' })
  readonly assignedToMeCount: number;

  @Field(() => Int, { description: 'Of them, those that you have in hand.' })
  readonly claimedByMeCount: number;

  @Field(() => Int, { description: 'Of them, suspected cancer.' })
  readonly twoWeekWaitCount: number;

  @Field(() => Int, { description: 'Of them, urgent ones.' })
  readonly urgentCount: number;

  @Field(() => Int, { description: 'Of them, routine ones.' })
  readonly routineCount: number;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first promised day of all; null: nothing waits.',
  })
  readonly firstDueOn: string | null;

  @Field(() => Int, { description: 'Questions for advice that wait for an answer.' })
  readonly openAdviceCount: number;

  @Field(() => Int, { description: 'Of them, those whose promised day has passed.' })
  readonly overdueAdviceCount: number;
}
