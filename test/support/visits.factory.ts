import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { CancelReasonService } from '../../src/clinic/visits/cancel-reason.service.js';
import { ClaimHolderService } from '../../src/clinic/visits/claim-holder.service.js';
import { FreedPlaceEntryService } from '../../src/clinic/visits/freed-place-entry.service.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { OpenableTimeService } from '../../src/clinic/visits/openable-time.service.js';
import { SearchGroundService } from '../../src/clinic/visits/search-ground.service.js';
import { SwapHelpService } from '../../src/clinic/visits/swap-help.service.js';
import { VisitService } from '../../src/clinic/visits/visit.service.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import { VisitBookingService } from '../../src/clinic/visits/visit-booking.service.js';
import type { BookVisitInput, WantedStepInput } from '../../src/clinic/visits/visit-booking.type.js';
import { VisitCancelService } from '../../src/clinic/visits/visit-cancel.service.js';
import { VisitChangeService } from '../../src/clinic/visits/visit-change.service.js';
import { VisitCompanions } from '../../src/clinic/visits/visit-companion.service.js';
import { VisitHoldService } from '../../src/clinic/visits/visit-hold.service.js';
import { VisitMoveService } from '../../src/clinic/visits/visit-move.service.js';
import { VisitOfferService } from '../../src/clinic/visits/visit-offer.service.js';
import { VisitPlaceService } from '../../src/clinic/visits/visit-place.service.js';
import { VisitRecordService } from '../../src/clinic/visits/visit-record.service.js';
import { VisitSearchService } from '../../src/clinic/visits/visit-search.service.js';
import { VisitStandingService } from '../../src/clinic/visits/visit-standing.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { ResourceKind, Role } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, Temporal } from '../../src/platform/time/index.js';
import { consentServiceOn } from './consent.factory.js';
import { emptyTables } from './empty-tables.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { requestsOn } from './requests.factory.js';
import { type Hours, makeResource, schedulingOn } from './scheduling.factory.js';
import { makeVisitType } from './visit-types.factory.js';
import { visitDayOn } from './visits-day.factory.js';
import { seriesOn } from './visits-series.factory.js';

export { makeProtocol, makeVisitType, type StepWish } from './visit-types.factory.js';

/** The visits room on a test's database: booking, holding, moving, offering, and the day. */
export function visitsOn(database: Database, clock: Clock) {
  const room = bookingOn(database, clock);
  return { ...room, ...visitDayOn(room), ...seriesOn(room) };
}

export type BookingRoom = ReturnType<typeof bookingOn>;

function bookingOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const { schedule, claims, leadTimes, visitTypes, diary, calendar, ...calendars } = schedulingOn(
    database,
    clock,
  );
  new ClaimHolderService(calendars.holders, clock).onModuleInit();
  const companions = new VisitCompanions();
  const { records: requestRecords, facts: requestFacts, requests } = requestsOn(database, clock, companions);
  const patients = patientServiceOn(database, clock);
  const referrals = referralServiceOn(database, clock);
  const consent = consentServiceOn(database, clock);
  const records = new VisitRecordService(database, clock, config, audit);
  const outbox = new Outbox(clock);
  const entry = new FreedPlaceEntryService(schedule, outbox, clock);
  const changes = new VisitChangeService(audit, companions, outbox, entry);
  const standing = new VisitStandingService(requestRecords, referrals, patients, consent, records, clock);
  const places = new VisitPlaceService(visitTypes, leadTimes, claims, companions, config, clock);
  const booking = new VisitBookingService(standing, places, records, changes, requests, clock);
  const moves = new VisitMoveService(standing, places, records, changes, clock);
  const reasons = new CancelReasonService(database, clock, config);
  const cancels = new VisitCancelService(records, changes, requests, claims, reasons, clock);
  const idempotency = new IdempotencyService(database, clock);
  const openable = new OpenableTimeService(config);
  const swaps = new SwapHelpService(diary, config, clock);
  const grounds = new SearchGroundService(diary, companions, config);
  const search = new VisitSearchService(grounds, visitTypes, leadTimes, openable, swaps, config);
  return {
    database,
    clock,
    patients,
    referrals,
    requests,
    requestRecords,
    requestFacts,
    calendar,
    resources: calendars.resources,
    claims,
    records,
    changes,
    companions,
    grounds,
    standing,
    visitTypes,
    leadTimes,
    diary,
    outbox,
    reasons,
    booking,
    places,
    moves,
    cancels,
    search,
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
  await emptyTables(
    database,
    `visit_revisions, visit_step_resources, visit_steps, visits, visit_series, visit_request_times, visit_requests,
      visit_step_needs, visit_protocol_steps, visit_protocols, visit_types, idempotency_keys, patient_presences,
      span_claims, opening_hours, opening_exceptions, resources, lead_time_policies, cancel_reasons`,
  );
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
