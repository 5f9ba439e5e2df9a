import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CriticalFindingStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  allowedCriticalActions,
  canCloseFinding,
  canTellFinding,
  escalateAt,
} from './critical-finding.rules.js';

const codeOf = (refusal: { readonly code?: string } | null) => refusal?.code ?? null;

describe('a critical finding', () => {
  // Written by hand: state, telling, closing as acted on, closing as flagged in error.
  it.each<[CriticalFindingStatus, string | null, string | null, string | null]>([
    ['OPEN', null, 'CriticalFindingNotAcknowledged', null],
    ['ACKNOWLEDGED', null, null, null],
    ['CLOSED', 'CriticalFindingClosed', 'CriticalFindingClosed', 'CriticalFindingClosed'],
  ])('%s', (status, told, actedOn, inError) => {
    expect(codeOf(canTellFinding(status))).toBe(told);
    expect(codeOf(canCloseFinding(status, 'ACTED_ON'))).toBe(actedOn);
    expect(codeOf(canCloseFinding(status, 'FLAGGED_IN_ERROR'))).toBe(inError);
  });

  it('knows every state', () => {
    expect(Object.values(CriticalFindingStatus).map(allowedCriticalActions)).toEqual([
      ['tell', 'tellAndHearBack', 'closeAsError'],
      ['tell', 'tellAndHearBack', 'closeAsError', 'close'],
      [],
    ]);
  });

  it('is told of when it is due, then again and again: minutes are minutes when the clocks change', () => {
    const dueAt = Temporal.Instant.from('2026-03-29T00:50:00Z');
    expect(escalateAt({ dueAt, escalatedAt: null, escalationMinutes: 15 })).toEqual(dueAt);
    expect(escalateAt({ dueAt, escalatedAt: dueAt, escalationMinutes: 15 }).toString()).toBe(
      '2026-03-29T01:05:00Z',
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 10_080 }),
        fc.integer({ min: 0, max: 1e7 }),
        (escalationMinutes, late) => {
          const escalatedAt = dueAt.add({ milliseconds: late });
          const next = escalateAt({ dueAt, escalatedAt, escalationMinutes });
          expect(escalatedAt.until(next).total('minutes')).toBe(escalationMinutes);
        },
      ),
    );
  });
});
