import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { SeriesService } from '../../src/clinic/visits/series.service.js';
import { SeriesBookingService } from '../../src/clinic/visits/series-booking.service.js';
import { SeriesCancelService } from '../../src/clinic/visits/series-cancel.service.js';
import { SeriesOfferService } from '../../src/clinic/visits/series-offer.service.js';
import { SeriesRecordService } from '../../src/clinic/visits/series-record.service.js';
import { SeriesSearchService } from '../../src/clinic/visits/series-search.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { BookingRoom } from './visits.factory.js';

/** Visits that are booked as one. */
export function seriesOn(room: BookingRoom) {
  const config = readConfig({}, '/tmp');
  const { database, clock, standing, places, booking, records, cancels, search } = room;
  const audit = new AuditService(database, clock);
  const seriesRecords = new SeriesRecordService(database, clock, records, audit);
  const seriesBooking = new SeriesBookingService(standing, places, booking, seriesRecords, config);
  const seriesCancels = new SeriesCancelService(seriesRecords, records, cancels, booking, clock);
  const seriesSearch = new SeriesSearchService(room.grounds, room.visitTypes, room.leadTimes, search, config);
  return {
    seriesRecords,
    series: new SeriesService(room.idempotency, seriesBooking, seriesCancels),
    seriesOffers: new SeriesOfferService(database, room.requestRecords, places, seriesSearch, audit),
  };
}
