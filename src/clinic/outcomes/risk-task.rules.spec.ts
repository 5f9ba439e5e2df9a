import { describe, expect, it } from 'vitest';
import { RiskTaskStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { canActOnRisk, RISK_TASK_ACTIONS, type RiskTaskAction, tellAgainAt } from './risk-task.rules.js';

const ACTIONS: readonly RiskTaskAction[] = ['claim', 'release', 'note', 'close'];
const STAFF = { ada: 'ada', ben: 'ben' };
const facts = (status: RiskTaskStatus) => ({ status, claimedById: status === 'OPEN' ? null : STAFF.ada });

/** By hand: what each pair answers to whoever has the task. */
const BY_HAND: readonly (readonly [RiskTaskStatus, RiskTaskAction, string | null])[] = [
  ['OPEN', 'claim', null],
  ['OPEN', 'release', 'RiskTaskNotClaimed'],
  ['OPEN', 'note', null],
  ['OPEN', 'close', 'RiskTaskNotClaimed'],
  ['CLAIMED', 'claim', 'RiskTaskClaimed'],
  ['CLAIMED', 'release', null],
  ['CLAIMED', 'note', null],
  ['CLAIMED', 'close', null],
  ['CLOSED', 'claim', 'RiskTaskClosed'],
  ['CLOSED', 'release', 'RiskTaskClosed'],
  ['CLOSED', 'note', 'RiskTaskClosed'],
  ['CLOSED', 'close', 'RiskTaskClosed'],
];

describe('a risk task', () => {
  it.each(BY_HAND)('%s, %s: %s', (status, action, code) => {
    expect(canActOnRisk(action, facts(status), STAFF.ada)?.code ?? null).toBe(code);
  });

  it('is judged in every state for every action', () => {
    const pairs = Object.values(RiskTaskStatus).flatMap((status) =>
      ACTIONS.map((action) => `${status} ${action}`),
    );
    expect(BY_HAND.map(([status, action]) => `${status} ${action}`)).toEqual(pairs);
  });

  it('reaches every state', () => {
    const reached = Object.values(RISK_TASK_ACTIONS).flatMap((row) => Object.values(row));
    expect(new Set(reached)).toEqual(new Set(Object.values(RiskTaskStatus)));
  });

  it('is closed by nobody but whoever has it, and released by anybody', () => {
    expect(canActOnRisk('close', facts('CLAIMED'), STAFF.ben)?.code).toBe('RiskTaskClaimed');
    expect(canActOnRisk('release', facts('CLAIMED'), STAFF.ben)).toBeNull();
  });
});

describe('the clinic is told', () => {
  const at = (text: string) => Temporal.Instant.from(`2026-03-29T${text}:00Z`);
  const dueAt = at('00:30');

  it('when it is due, and then again and again', () => {
    expect(tellAgainAt({ dueAt, escalatedAt: null, repeatMinutes: 30 })).toEqual(dueAt);
    expect(tellAgainAt({ dueAt, escalatedAt: dueAt, repeatMinutes: 30 })).toEqual(at('01:00'));
    // Minutes are minutes, also across the change of the clocks at 01:00.
    expect(tellAgainAt({ dueAt, escalatedAt: at('00:45'), repeatMinutes: 30 })).toEqual(at('01:15'));
  });

  it('not before its new time when it has changed hands since', () => {
    expect(tellAgainAt({ dueAt: at('04:00'), escalatedAt: at('00:45'), repeatMinutes: 30 })).toEqual(
      at('04:00'),
    );
  });
});
