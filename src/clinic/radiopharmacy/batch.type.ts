import { Field, Float, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Prisma } from '../../platform/database/generated/client.js';
import { BatchUsePurpose } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { instantFromDate, type Temporal } from '../../platform/time/index.js';
import { ActivityInput } from './activity.type.js';
import {
  BatchAlreadyReceived,
  BatchDiscarded,
  BatchExpired,
  BatchNotPreparedYet,
  ExpiryBeyondUseBy,
  StockTooSmall,
  TracerDiffers,
  UseGivenBack,
  UseIsOfPatient,
} from './batch.refusals.js';
import { type BatchFacts, isExpired, stockAt, volumeLeftMl } from './batch.rules.js';
import { HalfLifeVersion, Tracer, toHalfLifeVersion, toTracer } from './radionuclide.type.js';
import {
  CODE,
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_TEXT,
  SOURCE_CHARACTERS_MAX,
} from './source-text.rules.js';

/** A vial holds some tens of mL. */
const VOLUME_ML_MAX = 1_000;
const SITE = /^[A-Z][A-Z0-9_]{0,39}$/;

export const WITH_USES = {
  tracer: true,
  halfLife: true,
  uses: { orderBy: { id: 'asc' } },
} as const satisfies Prisma.TracerBatchInclude;
export type BatchRow = Prisma.TracerBatchGetPayload<{ include: typeof WITH_USES }>;

registerEnumType(BatchUsePurpose, {
  name: 'BatchUsePurpose',
  description: 'What something was drawn for.',
  valuesMap: {
    PATIENT_DOSE: { description: 'For a patient. Written with the administration.' },
    QUALITY_CONTROL: { description: 'To test the batch or an instrument.' },
    WASTE: { description: 'Thrown away: spilled, drawn in error.' },
  },
});

@ObjectType({ description: 'Something that was drawn from a batch.' })
export class BatchUse {
  @Field(() => ID, { description: 'Id of the use.' })
  readonly id: string;

  @Field(() => BatchUsePurpose, { description: 'What for.' })
  readonly purpose: BatchUsePurpose;

  @Field(() => ID, {
    nullable: true,
    description: 'The visit that it was drawn for, when it was for a patient.',
  })
  readonly visitId: string | null;

  @Field(() => Float, { description: 'Activity at the moment of drawing, in MBq.' })
  readonly activityMbq: number;

  @Field(() => Instant, { description: 'When it was drawn.' })
  readonly drawnAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was given back; null: it was used.' })
  readonly givenBackAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was given back.' })
  readonly givenBackReason: string | null;
}

@ObjectType({
  description: 'A vial or a syringe that was received, with what is stated of it and what is left in it.',
})
export class TracerBatch {
  @Field(() => ID, { description: 'Id of the batch.' })
  readonly id: string;

  @Field(() => ID, { description: 'Id of its supplier.' })
  readonly supplierId: string;

  @Field(() => String, { description: 'Number on its label.' })
  readonly batchNumber: string;

  @Field(() => Tracer, { description: 'What it holds.' })
  readonly tracer: Tracer;

  @Field(() => String, { description: 'Code of the site where it is.' })
  readonly siteCode: string;

  @Field(() => Instant, { description: 'When it was prepared.' })
  readonly preparedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Time for which its activity is stated.' })
  readonly calibratedAt: Temporal.Instant;

  @Field(() => Float, { description: 'Activity that it had, in MBq, at the time of calibration.' })
  readonly calibratedActivityMbq: number;

  @Field(() => Float, {
    description:
      'A calibrator may read so many per cent more than that: so much more may be drawn. By the terms of its supplier.',
  })
  readonly labelTolerancePercent: number;

  @Field(() => HalfLifeVersion, {
    description: 'The half-life that everything of this batch is computed with.',
  })
  readonly halfLife: HalfLifeVersion;

  @Field(() => Instant, { description: 'The last minute in which it may be used.' })
  readonly expiresAt: Temporal.Instant;

  @Field(() => String, {
    nullable: true,
    description: 'Of an expiry later than the rule for kits: what the manufacturer says.',
  })
  readonly expirySource: string | null;

  @Field(() => Float, { nullable: true, description: 'Volume that it had, in mL; null: not stated.' })
  readonly volumeMl: number | null;

  @Field(() => Instant, { description: 'When it was received.' })
  readonly receivedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that received it.' })
  readonly receivedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was discarded; null: it was not.' })
  readonly discardedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was discarded.' })
  readonly discardReason: string | null;

  @Field(() => [BatchUse], { description: 'What was drawn from it, the first first.' })
  readonly uses: readonly BatchUse[];

  /** What the rules judge by. */
  readonly facts: BatchFacts;
}

@ObjectType({ description: 'What is left in a batch at a moment, by decay and by what was drawn.' })
export class BatchStock {
  @Field(() => Instant, { description: 'The moment.' })
  readonly at: Temporal.Instant;

  @Field(() => Float, { description: 'Activity left, in MBq at that moment.' })
  readonly activityMbq: number;

  @Field(() => Float, { nullable: true, description: 'Volume left, in mL; null: its volume was not stated.' })
  readonly volumeMl: number | null;

  @Field(() => Boolean, {
    description: 'It may be used at that moment: prepared, not expired, not discarded, not empty.',
  })
  readonly isUsable: boolean;
}

@ObjectType({ description: 'A page of batches, the one that expires last first.' })
export class TracerBatchPage extends pageOf(TracerBatch) {}

@InputType({ description: 'Narrows the batches. Several together: all must hold.' })
export class TracerBatchFilterInput {
  @Field(() => String, { nullable: true, description: 'Only at this site.' })
  @IsOptional()
  @IsString()
  @Matches(SITE, { message: '$property: must look like MAIN' })
  siteCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this tracer.' })
  @IsOptional()
  @IsString()
  @Matches(CODE, { message: '$property: must look like TC99M_MDP' })
  tracerCode?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Only what may be used now.' })
  @IsBoolean()
  usableNow: boolean = false;
}

@InputType({ description: 'A batch as its label and its paper say.' })
export class ReceiveBatchInput {
  @Field(() => ID, { description: 'Id of the supplier.' })
  @IsUUID()
  supplierId: string;

  @Field(() => String, { description: `Number on its label, at most ${LINE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  batchNumber: string;

  @Field(() => ID, { description: 'Code of the tracer.' })
  @IsString()
  @Matches(CODE, { message: '$property: must look like TC99M_MDP' })
  tracerCode: string;

  @Field(() => String, { description: 'Code of the site where it is.' })
  @IsString()
  @Matches(SITE, { message: '$property: must look like MAIN' })
  siteCode: string;

  @Field(() => Instant, { description: 'When it was prepared; not in the future.' })
  @IsNotEmpty()
  preparedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Time for which its activity is stated.' })
  @IsNotEmpty()
  calibratedAt: Temporal.Instant;

  @Field(() => ActivityInput, { description: 'Its activity at that time.' })
  @ValidateNested()
  @Type(() => ActivityInput)
  activity: ActivityInput;

  @Field(() => Instant, {
    nullable: true,
    description:
      'The last minute in which it may be used; left out: as long as the rule for kits of this tracer allows.',
  })
  @IsOptional()
  expiresAt?: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of an expiry later than the rule: what the manufacturer says, and where.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  expirySource?: string | null;

  @Field(() => Float, { nullable: true, description: `Its volume in mL, at most ${VOLUME_ML_MAX}.` })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(VOLUME_ML_MAX)
  volumeMl?: number | null;
}

@InputType({ description: 'A batch that is not used any more.' })
export class DiscardBatchInput {
  @Field(() => ID, { description: 'Id of the batch.' })
  @IsUUID()
  batchId: string;

  @Field(() => String, { description: `Why, at most ${SOURCE_CHARACTERS_MAX} characters. Nobody’s name.` })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  reason: string;
}

@InputType({ description: 'Something that was drawn from a batch, and not for a patient.' })
export class DrawFromBatchInput {
  @Field(() => ID, { description: 'Id of the batch.' })
  @IsUUID()
  batchId: string;

  @Field(() => BatchUsePurpose, {
    description: 'QUALITY_CONTROL or WASTE. What patients are given is recorded as an administration.',
  })
  @IsIn([BatchUsePurpose.QUALITY_CONTROL, BatchUsePurpose.WASTE])
  purpose: Exclude<BatchUsePurpose, 'PATIENT_DOSE'>;

  @Field(() => ActivityInput, { description: 'How much, at the moment of drawing.' })
  @ValidateNested()
  @Type(() => ActivityInput)
  activity: ActivityInput;

  @Field(() => Instant, { nullable: true, description: 'When; now when left out. Not in the future.' })
  @IsOptional()
  drawnAt?: Temporal.Instant | null;
}

@InputType({ description: 'Something that never left its batch, or was entered in error.' })
export class GiveBackToBatchInput {
  @Field(() => ID, { description: 'Id of the use.' })
  @IsUUID()
  useId: string;

  @Field(() => String, { description: `Why, at most ${SOURCE_CHARACTERS_MAX} characters. Nobody’s name.` })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  reason: string;
}

export const ReceiveBatchResult = resultUnion(
  'ReceiveBatchResult',
  TracerBatch,
  [BatchAlreadyReceived, ExpiryBeyondUseBy],
  'The batch, or why it was not taken in.',
);

export const DiscardBatchResult = resultUnion(
  'DiscardBatchResult',
  TracerBatch,
  [BatchDiscarded],
  'The batch, or why nothing was changed.',
);

export const DrawFromBatchResult = resultUnion(
  'DrawFromBatchResult',
  TracerBatch,
  [BatchExpired, BatchNotPreparedYet, BatchDiscarded, StockTooSmall],
  'The batch with what is left, or why nothing was drawn.',
);

export const GiveBackToBatchResult = resultUnion(
  'GiveBackToBatchResult',
  TracerBatch,
  [UseGivenBack, UseIsOfPatient],
  'The batch with what is left, or why nothing was changed.',
);

/** Why something cannot be drawn from a batch. */
export type UseRefusal = BatchExpired | BatchNotPreparedYet | BatchDiscarded | StockTooSmall | TracerDiffers;

export function toBatch(row: BatchRow): TracerBatch {
  return {
    ...row,
    tracer: toTracer(row.tracer),
    halfLife: toHalfLifeVersion(row.halfLife),
    preparedAt: instantFromDate(row.preparedAt),
    calibratedAt: instantFromDate(row.calibratedAt),
    expiresAt: instantFromDate(row.expiresAt),
    receivedAt: instantFromDate(row.receivedAt),
    discardedAt: row.discardedAt === null ? null : instantFromDate(row.discardedAt),
    uses: row.uses.map((use) => ({
      ...use,
      drawnAt: instantFromDate(use.drawnAt),
      givenBackAt: use.givenBackAt === null ? null : instantFromDate(use.givenBackAt),
    })),
    facts: toBatchFacts(row),
  };
}

export function toBatchFacts(row: Omit<BatchRow, 'uses' | 'tracer'>): BatchFacts {
  return {
    tracerCode: row.tracerCode,
    halfLifeHours: row.halfLife.halfLifeHours,
    preparedAt: instantFromDate(row.preparedAt),
    calibratedAt: instantFromDate(row.calibratedAt),
    calibratedActivityMbq: row.calibratedActivityMbq,
    labelTolerancePercent: row.labelTolerancePercent,
    expiresAt: instantFromDate(row.expiresAt),
    volumeMl: row.volumeMl,
    discardedAt: row.discardedAt === null ? null : instantFromDate(row.discardedAt),
    drawnMbq: row.drawnMbq,
  };
}

export function toStock({ facts }: TracerBatch, at: Temporal.Instant): BatchStock {
  const left = stockAt(facts, at);
  const isPrepared = at.epochMilliseconds >= facts.preparedAt.epochMilliseconds;
  const isThere = facts.discardedAt === null || at.epochMilliseconds < facts.discardedAt.epochMilliseconds;
  return {
    at,
    activityMbq: left.mbq,
    volumeMl: volumeLeftMl(facts),
    isUsable: isPrepared && isThere && !isExpired(facts, at) && left.mbq > 0,
  };
}
