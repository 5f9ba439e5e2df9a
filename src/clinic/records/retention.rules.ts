import type { RecordClass, RetentionTrigger } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** Who is under this age at the trigger is a child to the rules. */
const ADULT_YEARS = 18;
/** A child's record is kept to this birthday … */
const CHILD_KEPT_TO_YEARS = 25;
/** … and that of somebody who was 17 to the one after: the last of childhood, then eight years as of any adult. */
const SEVENTEEN_KEPT_TO_YEARS = 26;

type PlainDate = Temporal.PlainDate;

/** A dated rule as it stands. */
export interface RuleRow {
  readonly id: string;
  readonly recordClass: RecordClass;
  readonly trigger: RetentionTrigger;
  readonly effectiveFrom: PlainDate;
  readonly years: number;
  readonly months: number;
  readonly childRule: boolean;
}

/** From what a period may run. */
export interface RecordDates {
  readonly createdOn: PlainDate;
  readonly lastContactOn: PlainDate | null;
  readonly treatmentEndedOn: PlainDate | null;
}

/** Whose record it is; both null for a record of nobody who is registered. */
export interface Lifetime {
  readonly dateOfBirth: PlainDate | null;
  readonly diedOn: PlainDate | null;
}

/** The day from which a record may go, and why. */
export interface DueDate {
  readonly ruleId: string;
  readonly recordClass: RecordClass;
  readonly trigger: RetentionTrigger;
  readonly triggerOn: PlainDate;
  readonly dueOn: PlainDate;
}

/** What is to be done about a record on a day. */
export type Judgement =
  | { readonly kind: 'NOT_DUE'; readonly code: 'NO_RULE' | 'NOT_DUE'; readonly due: DueDate | null }
  | { readonly kind: 'HELD'; readonly code: string; readonly holdId: string | null; readonly due: DueDate }
  | { readonly kind: 'DUE'; readonly due: DueDate };

/** Of each class and trigger the latest that is in force on that day. */
export function rulesInForce<Row extends RuleRow>(rules: readonly Row[], asOf: PlainDate): readonly Row[] {
  const latest = new Map<string, Row>();
  for (const rule of rules) {
    if (isAfter(rule.effectiveFrom, asOf)) continue;
    const key = `${rule.recordClass} ${rule.trigger}`;
    const known = latest.get(key);
    if (known === undefined || isAfter(rule.effectiveFrom, known.effectiveFrom)) latest.set(key, rule);
  }
  return [...latest.values()];
}

/** A birthday. Who was born on 29 February has it on 1 March in other years, the later of the two readings. */
export function birthday(dateOfBirth: PlainDate, years: number): PlainDate {
  return afterPeriod(dateOfBirth, years, 0);
}

/** Full years on that day. */
export function ageOn(dateOfBirth: PlainDate, day: PlainDate): number {
  const years = day.year - dateOfBirth.year;
  return isAfter(birthday(dateOfBirth, years), day) ? years - 1 : years;
}

/** The day that ends a period. Where the month has no such day, the first of the next: never a day too short. */
export function afterPeriod(from: PlainDate, years: number, months: number): PlainDate {
  const reached = from.add({ years, months });
  return reached.day < from.day ? reached.add({ days: 1 }) : reached;
}

/**
 * When a record of one class may go. Of several triggers the longest wins; what a DEATH rule says ends a longer period of
 * somebody who has died. Null: no rule of the class is in force.
 */
export function dueOfClass(
  recordClass: RecordClass,
  rules: readonly RuleRow[],
  dates: RecordDates,
  life: Lifetime,
): DueDate | null {
  const own = rules.filter((rule) => rule.recordClass === recordClass);
  const running = own.flatMap((rule) => dueByRule(rule, dates, life) ?? []);
  const longest = latestOf(running);
  const death = latestOf(own.flatMap((rule) => dueByDeath(rule, life) ?? []));
  if (longest === null || death === null) return longest;
  return isAfter(longest.dueOn, death.dueOn) ? death : longest;
}

/** When a record that belongs to several classes may go: the longest wins. Null: one of them has no rule. */
export function dueOf(
  classes: readonly RecordClass[],
  rules: readonly RuleRow[],
  dates: RecordDates,
  life: Lifetime,
): DueDate | null {
  const due = classes.map((recordClass) => dueOfClass(recordClass, rules, dates, life));
  const known = due.filter((one) => one !== null);
  return known.length < classes.length ? null : latestOf(known);
}

/** The record on a day: not due, due but held back, or due. `holdId`: a legal hold; `keptBecause`: a room's own reason. */
export function judge(
  due: DueDate | null,
  asOf: PlainDate,
  against: { readonly holdId: string | null; readonly keptBecause: string | null },
): Judgement {
  if (due === null) return { kind: 'NOT_DUE', code: 'NO_RULE', due };
  if (isAfter(due.dueOn, asOf)) return { kind: 'NOT_DUE', code: 'NOT_DUE', due };
  if (against.holdId !== null) return { kind: 'HELD', code: 'LEGAL_HOLD', holdId: against.holdId, due };
  if (against.keptBecause !== null) return { kind: 'HELD', code: against.keptBecause, holdId: null, due };
  return { kind: 'DUE', due };
}

/** The shortest way from a record's beginning to its end under these rules: what was made since cannot be due. */
export function createdUntil(
  classes: readonly RecordClass[],
  rules: readonly RuleRow[],
  asOf: PlainDate,
): PlainDate {
  const months = rules
    .filter(({ recordClass }) => classes.includes(recordClass))
    .map((rule) => rule.years * 12 + rule.months);
  return asOf.subtract({ months: months.length === 0 ? 0 : Math.min(...months) });
}

/** The later of two days, either of which may be missing. */
export function later(a: PlainDate | null, b: PlainDate | null): PlainDate | null {
  if (a === null || b === null) return a ?? b;
  return isAfter(a, b) ? a : b;
}

function dueByRule(rule: RuleRow, dates: RecordDates, { dateOfBirth }: Lifetime): DueDate | null {
  const triggerOn = triggerOf(rule.trigger, dates);
  if (triggerOn === null) return null;
  const full = afterPeriod(triggerOn, rule.years, rule.months);
  const child = rule.childRule && dateOfBirth !== null ? childDue(dateOfBirth, triggerOn) : null;
  return { ...said(rule), triggerOn, dueOn: later(full, child) ?? full };
}

function dueByDeath(rule: RuleRow, { diedOn }: Lifetime): DueDate | null {
  if (rule.trigger !== 'DEATH' || diedOn === null) return null;
  return { ...said(rule), triggerOn: diedOn, dueOn: afterPeriod(diedOn, rule.years, rule.months) };
}

/** What has not happened, as far as anybody knows, gives way to the last thing that has. */
function triggerOf(trigger: RetentionTrigger, dates: RecordDates): PlainDate | null {
  const { createdOn, lastContactOn, treatmentEndedOn } = dates;
  switch (trigger) {
    case 'CREATED':
      return createdOn;
    case 'LAST_CONTACT':
      return lastContactOn ?? createdOn;
    case 'END_OF_TREATMENT':
      return treatmentEndedOn ?? lastContactOn ?? createdOn;
    case 'DEATH':
      return null;
  }
}

function childDue(dateOfBirth: PlainDate, triggerOn: PlainDate): PlainDate | null {
  const age = ageOn(dateOfBirth, triggerOn);
  if (age >= ADULT_YEARS) return null;
  return birthday(dateOfBirth, age === ADULT_YEARS - 1 ? SEVENTEEN_KEPT_TO_YEARS : CHILD_KEPT_TO_YEARS);
}

function said({ id, recordClass, trigger }: RuleRow): Pick<DueDate, 'ruleId' | 'recordClass' | 'trigger'> {
  return { ruleId: id, recordClass, trigger };
}

function latestOf(due: readonly DueDate[]): DueDate | null {
  return due.reduce<DueDate | null>(
    (latest, one) => (latest === null || isAfter(one.dueOn, latest.dueOn) ? one : latest),
    null,
  );
}

function isAfter(a: PlainDate, b: PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) > 0;
}
