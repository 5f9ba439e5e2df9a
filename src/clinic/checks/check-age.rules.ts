import type { Temporal } from '../../platform/time/index.js';

/** Ages in completed years, both included: the twelfth birthday is inside of 12 to 55, the fifty-sixth is not. */
export interface AgeRange {
  readonly ageFrom: number;
  readonly ageTo: number;
}

/** Completed years on a day. Who was born on 29 February is a year older on 1 March where there is no such day. */
export function ageOn(dateOfBirth: Temporal.PlainDate, on: Temporal.PlainDate): number {
  const hadBirthday =
    on.month > dateOfBirth.month || (on.month === dateOfBirth.month && on.day >= dateOfBirth.day);
  return on.year - dateOfBirth.year - (hadBirthday ? 0 : 1);
}

/** Whether somebody is asked on a day. */
export function isAsked(
  { ageFrom, ageTo }: AgeRange,
  dateOfBirth: Temporal.PlainDate,
  on: Temporal.PlainDate,
): boolean {
  const age = ageOn(dateOfBirth, on);
  return ageFrom <= age && age <= ageTo;
}
