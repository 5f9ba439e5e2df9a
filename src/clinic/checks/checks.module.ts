import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { BreastFeedingEnquiryService } from './breast-feeding-enquiry.service.js';
import { BreastFeedingPolicyService } from './breast-feeding-policy.service.js';
import { CheckResolver } from './check.resolver.js';
import { CheckService } from './check.service.js';
import { CheckAccessService } from './check-access.service.js';
import { CheckAskingService } from './check-asking.service.js';
import { CheckDecisionService } from './check-decision.service.js';
import { CheckEntryService } from './check-entry.service.js';
import { CheckLetterService } from './check-letter.service.js';
import { CHECK_PEOPLE_RESOLVERS } from './check-people.resolver.js';
import { CheckPolicyResolver } from './check-policy.resolver.js';
import { CheckRecordService } from './check-record.service.js';
import { CheckRetentionService } from './check-retention.service.js';
import { DatedRowService } from './dated-row.service.js';
import { IdentityCheckService } from './identity-check.service.js';
import { PatientChecksMergeService } from './patient-checks-merge.service.js';
import { PregnancyEnquiryService } from './pregnancy-enquiry.service.js';
import { PregnancyPolicyService } from './pregnancy-policy.service.js';
import { SafetyCheckService } from './safety-check.service.js';
import { SafetyTemplateService } from './safety-template.service.js';
import { TableLimitService } from './table-limit.service.js';

@Module({
  imports: [AuthModule, PatientsModule, RecordRegistersModule, VisitsModule, EntitlementsModule],
  providers: [
    CheckRetentionService,
    CheckAccessService,
    PatientChecksMergeService,
    DatedRowService,
    PregnancyPolicyService,
    BreastFeedingPolicyService,
    SafetyTemplateService,
    TableLimitService,
    CheckService,
    CheckLetterService,
    CheckEntryService,
    CheckAskingService,
    CheckRecordService,
    CheckDecisionService,
    IdentityCheckService,
    PregnancyEnquiryService,
    BreastFeedingEnquiryService,
    SafetyCheckService,
    CheckResolver,
    CheckPolicyResolver,
    ...CHECK_PEOPLE_RESOLVERS,
  ],
  exports: [CheckService, CheckLetterService],
})
export class ChecksModule {}
