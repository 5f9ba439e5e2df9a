import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { ConsentService } from '../../src/clinic/consent/consent.service.js';
import { ScanBookingService } from '../../src/clinic/imaging/scan-booking.service.js';
import type { BookScanInput, ScanBooking } from '../../src/clinic/imaging/scan-booking.type.js';
import { ScanChangeService } from '../../src/clinic/imaging/scan-change.service.js';
import { ScanFactsService } from '../../src/clinic/imaging/scan-facts.service.js';
import { ScanOfferService } from '../../src/clinic/imaging/scan-offer.service.js';
import type { ScanOfferFilterInput } from '../../src/clinic/imaging/scan-offer.type.js';
import { ScanRecordService } from '../../src/clinic/imaging/scan-record.service.js';
import { ScannerService } from '../../src/clinic/imaging/scanner.service.js';
import { WorklistService } from '../../src/clinic/imaging/worklist.service.js';
import type { WorklistItem } from '../../src/clinic/imaging/worklist.type.js';
import { WorklistMirror } from '../../src/clinic/imaging/worklist-mirror.service.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { consentServiceOn, makeConsent } from './consent.factory.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';
import { makeLeadTimePolicy, makeResource, schedulingOn } from './scheduling.factory.js';

export const RECEPTION = aStaffActor();
export const PROTOCOL = 'BONE_SPECT_CT';

/** Everything imaging needs, built by hand on a test's database. */
export function imagingOn(database: Database, clock: FixedClock, databaseUrl: string) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const patients = patientServiceOn(database, clock);
  const consent: ConsentService = consentServiceOn(database, clock);
  const referrals = new ReferralService(database, clock, config, audit, patients);
  const { schedule, leadTimes, calendar } = schedulingOn(database, clock);
  const scanners = new ScannerService();
  const worklist = new WorklistService(database, clock);
  const direct = directConnectionTo(databaseUrl);
  const mirror = new WorklistMirror(direct, database, consent, clock, config);
  const records = new ScanRecordService(database, clock, config, audit);
  const facts = new ScanFactsService(patients, referrals, consent, leadTimes, scanners, clock);
  const changes = new ScanChangeService(worklist, audit, outbox);
  const bookings = new ScanBookingService(database, clock, schedule, facts, records, changes);
  const offers = new ScanOfferService(database, config, schedule, leadTimes, audit, facts);
  const rooms = { patients, consent, referrals, schedule, leadTimes, calendar };
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
    TRUNCATE worklist_entries, scan_bookings, scanners, span_claims, opening_hours, resources, imaging_protocols,
      lead_time_policies, outbox_messages, referrals CASCADE`);
}

/** The rows that every clinic has: one protocol, one policy. */
export async function makeReference(database: Database): Promise<void> {
  await database.client.imagingProtocol.create({
    data: {
      code: PROTOCOL,
      name: 'Bone SPECT-CT',
      injectionMinutes: 15,
      acquisitionMinutes: 60,
      uptakeMinutesMin: 120,
      uptakeMinutesTarget: 180,
      uptakeMinutesMax: 300,
      startStepMinutes: 15,
      procedureDescription: 'Bone SPECT-CT',
      source: 'for a test',
      effectiveFrom: dateFromPlainDate(Temporal.PlainDate.from('2020-01-01')),
    },
  });
  await makeLeadTimePolicy(database, PROTOCOL, { earliestDays: 7, targetDays: 14, latestDays: 60 });
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
