import {
  type ReportVersionKind,
  type ScanBookingStatus,
  ScanReportStatus,
} from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { faultsOfFindings, isAbnormal, type ReportContentFacts } from './finding.rules.js';
import {
  NoReportDraft,
  ReportAlreadySigned,
  ReportChangedMeanwhile,
  ReportIncomplete,
  ReportNotFinal,
  ReportNotSigned,
  ScanNotPerformed,
} from './report.refusals.js';

/** What people do with a report, and how it stands then. Drafts are their authors' own and not on this table. */
export const REPORT_ACTIONS = {
  WRITING: { signPreliminary: 'PRELIMINARY', signFinal: 'FINAL' },
  PRELIMINARY: { signFinal: 'FINAL', addNote: 'PRELIMINARY' },
  FINAL: { addNote: 'FINAL', correct: 'FINAL', tell: 'FINAL', releaseToPatient: 'FINAL' },
} as const satisfies Record<ScanReportStatus, Readonly<Record<string, ScanReportStatus>>>;

export function allowedReportActions(status: ScanReportStatus): readonly string[] {
  return Object.keys(REPORT_ACTIONS[status]);
}

/** The tracer has been given and the scanner has begun: there is something to evaluate. */
const PERFORMED: readonly ScanBookingStatus[] = ['IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED', 'DISCONTINUED'];
/** Nothing will ever be there to evaluate. */
const NEVER_PERFORMED: readonly ScanBookingStatus[] = ['CANCELLED', 'NO_SHOW'];

export function isPerformed(status: ScanBookingStatus): boolean {
  return PERFORMED.includes(status);
}

/** A report may be begun before the scan, never of one that does not take place. */
export function canKeepDraft(
  scan: ScanBookingStatus,
  report: { readonly status: ScanReportStatus; readonly version: number },
  seenVersion: number,
): Refusal | null {
  if (NEVER_PERFORMED.includes(scan)) return new ScanNotPerformed(scan);
  if (report.status === ScanReportStatus.FINAL) return new ReportAlreadySigned(report.version);
  return seenVersion === report.version ? null : new ReportChangedMeanwhile(report.version);
}

/** Whether anything may be signed as that, whatever the draft says. */
export function canSign(
  scan: ScanBookingStatus,
  report: { readonly status: ScanReportStatus; readonly version: number },
  kind: Exclude<ReportVersionKind, 'CORRECTION'>,
  hasDraft: boolean,
): Refusal | null {
  if (!isPerformed(scan)) return new ScanNotPerformed(scan);
  const wasSigned = report.status === 'FINAL' || (report.status === 'PRELIMINARY' && kind === 'PRELIMINARY');
  if (wasSigned) return new ReportAlreadySigned(report.version);
  return hasDraft ? null : new NoReportDraft();
}

/** Whether this text may be signed; that its author has seen the draft as it stands is asked before. */
export function canSignText(
  report: { readonly version: number },
  baseVersion: number,
  content: ReportContentFacts,
): Refusal | null {
  if (baseVersion !== report.version) return new ReportChangedMeanwhile(report.version);
  return whatIsMissing(content);
}

/** Whether something may be added to what is signed. `correction`: the whole text as it is to stand from then on. */
export function canAdd(
  report: { readonly status: ScanReportStatus; readonly version: number },
  seenVersion: number,
  correction: ReportContentFacts | null,
): Refusal | null {
  if (report.status === ScanReportStatus.WRITING) return new ReportNotSigned();
  if (correction !== null && report.status !== ScanReportStatus.FINAL) return new ReportNotFinal();
  if (seenVersion !== report.version) return new ReportChangedMeanwhile(report.version);
  return correction === null ? null : whatIsMissing(correction);
}

/** Whether it may leave the house: only what is final, and only as somebody has seen it. */
export function canTell(
  report: { readonly status: ScanReportStatus; readonly version: number },
  seenVersion: number,
): Refusal | null {
  if (report.status === ScanReportStatus.WRITING) return new ReportNotSigned();
  if (report.status !== ScanReportStatus.FINAL) return new ReportNotFinal();
  return seenVersion === report.version ? null : new ReportChangedMeanwhile(report.version);
}

function whatIsMissing(content: ReportContentFacts): Refusal | null {
  const problems = problemsOf(content);
  return problems.length === 0 ? null : new ReportIncomplete(problems);
}

/** What stands in the way of signing: sentences that say what to do. */
export function problemsOf(content: ReportContentFacts): readonly string[] {
  const { clinicalQuestion, conclusion, findings, isNormal } = content;
  const says = (text: string, problem: string) => (text.trim() === '' ? [problem] : []);
  return [
    ...says(clinicalQuestion, 'Write the clinical question that the report answers.'),
    ...says(conclusion, 'Write the conclusion.'),
    ...(findings.length === 0 && !isNormal
      ? ['Enter the findings, or say that nothing abnormal is to be seen.']
      : []),
    ...(isNormal && findings.some(isAbnormal)
      ? [
          'It is said that nothing abnormal is to be seen, and there is an abnormal finding: one of the two is wrong.',
        ]
      : []),
    ...faultsOfFindings(findings),
  ];
}

/** Composed, without outer blanks; the findings in the order in which they were entered. */
export function tidied(content: ReportContentFacts): ReportContentFacts {
  const plain = (text: string) => text.normalize('NFC').trim();
  return {
    clinicalQuestion: plain(content.clinicalQuestion),
    comparison: plain(content.comparison),
    limitations: plain(content.limitations),
    conclusion: plain(content.conclusion),
    isNormal: content.isNormal,
    findings: content.findings.map(({ structure, level, side, uptake, ctGrade, comment }) => ({
      structure,
      level: level ?? null,
      side: side ?? null,
      uptake,
      ctGrade: ctGrade ?? null,
      comment: plain(comment),
    })),
  };
}

/** What a fingerprint of a signed text is taken of: the same for the same text, whatever the order of its fields. */
export function signedText(content: ReportContentFacts): string {
  const { clinicalQuestion, comparison, limitations, conclusion, isNormal, findings } = tidied(content);
  return JSON.stringify([
    ...[clinicalQuestion, comparison, limitations, conclusion, isNormal],
    findings.map(({ structure, level, side, uptake, ctGrade, comment }) => [
      ...[structure, level, side, uptake, ctGrade, comment],
    ]),
  ]);
}
