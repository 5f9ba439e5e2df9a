import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { AdministrationsModule } from './clinic/administrations/administrations.module.js';
import { AuditModule } from './clinic/audit/audit.module.js';
import { AuthModule } from './clinic/auth/auth.module.js';
import { SessionService } from './clinic/auth/session.service.js';
import { CalendarModule } from './clinic/calendar/calendar.module.js';
import { ChecksModule } from './clinic/checks/checks.module.js';
import { ConsentModule } from './clinic/consent/consent.module.js';
import { DecisionsModule } from './clinic/decisions/decisions.module.js';
import { DocumentsModule } from './clinic/documents/documents.module.js';
import { EnquiriesModule } from './clinic/enquiries/enquiries.module.js';
import { EntitlementsModule } from './clinic/entitlements/entitlements.module.js';
import { GatesModule } from './clinic/gates/gates.module.js';
import { ImagingModule } from './clinic/imaging/imaging.module.js';
import { IncidentsModule } from './clinic/incidents/incidents.module.js';
import { MeetingsModule } from './clinic/meetings/meetings.module.js';
import { NotesModule } from './clinic/notes/notes.module.js';
import { NotificationsModule } from './clinic/notifications/notifications.module.js';
import { OutcomesModule } from './clinic/outcomes/outcomes.module.js';
import { PatientsModule } from './clinic/patients/patients.module.js';
import { RadiopharmacyModule } from './clinic/radiopharmacy/radiopharmacy.module.js';
import { RecordsModule } from './clinic/records/records.module.js';
import { ReferralsModule } from './clinic/referrals/referrals.module.js';
import { ReportsModule } from './clinic/reports/reports.module.js';
import { ResponsesModule } from './clinic/responses/responses.module.js';
import { SchedulingModule } from './clinic/scheduling/scheduling.module.js';
import { TreatmentsModule } from './clinic/treatments/treatments.module.js';
import { VettingModule } from './clinic/vetting/vetting.module.js';
import { VisitsModule } from './clinic/visits/visits.module.js';
import { type Config, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { AccessGuard, OperationRollCall } from './platform/graphql/access.js';
import { graphqlOptions } from './platform/graphql/graphql.options.js';
import { InstantScalar, LocalDateScalar } from './platform/graphql/scalars.js';
import { HealthModule } from './platform/health/health.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { OutboxModule } from './platform/outbox/index.js';
import { QueueModule } from './platform/queue/index.js';
import { TimeModule } from './platform/time/index.js';

export interface AppOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  /** Where the schema is written; true: nowhere, kept in memory. */
  readonly schemaFile: string | true;
}

/** The rooms in downhill order; the graph's door only where the role asks for it. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class to hang a dynamic module on
export class AppModule {
  static with({ config, databaseUrl, schemaFile }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        TimeModule,
        DatabaseModule.at(databaseUrl),
        QueueModule.at(databaseUrl),
        OutboxModule.at(databaseUrl),
        MailModule,
        HealthModule,
        DiscoveryModule,
        AuditModule,
        AuthModule,
        CalendarModule,
        PatientsModule,
        RecordsModule,
        DocumentsModule,
        ReferralsModule,
        ConsentModule,
        SchedulingModule,
        VisitsModule,
        EnquiriesModule,
        EntitlementsModule,
        VettingModule,
        RadiopharmacyModule,
        ChecksModule,
        GatesModule,
        ImagingModule,
        AdministrationsModule,
        ReportsModule,
        IncidentsModule,
        OutcomesModule,
        TreatmentsModule,
        ResponsesModule,
        NotesModule,
        MeetingsModule,
        DecisionsModule,
        NotificationsModule,
        ...(config.roles.has('api') ? [graphqlDoor(schemaFile)] : []),
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        OperationRollCall,
        InstantScalar,
        LocalDateScalar,
      ],
    };
  }
}

function graphqlDoor(schemaFile: string | true): DynamicModule {
  return GraphQLModule.forRootAsync<MercuriusDriverConfig>({
    driver: MercuriusDriver,
    imports: [AuthModule],
    inject: [SessionService],
    useFactory: (sessions: SessionService) =>
      graphqlOptions((token, whence) => sessions.findCaller(token, whence), schemaFile),
  });
}
