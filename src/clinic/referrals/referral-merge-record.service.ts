import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { Referral } from './referral.type.js';
import { type MergedInto, mergedInto } from './referral-merge.queries.js';
import { ReferralRecordService } from './referral-record.service.js';

/** What was merged into a referral, as it is read. */
@Injectable()
export class ReferralMergeRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** The referrals that were merged into each of these, directly or through others. The look is recorded. */
  async mergedInto(
    actor: Actor,
    keptIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Referral[]>> {
    return this.database.transaction(async (tx) => {
      const found = await tx.$queryRaw<readonly MergedInto[]>(mergedInto(keptIds));
      const byId = await this.records.byIds(
        tx,
        found.map(({ mergedId }) => mergedId),
      );
      const shown = [...byId.values()];
      await this.audit.record(tx, actor, {
        action: 'referrals.viewed',
        subjectType: 'referral',
        patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
        after: { referralIds: shown.map(({ id }) => id) },
      });
      const ofKept = (id: string) =>
        found.flatMap(({ keptId, mergedId }) => (keptId === id ? (byId.get(mergedId) ?? []) : []));
      return new Map(keptIds.map((id) => [id, ofKept(id)]));
    });
  }
}
