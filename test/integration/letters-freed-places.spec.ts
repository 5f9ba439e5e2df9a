import { describe, expect, it } from 'vitest';
import { FREED_PLACE_TOPICS } from '../../src/clinic/visits/visit-letter.type.js';
import { LetterBench, type LetterRoom, RECEPTION } from '../support/letters.factory.js';
import { calendarOf } from '../support/mailbox.js';
import { until } from '../support/until.js';

const bench = LetterBench.use();
const PAGE = { size: 25 };

type News = keyof typeof FREED_PLACE_TOPICS;

function post(made: LetterRoom, news: News, offerId: string, version: number): Promise<void> {
  return bench.database.transaction((tx) =>
    made.outbox.post(tx, { topic: FREED_PLACE_TOPICS[news], subjectId: offerId, version }),
  );
}

/** Waits until everything that was posted has been dealt with. */
async function quiet(): Promise<void> {
  const { client } = bench.database;
  await until(async () => (await client.outboxMessage.count({ where: { handledAt: null } })) === 0);
}

async function room(): Promise<LetterRoom> {
  const made = bench.room();
  await made.worker.onApplicationBootstrap();
  return made;
}

describe('letters about a place that fell free', () => {
  it('offer it, and then tell that it has gone; posted twice they are sent once', async () => {
    const made = await room();
    const offerId = bench.offers.offer();
    await Promise.all([post(made, 'offered', offerId, 0), post(made, 'offered', offerId, 0)]);
    await quiet();
    bench.offers.change(offerId, { status: 'GONE' });
    await Promise.all([post(made, 'gone', offerId, 1), post(made, 'gone', offerId, 1)]);
    await quiet();
    expect(await bench.statesOf(offerId)).toEqual([
      ['FREED_PLACE_OFFERED', 'SENT', null],
      ['FREED_PLACE_GONE', 'SENT', null],
    ]);
    const [offered, gone] = bench.smtp.accepted;
    expect(bench.smtp.accepted).toHaveLength(2);
    expect(offered?.subject).toBe('A place is free on Monday 30 March 2026: please answer soon');
    expect(offered?.text).toContain('Dear Dr Müller-Weiß,');
    expect(offered?.text).toContain('Monday 30 March 2026 at 09:30');
    expect(offered?.text).toContain('Please ring reception before\nMonday 2 March 2026 at 11:00.');
    expect(gone?.subject).toBe('The place on Monday 30 March 2026 is no longer free');
    expect(gone?.text).toContain('NOTHING IS BOOKED FOR YOU AT THAT TIME.');
    for (const message of bench.smtp.accepted) expect(calendarOf(message)).toBeNull();
  });

  it.each(['ACCEPTED', 'DECLINED', 'GONE', 'LAPSED'] as const)(
    'do not offer what is %s by the time the letter is written',
    async (status) => {
      const made = await room();
      const offerId = bench.offers.offer({ status });
      await post(made, 'offered', offerId, 0);
      await quiet();
      expect(await bench.statesOf(offerId)).toEqual([
        ['FREED_PLACE_OFFERED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ]);
      expect(bench.smtp.received).toHaveLength(0);
    },
  );

  it('do not tell somebody that a place has gone who never heard of it', async () => {
    const made = bench.room();
    const offerId = bench.offers.offer();
    const offered = await bench.open(made, 'FREED_PLACE_OFFERED', offerId, 0);
    bench.offers.change(offerId, { status: 'GONE' });
    const gone = await bench.open(made, 'FREED_PLACE_GONE', offerId, 1);
    await made.delivery.deliver(offered);
    await made.delivery.deliver(gone);
    expect(await bench.statesOf(offerId)).toEqual([
      ['FREED_PLACE_OFFERED', 'SUPERSEDED', 'BOOKING_MOVED_ON'],
      ['FREED_PLACE_GONE', 'SUPPRESSED', 'NEVER_ANNOUNCED'],
    ]);
    expect(bench.smtp.received).toHaveLength(0);
  });

  it('are not sent to somebody who has died, whatever became of the place', async () => {
    const made = bench.room();
    const offerId = bench.offers.offer();
    const offered = await bench.open(made, 'FREED_PLACE_OFFERED', offerId, 0);
    await made.delivery.deliver(offered);
    bench.offers.change(offerId, { status: 'GONE', hasDied: true });
    await made.delivery.deliver(await bench.open(made, 'FREED_PLACE_GONE', offerId, 1));
    const other = bench.offers.offer({ hasDied: true });
    await made.delivery.deliver(await bench.open(made, 'FREED_PLACE_OFFERED', other, 0));
    expect([await bench.statesOf(offerId), await bench.statesOf(other)]).toEqual([
      [
        ['FREED_PLACE_OFFERED', 'SENT', null],
        ['FREED_PLACE_GONE', 'SUPPRESSED', 'PATIENT_DIED'],
      ],
      [['FREED_PLACE_OFFERED', 'SUPPRESSED', 'PATIENT_DIED']],
    ]);
    expect(bench.smtp.accepted).toHaveLength(1);
  });

  it('do not go out when a server was away for longer than there was to answer', async () => {
    const made = bench.room();
    const offerId = bench.offers.offer();
    const id = await bench.open(made, 'FREED_PLACE_OFFERED', offerId, 0);
    bench.smtp.moods.push('refuses the recipient for now');
    await expect(made.delivery.deliver(id)).rejects.toThrow();
    bench.clock.advance({ hours: 2 });
    await made.delivery.deliver(id);
    expect(await bench.statesOf(offerId)).toEqual([
      ['FREED_PLACE_OFFERED', 'SUPPRESSED', 'ANSWER_TIME_PASSED'],
    ]);
    expect(bench.smtp.accepted).toHaveLength(0);
  });

  it('are handed to staff for a patient who prefers the telephone, and so is that the place has gone', async () => {
    const made = bench.room();
    const patient = {
      familyName: 'Ng',
      givenName: 'Zoë',
      namePrefix: null,
      email: null,
      contactPreference: 'TELEPHONE',
    } as const;
    const offerId = bench.offers.offer({ patient });
    await made.delivery.deliver(await bench.open(made, 'FREED_PLACE_OFFERED', offerId, 0));
    bench.offers.change(offerId, { status: 'GONE' });
    await made.delivery.deliver(await bench.open(made, 'FREED_PLACE_GONE', offerId, 1));
    const { items } = await made.letters.letters(RECEPTION, { kind: 'FREED_PLACE_OFFERED' }, PAGE);
    expect(items).toMatchObject([
      { subjectId: offerId, visitId: null, scanBookingId: null, task: 'TELEPHONE' },
    ]);
    expect((await bench.statesOf(offerId)).map(([, , code]) => code)).toEqual([
      'PREFERS_TELEPHONE',
      'PREFERS_TELEPHONE',
    ]);
    expect(bench.smtp.received).toHaveLength(0);
  });
});
