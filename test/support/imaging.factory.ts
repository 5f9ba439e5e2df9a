import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ConsentService } from '../../src/clinic/consent/consent.service.js';
import { ScanBookingService } from '../../src/clinic/imaging/scan-booking.service.js';
import type {
  BookScanInput,
  CancelScanInput,
  MoveScanInput,
  ScanBooking,
} from '../../src/clinic/imaging/scan-booking.type.js';
import { codeOfReason, ScanCancelReason } from '../../src/clinic/imaging/scan-cancel-reason.rules.js';
import { ScanChangeService } from '../../src/clinic/imaging/scan-change.service.js';
import { ScanCompanionService } from '../../src/clinic/imaging/scan-companion.service.js';
import { ScanFactsService } from '../../src/clinic/imaging/scan-facts.service.js';
import { ScanOfferService } from '../../src/clinic/imaging/scan-offer.service.js';
import type { ScanOfferFilterInput } from '../../src/clinic/imaging/scan-offer.type.js';
import { ScanRecordService } from '../../src/clinic/imaging/scan-record.service.js';
import { ScanVisitService } from '../../src/clinic/imaging/scan-visit.service.js';
import { ScanWishService } from '../../src/clinic/imaging/scan-wish.service.js';
import { ScannerService } from '../../src/clinic/imaging/scanner.service.js';
import { WorklistService } from '../../src/clinic/imaging/worklist.service.js';
import type { WorklistItem } from '../../src/clinic/imaging/worklist.type.js';
import { WorklistMirror } from '../../src/clinic/imaging/worklist-mirror.service.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { consentServiceOn, makeConsent } from './consent.factory.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { makeLeadTimePolicy, makeResource, schedulingOn } from './scheduling.factory.js';
import { makeProtocol, type StepWish, visitsOn } from './visits.factory.js';

export const RECEPTION = aStaffActor();
export const PROTOCOL = 'BONE_SPECT_CT';

/** The doors as somebody uses them who may book scans and sends no key. */
function deskOf(doors: ScanBookingService) {
  const booker = (actor: StaffActor): Booker => ({
    actor,
    roles: ['RECEPTION', 'IMAGING'],
    idempotencyKey: null,
  });
  return {
    bookScan: (actor: StaffActor, input: BookScanInput) => doors.bookScan(booker(actor), input),
    moveScan: (actor: StaffActor, input: MoveScanInput) => doors.moveScan(booker(actor), input),
    cancelScan: (actor: StaffActor, input: CancelScanInput) => doors.cancelScan(booker(actor), input),
  };
}

/** Everything imaging needs, built by hand on a test's database. */
export function imagingOn(database: Database, clock: FixedClock, databaseUrl: string) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const patients = patientServiceOn(database, clock);
  const consent: ConsentService = consentServiceOn(database, clock);
  const referrals = referralServiceOn(database, clock);
  const { schedule, leadTimes, calendar, visitTypes } = schedulingOn(database, clock);
  const visitsRoom = visitsOn(database, clock);
  const scanners = new ScannerService();
  const worklist = new WorklistService(database, clock);
  const direct = directConnectionTo(databaseUrl);
  const mirror = new WorklistMirror(direct, database, consent, clock, config);
  const records = new ScanRecordService(database, clock, config, audit);
  const facts = new ScanFactsService(referrals, consent, leadTimes, visitTypes, clock);
  const changes = new ScanChangeService(worklist, audit, outbox);
  const companion = new ScanCompanionService(clock, facts, scanners, records, changes, visitsRoom.companions);
  const { requests, requestRecords, requestFacts, booking, moves, cancels, idempotency, search } = visitsRoom;
  const visits = new ScanVisitService(requests, requestRecords, visitsRoom.records, booking, moves, cancels);
  const doors = new ScanBookingService(idempotency, clock, schedule, facts, records, visits);
  const wishes = new ScanWishService(requestRecords, requestFacts, visitsRoom.records, scanners);
  const offers = new ScanOfferService(database, config, audit, facts, wishes, search);
  const bookings = deskOf(doors);
  const rooms = { patients, consent, referrals, schedule, leadTimes, calendar, visitsRoom, companion, doors };
  return { database, clock, ...rooms, scanners, worklist, mirror, records, bookings, offers, outbox };
}

export type Imaging = ReturnType<typeof imagingOn>;

export interface Department {
  readonly cameraId: string;
  readonly injectionRoomId: string;
  readonly technologistIds: readonly [string, string];
}

/** A camera with its scanner, a room, two technologists, the protocol and the lead times. */
export async function makeDepartment(database: Database, aeTitle = 'SPECTCT1'): Promise<Department> {
  const weekdays = ['08:00-18:00'] as const;
  const cameraId = await makeResource(database, 'CAMERA', { name: `Camera ${aeTitle}`, weekdays });
  const injectionRoomId = await makeResource(database, 'INJECTION_ROOM', { weekdays });
  const first = await makeResource(database, 'NUCLEAR_MEDICINE_TECHNOLOGIST', { weekdays });
  const second = await makeResource(database, 'NUCLEAR_MEDICINE_TECHNOLOGIST', { weekdays });
  await database.client.scanner.create({
    data: {
      name: `Scanner ${aeTitle}`,
      resourceId: cameraId,
      callingAETitles: [aeTitle],
      sourceAddresses: [],
      stationAETitle: aeTitle,
      stationName: aeTitle,
      modalities: ['NM'],
      responseCharacterSet: 'ISO_IR_192',
      ownStationByDefault: true,
      answersMax: 500,
    },
  });
  return { cameraId, injectionRoomId, technologistIds: [first, second] };
}

/** Takes away everything of imaging. */
export async function emptyImaging(database: Database): Promise<void> {
  await database.client.$executeRawUnsafe(`
    TRUNCATE worklist_entries, scan_bookings, scanners, span_claims, patient_presences, opening_hours, resources,
      imaging_protocols, visit_types, cancel_reasons, lead_time_policies, outbox_messages, referrals, visits CASCADE`);
}

export const EARLY = 'BONE_SPECT_CT_EARLY';

const INJECTION: StepWish = {
  name: 'Injection',
  durationMinutes: 15,
  needs: [
    { role: 'room', kind: 'INJECTION_ROOM' },
    { role: 'injector', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' },
  ],
};
const ACQUISITION: StepWish = {
  name: 'SPECT-CT',
  durationMinutes: 60,
  wait: [120, 180, 300],
  needs: [
    { role: 'camera', kind: 'CAMERA' },
    { role: 'operator', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' },
  ],
};
const ON_CAMERA: StepWish['needs'] = [
  { role: 'camera', kind: 'CAMERA', continuity: 'REQUIRED' },
  { role: 'early operator', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST', continuity: 'REQUIRED' },
];
const EARLY_STEPS: readonly StepWish[] = [
  {
    name: 'Injection and first pass',
    durationMinutes: 10,
    needs: [...ON_CAMERA, { role: 'injector', kind: 'NUCLEAR_MEDICINE_TECHNOLOGIST' }],
  },
  { name: 'Blood pool', durationMinutes: 10, needs: ON_CAMERA },
  {
    ...ACQUISITION,
    needs: [{ role: 'camera', kind: 'CAMERA', continuity: 'REQUIRED' }, ...ACQUISITION.needs.slice(1)],
  },
];

/** The rows that every clinic has: the kinds of scan with their protocols and policies, and why scans are cancelled. */
export async function makeReference(database: Database): Promise<void> {
  const { client } = database;
  const [ROLES, since] = [['RECEPTION', 'IMAGING'] as Role[], Temporal.PlainDate.from('2020-01-01')];
  await client.cancelReason.createMany({
    data: Object.values(ScanCancelReason).map((reason) => ({
      code: codeOfReason(reason),
      name: reason,
      allowedRoles: ROLES,
      needsComment: reason === 'OTHER',
    })),
    skipDuplicates: true,
  });
  for (const [code, name, steps] of [
    [PROTOCOL, 'Bone SPECT-CT', [INJECTION, ACQUISITION]],
    [EARLY, 'Bone SPECT-CT with early images', EARLY_STEPS],
  ] as const) {
    await client.imagingProtocol.create({
      data: {
        code,
        name,
        procedureDescription: name,
        source: 'for a test',
        effectiveFrom: dateFromPlainDate(since),
      },
    });
    const { count } = await client.visitType.createMany({
      data: [
        {
          code,
          name,
          modality: 'IN_PERSON',
          companion: 'SCAN',
          needsReferral: true,
          consentPurpose: 'IMAGING_TRACER_AND_XRAYS',
          isPublic: true,
          holdMinutes: 30,
          movesMax: 2,
          lateChangeHours: 48,
        },
      ],
      skipDuplicates: true,
    });
    if (count === 1) await makeProtocol(database, code, steps, since.toString());
    await makeLeadTimePolicy(database, code, { earliestDays: 7, targetDays: 14, latestDays: 60 });
  }
}

export interface ReferredPatient {
  readonly patientId: string;
  readonly referralId: string;
}

async function receiveReferralOf(imaging: Imaging, patientId: string): Promise<string> {
  const referral = await imaging.referrals.receiveReferral(RECEPTION, {
    patientId,
    source: 'GP',
    priority: 'ROUTINE',
    referrerName: 'Dr Amelia Hart',
    clinicalQuestion: 'Which facet joint is active?',
    receivedOn: imaging.leadTimes.today().toString(),
  });
  if (isRefusal(referral)) throw new Error(referral.message);
  return referral.id;
}

/** One more accepted referral of somebody who is registered; its id. */
export async function makeAcceptedReferralOf(imaging: Imaging, patientId: string): Promise<string> {
  const referralId = await receiveReferralOf(imaging, patientId);
  await imaging.referrals.acceptReferral(RECEPTION, { referralId });
  return referralId;
}

/** Somebody with a referral, accepted and with consent to imaging unless said otherwise. */
export async function makeReferredPatient(
  imaging: Imaging,
  wish: { readonly isAccepted?: boolean; readonly hasConsent?: boolean; readonly familyName?: string } = {},
): Promise<ReferredPatient> {
  const person = wish.familyName === undefined ? {} : { familyName: wish.familyName };
  const patient = await makePatient(imaging.patients, person, RECEPTION);
  const referralId = await receiveReferralOf(imaging, patient.id);
  if (wish.isAccepted ?? true) await imaging.referrals.acceptReferral(RECEPTION, { referralId });
  if (wish.hasConsent ?? true) await makeConsent(imaging.database, imaging.clock, patient.id);
  return { patientId: patient.id, referralId };
}

/** A visit at these instants with the department's first people. */
export function aVisit(
  department: Department,
  referralId: string,
  injectionStartsAt: string,
  scanStartsAt: string,
): BookScanInput {
  const [injector, scanner] = department.technologistIds;
  return {
    referralId,
    protocolCode: PROTOCOL,
    injectionStartsAt: Temporal.Instant.from(injectionStartsAt),
    scanStartsAt: Temporal.Instant.from(scanStartsAt),
    cameraId: department.cameraId,
    injectionRoomId: department.injectionRoomId,
    injectionTechnologistId: injector,
    scanTechnologistId: scanner,
  };
}

export function mustBeBooked(result: ScanBooking | { readonly code: string }): ScanBooking {
  if (isRefusal(result)) throw new Error(`not booked: ${result.code}: ${result.message}`);
  return result as ScanBooking;
}

export const ANY_OFFER: ScanOfferFilterInput = { protocolCode: PROTOCOL, limit: 10 };

/** What some scanner would be offered, in the order of the answers. */
export async function worklistOf(imaging: Imaging): Promise<WorklistItem[]> {
  const items = new Map<string, WorklistItem>();
  imaging.mirror.follow({
    clear: () => items.clear(),
    put: (put) => {
      for (const item of put) items.set(item.scheduledProcedureStepId, item);
    },
    removeVisits: () => undefined,
  });
  await imaging.mirror.refresh();
  return [...items.values()].filter(({ consentInForce }) => consentInForce);
}

const connections = new Map<string, DirectConnection>();

/** One for a test's database: it goes when the database is dropped. */
function directConnectionTo(url: string): DirectConnection {
  const connection = connections.get(url) ?? new DirectConnection(url);
  connections.set(url, connection);
  return connection;
}
