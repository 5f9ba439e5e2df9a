import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorklistItem } from '../../src/clinic/imaging/worklist.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { GateStage } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { consentRoomOn, consentWordingServiceOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';

// What nobody does: a consent ends by the clock, another process writes and is gone. The worklist in memory learns of it.

const IMAGING = 'IMAGING_TRACER_AND_XRAYS';
const NOW = '2026-03-28T10:00:00Z';
const SCAN_DAY = '2026-04-08';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let items: Map<string, WorklistItem>;

beforeAll(async () => {
  // Rules are only ever added to: each test has its own, in a database of its own.
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
  items = new Map();
  imaging.mirror.follow({
    clear: () => items.clear(),
    put: (put) => {
      for (const item of put) items.set(item.scheduledProcedureStepId, item);
    },
    removeVisits: () => items.clear(),
  });
});

async function booked() {
  const person = await makeReferredPatient(imaging);
  const wish = aVisit(department, person.referralId, `${SCAN_DAY}T09:00:00Z`, `${SCAN_DAY}T12:15:00Z`);
  const { id } = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, wish));
  return { ...person, id };
}

/** As a scanner would be answered at that moment. */
async function closedAt(moment: string): Promise<readonly (string | null)[]> {
  clock.set(moment);
  await imaging.mirror.refresh();
  expect(items.size).toBeGreaterThan(0);
  return [...new Set([...items.values()].map(({ closedGate }) => closedGate))];
}

let policiesCount = 0;
async function policy(parts: object): Promise<void> {
  policiesCount += 1;
  const effectiveFrom = new Date(`2026-03-${String(policiesCount).padStart(2, '0')}`);
  await database.client.consentPolicy.create({
    data: {
      ...{ purpose: IMAGING, newWordingAsks: false, confirmation: 'NOT_NEEDED', source: 'for a test' },
      ...{ needsDiscussion: false, needsEvidence: false, effectiveFrom, setAt: new Date(NOW) },
      ...parts,
    },
  });
}

describe('a consent that ends by the clock alone', () => {
  it('at a midnight of the clinic, which is not one of UTC, hides the scan from that minute on', async () => {
    await policy({ validFor: 2, validForUnit: 'DAYS' });
    await booked();
    expect(await closedAt('2026-03-30T22:50:00Z')).toEqual([null]);
    expect(await closedAt('2026-03-30T23:00:00Z')).toEqual(['CONSENT_IN_FORCE']);
  });

  it('in the middle of a day, because another wording begins, hides it from that minute on', async () => {
    await policy({ newWordingAsks: true });
    await booked();
    expect(await closedAt('2026-03-30T08:00:00Z')).toEqual([null]);
    const effectiveFrom = Temporal.Instant.from('2026-03-31T13:30:00Z');
    await consentWordingServiceOn(database, clock).publishWording(RECEPTION, {
      ...{ purpose: IMAGING, version: 'of-the-afternoon', locale: 'en-GB' },
      ...{ text: 'I agree, in other words.', effectiveFrom },
    });
    expect(await closedAt('2026-03-31T08:00:00Z')).toEqual([null]);
    expect(await closedAt('2026-03-31T13:20:00Z')).toEqual([null]);
    expect(await closedAt('2026-03-31T13:30:00Z')).toEqual(['CONSENT_IN_FORCE']);
  });
});

describe('a rule that begins with a day', () => {
  it('hides from the first minute of that local day what it shuts', async () => {
    imaging.behind.exposures.register({
      room: 'a test',
      earlier: async (_tx, wants) =>
        wants.map(({ visitId, until }) => ({
          ...{ forVisitId: visitId, name: 'Thyroid scan' },
          at: until.subtract({ hours: 40 }),
        })),
    });
    const set = await imaging.behind.policies.setGatePolicy(RECEPTION, {
      ...{ gate: 'NO_RECENT_EXPOSURE', stage: 'PUBLICATION', strictness: 'HARD' },
      ...{ effectiveFrom: '2026-03-31', source: 'for a test' },
    });
    if (isRefusal(set)) throw new Error(set.message);
    await booked();
    expect(await closedAt('2026-03-30T22:50:00Z')).toEqual([null]);
    expect(await closedAt('2026-03-30T23:00:00Z')).toEqual(['NO_RECENT_EXPOSURE']);
  });
});

describe('a consent that the clinic has confirmed on the day', () => {
  it('lets the scan be offered and the patient come, and nobody inject before it is confirmed', async () => {
    await policy({ confirmation: 'ON_THE_DAY' });
    const { id, patientId } = await booked();
    expect(await closedAt(`${SCAN_DAY}T07:00:00Z`)).toEqual([null]);
    const gateAt = async (stage: GateStage) =>
      database.transaction(async (tx) => {
        const subject = await imaging.scanGates.subjectOf(tx, id);
        const judged = await imaging.behind.gates.judge(tx, subject, stage, clock.now());
        return judged.find(({ code }) => code === 'CONSENT_IN_FORCE');
      });
    expect(await gateAt('ARRIVAL')).toMatchObject({ state: 'PASSED' });
    const waiting = { state: 'WAITING', reasonCode: 'CONSENT_NOT_CONFIRMED' };
    expect(await gateAt('INJECTION')).toMatchObject({ ...waiting, strictness: 'HARD' });
    const shown = await imaging.scanGates.scanGates(RECEPTION, id);
    expect(shown.find(({ code }) => code === 'CONSENT_IN_FORCE')).toMatchObject(waiting);
    const room = consentRoomOn(database, clock);
    const { record } = await room.consent.consentInForce(RECEPTION, patientId, IMAGING);
    const confirmed = await room.confirmations.confirmConsent(RECEPTION, {
      ...{ recordId: record?.id ?? '', givenBy: 'PATIENT', method: 'IN_PERSON' },
      takerCompetence: 'PERFORMS_IT',
    });
    if (isRefusal(confirmed)) throw new Error(confirmed.message);
    expect(await gateAt('INJECTION')).toMatchObject({ state: 'PASSED' });
  });
});

describe('what another process has committed', () => {
  it('counts in the next answer, though that process is gone and told nobody', async () => {
    const { patientId } = await booked();
    expect(await closedAt('2026-03-28T10:01:00Z')).toEqual([null]);
    const other = new Database(db.url);
    const room = consentRoomOn(other, clock).consent;
    await room.withdrawConsent(RECEPTION, {
      ...{ patientId, purpose: IMAGING, givenBy: 'PATIENT', method: 'TELEPHONE' },
    });
    await other.close();
    expect(await closedAt('2026-03-28T10:02:00Z')).toEqual(['CONSENT_IN_FORCE']);
  });

  it('about one scan is looked at with the patient’s others: it is an earlier exposure to them', async () => {
    const { id, patientId } = await booked();
    await closedAt('2026-03-28T10:01:00Z');
    const noted = () =>
      database.client.worklistChange.findMany({ where: { kind: 'patient', subjectId: patientId } });
    const before = (await noted()).length;
    await database.client.scanBooking.update({ where: { id }, data: { startedAt: new Date(NOW) } });
    expect((await noted()).length).toBe(before + 1);
    await database.client.scanBooking.update({ where: { id }, data: { changedAt: new Date(NOW) } });
    expect((await noted()).length).toBe(before + 1);
  });

  it('about how far back other exposures are looked for concerns every scan', async () => {
    const noted = () => database.client.worklistChange.count({ where: { kind: 'everything' } });
    const before = await noted();
    await database.client.exposureIntervalPolicy.create({
      data: {
        ...{ procedureCode: 'ANY', withinHours: 72, source: 'for a test' },
        ...{ effectiveFrom: new Date('2026-03-28'), setAt: new Date(NOW) },
      },
    });
    expect(await noted()).toBe(before + 1);
  });
});
