import { Global, Module } from '@nestjs/common';
import { AuditResolver } from './audit.resolver.js';
import { AuditService } from './audit.service.js';
import { AuditChainService } from './audit-chain.service.js';
import { AuditRetentionService } from './audit-retention.service.js';

/** Global: every room writes to the audit record. */
@Global()
@Module({
  providers: [AuditService, AuditChainService, AuditRetentionService, AuditResolver],
  exports: [AuditService, AuditChainService, AuditRetentionService],
})
export class AuditModule {}
