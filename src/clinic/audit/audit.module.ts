import { Global, Module } from '@nestjs/common';
import { AuditResolver } from './audit.resolver.js';
import { AuditService } from './audit.service.js';
import { AuditChainService } from './audit-chain.service.js';

/** Global: every room writes to the audit record. */
@Global()
@Module({
  providers: [AuditService, AuditChainService, AuditResolver],
  exports: [AuditService, AuditChainService],
})
export class AuditModule {}
