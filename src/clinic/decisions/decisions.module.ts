import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { TreatmentsModule } from '../treatments/treatments.module.js';
import { VettingModule } from '../vetting/vetting.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { DecisionJobs } from './decision.jobs.js';
import { DecisionResolver } from './decision.resolver.js';
import { DecisionService } from './decision.service.js';
import { DecisionAccessService } from './decision-access.service.js';
import { DecisionActionResolver } from './decision-action.resolver.js';
import { DecisionActionService } from './decision-action.service.js';
import { DecisionActionEntryService } from './decision-action-entry.service.js';
import { DecisionActionRecordService } from './decision-action-record.service.js';
import { DecisionAddendumService } from './decision-addendum.service.js';
import { DecisionDraftService } from './decision-draft.service.js';
import { DECISION_FIELDS_RESOLVERS } from './decision-fields.resolver.js';
import { DecisionGroundService } from './decision-ground.service.js';
import { DecisionLetterResolver } from './decision-letter.resolver.js';
import { DecisionLetterService } from './decision-letter.service.js';
import { DecisionMakerService } from './decision-maker.service.js';
import { DecisionMatterService } from './decision-matter.service.js';
import { DecisionOutcomeService } from './decision-outcome.service.js';
import { DecisionPolicyResolver } from './decision-policy.resolver.js';
import { DecisionPolicyService } from './decision-policy.service.js';
import { DecisionRecordService } from './decision-record.service.js';
import { DecisionReminderService } from './decision-reminder.service.js';
import { DecisionRetentionService } from './decision-retention.service.js';
import { DecisionSigningService } from './decision-signing.service.js';
import { DecisionStartService } from './decision-start.service.js';
import { PatientDecisionsMergeService } from './patient-decisions-merge.service.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    PatientsModule,
    RecordRegistersModule,
    ReferralsModule,
    VisitsModule,
    VettingModule,
    TreatmentsModule,
    MeetingsModule,
  ],
  providers: [
    DecisionAccessService,
    DecisionActionRecordService,
    DecisionAddendumService,
    DecisionDraftService,
    DecisionActionResolver,
    DecisionActionService,
    DecisionActionEntryService,
    DecisionGroundService,
    DecisionJobs,
    DecisionLetterResolver,
    DecisionLetterService,
    DecisionMakerService,
    DecisionMatterService,
    DecisionOutcomeService,
    DecisionPolicyResolver,
    DecisionPolicyService,
    DecisionRecordService,
    DecisionReminderService,
    DecisionResolver,
    DecisionRetentionService,
    DecisionService,
    DecisionSigningService,
    DecisionStartService,
    PatientDecisionsMergeService,
    ...DECISION_FIELDS_RESOLVERS,
  ],
  exports: [DecisionMatterService],
})
export class DecisionsModule {}
