import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Temporal } from '../../platform/time/index.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { ClosedTimeService } from './closed-time.service.js';

/** What the diary has to hear of when the bank holidays change. */
@Injectable()
export class BankHolidayService {
  readonly #log = new Logger('bank holidays');

  constructor(
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
  ) {}

  /**
   * Makes the bank holidays of these years, both included, what the calendar of England says. Doing it twice changes
   * nothing. How many were added or taken away. A new holiday is not ours to refuse: what is booked on it stays, and
   * the log says that somebody has to look at it.
   */
  async refreshBankHolidays(tx: Tx, fromYear: number, toYear: number): Promise<number> {
    const { added, removed, isFirst } = await this.calendar.refreshBankHolidays(tx, fromYear, toYear);
    // With none before, these are the first that the clinic knows, and everything was booked by them.
    if (!isFirst) await this.#tellOfBookings(tx, added);
    for (const on of [...removed, ...added]) {
      if (!this.closedTime.isOver(on))
        await this.closedTime.tell(tx, { resourceIds: null, from: on, until: on });
    }
    return removed.length + added.length;
  }

  async #tellOfBookings(tx: Tx, added: readonly Temporal.PlainDate[]): Promise<void> {
    for (const day of added) {
      if (this.closedTime.isOver(day)) continue;
      const hit = await this.closedTime.bookingsLeftOutside(tx, { resourceIds: null, from: day, until: day });
      if (hit !== null)
        this.#log.warn(`${day} is a bank holiday now: ${hit.bookedCount} booked times lie on it`);
    }
  }
}
