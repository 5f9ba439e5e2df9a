import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HandleLater } from '../../src/platform/outbox/index.js';
import { IMPATIENCE, LetterBench, type LetterRoom, RECEPTION } from '../support/letters.factory.js';

const bench = LetterBench.use();

describe('a letter that meets trouble', () => {
  const ready = async (made: LetterRoom) => {
    const bookingId = bench.diary.book();
    return { bookingId, id: await bench.open(made, 'SCAN_BOOKED', bookingId) };
  };

  it('waits and goes out when the server says “later”', async () => {
    const made = bench.room();
    const { bookingId, id } = await ready(made);
    bench.smtp.moods.push('refuses the recipient for now', 'refuses the message for now');
    await expect(made.delivery.deliver(id)).rejects.toThrow(HandleLater);
    await expect(made.delivery.deliver(id)).rejects.toThrow(HandleLater);
    expect(await bench.statesOf(bookingId)).toEqual([['SCAN_BOOKED', 'DUE', 'SMTP_451']]);
    bench.clock.advance({ seconds: 30 });
    await expect(made.delivery.deliver(id)).rejects.toThrow(HandleLater);
    bench.clock.advance({ seconds: 60 });
    await made.delivery.deliver(id);
    expect(await bench.rowsOf(bookingId)).toMatchObject([{ status: 'SENT', attempts: 3, outcomeCode: null }]);
    expect(bench.smtp.accepted).toHaveLength(1);
  });

  it('is given up when the server never takes it', async () => {
    const made = bench.room(bench.smtpMail('smtp://127.0.0.1:1'));
    const { bookingId, id } = await ready(made);
    for (let attempt = 1; attempt < 20; attempt += 1) {
      await expect(made.delivery.deliver(id)).rejects.toThrow(HandleLater);
      bench.clock.advance({ hours: 1 });
    }
    await made.delivery.deliver(id);
    expect(await bench.rowsOf(bookingId)).toMatchObject([
      { status: 'FAILED', attempts: 20, outcomeCode: 'ESOCKET' },
    ]);
  });

  it('fails at once when there is no such address, and keeps no word of the server’s', async () => {
    const made = bench.room();
    const { bookingId, id } = await ready(made);
    bench.smtp.moods.push('refuses the recipient for good');
    await made.delivery.deliver(id);
    await made.delivery.deliver(id);
    expect(await bench.statesOf(bookingId)).toEqual([['SCAN_BOOKED', 'FAILED', 'SMTP_550']]);
    expect(bench.smtp.received).toHaveLength(0);
    const kept = JSON.stringify(
      await bench.database.client.auditEntry.findMany({ where: { subjectId: id } }),
    );
    expect(kept).not.toContain('jane@example.org');
  });

  it.each(['hangs after DATA', 'drops after DATA'] as const)(
    'is never repeated by itself when the server %s',
    async (mood) => {
      const made = bench.room(bench.smtpMail(bench.smtp.url, IMPATIENCE));
      const { bookingId, id } = await ready(made);
      bench.smtp.moods.push(mood);
      await made.delivery.deliver(id);
      bench.clock.advance({ hours: 24 });
      await made.delivery.deliver(id);
      expect((await bench.statesOf(bookingId)).map(([, status]) => status)).toEqual(['AMBIGUOUS']);
      expect(bench.smtp.received).toHaveLength(1);
    },
  );

  it('is sent again when a person says so: the same Message-ID, and a line in the audit record', async () => {
    const made = bench.room(bench.smtpMail(bench.smtp.url, IMPATIENCE));
    const { bookingId, id } = await ready(made);
    bench.smtp.moods.push('hangs after DATA');
    await made.delivery.deliver(id);
    const resent = await made.letters.resendLetter(RECEPTION, { letterId: id, reason: 'never came' });
    expect(resent).toMatchObject({ id, status: 'DUE' });
    const due = await bench.database.client.outboxMessage.findMany({
      where: { topic: 'letter.due', subjectId: id },
    });
    expect(due.map(({ version }) => version).sort()).toEqual([0, 1]);
    await made.delivery.deliver(id);
    expect((await bench.statesOf(bookingId)).map(([, status]) => status)).toEqual(['SENT']);
    expect(new Set(bench.smtp.received.map(({ messageId }) => messageId)).size).toBe(1);
    const entry = await bench.database.client.auditEntry.findFirst({
      where: { action: 'letter.resent', subjectId: id },
    });
    expect(entry).toMatchObject({ actorId: RECEPTION.id, after: { status: 'DUE', reason: 'never came' } });
  });

  it('is not sent again when it was sent, or has been overtaken; ten clicks make one', async () => {
    const made = bench.room();
    const { id } = await ready(made);
    await made.delivery.deliver(id);
    const input = { letterId: id, reason: 'again' };
    expect(await made.letters.resendLetter(RECEPTION, input)).toMatchObject({
      code: 'LetterNotResendable',
      status: 'SENT',
    });

    const second = await ready(made);
    bench.smtp.moods.push('refuses the recipient for good');
    await made.delivery.deliver(second.id);
    const clicks = Array.from({ length: 10 }, () =>
      made.letters.resendLetter(RECEPTION, { ...input, letterId: second.id }),
    );
    const answers = await Promise.all(clicks);
    expect(answers.filter((answer) => 'status' in answer && !('code' in answer))).toHaveLength(1);

    bench.smtp.moods.push('refuses the recipient for good');
    await made.delivery.deliver(second.id);
    bench.diary.change(second.bookingId, {});
    await bench.open(made, 'SCAN_MOVED', second.bookingId, 1);
    expect(await made.letters.resendLetter(RECEPTION, { ...input, letterId: second.id })).toMatchObject({
      code: 'LetterOvertaken',
    });
    await expect(
      made.letters.resendLetter(RECEPTION, { ...input, letterId: randomUUID() }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
