import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { PatientReferralsResolver } from './patient-referrals.resolver.js';
import { ReferralResolver } from './referral.resolver.js';
import { ReferralService } from './referral.service.js';

@Module({
  imports: [PatientsModule],
  providers: [ReferralService, ReferralResolver, PatientReferralsResolver],
  exports: [ReferralService],
})
export class ReferralsModule {}
