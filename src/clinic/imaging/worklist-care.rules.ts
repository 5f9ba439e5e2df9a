import type { PregnancyAnswer, RequestMobility } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** What an enquiry said of a pregnancy, as far as a scanner can be told. */
export type PregnancyKnown = 'NOT_PREGNANT' | 'POSSIBLY_PREGNANT' | 'PREGNANT' | 'UNKNOWN';

/** Something to know of a patient, as CARE_WORDS_OF finds it. */
export interface CareWords {
  readonly patientId: string;
  readonly kind: 'ALERT' | 'ALLERGY' | 'IMPLANT' | 'NEED';
  readonly words: string;
  /** Of an alert. */
  readonly severity: 'HIGH' | 'MEDIUM' | 'LOW' | null;
  /** Of an alert: the local days between which it holds, both included; null: without an end. */
  readonly fromOn: string | null;
  readonly untilOn: string | null;
}

/** What whoever scans should know, in words: each once, what can do most harm first. */
export interface CareTexts {
  readonly allergies: readonly string[];
  readonly alerts: readonly string[];
  readonly needs: readonly string[];
}

const SEVERITY_ORDER = ['HIGH', 'MEDIUM', 'LOW', null];

/** What the request says of the patient's needs; null: nothing. */
export interface RequestNeeds {
  readonly mobility: RequestMobility | null;
  readonly specialNeeds: string | null;
}

const MOBILITY_WORDS: Readonly<Record<RequestMobility, string>> = {
  WALKS: '',
  WALKS_WITH_HELP: 'Walks with help',
  WHEELCHAIR: 'Wheelchair',
  HOIST_OR_TROLLEY: 'Hoist or trolley',
};

/** By the local day of the scan: an alert that is over by then is none. */
export function careTexts(
  words: readonly CareWords[],
  { mobility, specialNeeds }: RequestNeeds,
  on: Temporal.PlainDate,
): CareTexts {
  const day = on.toString();
  const alerts = words
    .filter(({ kind }) => kind === 'ALERT')
    .filter(({ fromOn, untilOn }) => (fromOn ?? day) <= day && day <= (untilOn ?? day))
    .toSorted((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity));
  const ofKind = (kind: CareWords['kind']) => words.filter((one) => one.kind === kind).map(textOf);
  return {
    allergies: onceEach(ofKind('ALLERGY')),
    alerts: onceEach([...alerts.map(textOf), ...ofKind('IMPLANT').map((what) => `Implant: ${what}`)]),
    needs: onceEach([
      ...(mobility === null ? [] : [MOBILITY_WORDS[mobility]]),
      ...ofKind('NEED'),
      ...(specialNeeds === null ? [] : [oneLine(specialNeeds)]),
    ]),
  };
}

function textOf({ words }: CareWords): string {
  return oneLine(words);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The same said twice, by two referrals, is said once. */
function onceEach(texts: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return texts.filter((text) => {
    const key = text.toLowerCase();
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What the enquiry found, as much of it as a scanner can be told. */
export interface PregnancyFound {
  readonly state: 'PASSED' | 'WAITING' | 'FAILED' | 'NOT_APPLICABLE';
  readonly answer: PregnancyAnswer | null;
}

/**
 * DICOM knows four answers. Somebody of whom nobody has asked yet is not told as not pregnant, and somebody who need not be
 * asked is told as nothing at all. That a practitioner decided to go on changes no answer.
 */
export function pregnancyKnown({ state, answer }: PregnancyFound): PregnancyKnown | null {
  if (answer !== null) return ANSWERS[answer];
  return state === 'NOT_APPLICABLE' ? null : 'UNKNOWN';
}

const ANSWERS: Readonly<Record<PregnancyAnswer, PregnancyKnown | null>> = {
  NO: 'NOT_PREGNANT',
  CANNOT_BE_EXCLUDED: 'POSSIBLY_PREGNANT',
  YES: 'PREGNANT',
  NOT_APPLICABLE: null,
};
