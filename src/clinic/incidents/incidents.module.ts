import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DocumentSubjectsModule } from '../documents/document-subjects.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { IncidentJobs } from './incident.jobs.js';
import { IncidentResolver } from './incident.resolver.js';
import { IncidentService } from './incident.service.js';
import { IncidentAccessService } from './incident-access.service.js';
import { IncidentAssessmentService } from './incident-assessment.service.js';
import { IncidentDocumentsService } from './incident-documents.service.js';
import { IncidentExtractService } from './incident-extract.service.js';
import { IncidentIdentityService } from './incident-identity.service.js';
import { IncidentLetterService } from './incident-letter.service.js';
import { INCIDENT_NAMES_RESOLVERS } from './incident-names.resolver.js';
import { IncidentPeopleResolver } from './incident-people.resolver.js';
import { IncidentPeopleService } from './incident-people.service.js';
import { IncidentRecordService } from './incident-record.service.js';
import { IncidentReportService } from './incident-report.service.js';
import { IncidentRetentionService } from './incident-retention.service.js';
import { IncidentRuleResolver } from './incident-rule.resolver.js';
import { IncidentRuleService } from './incident-rule.service.js';
import { IncidentWatchService } from './incident-watch.service.js';
import { PatientIncidentsMergeService } from './patient-incidents-merge.service.js';

@Module({
  imports: [AuthModule, PatientsModule, RecordRegistersModule, DocumentSubjectsModule, VisitsModule],
  providers: [
    IncidentReportService,
    IncidentService,
    IncidentAssessmentService,
    IncidentIdentityService,
    IncidentExtractService,
    IncidentRecordService,
    IncidentRuleService,
    IncidentWatchService,
    IncidentLetterService,
    IncidentDocumentsService,
    IncidentAccessService,
    IncidentRetentionService,
    PatientIncidentsMergeService,
    IncidentPeopleService,
    IncidentResolver,
    IncidentPeopleResolver,
    ...INCIDENT_NAMES_RESOLVERS,
    IncidentRuleResolver,
    IncidentJobs,
  ],
  exports: [IncidentReportService, IncidentService, IncidentLetterService],
})
export class IncidentsModule {}
