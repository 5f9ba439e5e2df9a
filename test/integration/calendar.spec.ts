import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DeskHoursAlreadySet, DeskHoursInThePast } from '../../src/clinic/calendar/calendar.refusals.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { assertConstraints } from '../../src/platform/database/constraints.js';
import { Database } from '../../src/platform/database/database.service.js';
import { afterDeskMinutes, deskOpenFrom, Temporal } from '../../src/platform/time/index.js';
import { REQUIRED_CONSTRAINTS } from '../../src/required-constraints.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';

const ACTOR: StaffActor = {
  kind: 'STAFF',
  id: randomUUID(),
  label: null,
  requestId: 'request-1',
  source: '127.0.0.1',
};
const at = (text: string) => Temporal.Instant.from(text);
const span = (isoWeekday: number, opens: string, closes: string) => ({ isoWeekday, opens, closes });

let testDatabase: TestDatabase;
let database: Database;
const clock = new FixedClock('2026-03-02T09:00:00Z');
let calendar: CalendarService;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  calendar = new CalendarService(database, clock, readConfig({}, '/tmp'), new AuditService(database, clock));
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  clock.set('2026-03-02T09:00:00Z');
  const later = { effectiveFrom: { gt: new Date('2001-01-01') } };
  await database.client.deskSpan.deleteMany({ where: later });
  await database.client.deskWeek.deleteMany({ where: later });
  await database.client.bankHoliday.deleteMany();
});

const set = (effectiveFrom: string, week: readonly ReturnType<typeof span>[], reason = 'for a test') =>
  calendar.setDeskHours(ACTOR, { effectiveFrom, week: [...week], reason });
const acts = () =>
  database.client.auditEntry.findMany({
    where: { action: 'desk-hours.set', actorId: ACTOR.id },
    orderBy: { id: 'asc' },
  });

describe('desk hours', () => {
  it('are Monday to Friday from eight to six until somebody says otherwise', async () => {
    const hours = await calendar.deskHoursOn(null);
    expect(hours.effectiveFrom).toBe('2000-01-01');
    expect(hours.week).toEqual([1, 2, 3, 4, 5].map((day) => span(day, '08:00', '18:00')));
    const desk = await calendar.deskHours(database.client, at('2026-03-06T18:00:00Z'));
    expect(deskOpenFrom(at('2026-03-06T18:00:00Z'), desk)).toEqual(at('2026-03-09T08:00:00Z'));
  });

  it('know the bank holidays of the year to come', async () => {
    await database.transaction((tx) => calendar.refreshBankHolidays(tx, 2026, 2027));
    const desk = await calendar.deskHours(database.client, at('2026-12-24T17:30:00Z'));
    expect(desk.holidays).toContain('2026-12-28');
    expect(afterDeskMinutes(at('2026-12-24T17:30:00Z'), 60, desk)).toEqual(at('2026-12-29T08:30:00Z'));
  });

  it('hold from their day on, with lunch, and what is counted across that day goes by both', async () => {
    const week = [span(2, '13:00', '17:00'), span(2, '09:00', '12:00'), span(3, '09:00', '12:00')];
    const before = await acts();
    const result = await set('2026-03-10', week);
    expect(result).toEqual({
      effectiveFrom: '2026-03-10',
      reason: 'for a test',
      week: [span(2, '09:00', '12:00'), span(2, '13:00', '17:00'), span(3, '09:00', '12:00')],
    });
    expect(await calendar.deskHoursOn('2026-03-09')).toMatchObject({ effectiveFrom: '2000-01-01' });
    expect(await calendar.deskHoursOn('2026-03-10')).toMatchObject({ effectiveFrom: '2026-03-10' });
    const desk = await calendar.deskHours(database.client, at('2026-03-09T17:00:00Z'));
    expect(afterDeskMinutes(at('2026-03-09T17:00:00Z'), 5 * 60, desk)).toEqual(at('2026-03-10T14:00:00Z'));
    const after = await acts();
    expect(after).toHaveLength(before.length + 1);
    expect(after.at(-1)).toMatchObject({ subjectId: '2026-03-10', after: { reason: 'for a test' } });
  });

  it('that are planned can be planned anew; those that have begun cannot', async () => {
    await set('2026-03-03', [span(1, '08:00', '12:00')]);
    const again = await set('2026-03-03', [span(2, '10:00', '11:00')], 'a slip');
    expect(again).toMatchObject({ week: [span(2, '10:00', '11:00')], reason: 'a slip' });
    expect((await acts()).at(-1)).toMatchObject({ before: { week: [span(1, '08:00', '12:00')] } });
    clock.set('2026-03-03T00:00:00Z');
    const acted = (await acts()).length;
    expect(await set('2026-03-03', [span(1, '08:00', '12:00')])).toBeInstanceOf(DeskHoursAlreadySet);
    expect(await calendar.deskHoursOn('2026-03-03')).toMatchObject({ week: [span(2, '10:00', '11:00')] });
    expect(await acts()).toHaveLength(acted);
  });

  it('never begin on a day that is over, by the clock on the wall', async () => {
    clock.set('2026-06-01T23:30:00Z');
    const refusal = await set('2026-06-01', [span(1, '08:00', '12:00')]);
    expect(refusal).toBeInstanceOf(DeskHoursInThePast);
    expect(refusal).toMatchObject({ earliestOn: '2026-06-02' });
    expect(await set('2026-06-02', [span(1, '08:00', '12:00')])).toMatchObject({
      effectiveFrom: '2026-06-02',
    });
  });

  it.each([
    ['nothing', []],
    ['a span that ends before it begins', [span(1, '12:00', '08:00')]],
    ['two spans that overlap', [span(1, '08:00', '12:00'), span(1, '11:59', '13:00')]],
  ])('are no hours with %s', async (_, week) => {
    await expect(set('2026-03-20', week)).rejects.toThrow(/week/);
  });

  it('of several who plan the same day at once each comes after the other, and the last one holds', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((hour) => set('2026-03-30', [span(1, `0${hour}:00`, '12:00')])),
    );
    const { week } = await calendar.deskHoursOn('2026-03-30');
    expect(week).toHaveLength(1);
    expect(answers).toContainEqual(expect.objectContaining({ week }));
    const own = (await acts()).filter(({ subjectId }) => subjectId === '2026-03-30');
    expect(own.filter(({ before }) => before === null)).toHaveLength(1);
    expect(own).toHaveLength(6);
    clock.set('2026-03-30T09:00:00Z');
    const late = await Promise.all([1, 2].map(() => set('2026-03-30', [span(1, '09:00', '12:00')])));
    expect(late.every((answer) => answer instanceof DeskHoursAlreadySet)).toBe(true);
  });

  it('cannot overlap, whoever writes them', async () => {
    await set('2026-03-20', [span(1, '08:00', '12:00')]);
    const overlapping = database.client.$executeRawUnsafe(
      "INSERT INTO desk_hours VALUES ('2026-03-20', 1, '11:00', '13:00')",
    );
    await expect(overlapping).rejects.toThrow(/desk_hours_no_overlap/);
    await database.client.$executeRawUnsafe(
      "INSERT INTO desk_hours VALUES ('2026-03-20', 1, '12:00', '13:00')",
    );
  });
});

describe('what the database has to say for itself', () => {
  const TABLES = ['desk_hours', 'call_backs', 'call_back_calls', 'call_back_attempts', 'call_back_policies'];

  it('of desk hours, call-backs and conversions is there, in the words that the start asks for', async () => {
    const tables = [...TABLES, 'enquiry_conversions', 'enquiries'];
    const own = REQUIRED_CONSTRAINTS.filter(({ table }) => tables.includes(table));
    expect(own.length).toBeGreaterThan(20);
    await assertConstraints(database.client, own);
  });
});
