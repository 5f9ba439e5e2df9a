import { createHash, randomBytes } from 'node:crypto';
import { type DataSet, type DicomEvent, type VeiledIdentifier, veilIdentifier } from '../../dicom/index.js';
import { QUERIES_KEPT_MAX } from './scanner-traffic.queries.js';
import type { Look, LookSeen } from './scanner-traffic.rules.js';

// A salt as long as the fingerprints that it is for.
const SALT_BYTES = 16;
/** What a batch remembers of one query: consoles ask with some 500 bytes, and a thousand queries may wait at once. */
const WORDS_KEPT_BYTES_MAX = 4 * 1024;
/** The problem of a query whose keys are not kept, though it may have been answered. */
export const TOO_LONG_TO_BE_KEPT = 'too long to be kept';

/** What a query asked, and what was wrong with it; as it came, before it is veiled. */
export interface Asked {
  readonly identifier: DataSet | null;
  readonly negotiated: FindAnswered['negotiated'];
  readonly problem: string | null;
}

/** A query as it is kept: veiled, and without a key when it could not be understood or was too long. */
export interface KeptAsked extends VeiledIdentifier {
  readonly problem: string | null;
}

type FindAnswered = Extract<DicomEvent, { readonly type: 'find-answered' }>;

export function toLook(event: FindAnswered): Look<Asked> {
  const { association, peerId, status, answeredStepIds, identifier, negotiated, problem } = event;
  const words = identifier === null ? '' : wordsOf(identifier);
  const isTooLong = Buffer.byteLength(words, 'utf8') > WORDS_KEPT_BYTES_MAX;
  const how = `${negotiated.fuzzyNames}|${negotiated.otherClock}|${identifier === null}|${problem ?? ''}`;
  return {
    scannerId: peerId,
    callingAETitle: association.callingAETitle,
    remoteAddress: association.remoteAddress,
    secured: association.secured,
    status,
    stepIds: answeredStepIds,
    asks: `${how}\n${isTooLong ? digestOf(words) : words}`,
    query: isTooLong
      ? { identifier: null, negotiated, problem: TOO_LONG_TO_BE_KEPT }
      : { identifier, negotiated, problem },
  };
}

/** Of the letters as they stand in memory: a tag may be half of a letter in UTF-8. */
function digestOf(words: string): string {
  return createHash('sha256').update(words, 'utf16le').digest('base64url');
}

/** Equal for identifiers that ask the same. It holds what was asked, and lives no longer than its batch. */
function wordsOf(identifier: DataSet): string {
  let words = '';
  for (const element of identifier.elements()) {
    // The tag as two characters: thousands of times a second, writing numbers out would cost more than all the rest.
    words += String.fromCharCode(element.tag >>> 16, element.tag & 0xffff);
    if (element.kind === 'text') {
      const [value = '', ...more] = element.values;
      words += more.length === 0 ? value : element.values.join('\\');
    } else if (element.kind === 'binary') {
      words += `#${element.bytes.length}`;
    } else {
      for (const item of element.items) words += `[${wordsOf(item)}]`;
    }
    words += '\n';
  }
  return words;
}

/** Only what will be kept is veiled: of each scanner the newest. */
export function veilNewest(looks: readonly LookSeen<Asked>[]): LookSeen<KeptAsked | null>[] {
  const left = new Map<string, number>();
  return [...looks]
    .sort((a, b) => b.lastAtMs - a.lastAtMs)
    .map((look) => {
      const places = left.get(look.scannerId) ?? QUERIES_KEPT_MAX;
      left.set(look.scannerId, places - 1);
      return { ...look, query: places > 0 ? veil(look.query) : null };
    });
}

function veil({ identifier, negotiated, problem: told }: Asked): KeptAsked {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  // A problem may quote the scanner; the database refuses some control characters.
  const problem = told?.replace(/[\p{Cc}\p{Cs}]/gu, '?') ?? null;
  return identifier === null
    ? { salt, keys: [], problem }
    : { ...veilIdentifier(identifier, salt, negotiated), problem };
}
