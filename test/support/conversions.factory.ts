import { randomUUID } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import { AuthModule } from '../../src/clinic/auth/auth.module.js';
import { CalendarModule } from '../../src/clinic/calendar/calendar.module.js';
import { ConsentModule } from '../../src/clinic/consent/consent.module.js';
import { ConsentWordingService } from '../../src/clinic/consent/consent-wording.service.js';
import { EnquiriesModule } from '../../src/clinic/enquiries/enquiries.module.js';
import { RedFlagQuestionnaireService } from '../../src/clinic/enquiries/red-flag-questionnaire.service.js';
import { PatientsModule } from '../../src/clinic/patients/patients.module.js';
import { RecordsModule } from '../../src/clinic/records/records.module.js';
import { ReferralsModule } from '../../src/clinic/referrals/referrals.module.js';
import { SchedulingModule } from '../../src/clinic/scheduling/scheduling.module.js';
import { VisitsModule } from '../../src/clinic/visits/visits.module.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { OutboxHandlers } from '../../src/platform/outbox/index.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { Clock, Temporal } from '../../src/platform/time/index.js';
import { NOTICE_TEXT, QUESTIONS } from './enquiries.factory.js';
import { aStaffActor } from './patients.factory.js';

export interface ConversionHouse {
  readonly app: NestFastifyApplication;
  /** Asks the graph with a token that is the name of a role. */
  graph(
    role: Role,
    query: string,
    variables?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ data: Record<string, unknown> | null; errors?: readonly object[] }>;
}

/** What every room stands on. */
function groundWith(clock: Clock) {
  const ground = [
    { provide: Clock, useValue: clock },
    { provide: Outbox, useValue: new Outbox(clock) },
    OutboxHandlers,
  ];
  @Global()
  @Module({ providers: ground, exports: ground })
  class GroundModule {}
  return GroundModule;
}

/** The rooms from enquiries up, on a test's database and clock, with their doors; sessions are roles by name. */
export async function openConversions(databaseUrl: string, clock: Clock): Promise<ConversionHouse> {
  const actors = new Map(Object.values(Role).map((role) => [role, aStaffActor()]));
  const callerOf = (token: string | null) => {
    const role = Object.values(Role).find((name) => name === token);
    const actor = role === undefined ? undefined : actors.get(role);
    return role === undefined || actor === undefined
      ? null
      : { actor, sessionId: randomUUID(), roles: [role] };
  };
  @Module({
    imports: [
      groundWith(clock),
      ConfigModule.with(readConfig({}, '/tmp')),
      DatabaseModule.at(databaseUrl),
      DiscoveryModule,
      AuditModule,
      AuthModule,
      CalendarModule,
      PatientsModule,
      RecordsModule,
      ReferralsModule,
      ConsentModule,
      SchedulingModule,
      VisitsModule,
      EnquiriesModule,
      GraphQLModule.forRoot<MercuriusDriverConfig>(graphqlOptions(async (token) => callerOf(token), true)),
    ],
    providers: [
      { provide: APP_GUARD, useClass: AccessGuard },
      OperationRollCall,
      InstantScalar,
      LocalDateScalar,
    ],
  })
  class HouseModule {}

  const app = await NestFactory.create<NestFastifyApplication>(HouseModule, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await setUp(app);
  return {
    app,
    graph: async (role, query, variables = {}, headers = {}) => {
      const { body } = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${role}`, 'content-type': 'application/json', ...headers },
        payload: JSON.stringify({ query, variables }),
      });
      return JSON.parse(body);
    },
  };
}

/** What the clinic has set up: questions, a notice, and words about news. */
async function setUp(app: NestFastifyApplication): Promise<void> {
  const actor = aStaffActor();
  await app.get(RedFlagQuestionnaireService, { strict: false }).publish(actor, QUESTIONS);
  const wordings = app.get(ConsentWordingService, { strict: false });
  const effectiveFrom = Temporal.Instant.from('2020-01-01T00:00:00Z');
  const common = { locale: 'en-GB', version: 'n1', effectiveFrom };
  await wordings.publishWording(actor, { ...common, purpose: 'PRIVACY_NOTICE', text: NOTICE_TEXT });
  await wordings.publishWording(actor, { ...common, purpose: 'MARKETING', text: 'Send me news.' });
}
