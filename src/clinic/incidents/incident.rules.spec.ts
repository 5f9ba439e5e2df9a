import { describe, expect, it } from 'vitest';
import { IncidentOutcome, IncidentStatus } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { IncidentAction } from './incident.refusals.js';
import { allowedActions, type IncidentStanding, nextStatus } from './incident.rules.js';

/** Written by hand: everything that can be done, and nothing else. */
const CAN: Record<IncidentStatus, Partial<Record<IncidentAction, IncidentStatus>>> = {
  RAISED: { ASSESS: 'ASSESSED', NOTE: 'RAISED' },
  ASSESSED: { ASSESS: 'ASSESSED', NOTIFY: 'NOTIFIED', CLOSE: 'CLOSED', NOTE: 'ASSESSED' },
  NOTIFIED: { ASSESS: 'NOTIFIED', NOTIFY: 'NOTIFIED', CLOSE: 'CLOSED', NOTE: 'NOTIFIED' },
  CLOSED: { REOPEN: 'ASSESSED', NOTE: 'CLOSED' },
};
const STATES = Object.values(IncidentStatus);
const ACTIONS = Object.values(IncidentAction);
const standing = (status: IncidentStatus, parts: Partial<IncidentStanding> = {}): IncidentStanding => ({
  status,
  outcome: status === 'RAISED' ? null : 'LOCAL',
  isNotified: status === 'NOTIFIED',
  toTell: [],
  ...parts,
});

describe('an incident', () => {
  it.each(STATES.flatMap((status) => ACTIONS.map((action) => [status, action] as const)))(
    '%s, %s',
    (status, action) => {
      const next = nextStatus(standing(status), action);
      const expected = CAN[status][action];
      if (expected !== undefined) expect(next).toBe(expected);
      else
        expect(next).toMatchObject({
          code: 'IncidentStandsOtherwise',
          status,
          allowedActions: allowedActions(standing(status)),
        });
      expect(allowedActions(standing(status)).includes(action)).toBe(expected !== undefined);
    },
  );

  it('reaches every state', () => {
    const reached = new Set<IncidentStatus>(['RAISED']);
    for (const status of reached) for (const next of Object.values(CAN[status])) reached.add(next);
    expect([...reached].toSorted()).toEqual([...STATES].toSorted());
  });

  it('is not closed before a regulator was told of what is notifiable', () => {
    const open = standing('ASSESSED', { outcome: IncidentOutcome.NOTIFIABLE });
    expect(nextStatus(open, 'CLOSE')).toMatchObject({ code: 'NotificationMissing' });
    expect(allowedActions(open)).not.toContain('CLOSE');
    const told = standing('NOTIFIED', { outcome: IncidentOutcome.NOTIFIABLE });
    expect(isRefusal(nextStatus(told, 'CLOSE'))).toBe(false);
  });

  it('stands as it stood when it is opened again', () => {
    expect(nextStatus(standing('CLOSED'), 'REOPEN')).toBe('ASSESSED');
    expect(nextStatus(standing('CLOSED', { isNotified: true }), 'REOPEN')).toBe('NOTIFIED');
  });
});
