import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ConsentResolver } from './consent.resolver.js';
import { ConsentService } from './consent.service.js';
import { ConsentAccessService } from './consent-access.service.js';
import { ConsentCarryService } from './consent-carry.service.js';
import { ConsentConfirmationResolver } from './consent-confirmation.resolver.js';
import { ConsentConfirmationService } from './consent-confirmation.service.js';
import { ConsentCoverageService } from './consent-coverage.service.js';
import { ConsentDependents } from './consent-dependents.service.js';
import { ConsentEntryService } from './consent-entry.service.js';
import { ConsentGroundService } from './consent-ground.service.js';
import { ConsentLookService } from './consent-look.service.js';
import { ConsentPolicyResolver } from './consent-policy.resolver.js';
import { ConsentPolicyService } from './consent-policy.service.js';
import { ConsentProposalResolver } from './consent-proposal.resolver.js';
import { ConsentProposalService } from './consent-proposal.service.js';
import { ConsentRecordService } from './consent-record.service.js';
import { ConsentReportResolver } from './consent-report.resolver.js';
import { ConsentRetentionService } from './consent-retention.service.js';
import { ConsentStandingService } from './consent-standing.service.js';
import { ConsentTimelineService } from './consent-timeline.service.js';
import { ConsentVisits } from './consent-visits.service.js';
import { ConsentWordingService } from './consent-wording.service.js';
import { PatientConsentMergeService } from './patient-consent-merge.service.js';

@Module({
  imports: [PatientsModule, RecordRegistersModule],
  providers: [
    ConsentDependents,
    ConsentVisits,
    ConsentGroundService,
    ConsentRecordService,
    ConsentStandingService,
    ConsentEntryService,
    ConsentLookService,
    ConsentService,
    ConsentConfirmationService,
    ConsentTimelineService,
    ConsentCoverageService,
    ConsentCarryService,
    ConsentWordingService,
    ConsentProposalService,
    ConsentPolicyService,
    ConsentRetentionService,
    ConsentAccessService,
    PatientConsentMergeService,
    ConsentResolver,
    ConsentConfirmationResolver,
    ConsentReportResolver,
    ConsentProposalResolver,
    ConsentPolicyResolver,
  ],
  exports: [ConsentDependents, ConsentVisits, ConsentService, ConsentCarryService, ConsentWordingService],
})
export class ConsentModule {}
