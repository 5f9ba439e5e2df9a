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

/** `Ms Ng` when there is a title, else the whole name. */
function greetingOf(patient: NamedPerson): string {
  return `${patient.namePrefix ?? patient.givenName} ${patient.familyName}`;
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
