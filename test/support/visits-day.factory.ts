import { VisitDayService } from '../../src/clinic/visits/visit-day.service.js';
import { VisitLegService } from '../../src/clinic/visits/visit-leg.service.js';
import { VisitSettleService } from '../../src/clinic/visits/visit-settle.service.js';
import { VisitTimeService } from '../../src/clinic/visits/visit-time.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { BookingRoom } from './visits.factory.js';

/** What is said of visits on their day, by people and by the room that follows them. */
export function visitDayOn(room: BookingRoom) {
  const config = readConfig({}, '/tmp');
  const { database, clock, claims, visitTypes, patients, standing, companions, records, changes, requests } =
    room;
  const times = new VisitTimeService(claims, visitTypes, patients, standing, companions, config);
  return {
    day: new VisitDayService(database, clock, records, changes, times, requests),
    legs: new VisitLegService(database, clock, config, records, changes, times),
    settle: new VisitSettleService(records, changes, times, requests, clock),
  };
}
