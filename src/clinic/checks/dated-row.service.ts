import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CheckPolicyInThePast } from './check.refusals.js';
import { someText } from './check-text.rules.js';

/** What every row that holds from a day on has. */
export interface RowHead {
  readonly effectiveFrom: Date;
  readonly source: string;
  readonly setAt: Date;
  readonly setById: string;
}

/** What all of the room's dated rows have in common when they are set. */
@Injectable()
export class DatedRowService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** From today or a later day on. */
  head(actor: StaffActor, effectiveFrom: string, source: string): RowHead | CheckPolicyInThePast {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(effectiveFrom);
    const today = localDate(now, this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(from, today) < 0) return new CheckPolicyInThePast();
    return {
      effectiveFrom: dateFromPlainDate(from),
      source: someText(source),
      setAt: dateFromInstant(now),
      setById: actor.id,
    };
  }

  async record(tx: Tx, actor: StaffActor, subjectType: string, row: { readonly id: string }): Promise<void> {
    await this.audit.record(tx, actor, {
      action: `${subjectType}.set`,
      subjectType,
      subjectId: row.id,
      after: row,
    });
  }
}

/** A row as the rules want it, with itself beside. */
export function datedOf<Row extends { readonly effectiveFrom: string }>(row: Row) {
  return { row, effectiveFrom: Temporal.PlainDate.from(row.effectiveFrom) };
}
