import { readFileSync } from 'node:fs';
import type { INestApplicationContext } from '@nestjs/common';
import type { UnattendedActor } from './clinic/audit/audit.type.js';
import { ConsentWordingService } from './clinic/consent/consent-wording.service.js';
import {
  type NewQuestionnaire,
  RedFlagQuestionnaireService,
} from './clinic/enquiries/red-flag-questionnaire.service.js';
import { BankHolidayService } from './clinic/scheduling/bank-holiday.service.js';
import { Database, type Tx } from './platform/database/database.service.js';
import type { Prisma } from './platform/database/generated/client.js';
import type { ConsentPurpose } from './platform/database/generated/enums.js';
import { Clock, dateFromPlainDate, Temporal } from './platform/time/index.js';
import { loadRadiopharmacy, type RadiopharmacyData } from './reference-radiopharmacy.js';

/** Past years for history, coming ones so that the diary never runs past what is known. */
const BANK_HOLIDAY_YEARS_BACK = 1;
const BANK_HOLIDAY_YEARS_AHEAD = 3;

export const SETUP_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'set-up',
  requestId: null,
  source: null,
};

interface ReferenceData extends RadiopharmacyData {
  readonly imagingProtocols: readonly Record<
    'code' | 'name' | 'procedureDescription' | 'source' | 'effectiveFrom',
    string
  >[];
  readonly leadTimePolicies: readonly {
    readonly visitType: string;
    readonly earliestDays: number;
    readonly targetDays: number;
    readonly breachDays: number;
    readonly latestDays: number;
    readonly effectiveFrom: string;
    readonly reason: string;
  }[];
  readonly visitTypes: readonly VisitTypeSeed[];
  readonly cancelReasons: readonly Prisma.CancelReasonCreateManyInput[];
  readonly redFlagQuestionnaires: readonly (Omit<NewQuestionnaire, 'effectiveFrom'> & {
    readonly effectiveFrom: string;
  })[];
  readonly consentWordings: readonly {
    readonly purpose: ConsentPurpose;
    readonly version: string;
    readonly locale: string;
    readonly effectiveFrom: string;
    readonly text: string;
  }[];
}

type VisitTypeSeed = Omit<Prisma.VisitTypeCreateManyInput, 'retiredOn'> & {
  readonly protocol: {
    readonly effectiveFrom: string;
    readonly startStepMinutes: number;
    readonly source: string;
    readonly steps: readonly (Omit<
      Prisma.VisitProtocolStepUncheckedCreateWithoutProtocolInput,
      'position' | 'needs'
    > & {
      readonly needs: Prisma.VisitStepNeedUncheckedCreateWithoutStepInput[];
    })[];
  };
};

export function readSeed<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../prisma/seed/${name}.json`, import.meta.url), 'utf8')) as T;
}

function toDateColumn(localDate: string): Date {
  return dateFromPlainDate(Temporal.PlainDate.from(localDate));
}

/**
 * What every clinic needs before its first day: protocols, lead times, wordings, bank holidays. Rows that are there
 * stay as they are, so a clinic's own newer rows are never overwritten. Safe at every start and from two processes.
 */
export async function loadReferenceData(app: INestApplicationContext): Promise<void> {
  const data = readSeed<ReferenceData>('reference');
  const holidays = app.get(BankHolidayService);
  const year = app.get(Clock).now().toZonedDateTimeISO('UTC').year;
  await app.get(Database).transaction(async (tx) => {
    await tx.imagingProtocol.createMany({
      data: data.imagingProtocols.map((row) => ({ ...row, effectiveFrom: toDateColumn(row.effectiveFrom) })),
      skipDuplicates: true,
    });
    await tx.leadTimePolicy.createMany({
      data: data.leadTimePolicies.map((row) => ({ ...row, effectiveFrom: toDateColumn(row.effectiveFrom) })),
      skipDuplicates: true,
    });
    await loadVisitTypes(tx, data.visitTypes);
    await loadRadiopharmacy(tx, data);
    await tx.cancelReason.createMany({ data: [...data.cancelReasons], skipDuplicates: true });
    await holidays.refreshBankHolidays(tx, year - BANK_HOLIDAY_YEARS_BACK, year + BANK_HOLIDAY_YEARS_AHEAD);
  });
  const wordings = app.get(ConsentWordingService);
  for (const wording of data.consentWordings) {
    const effectiveFrom = Temporal.Instant.from(wording.effectiveFrom);
    await wordings.publishWording(SETUP_ACTOR, { ...wording, effectiveFrom });
  }
  const questionnaires = app.get(RedFlagQuestionnaireService);
  for (const questionnaire of data.redFlagQuestionnaires) {
    const effectiveFrom = Temporal.Instant.from(questionnaire.effectiveFrom);
    await questionnaires.publish(SETUP_ACTOR, { ...questionnaire, effectiveFrom });
  }
}

/** A kind of visit that is there already keeps its own protocols. */
async function loadVisitTypes(tx: Tx, seeds: readonly VisitTypeSeed[]): Promise<void> {
  for (const { protocol, ...visitType } of seeds) {
    const { count } = await tx.visitType.createMany({ data: [visitType], skipDuplicates: true });
    if (count === 0) continue;
    await tx.visitProtocol.create({
      data: {
        visitTypeCode: visitType.code,
        effectiveFrom: toDateColumn(protocol.effectiveFrom),
        startStepMinutes: protocol.startStepMinutes,
        source: protocol.source,
        steps: {
          create: protocol.steps.map(({ needs, ...step }, position) => ({
            ...step,
            position,
            needs: { create: needs },
          })),
        },
      },
      select: { id: true },
    });
  }
}
