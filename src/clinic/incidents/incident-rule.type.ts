import './incident-words.type.js';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type {
  DoseCoefficient as DoseCoefficientRow,
  IncidentPolicy as IncidentPolicyRow,
  IncidentThreshold as IncidentThresholdRow,
} from '../../platform/database/generated/client.js';
import { IncidentRegulator, IncidentThresholdBasis } from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';

/** What every dated row has. */
@ObjectType({ isAbstract: true })
abstract class DatedRule {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => LocalDate, { description: 'First day on which it holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@ObjectType({
  description:
    'When a regulator has to hear of an incident, by code, from a day on. The day of the incident decides which row counts. Never rewritten.',
})
export class IncidentThreshold extends DatedRule {
  @Field(() => String, {
    description: 'As the regulator has it: 1, 2.1 to 2.4; else FOETAL, INFANT, RADIOPHARMACEUTICAL, LICENCE.',
  })
  readonly code: string;

  @Field(() => IncidentThresholdBasis, { description: 'What it asks.' })
  readonly basis: IncidentThresholdBasis;

  @Field(() => IncidentRegulator, { description: 'Who has to hear of it.' })
  readonly regulator: IncidentRegulator;

  @Field(() => Float, {
    nullable: true,
    description: 'For intended effective doses from here, in mSv; null: from 0.',
  })
  readonly intendedFromMsv: number | null;

  @Field(() => Boolean, { description: 'That dose itself included.' })
  readonly isFromIncluded: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'For intended effective doses up to here, in mSv; null: any.',
  })
  readonly intendedUntilMsv: number | null;

  @Field(() => Boolean, { description: 'That dose itself included.' })
  readonly isUntilIncluded: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'Met from this effective dose on, of an adult, in mSv.',
  })
  readonly adultMsv: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Met from this effective dose on, of a child or an infant, in mSv.',
  })
  readonly childMsv: number | null;

  @Field(() => Float, { nullable: true, description: 'Met from so many times the intended dose on.' })
  readonly factor: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Met from this absorbed dose of an unborn child on, in mGy.',
  })
  readonly doseMgy: number | null;

  @Field(() => Boolean, { description: 'Only where a procedure of the employer was not followed.' })
  readonly needsProceduralFailure: boolean;

  @Field(() => Boolean, { description: 'From that day on the code is asked no more.' })
  readonly isDropped: boolean;
}

@ObjectType({
  description: 'Effective dose of an adult for each MBq of a tracer, from a day on. Never rewritten.',
})
export class DoseCoefficient extends DatedRule {
  @Field(() => String, { description: 'Code of the tracer: TC99M_MDP.' })
  readonly tracerCode: string;

  @Field(() => Float, { description: 'In mSv for each MBq.' })
  readonly msvPerMbq: number;
}

@ObjectType({
  description: 'By when a regulator is told, and who counts as a child, from a day on. Never rewritten.',
})
export class IncidentPolicy extends DatedRule {
  @Field(() => Int, { description: 'Calendar days from the assessment that finds it notifiable.' })
  readonly notifyDays: number;

  @Field(() => Int, { description: 'Days from one reminder to the next while nobody was told.' })
  readonly remindDays: number;

  @Field(() => Int, { description: 'Below this age, in completed years, somebody counts as a child.' })
  readonly childBelowYears: number;
}

const dated = (row: { readonly effectiveFrom: Date; readonly setAt: Date }) => ({
  effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
  setAt: instantFromDate(row.setAt),
});

export function toThreshold(row: IncidentThresholdRow): IncidentThreshold {
  return {
    ...row,
    ...dated(row),
    intendedFromMsv: row.intendedFromMsv?.toNumber() ?? null,
    intendedUntilMsv: row.intendedUntilMsv?.toNumber() ?? null,
    adultMsv: row.adultMsv?.toNumber() ?? null,
    childMsv: row.childMsv?.toNumber() ?? null,
    factor: row.factor?.toNumber() ?? null,
    doseMgy: row.doseMgy?.toNumber() ?? null,
  };
}

export function toCoefficient(row: DoseCoefficientRow): DoseCoefficient {
  return { ...row, ...dated(row), msvPerMbq: row.msvPerMbq.toNumber() };
}

export function toPolicy(row: IncidentPolicyRow): IncidentPolicy {
  return { ...row, ...dated(row) };
}
