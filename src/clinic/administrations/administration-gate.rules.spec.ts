import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  activityFinding,
  batchFinding,
  givenActivityFinding,
  givenBatchFinding,
  onlyAfterInjection,
  uptakeFinding,
} from './administration-gate.rules.js';

const at = (text: string) => Temporal.Instant.from(text);
const BATCH = { batchNumber: 'B7', siteCode: 'MAIN' };
const GIVEN = {
  batchNumber: 'B7',
  comparison: 'ABOVE_DRL',
  netActivityMbq: 905,
  plannedActivityMbq: 800,
  wasBatchClosed: false,
} as const;

describe('what was recorded after the injection', () => {
  const find = (done: string, injected: string) =>
    onlyAfterInjection(at(done), at(injected), 'Europe/London');

  it('was not there before it, and the times of both say so to the second', () => {
    expect(find('2026-03-10T08:59:59Z', '2026-03-10T09:00:00Z')).toBeNull();
    expect(find('2026-03-10T09:00:00Z', '2026-03-10T09:00:00Z')).toBeNull();
    const late = find('2026-03-10T09:00:01Z', '2026-03-10T09:00:00Z');
    expect(late).toMatchObject({ state: 'FAILED', reasonCode: 'ONLY_AFTER_INJECTION' });
    expect(late?.reason).toContain('recorded at 09:00:01, and the injection is said to be at 09:00:00:');
    // On the wall, and not by UTC.
    expect(find('2026-06-10T09:00:01Z', '2026-06-10T09:00:00Z')?.reason).toContain('recorded at 10:00:01,');
  });

  it('names both days where it was another day, on which an earlier time is a later one', () => {
    expect(find('2026-03-11T08:15:00Z', '2026-03-10T09:00:00Z')?.reason).toContain(
      'at 08:15:00 on Wednesday 11 March 2026, and the injection is said to be at 09:00:00 on Tuesday 10 March 2026:',
    );
  });
});

describe('the gate of the batch', () => {
  it('opens to one that may be used at this site', () => {
    expect(batchFinding(BATCH, 'MAIN', null)).toMatchObject({ state: 'PASSED' });
    expect(batchFinding(BATCH, 'NORTH', null)).toMatchObject({
      state: 'FAILED',
      reasonCode: 'BATCH_AT_OTHER_SITE',
    });
    const expired = { code: 'BatchExpired', message: 'Batch B7 has expired.' };
    expect(batchFinding(BATCH, 'MAIN', expired)).toEqual({
      state: 'FAILED',
      reasonCode: 'BATCH_EXPIRED',
      reason: expired.message,
    });
  });

  it('waits until something was given, and says of what was given how it was', () => {
    expect(givenBatchFinding(null)).toMatchObject({ state: 'WAITING' });
    expect(givenBatchFinding(GIVEN)).toMatchObject({ state: 'PASSED' });
    expect(givenBatchFinding({ ...GIVEN, wasBatchClosed: true })).toMatchObject({ state: 'FAILED' });
  });
});

describe('the gate of the activity', () => {
  it('asks for a reason above the plan', () => {
    expect(activityFinding('AS_PLANNED', 800, 800, false)).toMatchObject({ state: 'PASSED' });
    expect(activityFinding('ABOVE_PLAN', 890, 800, false)).toMatchObject({ state: 'FAILED' });
    expect(activityFinding('ABOVE_PLAN', 890, 800, true)).toMatchObject({ state: 'PASSED' });
    expect(activityFinding('BELOW_PLAN', 300, 800, true)).toMatchObject({ state: 'FAILED' });
    expect(givenActivityFinding(GIVEN)).toMatchObject({ reasonCode: 'ABOVE_DRL_WITH_REASON' });
    expect(givenActivityFinding(null)).toMatchObject({ reasonCode: 'NOT_INJECTED' });
  });
});

describe('the gate of the uptake', () => {
  const uptake = {
    injectedAt: at('2026-03-10T09:07:00Z'),
    window: { minutesMin: 120, minutesTarget: 180, minutesMax: 300 },
    scanStartedAt: null,
    explanation: null,
  };
  const judge = (now: string, scan: string | null = null, explanation: string | null = null) =>
    uptakeFinding(
      { ...uptake, scanStartedAt: scan === null ? null : at(scan), explanation },
      at(now),
      'Europe/London',
    );

  it('waits for the injection and for the window, and then shuts', () => {
    expect(uptakeFinding(null, at('2026-03-10T11:07:00Z'), 'Europe/London')).toMatchObject({
      reasonCode: 'NOT_INJECTED',
    });
    expect(judge('2026-03-10T11:00:00Z')).toMatchObject({ state: 'WAITING', reasonCode: 'TOO_SOON' });
    expect(judge('2026-03-10T11:07:00Z')).toMatchObject({ state: 'PASSED' });
    expect(judge('2026-03-10T14:07:00Z')).toMatchObject({ state: 'PASSED' });
    expect(judge('2026-03-10T14:08:00Z')).toMatchObject({ state: 'FAILED' });
  });

  it('judges a scan that has begun by its beginning, and by what was said of it', () => {
    const late = '2026-03-10T18:00:00Z';
    expect(judge(late, '2026-03-10T12:00:00Z')).toMatchObject({ state: 'PASSED' });
    expect(judge(late, '2026-03-10T11:00:00Z')).toMatchObject({ reasonCode: 'BEGAN_TOO_SOON' });
    expect(judge(late, '2026-03-10T14:08:00Z')).toMatchObject({ reasonCode: 'BEGAN_TOO_LATE' });
    expect(judge(late, '2026-03-10T14:08:00Z', 'The camera stood still.')).toMatchObject({
      reasonCode: 'OUTSIDE_WITH_REASON',
    });
  });
});
