import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { EntitlementReviewMatter } from './duty-letter.type.js';
import { isToReview, reviewDueOn } from './duty-review.rules.js';
import { reviewFacts } from './duty-review.service.js';
import { LicencePolicyService } from './licence-policy.service.js';

/** What the clinic is told, read afresh when the notice is written. */
@Injectable()
export class DutyLetterService {
  constructor(@Inject(LicencePolicyService) private readonly policies: Pick<LicencePolicyService, 'today'>) {}

  /** Null: there is no such reminder or a newer one, or nothing is to be seen to any more. */
  async reviewMatter(
    client: Pick<Tx, 'entitlement' | 'entitlementReminder'>,
    entitlementId: string,
    number: number,
  ): Promise<EntitlementReviewMatter | null> {
    const last = await client.entitlementReminder.findFirst({
      where: { entitlementId },
      orderBy: { number: 'desc' },
    });
    if (last?.number !== number) return null;
    const facts = await reviewFacts(client, entitlementId);
    if (!isToReview(facts, this.policies.today())) return null;
    return { entitlementId, dueOn: reviewDueOn(facts.entitlement) };
  }
}
