import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Prisma } from '../../platform/database/generated/client.js';
import { WastedDoseReason } from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';

export const WITH_LINE = {
  order: { select: { supplierId: true, siteCode: true, heldOn: true } },
  line: { select: { tracerCode: true, plannedDose: { select: { reference: true, visitId: true } } } },
} as const satisfies Prisma.WastedDoseInclude;
export type WastedDoseRow = Prisma.WastedDoseGetPayload<{ include: typeof WITH_LINE }>;

registerEnumType(WastedDoseReason, {
  name: 'WastedDoseReason',
  description: 'Why a dose that was ordered is of no use.',
  valuesMap: {
    MOVED: { description: 'Its visit takes place at another time, on another day or with another tracer.' },
    NOT_WANTED: { description: 'Its visit was cancelled or missed.' },
    ORDER_CANCELLED: { description: 'The whole order was cancelled after the cut-off.' },
  },
});

@ObjectType({
  description:
    'A dose that was ordered and that nobody can use: it could not be taken back before the cut-off.',
})
export class WastedDose {
  @Field(() => ID, { description: 'Id of the entry.' })
  readonly id: string;

  @Field(() => ID, { description: 'Id of the order.' })
  readonly orderId: string;

  @Field(() => ID, { description: 'Id of the supplier.' })
  readonly supplierId: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => LocalDate, { description: 'Day for which it was ordered.' })
  readonly heldOn: string;

  @Field(() => String, { description: 'By which the supplier knows it.' })
  readonly reference: string;

  @Field(() => ID, { description: 'Id of the visit that it was for.' })
  readonly visitId: string;

  @Field(() => ID, { description: 'Code of the tracer.' })
  readonly tracerCode: string;

  @Field(() => Float, {
    description: 'Activity that was ordered, in MBq at the supplier’s time of calibration.',
  })
  readonly activityMbq: number;

  @Field(() => WastedDoseReason, { description: 'Why it is of no use.' })
  readonly reason: WastedDoseReason;

  @Field(() => Boolean, { description: 'It is paid for all the same, by the terms of the day.' })
  readonly isChargeable: boolean;

  @Field(() => Instant, { description: 'When it was counted.' })
  readonly countedAt: Temporal.Instant;
}

@ObjectType({ description: 'Doses that were wasted between two days, and how many.' })
export class WastedDoseReport {
  @Field(() => Int, { description: 'How many.' })
  readonly count: number;

  @Field(() => Int, { description: 'How many of them are paid for all the same.' })
  readonly chargeableCount: number;

  @Field(() => Float, {
    description: 'What was ordered of them, in MBq at the suppliers’ times of calibration.',
  })
  readonly activityMbq: number;

  @Field(() => [WastedDose], { description: 'Each of them, by day.' })
  readonly doses: readonly WastedDose[];
}

export function toWastedDose({ order, line, ...row }: WastedDoseRow): WastedDose {
  return {
    ...row,
    ...order,
    heldOn: plainDateFromDate(order.heldOn).toString(),
    tracerCode: line.tracerCode,
    reference: line.plannedDose.reference,
    visitId: line.plannedDose.visitId,
    countedAt: instantFromDate(row.countedAt),
  };
}
