import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  clockOfKept,
  type KeptClock,
  ownClock,
  statusAfterUndo,
  undoableUntil,
} from './referral-merge.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const clock = (receivedOn: string, due: string | null, policyId = 'p1'): KeptClock => ({
  receivedOn: day(receivedOn),
  due: due === null ? null : { on: day(due), policyId },
});
const shown = ({ receivedOn, due }: KeptClock) => [
  receivedOn.toString(),
  due === null ? null : `${due.on} ${due.policyId}`,
];

describe('the clock of a referral into which others were merged', () => {
  it('is its own when they came later', () => {
    const own = clock('2026-03-02', '2026-03-09');
    expect(clockOfKept(own, [clock('2026-03-03', '2026-03-10')])).toEqual(own);
    expect(clockOfKept(own, [])).toEqual(own);
  });

  it('begins with the earliest arrival and keeps the earliest promise, whosever each is', () => {
    const merged = [clock('2026-02-27', '2026-03-06', 'p2'), clock('2026-03-04', '2026-03-05', 'urgent')];
    expect(shown(clockOfKept(clock('2026-03-02', '2026-03-09'), merged))).toEqual([
      '2026-02-27',
      '2026-03-05 urgent',
    ]);
    expect(shown(clockOfKept(clock('2026-03-02', null), merged))).toEqual([
      '2026-02-27',
      '2026-03-05 urgent',
    ]);
  });

  const anyClock = fc.record({ received: fc.nat(100), due: fc.option(fc.nat(100)) }).map(
    ({ received, due }): KeptClock => ({
      receivedOn: day('2026-01-01').add({ days: received }),
      due: due === null ? null : { on: day('2026-01-01').add({ days: due }), policyId: String(due) },
    }),
  );

  it('is never later than any of them, and gives its own back when all are taken away again', () => {
    fc.assert(
      fc.property(anyClock, fc.array(anyClock, { maxLength: 4 }), (own, merged) => {
        const kept = clockOfKept(own, merged);
        for (const one of [own, ...merged])
          expect(Temporal.PlainDate.compare(kept.receivedOn, one.receivedOn)).not.toBe(1);
        expect(ownClock(kept, own, merged).receivedOn).toEqual(own.receivedOn);
        expect(clockOfKept(ownClock(kept, own, merged), []).due).toEqual(own.due);
      }),
    );
  });

  it('keeps what was promised anew since the merge', () => {
    const own = clock('2026-03-02', '2026-03-09');
    const merged = [clock('2026-02-27', '2026-03-06')];
    const reopened = clock('2026-02-27', '2026-04-20');
    expect(shown(ownClock(reopened, own, merged))).toEqual(['2026-03-02', '2026-04-20 p1']);
    expect(ownClock(reopened, null, [])).toEqual(reopened);
  });
});

describe('taking a merge back', () => {
  it('is possible for thirty days of 24 hours', () => {
    const mergedAt = Temporal.Instant.from('2026-03-20T10:00:00Z');
    expect(undoableUntil(mergedAt).toString()).toBe('2026-04-19T10:00:00Z');
  });

  it('leads to where it stood, without waiting for the referrer', () => {
    expect(statusAfterUndo('RECEIVED')).toBe('RECEIVED');
    expect(statusAfterUndo('ACCEPTED')).toBe('ACCEPTED');
    expect(statusAfterUndo('INFORMATION_REQUESTED')).toBe('BEING_TRIAGED');
  });
});
