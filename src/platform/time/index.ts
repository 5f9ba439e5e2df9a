export { Temporal } from 'temporal-polyfill';
export { Clock, SystemClock } from './clock.js';
export {
  dateFromInstant,
  dateFromPlainDate,
  dateFromText,
  instantFromDate,
  plainDateFromDate,
} from './convert.js';
export {
  afterDeskMinutes,
  type DeskHours,
  type DeskSpan,
  type DeskWeek,
  deskMinutesBetween,
  deskOpenFrom,
} from './desk-hours.js';
export {
  formatDate,
  formatIsoWithOffset,
  formatLocalDate,
  formatLocalDateTime,
  formatLocalTime,
  formatLocalTimeToSecond,
  formatTime,
} from './format.js';
export { TimeModule } from './time.module.js';
export {
  daysAhead,
  type Holidays,
  isWorkingDay,
  lastDayToKnow,
  workingDaysAhead,
  workingDaysBetween,
} from './working-days.js';
export {
  addDays,
  daysBetween,
  existsInZone,
  instantOfLocal,
  localDate,
  localDateTime,
  localTime,
  spanOfDay,
  startOfDay,
} from './zone.js';
