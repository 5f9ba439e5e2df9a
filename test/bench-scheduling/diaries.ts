import pg from 'pg';
import type { DiaryResource } from '../../src/clinic/scheduling/diary.rules.js';
import { findChainOffers } from '../../src/clinic/scheduling/diary.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { percentile } from '../bench/figures.js';
import type { AtTheEnd } from '../bench/servers.js';
import { FixedClock } from '../support/fixed-clock.js';
import { schedulingOn } from '../support/scheduling.factory.js';
import { writeClaims, writePast, writeResources, writeVisitType } from './clinic-rows.js';
import { CLINIC_SIZES, type Clinic, FIVE_STEPS, makeClinic, type SizeName } from './clinics.js';
import { searchIn } from './searches.js';
import type { BenchServer } from './server.js';
import { statementsOf } from './statements.js';

// The same search with its diary read from PostgreSQL, as the service does it.

const SEED = 11;
const VISIT_TYPE = 'BENCH_FIVE_STEPS';
const WARM_UPS = 5;
const ROUNDS_MIN = 5;

export interface DiaryFigures {
  readonly size: SizeName;
  readonly pastVisits: number;
  readonly statements: number;
  readonly freeSpans: number;
  readonly offers: number;
  /** Medians in milliseconds: the diary alone, and with the search. */
  readonly diaryMs: number;
  readonly wholeMs: number;
  readonly rounds: number;
}

interface Measured {
  readonly size: SizeName;
  readonly pastVisits: number;
  readonly clinic: Clinic;
  readonly read: () => Promise<readonly DiaryResource[]>;
  readonly diaryTimes: number[];
  readonly wholeTimes: number[];
}

/** Those that are compared with each other take turns. */
export async function measureDiaries(
  wishes: readonly { readonly size: SizeName; readonly pastVisits: number }[],
  seconds: number,
  server: BenchServer,
  atTheEnd: AtTheEnd,
): Promise<readonly DiaryFigures[]> {
  const all: Measured[] = [];
  for (const [place, { size, pastVisits }] of wishes.entries())
    all.push(await fill(size, pastVisits, `diary_${place}`, server, atTheEnd));
  for (let count = 0; count < WARM_UPS; count += 1) for (const one of all) await round(one);
  for (const one of all) {
    one.diaryTimes.length = 0;
    one.wholeTimes.length = 0;
  }
  const until = performance.now() + seconds * 1_000;
  for (let count = 0; count < ROUNDS_MIN || performance.now() < until; count += 1)
    for (const one of all) await round(one);
  return Promise.all(all.map(toFigures));
}

async function fill(
  size: SizeName,
  pastVisits: number,
  name: string,
  server: BenchServer,
  atTheEnd: AtTheEnd,
): Promise<Measured> {
  const url = await server.createDatabase(name);
  const clinic = makeClinic(CLINIC_SIZES[size], 'usual', SEED);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const ids = await writeResources(client, clinic.resources);
    await writeClaims(client, clinic.resources, ids);
    const protocolId = await writeVisitType(client, VISIT_TYPE, FIVE_STEPS);
    if (pastVisits > 0) {
      const untilMs = clinic.fromMs;
      await writePast(client, pastVisits, { code: VISIT_TYPE, protocolId, untilMs });
    }
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
  const database = new Database(url, 'facet-bench');
  atTheEnd(() => database.close());
  const now = Temporal.Instant.fromEpochMilliseconds(clinic.fromMs);
  const { diary } = schedulingOn(database, new FixedClock(now.subtract({ hours: 1 })));
  const window = { startsAt: now, endsAt: Temporal.Instant.fromEpochMilliseconds(clinic.untilMs) };
  const query = { chain: FIVE_STEPS, visitTypeCode: VISIT_TYPE, window };
  const read = () => diary.diary(database.client, query);
  return { size, pastVisits, clinic, read, diaryTimes: [], wholeTimes: [] };
}

async function round({ clinic, read, diaryTimes, wholeTimes }: Measured): Promise<number> {
  const startedAt = performance.now();
  const diary = await read();
  diaryTimes.push(performance.now() - startedAt);
  const { length } = findChainOffers(searchIn(clinic, diary));
  wholeTimes.push(performance.now() - startedAt);
  return length;
}

async function toFigures(one: Measured): Promise<DiaryFigures> {
  const { size, pastVisits, diaryTimes, wholeTimes } = one;
  const diaryMs = percentile(diaryTimes, 0.5);
  const wholeMs = percentile(wholeTimes, 0.5);
  const rounds = diaryTimes.length;
  const diary = await one.read();
  const freeSpans = diary.reduce((sum, { starts }) => sum + starts.length, 0);
  const offers = findChainOffers(searchIn(one.clinic, diary)).length;
  return {
    size,
    pastVisits,
    statements: await statementsOf(() => one.read()),
    freeSpans,
    offers,
    diaryMs,
    wholeMs,
    rounds,
  };
}
