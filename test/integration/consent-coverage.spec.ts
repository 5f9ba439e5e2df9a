import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsentCoverageInput } from '../../src/clinic/consent/consent-coverage.type.js';
import { ConsentVisitsService } from '../../src/clinic/visits/consent-visits.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { aConsent, aWording, consentRoomOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { makeVisitType } from '../support/visit-types.factory.js';

// Who has which consents, and who lacks which: of those with and without visits.

const NOW = '2026-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: ReturnType<typeof consentRoomOn>;
const ids: string[] = [];

const DAYS = { from: '2026-03-01', until: '2026-03-31' } as const;
const imaging = (parts: Partial<ConsentCoverageInput>): ConsentCoverageInput => ({
  purposes: ['IMAGING_TRACER_AND_XRAYS'],
  of: 'EVERYBODY',
  ...parts,
});

async function makeVisit(
  patientId: string,
  visitTypeCode: string,
  startsAt: string,
  status: 'BOOKED' | 'NO_SHOW' = 'BOOKED',
) {
  const { client } = database;
  const { id: protocolId } = await client.visitProtocol.findFirstOrThrow({ where: { visitTypeCode } });
  const now = new Date(NOW);
  const start = new Date(startsAt);
  await client.visit.create({
    data: {
      ...{
        patientId,
        visitTypeCode,
        protocolId,
        status,
        bookedById: actor.id,
        bookedAt: now,
        changedAt: now,
      },
      ...{ startsAt: start, endsAt: new Date(start.getTime() + 3_600_000) },
    },
  });
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = consentRoomOn(database, clock);
  new ConsentVisitsService(room.visits);
  await room.wordings.publishWording(actor, aWording());
  await room.wordings.publishWording(actor, aWording({ purpose: 'PRIVACY_NOTICE', text: 'I have read it.' }));
  await makeVisitType(database, 'SCAN_TYPE', [], { type: { consentPurpose: 'IMAGING_TRACER_AND_XRAYS' } });
  await makeVisitType(database, 'TALK_TYPE', []);
  const patients = patientServiceOn(database, clock);
  for (let i = 0; i < 6; i += 1) ids.push((await makePatient(patients)).id);
  const [agreed = '', declined = '', withdrawn = '', notAsked = '', missed = ''] = ids;
  await room.consent.recordConsent(actor, aConsent(agreed));
  await room.consent.recordConsent(actor, aConsent(agreed, { purpose: 'PRIVACY_NOTICE' }));
  await room.consent.recordConsent(actor, aConsent(declined, { decision: 'DECLINED' }));
  await room.consent.recordConsent(actor, aConsent(withdrawn));
  await room.consent.withdrawConsent(actor, {
    ...{ patientId: withdrawn, purpose: 'IMAGING_TRACER_AND_XRAYS', givenBy: 'PATIENT', method: 'TELEPHONE' },
  });
  await makeVisit(agreed, 'SCAN_TYPE', '2026-03-10T09:00:00Z');
  await makeVisit(declined, 'TALK_TYPE', '2026-03-10T09:00:00Z');
  await makeVisit(withdrawn, 'SCAN_TYPE', '2026-03-31T22:30:00Z');
  await makeVisit(notAsked, 'SCAN_TYPE', '2026-03-31T23:30:00Z');
  await makeVisit(missed, 'SCAN_TYPE', '2026-03-12T09:00:00Z', 'NO_SHOW');
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const countsOf = async (input: ConsentCoverageInput) => {
  const { patientsCount, lackingCount, counts } = await room.coverage.consentCoverage(input);
  const byState = Object.fromEntries(
    counts.map(({ purpose, state, count }) => [`${purpose} ${state}`, count]),
  );
  return { patientsCount, lackingCount, byState };
};
const gapsOf = async (input: ConsentCoverageInput) =>
  (await room.coverage.consentGaps(actor, input, { size: 25 })).items;

describe('coverage', () => {
  it('counts everybody by state, and those who were never asked as such', async () => {
    expect(await countsOf(imaging({}))).toEqual({
      patientsCount: 6,
      lackingCount: 5,
      byState: {
        'IMAGING_TRACER_AND_XRAYS IN_FORCE': 1,
        'IMAGING_TRACER_AND_XRAYS DECLINED': 1,
        'IMAGING_TRACER_AND_XRAYS WITHDRAWN': 1,
        'IMAGING_TRACER_AND_XRAYS NEVER_ASKED': 3,
      },
    });
  });

  it.each([
    // The last day is the clinic's: 22:30 UTC on 31 March 2026 is 23:30 in London, 23:30 UTC the next day.
    ['WITH_VISITS', 3, ['DECLINED', 'WITHDRAWN']],
    ['VISITS_THAT_NEED_IT', 2, ['WITHDRAWN']],
    ['WITHOUT_VISITS', 3, ['NEVER_ASKED', 'NEVER_ASKED', 'NEVER_ASKED']],
  ] as const)('of %s', async (of, patientsCount, states) => {
    const input = imaging({ of, ...DAYS });
    expect((await countsOf(input)).patientsCount).toBe(patientsCount);
    const gaps = await gapsOf(input);
    expect(gaps.map(({ lacks }) => lacks[0]?.state)).toEqual(states);
  });

  it('says who lacks which of several, page by page, and writes the look down', async () => {
    const input = imaging({ purposes: ['PRIVACY_NOTICE', 'IMAGING_TRACER_AND_XRAYS'] });
    const first = await room.coverage.consentGaps(actor, input, { size: 2 });
    expect(first.items.map(({ patientId }) => patientId)).toEqual([ids[1], ids[2]]);
    expect(first.items[0]?.lacks).toMatchObject([
      { purpose: 'PRIVACY_NOTICE', state: 'NEVER_ASKED', reason: 'Never asked.' },
      { purpose: 'IMAGING_TRACER_AND_XRAYS', state: 'DECLINED', reasonCode: 'DECLINED' },
    ]);
    expect(
      await database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } }),
    ).toMatchObject({
      action: 'consent.gaps-listed',
      patientIds: [ids[1], ids[2]],
    });
    const second = await room.coverage.consentGaps(actor, input, { size: 2, after: first.nextCursor });
    const third = await room.coverage.consentGaps(actor, input, { size: 2, after: second.nextCursor });
    expect([...second.items, ...third.items].map(({ patientId }) => patientId)).toEqual(ids.slice(3));
    expect(third.nextCursor).toBeNull();
  });

  it.each<[string, Partial<ConsentCoverageInput>]>([
    ['procedureCode', { purposes: ['PROCEDURE'] }],
    ['procedureCode', { procedureCode: 'FACET_INJECTION' }],
    ['from', { of: 'WITH_VISITS' }],
    ['from', { ...DAYS }],
    ['until', { of: 'WITH_VISITS', from: '2026-03-02', until: '2026-03-01' }],
    ['until', { of: 'WITH_VISITS', from: '2026-03-02', until: '2027-03-04' }],
  ])('is BAD_INPUT that names %s: %j', async (field, parts) => {
    const before = await database.client.auditEntry.count();
    const expected = { code: 'BAD_INPUT', message: expect.stringMatching(`^${field}: `) };
    await expect(room.coverage.consentCoverage(imaging(parts))).rejects.toMatchObject(expected);
    await expect(room.coverage.consentGaps(actor, imaging(parts), { size: 5 })).rejects.toMatchObject(
      expected,
    );
    expect(await database.client.auditEntry.count()).toBe(before);
  });
});
