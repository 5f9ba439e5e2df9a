import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { withinHoursOn } from './gate-exposure.rules.js';
import { GatePolicyAlreadySet, GatePolicyInThePast } from './gate-policy.refusals.js';
import {
  type ExposureIntervalPolicy,
  type SetExposureIntervalInput,
  toExposureInterval,
} from './gate-policy.type.js';

/** How far back other exposures are looked for; null: nobody has said. */
export type HoursOf = (procedureCode: string, on: Temporal.PlainDate) => number | null;

/** How far back other exposures are looked for, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class ExposurePolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by procedure and day, the past ones and those to come too. */
  async exposureIntervals(): Promise<readonly ExposureIntervalPolicy[]> {
    const rows = await this.database.client.exposureIntervalPolicy.findMany({
      orderBy: [{ procedureCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toExposureInterval);
  }

  /** For this room: the rows, read once for many bookings. */
  async reader(tx: Tx): Promise<HoursOf> {
    const rows = await tx.exposureIntervalPolicy.findMany({
      select: { procedureCode: true, withinHours: true, effectiveFrom: true },
    });
    const dated = rows.map((row) => ({ ...row, effectiveFrom: plainDateFromDate(row.effectiveFrom) }));
    return (procedureCode, on) => withinHoursOn(dated, procedureCode, on);
  }

  /** A new row, from today or a later day on. */
  async setExposureInterval(
    actor: StaffActor,
    { procedureCode, withinHours, effectiveFrom, source }: SetExposureIntervalInput,
  ): Promise<ExposureIntervalPolicy | GatePolicyAlreadySet | GatePolicyInThePast> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(effectiveFrom);
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0) {
      return new GatePolicyInThePast();
    }
    return this.database.transaction<ExposureIntervalPolicy, GatePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.exposureIntervalPolicy.create({
          data: {
            ...{ procedureCode, withinHours, source: source.normalize('NFC').trim() },
            effectiveFrom: dateFromPlainDate(from),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toExposureInterval(row);
        await this.audit.record(tx, actor, {
          action: 'exposure-interval.set',
          subjectType: 'exposure-interval-policy',
          subjectId: policy.id,
          after: policy,
        });
        return policy;
      },
      {
        onConstraint: {
          exposure_interval_policies_procedure_code_effective_from_key: () => new GatePolicyAlreadySet(),
        },
      },
    );
  }
}
