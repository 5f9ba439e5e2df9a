import type {
  ReportAcknowledgementStatus,
  ScanBookingStatus,
  ScanReportStatus,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { isPerformed } from './report.rules.js';

/** How a gate is found, as the room of gates asks for it. */
export interface ReportVerdict {
  readonly state: 'PASSED' | 'WAITING' | 'FAILED' | 'NOT_APPLICABLE';
  readonly reasonCode: string;
  /** A sentence; where the gate is shut, with what to do. */
  readonly reason: string;
  /** Of staff; null: nobody yet, or somebody who has no account. */
  readonly byId: string | null;
  readonly byName: string | null;
  readonly at: Temporal.Instant | null;
}

/** What is known of a scan once it may have a report. */
export interface ReportStanding {
  readonly scanStatus: ScanBookingStatus;
  /** Null: nobody has begun one. */
  readonly reportStatus: ScanReportStatus | null;
  /** Of the version that stands. */
  readonly signedById: string | null;
  readonly signedByName: string | null;
  readonly signedAt: Temporal.Instant | null;
  /** The task of the newest version; null: there is none. */
  readonly task: {
    readonly status: ReportAcknowledgementStatus;
    readonly isOverdue: boolean;
    readonly acknowledgedBy: string | null;
    readonly acknowledgedAt: Temporal.Instant | null;
    readonly closedAt: Temporal.Instant | null;
  } | null;
}

const NOBODY = { byId: null, byName: null, at: null };

/** Has a clinical evaluation been signed? Of every exposure there has to be one, also of a scan that was broken off. */
export function evaluated(standing: ReportStanding): ReportVerdict {
  const { scanStatus, reportStatus, signedById: byId, signedByName: byName, signedAt: at } = standing;
  const signed = { byId, byName, at };
  if (reportStatus === 'FINAL') {
    return { ...of('PASSED', 'REPORT_SIGNED', 'The final report is signed.'), ...signed };
  }
  if (!isPerformed(scanStatus)) {
    return of('NOT_APPLICABLE', 'NOT_SCANNED', 'The scan has not begun: there is nothing to evaluate.');
  }
  return reportStatus === 'PRELIMINARY'
    ? {
        ...of('WAITING', 'REPORT_PRELIMINARY', 'Only a preliminary report is signed. Sign the final one.'),
        ...signed,
      }
    : of('WAITING', 'REPORT_NOT_SIGNED', 'No report is signed. Write the clinical evaluation and sign it.');
}

/** Has the referrer said that they have the result? */
export function reportAcknowledged({ scanStatus, reportStatus, task }: ReportStanding): ReportVerdict {
  if (task === null) {
    return isPerformed(scanStatus) && reportStatus !== 'FINAL'
      ? of('WAITING', 'NO_RESULT_YET', 'There is no final report to acknowledge. Sign it first.')
      : of(
          'NOT_APPLICABLE',
          'NOTHING_TO_ACKNOWLEDGE',
          'There is no result that a referrer has to acknowledge.',
        );
  }
  switch (task.status) {
    case 'ACKNOWLEDGED':
      return {
        ...of('PASSED', 'RESULT_ACKNOWLEDGED', 'The referrer has the result.'),
        ...{ byName: task.acknowledgedBy, at: task.acknowledgedAt },
      };
    case 'CLOSED':
      return {
        ...of(
          'PASSED',
          'RESULT_CLOSED',
          'The task was closed without an acknowledgement, for the reason that it says.',
        ),
        at: task.closedAt,
      };
    case 'OPEN':
    case 'SUPERSEDED':
      return task.isOverdue
        ? of(
            'FAILED',
            'ACKNOWLEDGEMENT_OVERDUE',
            'The referrer has not acknowledged the result in time. Ring them, and record what they say.',
          )
        : of('WAITING', 'NOT_ACKNOWLEDGED', 'The referrer has still to acknowledge the result.');
  }
}

function of(state: ReportVerdict['state'], reasonCode: string, reason: string): ReportVerdict {
  return { state, reasonCode, reason, ...NOBODY };
}
