import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BookSeriesInput, VisitSeries } from '../../src/clinic/visits/series.type.js';
import type {
  SeriesOffer,
  SeriesOfferFilterInput,
  SeriesOffers,
} from '../../src/clinic/visits/series-offer.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeBankHoliday, makeClaim, makeException } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  makeVisitType,
  mustBeVisit,
  PHYSIO,
  PROCEDURE,
  physioAt,
  tracesOf,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const NOW = '2026-03-02T09:00:00Z';
/** Six Wednesdays at nine on the wall; the clocks go forward on Sunday 29 March. */
const WEDNESDAYS = [
  '2026-03-04T09:00:00Z',
  '2026-03-11T09:00:00Z',
  '2026-03-18T09:00:00Z',
  '2026-03-25T09:00:00Z',
  '2026-04-01T08:00:00Z',
  '2026-04-08T08:00:00Z',
] as const;

let db: TestDatabase;
let database: Database;
let other: Database;
let clock: FixedClock;
let room: VisitsRoom;
let secondRoom: VisitsRoom;
let clinic: VisitClinic;
let patientId: string;
const desk = aBooker();

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  other = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await other.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyVisits(database);
  await database.client.bankHoliday.deleteMany();
  await beginAt(NOW);
});

async function beginAt(now: string): Promise<void> {
  await emptyVisits(database);
  clock = new FixedClock(now);
  room = visitsOn(database, clock);
  secondRoom = visitsOn(other, clock);
  clinic = await makeVisitClinic(database);
  patientId = await makePatientId(room);
}

function aSeries(
  starts: readonly string[] = WEDNESDAYS,
  parts: Partial<BookSeriesInput> & { readonly pair?: 0 | 1 } = {},
): BookSeriesInput {
  const { pair = 0, ...rest } = parts;
  const occurrences = starts.map((startsAt) => ({ steps: physioAt(clinic, startsAt, pair) }));
  return { patientId, visitTypeCode: PHYSIO, everyDays: 7, occurrences, ...rest };
}

function mustBeSeries(result: object): VisitSeries {
  if (isRefusal(result)) throw new Error(`no series: ${result.code}: ${result.message}`);
  return result as VisitSeries;
}

async function offers(parts: Partial<SeriesOfferFilterInput> = {}): Promise<SeriesOffers> {
  const filter = { visitTypeCode: PHYSIO, count: 6, everyDays: 7, toleranceDays: 3, limit: 3, ...parts };
  const result = await room.seriesOffers.seriesOffers(desk.actor, filter);
  if (isRefusal(result)) throw new Error(result.code);
  return result as SeriesOffers;
}

function best({ offers: [first], whyNoSeries }: SeriesOffers): SeriesOffer {
  if (first === undefined) throw new Error(whyNoSeries?.message ?? 'no offer and no reason');
  return first;
}

const startsOf = ({ occurrences }: SeriesOffer) => occurrences.map(({ startsAt }) => startsAt.toString());
const exceptionsOf = ({ occurrences }: SeriesOffer) =>
  occurrences.filter(({ isException }) => isException).map(({ position }) => position);

function toBooking({ occurrences }: SeriesOffer, parts: Partial<BookSeriesInput> = {}): BookSeriesInput {
  return {
    patientId,
    visitTypeCode: PHYSIO,
    everyDays: 7,
    occurrences: occurrences.map(({ steps, resources }) => ({
      steps: steps.map(({ startsAt, position }) => ({
        startsAt,
        resources: resources
          .filter(({ stepPosition }) => stepPosition === position)
          .map(({ role, resource }) => ({ role, resourceId: resource.id })),
      })),
    })),
    ...parts,
  };
}

const wallClock = (startsAt: string) =>
  new Date(startsAt).toLocaleTimeString('en-GB', { timeZone: 'Europe/London', timeStyle: 'short' });

async function everything() {
  const series = await database.client.visitSeries.findMany();
  const audit = await database.client.auditEntry.count({
    where: { action: { startsWith: 'visit-series.' } },
  });
  const outbox = await database.client.outboxMessage.count();
  return { ...(await tracesOf(database)), series, seriesAudit: audit, outbox };
}

async function requestId(parts: Parameters<typeof aWish>[2] = {}): Promise<string> {
  const wish = aWish(patientId, PHYSIO, parts);
  return mustBeRequest(await room.requests.requestVisit(desk.actor, wish)).id;
}

async function statusOf(id: string): Promise<string> {
  return (await database.client.visitRequest.findUniqueOrThrow({ where: { id } })).status;
}

const DAY = { onOrAfter: '2026-03-04', onOrBefore: '2026-03-04' } as const;
const AT_NINE = { ...DAY, localTimeFrom: '09:00', localTimeUntil: '09:45' } as const;

describe('offers', () => {
  it('are at the same time on the wall every week, across the change to summer time, and can be booked', async () => {
    const found = best(await offers({ ...AT_NINE, patientId }));
    expect(startsOf(found)).toEqual([...WEDNESDAYS]);
    expect([found.exceptionsCount, found.insidePromise, found.beforeBreach]).toEqual([0, true, true]);
    const booked = mustBeSeries(await room.series.bookSeries(desk, toBooking(found)));
    expect(booked.visits.map(({ startsAt }) => startsAt.toString())).toEqual([...WEDNESDAYS]);
  });

  it('and across the change to winter time on 25 October', async () => {
    await beginAt('2026-10-05T09:00:00Z');
    const found = best(
      await offers({ onOrAfter: '2026-10-14', onOrBefore: '2026-10-14', localTimeFrom: '14:00' }),
    );
    expect(startsOf(found)).toEqual([
      '2026-10-14T13:00:00Z',
      '2026-10-21T13:00:00Z',
      '2026-10-28T14:00:00Z',
      '2026-11-04T14:00:00Z',
      '2026-11-11T14:00:00Z',
      '2026-11-18T14:00:00Z',
    ]);
    expect(new Set(startsOf(found).map(wallClock))).toEqual(new Set(['14:00']));
    expect(found.exceptionsCount).toBe(0);
  });

  it('propose the nearest day for a bank holiday, and mark it', async () => {
    await makeBankHoliday(database, '2026-04-06');
    const monday = { onOrAfter: '2026-03-09', onOrBefore: '2026-03-09', localTimeFrom: '10:00' };
    const found = best(await offers(monday));
    expect(exceptionsOf(found)).toEqual([4]);
    const moved = found.occurrences[4];
    expect(moved?.wantedAt.toString()).toBe('2026-04-06T09:00:00Z');
    expect(moved?.startsAt.toString()).toBe('2026-04-07T09:00:00Z');
    mustBeSeries(await room.series.bookSeries(desk, toBooking(found)));
  });

  it('propose another time of the same day first, the nearest, where the time is taken or somebody is on leave', async () => {
    for (const id of clinic.physioIds) {
      await makeException(database, 'LEAVE', '2026-03-18', { resourceId: id, hours: '08:00-10:20' });
    }
    const found = best(await offers({ ...DAY, localTimeFrom: '09:00', limit: 10 }));
    // At half past ten there would be no exception: it is better than nine o'clock.
    expect(startsOf(found)[0]).toBe('2026-03-04T10:30:00Z');
    for (const roomId of clinic.roomIds) {
      await makeClaim(database, {
        resourceId: roomId,
        startsAt: '2026-03-11T10:00:00Z',
        endsAt: '2026-03-11T18:00:00Z',
      });
    }
    const either = best(await offers({ ...DAY, localTimeFrom: '09:00' }));
    expect(either.exceptionsCount).toBe(1);
    const [exception] = exceptionsOf(either);
    const one = either.occurrences[exception ?? 0];
    expect(one?.startsAt.toString().slice(0, 10)).toBe(one?.wantedAt.toString().slice(0, 10));
  });

  it('keep to the times that the request states, its travel, and the patient’s other visits', async () => {
    const id = await requestId({
      travelMinutes: 30,
      times: [
        { isoWeekday: 3, fromTime: '09:00', untilTime: '12:00', isExcluded: false },
        { firstOn: '2026-03-18', lastOn: '2026-03-18', isExcluded: true },
        { isoWeekday: 4, fromTime: '13:00', untilTime: '14:00', isExcluded: false },
      ],
    });
    mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, '2026-03-11T09:00:00Z')));
    const found = best(await offers({ requestId: id, ...DAY }));
    // Before 10:15 the other visit is in the way, or the way from it; and 11:15 is nearest to Thursday's hour.
    expect(startsOf(found)[0]).toBe('2026-03-04T11:15:00Z');
    expect(exceptionsOf(found)).toEqual([2]);
    expect(found.occurrences[2]?.startsAt.toString()).toBe('2026-03-19T13:00:00Z');
    mustBeSeries(await room.series.bookSeries(desk, toBooking(found, { requestId: id })));
  });

  it('keep the same people throughout where that is asked for, and say where they cannot', async () => {
    const [ada] = clinic.physioIds;
    for (const on of ['2026-03-11', '2026-03-25']) {
      await makeException(database, 'LEAVE', on, { resourceId: ada });
    }
    const whoOf = ({ occurrences }: SeriesOffer) =>
      occurrences.map(
        ({ resources }) => resources.find(({ role }) => role === 'physiotherapist')?.resource.name,
      );
    const kept = best(await offers({ ...AT_NINE, keepsStaff: true }));
    expect(new Set(whoOf(kept))).toEqual(new Set(['Ben']));
    await makeException(database, 'LEAVE', '2026-03-18', { resourceId: clinic.physioIds[1] });
    const moved = best(await offers({ ...DAY, localTimeFrom: '09:00', keepsStaff: true }));
    expect(new Set(whoOf(moved))).toEqual(new Set(['Ben']));
    expect(exceptionsOf(moved)).toEqual([2]);
    expect(moved.occurrences[2]?.startsAt.toString()).toBe('2026-03-19T09:00:00Z');
    const strict = best(await offers({ ...AT_NINE, keepsStaff: true, toleranceDays: 0 }));
    expect(strict.occurrences.map(({ changesStaff }) => changesStaff).filter(Boolean)).toHaveLength(1);
    expect(whoOf(strict)).toEqual(['Ben', 'Ben', 'Ada', 'Ben', 'Ben', 'Ben']);
  });

  it('are of chains of several steps too', async () => {
    const found = best(await offers({ visitTypeCode: PROCEDURE, count: 4, everyDays: 14, ...DAY }));
    expect(found.occurrences.every(({ steps }) => steps.length === 3)).toBe(true);
    const input = { ...toBooking(found), visitTypeCode: PROCEDURE, everyDays: 14 };
    expect(mustBeSeries(await room.series.bookSeries(desk, input)).visits).toHaveLength(4);
  });

  it('say which visit is in the way when there is no series', async () => {
    for (let day = 30; day <= 31; day += 1) await makeException(database, 'CLOSED', `2026-03-${day}`);
    for (const day of ['01', '02', '03', '04']) await makeException(database, 'CLOSED', `2026-04-${day}`);
    const { offers: none, whyNoSeries } = await offers(DAY);
    expect(none).toEqual([]);
    expect(whyNoSeries).toMatchObject({
      position: 4,
      message: expect.stringContaining('Visit 5 is in the way'),
    });
    const never = await offers({ onOrBefore: '2026-03-01' });
    expect(never).toMatchObject({ firstWindow: null, whyNoSeries: { position: 0, wantedAt: null } });
    const saturday = await offers({ onOrAfter: '2026-03-07', onOrBefore: '2026-03-08' });
    expect(saturday.whyNoSeries).toMatchObject({ position: 0, message: expect.stringMatching(/\S/) });
  });

  it('may go beyond the end of the diary after the first, and are refused in words when longer than a year', async () => {
    const found = best(await offers({ count: 20, ...AT_NINE }));
    expect(startsOf(found).at(-1)).toBe('2026-07-15T08:00:00Z');
    await expect(offers({ count: 52, everyDays: 14 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const year = best(await offers({ count: 52 }));
    expect(year.occurrences).toHaveLength(52);
  });

  it('take as many statements for a year as for two weeks', async () => {
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    const statements = async (parts: Partial<SeriesOfferFilterInput>) => {
      await offers({ patientId, ...parts });
      spy.mockClear();
      await offers({ patientId, ...parts });
      return spy.mock.calls.length;
    };
    const few = await statements({ count: 2, ...AT_NINE });
    expect(await statements({ count: 52, keepsStaff: true, limit: 10 })).toBe(few);
    spy.mockRestore();
  });
});

describe('a series that is booked', () => {
  it('is visits of their own, with their places, revisions, claims and audit records', async () => {
    const before = await everything();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries()));
    expect(series).toMatchObject({
      patientId,
      visitTypeCode: PHYSIO,
      visitsCount: 6,
      everyDays: 7,
      requestId: null,
    });
    expect(series.visits.map(({ seriesPosition }) => seriesPosition)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(series.visits.every(({ seriesId, status }) => seriesId === series.id && status === 'BOOKED')).toBe(
      true,
    );
    const after = await everything();
    expect([after.visits, after.presences, after.revisions].map((rows) => rows.length)).toEqual([6, 6, 6]);
    expect([after.claims.length, after.audit - before.audit]).toEqual([12, 6]);
    expect([after.series.length, after.seriesAudit - before.seriesAudit]).toEqual([1, 1]);
    expect(await room.seriesRecords.visitSeries(desk.actor, series.id)).toEqual(series);
    const looked = await room.seriesRecords.seen(desk.actor, [series.id]);
    expect(looked.get(series.id)).toEqual(series);
  });

  it('is nothing at all when the sixth is taken, and the answer names it', async () => {
    const id = await requestId();
    const theirs = await makePatientId(room);
    clock = new FixedClock('2026-03-20T09:00:00Z');
    mustBeVisit(
      await visitsOn(database, clock).visits.bookVisit(desk, aPhysio(clinic, theirs, '2026-04-08T08:15:00Z')),
    );
    const before = await everything();
    const answer = await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id }));
    expect(answer).toMatchObject({
      code: 'OccurrenceNotPossible',
      position: 5,
      reasonCode: 'SlotAlreadyTaken',
      message: expect.stringContaining('Visit 6 of the series, on Wednesday 8 April 2026 at 09:00,'),
    });
    expect(await everything()).toEqual(before);
    expect(await statusOf(id)).toBe('WAITING');
  });

  it.each([
    ['OutsideOpeningHours', '2026-04-05T09:00:00Z'],
    ['VisitOutsideProtocol', '2026-04-08T08:05:00Z'],
  ])('hears %s of the one that it is about', async (reasonCode, sixth) => {
    const answer = await room.series.bookSeries(desk, aSeries([...WEDNESDAYS.slice(0, 5), sixth]));
    expect(answer).toMatchObject({ code: 'OccurrenceNotPossible', position: 5, reasonCode });
    expect(await database.client.visitSeries.count()).toBe(0);
  });

  it('asks of the first that it keeps the lead time, and of the others that they follow', async () => {
    const soon = await room.series.bookSeries(desk, aSeries(['2026-03-02T15:00:00Z', ...WEDNESDAYS]));
    expect(soon).toMatchObject({ position: 0, reasonCode: 'TooSoonForLeadTime' });
    const late = await room.series.bookSeries(
      desk,
      aSeries(['2026-06-03T08:00:00Z', '2026-06-10T08:00:00Z']),
    );
    expect(late).toMatchObject({ position: 0, reasonCode: 'BeyondDiary' });
    const long = await room.series.bookSeries(desk, aSeries([...WEDNESDAYS, '2026-07-15T08:00:00Z']));
    const last = mustBeSeries(long).visits.at(-1);
    const steps = physioAt(clinic, '2026-07-16T08:00:00Z');
    const moved = await room.visits.moveVisit(desk, { visitId: last?.id ?? '', version: 0, steps });
    expect(mustBeVisit(moved)).toMatchObject({ seriesPosition: 6, movesCount: 1 });
  });

  it('is in order of time and no longer than a year, or it is refused in words', async () => {
    const [first, second] = WEDNESDAYS;
    const wrong = [
      aSeries([second, first]),
      aSeries([first, first]),
      aSeries([first, '2027-03-17T09:00:00Z']),
      aSeries(WEDNESDAYS, { everyDays: 91 }),
    ];
    for (const input of wrong) {
      await expect(room.series.bookSeries(desk, input)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect(await database.client.visitSeries.count()).toBe(0);
  });

  it('gives the same answer to the same key, a "no" included', async () => {
    const keyed = aBooker({ key: 'series-1' });
    const once = mustBeSeries(await room.series.bookSeries(keyed, aSeries()));
    expect(await secondRoom.series.bookSeries(keyed, aSeries())).toEqual(once);
    expect(codeOf(await room.series.bookSeries(keyed, aSeries(WEDNESDAYS.slice(1))))).toBe(
      'IdempotencyKeyReused',
    );
    const refused = { ...keyed, idempotencyKey: 'series-2' };
    const no = await room.series.bookSeries(refused, aSeries());
    expect(no).toMatchObject({ code: 'OccurrenceNotPossible', position: 0 });
    expect(await secondRoom.series.bookSeries(refused, aSeries())).toEqual(no);
    expect(await database.client.visit.count()).toBe(6);
  });
});

describe('the request of a series', () => {
  it('is booked with all of it, and waits again only when none stands', async () => {
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    expect(await statusOf(id)).toBe('BOOKED');
    const again = await room.visits.bookVisit(
      desk,
      aPhysio(clinic, patientId, '2026-03-05T09:00:00Z', { requestId: id }),
    );
    expect(codeOf(again)).toBe('RequestAlreadyBooked');
    expect(codeOf(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })))).toBe(
      'RequestAlreadyBooked',
    );
    await makeReason();
    for (const [place, visit] of series.visits.entries()) {
      const cancelled = await room.visits.cancelVisit(desk, {
        visitId: visit.id,
        version: 0,
        reasonCode: 'PATIENT',
      });
      expect(mustBeVisit(cancelled).status).toBe('CANCELLED');
      expect(await statusOf(id)).toBe(place === 5 ? 'WAITING' : 'BOOKED');
    }
  });

  it('waits again when the last two are cancelled at one moment', async () => {
    await makeReason();
    for (let round = 0; round < 5; round += 1) {
      const id = await requestId();
      const input = aSeries(WEDNESDAYS.slice(0, 2), { requestId: id });
      const { visits } = mustBeSeries(await room.series.bookSeries(desk, input));
      const done = await Promise.all(
        visits.map((visit, i) =>
          (i === 0 ? room : secondRoom).visits.cancelVisit(desk, {
            visitId: visit.id,
            version: 0,
            reasonCode: 'PATIENT',
          }),
        ),
      );
      expect(done.map(codeOf)).toEqual(['visit', 'visit']);
      expect(await statusOf(id)).toBe('WAITING');
      await room.requests.closeRequest(desk.actor, { requestId: id, reason: 'for a test' });
    }
  });

  it('is answered on the day of the first', async () => {
    const id = await requestId();
    mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    clock = new FixedClock('2026-05-01T09:00:00Z');
    const { visits } = await database.client.visitRequest.findUniqueOrThrow({
      where: { id },
      include: { visits: { where: { seriesPosition: 0 } } },
    });
    expect(visits[0]?.startsAt.toISOString()).toBe('2026-03-04T09:00:00.000Z');
    const page = await visitsOn(database, clock).requestRecords.visitRequest(desk.actor, id);
    expect(page.clock.daysWaited).toBe(2);
  });
});

describe('one of a series', () => {
  it('is moved and swapped by itself, and keeps its place', async () => {
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    const [, second, third] = series.visits;
    const steps = physioAt(clinic, '2026-03-12T11:00:00Z');
    const moved = mustBeVisit(
      await room.visits.moveVisit(desk, { visitId: second?.id ?? '', version: 0, steps }),
    );
    expect(moved).toMatchObject({ seriesId: series.id, seriesPosition: 1, requestId: id });
    const swap = {
      firstVisitId: moved.id,
      firstVersion: 1,
      secondVisitId: third?.id ?? '',
      secondVersion: 0,
    };
    expect(codeOf(await room.visits.swapVisits(desk, swap))).toBe('visit');
    expect(await statusOf(id)).toBe('BOOKED');
  });

  it('that was cancelled is booked again in its place, held or at once', async () => {
    await makeReason();
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    const [, second] = series.visits;
    const visitId = second?.id ?? '';
    await room.visits.cancelVisit(desk, { visitId, version: 0, reasonCode: 'PATIENT' });
    const instead = { replacesVisitId: visitId };
    const held = mustBeVisit(
      await room.holds.holdVisit(desk, aPhysio(clinic, patientId, '2026-03-12T09:00:00Z', instead)),
    );
    const place = { seriesId: series.id, seriesPosition: 1, requestId: id };
    expect(held).toMatchObject(place);
    await room.holds.releaseHold(desk, { visitId: held.id, version: 0 });
    const wishes = ['2026-03-12T10:00:00Z', '2026-03-12T13:00:00Z', '2026-03-12T14:00:00Z'];
    const results = await Promise.all(
      wishes.map((startsAt, i) =>
        (i % 2 === 0 ? room : secondRoom).visits.bookVisit(
          desk,
          aPhysio(clinic, patientId, startsAt, instead),
        ),
      ),
    );
    expect(results.map(codeOf).toSorted()).toEqual(['VisitNotReplaceable', 'VisitNotReplaceable', 'visit']);
    expect(results.find((result) => !isRefusal(result))).toMatchObject(place);
    expect(await statusOf(id)).toBe('BOOKED');
    const { visits } = await room.seriesRecords.visitSeries(desk.actor, series.id);
    expect(visits.map(({ seriesPosition }) => seriesPosition)).toEqual([0, 1, 1, 1, 2, 3, 4, 5]);
  });

  it('of another kind, or for another request, does not take its place', async () => {
    await makeReason();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries()));
    const [, second, third] = series.visits;
    for (const visit of [second, third]) {
      await room.visits.cancelVisit(desk, { visitId: visit?.id ?? '', version: 0, reasonCode: 'PATIENT' });
    }
    const id = await requestId();
    const apart = aPhysio(clinic, patientId, '2026-03-12T09:00:00Z', {
      requestId: id,
      replacesVisitId: second?.id ?? '',
    });
    expect(mustBeVisit(await room.visits.bookVisit(desk, apart))).toMatchObject({
      seriesId: null,
      requestId: id,
    });
  });

  it('is missed, and found after all, while the others stand; and when none stands', async () => {
    await makeReason();
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    const visitId = series.visits[0]?.id ?? '';
    clock.advance({ hours: 49 });
    mustBeVisit(await room.day.markNoShow(desk.actor, { visitId, version: 0 }));
    expect(await statusOf(id)).toBe('BOOKED');
    mustBeVisit(await room.day.undoVisitStep(desk.actor, { visitId, version: 1 }));
    mustBeVisit(await room.day.markNoShow(desk.actor, { visitId, version: 2 }));
    mustBeSeries(await room.series.cancelSeries(desk, { seriesId: series.id, reasonCode: 'PATIENT' }));
    expect(await statusOf(id)).toBe('WAITING');
    mustBeVisit(await room.day.undoVisitStep(desk.actor, { visitId, version: 3 }));
    expect(await statusOf(id)).toBe('BOOKED');
  });

  it('that was done answers the request, whatever becomes of the others', async () => {
    await makeReason();
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    const visitId = series.visits[0]?.id ?? '';
    clock.advance({ hours: 48 });
    for (const [version, press] of (['markArrived', 'startVisit', 'finishVisit'] as const).entries()) {
      mustBeVisit(await room.day[press](desk.actor, { visitId, version }));
    }
    mustBeSeries(await room.series.cancelSeries(desk, { seriesId: series.id, reasonCode: 'PATIENT' }));
    expect(await statusOf(id)).toBe('BOOKED');
  });
});

describe('cancelSeries', () => {
  it('cancels what is still to come for one reason, as one change', async () => {
    await makeReason();
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    clock = new FixedClock('2026-03-11T09:00:00Z');
    const later = visitsOn(database, clock);
    const keyed = aBooker({ key: 'cancel-1' });
    const input = { seriesId: series.id, reasonCode: 'PATIENT', comment: 'moved away' };
    const after = mustBeSeries(await later.series.cancelSeries(keyed, input));
    expect(after.visits.map(({ status }) => status)).toEqual([
      'BOOKED',
      'BOOKED',
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
    ]);
    expect(after.visits.at(-1)).toMatchObject({ cancelReasonCode: 'PATIENT', cancelComment: 'moved away' });
    expect(await statusOf(id)).toBe('BOOKED');
    expect(await later.series.cancelSeries(keyed, input)).toEqual(after);
    expect(codeOf(await later.series.cancelSeries(desk, input))).toBe('SeriesOver');
    const { claims, revisions } = await everything();
    expect([claims.filter(({ releasedAt }) => releasedAt === null).length, revisions.length]).toEqual([
      4, 10,
    ]);
    const noted = await database.client.auditEntry.count({
      where: { action: 'visit-series.cancelled', subjectId: series.id },
    });
    expect(noted).toBe(1);
  });

  it('gives back holds in it, lets the request wait, and leaves everything when the reason is not one’s own', async () => {
    await makeReason();
    const id = await requestId();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries(WEDNESDAYS, { requestId: id })));
    const visitId = series.visits[1]?.id ?? '';
    await room.visits.cancelVisit(desk, { visitId, version: 0, reasonCode: 'PATIENT' });
    const wish = aPhysio(clinic, patientId, '2026-03-12T09:00:00Z', { replacesVisitId: visitId });
    mustBeVisit(await room.holds.holdVisit(desk, wish));
    const before = await everything();
    const foreign = { seriesId: series.id, reasonCode: 'CLINIC' };
    expect(codeOf(await room.series.cancelSeries(desk, foreign))).toBe('CancelReasonNotYours');
    expect(await everything()).toEqual(before);
    const after = mustBeSeries(
      await room.series.cancelSeries(desk, { seriesId: series.id, reasonCode: 'PATIENT' }),
    );
    expect(after.visits.map(({ status }) => status)).toEqual([
      'CANCELLED',
      'CANCELLED',
      'LAPSED',
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
    ]);
    expect(await statusOf(id)).toBe('WAITING');
    expect(await database.client.spanClaim.count({ where: { releasedAt: null } })).toBe(0);
  });

  it('of two at once, one cancels', async () => {
    await makeReason();
    const series = mustBeSeries(await room.series.bookSeries(desk, aSeries()));
    const input = { seriesId: series.id, reasonCode: 'PATIENT' };
    const results = await Promise.all([
      room.series.cancelSeries(desk, input),
      secondRoom.series.cancelSeries(desk, input),
      room.series.cancelSeries(desk, input),
    ]);
    expect(results.map(codeOf).toSorted()).toEqual(['SeriesOver', 'SeriesOver', 'visit']);
    expect(await database.client.visitRevision.count({ where: { action: 'cancelled' } })).toBe(6);
  });
});

describe('series at the same moment', () => {
  it.each([8, 50])('%i want overlapping times: one has them all, the others nothing', async (count) => {
    const people = await Promise.all(Array.from({ length: count }, () => makePatientId(room)));
    const results = await Promise.all(
      people.map((id, i) => {
        // Each begins with another of the Wednesdays, and all want the last.
        const starts = WEDNESDAYS.slice(i % 5);
        return (i % 2 === 0 ? room : secondRoom).series.bookSeries(desk, aSeries(starts, { patientId: id }));
      }),
    );
    const winners = results.filter((result) => !isRefusal(result));
    expect(winners).toHaveLength(1);
    for (const result of results.filter(isRefusal)) {
      expect(result).toMatchObject({ code: 'OccurrenceNotPossible', reasonCode: 'SlotAlreadyTaken' });
    }
    const won = mustBeSeries(winners[0] ?? {}).visits.length;
    const left = await everything();
    expect([left.series.length, left.visits.length, left.revisions.length]).toEqual([1, won, won]);
    expect([left.claims.length, left.presences.length]).toEqual([won * 2, won]);
  });

  it('with the same people in different orders never wait in a circle', async () => {
    const pairs = [0, 1, 0, 1, 0, 1] as const;
    for (let round = 0; round < 6; round += 1) {
      const people = await Promise.all([makePatientId(room), makePatientId(room), makePatientId(room)]);
      const before = await deadlocks();
      const day = String(4 + round).padStart(2, '0');
      const starts = (hour: string) =>
        ['03', '04', '05'].map((month) => `2026-${month}-${day}T${hour}:00:00Z`).filter(isWeekday);
      if (starts('09').length < 2) continue;
      const wishOf = (id: string, turn: number): BookSeriesInput => ({
        ...aSeries([], { patientId: id }),
        everyDays: 30,
        occurrences: starts(turn === 2 ? '13' : '09').map((startsAt, place) => ({
          steps: physioAt(clinic, startsAt, pairs[(place + turn) % 2] ?? 0),
        })),
      });
      const results = await Promise.all(
        people.map((id, turn) =>
          (turn % 2 === 0 ? room : secondRoom).series.bookSeries(desk, wishOf(id, turn)),
        ),
      );
      // The two at nine share no place: in each week one has the first pair and the other the second.
      expect(results.map(codeOf)).toEqual(['visit', 'visit', 'visit']);
      expect(await deadlocks()).toBe(before);
    }
  });

  it('and single bookings and a closed day: whole or not at all, and nobody waits in a circle', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => makePatientId(room)));
    const before = await deadlocks();
    // The first and the last pair in turn: whoever took them one after the other would meet the closure half-way.
    const inTurn = (id: string, hour: number): BookSeriesInput => ({
      ...aSeries([], { patientId: id }),
      occurrences: WEDNESDAYS.map((startsAt, place) => ({
        steps: physioAt(clinic, later(startsAt, hour), place % 2 === 0 ? 1 : 0),
      })),
    });
    const closing = { kind: 'CLOSED', heldOn: '2026-04-08', reason: 'for a test' } as const;
    const [closed, ...results] = await Promise.all([
      secondRoom.calendar.addOpeningException(desk.actor, closing),
      ...people
        .slice(0, 3)
        .map((id, i) => (i === 1 ? secondRoom : room).series.bookSeries(desk, inTurn(id, i))),
      ...people
        .slice(3)
        .map((id, i) => secondRoom.visits.bookVisit(desk, aPhysio(clinic, id, WEDNESDAYS[i * 2] ?? NOW))),
    ]);
    const isClosed = closed !== undefined && !isRefusal(closed);
    const series = await database.client.visitSeries.findMany({ include: { visits: true } });
    for (const { visits } of series) expect(visits).toHaveLength(6);
    if (isClosed) expect(series).toEqual([]);
    else
      expect(results.filter((result) => result !== undefined && !isRefusal(result)).length).toBeGreaterThan(
        0,
      );
    const live = await database.client.spanClaim.findMany({ where: { releasedAt: null } });
    const places = live.map(({ resourceId, startsAt }) => `${resourceId} ${startsAt.toISOString()}`);
    expect(new Set(places).size).toBe(places.length);
    expect(await deadlocks()).toBe(before);
  });
});

describe('what the database keeps to', () => {
  it('bounds, one live visit for each place, and a place for each of a series', async () => {
    const constraints = await database.client.$queryRawUnsafe<readonly { name: string }[]>(
      `SELECT conname AS name FROM pg_constraint WHERE conname IN ('visit_series_in_bounds', 'visits_series_whole')
       UNION ALL SELECT indexname FROM pg_indexes
        WHERE indexname IN ('visits_one_live_per_place_in_series', 'visits_one_live_per_request')
       UNION ALL SELECT conname FROM pg_constraint
        WHERE contype = 'x' AND conname IN ('span_claims_no_overlap', 'patient_presences_one_place')`,
    );
    expect(constraints.map(({ name }) => name).toSorted()).toEqual([
      'patient_presences_one_place',
      'span_claims_no_overlap',
      'visit_series_in_bounds',
      'visits_one_live_per_place_in_series',
      'visits_one_live_per_request',
      'visits_series_whole',
    ]);
  });

  it('holds a year of weekly visits in one transaction', async () => {
    await makeVisitType(database, 'LONG_TEST', [
      { name: 'Talk', durationMinutes: 30, needs: [{ role: 'room', kind: 'THERAPY_ROOM' }] },
    ]);
    const found = best(await offers({ visitTypeCode: 'LONG_TEST', count: 52, ...DAY }));
    const input = { ...toBooking(found), visitTypeCode: 'LONG_TEST' };
    expect(mustBeSeries(await room.series.bookSeries(desk, input)).visits).toHaveLength(52);
  });
});

function later(startsAt: string, hours: number): string {
  return new Date(Date.parse(startsAt) + hours * 3_600_000).toISOString();
}

function isWeekday(startsAt: string): boolean {
  return ![0, 6].includes(new Date(startsAt).getUTCDay());
}

async function deadlocks(): Promise<number> {
  const [row] = await database.client.$queryRawUnsafe<readonly { deadlocks: bigint }[]>(
    `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
  );
  return Number(row?.deadlocks ?? 0);
}

async function makeReason(): Promise<void> {
  await database.client.cancelReason.createMany({
    data: [
      { code: 'PATIENT', name: 'The patient asked', allowedRoles: ['RECEPTION'], needsComment: false },
      { code: 'CLINIC', name: 'The clinic cannot', allowedRoles: ['MANAGER'], needsComment: false },
    ],
  });
}
