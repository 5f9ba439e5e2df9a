import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { localDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import { CheckService } from './check.service.js';
import type { VisitChecks } from './check.type.js';
import { CheckAskingService } from './check-asking.service.js';
import {
  type CheckRow,
  toBreastFeedingEnquiry,
  toIdentityCheck,
  toPregnancyEnquiry,
  toSafetyCheck,
  WITH_PARTS,
} from './check-row.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The checks of a visit as people look at them. */
@Injectable()
export class CheckRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(CheckAskingService) private readonly asking: CheckAskingService,
  ) {}

  /** How they stand on the visit's day, what is to be asked, and what was recorded. The look is recorded. Throws NOT_FOUND. */
  async visitChecks(actor: StaffActor, visitId: string): Promise<VisitChecks> {
    if (!UUID.test(visitId)) throw notFound('visit');
    return this.database.transaction(async (tx) => {
      const visit = await this.visits.read(tx, visitId);
      const on = localDate(visit.startsAt, this.config.clinicTimeZone);
      const shown = await this.#shown(tx, visit, on);
      await this.audit.record(tx, actor, {
        action: 'checks.viewed',
        subjectType: 'visit',
        subjectId: visit.id,
        patientIds: [visit.patientId],
      });
      return shown;
    });
  }

  async #shown(tx: Tx, visit: Visit, on: Temporal.PlainDate): Promise<VisitChecks> {
    const standing = (await this.checks.standingsOn(tx, [{ visitId: visit.id, on }])).get(visit.id);
    if (standing === undefined) throw new Error('a visit that was read has a standing');
    const rows = await tx.visitCheck.findMany({
      where: { visitId: visit.id },
      include: WITH_PARTS,
      orderBy: { id: 'asc' },
    });
    const { identity, pregnancy, breastFeeding, safety } = standing;
    return {
      ...{ visitId: visit.id, on: on.toString(), identity, pregnancy, breastFeeding, safety },
      ...(await this.asking.toAsk(tx, visit, on)),
      identityChecks: ofKind(rows, toIdentityCheck),
      pregnancyEnquiries: ofKind(rows, toPregnancyEnquiry),
      breastFeedingEnquiries: ofKind(rows, toBreastFeedingEnquiry),
      safetyChecks: ofKind(rows, toSafetyCheck),
    };
  }
}

function ofKind<Made>(rows: readonly CheckRow[], to: (row: CheckRow) => Made | null): readonly Made[] {
  return rows.flatMap((row) => to(row) ?? []);
}
