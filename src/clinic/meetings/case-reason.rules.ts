import {
  type FindingSide,
  FindingStructure,
  type ResponseVerdict,
  type SpineLevel,
  type TreatmentKind,
  type UptakeGrade,
} from '../../platform/database/generated/enums.js';

const KIND_WORDS = {
  FACET_JOINT_INJECTION: 'Facet joint injection',
  MEDIAL_BRANCH_BLOCK: 'Medial branch block',
  SACRO_ILIAC_INJECTION: 'Sacro-iliac injection',
  RADIOFREQUENCY_DENERVATION: 'Radiofrequency denervation',
  OTHER: 'Treatment',
} as const satisfies Record<TreatmentKind, string>;

const VERDICT_WORDS = {
  POSITIVE: 'positive response',
  NEGATIVE: 'negative response',
  PARTIAL: 'partial response',
  UNDEFINED: 'response that nobody can tell',
} as const satisfies Record<ResponseVerdict, string>;

const STRUCTURE_WORDS = {
  FACET: 'facet joint',
  SACRO_ILIAC: 'sacro-iliac joint',
  DISC: 'disc',
  ENDPLATE: 'endplate',
  OTHER: 'other structure',
} as const satisfies Record<FindingStructure, string>;

const SIDE_WORDS = {
  LEFT: 'left',
  RIGHT: 'right',
  BILATERAL: 'both sides',
  MIDLINE: 'midline',
} as const satisfies Record<FindingSide, string>;

const UPTAKE_WORDS = {
  NONE: 'no uptake',
  MILD: 'mild uptake',
  MODERATE: 'moderate uptake',
  INTENSE: 'intense uptake',
} as const satisfies Record<UptakeGrade, string>;

/** What a response says, as the responses room judged it. */
export interface JudgedFacts {
  readonly verdict: ResponseVerdict;
  readonly percentRelief: number | null;
}

/** A treatment that was judged. */
export interface TreatedFacts {
  readonly kind: TreatmentKind;
  readonly otherName: string | null;
  /** Its places in words: L4/L5 facet joint, left. */
  readonly places: readonly string[];
}

/** A place that may be tested next. */
export interface CandidateFacts {
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide;
  readonly detail: string | null;
  readonly uptake: UptakeGrade | null;
}

/** Why the system takes back what it proposed because of a report. */
export const CORRECTED_BECAUSE = 'The report was corrected.';

/** Why a report brings its patient to the team, in at most so many characters: as many findings as fit are said whole. */
export function foundBecause(findings: readonly string[], charactersMax: number): string {
  const head = 'A final report of a scan.';
  const said: string[] = [];
  for (const [at, finding] of findings.entries()) {
    const left = findings.length - at;
    const more = ` And ${left} more.`;
    const whole = [head, ...said, finding].join(' ');
    if (whole.length + (left === 1 ? 0 : more.length) > charactersMax)
      return `${[head, ...said].join(' ')}${more}`;
    said.push(finding);
  }
  return [head, ...said].join(' ');
}

/** Negative response, 12 per cent relief. */
export function responseInWords({ verdict, percentRelief }: JudgedFacts): string {
  if (percentRelief === null) return VERDICT_WORDS[verdict];
  const percent = Math.round(Math.abs(percentRelief) * 10) / 10;
  return percentRelief < 0
    ? `${VERDICT_WORDS[verdict]}, ${percent} per cent more pain`
    : `${VERDICT_WORDS[verdict]}, ${percent} per cent relief`;
}

/** Why a treatment that did not help brings its patient back to the team, in at most so many characters. */
export function failedBecause(
  treated: TreatedFacts,
  judged: JudgedFacts,
  next: CandidateFacts | null,
  charactersMax: number,
): string {
  const places = treated.places.length === 0 ? '' : ` (${treated.places.join('; ')})`;
  const said = `: ${responseInWords(judged)}.`;
  const then =
    next === null ? ' No other candidate is known.' : ` Next candidate: ${candidateInWords(next)}.`;
  const done = `${treated.otherName ?? KIND_WORDS[treated.kind]}${places}`;
  // What it came to is said whole: of many places the last ones are left out.
  const room = charactersMax - said.length - then.length;
  return `${done.length > room ? `${done.slice(0, room - 1)}…` : done}${said}${then}`;
}

/** Why the system takes back what it proposed. */
export function judgedAgainBecause(judged: JudgedFacts): string {
  return `The response was judged again: ${responseInWords(judged)}.`;
}

function candidateInWords({ structure, level, side, detail, uptake }: CandidateFacts): string {
  const what = structure === FindingStructure.OTHER && detail !== null ? detail : STRUCTURE_WORDS[structure];
  const name = level === null ? what : `${level.replace('_', '/')} ${what}`;
  return [name, SIDE_WORDS[side], ...(uptake === null ? [] : [UPTAKE_WORDS[uptake]])].join(', ');
}
