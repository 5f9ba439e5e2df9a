import { Temporal } from '../../src/platform/time/index.js';
import { performedStep } from '../support/performed-step.factory.js';
import { done } from './asking.js';
import { dicomDay, dicomTime, openScanner, worklistItems } from './imaging.js';
import { bookablePerson, type Person } from './people.js';
import { referrerCalled, type TeamClinic } from './team-clinic.js';
import { book, findOffers, first, toVisit } from './visits.js';

// A patient with a scan that is over and a report that is signed: where the team's work begins.

export const BEST_CANDIDATE = { structure: 'FACET', level: 'L4_L5', side: 'LEFT' } as const;
export const NEXT_CANDIDATE = { structure: 'FACET', level: 'L5_S1', side: 'RIGHT' } as const;
const FINDINGS = [
  { ...BEST_CANDIDATE, uptake: 'INTENSE' },
  { ...NEXT_CANDIDATE, uptake: 'MODERATE' },
];

/** What the clinic knows them by. */
export interface Scanned {
  readonly patientId: string;
  readonly referralId: string;
  readonly email: string;
  readonly scanBookingId: string;
  readonly studyInstanceUID: string;
  /** Finding of each candidate, by `L4_L5 LEFT`. */
  readonly findingIds: Readonly<Record<string, string>>;
}

export interface PainSource {
  readonly structure: string;
  readonly level: string | null;
  readonly side: string;
  readonly status: string;
  readonly uptake: string | null;
  readonly findings: readonly { readonly findingId: string; readonly versionNumber: number }[];
  readonly treatments: readonly {
    readonly treatmentId: string;
    readonly kind: string;
    readonly verdict: string | null;
    readonly percentRelief: number | null;
  }[];
}

export interface PainSourceMap {
  readonly sources: readonly PainSource[];
  readonly next: Pick<PainSource, 'structure' | 'level' | 'side'> | null;
}

const MAP = `query ($patientId: ID!) { painSourceMap(patientId: $patientId) {
  next { structure level side }
  sources { structure level side status uptake findings { findingId versionNumber }
    treatments { treatmentId kind verdict percentRelief } } } }`;

export async function painSourceMap(clinic: TeamClinic, patientId: string): Promise<PainSourceMap> {
  const answer = await clinic.the('clinician').ask<{ painSourceMap: PainSourceMap }>(MAP, { patientId });
  return answer.painSourceMap;
}

/** Which joint stands how: `{ 'L4_L5 LEFT': 'CONFIRMED' }`. */
export async function standings(
  clinic: TeamClinic,
  patientId: string,
): Promise<Readonly<Record<string, string>>> {
  const { sources } = await painSourceMap(clinic, patientId);
  return Object.fromEntries(sources.map(({ level, side, status }) => [`${level} ${side}`, status]));
}

/** Registered, referred by a consultant of the directory, scanned and reported. */
export async function scannedPerson(clinic: TeamClinic, person: Person): Promise<Scanned> {
  const reception = clinic.the('reception');
  const clinician = clinic.the('clinician');
  const { id: referrerId } = await referrerCalled(reception, 'Benedict Shaw');
  const { patientId, referralId, email } = await bookablePerson({ reception, clinician }, person, {
    ...{ source: 'CONSULTANT', referrerId },
  });
  const { id: scanBookingId, studyInstanceUID } = await scan(clinic, referralId);
  await signFindings(clinic, scanBookingId);
  const { sources } = await painSourceMap(clinic, patientId);
  const findingIds = Object.fromEntries(
    sources.map(({ level, side, findings }) => [`${level} ${side}`, first(findings, 'finding').findingId]),
  );
  return { patientId, referralId, email, scanBookingId, studyInstanceUID, findingIds };
}

/** Booked, and scanned on its day as the console says. */
async function scan(clinic: TeamClinic, referralId: string) {
  const reception = clinic.the('reception');
  const offer = first((await findOffers(reception, referralId)).offers, 'offer');
  const booking = await book(reception, referralId, toVisit(offer));
  await clinic.goTo(booking.scanEndsAt);
  const { date, time } = booking.scanLocal;
  const ended = Temporal.Instant.from(booking.scanEndsAt).toZonedDateTimeISO('Europe/London').toPlainTime();
  const endTime = dicomTime(ended.toString().slice(0, 5));
  const scanner = await openScanner(clinic.service);
  const step = performedStep({
    ...{ startDate: dicomDay(date), startTime: dicomTime(time) },
    items: await worklistItems(scanner, booking.accessionNumber),
  });
  await scanner.nCreate(step.sopInstanceUID, step.begun);
  await scanner.nSet(step.sopInstanceUID, step.completed({ endDate: dicomDay(date), endTime }));
  await scanner.release();
  return booking;
}

async function signFindings(clinic: TeamClinic, scanBookingId: string): Promise<void> {
  const clinician = clinic.the('clinician');
  const draft = await done<{ version: number }>(
    clinician,
    { verb: 'keepReportDraft', wanted: 'ScanReportDraft { version }' },
    {
      ...{ scanBookingId, draftVersion: 0, seenVersion: 0 },
      content: {
        ...{ clinicalQuestion: 'Which facet joint is active?', findings: FINDINGS },
        conclusion: 'L4/L5 on the left most of all, and L5/S1 on the right.',
      },
    },
  );
  await done(
    clinician,
    { verb: 'signReport', wanted: 'ScanReport { id version }' },
    { scanBookingId, draftVersion: draft.version, as: 'FINAL' },
  );
}
