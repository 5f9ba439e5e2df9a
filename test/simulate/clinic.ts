import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chain, MINUTE_MS, type Need } from '../../src/clinic/scheduling/chain.rules.js';
import type { LeadTimeDays } from '../../src/clinic/scheduling/lead-time.rules.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';

// The clinic of the simulation: its resources and weekly hours. Visit types, their steps and their lead times are those
// that the service starts with (prisma/seed/reference.json).

export const TIME_ZONE = 'Europe/London';

export interface SimulatedType {
  readonly code: string;
  readonly chain: Chain;
  readonly policy: LeadTimeDays;
  /** With a tracer that is made for the patient and the hour. */
  readonly isScan: boolean;
  /** How many are asked for on a working day. */
  readonly perDay: number;
  /** The patient is asked to come so many days later, and the clock starts then. */
  readonly afterDays: number;
}

export interface SimulatedResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly skills: readonly string[];
  /** ISO weekdays on which it is there. */
  readonly weekdays: readonly number[];
}

/** Local wall time, on each of the resource's weekdays. */
export const SESSIONS = [
  ['08:00', '12:30'],
  ['13:00', '18:00'],
] as const;
/** Rooms and equipment do not have lunch. */
export const WHOLE_DAY = [['08:00', '18:00']] as const;
const PEOPLE: readonly ResourceKind[] = [
  'NUCLEAR_MEDICINE_TECHNOLOGIST',
  'PAIN_CONSULTANT',
  'SURGEON',
  'PHYSIOTHERAPIST',
  'PSYCHOLOGIST',
  'NURSE',
];

export const isPerson = (kind: ResourceKind): boolean => PEOPLE.includes(kind);

const WEEK = [1, 2, 3, 4, 5];

const STAFF: readonly (readonly [kind: ResourceKind, weekdays: readonly number[]])[] = [
  ['CAMERA', WEEK],
  ['INJECTION_ROOM', WEEK],
  ['NUCLEAR_MEDICINE_TECHNOLOGIST', WEEK],
  ['NUCLEAR_MEDICINE_TECHNOLOGIST', WEEK],
  ['NUCLEAR_MEDICINE_TECHNOLOGIST', [1, 2, 3]],
  ['PAIN_CONSULTANT', [1, 2, 4, 5]],
  ['PAIN_CONSULTANT', [1, 3, 5]],
  ['CONSULTING_ROOM', WEEK],
  ['CONSULTING_ROOM', WEEK],
  ['PHYSIOTHERAPIST', [1, 2, 3, 5]],
  ['THERAPY_ROOM', WEEK],
  ['PSYCHOLOGIST', [2, 5]],
  ['SURGEON', [5]],
  ['MEETING_ROOM', [5]],
  ['NURSE', WEEK],
  ['NURSE', [1, 2, 4]],
  ['PROCEDURE_ROOM', WEEK],
  ['C_ARM', WEEK],
  ['RADIOFREQUENCY_GENERATOR', WEEK],
  ['WAITING_PLACE', WEEK],
  ['WAITING_PLACE', WEEK],
];

export const RESOURCES: readonly SimulatedResource[] = STAFF.map(([kind, weekdays], place) => ({
  id: `${String(place).padStart(2, '0')}-${kind}`,
  kind,
  skills: [],
  weekdays,
}));

/** Asked for on a working day: what keeps the camera and the consultants busy for nine tenths of what they can do. */
const DEMAND: Readonly<Record<string, number>> = {
  FIRST_CONSULTATION: 4.5,
  FOLLOW_UP: 6,
  TELEPHONE: 2,
  VIDEO: 1,
  PHYSIOTHERAPY: 6,
  PSYCHOLOGY: 2,
  BONE_SPECT_CT: 5,
  BONE_SPECT_CT_EARLY: 0.6,
  FACET_INJECTION: 2,
  RADIOFREQUENCY_DENERVATION: 0.8,
  MDT_CLINIC: 0.4,
};
/** A follow-up is asked for when the patient leaves, to be in a month. */
const AFTER_DAYS: Readonly<Record<string, number>> = { FOLLOW_UP: 28 };
/** The diary of the simulation ends here, also for what may be booked further ahead. */
export const HORIZON_DAYS = 84;

interface ReferenceStep {
  readonly name: string;
  readonly durationMinutes: number;
  readonly waitMinutesMin?: number;
  readonly waitMinutesTarget?: number;
  readonly waitMinutesMax?: number;
  readonly needs: readonly (Pick<Need, 'role' | 'kind'> & Partial<Need>)[];
}

interface Reference {
  readonly visitTypes: readonly {
    readonly code: string;
    readonly companion: string | null;
    readonly protocol: { readonly startStepMinutes: number; readonly steps: readonly ReferenceStep[] };
  }[];
  readonly leadTimePolicies: readonly (LeadTimeDays & { readonly visitType: string })[];
}

/** Those of the service's visit types that somebody asks for here. */
export function readTypes(root: string): readonly SimulatedType[] {
  const text = readFileSync(join(root, 'prisma', 'seed', 'reference.json'), 'utf8');
  const { visitTypes, leadTimePolicies } = JSON.parse(text) as Reference;
  return visitTypes.flatMap(({ code, companion, protocol }) => {
    const policy = leadTimePolicies.find(({ visitType }) => visitType === code);
    const perDay = DEMAND[code];
    if (policy === undefined || perDay === undefined) return [];
    const afterDays = AFTER_DAYS[code] ?? 0;
    return [{ code, chain: toChain(protocol), policy, isScan: companion === 'SCAN', perDay, afterDays }];
  });
}

function toChain(protocol: {
  readonly startStepMinutes: number;
  readonly steps: readonly ReferenceStep[];
}): Chain {
  return {
    startStepMinutes: protocol.startStepMinutes,
    steps: protocol.steps.map((step, index) => ({
      name: step.name,
      durationMinutes: step.durationMinutes,
      wait:
        index === 0
          ? null
          : {
              minMinutes: step.waitMinutesMin ?? 0,
              targetMinutes: step.waitMinutesTarget ?? 0,
              maxMinutes: step.waitMinutesMax ?? 0,
            },
      needs: step.needs.map((need) => ({
        skill: null,
        bufferBeforeMinutes: 0,
        bufferAfterMinutes: 0,
        continuity: 'FREE',
        ...need,
      })),
      patientPresent: true,
      fillsWait: false,
    })),
  };
}

/** The shortest use of each kind in any visit: a piece of free time below that is of no use to anybody. */
export function shortestUses(types: readonly SimulatedType[]): ReadonlyMap<ResourceKind, number> {
  const shortest = new Map<ResourceKind, number>();
  for (const step of types.flatMap(({ chain }) => chain.steps)) {
    for (const { kind, bufferBeforeMinutes, bufferAfterMinutes } of step.needs) {
      const ms = (bufferBeforeMinutes + step.durationMinutes + bufferAfterMinutes) * MINUTE_MS;
      shortest.set(kind, Math.min(ms, shortest.get(kind) ?? Number.POSITIVE_INFINITY));
    }
  }
  return shortest;
}
