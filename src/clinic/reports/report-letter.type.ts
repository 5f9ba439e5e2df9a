import type { ContactPreference } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Topics about reports that call for a letter. */
export const REPORT_TOPICS = {
  /** Subject: the telling, which is to the referrer, to the GP or to the patient. Version: that of the report. */
  told: 'report.told',
  /** Subject: the task. A notice to the clinic. */
  unacknowledged: 'report.unacknowledged',
} as const;

/** For the team: a final report, or a correction of one, was signed. Subject: the report. Version: that of the report. */
export const REPORT_FOR_TEAM = 'report.for-team';

/** Topics about critical findings, both notices to the clinic. Subject: the critical finding. */
export const CRITICAL_FINDING_TOPICS = {
  raised: 'critical-finding.raised',
  overdue: 'critical-finding.overdue',
} as const;

export interface ReportLetterPatient {
  readonly familyName: string;
  readonly givenName: string;
  readonly namePrefix: string | null;
  readonly dateOfBirth: Temporal.PlainDate;
  readonly email: string | null;
  readonly contactPreference: ContactPreference;
}

/** What was added to a report after it was signed. */
export interface ReportLetterAddendum {
  readonly text: string;
  readonly signedByName: string;
  readonly signedOn: Temporal.PlainDate;
}

/**
 * A report as one party is sent it. `ReportLetterService.matter(tx, tellingId, version)` gives it; null once it no longer
 * holds: another version stands, or its patient has died.
 */
export interface ReportTellingMatter {
  readonly reportId: string;
  readonly scanBookingId: string;
  /** The accession number, which is what everybody finds the scan by. */
  readonly reference: string;
  readonly to: 'REFERRER' | 'GP' | 'PATIENT';
  /** Staff have chosen post. */
  readonly isByPost: boolean;
  readonly patientId: string;
  readonly patient: ReportLetterPatient;
  /** Null: it is for the patient. */
  readonly recipient: {
    readonly referrerId: string | null;
    readonly name: string;
    readonly email: string | null;
  } | null;
  /** Of a copy for the GP: to the GP indeed, or to another clinician who looks after the patient. */
  readonly isForGp: boolean;
  /** Who asked for the scan, and where they work; null: the patient referred themselves. */
  readonly askedBy: string | null;
  readonly procedureName: string;
  readonly scannedOn: Temporal.PlainDate;
  readonly clinicalQuestion: string;
  /** Each in words. */
  readonly findings: readonly string[];
  readonly comparison: string;
  readonly limitations: string;
  readonly conclusion: string;
  readonly isCorrection: boolean;
  readonly signedByName: string;
  readonly signedOn: Temporal.PlainDate;
  readonly addenda: readonly ReportLetterAddendum[];
  /** What was written for the patient beside the report; null: nothing. */
  readonly words: string | null;
  /** Of the referrer: until when they are asked to acknowledge; null: they need not, or have. */
  readonly acknowledgeBy: Temporal.PlainDate | null;
  /** Lines of the address that it is posted to when it goes by post; empty: none is known here. */
  readonly postTo: readonly string[];
}

/** `ReportLetterService.unacknowledgedMatter(tx, taskId, version)`; null once it is settled. */
export interface UnacknowledgedMatter {
  readonly reportId: string;
  readonly reference: string;
  readonly patientId: string;
  readonly dueOn: Temporal.PlainDate;
}

/** `ReportLetterService.criticalMatter(tx, criticalFindingId, version)`; null once somebody has read it back. */
export interface CriticalFindingMatter {
  readonly reportId: string;
  readonly reference: string;
  readonly patientId: string;
  readonly flaggedAt: Temporal.Instant;
}
