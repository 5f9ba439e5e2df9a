import { randomUUID } from 'node:crypto';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { SCAN_TOPICS } from '../../src/clinic/imaging/scan-letter.type.js';
import { LetterBench, RECEPTION } from '../support/letters.factory.js';
import { calendarOf } from '../support/mailbox.js';
import { until } from '../support/until.js';

const PAGE = { size: 25 };
const bench = LetterBench.use();

describe('a letter about a scan', () => {
  it('goes out once for each version, with three workers and every message posted twice', async () => {
    const rooms = [bench.room(), bench.room(), bench.room()];
    const [first] = rooms;
    const bookings = Array.from({ length: 20 }, () => bench.diary.book());
    for (const bookingId of bookings) {
      for (let time = 0; time < 2; time += 1) {
        await bench.database.transaction(async (tx) => {
          await first?.outbox.post(tx, { topic: SCAN_TOPICS.booked, subjectId: bookingId, version: 0 });
        });
      }
    }
    await Promise.all(rooms.map(({ worker }) => worker.onApplicationBootstrap()));
    await until(async () => (await bench.database.client.letter.count({ where: { status: 'SENT' } })) === 20);
    await until(
      async () => (await bench.database.client.outboxMessage.count({ where: { handledAt: null } })) === 0,
    );
    expect(bench.smtp.accepted).toHaveLength(20);
    expect(new Set(bench.smtp.accepted.map(({ messageId }) => messageId)).size).toBe(20);
    const audited = await bench.database.client.auditEntry.count({ where: { action: 'letter.sent' } });
    expect(audited).toBe(20);
  });

  it('tells the local time in the letter and in the calendar', async () => {
    const { delivery, ...rest } = bench.room();
    const bookingId = bench.diary.book();
    await delivery.deliver(await bench.open({ delivery, ...rest }, 'SCAN_BOOKED', bookingId));
    const [message] = bench.smtp.accepted;
    expect(message?.text).toContain('Monday 30 March 2026 at 09:30');
    const calendar = message === undefined ? null : calendarOf(message);
    const event = new ICAL.Component(ICAL.parse(calendar ?? '')).getFirstSubcomponent('vevent');
    expect(String(event?.getFirstPropertyValue('dtstart'))).toBe('2026-03-30T09:30:00');
    expect(event?.getFirstPropertyValue('sequence')).toBe(0);
  });

  it('of several moves in a row is only the last', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    await bench.open(made, 'SCAN_BOOKED', bookingId, 0);
    for (let version = 1; version <= 3; version += 1) {
      bench.diary.change(bookingId, {});
      await bench.open(made, 'SCAN_MOVED', bookingId, version);
    }
    for (const { id } of await bench.rowsOf(bookingId)) await made.delivery.deliver(id);
    expect(await bench.statesOf(bookingId)).toEqual([
      ['SCAN_BOOKED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['SCAN_MOVED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['SCAN_MOVED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['SCAN_MOVED', 'SENT', null],
    ]);
    expect(bench.smtp.accepted).toHaveLength(1);
    expect(bench.smtp.accepted[0]?.text).not.toContain('earlier');
  });

  it('is not sent when the news of it comes after newer news', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    bench.diary.change(bookingId, {});
    const moved = await bench.open(made, 'SCAN_MOVED', bookingId, 1);
    const booked = await bench.open(made, 'SCAN_BOOKED', bookingId, 0);
    await made.delivery.deliver(booked);
    await made.delivery.deliver(moved);
    expect((await bench.statesOf(bookingId)).map(([, status]) => status)).toEqual(['SUPERSEDED', 'SENT']);
    expect(bench.smtp.accepted).toHaveLength(1);
  });

  it('is not sent when the booking is cancelled while a worker reads it', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    const booked = await bench.open(made, 'SCAN_BOOKED', bookingId, 0);
    // The first worker has read “booked”; before it goes on, the cancellation is committed and its letter decided.
    const frozen = await bench.diary.letterFacts(bookingId);
    const slowDiary = {
      letterFacts: async () => {
        bench.diary.change(bookingId, { status: 'CANCELLED', cancelReason: 'PATIENT_REQUEST' });
        await made.delivery.deliver(await bench.open(made, 'SCAN_CANCELLED', bookingId, 1));
        return frozen;
      },
    };
    const mail = bench.smtpMail();
    await bench.delivery(mail, slowDiary).deliver(booked);
    await mail.close();
    expect(await bench.statesOf(bookingId)).toEqual([
      ['SCAN_BOOKED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['SCAN_CANCELLED', 'SUPPRESSED', 'NEVER_ANNOUNCED'],
    ]);
    expect(bench.smtp.received).toHaveLength(0);
  });

  it('of a cancellation follows one that was sent, and takes the event out', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    await made.delivery.deliver(await bench.open(made, 'SCAN_BOOKED', bookingId, 0));
    bench.diary.change(bookingId, { status: 'CANCELLED', cancelReason: 'EQUIPMENT_FAILURE' });
    await made.delivery.deliver(await bench.open(made, 'SCAN_CANCELLED', bookingId, 1));
    const calendars = bench.smtp.accepted.map((message) => calendarOf(message) ?? '');
    expect(calendars.map((text) => /METHOD:(\w+)/.exec(text)?.[1])).toEqual(['REQUEST', 'CANCEL']);
    expect(calendars.map((text) => /SEQUENCE:(\d+)/.exec(text)?.[1])).toEqual(['0', '1']);
    expect(new Set(calendars.map((text) => /^UID:(.*)$/m.exec(text)?.[1])).size).toBe(1);
  });

  it.each([
    ['LETTER', 'PREFERS_POST', 'POST_IT'],
    ['TELEPHONE', 'PREFERS_TELEPHONE', 'TELEPHONE'],
  ] as const)(
    'is handed to staff for a patient who prefers %s, and so is its cancellation',
    async (contactPreference, code, task) => {
      const made = bench.room();
      const bookingId = bench.diary.book({}, { contactPreference });
      await made.delivery.deliver(await bench.open(made, 'SCAN_BOOKED', bookingId, 0));
      bench.diary.change(bookingId, { status: 'CANCELLED', cancelReason: 'PATIENT_REQUEST' });
      await made.delivery.deliver(await bench.open(made, 'SCAN_CANCELLED', bookingId, 1));
      expect(await bench.statesOf(bookingId)).toEqual([
        ['SCAN_BOOKED', 'SUPPRESSED', code],
        ['SCAN_CANCELLED', 'SUPPRESSED', code],
      ]);
      const { items } = await made.letters.letters(RECEPTION, { scanBookingId: bookingId }, PAGE);
      expect(items.map((letter) => letter.task)).toEqual([task, task]);
      expect(bench.smtp.received).toHaveLength(0);
    },
  );
});

describe('the ledger', () => {
  it('is read in pages, newest first, and each look is recorded', async () => {
    const made = bench.room();
    const bookings = Array.from({ length: 5 }, () => bench.diary.book());
    for (const bookingId of bookings) await bench.open(made, 'SCAN_BOOKED', bookingId);
    const first = await made.letters.letters(RECEPTION, { status: 'DUE' }, { size: 3 });
    const second = await made.letters.letters(
      RECEPTION,
      { status: 'DUE' },
      { size: 3, after: first.nextCursor },
    );
    expect([...first.items, ...second.items].map((letter) => letter.scanBookingId)).toEqual(
      [...bookings].reverse(),
    );
    expect(second.nextCursor).toBeNull();
    const look = await bench.database.client.auditEntry.findFirst({
      where: { action: 'letters.viewed' },
      orderBy: { id: 'desc' },
    });
    expect(look?.patientIds.slice().sort()).toEqual(second.items.map((letter) => letter.patientId).sort());
    expect((await made.letters.letters(RECEPTION, { patientId: randomUUID() }, PAGE)).items).toEqual([]);
  });

  it('answers for many bookings with one statement', async () => {
    const made = bench.room();
    const bookings = [bench.diary.book(), bench.diary.book()];
    for (const bookingId of bookings) await bench.open(made, 'SCAN_BOOKED', bookingId);
    const letters = await made.letters.ofSubjects([...bookings, randomUUID()]);
    expect([...letters.values()].map((of) => of.length)).toEqual([1, 1, 0]);
  });
});
