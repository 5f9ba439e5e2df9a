import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClaimService, claimConstraints } from '../../src/clinic/scheduling/claim.service.js';
import {
  ClosureHitsBookings,
  PatientElsewhere,
  SlotAlreadyTaken,
} from '../../src/clinic/scheduling/schedule.refusals.js';
import type { ResourceSpan, VisitClaim } from '../../src/clinic/scheduling/schedule.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn, makeReferredPatient, mustBeBooked, RECEPTION } from '../support/imaging.factory.js';
import {
  aVisit,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { makeResource, schedulingOn } from '../support/scheduling.factory.js';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
/** Monday, a week before the visits. */
const NOW = at('2026-02-23T09:00:00Z');
const EXPIRY = NOW.add({ minutes: 15 });
const JUST_BEFORE = EXPIRY.subtract({ milliseconds: 1 });

let db: TestDatabase;
let database: Database;
let claims: ClaimService;
let room: ReturnType<typeof schedulingOn>;
const clock = new FixedClock(NOW);
let person: string;
let patientId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  room = schedulingOn(database, clock);
  ({ claims } = room);
  patientId = (await makePatient(patientServiceOn(database))).id;
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyImaging(database);
  await database.client.$executeRawUnsafe('TRUNCATE patient_presences, opening_exceptions');
  clock.set(NOW);
  person = await makeResource(database, ResourceKind.PHYSIOTHERAPIST, { weekdays: ['08:00-18:00'] });
});

function span(from: string, until: string, resourceId = person): ResourceSpan {
  return { resourceId, startsAt: at(`2026-03-02T${from}Z`), endsAt: at(`2026-03-02T${until}Z`) };
}

function visitClaim(spans: readonly ResourceSpan[], parts: Partial<VisitClaim> = {}): VisitClaim {
  const holderId = randomUUID();
  return { holderId, spans, at: NOW, expiresAt: null, presence: null, visitTypeCode: null, ...parts };
}

const write = (claim: VisitClaim, on = database) =>
  on.transaction<Awaited<ReturnType<ClaimService['claim']>>, SlotAlreadyTaken | PatientElsewhere>(
    (tx) => claims.claim(tx, claim),
    { onConstraint: claimConstraints },
  );
const hold = (spans: readonly ResourceSpan[], parts: Partial<VisitClaim> = {}) =>
  visitClaim(spans, { expiresAt: EXPIRY, ...parts });
const firm = (holderId: string, now: Temporal.Instant, on = database) =>
  on.transaction((tx) => claims.firm(tx, holderId, now));
const heldBy = (holderId: string) =>
  database.client.spanClaim.count({ where: { holderId, releasedAt: null } });

describe('a hold', () => {
  it('stands in everybody’s way until it ends, and from that moment in nobody’s', async () => {
    const mine = hold([span('09:00', '10:00')]);
    expect(await write(mine)).toBeNull();
    const other = visitClaim([span('09:30', '10:30')]);
    expect(await write({ ...other, at: JUST_BEFORE })).toMatchObject({
      code: 'SlotAlreadyTaken',
      nextFreeAt: at('2026-03-02T10:00:00Z'),
    });
    expect(await write({ ...other, at: EXPIRY })).toBeNull();
    expect(await heldBy(mine.holderId)).toBe(0);
    expect(await heldBy(other.holderId)).toBe(1);
    // Swept: released at its own end, not when somebody noticed.
    const swept = await database.client.spanClaim.findFirstOrThrow({ where: { holderId: mine.holderId } });
    expect(swept.releasedAt).toEqual(swept.expiresAt);
  });

  it('is not free time while it lasts and is free time afterwards, swept or not', async () => {
    await write(hold([span('09:00', '17:00')]));
    const window = { startsAt: at('2026-03-02T00:00:00Z'), endsAt: at('2026-03-03T00:00:00Z') };
    const hours = async () =>
      (await room.schedule.freeSpans(database.client, { window })).map(
        ({ startsAt, endsAt }) => `${startsAt.toString().slice(11, 16)}-${endsAt.toString().slice(11, 16)}`,
      );
    clock.set(JUST_BEFORE);
    expect(await hours()).toEqual(['08:00-09:00', '17:00-18:00']);
    clock.set(EXPIRY);
    expect(await hours()).toEqual(['08:00-18:00']);
  });

  it('can be confirmed until it ends, and then stays', async () => {
    const mine = hold([span('09:00', '10:00')]);
    await write(mine);
    expect(await firm(mine.holderId, JUST_BEFORE)).toBe(true);
    expect(await firm(mine.holderId, EXPIRY)).toBe(true);
    expect(await write(visitClaim([span('09:00', '10:00')], { at: EXPIRY }))).toBeInstanceOf(
      SlotAlreadyTaken,
    );
  });

  it('cannot be confirmed once it has ended, although nobody has taken its time', async () => {
    const mine = hold([span('09:00', '10:00')], { presence: { patientId, spans: [span('09:00', '10:00')] } });
    await write(mine);
    expect(await firm(mine.holderId, EXPIRY)).toBe(false);
    const rows = await database.client.spanClaim.findMany({ where: { holderId: mine.holderId } });
    expect(rows.map((row) => row.expiresAt !== null)).toEqual([true]);
  });

  it('of several parts is confirmed whole or not at all', async () => {
    const other = await makeResource(database, ResourceKind.THERAPY_ROOM, { weekdays: ['08:00-18:00'] });
    const mine = hold([span('09:00', '10:00'), span('09:00', '10:00', other)]);
    await write(mine);
    expect(await write(visitClaim([span('09:00', '10:00', other)], { at: EXPIRY }))).toBeNull();
    // Whoever confirms looked at the clock in time, and was overtaken all the same.
    expect(await firm(mine.holderId, JUST_BEFORE)).toBe(false);
    const left = await database.client.spanClaim.findFirstOrThrow({
      where: { holderId: mine.holderId, releasedAt: null },
    });
    expect(left.expiresAt).not.toBeNull();
  });

  it('that was given back is not there to confirm; one that took its place is', async () => {
    const mine = hold([span('09:00', '10:00')]);
    await write(mine);
    await database.transaction((tx) => claims.release(tx, mine.holderId, NOW));
    expect(await firm(mine.holderId, NOW)).toBe(false);
    expect(await write({ ...mine, spans: [span('11:00', '12:00')] })).toBeNull();
    expect(await firm(mine.holderId, JUST_BEFORE)).toBe(true);
    expect(await firm(randomUUID(), NOW)).toBe(false);
  });

  it('must end after it begins', async () => {
    await expect(write(hold([span('09:00', '10:00')], { expiresAt: NOW }))).rejects.toBeInstanceOf(
      RangeError,
    );
  });

  it('stands in the way of a closure while it lasts', async () => {
    await write(hold([span('09:00', '10:00')]));
    const leave = {
      resourceId: person,
      kind: 'LEAVE',
      heldOn: '2026-03-02',
      reason: 'annual leave',
    } as const;
    expect(await room.calendar.addOpeningException(aStaffActor(), leave)).toBeInstanceOf(ClosureHitsBookings);
    // Somebody may be confirming it just then.
    clock.set(EXPIRY.add({ seconds: 20 }));
    expect(await room.calendar.addOpeningException(aStaffActor(), leave)).toMatchObject({ kind: 'LEAVE' });
  });
});

describe('a patient', () => {
  const presence = (from: string, until: string) => ({ patientId, spans: [span(from, until)] });
  const elsewhere = () => makeResource(database, ResourceKind.PSYCHOLOGIST, { weekdays: ['08:00-18:00'] });

  it('is in one place at a time, whatever for', async () => {
    const psychologist = await elsewhere();
    expect(
      await write(visitClaim([span('09:00', '10:00')], { presence: presence('09:00', '10:00') })),
    ).toBeNull();
    const second = visitClaim([span('09:30', '10:30', psychologist)], {
      presence: presence('09:30', '10:30'),
    });
    expect(await write(second)).toMatchObject({
      code: 'PatientElsewhere',
      elsewhere: { startsAt: at('2026-03-02T09:00:00Z'), endsAt: at('2026-03-02T10:00:00Z') },
      message:
        'The patient has to be somewhere else on Monday 2 March 2026 from 09:00 to 10:00. Nothing was booked: choose another time.',
    });
    expect(await heldBy(second.holderId)).toBe(0);
    const after = visitClaim([span('10:00', '11:00', psychologist)], {
      presence: presence('10:00', '11:00'),
    });
    expect(await write(after)).toBeNull();
  });

  it('is not kept by a hold that has ended, and is free again after a release', async () => {
    const psychologist = await elsewhere();
    const mine = hold([span('09:00', '10:00')], { presence: presence('09:00', '10:00') });
    await write(mine);
    const second = visitClaim([span('09:30', '10:30', psychologist)], {
      presence: presence('09:30', '10:30'),
    });
    expect(await write({ ...second, at: JUST_BEFORE })).toBeInstanceOf(PatientElsewhere);
    expect(await write({ ...second, at: EXPIRY })).toBeNull();
    // The patient's half of the hold is gone, so the hold is.
    expect(await firm(mine.holderId, JUST_BEFORE)).toBe(false);
    await database.transaction((tx) => claims.release(tx, second.holderId, EXPIRY));
    expect(await write({ ...mine, holderId: randomUUID(), expiresAt: null, at: EXPIRY })).toBeNull();
  });

  it('comes twice in one visit, one of the times kept by a hold that has ended', async () => {
    const psychologist = await elsewhere();
    await write(hold([span('12:00', '13:00')], { presence: presence('12:00', '13:00') }));
    const spans = [span('09:00', '10:00', psychologist), span('12:30', '13:30', psychologist)];
    const twice = visitClaim(spans, { presence: { patientId, spans } });
    expect(await write({ ...twice, at: JUST_BEFORE })).toMatchObject({
      elsewhere: { startsAt: at('2026-03-02T12:00:00Z') },
    });
    expect(await write({ ...twice, at: EXPIRY })).toBeNull();
    const kept = { patientId, releasedAt: null };
    expect(await database.client.patientPresence.count({ where: kept })).toBe(2);
  });

  it('who is confirmed stays confirmed', async () => {
    const mine = hold([span('09:00', '10:00')], { presence: presence('09:00', '10:00') });
    await write(mine);
    await firm(mine.holderId, JUST_BEFORE);
    const second = visitClaim([span('09:30', '10:30', await elsewhere())], {
      presence: presence('09:30', '10:30'),
      at: EXPIRY.add({ hours: 1 }),
    });
    expect(await write(second)).toBeInstanceOf(PatientElsewhere);
  });

  it('whose steps touch or overlap stays in one place', async () => {
    const spans = [span('09:00', '10:00'), span('10:00', '10:30'), span('12:00', '12:30')];
    const mine = visitClaim([span('09:00', '10:00')], { presence: { patientId, spans } });
    expect(await write(mine)).toBeNull();
    expect(await database.client.patientPresence.count({ where: { holderId: mine.holderId } })).toBe(2);
  });

  it('free time leaves out other visits with the way there, and not one’s own', async () => {
    const mine = visitClaim([span('09:00', '10:00')], { presence: presence('09:00', '10:00') });
    await write(mine);
    const window = { startsAt: at('2026-03-02T08:00:00Z'), endsAt: at('2026-03-02T18:00:00Z') };
    const free = async (ignoreHolderId?: string) => {
      const spans = await room.diary.patientFree(database.client, patientId, window, {
        travelMinutes: 30,
        ...(ignoreHolderId ? { ignoreHolderId } : {}),
      });
      return spans.map(([from, until]) =>
        [from, until]
          .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toString().slice(11, 16))
          .join('-'),
      );
    };
    expect(await free()).toEqual(['08:00-08:30', '10:30-18:00']);
    expect(await free(mine.holderId)).toEqual(['08:00-18:00']);
  });

  it('who is scanned is nowhere else, and who is elsewhere is not scanned', async () => {
    const imaging = imagingOn(database, clock, db.url);
    await makeReference(database);
    const department = await makeDepartment(database);
    const one = await makeReferredPatient(imaging);
    const two = await makeReferredPatient(imaging);
    const beside = await makeDepartment(database, 'SPECTCT2');
    const scanOf = (referralId: string, on = department) =>
      imaging.bookings.bookScan(
        RECEPTION,
        aVisit(on, referralId, '2026-03-03T09:00:00Z', '2026-03-03T12:00:00Z'),
      );
    mustBeBooked(await scanOf(one.referralId));
    const during = {
      startsAt: at('2026-03-03T10:00:00Z'),
      endsAt: at('2026-03-03T11:00:00Z'),
    };
    const visitOf = (id: string) =>
      visitClaim([{ ...during, resourceId: person }], { presence: { patientId: id, spans: [during] } });
    expect(await write(visitOf(one.patientId))).toMatchObject({
      code: 'PatientElsewhere',
      elsewhere: { startsAt: at('2026-03-03T09:00:00Z'), endsAt: at('2026-03-03T13:00:00Z') },
    });
    expect(await write(visitOf(two.patientId))).toBeNull();
    expect(await scanOf(two.referralId, beside)).toMatchObject({ code: 'PatientAlreadyBooked' });
  });
});

describe('races', () => {
  it('fifty at once, holds and bookings, for one span: one has it, 49 are told so', async () => {
    const all = Array.from({ length: 50 }, (_, i) =>
      visitClaim([span('09:00', '10:00')], { expiresAt: i % 2 === 0 ? EXPIRY : null }),
    );
    const answers = await Promise.all(all.map((claim) => write(claim)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.filter((answer) => answer instanceof SlotAlreadyTaken)).toHaveLength(49);
    expect(await database.client.spanClaim.count({ where: { releasedAt: null } })).toBe(1);
  });

  it('49 confirmations of one hold against somebody who comes when it has ended: one of the two has it', async () => {
    const other = new Database(db.url);
    try {
      const mine = hold([span('09:00', '10:00')]);
      await write(mine);
      const late = visitClaim([span('09:00', '10:00')], { at: EXPIRY });
      const [taken, ...confirmed] = await Promise.all([
        write(late, other),
        ...Array.from({ length: 49 }, () => firm(mine.holderId, JUST_BEFORE)),
      ]);
      const isFirm = confirmed.includes(true);
      expect(new Set(confirmed).size).toBe(1);
      expect(taken === null).toBe(!isFirm);
      expect(await heldBy(mine.holderId)).toBe(isFirm ? 1 : 0);
      expect(await heldBy(late.holderId)).toBe(isFirm ? 0 : 1);
    } finally {
      await other.close();
    }
  });

  it('fifty holds, each confirmed and overtaken in the same moment: each span has one owner', async () => {
    const starts = Array.from({ length: 50 }, (_, i) => at('2026-03-02T08:00:00Z').add({ minutes: i * 10 }));
    const spans = starts.map((startsAt) => ({
      resourceId: person,
      startsAt,
      endsAt: startsAt.add({ minutes: 10 }),
    }));
    const holds = spans.map((one) => hold([one]));
    for (const one of holds) expect(await write(one)).toBeNull();
    const outcomes = await Promise.all(
      holds.map(async ({ holderId }, i) => {
        const late = visitClaim(spans.slice(i, i + 1), { at: EXPIRY });
        const both = i % 2 === 0;
        const [first, second] = both
          ? await Promise.all([firm(holderId, JUST_BEFORE), write(late)])
          : (await Promise.all([write(late), firm(holderId, JUST_BEFORE)])).toReversed();
        return { isFirm: first, isTaken: second === null };
      }),
    );
    for (const { isFirm, isTaken } of outcomes) expect(isFirm).toBe(!isTaken);
    expect(await database.client.spanClaim.count({ where: { releasedAt: null } })).toBe(50);
  });

  it('fifty claims for one patient with fifty people: one visit, 49 are told where the patient is', async () => {
    const people: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      people.push(await makeResource(database, ResourceKind.NURSE, { weekdays: ['08:00-18:00'] }));
    }
    const answers = await Promise.all(
      people.map((nurse) => {
        const one = span('09:00', '10:00', nurse);
        return write(visitClaim([one], { presence: { patientId, spans: [one] } }));
      }),
    );
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.filter((answer) => answer instanceof PatientElsewhere)).toHaveLength(49);
    expect(await database.client.spanClaim.count({ where: { releasedAt: null } })).toBe(1);
  });
});
