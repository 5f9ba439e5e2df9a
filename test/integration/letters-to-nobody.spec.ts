import { describe, expect, it } from 'vitest';
import { LetterBench, RECEPTION } from '../support/letters.factory.js';

// A clinic that has named nobody for notices.
const bench = LetterBench.use();

describe('a notice to a clinic that has named nobody', () => {
  it('is not sent, and is seen by staff with what to do', async () => {
    const made = bench.room();
    const alertId = bench.neighbours.alerts.add();
    const id = await bench.open(made, 'RED_FLAG_RAISED', alertId);
    await made.delivery.deliver(id);
    expect(await bench.statesOf(alertId)).toEqual([['RED_FLAG_RAISED', 'SUPPRESSED', 'NO_CLINIC_ADDRESS']]);
    const { items } = await made.letters.letters(RECEPTION, { hasTask: true }, { size: 25 });
    expect(items).toMatchObject([
      {
        id,
        task: 'SEE_TO_IT',
        taskInWords:
          'Nobody at the clinic is named for notices: see to what it is about, and have CLINIC_NOTICES_TO set.',
      },
    ]);
    expect(bench.smtp.received).toHaveLength(0);
    const others = await made.letters.letters(RECEPTION, { hasTask: false }, { size: 25 });
    expect(others.items).toEqual([]);
  });

  it('lets answers to other letters go to the sender, as before', async () => {
    const made = bench.room();
    const bookingId = bench.diary.book();
    await made.delivery.deliver(await bench.open(made, 'SCAN_BOOKED', bookingId));
    expect(bench.smtp.accepted[0]?.replyTo).toBeUndefined();
    expect(bench.smtp.accepted[0]?.headers.get('auto-submitted')).toBe('auto-generated');
  });
});
