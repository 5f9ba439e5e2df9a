import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { PatientScansResolver } from './patient-scans.resolver.js';
import { ScanBookingResolver } from './scan-booking.resolver.js';
import { ScanBookingService } from './scan-booking.service.js';
import { ScanChangeService } from './scan-change.service.js';
import { ScanFactsService } from './scan-facts.service.js';
import { ScanOfferService } from './scan-offer.service.js';
import { ScanPeopleResolver } from './scan-people.resolver.js';
import { ScanPeopleService } from './scan-people.service.js';
import { ScanRecordService } from './scan-record.service.js';
import { ScannerDoor } from './scanner.dicom.js';
import { ScannerResolver } from './scanner.resolver.js';
import { ScannerService } from './scanner.service.js';
import { ScannerSetupService } from './scanner-setup.service.js';
import { WorklistReconciler } from './worklist.jobs.js';
import { WorklistService } from './worklist.service.js';

@Module({
  imports: [AuditModule, PatientsModule, ReferralsModule, ConsentModule, SchedulingModule],
  providers: [
    ScanBookingService,
    ScanOfferService,
    ScanRecordService,
    ScanFactsService,
    ScanChangeService,
    ScanPeopleService,
    ScannerService,
    ScannerSetupService,
    WorklistService,
    WorklistReconciler,
    ScannerDoor,
    ScanBookingResolver,
    ScanPeopleResolver,
    PatientScansResolver,
    ScannerResolver,
  ],
  exports: [
    ScanBookingService,
    ScanRecordService,
    WorklistService,
    ScannerService,
    ScannerSetupService,
    ScannerDoor,
    WorklistReconciler,
  ],
})
export class ImagingModule {}
