import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { CancelReasonService } from '../../src/clinic/visits/cancel-reason.service.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { OpenableTimeService } from '../../src/clinic/visits/openable-time.service.js';
import { VisitService } from '../../src/clinic/visits/visit.service.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import { VisitBookingService } from '../../src/clinic/visits/visit-booking.service.js';
import type { BookVisitInput, WantedStepInput } from '../../src/clinic/visits/visit-booking.type.js';
import { VisitCancelService } from '../../src/clinic/visits/visit-cancel.service.js';
import { VisitChangeService } from '../../src/clinic/visits/visit-change.service.js';
import { VisitHoldService } from '../../src/clinic/visits/visit-hold.service.js';
import { VisitMoveService } from '../../src/clinic/visits/visit-move.service.js';
import { VisitOfferService } from '../../src/clinic/visits/visit-offer.service.js';
import { VisitPlaceService } from '../../src/clinic/visits/visit-place.service.js';
import { VisitRecordService } from '../../src/clinic/visits/visit-record.service.js';
import { VisitSearchService } from '../../src/clinic/visits/visit-search.service.js';
import { VisitStandingService } from '../../src/clinic/visits/visit-standing.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Prisma } from '../../src/platform/database/generated/client.js';
import type { ResourceKind, Role } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { consentServiceOn } from './consent.factory.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { requestsOn } from './requests.factory.js';
import { type Hours, makeResource, schedulingOn } from './scheduling.factory.js';

/** The visits room on a test's database: booking, holding, moving, offering. */
export function visitsOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const { claims, leadTimes, visitTypes, diary, calendar } = schedulingOn(database, clock);
  const { records: requestRecords, requests } = requestsOn(database, clock);
  const patients = patientServiceOn(database, clock);
  const referrals = referralServiceOn(database, clock);
  const consent = consentServiceOn(database, clock);
  const records = new VisitRecordService(database, clock, config, audit);
  const changes = new VisitChangeService(audit);
  const standing = new VisitStandingService(requestRecords, referrals, patients, consent, records, clock);
  const places = new VisitPlaceService(visitTypes, leadTimes, claims, config, clock);
  const booking = new VisitBookingService(standing, places, records, changes, requests, clock);
  const moves = new VisitMoveService(standing, places, records, changes, clock);
  const reasons = new CancelReasonService(database, clock, config);
  const cancels = new VisitCancelService(records, changes, requests, claims, reasons, clock);
  const idempotency = new IdempotencyService(database, clock);
  const openable = new OpenableTimeService(config);
  const search = new VisitSearchService(diary, visitTypes, leadTimes, openable, config);
  return {
    database,
    clock,
    patients,
    referrals,
    requests,
    calendar,
    claims,
    records,
    reasons,
    booking,
    idempotency,
    visits: new VisitService(idempotency, booking, moves, cancels),
    holds: new VisitHoldService(idempotency, booking),
    offers: new VisitOfferService(database, requestRecords, records, places, search, audit),
  };
}

export type VisitsRoom = ReturnType<typeof visitsOn>;

/** Somebody at the desk, or with other roles; with a key when the request is to be repeatable. */
export function aBooker(wish: { roles?: readonly Role[]; key?: string; id?: string } = {}): Booker {
  return {
    actor: aStaffActor(wish.id),
    roles: wish.roles ?? ['RECEPTION'],
    idempotencyKey: wish.key ?? null,
  };
}

export interface StepWish {
  readonly name?: string;
  readonly durationMinutes?: number;
  readonly wait?: readonly [number, number, number];
  readonly patientPresent?: boolean;
  readonly needs: readonly (Partial<Prisma.VisitStepNeedUncheckedCreateWithoutStepInput> & {
    readonly role: string;
    readonly kind: ResourceKind;
  })[];
}

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

/** A kind of visit with its protocol and its lead times, all in force since 2020. */
export async function makeVisitType(
  database: Database,
  code: string,
  steps: readonly StepWish[],
  wish: {
    readonly type?: Partial<Prisma.VisitTypeUncheckedCreateInput>;
    readonly policy?: Partial<Prisma.LeadTimePolicyUncheckedCreateInput>;
    readonly startStepMinutes?: number;
  } = {},
): Promise<void> {
  const { client } = database;
  await client.visitType.create({
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
  await makeProtocol(database, code, steps, '2020-01-01', wish.startStepMinutes);
  await client.leadTimePolicy.create({
    data: {
      visitType: code,
      earliestDays: 1,
      targetDays: 14,
      breachDays: 21,
      latestDays: 84,
      effectiveFrom: SINCE,
      reason: 'for a test',
      ...wish.policy,
    },
  });
}

/** How a kind of visit is carried out from a day on. */
export async function makeProtocol(
  database: Database,
  visitTypeCode: string,
  steps: readonly StepWish[],
  effectiveFrom: string,
  startStepMinutes = 15,
): Promise<void> {
  await database.client.visitProtocol.create({
    data: {
      visitTypeCode,
      effectiveFrom: dateFromPlainDate(Temporal.PlainDate.from(effectiveFrom)),
      startStepMinutes,
      source: 'for a test',
      steps: {
        create: steps.map(({ wait, needs, ...step }, position) => ({
          position,
          name: step.name ?? `Step ${position}`,
          durationMinutes: step.durationMinutes ?? 45,
          patientPresent: step.patientPresent ?? true,
          waitMinutesMin: wait?.[0] ?? 0,
          waitMinutesTarget: wait?.[1] ?? 0,
          waitMinutesMax: wait?.[2] ?? 0,
          needs: { create: needs.map((need) => ({ ...need })) },
        })),
      },
    },
  });
}

export const PHYSIO = 'PHYSIO_TEST';
export const PROCEDURE = 'PROCEDURE_TEST';

export interface VisitClinic {
  readonly physioIds: readonly [string, string];
  readonly roomIds: readonly [string, string];
  readonly placeIds: readonly [string, string];
  readonly operatorId: string;
  readonly theatreId: string;
}

/**
 * Two physiotherapists and two rooms; and for the procedure two chairs, a consultant with the skill it needs, and a
 * theatre with time to clean it. Open from Monday to Friday.
 */
export async function makeVisitClinic(
  database: Database,
  weekdays: readonly Hours[] = ['08:00-18:00'],
): Promise<VisitClinic> {
  const make = (kind: ResourceKind, name: string) => makeResource(database, kind, { weekdays, name });
  const clinic: VisitClinic = {
    physioIds: [await make('PHYSIOTHERAPIST', 'Ada'), await make('PHYSIOTHERAPIST', 'Ben')],
    roomIds: [await make('THERAPY_ROOM', 'Gym'), await make('THERAPY_ROOM', 'Pool')],
    placeIds: [await make('WAITING_PLACE', 'Chair 1'), await make('WAITING_PLACE', 'Chair 2')],
    operatorId: await make('PAIN_CONSULTANT', 'Dr Cox'),
    theatreId: await make('PROCEDURE_ROOM', 'Theatre'),
  };
  await database.client.resource.update({
    where: { id: clinic.operatorId },
    data: { skills: ['ULTRASOUND'] },
  });
  await makeVisitType(database, PHYSIO, [
    {
      name: 'Treatment',
      needs: [
        { role: 'physiotherapist', kind: 'PHYSIOTHERAPIST', continuity: 'PREFERRED' },
        { role: 'room', kind: 'THERAPY_ROOM', bufferAfterMinutes: 15 },
      ],
    },
  ]);
  await makeVisitType(database, PROCEDURE, [
    {
      name: 'Admission',
      durationMinutes: 15,
      needs: [{ role: 'place', kind: 'WAITING_PLACE', continuity: 'REQUIRED' }],
    },
    {
      name: 'Procedure',
      durationMinutes: 30,
      needs: [
        { role: 'operator', kind: 'PAIN_CONSULTANT', skill: 'ULTRASOUND' },
        { role: 'room', kind: 'PROCEDURE_ROOM', bufferBeforeMinutes: 5, bufferAfterMinutes: 10 },
      ],
    },
    {
      name: 'Review',
      durationMinutes: 15,
      wait: [30, 45, 90],
      needs: [{ role: 'place', kind: 'WAITING_PLACE', continuity: 'REQUIRED' }],
    },
  ]);
  return clinic;
}

/** What was left behind by the tests before: everything of this room and what it books. */
export async function emptyVisits(database: Database): Promise<void> {
  await database.client.$executeRawUnsafe(`
    TRUNCATE visit_revisions, visit_step_resources, visit_steps, visits, visit_request_times, visit_requests,
      visit_step_needs, visit_protocol_steps, visit_protocols, visit_types, idempotency_keys, patient_presences,
      span_claims, opening_hours, opening_exceptions, resources, lead_time_policies, cancel_reasons CASCADE`);
}

/** A physiotherapy at an instant, with the first or the second pair of person and room. */
export function physioAt(clinic: VisitClinic, startsAt: string, pair: 0 | 1 = 0): WantedStepInput[] {
  return [
    {
      startsAt: Temporal.Instant.from(startsAt),
      resources: [
        { role: 'physiotherapist', resourceId: clinic.physioIds[pair] },
        { role: 'room', resourceId: clinic.roomIds[pair] },
      ],
    },
  ];
}

export function aPhysio(
  clinic: VisitClinic,
  patientId: string,
  startsAt: string,
  parts: Partial<BookVisitInput> & { readonly pair?: 0 | 1 } = {},
): BookVisitInput {
  const { pair = 0, ...rest } = parts;
  return { patientId, visitTypeCode: PHYSIO, steps: physioAt(clinic, startsAt, pair), ...rest };
}

/** Somebody registered; the id. */
export async function makePatientId(room: VisitsRoom): Promise<string> {
  return (await makePatient(room.patients)).id;
}

export function mustBeVisit(result: object): Visit {
  if (isRefusal(result)) throw new Error(`no visit: ${result.code}: ${result.message}`);
  return result as Visit;
}

/** `visit`, or the code of the refusal. */
export function codeOf(result: object): string {
  return isRefusal(result) ? result.code : 'visit';
}

/** Everything a verb can leave behind: visits, steps, claims, presences, revisions, requests, audit. */
export async function tracesOf({ client }: Database) {
  return {
    visits: await client.visit.findMany({ orderBy: { id: 'asc' } }),
    steps: await client.visitStep.findMany({ orderBy: { id: 'asc' }, include: { resources: true } }),
    claims: await client.spanClaim.findMany({ orderBy: { id: 'asc' } }),
    presences: await client.patientPresence.findMany({ orderBy: { id: 'asc' } }),
    revisions: await client.visitRevision.findMany({ orderBy: [{ visitId: 'asc' }, { version: 'asc' }] }),
    requests: await client.visitRequest.findMany({ orderBy: { id: 'asc' } }),
    audit: await client.auditEntry.count({ where: { action: { startsWith: 'visit.' } } }),
  };
}
