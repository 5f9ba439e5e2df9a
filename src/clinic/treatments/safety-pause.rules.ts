import { type TreatmentAspect, TreatmentPauseSource } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { PauseNotPassed, WrongLevel, WrongSide } from './safety-pause.refusals.js';
import { ASPECT_WORDS } from './treatment.rules.js';
import { mismatchOf, pointInWords, pointsOf, type ReadPlace } from './treatment-place.rules.js';

export interface ReadSource {
  readonly source: TreatmentPauseSource;
  readonly places: readonly ReadPlace[];
}

/** In the order in which they are read out. */
const SOURCES: readonly TreatmentPauseSource[] = Object.values(TreatmentPauseSource);

/** The first source that names another side or level than the plan; null: all of them agree. */
export function wrongPlace(
  planned: readonly ReadPlace[],
  readings: readonly ReadSource[],
): WrongSide | WrongLevel | null {
  for (const source of SOURCES) {
    const places = readings.find((reading) => reading.source === source)?.places ?? [];
    const mismatch = mismatchOf(planned, places);
    if (mismatch === null) continue;
    const words = [inWords(planned), inWords(places)] as const;
    return mismatch === 'SIDE' ? new WrongSide(source, ...words) : new WrongLevel(source, ...words);
  }
  return null;
}

function inWords(places: readonly ReadPlace[]): string {
  return pointsOf(places).map(pointInWords).join(', ') || 'nothing';
}

/** What was not asked, or is not safe; null: everything was and is. */
export function notPassed(
  asked: readonly TreatmentAspect[],
  answers: readonly { readonly aspect: TreatmentAspect; readonly isSafe: boolean }[],
): Refusal | null {
  const missing = asked
    .filter((aspect) => !answers.some((answer) => answer.aspect === aspect))
    .map((aspect) => `Ask about ${ASPECT_WORDS[aspect]}.`);
  const unsafe = answers
    .filter(({ isSafe }) => !isSafe)
    .map(({ aspect }) => `It is not safe because of ${ASPECT_WORDS[aspect]}: plan again, or call it off.`);
  const problems = [...missing, ...unsafe];
  return problems.length === 0 ? null : new PauseNotPassed(problems);
}
