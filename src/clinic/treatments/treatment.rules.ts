import {
  TreatmentAgentKind,
  TreatmentAspect,
  TreatmentGuidance,
  TreatmentKind,
  TreatmentStatus,
  VisitStatus,
} from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import { TreatmentChanged, TreatmentStandsOtherwise } from './treatment.refusals.js';

/**
 * How long a safety pause holds. Recalled, to be confirmed by the clinic: nothing may happen in between that makes what was
 * read out wrong again. The database holds the same bound.
 */
export const PAUSE_HOLDS_MINUTES = 15;

/** Of a slow clock: a moment that lies a little ahead is now. */
export const CLOCK_SLACK_SECONDS = 60;

/** The kind of visit that each is booked as, by its code. */
export const PROCEDURE_CODES = {
  FACET_JOINT_INJECTION: 'FACET_INJECTION',
  MEDIAL_BRANCH_BLOCK: 'MEDIAL_BRANCH_BLOCK',
  SACRO_ILIAC_INJECTION: 'SACRO_ILIAC_INJECTION',
  RADIOFREQUENCY_DENERVATION: 'RADIOFREQUENCY_DENERVATION',
  OTHER: 'OTHER_PROCEDURE',
} as const satisfies Record<TreatmentKind, string>;

/** Visits that are still to come, or under way: those that a treatment may be booked for. */
export const LIVE_VISITS: ReadonlySet<VisitStatus> = new Set([
  VisitStatus.BOOKED,
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
]);

export type TreatmentAction =
  | 'plan'
  | 'book'
  | 'decline'
  | 'cancel'
  | 'pause'
  | 'start'
  | 'record'
  | 'correct'
  | 'addComplication';

/** What may be done where, and where it leads. `record` leads to ABANDONED when it was broken off. */
export const TREATMENT_MOVES = {
  REQUESTED: {
    plan: TreatmentStatus.PLANNED,
    book: TreatmentStatus.REQUESTED,
    decline: TreatmentStatus.DECLINED,
    cancel: TreatmentStatus.CANCELLED,
  },
  PLANNED: {
    plan: TreatmentStatus.PLANNED,
    book: TreatmentStatus.PLANNED,
    decline: TreatmentStatus.DECLINED,
    cancel: TreatmentStatus.CANCELLED,
    pause: TreatmentStatus.PLANNED,
    start: TreatmentStatus.IN_PROGRESS,
  },
  IN_PROGRESS: { record: TreatmentStatus.DONE, addComplication: TreatmentStatus.IN_PROGRESS },
  DONE: { correct: TreatmentStatus.DONE, addComplication: TreatmentStatus.DONE },
  DECLINED: {},
  CANCELLED: {},
  ABANDONED: { correct: TreatmentStatus.ABANDONED, addComplication: TreatmentStatus.ABANDONED },
} as const satisfies Record<TreatmentStatus, Partial<Record<TreatmentAction, TreatmentStatus>>>;

export function allowedTreatmentActions(status: TreatmentStatus): readonly string[] {
  return Object.keys(TREATMENT_MOVES[status]);
}

/** Whether an action may be done with a treatment as it stands, by somebody who has seen `seen`; null: it may. */
export function canTreatment(
  treatment: { readonly status: TreatmentStatus; readonly version: number },
  action: TreatmentAction,
  seen: number | null = null,
): Refusal | null {
  if (!Object.hasOwn(TREATMENT_MOVES[treatment.status], action)) {
    return new TreatmentStandsOtherwise(treatment.status);
  }
  return seen === null || seen === treatment.version ? null : new TreatmentChanged(treatment.version);
}

/** Whether it is seen by X-rays. */
export function isExposure(guidance: TreatmentGuidance): boolean {
  return guidance === TreatmentGuidance.FLUOROSCOPY || guidance === TreatmentGuidance.CT;
}

/** What has to be looked at: by whom plans, and again at the pause. */
export function aspectsAskedOf(of: {
  readonly kind: TreatmentKind;
  readonly guidance: TreatmentGuidance;
  readonly hasSteroid: boolean;
}): readonly TreatmentAspect[] {
  return [
    TreatmentAspect.ANTICOAGULANT,
    TreatmentAspect.ALLERGY,
    TreatmentAspect.INFECTION,
    ...(of.kind === TreatmentKind.RADIOFREQUENCY_DENERVATION ? [TreatmentAspect.CARDIAC_IMPLANT] : []),
    ...(of.hasSteroid ? [TreatmentAspect.DIABETES] : []),
    ...(isExposure(of.guidance) ? [TreatmentAspect.PREGNANCY] : []),
  ];
}

export const ASPECT_WORDS = {
  ANTICOAGULANT: 'medicines that thin the blood',
  ALLERGY: 'allergies',
  INFECTION: 'infection',
  CARDIAC_IMPLANT: 'a pacemaker or another implant',
  DIABETES: 'diabetes',
  PREGNANCY: 'pregnancy',
} as const satisfies Record<TreatmentAspect, string>;

/** Until when a treatment may start after a pause. */
export function pauseHoldsUntil(heldAt: Temporal.Instant): Temporal.Instant {
  return heldAt.add({ minutes: PAUSE_HOLDS_MINUTES });
}

export function doesPauseHold(heldAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return (
    Temporal.Instant.compare(heldAt, now) <= 0 && Temporal.Instant.compare(now, pauseHoldsUntil(heldAt)) <= 0
  );
}

/** A text as it is kept. */
export function someText(text: string): string {
  return text.normalize('NFC').trim();
}

export function someTextOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : someText(text);
}

/** A dose as milligrams of methylprednisolone; null: it is no steroid, or nobody has said how much. */
export function steroidOf(doseMg: number | null, factor: number | null): number | null {
  return doseMg === null || factor === null ? null : Math.round(doseMg * factor * 100) / 100;
}

/** The steroid of a plan; null: somebody has still to say how much of one. */
export function steroidPlanned(
  agents: readonly { readonly agentKind: TreatmentAgentKind; readonly steroidMg: number | null }[],
): number | null {
  const steroids = agents.filter(({ agentKind }) => agentKind === TreatmentAgentKind.STEROID);
  return steroids.reduce<number | null>(
    (sum, { steroidMg }) => (sum === null || steroidMg === null ? null : sum + steroidMg),
    0,
  );
}
