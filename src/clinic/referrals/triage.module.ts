import type { Provider } from '@nestjs/common';
import { AdviceResolver } from './advice.resolver.js';
import { AdviceService } from './advice.service.js';
import { AdviceConversionService } from './advice-conversion.service.js';
import { AdviceEntryService } from './advice-entry.service.js';
import { AdviceEscalationService } from './advice-escalation.service.js';
import { AdviceLetterService } from './advice-letter.service.js';
import { AdvicePeopleResolver } from './advice-people.resolver.js';
import { AdviceRecordService } from './advice-record.service.js';
import { AdviceReferralResolver } from './advice-referral.resolver.js';
import { DuplicateReferralService } from './duplicate-referral.service.js';
import { ReferralClockResolver } from './referral-clock.resolver.js';
import { ReferralClockService } from './referral-clock.service.js';
import { ReferralMergeResolver } from './referral-merge.resolver.js';
import { ReferralMergeService } from './referral-merge.service.js';
import { ReferralMergeRecordService } from './referral-merge-record.service.js';
import { TriageJobs } from './triage.jobs.js';
import { TriageResolver } from './triage.resolver.js';
import { TriageClaimResolver } from './triage-claim.resolver.js';
import { TriageClaimService } from './triage-claim.service.js';
import { TriageDueService } from './triage-due.service.js';
import { TriageEscalationService } from './triage-escalation.service.js';
import { TriageEventService } from './triage-event.service.js';
import { TriageLogService } from './triage-log.service.js';
import { TriagePolicyResolver } from './triage-policy.resolver.js';
import { TriagePolicyService } from './triage-policy.service.js';
import { TriageQueueService } from './triage-queue.service.js';

/** What waits to be decided, and the questions for advice: parts of the referrals' module. */
export const TRIAGE_PARTS: readonly Provider[] = [
  TriagePolicyService,
  TriagePolicyResolver,
  TriageDueService,
  TriageLogService,
  TriageEventService,
  TriageQueueService,
  TriageResolver,
  TriageClaimService,
  TriageClaimResolver,
  TriageEscalationService,
  TriageJobs,
  DuplicateReferralService,
  ReferralMergeService,
  ReferralMergeRecordService,
  ReferralMergeResolver,
  ReferralClockService,
  ReferralClockResolver,
  AdviceEntryService,
  AdviceRecordService,
  AdviceService,
  AdviceConversionService,
  AdviceEscalationService,
  AdviceLetterService,
  AdviceResolver,
  AdvicePeopleResolver,
  AdviceReferralResolver,
];
