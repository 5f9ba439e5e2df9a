import ICAL from 'ical.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { SENDING_LEASE_MS } from '../../src/clinic/notifications/letter.rules.js';
import type { RegisterPatientInput } from '../../src/clinic/patients/patient.type.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import type { VisitCompanion } from '../../src/clinic/visits/visit-companion.service.js';
import { VisitDayService } from '../../src/clinic/visits/visit-day.service.js';
import { VISIT_TOPICS } from '../../src/clinic/visits/visit-letter.type.js';
import { VisitNewsService } from '../../src/clinic/visits/visit-news.service.js';
import { VisitStandingService } from '../../src/clinic/visits/visit-standing.service.js';
import { VisitTimeService } from '../../src/clinic/visits/visit-time.service.js';
import { OUTBOX_CHANNEL } from '../../src/platform/outbox/outbox.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { consentServiceOn } from '../support/consent.factory.js';
import { Grave, LetterBench, type LetterRoom, RECEPTION } from '../support/letters.factory.js';
import { calendarOf } from '../support/mailbox.js';
import { makePatient } from '../support/patients.factory.js';
import { schedulingOn } from '../support/scheduling.factory.js';
import { until } from '../support/until.js';
import {
  aBooker,
  aPhysio,
  emptyVisits,
  makeVisitClinic,
  makeVisitType,
  mustBeVisit,
  PROCEDURE,
  physioAt,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const bench = LetterBench.use();
const DESK = aBooker();
/** Friday before the clocks go forward, and Monday after. */
const FRIDAY = '2026-03-27T09:30:00Z';
const MONDAY = '2026-03-30T08:30:00Z';
const TUESDAY = '2026-03-31T08:30:00Z';
const PAGE = { size: 25 };

let visits: VisitsRoom;
let clinic: VisitClinic;

beforeEach(async () => {
  await emptyVisits(bench.database);
  visits = visitsOn(bench.database, bench.clock);
  clinic = await makeVisitClinic(bench.database);
  await bench.database.client.cancelReason.create({
    data: { code: 'STAFF_ABSENT', name: 'Absent', allowedRoles: ['RECEPTION'], needsComment: false },
  });
});

async function book(startsAt: string, parts: Partial<RegisterPatientInput> = {}): Promise<Visit> {
  const { id } = await makePatient(visits.patients, parts);
  return mustBeVisit(await visits.visits.bookVisit(DESK, aPhysio(clinic, id, startsAt)));
}

async function move(visit: Visit, startsAt: string, booker: Booker = DESK): Promise<Visit> {
  const input = { visitId: visit.id, version: visit.version, steps: physioAt(clinic, startsAt) };
  return mustBeVisit(await visits.visits.moveVisit(booker, input));
}

async function cancel(visit: Visit, booker: Booker = DESK): Promise<Visit> {
  const input = { visitId: visit.id, version: visit.version, reasonCode: 'STAFF_ABSENT' };
  return mustBeVisit(await visits.visits.cancelVisit(booker, input));
}

function visitNews(): VisitNewsService {
  return new VisitNewsService(bench.database, visits.records);
}

/** What people say of a visit on its day. */
function dayService(): VisitDayService {
  const { database, clock } = bench;
  const { claims, companions, patients, records, referrals, changes, requests, requestRecords } = visits;
  const consent = consentServiceOn(database, clock);
  const standing = new VisitStandingService(requestRecords, referrals, patients, consent, records, clock);
  const { visitTypes } = schedulingOn(database, clock);
  const times = new VisitTimeService(claims, visitTypes, patients, standing, companions, bench.config);
  return new VisitDayService(database, clock, records, changes, times, requests);
}

/** Starts a worker; from then on everything that is due goes out. */
async function work(made: LetterRoom = bench.room()): Promise<LetterRoom> {
  await made.worker.onApplicationBootstrap();
  return made;
}

/** What this room hears; what else the rooms before it post is for others. */
const HEARD = [...Object.values(VISIT_TOPICS), 'letter.due'];

/** Waits until there is nothing to do but so many messages for later. */
async function quiet(forLater = 0): Promise<void> {
  const { client } = bench.database;
  const where = { topic: { in: HEARD }, handledAt: null };
  await until(async () => (await client.outboxMessage.count({ where })) === forLater);
}

/** Lets time pass, and the worker look: on its own it looks every few seconds. */
async function wait(duration: Temporal.DurationLike): Promise<void> {
  bench.clock.advance(duration);
  await bench.database.client.$executeRaw`SELECT pg_notify(${OUTBOX_CHANNEL}, '')`;
}

/** Messages about visits, whatever has become of them. */
async function posted(): Promise<readonly string[]> {
  const rows = await bench.database.client.outboxMessage.findMany({
    where: { topic: { in: Object.values(VISIT_TOPICS) } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ topic, version }) => `${topic} ${version}`);
}

/** Every letter's calendar entry, read by a parser that knows no zone but the one embedded in it. */
function events() {
  return bench.smtp.accepted.map((message) => {
    const calendar = new ICAL.Component(ICAL.parse(calendarOf(message) ?? ''));
    ICAL.TimezoneService.reset();
    for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
    const component = calendar.getFirstSubcomponent('vevent');
    if (component === null) throw new Error('a letter has no appointment');
    const event = new ICAL.Event(component);
    return {
      method: String(calendar.getFirstPropertyValue('method')),
      uid: event.uid,
      sequence: event.sequence,
      zone: event.startDate.zone?.tzid,
      local: String(event.startDate),
      instant: Temporal.Instant.fromEpochMilliseconds(event.startDate.toJSDate().getTime()).toString(),
    };
  });
}

describe('letters about a visit', () => {
  it('tell that it is booked, moved and cancelled: one event of the calendar in three versions', async () => {
    await work();
    const booked = await book(FRIDAY);
    await quiet();
    const moved = await move(booked, MONDAY);
    await quiet();
    await cancel(moved);
    await quiet();
    expect(await bench.statesOf(booked.id)).toEqual([
      ['VISIT_BOOKED', 'SENT', null],
      ['VISIT_MOVED', 'SENT', null],
      ['VISIT_CANCELLED', 'SENT', null],
    ]);
    const uid = `visit-${booked.id}@facet`;
    const zone = 'Europe/London';
    expect(events()).toEqual([
      { method: 'REQUEST', uid, sequence: 0, zone, local: '2026-03-27T09:30:00', instant: FRIDAY },
      { method: 'REQUEST', uid, sequence: 1, zone, local: '2026-03-30T09:30:00', instant: MONDAY },
      { method: 'CANCEL', uid, sequence: 2, zone, local: '2026-03-30T09:30:00', instant: MONDAY },
    ]);
    const [first, second, third] = bench.smtp.accepted;
    expect(first?.text).toContain('Friday 27 March 2026 at 09:30');
    expect(second?.text).toContain('is now on\nMonday 30 March 2026 at 09:30');
    expect(second?.text).toContain('takes the place of our earlier one');
    expect(third?.text).toContain('Monday 30 March 2026 at 09:30\nis cancelled. PLEASE DO NOT COME.');
    expect(third?.text).toContain('We do not have the staff that we need');
  });

  it.each([
    ['2026-03-27T09:30:00Z', '2026-03-27T09:30:00'],
    ['2026-03-30T08:30:00Z', '2026-03-30T09:30:00'],
    ['2026-10-23T08:30:00Z', '2026-10-23T09:30:00'],
    ['2026-10-26T09:30:00Z', '2026-10-26T09:30:00'],
  ])('keep half past nine on either side of a clock change: %s', async (startsAt, local) => {
    bench.clock.set(Temporal.Instant.from(startsAt).subtract({ hours: 24 * 21 }));
    await work();
    await book(startsAt);
    await quiet();
    expect(events()).toMatchObject([{ zone: 'Europe/London', local, instant: startsAt }]);
    expect(bench.smtp.accepted[0]?.text).toContain(' at 09:30');
  });

  it('go out once for each version, with three workers and every message posted twice', async () => {
    const rooms = [bench.room(), bench.room(), bench.room()];
    const booked = [await book(FRIDAY), await book(MONDAY), await book(TUESDAY)];
    await bench.database.transaction(async (tx) => {
      for (const { id } of booked) {
        await visits.outbox.post(tx, { topic: VISIT_TOPICS.booked, subjectId: id, version: 0 });
      }
    });
    await Promise.all(rooms.map(work));
    await quiet();
    expect(bench.smtp.accepted).toHaveLength(3);
    expect(new Set(bench.smtp.accepted.map(({ messageId }) => messageId)).size).toBe(3);
  });

  it('tell nothing of a hold; when it is confirmed, that the visit is booked', async () => {
    await work();
    const { id } = await makePatient(visits.patients);
    const held = mustBeVisit(await visits.holds.holdVisit(DESK, aPhysio(clinic, id, FRIDAY)));
    expect(await posted()).toEqual([]);
    mustBeVisit(await visits.holds.confirmVisit(DESK, { visitId: held.id, version: held.version }));
    await quiet();
    expect(await bench.statesOf(held.id)).toEqual([['VISIT_BOOKED', 'SENT', null]]);
    expect(events()).toMatchObject([{ sequence: 1 }]);
  });

  it('of several changes before the first is sent are one: what holds now', async () => {
    const booked = await book(FRIDAY);
    const moved = await move(await move(booked, MONDAY), TUESDAY);
    await work();
    await quiet();
    expect((await bench.statesOf(moved.id)).map(([kind, status]) => `${kind} ${status}`)).toEqual([
      'VISIT_BOOKED SUPERSEDED',
      'VISIT_MOVED SUPERSEDED',
      'VISIT_MOVED SENT',
    ]);
    expect(bench.smtp.accepted).toHaveLength(1);
    expect(bench.smtp.accepted[0]?.text).toContain('Tuesday 31 March 2026');
    expect(bench.smtp.accepted[0]?.text).not.toContain('earlier one');
  });

  it('of a visit that is cancelled before anybody heard of it are none', async () => {
    const booked = await book(FRIDAY);
    await cancel(booked);
    await work();
    await quiet();
    expect((await bench.statesOf(booked.id)).map(([, status, code]) => [status, code])).toEqual([
      ['SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['SUPPRESSED', 'NEVER_ANNOUNCED'],
    ]);
    expect(bench.smtp.received).toHaveLength(0);
  });

  it('tell nothing of another room or person at the same time, and nothing of the day', async () => {
    await work();
    const booked = await book(FRIDAY);
    const input = { visitId: booked.id, version: 0, steps: physioAt(clinic, FRIDAY, 1) };
    const moved = mustBeVisit(await visits.visits.moveVisit(DESK, input));
    bench.clock.set(FRIDAY);
    const day = dayService();
    const arrived = mustBeVisit(
      await day.markArrived(DESK.actor, { visitId: moved.id, version: moved.version }),
    );
    mustBeVisit(await day.markNoShow(DESK.actor, { visitId: moved.id, version: arrived.version }));
    expect(await posted()).toEqual(['visit.booked 0']);
  });

  it('list the parts at which the patient is there, and no others', async () => {
    const at = (time: string) => Temporal.Instant.from(`2026-03-27T${time}:00Z`);
    const [chair] = clinic.placeIds;
    const place = [{ role: 'place', resourceId: chair }];
    const treated = [
      { role: 'operator', resourceId: clinic.operatorId },
      { role: 'room', resourceId: clinic.theatreId },
    ];
    const { id } = await makePatient(visits.patients);
    const booked = mustBeVisit(
      await visits.visits.bookVisit(DESK, {
        patientId: id,
        visitTypeCode: PROCEDURE,
        steps: [
          { startsAt: at('09:30'), resources: place },
          { startsAt: at('09:45'), resources: treated },
          { startsAt: at('11:00'), resources: place },
        ],
      }),
    );
    await work();
    await quiet();
    const [message] = bench.smtp.accepted;
    expect(message?.text).toContain(
      [
        '  09:30  Admission',
        '  09:45  Procedure',
        '         Then you wait for about 45 minutes.',
        '  11:00  Review',
        '  11:15  Finish',
      ].join('\n'),
    );
    const part = { visitId: booked.id, position: 2 };
    await bench.database.client.visitStep.updateMany({ where: part, data: { patientPresent: false } });
    const facts = await visitNews().letterFacts(booked.id, [0, 7]);
    expect(facts?.attended.map(({ name }) => name)).toEqual(['Admission', 'Procedure']);
    expect([...(facts?.was.keys() ?? [])]).toEqual([0]);
    expect(await visitNews().letterFacts(id)).toBeNull();
  });

  it('are not of this room for a visit that another room follows', async () => {
    const follower: VisitCompanion = {
      keepsPatient: false,
      suitable: async () => null,
      judge: async () => null,
      follow: async () => undefined,
    };
    visits.companions.register('FOLLOWED', follower);
    await makeVisitType(
      bench.database,
      'FOLLOWED_TEST',
      [{ needs: [{ role: 'room', kind: 'THERAPY_ROOM' }] }],
      { type: { companion: 'FOLLOWED' } },
    );
    const { id } = await makePatient(visits.patients);
    const steps = [
      {
        startsAt: Temporal.Instant.from(FRIDAY),
        resources: [{ role: 'room', resourceId: clinic.roomIds[0] }],
      },
    ];
    const input = { patientId: id, visitTypeCode: 'FOLLOWED_TEST', steps };
    const booked = mustBeVisit(await visits.visits.bookVisit(DESK, input));
    await cancel(booked);
    expect(await posted()).toEqual([]);
  });

  it.each([
    ['Jürgen', 'Groß-Öztürk', 'Dr.'],
    ['Juergen', 'Gross-Oeztuerk', undefined],
  ])('reach %s %s by that name', async (givenName, familyName, namePrefix) => {
    await work();
    await book(FRIDAY, { givenName, familyName, namePrefix, email: 'juergen@example.org' });
    await quiet();
    const [message] = bench.smtp.accepted;
    const to = [message?.to].flat().flatMap((list) => list?.value ?? []);
    expect(to).toEqual([{ name: `${givenName} ${familyName}`, address: 'juergen@example.org' }]);
    const greeting = `Dear ${namePrefix ?? givenName} ${familyName},`;
    expect(message?.text).toContain(greeting);
    expect(message?.html).toContain(greeting);
    expect(calendarOf(message ?? expect.fail())?.replaceAll('\r\n ', '')).toContain(
      `CN="${givenName} ${familyName}"`,
    );
  });
});

describe('a change of which people are told later', () => {
  const later = () => ({ ...DESK, tellingAt: bench.clock.now().add({ minutes: 30 }) });

  it('is told then and not before, in the words of what holds then', async () => {
    const booked = await book(FRIDAY);
    await work();
    await quiet();
    const moved = await move(booked, MONDAY, later());
    bench.clock.advance({ minutes: 29 });
    // Something else goes out meanwhile: the worker has looked.
    const other = await book(TUESDAY);
    await quiet(1);
    expect(await bench.statesOf(moved.id)).toEqual([['VISIT_BOOKED', 'SENT', null]]);
    expect((await bench.statesOf(other.id)).map(([, status]) => status)).toEqual(['SENT']);
    await wait({ minutes: 1 });
    await quiet();
    expect((await bench.statesOf(moved.id)).map(([, status]) => status)).toEqual(['SENT', 'SENT']);
    expect(bench.smtp.accepted.at(-1)?.text).toContain('is now on\nMonday 30 March 2026');
  });

  it('is never told when it was taken back: the message withdrawn, the visit where it was', async () => {
    const booked = await book(FRIDAY);
    await work();
    await quiet();
    const moved = await move(booked, MONDAY, later());
    await bench.database.transaction(async (tx) => {
      const taken = await visits.outbox.withdraw(tx, Object.values(VISIT_TOPICS), [booked.id]);
      expect([...taken]).toEqual([booked.id]);
    });
    const back = await move(moved, FRIDAY);
    await quiet();
    await wait({ hours: 1 });
    await cancel(await book(TUESDAY));
    await quiet();
    expect(await bench.statesOf(back.id)).toEqual([
      ['VISIT_BOOKED', 'SENT', null],
      ['VISIT_MOVED', 'SUPPRESSED', 'ALREADY_TOLD'],
    ]);
    expect(bench.smtp.accepted.filter(({ text }) => text?.includes('27 March'))).toHaveLength(1);
  });

  it('leaves with staff what they were to tell, which can still be sent when there is an address', async () => {
    const booked = await book(FRIDAY, { contactPreference: 'LETTER' });
    const made = await work();
    await quiet();
    await move(await move(booked, MONDAY, later()), FRIDAY);
    await quiet(1);
    expect(await bench.statesOf(booked.id)).toEqual([
      ['VISIT_BOOKED', 'SUPPRESSED', 'PREFERS_POST'],
      ['VISIT_MOVED', 'SUPPRESSED', 'ALREADY_TOLD'],
    ]);
    const { patientId } = booked;
    await bench.database.client.patient.update({
      where: { id: patientId },
      data: { contactPreference: 'EMAIL' },
    });
    const [first] = await bench.rowsOf(booked.id);
    const resent = await made.letters.resendLetter(RECEPTION, {
      letterId: first?.id ?? '',
      reason: 'has e-mail now',
    });
    expect(resent).toMatchObject({ status: 'DUE' });
    await quiet(1);
    expect((await bench.statesOf(booked.id))[0]).toEqual(['VISIT_BOOKED', 'SENT', null]);
  });

  it('is not told when the visit was moved again before: only where it is now', async () => {
    const booked = await book(FRIDAY);
    await work();
    await quiet();
    const again = await move(await move(booked, MONDAY, later()), TUESDAY);
    await quiet(1);
    await wait({ minutes: 30 });
    await quiet();
    expect(await bench.statesOf(again.id)).toEqual([
      ['VISIT_BOOKED', 'SENT', null],
      ['VISIT_MOVED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['VISIT_MOVED', 'SENT', null],
    ]);
    expect(bench.smtp.accepted.some(({ text }) => text?.includes('30 March'))).toBe(false);
  });

  it('is cancelled meanwhile: the letter names the time that the patient knows', async () => {
    const booked = await book(FRIDAY);
    await work();
    await quiet();
    await cancel(await move(booked, MONDAY, later()));
    await quiet(1);
    expect(bench.smtp.accepted.at(-1)?.text).toContain('Friday 27 March 2026 at 09:30\nis cancelled.');
    await wait({ minutes: 30 });
    await quiet();
    expect((await bench.statesOf(booked.id)).map(([kind, status]) => `${kind} ${status}`)).toEqual([
      'VISIT_BOOKED SENT',
      'VISIT_MOVED SUPERSEDED',
      'VISIT_CANCELLED SENT',
    ]);
  });
});

describe('a letter about a visit that meets trouble', () => {
  it('is shown to staff when its worker is killed while sending, and sent again when they say so', async () => {
    const grave = new Grave();
    const dead = bench.room(grave);
    const booked = await book(FRIDAY);
    const id = await bench.open(dead, 'VISIT_BOOKED', booked.id);
    dead.delivery.deliver(id).catch(() => undefined);
    await until(() => grave.sent === 1);
    bench.clock.advance({ milliseconds: SENDING_LEASE_MS });
    const made = bench.room();
    await made.delivery.deliver(id);
    expect(await bench.statesOf(booked.id)).toEqual([['VISIT_BOOKED', 'AMBIGUOUS', 'WORKER_LOST']]);
    const resent = await made.letters.resendLetter(RECEPTION, { letterId: id, reason: 'never came' });
    expect(resent).toMatchObject({ id, status: 'DUE', visitId: booked.id, scanBookingId: null });
    await made.delivery.deliver(id);
    expect(await bench.statesOf(booked.id)).toEqual([['VISIT_BOOKED', 'SENT', null]]);
    expect(bench.smtp.accepted).toHaveLength(1);
  });

  it('waits for the server, and then tells what holds although the visit has a newer version', async () => {
    const booked = await book(FRIDAY);
    const made = bench.room();
    const id = await bench.open(made, 'VISIT_BOOKED', booked.id);
    bench.smtp.moods.push('refuses the recipient for now');
    await expect(made.delivery.deliver(id)).rejects.toThrow();
    // A new version that is no news.
    const input = { visitId: booked.id, version: 0, steps: physioAt(clinic, FRIDAY, 1) };
    mustBeVisit(await visits.visits.moveVisit(DESK, input));
    bench.clock.advance({ minutes: 1 });
    await made.delivery.deliver(id);
    expect(await bench.statesOf(booked.id)).toEqual([['VISIT_BOOKED', 'SENT', null]]);
    expect(events()).toMatchObject([{ sequence: 1, instant: FRIDAY }]);
  });
});

describe('the ledger', () => {
  it('is narrowed to a visit and to a kind', async () => {
    const made = bench.room();
    const [one, two] = [await book(FRIDAY), await book(MONDAY)];
    for (const { id } of [one, two]) await bench.open(made, 'VISIT_BOOKED', id);
    const scan = bench.diary.book();
    await bench.open(made, 'SCAN_BOOKED', scan);
    const about = async (filter: Parameters<typeof made.letters.letters>[1]) =>
      (await made.letters.letters(RECEPTION, filter, PAGE)).items.map(({ subjectId }) => subjectId);
    expect(await about({ visitId: one.id })).toEqual([one.id]);
    expect(await about({ kind: 'VISIT_BOOKED' })).toEqual([two.id, one.id]);
    expect(await about({ scanBookingId: scan })).toEqual([scan]);
    expect(await about({ visitId: scan })).toEqual([]);
    expect(await about({ visitId: one.id, kind: 'VISIT_MOVED' })).toEqual([]);
    const letters = await made.letters.ofSubjects([one.id, two.id]);
    expect([...letters.values()].map((of) => of.length)).toEqual([1, 1]);
  });
});
