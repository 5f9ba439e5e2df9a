import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BookSeriesInput, VisitSeries } from '../../src/clinic/visits/series.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  physioAt,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// What becomes of the request of a series when nobody wants it any more, and then somebody does.

const WEDNESDAYS = ['2026-03-04T09:00:00Z', '2026-03-11T09:00:00Z', '2026-03-18T09:00:00Z'] as const;

let db: TestDatabase;
let database: Database;
let room: VisitsRoom;
let clinic: VisitClinic;
let patientId: string;
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
  room = visitsOn(database, new FixedClock('2026-03-02T09:00:00Z'));
  clinic = await makeVisitClinic(database);
  patientId = await makePatientId(room);
  await database.client.cancelReason.createMany({
    data: ['PATIENT_DECLINED', 'PATIENT_ASKED'].map((code) => ({
      code,
      name: code,
      allowedRoles: ['RECEPTION'],
      needsComment: false,
    })),
    skipDuplicates: true,
  });
});

async function bookSeries() {
  const wish = aWish(patientId, PHYSIO);
  const requestId = mustBeRequest(await room.requests.requestVisit(desk.actor, wish)).id;
  const occurrences = WEDNESDAYS.map((startsAt) => ({ steps: physioAt(clinic, startsAt, 0) }));
  const input: BookSeriesInput = { patientId, visitTypeCode: PHYSIO, everyDays: 7, occurrences, requestId };
  const series = await room.series.bookSeries(desk, input);
  if (isRefusal(series)) throw new Error(series.code);
  return { requestId, input, series: series as VisitSeries };
}

const decline = (visitId: string) =>
  room.visits.cancelVisit(desk, { visitId, version: 0, reasonCode: 'PATIENT_DECLINED' });

const insteadOf = (visitId: string, startsAt = '2026-03-12T09:00:00Z') =>
  aPhysio(clinic, patientId, startsAt, { replacesVisitId: visitId });

const requestOf = (id: string) => database.client.visitRequest.findUniqueOrThrow({ where: { id } });

describe('a series that nobody wanted any more', () => {
  it('closes its request, which is answered again, on the same clock, by one that is booked instead of another', async () => {
    const { requestId, input, series } = await bookSeries();
    const before = await requestOf(requestId);
    await room.series.cancelSeries(desk, { seriesId: series.id, reasonCode: 'PATIENT_DECLINED' });
    const closed = await requestOf(requestId);
    expect(closed).toMatchObject({ status: 'CLOSED', closeReason: 'PATIENT_DECLINED' });
    const visitId = series.visits[1]?.id ?? '';
    const again = mustBeVisit(await room.visits.bookVisit(desk, insteadOf(visitId)));
    expect(again).toMatchObject({ requestId, seriesId: series.id, seriesPosition: 1, status: 'BOOKED' });
    expect(await requestOf(requestId)).toEqual({ ...before, version: closed.version + 1 });
    // A series of its own, or a visit that is instead of nothing, is no answer to a request that is answered.
    expect(codeOf(await room.series.bookSeries(desk, input))).toBe('RequestAlreadyBooked');
    mustBeVisit(
      await room.visits.cancelVisit(desk, { visitId: again.id, version: 0, reasonCode: 'PATIENT_ASKED' }),
    );
    expect(await requestOf(requestId)).toMatchObject({ status: 'WAITING', closedAt: null });
  });

  it('stays closed for who only names the request, or holds a place', async () => {
    const { requestId, input, series } = await bookSeries();
    await room.series.cancelSeries(desk, { seriesId: series.id, reasonCode: 'PATIENT_DECLINED' });
    expect(codeOf(await room.series.bookSeries(desk, input))).toBe('RequestAlreadyBooked');
    const alone = aPhysio(clinic, patientId, '2026-03-12T09:00:00Z', { requestId });
    expect(codeOf(await room.visits.bookVisit(desk, alone))).toBe('RequestAlreadyBooked');
    const held = mustBeVisit(await room.holds.holdVisit(desk, insteadOf(series.visits[0]?.id ?? '')));
    expect(await requestOf(requestId)).toMatchObject({ status: 'CLOSED' });
    mustBeVisit(await room.holds.confirmVisit(desk, { visitId: held.id, version: held.version }));
    expect(await requestOf(requestId)).toMatchObject({ status: 'BOOKED', closedAt: null, closedById: null });
  });

  it('is answered by a hold that was there before the last of the others was declined', async () => {
    const { requestId, series } = await bookSeries();
    const [first, ...others] = series.visits.map(({ id }) => id);
    mustBeVisit(await decline(first ?? ''));
    const held = mustBeVisit(await room.holds.holdVisit(desk, insteadOf(first ?? '')));
    for (const id of others) mustBeVisit(await decline(id));
    expect(await requestOf(requestId)).toMatchObject({ status: 'CLOSED' });
    mustBeVisit(await room.holds.confirmVisit(desk, { visitId: held.id, version: held.version }));
    expect(await requestOf(requestId)).toMatchObject({ status: 'BOOKED', closeReason: null });
  });
});
