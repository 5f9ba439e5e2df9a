import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { instantFromDate, localDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type VerdictsByVisit,
} from '../gates/gate-sources.service.js';
import { evaluated, type ReportStanding, reportAcknowledged } from './report-gate.rules.js';
import { isOverdue } from './report-policy.rules.js';

const FACTS = {
  id: true,
  status: true,
  report: {
    select: {
      status: true,
      version: true,
      versions: { select: { number: true, signedById: true, signedByName: true, signedAt: true } },
      acknowledgements: { orderBy: { versionNumber: 'desc' }, take: 1 },
    },
  },
} as const satisfies Prisma.ScanBookingSelect;
type FactsRow = Prisma.ScanBookingGetPayload<{ select: typeof FACTS }>;

/** The two gates after a scan: that it was evaluated, and that whoever asked has the result. */
@Injectable()
export class ReportGatesService implements GateGroup {
  readonly stages = {
    EVALUATED: [GateStage.AFTERWARDS],
    REPORT_ACKNOWLEDGED: [GateStage.AFTERWARDS],
  } as const;

  constructor(
    @Inject(GateSources) sources: GateSources,
    @Inject(Config) private readonly config: Config,
  ) {
    sources.registerGroup(this);
  }

  /** One look at the scans and what hangs on them, however many there are. */
  async judge(tx: Tx, { subjects, at }: GateQuestion): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const ids = subjects.map(({ visitId }) => visitId);
    const rows = await tx.scanBooking.findMany({ where: { id: { in: ids } }, select: FACTS });
    const today = localDate(at, this.config.clinicTimeZone);
    const standings = rows.map((row) => [row.id, toStanding(row, today)] as const);
    return new Map([
      [GateCode.EVALUATED, new Map(standings.map(([id, standing]) => [id, evaluated(standing)]))],
      [
        GateCode.REPORT_ACKNOWLEDGED,
        new Map(standings.map(([id, standing]) => [id, reportAcknowledged(standing)])),
      ],
    ]);
  }
}

function toStanding({ status, report }: FactsRow, today: Temporal.PlainDate): ReportStanding {
  const signed = report?.versions.find(({ number }) => number === report.version);
  const [task] = report?.acknowledgements ?? [];
  return {
    scanStatus: status,
    reportStatus: report?.status ?? null,
    signedById: signed?.signedById ?? null,
    signedByName: signed?.signedByName ?? null,
    signedAt: signed === undefined ? null : instantFromDate(signed.signedAt),
    task:
      task === undefined
        ? null
        : {
            status: task.status,
            isOverdue: task.status === 'OPEN' && isOverdue(plainDateFromDate(task.dueOn), today),
            acknowledgedBy: task.acknowledgedBy,
            acknowledgedAt: task.acknowledgedAt === null ? null : instantFromDate(task.acknowledgedAt),
            closedAt: task.closedAt === null ? null : instantFromDate(task.closedAt),
          },
  };
}
