import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ConsentResolver } from './consent.resolver.js';
import { ConsentService } from './consent.service.js';
import { ConsentAccessService } from './consent-access.service.js';
import { ConsentCarryService } from './consent-carry.service.js';
import { ConsentRetentionService } from './consent-retention.service.js';
import { ConsentWordingService } from './consent-wording.service.js';
import { PatientConsentMergeService } from './patient-consent-merge.service.js';

@Module({
  imports: [PatientsModule, RecordRegistersModule],
  providers: [
    ConsentRetentionService,
    ConsentAccessService,
    ConsentService,
    ConsentCarryService,
    ConsentWordingService,
    ConsentResolver,
    PatientConsentMergeService,
  ],
  exports: [ConsentService, ConsentCarryService, ConsentWordingService],
})
export class ConsentModule {}
