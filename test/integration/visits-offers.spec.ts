import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VisitOfferFilterInput, VisitOffers } from '../../src/clinic/visits/visit-offer.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeException } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  PROCEDURE,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const NOW = '2026-03-02T09:00:00Z';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let clinic: VisitClinic;
const desk = aBooker();

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyVisits(database);
  clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  clinic = await makeVisitClinic(database);
});

async function offers(parts: Partial<VisitOfferFilterInput> = {}): Promise<VisitOffers> {
  const result = await room.offers.visitOffers(desk.actor, { visitTypeCode: PHYSIO, limit: 10, ...parts });
  if (isRefusal(result)) throw new Error(result.code);
  return result as VisitOffers;
}

const startsOf = ({ offers: found }: VisitOffers) => found.map(({ startsAt }) => startsAt.toString());
const DAY = { onOrAfter: '2026-03-04', onOrBefore: '2026-03-04' } as const;

describe('offers', () => {
  it('can be booked as they are, best first, inside the promise', async () => {
    const patientId = await makePatientId(room);
    const found = await offers({ visitTypeCode: PROCEDURE, patientId });
    expect(found).toMatchObject({ earliestOn: '2026-03-03', targetOn: '2026-03-16', whyNoOffer: null });
    const [best] = found.offers;
    expect(best).toMatchObject({ insidePromise: true, beforeBreach: true, waitErrorMinutes: 0 });
    const booked = await room.visits.bookVisit(desk, {
      patientId,
      visitTypeCode: PROCEDURE,
      steps: (best?.steps ?? []).map(({ startsAt, resources }) => ({
        startsAt,
        resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
      })),
    });
    expect(mustBeVisit(booked).startsAt).toEqual(best?.startsAt);
    const looks = await database.client.auditEntry.count({
      where: { action: 'visit-offers.viewed', patientIds: { has: patientId } },
    });
    expect(looks).toBe(1);
  });

  it('keep to the wanted days, times of day and resources', async () => {
    const found = await offers({ ...DAY, localTimeFrom: '13:00', localTimeUntil: '14:00' });
    expect(startsOf(found)).toEqual(['2026-03-04T13:00:00Z']);
    const wanted = await offers({ ...DAY, wantedResourceIds: [clinic.physioIds[1]] });
    const names = wanted.offers.flatMap(({ steps }) => steps.flatMap((step) => step.resources));
    expect(names.some(({ resource }) => resource.name === 'Ben')).toBe(true);
    expect(names.some(({ resource }) => resource.name === 'Ada')).toBe(false);
  });

  it('keep the patient’s other visits and the way between free, unless it is the one that moves', async () => {
    const patientId = await makePatientId(room);
    const visit = mustBeVisit(
      await room.visits.bookVisit(desk, aPhysio(clinic, patientId, '2026-03-04T13:00:00Z')),
    );
    const around = { ...DAY, localTimeFrom: '13:00', localTimeUntil: '14:30' };
    expect(startsOf(await offers({ ...around, patientId }))).toEqual(['2026-03-04T13:45:00Z']);
    expect(startsOf(await offers({ ...around, ignoreVisitId: visit.id }))).toContain('2026-03-04T13:00:00Z');
    const request = mustBeRequest(
      await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO, { travelMinutes: 30 })),
    );
    expect((await offers({ ...around, requestId: request.id })).offers).toEqual([]);
  });

  it('keep to the times that the request states', async () => {
    const patientId = await makePatientId(room);
    const request = mustBeRequest(
      await room.requests.requestVisit(
        desk.actor,
        aWish(patientId, PHYSIO, {
          times: [
            { isoWeekday: 3, fromTime: '09:00', untilTime: '12:00', isExcluded: false },
            { firstOn: '2026-03-01', lastOn: '2026-03-08', isExcluded: true },
          ],
        }),
      ),
    );
    const starts = startsOf(await offers({ requestId: request.id, limit: 50 }));
    expect(starts.length).toBeGreaterThan(3);
    expect(starts[0]).toMatch(/^2026-03-11/);
    for (const start of starts) {
      const date = new Date(start);
      expect(date.getUTCDay()).toBe(3);
    }
  });

  it('are of their own patient and kind, and of no kind that another room books', async () => {
    const [one, two] = [await makePatientId(room), await makePatientId(room)];
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(one, PHYSIO)));
    await expect(offers({ patientId: two, requestId: request.id })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(offers({ visitTypeCode: PROCEDURE, requestId: request.id })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { companion: 'SCAN' } });
    const elsewhere = await room.offers.visitOffers(desk.actor, { visitTypeCode: PHYSIO, limit: 1 });
    expect(codeOf(elsewhere)).toBe('BookedElsewhere');
  });
});

describe('why there is no offer', () => {
  it('names the step and the kinds, and what would help', async () => {
    for (const id of clinic.physioIds)
      await makeException(database, 'CLOSED', '2026-03-04', { resourceId: id });
    const { offers: none, whyNoOffer } = await offers(DAY);
    expect(none).toEqual([]);
    expect(whyNoOffer).toMatchObject({
      block: 'NOT_FREE',
      position: 0,
      stepName: 'Treatment',
      kinds: ['PHYSIOTHERAPIST'],
      withPatient: false,
    });
    expect(whyNoOffer?.message).toContain('physiotherapist');
    expect(whyNoOffer?.help.map(({ remedy }) => remedy)).toEqual(['ANOTHER_DAY']);
    expect(whyNoOffer?.help[0]?.offer.startsAt.toString()).toMatch(/^2026-03-03/);
  });

  it('finds the extra session that would do', async () => {
    await database.client.openingHours.deleteMany({ where: { resourceId: { in: [...clinic.physioIds] } } });
    const { whyNoOffer } = await offers(DAY);
    const extra = whyNoOffer?.help.find(({ remedy }) => remedy === 'EXTRA_SESSION');
    expect(extra?.resource).toMatchObject({ kind: 'PHYSIOTHERAPIST' });
    expect(extra?.session?.startsAt.toString()).toMatch(/^2026-03-04T/);
  });

  it('says when it is the patient’s own time', async () => {
    const { whyNoOffer } = await offers({ ...DAY, localTimeFrom: '05:00', localTimeUntil: '05:30' });
    expect(whyNoOffer).toMatchObject({ block: 'PATIENT_NOT_FREE', withPatient: true });
    expect(whyNoOffer?.help.map(({ remedy }) => remedy)).toContain('ANOTHER_TIME_OF_THE_PATIENT');
  });

  it('says when the days asked for cannot be booked at all', async () => {
    const { whyNoOffer } = await offers({ onOrBefore: '2026-03-01' });
    expect(whyNoOffer).toMatchObject({
      block: 'WINDOW_TOO_SHORT',
      window: null,
      message: expect.stringMatching(/^None of the days asked for can be booked: choose from .* to .*[.]$/),
    });
    expect(whyNoOffer?.help.map(({ remedy }) => remedy)).toEqual(['ANOTHER_DAY']);
  });
});
