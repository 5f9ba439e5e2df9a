import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ScanBookingService } from '../../src/clinic/imaging/scan-booking.service.js';
import type {
  BookScanInput,
  CancelScanInput,
  MoveScanInput,
  ScanBooking,
} from '../../src/clinic/imaging/scan-booking.type.js';
import { ScanChangeService } from '../../src/clinic/imaging/scan-change.service.js';
import { ScanCompanionService } from '../../src/clinic/imaging/scan-companion.service.js';
import { ScanConsentService } from '../../src/clinic/imaging/scan-consent.service.js';
import { ScanDoseService } from '../../src/clinic/imaging/scan-dose.service.js';
import { ScanExposureService } from '../../src/clinic/imaging/scan-exposure.service.js';
import { ScanFactsService } from '../../src/clinic/imaging/scan-facts.service.js';
import { ScanFollowService } from '../../src/clinic/imaging/scan-follow.service.js';
import { ScanGateService } from '../../src/clinic/imaging/scan-gate.service.js';
import { ScanInjectionService } from '../../src/clinic/imaging/scan-injection.service.js';
import { ScanJudgeService } from '../../src/clinic/imaging/scan-judge.service.js';
import { ScanOfferService } from '../../src/clinic/imaging/scan-offer.service.js';
import type { ScanOfferFilterInput } from '../../src/clinic/imaging/scan-offer.type.js';
import { ScanRecordService } from '../../src/clinic/imaging/scan-record.service.js';
import { ScanVisitService } from '../../src/clinic/imaging/scan-visit.service.js';
import { ScanWishService } from '../../src/clinic/imaging/scan-wish.service.js';
import { ScannerService } from '../../src/clinic/imaging/scanner.service.js';
import { WorklistService } from '../../src/clinic/imaging/worklist.service.js';
import type { WorklistItem } from '../../src/clinic/imaging/worklist.type.js';
import { WorklistMirror } from '../../src/clinic/imaging/worklist-mirror.service.js';
import { WorklistStandingService } from '../../src/clinic/imaging/worklist-standing.service.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { consentRoomOn, makeConsent } from './consent.factory.js';
import { gatesOn, makePractitioner, makeVettedRequest, plannedDosesOn } from './exposures.factory.js';
import { FixedClock } from './fixed-clock.js';
import { PROTOCOL } from './imaging-department.factory.js';
import { aStaffActor, makePatient, patientServiceOn } from './patients.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { schedulingOn } from './scheduling.factory.js';
import { visitsOn } from './visits.factory.js';

export const RECEPTION = aStaffActor();
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
  const { consent, dependents } = consentRoomOn(database, clock);
  const referrals = referralServiceOn(database, clock);
  const { schedule, leadTimes, calendar, visitTypes } = schedulingOn(database, clock);
  const visitsRoom = visitsOn(database, clock);
  const scanners = new ScannerService();
  const worklist = new WorklistService(database, clock);
  const direct = directConnectionTo(databaseUrl);
  const behind = gatesOn(database, clock, consent);
  const { gates, checks, vetting } = behind;
  const standings = new WorklistStandingService(database, clock, config, gates, checks, vetting);
  const mirror = new WorklistMirror(direct, database, standings, clock, config);
  const scanGates = new ScanGateService(database, clock, audit, gates);
  const records = new ScanRecordService(database, clock, config, audit);
  const facts = new ScanFactsService(referrals, consent, leadTimes, visitTypes, clock);
  const changes = new ScanChangeService(worklist, audit, outbox);
  const judges = new ScanJudgeService(facts, scanners, scanGates);
  const doses = new ScanDoseService(scanGates, vetting, plannedDosesOn(database, clock));
  const followers = new ScanFollowService(clock, facts, scanners, records, changes, doses);
  const { companions } = visitsRoom;
  const companion = new ScanCompanionService(scanners, judges, scanGates, followers, companions);
  const injections = new ScanInjectionService(clock, scanners, records, changes);
  new ScanExposureService(behind.exposures);
  const withdrawals = new ScanConsentService(clock, audit, patients, outbox, dependents);
  const { requests, requestRecords, requestFacts, booking, moves, cancels, idempotency, search } = visitsRoom;
  const visits = new ScanVisitService(requests, requestRecords, visitsRoom.records, booking, moves, cancels);
  const doors = new ScanBookingService(idempotency, clock, schedule, facts, records, visits);
  const wishes = new ScanWishService(requestRecords, requestFacts, visitsRoom.records, scanners);
  const offers = new ScanOfferService(database, config, audit, facts, wishes, search);
  const bookings = deskOf(doors);
  const rooms = { patients, consent, referrals, schedule, leadTimes, calendar, visitsRoom, companion, doors };
  const ofGates = { behind, standings, scanGates, injections, doses, withdrawals };
  return {
    database,
    clock,
    ...rooms,
    ...ofGates,
    scanners,
    worklist,
    mirror,
    records,
    bookings,
    offers,
    outbox,
  };
}

export type Imaging = ReturnType<typeof imagingOn>;

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

/** An accepted referral whose exposure is justified and authorised, so that what is booked for it is on the worklist. */
export async function vetReferral(
  { database, clock }: Pick<Imaging, 'database' | 'clock'>,
  referralId: string,
  procedureCode = PROTOCOL,
): Promise<string> {
  const practitionerId = await makePractitioner(database);
  return makeVettedRequest(database, clock, referralId, { procedureCode, practitionerId });
}

/** One more accepted referral of somebody who is registered; its id. */
export async function makeAcceptedReferralOf(
  imaging: Imaging,
  patientId: string,
  procedureCode = PROTOCOL,
): Promise<string> {
  const referralId = await receiveReferralOf(imaging, patientId);
  await imaging.referrals.acceptReferral(RECEPTION, { referralId });
  await vetReferral(imaging, referralId, procedureCode);
  return referralId;
}

/** Somebody with a referral, accepted and vetted and with consent to imaging unless said otherwise. */
export async function makeReferredPatient(
  imaging: Imaging,
  wish: {
    readonly isAccepted?: boolean;
    readonly isVetted?: boolean;
    readonly procedureCode?: string;
    readonly hasConsent?: boolean;
    readonly familyName?: string;
  } = {},
): Promise<ReferredPatient> {
  const person = wish.familyName === undefined ? {} : { familyName: wish.familyName };
  const patient = await makePatient(imaging.patients, person, RECEPTION);
  const referralId = await receiveReferralOf(imaging, patient.id);
  const isAccepted = wish.isAccepted ?? true;
  if (isAccepted) await imaging.referrals.acceptReferral(RECEPTION, { referralId });
  if (wish.isVetted ?? isAccepted) await vetReferral(imaging, referralId, wish.procedureCode);
  if (wish.hasConsent ?? true) await makeConsent(imaging.database, imaging.clock, patient.id);
  return { patientId: patient.id, referralId };
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
  return [...items.values()].filter(({ closedGate }) => closedGate === null);
}

const connections = new Map<string, DirectConnection>();

/** One for a test's database: it goes when the database is dropped. */
function directConnectionTo(url: string): DirectConnection {
  const connection = connections.get(url) ?? new DirectConnection(url);
  connections.set(url, connection);
  return connection;
}
