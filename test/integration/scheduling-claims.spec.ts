import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DiaryService } from '../../src/clinic/scheduling/diary.service.js';
import { SPANS } from '../../src/clinic/scheduling/schedule.queries.js';
import { OutsideOpeningHours, SlotAlreadyTaken } from '../../src/clinic/scheduling/schedule.refusals.js';
import { claimConstraints, type ScheduleService } from '../../src/clinic/scheduling/schedule.service.js';
import type { ResourceSpan } from '../../src/clinic/scheduling/schedule.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { PrismaClient } from '../../src/platform/database/generated/client.js';
import { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Fault } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { aChain, makeClaim, makeResource, schedulingOn } from '../support/scheduling.factory.js';

const { CAMERA, INJECTION_ROOM, NUCLEAR_MEDICINE_TECHNOLOGIST: TECHNOLOGIST } = ResourceKind;

let db: TestDatabase;
let database: Database;
let schedule: ScheduleService;
let diary: DiaryService;
let camera: string;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  ({ schedule, diary } = schedulingOn(database));
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyTables(database, 'span_claims, opening_exceptions, opening_hours, bank_holidays, resources');
  camera = await makeResource(database, CAMERA, {
    name: 'Camera 1',
    weekdays: ['08:00-12:00', '13:00-18:00'],
  });
});

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const NOW = at('2026-02-20T09:00:00Z');

function span(from: string, until: string, resourceId = camera): ResourceSpan {
  return { resourceId, startsAt: at(`2026-03-02T${from}Z`), endsAt: at(`2026-03-02T${until}Z`) };
}

function claim(spans: readonly ResourceSpan[], holderId: string = randomUUID()) {
  return database.transaction((tx) => schedule.claimSpans(tx, { holderId, spans, at: NOW }), {
    onConstraint: { span_claims_no_overlap: claimConstraints.span_claims_no_overlap },
  });
}

const liveClaims = () => database.client.spanClaim.count({ where: { releasedAt: null } });

describe('a claim', () => {
  it('takes all its spans for the holder', async () => {
    const room = await makeResource(database, INJECTION_ROOM, { weekdays: ['08:00-18:00'] });
    const holderId = randomUUID();
    expect(await claim([span('08:00', '09:00'), span('08:30', '09:00', room)], holderId)).toBeNull();
    const held = await database.transaction((tx) => schedule.spansHeld(tx, holderId));
    expect(held).toEqual([span('08:00', '09:00'), span('08:30', '09:00', room)]);
  });

  it('may touch another and may not overlap it by a millisecond', async () => {
    expect(await claim([span('09:00', '10:00')])).toBeNull();
    expect(await claim([span('08:00', '09:00')])).toBeNull();
    expect(await claim([span('10:00', '11:00')])).toBeNull();
    expect(await claim([span('10:59:59.999', '12:00')])).toBeInstanceOf(SlotAlreadyTaken);
    expect(await claim([span('11:00', '12:00')])).toBeNull();
  });

  it('is taken whole or not at all', async () => {
    const room = await makeResource(database, INJECTION_ROOM, { weekdays: ['08:00-18:00'] });
    await claim([span('09:00', '10:00')]);
    expect(await claim([span('09:00', '10:00', room), span('09:30', '10:30')])).toBeInstanceOf(
      SlotAlreadyTaken,
    );
    expect(await liveClaims()).toBe(1);
  });

  it('that meets itself is refused too', async () => {
    expect(await claim([span('09:00', '10:00'), span('09:30', '10:30')])).toBeInstanceOf(SlotAlreadyTaken);
    expect(await liveClaims()).toBe(0);
  });

  it('says when the resource is next free for as long', async () => {
    await claim([span('09:00', '10:00')]);
    await claim([span('10:30', '12:00')]);
    expect(await claim([span('09:30', '10:00')])).toMatchObject({ nextFreeAt: at('2026-03-02T10:00Z') });
    expect(await claim([span('09:30', '10:30')])).toMatchObject({ nextFreeAt: at('2026-03-02T13:00Z') });
    const hours = { resourceId: camera, startsAt: '2026-03-02T13:00Z', endsAt: '2026-03-02T18:00Z' };
    await makeClaim(database, hours);
    expect(await claim([span('14:00', '14:30')])).toMatchObject({ nextFreeAt: at('2026-03-03T08:00Z') });
  });

  it('outside opening hours is refused with the hours of that day', async () => {
    const refusal = await claim([span('11:30', '12:30')]);
    expect(refusal).toBeInstanceOf(OutsideOpeningHours);
    expect(refusal).toMatchObject({
      code: 'OutsideOpeningHours',
      resourceId: camera,
      openSpans: [
        { startsAt: at('2026-03-02T08:00Z'), endsAt: at('2026-03-02T12:00Z') },
        { startsAt: at('2026-03-02T13:00Z'), endsAt: at('2026-03-02T18:00Z') },
      ],
      message:
        'Camera 1 is open on Monday 2 March 2026 from 08:00 to 12:00 and from 13:00 to 18:00. Nothing was booked: choose another time.',
    });
    const sunday = { resourceId: camera, startsAt: at('2026-03-01T09:00Z'), endsAt: at('2026-03-01T10:00Z') };
    expect(await claim([sunday])).toMatchObject({ openSpans: [] });
    expect(await liveClaims()).toBe(0);
  });

  it('of what does not exist, or of nothing, is a fault', async () => {
    await expect(claim([span('09:00', '10:00', randomUUID())])).rejects.toBeInstanceOf(Fault);
    await expect(claim([])).rejects.toBeInstanceOf(RangeError);
    await expect(claim([span('10:00', '09:00')])).rejects.toBeInstanceOf(RangeError);
  });

  it('that was released is free again, and a move frees the old time in the same transaction', async () => {
    const holderId = randomUUID();
    await claim([span('09:00', '10:00')], holderId);
    const moved = await database.transaction(async (tx) => {
      expect(await schedule.releaseSpans(tx, holderId, NOW)).toBe(1);
      return schedule.claimSpans(tx, { holderId, spans: [span('09:30', '10:30')], at: NOW });
    });
    expect(moved).toBeNull();
    expect(await claim([span('09:00', '09:30')])).toBeNull();
    const refused = await database.transaction(async (tx) => {
      await schedule.releaseSpans(tx, holderId, NOW);
      return schedule.claimSpans(tx, { holderId, spans: [span('09:15', '10:15')], at: NOW });
    });
    expect(refused).toBeInstanceOf(SlotAlreadyTaken);
    // The refusal rolled the release back: the visit keeps the time it had.
    const held = await database.transaction((tx) => schedule.spansHeld(tx, holderId));
    expect(held).toEqual([span('09:30', '10:30')]);
  });
});

describe('races', () => {
  it('fifty claims of one span at once: one has it, 49 are told so', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim([span('09:00', '10:00')])));
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    // Also those who were overtaken between looking and writing hear when it is free: no transaction was broken.
    const refused = answers.filter((answer) => answer instanceof SlotAlreadyTaken);
    expect(refused.map((answer) => answer.nextFreeAt?.toString())).toEqual(
      Array.from({ length: 49 }, () => '2026-03-02T10:00:00Z'),
    );
    expect(await liveClaims()).toBe(1);
  });

  it('fifty chains over three resources in every order: nothing overlaps and nobody is half booked', async () => {
    const room = await makeResource(database, INJECTION_ROOM, { weekdays: ['08:00-18:00'] });
    const person = await makeResource(database, TECHNOLOGIST, { weekdays: ['08:00-18:00'] });
    const starts = ['08:00', '08:15', '08:30', '08:45', '09:00'];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const from = at(`2026-03-02T${starts[i % starts.length]}Z`);
        const spans = [camera, room, person].map((resourceId) => ({
          resourceId,
          startsAt: from,
          endsAt: from.add({ minutes: 30 }),
        }));
        return claim(i % 2 === 0 ? spans : spans.toReversed());
      }),
    );
    const won = answers.filter((answer) => answer === null).length;
    expect(answers.filter((answer) => answer instanceof SlotAlreadyTaken)).toHaveLength(50 - won);
    expect(won).toBeGreaterThanOrEqual(2);
    expect(won).toBeLessThanOrEqual(3);
    expect(await liveClaims()).toBe(won * 3);
  });

  it('two processes that swap their times at once: both keep a time, and no time is had twice', async () => {
    const other = new Database(db.url);
    const [a, b] = [randomUUID(), randomUUID()];
    await claim([span('09:00', '10:00')], a);
    await claim([span('10:00', '11:00')], b);
    const move = (on: Database, holderId: string, to: ResourceSpan) =>
      on.transaction(async (tx) => {
        await schedule.releaseSpans(tx, holderId, NOW);
        return schedule.claimSpans(tx, { holderId, spans: [to], at: NOW });
      });
    try {
      const answers = await Promise.all([
        move(database, a, span('10:00', '11:00')),
        move(other, b, span('09:00', '10:00')),
      ]);
      for (const answer of answers) expect(answer === null || answer instanceof SlotAlreadyTaken).toBe(true);
      expect(await liveClaims()).toBe(2);
    } finally {
      await other.close();
    }
  });
});

describe('how much work it is', () => {
  const chain = aChain();

  async function makeResources(count: number): Promise<readonly string[]> {
    const kinds = [CAMERA, INJECTION_ROOM, TECHNOLOGIST] as const;
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      ids.push(
        await makeResource(database, kinds[i % 3] ?? CAMERA, { weekdays: ['08:00-12:00', '13:00-18:00'] }),
      );
    }
    return ids;
  }

  it('one statement for free spans and for the diary of offers, whatever the days and resources', async () => {
    const client = new PrismaClient({
      adapter: new PrismaPg({ connectionString: db.url }),
      log: [{ emit: 'event', level: 'query' }],
    });
    let statements = 0;
    client.$on('query', () => {
      statements += 1;
    });
    const countOf = async (days: number): Promise<readonly number[]> => {
      const from = at('2026-03-02T00:00:00Z');
      const until = from.add({ hours: 24 * days });
      statements = 0;
      const spans = await schedule.freeSpans(client, { window: { startsAt: from, endsAt: until } });
      const forSpans = statements;
      statements = 0;
      const window = { startsAt: from, endsAt: until };
      await diary.diary(client, { chain, visitTypeCode: 'BONE_SPECT_CT', window });
      return [spans.length, forSpans, statements];
    };
    try {
      await makeResources(2);
      expect(await countOf(1)).toEqual([6, 1, 1]);
      expect(await countOf(31)).toEqual([6 * 23, 1, 1]);
      await makeResources(57);
      expect(await countOf(1)).toEqual([120, 1, 1]);
      expect(await countOf(31)).toEqual([120 * 23, 1, 1]);
    } finally {
      await client.$disconnect();
    }
  });

  it('60,000 past visits are not read', async () => {
    const ids = await makeResources(60);
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    const claimsFrom = (from: string, count: number) =>
      client.query(
        `INSERT INTO span_claims (id, resource_id, starts_at, ends_at, holder_id, claimed_at)
         SELECT gen_random_uuid(), resource_id, starts_at, starts_at + interval '30 minutes', gen_random_uuid(), starts_at
           FROM unnest($1::uuid[]) AS resource_id,
                LATERAL (SELECT $2::timestamptz + n * interval '1 hour' AS starts_at FROM generate_series(0, $3 - 1) n) times`,
        [ids, from, count],
      );
    try {
      await claimsFrom('2026-03-02T08:00:00Z', 4);
      await client.query('ANALYZE');
      const without = await planOf(client, '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z');
      await claimsFrom('2025-12-01T00:00:00Z', 1_000);
      await client.query('VACUUM ANALYZE span_claims');
      const withPast = await planOf(client, '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z');
      expect(withPast.indexes).toContain('span_claims_no_overlap');
      expect(withPast.claimRows).toBe(without.claimRows);
      expect(withPast.claimRows).toBe(240);
      // A page for every row that is found, and for each resource a way down the index, which is three levels high with
      // siblings that overlap. One resource's past alone fills ten leaves: whoever read it would be over twice as much.
      expect(withPast.claimPages).toBeLessThan(240 + 60 * INDEX_PAGES_PER_RESOURCE);
    } finally {
      await client.end();
    }
  });
});

/** Root, inner page, leaf, and a sibling of the two where the keys of a resource are split. */
const INDEX_PAGES_PER_RESOURCE = 5;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** What the planner does with the statement itself, and what it cost to read the claims. */
async function planOf(client: pg.Client, from: string, until: string) {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${SPANS}`,
    [from, until, 'Europe/London', null, null, null, true, null, NOW.toString(), null],
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error('no plan');
  const nodes = flatten(plan);
  const claims = nodes.filter((node) => node['Relation Name'] === 'span_claims');
  return {
    indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
    claimRows: Math.round(sum(claims.map((node) => node['Actual Rows'] * node['Actual Loops']))),
    claimPages: sum(claims.map((node) => node['Shared Hit Blocks'] + node['Shared Read Blocks'])),
  };
}

function flatten(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
