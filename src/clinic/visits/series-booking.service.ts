import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { formatLocalDateTime, Temporal } from '../../platform/time/index.js';
import type { Booker } from './booker.type.js';
import { OccurrenceNotPossible } from './series.refusals.js';
import { faultOfPattern, faultOfStarts } from './series.rules.js';
import type { BookSeriesInput, VisitSeries } from './series.type.js';
import { SeriesRecordService } from './series-record.service.js';
import { VisitBookingService } from './visit-booking.service.js';
import { VisitPlaceService } from './visit-place.service.js';
import { VisitStandingService } from './visit-standing.service.js';

/** Visits that are booked as one, inside the transaction of whoever books. */
@Injectable()
export class SeriesBookingService {
  constructor(
    @Inject(VisitStandingService) private readonly standing: VisitStandingService,
    @Inject(VisitPlaceService) private readonly places: VisitPlaceService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
    @Inject(SeriesRecordService) private readonly series: SeriesRecordService,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * Each visit is judged as one that is booked by itself; the first "no" is the answer to all. Locks are taken once for
   * the whole series and in the order of a single visit (request, referral, patient, all resources by id), so that two
   * series over the same people wait for each other at one point and never in a circle.
   */
  async bookIn(tx: Tx, booker: Booker, input: BookSeriesInput): Promise<VisitSeries | Refusal> {
    this.mustBePattern(input);
    const { patientId, visitTypeCode, everyDays, occurrences } = input;
    const visitType = await this.places.bookableType(tx, visitTypeCode);
    if (isRefusal(visitType)) return visitType;
    const requestId = input.requestId ?? null;
    const subject = { patientId, visitTypeCode, requestId, replacesId: null };
    await this.booking.clearTheWay(tx, booker, subject);
    const standing = await this.standing.request(tx, subject, visitType, { asksConsent: true });
    if (isRefusal(standing)) return standing;
    await this.places.standInLine(
      tx,
      occurrences.flatMap(({ steps }) => steps),
    );
    const visitsCount = occurrences.length;
    const series = { patientId, requestId, visitTypeCode, visitsCount, everyDays };
    const seriesId = await this.series.begin(tx, booker.actor, series);
    const { overrideReason } = input;
    for (const [seriesPosition, { steps }] of occurrences.entries()) {
      const wish = { patientId, visitTypeCode, requestId, steps, overrideReason };
      const seriesPlace = { seriesId, seriesPosition };
      const visit = await this.booking.bookIn(tx, booker, { ...wish, seriesPlace }, VisitStatus.BOOKED);
      if (isRefusal(visit)) return this.#notPossible(seriesPosition, startOf(steps), visit);
    }
    const after = await this.series.read(tx, seriesId);
    await this.series.note(tx, booker.actor, 'visit-series.booked', after);
    return after;
  }

  /** Whether it is a series at all is no question of what is free. Throws BAD_INPUT. */
  mustBePattern({ occurrences, everyDays }: BookSeriesInput): void {
    const starts = occurrences.map(({ steps }) => startOf(steps));
    const fault =
      faultOfPattern(occurrences.length, everyDays) ?? faultOfStarts(starts, this.config.clinicTimeZone);
    if (fault !== null) throw badInput(`input.occurrences: ${fault}.`);
  }

  #notPossible(position: number, startsAt: Temporal.Instant, said: Refusal): OccurrenceNotPossible {
    const when = formatLocalDateTime(startsAt, this.config.clinicTimeZone);
    return new OccurrenceNotPossible(position, startsAt, when, said);
  }
}

function startOf(steps: readonly { readonly startsAt: Temporal.Instant }[]): Temporal.Instant {
  const [first] = steps;
  if (first === undefined) throw badInput('input.occurrences: each must have its steps.');
  return first.startsAt;
}
