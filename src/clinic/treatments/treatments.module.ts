import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { OutcomesModule } from '../outcomes/outcomes.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { ComplicationService } from './complication.service.js';
import { PatientTreatmentsResolver, VisitTreatmentsResolver } from './patient-treatments.resolver.js';
import { PatientTreatmentsMergeService } from './patient-treatments-merge.service.js';
import { SafetyPauseService } from './safety-pause.service.js';
import { SteroidDoseService } from './steroid-dose.service.js';
import { TreatmentResolver } from './treatment.resolver.js';
import { TreatmentService } from './treatment.service.js';
import { TreatmentAccessService } from './treatment-access.service.js';
import { TreatmentBookingService } from './treatment-booking.service.js';
import { TreatmentConsentService } from './treatment-consent.service.js';
import { TreatmentDutyService } from './treatment-duty.service.js';
import { TreatmentEligibilityService } from './treatment-eligibility.service.js';
import { TreatmentEvidence } from './treatment-evidence.service.js';
import { TreatmentFactsService } from './treatment-facts.service.js';
import { TreatmentGivenService } from './treatment-given.service.js';
import { TreatmentGivenWritingService } from './treatment-given-writing.service.js';
import { TreatmentGroundService } from './treatment-ground.service.js';
import { TREATMENT_NAMES_RESOLVERS } from './treatment-names.resolver.js';
import { TreatmentPlanService } from './treatment-plan.service.js';
import { TreatmentPlanGroundService } from './treatment-plan-ground.service.js';
import { TreatmentPolicyResolver } from './treatment-policy.resolver.js';
import { TreatmentPolicyService } from './treatment-policy.service.js';
import { TreatmentRecordService } from './treatment-record.service.js';
import { TreatmentRequestService } from './treatment-request.service.js';
import { TreatmentRetentionService } from './treatment-retention.service.js';
import { TreatmentStartService } from './treatment-start.service.js';
import { TreatmentTargetService } from './treatment-target.service.js';
import { TreatmentVisitService } from './treatment-visit.service.js';
import { TreatmentWorkResolver } from './treatment-work.resolver.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    PatientsModule,
    RecordRegistersModule,
    ReferralsModule,
    ConsentModule,
    VisitsModule,
    EntitlementsModule,
    OutcomesModule,
  ],
  providers: [
    TreatmentRetentionService,
    TreatmentAccessService,
    PatientTreatmentsMergeService,
    TreatmentEvidence,
    TreatmentPolicyService,
    TreatmentPolicyResolver,
    TreatmentRecordService,
    TreatmentTargetService,
    TreatmentGroundService,
    TreatmentRequestService,
    TreatmentBookingService,
    TreatmentVisitService,
    TreatmentService,
    SteroidDoseService,
    TreatmentFactsService,
    TreatmentEligibilityService,
    TreatmentDutyService,
    TreatmentPlanGroundService,
    TreatmentPlanService,
    TreatmentConsentService,
    SafetyPauseService,
    TreatmentStartService,
    TreatmentGivenWritingService,
    TreatmentGivenService,
    ComplicationService,
    TreatmentResolver,
    TreatmentWorkResolver,
    PatientTreatmentsResolver,
    VisitTreatmentsResolver,
    ...TREATMENT_NAMES_RESOLVERS,
  ],
  exports: [TreatmentService, TreatmentEvidence],
})
export class TreatmentsModule {}
