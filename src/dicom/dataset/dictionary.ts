// PS3.6 §6: the registry of data elements. PS3.7 Annex E: the command elements, which PS3.6 does not list.
import { elements } from '@iwharris/dicom-data-dictionary';
import { isVR, type VR } from './value-representations.js';

/** A tag as one unsigned number: group * 65536 + element. */
export type Tag = number;

export interface DictionaryEntry {
  readonly tag: Tag;
  readonly keyword: string;
  readonly vr: VR;
}

/** PS3.7 Table E.1-1. Retired command elements are left out: they decode as UN. */
const commandElements: readonly (readonly [Tag, string, VR])[] = [
  [0x00000000, 'CommandGroupLength', 'UL'],
  [0x00000002, 'AffectedSOPClassUID', 'UI'],
  [0x00000003, 'RequestedSOPClassUID', 'UI'],
  [0x00000100, 'CommandField', 'US'],
  [0x00000110, 'MessageID', 'US'],
  [0x00000120, 'MessageIDBeingRespondedTo', 'US'],
  [0x00000600, 'MoveDestination', 'AE'],
  [0x00000700, 'Priority', 'US'],
  [0x00000800, 'CommandDataSetType', 'US'],
  [0x00000900, 'Status', 'US'],
  [0x00000901, 'OffendingElement', 'AT'],
  [0x00000902, 'ErrorComment', 'LO'],
  [0x00000903, 'ErrorID', 'US'],
  [0x00001000, 'AffectedSOPInstanceUID', 'UI'],
  [0x00001001, 'RequestedSOPInstanceUID', 'UI'],
  [0x00001002, 'EventTypeID', 'US'],
  [0x00001005, 'AttributeIdentifierList', 'AT'],
  [0x00001008, 'ActionTypeID', 'US'],
  [0x00001020, 'NumberOfRemainingSuboperations', 'US'],
  [0x00001021, 'NumberOfCompletedSuboperations', 'US'],
  [0x00001022, 'NumberOfFailedSuboperations', 'US'],
  [0x00001023, 'NumberOfWarningSuboperations', 'US'],
  [0x00001030, 'MoveOriginatorApplicationEntityTitle', 'AE'],
  [0x00001031, 'MoveOriginatorMessageID', 'US'],
];

// The published dictionary leaves some VRs to the pixel representation. Worklists carry none of these;
// the choice only has to be harmless.
const ambiguousVRs: Readonly<Record<string, VR>> = {
  'US or SS': 'US',
  'OB or OW': 'OW',
  'US or OW': 'OW',
  'US or SS or OW': 'OW',
};

const byTag = new Map<Tag, DictionaryEntry>();
const byKeyword = new Map<string, DictionaryEntry>();

function register(entry: DictionaryEntry): void {
  byTag.set(entry.tag, entry);
  byKeyword.set(entry.keyword, entry);
}

for (const { tag, keyword, vr } of Object.values(elements)) {
  const digits = `${tag.slice(1, 5)}${tag.slice(6, 10)}`;
  // Repeating groups such as (60xx,3000) are overlays and curves: they decode as UN.
  if (!/^[0-9A-F]{8}$/i.test(digits)) continue;
  const known = ambiguousVRs[vr] ?? vr;
  register({ tag: Number.parseInt(digits, 16), keyword, vr: isVR(known) ? known : 'UN' });
}
for (const [tag, keyword, vr] of commandElements) register({ tag, keyword, vr });

export function groupOf(tag: Tag): number {
  return tag >>> 16;
}

export function elementOf(tag: Tag): number {
  return tag & 0xffff;
}

/** Odd groups belong to vendors (PS3.5 §7.8). */
export function isPrivate(tag: Tag): boolean {
  return (groupOf(tag) & 1) === 1;
}

export function findByTag(tag: Tag): DictionaryEntry | undefined {
  return byTag.get(tag);
}

export function findByKeyword(keyword: string): DictionaryEntry | undefined {
  return byKeyword.get(keyword);
}

/** The entry of a keyword written by a programmer; an unknown one is a mistake in the program, so it throws. */
export function mustFindKeyword(keyword: string): DictionaryEntry {
  const entry = byKeyword.get(keyword);
  if (entry === undefined) throw new TypeError(`"${keyword}" is not a keyword of the DICOM dictionary`);
  return entry;
}

/**
 * The VR of a tag when the bytes do not carry one (Implicit VR, PS3.5 §7.1.3).
 * Group lengths are UL, private creators LO, everything else unknown is UN.
 */
export function implicitVR(tag: Tag): VR {
  const known = byTag.get(tag);
  if (known !== undefined) return known.vr;
  if (elementOf(tag) === 0) return 'UL';
  const element = elementOf(tag);
  if (isPrivate(tag) && element >= 0x0010 && element <= 0x00ff) return 'LO';
  return 'UN';
}
