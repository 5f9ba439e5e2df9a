import { ResourceKind } from '../../platform/database/generated/enums.js';

/** Each is laid out over the whole stretch of days, so the work is so many searches. More people are seldom alike. */
const CREWS_MAX = 12;

/** Whom a patient gets to know: people, as against rooms and equipment. */
const IS_PERSON = {
  CAMERA: false,
  INJECTION_ROOM: false,
  NUCLEAR_MEDICINE_TECHNOLOGIST: true,
  CONSULTING_ROOM: false,
  PROCEDURE_ROOM: false,
  THERAPY_ROOM: false,
  MEETING_ROOM: false,
  WAITING_PLACE: false,
  C_ARM: false,
  RADIOFREQUENCY_GENERATOR: false,
  PAIN_CONSULTANT: true,
  SURGEON: true,
  PHYSIOTHERAPIST: true,
  PSYCHOLOGIST: true,
  RADIOLOGIST: true,
  NURSE: true,
} as const satisfies Record<ResourceKind, boolean>;

interface Chain {
  readonly steps: readonly {
    readonly needs: readonly { readonly kind: ResourceKind; readonly role: string }[];
  }[];
}

interface FreeResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** The one person of each of these kinds who serves the whole series. */
export type SeriesCrew = ReadonlyMap<ResourceKind, string>;

/**
 * The people who could be kept throughout: one for each kind of person that the visit needs in a single role. Those
 * with the most free time come first; where there are very many, the others are not tried. None: nobody to be kept.
 */
export function crewsToKeep(chain: Chain, diary: readonly FreeResource[]): readonly SeriesCrew[] {
  const needs = chain.steps.flatMap((step) => step.needs).filter(({ kind }) => IS_PERSON[kind]);
  const kinds = [...new Set(needs.map(({ kind }) => kind))].filter(
    (kind) => new Set(needs.filter((need) => need.kind === kind).map(({ role }) => role)).size === 1,
  );
  if (kinds.length === 0) return [];
  let crews: readonly SeriesCrew[] = [new Map()];
  for (const kind of kinds) {
    const people = diary.filter((one) => one.kind === kind).toSorted((a, b) => freeMs(b) - freeMs(a));
    crews = crews
      .flatMap((crew) => people.map(({ id }) => new Map([...crew, [kind, id]])))
      .slice(0, CREWS_MAX);
  }
  return crews;
}

/** What is left of a diary when these people serve and no others of their kinds. */
export function diaryOf<Resource extends FreeResource>(
  diary: readonly Resource[],
  crew: SeriesCrew,
): readonly Resource[] {
  return diary.filter(({ id, kind }) => (crew.get(kind) ?? id) === id);
}

function freeMs({ starts, ends }: FreeResource): number {
  return ends.reduce((sum, end, at) => sum + end - (starts[at] ?? end), 0);
}
