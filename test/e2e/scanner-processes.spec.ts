import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { demoPasswordIn, embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signIn } from '../support/graphql.js';
import type { MppsScu } from '../support/mpps-scu.js';
import { performedStep } from '../support/performed-step.factory.js';
import { chainProblem } from './audit-chain.js';
import { askWorklist } from './console.js';
import {
  allAccessionNumbers,
  CONSENT,
  consentOf,
  dicomDay,
  dicomTime,
  openScanner,
  revise,
  say,
  standingOf,
  unmatchedSteps,
  WITHDRAW,
  worklistItems,
} from './imaging.js';
import { rowsOf } from './tables.js';
import { type Booking, book, cancel, findOffers, first, move, referralOf, toVisit } from './visits.js';

// One PostgreSQL, one process for people, two for scanners: what people have been told is so, every scanner is told too.

const ROUNDS = 21;
const ASSOCIATIONS = 8;
const BOOKINGS = 8;
const CUTS = 6;
const RACES = 6;

const house = facetHouse();
let url: string;
let scannerHomes: readonly string[];
let processes: RunningService[];
let reception: SignedInClient;
let imaging: SignedInClient;
let referralIds: readonly string[];

/** A demo clinic whose first process has gone: its PostgreSQL stays for the others. */
beforeAll(async () => {
  const founder = await house.start(await house.newHome());
  const password = await demoPasswordIn(founder.home);
  url = embeddedDatabaseUrl(founder.home);
  await founder.end('SIGKILL');
  scannerHomes = [await house.newHome(), await house.newHome()];
  const [api, ...scanners] = await Promise.all([
    house.start(await house.newHome(), { DATABASE_URL: url, ROLE: 'api,worker' }),
    ...scannerHomes.map(startScanner),
  ]);
  processes = scanners;
  reception = await signIn(api.httpUrl, 'reception@facet.example', password);
  imaging = await signIn(api.httpUrl, 'imaging@facet.example', password);
  const referrals = [await referralOf(reception, 'Brontë-Hale'), await referralOf(reception, 'Marsh')];
  referralIds = referrals.map(({ id }) => id);
});

afterAll(() => Promise.all((processes ?? []).map((service) => service.end('SIGTERM'))));

function startScanner(home: string): Promise<RunningService> {
  return house.start(home, { DATABASE_URL: url, ROLE: 'scanner' });
}

async function bookOffered(referralId: string): Promise<Booking> {
  const { offers } = await findOffers(reception, referralId, { limit: 20 });
  return book(reception, referralId, toVisit(first(offers, 'offer')));
}

async function moveOn(booking: Booking): Promise<Booking> {
  const filter = { movingScanBookingId: booking.id, limit: 20 };
  const { offers } = await findOffers(reception, booking.referralId, filter);
  const others = offers.filter(({ scanStartsAt }) => scanStartsAt !== booking.scanStartsAt);
  return move(reception, booking, toVisit(first(others, 'other offer')));
}

/** What a foreign console is shown by each process; the one that is asked first changes from round to round. */
async function expectShown(round: number, wanted: readonly string[]): Promise<void> {
  const order = round % 2 === 0 ? processes : processes.toReversed();
  for (const { dicomPort } of order) {
    const { exitCode, answers, log } = await askWorklist({ port: dicomPort });
    expect(exitCode, log).toBe(0);
    const shown = answers.map((answer) =>
      [
        answer.get('AccessionNumber'),
        answer.get('PatientName')?.split('^')[0],
        answer.get('ScheduledProcedureStepStartDate'),
        answer.get('ScheduledProcedureStepStartTime'),
      ].join(' '),
    );
    expect(shown, `round ${round}`).toEqual(wanted);
  }
}

const line = ({ accessionNumber, scanLocal }: Booking, familyName = 'Brontë-Hale'): string =>
  [accessionNumber, familyName, dicomDay(scanLocal.date), dicomTime(scanLocal.time)].join(' ');

it('whatever is committed is in the very next answer of both', async () => {
  let booking: Booking | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (booking === null) {
      booking = await bookOffered(first(referralIds, 'referral'));
      await expectShown(round, [line(booking)]);
      continue;
    }
    switch (round % 7) {
      case 1: {
        booking = await moveOn(booking);
        await expectShown(round, [line(booking)]);
        break;
      }
      case 2: {
        await say(reception, WITHDRAW, consentOf(booking.patientId));
        await expectShown(round, []);
        break;
      }
      case 3: {
        await say(reception, CONSENT, {
          ...consentOf(booking.patientId),
          decision: 'GIVEN',
          wordingVersion: '2026-01',
          locale: 'en-GB',
        });
        await expectShown(round, [line(booking)]);
        break;
      }
      case 4: {
        const rename = 'UPDATE patients SET family_name = $2 WHERE id = $1';
        await rowsOf(url, rename, [booking.patientId, `Newly-${round}`]);
        await expectShown(round, [line(booking, `Newly-${round}`)]);
        await rowsOf(url, rename, [booking.patientId, 'Brontë-Hale']);
        break;
      }
      case 5: {
        await revise(imaging, { hiddenStatuses: ['SCHEDULED'] });
        await expectShown(round, []);
        await revise(imaging, { hiddenStatuses: ['COMPLETED', 'DISCONTINUED'] });
        await expectShown(round, [line(booking)]);
        break;
      }
      default: {
        await cancel(reception, booking);
        booking = null;
        await expectShown(round, []);
      }
    }
  }
  expect(booking).toBeNull();
});

/** What people have been told, by accession number: it may be on the worklist, and it must be or must not. */
interface Told {
  readonly live: Set<string>;
  readonly gone: Set<string>;
  isOver: boolean;
  queries: number;
}

/** Asks again and again until people are done; each answer is held against what they had been told before it was asked. */
async function keepAsking(service: RunningService, told: Told): Promise<void> {
  const scanner = await openScanner(service);
  while (!told.isOver) {
    const gone = new Set(told.gone);
    const live = [...told.live];
    const shown = await allAccessionNumbers(scanner);
    told.queries += 1;
    expect(shown.filter((number) => gone.has(number))).toEqual([]);
    // What is still so after the answer was so all along.
    expect(live.filter((number) => told.live.has(number) && !shown.includes(number))).toEqual([]);
  }
  await scanner.release();
}

async function bookAndCancel(told: Told, referralId: string): Promise<void> {
  for (let count = 0; count < BOOKINGS / 2; count += 1) {
    const booking = await bookOffered(referralId);
    told.live.add(booking.accessionNumber);
    const moved = await moveOn(booking);
    told.live.delete(booking.accessionNumber);
    await cancel(reception, moved);
    told.gone.add(booking.accessionNumber);
  }
}

it('no scanner is shown who was cancelled before it asked, while many ask and people go on booking', async () => {
  const told: Told = { live: new Set(), gone: new Set(), isOver: false, queries: 0 };
  const asking = processes.flatMap((service) =>
    Array.from({ length: ASSOCIATIONS }, () => keepAsking(service, told)),
  );
  try {
    for (const referralId of referralIds) await bookAndCancel(told, referralId);
  } finally {
    told.isOver = true;
  }
  await Promise.all(asking);
  expect(told.gone.size).toBe(BOOKINGS);
  expect(told.queries).toBeGreaterThan(BOOKINGS);
});

describe('a process that is killed while it answers', () => {
  it('leaves the other alone, and answers the same when it is back', async () => {
    const [doomed, other] = processes;
    const home = scannerHomes[0];
    if (doomed === undefined || other === undefined || home === undefined) throw new Error('two are needed');
    const booking = await bookOffered(first(referralIds, 'referral'));
    const told: Told = { live: new Set(), gone: new Set(), isOver: false, queries: 0 };
    told.live.add(booking.accessionNumber);
    const untilKilled = Array.from({ length: ASSOCIATIONS }, async () =>
      expect(keepAsking(doomed, told)).rejects.toThrow(/a closed connection/),
    );
    const untilOver = Array.from({ length: ASSOCIATIONS }, () => keepAsking(other, told));
    await expect.poll(() => told.queries).toBeGreaterThan(ASSOCIATIONS * 4);
    await doomed.end('SIGKILL');
    await Promise.all(untilKilled);
    const before = told.queries;
    const moved = await moveOn(booking);
    await expect.poll(() => told.queries).toBeGreaterThan(before + ASSOCIATIONS);
    told.isOver = true;
    await Promise.all(untilOver);
    processes = [await startScanner(home), other];
    await expectShown(0, [line(moved)]);
    await cancel(reception, moved);
    await expectShown(1, []);
  });
});

/** How a scanner's query ends: the accession numbers, or that it could not be answered. */
async function answerOf(scanner: MppsScu): Promise<readonly string[] | 'failed'> {
  return allAccessionNumbers(scanner).catch((error: unknown) => {
    if (error instanceof Error && /ended with c\d{3}/.test(error.message)) return 'failed';
    throw error;
  });
}

it('a process whose connection to PostgreSQL is cut answers what is so, or fails; never what was', async () => {
  const scanners = await Promise.all(processes.map((service) => openScanner(service)));
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'facet%-direct'`;
  let right = 0;
  for (let round = 0; round < CUTS; round += 1) {
    const booking = await bookOffered(first(referralIds, 'referral'));
    for (const scanner of scanners) expect(await answerOf(scanner)).toEqual([booking.accessionNumber]);
    // In turn: the connection goes before the change, and while queries are on their way.
    const cutting = rowsOf(url, cut);
    if (round % 2 === 0) expect((await cutting).length).toBeGreaterThanOrEqual(processes.length);
    else await Promise.all([cutting, ...scanners.map(answerOf)]);
    await cancel(reception, booking);
    const answers = await Promise.all(scanners.map(answerOf));
    for (const answer of answers) expect(answer === 'failed' || answer.length === 0, `${answer}`).toBe(true);
    right += answers.filter((answer) => answer !== 'failed').length;
    for (const scanner of scanners) expect(await answerOf(scanner)).toEqual([]);
  }
  expect(right).toBeGreaterThan(0);
  for (const scanner of scanners) await scanner.release();
});

/** Begins a step through both processes at once and ends it through both, in two ways; says which end was taken. */
async function race(scanners: readonly [MppsScu, MppsScu], booking: Booking | null) {
  const [one, two] = scanners;
  const items = booking === null ? [] : await worklistItems(one, booking.accessionNumber);
  const step = performedStep({ startDate: '20261203', startTime: '090000', items });
  const { sopInstanceUID } = step;
  const begun = await Promise.all(scanners.map((scanner) => scanner.nCreate(sopInstanceUID, step.begun)));
  expect(begun.map(({ status }) => status).sort()).toEqual([0, 0x0111]);
  const end = { endDate: '20261203', endTime: '170000' };
  const [completed, discontinued] = await Promise.all([
    one.nSet(sopInstanceUID, step.completed(end)),
    two.nSet(sopInstanceUID, step.discontinued(end)),
  ]);
  expect([completed.status, discontinued.status].sort()).toEqual([0, 0x0110]);
  expect([completed.errorId, discontinued.errorId].filter((id) => id !== null)).toEqual([0xa710]);
  const status = completed.status === 0 ? 'COMPLETED' : 'DISCONTINUED';
  const kept = (await two.nGet(sopInstanceUID)).dataSet?.text('PerformedProcedureStepStatus');
  expect(kept).toBe(status);
  return { sopInstanceUID, status };
}

describe('one step through two processes at once', () => {
  it('begins once and ends once, and people see what the winner said', async () => {
    const [one, two] = await Promise.all(processes.map((service) => openScanner(service)));
    if (one === undefined || two === undefined) throw new Error('two processes are needed');
    const booking = await bookOffered(first(referralIds, 'referral'));
    const { status } = await race([one, two], booking);
    expect(await standingOf(imaging, booking.id)).toMatchObject({
      status,
      worklistEntries: [{ status }],
      performedSteps: [{ status }],
    });
    await expectShown(0, []);
    const ended: Record<string, string> = {};
    for (let count = 0; count < RACES; count += 1) {
      const ending = await race(count % 2 === 0 ? [one, two] : [two, one], null);
      ended[ending.sopInstanceUID] = ending.status;
    }
    const listed = await unmatchedSteps(imaging);
    expect(Object.fromEntries(listed.map((step) => [step.sopInstanceUID, step.status]))).toEqual(ended);
    for (const scanner of [one, two]) await scanner.release();
  });

  it('and the chain of the audit record holds', async () => {
    for (const service of processes) expect((await service.end('SIGTERM')).code).toBe(0);
    expect(await chainProblem(url, LINKS_AFTER)).toBeNull();
  });
});
