import { describe, expect, it } from 'vitest';
import { ReportAcknowledgementStatus, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { evaluated, type ReportStanding, reportAcknowledged } from './report-gate.rules.js';

const AT = Temporal.Instant.from('2026-03-02T09:00:00Z');
const NOTHING: ReportStanding = {
  scanStatus: 'COMPLETED',
  reportStatus: null,
  signedById: null,
  signedByName: null,
  signedAt: null,
  task: null,
};
const SIGNED: ReportStanding = {
  ...NOTHING,
  reportStatus: 'FINAL',
  signedById: '0193b440-0000-7000-8000-000000000001',
  signedByName: 'Dr Ada Reed',
  signedAt: AT,
};
const TASK = { isOverdue: false, acknowledgedBy: null, acknowledgedAt: null, closedAt: null };

describe('EVALUATED', () => {
  it.each(Object.values(ScanBookingStatus))('of a scan that is %s and has no report', (scanStatus) => {
    const isThere = ['IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED', 'DISCONTINUED'].includes(scanStatus);
    expect(evaluated({ ...NOTHING, scanStatus }).state).toBe(isThere ? 'WAITING' : 'NOT_APPLICABLE');
  });

  it('waits while somebody writes or only a preliminary text is signed, and says who signed when', () => {
    expect(evaluated({ ...NOTHING, reportStatus: 'WRITING' })).toMatchObject({
      reasonCode: 'REPORT_NOT_SIGNED',
    });
    expect(evaluated({ ...SIGNED, reportStatus: 'PRELIMINARY' })).toMatchObject({
      ...{ state: 'WAITING', reasonCode: 'REPORT_PRELIMINARY', byName: 'Dr Ada Reed' },
    });
    const by = { byId: SIGNED.signedById, byName: 'Dr Ada Reed', at: AT };
    expect(evaluated(SIGNED)).toMatchObject({ state: 'PASSED', ...by });
  });
});

describe('REPORT_ACKNOWLEDGED', () => {
  it('waits for a report, then for the referrer, and fails when they are late', () => {
    expect(reportAcknowledged(NOTHING).state).toBe('WAITING');
    expect(reportAcknowledged({ ...NOTHING, scanStatus: 'BOOKED' }).state).toBe('NOT_APPLICABLE');
    expect(reportAcknowledged({ ...SIGNED, task: { ...TASK, status: 'OPEN' } }).state).toBe('WAITING');
    const late = { ...TASK, status: 'OPEN', isOverdue: true } as const;
    expect(reportAcknowledged({ ...SIGNED, task: late })).toMatchObject({
      ...{ state: 'FAILED', reasonCode: 'ACKNOWLEDGEMENT_OVERDUE' },
      reason: expect.stringMatching(/Ring them/),
    });
    const told = { ...TASK, status: 'ACKNOWLEDGED', acknowledgedBy: 'Dr Hart', acknowledgedAt: AT } as const;
    expect(reportAcknowledged({ ...SIGNED, task: told })).toMatchObject({
      state: 'PASSED',
      byName: 'Dr Hart',
      at: AT,
    });
  });

  it.each(Object.values(ReportAcknowledgementStatus))('has a sentence for a task that is %s', (status) => {
    expect(reportAcknowledged({ ...SIGNED, task: { ...TASK, status } }).reason).toMatch(/^[A-Z].+\.$/);
  });
});
