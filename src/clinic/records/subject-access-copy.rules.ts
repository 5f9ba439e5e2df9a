import type { Temporal } from '../../platform/time/index.js';

/** What stands in place of something that was left out. */
const WITHHELD = 'withheld';

/** Records of one kind, as a room gives them. */
export interface CopySection {
  readonly name: string;
  readonly about: string;
  readonly records: readonly object[];
  readonly thirdPartyFields?: readonly string[];
}

/** What a person left out, and why. */
export interface Withholding {
  readonly path: string;
  readonly recordId: string;
  /** Empty: the whole record. */
  readonly field: string;
  readonly reason: string;
}

export interface CopyText {
  readonly path: string;
  readonly text: string;
  /** Places in it that may speak of other people and stand in it. */
  readonly thirdPartyCount: number;
}

/** One file of the copy: what it is, its records, what is marked and what was left out. */
export function sectionFile(
  room: string,
  section: CopySection,
  withholdings: readonly Withholding[],
): CopyText {
  const path = `${room}/${section.name}.json`;
  const own = withholdings.filter((one) => one.path === path);
  const marked = section.thirdPartyFields ?? [];
  const records = section.records.map((record) => toCopied(record, marked, own));
  const file = { about: section.about, records: records.map(({ copied }) => copied) };
  const thirdPartyCount = records.reduce((sum, { places }) => sum + places, 0);
  return { path, text: textOf(file), thirdPartyCount };
}

export interface ManifestFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface ManifestFacts {
  readonly requestId: string;
  readonly localNumber: string;
  readonly preparedAt: Temporal.Instant;
  readonly files: readonly ManifestFile[];
  readonly withholdings: readonly Withholding[];
}

/** What the copy consists of, by path. Each file's fingerprint is in it, and its own is kept with the request. */
export function manifest({ requestId, localNumber, preparedAt, files, withholdings }: ManifestFacts): string {
  return textOf({
    about:
      'Every file of this copy with its SHA-256. What was left out because it speaks of somebody else is named with the reason.',
    requestId,
    localNumber,
    preparedAt: preparedAt.toString(),
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    withheld: withholdings.map(({ path, recordId, field, reason }) => ({
      ...{ path, recordId, field: field === '' ? null : field, reason },
    })),
  });
}

/** The form that `sha256sum -c SHA256SUMS` reads. */
export function checksums(files: readonly ManifestFile[]): string {
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  return lines.sort().join('');
}

/** For the person who opens the copy. */
export function readme(localNumber: string, preparedOn: string, rooms: readonly string[]): string {
  return [
    'Copy of a health record (UK GDPR, Article 15)',
    '',
    `Patient number:  ${localNumber}`,
    `Prepared on:     ${preparedOn}`,
    '',
    'Each folder holds what one part of the clinic keeps. Files ending in .json are text: they open in any text editor.',
    'Each begins with a sentence that says what it is. Times are in UTC (2026-03-02T09:00:00.000Z).',
    '',
    ...rooms.map((room) => `  ${room}/`),
    '',
    'Where the record speaks of somebody else, a part may have been left out. It then says "withheld" and why, and',
    'manifest.json lists every such place.',
    '',
    'manifest.json names every file with its SHA-256; SHA256SUMS is the same for `sha256sum -c SHA256SUMS`.',
    '',
    'If something is wrong in the record, you may ask the clinic to put it right. If you are not content with this answer,',
    'you may complain to the clinic, and to the Information Commissioner (ico.org.uk).',
    '',
  ].join('\n');
}

/** A path as it may stand in an archive: no way out of its folder, nothing that a system reads otherwise. */
export function safePath(room: string, path: string): string {
  const parts = path
    .split('/')
    .map((part) => part.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+|[. ]+$/g, ''));
  const kept = parts.filter((part) => part !== '');
  return [room, ...(kept.length === 0 ? ['file'] : kept)].join('/');
}

function toCopied(
  record: object,
  marked: readonly string[],
  withholdings: readonly Withholding[],
): { readonly copied: object; readonly places: number } {
  const fields: Record<string, unknown> = { ...record };
  const own = withholdings.filter(({ recordId }) => recordId === idOf(fields));
  const whole = own.find(({ field }) => field === '');
  if (whole !== undefined) return { copied: { id: fields.id, [WITHHELD]: whole.reason }, places: 0 };
  for (const { field, reason } of own) fields[field] = { [WITHHELD]: reason };
  const open = marked.filter((field) => isFilled(fields[field]) && !own.some((one) => one.field === field));
  const copied = open.length === 0 ? fields : { ...fields, mayConcernOthers: open };
  return { copied, places: open.length };
}

function idOf(fields: Readonly<Record<string, unknown>>): string {
  return typeof fields.id === 'string' ? fields.id : '';
}

function isFilled(value: unknown): boolean {
  return (
    value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
