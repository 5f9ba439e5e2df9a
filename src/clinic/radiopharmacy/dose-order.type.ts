import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsInt, IsOptional, IsString, IsUUID, Matches, MaxLength, Min } from 'class-validator';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import {
  DoseOrderAlreadySent,
  DoseOrderChanged,
  DoseOrderCutOffPassed,
  DoseOrderNotSent,
  DoseOrderUnchanged,
  DoseWeightMissing,
  NothingToOrder,
} from './dose-order.refusals.js';
import { actionsOf, DoseOrderAction, SheetChange } from './dose-order.rules.js';
import { isAfter } from './planned-dose.rules.js';
import { PlannedDose } from './planned-dose.type.js';
import { LINE_CHARACTERS_MAX, READABLE, SOME_TEXT, SOURCE_CHARACTERS_MAX } from './source-text.rules.js';

const SITE = /^[A-Z][A-Z0-9_]{0,39}$/;

export const WITH_VERSIONS = {
  versions: {
    orderBy: { version: 'asc' },
    include: {
      lines: {
        orderBy: [{ injectionAt: 'asc' }, { id: 'asc' }],
        include: { plannedDose: { select: { reference: true } } },
      },
    },
  },
} as const satisfies Prisma.DoseOrderInclude;
export type DoseOrderRow = Prisma.DoseOrderGetPayload<{ include: typeof WITH_VERSIONS }>;

registerEnumType(DoseOrderStatus, {
  name: 'DoseOrderStatus',
  description: 'What a supplier knows of an order.',
  valuesMap: {
    DRAFT: { description: 'Nothing yet: it follows the diary.' },
    SENT: { description: 'It has the first sheet.' },
    AMENDED: { description: 'It has a later sheet, which stands in place of the ones before.' },
    CANCELLED: { description: 'It was told to deliver nothing. It may be sent anew.' },
  },
});

registerEnumType(DoseOrderAction, {
  name: 'DoseOrderAction',
  description: 'What can be done with an order.',
  valuesMap: {
    SEND: { description: 'sendDoseOrder' },
    AMEND: { description: 'amendDoseOrder' },
    CANCEL: { description: 'cancelDoseOrder' },
  },
});

registerEnumType(SheetChange, {
  name: 'SheetChange',
  description: 'A dose beside what the supplier was told of it.',
  valuesMap: {
    SAME: { description: 'The supplier knows it as it is.' },
    ADDED: { description: 'The supplier does not know it yet.' },
    CHANGED: { description: 'The supplier knows it with another activity, time or tracer.' },
  },
});

@ObjectType({ description: 'One dose on a sheet as it went to the supplier.' })
export class DoseOrderLine {
  @Field(() => ID, { description: 'Id of the line.' })
  readonly id: string;

  @Field(() => ID, { description: 'Id of the planned dose.' })
  readonly plannedDoseId: string;

  @Field(() => String, { description: 'By which the supplier knows it.' })
  readonly reference: string;

  @Field(() => ID, { description: 'Code of the tracer.' })
  readonly tracerCode: string;

  @Field(() => Instant, { description: 'When it was to be injected.' })
  readonly injectionAt: Temporal.Instant;

  @Field(() => Float, { description: 'Activity to be given, in MBq at the time of the injection.' })
  readonly plannedActivityMbq: number;

  @Field(() => Instant, { description: 'When it is delivered.' })
  readonly deliversAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Time for which the activity is stated.' })
  readonly calibratedAt: Temporal.Instant;

  @Field(() => Float, { description: 'Activity that was ordered, in MBq at calibratedAt.' })
  readonly activityAtCalibrationMbq: number;

  @Field(() => Float, { description: 'Half-life that it was computed with, in hours.' })
  readonly halfLifeHours: number;
}

@ObjectType({ description: 'One sheet as it went to the supplier. Never changed.' })
export class DoseOrderVersion {
  @Field(() => Int, { description: 'From 1.' })
  readonly version: number;

  @Field(() => DoseOrderStatus, { description: 'What it told the supplier.' })
  readonly status: DoseOrderStatus;

  @Field(() => Instant, { description: 'When it went out.' })
  readonly sentAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that sent it.' })
  readonly sentById: string;

  @Field(() => String, {
    nullable: true,
    description: 'After the cut-off: who at the supplier agreed to it.',
  })
  readonly agreedWith: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was changed or cancelled.' })
  readonly comment: string | null;

  @Field(() => [DoseOrderLine], { description: 'Its doses, by time.' })
  readonly lines: readonly DoseOrderLine[];
}

@ObjectType({ description: 'What a site orders from a supplier for one day.' })
export class DoseOrder {
  @Field(() => ID, { description: 'Id of the order.' })
  readonly id: string;

  @Field(() => ID, { description: 'Id of the supplier.' })
  readonly supplierId: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => LocalDate, { description: 'Day of the delivery and the injections.' })
  readonly heldOn: string;

  @Field(() => DoseOrderStatus, { description: 'What the supplier knows of it.' })
  readonly status: DoseOrderStatus;

  @Field(() => Int, { description: 'Version of the sheet that the supplier has; 0: none.' })
  readonly version: number;

  @Field(() => Instant, {
    nullable: true,
    description:
      'Until when the sheet can be changed, or a draft can be sent; null: nothing is wanted and none was sent.',
  })
  readonly cutOffAt: Temporal.Instant | null;

  @Field(() => Boolean, {
    description: 'The cut-off has passed, as of now. Of a draft: nothing was ordered in time.',
  })
  readonly isCutOffPassed: boolean;

  @Field(() => [DoseOrderAction], { description: 'What can be done with it as it stands.' })
  readonly allowedActions: readonly DoseOrderAction[];

  @Field(() => [DoseOrderVersion], { description: 'Every sheet that went out, the first first.' })
  readonly versions: readonly DoseOrderVersion[];
}

@ObjectType({ description: 'A dose of a sheet as it would go out now.' })
export class DoseSheetLine {
  @Field(() => PlannedDose, { description: 'The planned dose.' })
  readonly dose: PlannedDose;

  @Field(() => SheetChange, { description: 'The dose beside what the supplier was told of it.' })
  readonly change: SheetChange;
}

@ObjectType({ description: 'The order of a day as it would go out now, beside what the supplier has.' })
export class DoseOrderSheet {
  @Field(() => ID, { description: 'Id of the supplier.' })
  readonly supplierId: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => LocalDate, { description: 'Day of the delivery and the injections.' })
  readonly heldOn: string;

  @Field(() => DoseOrder, {
    nullable: true,
    description: 'The order; null: no dose was ever wanted for that day.',
  })
  readonly order: DoseOrder | null;

  @Field(() => [DoseSheetLine], { description: 'What is wanted now, by time.' })
  readonly lines: readonly DoseSheetLine[];

  @Field(() => [DoseOrderLine], { description: 'What the supplier has and nobody wants any more.' })
  readonly dropped: readonly DoseOrderLine[];

  @Field(() => Instant, {
    nullable: true,
    description: 'Until when it can be sent or changed; null: nothing is wanted.',
  })
  readonly cutOffAt: Temporal.Instant | null;

  @Field(() => Boolean, {
    description: 'The cut-off has passed: the supplier has to agree to whatever is sent.',
  })
  readonly isCutOffPassed: boolean;

  @Field(() => Boolean, {
    description: 'The supplier has what is wanted now, or nothing is wanted and it has nothing.',
  })
  readonly isUpToDate: boolean;

  @Field(() => Int, { description: 'How many doses of the day count as wasted.' })
  readonly wastedCount: number;

  @Field(() => String, {
    description: 'The sheet as text, as it would go out now. Says nothing of any patient.',
  })
  readonly text: string;
}

@InputType({ isAbstract: true })
abstract class OrderOfDayInput {
  @Field(() => ID, { description: 'Id of the supplier.' })
  @IsUUID()
  supplierId: string;

  @Field(() => String, { description: 'Code of the site.' })
  @IsString()
  @Matches(SITE, { message: '$property: must look like MAIN' })
  siteCode: string;

  @Field(() => LocalDate, { description: 'Day of the delivery and the injections.' })
  @IsString()
  heldOn: string;

  @Field(() => String, {
    nullable: true,
    description: `After the cut-off: who at the supplier agreed to it, at most ${LINE_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  agreedWith?: string | null;
}

@InputType({ description: 'The order of a day, to be sent.' })
export class SendDoseOrderInput extends OrderOfDayInput {}

@InputType({ description: 'An order that the supplier has, to be changed into what is wanted now.' })
export class AmendDoseOrderInput extends OrderOfDayInput {
  @Field(() => Int, { description: 'Version of the sheet that the supplier has, as it was looked at.' })
  @IsInt()
  @Min(1)
  version: number;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'After the cut-off: the supplier takes back what is not wanted any more, so that nothing counts as wasted.',
  })
  @IsBoolean()
  takesBack: boolean = false;

  @Field(() => String, {
    nullable: true,
    description: `Why, at most ${SOURCE_CHARACTERS_MAX} characters. Nobody’s name.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  comment?: string | null;
}

@InputType({ description: 'An order that the supplier has, to be cancelled as a whole.' })
export class CancelDoseOrderInput extends OrderOfDayInput {
  @Field(() => Int, { description: 'Version of the sheet that the supplier has, as it was looked at.' })
  @IsInt()
  @Min(1)
  version: number;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'After the cut-off: the supplier takes the doses back, so that nothing counts as wasted. Wanted with agreedWith.',
  })
  @IsBoolean()
  takesBack: boolean = false;

  @Field(() => String, { description: `Why, at most ${SOURCE_CHARACTERS_MAX} characters. Nobody’s name.` })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  reason: string;
}

export const SendDoseOrderResult = resultUnion(
  'SendDoseOrderResult',
  DoseOrder,
  [NothingToOrder, DoseOrderAlreadySent, DoseOrderCutOffPassed, DoseWeightMissing],
  'The order, or why nothing was sent.',
);

export const AmendDoseOrderResult = resultUnion(
  'AmendDoseOrderResult',
  DoseOrder,
  [
    NothingToOrder,
    DoseOrderNotSent,
    DoseOrderChanged,
    DoseOrderUnchanged,
    DoseOrderCutOffPassed,
    DoseWeightMissing,
  ],
  'The order, or why nothing was changed.',
);

export const CancelDoseOrderResult = resultUnion(
  'CancelDoseOrderResult',
  DoseOrder,
  [DoseOrderNotSent, DoseOrderChanged],
  'The order, or why nothing was changed.',
);

/** `wantedCutOffAt`: the earliest cut-off of what is wanted for the day, for an order of which no sheet went out. */
export function toDoseOrder(
  row: DoseOrderRow,
  { now, wantedCutOffAt }: { readonly now: Temporal.Instant; readonly wantedCutOffAt: Date | null },
): DoseOrder {
  const cutOff = row.cutOffAt ?? wantedCutOffAt;
  const cutOffAt = cutOff === null ? null : instantFromDate(cutOff);
  return {
    ...row,
    heldOn: plainDateFromDate(row.heldOn).toString(),
    cutOffAt,
    isCutOffPassed: isAfter(now, cutOffAt),
    allowedActions: actionsOf(row.status),
    versions: row.versions.map((version) => ({
      ...version,
      sentAt: instantFromDate(version.sentAt),
      lines: version.lines.map(({ plannedDose, ...line }) => ({
        ...line,
        reference: plannedDose.reference,
        injectionAt: instantFromDate(line.injectionAt),
        deliversAt: instantFromDate(line.deliversAt),
        calibratedAt: instantFromDate(line.calibratedAt),
      })),
    })),
  };
}
