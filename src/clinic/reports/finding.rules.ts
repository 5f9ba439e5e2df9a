import {
  type CtGrade,
  FindingSide,
  FindingStructure,
  SpineLevel,
  type UptakeGrade,
} from '../../platform/database/generated/enums.js';

/** A finding as it is written. */
export interface FindingFacts {
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide | null;
  readonly uptake: UptakeGrade;
  readonly ctGrade: CtGrade | null;
  readonly comment: string;
}

/** What is signed: the text and the findings. */
export interface ReportContentFacts {
  readonly clinicalQuestion: string;
  readonly comparison: string;
  readonly limitations: string;
  readonly conclusion: string;
  /** Nothing abnormal is to be seen. */
  readonly isNormal: boolean;
  readonly findings: readonly FindingFacts[];
}

type Place = Pick<FindingFacts, 'structure' | 'level' | 'side'>;

/** From the skull down, as the database has them in order. */
const LEVELS = Object.values(SpineLevel);
const LAST_SPACE = LEVELS.indexOf(SpineLevel.L6_S1);
const SPACES: ReadonlySet<SpineLevel> = new Set(LEVELS.slice(0, LAST_SPACE + 1));
/** There is no disc above and below the atlas. */
const WITHOUT_DISC: readonly SpineLevel[] = [SpineLevel.C0_C1, SpineLevel.C1_C2];
const DISC_SPACES: ReadonlySet<SpineLevel> = new Set([...SPACES].filter((at) => !WITHOUT_DISC.includes(at)));
/** Of single vertebrae those that have an endplate: the axis to the first of the sacrum. */
const WITH_ENDPLATE: ReadonlySet<SpineLevel> = new Set(
  LEVELS.slice(LEVELS.indexOf(SpineLevel.C2), LEVELS.indexOf(SpineLevel.S1) + 1),
);

const STRUCTURE_WORDS: Record<FindingStructure, string> = {
  FACET: 'facet joint',
  SACRO_ILIAC: 'sacro-iliac joint',
  DISC: 'disc',
  ENDPLATE: 'endplate',
  OTHER: 'other structure',
};
const SIDE_WORDS: Record<FindingSide, string> = {
  LEFT: 'left',
  RIGHT: 'right',
  BILATERAL: 'both sides',
  MIDLINE: 'midline',
};
const UPTAKE_WORDS: Record<UptakeGrade, string> = {
  NONE: 'no raised uptake',
  MILD: 'mild uptake',
  MODERATE: 'moderate uptake',
  INTENSE: 'intense uptake',
};
const CT_WORDS: Record<CtGrade, string> = {
  NONE: 'no change on CT',
  MILD: 'mild change on CT',
  MODERATE: 'moderate change on CT',
  SEVERE: 'severe change on CT',
};

/** L4/L5, C0/C1, S1. */
export function levelInWords(level: SpineLevel): string {
  return level.replace('_', '/');
}

/** L4/L5 facet joint, left. */
export function placeInWords({ structure, level, side }: Place): string {
  const what = [level === null ? '' : levelInWords(level), STRUCTURE_WORDS[structure]]
    .filter(Boolean)
    .join(' ');
  return side === null ? what : `${what}, ${SIDE_WORDS[side]}`;
}

/** L4/L5 facet joint, left: intense uptake, moderate change on CT. And what was said of it. */
export function findingInWords(finding: FindingFacts): string {
  const grades = [
    UPTAKE_WORDS[finding.uptake],
    ...(finding.ctGrade === null ? [] : [CT_WORDS[finding.ctGrade]]),
  ];
  const place = placeInWords(finding);
  const said = `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${grades.join(', ')}.`;
  return finding.comment === '' ? said : `${said} ${finding.comment}`;
}

function isPaired(side: FindingSide | null): boolean {
  return side !== null && side !== FindingSide.MIDLINE;
}

/** What does not go together in one finding: sentences that say what to do. The database says the same. */
export function faultsOfFinding(finding: FindingFacts): readonly string[] {
  const { structure, level, side, comment } = finding;
  const sided = isPaired(side) ? [] : ['A joint has a side: choose left, right or both.'];
  switch (structure) {
    case FindingStructure.FACET:
      return [
        ...(level !== null && SPACES.has(level)
          ? []
          : ['A facet joint lies between two vertebrae: choose such a level, C0/C1 to L5/S1.']),
        ...sided,
      ];
    case FindingStructure.SACRO_ILIAC:
      return [...(level === null ? [] : ['A sacro-iliac joint has no level: leave it out.']), ...sided];
    case FindingStructure.DISC:
      return [
        ...(level !== null && DISC_SPACES.has(level)
          ? []
          : ['A disc lies between two vertebrae, from C2/C3 down to L5/S1: choose such a level.']),
        ...(side === null
          ? []
          : ['A disc has no side: leave it out, and say in the comment where in the disc it is.']),
      ];
    case FindingStructure.ENDPLATE:
      return level !== null && (DISC_SPACES.has(level) || WITH_ENDPLATE.has(level))
        ? []
        : ['An endplate has a level: the space beside it, from C2/C3 down, or its vertebra, C2 to S1.'];
    case FindingStructure.OTHER:
      return comment.trim() === '' ? ['Say in the comment what other structure it is.'] : [];
  }
}

/** Whether two findings speak of the same place, so that one of them is wrong. Of another structure nobody can know. */
function meet(a: Place, b: Place): boolean {
  if (a.structure !== b.structure || a.structure === FindingStructure.OTHER || a.level !== b.level)
    return false;
  if (a.side === b.side) return true;
  const sides = [a.side, b.side];
  return sides.includes(FindingSide.BILATERAL) && sides.some((side) => side === 'LEFT' || side === 'RIGHT');
}

/** What stands in the way of a list of findings, each sentence with the number of its finding, from 1. */
export function faultsOfFindings(findings: readonly FindingFacts[]): readonly string[] {
  return findings.flatMap((finding, at) => {
    const numbered = (fault: string) => `Finding ${at + 1}: ${fault}`;
    const earlier = findings.slice(0, at).findIndex((other) => meet(other, finding));
    const twice =
      earlier === -1
        ? []
        : [`${placeInWords(finding)} is said in finding ${earlier + 1} already: make one of the two.`];
    return [...faultsOfFinding(finding), ...twice].map(numbered);
  });
}

/** Whether a finding says that something is to be seen. */
export function isAbnormal({ uptake, ctGrade }: Pick<FindingFacts, 'uptake' | 'ctGrade'>): boolean {
  return uptake !== 'NONE' || (ctGrade !== null && ctGrade !== 'NONE');
}

/** Whether a finding is one of those that are looked for; what is on both sides is on the left and on the right. */
export function isWanted(
  finding: Place,
  wanted: {
    readonly structure?: FindingStructure | null;
    readonly level?: SpineLevel | null;
    readonly side?: FindingSide | null;
  },
): boolean {
  const { structure, level, side } = wanted;
  if (structure && finding.structure !== structure) return false;
  if (level && finding.level !== level) return false;
  if (!side || finding.side === side) return true;
  return finding.side === FindingSide.BILATERAL && side !== FindingSide.MIDLINE;
}
