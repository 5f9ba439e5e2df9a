import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { CheckAccessService } from '../../src/clinic/checks/check-access.service.js';
import { CheckRetentionService } from '../../src/clinic/checks/check-retention.service.js';
import { PatientChecksMergeService } from '../../src/clinic/checks/patient-checks-merge.service.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import {
  aBreastFeedingEnquiry,
  anIdentityCheck,
  aPregnancyEnquiry,
  aSafetyCheck,
  type ChecksRoom,
  checksOn,
  makeStaff,
  mustBeMade,
  passChecks,
} from '../support/checks.factory.js';
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
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { recordsOn } from '../support/records.factory.js';

// What is asked on the day of an injection: recorded once, corrected and never edited, judged by the day.

const BOOKED_AT = '2026-03-02T09:00:00Z';
const clock = new FixedClock(BOOKED_AT);
let db: TestDatabase;
let database: Database;
let imaging: Imaging;
let department: Department;
let room: ChecksRoom;
let asker: StaffActor;
let witness: StaffActor;
let practitioner: StaffActor;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  imaging = imagingOn(database, clock, db.url);
  await makeReference(database);
  department = await makeDepartment(database);
  room = checksOn(database, clock);
  asker = await makeStaff(database, 'Sam Asker', ['IDENTIFY_PATIENT', 'ENQUIRE_PREGNANCY']);
  witness = await makeStaff(database, 'Kim Witness');
  practitioner = await makeStaff(database, 'Dr Pat Justifier', ['JUSTIFY']);
});
afterAll(async () => {
  await database.close();
  await db.drop();
});

/** Weekdays from 10 March 2026 on, one for each test: the department has one camera. */
let day = Temporal.PlainDate.from('2026-03-09');
function nextDay(): Temporal.PlainDate {
  day = day.add({ days: day.dayOfWeek === 5 ? 3 : 1 });
  return day;
}

interface Booked {
  readonly visitId: string;
  readonly patientId: string;
  readonly on: Temporal.PlainDate;
}

/** Somebody with a scan on a day; the clock stands on the morning of that day. */
async function onTheDay(dateOfBirth = '1990-06-15'): Promise<Booked> {
  const on = nextDay();
  clock.set(BOOKED_AT);
  const { patientId, referralId } = await makeReferredPatient(imaging);
  await database.client.patient.update({
    where: { id: patientId },
    data: { dateOfBirth: dateFromPlainDate(Temporal.PlainDate.from(dateOfBirth)) },
  });
  clock.set(`${on.subtract({ days: 8 }).toString()}T09:00:00Z`);
  const booking = mustBeBooked(
    await imaging.bookings.bookScan(
      RECEPTION,
      aVisit(department, referralId, `${on.toString()}T10:00:00Z`, `${on.toString()}T13:15:00Z`),
    ),
  );
  clock.set(`${on.toString()}T09:30:00Z`);
  return { visitId: booking.id, patientId, on };
}

async function standingOf({ visitId, on }: Booked) {
  const standings = await database.transaction((tx) => room.checks.standingsOn(tx, [{ visitId, on }]));
  const standing = standings.get(visitId);
  if (standing === undefined) throw new Error('no standing');
  return standing;
}

async function counts() {
  const { client } = database;
  return {
    checks: await client.visitCheck.count(),
    audit: await client.auditEntry.count({ where: { action: { startsWith: 'check.' } } }),
    outbox: await client.outboxMessage.count(),
  };
}

/** What was posted about a check, and what a notice of it would be about now. */
const toldOf = (subjectId: string) => database.client.outboxMessage.findMany({ where: { subjectId } });
const awaited = (checkId: string) => room.letters.decisionMatter(database.client, checkId);

describe('a check of identity', () => {
  let visit: Booked;
  beforeEach(async () => {
    visit = await onTheDay();
  });

  it('is recorded on the day by whoever is signed in, with its record, and noted for the scanner', async () => {
    const before = await counts();
    const check = mustBeMade(await room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId)));
    expect(check).toMatchObject({
      ...{ visitId: visit.visitId, patientId: visit.patientId, procedureCode: 'BONE_SPECT_CT' },
      ...{ madeOn: visit.on.toString(), madeById: asker.id, replacesId: null, replacedById: null },
      ...{ matched: ['NAME', 'DATE_OF_BIRTH', 'ADDRESS'], differing: [], askedOpenly: true },
    });
    expect(await counts()).toEqual({ ...before, checks: before.checks + 1, audit: before.audit + 1 });
    const entry = await database.client.auditEntry.findFirstOrThrow({ where: { subjectId: check.id } });
    expect(entry).toMatchObject({
      action: 'check.recorded',
      actorId: asker.id,
      patientIds: [visit.patientId],
    });
    const noted = { kind: 'booking', subjectId: visit.visitId };
    expect(await database.client.worklistChange.count({ where: noted })).toBeGreaterThan(0);
    const row = await database.client.visitCheck.findUniqueOrThrow({ where: { id: check.id } });
    expect(row.entitlementId).not.toBeNull();
    expect((await standingOf(visit)).identity).toMatchObject({ state: 'PASSED', byName: 'Sam Asker' });
  });

  it('counts on no other day, and is taken on no other day', async () => {
    clock.set(`${visit.on.subtract({ days: 1 }).toString()}T09:30:00Z`);
    const before = await counts();
    expect(await room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId))).toMatchObject({
      code: 'CheckNotOnTheDay',
      visitOn: visit.on.toString(),
    });
    expect(await counts()).toEqual(before);
    clock.set(`${visit.on.toString()}T09:30:00Z`);
    await room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId));
    expect((await standingOf({ ...visit, on: visit.on.add({ days: 1 }) })).identity.state).toBe('WAITING');
  });

  it('is refused to whoever is not entitled, and of a visit that does not take place', async () => {
    expect(await room.identity.recordIdentityCheck(witness, anIdentityCheck(visit.visitId))).toMatchObject({
      code: 'NotEntitledToCheck',
      act: 'IDENTIFY_PATIENT',
    });
    const cancelled = { scanBookingId: visit.visitId, reason: 'OTHER', comment: 'for a test' } as const;
    await imaging.bookings.cancelScan(RECEPTION, cancelled);
    expect(await room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId))).toMatchObject({
      code: 'VisitNotToBeChecked',
    });
  });

  it('that was wrong stays, and another stands instead of it with a reason', async () => {
    const wrong = mustBeMade(
      await room.identity.recordIdentityCheck(
        asker,
        anIdentityCheck(visit.visitId, { matched: ['NAME', 'ADDRESS'], differing: ['DATE_OF_BIRTH'] }),
      ),
    );
    expect((await standingOf(visit)).identity).toMatchObject({
      state: 'FAILED',
      reasonCode: 'IDENTITY_DIFFERS',
    });
    const again = anIdentityCheck(visit.visitId);
    expect(await room.identity.recordIdentityCheck(asker, again)).toMatchObject({
      code: 'CheckAlreadyMade',
      standingId: wrong.id,
    });
    await expect(
      room.identity.recordIdentityCheck(asker, { ...again, replacesId: wrong.id }),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const instead = { ...again, replacesId: wrong.id, replaceReason: 'Misheard the year' };
    const right = mustBeMade(await room.identity.recordIdentityCheck(asker, instead));
    expect(right).toMatchObject({ replacesId: wrong.id, replaceReason: 'Misheard the year' });
    expect((await standingOf(visit)).identity.state).toBe('PASSED');
    expect(await room.identity.recordIdentityCheck(asker, instead)).toMatchObject({ standingId: right.id });
    const shown = await room.records.visitChecks(asker, visit.visitId);
    expect(shown.identityChecks).toMatchObject([
      { id: wrong.id, replacedById: right.id, differing: ['DATE_OF_BIRTH'] },
      { id: right.id, replacedById: null },
    ]);
  });

  it('is recorded once by fifty who record it at one moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId)),
      ),
    );
    const refused = answers.filter((answer) => 'code' in answer && answer.code === 'CheckAlreadyMade');
    expect(refused).toHaveLength(49);
    expect(await database.client.visitCheck.count({ where: { visitId: visit.visitId } })).toBe(1);
  });

  it('cannot be edited or removed by anybody', async () => {
    const { id } = mustBeMade(await room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId)));
    const { client } = database;
    await expect(client.visitCheck.update({ where: { id }, data: { replaceReason: 'x' } })).rejects.toThrow();
    await expect(
      client.identityCheck.update({ where: { checkId: id }, data: { askedOpenly: false } }),
    ).rejects.toThrow();
    await expect(client.identityCheck.delete({ where: { checkId: id } })).rejects.toThrow();
    await expect(client.visitCheck.delete({ where: { id } })).rejects.toThrow();
    for (const table of ['visit_checks', 'identity_checks', 'check_decisions', 'pregnancy_policies']) {
      await expect(client.$executeRawUnsafe(`TRUNCATE ${table} CASCADE`)).rejects.toThrow();
    }
  });
});

describe('the question about pregnancy', () => {
  it('is witnessed by somebody else, in their own session', async () => {
    const visit = await onTheDay();
    const enquiry = mustBeMade(
      await room.pregnancy.recordPregnancyEnquiry(
        asker,
        aPregnancyEnquiry(visit.visitId, { lastPeriodOn: '2026-02-20', lastPeriodUnknownWhy: null }),
      ),
    );
    expect(enquiry).toMatchObject({ answer: 'NO', lastPeriodOn: '2026-02-20', witness: null, decisions: [] });
    expect((await standingOf(visit)).pregnancy).toMatchObject({
      state: 'WAITING',
      reasonCode: 'NOT_WITNESSED',
    });
    expect(await room.decisions.witnessPregnancyEnquiry(asker, enquiry.id)).toMatchObject({
      code: 'WitnessIsAsker',
    });
    await expect(
      database.client.checkWitness.create({
        data: { checkId: enquiry.id, witnessedById: asker.id, witnessedAt: new Date(0) },
      }),
    ).rejects.toThrow();
    expect(await room.decisions.witnessPregnancyEnquiry(witness, enquiry.id)).toMatchObject({
      witness: { witnessedById: witness.id },
    });
    expect(await room.decisions.witnessPregnancyEnquiry(witness, enquiry.id)).toMatchObject({
      code: 'AlreadyWitnessed',
    });
    expect((await standingOf(visit)).pregnancy).toMatchObject({
      state: 'PASSED',
      needed: true,
      answer: 'NO',
    });
  });

  it('that cannot be excluded goes to a practitioner, whose decision counts and may be replaced', async () => {
    const visit = await onTheDay();
    const enquiry = mustBeMade(
      await room.pregnancy.recordPregnancyEnquiry(
        asker,
        aPregnancyEnquiry(visit.visitId, { answer: 'CANNOT_BE_EXCLUDED' }),
      ),
    );
    mustBeMade(await room.decisions.witnessPregnancyEnquiry(witness, enquiry.id));
    expect((await standingOf(visit)).pregnancy.reasonCode).toBe('PRACTITIONER_TO_DECIDE');
    expect(await toldOf(enquiry.id)).toMatchObject([{ topic: 'check.decision-awaited', version: 0 }]);
    expect(await awaited(enquiry.id)).toMatchObject({ visitId: visit.visitId });
    const wish = { checkId: enquiry.id, verdict: 'DO_NOT_PROCEED', reason: 'Test first' } as const;
    await expect(room.decisions.decideOnCheck(practitioner, wish)).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const advised = { ...wish, advice: 'Come back with a test' };
    expect(await room.decisions.decideOnCheck(asker, advised)).toMatchObject({
      code: 'NotEntitledToCheck',
      act: 'JUSTIFY',
    });
    const no = mustBeMade(await room.decisions.decideOnCheck(practitioner, advised));
    expect(no).toMatchObject({ verdict: 'DO_NOT_PROCEED', decidedById: practitioner.id });
    expect(await awaited(enquiry.id)).toBeNull();
    expect((await standingOf(visit)).pregnancy).toMatchObject({
      state: 'FAILED',
      byName: 'Dr Pat Justifier',
    });
    const yes = { ...advised, verdict: 'PROCEED', reason: 'Test negative' } as const;
    expect(await room.decisions.decideOnCheck(practitioner, yes)).toMatchObject({
      code: 'CheckAlreadyDecided',
      standingId: no.id,
    });
    mustBeMade(await room.decisions.decideOnCheck(practitioner, { ...yes, replacesId: no.id }));
    expect((await standingOf(visit)).pregnancy).toMatchObject({
      state: 'PASSED',
      reasonCode: 'PRACTITIONER_SAID_YES',
      answer: 'CANNOT_BE_EXCLUDED',
    });
    const entries = await database.client.auditEntry.findMany({ where: { subjectId: enquiry.id } });
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      'check.decided',
      'check.decided',
      'check.recorded',
      'check.witnessed',
    ]);
  });

  it('has nothing to decide where the answer is no, and nothing is said of a record that was replaced', async () => {
    const visit = await onTheDay();
    const first = mustBeMade(
      await room.pregnancy.recordPregnancyEnquiry(asker, aPregnancyEnquiry(visit.visitId)),
    );
    expect(await toldOf(first.id)).toEqual([]);
    const wish = { checkId: first.id, verdict: 'PROCEED', reason: 'x', advice: 'x' } as const;
    expect(await room.decisions.decideOnCheck(practitioner, wish)).toMatchObject({ code: 'NothingToDecide' });
    const second = mustBeMade(
      await room.pregnancy.recordPregnancyEnquiry(
        asker,
        aPregnancyEnquiry(visit.visitId, {
          ...{ potential: 'NO', answer: 'NOT_APPLICABLE', lastPeriodUnknownWhy: null },
          ...{ notApplicableReason: 'No womb', replacesId: first.id, replaceReason: 'Said so afterwards' },
        }),
      ),
    );
    expect(await room.decisions.decideOnCheck(practitioner, wish)).toMatchObject({
      code: 'CheckReplaced',
      standingId: second.id,
    });
    expect(await room.decisions.witnessPregnancyEnquiry(witness, first.id)).toMatchObject({
      code: 'CheckReplaced',
    });
  });

  it.each([
    ['the day before the twelfth birthday', { years: 12 }, 1, 'NOT_APPLICABLE'],
    ['the twelfth birthday', { years: 12 }, 0, 'WAITING'],
    ['the day before the fifty-sixth birthday', { years: 56 }, 1, 'WAITING'],
    ['the fifty-sixth birthday', { years: 56 }, 0, 'NOT_APPLICABLE'],
  ])('is asked or not on %s', async (_when, age, later, state) => {
    const on = day.add({ days: day.dayOfWeek === 5 ? 3 : 1 });
    const visit = await onTheDay(on.add({ days: later }).subtract(age).toString());
    const { pregnancy, breastFeeding } = await standingOf(visit);
    expect([pregnancy.state, breastFeeding.state]).toEqual([state, state]);
    expect(pregnancy.needed).toBe(state === 'WAITING');
  });
});

describe('the question about breast-feeding', () => {
  it('is answered with advice by the policy of the day, over the change of the clock', async () => {
    clock.set(BOOKED_AT);
    expect(
      await room.feedingPolicies.setBreastFeedingPolicy(asker, {
        ...{ procedureCode: 'BONE_SPECT_CT', ageFrom: 12, ageTo: 60, wording: 'Do you breast-feed?' },
        ...{ interruptionHours: 96, feedsDiscarded: 3, adviceWording: 'Stop.', source: 'for a test' },
        effectiveFrom: '2026-03-27',
      }),
    ).toMatchObject({ interruptionHours: 96 });
    while (day.toString() < '2026-03-26') nextDay();
    const visit = await onTheDay();
    expect(visit.on.toString()).toBe('2026-03-27');
    const enquiry = mustBeMade(
      await room.feeding.recordBreastFeedingEnquiry(
        asker,
        aBreastFeedingEnquiry(visit.visitId, { answer: 'YES', advice: 'Stop for four days.' }),
      ),
    );
    // 96 hours after the end of the injection at 10:15 in winter time: 11:15 by the clocks of summer time.
    expect(enquiry.resumeAt?.toString()).toBe('2026-03-31T10:15:00Z');
    expect(enquiry).toMatchObject({
      interruptionHours: 96,
      feedsDiscarded: 3,
      advice: 'Stop for four days.',
    });
    expect((await standingOf(visit)).breastFeeding).toMatchObject({
      state: 'PASSED',
      answer: 'YES',
      interruptionHours: 96,
    });
    const shown = await room.records.visitChecks(asker, visit.visitId);
    expect(shown.breastFeedingPolicy).toMatchObject({
      procedureCode: 'BONE_SPECT_CT',
      interruptionHours: 96,
    });
  });
});

describe('the safety checklist', () => {
  const changed = (code: string, reply: 'YES' | 'NO' | 'NOT_SURE') =>
    aSafetyCheck('').answers.map((answer) => (answer.code === code ? { code, reply } : answer));

  it('is gone through whole', async () => {
    const visit = await onTheDay();
    const short = aSafetyCheck(visit.visitId, { answers: [], weightKg: null });
    expect(await room.safety.recordSafetyCheck(asker, short)).toMatchObject({
      code: 'SafetyItemsDiffer',
      unanswered: expect.arrayContaining(['WEIGHT', 'LIES_STILL', 'ALLERGY']),
    });
    const check = mustBeMade(await room.safety.recordSafetyCheck(asker, aSafetyCheck(visit.visitId)));
    expect(check).toMatchObject({
      weightKg: 72.5,
      weightLimitKg: 180,
      cameraId: department.cameraId,
      concerns: [],
    });
    expect(check.answers.map(({ code }) => code).slice(0, 2)).toEqual(['LIES_STILL', 'CLAUSTROPHOBIA']);
    expect(await standingOf(visit)).toMatchObject({ safety: { state: 'PASSED' }, weightKg: 72.5 });
  });

  it('waits for whom it names where an answer is another', async () => {
    const visit = await onTheDay();
    const check = mustBeMade(
      await room.safety.recordSafetyCheck(
        asker,
        aSafetyCheck(visit.visitId, { answers: changed('RENAL_FAILURE', 'NOT_SURE') }),
      ),
    );
    expect(check).toMatchObject({ concerns: ['RENAL_FAILURE'], decidedBy: 'PRACTITIONER' });
    expect(await toldOf(check.id)).toHaveLength(1);
    const again = { replacesId: check.id, replaceReason: 'Asked again' };
    const known = mustBeMade(await room.safety.recordSafetyCheck(asker, aSafetyCheck(visit.visitId, again)));
    expect([await awaited(check.id), await toldOf(known.id)]).toEqual([null, []]);
    const doubted = { replacesId: known.id, replaceReason: 'And again' };
    const latest = mustBeMade(
      await room.safety.recordSafetyCheck(
        asker,
        aSafetyCheck(visit.visitId, { answers: changed('RENAL_FAILURE', 'NOT_SURE'), ...doubted }),
      ),
    );
    expect((await standingOf(visit)).safety.state).toBe('WAITING');
    const wish = { checkId: latest.id, verdict: 'PROCEED', reason: 'Function is known' } as const;
    const operator = await makeStaff(database, 'Olu Operator', ['ADMINISTER_TRACER']);
    expect(await room.decisions.decideOnCheck(operator, wish)).toMatchObject({ code: 'NotEntitledToCheck' });
    mustBeMade(await room.decisions.decideOnCheck(practitioner, wish));
    expect((await standingOf(visit)).safety).toMatchObject({ state: 'PASSED', byName: 'Dr Pat Justifier' });
  });

  it('lets an operator decide what is an operator’s, and nobody what is nobody’s', async () => {
    const visit = await onTheDay();
    const operator = await makeStaff(database, 'Olu Operator', ['ADMINISTER_TRACER']);
    const afraid = mustBeMade(
      await room.safety.recordSafetyCheck(
        asker,
        aSafetyCheck(visit.visitId, { answers: changed('CLAUSTROPHOBIA', 'YES') }),
      ),
    );
    expect(await toldOf(afraid.id)).toEqual([]);
    const wish = { checkId: afraid.id, verdict: 'PROCEED', reason: 'Eyes closed' } as const;
    mustBeMade(await room.decisions.decideOnCheck(operator, wish));
    clock.set(BOOKED_AT);
    const limit = {
      resourceId: department.cameraId,
      limitKg: 200,
      effectiveFrom: '2026-03-02',
      source: 'plate',
    };
    expect(await room.limits.setTableWeightLimit(asker, limit)).toMatchObject({ limitKg: 200 });
    expect(await room.limits.setTableWeightLimit(asker, limit)).toMatchObject({
      code: 'CheckPolicyAlreadySet',
    });
    clock.set(`${visit.on.toString()}T09:40:00Z`);
    const heavier = (weightKg: number, replacesId: string) =>
      room.safety.recordSafetyCheck(
        asker,
        aSafetyCheck(visit.visitId, { weightKg, replacesId, replaceReason: 'Weighed again' }),
      );
    const exact = mustBeMade(await heavier(200, afraid.id));
    expect((await standingOf(visit)).safety.state).toBe('PASSED');
    const over = mustBeMade(await heavier(200.1, exact.id));
    expect(over).toMatchObject({ concerns: ['WEIGHT'], decidedBy: 'NOBODY', weightLimitKg: 200 });
    expect((await standingOf(visit)).safety.state).toBe('FAILED');
    expect(await room.decisions.decideOnCheck(practitioner, { ...wish, checkId: over.id })).toMatchObject({
      code: 'NotToBeDecided',
      items: ['WEIGHT'],
    });
  });
});

describe('a decision that is awaited', () => {
  const doubted = async ({ visitId }: Booked) => {
    const entry = aPregnancyEnquiry(visitId, { answer: 'YES' });
    return mustBeMade(await room.pregnancy.recordPregnancyEnquiry(asker, entry));
  };

  it('is told of no more when the visit came to nothing', async () => {
    const visit = await onTheDay();
    const { id } = await doubted(visit);
    expect(await awaited(id)).toMatchObject({ visitId: visit.visitId, patientId: visit.patientId });
    const cancelled = { scanBookingId: visit.visitId, reason: 'OTHER', comment: 'for a test' } as const;
    await imaging.bookings.cancelScan(RECEPTION, cancelled);
    expect(await awaited(id)).toBeNull();
  });

  it('is told of no more when the visit is on another day, on which all is asked anew', async () => {
    const visit = await onTheDay();
    const { id } = await doubted(visit);
    expect(await awaited(id)).not.toBeNull();
    const of = { where: { id: visit.visitId } };
    const { referralId, version } = await database.client.scanBooking.findUniqueOrThrow(of);
    const to = nextDay().toString();
    const wish = aVisit(department, referralId, `${to}T10:00:00Z`, `${to}T13:15:00Z`);
    // Only when it is not too late to move it; the check was made on its day all the same.
    clock.set(`${visit.on.subtract({ days: 8 }).toString()}T10:00:00Z`);
    const move = { ...wish, scanBookingId: visit.visitId, version };
    mustBeBooked(await imaging.bookings.moveScan(RECEPTION, move));
    expect(await awaited(id)).toBeNull();
  });
});

describe('dated rows', () => {
  const policy = {
    ...{ ageFrom: 10, ageTo: 60, potentialWording: 'Could you?', pregnancyWording: 'Are you?' },
    ...{ lastPeriodWording: 'When?', needsWitness: false, source: 'for a test' },
  };

  it('are added from today on, once a day, and never changed', async () => {
    clock.set(BOOKED_AT);
    const set = (effectiveFrom: string) =>
      room.pregnancyPolicies.setPregnancyPolicy(asker, { ...policy, effectiveFrom });
    expect(await set('2026-03-01')).toMatchObject({ code: 'CheckPolicyInThePast' });
    const added = mustBeMade(await set('2030-01-01'));
    expect(await set('2030-01-01')).toMatchObject({ code: 'CheckPolicyAlreadySet' });
    await expect(
      room.pregnancyPolicies.setPregnancyPolicy(asker, { ...policy, ageTo: 9, effectiveFrom: '2030-01-02' }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const { client } = database;
    await expect(
      client.pregnancyPolicy.update({ where: { id: added.id }, data: { ageTo: 99 } }),
    ).rejects.toThrow();
    expect(
      await client.auditEntry.count({ where: { subjectId: added.id, action: 'pregnancy-policy.set' } }),
    ).toBe(1);
  });

  it('of a checklist hold from their day on', async () => {
    clock.set(BOOKED_AT);
    const item = {
      code: 'PACEMAKER',
      kind: 'YES_OR_NO',
      wording: 'Pacemaker?',
      expected: 'NO',
      decidedBy: 'PRACTITIONER',
    } as const;
    const set = (items: readonly (typeof item)[], effectiveFrom: string) =>
      room.templates.setSafetyTemplate(asker, {
        procedureCode: 'OTHER',
        effectiveFrom,
        source: 'for a test',
        items,
      });
    await expect(set([item, item], '2026-03-02')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const added = mustBeMade(await set([item], '2026-03-02'));
    const on = (text: string) =>
      database.transaction(
        async (tx) => (await room.templates.inForce(tx, 'OTHER', Temporal.PlainDate.from(text)))?.id,
      );
    expect(await on('2026-03-02')).toBe(added.id);
    expect(await on('2026-03-01')).not.toBe(added.id);
  });
});

describe('a record without a number or an address', () => {
  it('has nothing that these points of identity could be held against', async () => {
    const visit = await onTheDay();
    const points = { matched: ['NAME', 'DATE_OF_BIRTH', 'NHS_NUMBER'] } as const;
    const made = room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId, points));
    await expect(made).rejects.toMatchObject({
      ...{ code: 'BAD_INPUT', message: expect.stringContaining('has no NHS_NUMBER') },
    });
    const { patientId } = await database.client.visit.findUniqueOrThrow({ where: { id: visit.visitId } });
    await database.client.patient.update({
      where: { id: patientId },
      data: { addressLines: [], postcode: null },
    });
    const address = room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId));
    await expect(address).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const local = { matched: ['NAME', 'DATE_OF_BIRTH', 'LOCAL_NUMBER'] } as const;
    mustBeMade(await room.identity.recordIdentityCheck(asker, anIdentityCheck(visit.visitId, local)));
  });
});

describe('other rooms', () => {
  it('copy the checks for the patient, and let go of them with nobody’s leave', async () => {
    const visit = await onTheDay();
    await passChecks(room, visit.visitId);
    const access = new CheckAccessService(new SubjectAccess());
    const sections = await database.transaction((tx) => access.collect(tx, visit.patientId));
    expect(sections.map(({ name, records }) => [name, records.length])).toEqual([
      ['identity-checks', 1],
      ['pregnancy-enquiries', 1],
      ['breast-feeding-enquiries', 1],
      ['safety-checks', 1],
    ]);
    const retention = new CheckRetentionService(new RetentionClasses());
    const facts = await database.transaction((tx) => retention.facts(tx, [visit.patientId]));
    expect(facts.get(visit.patientId)?.lastContactOn?.equals(visit.on)).toBe(true);
    await expect(
      database.transaction((tx) => retention.destroy(tx, asker, visit.patientId)),
    ).rejects.toThrow();
    const merges = new PatientChecksMergeService(new PatientMergeFollowers());
    const preview = await database.transaction((tx) => merges.preview(tx, visit.patientId, visit.patientId));
    expect(Object.values(preview.rows)).toEqual([4]);
  });

  it('destroy them with the whole record, and with nobody else’s', async () => {
    const [gone, stays] = [await onTheDay(), await onTheDay()];
    clock.set(`${gone.on.toString()}T09:30:00Z`);
    await passChecks(room, gone.visitId);
    clock.set(`${stays.on.toString()}T09:30:00Z`);
    await passChecks(room, stays.visitId);
    // Written while both were taken for one person: it belongs to its visit, which has gone back since.
    const { client } = database;
    const [one] = await client.visitCheck.findMany({ where: { visitId: stays.visitId, kind: 'IDENTITY' } });
    if (one === undefined) throw new Error('identity was checked');
    const madeOn = dateFromPlainDate(Temporal.PlainDate.from('2026-03-01'));
    const asOne = { ...one, id: randomUUID(), madeOn, patientId: gone.patientId };
    await client.visitCheck.create({ data: asOne });
    const records = await recordsOn(database, clock);
    new CheckRetentionService(records.get(RetentionClasses));
    await database.client.patient.updateMany({
      where: { id: { not: gone.patientId } },
      data: { dateOfBirth: dateFromPlainDate(Temporal.PlainDate.from('2034-01-01')) },
    });
    clock.set('2035-01-01T09:00:00Z');
    await records.destroyAll();
    const of = ({ visitId }: Booked) => database.client.visitCheck.count({ where: { visitId } });
    expect([await of(gone), await of(stays)]).toEqual([0, 5]);
    for (const part of [
      'identityCheck',
      'pregnancyEnquiry',
      'breastFeedingEnquiry',
      'safetyCheck',
    ] as const) {
      const where = { check: { visitId: gone.visitId } };
      const found = await (database.client[part] as { count(wish: object): Promise<number> }).count({
        where,
      });
      expect([part, found]).toEqual([part, 0]);
    }
    await records.module.close();
  });

  it('hear of all checks of a visit in one look, which is recorded', async () => {
    const visit = await onTheDay();
    await passChecks(room, visit.visitId);
    const shown = await room.records.visitChecks(asker, visit.visitId);
    expect(
      [shown.identity, shown.pregnancy, shown.breastFeeding, shown.safety].map(({ state }) => state),
    ).toEqual(['PASSED', 'PASSED', 'PASSED', 'PASSED']);
    expect(shown.safetyTemplate?.items.map(({ code }) => code)[0]).toBe('WEIGHT');
    const looks = { action: 'checks.viewed', subjectId: visit.visitId };
    expect(await database.client.auditEntry.count({ where: looks })).toBe(1);
  });
});
