import type { Chain, ChainStep, Need } from '../../src/clinic/scheduling/chain.rules.js';
import { type OfferedStep, spansToClaim } from '../../src/clinic/scheduling/chain-offer.rules.js';
import type { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import { MINUTE_MS, TIME_ZONE } from './clinics.js';
import type { GridResource } from './grid-search.js';

// Visits of which none is in the way of another: each crew has its own rooms and people, one visit after the other.

export const BOOKED_TYPE = 'BENCH_PROCEDURE';
/** The clock of the bench stands here; the first visits are on the next working day. */
export const BOOKED_AT = '2027-02-26T12:00:00Z';
const FIRST_DAY = '2027-03-01';
const DAYS = 182;
const CREWS = 22;
const OPENS_AT = '08:00';
const OPEN_MINUTES = 600;
const VISIT_MINUTES = 100;

const need = (role: string, kind: ResourceKind, more: Partial<Need> = {}): Need => ({
  role,
  kind,
  skill: null,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  continuity: 'FREE',
  ...more,
});
const NURSE = need('nurse', 'NURSE');
const PLACE = need('place', 'WAITING_PLACE', { continuity: 'REQUIRED' });
const step = (
  name: string,
  durationMinutes: number,
  isFirst: boolean,
  needs: readonly Need[],
): ChainStep => ({
  name,
  durationMinutes,
  wait: isFirst ? null : { minMinutes: 0, targetMinutes: 0, maxMinutes: 0 },
  needs,
  patientPresent: true,
  fillsWait: false,
});

/** A facet joint injection as the clinic does it: three steps, eight needs, five resources. */
export const PROCEDURE: Chain = {
  startStepMinutes: 5,
  steps: [
    step('Admission', 15, true, [NURSE, PLACE]),
    step('Procedure', 30, false, [
      need('operator', 'PAIN_CONSULTANT'),
      NURSE,
      need('room', 'PROCEDURE_ROOM', { bufferAfterMinutes: 10 }),
      need('fluoroscopy', 'C_ARM'),
    ]),
    step('Recovery', 30, false, [NURSE, PLACE]),
  ],
};
const KINDS: readonly ResourceKind[] = [
  'NURSE',
  'WAITING_PLACE',
  'PAIN_CONSULTANT',
  'PROCEDURE_ROOM',
  'C_ARM',
];

const momentOf = (date: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: TIME_ZONE, plainTime: OPENS_AT })
    .epochMilliseconds;

/** 110 resources: 22 crews of five. */
export function crewResources(): readonly GridResource[] {
  const opens = momentOf(FIRST_DAY);
  const session = [opens, opens + OPEN_MINUTES * MINUTE_MS] as const;
  return Array.from({ length: CREWS }, (_, crew) =>
    KINDS.map((kind) => ({ id: `${kind}-${crew}`, kind, skills: [], sessions: [session], bookings: [] })),
  ).flat();
}

export interface BookingPlan {
  /** The local day, from 0 on. */
  readonly day: number;
  readonly steps: readonly OfferedStep[];
  readonly claims: ReturnType<typeof spansToClaim>;
}

/** Day by day, as a diary fills: whoever books at the same time mostly books the same day. */
export function makePlans(ids: ReadonlyMap<string, string>): readonly BookingPlan[] {
  const first = Temporal.PlainDate.from(FIRST_DAY);
  const plans: BookingPlan[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    const date = first.add({ days: day });
    if (date.dayOfWeek > 5) continue;
    const opensMs = momentOf(date.toString());
    for (let slot = 0; slot < OPEN_MINUTES / VISIT_MINUTES; slot += 1) {
      for (let crew = 0; crew < CREWS; crew += 1) {
        const idOf = (kind: ResourceKind): string => ids.get(`${kind}-${crew}`) ?? '';
        plans.push(planAt(day, opensMs + slot * VISIT_MINUTES * MINUTE_MS, idOf));
      }
    }
  }
  return plans;
}

function planAt(day: number, startMs: number, idOf: (kind: ResourceKind) => string): BookingPlan {
  let atMs = startMs;
  const steps = PROCEDURE.steps.map(({ durationMinutes, needs }): OfferedStep => {
    const endMs = atMs + durationMinutes * MINUTE_MS;
    const resources = needs.map(({ role, kind }) => ({ role, resourceId: idOf(kind) }));
    const offered = { startMs: atMs, endMs, resources };
    atMs = endMs;
    return offered;
  });
  return { day, steps, claims: spansToClaim(PROCEDURE, steps) };
}
