import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { instantFromDate, localDate, plainDateFromDate } from '../../platform/time/index.js';
import { findingInWords } from './finding.rules.js';
import { contentOfVersion } from './report-content.type.js';
import type {
  CriticalFindingMatter,
  ReportTellingMatter,
  UnacknowledgedMatter,
} from './report-letter.type.js';

const SCAN = {
  select: {
    id: true,
    patientId: true,
    accessionNumber: true,
    scanStartsAt: true,
    startedAt: true,
    protocol: { select: { name: true } },
    patient: { include: { death: { select: { patientId: true } } } },
    referral: { select: { referrerName: true, referrerOrganisation: true } },
  },
} as const satisfies Prisma.ScanBookingDefaultArgs;

const WHOLE = {
  referrer: { select: { kind: true, email: true, addressLines: true, postcode: true, organisation: true } },
  report: {
    include: {
      scanBooking: SCAN,
      versions: { include: { findings: true } },
      addenda: { orderBy: { number: 'asc' } },
      acknowledgements: { where: { status: 'OPEN' } },
    },
  },
} as const satisfies Prisma.ReportTellingInclude;
type TellingRow = Prisma.ReportTellingGetPayload<{ include: typeof WHOLE }>;

/** What letters about reports say, as it stands when they are written. */
@Injectable()
export class ReportLetterService {
  constructor(@Inject(Config) private readonly config: Config) {}

  /** What one party is sent; null once another version stands, or the patient to whom it would go has died. */
  async matter(tx: Tx, tellingId: string, version: number): Promise<ReportTellingMatter | null> {
    const telling = await tx.reportTelling.findUnique({ where: { id: tellingId }, include: WHOLE });
    if (telling === null || telling.versionNumber !== version || telling.report.version !== version)
      return null;
    const { scanBooking } = telling.report;
    if (telling.audience === 'PATIENT' && scanBooking.patient.death !== null) return null;
    const signed = telling.report.versions.find(({ number }) => number === version);
    if (signed === undefined) return null;
    const content = contentOfVersion(signed);
    const [task] = telling.report.acknowledgements;
    return {
      reportId: telling.reportId,
      scanBookingId: scanBooking.id,
      reference: scanBooking.accessionNumber,
      to: telling.audience,
      isByPost: telling.method === 'LETTER',
      patientId: scanBooking.patientId,
      patient: toLetterPatient(scanBooking.patient),
      recipient: toRecipient(telling),
      // Whoever is named here alone, and is in no directory, was named as the GP.
      isForGp: telling.audience === 'GP' && (telling.referrer?.kind ?? 'GP') === 'GP',
      askedBy: askedBy(scanBooking.referral),
      procedureName: scanBooking.protocol.name,
      scannedOn: this.#day(scanBooking.startedAt ?? scanBooking.scanStartsAt),
      ...{ clinicalQuestion: content.clinicalQuestion, comparison: content.comparison },
      ...{ limitations: content.limitations, conclusion: content.conclusion },
      findings: content.findings.map(findingInWords),
      isCorrection: signed.kind === 'CORRECTION',
      signedByName: signed.signedByName,
      signedOn: this.#day(signed.signedAt),
      addenda: telling.report.addenda.map(({ text, signedByName, signedAt }) => ({
        ...{ text, signedByName },
        signedOn: this.#day(signedAt),
      })),
      words: telling.words,
      acknowledgeBy:
        telling.audience === 'REFERRER' && task !== undefined ? plainDateFromDate(task.dueOn) : null,
      postTo: postalAddress(telling),
    };
  }

  /** What the clinic is told of a result that nobody has acknowledged in time; null once the task is settled. */
  async unacknowledgedMatter(tx: Tx, taskId: string, version: number): Promise<UnacknowledgedMatter | null> {
    const task = await tx.reportAcknowledgement.findUnique({
      where: { id: taskId },
      include: { report: { select: { scanBooking: SCAN } } },
    });
    if (task === null || task.status !== 'OPEN' || task.escalationsCount !== version) return null;
    const { accessionNumber, patientId } = task.report.scanBooking;
    return {
      ...{ reportId: task.reportId, reference: accessionNumber, patientId },
      dueOn: plainDateFromDate(task.dueOn),
    };
  }

  /** What the clinic is told of a critical finding; null once somebody has read it back, or it was told again since. */
  async criticalMatter(tx: Tx, id: string, version: number): Promise<CriticalFindingMatter | null> {
    const finding = await tx.criticalFinding.findUnique({
      where: { id },
      include: { report: { select: { scanBooking: SCAN } } },
    });
    if (finding === null || finding.status !== 'OPEN' || finding.escalationsCount !== version) return null;
    const { accessionNumber, patientId } = finding.report.scanBooking;
    return {
      ...{ reportId: finding.reportId, reference: accessionNumber, patientId },
      flaggedAt: instantFromDate(finding.flaggedAt),
    };
  }

  #day(date: Date) {
    return localDate(instantFromDate(date), this.config.clinicTimeZone);
  }
}

type PatientRow = TellingRow['report']['scanBooking']['patient'];

function toLetterPatient(row: PatientRow): ReportTellingMatter['patient'] {
  const { familyName, givenName, namePrefix, email, contactPreference } = row;
  return {
    ...{ familyName, givenName, namePrefix, email, contactPreference },
    dateOfBirth: plainDateFromDate(row.dateOfBirth),
  };
}

function askedBy({ referrerName, referrerOrganisation }: TellingRow['report']['scanBooking']['referral']) {
  if (referrerName === null || referrerOrganisation === null) return referrerName;
  return `${referrerName} (${referrerOrganisation})`;
}

function toRecipient({ referrerId, name, email, referrer }: TellingRow): ReportTellingMatter['recipient'] {
  return name === null ? null : { referrerId, name, email: email ?? referrer?.email ?? null };
}

interface PostalAddress {
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
}

/** Said for this letter alone, or else what is known of the patient or in the directory. */
function postalAddress(telling: TellingRow): readonly string[] {
  if (telling.addressLines.length > 0) return telling.addressLines;
  if (telling.audience === 'PATIENT') return linesOf(telling.report.scanBooking.patient);
  const { referrer } = telling;
  if (referrer === null || referrer.addressLines.length === 0) return [];
  return [...(referrer.organisation === null ? [] : [referrer.organisation]), ...linesOf(referrer)];
}

function linesOf({ addressLines, postcode }: PostalAddress): readonly string[] {
  return postcode === null ? addressLines : [...addressLines, postcode];
}
