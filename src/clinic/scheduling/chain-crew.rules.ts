import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { type Chain, MINUTE_MS, type Need, preferredRoles } from './chain.rules.js';
import type { StepTimes } from './chain-blocks.rules.js';
import type { ClassPlan, GroupPlan, Plan } from './chain-plan.rules.js';
import { type DiaryResource, type MsSpan, spanAround } from './diary.rules.js';
import { canServe, cheapestMatching } from './need-matching.rules.js';

/** Who and what serves a visit at given times. */
export interface Crew {
  /** By step, by need, in the order of the chain. */
  readonly resources: readonly (readonly DiaryResource[])[];
  /** How often a role that is better kept together changes hands. */
  readonly handovers: number;
  /** Pieces of free time left over that are too short for anything the resource is used for. */
  readonly unusableGaps: number;
  /** Skills taken that the visit does not ask for: the least versatile should go first. */
  readonly spareSkills: number;
}

export interface CrewRules {
  readonly chain: Chain;
  readonly keepsStaff: boolean;
  /** The shortest use the clinic has for a kind, buffers included. Kinds not named: the shortest in the chain. */
  readonly shortestUseMs: ReadonlyMap<ResourceKind, number>;
}

// One number orders who is taken: each row outweighs all that is below it. A step has at most 12 needs and a resource
// some ten skills, so sums stay apart.
const HANDOVER_COST = 1e9;
const GAP_COST = 1e5;
const UNKEPT_COST = 1e3;

/** A step that names a role that is better kept together, and what it asks for. */
interface RoleUse {
  readonly step: number;
  readonly need: Need;
  readonly beforeMs: number;
  readonly afterMs: number;
}

interface KeptRole {
  readonly uses: readonly RoleUse[];
  holders: ReadonlySet<DiaryResource>;
}

/** Chooses who serves: a crew is made once for a chain, then asked for many times. */
export function crewChooser(rules: CrewRules): (plan: Plan, times: readonly StepTimes[]) => Crew {
  const usesOf = new Map(
    preferredRoles(rules.chain.steps).map((role) => [role, roleUses(rules.chain, role)]),
  );
  const shortest = shortestUses(rules);
  return (plan, times) => {
    const kept = new Map<string, KeptRole>();
    for (const [role, uses] of usesOf) kept.set(role, { uses, holders: new Set() });
    const crew: Crafting = { rules, times, kept, shortest };
    const resources = plan.steps.map((step, index) => {
      const chosen: DiaryResource[] = [];
      for (const group of step.groups) chooseOfKind(group, index, chosen, crew);
      return chosen;
    });
    return { resources, handovers: handoversOf(rules.chain, usesOf, resources), ...costOf(resources, crew) };
  };
}

function roleUses(chain: Chain, role: string): readonly RoleUse[] {
  return chain.steps.flatMap(({ needs }, step) => {
    const need = needs.find((one) => one.role === role);
    if (need === undefined) return [];
    const beforeMs = need.bufferBeforeMinutes * MINUTE_MS;
    return [{ step, need, beforeMs, afterMs: need.bufferAfterMinutes * MINUTE_MS }];
  });
}

interface Crafting {
  readonly rules: CrewRules;
  readonly times: readonly StepTimes[];
  readonly kept: ReadonlyMap<string, KeptRole>;
  readonly shortest: ReadonlyMap<ResourceKind, number>;
}

interface NeedInStep {
  readonly place: number;
  readonly one: ClassPlan;
}

/** Gives each need of one kind its own resource, as cheaply as it goes. That it goes is known. */
function chooseOfKind(group: GroupPlan, step: number, chosen: DiaryResource[], crew: Crafting): void {
  const needs = group.classes.flatMap((one) => one.needs.map((place): NeedInStep => ({ place, one })));
  const [only] = needs;
  if (only === undefined) return;
  if (needs.length === 1) {
    let least = Number.POSITIVE_INFINITY;
    for (const resource of only.one.candidates) {
      const cost = costOfUse(resource, only, step, crew);
      if (cost >= least) continue;
      least = cost;
      chosen[only.place] = resource;
    }
  } else {
    const columns = [...new Set(group.classes.flatMap((one) => one.candidates))];
    const costs = needs.map((need) =>
      columns.map((resource) =>
        need.one.candidates.includes(resource)
          ? costOfUse(resource, need, step, crew)
          : Number.POSITIVE_INFINITY,
      ),
    );
    const matching = cheapestMatching(costs);
    for (const [row, need] of needs.entries()) {
      const resource = columns[matching?.[row] ?? -1];
      if (resource !== undefined) chosen[need.place] = resource;
    }
  }
  for (const { place } of needs) {
    if (chosen[place] === undefined) throw new Error('a step that was found possible has nobody to serve it');
  }
  hold(needs, step, chosen, crew);
}

/** Notes who serves the roles that are better kept, for the steps to come. */
function hold(
  needs: readonly NeedInStep[],
  step: number,
  chosen: readonly DiaryResource[],
  crew: Crafting,
): void {
  const roles = crew.rules.chain.steps[step]?.needs ?? [];
  const holders = new Map<string, Set<DiaryResource>>();
  for (const { place } of needs) {
    const role = roles[place]?.role ?? '';
    const resource = chosen[place];
    if (resource === undefined || !crew.kept.has(role)) continue;
    holders.set(role, (holders.get(role) ?? new Set()).add(resource));
  }
  for (const [role, now] of holders) {
    const kept = crew.kept.get(role);
    if (kept) kept.holders = now;
  }
}

/** What it costs to take this resource; not finite when it is not free. */
function costOfUse(resource: DiaryResource, need: NeedInStep, step: number, crew: Crafting): number {
  const fromMs = (crew.times[step]?.startMs ?? 0) - need.one.beforeMs;
  const untilMs = (crew.times[step]?.endMs ?? 0) + need.one.afterMs;
  const span = spanAround(resource, fromMs, untilMs);
  if (span < 0) return Number.POSITIVE_INFINITY;
  const asked = crew.rules.chain.steps[step]?.needs[need.place];
  const spare = resource.skills.length - (asked?.skill == null ? 0 : 1);
  const shortest = crew.shortest.get(resource.kind) ?? 0;
  const role = crew.kept.size === 0 ? undefined : crew.kept.get(asked?.role ?? '');
  if (role === undefined) {
    const before = isUseless(fromMs - (resource.starts[span] ?? 0), shortest) ? GAP_COST : 0;
    const after = isUseless((resource.ends[span] ?? 0) - untilMs, shortest) ? GAP_COST : 0;
    return before + after + spare;
  }
  const uses = runAhead(resource, role, step, crew.times);
  // Whoever has the role goes on with it while he can; a new one is chosen for how long he can keep it.
  const unkept = role.holders.has(resource) ? 0 : 1 + role.uses.length - uses.length;
  const gaps = countUnusableGaps(resource, [[fromMs, untilMs], ...uses], shortest);
  return unkept * (crew.rules.keepsStaff ? HANDOVER_COST : UNKEPT_COST) + gaps * GAP_COST + spare;
}

/** The later uses of a role that the resource could take as well, as long as none of them fails. */
function runAhead(
  resource: DiaryResource,
  role: KeptRole,
  step: number,
  times: readonly StepTimes[],
): readonly MsSpan[] {
  const uses: MsSpan[] = [];
  for (const later of role.uses) {
    if (later.step <= step) continue;
    if (!canServe(resource, later.need)) break;
    const fromMs = (times[later.step]?.startMs ?? 0) - later.beforeMs;
    const untilMs = (times[later.step]?.endMs ?? 0) + later.afterMs;
    if (spanAround(resource, fromMs, untilMs) < 0) break;
    uses.push([fromMs, untilMs]);
  }
  return uses;
}

function isUseless(pieceMs: number, shortestUseMs: number): boolean {
  return pieceMs > 0 && pieceMs < shortestUseMs;
}

/**
 * How many useless pieces are left of a resource's free time once it is used so. Uses are in order of their starts;
 * buffers of one visit may overlap.
 */
export function countUnusableGaps(
  resource: DiaryResource,
  uses: readonly MsSpan[],
  shortestUseMs: number,
): number {
  let gaps = 0;
  let span = -1;
  let freeSinceMs = 0;
  for (const [fromMs, untilMs] of uses) {
    const at = spanAround(resource, fromMs, untilMs);
    if (at < 0) continue;
    if (at !== span) {
      if (span >= 0 && isUseless((resource.ends[span] ?? 0) - freeSinceMs, shortestUseMs)) gaps += 1;
      freeSinceMs = resource.starts[at] ?? 0;
      span = at;
    }
    if (isUseless(fromMs - freeSinceMs, shortestUseMs)) gaps += 1;
    freeSinceMs = Math.max(freeSinceMs, untilMs);
  }
  return span >= 0 && isUseless((resource.ends[span] ?? 0) - freeSinceMs, shortestUseMs) ? gaps + 1 : gaps;
}

/** Gaps and spare skills of the whole crew, each resource with all of its uses. */
function costOf(
  resources: readonly (readonly DiaryResource[])[],
  crew: Crafting,
): Pick<Crew, 'unusableGaps' | 'spareSkills'> {
  const uses = new Map<DiaryResource, MsSpan[]>();
  let spareSkills = 0;
  for (const [step, chosen] of resources.entries()) {
    for (const [place, resource] of chosen.entries()) {
      const need = crew.rules.chain.steps[step]?.needs[place];
      spareSkills += resource.skills.length - (need?.skill == null ? 0 : 1);
      const fromMs = (crew.times[step]?.startMs ?? 0) - (need?.bufferBeforeMinutes ?? 0) * MINUTE_MS;
      const untilMs = (crew.times[step]?.endMs ?? 0) + (need?.bufferAfterMinutes ?? 0) * MINUTE_MS;
      const own = uses.get(resource);
      if (own) own.push([fromMs, untilMs]);
      else uses.set(resource, [[fromMs, untilMs]]);
    }
  }
  let unusableGaps = 0;
  for (const [resource, own] of uses) {
    const inOrder = own.length > 1 ? own.sort((a, b) => a[0] - b[0]) : own;
    unusableGaps += countUnusableGaps(resource, inOrder, crew.shortest.get(resource.kind) ?? 0);
  }
  return { unusableGaps, spareSkills };
}

/** For each role that is better kept: who of the step before could have gone on but does not. */
function handoversOf(
  chain: Chain,
  usesOf: ReadonlyMap<string, readonly RoleUse[]>,
  resources: readonly (readonly DiaryResource[])[],
): number {
  let handovers = 0;
  for (const [role, uses] of usesOf) {
    let before: readonly DiaryResource[] | null = null;
    for (const { step } of uses) {
      const needs = chain.steps[step]?.needs ?? [];
      const now: readonly DiaryResource[] = (resources[step] ?? []).filter(
        (_, place) => needs[place]?.role === role,
      );
      const earlier: readonly DiaryResource[] = before ?? now;
      const stayed = now.filter((resource) => earlier.includes(resource)).length;
      handovers += Math.min(earlier.length, now.length) - stayed;
      before = now;
    }
  }
  return handovers;
}

/** The shortest use of each kind: the clinic's where it is known, else the chain's. */
function shortestUses({ chain, shortestUseMs }: CrewRules): ReadonlyMap<ResourceKind, number> {
  const shortest = new Map<ResourceKind, number>();
  for (const step of chain.steps) {
    if (step.fillsWait) continue;
    for (const need of step.needs) {
      const minutes = need.bufferBeforeMinutes + step.durationMinutes + need.bufferAfterMinutes;
      const known = shortest.get(need.kind) ?? Number.POSITIVE_INFINITY;
      shortest.set(need.kind, Math.min(known, minutes * MINUTE_MS));
    }
  }
  for (const [kind, ms] of shortestUseMs) shortest.set(kind, ms);
  return shortest;
}
