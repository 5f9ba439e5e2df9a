import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { localDateTime, Temporal } from '../../platform/time/index.js';
import { VisitOutsideProtocol } from './visit.refusals.js';

// A visit as somebody wants it, held against the protocol of its kind. The search keeps to the protocol by itself; what
// is sent back may be an old offer, or times of one's own.

export interface ProtocolNeed {
  readonly kind: ResourceKind;
  readonly skill: string | null;
  readonly role: string;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly continuity: 'FREE' | 'PREFERRED' | 'REQUIRED';
}

export interface ProtocolStep {
  readonly name: string;
  readonly durationMinutes: number;
  readonly wait: { readonly minMinutes: number; readonly maxMinutes: number } | null;
  readonly needs: readonly ProtocolNeed[];
  readonly patientPresent: boolean;
  readonly fillsWait: boolean;
}

export interface Protocol {
  readonly steps: readonly ProtocolStep[];
  readonly startStepMinutes: number;
}

export interface WantedStep {
  readonly startsAt: Temporal.Instant;
  readonly resources: readonly { readonly role: string; readonly resourceId: string }[];
}

export interface KnownResource {
  readonly kind: ResourceKind;
  readonly skills: readonly string[];
  readonly siteCode: string;
}

interface Span {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

export interface PlannedStep extends Span {
  readonly position: number;
  readonly name: string;
  readonly patientPresent: boolean;
  readonly resources: readonly { readonly role: string; readonly resourceId: string }[];
}

/** A visit that follows its protocol, and what it takes. */
export interface VisitPlan extends Span {
  readonly steps: readonly PlannedStep[];
  /** Buffers included; what touches or overlaps on one resource is one span. */
  readonly claims: readonly (Span & { readonly resourceId: string })[];
  /** When the patient has to be there. */
  readonly presence: readonly Span[];
  /** Where it happens: the site of everything that serves it; null when nothing does. */
  readonly siteCode: string | null;
}

const MINUTE_MS = 60_000;
const MINUTE_NS = 60_000_000_000n;

/** The visit as it would be written down, or the first way in which it does not follow the protocol. */
export function planVisit(
  protocol: Protocol,
  wanted: readonly WantedStep[],
  resources: ReadonlyMap<string, KnownResource>,
  timeZone: string,
): VisitPlan | VisitOutsideProtocol {
  if (wanted.length !== protocol.steps.length) {
    return new VisitOutsideProtocol(
      null,
      `This kind of visit has ${protocol.steps.length} steps, and ${wanted.length} were sent.`,
    );
  }
  const steps = plannedSteps(protocol, wanted);
  const fault =
    steps.map((step) => faultOfTimes(protocol, steps, step, timeZone)).find(isFault) ??
    steps.map((step) => faultOfResources(protocol.steps[step.position], step, resources)).find(isFault) ??
    faultOfContinuity(protocol, steps) ??
    faultOfSites(steps, resources);
  if (fault) return fault;
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a protocol without a step');
  return {
    startsAt: first.startsAt,
    endsAt: last.endsAt,
    steps,
    claims: claimsOf(protocol, steps),
    presence: merged(steps.filter((step) => step.patientPresent)),
    siteCode: sitesOf(steps, resources)[0] ?? null,
  };
}

function isFault(fault: VisitOutsideProtocol | null): fault is VisitOutsideProtocol {
  return fault !== null;
}

/** A step lasts as long as the protocol says; one that fills a wait, until the step after it. */
function plannedSteps(protocol: Protocol, wanted: readonly WantedStep[]): readonly PlannedStep[] {
  return protocol.steps.map((step, position) => {
    const startsAt = wanted[position]?.startsAt ?? Temporal.Instant.fromEpochMilliseconds(0);
    const next = wanted[position + 1]?.startsAt ?? startsAt;
    return {
      position,
      name: step.name,
      startsAt,
      endsAt: step.fillsWait ? next : minutesAfter(startsAt, step.durationMinutes),
      patientPresent: step.patientPresent,
      resources: wanted[position]?.resources ?? [],
    };
  });
}

function faultOfTimes(
  protocol: Protocol,
  steps: readonly PlannedStep[],
  { position, name, startsAt }: PlannedStep,
  timeZone: string,
): VisitOutsideProtocol | null {
  const step = protocol.steps[position];
  const before = steps[position - 1];
  const isFixed =
    before !== undefined && (step?.fillsWait || step?.wait?.minMinutes === step?.wait?.maxMinutes);
  if (!isFixed && !isOnGrid(startsAt, protocol.startStepMinutes, timeZone)) {
    return new VisitOutsideProtocol(
      position,
      `“${name}” starts at a multiple of ${protocol.startStepMinutes} minutes past the hour.`,
    );
  }
  if (before === undefined) return null;
  if (step?.fillsWait) {
    return sameMoment(startsAt, before.endsAt)
      ? null
      : new VisitOutsideProtocol(position, `“${name}” starts as soon as “${before.name}” ends.`);
  }
  const since = protocol.steps[before.position]?.fillsWait ? (steps[position - 2] ?? before) : before;
  const { minMinutes = 0, maxMinutes = 0 } = step?.wait ?? {};
  const minutes = (startsAt.epochMilliseconds - since.endsAt.epochMilliseconds) / MINUTE_MS;
  if (minMinutes <= minutes && minutes <= maxMinutes) return null;
  const wait =
    minMinutes === maxMinutes ? `${minMinutes} minutes` : `between ${minMinutes} and ${maxMinutes} minutes`;
  return new VisitOutsideProtocol(
    position,
    maxMinutes === 0
      ? `“${name}” starts as soon as “${since.name}” ends.`
      : `“${name}” starts ${wait} after the end of “${since.name}”.`,
  );
}

/** Instants are whole milliseconds everywhere: a sum of them needs no calendar. */
function minutesAfter(instant: Temporal.Instant, minutes: number): Temporal.Instant {
  if (minutes === 0) return instant;
  return Temporal.Instant.fromEpochMilliseconds(instant.epochMilliseconds + minutes * MINUTE_MS);
}

/** Clocks of the world differ by whole minutes today, so that a whole minute is one everywhere. */
function isOnGrid(instant: Temporal.Instant, stepMinutes: number, timeZone: string): boolean {
  const { minute } = localDateTime(instant, timeZone);
  return minute % stepMinutes === 0 && instant.epochNanoseconds % MINUTE_NS === 0n;
}

/** One resource of the right kind and skill for each role, and none for two roles at once. */
function faultOfResources(
  step: ProtocolStep | undefined,
  planned: PlannedStep,
  resources: ReadonlyMap<string, KnownResource>,
): VisitOutsideProtocol | null {
  const { position, name } = planned;
  const needs = step?.needs ?? [];
  const roles = planned.resources.map(({ role }) => role);
  const extra = roles.find(
    (role, at) => roles.indexOf(role) !== at || !needs.some((need) => need.role === role),
  );
  if (extra !== undefined) {
    return new VisitOutsideProtocol(position, `“${name}” needs no second or other “${extra}”.`);
  }
  for (const need of needs) {
    const id = planned.resources.find(({ role }) => role === need.role)?.resourceId;
    const resource = id === undefined ? undefined : resources.get(id);
    if (resource === undefined) {
      return new VisitOutsideProtocol(position, `“${name}” needs somebody or something as “${need.role}”.`);
    }
    if (resource.kind !== need.kind || (need.skill !== null && !resource.skills.includes(need.skill))) {
      const what = need.skill === null ? need.kind : `${need.kind} that can ${need.skill}`;
      return new VisitOutsideProtocol(position, `In “${name}” the “${need.role}” must be a ${what}.`);
    }
  }
  const ids = planned.resources.map(({ resourceId }) => resourceId);
  return new Set(ids).size === ids.length
    ? null
    : new VisitOutsideProtocol(position, `In “${name}” one resource cannot do two things at once.`);
}

/** A role that must stay in one pair of hands is served by one resource in every step that names it. */
function faultOfContinuity(protocol: Protocol, steps: readonly PlannedStep[]): VisitOutsideProtocol | null {
  const kept = protocol.steps.flatMap(({ needs }) =>
    needs.filter((need) => need.continuity === 'REQUIRED').map((need) => need.role),
  );
  for (const role of new Set(kept)) {
    const serving = steps.flatMap(({ resources }) => resources.filter((one) => one.role === role));
    if (new Set(serving.map(({ resourceId }) => resourceId)).size > 1) {
      return new VisitOutsideProtocol(null, `The “${role}” must be the same in every step.`);
    }
  }
  return null;
}

/** The patient is not sent across town in the middle of a visit. */
function faultOfSites(
  steps: readonly PlannedStep[],
  resources: ReadonlyMap<string, KnownResource>,
): VisitOutsideProtocol | null {
  const sites = sitesOf(steps, resources);
  return sites.length < 2
    ? null
    : new VisitOutsideProtocol(
        null,
        `A visit happens at one site, and these people and things are at ${sites.length}: ${sites.join(' and ')}.`,
      );
}

/** Codes of the sites of all that serves the steps, each once, in order. */
function sitesOf(
  steps: readonly PlannedStep[],
  resources: ReadonlyMap<string, KnownResource>,
): readonly string[] {
  const codes = steps.flatMap((step) =>
    step.resources.flatMap(({ resourceId }) => resources.get(resourceId)?.siteCode ?? []),
  );
  return [...new Set(codes)].sort();
}

function claimsOf(protocol: Protocol, steps: readonly PlannedStep[]): VisitPlan['claims'] {
  const uses = new Map<string, Span[]>();
  for (const { position, startsAt, endsAt, resources } of steps) {
    for (const { role, resourceId } of resources) {
      const need = protocol.steps[position]?.needs.find((one) => one.role === role);
      const own = uses.get(resourceId) ?? [];
      uses.set(resourceId, own);
      own.push({
        startsAt: minutesAfter(startsAt, -(need?.bufferBeforeMinutes ?? 0)),
        endsAt: minutesAfter(endsAt, need?.bufferAfterMinutes ?? 0),
      });
    }
  }
  return [...uses].flatMap(([resourceId, spans]) => merged(spans).map((span) => ({ resourceId, ...span })));
}

/** In order of time; what touches or overlaps is one, so that a visit never stands in its own way. */
function merged(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  for (const { startsAt, endsAt } of spans.toSorted((a, b) =>
    Temporal.Instant.compare(a.startsAt, b.startsAt),
  )) {
    const last = whole.at(-1);
    if (last !== undefined && Temporal.Instant.compare(startsAt, last.endsAt) <= 0) {
      const end = Temporal.Instant.compare(endsAt, last.endsAt) > 0 ? endsAt : last.endsAt;
      whole[whole.length - 1] = { startsAt: last.startsAt, endsAt: end };
    } else {
      whole.push({ startsAt, endsAt });
    }
  }
  return whole;
}

function sameMoment(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) === 0;
}
