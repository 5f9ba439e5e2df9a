import { Inject, Injectable, Logger } from '@nestjs/common';
import Holidays from 'date-holidays';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, plainDateFromDate, Temporal } from '../../platform/time/index.js';
import { ClosedTimeService } from './closed-time.service.js';
import { type BankHoliday, toBankHoliday } from './opening.type.js';

/** The Bank Holidays Act was made in 1871; no diary is open beyond 2200. */
const YEAR_FIRST = 1871;
const YEAR_LAST = 2200;
/** More years at once than a diary can use are a typing mistake. */
const YEARS_MAX = 30;

/** The bank holidays of England, as rows, so that the diary is the same whatever a library later thinks. */
@Injectable()
export class BankHolidayService {
  readonly #log = new Logger('bank holidays');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
  ) {}

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
   * it twice changes nothing. How many rows were added or taken away. A new holiday is not ours to refuse: what is
   * booked on it stays, and the log says that somebody has to look at it.
   */
  async refreshBankHolidays(tx: Tx, fromYear: number, toYear: number): Promise<number> {
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
    const before = new Set(known.map(({ heldOn }) => heldOn.getTime()));
    const added = days.filter(({ heldOn }) => !before.has(heldOn.getTime()));
    await tx.bankHoliday.createMany({ data: added, skipDuplicates: true });
    // With none before, these are the first that the clinic knows, and everything was booked by them.
    if (known.length > 0) await this.#tellOfBookings(tx, added);
    for (const day of [...stale, ...added]) {
      const on = plainDateFromDate(day.heldOn);
      if (!this.closedTime.isOver(on))
        await this.closedTime.tell(tx, { resourceIds: null, from: on, until: on });
    }
    return stale.length + added.length;
  }

  async #tellOfBookings(tx: Tx, added: readonly { readonly heldOn: Date }[]): Promise<void> {
    for (const { heldOn } of added) {
      const day = plainDateFromDate(heldOn);
      if (this.closedTime.isOver(day)) continue;
      const hit = await this.closedTime.bookingsLeftOutside(tx, { resourceIds: null, from: day, until: day });
      if (hit !== null)
        this.#log.warn(`${day} is a bank holiday now: ${hit.bookedCount} booked times lie on it`);
    }
  }
}

function holidaysOfEngland(fromYear: number, toYear: number): { heldOn: Date; name: string }[] {
  const england = new Holidays('GB', 'ENG', { languages: ['en'] });
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
