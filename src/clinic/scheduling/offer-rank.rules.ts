import { type Beginning, byStarts, type Candidate } from './chain-candidates.rules.js';
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
 * The best of a stage, best first, leaving out what begins too close to a better one: of each beginning at most one.
 * The wait comes before all that depends on the crew, and the start before gaps and skills. So beginnings are looked
 * at in their order, and only until there is no more room: what comes later is no better. Those whose waits are in a
 * worse band are put by for later; so are, where the patient asked for the same hands, those that change hands.
 *
 * `next` gives the first beginning at or after a time in the stage, which begins with `fromMs`.
 */
export function bestOf(
  next: (fromMs: number) => Beginning | null,
  fromMs: number,
  choice: Choice,
): readonly Weighed[] {
  const chosen: Weighed[] = [];
  if (choice.room <= 0) return chosen;
  const worse: { readonly band: number; readonly beginning: Beginning }[] = [];
  const best = function* (): Generator<Beginning> {
    let beginning = next(fromMs);
    while (beginning !== null) {
      const band = bandOf(beginning);
      if (band === 0) yield beginning;
      else worse.push({ band, beginning });
      const last = chosen.at(-1);
      const apartMs = last === undefined ? fromMs : startOf(last) + SPACING_MS;
      beginning = next(Math.max(beginning.startMs + 1, apartMs));
    }
  };
  chooseFrom(best(), chosen, choice);
  for (const band of [...new Set(worse.map((one) => one.band))].sort((a, b) => a - b)) {
    if (chosen.length >= choice.room) break;
    const alike = worse.filter((one) => one.band === band).map(({ beginning }) => beginning);
    chooseFrom(alike, chosen, choice);
  }
  return chosen;
}

/** The band of the waits that are nearest to their targets. */
function bandOf({ candidates }: Beginning): number {
  return waitBand(candidates[0]?.waitErrorMs ?? 0);
}

const startOf = ({ candidate }: Weighed): number => candidate.starts[0] ?? 0;

function bestOfBeginning(
  beginning: Beginning,
  { weigh }: Choice,
  inOrder: (a: Weighed, b: Weighed) => number,
): Weighed | undefined {
  const band = bandOf(beginning);
  let best: Weighed | undefined;
  for (const candidate of beginning.candidates) {
    if (waitBand(candidate.waitErrorMs) !== band) continue;
    const weighed = weigh(candidate);
    if (best === undefined || inOrder(weighed, best) < 0) best = weighed;
  }
  return best;
}

/** Chooses among beginnings of one band, which come in order. */
function chooseFrom(beginnings: Iterable<Beginning>, chosen: Weighed[], choice: Choice): void {
  const isApart = (startMs: number): boolean =>
    choice.taken.every((other) => Math.abs(other - startMs) >= SPACING_MS) &&
    chosen.every((other) => Math.abs(startOf(other) - startMs) >= SPACING_MS);
  const inOrder = betterFirst(choice.keepsStaff);
  const changing: Weighed[] = [];
  for (const beginning of beginnings) {
    if (!isApart(beginning.startMs)) continue;
    const best = bestOfBeginning(beginning, choice, inOrder);
    if (best === undefined) continue;
    if (choice.keepsStaff && best.crew.handovers > 0) changing.push(best);
    else chosen.push(best);
    if (chosen.length >= choice.room) return;
  }
  for (const one of changing.sort(inOrder)) {
    if (isApart(startOf(one))) chosen.push(one);
    if (chosen.length >= choice.room) return;
  }
}
