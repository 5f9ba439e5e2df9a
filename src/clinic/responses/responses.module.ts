import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { OutcomesModule } from '../outcomes/outcomes.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { TreatmentsModule } from '../treatments/treatments.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { DiaryService } from './diary.service.js';
import { DiaryEntryService } from './diary-entry.service.js';
import { DiaryFollowingService } from './diary-following.service.js';
import { DiaryLetterService } from './diary-letter.service.js';
import { DiaryOpeningService } from './diary-opening.service.js';
import { DiaryPolicyResolver } from './diary-policy.resolver.js';
import { DiaryPolicyService } from './diary-policy.service.js';
import { DiaryRecordService } from './diary-record.service.js';
import { DiaryReminderService } from './diary-reminder.service.js';
import { LearningResolver } from './learning.resolver.js';
import { LearningService } from './learning.service.js';
import { OpeningGroundService } from './opening-ground.service.js';
import { PainSourceService } from './pain-source.service.js';
import { PatientResponsesMergeService } from './patient-responses-merge.service.js';
import { ProposalResolver } from './proposal.resolver.js';
import { ProposalService } from './proposal.service.js';
import { ResponseJobs } from './response.jobs.js';
import { ResponseResolver, TreatmentDiaryResolver } from './response.resolver.js';
import { ResponseService } from './response.service.js';
import { ResponseEvidenceService } from './response-evidence.service.js';
import { ResponseJudgingService } from './response-judging.service.js';
import { RESPONSE_NAMES_RESOLVERS } from './response-names.resolver.js';
import { ResponsePartService } from './response-part.service.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    PatientsModule,
    RecordRegistersModule,
    ReferralsModule,
    VisitsModule,
    OutcomesModule,
    TreatmentsModule,
  ],
  providers: [
    ResponsePartService,
    PatientResponsesMergeService,
    DiaryPolicyService,
    DiaryPolicyResolver,
    OpeningGroundService,
    DiaryRecordService,
    ResponseJudgingService,
    DiaryEntryService,
    DiaryOpeningService,
    DiaryFollowingService,
    DiaryReminderService,
    DiaryLetterService,
    DiaryService,
    ResponseEvidenceService,
    ProposalService,
    ProposalResolver,
    PainSourceService,
    LearningService,
    LearningResolver,
    ResponseService,
    ResponseJobs,
    ResponseResolver,
    TreatmentDiaryResolver,
    ...RESPONSE_NAMES_RESOLVERS,
  ],
  exports: [ResponseService, DiaryLetterService],
})
export class ResponsesModule {}
