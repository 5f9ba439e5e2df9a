import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { GatesModule } from '../gates/gates.module.js';
import { ImagingModule } from '../imaging/imaging.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RadiopharmacyModule } from '../radiopharmacy/radiopharmacy.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { VettingModule } from '../vetting/vetting.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { AcquisitionResolver } from './acquisition.resolver.js';
import { AcquisitionService } from './acquisition.service.js';
import { AcquisitionRecordService } from './acquisition-record.service.js';
import { AdministrationResolver, ScanAdministrationsResolver } from './administration.resolver.js';
import { AdministrationService } from './administration.service.js';
import { AdministrationAccessService } from './administration-access.service.js';
import { AdministrationAddendumService } from './administration-addendum.service.js';
import { AdministrationEntryService } from './administration-entry.service.js';
import { AdministrationGatesService } from './administration-gates.service.js';
import { AdministrationJudgeService } from './administration-judge.service.js';
import { AdministrationLockService } from './administration-lock.service.js';
import { ADMINISTRATION_PEOPLE_RESOLVERS } from './administration-people.resolver.js';
import { AdministrationPlanService } from './administration-plan.service.js';
import { AdministrationPolicyResolver } from './administration-policy.resolver.js';
import { AdministrationPolicyService } from './administration-policy.service.js';
import { AdministrationRecordService } from './administration-record.service.js';
import { AdministrationRetentionService } from './administration-retention.service.js';
import { EarlierInjectionService } from './earlier-injection.service.js';
import { DayUptakeResolver, ScanUptakeResolver, UptakeResolver } from './uptake.resolver.js';
import { UptakeService } from './uptake.service.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    PatientsModule,
    RecordRegistersModule,
    VisitsModule,
    EntitlementsModule,
    VettingModule,
    RadiopharmacyModule,
    GatesModule,
    ImagingModule,
  ],
  providers: [
    AdministrationRetentionService,
    AdministrationAccessService,
    AdministrationPolicyService,
    AdministrationPolicyResolver,
    AdministrationLockService,
    AdministrationPlanService,
    AdministrationJudgeService,
    AdministrationRecordService,
    AdministrationEntryService,
    AdministrationService,
    AdministrationAddendumService,
    AdministrationGatesService,
    EarlierInjectionService,
    AdministrationResolver,
    ScanAdministrationsResolver,
    UptakeService,
    UptakeResolver,
    DayUptakeResolver,
    ScanUptakeResolver,
    AcquisitionRecordService,
    AcquisitionService,
    AcquisitionResolver,
    ...ADMINISTRATION_PEOPLE_RESOLVERS,
  ],
})
export class AdministrationsModule {}
