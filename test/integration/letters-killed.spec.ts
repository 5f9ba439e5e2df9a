import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLAIM_LEASE_MS, SENDING_LEASE_MS } from '../../src/clinic/notifications/letter.rules.js';
import type { MailOutcome } from '../../src/platform/mail/index.js';
import { HandleLater } from '../../src/platform/outbox/index.js';
import { Grave, LetterBench } from '../support/letters.factory.js';
import { readMailbox } from '../support/mailbox.js';
import { until } from '../support/until.js';

const bench = LetterBench.use();

describe('a worker that is killed', () => {
  it('between claim and sending: another sends the letter after the lease, and not before', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    const id = await bench.open(made, 'SCAN_BOOKED', bookingId);
    const silent = bench.smtpMail();
    const dead = bench.delivery(silent, { letterFacts: () => new Promise(() => undefined) });
    dead.deliver(id).catch(() => undefined);
    await until(async () => (await bench.rowsOf(bookingId))[0]?.status === 'CLAIMED');
    await expect(made.delivery.deliver(id)).rejects.toThrow(HandleLater);
    bench.clock.advance({ milliseconds: CLAIM_LEASE_MS });
    await made.delivery.deliver(id);
    expect(await bench.rowsOf(bookingId)).toMatchObject([{ status: 'SENT', attempts: 2 }]);
    expect(bench.smtp.accepted).toHaveLength(1);
  });

  it('while it sends by SMTP: the letter is shown to staff and not repeated', async () => {
    const grave = new Grave();
    const { delivery: dead, ...rest } = bench.room(grave);
    const bookingId = bench.diary.book();
    const id = await bench.open({ delivery: dead, ...rest }, 'SCAN_BOOKED', bookingId);
    dead.deliver(id).catch(() => undefined);
    await until(() => grave.sent === 1);
    const made = bench.room();
    await expect(made.delivery.deliver(id)).rejects.toThrow(HandleLater);
    bench.clock.advance({ milliseconds: SENDING_LEASE_MS });
    await made.delivery.deliver(id);
    await made.delivery.deliver(id);
    expect(await bench.statesOf(bookingId)).toEqual([['SCAN_BOOKED', 'AMBIGUOUS', 'WORKER_LOST']]);
    expect(bench.smtp.received).toHaveLength(0);
  });

  it('while it writes a file: the next one writes the same file', async () => {
    const grave = new Grave();
    const { delivery: dead, ...rest } = bench.room(grave);
    const bookingId = bench.diary.book();
    const id = await bench.open({ delivery: dead, ...rest }, 'SCAN_BOOKED', bookingId);
    dead.deliver(id).catch(() => undefined);
    await until(() => grave.sent === 1);
    bench.clock.advance({ milliseconds: SENDING_LEASE_MS });
    const made = bench.room(bench.captureMail());
    await made.delivery.deliver(id);
    await made.delivery.deliver(id);
    expect(await bench.rowsOf(bookingId)).toMatchObject([{ status: 'SENT', attempts: 2 }]);
    const mailbox = await readMailbox(join(bench.home, 'mail'));
    expect(mailbox.map(({ fileName }) => fileName.replace(/[0-9a-f]{12}/, 'id'))).toEqual([
      '20260302T090000Z-scan-booked-id.eml',
    ]);
  });

  it('and was only slow: it knows better than the one that gave it up for lost', async () => {
    let answer: (outcome: MailOutcome) => void = () => undefined;
    class Slow extends Grave {
      override send(): Promise<MailOutcome> {
        this.sent += 1;
        return new Promise((resolve) => {
          answer = resolve;
        });
      }
    }
    const mail = new Slow();
    const slow = bench.room(mail);
    const bookingId = bench.diary.book();
    const id = await bench.open(slow, 'SCAN_BOOKED', bookingId);
    const delivering = slow.delivery.deliver(id);
    await until(() => mail.sent === 1);
    bench.clock.advance({ milliseconds: SENDING_LEASE_MS });
    await bench.room().delivery.deliver(id);
    expect((await bench.statesOf(bookingId)).map(([, status]) => status)).toEqual(['AMBIGUOUS']);
    answer({ kind: 'accepted' });
    await delivering;
    expect(await bench.statesOf(bookingId)).toEqual([['SCAN_BOOKED', 'SENT', null]]);
  });

  it('after opening a letter leaves one letter and one message, however often the news comes', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    await Promise.all(Array.from({ length: 8 }, () => made.letters.open('SCAN_BOOKED', bookingId, 0)));
    expect(await bench.rowsOf(bookingId)).toHaveLength(1);
    expect(await bench.database.client.outboxMessage.count({ where: { topic: 'letter.due' } })).toBe(1);
  });
});
