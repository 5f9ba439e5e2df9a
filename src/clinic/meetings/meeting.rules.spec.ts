import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeetingCaseStatus, MeetingStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  allowedCaseActions,
  CaseAction,
  isCovered,
  MeetingAction,
  nextCaseStatus,
  nextMeetingStatus,
  quorumOf,
  statusAt,
  wasThere,
} from './meeting.rules.js';

const at = (minute: number) => Temporal.Instant.from('2026-11-24T13:00:00Z').add({ minutes: minute });
const spell = (from: number, to: number | null) => ({
  joinedAt: at(from),
  leftAt: to === null ? null : at(to),
});

describe('what becomes of a meeting', () => {
  const POSSIBLE = [
    ['PLANNED', 'CLOSE_AGENDA', 'AGENDA_CLOSED'],
    ['PLANNED', 'CANCEL', 'CANCELLED'],
    ['AGENDA_CLOSED', 'BEGIN', 'IN_SESSION'],
    ['AGENDA_CLOSED', 'CANCEL', 'CANCELLED'],
    ['IN_SESSION', 'CLOSE', 'CLOSED'],
  ];
  it.each(
    Object.values(MeetingStatus).flatMap((from) =>
      Object.values(MeetingAction).map((action) => [from, action] as const),
    ),
  )('%s, %s', (from, action) => {
    const expected = POSSIBLE.find(([a, b]) => a === from && b === action)?.[2] ?? null;
    expect(nextMeetingStatus(from, action)).toBe(expected);
  });

  it('its list is closed from the hour on, also while nobody has written it down', () => {
    const meeting = { status: 'PLANNED', agendaClosesAt: at(0) } as const;
    expect(statusAt(meeting, at(-1))).toBe('PLANNED');
    expect(statusAt(meeting, at(0))).toBe('AGENDA_CLOSED');
    expect(statusAt({ ...meeting, status: 'IN_SESSION' }, at(0))).toBe('IN_SESSION');
    expect(statusAt({ ...meeting, status: 'CANCELLED' }, at(0))).toBe('CANCELLED');
  });
});

describe('what becomes of a case', () => {
  const POSSIBLE = [
    ['PROPOSED', 'PREPARE', 'PROPOSED'],
    ['PROPOSED', 'LIST', 'LISTED'],
    ['PROPOSED', 'WITHDRAW', 'WITHDRAWN'],
    ['LISTED', 'PREPARE', 'LISTED'],
    ['LISTED', 'BEGIN', 'LISTED'],
    ['LISTED', 'DEFER', 'DEFERRED'],
    ['LISTED', 'WITHDRAW', 'WITHDRAWN'],
    ['DEFERRED', 'PREPARE', 'DEFERRED'],
    ['DEFERRED', 'LIST', 'LISTED'],
    ['DEFERRED', 'WITHDRAW', 'WITHDRAWN'],
  ];
  it.each(
    Object.values(MeetingCaseStatus).flatMap((from) =>
      Object.values(CaseAction).map((action) => [from, action] as const),
    ),
  )('%s, %s', (status, action) => {
    const expected = POSSIBLE.find(([a, b]) => a === status && b === action)?.[2] ?? null;
    expect(nextCaseStatus({ status, isUnderDiscussion: false }, action)).toBe(expected);
  });

  it('while it is discussed only the end can follow', () => {
    expect(allowedCaseActions({ status: 'LISTED', isUnderDiscussion: true })).toEqual(['END']);
  });
});

describe('a quorum', () => {
  it.each([
    ['one for the whole of it', [spell(-5, 60)], true],
    ['one who is still there', [spell(0, null)], true],
    ['exactly from beginning to end', [spell(0, 10)], true],
    ['one who came a minute late', [spell(1, null)], false],
    ['one who left a minute early', [spell(-5, 9)], false],
    ['one after the other', [spell(5, 20), spell(-5, 5)], true],
    ['one after the other with a gap', [spell(-5, 4), spell(5, 20)], false],
    ['one who had left before', [spell(-20, 0), spell(0, 10)], true],
    ['one who had left before alone', [spell(-20, -1)], false],
    ['nobody', [], false],
  ])('%s: %s', (_, spells, covered) => {
    expect(isCovered(spells, at(0), at(10))).toBe(covered);
  });

  it('is of disciplines, each at least one', () => {
    const spells = [
      { discipline: 'PAIN_MEDICINE', ...spell(0, null) },
      { discipline: 'PSYCHOLOGY', ...spell(0, 5) },
    ] as const;
    const short = quorumOf(['PAIN_MEDICINE', 'PSYCHOLOGY'], spells, at(0), at(5));
    expect(short).toMatchObject({ present: ['PAIN_MEDICINE', 'PSYCHOLOGY'], isMet: true });
    const long = quorumOf(['PAIN_MEDICINE', 'PSYCHOLOGY'], spells, at(0), at(6));
    expect(long).toMatchObject({ present: ['PAIN_MEDICINE'], isMet: false });
  });

  it('law: covered means that no minute is without somebody', () => {
    const minutes = fc.integer({ min: -10, max: 20 });
    const some = fc.array(
      fc
        .tuple(minutes, fc.integer({ min: 1, max: 15 }))
        .map(([from, length]) => ({ from, to: from + length })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(some, (spans) => {
        const spells = spans.map(({ from, to }) => spell(from, to));
        // Half minutes: between two whole ones nobody comes or goes.
        const isThere = (half: number) => spans.some(({ from, to }) => from * 2 < half && half < to * 2);
        const every = Array.from({ length: 10 }, (_, minute) => minute * 2 + 1).every(isThere);
        expect(isCovered(spells, at(0), at(10))).toBe(every);
      }),
    );
  });

  it('whoever was there for a moment was there', () => {
    expect(wasThere(spell(-5, 1), at(0), at(10))).toBe(true);
    expect(wasThere(spell(10, null), at(0), at(10))).toBe(true);
    expect(wasThere(spell(-5, 0), at(0), at(10))).toBe(false);
    expect(wasThere(spell(11, null), at(0), at(10))).toBe(false);
  });
});
