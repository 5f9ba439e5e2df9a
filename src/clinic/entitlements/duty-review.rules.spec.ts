import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { type HeldEntitlement, isToReview, lookAtEntitlement, reviewDueOn } from './duty-review.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const held = (id: string, parts: Partial<HeldEntitlement> = {}): HeldEntitlement => ({
  ...{ id, staffId: 's', act: 'ADMINISTER_TRACER', procedureCodes: [] },
  ...{ validFrom: day('2026-01-01'), validUntil: null, reviewOn: day('2027-01-31'), endedOn: null },
  ...parts,
});
/** When the clinic is told, looking each time on the day that was named, by so many looks at most. */
function toldOn(entitlement: HeldEntitlement, others: readonly HeldEntitlement[] = [], looks = 6): string[] {
  const told: string[] = [];
  let today: Temporal.PlainDate | null = day('2026-06-01');
  let remindedOn: Temporal.PlainDate | null = null;
  for (let turn = 0; turn < looks && today !== null; turn += 1) {
    const facts = { entitlement, all: [entitlement, ...others], remindedOn, againDays: 14 };
    const look = lookAtEntitlement(facts, today);
    if (look.isToTell) {
      told.push(today.toString());
      remindedOn = today;
    }
    today = look.again;
  }
  return told;
}

describe('an entitlement', () => {
  it('is to be looked at by the day of its review, or by its last where that comes first', () => {
    expect(reviewDueOn(held('a')).toString()).toBe('2027-01-31');
    expect(reviewDueOn(held('a', { validUntil: day('2027-01-30') })).toString()).toBe('2027-01-30');
    expect(reviewDueOn(held('a', { validUntil: day('2027-02-01') })).toString()).toBe('2027-01-31');
  });

  it('is told of before the day, on it, and again and again while it holds', () => {
    expect(toldOn(held('a'))).toEqual(['2027-01-17', '2027-01-31', '2027-02-14', '2027-02-28', '2027-03-14']);
  });

  it('is told of on its last day, and after it no more', () => {
    expect(toldOn(held('a', { validUntil: day('2027-01-31') }))).toEqual(['2027-01-17', '2027-01-31']);
    const longer = held('a', { validUntil: day('2027-02-20') });
    expect(toldOn(longer)).toEqual(['2027-01-17', '2027-01-31', '2027-02-14', '2027-02-20']);
    expect(isToReview({ entitlement: longer, all: [longer] }, day('2027-02-21'))).toBe(false);
  });

  it('is told of once on a day', () => {
    const facts = { entitlement: held('a'), all: [held('a')], againDays: 14 };
    const today = day('2027-01-17');
    expect(lookAtEntitlement({ ...facts, remindedOn: today }, today)).toEqual({
      ...{ isToTell: false, again: day('2027-01-31') },
    });
  });

  it('that was ended is told of no more', () => {
    expect(toldOn(held('a', { endedOn: day('2026-12-01') }))).toEqual([]);
  });

  it.each<[string, Partial<HeldEntitlement>, boolean]>([
    ['the same, reviewed later', { reviewOn: day('2028-01-31') }, true],
    ['the same from the day after on', { validFrom: day('2027-02-01'), reviewOn: day('2028-01-31') }, true],
    ['the same with a gap', { validFrom: day('2027-02-02'), reviewOn: day('2028-01-31') }, false],
    ['the same, ended before', { reviewOn: day('2028-01-31'), endedOn: day('2027-02-01') }, false],
    ['another act', { act: 'JUSTIFY', reviewOn: day('2028-01-31') }, false],
    ['fewer kinds of visits', { procedureCodes: ['BONE'], reviewOn: day('2028-01-31') }, false],
    ['the same day', { act: 'ADMINISTER_TRACER' }, false],
  ])('goes on or not where there is %s', (_, parts, isFollowed) => {
    const facts = { entitlement: held('a'), all: [held('a'), held('b', parts)] };
    expect(isToReview(facts, day('2027-01-31'))).toBe(!isFollowed);
  });

  it('of some kinds of visits goes on in several that cover them together', () => {
    const entitlement = held('a', { procedureCodes: ['BONE', 'LUNG'] });
    const later = { reviewOn: day('2028-01-31') };
    const [bone, lung] = [
      held('b', { ...later, procedureCodes: ['BONE'] }),
      held('c', { ...later, procedureCodes: ['LUNG'] }),
    ];
    expect(isToReview({ entitlement, all: [entitlement, bone] }, day('2027-01-31'))).toBe(true);
    expect(isToReview({ entitlement, all: [entitlement, bone, lung] }, day('2027-01-31'))).toBe(false);
  });

  it('is said with the others of the same day by the first of them; when that one is gone, by the next', () => {
    const [first, second] = [held('a'), held('b', { act: 'JUSTIFY' })];
    expect(toldOn(first, [second], 2)).toEqual(['2027-01-17']);
    expect(toldOn(second, [first])).toEqual([]);
    expect(toldOn(second, [held('a', { endedOn: day('2026-12-01') })], 2)).toEqual(['2027-01-17']);
    expect(toldOn(second, [held('a', { reviewOn: day('2027-02-01') })], 2)).toEqual(['2027-01-17']);
  });
});
