import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { reasonsHere, TriageReason, triageActions, type WaitingFacts, whyHere } from './triage.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const ME = '00000000-0000-7000-8000-000000000001';
const OTHER = '00000000-0000-7000-8000-000000000002';
const plain: WaitingFacts = {
  status: 'RECEIVED',
  receivedOn: day('2026-03-02'),
  informationDueOn: null,
  informationBackOn: null,
  reopenedOn: null,
  isFromAdvice: false,
  mergedCount: 0,
  isOverdue: false,
  escalationsCount: 0,
  duplicatesCount: 0,
};

describe('why a referral is here', () => {
  it.each<readonly [Partial<WaitingFacts>, readonly TriageReason[], string]>([
    [{}, ['NOT_LOOKED_AT'], 'Received on Monday 2 March 2026 and not looked at yet.'],
    [
      { status: 'BEING_TRIAGED', informationBackOn: day('2026-03-10') },
      ['BEING_TRIAGED', 'INFORMATION_BACK'],
      'Received on Monday 2 March 2026, being triaged and not decided yet; information came back on Tuesday 10 March 2026.',
    ],
    [
      {
        status: 'INFORMATION_REQUESTED',
        informationDueOn: day('2026-03-16'),
        informationBackOn: day('2026-03-10'),
      },
      ['AWAITS_REFERRER'],
      'The referrer was asked for information, due on Monday 16 March 2026.',
    ],
    [
      { isFromAdvice: true, isOverdue: true, escalationsCount: 2 },
      ['NOT_LOOKED_AT', 'FROM_ADVICE', 'OVERDUE', 'ESCALATED'],
      'Received on Monday 2 March 2026 and not looked at yet; it came of a question for advice; the day it was promised for has passed; escalated 2 times.',
    ],
    [
      { reopenedOn: day('2026-04-01'), mergedCount: 1, duplicatesCount: 1 },
      ['NOT_LOOKED_AT', 'REOPENED', 'MERGED_WITH_ANOTHER', 'POSSIBLE_DUPLICATE'],
      'Received on Monday 2 March 2026 and not looked at yet; opened again on Wednesday 1 April 2026; another referral was merged into it; the patient has another open referral that may be the same.',
    ],
  ])('%j', (parts, reasons, sentence) => {
    expect(reasonsHere({ ...plain, ...parts })).toEqual(reasons);
    expect(whyHere({ ...plain, ...parts })).toBe(sentence);
  });
});

describe('what can be done about it', () => {
  const until = Temporal.Instant.from('2026-03-02T17:00:00Z');
  it('depends on who has it in hand, and whose it is', () => {
    expect(triageActions({ claim: null, assignedToId: null }, ME)).toEqual([
      'CLAIM',
      'ASSIGN',
      'CHANGE_PRIORITY',
    ]);
    expect(triageActions({ claim: { byId: ME, until }, assignedToId: OTHER }, ME)).toEqual([
      'RELEASE',
      'ASSIGN',
      'UNASSIGN',
      'CHANGE_PRIORITY',
    ]);
    expect(triageActions({ claim: { byId: OTHER, until }, assignedToId: null }, ME)).toContain('TAKE_OVER');
  });
});
