import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChecksModule } from '../checks/checks.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { GatesModule } from '../gates/gates.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RadiopharmacyModule } from '../radiopharmacy/radiopharmacy.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { VettingModule } from '../vetting/vetting.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { PatientScansResolver } from './patient-scans.resolver.js';
import { PatientScansMergeService } from './patient-scans-merge.service.js';
import { PerformedStepDoor } from './performed-step.dicom.js';
import { PerformedStepWatch } from './performed-step.jobs.js';
import { PerformedStepResolver } from './performed-step.resolver.js';
import { PerformedStepService } from './performed-step.service.js';
import { PerformedStepAttachmentService } from './performed-step-attachment.service.js';
import { PerformedStepMatchService } from './performed-step-match.service.js';
import { PerformedStepRecordService } from './performed-step-record.service.js';
import { PerformedStepRetentionService } from './performed-step-retention.service.js';
import { ScanAccessService } from './scan-access.service.js';
import { ScanBookingResolver } from './scan-booking.resolver.js';
import { ScanBookingService } from './scan-booking.service.js';
import { ScanChangeService } from './scan-change.service.js';
import { ScanClosingResolver } from './scan-closing.resolver.js';
import { ScanClosingService } from './scan-closing.service.js';
import { ScanCompanionService } from './scan-companion.service.js';
import { ScanConsentService } from './scan-consent.service.js';
import { ScanDoseJobs } from './scan-dose.jobs.js';
import { ScanDoseService } from './scan-dose.service.js';
import { ScanDoseFollowService } from './scan-dose-follow.service.js';
import { ScanExposureService } from './scan-exposure.service.js';
import { ScanFactsService } from './scan-facts.service.js';
import { ScanFollowService } from './scan-follow.service.js';
import { ScanGateResolver } from './scan-gate.resolver.js';
import { ScanGateService } from './scan-gate.service.js';
import { ScanInjectionService } from './scan-injection.service.js';
import { ScanJudgeService } from './scan-judge.service.js';
import { ScanOfferService } from './scan-offer.service.js';
import { ScanPeopleResolver } from './scan-people.resolver.js';
import { ScanPeopleService } from './scan-people.service.js';
import { ScanProgressService } from './scan-progress.service.js';
import { ScanRecordService } from './scan-record.service.js';
import { ScanRetentionService } from './scan-retention.service.js';
import { DayScanResolver, ScanVisitResolver, VisitScanResolver } from './scan-visit.resolver.js';
import { ScanVisitService } from './scan-visit.service.js';
import { ScanWishService } from './scan-wish.service.js';
import { ScannerDoor, ScannerServices } from './scanner.dicom.js';
import { ScannerResolver } from './scanner.resolver.js';
import { ScannerService } from './scanner.service.js';
import { ScannerHealthResolver } from './scanner-health.resolver.js';
import { ScannerHealthService } from './scanner-health.service.js';
import { ScannerProbe } from './scanner-probe.dicom.js';
import { ScannerProbeService } from './scanner-probe.service.js';
import { ScannerSetupService } from './scanner-setup.service.js';
import { ScannerTraffic } from './scanner-traffic.dicom.js';
import { ScannerTrafficService } from './scanner-traffic.service.js';
import { WorklistReconciler } from './worklist.jobs.js';
import { WorklistService } from './worklist.service.js';
import { WorklistExplanationResolver } from './worklist-explanation.resolver.js';
import { WorklistExplanationService } from './worklist-explanation.service.js';
import { WorklistMirror } from './worklist-mirror.service.js';
import { WorklistStandingService } from './worklist-standing.service.js';
import { WorklistWindow } from './worklist-view.dicom.js';

@Module({
  imports: [
    AuditModule,
    PatientsModule,
    ReferralsModule,
    ConsentModule,
    SchedulingModule,
    VisitsModule,
    VettingModule,
    RadiopharmacyModule,
    ChecksModule,
    GatesModule,
    RecordRegistersModule,
  ],
  providers: [
    ScanRetentionService,
    PerformedStepRetentionService,
    ScanAccessService,
    ScanBookingService,
    ScanOfferService,
    ScanRecordService,
    ScanFactsService,
    ScanWishService,
    ScanVisitService,
    ScanCompanionService,
    ScanJudgeService,
    ScanFollowService,
    ScanDoseService,
    ScanDoseFollowService,
    ScanDoseJobs,
    ScanGateService,
    ScanInjectionService,
    ScanConsentService,
    ScanExposureService,
    ScanChangeService,
    ScanPeopleService,
    ScanProgressService,
    ScanClosingService,
    PerformedStepService,
    PerformedStepMatchService,
    PerformedStepRecordService,
    PerformedStepAttachmentService,
    PerformedStepDoor,
    PerformedStepWatch,
    ScannerService,
    ScannerSetupService,
    WorklistService,
    WorklistReconciler,
    WorklistStandingService,
    WorklistMirror,
    WorklistWindow,
    ScannerTrafficService,
    ScannerTraffic,
    ScannerProbeService,
    ScannerHealthService,
    WorklistExplanationService,
    ScannerProbe,
    ScannerServices,
    ScannerDoor,
    ScanBookingResolver,
    ScanGateResolver,
    ScanClosingResolver,
    PerformedStepResolver,
    ScanPeopleResolver,
    PatientScansResolver,
    PatientScansMergeService,
    ScanVisitResolver,
    VisitScanResolver,
    DayScanResolver,
    ScannerResolver,
    ScannerHealthResolver,
    WorklistExplanationResolver,
  ],
  exports: [
    ScanBookingService,
    ScanRecordService,
    ScanGateService,
    ScanInjectionService,
    ScanConsentService,
    WorklistService,
    ScannerService,
    ScannerSetupService,
    ScannerDoor,
    ScannerHealthService,
    WorklistReconciler,
    PerformedStepWatch,
  ],
})
export class ImagingModule {}
