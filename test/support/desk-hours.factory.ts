import type { DeskHours } from '../../src/platform/time/index.js';

/** A desk in London that is open from Monday to Friday, by the same hours every day. */
export function deskOpen(opens: string, closes: string, holidays: readonly string[] = []): DeskHours {
  const week = [1, 2, 3, 4, 5].map((isoWeekday) => ({ isoWeekday, opens, closes }));
  return { timeZone: 'Europe/London', week, holidays: new Set(holidays) };
}
