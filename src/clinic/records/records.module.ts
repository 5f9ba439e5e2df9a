import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { ComplaintLetterService } from './complaint-letter.service.js';
import { DataComplaintResolver } from './data-complaint.resolver.js';
import { DataComplaintService } from './data-complaint.service.js';
import { DestructionService } from './destruction.service.js';
import { DestructionListingService } from './destruction-listing.service.js';
import { DestructionRecordService } from './destruction-record.service.js';
import { DestructionRunJobs } from './destruction-run.jobs.js';
import { DestructionRunResolver } from './destruction-run.resolver.js';
import { DestructionRunService } from './destruction-run.service.js';
import { LegalHoldResolver } from './legal-hold.resolver.js';
import { LegalHoldService } from './legal-hold.service.js';
import { OwnPartService } from './own-part.service.js';
import { PatientAddendaResolver } from './patient-addenda.resolver.js';
import { PatientDeathService } from './patient-death.service.js';
import { PatientRecordsMergeService } from './patient-records-merge.service.js';
import { RectificationResolver } from './rectification.resolver.js';
import { RectificationService } from './rectification.service.js';
import { RecordRegistersModule } from './registers.module.js';
import { RetentionResolver } from './retention.resolver.js';
import { RetentionJudgeService } from './retention-judge.service.js';
import { RetentionRuleService } from './retention-rule.service.js';
import { SubjectAccessController } from './subject-access.controller.js';
import { SubjectAccessJobs } from './subject-access.jobs.js';
import { SubjectAccessResolver } from './subject-access.resolver.js';
import { SubjectAccessCopyService } from './subject-access-copy.service.js';
import { SubjectAccessDownloadService } from './subject-access-download.service.js';
import { SubjectAccessHandoverService } from './subject-access-handover.service.js';
import { SubjectAccessRecordService } from './subject-access-record.service.js';
import { SubjectAccessRequestService } from './subject-access-request.service.js';
import { WholeRecordService } from './whole-record.service.js';

@Module({
  imports: [AuthModule, PatientsModule, RecordRegistersModule],
  controllers: [SubjectAccessController],
  providers: [
    RetentionRuleService,
    LegalHoldService,
    PatientDeathService,
    RetentionJudgeService,
    WholeRecordService,
    OwnPartService,
    DestructionRecordService,
    DestructionRunService,
    DestructionListingService,
    DestructionService,
    DestructionRunJobs,
    SubjectAccessRecordService,
    SubjectAccessRequestService,
    SubjectAccessCopyService,
    SubjectAccessHandoverService,
    SubjectAccessDownloadService,
    SubjectAccessJobs,
    DataComplaintService,
    ComplaintLetterService,
    RectificationService,
    RetentionResolver,
    LegalHoldResolver,
    DestructionRunResolver,
    SubjectAccessResolver,
    DataComplaintResolver,
    RectificationResolver,
    PatientAddendaResolver,
    PatientRecordsMergeService,
  ],
  exports: [RecordRegistersModule, RectificationService, ComplaintLetterService],
})
export class RecordsModule {}
