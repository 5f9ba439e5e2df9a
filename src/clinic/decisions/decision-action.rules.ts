import type {
  ActionOutcomeKind,
  DecisionActionKind,
  DecisionActionStatus,
} from '../../platform/database/generated/enums.js';
import { instantOfLocal, Temporal } from '../../platform/time/index.js';

/** What somebody does with an action. */
export type ActionStep = 'CHANGE' | 'START' | 'COMPLETE' | 'CANCEL';

/** When an owner is told, as it is set from a day on. */
export interface ReminderDays {
  readonly remindDaysBefore: number;
  readonly overdueEveryDays: number;
}

/** When people are at their desks. */
const REMIND_AT = Temporal.PlainTime.from('08:00');

const STEPS = {
  OPEN: { CHANGE: 'OPEN', START: 'STARTED', COMPLETE: 'DONE', CANCEL: 'CANCELLED' },
  STARTED: { CHANGE: 'STARTED', START: null, COMPLETE: 'DONE', CANCEL: 'CANCELLED' },
  DONE: { CHANGE: null, START: null, COMPLETE: null, CANCEL: null },
  CANCELLED: { CHANGE: null, START: null, COMPLETE: null, CANCEL: null },
} as const satisfies Record<DecisionActionStatus, Record<ActionStep, DecisionActionStatus | null>>;

/** What an action becomes; null: that cannot be done with it. */
export function nextActionStatus(
  status: DecisionActionStatus,
  step: ActionStep,
): DecisionActionStatus | null {
  return STEPS[status][step];
}

/** Something is done to the patient: it waits for their own word. */
export function needsAgreement(kind: DecisionActionKind): boolean {
  return kind === 'SCAN_REQUEST' || kind === 'TREATMENT_REQUEST' || kind === 'PHYSIOTHERAPY_SERIES';
}

export function isActionOverdue(
  { status, dueOn }: { readonly status: DecisionActionStatus; readonly dueOn: Temporal.PlainDate },
  today: Temporal.PlainDate,
): boolean {
  return (status === 'OPEN' || status === 'STARTED') && Temporal.PlainDate.compare(dueOn, today) < 0;
}

/**
 * When its owner is told next: once before it is due, on the day after it, and from then on again and again until it is
 * settled. `remindedOn` is when they were told last since owner and day were set.
 */
export function tellNextAt(
  {
    dueOn,
    remindedOn,
  }: { readonly dueOn: Temporal.PlainDate; readonly remindedOn: Temporal.PlainDate | null },
  { remindDaysBefore, overdueEveryDays }: ReminderDays,
  timeZone: string,
): Temporal.Instant {
  const day =
    remindedOn === null
      ? dueOn.subtract({ days: remindDaysBefore })
      : lateDay(dueOn, remindedOn, overdueEveryDays);
  return instantOfLocal(day.toPlainDateTime(REMIND_AT), timeZone);
}

function lateDay(dueOn: Temporal.PlainDate, told: Temporal.PlainDate, everyDays: number): Temporal.PlainDate {
  const isToldBefore = Temporal.PlainDate.compare(told, dueOn) <= 0;
  return isToldBefore ? dueOn.add({ days: 1 }) : told.add({ days: everyDays });
}

/** The row that holds on a day: the latest of those begun by then; before the first of all, the first. */
export function policyOn<Policy extends { readonly effectiveFrom: string }>(
  policies: readonly Policy[],
  day: Temporal.PlainDate,
): Policy | null {
  const inOrder = policies.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const begun = inOrder.filter(({ effectiveFrom }) => effectiveFrom <= day.toString());
  return begun.at(-1) ?? inOrder[0] ?? null;
}

/** The parts of which an action needs one, by what it is to make. */
export const ACTION_PARTS = ['scan', 'treatment', 'visits', 'letter'] as const;
export type ActionPart = (typeof ACTION_PARTS)[number];

const PART_OF_KIND = {
  SCAN_REQUEST: 'scan',
  TREATMENT_REQUEST: 'treatment',
  PHYSIOTHERAPY_SERIES: 'visits',
  LETTER: 'letter',
  OTHER: null,
} as const satisfies Record<DecisionActionKind, ActionPart | null>;

/** What is wrong with the parts that were sent, in a sentence; null: an action of this kind can be started with them. */
export function faultOfParts(kind: DecisionActionKind, sent: readonly ActionPart[]): string | null {
  const needed = PART_OF_KIND[kind];
  const other = sent.find((part) => part !== needed);
  if (other !== undefined) return `${other}: an action of the kind ${kind} makes no such thing.`;
  return needed === null || sent.includes(needed)
    ? null
    : `${needed}: an action of the kind ${kind} needs it.`;
}

/** What was made, as it stands in the room that owns it. */
export interface OutcomeFacts {
  readonly kind: ActionOutcomeKind;
  /** Its own state. */
  readonly state: string;
  /** States of the visits that it led to. */
  readonly visitStates: readonly string[];
}

/** States of what an action has made in which nothing more comes of it. */
const SETTLED = {
  IMAGING_REQUEST: ['REJECTED', 'WITHDRAWN', 'LAPSED'],
  TREATMENT: ['DONE', 'DECLINED', 'CANCELLED', 'ABANDONED'],
  VISIT_REQUEST: ['CLOSED'],
  DECISION_LETTER: ['APPROVED', 'DISCARDED'],
} as const satisfies Record<ActionOutcomeKind, readonly string[]>;

/** States of a visit in which somebody has still to come. */
const VISIT_AHEAD: readonly string[] = ['HELD', 'BOOKED', 'ARRIVED', 'IN_PROGRESS'];

/** Nothing more comes of it: it was done, or will not be. A request for visits is, once it is booked and they are over. */
export function isOutcomeSettled({ kind, state, visitStates }: OutcomeFacts): boolean {
  const settled: readonly string[] = SETTLED[kind];
  if (settled.includes(state)) return true;
  const isVisited = visitStates.length > 0 && !visitStates.some((visit) => VISIT_AHEAD.includes(visit));
  return isVisited && (kind === 'VISIT_REQUEST' ? state === 'BOOKED' : kind === 'IMAGING_REQUEST');
}
