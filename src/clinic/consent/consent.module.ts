import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { ConsentResolver } from './consent.resolver.js';
import { ConsentService } from './consent.service.js';
import { ConsentWordingService } from './consent-wording.service.js';

@Module({
  imports: [PatientsModule],
  providers: [ConsentService, ConsentWordingService, ConsentResolver],
  exports: [ConsentService, ConsentWordingService],
})
export class ConsentModule {}
