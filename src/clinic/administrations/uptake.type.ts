import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsNotEmpty, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { NOT_BLANK, TEXT_MAX_CHARACTERS } from './administration-entry.type.js';
import { NothingToExplain, UptakeAlreadyExplained, UptakeState } from './uptake.refusals.js';

registerEnumType(UptakeState, {
  name: 'UptakeState',
  description: 'Where the uptake clock of a patient stands. Both bounds of the window belong to it.',
  valuesMap: {
    NOT_INJECTED: { description: 'No injection is recorded.' },
    TOO_SOON: { description: 'The window has not opened yet.' },
    READY: { description: 'The scan may begin.' },
    CLOSING: { description: 'The scan may begin, and the window closes soon.' },
    PASSED: { description: 'The window has passed and the scan has not begun.' },
    SCAN_BEGUN: { description: 'The delayed images have begun: the clock has stopped.' },
  },
});

@ObjectType({
  description: 'The uptake clock of one patient: since when the tracer settles, and when the scan may begin.',
})
export class UptakeClock {
  @Field(() => UptakeState, { description: 'Where it stands now.' })
  readonly state: UptakeState;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the tracer was injected; null: no injection is recorded.',
  })
  readonly injectedAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'Earliest start of the delayed images, by the dose protocol.',
  })
  readonly earliestAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'The start that is aimed at.' })
  readonly targetAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'Latest start.' })
  readonly latestAt: Temporal.Instant | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Whole minutes from the injection to now, or to the start of the delayed images; null: no injection is recorded.',
  })
  readonly minutesSince: number | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the delayed images began; null: they have not.',
  })
  readonly scanStartedAt: Temporal.Instant | null;

  @Field(() => Boolean, {
    description:
      'The delayed images began outside of the window, and nobody has said why: see `explainUptake`.',
  })
  readonly needsExplanation: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why they began outside of it, as somebody said; null: nobody has.',
  })
  readonly explanation: string | null;
}

@ObjectType({ description: 'A scan whose delayed images began outside of the uptake window.' })
export class ScanOutsideUptake {
  @Field(() => ID, { description: 'The scan booking, which is its visit.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'Whose scan it is.' })
  readonly patientId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that said why it began outside of its window; null: nobody has.',
  })
  readonly explainedById: string | null;

  @Field(() => UptakeClock, { description: 'Its uptake.' })
  readonly uptake: UptakeClock;
}

@ObjectType({ description: 'A page of scans whose delayed images began outside of the uptake window.' })
export class ScanOutsideUptakePage extends pageOf(ScanOutsideUptake) {}

@InputType({ description: 'Which scans to list, by the day for which they were planned.' })
export class OutsideUptakeFilterInput {
  @Field(() => LocalDate, { description: 'From this day on.' })
  @IsString()
  from: string;

  @Field(() => LocalDate, { description: 'To this day, which is included; at most 366 days on.' })
  @IsString()
  until: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Also those of which somebody has said why. Left out: only those that wait for it.',
  })
  @IsOptional()
  @IsBoolean()
  includeExplained?: boolean | null = false;
}

@InputType({ description: 'Why a scan began outside of its uptake window.' })
export class ExplainUptakeInput {
  @Field(() => ID, { description: 'Which scan booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => String, { description: `Why, at most ${TEXT_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  reason: string;
}

export const EXPLAIN_UPTAKE_REFUSALS = [NothingToExplain, UptakeAlreadyExplained] as const;

export const ExplainUptakeResult = resultUnion(
  'ExplainUptakeResult',
  ScanOutsideUptake,
  EXPLAIN_UPTAKE_REFUSALS,
  'The scan with the explanation, or why there was none to give.',
);
