import { Module } from '@nestjs/common';
import { AccessPolicy, CallerSource } from '../../platform/graphql/access.js';
import { CallerFinder } from '../../platform/http/session-guard.js';
import { StorageModule } from '../../platform/storage/index.js';
import { AuditModule } from '../audit/audit.module.js';
import { DisciplineResolver } from './discipline.resolver.js';
import { DisciplineService } from './discipline.service.js';
import { rolesHold } from './permission.rules.js';
import { isCaller } from './permission.type.js';
import { SecondFactorResolver } from './second-factor.resolver.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionResolver } from './session.resolver.js';
import { SessionService } from './session.service.js';
import { SigningService } from './signing.service.js';
import { StaffService } from './staff.service.js';
import { StaffNames } from './staff-name.type.js';

const accessPolicy: AccessPolicy = {
  holds: (caller, permission) => isCaller(caller) && rolesHold(caller.roles, permission),
};

@Module({
  // Its master keys wrap the secrets of second factors.
  imports: [AuditModule, StorageModule],
  providers: [
    SessionService,
    StaffService,
    { provide: StaffNames, useExisting: StaffService },
    SessionResolver,
    DisciplineService,
    DisciplineResolver,
    SigningService,
    SecondFactorService,
    SecondFactorResolver,
    { provide: AccessPolicy, useValue: accessPolicy },
    {
      provide: CallerSource,
      inject: [SessionService],
      useFactory: (sessions: SessionService): CallerSource => ({
        holderOf: (token) => sessions.listener(token),
      }),
    },
    {
      provide: CallerFinder,
      inject: [SessionService],
      useFactory: (sessions: SessionService): CallerFinder => ({
        findCaller: (token, whence) => sessions.findCaller(token, whence),
      }),
    },
  ],
  exports: [
    SessionService,
    StaffService,
    StaffNames,
    DisciplineService,
    SigningService,
    AccessPolicy,
    CallerSource,
    CallerFinder,
  ],
})
export class AuthModule {}
