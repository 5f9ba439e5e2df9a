import {
  TreatmentAgentKind,
  TreatmentGuidance,
  TreatmentKind,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

export interface GivenPlaceFacts {
  readonly position: number;
  readonly wasTreated: boolean;
  readonly leftOutBecause: string | null;
  readonly temperatureC: number | null;
  readonly lesionSeconds: number | null;
  readonly lesionsCount: number | null;
}

export interface GivenAgentFacts {
  readonly kind: TreatmentAgentKind;
  readonly name: string;
  readonly targetPosition: number | null;
  readonly concentrationMgMl: number | null;
}

export interface GivenFacts {
  readonly kind: TreatmentKind;
  readonly guidance: TreatmentGuidance;
  /** Numbers of the places of the plan. */
  readonly planned: readonly number[];
  readonly places: readonly GivenPlaceFacts[];
  readonly agents: readonly GivenAgentFacts[];
  readonly isAbandoned: boolean;
  readonly startedAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant;
  readonly observedUntil: Temporal.Instant | null;
  readonly now: Temporal.Instant;
  readonly doseAreaProductGyCm2: number | null;
  readonly fluoroscopySeconds: number | null;
  readonly ctDlpMgyCm: number | null;
}

/** Kinds that give something: without it they were not done. */
const GIVES: ReadonlySet<TreatmentKind> = new Set([
  TreatmentKind.FACET_JOINT_INJECTION,
  TreatmentKind.MEDIAL_BRANCH_BLOCK,
  TreatmentKind.SACRO_ILIAC_INJECTION,
]);

/** What does not go together in what was given, one sentence each. */
export function problemsOfGiven(given: GivenFacts): readonly string[] {
  return [...placesOf(given), ...agentsOf(given), ...timesOf(given), ...exposureOf(given)];
}

function placesOf({ kind, planned, places, isAbandoned }: GivenFacts): readonly string[] {
  const said = new Set(places.map(({ position }) => position));
  const isDenervation = kind === TreatmentKind.RADIOFREQUENCY_DENERVATION;
  return [
    ...planned.filter((position) => !said.has(position)).map((at) => `Say what was done at place ${at}.`),
    ...places
      .filter(({ position }) => !planned.includes(position))
      .map(({ position }) => `There is no place ${position} in the plan.`),
    ...places.flatMap((place) => onePlace(place, isDenervation)),
    ...(!isAbandoned && places.every(({ wasTreated }) => !wasTreated)
      ? ['No place was treated: say why it was broken off.']
      : []),
  ];
}

function onePlace(place: GivenPlaceFacts, isDenervation: boolean): readonly string[] {
  const { position, wasTreated, leftOutBecause, temperatureC, lesionSeconds, lesionsCount } = place;
  const lesion = [temperatureC, lesionSeconds, lesionsCount];
  const wantsLesion = isDenervation && wasTreated;
  return [
    ...(!wasTreated && leftOutBecause === null ? [`Say why place ${position} was left out.`] : []),
    ...(wasTreated && leftOutBecause !== null ? [`Place ${position} was treated: it was not left out.`] : []),
    ...(wantsLesion && lesion.includes(null)
      ? [`Say temperature, seconds and number of lesions at place ${position}.`]
      : []),
    ...(!wantsLesion && lesion.some((value) => value !== null)
      ? [`No lesion was made at place ${position}: leave its figures out.`]
      : []),
  ];
}

function agentsOf({ kind, places, agents, isAbandoned }: GivenFacts): readonly string[] {
  const treated = new Set(places.filter(({ wasTreated }) => wasTreated).map(({ position }) => position));
  const weighed: readonly TreatmentAgentKind[] = [
    TreatmentAgentKind.STEROID,
    TreatmentAgentKind.LOCAL_ANAESTHETIC,
  ];
  return [
    ...(GIVES.has(kind) && !isAbandoned && agents.length === 0 ? ['Say what was given.'] : []),
    ...agents
      .filter(({ kind: of, concentrationMgMl }) => weighed.includes(of) && concentrationMgMl === null)
      .map(({ name }) => `Say the concentration of ${name} in mg/ml.`),
    ...agents
      .filter(({ targetPosition }) => targetPosition !== null && !isAbandoned && !treated.has(targetPosition))
      .map(
        ({ name, targetPosition }) => `${name} was given at place ${targetPosition}, which was not treated.`,
      ),
  ];
}

function timesOf({ startedAt, finishedAt, observedUntil, now }: GivenFacts): readonly string[] {
  const isBefore = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;
  return [
    ...(isBefore(finishedAt, startedAt) ? ['It cannot have ended before it was started.'] : []),
    ...(isBefore(now, finishedAt) ? ['It cannot end in the future.'] : []),
    ...(observedUntil !== null && isBefore(observedUntil, finishedAt)
      ? ['The patient is watched after the treatment, not before its end.']
      : []),
  ];
}

function exposureOf(given: GivenFacts): readonly string[] {
  const { guidance, doseAreaProductGyCm2, fluoroscopySeconds, ctDlpMgyCm } = given;
  const screening = [doseAreaProductGyCm2, fluoroscopySeconds];
  const isScreened = guidance === TreatmentGuidance.FLUOROSCOPY;
  const isCt = guidance === TreatmentGuidance.CT;
  return [
    ...(isScreened && screening.includes(null)
      ? ['Say dose area product and screening time of the fluoroscopy.']
      : []),
    ...(!isScreened && screening.some((value) => value !== null)
      ? ['There was no fluoroscopy: leave its dose out.']
      : []),
    ...(isCt && ctDlpMgyCm === null ? ['Say the dose length product of the CT.'] : []),
    ...(!isCt && ctDlpMgyCm !== null ? ['There was no CT: leave its dose out.'] : []),
  ];
}

/** The dose of so much of a solution, in mg to a thousandth; null: it has no concentration. */
export function doseOf(concentrationMgMl: number | null, volumeMl: number): number | null {
  return concentrationMgMl === null ? null : Math.round(concentrationMgMl * volumeMl * 1000) / 1000;
}
