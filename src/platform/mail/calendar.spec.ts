import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../time/index.js';
import { type Invitation, toInvitation } from './calendar.js';

const at = (text: string) => Temporal.Instant.from(text);

const invitation = (changes: Partial<Invitation> = {}): Invitation => ({
  method: 'REQUEST',
  uid: 'visit-1@facet',
  sequence: 3,
  startsAt: at('2026-03-30T08:30:00Z'),
  endsAt: at('2026-03-30T13:00:00Z'),
  timeZone: 'Europe/London',
  createdAt: at('2026-03-01T10:00:00Z'),
  changedAt: at('2026-03-02T11:00:00Z'),
  summary: 'Appointment; at, the clinic',
  description: 'Line one\nLine two; with, signs \\ and “quotes”',
  location: 'Facet Pain Clinic',
  organizer: { name: 'Facet, "Pain" Clinic', address: 'clinic@facet.example' },
  attendee: { name: 'Zoë Ng-Ó’Brien; née "Lee"', address: 'zoe@example.org' },
  ...changes,
});

/** Reads an invitation with an independent parser that knows no zone but the one embedded in it. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const [component, ...others] = calendar.getAllSubcomponents('vevent');
  if (component === undefined || others.length > 0) throw new Error('expected one event');
  const event = new ICAL.Event(component);
  const instantOf = (time: ICAL.Time) => Temporal.Instant.fromEpochMilliseconds(time.toJSDate().getTime());
  return {
    method: calendar.getFirstPropertyValue('method'),
    event,
    component,
    startsAt: instantOf(event.startDate),
    endsAt: instantOf(event.endDate),
  };
}

describe('an invitation', () => {
  it('has what a calendar needs to replace one version by the next', () => {
    const { method, event, component } = read(toInvitation(invitation()));
    expect(method).toBe('REQUEST');
    expect(event.uid).toBe('visit-1@facet');
    expect(event.sequence).toBe(3);
    expect(component.getFirstPropertyValue('status')).toBe('CONFIRMED');
    expect(String(component.getFirstPropertyValue('dtstamp'))).toBe('2026-03-02T11:00:00Z');
    expect(component.getFirstPropertyValue('class')).toBe('PRIVATE');
  });

  it('takes an appointment out again', () => {
    const { method, component, event } = read(toInvitation(invitation({ method: 'CANCEL', sequence: 4 })));
    expect(method).toBe('CANCEL');
    expect(component.getFirstPropertyValue('status')).toBe('CANCELLED');
    expect(event.sequence).toBe(4);
    expect(event.uid).toBe('visit-1@facet');
  });

  it('keeps text and names whole', () => {
    const { event, component } = read(toInvitation(invitation()));
    expect(event.summary).toBe('Appointment; at, the clinic');
    expect(event.description).toBe('Line one\nLine two; with, signs \\ and “quotes”');
    expect(component.getFirstProperty('organizer')?.getParameter('cn')).toBe("Facet, 'Pain' Clinic");
    expect(component.getFirstProperty('attendee')?.getParameter('cn')).toBe("Zoë Ng-Ó’Brien; née 'Lee'");
    expect(String(component.getFirstPropertyValue('organizer'))).toBe('mailto:clinic@facet.example');
  });

  it.each([
    ['the day before the clocks go forward', '2026-03-28T09:30:00Z', '20260328T093000'],
    ['the day they go forward', '2026-03-29T08:30:00Z', '20260329T093000'],
    ['the day after', '2026-03-30T08:30:00Z', '20260330T093000'],
    ['the day before they go back', '2026-10-24T08:30:00Z', '20261024T093000'],
    ['the day they go back', '2026-10-25T09:30:00Z', '20261025T093000'],
    ['the day after that', '2026-10-26T09:30:00Z', '20261026T093000'],
  ])('shows 09:30 on %s', (_, instant, local) => {
    const startsAt = at(instant);
    const text = toInvitation(invitation({ startsAt, endsAt: startsAt.add({ hours: 4 }) }));
    expect(text).toContain(`DTSTART;TZID=Europe/London:${local}\r\n`);
    expect(read(text).startsAt.toString()).toBe(startsAt.toString());
  });

  it('holds the rules of both halves of the year', () => {
    const text = toInvitation(invitation());
    expect(text).toContain('TZNAME:BST\r\n');
    expect(text).toContain('TZNAME:GMT\r\n');
    expect(text.match(/BEGIN:VTIMEZONE/g)).toHaveLength(1);
  });

  it('uses UTC in the hour that comes twice, where a wall clock cannot tell', () => {
    const second = at('2026-10-25T01:30:00Z');
    const text = toInvitation(invitation({ startsAt: second, endsAt: second.add({ hours: 4 }) }));
    expect(text).toContain('DTSTART:20261025T013000Z\r\n');
    expect(read(text).startsAt.toString()).toBe(second.toString());
  });

  it('uses UTC for a zone whose rules are not at hand', () => {
    const text = toInvitation(invitation({ timeZone: 'UTC' }));
    expect(text).toContain('DTSTART:20260330T083000Z\r\n');
    expect(text).not.toContain('VTIMEZONE');
  });

  it('has no line longer than 75 octets and ends each with CRLF', () => {
    const text = toInvitation(invitation({ description: 'Größe '.repeat(60) }));
    const lines = text.split('\r\n');
    expect(lines.at(-1)).toBe('');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('brings back any instant of 2026 to 2028, in any half of the year', () => {
    const first = at('2026-01-01T00:00:00Z').epochMilliseconds;
    const last = at('2028-12-31T23:59:59Z').epochMilliseconds;
    const seconds = fc.integer({ min: first / 1000, max: Math.floor(last / 1000) });
    const zones = fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Sydney', 'Asia/Kolkata');
    const law = fc.property(
      seconds,
      fc.integer({ min: 1, max: 86_400 }),
      zones,
      (second, length, timeZone) => {
        const startsAt = Temporal.Instant.fromEpochMilliseconds(second * 1000);
        const endsAt = startsAt.add({ seconds: length });
        const back = read(toInvitation(invitation({ startsAt, endsAt, timeZone })));
        expect(back.startsAt.toString()).toBe(startsAt.toString());
        expect(back.endsAt.toString()).toBe(endsAt.toString());
      },
    );
    fc.assert(law, { numRuns: 300 });
  });

  it('brings back every quarter of an hour around the changes of the clocks', () => {
    for (const change of [
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2027-03-28T01:00:00Z',
      '2027-10-31T01:00:00Z',
    ]) {
      for (let quarter = -12; quarter <= 12; quarter += 1) {
        const startsAt = at(change).add({ minutes: quarter * 15 });
        const back = read(toInvitation(invitation({ startsAt, endsAt: startsAt.add({ hours: 4 }) })));
        expect(back.startsAt.toString()).toBe(startsAt.toString());
      }
    }
  });
});
