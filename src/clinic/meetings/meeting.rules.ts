import {
  type Discipline,
  type MeetingCaseStatus,
  MeetingStatus,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

export const MeetingAction = {
  BEGIN: 'BEGIN',
  CLOSE: 'CLOSE',
  CANCEL: 'CANCEL',
  CLOSE_AGENDA: 'CLOSE_AGENDA',
} as const;
export type MeetingAction = (typeof MeetingAction)[keyof typeof MeetingAction];

/** What a meeting may become, by what is done with it. */
export const MEETING_STEPS = {
  PLANNED: { CLOSE_AGENDA: 'AGENDA_CLOSED', CANCEL: 'CANCELLED' },
  AGENDA_CLOSED: { BEGIN: 'IN_SESSION', CANCEL: 'CANCELLED' },
  IN_SESSION: { CLOSE: 'CLOSED' },
  CLOSED: {},
  CANCELLED: {},
} as const satisfies Record<MeetingStatus, Partial<Record<MeetingAction, MeetingStatus>>>;

export const CaseAction = {
  PREPARE: 'PREPARE',
  LIST: 'LIST',
  BEGIN: 'BEGIN',
  END: 'END',
  DEFER: 'DEFER',
  WITHDRAW: 'WITHDRAW',
} as const;
export type CaseAction = (typeof CaseAction)[keyof typeof CaseAction];

/** What a case may become. Beginning to discuss it leaves it on the list until the discussion ends. */
export const CASE_STEPS = {
  PROPOSED: { PREPARE: 'PROPOSED', LIST: 'LISTED', WITHDRAW: 'WITHDRAWN' },
  LISTED: { PREPARE: 'LISTED', BEGIN: 'LISTED', END: 'DISCUSSED', DEFER: 'DEFERRED', WITHDRAW: 'WITHDRAWN' },
  DEFERRED: { PREPARE: 'DEFERRED', LIST: 'LISTED', WITHDRAW: 'WITHDRAWN' },
  DISCUSSED: {},
  WITHDRAWN: {},
} as const satisfies Record<MeetingCaseStatus, Partial<Record<CaseAction, MeetingCaseStatus>>>;

/** While the team discusses a case only the end of the discussion can follow. */
const DURING_DISCUSSION: readonly CaseAction[] = [CaseAction.END];
const BEFORE_DISCUSSION: readonly CaseAction[] = [
  CaseAction.PREPARE,
  CaseAction.LIST,
  CaseAction.BEGIN,
  CaseAction.DEFER,
  CaseAction.WITHDRAW,
];

interface MeetingTimes {
  readonly status: MeetingStatus;
  readonly agendaClosesAt: Temporal.Instant;
}

/** The list is closed from its hour on, whether or not anybody has written that down yet. */
export function statusAt({ status, agendaClosesAt }: MeetingTimes, now: Temporal.Instant): MeetingStatus {
  const isDue = Temporal.Instant.compare(agendaClosesAt, now) <= 0;
  return status === MeetingStatus.PLANNED && isDue ? MeetingStatus.AGENDA_CLOSED : status;
}

export function nextMeetingStatus(status: MeetingStatus, action: MeetingAction): MeetingStatus | null {
  const steps: Partial<Record<MeetingAction, MeetingStatus>> = MEETING_STEPS[status];
  return steps[action] ?? null;
}

interface CaseState {
  readonly status: MeetingCaseStatus;
  readonly isUnderDiscussion: boolean;
}

export function nextCaseStatus(
  { status, isUnderDiscussion }: CaseState,
  action: CaseAction,
): MeetingCaseStatus | null {
  const possible = isUnderDiscussion ? DURING_DISCUSSION : BEFORE_DISCUSSION;
  if (!possible.includes(action)) return null;
  const steps: Partial<Record<CaseAction, MeetingCaseStatus>> = CASE_STEPS[status];
  return steps[action] ?? null;
}

export function allowedCaseActions(state: CaseState): readonly CaseAction[] {
  return Object.values(CaseAction).filter((action) => nextCaseStatus(state, action) !== null);
}

/** From when to when somebody of a discipline was there; `leftAt` null: still. */
export interface Spell {
  readonly discipline: Discipline;
  readonly joinedAt: Temporal.Instant;
  readonly leftAt: Temporal.Instant | null;
}

export interface Quorum {
  readonly required: readonly Discipline[];
  /** Those of which somebody was there all the time, one person after the other or one for the whole of it. */
  readonly present: readonly Discipline[];
  readonly isMet: boolean;
}

/** Whether at every moment of [from, to] at least one of these spells runs. */
export function isCovered(
  spells: readonly Omit<Spell, 'discipline'>[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): boolean {
  const { compare } = Temporal.Instant;
  const inOrder = spells.toSorted((a, b) => compare(a.joinedAt, b.joinedAt));
  let reached: Temporal.Instant | null = null;
  for (const { joinedAt, leftAt } of inOrder) {
    if (compare(joinedAt, reached ?? from) > 0) return false;
    if (leftAt === null) return true;
    // Whoever left before it began says nothing of it.
    if (compare(leftAt, from) <= 0) continue;
    if (reached === null || compare(leftAt, reached) > 0) reached = leftAt;
    if (compare(reached, to) >= 0) return true;
  }
  return false;
}

/** Who has to be there and who was, from the beginning of a discussion to its end. */
export function quorumOf(
  required: readonly Discipline[],
  spells: readonly Spell[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Quorum {
  const there = [...new Set(spells.map(({ discipline }) => discipline))].filter((discipline) =>
    isCovered(
      spells.filter((spell) => spell.discipline === discipline),
      from,
      to,
    ),
  );
  return {
    required,
    present: there.toSorted(),
    isMet: required.every((discipline) => there.includes(discipline)),
  };
}

/** Whether somebody was there at any moment of [from, to]. */
export function wasThere(
  { joinedAt, leftAt }: Omit<Spell, 'discipline'>,
  from: Temporal.Instant,
  to: Temporal.Instant,
): boolean {
  const { compare } = Temporal.Instant;
  return compare(joinedAt, to) <= 0 && (leftAt === null || compare(leftAt, from) > 0);
}
