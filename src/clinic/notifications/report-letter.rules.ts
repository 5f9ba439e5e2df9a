import type { LetterKind } from '../../platform/database/generated/enums.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';
import {
  channelFor,
  channelForAddress,
  MOVED_ON,
  type Reachable,
  suppressed,
  type Verdict,
} from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  type NamedPerson,
  paragraphsOf,
  plainLine,
  toLetterVariables,
  toNamedLetterVariables,
} from './letter-words.rules.js';

export type ReportLetterKind = Extract<LetterKind, `REPORT_TOLD_${string}`>;

/** Whom a report goes to. */
export type ReportParty = 'REFERRER' | 'GP' | 'PATIENT';

/** What one party is sent of a report, when the letter is about to go. */
export interface ReportFacts {
  readonly reference: string;
  readonly to: ReportParty;
  /** Staff have chosen post. */
  readonly isByPost: boolean;
  readonly patient: NamedPerson & Reachable & { readonly dateOfBirth: Temporal.PlainDate };
  /** Null: it is for the patient. */
  readonly recipient: { readonly name: string; readonly email: string | null } | null;
  /** Of a copy for the GP: to the GP indeed, or to another clinician who looks after the patient. */
  readonly isForGp: boolean;
  /** Who asked for the scan; null: the patient did. */
  readonly askedBy: string | null;
  readonly procedureName: string;
  readonly scannedOn: Temporal.PlainDate;
  readonly clinicalQuestion: string;
  readonly findings: readonly string[];
  readonly comparison: string;
  readonly limitations: string;
  readonly conclusion: string;
  readonly isCorrection: boolean;
  readonly signedByName: string;
  readonly signedOn: Temporal.PlainDate;
  readonly addenda: readonly {
    readonly text: string;
    readonly signedByName: string;
    readonly signedOn: Temporal.PlainDate;
  }[];
  readonly words: string | null;
  readonly acknowledgeBy: Temporal.PlainDate | null;
}

const PARTY: Record<ReportLetterKind, ReportParty> = {
  REPORT_TOLD_REFERRER: 'REFERRER',
  REPORT_TOLD_GP: 'GP',
  REPORT_TOLD_PATIENT: 'PATIENT',
};

/** Whether a telling is for whom this kind of letter is for. */
export function isForReportParty(kind: ReportLetterKind, facts: Pick<ReportFacts, 'to'>): boolean {
  return PARTY[kind] === facts.to;
}

/** Send it, or not: to the patient as they prefer, to a clinician by e-mail where there is an address. */
export function decideReportLetter(kind: ReportLetterKind, facts: ReportFacts | null): Verdict {
  if (facts === null || !isForReportParty(kind, facts)) return MOVED_ON;
  const { patient, recipient, isByPost } = facts;
  if (facts.to === 'PATIENT') return isByPost ? suppressed('TO_BE_POSTED') : channelFor(patient);
  if (recipient === null) return MOVED_ON;
  const verdict = channelForAddress(recipient.email);
  // That a referrer has no address is worth knowing also when the letter goes by post.
  return isByPost && verdict.verdict === 'SEND' ? suppressed('TO_BE_POSTED') : verdict;
}

type Paragraphs = readonly (readonly string[])[];

/** A part of the report under its heading. */
export interface ReportPart {
  readonly heading: string;
  /** The same for plain text, which has no other way to show a heading. */
  readonly capitals: string;
  readonly paragraphs: Paragraphs;
}

/** Everything that the templates may name. All of it is text for people. */
export interface ReportLetterVariables extends LetterVariables {
  readonly reference: string;
  readonly title: string;
  readonly patientName: string;
  readonly bornOn: string;
  readonly procedureName: string;
  readonly scannedOn: string;
  readonly signedByName: string;
  readonly signedOn: string;
  readonly isCorrection: boolean;
  /** Whom a copy is for; empty: it is no copy. */
  readonly copyFor: string;
  /** Who asked for the scan and has the report; empty: the patient did. */
  readonly askedBy: string;
  /** What was written for the patient; none: nothing. */
  readonly paragraphs: Paragraphs;
  readonly parts: readonly ReportPart[];
  /** Friday 27 March 2026; empty: nothing is asked. */
  readonly acknowledgeBy: string;
}

export function toReportLetterVariables(facts: ReportFacts, setting: LetterSetting): ReportLetterVariables {
  const { to, patient, recipient, acknowledgeBy, words } = facts;
  const greeting =
    to === 'PATIENT'
      ? toLetterVariables(patient, setting)
      : toNamedLetterVariables(recipient?.name ?? null, setting);
  return {
    ...greeting,
    reference: facts.reference,
    title: facts.isCorrection ? 'A corrected report' : 'A report',
    patientName: plainLine(`${patient.givenName} ${patient.familyName}`),
    bornOn: formatDate(patient.dateOfBirth),
    procedureName: plainLine(facts.procedureName),
    scannedOn: formatDate(facts.scannedOn),
    signedByName: plainLine(facts.signedByName),
    signedOn: formatDate(facts.signedOn),
    isCorrection: facts.isCorrection,
    copyFor: to === 'GP' ? copyFor(facts) : '',
    askedBy: plainLine(facts.askedBy ?? ''),
    paragraphs: words === null ? [] : paragraphsOf(words),
    parts: partsOf(facts),
    acknowledgeBy: acknowledgeBy === null ? '' : formatDate(acknowledgeBy),
  };
}

function copyFor({ isForGp }: Pick<ReportFacts, 'isForGp'>): string {
  return isForGp ? 'the patient’s GP' : 'your information, since you look after the patient';
}

/** The report as it is read: what was asked, what was found, what it means; then what was added since. */
function partsOf(facts: ReportFacts): readonly ReportPart[] {
  const findings = facts.findings.length === 0 ? ['Nothing abnormal is to be seen.'] : facts.findings;
  const texts: readonly (readonly [string, Paragraphs])[] = [
    ['Clinical question', paragraphsOf(facts.clinicalQuestion)],
    ['Findings', findings.flatMap(paragraphsOf)],
    ['Comparison', paragraphsOf(facts.comparison)],
    ['Limitations', paragraphsOf(facts.limitations)],
    ['Conclusion', paragraphsOf(facts.conclusion)],
    ...facts.addenda.map(
      ({ text, signedByName, signedOn }) =>
        [`Added by ${plainLine(signedByName)} on ${formatDate(signedOn)}`, paragraphsOf(text)] as const,
    ),
  ];
  return texts
    .filter(([, paragraphs]) => paragraphs.length > 0)
    .map(([heading, paragraphs]) => ({ heading, capitals: heading.toUpperCase(), paragraphs }));
}
