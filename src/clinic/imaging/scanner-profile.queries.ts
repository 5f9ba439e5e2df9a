import type { Scanner as ScannerRow } from '../../platform/database/generated/client.js';
import { instantFromDate } from '../../platform/time/index.js';
import { canonicalAddress, canonicalFingerprint, warningsAbout } from './scanner.rules.js';
import type { ReviseScannerInput, Scanner } from './scanner.type.js';

// The row of a scanner: how it is shown, and what becomes of it by what a person says.

export type Kept = { -readonly [Name in keyof ScannerRow]?: ScannerRow[Name] };

/** What is said, as it is kept. What was left out stays out; null counts only where it stands for nothing. */
export function toKept(input: Omit<ReviseScannerInput, 'id' | 'version'>): Kept {
  const { timeZone, certificateSha256 } = input;
  return {
    name: input.name?.trim(),
    callingAETitles: input.callingAETitles ?? undefined,
    sourceAddresses: input.sourceAddresses?.map(canonicalAddress),
    stationAETitle: input.stationAETitle ?? undefined,
    stationName: input.stationName ?? undefined,
    modalities: input.modalities ?? undefined,
    responseCharacterSet: input.responseCharacterSet ?? undefined,
    ownStationByDefault: input.ownStationByDefault ?? undefined,
    ownItemsOnly: input.ownItemsOnly ?? undefined,
    answersMax: input.answersMax ?? undefined,
    hiddenStatuses: input.hiddenStatuses ?? undefined,
    daysBefore: input.daysBefore ?? undefined,
    daysAfter: input.daysAfter ?? undefined,
    timeZone,
    sendsEveryType2: input.sendsEveryType2 ?? undefined,
    transport: input.transport ?? undefined,
    certificateSha256:
      typeof certificateSha256 === 'string' ? canonicalFingerprint(certificateSha256) : certificateSha256,
    performedStepHoursMax: input.performedStepHoursMax ?? undefined,
  };
}

export function isDifferent(row: ScannerRow, kept: Kept): boolean {
  const names = Object.keys(kept) as (keyof Kept)[];
  return names.some(
    (name) => kept[name] !== undefined && JSON.stringify(kept[name]) !== JSON.stringify(row[name]),
  );
}

/** Without what was left out, for laying it over something else. */
export function definedOf(kept: Kept): { [Name in keyof Kept]?: Exclude<Kept[Name], undefined> } {
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

/** What of a profile is written into each worklist entry. */
export function wordsOnWorklist({ stationAETitle, modalities }: ScannerRow): string {
  return [stationAETitle, ...modalities].join('\\');
}

export function toScanner({ resourceId, retiredAt, connectedAt, ...row }: ScannerRow): Scanner {
  return {
    ...row,
    cameraId: resourceId,
    connectedAt: instantFromDate(connectedAt),
    retiredAt: retiredAt === null ? null : instantFromDate(retiredAt),
    warnings: warningsAbout(row),
  };
}

/** For the audit record: the profile itself, and nothing that follows from it. */
export function toRecord(row: ScannerRow): Omit<Scanner, 'warnings'> {
  const { warnings: _, ...profile } = toScanner(row);
  return profile;
}
