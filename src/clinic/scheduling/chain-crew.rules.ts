import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { type Chain, MINUTE_MS, type Need, preferredRoles } from './chain.rules.js';
import type { StepTimes } from './chain-blocks.rules.js';
import type { ClassPlan, GroupPlan, Plan } from './chain-plan.rules.js';
import { countUnusableGaps, gapsOfUse, shortestUses, type Waste, wasteOf } from './chain-waste.rules.js';
import { type DiaryResource, type MsSpan, spanAround } from './diary.rules.js';
import { canServe, cheapestMatching } from './need-matching.rules.js';

/** Who and what serves a visit at given times. */
export interface Crew extends Waste {
  /** By step, by need, in the order of the chain. */
  readonly resources: readonly (readonly DiaryResource[])[];
  /** How often a role that is better kept together changes hands. */
  readonly handovers: number;
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
  const shortest = shortestUses(rules.chain, rules.shortestUseMs);
  const known: Known = new Map();
  return (plan, times) => {
    const kept = new Map<string, KeptRole>();
    for (const [role, uses] of usesOf) kept.set(role, { uses, holders: new Set() });
    const crew: Crafting = { rules, times, kept, shortest, known };
    const resources = plan.steps.map((step, index) => {
      const chosen: DiaryResource[] = [];
      for (const group of step.groups) chooseOfKind(group, index, chosen, crew);
      return chosen;
    });
    return {
      resources,
      handovers: handoversOf(rules.chain, usesOf, resources),
      ...wasteOf(resources, { chain: rules.chain, times, shortest }),
    };
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
  readonly known: Known;
}

interface NeedInStep {
  readonly place: number;
  readonly one: ClassPlan;
}

/** A group of needs, and who was chosen for it already, by the start of its step and in the order of the needs. */
interface KnownGroup {
  readonly needs: readonly NeedInStep[];
  /** None of its roles is better kept, so who serves it does not depend on the other steps. */
  readonly standsAlone: boolean;
  readonly chosen: Map<number, readonly DiaryResource[]>;
}

type Known = Map<GroupPlan, KnownGroup>;

function knownGroup(group: GroupPlan, step: number, { rules, kept, known }: Crafting): KnownGroup {
  const found = known.get(group);
  if (found !== undefined) return found;
  const needs = group.classes.flatMap((one) => one.needs.map((place): NeedInStep => ({ place, one })));
  const asked = rules.chain.steps[step];
  // How long a step lasts that fills a wait is not known from its start.
  const standsAlone =
    asked?.fillsWait === false && needs.every(({ place }) => !kept.has(asked.needs[place]?.role ?? ''));
  const made: KnownGroup = { needs, standsAlone, chosen: new Map() };
  known.set(group, made);
  return made;
}

/** Gives each need of one kind its own resource, as cheaply as it goes. That it goes is known. */
function chooseOfKind(group: GroupPlan, step: number, chosen: DiaryResource[], crew: Crafting): void {
  const { needs, standsAlone, chosen: before } = knownGroup(group, step, crew);
  const startMs = crew.times[step]?.startMs ?? 0;
  let resources = standsAlone ? before.get(startMs) : undefined;
  if (resources === undefined) {
    resources = cheapestOf(group, needs, step, crew);
    if (standsAlone) before.set(startMs, resources);
  }
  for (let index = 0; index < needs.length; index += 1) {
    const place = needs[index]?.place ?? 0;
    const resource = resources[index];
    if (resource === undefined) throw new Error('a step that was found possible has nobody to serve it');
    chosen[place] = resource;
  }
  if (!standsAlone) hold(needs, step, chosen, crew);
}

/** In the order of the needs; too few when not all can be served. */
function cheapestOf(
  group: GroupPlan,
  needs: readonly NeedInStep[],
  step: number,
  crew: Crafting,
): readonly DiaryResource[] {
  const only = needs[0];
  if (only === undefined) return [];
  if (needs.length === 1) {
    const cheapest = cheapestOne(only, step, crew);
    return cheapest === null ? [] : [cheapest];
  }
  const isAlike = group.classes.length === 1 && knownGroup(group, step, crew).standsAlone;
  if (isAlike) return cheapestAlike(only, needs.length, step, crew);
  const columns = [...new Set(group.classes.flatMap((one) => one.candidates))];
  const costs = needs.map((need) =>
    columns.map((resource) =>
      need.one.candidates.includes(resource)
        ? costOfUse(resource, need, step, crew)
        : Number.POSITIVE_INFINITY,
    ),
  );
  return (cheapestMatching(costs) ?? []).flatMap((column) => columns[column] ?? []);
}

function cheapestOne(need: NeedInStep, step: number, crew: Crafting): DiaryResource | null {
  let least = Number.POSITIVE_INFINITY;
  let cheapest: DiaryResource | null = null;
  for (const resource of need.one.candidates) {
    const cost = costOfUse(resource, need, step, crew);
    if (cost >= least) continue;
    least = cost;
    cheapest = resource;
  }
  return cheapest;
}

/** So many of those who can serve needs that cost the same: the cheapest, of equals the first. */
function cheapestAlike(
  need: NeedInStep,
  count: number,
  step: number,
  crew: Crafting,
): readonly DiaryResource[] {
  const found: DiaryResource[] = [];
  const costs: number[] = [];
  for (const resource of need.one.candidates) {
    const cost = costOfUse(resource, need, step, crew);
    if (cost >= (costs[count - 1] ?? Number.POSITIVE_INFINITY)) continue;
    let place = Math.min(costs.length, count - 1);
    for (; place > 0 && (costs[place - 1] ?? 0) > cost; place -= 1) {
      costs[place] = costs[place - 1] ?? cost;
      found[place] = found[place - 1] ?? resource;
    }
    costs[place] = cost;
    found[place] = resource;
  }
  return found;
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
    return gapsOfUse(resource, span, fromMs, untilMs, shortest) * GAP_COST + spare;
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
