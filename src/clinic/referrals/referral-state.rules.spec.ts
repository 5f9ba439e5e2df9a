import { describe, expect, it } from 'vitest';
import { ReferralAction, ReferralStatus } from '../../platform/database/generated/enums.js';
import { ReferralAlreadyDecided, ReferralNotPossible } from './referral.refusals.js';
import { allowedActions, isBookable, isOver, nextStatus, wantsNoVisits } from './referral-state.rules.js';

const R = ReferralStatus;

// Written by hand, state by state, not derived from the table. What is not in a row is refused.
const ROWS: Record<ReferralStatus, Partial<Record<ReferralAction, ReferralStatus>>> = {
  RECEIVED: {
    TAKE_UP: R.BEING_TRIAGED,
    REQUEST_INFORMATION: R.INFORMATION_REQUESTED,
    ACCEPT: R.ACCEPTED,
    REDIRECT: R.REDIRECTED,
    DECLINE: R.DECLINED,
    RETURN_WITH_ADVICE: R.RETURNED_WITH_ADVICE,
    WITHDRAW: R.WITHDRAWN,
    MERGE: R.MERGED,
  },
  BEING_TRIAGED: {
    PUT_BACK: R.RECEIVED,
    REQUEST_INFORMATION: R.INFORMATION_REQUESTED,
    ACCEPT: R.ACCEPTED,
    REDIRECT: R.REDIRECTED,
    DECLINE: R.DECLINED,
    RETURN_WITH_ADVICE: R.RETURNED_WITH_ADVICE,
    WITHDRAW: R.WITHDRAWN,
    MERGE: R.MERGED,
  },
  INFORMATION_REQUESTED: {
    TAKE_UP: R.BEING_TRIAGED,
    RECORD_INFORMATION: R.BEING_TRIAGED,
    WITHDRAW: R.WITHDRAWN,
    MERGE: R.MERGED,
  },
  ACCEPTED: {
    BOOK: R.BOOKED,
    COMPLETE: R.COMPLETED,
    WITHDRAW: R.WITHDRAWN,
    MERGE: R.MERGED,
    REOPEN: R.BEING_TRIAGED,
  },
  BOOKED: {
    UNBOOK: R.ACCEPTED,
    COMPLETE: R.COMPLETED,
    WITHDRAW: R.WITHDRAWN,
    MERGE: R.MERGED,
    REOPEN: R.BEING_TRIAGED,
  },
  REDIRECTED: { REOPEN: R.BEING_TRIAGED },
  DECLINED: { REOPEN: R.BEING_TRIAGED },
  RETURNED_WITH_ADVICE: { REOPEN: R.BEING_TRIAGED },
  COMPLETED: { REOPEN: R.BEING_TRIAGED },
  WITHDRAWN: { REOPEN: R.BEING_TRIAGED },
  MERGED: { REOPEN: R.BEING_TRIAGED },
};
const STATES = Object.values(ReferralStatus);
const ACTIONS = Object.values(ReferralAction);
const PAIRS = STATES.flatMap((status) => ACTIONS.map((action) => [status, action] as const));
/** After these a clinician's own actions say that somebody has decided. */
const DECIDED: readonly ReferralStatus[] = STATES.filter(
  (status) => !['RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED'].includes(status),
);
const OF_TRIAGE: readonly ReferralAction[] = [
  'TAKE_UP',
  'PUT_BACK',
  'REQUEST_INFORMATION',
  'RECORD_INFORMATION',
  'ACCEPT',
  'REDIRECT',
  'DECLINE',
  'RETURN_WITH_ADVICE',
];

describe('every state and every action', () => {
  it.each(PAIRS)('%s, %s', (status, action) => {
    const next = ROWS[status][action];
    const result = nextStatus({ status, isTakenUp: true }, action);
    if (next !== undefined) {
      expect(result).toBe(next);
      expect(allowedActions(status)).toContain(action);
      return;
    }
    const isDecided = DECIDED.includes(status) && OF_TRIAGE.includes(action);
    expect(result).toBeInstanceOf(isDecided ? ReferralAlreadyDecided : ReferralNotPossible);
    expect(result).toMatchObject({ status, allowedActions: allowedActions(status) });
    expect(allowedActions(status)).not.toContain(action);
  });

  it('all states can be reached from the first', () => {
    const reached = new Set<ReferralStatus>([
      'RECEIVED',
      ...STATES.flatMap((status) => Object.values(ROWS[status])),
    ]);
    expect([...reached].sort()).toEqual([...STATES].sort());
  });

  it('every state that is over can be opened again, and nothing else is done with it', () => {
    for (const status of STATES.filter(isOver)) expect(allowedActions(status)).toEqual(['REOPEN']);
  });

  it('two decisions never follow each other without somebody who opens it again in between', () => {
    const decisions: readonly ReferralAction[] = ['ACCEPT', 'REDIRECT', 'DECLINE', 'RETURN_WITH_ADVICE'];
    for (const status of STATES) {
      for (const action of decisions) {
        const next = nextStatus({ status, isTakenUp: true }, action);
        if (typeof next !== 'string') continue;
        expect(allowedActions(next).filter((after) => decisions.includes(after))).toEqual([]);
      }
    }
  });
});

describe('what is opened again', () => {
  it('waits for whoever takes it up, when nobody had', () => {
    expect(nextStatus({ status: 'WITHDRAWN', isTakenUp: false }, 'REOPEN')).toBe('RECEIVED');
    expect(nextStatus({ status: 'WITHDRAWN', isTakenUp: true }, 'REOPEN')).toBe('BEING_TRIAGED');
  });
});

describe('visits', () => {
  it('are booked for what is accepted, whether or not another is', () => {
    expect(STATES.filter(isBookable)).toEqual(['ACCEPTED', 'BOOKED']);
  });

  it('are in the way of whatever leaves them without their referral', () => {
    const inTheWay = PAIRS.filter(
      ([status, action]) =>
        ROWS[status][action] !== undefined && wantsNoVisits(action, status) && isBookable(status),
    ).map(([status, action]) => `${status} ${action}`);
    expect(inTheWay.sort()).toEqual(
      ['ACCEPTED', 'BOOKED'].flatMap((status) =>
        ['COMPLETE', 'MERGE', 'REOPEN', 'WITHDRAW'].map((action) => `${status} ${action}`),
      ),
    );
    expect(wantsNoVisits('REOPEN', 'DECLINED')).toBe(false);
  });
});
