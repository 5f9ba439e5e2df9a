import { describe, expect, it } from 'vitest';
import { DataComplaintStatus } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import { DataComplaintAction } from './data-complaint.refusals.js';
import {
  acknowledgeBy,
  allowedActions,
  answerBy,
  isAcknowledgementOverdue,
  nextStatus,
  referenceOf,
} from './data-complaint.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);

/** Written by hand. */
const NEXT: Record<DataComplaintStatus, Partial<Record<DataComplaintAction, DataComplaintStatus>>> = {
  RECEIVED: { ACKNOWLEDGE: 'ACKNOWLEDGED', NOTE: 'RECEIVED', CONCLUDE: 'CONCLUDED' },
  ACKNOWLEDGED: { NOTE: 'ACKNOWLEDGED', CONCLUDE: 'CONCLUDED' },
  CONCLUDED: { NOTE: 'CONCLUDED', REOPEN: 'ACKNOWLEDGED' },
};

describe('a complaint', () => {
  it.each(Object.values(DataComplaintStatus))('%s: exactly what the table has', (status) => {
    for (const action of Object.values(DataComplaintAction)) {
      const next = nextStatus(status, action);
      if (isRefusal(next)) expect(NEXT[status][action]).toBeUndefined();
      else expect(next).toBe(NEXT[status][action]);
    }
    expect(allowedActions(status)).toEqual(Object.keys(NEXT[status]));
  });

  it('is acknowledged in time on day 30 and late on day 31', () => {
    const by = acknowledgeBy(day('2026-06-19'));
    expect(by.toString()).toBe('2026-07-19');
    expect(isAcknowledgementOverdue('RECEIVED', by, day('2026-07-19'))).toBe(false);
    expect(isAcknowledgementOverdue('RECEIVED', by, day('2026-07-20'))).toBe(true);
    expect(isAcknowledgementOverdue('ACKNOWLEDGED', by, day('2026-07-20'))).toBe(false);
    expect(answerBy(day('2026-06-19')).toString()).toBe('2026-08-18');
  });

  it('has a name that can be said on the telephone', () => {
    expect(referenceOf('0193b100-0000-7000-8000-0000c0ffee12')).toBe('D-C0FFEE12');
  });
});
