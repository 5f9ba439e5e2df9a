import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { Referral } from '../../src/clinic/referrals/referral.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { ReferralStatus } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import {
  aDecider,
  makeReferral,
  mustBeReferral,
  type ReferralsRoom,
  referralsOn,
  referralTraces,
} from '../support/referrals.factory.js';

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
const actor = aStaffActor();
const clinician = aDecider(actor);
let home: TestDatabase;
let database: Database;
let patients: PatientService;
let room: ReferralsRoom;
let patientId: string;
let referralId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  patients = patientServiceOn(database, clock);
  room = referralsOn(database, clock);
});
beforeEach(async () => {
  clock.set(NOW);
  ({ id: patientId } = await makePatient(patients));
  ({ id: referralId } = await makeReferral(room.referrals, patientId));
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const traces = () => referralTraces(database);
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
const eventsOf = async (id: string) => (await room.log.eventsOf(actor, [id])).get(id) ?? [];
const tellingsOf = async (id: string) => (await eventsOf(id)).flatMap(({ tellings }) => tellings);

const accept = (parts = {}) => room.decisions.acceptReferral(clinician, { referralId, ...parts });
const decline = (parts = {}) =>
  room.decisions.declineReferral(clinician, { referralId, reasonCode: 'WRONG_PROVIDER', ...parts });
const redirect = (parts = {}) =>
  room.decisions.redirectReferral(clinician, {
    ...{ referralId, reasonCode: 'WRONG_PROVIDER', to: ' Spinal surgery ' },
    ...parts,
  });
const giveAdvice = (parts = {}) =>
  room.decisions.returnReferralWithAdvice(clinician, { referralId, advice: 'Try walking.', ...parts });
const ask = (parts = {}) =>
  room.decisions.requestInformation(clinician, { referralId, wanted: 'The MRI report, please.', ...parts });
const takeUp = (parts = {}) => room.decisions.takeUpReferral(clinician, { referralId, ...parts });
const putBack = (parts = {}) => room.decisions.putBackReferral(clinician, { referralId, ...parts });
const hear = (parts = {}) => room.decisions.recordInformationReceived(clinician, { referralId, ...parts });
const complete = (parts = {}) =>
  room.steering.completeReferral(clinician, {
    ...{ referralId, reasonCode: 'DISCHARGED', outcome: 'Facet L4/5 treated.' },
    ...parts,
  });
const withdraw = (parts = {}) =>
  room.steering.withdrawReferral(clinician, { referralId, reasonCode: 'PATIENT_DECLINED', ...parts });
const reopen = (parts = {}) =>
  room.steering.reopenReferral(clinician, {
    ...{ referralId, reasonCode: 'NEW_INFORMATION', comment: 'The MRI came.' },
    ...parts,
  });

const nothing = async () => undefined;

describe.each([
  ['takeUpReferral', nothing, takeUp, 'BEING_TRIAGED', 'referral.taken-up', []],
  ['putBackReferral', takeUp, putBack, 'RECEIVED', 'referral.put-back', []],
  [
    'requestInformation',
    nothing,
    ask,
    'INFORMATION_REQUESTED',
    'referral.information-requested',
    ['REFERRER'],
  ],
  ['recordInformationReceived', ask, hear, 'BEING_TRIAGED', 'referral.information-received', []],
  ['takeUpReferral without what was asked for', ask, takeUp, 'BEING_TRIAGED', 'referral.taken-up', []],
  ['acceptReferral', nothing, accept, 'ACCEPTED', 'referral.accepted', []],
  ['acceptReferral of one that is taken up', takeUp, accept, 'ACCEPTED', 'referral.accepted', []],
  ['declineReferral', nothing, decline, 'DECLINED', 'referral.declined', ['REFERRER', 'PATIENT']],
  ['redirectReferral', nothing, redirect, 'REDIRECTED', 'referral.redirected', ['REFERRER', 'PATIENT']],
  [
    'returnReferralWithAdvice',
    nothing,
    giveAdvice,
    'RETURNED_WITH_ADVICE',
    'referral.returned-with-advice',
    ['REFERRER'],
  ],
  ['completeReferral', accept, complete, 'COMPLETED', 'referral.completed', ['REFERRER', 'PATIENT']],
  ['withdrawReferral', nothing, withdraw, 'WITHDRAWN', 'referral.withdrawn', ['REFERRER', 'PATIENT']],
  ['reopenReferral of a declined one', decline, reopen, 'BEING_TRIAGED', 'referral.reopened', []],
  ['reopenReferral of an accepted one', accept, reopen, 'BEING_TRIAGED', 'referral.reopened', []],
  ['reopenReferral of one that nobody took up', withdraw, reopen, 'RECEIVED', 'referral.reopened', []],
] as const)('%s', (_verb, prepare, act, status, action, audiences) => {
  it('answers with the referral, writes it down, and tells whom the reason tells', async () => {
    await prepare();
    clock.advance({ minutes: 5 });
    const before = await traces();
    const { version } = await room.referrals.referral(actor, referralId);
    const moved = mustBeReferral(await act({ version }));
    expect(moved).toMatchObject({ id: referralId, status, version: version + 1 });
    expect(await room.referrals.referral(actor, referralId)).toEqual(moved);

    const after = await traces();
    expect(after.events).toBe(before.events + 1);
    expect(after.tellings).toBe(before.tellings + audiences.length);
    const event = (await eventsOf(referralId)).at(-1);
    expect(event).toMatchObject({ to: status, version: moved.version, actorId: actor.id });
    expect(event?.at.toString()).toBe('2026-03-02T09:05:00Z');
    expect(event?.tellings.map(({ audience }) => audience)).toEqual(audiences);
    const told = await database.client.outboxMessage.findMany({
      where: { topic: 'referral.told', subjectId: { in: event?.tellings.map(({ id }) => id) ?? [] } },
    });
    expect(told).toHaveLength(audiences.length);
    const entry = await database.client.auditEntry.findFirstOrThrow({
      where: { subjectId: referralId, action },
      orderBy: { link: { position: 'desc' } },
    });
    expect(entry).toMatchObject({ actorId: actor.id, patientIds: [patientId], after: { status } });
    expect(entry.before).not.toBeNull();
  });

  it('is refused with another version, and changes nothing', async () => {
    await prepare();
    const before = await traces();
    const { status: now, version } = await room.referrals.referral(actor, referralId);
    const refused = await act({ version: version + 1 });
    expect(refused).toMatchObject({ code: 'ReferralChangedMeanwhile', status: now, version });
    expect({ ...(await traces()), audit: 0 }).toEqual({ ...before, audit: 0 });
  });

  it('by fifty at once is done once', async () => {
    await prepare();
    const before = await traces();
    const results = await Promise.all(Array.from({ length: 50 }, () => act()));
    const done = results.filter((result) => !isRefusal(result));
    expect(done).toHaveLength(1);
    for (const refused of results.filter(isRefusal)) {
      expect(refused).toMatchObject({ status, allowedActions: mustBeReferral(done[0] ?? {}).allowedActions });
    }
    const after = await traces();
    expect([after.events, after.audit]).toEqual([before.events + 1, before.audit + 1]);
    expect(after.tellings).toBe(before.tellings + audiences.length);
  });
});

describe('what cannot be done', () => {
  const VERBS = {
    takeUp,
    putBack,
    ask,
    hear,
    accept,
    redirect,
    decline,
    giveAdvice,
    complete,
    withdraw,
    reopen,
  };
  const WAYS: Partial<Record<ReferralStatus, () => Promise<unknown>>> = {
    RECEIVED: nothing,
    BEING_TRIAGED: takeUp,
    INFORMATION_REQUESTED: ask,
    ACCEPTED: accept,
    REDIRECTED: redirect,
    DECLINED: decline,
    RETURNED_WITH_ADVICE: giveAdvice,
    WITHDRAWN: withdraw,
    COMPLETED: async () => {
      await accept();
      await complete();
    },
  };
  const ALLOWED: Record<string, readonly (keyof typeof VERBS)[]> = {
    RECEIVED: ['takeUp', 'ask', 'accept', 'redirect', 'decline', 'giveAdvice', 'withdraw'],
    BEING_TRIAGED: ['putBack', 'ask', 'accept', 'redirect', 'decline', 'giveAdvice', 'withdraw'],
    INFORMATION_REQUESTED: ['takeUp', 'hear', 'withdraw'],
    ACCEPTED: ['complete', 'withdraw', 'reopen'],
    REDIRECTED: ['reopen'],
    DECLINED: ['reopen'],
    RETURNED_WITH_ADVICE: ['reopen'],
    WITHDRAWN: ['reopen'],
    COMPLETED: ['reopen'],
  };

  it.each(Object.entries(WAYS))(
    'every verb with one that is %s: done, or refused without a trace',
    async (status, way) => {
      for (const [name, act] of Object.entries(VERBS)) {
        ({ id: referralId } = await makeReferral(room.referrals, patientId));
        await way();
        const before = await traces();
        const result = await act();
        if (ALLOWED[status]?.includes(name as keyof typeof VERBS)) {
          expect(isRefusal(result), `${status} ${name}`).toBe(false);
          continue;
        }
        expect(result, `${status} ${name}`).toMatchObject({
          code: expect.stringMatching(/^Referral(AlreadyDecided|NotPossible)$/),
          status,
        });
        expect(await traces()).toEqual(before);
      }
    },
  );

  it.each([randomUUID(), 'no id'])('with no referral (%s) is NOT_FOUND', async (nobody) => {
    for (const act of Object.values(VERBS)) {
      await expect(act({ referralId: nobody })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

describe('a reason', () => {
  it.each([
    ['of another action', () => decline({ reasonCode: 'DISCHARGED' }), 'reasonCode: must be one of '],
    ['that there is not', () => decline({ reasonCode: 'NO_SUCH' }), 'reasonCode: must be one of '],
    ['that wants a comment', () => decline({ reasonCode: 'OTHER' }), 'comment: '],
    [
      'that wants more than blanks',
      () => redirect({ reasonCode: 'EMERGENCY_CARE', comment: ' ' }),
      'comment: ',
    ],
    ['for opening again without saying why', () => reopen({ comment: null }), 'comment: '],
  ])('%s is BAD_INPUT, and changes nothing', async (_name, act, message) => {
    if (message === 'comment: ' && act.toString().includes('reopen')) await decline();
    const before = await traces();
    await expect(act()).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${message}`),
    });
    expect(await traces()).toEqual(before);
  });

  it('of others is refused, naming it', async () => {
    const reception = { actor, roles: ['RECEPTION' as const] };
    await accept();
    const before = await traces();
    const refused = await room.steering.completeReferral(reception, {
      ...{ referralId, reasonCode: 'TREATMENT_COMPLETED', outcome: 'Done.' },
    });
    expect(refused).toMatchObject({ code: 'ReferralReasonNotYours', reasonCode: 'TREATMENT_COMPLETED' });
    expect(await traces()).toEqual(before);
  });

  it('that is retired is offered to nobody', async () => {
    const where = { code: 'PATIENT_HOLIDAY' };
    await database.client.referralReason.update({ where, data: { retiredOn: new Date('2026-03-02') } });
    expect((await room.reasons.reasons()).map(({ code }) => code)).not.toContain('PATIENT_HOLIDAY');
    await expect(withdraw({ reasonCode: 'PATIENT_HOLIDAY' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await database.client.referralReason.update({ where, data: { retiredOn: new Date('2026-03-03') } });
    expect(mustBeReferral(await withdraw({ reasonCode: 'PATIENT_HOLIDAY' })).reasonCode).toBe(
      'PATIENT_HOLIDAY',
    );
  });
});

describe('what belongs to a move', () => {
  it('stays with the referral, and once it is opened again in its moves', async () => {
    expect(mustBeReferral(await redirect())).toMatchObject({
      redirectedTo: 'Spinal surgery',
      reasonCode: 'WRONG_PROVIDER',
      endedById: actor.id,
    });
    const open = mustBeReferral(await reopen());
    expect(open).toMatchObject({
      status: 'BEING_TRIAGED',
      ...{ redirectedTo: null, reasonCode: null, endedAt: null, decidedAt: null, takenUpById: actor.id },
    });
    expect(mustBeReferral(await giveAdvice())).toMatchObject({ advice: 'Try walking.' });
    await reopen();
    expect(mustBeReferral(await accept({ acceptedFor: 'STRAIGHT_TO_TEST' }))).toMatchObject({
      acceptedFor: 'STRAIGHT_TO_TEST',
      advice: null,
    });
    expect(mustBeReferral(await complete())).toMatchObject({
      outcome: 'Facet L4/5 treated.',
      acceptedFor: 'STRAIGHT_TO_TEST',
    });
    const events = await eventsOf(referralId);
    expect(events.map((event) => [event.action, event.detail, event.reasonCode, event.comment])).toEqual([
      ['RECEIVE', null, null, null],
      ['REDIRECT', 'Spinal surgery', 'WRONG_PROVIDER', null],
      ['REOPEN', null, 'NEW_INFORMATION', 'The MRI came.'],
      ['RETURN_WITH_ADVICE', 'Try walking.', 'ADVICE_SUFFICES', null],
      ['REOPEN', null, 'NEW_INFORMATION', 'The MRI came.'],
      ['ACCEPT', 'STRAIGHT_TO_TEST', null, null],
      ['COMPLETE', 'Facet L4/5 treated.', 'DISCHARGED', null],
    ]);
    expect(events.map(({ version }) => version)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('is what is wanted of the referrer, and by when', async () => {
    const usual = mustBeReferral(await ask());
    expect(usual.informationWanted).toBe('The MRI report, please.');
    expect(usual.informationDueOn).toMatch(/^2026-03-/);
    expect(mustBeReferral(await hear())).toMatchObject({ informationWanted: null, informationDueOn: null });
    expect(mustBeReferral(await ask({ dueOn: '2026-03-02' })).informationDueOn).toBe('2026-03-02');
    await hear();
    await expect(ask({ dueOn: '2026-03-01' })).rejects.toMatchObject({
      message: expect.stringMatching('^dueOn: '),
    });
  });

  it('cannot be changed or taken away afterwards', async () => {
    await decline();
    for (const table of ['referral_events', 'referral_tellings']) {
      await expect(database.client.$executeRawUnsafe(`DELETE FROM ${table}`)).rejects.toThrow(
        /only ever added to/,
      );
    }
    await expect(
      database.client.$executeRawUnsafe(`UPDATE referral_events SET comment = 'x'`),
    ).rejects.toThrow(/only ever added to/);
  });

  it('cannot contradict the state, whoever writes', async () => {
    for (const set of [
      `status = 'DECLINED'`,
      `status = 'ACCEPTED'`,
      `reason_code = 'OTHER'`,
      `outcome = 'x'`,
      `merged_into_id = id`,
      `information_wanted = 'x'`,
    ]) {
      const write = database.client.$executeRawUnsafe(
        `UPDATE referrals SET ${set} WHERE id = '${referralId}'`,
      );
      await expect(write, set).rejects.toThrow(/referrals_fit_status/);
    }
  });
});

describe('somebody who has it in hand', () => {
  it('keeps others away until they let go of it', async () => {
    await takeUp();
    const other = aDecider();
    const before = await traces();
    const refused = await room.decisions.acceptReferral(other, { referralId });
    expect(refused).toMatchObject({ code: 'ReferralClaimedByAnother', claimedById: actor.id });
    expect(await traces()).toEqual(before);
    await putBack();
    expect(mustBeReferral(await room.decisions.acceptReferral(other, { referralId })).decidedById).toBe(
      other.actor.id,
    );
  });

  it('does not keep the desk from noting that the patient wants it no more', async () => {
    await takeUp();
    const desk = { actor: aStaffActor(), roles: ['RECEPTION' as const] };
    const withdrawn = await room.steering.withdrawReferral(desk, {
      referralId,
      reasonCode: 'PATIENT_DECLINED',
    });
    expect(mustBeReferral(withdrawn).status).toBe('WITHDRAWN');
  });
});

describe('whom to tell', () => {
  const EVERYBODY = [
    { audience: 'REFERRER' as const, method: 'TELEPHONE' as const, words: ' Rang the practice. ' },
    { audience: 'PATIENT' as const, method: 'EMAIL' as const, words: 'Please see your GP.' },
  ];

  it('is what is said, in these words; what was said already needs no letter', async () => {
    const before = await traces();
    await decline({ tell: EVERYBODY });
    expect(await tellingsOf(referralId)).toMatchObject([
      { audience: 'REFERRER', method: 'TELEPHONE', words: 'Rang the practice.' },
      { audience: 'PATIENT', method: 'EMAIL', words: 'Please see your GP.' },
    ]);
    expect((await traces()).outbox).toBe(before.outbox + 1);
  });

  it('is nobody when nobody is named', async () => {
    await decline({ tell: [] });
    expect(await tellingsOf(referralId)).toEqual([]);
  });

  it('is the patient alone when they referred themselves, asked as a referrer is', async () => {
    const parts = { source: 'SELF' as const, referrerName: null, referrerOrganisation: null };
    ({ id: referralId } = await makeReferral(room.referrals, patientId, parts));
    await ask();
    expect(await tellingsOf(referralId)).toMatchObject([
      { audience: 'PATIENT', method: 'EMAIL', words: expect.stringContaining('The MRI report, please.') },
    ]);
  });

  it('is told the advice, to whom it was passed on, and what came of it; a comment is told to nobody', async () => {
    await giveAdvice({ comment: 'A difficult colleague.' });
    await reopen();
    await redirect({ comment: 'A difficult colleague.' });
    const words = (await tellingsOf(referralId)).map((telling) => telling.words);
    expect(words[0]).toContain('Try walking.');
    expect(words[1]).toContain('Spinal surgery');
    expect(words[2]).toContain('Spinal surgery');
    expect(words.join()).not.toContain('difficult');
  });

  it('is never a patient who has died', async () => {
    const said = { reasonCode: 'PATIENT_DIED' };
    await expect(
      withdraw({ ...said, tell: [{ audience: 'PATIENT', method: 'LETTER', words: 'x' }] }),
    ).rejects.toMatchObject({ message: expect.stringMatching('^tell: ') });
    await withdraw(said);
    expect(await tellingsOf(referralId)).toMatchObject([{ audience: 'REFERRER' }]);
  });

  it.each([
    ['twice the same way', [EVERYBODY[0], EVERYBODY[0]]],
    ['by e-mail without an address', [{ audience: 'REFERRER', method: 'EMAIL', words: 'x' }]],
  ])('%s is BAD_INPUT', async (_name, tell) => {
    const before = await traces();
    await expect(decline({ tell })).rejects.toMatchObject({ message: expect.stringMatching('^tell: ') });
    expect(await traces()).toEqual(before);
  });

  it('is by e-mail to an address that is said for this alone', async () => {
    await decline({ tell: [{ audience: 'REFERRER', method: 'EMAIL', email: 'gp@example.org' }] });
    expect(await tellingsOf(referralId)).toMatchObject([{ method: 'EMAIL', email: 'gp@example.org' }]);
  });

  it('is by word of mouth only, of what no letter is written about', async () => {
    await decline({ tell: [] });
    const byLetter = [{ audience: 'REFERRER', method: 'LETTER', words: 'x' }];
    await expect(reopen({ tell: byLetter })).rejects.toMatchObject({
      message: expect.stringMatching('^tell: '),
    });
    await reopen({ tell: [{ audience: 'REFERRER', method: 'TELEPHONE', words: 'Never mind our letter.' }] });
    expect(await tellingsOf(referralId)).toHaveLength(1);
  });
});

describe('a letter', () => {
  async function matters(): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for (const event of await eventsOf(referralId)) {
      for (const { id } of event.tellings) {
        found.push(await room.letters.matter(database.client, id, event.version));
      }
    }
    return found;
  }

  it('has what it needs of both, and the day to answer by', async () => {
    await ask({ dueOn: '2026-03-09' });
    expect(await matters()).toMatchObject([
      {
        ...{ referralId, to: 'REFERRER', news: 'INFORMATION_REQUESTED', isStraightToTest: false, patientId },
        reference: expect.stringMatching(/^R-[0-9A-F]{8}$/),
        referrer: { name: 'Dr Amrit Patel', organisation: 'Example Surgery', email: null, referrerId: null },
        words: expect.stringContaining('The MRI report, please.'),
      },
    ]);
    const [first] = (await matters()) as { answerBy: { toString(): string } }[];
    expect(first?.answerBy.toString()).toBe('2026-03-09');
  });

  it('is not written once the referral has moved on, and still is after a booking', async () => {
    await decline();
    expect(await matters()).toMatchObject([{ news: 'DECLINED' }, { to: 'PATIENT', news: 'DECLINED' }]);
    await reopen();
    expect(await matters()).toEqual([null, null]);
  });

  it('is not written to whoever has died, nor about another version', async () => {
    await decline();
    const other = await makeReferral(room.referrals, patientId);
    await room.steering.withdrawReferral(clinician, { referralId: other.id, reasonCode: 'PATIENT_DIED' });
    expect(await matters()).toMatchObject([{ to: 'REFERRER' }, null].map((matter) => matter ?? null));
    const [telling] = await tellingsOf(referralId);
    expect(await room.letters.matter(database.client, telling?.id ?? '', 7)).toBeNull();
    expect(await room.letters.matter(database.client, randomUUID(), 1)).toBeNull();
  });

  it('about what is overdue is written until it is decided', async () => {
    const { client } = database;
    const due = { dueOn: new Date('2026-03-01'), escalatedAt: new Date(NOW), escalationsCount: 2 };
    await client.referral.update({ where: { id: referralId }, data: due });
    expect(await room.letters.overdueMatter(client, referralId, 2)).toMatchObject({ referralId, patientId });
    expect(await room.letters.overdueMatter(client, referralId, 1)).toBeNull();
    await accept();
    expect(await room.letters.overdueMatter(client, referralId, 2)).toBeNull();
  });
});

describe('looking at the moves', () => {
  it('is written down once for a list', async () => {
    const second: Referral = await makeReferral(room.referrals, patientId);
    const before = await traces();
    const found = await room.log.eventsOf(actor, [referralId, second.id]);
    expect([...found.values()].map((events) => events.length)).toEqual([1, 1]);
    expect((await traces()).audit).toBe(before.audit + 1);
    expect(await newestAudit()).toMatchObject({ action: 'referral-events.viewed', patientIds: [patientId] });
  });
});
