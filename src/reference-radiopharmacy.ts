import { v7 as newId } from 'uuid';
import type { Tx } from './platform/database/database.service.js';
import type { Prisma } from './platform/database/generated/client.js';
import { dateFromInstant, dateFromPlainDate, Temporal } from './platform/time/index.js';

interface PaediatricSeed {
  readonly belowAgeYears: number;
  readonly baselineMbq: number;
  readonly minimumMbq: number;
  readonly source: string;
  readonly multiples: readonly { readonly weightKg: number; readonly multiple: number }[];
}

type ProtocolSeed = Omit<
  Prisma.DoseProtocolCreateManyInput,
  'id' | 'effectiveFrom' | 'drlDatedOn' | 'setAt' | 'setById'
> & {
  readonly effectiveFrom: string;
  readonly drlDatedOn: string;
  readonly paediatric: PaediatricSeed;
};

interface SupplierSeed {
  readonly code: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly terms: {
    readonly effectiveFrom: string;
    readonly cutOffTime: string;
    readonly workingDaysBefore: number;
    readonly weekdays: number[];
    readonly deliversOnHolidays: boolean;
    readonly deliveries: readonly { readonly deliversAt: string; readonly calibratedAt: string }[];
    readonly chargesWasted: boolean;
    readonly shortfallPercentMax: number;
    readonly labelTolerancePercent: number;
    readonly source: string;
  };
  readonly supplies: readonly Record<'siteCode' | 'tracerCode' | 'effectiveFrom' | 'reason', string>[];
}

export interface RadiopharmacyData {
  readonly radionuclides: readonly (Prisma.RadionuclideCreateManyInput & {
    readonly halfLife: {
      readonly version: number;
      readonly effectiveFrom: string;
      readonly halfLifeHours: number;
      readonly source: string;
    };
  })[];
  readonly tracers: readonly Prisma.TracerCreateManyInput[];
  readonly doseProtocols: readonly ProtocolSeed[];
  readonly doseSuppliers: readonly SupplierSeed[];
}

/** Rows of a seed are as old as their first day: they came with the system, and nobody set them. */
function setOn(day: string): { readonly effectiveFrom: Date; readonly setAt: Date } {
  const effectiveFrom = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { effectiveFrom, setAt: effectiveFrom };
}

function timeColumn(time: string): Date {
  return dateFromInstant(Temporal.Instant.from(`1970-01-01T${time}:00Z`));
}

/** Half-lives, tracers, dose protocols and a supplier to begin with. What is there already stays as it is. */
export async function loadRadiopharmacy(tx: Tx, data: RadiopharmacyData): Promise<void> {
  for (const { halfLife, ...radionuclide } of data.radionuclides) {
    const { count } = await tx.radionuclide.createMany({ data: [radionuclide], skipDuplicates: true });
    if (count === 0) continue;
    const { effectiveFrom, ...rest } = halfLife;
    await tx.radionuclideHalfLife.create({
      data: { radionuclideSymbol: radionuclide.symbol, ...rest, ...setOn(effectiveFrom) },
    });
  }
  await tx.tracer.createMany({ data: [...data.tracers], skipDuplicates: true });
  for (const protocol of data.doseProtocols) await loadProtocol(tx, protocol);
  for (const supplier of data.doseSuppliers) await loadSupplier(tx, supplier);
}

async function loadProtocol(tx: Tx, seed: ProtocolSeed): Promise<void> {
  const { effectiveFrom, drlDatedOn, paediatric, ...columns } = seed;
  const id = newId();
  const { count } = await tx.doseProtocol.createMany({
    data: [
      {
        id,
        ...columns,
        ...setOn(effectiveFrom),
        drlDatedOn: dateFromPlainDate(Temporal.PlainDate.from(drlDatedOn)),
        paediatricBelowAgeYears: paediatric.belowAgeYears,
        paediatricBaselineMbq: paediatric.baselineMbq,
        paediatricMinimumMbq: paediatric.minimumMbq,
        paediatricSource: paediatric.source,
      },
    ],
    skipDuplicates: true,
  });
  if (count === 0) return;
  await tx.paediatricMultiple.createMany({
    data: paediatric.multiples.map((line) => ({ protocolId: id, ...line })),
  });
}

/** A supplier that is there already keeps its own terms, and sites keep whom they have. */
async function loadSupplier(tx: Tx, { terms, supplies, ...supplier }: SupplierSeed): Promise<void> {
  const id = newId();
  const { count } = await tx.doseSupplier.createMany({ data: [{ id, ...supplier }], skipDuplicates: true });
  if (count === 0) return;
  const { effectiveFrom, cutOffTime, deliveries, ...rest } = terms;
  await tx.supplierTerms.create({
    data: {
      supplierId: id,
      ...rest,
      ...setOn(effectiveFrom),
      cutOffTime: timeColumn(cutOffTime),
      deliveries: {
        create: deliveries.map(({ deliversAt, calibratedAt }) => ({
          deliversAt: timeColumn(deliversAt),
          calibratedAt: timeColumn(calibratedAt),
        })),
      },
    },
    select: { id: true },
  });
  await tx.doseSupply.createMany({
    data: supplies.map((supply) => ({ ...supply, ...setOn(supply.effectiveFrom), supplierId: id })),
    skipDuplicates: true,
  });
}
