// PS3.5 §6.2, Table 6.2-1: the value representations and how each is padded, split and limited.

export type TextVR =
  | 'AE'
  | 'AS'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'PN'
  | 'SH'
  | 'ST'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UR'
  | 'UT';
export type BinaryVR =
  | 'AT'
  | 'FD'
  | 'FL'
  | 'OB'
  | 'OD'
  | 'OF'
  | 'OL'
  | 'OV'
  | 'OW'
  | 'SL'
  | 'SS'
  | 'SV'
  | 'UL'
  | 'UN'
  | 'US'
  | 'UV';
export type VR = TextVR | BinaryVR | 'SQ';

export interface TextRules {
  /** Longest single value in characters (bytes for the VRs of the default repertoire); null: only the field limits it. */
  readonly charactersMax: number | null;
  /** Is the value written in the data set's Specific Character Set? */
  readonly usesCharacterSet: boolean;
  /** May the value hold several, separated by a backslash? */
  readonly multiValued: boolean;
  /** Are leading spaces padding? (Trailing ones always are.) */
  readonly trimsLeading: boolean;
  /** The byte that makes the length even. */
  readonly padByte: 0x20 | 0x00;
}

function text(
  charactersMax: number | null,
  flags: Partial<Omit<TextRules, 'charactersMax'>> = {},
): TextRules {
  return {
    charactersMax,
    usesCharacterSet: false,
    multiValued: true,
    trimsLeading: false,
    padByte: 0x20,
    ...flags,
  };
}

export const textRules: Readonly<Record<TextVR, TextRules>> = {
  AE: text(16, { trimsLeading: true }),
  AS: text(4),
  CS: text(16, { trimsLeading: true }),
  DA: text(8),
  DS: text(16, { trimsLeading: true }),
  DT: text(26),
  IS: text(12, { trimsLeading: true }),
  LO: text(64, { usesCharacterSet: true, trimsLeading: true }),
  LT: text(10_240, { usesCharacterSet: true, multiValued: false }),
  // 64 characters for each component group; the groups are counted in values.ts.
  PN: text(64, { usesCharacterSet: true }),
  SH: text(16, { usesCharacterSet: true, trimsLeading: true }),
  ST: text(1_024, { usesCharacterSet: true, multiValued: false }),
  TM: text(14),
  UC: text(null, { usesCharacterSet: true }),
  UI: text(64, { padByte: 0x00 }),
  UR: text(null, { multiValued: false }),
  UT: text(null, { usesCharacterSet: true, multiValued: false }),
};

/** Bytes of one value; a field must hold a whole number of them. OB and UN are plain bytes. */
export const binaryUnitBytes: Readonly<Record<BinaryVR, number>> = {
  AT: 4,
  FD: 8,
  FL: 4,
  OB: 1,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  UN: 1,
  US: 2,
  UV: 8,
};

/** PS3.5 Table 7.1-1: in Explicit VR these have two reserved bytes and a 32-bit length. */
const longForm: ReadonlySet<VR> = new Set<VR>([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);

export function isTextVR(vr: string): vr is TextVR {
  return Object.hasOwn(textRules, vr);
}

export function isBinaryVR(vr: string): vr is BinaryVR {
  return Object.hasOwn(binaryUnitBytes, vr);
}

export function isVR(vr: string): vr is VR {
  return vr === 'SQ' || isTextVR(vr) || isBinaryVR(vr);
}

export function hasLongLength(vr: VR): boolean {
  return longForm.has(vr);
}

/**
 * Takes the padding off one value. NUL is trimmed from the end of every VR, since scanners pad with it (PS3.5 §6.2
 * allows it only for UI). Loops, not expressions: `/ +$/` is quadratic on hostile input.
 */
export function trimValue(vr: TextVR, value: string): string {
  let end = value.length;
  while (end > 0 && isPadding(value.charCodeAt(end - 1))) end -= 1;
  let start = 0;
  if (textRules[vr].trimsLeading) while (start < end && value.charCodeAt(start) === 0x20) start += 1;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0x00;
}
