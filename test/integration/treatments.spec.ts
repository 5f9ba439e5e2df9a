import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import type { AddComplicationInput } from '../../src/clinic/treatments/treatment-given.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aFinding, makeReport, makeReporter, mustBe, reportsOn } from '../support/reports.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';
import {
  aGiven,
  aPause,
  aPlan,
  aRequest,
  asBooker,
  aTarget,
  consentTo,
  makeDone,
  makeOperator,
  makePlanned,
  makeStarted,
  makeSubject,
  publishProcedureWording,
  type Subject,
  sayPain,
  type TreatmentsRoom,
  treatmentsOn,
} from '../support/treatments.factory.js';

// Treatments: asked for, planned by terms, paused on the right side, started, given, put right.

const NOW = '2027-03-02T09:00:00Z';
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: TreatmentsRoom;
let ada: StaffActor;
let subject: Subject;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = treatmentsOn(database, clock);
  ada = await makeOperator(database);
  await publishProcedureWording(room);
});
beforeEach(async () => {
  clock.set(NOW);
  subject = await makeSubject(room);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const request = (parts = {}, key: string | null = null) =>
  room.requests.requestTreatment(asBooker(ada, key), aRequest(subject, parts));
const pause = (treatment: Treatment, parts = {}) =>
  room.pauses.recordSafetyPause(
    asBooker(ada),
    aPause(treatment, clock.now(), { presentIds: [ada.id], ...parts }),
  );
const start = ({ id: treatmentId, version }: Treatment, actor = ada) =>
  room.starts.startTreatment(actor, { treatmentId, version });
const give = (treatment: Treatment, parts = {}) =>
  room.given.recordTreatmentGiven(asBooker(ada), aGiven(treatment, clock.now(), parts));
const actionsOf = async (id: string) => {
  const rows = await database.client.auditEntry.findMany({
    where: { subjectId: id },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ action }) => action);
};
const tell = () => database.client.outboxMessage.findMany({ where: { topic: 'treatment.done' } });
const planIt = async (wish: Parameters<typeof makePlanned>[3] = {}) => makePlanned(room, ada, subject, wish);

/** A signed finding of the left facet joint of L4/L5, and its correction. */
async function makeFinding() {
  const reports = reportsOn(database, clock);
  const reporter = await makeReporter(database);
  const scan = await makeScan(database, clock, { patientId: subject.patientId });
  await makeReport(reports, reporter, scan.id);
  const finding = await database.client.scanReportFinding.findFirstOrThrow({
    where: { scanBookingId: scan.id },
  });
  const correct = async () => {
    const correction = { ...aCorrection(), findings: [aFinding({ side: 'RIGHT' })] };
    mustBe(
      await reports.addenda.addReportAddendum(reporter, {
        ...{ scanBookingId: scan.id, seenVersion: 1, text: 'The side was wrong.', correction },
      }),
    );
  };
  return { finding, correct };
}

describe('a request', () => {
  it('says why, where and what else was offered, and is recorded', async () => {
    const asked = mustBe(await request());
    expect(asked).toMatchObject({
      ...{ ...subject, status: 'REQUESTED', origin: 'MANUAL', procedureCode: 'MEDIAL_BRANCH_BLOCK' },
      targets: [{ level: 'L4_L5', side: 'LEFT', findingId: null, inWords: 'L4/L5 facet joint, left' }],
      allowedActions: ['plan', 'book', 'decline', 'cancel'],
    });
    expect(await actionsOf(asked.id)).toEqual(['treatment.requested']);
  });

  it('is for the patient’s own referral, with places that fit', async () => {
    const other = await makeSubject(room);
    expect(codeOf(await request({ referralId: other.referralId }))).toBe('ReferralOfSomebodyElse');
    expect(codeOf(await request({ targets: [aTarget({ level: null })] }))).toBe('PlacesDoNotFit');
    await expect(request({ targets: [aTarget({ noFindingBecause: null })] })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(request({ kind: 'OTHER' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await database.client.treatment.count({ where: { patientId: subject.patientId } })).toBe(0);
  });

  it('rests on a finding of the patient’s that stands, and on no other', async () => {
    const reports = reportsOn(database, clock);
    const reporter = await makeReporter(database);
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    await makeReport(reports, reporter, scan.id);
    const finding = await database.client.scanReportFinding.findFirstOrThrow({
      where: { scanBookingId: scan.id },
    });
    const rests = (findingId: string, parts = {}) =>
      request({ targets: [aTarget({ findingId, noFindingBecause: null, ...parts })] });
    const asked = mustBe(await rests(finding.id));
    expect(asked.targets).toMatchObject([{ findingId: finding.id, noFindingBecause: null }]);
    expect(codeOf(await rests(finding.id, { side: 'RIGHT' }))).toBe('FindingNotStanding');
    expect(codeOf(await rests(randomUUID()))).toBe('FindingNotStanding');
    const correction = { ...aCorrection(), findings: [aFinding({ side: 'RIGHT' })] };
    mustBe(
      await reports.addenda.addReportAddendum(reporter, {
        ...{ scanBookingId: scan.id, seenVersion: 1, text: 'The side was wrong.', correction },
      }),
    );
    expect(codeOf(await rests(finding.id))).toBe('FindingNotStanding');
    // What was asked for because of it, too: when it is planned, and again before a needle goes in.
    const same = asked.targets.map(({ position: _position, inWords: _inWords, ...target }) => target);
    const plan = aPlan(asked, { proceedBecause: 'Agreed.', targets: same });
    expect(codeOf(await room.plans.planTreatment(ada, plan))).toBe('FindingNotStanding');
  });

  it('whose finding is of one side is not for both', async () => {
    const { finding } = await makeFinding();
    const target = aTarget({ findingId: finding.id, noFindingBecause: null });
    expect(codeOf(await request({ targets: [{ ...target, side: 'BILATERAL' }] }))).toBe('FindingNotStanding');
    const asked = mustBe(await request({ targets: [target] }));
    const plan = aPlan(asked, { proceedBecause: 'Agreed.', targets: [{ ...target, level: 'L5_S1' }] });
    expect(codeOf(await room.plans.planTreatment(ada, plan))).toBe('FindingNotStanding');
  });

  it('whose report was corrected after it was planned does not start', async () => {
    const { finding, correct } = await makeFinding();
    const target = aTarget({ findingId: finding.id, noFindingBecause: null });
    const planned = await planIt({ request: { targets: [target] } });
    const paused = mustBe(await pause(planned));
    await correct();
    expect(codeOf(await start(paused))).toBe('FindingNotStanding');
    expect(await database.client.treatment.findUnique({ where: { id: planned.id } })).toMatchObject({
      status: 'PLANNED',
    });
  });

  it('that is sent twice with a key is one treatment, and of many at once from one decision one is', async () => {
    const key = randomUUID();
    const both = [mustBe(await request({}, key)), mustBe(await request({}, key))];
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    const wish = { ...aRequest(subject), origin: 'DECISION_ACTION' as const, originId: randomUUID() };
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        database.transaction((tx) => room.treatments.request(tx, ada, wish)),
      ),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'AlreadyRequested']));
  });

  it('may be taken back or declined with a reason, and then stays so', async () => {
    const { id: treatmentId, version } = mustBe(await request());
    const end = { treatmentId, version, reason: 'The patient would rather wait.' };
    expect(codeOf(await room.requests.cancelTreatment(ada, { ...end, version: 7 }))).toBe('TreatmentChanged');
    expect(mustBe(await room.requests.cancelTreatment(ada, end))).toMatchObject({
      ...{ status: 'CANCELLED', endReason: end.reason, allowedActions: [] },
    });
    expect(codeOf(await room.requests.declineTreatment(ada, end))).toBe('TreatmentStandsOtherwise');
  });
});

describe('a plan', () => {
  it('is judged by the terms of the day, and goes on against them with a reason only', async () => {
    const asked = mustBe(await request({ conservativeWeeks: 4 }));
    await sayPain(room, subject.patientId, 3);
    const refused = await room.plans.planTreatment(ada, aPlan(asked));
    expect(refused).toMatchObject({
      ...{ code: 'TermsNotMet', mayGoOn: true, criteria: ['PAIN_SCORE', 'CONSERVATIVE_CARE'] },
    });
    const planned = mustBe(
      await room.plans.planTreatment(ada, aPlan(asked, { proceedBecause: 'Cannot do physiotherapy.' })),
    );
    expect(planned).toMatchObject({
      status: 'PLANNED',
      plan: { number: 1, unmetCriteria: ['PAIN_SCORE', 'CONSERVATIVE_CARE'] },
    });
    const eligibility = await room.eligibility.treatmentEligibility(ada, planned.id);
    expect(eligibility.criteria.map(({ criterion, verdict }) => [criterion, verdict])).toEqual([
      ['PAIN_SCORE', 'FAILED'],
      ['CONSERVATIVE_CARE', 'FAILED'],
      ['STEROID_CEILING', 'PASSED'],
    ]);
  });

  it('is judged by the usual pain, and not by what is felt while an earlier treatment still works', async () => {
    await sayPain(room, subject.patientId, 8);
    await makeDone(room, ada, subject);
    clock.advance({ hours: 24 });
    await sayPain(room, subject.patientId, 2);
    const asked = mustBe(await request());
    const painOf = async () => {
      const { criteria } = await room.eligibility.treatmentEligibility(ada, asked.id);
      return criteria.find(({ criterion }) => criterion === 'PAIN_SCORE')?.verdict;
    };
    expect(await painOf()).toBe('PASSED');
    clock.advance({ hours: 48 });
    await sayPain(room, subject.patientId, 2);
    expect(await painOf()).toBe('FAILED');
    clock.advance({ hours: 24 * 366 });
    expect(await painOf()).toBe('UNKNOWN');
  });

  it('by an insurer’s mandatory terms is refused, whatever is said', async () => {
    const payerCode = 'INSURER_A';
    mustBe(
      await room.policies.setTreatmentPolicy(ada, {
        ...{ kind: 'MEDIAL_BRANCH_BLOCK', payerCode, enforcement: 'MANDATORY', conservativeWeeksMin: 26 },
        ...{ effectiveFrom: '2027-03-02', source: 'The insurer’s letter.' },
      }),
    );
    const asked = mustBe(await request({ payerCode }));
    const refused = await room.plans.planTreatment(ada, aPlan(asked, { proceedBecause: 'Please.' }));
    expect(refused).toMatchObject({ code: 'TermsNotMet', mayGoOn: false });
  });

  it('looks at what may forbid it, justifies X-rays, and is done anew by another version', async () => {
    await sayPain(room, subject.patientId, 7);
    const asked = mustBe(await request());
    const plan = (parts = {}, actor = ada) => room.plans.planTreatment(actor, aPlan(asked, parts));
    expect(codeOf(await plan({ aspects: [] }))).toBe('NotLookedAt');
    expect(codeOf(await plan({ justification: null }))).toBe('NotLookedAt');
    expect(codeOf(await plan({ agents: [{ agentCode: 'WATER' }] }))).toBe('AgentNotKnown');
    const nobody = await makeOperator(database, { acts: [] });
    expect(codeOf(await plan({}, nobody))).toBe('NotEntitledToExpose');
    const first = mustBe(await plan());
    expect(codeOf(await room.plans.planTreatment(ada, aPlan(first)))).toBe('NotLookedAt');
    const second = mustBe(
      await room.plans.planTreatment(
        ada,
        aPlan(first, { replanBecause: 'Both sides hurt.', targets: [aTarget({ side: 'BILATERAL' })] }),
      ),
    );
    expect(second).toMatchObject({ planVersion: 2, targets: [{ side: 'BILATERAL' }] });
    expect(second.plans.map(({ targets }) => targets.map(({ side }) => side))).toEqual([
      ['LEFT'],
      ['BILATERAL'],
    ]);
    expect(await actionsOf(asked.id)).toEqual([
      ...['treatment.requested', 'treatment.planned', 'treatment.replanned'],
    ]);
  });
});

describe('a safety pause', () => {
  it('that finds everything right lets the treatment start, for a quarter of an hour', async () => {
    const planned = await planIt();
    expect(codeOf(await start(planned))).toBe('PauseTooLongAgo');
    const paused = mustBe(await pause(planned));
    expect(paused.pauses).toMatchObject([{ planVersion: 1, presentNames: ['Nurse Ana Lee'] }]);
    clock.advance({ minutes: 15, seconds: 1 });
    expect(codeOf(await start(paused))).toBe('PauseTooLongAgo');
    const again = mustBe(await pause(paused));
    clock.advance({ minutes: 15 });
    expect(mustBe(await start(again))).toMatchObject({ status: 'IN_PROGRESS', startedById: ada.id });
  });

  it.each(['CONSENT', 'MARK', 'IMAGE', 'PLAN'] as const)(
    'refuses the wrong side and level from %s',
    async (source) => {
      const planned = await planIt();
      const reading = (level: 'L4_L5' | 'L5_S1', side: 'LEFT' | 'RIGHT') =>
        aPause(planned, clock.now()).readings.map((one) =>
          one.source === source ? { source, places: [{ level, side }] } : one,
        );
      const wrong = await pause(planned, { readings: reading('L4_L5', 'RIGHT') });
      expect(wrong).toMatchObject({ code: 'WrongSide', source, planned: 'left L4/L5', read: 'right L4/L5' });
      expect(codeOf(await pause(planned, { readings: reading('L5_S1', 'LEFT') }))).toBe('WrongLevel');
      expect(codeOf(await start(planned))).toBe('PauseTooLongAgo');
      expect(await database.client.treatmentPause.count({ where: { treatmentId: planned.id } })).toBe(0);
      expect((await actionsOf(planned.id)).slice(-2)).toEqual(
        Array.from({ length: 2 }, () => 'treatment.pause-refused'),
      );
    },
  );

  it('asks for the consent to these very places, confirmed, and again at the start', async () => {
    const asked = mustBe(await request());
    const planned = mustBe(await room.plans.planTreatment(ada, aPlan(asked, { proceedBecause: 'Agreed.' })));
    expect(codeOf(await pause(planned))).toBe('ProcedureConsentMissing');
    await consentTo(room, planned, { side: 'RIGHT', levels: ['L4/5'] });
    expect(await pause(planned)).toMatchObject({ code: 'WrongSide', source: 'CONSENT' });
    await consentTo(room, planned, { side: 'LEFT', levels: ['L3/4'] });
    expect(codeOf(await pause(planned))).toBe('WrongSide');
    await consentTo(room, planned);
    const paused = mustBe(await pause(planned));
    mustBe(
      await room.consents.consent.withdrawConsent(ada, {
        ...{ patientId: subject.patientId, purpose: 'PROCEDURE', procedureCode: planned.procedureCode },
        ...{ givenBy: 'PATIENT', method: 'IN_PERSON' },
      }),
    );
    expect(codeOf(await start(paused))).toBe('ProcedureConsentMissing');
  });

  it('asks who it is and what may forbid it, of two people at least', async () => {
    const planned = await planIt();
    expect(codeOf(await pause(planned, { isPatientConfirmed: false }))).toBe('PatientNotConfirmed');
    expect(codeOf(await pause(planned, { answers: [] }))).toBe('PauseNotPassed');
    await expect(pause(planned, { presentNames: [] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(codeOf(await pause(planned, { planVersion: 2 }))).toBe('TreatmentChanged');
  });

  it('counts only for the plan that it was held for', async () => {
    const planned = await planIt();
    const paused = mustBe(await pause(planned));
    const replanned = mustBe(
      await room.plans.planTreatment(
        ada,
        aPlan(paused, { replanBecause: 'Another needle.', proceedBecause: 'Agreed.' }),
      ),
    );
    expect(codeOf(await start(replanned))).toBe('PauseTooLongAgo');
  });

  it('is followed by one start, however many start at once', async () => {
    const paused = mustBe(await pause(await planIt()));
    const all = await Promise.all(Array.from({ length: AT_ONCE }, () => start(paused)));
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'TreatmentStandsOtherwise']));
  });

  it('lets only somebody start who is entitled to use X-rays', async () => {
    const planned = await planIt();
    const planner = await makeOperator(database, { acts: ['JUSTIFY'] });
    const paused = mustBe(await pause(planned, { presentIds: [ada.id, planner.id] }));
    expect(codeOf(await start(paused, planner))).toBe('NotEntitledToExpose');
  });

  it('is held by two people who are there, one of whom starts', async () => {
    const planned = await planIt();
    const held = (presentIds: readonly string[], presentNames: readonly string[]) =>
      pause(planned, { presentIds, presentNames });
    await expect(held([], ['Ann Lee', 'ANN  LEE'])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(held([ada.id, ada.id.toUpperCase()], [])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(held([ada.id, randomUUID()], [])).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await database.client.treatmentPause.count({ where: { treatmentId: planned.id } })).toBe(0);
    const paused = mustBe(await held([], ['Ann Lee', 'Ben Obi']));
    expect(codeOf(await start(paused))).toBe('NotAtThePause');
    mustBe(await start(mustBe(await held([ada.id], ['Ann Lee']))));
  });

  it('of another procedure rests on a consent from after it was asked for', async () => {
    const request = { kind: 'OTHER', otherName: 'Epidural injection' } as const;
    const held = mustBe(await pause(await planIt({ request })));
    clock.advance({ minutes: 1 });
    const other = mustBe(
      await room.requests.requestTreatment(
        asBooker(ada),
        aRequest(subject, { kind: 'OTHER', otherName: 'Discography' }),
      ),
    );
    const planned = mustBe(await room.plans.planTreatment(ada, aPlan(other, { proceedBecause: 'Agreed.' })));
    expect(codeOf(await pause(planned))).toBe('ProcedureConsentMissing');
    await consentTo(room, planned);
    // Both wait for one yes, which does not say to which of them it is.
    expect(codeOf(await pause(planned))).toBe('ProcedureConsentMissing');
    const { id: treatmentId, version } = held;
    mustBe(await room.requests.cancelTreatment(ada, { treatmentId, version, reason: 'Not needed.' }));
    mustBe(await pause(planned));
  });
});

describe('what was given', () => {
  it('is recorded whole, counted, and told to later rooms once', async () => {
    const started = await makeStarted(room, ada, subject, {
      request: { kind: 'FACET_JOINT_INJECTION' },
      plan: { agents: [{ agentCode: 'DEXAMETHASONE', doseMg: 8 }] },
    });
    const before = (await tell()).length;
    clock.advance({ minutes: 20 });
    const agents = [
      {
        ...{ targetPosition: 1, agentCode: 'DEXAMETHASONE', concentrationMgMl: 4, volumeMl: 2 },
        ...{ batchNumber: 'D-1', expiresOn: '2027-03-02' },
      },
    ];
    const done = mustBe(await give(started, { agents, leaflet: 'After your injection, version 3' }));
    expect(done).toMatchObject({
      ...{ status: 'DONE', recordVersion: 1, allowedActions: ['correct', 'addComplication'] },
      record: { operatorId: ada.id, agents: [{ doseMg: 8, steroidMg: 42.66, expiresOn: '2027-03-02' }] },
    });
    const told = (await tell()).slice(before);
    expect(told.map(({ subjectId }) => subjectId)).toEqual([done.id]);
    expect(await room.steroids.cumulativeSteroidDose(ada, subject.patientId, null)).toMatchObject({
      ...{ steroidMg: 42.66, treatmentIds: [done.id] },
    });
    expect(codeOf(await give(done))).toBe('TreatmentStandsOtherwise');
  });

  it('is refused when a batch had expired, when places are missing, or when it was no time for it', async () => {
    const started = await makeStarted(room, ada, subject);
    const [agent] = aGiven(started, clock.now()).agents;
    expect(codeOf(await give(started, { agents: [{ ...agent, expiresOn: '2027-03-01' }] }))).toBe(
      'AgentExpired',
    );
    expect(codeOf(await give(started, { agents: [{ ...agent, agentCode: 'WATER' }] }))).toBe('AgentNotKnown');
    expect(codeOf(await give(started, { fluoroscopySeconds: null }))).toBe('RecordDoesNotFit');
    expect(codeOf(await give(started, { operatorId: randomUUID() }))).toBe('RecordDoesNotFit');
    expect(codeOf(await give(started, { version: 0 }))).toBe('TreatmentChanged');
  });

  it('may have been broken off, and then is told to nobody', async () => {
    const started = await makeStarted(room, ada, subject);
    const before = (await tell()).length;
    const targets = [{ position: 1, wasTreated: false, leftOutBecause: 'Too much pain.' }];
    const given = { targets, agents: [], abandonedBecause: 'The patient asked to stop.' };
    expect(mustBe(await give(started, given))).toMatchObject({
      status: 'ABANDONED',
      endReason: given.abandonedBecause,
    });
    expect(await tell()).toHaveLength(before);
  });

  it('is put right by another version, and both stay readable', async () => {
    const done = await makeDone(room, ada, subject);
    const input = { ...aGiven(done, clock.now(), { fluoroscopySeconds: 42 }), correctedBecause: 'Misread.' };
    const corrected = mustBe(await room.given.correctTreatmentRecord(ada, input));
    expect(corrected).toMatchObject({ status: 'DONE', recordVersion: 2, record: { fluoroscopySeconds: 42 } });
    expect(corrected.records.map(({ fluoroscopySeconds }) => fluoroscopySeconds)).toEqual([24, 42]);
    expect(codeOf(await room.given.correctTreatmentRecord(ada, input))).toBe('TreatmentChanged');
  });

  it('may go wrong then or later, and what was written of that is put right once', async () => {
    const done = await makeDone(room, ada, subject);
    clock.advance({ minutes: 60 * 24 * 30 });
    const complication: AddComplicationInput = {
      ...{ treatmentId: done.id, type: 'INFECTION', severity: 'SEVERE', happenedAt: clock.now() },
      ...{ description: 'Discitis.', actionTaken: 'Admitted.' },
    };
    const add = (parts = {}) =>
      room.complications.addComplication(asBooker(ada), { ...complication, ...parts });
    const [first] = mustBe(await add()).complications;
    const replaces = { replacesId: first?.id ?? '', replaceReason: 'It was none.', type: 'OTHER' };
    expect(mustBe(await add(replaces)).complications.map(({ isReplaced }) => isReplaced)).toEqual([
      true,
      false,
    ]);
    expect(codeOf(await add(replaces))).toBe('ComplicationReplaced');
    await expect(add({ happenedAt: clock.now().add({ seconds: 1 }) })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });
});

describe('a denervation', () => {
  const wish = { request: { kind: 'RADIOFREQUENCY_DENERVATION' as const }, plan: { agents: [] } };

  it('waits for a block that helped, by the word of whoever judges blocks', async () => {
    await sayPain(room, subject.patientId, 8);
    const block = await makeDone(room, ada, subject);
    clock.advance({ minutes: 60 * 24 * 14 });
    const asked = mustBe(await request(wish.request));
    const plan = () => room.plans.planTreatment(ada, aPlan(asked, wish.plan));
    expect(await plan()).toMatchObject({ code: 'TermsNotMet', criteria: ['BLOCK_RESPONSE'] });
    const { id: treatmentId, kind, targets, patientId } = block;
    const judgement = { treatmentId, kind, targets, verdict: 'POSITIVE' as const, percentRelief: 50 };
    room.evidence.register({
      room: 'a later room',
      blockResponses: async (_tx, of) => (of === patientId ? [{ ...judgement, judgedAt: clock.now() }] : []),
    });
    expect(mustBe(await plan())).toMatchObject({ status: 'PLANNED', plan: { unmetCriteria: [] } });
  });
});

function aCorrection() {
  return {
    ...{ clinicalQuestion: 'Which facet joint is active?', comparison: '', limitations: '' },
    ...{ conclusion: 'The right L4/L5 facet joint is active.', isNormal: false },
  };
}
