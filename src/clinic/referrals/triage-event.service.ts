import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { TriageEvent as TriageEventRow } from '../../platform/database/generated/client.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ReferralRecordService } from './referral-record.service.js';
import type { TriageEvent } from './triage-event.type.js';

/** What happened to referrals beside their moves, as it is read. */
@Injectable()
export class TriageEventService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** The events of each of these referrals, the first first. The look is recorded. */
  async eventsOf(
    actor: Actor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly TriageEvent[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.triageEvent.findMany({
        where: { referralId: { in: [...referralIds] } },
        orderBy: [{ at: 'asc' }, { id: 'asc' }],
      });
      await this.audit.record(tx, actor, {
        action: 'triage-events.viewed',
        subjectType: 'referral',
        patientIds: await this.records.patientIdsOf(tx, referralIds),
        after: { referralIds },
      });
      const ofReferral = (id: string) =>
        rows.filter(({ referralId }) => referralId === id).map(toTriageEvent);
      return new Map(referralIds.map((id) => [id, ofReferral(id)]));
    });
  }
}

function toTriageEvent({ referralId: _referralId, ...row }: TriageEventRow): TriageEvent {
  return {
    ...row,
    at: instantFromDate(row.at),
    fromDueOn: dayOf(row.fromDueOn),
    toDueOn: dayOf(row.toDueOn),
    happenedOn: dayOf(row.happenedOn),
  };
}

function dayOf(date: Date | null): string | null {
  return date === null ? null : plainDateFromDate(date).toString();
}
