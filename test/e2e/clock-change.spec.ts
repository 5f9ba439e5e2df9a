import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { calendarOf } from '../support/mailbox.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { askWorklist, onDays } from './console.js';
import { workIsDone } from './tables.js';
import { type Booking, book, findOffers, first, move, referralOf, toVisit } from './visits.js';

// On both sides of the days on which the clocks change, the API, the letter, the calendar file and the worklist say the
// same time on the wall, and it is the right one.

const ZONE = 'Europe/London';
const DIARY_DAYS = 396;
const TEST_TIMEOUT_MS = 300_000;

const house = facetHouse();
let smtp: TestSmtp;
let service: RunningService;
let reception: SignedInClient;
let today: Temporal.PlainDate;
let visit: Booking;

beforeAll(async () => {
  smtp = await startSmtp();
  service = await house.start(await house.newHome(), { SMTP_URL: smtp.url });
  reception = await signInAs(service, 'reception');
  const manager = await signInAs(service, 'manager');
  const { id } = await referralOf(reception, 'Brontë-Hale');
  const { earliestOn, offers } = await findOffers(reception, id);
  today = Temporal.PlainDate.from(earliestOn).subtract({ days: 7 });
  const { setLeadTimePolicy } = await manager.ask<{ setLeadTimePolicy: { __typename: string } }>(
    `mutation Open($input: SetLeadTimePolicyInput!) { setLeadTimePolicy(input: $input) { __typename } }`,
    {
      input: {
        visitType: 'BONE_SPECT_CT',
        earliestDays: 7,
        targetDays: 14,
        latestDays: DIARY_DAYS,
        effectiveFrom: today.toString(),
        reason: 'a year, to reach both changes of the clock',
      },
    },
  );
  expect(setLeadTimePolicy.__typename).toBe('LeadTimePolicy');
  visit = await book(reception, id, toVisit(first(offers, 'offer')));
});

afterAll(() => smtp?.stop());

/** The next two Sundays within the diary on which the clocks of London change. */
function clockChanges(): readonly Temporal.PlainDate[] {
  const days = Array.from({ length: DIARY_DAYS - 21 }, (_, index) => today.add({ days: index + 14 }));
  return days.filter((day) => day.toZonedDateTime(ZONE).hoursInDay !== 24).slice(0, 2);
}

async function moveInto(from: Temporal.PlainDate, until: Temporal.PlainDate): Promise<void> {
  const filter = { movingScanBookingId: visit.id, from: from.toString(), until: until.toString(), limit: 50 };
  const { offers, whyNone } = await findOffers(reception, visit.referralId, filter);
  const others = offers.filter(({ scanStartsAt }) => scanStartsAt !== visit.scanStartsAt);
  visit = await move(reception, visit, toVisit(first(others, `offer: ${whyNone}`)));
}

async function expectOneTimeEverywhere(): Promise<void> {
  await workIsDone(embeddedDatabaseUrl(service.home));
  const wall = (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE);
  const scan = wall(visit.scanStartsAt);
  const injection = wall(visit.injectionStartsAt);
  const clock = (at: Temporal.ZonedDateTime) => at.toPlainTime().toString({ smallestUnit: 'minute' });
  expect(visit.scanLocal).toMatchObject({ date: scan.toPlainDate().toString(), time: clock(scan) });
  expect(visit.scanLocal.iso.endsWith(scan.offset)).toBe(true);
  // The clinic opens at 8 and closes at half past five, whatever the offset: an hour's mistake would show.
  expect(injection.hour).toBeGreaterThanOrEqual(8);

  const { answers } = await askWorklist({ port: service.dicomPort, keys: onDays(visit.scanLocal.date) });
  const [answer, ...others] = answers;
  expect(others).toEqual([]);
  expect(answer?.get('ScheduledProcedureStepStartTime')).toBe(`${clock(scan).replace(':', '')}00`);

  const mail = smtp.accepted.at(-1);
  const calendar = new ICAL.Component(ICAL.parse((mail && calendarOf(mail)) ?? ''));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const event = new ICAL.Event(first(calendar.getAllSubcomponents('vevent'), 'event'));
  expect(event.startDate.toString().slice(0, 16)).toBe(injection.toPlainDateTime().toString().slice(0, 16));
  expect(event.startDate.toJSDate().getTime()).toBe(Date.parse(visit.injectionStartsAt));
  expect(event.endDate.toJSDate().getTime()).toBe(Date.parse(visit.scanEndsAt));
  expect(mail?.text).toContain(clock(injection));
  expect(mail?.text).toContain(clock(scan));
}

it(
  'the week before and the week after each change',
  async () => {
    const changes = clockChanges();
    expect(changes).toHaveLength(2);
    const offsets = new Set<string>();
    for (const sunday of changes) {
      for (const [from, until] of [
        [sunday.subtract({ days: 6 }), sunday],
        [sunday, sunday.add({ days: 7 })],
      ] as const) {
        await moveInto(from, until);
        offsets.add(visit.scanLocal.iso.slice(-6));
        await expectOneTimeEverywhere();
      }
    }
    expect([...offsets].sort()).toEqual(['+00:00', '+01:00']);
  },
  TEST_TIMEOUT_MS,
);
