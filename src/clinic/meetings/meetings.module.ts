import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { NotesModule } from '../notes/notes.module.js';
import { OutcomesModule } from '../outcomes/outcomes.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { ResponsesModule } from '../responses/responses.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { CaseExhibitService } from './case-exhibit.service.js';
import { CaseGroundService } from './case-ground.service.js';
import { CaseNotesService } from './case-notes.service.js';
import { CaseOutcomes } from './case-outcomes.service.js';
import { CasePeopleService } from './case-people.service.js';
import { CasePreparationService } from './case-preparation.service.js';
import { CaseProposalResolver } from './case-proposal.resolver.js';
import { CaseProposalService } from './case-proposal.service.js';
import { CaseRecordService } from './case-record.service.js';
import { CaseSuggestionService } from './case-suggestion.service.js';
import { MeetingJobs } from './meeting.jobs.js';
import { MeetingResolver } from './meeting.resolver.js';
import { MeetingService } from './meeting.service.js';
import { MeetingAbsenceService } from './meeting-absence.service.js';
import { MeetingAccessService } from './meeting-access.service.js';
import { MeetingCaseResolver } from './meeting-case.resolver.js';
import { MeetingCaseService } from './meeting-case.service.js';
import { MEETING_FIELDS_RESOLVERS } from './meeting-fields.resolver.js';
import { MeetingLetterService } from './meeting-letter.service.js';
import { MeetingPlanningService } from './meeting-planning.service.js';
import { MeetingRecordService } from './meeting-record.service.js';
import { MeetingRetentionService } from './meeting-retention.service.js';
import { MeetingSeriesResolver } from './meeting-series.resolver.js';
import { MeetingSeriesService } from './meeting-series.service.js';
import { MeetingTellingService } from './meeting-telling.service.js';
import { PatientMeetingsMergeService } from './patient-meetings-merge.service.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    PatientsModule,
    RecordRegistersModule,
    DocumentsModule,
    ReferralsModule,
    VisitsModule,
    ReportsModule,
    OutcomesModule,
    ResponsesModule,
    NotesModule,
  ],
  providers: [
    CaseExhibitService,
    CaseGroundService,
    CaseNotesService,
    CaseOutcomes,
    CasePeopleService,
    CasePreparationService,
    CaseProposalResolver,
    CaseProposalService,
    CaseRecordService,
    CaseSuggestionService,
    MeetingAbsenceService,
    MeetingAccessService,
    MeetingCaseResolver,
    MeetingCaseService,
    MeetingJobs,
    MeetingLetterService,
    MeetingPlanningService,
    MeetingRecordService,
    MeetingResolver,
    MeetingRetentionService,
    MeetingSeriesResolver,
    MeetingSeriesService,
    MeetingService,
    MeetingTellingService,
    PatientMeetingsMergeService,
    ...MEETING_FIELDS_RESOLVERS,
  ],
  exports: [CaseOutcomes, CaseRecordService, CaseProposalService, MeetingCaseService, MeetingLetterService],
})
export class MeetingsModule {}
