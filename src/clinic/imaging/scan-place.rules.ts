import { ResourceKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { UptakeOutsideProtocol } from './scan-booking.refusals.js';

// Between a scan as imaging says it (injection, acquisition, camera, room, technologists) and a visit of steps and roles.

/** A step of the visit type's protocol, as far as a scan is told by it. */
export interface ProtocolStep {
  readonly durationMinutes: number;
  readonly wait: { readonly minMinutes: number; readonly maxMinutes: number } | null;
  readonly fillsWait: boolean;
  readonly needs: readonly { readonly role: string; readonly kind: ResourceKind }[];
}

/** A scan as somebody wants it. */
export interface WantedScan {
  readonly injectionStartsAt: Temporal.Instant;
  readonly scanStartsAt: Temporal.Instant;
  readonly cameraId: string;
  readonly injectionRoomId: string;
  readonly injectionTechnologistId: string;
  readonly scanTechnologistId: string;
  readonly earlyTechnologistId?: string | null;
}

export interface WantedStep {
  readonly startsAt: Temporal.Instant;
  readonly resources: { readonly role: string; readonly resourceId: string }[];
}

/** A step of a visit as it is planned. */
export interface PlannedStep {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  readonly resources: readonly { readonly role: string; readonly kind: ResourceKind; readonly id: string }[];
}

/** What of a visit stands with the scan. */
export interface PlacedScan {
  readonly injectionStartsAt: Temporal.Instant;
  readonly injectionEndsAt: Temporal.Instant;
  readonly scanStartsAt: Temporal.Instant;
  readonly scanEndsAt: Temporal.Instant;
  readonly earlyStartsAt: Temporal.Instant | null;
  readonly earlyEndsAt: Temporal.Instant | null;
  readonly cameraId: string;
  readonly injectionRoomId: string;
  readonly injectionTechnologistId: string;
  readonly scanTechnologistId: string;
  /** Null: no early images are taken. */
  readonly earlyTechnologistId: string | null;
}

/** Who injects, where a step has several technologists; the others image. */
const INJECTOR = 'injector';
const TECHNOLOGIST = ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST;

/** Does the camera work at the injection already? Then the visit has early images. */
export function hasEarlyPart(steps: readonly ProtocolStep[]): boolean {
  return steps.slice(0, -1).some(({ needs }) => needs.some(({ kind }) => kind === ResourceKind.CAMERA));
}

/**
 * The steps of the visit: the first at the injection, the last at the acquisition, and what lies between as soon as the
 * protocol lets it. Null: the protocol asks for something that a scan is not told by, so that it is booked as a visit.
 */
export function stepsOfScan(protocol: readonly ProtocolStep[], scan: WantedScan): WantedStep[] | null {
  const steps: WantedStep[] = [];
  let from = scan.injectionStartsAt;
  for (const [at, step] of protocol.entries()) {
    const isLast = at === protocol.length - 1 && at > 0;
    const startsAt = isLast ? scan.scanStartsAt : from.add({ minutes: step.wait?.minMinutes ?? 0 });
    const resources = step.needs.map(({ role, kind }) => ({
      role,
      resourceId: serving(kind, role, isLast, scan),
    }));
    if (step.fillsWait || resources.some(({ resourceId }) => resourceId === null)) return null;
    steps.push({
      startsAt,
      resources: resources.map(({ role, resourceId }) => ({ role, resourceId: resourceId ?? '' })),
    });
    from = startsAt.add({ minutes: step.durationMinutes });
  }
  return steps.length > 1 ? steps : null;
}

function serving(kind: ResourceKind, role: string, isLast: boolean, scan: WantedScan): string | null {
  if (kind === ResourceKind.CAMERA) return scan.cameraId;
  if (kind === ResourceKind.INJECTION_ROOM) return scan.injectionRoomId;
  if (kind !== TECHNOLOGIST) return null;
  if (isLast) return scan.scanTechnologistId;
  return role === INJECTOR
    ? scan.injectionTechnologistId
    : (scan.earlyTechnologistId ?? scan.scanTechnologistId);
}

/** The scan in a visit; null when the visit is none: an injection before an acquisition, one camera, and people for both. */
export function scanOfSteps(steps: readonly PlannedStep[]): PlacedScan | null {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const camera = last.resources.find(({ kind }) => kind === ResourceKind.CAMERA);
  const operator = last.resources.find(({ kind }) => kind === TECHNOLOGIST);
  const injector =
    first.resources.find(({ kind, role }) => kind === TECHNOLOGIST && role === INJECTOR) ??
    first.resources.find(({ kind }) => kind === TECHNOLOGIST);
  if (camera === undefined || operator === undefined || injector === undefined) return null;
  const room = first.resources.find(({ kind }) => kind === ResourceKind.INJECTION_ROOM);
  const early = steps
    .slice(0, -1)
    .filter(({ resources }) => resources.some(({ kind }) => kind === ResourceKind.CAMERA));
  const isElsewhere = ({ kind, id }: { kind: ResourceKind; id: string }) =>
    kind === ResourceKind.CAMERA && id !== camera.id;
  // One study is one entry on one scanner's worklist.
  if (early.some(({ resources }) => resources.some(isElsewhere))) return null;
  const [earlyFirst, earlyLast] = [early[0], early.at(-1)];
  const imager = earlyFirst?.resources.find(({ kind, role }) => kind === TECHNOLOGIST && role !== INJECTOR);
  return {
    injectionStartsAt: first.startsAt,
    injectionEndsAt: first.endsAt,
    scanStartsAt: last.startsAt,
    scanEndsAt: last.endsAt,
    earlyStartsAt: earlyFirst?.startsAt ?? null,
    earlyEndsAt: earlyLast?.endsAt ?? null,
    cameraId: camera.id,
    injectionRoomId: room?.id ?? camera.id,
    injectionTechnologistId: injector.id,
    scanTechnologistId: operator.id,
    earlyTechnologistId: earlyFirst === undefined ? null : (imager?.id ?? operator.id),
  };
}

/**
 * Uptake is counted from the end of what lies before the acquisition, when the tracer is surely in, to its start. Both
 * bounds are allowed (EANM bone scintigraphy guideline 2016: delayed images 2 to 5 hours after the injection).
 */
export function canTakeUp(
  protocol: readonly ProtocolStep[],
  steps: readonly Pick<WantedStep, 'startsAt'>[],
): UptakeOutsideProtocol | null {
  const [before, start] = [steps.at(-2), steps.at(-1)?.startsAt];
  const [stepBefore, wait] = [protocol.at(-2), protocol.at(-1)?.wait];
  if (before === undefined || stepBefore === undefined || start === undefined || !wait) return null;
  const since = before.startsAt.add({ minutes: stepBefore.durationMinutes });
  const earliest = since.add({ minutes: wait.minMinutes });
  const latest = since.add({ minutes: wait.maxMinutes });
  const isInside =
    Temporal.Instant.compare(earliest, start) <= 0 && Temporal.Instant.compare(start, latest) <= 0;
  return isInside
    ? null
    : new UptakeOutsideProtocol(earliest, latest, { min: wait.minMinutes, max: wait.maxMinutes });
}

/** Of a scan that is booked or offered: minutes of uptake before the acquisition. */
export function uptakeMinutes(steps: readonly Pick<PlannedStep, 'startsAt' | 'endsAt'>[]): number {
  const [before, last] = [steps.at(-2), steps.at(-1)];
  return before === undefined || last === undefined ? 0 : before.endsAt.until(last.startsAt).total('minutes');
}
