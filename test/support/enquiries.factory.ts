import { randomUUID } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import { rolesHold } from '../../src/clinic/auth/permission.rules.js';
import { isCaller } from '../../src/clinic/auth/permission.type.js';
import { ConsentWordingService } from '../../src/clinic/consent/consent-wording.service.js';
import { EnquiriesModule } from '../../src/clinic/enquiries/enquiries.module.js';
import type { RegisterEnquiryInput } from '../../src/clinic/enquiries/enquiry-action.type.js';
import type { EnquiryEntry } from '../../src/clinic/enquiries/enquiry-entry.type.js';
import {
  type NewQuestionnaire,
  RedFlagQuestionnaireService,
} from '../../src/clinic/enquiries/red-flag-questionnaire.service.js';
import { type Config, ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { Listening } from '../../src/platform/database/channel-listener.js';
import { Database } from '../../src/platform/database/database.service.js';
import { type RedFlagReply, Role } from '../../src/platform/database/generated/enums.js';
import { AccessGuard, AccessPolicy, OperationRollCall } from '../../src/platform/graphql/access.js';
import { graphqlOptions } from '../../src/platform/graphql/graphql.options.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { InstantScalar, LocalDateScalar } from '../../src/platform/graphql/scalars.js';
import { OutboxHandlers } from '../../src/platform/outbox/index.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { Clock, Temporal } from '../../src/platform/time/index.js';
import { aStaffActor } from './patients.factory.js';

/** Questions in force since long before any test's clock: three of one kind and one of the other. */
export const QUESTIONS: NewQuestionnaire = {
  version: 'test-1',
  effectiveFrom: Temporal.Instant.from('2020-01-01T00:00:00Z'),
  emergencyAdvice: 'Go to the nearest emergency department now, or ring 999.',
  watchWords: ['saddle numbness', 'cannot pee'],
  questions: [
    { code: 'BLADDER', kind: 'CAUDA_EQUINA', wording: 'Has your bladder changed?' },
    { code: 'SADDLE', kind: 'CAUDA_EQUINA', wording: 'Are you numb between the legs?' },
    { code: 'FEVER', kind: 'SERIOUS_PATHOLOGY', wording: 'Do you have a fever?' },
  ],
};

export const NOTICE_TEXT = 'We keep what you tell us to look after you.';

export function redFlagAnswers(parts: Partial<Record<'BLADDER' | 'SADDLE' | 'FEVER', RedFlagReply>> = {}) {
  const answers = { BLADDER: 'NO', SADDLE: 'NO', FEVER: 'NO', ...parts } as const;
  return Object.entries(answers).map(([code, answer]) => ({ code, answer }));
}

/** A caller who was asked everything, with no danger; `parts` replaces what matters to a test. */
export function anEnquiry(parts: Partial<RegisterEnquiryInput> = {}): RegisterEnquiryInput {
  return {
    channel: 'TELEPHONE',
    name: 'Ann Example',
    phone: '07700 900123',
    redFlags: { version: QUESTIONS.version, answers: redFlagAnswers() },
    wantsNews: false,
    ...parts,
  };
}

/** What a later door of the room hands over, such as an e-mail. */
export function anEntry(parts: Partial<EnquiryEntry> = {}): EnquiryEntry {
  return {
    channel: 'EMAIL',
    name: 'Ann Example',
    email: `ann-${randomUUID().slice(0, 8)}@example.org`,
    message: 'My back hurts.',
    redFlags: { notAskedWhy: 'came by e-mail' },
    ...parts,
  };
}

export interface EnquiryHouse {
  readonly app: NestFastifyApplication;
  /** Asks the graph with a token that is the name of a role. */
  graph(
    role: Role,
    query: string,
    variables?: object,
  ): Promise<{ data: Record<string, unknown> | null; errors?: readonly object[] }>;
}

const ACTORS = new Map(Object.values(Role).map((role) => [role, aStaffActor()]));

/** Whoever a token names: it is the name of a role. */
function callerOf(token: string | null) {
  const role = Object.values(Role).find((name) => name === token);
  const actor = role === undefined ? undefined : ACTORS.get(role);
  return role === undefined || actor === undefined ? null : { actor, sessionId: randomUUID(), roles: [role] };
}

/** What every room stands on. Nobody listens to the database's channels here. */
function groundOn(database: Database, clock: Clock) {
  const policy: AccessPolicy = {
    holds: (caller, permission) => isCaller(caller) && rolesHold(caller.roles, permission),
  };
  const ground = [
    { provide: Database, useValue: database },
    { provide: Listening, useValue: new Listening('postgresql://nobody.invalid/listens') },
    { provide: Clock, useValue: clock },
    { provide: AccessPolicy, useValue: policy },
    { provide: Outbox, useValue: new Outbox(clock) },
    OutboxHandlers,
  ];
  @Global()
  @Module({ providers: ground, exports: ground })
  class GroundModule {}
  return GroundModule;
}

function houseOn(database: Database, clock: Clock, config: Config) {
  @Module({
    imports: [
      groundOn(database, clock),
      ConfigModule.with(config),
      DiscoveryModule,
      AuditModule,
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
  return HouseModule;
}

/** The room of enquiries on a real database, with its doors, and what stands before it; sessions are roles by name. */
export async function openEnquiries(
  database: Database,
  clock: Clock,
  settings: Readonly<Record<string, string>> = {},
): Promise<EnquiryHouse> {
  const config = readConfig({ TRUSTED_PROXIES: '127.0.0.1', ...settings }, '/tmp');
  const app = await NestFactory.create<NestFastifyApplication>(
    houseOn(database, clock, config),
    new FastifyAdapter({ trustProxy: [...config.trustedProxies] }),
    { logger: false, abortOnError: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await setUp(app);
  return {
    app,
    graph: async (role, query, variables = {}) => {
      const { body } = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${role}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ query, variables }),
      });
      return JSON.parse(body);
    },
  };
}

/** What the clinic has set up: questions, a notice, and words about news. */
async function setUp(app: NestFastifyApplication): Promise<void> {
  const actor = aStaffActor();
  await app.get(RedFlagQuestionnaireService).publish(actor, QUESTIONS);
  const wordings = app.get(ConsentWordingService, { strict: false });
  const effectiveFrom = Temporal.Instant.from('2020-01-01T00:00:00Z');
  const common = { locale: 'en-GB', version: 'n1', effectiveFrom };
  await wordings.publishWording(actor, { ...common, purpose: 'PRIVACY_NOTICE', text: NOTICE_TEXT });
  await wordings.publishWording(actor, { ...common, purpose: 'MARKETING', text: 'Send me news.' });
}
