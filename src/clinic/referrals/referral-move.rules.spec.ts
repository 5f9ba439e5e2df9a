import { describe, expect, it } from 'vitest';
import { ReferralAction, ReferralStatus } from '../../platform/database/generated/enums.js';
import { columnsOf } from './referral-move.rules.js';
import { isOver, nextStatus } from './referral-state.rules.js';

const at = new Date('2026-03-02T09:00:00Z');
const mover = { id: 'clinician', at };
const words = {
  comment: 'So.',
  reasonCode: 'OTHER',
  detail: 'Said.',
  acceptedFor: 'CLINIC' as const,
  informationDueOn: at,
  mergedIntoId: 'other',
};

function written(action: ReferralAction, status: ReferralStatus, takenUpAt: Date | null = null) {
  const next = nextStatus({ status, isTakenUp: takenUpAt !== null }, action);
  if (typeof next !== 'string') throw new Error(`${status} ${action} is not possible`);
  return columnsOf(action, { takenUpAt, status }, next, words, mover);
}

describe('what a move writes', () => {
  it('takes it up, with whoever decides, once', () => {
    for (const action of ['TAKE_UP', 'REQUEST_INFORMATION', 'ACCEPT', 'DECLINE'] as const) {
      expect(written(action, 'RECEIVED')).toMatchObject({ takenUpAt: at, takenUpById: 'clinician' });
    }
    expect(written('ACCEPT', 'BEING_TRIAGED', at)).not.toHaveProperty('takenUpAt');
    expect(written('WITHDRAW', 'RECEIVED')).not.toHaveProperty('takenUpAt');
  });

  it('takes it in hand, and lets go of it with the decision', () => {
    expect(written('TAKE_UP', 'RECEIVED')).toMatchObject({ claimedById: 'clinician', claimActiveAt: at });
    for (const action of ['ACCEPT', 'REDIRECT', 'WITHDRAW', 'MERGE'] as const) {
      expect(written(action, 'RECEIVED')).toMatchObject({ claimedById: null, claimActiveAt: null });
    }
  });

  it('says of each what belongs to it, and nothing of the others', () => {
    expect(written('ACCEPT', 'RECEIVED')).toMatchObject({ acceptedFor: 'CLINIC', decisionComment: 'So.' });
    expect(written('REDIRECT', 'RECEIVED')).toMatchObject({ redirectedTo: 'Said.', reasonCode: 'OTHER' });
    expect(written('RETURN_WITH_ADVICE', 'RECEIVED')).toMatchObject({ advice: 'Said.' });
    expect(written('REQUEST_INFORMATION', 'RECEIVED')).toMatchObject({ informationWanted: 'Said.' });
    expect(written('COMPLETE', 'ACCEPTED', at)).toMatchObject({ outcome: 'Said.', endedById: 'clinician' });
    expect(written('MERGE', 'RECEIVED')).toMatchObject({ mergedIntoId: 'other' });
    expect(written('DECLINE', 'RECEIVED')).not.toHaveProperty('redirectedTo');
    expect(written('COMPLETE', 'ACCEPTED', at)).not.toHaveProperty('decidedAt');
  });

  it('ends what is over, and nothing else', () => {
    for (const status of Object.values(ReferralStatus)) {
      for (const action of Object.values(ReferralAction)) {
        const next = nextStatus({ status, isTakenUp: true }, action);
        if (typeof next !== 'string' || action === 'BOOK' || action === 'UNBOOK') continue;
        expect(written(action, status, at).endedAt ?? null).toEqual(isOver(next) ? at : null);
      }
    }
  });

  it('takes everything back that was decided when it is opened again', () => {
    const open = written('REOPEN', 'REDIRECTED', at);
    expect(Object.values(open).every((value) => value === null)).toBe(true);
    expect(Object.keys(open)).toEqual(
      expect.arrayContaining([
        'decidedAt',
        'reasonCode',
        'redirectedTo',
        'advice',
        'outcome',
        'mergedIntoId',
        'endedAt',
      ]),
    );
  });
});
