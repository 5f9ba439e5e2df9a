import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { calendarOf } from '../support/mailbox.js';
import { performedStep } from '../support/performed-step.factory.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { askWorklist, onDays } from './console.js';
import { openScanner, revise, unmatchedSteps } from './imaging.js';
import { rowsOf, workIsDone } from './tables.js';
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
let imaging: SignedInClient;
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
  // One scan is moved to each side of both changes, which is oftener than patients may.
  const url = embeddedDatabaseUrl(service.home);
  await rowsOf(url, `UPDATE visit_types SET moves_max = 10 WHERE code = 'BONE_SPECT_CT'`);
  // An authorisation lapses sooner than the clocks change, and a scan for which none holds is not on the list.
  await rowsOf(url, 'UPDATE imaging_requests SET lapses_on = lapses_on + 366 WHERE lapses_on IS NOT NULL');
  visit = await book(reception, id, toVisit(first(offers, 'offer')));
  imaging = await signInAs(service, 'imaging');
  await revise(imaging, { daysAfter: 366 });
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

// At 01:00 GMT on 28 March 2027 the clocks in London go on to 02:00 BST; at 02:00 BST on 31 October back to 01:00 GMT.
it.each([
  ['20270327', '23:50', '20270328', '03:10', '2027-03-27T23:50:00Z', '2027-03-28T02:10:00Z'],
  ['20270328', '00:30', '20270328', '02:30', '2027-03-28T00:30:00Z', '2027-03-28T01:30:00Z'],
  ['20271030', '23:30', '20271031', '00:30', '2027-10-30T22:30:00Z', '2027-10-30T23:30:00Z'],
  ['20271031', '00:30', '20271031', '02:30', '2027-10-30T23:30:00Z', '2027-10-31T02:30:00Z'],
  ['20271031', '01:50', '20271031', '01:10', '2027-10-31T00:50:00Z', '2027-10-31T01:10:00Z'],
])(
  'a step from %s %s until %s %s on the scanner’s clock',
  async (startDate, start, endDate, end, from, until) => {
    const [startTime, endTime] = [start, end].map((time) => `${time.replace(':', '')}00`);
    const step = performedStep({ startDate, startTime: startTime ?? '' });
    const scanner = await openScanner(service);
    const { sopInstanceUID } = step;
    expect((await scanner.nCreate(sopInstanceUID, step.begun)).status).toBe(0);
    const ended = await scanner.nSet(sopInstanceUID, step.completed({ endDate, endTime: endTime ?? '' }));
    expect([ended.status, ended.errorComment]).toEqual([0, '']);
    await scanner.release();
    const seen = (await unmatchedSteps(imaging)).find((each) => each.sopInstanceUID === sopInstanceUID);
    expect([seen?.startedAt, seen?.endedAt]).toEqual([from, until]);
  },
);
