import { Module } from '@nestjs/common';
import { AccessPolicy } from '../../platform/graphql/access.js';
import { AuditModule } from '../audit/audit.module.js';
import { rolesHold } from './permission.rules.js';
import { isCaller } from './permission.type.js';
import { SessionResolver } from './session.resolver.js';
import { SessionService } from './session.service.js';
import { StaffService } from './staff.service.js';

const accessPolicy: AccessPolicy = {
  holds: (caller, permission) => isCaller(caller) && rolesHold(caller.roles, permission),
};

@Module({
  imports: [AuditModule],
  providers: [
    SessionService,
    StaffService,
    SessionResolver,
    { provide: AccessPolicy, useValue: accessPolicy },
  ],
  exports: [SessionService, StaffService, AccessPolicy],
})
export class AuthModule {}
