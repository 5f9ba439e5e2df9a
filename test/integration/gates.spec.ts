import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { GateState } from '../../src/clinic/gates/gate.refusals.js';
import type { GateAct, GateSubject } from '../../src/clinic/gates/gate.service.js';
import type { GateVerdict } from '../../src/clinic/gates/gate.type.js';
import { GateSources } from '../../src/clinic/gates/gate-sources.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { GateCode, GateStage } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import {
  anIdentityCheck,
  aPregnancyEnquiry,
  type ChecksRoom,
  checksOn,
  makeStaff,
  mustBeMade,
  passChecks,
} from '../support/checks.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { endLicence, makeLicences } from '../support/exposures.factory.js';
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
  EARLY,
  emptyImaging,
  makeDepartment,
  makeReference,
  PROTOCOL,
} from '../support/imaging-department.factory.js';

// What stands before an injection: each gate judged from what its room knows, and nothing of it stored.

const NOW = '2026-03-02T09:00:00Z';
const SCAN_DAY = '2026-03-10';
const INJECTION = Temporal.Instant.from(`${SCAN_DAY}T09:00:00Z`);

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let checks: ChecksRoom;
let operator: StaffActor;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  operator = await makeStaff(database, 'Olu Operator', ['ADMINISTER_TRACER']);
});
afterAll(async () => {
  await database.close();
  await db.drop();
});
beforeEach(async () => {
  await emptyImaging(database);
  clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  checks = checksOn(database, clock);
  await makeReference(database);
  department = await makeDepartment(database);
});

const OPEN: GateVerdict = {
  state: GateState.PASSED,
  reasonCode: 'OPEN',
  reason: 'Open.',
  byName: null,
  at: null,
};

/** What later rooms answer for, always open. */
function laterRooms(sources: GateSources): void {
  for (const [code, stage] of [
    ['BATCH_VALID', 'INJECTION'],
    ['ACTIVITY_WITHIN_PROTOCOL', 'INJECTION'],
    ['UPTAKE_IN_WINDOW', 'ACQUISITION'],
    ['EVALUATED', 'AFTERWARDS'],
    ['REPORT_ACKNOWLEDGED', 'AFTERWARDS'],
  ] as const) {
    sources.register({
      code,
      stages: [stage],
      judge: async (_tx, subjects) => new Map(subjects.map(({ visitId }) => [visitId, OPEN])),
    });
  }
}

interface Booked extends GateSubject {
  readonly id: string;
}

async function booked(hour = '09'): Promise<Booked> {
  clock.set(NOW);
  const person = await makeReferredPatient(imaging);
  await database.client.patient.update({
    where: { id: person.patientId },
    data: { dateOfBirth: new Date('1990-06-15') },
  });
  const scanHour = String(Number(hour) + 3).padStart(2, '0');
  const { id } = mustBeBooked(
    await imaging.bookings.bookScan(
      RECEPTION,
      aVisit(department, person.referralId, `${SCAN_DAY}T${hour}:00:00Z`, `${SCAN_DAY}T${scanHour}:15:00Z`),
    ),
  );
  const subject = await database.transaction((tx) => imaging.scanGates.subjectOf(tx, id));
  return { ...subject, id };
}

const judge = (subject: GateSubject, stage: GateStage, at: Temporal.Instant, act?: GateAct) =>
  database.transaction((tx) => imaging.behind.gates.judge(tx, subject, stage, at, act));

/** The first hard gate that is shut at the injection; null: the tracer may be given. */
async function shutAtInjection(subject: GateSubject, by: StaffActor = operator, at = INJECTION) {
  const judged = await judge(subject, 'INJECTION', at, { operatorId: by.id });
  return imaging.behind.gates.refusalOf(judged);
}

describe('an injection', () => {
  beforeEach(() => laterRooms(imaging.behind.sources));

  it('is open when everything was asked and answered on its day, and every gate says by whom', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    await passChecks(checks, visit.id);
    expect(await shutAtInjection(visit)).toBeNull();
    const judged = await judge(visit, 'INJECTION', INJECTION, { operatorId: operator.id });
    const hard = judged.filter(({ strictness }) => strictness === 'HARD');
    expect(hard.map(({ code }) => code)).toEqual([
      ...['REQUEST_COMPLETE', 'JUSTIFIED', 'AUTHORISED', 'EMPLOYER_LICENCE', 'PRACTITIONER_LICENCE'],
      ...['CONSENT_IN_FORCE', 'IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED', 'BREAST_FEEDING_ENQUIRED'],
      ...['SAFETY_CHECKED', 'OPERATOR_ENTITLED', 'BATCH_VALID'],
    ]);
    const by = Object.fromEntries(judged.map(({ code, byName }) => [code, byName]));
    expect(by).toMatchObject({
      JUSTIFIED: 'Dr Ines Practitioner',
      IDENTITY_CHECKED: 'Sam Asker',
      SAFETY_CHECKED: 'Sam Asker',
    });
    expect(judged.find(({ code }) => code === 'IDENTITY_CHECKED')?.at?.toString()).toBe(
      `${SCAN_DAY}T08:45:00Z`,
    );
  });

  it('waits for each check alone, and says what to do', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    expect(await shutAtInjection(visit)).toMatchObject({
      ...{ code: 'GateClosed', gate: 'IDENTITY_CHECKED', stage: 'INJECTION', state: 'WAITING' },
      message: expect.stringContaining('Ask for three points'),
    });
    const asker = await makeStaff(database, 'Sam Asker', ['IDENTIFY_PATIENT', 'ENQUIRE_PREGNANCY']);
    mustBeMade(await checks.identity.recordIdentityCheck(asker, anIdentityCheck(visit.id)));
    expect(await shutAtInjection(visit)).toMatchObject({
      gate: 'PREGNANCY_ENQUIRED',
      reasonCode: 'NOT_ASKED',
    });
    mustBeMade(
      await checks.pregnancy.recordPregnancyEnquiry(asker, aPregnancyEnquiry(visit.id, { answer: 'YES' })),
    );
    expect(await shutAtInjection(visit)).toMatchObject({
      gate: 'PREGNANCY_ENQUIRED',
      reasonCode: 'PRACTITIONER_TO_DECIDE',
    });
  });

  it('counts what had been asked when it was given, and nothing that was written down after it', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    await passChecks(checks, visit.id);
    const before = INJECTION.subtract({ minutes: 16 });
    expect(await shutAtInjection(visit, operator, before)).toMatchObject({ gate: 'IDENTITY_CHECKED' });
    const [first] = (await checks.records.visitChecks(operator, visit.id)).identityChecks;
    clock.set(`${SCAN_DAY}T10:00:00Z`);
    const asker = await makeStaff(database, 'Ida Later', ['IDENTIFY_PATIENT']);
    const wrong = { matched: ['NAME'], replacesId: first?.id, replaceReason: 'Only one was asked' } as const;
    mustBeMade(await checks.identity.recordIdentityCheck(asker, anIdentityCheck(visit.id, wrong)));
    expect(await shutAtInjection(visit)).toBeNull();
    const now = Temporal.Instant.from(`${SCAN_DAY}T10:00:00Z`);
    expect(await shutAtInjection(visit, operator, now)).toMatchObject({ reasonCode: 'TOO_FEW_POINTS' });
  });

  it('on the next day asks everything anew', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    await passChecks(checks, visit.id);
    expect(await shutAtInjection(visit, operator, INJECTION.add({ hours: 24 }))).toMatchObject({
      gate: 'IDENTITY_CHECKED',
    });
  });

  it('is refused to whoever is not entitled to give it', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    await passChecks(checks, visit.id);
    const other = await makeStaff(database, 'Nell Other', ['ACQUIRE_IMAGES']);
    expect(await shutAtInjection(visit, other)).toMatchObject({
      gate: 'OPERATOR_ENTITLED',
      reasonCode: 'OPERATOR_NOT_ENTITLED',
    });
  });

  it('stops when consent was withdrawn between arrival and injection', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    await passChecks(checks, visit.id);
    clock.set(`${SCAN_DAY}T08:55:00Z`);
    const withdrawal = {
      purpose: 'IMAGING_TRACER_AND_XRAYS',
      givenBy: 'PATIENT',
      method: 'IN_PERSON',
    } as const;
    const withdrawn = await imaging.consent.withdrawConsent(RECEPTION, {
      ...withdrawal,
      patientId: visit.patientId,
    });
    expect(isRefusal(withdrawn)).toBe(false);
    expect(await shutAtInjection(visit)).toMatchObject({ gate: 'CONSENT_IN_FORCE', state: 'FAILED' });
  });

  it('stops when the employer’s licence ended the day before', async () => {
    const visit = await booked();
    clock.set(`${SCAN_DAY}T08:45:00Z`);
    await passChecks(checks, visit.id);
    const { employerLicenceId } = await makeLicences(database, [PROTOCOL, EARLY]);
    const { client } = database;
    await endLicence(database, employerLicenceId, SCAN_DAY);
    expect(await shutAtInjection(visit)).toMatchObject({
      gate: 'EMPLOYER_LICENCE',
      message: expect.stringContaining('9 March 2026'),
    });
    await client.$executeRawUnsafe('ALTER TABLE licence_endings DISABLE TRIGGER USER');
    await client.licenceEnding.deleteMany();
    await client.$executeRawUnsafe('ALTER TABLE licence_endings ENABLE TRIGGER USER');
    expect(await shutAtInjection(visit)).toBeNull();
  });
});

describe('a licence', () => {
  it('is judged on the local day of the injection, also in the hour that another day still has in UTC', async () => {
    laterRooms(imaging.behind.sources);
    const visit = await booked();
    const summerNight = Temporal.Instant.from('2026-07-01T23:30:00Z');
    const gate = async (at: Temporal.Instant) =>
      (await judge({ ...visit, injectionAt: at, scanAt: at.add({ hours: 3 }) }, 'PUBLICATION', at)).find(
        ({ code }) => code === 'EMPLOYER_LICENCE',
      );
    const { employerLicenceId } = await makeLicences(database, [PROTOCOL, EARLY]);
    await endLicence(database, employerLicenceId, '2026-07-02');
    expect(await gate(summerNight.subtract({ hours: 1 }))).toMatchObject({ state: 'PASSED' });
    expect(await gate(summerNight)).toMatchObject({ state: 'FAILED' });
    const { client } = database;
    await client.$executeRawUnsafe('ALTER TABLE licence_endings DISABLE TRIGGER USER');
    await client.licenceEnding.deleteMany();
    await client.$executeRawUnsafe('ALTER TABLE licence_endings ENABLE TRIGGER USER');
  });
});

describe('a birthday', () => {
  // By the clinic's calendar: in summer its day begins an hour before that of UTC, and not in the night the clocks go forward.
  it.each([
    ['the twelfth, in summer time', '2014-03-31', '2026-03-30T22:59:00Z', 'NOT_APPLICABLE', 'WAITING'],
    [
      'the twelfth, on which the clocks go forward',
      '2014-03-29',
      '2026-03-28T23:59:00Z',
      'NOT_APPLICABLE',
      'WAITING',
    ],
    [
      'the fifty-sixth, on which the clocks go forward',
      '1970-03-29',
      '2026-03-28T23:59:00Z',
      'WAITING',
      'NOT_APPLICABLE',
    ],
    [
      'the fifty-sixth, on which the clocks go back',
      '1970-10-25',
      '2026-10-24T22:59:00Z',
      'WAITING',
      'NOT_APPLICABLE',
    ],
    [
      'the twelfth, on which the clocks go back',
      '2014-10-25',
      '2026-10-24T22:59:00Z',
      'NOT_APPLICABLE',
      'WAITING',
    ],
    ['the twelfth, on the day after that', '2014-10-26', '2026-10-25T23:59:00Z', 'NOT_APPLICABLE', 'WAITING'],
  ])('%s, counts from the first minute of its local day', async (_which, born, lastMinute, before, from) => {
    const visit = await booked();
    const { patientId: id } = visit;
    await database.client.patient.update({ where: { id }, data: { dateOfBirth: new Date(born) } });
    const asked = async (at: Temporal.Instant) => {
      const judged = await judge(visit, 'INJECTION', at, { operatorId: operator.id });
      const states = ['PREGNANCY_ENQUIRED', 'BREAST_FEEDING_ENQUIRED'].map(
        (gate) => judged.find(({ code }) => code === gate)?.state,
      );
      return states.join();
    };
    const last = Temporal.Instant.from(lastMinute);
    expect(await asked(last)).toBe(`${before},${before}`);
    expect(await asked(last.add({ minutes: 1 }))).toBe(`${from},${from}`);
    // And to its last: a day later nothing has changed.
    expect(await asked(last.add({ hours: 24 }))).toBe(`${from},${from}`);
  });
});

describe('another scan shortly before', () => {
  it('is told of, and does not refuse', async () => {
    const visit = await booked();
    imaging.behind.exposures.register({
      room: 'a test',
      earlier: async (_tx, wants) =>
        wants.map(({ visitId, until }) => ({
          forVisitId: visitId,
          name: 'Thyroid scan',
          at: until.subtract({ hours: 40 }),
        })),
    });
    const judged = await judge(visit, 'BOOKING', clock.now());
    expect(judged.find(({ code }) => code === 'NO_RECENT_EXPOSURE')).toMatchObject({
      ...{ state: 'FAILED', strictness: 'ADVISORY', reasonCode: 'RECENT_EXPOSURE' },
      reason: expect.stringContaining('Thyroid scan'),
    });
    expect(imaging.behind.gates.refusalOf(judged)).toBeNull();
  });
});

describe('all gates of a booking', () => {
  it('are shown once each, with every stage, and what nobody answers for keeps shut', async () => {
    const visit = await booked();
    const all = await database.transaction((tx) => imaging.behind.gates.all(tx, visit, clock.now()));
    expect(all.map(({ code }) => code).toSorted()).toEqual(Object.values(GateCode).toSorted());
    expect(all.find(({ code }) => code === 'JUSTIFIED')).toMatchObject({
      ...{ stage: 'PUBLICATION', strictness: 'HARD', state: 'PASSED' },
      stages: [
        { stage: 'BOOKING', strictness: 'ADVISORY' },
        ...['PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION'].map((stage) => ({
          stage,
          strictness: 'HARD',
        })),
      ],
    });
    expect(all.find(({ code }) => code === 'BATCH_VALID')).toMatchObject({
      state: 'WAITING',
      reasonCode: 'NOT_JUDGED',
    });
    expect(all.find(({ code }) => code === 'OPERATOR_ENTITLED')).toMatchObject({ state: 'WAITING' });
  });

  it('show who injected once somebody has, and that they were not entitled where they were not', async () => {
    const visit = await booked();
    const by = { byId: operator.id, byName: 'Olu Operator', at: INJECTION };
    let wasEntitled = true;
    imaging.behind.sources.registerOperators(
      async (_tx, ids) => new Map(ids.map((id) => [id, { ...by, wasEntitled }])),
    );
    const shown = async () => {
      const all = await database.transaction((tx) => imaging.behind.gates.all(tx, visit, clock.now()));
      return all.find(({ code }) => code === 'OPERATOR_ENTITLED');
    };
    expect(await shown()).toMatchObject({ state: 'PASSED', ...by });
    wasEntitled = false;
    expect(await shown()).toMatchObject({ state: 'FAILED', reasonCode: 'OPERATOR_WAS_NOT_ENTITLED', ...by });
    // Whoever is about to act is judged by what they may do now, and not by what somebody has done.
    const other = await makeStaff(database, 'Nell Other');
    const judged = await judge(visit, 'INJECTION', INJECTION, { operatorId: other.id });
    expect(judged.find(({ code }) => code === 'OPERATOR_ENTITLED')).toMatchObject({
      reasonCode: 'OPERATOR_NOT_ENTITLED',
    });
  });

  it('say who took a consent and when, and who took it back', async () => {
    const visit = await booked();
    const nurse = await makeStaff(database, 'Nell Nurse');
    const shown = async () => {
      const all = await database.transaction((tx) => imaging.behind.gates.all(tx, visit, clock.now()));
      return all.find(({ code }) => code === 'CONSENT_IN_FORCE');
    };
    expect(await shown()).toMatchObject({ state: 'PASSED', at: Temporal.Instant.from(NOW) });
    clock.set('2026-03-03T10:00:00Z');
    const withdrawn = await imaging.consent.withdrawConsent(nurse, {
      ...{ patientId: visit.patientId, purpose: 'IMAGING_TRACER_AND_XRAYS' },
      ...{ givenBy: 'PATIENT', method: 'TELEPHONE' },
    });
    expect(isRefusal(withdrawn)).toBe(false);
    expect(await shown()).toMatchObject({
      ...{ state: 'FAILED', byId: nurse.id, byName: 'Nell Nurse' },
      at: Temporal.Instant.from('2026-03-03T10:00:00Z'),
    });
  });

  it('are asked for in as many statements for twenty bookings as for two', async () => {
    laterRooms(imaging.behind.sources);
    const [one, other] = [await booked('09'), await booked('12')];
    const patients = await Promise.all(Array.from({ length: 18 }, () => makeReferredPatient(imaging)));
    const many = patients.map((person) => ({ ...one, ...person, visitId: crypto.randomUUID() }));
    const statements = async (subjects: readonly GateSubject[]) => {
      const { gates } = imaging.behind;
      await gates.atPublication(database.client, subjects);
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      try {
        const found = await gates.atPublication(database.client, subjects);
        expect([...found.values()].map(({ closed }) => closed)).toEqual(subjects.map(() => null));
        return spy.mock.calls.length;
      } finally {
        spy.mockRestore();
      }
    };
    const forTwo = await statements([one, other]);
    expect(await statements([one, other, ...many])).toBe(forTwo);
    expect(forTwo).toBeLessThanOrEqual(7);
  });
});

describe('how strictly gates stand', () => {
  const source = 'Procedure 7 of the employer';

  it('is set by rows from a day on, never under the floor, and never twice', async () => {
    laterRooms(imaging.behind.sources);
    const { policies } = imaging.behind;
    const set = (gate: GateCode, stage: GateStage, strictness: 'HARD' | 'ADVISORY', effectiveFrom: string) =>
      policies.setGatePolicy(RECEPTION, { gate, stage, strictness, effectiveFrom, source });
    expect(await set('JUSTIFIED', 'INJECTION', 'ADVISORY', '2026-03-02')).toMatchObject({
      code: 'GateCannotBeSofter',
      hardAt: ['PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION'],
    });
    expect(await set('BATCH_VALID', 'BOOKING', 'HARD', '2026-03-02')).toMatchObject({
      code: 'GateNotJudgedThere',
      stages: ['INJECTION'],
    });
    expect(await set('JUSTIFIED', 'BOOKING', 'HARD', '2026-03-01')).toMatchObject({
      code: 'GatePolicyInThePast',
    });
    const before = await database.client.auditEntry.count({ where: { action: 'gate-policy.set' } });
    expect(await set('SAFETY_CHECKED', 'INJECTION', 'ADVISORY', '2026-03-10')).toMatchObject({
      strictness: 'ADVISORY',
    });
    expect(await set('SAFETY_CHECKED', 'INJECTION', 'HARD', '2026-03-10')).toMatchObject({
      code: 'GatePolicyAlreadySet',
    });
    expect(await database.client.auditEntry.count({ where: { action: 'gate-policy.set' } })).toBe(before + 1);
    const visit = await booked();
    const strictness = async (at: string) =>
      (await judge(visit, 'INJECTION', Temporal.Instant.from(at))).find(
        ({ code }) => code === 'SAFETY_CHECKED',
      )?.strictness;
    expect(await strictness('2026-03-09T12:00:00Z')).toBe('HARD');
    expect(await strictness('2026-03-10T12:00:00Z')).toBe('ADVISORY');
  });

  it('cannot be made softer in the database either, nor changed afterwards', async () => {
    const { client } = database;
    const row = {
      stage: 'INJECTION',
      strictness: 'ADVISORY',
      effectiveFrom: new Date('2040-01-01'),
      source,
      setAt: new Date(0),
    } as const;
    for (const gate of [
      ...([
        'EMPLOYER_LICENCE',
        'PRACTITIONER_LICENCE',
        'JUSTIFIED',
        'AUTHORISED',
        'CONSENT_IN_FORCE',
      ] as const),
      ...(['IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED', 'BATCH_VALID'] as const),
    ]) {
      await expect(client.gatePolicy.create({ data: { ...row, gate } })).rejects.toThrow();
    }
    const first = await client.gatePolicy.findFirstOrThrow();
    await expect(
      client.gatePolicy.update({ where: { id: first.id }, data: { strictness: 'HARD' } }),
    ).rejects.toThrow();
    await expect(client.gatePolicy.delete({ where: { id: first.id } })).rejects.toThrow();
  });
});

describe('who answers for gates', () => {
  it('is one room each, and at the end of the start none is missing', () => {
    const sources = new GateSources();
    laterRooms(sources);
    expect(() => laterRooms(sources)).toThrow('BATCH_VALID');
    expect(sources.missing()).toContain('JUSTIFIED');
    expect(sources.missing()).not.toContain('EVALUATED');
    expect(() => imaging.behind.gates.onApplicationBootstrap()).toThrow('BATCH_VALID');
    laterRooms(imaging.behind.sources);
    expect(() => imaging.behind.gates.onApplicationBootstrap()).not.toThrow();
  });
});
