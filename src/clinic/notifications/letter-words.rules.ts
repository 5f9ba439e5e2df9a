import type { Temporal } from '../../platform/time/index.js';

/** What every letter says of the clinic, and how it writes. */
export interface LetterSetting {
  readonly clinicName: string;
  /** Lines of the clinic's one address; empty where it is not configured. */
  readonly clinicAddressLines: readonly string[];
  /** Whom to ring, after “Reply to this e-mail or”. */
  readonly ring: string;
  /** IANA name of the zone in which times are told. */
  readonly timeZone: string;
  readonly wordingVersion: string;
}

/** What the head and the foot of every letter name. */
export interface LetterVariables {
  readonly clinicName: string;
  readonly greetingName: string;
  readonly ring: string;
  readonly wordingVersion: string;
}

export interface NamedPerson {
  readonly familyName: string;
  readonly givenName: string;
  readonly namePrefix: string | null;
}

export function toLetterVariables(patient: NamedPerson, setting: LetterSetting): LetterVariables {
  const { clinicName, ring, wordingVersion } = setting;
  return { clinicName, greetingName: greetingOf(patient), ring, wordingVersion };
}

/** The same for somebody of whom one name is known, as they gave it, or none. */
export function toNamedLetterVariables(name: string | null, setting: LetterSetting): LetterVariables {
  const { clinicName, ring, wordingVersion } = setting;
  return { clinicName, greetingName: plainLine(name ?? ''), ring, wordingVersion };
}

/** Characters that end a line, or turn round what stands after them; no name needs one. */
const UNRULY = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+/gu;

/** Longest name that is written on an envelope or into a greeting. */
const LINE_MAX_CHARACTERS = 120;

/** What somebody typed, as one line: it can neither end a header nor turn the words after it round. */
export function plainLine(text: string): string {
  const line = text.replace(UNRULY, ' ').replace(/\s+/gu, ' ').trim();
  return [...line].slice(0, LINE_MAX_CHARACTERS).join('');
}

/** What staff wrote, paragraph by paragraph and line by line, each without what a line cannot hold. */
export function paragraphsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/u).map((line) => line.replace(UNRULY, ' ').trimEnd());
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === '') paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** `Ms Ng` when there is a title, else the whole name. */
function greetingOf(patient: NamedPerson): string {
  return plainLine(`${patient.namePrefix ?? patient.givenName} ${patient.familyName}`);
}

/** `ring 020 7946 0000`, or `ring reception` where no number is configured. */
export function ringWhom(telephone: string | undefined): string {
  return `ring ${telephone ?? 'reception'}`;
}

/** `2 hours and 30 minutes`. */
export function lengthInWords(length: Temporal.Duration): string {
  const { hours, minutes } = length.round({ largestUnit: 'hour', smallestUnit: 'minute' });
  const parts = [counted(hours, 'hour'), counted(minutes, 'minute')].filter((part) => part !== '');
  return parts.length === 0 ? '0 minutes' : parts.join(' and ');
}

function counted(count: number, noun: string): string {
  if (count === 0) return '';
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Where and how a visit takes place, as its letter is worded. */
export interface PlaceVariables {
  readonly isInPerson: boolean;
  readonly isByTelephone: boolean;
  readonly isByVideo: boolean;
  /** Empty unless one has to come, and where no address is known. */
  readonly addressLines: readonly string[];
}

export interface PlaceFacts {
  readonly modality: 'IN_PERSON' | 'TELEPHONE' | 'VIDEO';
  readonly site: { readonly name: string; readonly addressLines: readonly string[] };
}

/** A site's own address comes before the clinic's; with it its name, since a clinic with sites has several. */
export function toPlaceVariables({ modality, site }: PlaceFacts, setting: LetterSetting): PlaceVariables {
  const ofSite =
    site.addressLines.length === 0 ? setting.clinicAddressLines : [site.name, ...site.addressLines];
  const isInPerson = modality === 'IN_PERSON';
  return {
    isInPerson,
    isByTelephone: modality === 'TELEPHONE',
    isByVideo: modality === 'VIDEO',
    addressLines: isInPerson ? ofSite : [],
  };
}
