import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, Temporal } from '../../platform/time/index.js';
import type { Booker } from './booker.type.js';
import { SeriesOver } from './series.refusals.js';
import type { CancelSeriesInput, VisitSeries } from './series.type.js';
import { SeriesRecordService } from './series-record.service.js';
import type { Visit } from './visit.type.js';
import { VisitBookingService } from './visit-booking.service.js';
import { VisitCancelService } from './visit-cancel.service.js';
import { VisitRecordService } from './visit-record.service.js';

/** What is still to come of a series goes away, inside the transaction of whoever cancels it. */
@Injectable()
export class SeriesCancelService {
  constructor(
    @Inject(SeriesRecordService) private readonly series: SeriesRecordService,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(VisitCancelService) private readonly cancels: VisitCancelService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Every visit that has not begun is cancelled for the one reason; what is only held for a place in it is given back. */
  async cancelIn(tx: Tx, booker: Booker, input: CancelSeriesInput): Promise<VisitSeries | Refusal> {
    const { seriesId, reasonCode, comment = null } = input;
    const before = await this.series.lock(tx, seriesId);
    const now = this.clock.now();
    const ids = before.visits.map(({ id }) => id);
    const toCome = (await this.visits.lockAll(tx, ids)).filter((visit) => isToCome(visit, now));
    if (toCome.length === 0) return new SeriesOver();
    for (const { id: visitId, version, status } of toCome.toSorted(byStart)) {
      const after =
        status === VisitStatus.HELD
          ? await this.booking.releaseIn(tx, booker, { visitId, version })
          : await this.cancels.cancelIn(tx, booker, { visitId, version, reasonCode, comment });
      if (isRefusal(after)) return after;
    }
    const after = await this.series.read(tx, seriesId);
    await this.series.note(tx, booker.actor, 'visit-series.cancelled', after);
    return after;
  }
}

/** A hold that has ended is shown as such and has nothing to give back. */
function isToCome({ status, startsAt }: Visit, now: Temporal.Instant): boolean {
  const stands = status === VisitStatus.BOOKED || status === VisitStatus.HELD;
  return stands && Temporal.Instant.compare(startsAt, now) > 0;
}

function byStart(a: Visit, b: Visit): number {
  return Temporal.Instant.compare(a.startsAt, b.startsAt);
}
