import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { type ReferralArrival, ReferralArrivals } from '../referrals/referral-arrivals.service.js';
import type { RedFlagQuestionsDiffer } from './red-flag.refusals.js';
import type { RecordReferralRedFlagsInput, RedFlagAsking, RedFlagsRecorded } from './red-flag.type.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';

/** Dangerous signs of those who come by a letter: its words are looked at as it comes, and they can be asked. */
@Injectable()
export class ReferralRedFlagService implements ReferralArrival {
  readonly room = 'enquiries';

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(RedFlagAskingService) private readonly askings: RedFlagAskingService,
    @Inject(ReferralArrivals) arrivals: ReferralArrivals,
  ) {
    arrivals.register(this);
  }

  async received(tx: Tx, actor: Actor, { id: referralId, clinicalQuestion }: Referral): Promise<void> {
    await this.askings.lookAtText(tx, actor, { referralId }, clinicalQuestion);
  }

  /** Answers to all questions, as a letter gives them or the patient did when asked. Throws NOT_FOUND. */
  async recordReferralRedFlags(
    actor: StaffActor,
    { referralId, redFlags }: RecordReferralRedFlagsInput,
  ): Promise<RedFlagsRecorded | RedFlagQuestionsDiffer> {
    return this.database.transaction(async (tx) => {
      const { patientId } = await this.referrals.mustHaveReferral(tx, referralId, { hold: true });
      const recorded = await this.askings.recordOfReferral(tx, actor, referralId, redFlags);
      if (!('asking' in recorded)) return recorded;
      await this.audit.record(tx, actor, {
        action: 'referral.red-flags-asked',
        subjectType: 'referral',
        subjectId: referralId,
        patientIds: [patientId],
        after: { askingId: recorded.asking.id, version: redFlags.version },
      });
      return recorded;
    });
  }

  /** What was asked about these referrals, the latest first. The look is recorded where there is something. */
  async askingsOf(
    actor: StaffActor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RedFlagAsking[]>> {
    return this.database.transaction(async (tx) => {
      const askings = await this.askings.ofReferrals(tx, referralIds);
      const shown = [...askings].filter(([, own]) => own.length > 0);
      if (shown.length > 0) {
        const referrals = await this.referrals.byIds(
          tx,
          shown.map(([id]) => id),
        );
        await this.audit.record(tx, actor, {
          action: 'red-flags.viewed',
          subjectType: 'red-flag-asking',
          patientIds: [...new Set([...referrals.values()].map(({ patientId }) => patientId))],
          after: { askingIds: shown.flatMap(([, own]) => own.map(({ id }) => id)) },
        });
      }
      return askings;
    });
  }
}
