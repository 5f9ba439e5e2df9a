import './response-words.type.js';
import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import {
  DiaryEntryStatus,
  DiaryPoint,
  DiaryTiming,
  ProposalStatus,
  ResponseFollowUp,
  ResponseVerdict,
  ScoreMode,
  TreatmentKind,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import { DiaryPolicy } from './diary-policy.type.js';
import { DiaryEntrySettled, FigureOutOfTime, ResponseChanged } from './response.refusals.js';
import { READABLE, REASON_CHARACTERS_MAX, SOME_TEXT } from './response-words.type.js';

/** Posted to this room itself when a point of a diary is due; the subject is the entry. */
export const DIARY_DUE = 'diary.due';

/** Posted when a diary was judged, or judged again; the subject is the judgement, the version its number. */
export const RESPONSE_JUDGED = 'response.judged';

@ObjectType({ description: 'One point of a pain diary.' })
export class DiaryEntry {
  @Field(() => ID, { description: 'Id of the entry (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which treatment.' })
  readonly treatmentId: string;

  @Field(() => ID, { description: 'Whom to ask.' })
  readonly patientId: string;

  @Field(() => DiaryPoint, { description: 'Which point.' })
  readonly point: DiaryPoint;

  @Field(() => Instant, { description: 'When it is due.' })
  readonly dueAt: Temporal.Instant;

  @Field(() => Instant, { description: 'From here on a figure is on time.' })
  readonly windowFrom: Temporal.Instant;

  @Field(() => Instant, { description: 'Up to here a figure is on time.' })
  readonly windowUntil: Temporal.Instant;

  @Field(() => Instant, { description: 'A figure taken before this is of no use for the point.' })
  readonly senseFrom: Temporal.Instant;

  @Field(() => Instant, { description: 'A figure taken after this is of no use for the point.' })
  readonly senseUntil: Temporal.Instant;

  @Field(() => DiaryEntryStatus, { description: 'How it stands.' })
  readonly status: DiaryEntryStatus;

  @Field(() => Boolean, {
    description: 'It is to be asked, and the time in which it would be on time is over.',
  })
  readonly isOverdue: boolean;

  @Field(() => Int, { nullable: true, description: 'Pain at that moment, NRS 0 to 10; null: no figure.' })
  readonly total: number | null;

  @Field(() => ID, { nullable: true, description: 'The score that stands; null: no figure.' })
  readonly scoreId: string | null;

  @Field(() => DiaryTiming, { nullable: true, description: 'Whether it was on time; null: no figure.' })
  readonly timing: DiaryTiming | null;

  @Field(() => String, { nullable: true, description: 'Why there is no figure; null: none is missing.' })
  readonly missingReason: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was settled; null: it is to be asked.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that settled it; null: nobody, or the clock.',
  })
  readonly settledById: string | null;

  @Field(() => Int, { description: 'Rises with each change. Send it back with the next one.' })
  readonly version: number;
}

@ObjectType({ description: 'A page of points to ask patients at, those due first first.' })
export class DiaryEntryPage extends pageOf(DiaryEntry) {}

@ObjectType({ description: 'What a diary says of a treatment. Never edited: judged again, it is another.' })
export class ResponseJudgement {
  @Field(() => ID, { description: 'Id of the judgement (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which treatment.' })
  readonly treatmentId: string;

  @Field(() => Int, { description: 'Its number, from 1; the highest stands.' })
  readonly number: number;

  @Field(() => ID, { description: 'The policy that it was judged by.' })
  readonly policyId: string;

  @Field(() => ResponseVerdict, { description: 'What it says.' })
  readonly verdict: ResponseVerdict;

  @Field(() => Float, {
    nullable: true,
    description:
      'Relief in per cent: (before − after) × 100 / before; below 0: more pain. Null: nobody can tell.',
  })
  readonly percentRelief: number | null;

  @Field(() => Int, { nullable: true, description: 'Pain before, NRS 0 to 10; null: no figure.' })
  readonly beforeTotal: number | null;

  @Field(() => Int, { nullable: true, description: 'Pain after, NRS 0 to 10; null: no figure.' })
  readonly afterTotal: number | null;

  @Field(() => [ID], { description: 'The scores that it stands on, the one before first.' })
  readonly scoreIds: readonly string[];

  @Field(() => ResponseFollowUp, { description: 'What it leads to.' })
  readonly followUp: ResponseFollowUp;

  @Field(() => Instant, { description: 'When it was judged.' })
  readonly judgedAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account whose figure it followed; null: the clock.',
  })
  readonly judgedById: string | null;
}

@ObjectType({ description: 'A treatment that a response proposes.' })
export class TreatmentProposal {
  @Field(() => ID, { description: 'Id of the proposal (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The judgement that it comes of.' })
  readonly judgementId: string;

  @Field(() => ID, { description: 'The treatment that was judged.' })
  readonly treatmentId: string;

  @Field(() => ID, { description: 'For whom.' })
  readonly patientId: string;

  @Field(() => TreatmentKind, { description: 'What is proposed.' })
  readonly kind: TreatmentKind;

  @Field(() => Boolean, {
    description:
      'true: the same once more, after a partial response; false: the next treatment, after a positive one.',
  })
  readonly isRepeat: boolean;

  @Field(() => ProposalStatus, { description: 'What became of it.' })
  readonly status: ProposalStatus;

  @Field(() => Instant, { description: 'When it was proposed.' })
  readonly proposedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it was settled; null: it is open.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that settled it; null: nobody.' })
  readonly settledById: string | null;

  @Field(() => String, { nullable: true, description: 'Of one that was declined: why.' })
  readonly reason: string | null;

  @Field(() => ID, { nullable: true, description: 'The treatment that was asked for; null: none.' })
  readonly takenTreatmentId: string | null;

  @Field(() => Int, { description: 'Rises with each change. Send it back with the next one.' })
  readonly version: number;
}

@ObjectType({ description: 'The pain diary of a treatment, with what it says.' })
export class PainDiary {
  @Field(() => ID, { description: 'Id of the diary (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which treatment.' })
  readonly treatmentId: string;

  @Field(() => ID, { description: 'Whose it is.' })
  readonly patientId: string;

  @Field(() => TreatmentKind, { description: 'What was done.' })
  readonly kind: TreatmentKind;

  @Field(() => DiaryPolicy, { description: 'The policy that it runs under, from the day of the treatment.' })
  readonly policy: DiaryPolicy;

  @Field(() => Instant, { description: 'When the needle was out: what the times run from.' })
  readonly finishedAt: Temporal.Instant;

  @Field(() => Int, {
    description: 'Number of the treatment’s record that they run from. They follow when that is put right.',
  })
  readonly recordVersion: number;

  @Field(() => [DiaryEntry], { description: 'Its points, in order of time.' })
  readonly entries: readonly DiaryEntry[];

  @Field(() => ResponseJudgement, {
    nullable: true,
    description: 'The judgement that stands; null: none yet.',
  })
  readonly judgement: ResponseJudgement | null;

  @Field(() => [ResponseJudgement], { description: 'Every judgement, the first one first.' })
  readonly judgements: readonly ResponseJudgement[];

  @Field(() => [TreatmentProposal], { description: 'What was proposed because of it, the first one first.' })
  readonly proposals: readonly TreatmentProposal[];
}

@InputType({ description: 'Narrows the points to ask patients at. Several filters together: all must hold.' })
export class DiaryDueFilterInput {
  @Field(() => Instant, {
    nullable: true,
    description: 'Those that may be asked by that moment; null: by now.',
  })
  @IsOptional()
  readonly until?: Temporal.Instant | null;

  @Field(() => Boolean, { nullable: true, description: 'true: only overdue ones; false: only others.' })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;

  @Field(() => [DiaryPoint], { nullable: true, description: 'Only these points.' })
  @IsOptional()
  @IsEnum(DiaryPoint, { each: true })
  readonly points?: readonly DiaryPoint[] | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;
}

@InputType({ description: 'A figure of pain for a point of a diary.' })
export class RecordDiaryEntryInput {
  @Field(() => ID, { description: 'Which entry.' })
  @IsUUID()
  readonly entryId: string;

  @Field(() => Int, { description: '`version` of the entry as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => Int, { description: 'Pain at that moment, NRS 0 to 10.' })
  @IsInt()
  @Min(0)
  @Max(10)
  readonly total: number;

  @Field(() => Instant, { description: 'When the patient felt it so; not later than now.' })
  readonly takenAt: Temporal.Instant;

  @Field(() => ScoreMode, { description: 'How the answer came.' })
  @IsEnum(ScoreMode)
  readonly mode: ScoreMode;
}

@InputType({ description: 'A point of a diary that there is no figure for.' })
export class MissDiaryEntryInput {
  @Field(() => ID, { description: 'Which entry.' })
  @IsUUID()
  readonly entryId: string;

  @Field(() => Int, { description: '`version` of the entry as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why; at most 2,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

/** Everything that recording a figure can be answered with. */
export const RECORD_DIARY_REFUSALS = [
  ResponseChanged,
  DiaryEntrySettled,
  FigureOutOfTime,
  IdempotencyKeyReused,
] as const;

export const RecordDiaryEntryResult = resultUnion(
  'RecordDiaryEntryResult',
  PainDiary,
  RECORD_DIARY_REFUSALS,
  'The diary as it stands now, or why nothing was recorded.',
);

export const MissDiaryEntryResult = resultUnion(
  'MissDiaryEntryResult',
  PainDiary,
  [ResponseChanged, DiaryEntrySettled],
  'The diary as it stands now, or why nothing was changed.',
);
