import { Module } from '@nestjs/common';
import { AccessPolicy, CallerSource } from '../../platform/graphql/access.js';
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
    {
      provide: CallerSource,
      inject: [SessionService],
      useFactory: (sessions: SessionService): CallerSource => ({
        holderOf: (token) => sessions.listener(token),
      }),
    },
  ],
  exports: [SessionService, StaffService, AccessPolicy, CallerSource],
})
export class AuthModule {}
