import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PatientService } from '../../src/clinic/patients/patient.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { aDecider, makeReferral, type ReferralsRoom, referralsOn } from '../support/referrals.factory.js';

const clock = new FixedClock('2026-03-02T09:00:00Z');
const actor = aStaffActor();
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
  ({ id: patientId } = await makePatient(patients));
  ({ id: referralId } = await makeReferral(room.referrals, patientId));
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

async function traces() {
  const { client } = database;
  return {
    complaints: await client.referralComplaint.findMany({ orderBy: { id: 'asc' } }),
    items: await client.referralHistoryItem.findMany({ orderBy: { id: 'asc' } }),
    answers: await client.referralHistoryAnswer.count(),
    authorisations: await client.referralAuthorisation.findMany({ orderBy: { id: 'asc' } }),
    audit: await client.auditEntry.count(),
  };
}
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });

const COMPLAINT = { region: 'LUMBAR', side: 'LEFT', levelFrom: 'l4-5', nrsAverage: 5, nrsWorst: 8 } as const;
const ITEM = { kind: 'IMAGING', what: 'MRI', happenedOn: '2025-11', result: 'Facet oedema L4/5' } as const;
const AGREED = {
  ...{ insurer: 'Example Health', membershipNumber: 'M-1', authorisationCode: 'PA-77' },
  ...{ procedureCodes: ['A4860', 'A4860 ', 'W9240'], sessions: 6, amountPence: 120_000, excessPence: 10_000 },
  ...{ validFrom: '2026-03-01', validUntil: '2026-03-31' },
};

/** The three sorts of entry, through the same five exits. */
const SORTS = {
  complaint: {
    record: (parts = {}) =>
      room.complaints.recordSpineComplaint(actor, { referralId, ...COMPLAINT, ...parts }),
    correct: (id: string, version: number) =>
      room.complaints.correctSpineComplaint(actor, { complaintId: id, version, ...COMPLAINT, nrsWorst: 9 }),
    retire: (id: string, version: number) =>
      room.complaints.retireSpineComplaint(actor, { complaintId: id, version, reason: 'Another patient.' }),
    shown: async () => (await room.complaints.complaintsOf(actor, [referralId])).get(referralId) ?? [],
    kept: { region: 'LUMBAR', levelFrom: 'L4/5', levelTo: null, radiates: null, nrsWorst: 8, version: 0 },
    corrected: { nrsWorst: 9, version: 1 },
    noun: 'referral-complaint',
    viewed: 'referral-complaints.viewed',
  },
  history: {
    record: (parts = {}) => room.history.recordHistory(actor, { referralId, ...ITEM, ...parts }),
    correct: (id: string, version: number) =>
      room.history.correctHistory(actor, { historyId: id, version, ...ITEM, what: 'MRI of the spine' }),
    retire: (id: string, version: number) =>
      room.history.retireHistory(actor, { historyId: id, version, reason: 'Another patient.' }),
    shown: async () =>
      ((await room.history.historyOf(actor, [referralId])).get(referralId) ?? []).flatMap(
        ({ items }) => items,
      ),
    kept: { kind: 'IMAGING', what: 'MRI', happenedOn: '2025-11', isCurrent: null, version: 0 },
    corrected: { what: 'MRI of the spine', version: 1 },
    noun: 'referral-history',
    viewed: 'referral-history.viewed',
  },
  authorisation: {
    record: (parts = {}) =>
      room.authorisations.recordAuthorisation(actor, { referralId, ...AGREED, ...parts }),
    correct: (id: string, version: number) =>
      room.authorisations.correctAuthorisation(actor, {
        authorisationId: id,
        version,
        ...AGREED,
        sessions: 8,
      }),
    retire: (id: string, version: number) =>
      room.authorisations.retireAuthorisation(actor, { authorisationId: id, version, reason: 'Taken back.' }),
    shown: async () =>
      (await room.authorisations.authorisationsOf(actor, [referralId])).get(referralId) ?? [],
    kept: {
      ...{ insurer: 'Example Health', procedureCodes: ['A4860', 'W9240'], sessions: 6, isInForceToday: true },
      ...{ validFrom: '2026-03-01', validUntil: '2026-03-31', version: 0 },
    },
    corrected: { sessions: 8, version: 1 },
    noun: 'referral-authorisation',
    viewed: 'referral-authorisations.viewed',
  },
} as const;

describe.each(Object.entries(SORTS))('a %s', (_name, sort) => {
  it('is recorded, shown, and both are written down', async () => {
    const before = await traces();
    const entry = await sort.record();
    expect(entry).toMatchObject({ referralId, ...sort.kept });
    expect(await newestAudit()).toMatchObject({
      ...{ action: `${sort.noun}.recorded`, subjectId: entry.id, patientIds: [patientId], before: null },
    });
    expect(await sort.shown()).toEqual([entry]);
    expect(await newestAudit()).toMatchObject({ action: sort.viewed, patientIds: [patientId] });
    expect((await traces()).audit).toBe(before.audit + 2);
  });

  it('is recorded also when the referral is over', async () => {
    const input = { referralId, reasonCode: 'WRONG_PROVIDER' };
    await room.decisions.declineReferral(aDecider(), input);
    expect(await sort.record()).toMatchObject(sort.kept);
  });

  it('is corrected by many at once once, and the earlier stays in the audit trail', async () => {
    const { id } = await sort.record();
    const results = await Promise.all(Array.from({ length: 10 }, () => sort.correct(id, 0)));
    const done = results.filter((result) => !isRefusal(result));
    expect(done).toHaveLength(1);
    expect(done[0]).toMatchObject({ id, ...sort.corrected });
    for (const refusal of results.filter(isRefusal)) {
      expect(refusal).toMatchObject({ code: 'ReferralContentChanged', version: 1 });
    }
    expect(await newestAudit()).toMatchObject({
      ...{ action: `${sort.noun}.corrected`, subjectId: id, before: { version: 0 }, after: sort.corrected },
    });
  });

  it('that does not hold is taken away for a reason, and then neither shown nor corrected', async () => {
    const { id } = await sort.record();
    await sort.retire(id, 0);
    expect(await newestAudit()).toMatchObject({
      ...{ action: `${sort.noun}.retired`, after: { reason: expect.any(String) } },
    });
    expect(await sort.shown()).toEqual([]);
    const before = await traces();
    expect(await sort.correct(id, 1)).toMatchObject({ code: 'ReferralContentRetired' });
    expect(await sort.retire(id, 1)).toMatchObject({ code: 'ReferralContentRetired' });
    expect(await traces()).toEqual(before);
  });

  it.each([randomUUID(), 'no id'])('of nothing (%s) is NOT_FOUND', async (nothing) => {
    const before = await traces();
    await expect(sort.record({ referralId: nothing })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(sort.correct(nothing, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(sort.retire(nothing, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await traces()).toEqual(before);
  });
});

describe('bad input', () => {
  it.each([
    ['levelFrom', () => SORTS.complaint.record({ levelFrom: 'C5/6' })],
    ['nrsWorst', () => SORTS.complaint.record({ nrsWorst: 1 })],
    ['happenedOn', () => SORTS.history.record({ happenedOn: '2026-04' })],
    ['validUntil', () => SORTS.authorisation.record({ validUntil: '2026-02-01' })],
  ])('names %s, and changes nothing', async (field, act) => {
    const before = await traces();
    await expect(act()).rejects.toMatchObject({ message: expect.stringMatching(`^${field}: `) });
    expect(await traces()).toEqual(before);
  });
});

describe('the history', () => {
  const none = () => room.history.recordNoHistory(actor, { referralId, kind: 'ALLERGY' });
  const answers = async () => {
    const kinds = (await room.history.historyOf(actor, [referralId])).get(referralId) ?? [];
    return Object.fromEntries(kinds.map(({ kind, answer }) => [kind, answer]));
  };

  it('tells what was not asked from what there is none of', async () => {
    expect(await none()).toMatchObject({ kind: 'ALLERGY', answer: 'NONE', askedById: actor.id, items: [] });
    expect(await newestAudit()).toMatchObject({
      action: 'referral-history.none-recorded',
      after: { kind: 'ALLERGY' },
    });
    await SORTS.history.record();
    expect(await answers()).toEqual({
      ...{ IMAGING: 'SOME', TREATMENT: 'NOT_ASKED', MEDICATION: 'NOT_ASKED' },
      ...{ ANTICOAGULANT: 'NOT_ASKED', ALLERGY: 'NONE', IMPLANT: 'NOT_ASKED' },
    });
  });

  it('says none twice and writes it down once', async () => {
    await none();
    const before = await traces();
    expect(await none()).toMatchObject({ answer: 'NONE' });
    expect(await traces()).toEqual(before);
  });

  it('has none no more once something is recorded, and none is refused while it is there', async () => {
    await none();
    const { id } = await SORTS.history.record({ kind: 'ALLERGY', what: 'Latex', happenedOn: null });
    expect((await answers()).ALLERGY).toBe('SOME');
    const before = await traces();
    expect(await none()).toMatchObject({ code: 'HistoryNotEmpty', historyIds: [id] });
    expect(await traces()).toEqual(before);
    await SORTS.history.retire(id, 0);
    expect((await answers()).ALLERGY).toBe('NOT_ASKED');
  });

  it('and none at once do not both stand', async () => {
    for (let round = 0; round < 8; round += 1) {
      ({ id: referralId } = await makeReferral(room.referrals, patientId));
      await Promise.all([none(), SORTS.history.record({ kind: 'ALLERGY' })]);
      const { client } = database;
      const where = { referralId, kind: 'ALLERGY' as const };
      const stand = [
        await client.referralHistoryItem.count({ where }),
        await client.referralHistoryAnswer.count({ where }),
      ];
      expect(stand).toEqual([1, 0]);
    }
  });
});
