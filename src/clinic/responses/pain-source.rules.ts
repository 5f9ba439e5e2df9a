import {
  type CtGrade,
  FindingSide,
  FindingStructure,
  ResponseVerdict,
  SpineLevel,
  TreatmentStatus,
  type UptakeGrade,
} from '../../platform/database/generated/enums.js';

export const PAIN_SOURCE_STATUSES = ['SUSPECTED', 'CONFIRMED', 'EXCLUDED', 'UNTESTED'] as const;
export type PainSourceStatus = (typeof PAIN_SOURCE_STATUSES)[number];

/** A finding of a report as it stands. */
export interface SourceFinding {
  readonly findingId: string;
  readonly scanBookingId: string;
  readonly versionNumber: number;
  /** YYYY-MM-DD. */
  readonly scannedOn: string;
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide | null;
  readonly uptake: UptakeGrade;
  readonly ctGrade: CtGrade | null;
  readonly comment: string;
}

export interface SourceTarget {
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide;
  readonly detail: string | null;
  readonly findingId: string | null;
}

/** A treatment with the places that it was for; of one that was done, those that were treated. */
export interface SourceTreatment {
  readonly treatmentId: string;
  readonly status: TreatmentStatus;
  readonly targets: readonly SourceTarget[];
  /** Orders treatments: when it was finished, else when it was asked for (ISO 8601, UTC). */
  readonly at: string;
  /** The judgement that stands; null: none, or it says nothing of the source. */
  readonly response: SourceResponse | null;
}

export interface SourceResponse {
  readonly judgementId: string;
  readonly verdict: ResponseVerdict;
  readonly percentRelief: number | null;
}

/** One side of one structure, with all that is known of it. */
export interface PainSourceFacts {
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide;
  readonly detail: string | null;
  readonly status: PainSourceStatus;
  /** Blocks of it said yes and no: the latest counts, and all of them are listed. */
  readonly isContradictory: boolean;
  /** The highest that the newest scan of them found; null: none. Older findings stay as evidence. */
  readonly uptake: UptakeGrade | null;
  readonly ctGrade: CtGrade | null;
  readonly findings: readonly SourceFinding[];
  readonly treatments: readonly SourceTreatment[];
}

export interface PainSources {
  readonly sources: readonly PainSourceFacts[];
  /** Place in `sources` of what is to be tested next; null: nothing. */
  readonly next: number | null;
}

const UPTAKE_RANK = { NONE: 0, MILD: 1, MODERATE: 2, INTENSE: 3 } as const satisfies Record<
  UptakeGrade,
  number
>;
const CT_RANK = { NONE: 0, MILD: 1, MODERATE: 2, SEVERE: 3 } as const satisfies Record<CtGrade, number>;
const STATUS_RANK = { CONFIRMED: 0, SUSPECTED: 1, UNTESTED: 2, EXCLUDED: 3 } as const satisfies Record<
  PainSourceStatus,
  number
>;
const LEVELS = Object.values(SpineLevel);
const OPEN: ReadonlySet<TreatmentStatus> = new Set([
  TreatmentStatus.REQUESTED,
  TreatmentStatus.PLANNED,
  TreatmentStatus.IN_PROGRESS,
]);

interface Point {
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide;
  readonly detail: string | null;
}

interface Candidate {
  readonly point: Point;
  readonly findings: SourceFinding[];
  readonly treatments: SourceTreatment[];
}

/** Whether a finding says that something is to be seen. */
function isAbnormal({ uptake, ctGrade }: SourceFinding): boolean {
  return uptake !== 'NONE' || (ctGrade !== null && ctGrade !== 'NONE');
}

/** What may be the source of the pain: each side by itself, the confirmed first, then by how much uptake there is. */
export function painSources(
  findings: readonly SourceFinding[],
  treatments: readonly SourceTreatment[],
): PainSources {
  const candidates = new Map<string, Candidate>();
  const of = (point: Point): Candidate => {
    const name = nameOf(point);
    const known = candidates.get(name);
    if (known !== undefined) return known;
    const fresh = { point, findings: [], treatments: [] };
    candidates.set(name, fresh);
    return fresh;
  };
  for (const finding of findings) {
    for (const point of pointsOf({ ...finding, side: finding.side ?? 'MIDLINE', detail: finding.comment })) {
      of(point).findings.push(finding);
    }
  }
  for (const treatment of treatments) {
    const points = treatment.targets.flatMap((target) => pointsOf(named(target, findings)));
    const own = new Map(points.map((point) => [nameOf(point), point]));
    for (const point of own.values()) of(point).treatments.push(treatment);
  }
  const sources = [...candidates.values()].map(toSource).toSorted(byWeight);
  const next = sources.findIndex(
    ({ status, treatments: own }) =>
      status === 'SUSPECTED' && !own.some((treatment) => OPEN.has(treatment.status)),
  );
  return { sources, next: next === -1 ? null : next };
}

function toSource({ point, findings, treatments }: Candidate): PainSourceFacts {
  const newest = newestOf(findings);
  const inOrder = treatments.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const said = inOrder.flatMap(({ response }) => (response === null ? [] : [response.verdict]));
  const decisive = said.filter(
    (verdict) => verdict === ResponseVerdict.POSITIVE || verdict === ResponseVerdict.NEGATIVE,
  );
  return {
    ...point,
    status: statusOf(decisive.at(-1) ?? null, newest.some(isAbnormal), said.length > 0),
    isContradictory: new Set(decisive).size > 1,
    uptake: highest(
      newest.map(({ uptake }) => uptake),
      UPTAKE_RANK,
    ),
    ctGrade: highest(
      newest.flatMap(({ ctGrade }) => ctGrade ?? []),
      CT_RANK,
    ),
    findings,
    treatments: inOrder,
  };
}

/** What the newest scan says that has a finding there; of two of one day the one that comes first. */
function newestOf(findings: readonly SourceFinding[]): readonly SourceFinding[] {
  const [newest] = findings.toSorted((a, b) => b.scannedOn.localeCompare(a.scannedOn));
  return findings.filter(({ scanBookingId }) => scanBookingId === newest?.scanBookingId);
}

/** A block that was partial, or of which nobody can tell, leaves a suspicion. */
function statusOf(decided: ResponseVerdict | null, isSeen: boolean, wasTested: boolean): PainSourceStatus {
  if (decided === ResponseVerdict.POSITIVE) return 'CONFIRMED';
  if (decided === ResponseVerdict.NEGATIVE) return 'EXCLUDED';
  return isSeen || wasTested ? 'SUSPECTED' : 'UNTESTED';
}

function byWeight(a: PainSourceFacts, b: PainSourceFacts): number {
  return (
    STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
    rank(b.uptake, UPTAKE_RANK) - rank(a.uptake, UPTAKE_RANK) ||
    rank(b.ctGrade, CT_RANK) - rank(a.ctGrade, CT_RANK) ||
    placeOf(a) - placeOf(b) ||
    (nameOf(a) < nameOf(b) ? -1 : 1)
  );
}

function rank<Grade extends string>(grade: Grade | null, ranks: Readonly<Record<Grade, number>>): number {
  return grade === null ? -1 : ranks[grade];
}

function highest<Grade extends string>(
  grades: readonly Grade[],
  ranks: Readonly<Record<Grade, number>>,
): Grade | null {
  return grades.toSorted((a, b) => ranks[b] - ranks[a])[0] ?? null;
}

function placeOf({ level }: Point): number {
  return level === null ? LEVELS.length : LEVELS.indexOf(level);
}

/** Both sides are two. */
function pointsOf(place: Point): readonly Point[] {
  const sides = place.side === FindingSide.BILATERAL ? [FindingSide.LEFT, FindingSide.RIGHT] : [place.side];
  const { structure, level } = place;
  const detail = structure === FindingStructure.OTHER ? place.detail : null;
  return sides.map((side) => ({ structure, level, side, detail }));
}

/** Another structure is called what its finding calls it, where there is one. */
function named(target: SourceTarget, findings: readonly SourceFinding[]): Point {
  const finding = findings.find(({ findingId }) => findingId === target.findingId);
  return finding === undefined ? target : { ...target, detail: finding.comment };
}

function nameOf({ structure, level, side, detail }: Point): string {
  return [structure, level ?? '', side, (detail ?? '').normalize('NFC').trim().toLowerCase()].join('|');
}
