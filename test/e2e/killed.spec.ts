import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type GraphqlClient, signInAs } from '../support/graphql.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { until } from '../support/until.js';
import { chainProblem } from './audit-chain.js';
import { askWorklist } from './console.js';
import { rowsOf, workIsDone } from './tables.js';
import { BOOK, type Booking, CANCEL, findOffers, MOVE, type Offer, referralOf, toVisit } from './visits.js';

// The power goes at any moment: what was answered is there, and nothing is there by half.

const house = facetHouse();
const KILLS = 8;
/** Changes that are answered before each kill, at most; then a few milliseconds more, to be in the middle of the next. */
const CHANGES_MAX = 12;
const MIDDLE_MAX_MS = 60;
const PEOPLE = ['Brontë-Hale', 'Marsh'];
const WHOLE_TEST_TIMEOUT_MS = 1_200_000;

let smtp: TestSmtp;
let home: string;

beforeAll(async () => {
  smtp = await startSmtp();
  home = await house.newHome();
});

afterAll(() => smtp?.stop());

/** The last answer that was given about each booking, and how many changes were answered in all. */
interface Answered {
  readonly bookings: Map<string, Pick<Booking, 'id' | 'version' | 'status' | 'scanStartsAt'>>;
  changes: number;
}

const nothingAnswered = (): Answered => ({ bookings: new Map(), changes: 0 });

interface Desk {
  readonly client: GraphqlClient;
  readonly referralId: string;
  readonly offers: readonly Offer[];
}

async function openDesk(service: RunningService, familyName: string): Promise<Desk> {
  const client = await signInAs(service, 'reception');
  const { id } = await referralOf(client, familyName);
  const { offers } = await findOffers(client, id, { limit: 50 });
  return { client, referralId: id, offers };
}

/** A small generator of its own, so that a failure can be run again with the same moments. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Change = { readonly __typename: string } & Partial<Booking>;

/** Books, moves and cancels without end; each answer is noted. Ends when the service no longer answers. */
async function workAtDesk(desk: Desk, answered: Answered, roll: () => number): Promise<void> {
  const { client, referralId, offers } = desk;
  for (;;) {
    const offer = offers[Math.floor(roll() * offers.length)];
    if (offer === undefined) throw new Error('no offers');
    const live = [...(await liveBookings(client, referralId))][0];
    const result = await change(client, referralId, offer, live, roll());
    if (result.__typename !== 'ScanBooking') continue;
    const { id, version, status, scanStartsAt } = result as Booking;
    answered.changes += 1;
    if (version < (answered.bookings.get(id)?.version ?? 0)) continue;
    answered.bookings.set(id, { id, version, status, scanStartsAt });
  }
}

async function liveBookings(client: GraphqlClient, referralId: string): Promise<readonly Booking[]> {
  const { referral } = await client.ask<{ referral: { patient: { scanBookings: Booking[] } } }>(
    `query Live($id: ID!) { referral(id: $id) { patient { scanBookings { id version status referralId } } } }`,
    { id: referralId },
  );
  return referral.patient.scanBookings.filter(({ status }) => status === 'BOOKED');
}

async function change(
  client: GraphqlClient,
  referralId: string,
  offer: Offer,
  live: Booking | undefined,
  chance: number,
): Promise<Change> {
  if (live === undefined) {
    const input = { referralId, ...toVisit(offer) };
    return (await client.ask<{ bookScan: Change }>(BOOK, { input })).bookScan;
  }
  if (chance < 0.2) {
    const input = { scanBookingId: live.id, reason: 'PATIENT_REQUEST' };
    return (await client.ask<{ cancelScan: Change }>(CANCEL, { input })).cancelScan;
  }
  const input = { scanBookingId: live.id, version: live.version, ...toVisit(offer) };
  return (await client.ask<{ moveScan: Change }>(MOVE, { input })).moveScan;
}

async function workUntil(
  service: RunningService,
  answered: Answered,
  roll: () => number,
  signal: 'SIGKILL' | 'SIGTERM',
) {
  const desks = await Promise.all(PEOPLE.map((name) => openDesk(service, name)));
  // Two colleagues for each referral, who get in each other's way.
  const work = [...desks, ...desks].map((desk) => workAtDesk(desk, answered, roll).catch(() => undefined));
  const enough = answered.changes + 1 + Math.floor(roll() * CHANGES_MAX);
  await until(() => answered.changes >= enough);
  await pause(roll() * MIDDLE_MAX_MS);
  const exit = await service.end(signal);
  await Promise.all(work);
  return exit;
}

async function expectNothingLost(url: string, answered: Answered): Promise<void> {
  for (const told of answered.bookings.values()) {
    const [kept] = await rowsOf<{ version: number; status: string; startsAt: Date }>(
      url,
      'SELECT version, status::text, scan_starts_at AS "startsAt" FROM scan_bookings WHERE id = $1',
      [told.id],
    );
    expect(kept, `booking ${told.id}`).toBeDefined();
    // A change that was made and whose answer was lost may have come on top, and nothing else.
    expect(kept?.version).toBeGreaterThanOrEqual(told.version);
    if (kept?.version !== told.version) continue;
    expect([kept.status, kept.startsAt.toISOString()]).toEqual([
      told.status,
      new Date(told.scanStartsAt).toISOString(),
    ]);
  }
}

/** The worklist, the claims, the outbox and the audit record say what the bookings say. */
async function expectNothingHalf(url: string): Promise<void> {
  const bookings = `SELECT id::text || ':' || version || ':' || scan_starts_at AS line FROM scan_bookings WHERE status = 'BOOKED'`;
  const entries = `SELECT booking_id::text || ':' || booking_version || ':' || starts_at AS line FROM worklist_entries`;
  const lines = async (sql: string) =>
    (await rowsOf<{ line: string }>(url, sql)).map(({ line }) => line).sort();
  expect(await lines(entries)).toEqual(await lines(bookings));
  const claims = await rowsOf<{ holder: string; claims: string }>(
    url,
    `SELECT holder_id::text AS holder, count(*)::text AS claims FROM span_claims WHERE released_at IS NULL GROUP BY 1 ORDER BY 1`,
  );
  const live = await rowsOf<{ id: string }>(
    url,
    `SELECT id::text FROM scan_bookings WHERE status = 'BOOKED' ORDER BY 1`,
  );
  expect(claims.map(({ holder }) => holder)).toEqual(live.map(({ id }) => id));
  expect(claims.every(({ claims: count }) => count === '4')).toBe(true);
  // Each version of each booking has one message and one line of the audit record, and no message is about nothing.
  const told = (table: string, version: string, id: string, where: string) =>
    lines(`SELECT ${id}::text || ':' || ${version} AS line FROM ${table} WHERE ${where}`);
  const messages = await told('outbox_messages', 'version', 'subject_id', `topic LIKE 'scan.%'`);
  const audited = await told(
    'audit_entries',
    `(after ->> 'version')`,
    'subject_id',
    `subject_type = 'scan-booking' AND after ->> 'version' IS NOT NULL AND action IN ('scan.booked','scan.moved','scan.cancelled')`,
  );
  expect(new Set(messages).size).toBe(messages.length);
  expect(audited).toEqual(messages);
  const versions = await rowsOf<{ id: string; version: number }>(
    url,
    'SELECT id::text, version FROM scan_bookings',
  );
  expect(messages).toHaveLength(versions.reduce((sum, { version }) => sum + version + 1 - VERSION_FIRST, 0));
  expect(await chainProblem(url, LINKS_AFTER)).toBeNull();
}

/** The version of a booking that has never been changed. */
const VERSION_FIRST = 0;

interface LetterRow {
  readonly messageId: string;
  readonly status: string;
  readonly outcomeCode: string | null;
  readonly booking: string;
  readonly version: number;
}

async function expectEachLetterOnce(url: string): Promise<void> {
  const letters = await rowsOf<LetterRow>(
    url,
    `SELECT message_id AS "messageId", status::text, outcome_code AS "outcomeCode", subject_id::text AS booking,
            subject_version AS version FROM letters`,
  );
  const versions = await rowsOf<{ count: string }>(
    url,
    `SELECT count(*)::text FROM outbox_messages WHERE topic LIKE 'scan.%'`,
  );
  expect(letters).toHaveLength(Number(versions[0]?.count));
  const received = smtp.received.map(({ messageId }) => messageId ?? '');
  expect(new Set(received).size, 'a letter came twice').toBe(received.length);
  for (const letter of letters) {
    const came = received.includes(letter.messageId);
    const says = `${letter.booking} version ${letter.version}: ${letter.status} ${letter.outcomeCode}`;
    if (letter.status === 'SENT') expect(came, says).toBe(true);
    else if (letter.status === 'AMBIGUOUS') expect(letter.outcomeCode, says).toBe('WORKER_LOST');
    else {
      expect(says).toMatch(/SUPERSEDED BOOKING_MOVED_ON|SUPPRESSED NEVER_ANNOUNCED|SUPPRESSED ALREADY_TOLD/);
      expect(came, says).toBe(false);
      if (letter.outcomeCode === 'ALREADY_TOLD') await expectTheSameWasToldLast(url, letter, letters);
    }
  }
}

/** Moved away and back before anybody heard of it: the last letter that left before it says what it would have said. */
async function expectTheSameWasToldLast(
  url: string,
  letter: LetterRow,
  letters: readonly LetterRow[],
): Promise<void> {
  const left = letters
    .filter(({ booking, version, status }) => {
      const isEarlier = booking === letter.booking && version < letter.version;
      return isEarlier && ['SENT', 'AMBIGUOUS', 'FAILED'].includes(status);
    })
    .toSorted((a, b) => b.version - a.version)[0];
  const told = await rowsOf<{ version: number; says: string }>(
    url,
    `SELECT (after ->> 'version')::int AS version, concat_ws(' ', after ->> 'status', after ->> 'scanStartsAt') AS says
       FROM audit_entries
      WHERE subject_type = 'scan-booking' AND subject_id = $1 AND action IN ('scan.booked','scan.moved','scan.cancelled')`,
    [letter.booking],
  );
  const says = new Map(told.map((line) => [line.version, line.says]));
  expect(left?.status, `booking ${letter.booking} version ${letter.version}`).toBe('SENT');
  expect(says.get(letter.version)).toMatch(/^BOOKED /);
  expect(says.get(left?.version ?? letter.version)).toBe(says.get(letter.version));
}

describe('kill -9', () => {
  it(
    'at any moment loses nothing that was answered and leaves nothing by half',
    async () => {
      const answered = nothingAnswered();
      const roll = dice(20_261_122);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const service = await house.start(home, { SMTP_URL: smtp.url });
        const url = embeddedDatabaseUrl(home);
        // Moved without end, which patients may not.
        await rowsOf(url, `UPDATE visit_types SET moves_max = 100000 WHERE code = 'BONE_SPECT_CT'`);
        await expectNothingLost(url, answered);
        await workUntil(service, answered, roll, 'SIGKILL');
        // The database goes on without its owner: what it holds now is what the next start finds.
        await expectNothingLost(url, answered);
        await expectNothingHalf(url);
      }
      expect(answered.changes).toBeGreaterThanOrEqual(KILLS);
      const service = await house.start(home, { SMTP_URL: smtp.url });
      const url = embeddedDatabaseUrl(home);
      await workIsDone(url);
      await expectNothingLost(url, answered);
      await expectNothingHalf(url);
      await expectEachLetterOnce(url);
      const live = await rowsOf<{ number: string }>(
        url,
        `SELECT accession_number AS number FROM scan_bookings WHERE status = 'BOOKED' ORDER BY 1`,
      );
      const { answers } = await askWorklist({ port: service.dicomPort });
      expect(answers.map((answer) => answer.get('AccessionNumber')).sort()).toEqual(
        live.map(({ number }) => number),
      );
      expect((await service.end('SIGTERM')).code).toBe(0);
    },
    WHOLE_TEST_TIMEOUT_MS,
  );
});

describe('SIGTERM', () => {
  it(
    'while people are booking ends with code 0, and nothing is left by half',
    async () => {
      const answered = nothingAnswered();
      const service = await house.start(home, { SMTP_URL: smtp.url });
      const exit = await workUntil(service, answered, dice(7), 'SIGTERM');
      expect(exit, service.output()).toEqual({ code: 0, signal: null });
      expect(() => embeddedDatabaseUrl(home)).toThrow('no PostgreSQL is running');
      await house.start(home, { SMTP_URL: smtp.url });
      const url = embeddedDatabaseUrl(home);
      await workIsDone(url);
      await expectNothingLost(url, answered);
      await expectNothingHalf(url);
      await expectEachLetterOnce(url);
    },
    WHOLE_TEST_TIMEOUT_MS,
  );
});
