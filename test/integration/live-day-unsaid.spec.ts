import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveDayService } from '../../src/clinic/visits/live-day.service.js';
import type { DayChange } from '../../src/clinic/visits/live-day.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Listening } from '../../src/platform/database/channel-listener.js';
import { Database } from '../../src/platform/database/database.service.js';
import { SystemClock, Temporal } from '../../src/platform/time/index.js';
import {
  aClosure,
  asProposed,
  closuresOn,
  mustBeClosure,
  mustBePreview,
} from '../support/closures.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { schedulingOn } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  type VisitClinic,
  visitsOn,
} from '../support/visits.factory.js';

// What changes on a day without any visit being changed: holds that end by themselves, and what is opened and closed.

const DESK = aBooker();
const MANAGER = aBooker({ roles: ['MANAGER'] });

let db: TestDatabase;
let database: Database;
let clinic: VisitClinic;
let live: LiveDayService;
/** A Tuesday far enough from today. */
let tuesday: string;
const system = new SystemClock();

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
  await database.client.$executeRaw`TRUNCATE closures, opening_exceptions CASCADE`;
  clinic = await makeVisitClinic(database);
  const today = system.now().toZonedDateTimeISO('Europe/London').toPlainDate();
  tuesday = today.add({ days: 7 + ((9 - today.dayOfWeek) % 7) }).toString();
});

/** A process's own ear, which is closed at the end of the test. */
async function hear<Result>(work: () => Promise<Result>): Promise<Result> {
  const config = readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp');
  live = new LiveDayService(new Listening(db.url), system, config, database);
  await live.onApplicationBootstrap();
  try {
    return await work();
  } finally {
    await live.beforeApplicationShutdown();
  }
}

/** What somebody hears who looks at a day. */
function changesOf(date: string, siteCode: string | null = null) {
  const stream = live.changesOf(date, siteCode);
  const heard: DayChange[] = [];
  const reading = (async () => {
    for await (const { dayChanged } of stream) heard.push(dayChanged);
  })();
  return {
    heard,
    until: (count: number) => vi.waitUntil(() => heard.length >= count, { timeout: 8_000, interval: 20 }),
    leave: async () => {
      await stream.return();
      await reading;
    },
  };
}

/** A hold of the usual length that ends so many milliseconds from now. */
async function holdFor(endsInMs: number, time: string) {
  const usual = await database.client.visitType.findFirstOrThrow({ select: { holdMinutes: true } });
  const made = system.now().subtract({ minutes: usual.holdMinutes }).add({ milliseconds: endsInMs });
  const room = visitsOn(database, new FixedClock(made.toString()));
  const startsAt = Temporal.ZonedDateTime.from(`${tuesday}T${time}[Europe/London]`).toInstant().toString();
  return mustBeVisit(await room.holds.holdVisit(DESK, aPhysio(clinic, await makePatientId(room), startsAt)));
}

describe('a hold that ends by itself', () => {
  it('is told to who looks at its day and site, at its end and once, however it came to be there', async () => {
    const known = await holdFor(3_000, '09:00');
    await hear(async () => {
      const here = changesOf(tuesday, known.siteCode);
      const elsewhere = changesOf(tuesday, 'NORTH');
      const otherDay = changesOf('2031-01-01');
      await here.until(1);
      expect(here.heard[0]).toMatchObject({
        date: tuesday,
        visitId: known.id,
        version: known.version,
        siteCode: known.siteCode,
      });
      const heldUntilMs = known.heldUntil?.epochMilliseconds ?? 0;
      expect(here.heard[0]?.at.epochMilliseconds ?? 0).toBeGreaterThanOrEqual(heldUntilMs);
      const later = await holdFor(1_500, '11:00');
      await here.until(3);
      expect(here.heard.slice(1).map(({ visitId }) => visitId)).toEqual([later.id, later.id]);
      await pause(500);
      expect([here.heard.length, elsewhere.heard.length, otherDay.heard.length]).toEqual([3, 0, 0]);
      await Promise.all([here.leave(), elsewhere.leave(), otherDay.leave()]);
    });
  });

  it('is not told of one that was given back or confirmed in time, nor of one that had ended before', async () => {
    await holdFor(-60_000, '08:00');
    const room = visitsOn(database, system);
    await hear(async () => {
      const here = changesOf(tuesday);
      const [given, firm] = [await holdFor(1_200, '09:00'), await holdFor(1_200, '11:00')];
      mustBeVisit(await room.holds.releaseHold(DESK, { visitId: given.id, version: given.version }));
      mustBeVisit(await room.holds.confirmVisit(DESK, { visitId: firm.id, version: firm.version }));
      await here.until(4);
      await pause(1_800);
      expect(here.heard.map(({ visitId, version }) => [visitId, version])).toEqual([
        [given.id, 0],
        [firm.id, 0],
        [given.id, 1],
        [firm.id, 1],
      ]);
      await here.leave();
    });
  });

  it('keeps nobody waiting at the end, and asks the database nothing while nobody looks', async () => {
    await holdFor(60_000, '09:00');
    const asked = vi.spyOn(database.client, '$queryRawUnsafe');
    await hear(async () => {
      await pause(600);
      expect(asked).not.toHaveBeenCalled();
      const here = changesOf(tuesday);
      await vi.waitUntil(() => asked.mock.calls.length === 1, { timeout: 4_000 });
      await pause(600);
      expect(asked).toHaveBeenCalledTimes(1);
      await here.leave();
    });
    asked.mockRestore();
  });
});

describe('what is opened and closed', () => {
  it('is told to who looks at one of its days, when a closure is applied and when it is undone', async () => {
    const closures = closuresOn(database, system);
    const day = Temporal.PlainDate.from(tuesday);
    const at = (date: Temporal.PlainDate, time: string) =>
      date.toZonedDateTime({ timeZone: 'Europe/London', plainTime: time }).toInstant().toString();
    const input = aClosure([clinic.physioIds[0]], at(day, '00:00'), at(day.add({ days: 1 }), '23:59'));
    await hear(async () => {
      const before = changesOf(day.subtract({ days: 1 }).toString());
      const [first, last] = [changesOf(tuesday), changesOf(day.add({ days: 1 }).toString(), 'MAIN')];
      const elsewhere = changesOf(tuesday, 'NORTH');
      const found = mustBePreview(await closures.previews.closurePreview(MANAGER.actor, input));
      const applied = await closures.closures.applyClosure(MANAGER, asProposed(input, found));
      const closure = mustBeClosure(applied);
      await Promise.all([first.until(1), last.until(1)]);
      expect(first.heard).toMatchObject([{ date: tuesday, visitId: null, version: null, siteCode: null }]);
      const undo = { closureId: closure.id, version: closure.version };
      mustBeClosure(await closures.closures.undoClosure(MANAGER, undo));
      await Promise.all([first.until(2), last.until(2)]);
      await pause(200);
      expect([before.heard, elsewhere.heard]).toEqual([[], []]);
      await Promise.all([before, first, last, elsewhere].map(({ leave }) => leave()));
    });
  });

  it('is told of leave, extra sessions and a new week as well, and of nothing that was refused', async () => {
    const { calendar } = schedulingOn(database, system);
    const [resourceId] = clinic.physioIds;
    const exception = { resourceId, heldOn: tuesday, kind: 'LEAVE', reason: 'for a test' } as const;
    await hear(async () => {
      const here = changesOf(tuesday);
      const added = await calendar.addOpeningException(DESK.actor, exception);
      await here.until(1);
      if (!('id' in added)) throw new Error('not added');
      await calendar.removeOpeningException(DESK.actor, { exceptionId: added.id });
      await here.until(2);
      await calendar.setOpeningHours(DESK.actor, { resourceId, validFrom: tuesday, sessions: [] });
      await here.until(3);
      expect(here.heard.map(({ visitId }) => visitId)).toEqual([null, null, null]);
      await here.leave();
    });
    const room = visitsOn(database, system);
    const startsAt = Temporal.ZonedDateTime.from(`${tuesday}T10:00[Europe/London]`).toInstant().toString();
    const visit = aPhysio(clinic, await makePatientId(room), startsAt, { pair: 1 });
    mustBeVisit(await room.visits.bookVisit(DESK, visit));
    await hear(async () => {
      const here = changesOf(tuesday);
      const hit = await calendar.addOpeningException(DESK.actor, {
        ...exception,
        resourceId: clinic.physioIds[1],
      });
      expect(hit).toMatchObject({ code: 'ClosureHitsBookings' });
      await pause(400);
      expect(here.heard).toEqual([]);
      await here.leave();
    });
  });
});
