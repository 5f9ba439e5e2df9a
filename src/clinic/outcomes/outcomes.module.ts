import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { InstrumentService } from './instrument.service.js';
import { InstrumentWordingResolver } from './instrument-wording.resolver.js';
import { InstrumentWordingService } from './instrument-wording.service.js';
import { OutcomeService } from './outcome.service.js';
import { OutcomeAccessService } from './outcome-access.service.js';
import { OUTCOME_NAMES_RESOLVERS } from './outcome-names.resolver.js';
import { OutcomeRetentionService } from './outcome-retention.service.js';
import { PatientOutcomesResolver } from './patient-outcomes.resolver.js';
import { PatientOutcomesMergeService } from './patient-outcomes-merge.service.js';
import { RiskTaskJobs } from './risk-task.jobs.js';
import { RiskTaskResolver } from './risk-task.resolver.js';
import { RiskTaskService } from './risk-task.service.js';
import { RiskTaskAlarmService } from './risk-task-alarm.service.js';
import { RiskTaskLetterService } from './risk-task-letter.service.js';
import { RiskTaskPolicyResolver } from './risk-task-policy.resolver.js';
import { RiskTaskPolicyService } from './risk-task-policy.service.js';
import { RiskTaskRecordService } from './risk-task-record.service.js';
import { ScoreResolver } from './score.resolver.js';
import { ScoreService } from './score.service.js';
import { ScoreChangeService } from './score-change.service.js';
import { ScoreFollowers } from './score-followers.service.js';
import { ScoreRecordService } from './score-record.service.js';

@Module({
  imports: [AuditModule, AuthModule, PatientsModule, RecordRegistersModule, VisitsModule],
  providers: [
    OutcomeRetentionService,
    OutcomeAccessService,
    PatientOutcomesMergeService,
    InstrumentService,
    InstrumentWordingService,
    ScoreRecordService,
    ScoreChangeService,
    ScoreFollowers,
    RiskTaskPolicyService,
    RiskTaskRecordService,
    RiskTaskAlarmService,
    RiskTaskService,
    RiskTaskLetterService,
    RiskTaskJobs,
    OutcomeService,
    ScoreService,
    ScoreResolver,
    RiskTaskResolver,
    RiskTaskPolicyResolver,
    InstrumentWordingResolver,
    PatientOutcomesResolver,
    ...OUTCOME_NAMES_RESOLVERS,
  ],
  exports: [OutcomeService, ScoreFollowers, RiskTaskRecordService, RiskTaskLetterService],
})
export class OutcomesModule {}
