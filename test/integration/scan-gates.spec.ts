import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorklistItem } from '../../src/clinic/imaging/worklist.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { GateCode } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  endLicence,
  makeLicence,
  makeLicences,
  makePractitioner,
  makeVettedRequest,
  type VettedWish,
} from '../support/exposures.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
  type ReferredPatient,
  worklistOf,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  EARLY,
  emptyImaging,
  makeDepartment,
  makeReference,
  PROTOCOL,
} from '../support/imaging-department.factory.js';

// A scan is booked while vetting runs; the scanner, the desk and the syringe wait for the gates.

const NOW = '2026-03-02T09:00:00Z';
const SCAN_DAY = '2026-03-10';
const NINE = `${SCAN_DAY}T09:00:00Z`;
const TWELVE = `${SCAN_DAY}T12:15:00Z`;

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let practitionerId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyImaging(database);
  clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  await makeReference(database);
  department = await makeDepartment(database);
  practitionerId = await makePractitioner(database);
});

/** Somebody who is booked, with whatever there is of a request. */
async function booked(vetting: Partial<VettedWish> | null = {}) {
  const person = await makeReferredPatient(imaging, { isVetted: false });
  if (vetting !== null) await vet(person, vetting);
  const wish = aVisit(department, person.referralId, NINE, TWELVE);
  const { id } = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, wish));
  return { ...person, id };
}

function vet({ referralId }: ReferredPatient, wish: Partial<VettedWish> = {}): Promise<string> {
  return makeVettedRequest(database, clock, referralId, {
    procedureCode: PROTOCOL,
    practitionerId,
    ...wish,
  });
}

const isShown = async (): Promise<boolean> => (await worklistOf(imaging)).length > 0;

async function hiddenItem(id: string): Promise<WorklistItem> {
  const [item] = await imaging.mirror.itemsOfBooking(id);
  if (item === undefined) throw new Error('the booking has an entry');
  return item;
}

async function arrive(id: string) {
  const { day, records } = imaging.visitsRoom;
  const { version } = await database.transaction((tx) => records.read(tx, id));
  return day.markArrived(RECEPTION, { visitId: id, version });
}

async function gateOf(id: string, code: GateCode) {
  const gates = await imaging.scanGates.scanGates(RECEPTION, id);
  return gates.find((gate) => gate.code === code);
}

/** Every hard gate before the injection, each broken alone. */
const BROKEN: readonly (readonly [GateCode, () => Promise<{ readonly id: string }>, RegExp])[] = [
  ['REQUEST_COMPLETE', () => booked({ isIncomplete: true }), /weight/i],
  ['AUTHORISED', () => booked({ as: 'JUSTIFIED' }), /authorised/],
  ['JUSTIFIED', () => booked({ procedureCode: EARLY }), /justified/],
  [
    'EMPLOYER_LICENCE',
    async () => {
      const { employerLicenceId } = await makeLicences(database, [PROTOCOL, EARLY]);
      await endLicence(database, employerLicenceId, SCAN_DAY);
      return booked();
    },
    /licence/i,
  ],
  [
    'PRACTITIONER_LICENCE',
    async () => {
      const own = await makePractitioner(database, 'lapsed@facet.test');
      const procedureCodes = [PROTOCOL];
      const licence = { number: 'P-lapsed', siteCodes: [], staffId: own, procedureCodes } as const;
      const id = await makeLicence(database, { kind: 'PRACTITIONER', ...licence });
      await endLicence(database, id, SCAN_DAY);
      return booked({ practitionerId: own });
    },
    /licence/i,
  ],
];

describe('a scan before whose gates something is missing', () => {
  it.each(BROKEN)(
    '%s: is booked, is not on the worklist, and its patient is not let in',
    async (code, make, words) => {
      const { id } = await make();
      expect(await isShown()).toBe(false);
      expect(await hiddenItem(id)).toMatchObject({
        closedGate: code,
        closedBecause: expect.stringMatching(words),
      });
      expect(await gateOf(id, code)).toMatchObject({ strictness: 'HARD' });
      clock.set(`${SCAN_DAY}T08:50:00Z`);
      const refused = await arrive(id);
      expect(refused).toMatchObject({
        code: 'CompanionRefused',
        companion: 'SCAN',
        reasonCode: 'GateClosed',
        message: expect.stringMatching(words),
        said: { code: 'GateClosed', gate: code, stage: 'ARRIVAL' },
      });
      const visit = await database.client.visit.findUniqueOrThrow({ where: { id } });
      expect([visit.status, visit.arrivedAt]).toEqual(['BOOKED', null]);
    },
  );

  it('comes on the worklist with the commit that opens the last gate, and its patient is let in', async () => {
    const person = await booked(null);
    expect(await isShown()).toBe(false);
    await vet(person);
    expect(await isShown()).toBe(true);
    expect(await hiddenItem(person.id)).toMatchObject({ closedGate: null, closedBecause: null });
    clock.set(`${SCAN_DAY}T08:50:00Z`);
    expect(await arrive(person.id)).toMatchObject({ status: 'ARRIVED' });
  });

  it('has its licences judged on the day of the injection: the last day counts, the day after does not', async () => {
    const { employerLicenceId } = await makeLicences(database, [PROTOCOL, EARLY]);
    // The first day on which it holds no more is the day after the scan.
    await endLicence(database, employerLicenceId, '2026-03-11');
    const { id, referralId } = await booked();
    expect(await isShown()).toBe(true);
    const later = aVisit(department, referralId, '2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z');
    mustBeBooked(await imaging.bookings.moveScan(RECEPTION, { ...later, scanBookingId: id, version: 0 }));
    expect(await isShown()).toBe(false);
    expect((await hiddenItem(id)).closedGate).toBe('EMPLOYER_LICENCE');
    const back = aVisit(department, referralId, NINE, TWELVE);
    mustBeBooked(await imaging.bookings.moveScan(RECEPTION, { ...back, scanBookingId: id, version: 1 }));
    expect(await isShown()).toBe(true);
  });

  it('shows every gate to whoever looks, and the look is recorded', async () => {
    const { id, patientId } = await booked(null);
    const gates = await imaging.scanGates.scanGates(RECEPTION, id);
    const states = new Map(gates.map(({ code, state }) => [code, state]));
    expect(states.get('CONSENT_IN_FORCE')).toBe('PASSED');
    expect(states.get('JUSTIFIED')).toBe('WAITING');
    expect(states.get('IDENTITY_CHECKED')).toBe('WAITING');
    for (const { state, reason } of gates) if (state !== 'PASSED') expect(reason).toMatch(/[.]$/);
    const looks = await database.client.auditEntry.findMany({ where: { action: 'scan-gates.viewed' } });
    expect(looks.map(({ subjectId, patientIds }) => [subjectId, patientIds])).toContainEqual([
      id,
      [patientId],
    ]);
  });
});

describe('consent that is withdrawn', () => {
  async function withdraw(patientId: string): Promise<void> {
    const result = await imaging.consent.withdrawConsent(RECEPTION, {
      patientId,
      purpose: 'IMAGING_TRACER_AND_XRAYS',
      givenBy: 'PATIENT',
      method: 'TELEPHONE',
    });
    if (isRefusal(result)) throw new Error(result.message);
  }

  it('flags the booking, tells the clinic and hides the scan, in one transaction', async () => {
    const { id, patientId } = await booked();
    expect(await isShown()).toBe(true);
    clock.set('2026-03-03T10:00:00Z');
    await withdraw(patientId);
    expect(await isShown()).toBe(false);
    expect((await hiddenItem(id)).closedGate).toBe('CONSENT_IN_FORCE');
    const booking = await database.client.scanBooking.findUniqueOrThrow({ where: { id } });
    expect(booking).toMatchObject({
      status: 'BOOKED',
      consentWithdrawnAt: new Date('2026-03-03T10:00:00Z'),
      consentWithdrawalsCount: 1,
    });
    const posted = await database.client.outboxMessage.findMany({
      where: { topic: 'scan.consent-withdrawn' },
    });
    expect(posted.map(({ subjectId }) => subjectId)).toEqual([id]);
    const entries = await database.client.auditEntry.count({
      where: { action: 'scan.consent-withdrawn', subjectId: id },
    });
    expect(entries).toBe(1);
  });

  it('stops the patient at the desk, and another booking', async () => {
    const { id, patientId, referralId } = await booked();
    await withdraw(patientId);
    clock.set(`${SCAN_DAY}T08:50:00Z`);
    expect(await arrive(id)).toMatchObject({
      code: 'CompanionRefused',
      message: expect.stringMatching(/consent/i),
      said: { code: 'GateClosed', gate: 'CONSENT_IN_FORCE', stage: 'ARRIVAL' },
    });
    const again = aVisit(department, referralId, '2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z');
    const moved = await imaging.bookings.moveScan(RECEPTION, { ...again, scanBookingId: id, version: 0 });
    expect(moved).toMatchObject({ code: 'ConsentMissing' });
  });
});
