import { describe, expect, it } from 'vitest';
import { DestructionRunStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { DestructionAction } from './destruction-run.refusals.js';
import {
  APPROVAL_HOLDS_DAYS,
  APPROVE_WITHIN_DAYS,
  allowedActions,
  approvedUntil,
  canApprove,
  canDo,
  type ListedRun,
  statusWhenDone,
} from './destruction-run.rules.js';

const now = Temporal.Instant.from('2034-04-01T09:00:00Z');
const run = (parts: Partial<ListedRun> = {}): ListedRun => ({
  ...{ status: 'LISTED', startedById: 'starter', listedAt: now, listedCount: 3, ...parts },
});

/** Written by hand: what people can do in each state. */
const POSSIBLE: Record<DestructionRunStatus, readonly DestructionAction[]> = {
  LISTING: ['ABANDON'],
  LISTED: ['EXCLUDE', 'APPROVE', 'ABANDON'],
  APPROVED: ['ABANDON'],
  COMPLETED: [],
  ABANDONED: [],
  LAPSED: [],
};

describe('a list of what is due', () => {
  it.each(Object.values(DestructionRunStatus))('%s: exactly what the table has', (status) => {
    for (const action of Object.values(DestructionAction)) {
      const refusal = canDo(status, action);
      if (POSSIBLE[status].includes(action)) expect(refusal).toBeNull();
      else
        expect(refusal).toMatchObject({
          code: 'DestructionRunStandsOtherwise',
          status,
          allowedActions: POSSIBLE[status],
        });
    }
    expect(allowedActions(status)).toEqual(POSSIBLE[status]);
  });

  it('is approved by a second person, while it is fresh, and only with something on it', () => {
    expect(canApprove(run(), 'second', now)).toBeNull();
    expect(canApprove(run(), 'starter', now)?.code).toBe('SecondPersonNeeded');
    expect(canApprove(run({ listedCount: 0 }), 'second', now)?.code).toBe('NothingToDestroy');
    expect(canApprove(run({ status: 'APPROVED' }), 'second', now)?.code).toBe(
      'DestructionRunStandsOtherwise',
    );
  });

  it('is too old a second after its days', () => {
    const eve = now.add({ hours: 24 * APPROVE_WITHIN_DAYS });
    expect(canApprove(run(), 'second', eve)).toBeNull();
    expect(canApprove(run(), 'second', eve.add({ seconds: 1 }))?.code).toBe('DestructionListTooOld');
  });

  it('is completed when nothing is left, and lapses with its approval', () => {
    const until = approvedUntil(now);
    expect(until.since(now).total('hours')).toBe(24 * APPROVAL_HOLDS_DAYS);
    expect(statusWhenDone(1, now, until)).toBeNull();
    expect(statusWhenDone(0, now, until)).toBe('COMPLETED');
    expect(statusWhenDone(1, until, until)).toBeNull();
    expect(statusWhenDone(1, until.add({ seconds: 1 }), until)).toBe('LAPSED');
  });
});
