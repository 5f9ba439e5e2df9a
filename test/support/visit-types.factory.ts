import type { Database } from '../../src/platform/database/database.service.js';
import type { Prisma } from '../../src/platform/database/generated/client.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';

export interface StepWish {
  readonly name?: string;
  readonly durationMinutes?: number;
  readonly wait?: readonly [number, number, number];
  readonly patientPresent?: boolean;
  readonly needs: readonly (Partial<Prisma.VisitStepNeedUncheckedCreateWithoutStepInput> & {
    readonly role: string;
    readonly kind: ResourceKind;
  })[];
}

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

/** A kind of visit with its protocol and its lead times, all in force since 2020. */
export async function makeVisitType(
  database: Database,
  code: string,
  steps: readonly StepWish[],
  wish: {
    readonly type?: Partial<Prisma.VisitTypeUncheckedCreateInput>;
    readonly policy?: Partial<Prisma.LeadTimePolicyUncheckedCreateInput>;
    readonly startStepMinutes?: number;
  } = {},
): Promise<void> {
  const { client } = database;
  await client.visitType.create({
    data: {
      code,
      name: `Kind ${code}`,
      modality: 'IN_PERSON',
      needsReferral: false,
      isPublic: true,
      holdMinutes: 15,
      movesMax: 2,
      lateChangeHours: 24,
      ...wish.type,
    },
  });
  await makeProtocol(database, code, steps, '2020-01-01', wish.startStepMinutes);
  await client.leadTimePolicy.create({
    data: {
      visitType: code,
      earliestDays: 1,
      targetDays: 14,
      breachDays: 21,
      latestDays: 84,
      effectiveFrom: SINCE,
      reason: 'for a test',
      ...wish.policy,
    },
  });
}

/** How a kind of visit is carried out from a day on. */
export async function makeProtocol(
  database: Database,
  visitTypeCode: string,
  steps: readonly StepWish[],
  effectiveFrom: string,
  startStepMinutes = 15,
): Promise<void> {
  await database.client.visitProtocol.create({
    data: {
      visitTypeCode,
      effectiveFrom: dateFromPlainDate(Temporal.PlainDate.from(effectiveFrom)),
      startStepMinutes,
      source: 'for a test',
      steps: {
        create: steps.map(({ wait, needs, ...step }, position) => ({
          position,
          name: step.name ?? `Step ${position}`,
          durationMinutes: step.durationMinutes ?? 45,
          patientPresent: step.patientPresent ?? true,
          waitMinutesMin: wait?.[0] ?? 0,
          waitMinutesTarget: wait?.[1] ?? 0,
          waitMinutesMax: wait?.[2] ?? 0,
          needs: { create: needs.map((need) => ({ ...need })) },
        })),
      },
    },
  });
}
