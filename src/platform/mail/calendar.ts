import { getVtimezoneComponent } from '@touch4it/ical-timezones';
import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventClass,
  ICalEventStatus,
} from 'ical-generator';
import { localDateTime, type Temporal } from '../time/index.js';
import type { MailCalendar } from './mail.service.js';

interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** One appointment, as its invitation or its cancellation (RFC 5545, RFC 5546). */
export interface Invitation {
  readonly method: MailCalendar['method'];
  /** The same for all versions of one appointment; how a calendar finds what it has to replace. */
  readonly uid: string;
  /** Rises with each version: a calendar ignores what is older than what it holds. */
  readonly sequence: number;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  /** IANA zone whose wall clock the appointment follows. */
  readonly timeZone: string;
  readonly createdAt: Temporal.Instant;
  /** When this version came about. */
  readonly changedAt: Temporal.Instant;
  readonly summary: string;
  readonly description: string;
  readonly location: string;
  readonly organizer: Mailbox;
  readonly attendee: Mailbox;
}

/**
 * The invitation as an iCalendar object. Times are wall-clock times with a VTIMEZONE that holds the zone's rules,
 * so that a change of those rules moves the appointment as it moves the clinic. Where a wall-clock time could be
 * two instants (the hour that comes twice in autumn: calendars disagree about which), or the zone's rules are not known, times are in UTC.
 */
export function toInvitation(invitation: Invitation): string {
  const { startsAt, endsAt, organizer, attendee } = invitation;
  const timeZone = zoneFor(invitation.timeZone, [startsAt, endsAt]);
  const zoned = (instant: Temporal.Instant) => instant.toZonedDateTimeISO(timeZone ?? 'UTC');
  const cancelled = invitation.method === 'CANCEL';
  const calendar = ical({
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
    prodId: '//Facet//Facet//EN',
    // No zone for the calendar as a whole: DTSTAMP must stay in UTC.
    timezone: { name: null, generator: getVtimezoneComponent },
  });
  calendar.createEvent({
    id: invitation.uid,
    sequence: invitation.sequence,
    timezone: timeZone,
    start: zoned(startsAt),
    end: zoned(endsAt),
    stamp: invitation.changedAt,
    created: invitation.createdAt,
    lastModified: invitation.changedAt,
    summary: invitation.summary,
    description: invitation.description,
    location: invitation.location,
    organizer: { name: withoutQuotes(organizer.name), email: organizer.address },
    attendees: [
      {
        name: withoutQuotes(attendee.name),
        email: attendee.address,
        role: ICalAttendeeRole.REQ,
        status: ICalAttendeeStatus.NEEDSACTION,
        rsvp: false,
      },
    ],
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    busystatus: cancelled ? ICalEventBusyStatus.FREE : ICalEventBusyStatus.BUSY,
    // Calendars are shared with families and colleagues.
    class: ICalEventClass.PRIVATE,
  });
  return `${calendar.toString().replace(/\r?\n/g, '\r\n').trimEnd()}\r\n`;
}

/** The zone, when a VTIMEZONE can be given for it and each instant has a wall-clock time of its own; else null. */
function zoneFor(timeZone: string, instants: readonly Temporal.Instant[]): string | null {
  if (timeZone === 'UTC' || getVtimezoneComponent(timeZone) === null) return null;
  const unmistakable = instants.every((instant) => {
    const local = localDateTime(instant, timeZone);
    const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    return earlier.equals(local.toZonedDateTime(timeZone, { disambiguation: 'later' }));
  });
  return unmistakable ? timeZone : null;
}

/** RFC 5545 has no way to write a double quote, a control character or a line break in a parameter such as CN. */
function withoutQuotes(name: string): string {
  return name.replace(/["\\]/g, "'").replace(/\p{Cc}+/gu, ' ');
}
