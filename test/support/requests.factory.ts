import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { LeadTimeService } from '../../src/clinic/scheduling/lead-time.service.js';
import { VisitTypeService } from '../../src/clinic/scheduling/visit-type.service.js';
import { RequestService } from '../../src/clinic/visits/request.service.js';
import type { RequestVisitInput, VisitRequest } from '../../src/clinic/visits/request.type.js';
import { RequestFactsService } from '../../src/clinic/visits/request-facts.service.js';
import { RequestRecordService } from '../../src/clinic/visits/request-record.service.js';
import { VisitCompanions } from '../../src/clinic/visits/visit-companion.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Prisma } from '../../src/platform/database/generated/client.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';
import { patientServiceOn } from './patients.factory.js';
import { referralServiceOn } from './referrals.factory.js';

/** The part of the visits room that keeps requests, on a test's database. */
export function requestsOn(
  database: Database,
  clock: Clock = new FixedClock(),
  companions = new VisitCompanions(),
) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const records = new RequestRecordService(database, clock, config, audit);
  const visitTypes = new VisitTypeService(database, audit, clock, config);
  const facts = new RequestFactsService(
    visitTypes,
    new LeadTimeService(database, audit, clock, config, new CalendarService(database, clock, config, audit)),
    referralServiceOn(database, clock),
    patientServiceOn(database, clock),
    companions,
    config,
  );
  return { records, facts, visitTypes, requests: new RequestService(database, clock, records, facts, audit) };
}

/** A wish as the resolver hands it on. */
export function aWish(
  patientId: string,
  visitTypeCode: string,
  parts: Partial<RequestVisitInput> = {},
): RequestVisitInput {
  const usual = { times: [], travelMinutes: 0, keepsStaff: false, wantsFreed: true, noticeHoursMin: 0 };
  return { patientId, visitTypeCode, ...usual, ...parts };
}

export function mustBeRequest(result: object): VisitRequest {
  if (isRefusal(result)) throw new Error(`there is no request: ${result.message}`);
  return result as VisitRequest;
}

/** A kind of visit of one step, with its policy, both in force since 2020. */
export async function makeRequestableType(
  database: Database,
  code: string,
  wish: {
    readonly type?: Partial<Prisma.VisitTypeUncheckedCreateInput>;
    readonly policy?: Partial<Prisma.LeadTimePolicyUncheckedCreateInput>;
    readonly durationMinutes?: number;
    readonly needs?: readonly ResourceKind[];
  } = {},
): Promise<void> {
  const since = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));
  await database.client.visitType.create({
    data: {
      code,
      name: `Kind ${code}`,
      modality: 'IN_PERSON',
      needsReferral: false,
      isPublic: true,
      holdMinutes: 15,
      movesMax: 2,
      lateChangeHours: 24,
      ...wish.type,
    },
  });
  await database.client.visitProtocol.create({
    data: {
      visitTypeCode: code,
      effectiveFrom: since,
      startStepMinutes: 15,
      source: 'for a test',
      steps: {
        create: {
          position: 0,
          name: 'Treatment',
          durationMinutes: wish.durationMinutes ?? 45,
          needs: { create: (wish.needs ?? []).map((kind) => ({ kind, role: kind.toLowerCase() })) },
        },
      },
    },
  });
  await database.client.leadTimePolicy.create({
    data: {
      visitType: code,
      earliestDays: 1,
      targetDays: 14,
      breachDays: 21,
      latestDays: 84,
      effectiveFrom: since,
      reason: 'for a test',
      ...wish.policy,
    },
  });
}
