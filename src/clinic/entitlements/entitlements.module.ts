import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DocumentSubjectsModule } from '../documents/document-subjects.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { DutyJobs } from './duty.jobs.js';
import { DutyResolver } from './duty.resolver.js';
import { DutyService } from './duty.service.js';
import { DutyLetterService } from './duty-letter.service.js';
import { DutyReviewService } from './duty-review.service.js';
import { EntitlementService } from './entitlement.service.js';
import { EntitlementDocumentsService } from './entitlement-documents.service.js';
import { ENTITLEMENT_NAMES_RESOLVERS } from './entitlement-names.resolver.js';
import { EntitlementSubjectService } from './entitlement-subject.service.js';
import { LicenceJobs } from './licence.jobs.js';
import { LicenceResolver } from './licence.resolver.js';
import { LicenceService } from './licence.service.js';
import { LicenceLetterService } from './licence-letter.service.js';
import { LicencePolicyService } from './licence-policy.service.js';
import { LicenceRecordService } from './licence-record.service.js';
import { LicenceRenewalService } from './licence-renewal.service.js';

@Module({
  imports: [AuthModule, SchedulingModule, DocumentSubjectsModule],
  providers: [
    EntitlementService,
    EntitlementDocumentsService,
    EntitlementSubjectService,
    LicenceService,
    LicencePolicyService,
    LicenceRecordService,
    LicenceRenewalService,
    LicenceLetterService,
    LicenceResolver,
    LicenceJobs,
    DutyService,
    DutyReviewService,
    DutyLetterService,
    DutyResolver,
    DutyJobs,
    ...ENTITLEMENT_NAMES_RESOLVERS,
  ],
  exports: [EntitlementService, LicenceService, LicenceLetterService, DutyService, DutyLetterService],
})
export class EntitlementsModule {}
