import { readFileSync } from 'node:fs';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { AdministrationsModule } from '../src/clinic/administrations/administrations.module.js';
import { AuditModule } from '../src/clinic/audit/audit.module.js';
import { AuthModule } from '../src/clinic/auth/auth.module.js';
import { CalendarModule } from '../src/clinic/calendar/calendar.module.js';
import { ChecksModule } from '../src/clinic/checks/checks.module.js';
import { ConsentModule } from '../src/clinic/consent/consent.module.js';
import { DecisionsModule } from '../src/clinic/decisions/decisions.module.js';
import { DocumentsModule } from '../src/clinic/documents/documents.module.js';
import { EnquiriesModule } from '../src/clinic/enquiries/enquiries.module.js';
import { EntitlementsModule } from '../src/clinic/entitlements/entitlements.module.js';
import { GatesModule } from '../src/clinic/gates/gates.module.js';
import { ImagingModule } from '../src/clinic/imaging/imaging.module.js';
import { IncidentsModule } from '../src/clinic/incidents/incidents.module.js';
import { MeetingsModule } from '../src/clinic/meetings/meetings.module.js';
import { NotesModule } from '../src/clinic/notes/notes.module.js';
import { NotificationsModule } from '../src/clinic/notifications/notifications.module.js';
import { OutcomesModule } from '../src/clinic/outcomes/outcomes.module.js';
import { PatientsModule } from '../src/clinic/patients/patients.module.js';
import { RadiopharmacyModule } from '../src/clinic/radiopharmacy/radiopharmacy.module.js';
import { RecordsModule } from '../src/clinic/records/records.module.js';
import { ReferralsModule } from '../src/clinic/referrals/referrals.module.js';
import { ReportsModule } from '../src/clinic/reports/reports.module.js';
import { ResponsesModule } from '../src/clinic/responses/responses.module.js';
import { SchedulingModule } from '../src/clinic/scheduling/scheduling.module.js';
import { TreatmentsModule } from '../src/clinic/treatments/treatments.module.js';
import { VettingModule } from '../src/clinic/vetting/vetting.module.js';
import { VisitsModule } from '../src/clinic/visits/visits.module.js';
import { InstantScalar, LocalDateScalar } from '../src/platform/graphql/scalars.js';

const ROOMS = [
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
];

/** Nest marks a class with @Resolver under this key. */
const RESOLVER_MARK = 'graphql:resolver_type';

@Module({ imports: [GraphQLSchemaBuilderModule] })
class SchemaOnlyModule {}

function resolversOf(room: Type): Type[] {
  const providers: unknown = Reflect.getMetadata('providers', room) ?? [];
  if (!Array.isArray(providers)) return [];
  return providers.filter(
    (provider): provider is Type =>
      typeof provider === 'function' && Reflect.hasMetadata(RESOLVER_MARK, provider),
  );
}

describe('the published schema', () => {
  it('is what the code says (after a change: npm run schema)', async () => {
    const app = await NestFactory.createApplicationContext(SchemaOnlyModule, { logger: false });
    const schema = await app
      .get(GraphQLSchemaFactory)
      .create(ROOMS.flatMap(resolversOf), [InstantScalar, LocalDateScalar]);
    await app.close();
    const header = '# Written by `npm run schema` from the code. Do not edit.\n\n';
    await expect(`${header}${printSchema(lexicographicSortSchema(schema))}\n`).toMatchFileSnapshot(
      '../src/schema.graphql',
    );
  });

  it('has no field of an input that must be there and has a default: whoever leaves it out is refused the second time', () => {
    const schema = readFileSync(new URL('../src/schema.graphql', import.meta.url), 'utf8');
    expect(schema.match(/^ {2}\w+: .*! = .*$/gm) ?? []).toEqual([]);
  });
});
