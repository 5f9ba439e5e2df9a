import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DoseBasis, PlannedDoseStatus } from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { CONFLICT_WORDS, DoseConflict, type DoseFacts } from './planned-dose.rules.js';
import { HalfLifeVersion, Tracer, toHalfLifeVersion, toTracer } from './radionuclide.type.js';

export const WITH_TRACER = {
  tracer: true,
  halfLife: true,
  visit: { select: { patientId: true } },
} as const satisfies Prisma.PlannedDoseInclude;
export type PlannedDoseRow = Prisma.PlannedDoseGetPayload<{ include: typeof WITH_TRACER }>;

registerEnumType(PlannedDoseStatus, {
  name: 'PlannedDoseStatus',
  description: 'Whether a dose is wanted.',
  valuesMap: {
    WANTED: { description: 'The visit stands.' },
    NOT_WANTED: { description: 'The visit was cancelled, missed, or takes no tracer any more.' },
  },
});

registerEnumType(DoseBasis, {
  name: 'DoseBasis',
  description: 'What a planned activity rests on.',
  valuesMap: {
    ADULT: { description: 'The protocol, for a grown person.' },
    PAEDIATRIC_CARD: { description: 'The dosage card for children and the weight.' },
    WEIGHT_MISSING: {
      description: 'The least of the card for children: the weight is not known. Not to be ordered.',
    },
    DECIDED: { description: 'What the practitioner decided for this patient.' },
  },
});

registerEnumType(DoseConflict, {
  name: 'DoseConflict',
  description: 'What stands between a planned dose and its injection.',
  valuesMap: {
    WEIGHT_MISSING: { description: CONFLICT_WORDS.WEIGHT_MISSING },
    NO_SUPPLIER: { description: CONFLICT_WORDS.NO_SUPPLIER },
    NO_DELIVERY: { description: CONFLICT_WORDS.NO_DELIVERY },
    ORDER_TO_AMEND: { description: CONFLICT_WORDS.ORDER_TO_AMEND },
    CUT_OFF_PASSED: { description: CONFLICT_WORDS.CUT_OFF_PASSED },
    DOSE_WASTED: { description: CONFLICT_WORDS.DOSE_WASTED },
  },
});

@ObjectType({
  description: 'What one visit needs, computed from its protocol and its times. It follows the visit.',
})
export class PlannedDose {
  @Field(() => ID, { description: 'Id of the planned dose.' })
  readonly id: string;

  @Field(() => String, { description: 'By which the supplier knows it. Says nothing of the patient.' })
  readonly reference: string;

  @Field(() => ID, { description: 'Id of the visit.' })
  readonly visitId: string;

  @Field(() => ID, { description: 'Code of the procedure.' })
  readonly procedureCode: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => ID, { description: 'Id of the dose protocol that it was computed by.' })
  readonly protocolId: string;

  @Field(() => Tracer, { description: 'What is given.' })
  readonly tracer: Tracer;

  @Field(() => HalfLifeVersion, { description: 'The half-life that it was computed with.' })
  readonly halfLife: HalfLifeVersion;

  @Field(() => PlannedDoseStatus, { description: 'Whether it is wanted.' })
  readonly status: PlannedDoseStatus;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;

  @Field(() => LocalDate, { description: 'Day of the injection.' })
  readonly heldOn: string;

  @Field(() => Instant, { description: 'When it is to be injected.' })
  readonly injectionAt: Temporal.Instant;

  @Field(() => DoseBasis, { description: 'What the planned activity rests on.' })
  readonly basis: DoseBasis;

  @Field(() => Float, {
    nullable: true,
    description: 'Weight of the patient in kg, as known; null: not known.',
  })
  readonly weightKg: number | null;

  @Field(() => Int, { nullable: true, description: 'Whole years on the day of the injection.' })
  readonly ageYears: number | null;

  @Field(() => Float, { description: 'Activity to be given, in MBq at the time of the injection.' })
  readonly plannedActivityMbq: number;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the supplier; null: nobody supplies the tracer to the site.',
  })
  readonly supplierId: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When it is delivered; null: no delivery comes in time.',
  })
  readonly deliversAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'Time for which the supplier states activities.' })
  readonly calibratedAt: Temporal.Instant | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Activity to order: in MBq at calibratedAt, so that the planned activity is there at injectionAt.',
  })
  readonly activityAtCalibrationMbq: number | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'Until when it can be ordered, amended and cancelled.',
  })
  readonly cutOffAt: Temporal.Instant | null;

  @Field(() => [DoseConflict], { description: 'What stands in its way now; nothing: an empty list.' })
  readonly conflicts: readonly DoseConflict[];

  @Field(() => String, {
    nullable: true,
    description: 'The same in sentences that say what to do; null: nothing.',
  })
  readonly conflictText: string | null;

  @Field(() => Instant, { description: 'When it was computed last.' })
  readonly changedAt: Temporal.Instant;
}

/** What the rules judge by. */
export function toDoseFacts(row: PlannedDoseRow, isDrawn: boolean): DoseFacts {
  return {
    status: row.status,
    basis: row.basis,
    siteCode: row.siteCode,
    tracerCode: row.tracerCode,
    injectionAt: instantFromDate(row.injectionAt),
    plannedActivityMbq: row.plannedActivityMbq,
    supplierId: row.supplierId,
    termsId: row.termsId,
    deliversAt: row.deliversAt === null ? null : instantFromDate(row.deliversAt),
    cutOffAt: row.cutOffAt === null ? null : instantFromDate(row.cutOffAt),
    isDrawn,
  };
}

export function toPlannedDose(
  row: PlannedDoseRow,
  conflicts: readonly DoseConflict[],
  conflictText: string | null,
): PlannedDose {
  const { visit: _visit, ...rest } = row;
  const instant = (at: Date | null) => (at === null ? null : instantFromDate(at));
  return {
    ...rest,
    tracer: toTracer(row.tracer),
    halfLife: toHalfLifeVersion(row.halfLife),
    heldOn: plainDateFromDate(row.heldOn).toString(),
    injectionAt: instantFromDate(row.injectionAt),
    deliversAt: instant(row.deliversAt),
    calibratedAt: instant(row.calibratedAt),
    cutOffAt: instant(row.cutOffAt),
    changedAt: instantFromDate(row.changedAt),
    conflicts,
    conflictText,
  };
}
