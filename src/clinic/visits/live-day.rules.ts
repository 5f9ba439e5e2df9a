import { localDate, Temporal } from '../../platform/time/index.js';

/** What the database tells of a change of a visit (trigger visit_revisions_told). */
export interface ToldChange {
  readonly visitId: string;
  readonly version: number;
  readonly startsAt: Temporal.Instant;
  /** Null: the visit is new. */
  readonly wasStartingAt: Temporal.Instant | null;
  readonly siteCode: string;
  /** Null: the visit is new, or the database does not say. */
  readonly wasSiteCode: string | null;
}

/** The change that a notification tells of; null when it cannot be read, so that nobody knows what has changed. */
export function readToldChange(payload: string): ToldChange | null {
  try {
    const { visitId, version, startsAt, wasStartingAt, siteCode, wasSiteCode } = Object(JSON.parse(payload));
    if (typeof visitId !== 'string' || typeof siteCode !== 'string' || !Number.isInteger(version))
      return null;
    return {
      visitId,
      version,
      startsAt: Temporal.Instant.from(startsAt),
      wasStartingAt: typeof wasStartingAt === 'string' ? Temporal.Instant.from(wasStartingAt) : null,
      siteCode,
      wasSiteCode: typeof wasSiteCode === 'string' ? wasSiteCode : null,
    };
  } catch {
    return null;
  }
}

/** What the database tells of a change of what is open: nobody's visit, and perhaps many days. */
export interface ToldDays {
  /** Local dates, both included. */
  readonly firstOn: string;
  /** Null: and every day after it. */
  readonly lastOn: string | null;
  /** Null: at several sites, or at all. */
  readonly siteCode: string | null;
}

/** The days that a notification tells of; null when it tells of something else, or cannot be read. */
export function readToldDays(payload: string): ToldDays | null {
  try {
    const { firstOn, lastOn, siteCode } = Object(JSON.parse(payload));
    const isSite = siteCode === null || typeof siteCode === 'string';
    if (!isDay(firstOn) || !(lastOn === null || isDay(lastOn)) || !isSite) return null;
    return { firstOn, lastOn, siteCode };
  } catch {
    return null;
  }
}

const isDay = (text: unknown): text is string => typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** Whether somebody who looks at a day, at one site or at all (null), sees a difference. */
export function concernsDay(told: ToldDays, date: string, siteCode: string | null): boolean {
  const isDayOfIt = told.firstOn <= date && (told.lastOn === null || date <= told.lastOn);
  return isDayOfIt && (siteCode === null || told.siteCode === null || siteCode === told.siteCode);
}

/** The local days whose boards look different now: where the visit is, and where it was. */
export function daysOf(change: ToldChange, timeZone: string): readonly string[] {
  const moments = [change.startsAt, change.wasStartingAt].filter((moment) => moment !== null);
  return [...new Set(moments.map((moment) => localDate(moment, timeZone).toString()))];
}

/** Whether somebody who looks at one site, or at all of them (null), sees a difference. */
export function concernsSite(change: ToldChange, siteCode: string | null): boolean {
  return siteCode === null || siteCode === change.siteCode || siteCode === change.wasSiteCode;
}
