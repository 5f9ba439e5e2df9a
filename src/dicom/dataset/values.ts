// PS3.5 §6.2, Table 6.2-1: is this text a value of this VR? Asked when a person types, not when the scanner does.
import { parseDay, parseTime } from './dates-and-times.js';
import { mustFindKeyword } from './dictionary.js';
import { isUid } from './uids.js';
import { isTextVR, type TextVR, textRules } from './value-representations.js';

export type ValueProblemCode = 'too-long' | 'backslash' | 'control-character' | 'wrong-form' | 'not-text';

export interface ValueProblem {
  readonly code: ValueProblemCode;
  /** One sentence for a person, without the value. */
  readonly message: string;
  /** Longest allowed, in characters (a component group of a PN), when that is the problem. */
  readonly charactersMax: number | null;
}

const componentGroupsMax = 3;
const componentsMax = 5;

/** Forms of the VRs that allow only certain characters. */
const forms: Partial<Readonly<Record<TextVR, (value: string) => boolean>>> = {
  AE: (value) => /^[\x20-\x5b\x5d-\x7e]+$/.test(value) && value.trim() !== '',
  AS: (value) => /^\d{3}[DWMY]$/.test(value),
  CS: (value) => /^[A-Z0-9 _]+$/.test(value),
  DA: (value) => /^\d{8}$/.test(value) && parseDay(value) !== null,
  DS: (value) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value),
  DT: (value) => /^\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?$/.test(value),
  IS: (value) => /^[+-]?\d+$/.test(value),
  PN: isPersonName,
  TM: (value) => !value.includes(':') && parseTime(value) !== null,
  UI: isUid,
};

/**
 * What is wrong with `text` as one value of the attribute, or null. The attribute is named by its keyword
 * (`PatientName`) or its VR (`PN`). Empty text is no problem: whether a value is needed is the caller's question.
 */
export function validateValue(keywordOrVR: string, text: string): ValueProblem | null {
  const vr = isTextVR(keywordOrVR) ? keywordOrVR : mustFindKeyword(keywordOrVR).vr;
  if (!isTextVR(vr)) return problem('not-text', `${keywordOrVR} is ${vr}, which does not hold text.`);
  if (text === '') return null;
  const rules = textRules[vr];
  if (rules.multiValued && text.includes('\\')) {
    return problem('backslash', 'A backslash separates values in DICOM and cannot be part of one.');
  }
  if (hasControlCharacter(text, !rules.multiValued && rules.usesCharacterSet)) {
    return problem('control-character', 'The text holds a control character.');
  }
  const parts = vr === 'PN' ? text.split('=') : [text];
  if (rules.charactersMax !== null && parts.some((part) => [...part].length > (rules.charactersMax ?? 0))) {
    return {
      code: 'too-long',
      message: `At most ${rules.charactersMax} characters.`,
      charactersMax: rules.charactersMax,
    };
  }
  const isForm = forms[vr];
  if (isForm !== undefined && !isForm(text))
    return problem('wrong-form', `The text is not a value of VR ${vr}.`);
  return null;
}

function isPersonName(value: string): boolean {
  const groups = value.split('=');
  return (
    groups.length <= componentGroupsMax && groups.every((group) => group.split('^').length <= componentsMax)
  );
}

/** Paragraph texts (ST, LT, UT) may hold tabs and line ends (PS3.5 §6.1.3). */
function hasControlCharacter(text: string, isParagraph: boolean): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isParagraph && (code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d)) continue;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

function problem(code: ValueProblemCode, message: string): ValueProblem {
  return { code, message, charactersMax: null };
}
