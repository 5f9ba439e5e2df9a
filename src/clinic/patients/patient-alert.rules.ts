import { AlertKind, AlertSeverity, Role } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { NOTE_CHARACTERS_MAX, readNote } from './note-text.rules.js';

/** Who may know that somebody is to be protected, and from what. */
export const SAFEGUARDING_ROLES: readonly Role[] = [Role.CLINICIAN, Role.MANAGER];

export interface AlertEntry {
  readonly kind: AlertKind;
  readonly text: string;
  readonly fromOn?: string | null;
  readonly untilOn?: string | null;
  readonly visibleTo?: readonly Role[] | null;
}

export interface ReadAlert {
  readonly text: string;
  readonly fromOn: string;
  readonly untilOn: string | null;
  readonly visibleTo: readonly Role[];
}

interface Shown {
  readonly fromOn: string;
  readonly untilOn: string | null;
  readonly endedAt: unknown;
  readonly visibleTo: readonly Role[];
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** An alert as it is kept, or what is wrong with it, field by field. */
export function readAlert(entry: AlertEntry, today: Temporal.PlainDate): ReadAlert | readonly string[] {
  const fromOn = entry.fromOn ?? today.toString();
  const untilOn = entry.untilOn ?? null;
  const text = readNote(entry.text);
  const problems: string[] = [];
  if (!text) problems.push(`text: must say something in at most ${NOTE_CHARACTERS_MAX} ordinary characters.`);
  if (!isDay(fromOn)) problems.push('fromOn: must be a day of the calendar, as YYYY-MM-DD.');
  if (untilOn !== null && !isDay(untilOn))
    problems.push('untilOn: must be a day of the calendar, as YYYY-MM-DD.');
  if (untilOn !== null && untilOn < fromOn) problems.push('untilOn: must not be before fromOn.');
  if (untilOn !== null && untilOn < today.toString()) problems.push('untilOn: must not be in the past.');
  const visibleTo = rolesOf(entry, problems);
  if (!text || problems.length > 0) return problems;
  return { text, fromOn, untilOn, visibleTo };
}

function rolesOf({ kind, visibleTo }: AlertEntry, problems: string[]): readonly Role[] {
  const asked = [...new Set(visibleTo ?? [])];
  if (kind !== AlertKind.SAFEGUARDING) return asked;
  if (asked.length === 0) return SAFEGUARDING_ROLES;
  if (!asked.every((role) => SAFEGUARDING_ROLES.includes(role))) {
    problems.push('visibleTo: a safeguarding alert is for CLINICIAN and MANAGER only.');
  }
  return asked;
}

/** Whether somebody with these roles may see it. */
export function isVisibleTo(alert: Pick<Shown, 'visibleTo'>, roles: readonly Role[]): boolean {
  return alert.visibleTo.length === 0 || alert.visibleTo.some((role) => roles.includes(role));
}

/** Whether it is shown on a day: not before it begins, nor after it ended. */
export function isShown(alert: Omit<Shown, 'visibleTo'>, today: Temporal.PlainDate): boolean {
  const day = today.toString();
  return alert.endedAt === null && alert.fromOn <= day && (alert.untilOn === null || day <= alert.untilOn);
}

const SEVERITY_ORDER: readonly AlertSeverity[] = [
  AlertSeverity.HIGH,
  AlertSeverity.MEDIUM,
  AlertSeverity.LOW,
];

/** The graver first; of the same gravity the older first. */
export function byGravity(
  one: { readonly severity: AlertSeverity; readonly id: string },
  other: { readonly severity: AlertSeverity; readonly id: string },
): number {
  const apart = SEVERITY_ORDER.indexOf(one.severity) - SEVERITY_ORDER.indexOf(other.severity);
  return apart !== 0 ? apart : one.id < other.id ? -1 : 1;
}

const KIND_WORDS: Readonly<Record<AlertKind, string>> = {
  CLINICAL: 'Clinical alert',
  SAFETY: 'Safety alert',
  ADMINISTRATIVE: 'Note',
  SAFEGUARDING: 'Safeguarding',
};

/** The short sentence beside a name. */
export function alertSentence({ kind, text }: { readonly kind: AlertKind; readonly text: string }): string {
  return `${KIND_WORDS[kind]}: ${text}`;
}
