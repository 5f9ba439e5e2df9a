import { Module } from '@nestjs/common';
import { ChecksModule } from '../checks/checks.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { VettingModule } from '../vetting/vetting.module.js';
import { CheckGatesService } from './check-gates.service.js';
import { ConsentGateService } from './consent-gate.service.js';
import { ExposureGateService } from './exposure-gate.service.js';
import { ExposurePolicyService } from './exposure-policy.service.js';
import { ExposureSources } from './exposure-sources.service.js';
import { GateService } from './gate.service.js';
import { GatePolicyResolver } from './gate-policy.resolver.js';
import { GatePolicyService } from './gate-policy.service.js';
import { GateSources } from './gate-sources.service.js';
import { OperatorGateService } from './operator-gate.service.js';
import { RequestGatesService } from './request-gates.service.js';

@Module({
  imports: [ConsentModule, EntitlementsModule, VettingModule, ChecksModule],
  providers: [
    GateSources,
    ExposureSources,
    GatePolicyService,
    ExposurePolicyService,
    RequestGatesService,
    ConsentGateService,
    OperatorGateService,
    CheckGatesService,
    ExposureGateService,
    GateService,
    GatePolicyResolver,
  ],
  exports: [GateService, GateSources, ExposureSources],
})
export class GatesModule {}
