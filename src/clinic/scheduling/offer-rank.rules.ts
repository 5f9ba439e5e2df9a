import type { Candidate } from './chain-candidates.rules.js';
import type { Crew } from './chain-crew.rules.js';

/** A visit with its times and its crew: all that is needed to say whether it is better than another. */
export interface Weighed {
  readonly candidate: Candidate;
  readonly crew: Crew;
}

/** What a person can weigh up on one screen or over the telephone. */
export const OFFERS_MAX = 50;
/** A day that is quite free must not push the other days off the list. */
export const OFFERS_PER_DAY_MAX = 6;
/** Offers of one day that begin closer together than this are the same choice to a patient. */
export const OFFER_SPACING_MINUTES = 30;
/** Of visits that begin within one spacing of each other and wait as well, so many are weighed up in full. */
const WEIGHED_PER_SPACING_MAX = 4;

const SPACING_MS = OFFER_SPACING_MINUTES * 60_000;

/**
 * Waits that miss their target by less than this are as good as each other: what is allowed is right, and the target a
 * wish. Bands as narrow as a start step left gaps that nothing fits into, and cost a full camera one scan in twelve
 * (docs/scheduling-simulation.md).
 */
export const WAIT_BAND_MINUTES = 120;

export function waitBand(waitErrorMs: number): number {
  return Math.floor(waitErrorMs / (WAIT_BAND_MINUTES * 60_000));
}

/**
 * Of visits on one day, on the same side of the promise and in one band of waits: the better first. Fewer changes of
 * hands where the patient asked for that, the earlier, fewer useless gaps, fewer spare skills, the wait nearest its target.
 * A late start that leaves no gap cost more scans in a simulated year than the gap.
 */
export function betterFirst(keepsStaff: boolean): (a: Weighed, b: Weighed) => number {
  return (a, b) =>
    (keepsStaff ? a.crew.handovers - b.crew.handovers : 0) ||
    (a.candidate.starts[0] ?? 0) - (b.candidate.starts[0] ?? 0) ||
    a.crew.unusableGaps - b.crew.unusableGaps ||
    a.crew.spareSkills - b.crew.spareSkills ||
    byStarts(a.candidate, b.candidate) ||
    byResources(a.crew, b.crew);
}

/** The earlier; of those that begin together, the one whose wait is nearest to its target. */
function byStarts(a: Candidate, b: Candidate): number {
  const difference = (a.starts[0] ?? 0) - (b.starts[0] ?? 0) || a.waitErrorMs - b.waitErrorMs;
  if (difference !== 0) return difference;
  for (const [index, ms] of a.starts.entries()) {
    const difference = ms - (b.starts[index] ?? ms);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Only so that the order does not depend on the order in which resources were read. */
function byResources(a: Crew, b: Crew): number {
  const ids = ({ resources }: Crew): string =>
    resources
      .flat()
      .map(({ id }) => id)
      .join();
  const [ofA, ofB] = [ids(a), ids(b)];
  if (ofA === ofB) return 0;
  return ofA < ofB ? -1 : 1;
}

export interface Choice {
  readonly keepsStaff: boolean;
  /** At most so many. */
  readonly room: number;
  /** First starts that were offered for the day already. */
  readonly taken: readonly number[];
  readonly weigh: (candidate: Candidate) => Weighed;
}

/**
 * The best of a stage, best first, leaving out what begins too close to a better one. The wait comes before all that
 * depends on the crew, so crews are chosen band by band and only until there is no more room.
 */
export function bestOf(candidates: readonly Candidate[], choice: Choice): readonly Weighed[] {
  const chosen: Weighed[] = [];
  const isApart = ({ starts }: Candidate): boolean => {
    const first = starts[0] ?? 0;
    const isFar = (other: number | undefined): boolean => Math.abs((other ?? 0) - first) >= SPACING_MS;
    return choice.taken.every(isFar) && chosen.every(({ candidate }) => isFar(candidate.starts[0]));
  };
  const inOrder = candidates
    .map((candidate) => ({ candidate, band: waitBand(candidate.waitErrorMs) }))
    .sort((a, b) => a.band - b.band || byStarts(a.candidate, b.candidate));
  let next = 0;
  while (next < inOrder.length && chosen.length < choice.room) {
    const band = inOrder[next]?.band ?? 0;
    const alike: Candidate[] = [];
    for (; inOrder[next]?.band === band; next += 1) {
      const candidate = inOrder[next]?.candidate;
      if (candidate !== undefined && isApart(candidate)) alike.push(candidate);
    }
    const weighed = thinned(alike).map(choice.weigh).sort(betterFirst(choice.keepsStaff));
    for (const one of weighed) {
      if (chosen.length >= choice.room) break;
      if (isApart(one.candidate)) chosen.push(one);
    }
  }
  return chosen;
}

/** A few of each half-hour; they come in order of their starts. */
function thinned(candidates: readonly Candidate[]): readonly Candidate[] {
  const counts = new Map<number, number>();
  return candidates.filter(({ starts }) => {
    const slot = Math.floor((starts[0] ?? 0) / SPACING_MS);
    const count = (counts.get(slot) ?? 0) + 1;
    counts.set(slot, count);
    return count <= WEIGHED_PER_SPACING_MAX;
  });
}
