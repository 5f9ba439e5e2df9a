import { Inject, Injectable } from '@nestjs/common';
import EnglishHolidays from 'date-holidays';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  type DeskHours,
  dateFromInstant,
  dateFromPlainDate,
  type Holidays,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ONE_PLANNER_AT_ONCE } from './calendar.queries.js';
import { DeskHoursAlreadySet, DeskHoursInThePast } from './calendar.refusals.js';
import { faultOfDeskWeek, timeOfText } from './calendar.rules.js';
import {
  type BankHoliday,
  type DeskHoursFromDay,
  type SetDeskHoursInput,
  toBankHoliday,
  toDeskHours,
} from './calendar.type.js';

/** The Bank Holidays Act was made in 1871; no diary is open beyond 2200. */
const YEAR_FIRST = 1871;
const YEAR_LAST = 2200;
/** More years at once than a diary can use are a typing mistake. */
const YEARS_MAX = 30;
/** How far ahead desk hours know their holidays: no deadline in desk hours is a year away. */
const DESK_HOLIDAYS_AHEAD_DAYS = 400;

type HolidayReader = Pick<Tx, 'bankHoliday'>;
type DeskReader = Pick<Tx, 'bankHoliday' | 'deskWeek'>;

/** What a refresh of the bank holidays changed. */
export interface BankHolidayChanges {
  readonly added: readonly Temporal.PlainDate[];
  readonly removed: readonly Temporal.PlainDate[];
  /** None of these was known before: the first that the clinic knows. */
  readonly isFirst: boolean;
}

/** Days and hours that are the same for everything the clinic does: bank holidays, and when somebody is at the desk. */
@Injectable()
export class CalendarService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Of the clinic's wall clock. */
  get timeZone(): string {
    return this.config.clinicTimeZone;
  }

  /** Bank holidays from one day to another, both included. */
  async holidays(
    client: HolidayReader,
    from: Temporal.PlainDate,
    until: Temporal.PlainDate,
  ): Promise<Holidays> {
    const rows = await client.bankHoliday.findMany({
      where: { heldOn: { gte: dateFromPlainDate(from), lte: dateFromPlainDate(until) } },
      select: { heldOn: true },
    });
    return new Set(rows.map(({ heldOn }) => plainDateFromDate(heldOn).toString()));
  }

  /** Desk hours for whatever counts from that moment on, with the weeks and the holidays of the year after it. */
  async deskHours(client: DeskReader, from: Temporal.Instant): Promise<DeskHours> {
    const timeZone = this.config.clinicTimeZone;
    const day = localDate(from, timeZone);
    const rows = await client.deskWeek.findMany({
      include: { spans: true },
      orderBy: { effectiveFrom: 'asc' },
    });
    const weeks = rows.map((row) => ({
      from: plainDateFromDate(row.effectiveFrom),
      week: toDeskHours(row).week,
    }));
    const isToCome = (week: { readonly from: Temporal.PlainDate }) =>
      Temporal.PlainDate.compare(week.from, day) > 0;
    return {
      timeZone,
      week: weeks.findLast((week) => !isToCome(week))?.week ?? [],
      weeksToCome: weeks.filter(isToCome),
      holidays: await this.holidays(client, day, day.add({ days: DESK_HOLIDAYS_AHEAD_DAYS })),
    };
  }

  /** Of a year, in order. */
  async bankHolidays(year: number): Promise<readonly BankHoliday[]> {
    if (year < YEAR_FIRST || year > YEAR_LAST)
      throw badInput(`year: must be from ${YEAR_FIRST} to ${YEAR_LAST}.`);
    const rows = await this.database.client.bankHoliday.findMany({
      where: { heldOn: { gte: firstDayOf(year), lt: firstDayOf(year + 1) } },
      orderBy: { heldOn: 'asc' },
    });
    return rows.map(toBankHoliday);
  }

  /**
   * Makes the rows of these years, both included, what the calendar of England says, substitute days included. Doing
   * it twice changes nothing. Rows, so that the calendar is the same whatever a library later thinks.
   */
  async refreshBankHolidays(tx: Tx, fromYear: number, toYear: number): Promise<BankHolidayChanges> {
    if (toYear < fromYear || toYear - fromYear >= YEARS_MAX) {
      throw badInput(`Give 1 to ${YEARS_MAX} years, the first one first.`);
    }
    const days = holidaysOfEngland(fromYear, toYear);
    const heldOn = {
      gte: firstDayOf(fromYear),
      lt: firstDayOf(toYear + 1),
      notIn: days.map((day) => day.heldOn),
    };
    const stale = await tx.bankHoliday.findMany({ where: { heldOn }, select: { heldOn: true } });
    await tx.bankHoliday.deleteMany({ where: { heldOn } });
    const known = await tx.bankHoliday.findMany({ where: { heldOn: { in: days.map((day) => day.heldOn) } } });
    const before = new Set(known.map((row) => row.heldOn.getTime()));
    const added = days.filter((day) => !before.has(day.heldOn.getTime()));
    await tx.bankHoliday.createMany({ data: added, skipDuplicates: true });
    return {
      added: added.map((day) => plainDateFromDate(day.heldOn)),
      removed: stale.map((row) => plainDateFromDate(row.heldOn)),
      isFirst: known.length === 0,
    };
  }

  /** The hours that hold on a day; today when none is said. Throws NOT_FOUND before the first. */
  async deskHoursOn(on: string | null): Promise<DeskHoursFromDay> {
    const day = on === null ? this.#today() : Temporal.PlainDate.from(on);
    const row = await this.database.client.deskWeek.findFirst({
      where: { effectiveFrom: { lte: dateFromPlainDate(day) } },
      include: { spans: true },
      orderBy: { effectiveFrom: 'desc' },
    });
    if (row === null) throw notFound('desk hours');
    return toDeskHours(row);
  }

  /**
   * New hours from a day on. Hours that have begun are never rewritten; those that are still to come are replaced.
   * Whatever is running already keeps the deadline that it was given.
   */
  async setDeskHours(
    actor: Actor,
    input: SetDeskHoursInput,
  ): Promise<DeskHoursFromDay | DeskHoursInThePast | DeskHoursAlreadySet> {
    const fault = faultOfDeskWeek(input.week);
    if (fault !== null) throw badInput(fault);
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const today = this.#today();
    if (Temporal.PlainDate.compare(from, today) < 0) return new DeskHoursInThePast(today.toString());
    return this.database.transaction<DeskHoursFromDay | DeskHoursAlreadySet>(async (tx) => {
      const before = await this.#planned(tx, from);
      if (before !== null && from.equals(today)) return new DeskHoursAlreadySet();
      const after = await this.#writeWeek(tx, actor, input);
      await this.audit.record(tx, actor, {
        action: 'desk-hours.set',
        subjectType: 'desk-hours',
        subjectId: after.effectiveFrom,
        ...(before === null ? {} : { before }),
        after,
      });
      return after;
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  /** The hours from that very day; of two who plan them at once one comes after the other, and sees what the first did. */
  async #planned(tx: Tx, from: Temporal.PlainDate): Promise<DeskHoursFromDay | null> {
    const effectiveFrom = dateFromPlainDate(from);
    await tx.$queryRawUnsafe(ONE_PLANNER_AT_ONCE);
    const row = await tx.deskWeek.findUnique({ where: { effectiveFrom }, include: { spans: true } });
    return row === null ? null : toDeskHours(row);
  }

  async #writeWeek(tx: Tx, actor: Actor, input: SetDeskHoursInput): Promise<DeskHoursFromDay> {
    const effectiveFrom = dateFromPlainDate(Temporal.PlainDate.from(input.effectiveFrom));
    await tx.deskSpan.deleteMany({ where: { effectiveFrom } });
    const said = { reason: input.reason, setAt: dateFromInstant(this.clock.now()), setById: actor.id };
    const spans = {
      create: input.week.map((span) => ({
        isoWeekday: span.isoWeekday,
        opensAt: timeOfText(span.opens),
        closesAt: timeOfText(span.closes),
      })),
    };
    const row = await tx.deskWeek.upsert({
      where: { effectiveFrom },
      create: { effectiveFrom, ...said, spans },
      update: { ...said, spans },
      include: { spans: true },
    });
    return toDeskHours(row);
  }
}

function holidaysOfEngland(fromYear: number, toYear: number): { heldOn: Date; name: string }[] {
  const england = new EnglishHolidays('GB', 'ENG', { languages: ['en'] });
  const byDay = new Map<string, string>();
  for (let year = fromYear; year <= toYear; year += 1) {
    for (const holiday of england.getHolidays(year)) {
      // Its date is local text, `2026-12-28 00:00:00`; only the day matters.
      if (holiday.type === 'public') byDay.set(holiday.date.slice(0, 10), holiday.name);
    }
  }
  return [...byDay].map(([day, name]) => ({ heldOn: dateFromPlainDate(Temporal.PlainDate.from(day)), name }));
}

function firstDayOf(year: number): Date {
  return dateFromPlainDate(new Temporal.PlainDate(year, 1, 1));
}
