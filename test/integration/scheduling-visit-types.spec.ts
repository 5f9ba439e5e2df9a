import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  InThePast,
  OutsideOpeningHours,
  VisitProtocolAlreadySet,
} from '../../src/clinic/scheduling/schedule.refusals.js';
import type { SetVisitProtocolInput } from '../../src/clinic/scheduling/visit-protocol.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { PrismaClient } from '../../src/platform/database/generated/client.js';
import { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { makeClaim, makeException, makeResource, schedulingOn } from '../support/scheduling.factory.js';

const { PHYSIOTHERAPIST, THERAPY_ROOM, NURSE, WAITING_PLACE } = ResourceKind;
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const ACTOR = aStaffActor();
const PHYSIO = 'PHYSIOTHERAPY';
const BLOCK = 'FACET_INJECTION';

let db: TestDatabase;
let database: Database;
const clock = new FixedClock('2026-02-23T09:00:00Z');
let room: ReturnType<typeof schedulingOn>;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  room = schedulingOn(database, clock);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyTables(
    database,
    'span_claims, opening_exceptions, opening_hours, bank_holidays, resources, visit_types',
  );
  for (const code of [PHYSIO, BLOCK]) {
    await database.client.visitType.create({
      data: {
        code,
        name: code,
        modality: 'IN_PERSON',
        needsReferral: false,
        isPublic: false,
        holdMinutes: 15,
        movesMax: 3,
        lateChangeHours: 24,
      },
    });
  }
});

function protocol(parts: Partial<SetVisitProtocolInput> = {}): SetVisitProtocolInput {
  return {
    visitTypeCode: PHYSIO,
    effectiveFrom: '2026-03-02',
    startStepMinutes: 15,
    source: 'for a test',
    steps: [
      {
        name: 'Physiotherapy',
        durationMinutes: 30,
        needs: [
          { role: 'therapist', kind: PHYSIOTHERAPIST },
          { role: 'room', kind: THERAPY_ROOM, bufferAfterMinutes: 5 },
        ],
      },
    ],
    ...parts,
  };
}

const set = (parts: Partial<SetVisitProtocolInput> = {}) =>
  room.visitTypes.setVisitProtocol(ACTOR, protocol(parts));

describe('a kind of visit', () => {
  it('is carried out by the protocol of the day', async () => {
    expect(await set()).toMatchObject({
      visitTypeCode: PHYSIO,
      effectiveFrom: '2026-03-02',
      steps: [
        {
          position: 0,
          waitMinutesMax: 0,
          patientPresent: true,
          needs: [
            { role: 'room', bufferBeforeMinutes: 0, bufferAfterMinutes: 5, skill: null, continuity: 'FREE' },
            { role: 'therapist', fillsWait: false },
          ],
        },
      ],
    });
    const entry = await database.client.auditEntry.findFirst({ orderBy: { id: 'desc' } });
    expect(entry).toMatchObject({ action: 'visit-protocol.set', actorId: ACTOR.id });
    await set({ effectiveFrom: '2026-04-01', startStepMinutes: 20 });
    const inForce = async (on: string) =>
      (await room.visitTypes.protocolInForce(database.client, PHYSIO, day(on))).chain.startStepMinutes;
    expect(await inForce('2026-03-31')).toBe(15);
    expect(await inForce('2026-04-01')).toBe(20);
    await expect(inForce('2026-03-01')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await room.visitTypes.visitType(database.client, PHYSIO)).protocol).toBeNull();
    clock.set('2026-03-02T09:00:00Z');
    const found = await room.visitTypes.visitType(database.client, PHYSIO);
    expect(found.protocol?.startStepMinutes).toBe(15);
    expect((await room.visitTypes.visitTypes()).map((type) => [type.code, type.protocol?.id])).toEqual([
      [BLOCK, undefined],
      [PHYSIO, found.protocol?.id],
    ]);
    const byId = await room.visitTypes.protocolById(database.client, found.protocol?.id ?? '');
    expect(byId.chain.steps.map((step) => step.needs.length)).toEqual([2]);
    clock.set('2026-02-23T09:00:00Z');
  });

  it('that is none is not found', async () => {
    expect(await room.visitTypes.findVisitType('Aa')).toBeNull();
    await expect(room.visitTypes.visitType(database.client, 'NONE')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(set({ visitTypeCode: 'NONE' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has one protocol a day, and none in the past', async () => {
    await set();
    expect(await set()).toBeInstanceOf(VisitProtocolAlreadySet);
    expect(await set({ visitTypeCode: BLOCK })).toMatchObject({ visitTypeCode: BLOCK });
    expect(await set({ effectiveFrom: '2026-02-22' })).toBeInstanceOf(InThePast);
    expect(await database.client.visitProtocol.count()).toBe(2);
  });

  it('has steps that can be searched for', async () => {
    const step = protocol().steps[0];
    if (step === undefined) throw new Error('no step');
    const nurse = { role: 'nurse', kind: NURSE };
    const wait = { waitMinutesMin: 30, waitMinutesTarget: 60, waitMinutesMax: 90 };
    const faults: readonly [string, Partial<SetVisitProtocolInput>][] = [
      ['divide 60', { startStepMinutes: 7 }],
      ['must have a step', { steps: [] }],
      ['roles of one step must differ', { steps: [{ ...step, needs: [nurse, nurse] }] }],
      ['nothing to wait for', { steps: [{ ...step, ...wait }] }],
      ['min <= target <= max', { steps: [step, { ...step, ...wait, waitMinutesMin: 61 }] }],
      ['of several kinds', { steps: [step, { ...step, needs: [{ role: 'therapist', kind: NURSE }] }] }],
      ['at least a minute', { steps: [step, { ...step, needs: [{ ...nurse, fillsWait: true }] }] }],
      ['must need something', { steps: [{ ...step, needs: [], patientPresent: false }] }],
      ['At least one step must need something', { steps: [{ ...step, needs: [] }] }],
    ];
    for (const [fault, parts] of faults) {
      await expect(set(parts), fault).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining(fault),
      });
    }
  });

  it('whose need fills the wait keeps the same resource from the step before on', async () => {
    await set({
      effectiveFrom: '2026-02-23',
      steps: [
        { name: 'Block', durationMinutes: 30, needs: [{ role: 'nurse', kind: NURSE }] },
        {
          name: 'Check',
          durationMinutes: 10,
          waitMinutesMin: 30,
          waitMinutesTarget: 45,
          waitMinutesMax: 60,
          needs: [
            {
              role: 'chair',
              kind: WAITING_PLACE,
              fillsWait: true,
              bufferBeforeMinutes: 5,
              bufferAfterMinutes: 10,
            },
            { role: 'nurse', kind: NURSE, continuity: 'PREFERRED' },
          ],
        },
      ],
    });
    const { chain } = await room.visitTypes.protocolInForce(database.client, PHYSIO, day('2026-02-23'));
    expect(chain.steps.map(({ name, fillsWait, wait }) => [name, fillsWait, wait?.minMinutes])).toEqual([
      ['Block', false, undefined],
      ['Wait for Check', true, undefined],
      ['Check', false, 30],
    ]);
    expect(chain.steps[1]?.needs).toEqual([
      {
        role: 'chair',
        kind: WAITING_PLACE,
        skill: null,
        bufferBeforeMinutes: 5,
        bufferAfterMinutes: 0,
        continuity: 'REQUIRED',
      },
    ]);
    expect(chain.steps[2]?.needs).toMatchObject([
      { role: 'chair', bufferBeforeMinutes: 0, bufferAfterMinutes: 10, continuity: 'REQUIRED' },
      { role: 'nurse', continuity: 'PREFERRED' },
    ]);
  });
});

describe('what resources can do', () => {
  it('is said when they are added and can be said anew', async () => {
    const added = await room.calendar.addResource(ACTOR, {
      kind: NURSE,
      name: 'Nurse Ada',
      skills: ['ULTRASOUND', 'CANNULATION'],
    });
    expect(added).toMatchObject({ skills: ['CANNULATION', 'ULTRASOUND'] });
    const [nurse] = await room.calendar.resources(NURSE);
    const resourceId = nurse?.id ?? '';
    expect(
      await room.resources.setResourceSkills(ACTOR, { resourceId, skills: ['CANNULATION'] }),
    ).toMatchObject({ name: 'Nurse Ada', skills: ['CANNULATION'] });
    const entry = await database.client.auditEntry.findFirst({ orderBy: { id: 'desc' } });
    expect(entry).toMatchObject({ action: 'resource.skills-set', subjectId: resourceId });
    await expect(
      room.resources.setResourceSkills(ACTOR, { resourceId: ACTOR.id, skills: [] }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the diary', () => {
  const window = (from: string, until: string) => ({ startsAt: at(from), endsAt: at(until) });
  const monday = window('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
  const chainOf = async () =>
    (await room.visitTypes.protocolInForce(database.client, PHYSIO, day('2026-03-02'))).chain;

  /** `name from-until …` of every resource that is free on that day, in UTC. */
  async function freeOn(visitTypeCode: string, span = monday): Promise<readonly string[]> {
    const diary = await room.diary.diary(database.client, {
      chain: await chainOf(),
      visitTypeCode,
      window: span,
    });
    const time = (ms: number | undefined) =>
      Temporal.Instant.fromEpochMilliseconds(ms ?? 0)
        .toString()
        .slice(11, 16);
    return diary
      .map(({ name, starts, ends }) =>
        [name, ...Array.from(starts, (ms, i) => `${time(ms)}-${time(ends[i])}`)].join(' '),
      )
      .toSorted();
  }

  beforeEach(async () => {
    await set();
  });

  it('is what is open and free, of the kinds that the visit needs', async () => {
    const ann = await makeResource(database, PHYSIOTHERAPIST, {
      name: 'Ann',
      weekdays: ['08:00-12:00', '13:00-17:00'],
    });
    await makeResource(database, THERAPY_ROOM, { name: 'Room 1', weekdays: ['08:00-18:00'] });
    await makeResource(database, NURSE, { name: 'Nurse', weekdays: ['08:00-18:00'] });
    await makeClaim(database, {
      resourceId: ann,
      startsAt: '2026-03-02T09:00:00Z',
      endsAt: '2026-03-02T10:00:00Z',
    });
    expect(await freeOn(PHYSIO)).toEqual(['Ann 08:00-09:00 10:00-12:00 13:00-17:00', 'Room 1 08:00-18:00']);
    // Buffers reach beyond the window: the room is cleared for five minutes after it.
    expect(await freeOn(PHYSIO, window('2026-03-02T08:30:00Z', '2026-03-02T11:00:00Z'))).toEqual([
      'Ann 08:30-09:00 10:00-11:05',
      'Room 1 08:30-11:05',
    ]);
    expect(await freeOn(PHYSIO, window('2026-03-02T08:30:00Z', '2026-03-02T08:30:00Z'))).toEqual([]);
  });

  it('leaves out those who lack the skill', async () => {
    const needs = [{ role: 'therapist', kind: PHYSIOTHERAPIST, skill: 'HYDROTHERAPY' }];
    await set({ effectiveFrom: '2026-03-01', steps: [{ name: 'Pool', durationMinutes: 30, needs }] });
    const { chain } = await room.visitTypes.protocolInForce(database.client, PHYSIO, day('2026-03-01'));
    const ann = await makeResource(database, PHYSIOTHERAPIST, { name: 'Ann', weekdays: ['08:00-18:00'] });
    await makeResource(database, PHYSIOTHERAPIST, { name: 'Ben', weekdays: ['08:00-18:00'] });
    await room.resources.setResourceSkills(ACTOR, { resourceId: ann, skills: ['HYDROTHERAPY'] });
    const diary = await room.diary.diary(database.client, { chain, visitTypeCode: PHYSIO, window: monday });
    expect(diary.map(({ name, skills }) => [name, skills])).toEqual([['Ann', ['HYDROTHERAPY']]]);
  });

  it('is closed in sessions that are for other kinds of visit', async () => {
    const ann = await makeResource(database, PHYSIOTHERAPIST, { name: 'Ann', weekdays: ['18:00-19:00'] });
    const sessions = [
      { isoWeekday: 1, opensAt: '08:00', closesAt: '12:00', serves: [BLOCK], name: 'Monday block list' },
      { isoWeekday: 1, opensAt: '13:00', closesAt: '15:00', serves: [BLOCK, PHYSIO] },
      { isoWeekday: 1, opensAt: '16:00', closesAt: '17:00' },
    ];
    expect(
      await room.calendar.setOpeningHours(ACTOR, { resourceId: ann, validFrom: '2026-02-23', sessions }),
    ).toMatchObject({
      hours: expect.arrayContaining([
        expect.objectContaining({ serves: [BLOCK], name: 'Monday block list' }),
        expect.objectContaining({ serves: [BLOCK, PHYSIO], name: null }),
      ]),
    });
    await makeException(database, 'EXTRA_SESSION', '2026-03-02', {
      resourceId: ann,
      hours: '20:00-21:00',
      serves: [BLOCK],
    });
    expect(await freeOn(PHYSIO)).toEqual(['Ann 13:00-15:00 16:00-17:00']);
    expect(await freeOn(BLOCK)).toEqual(['Ann 08:00-12:00 13:00-15:00 16:00-17:00 20:00-21:00']);
    const claim = (visitTypeCode: string | null) =>
      database.transaction((tx) =>
        room.claims.claim(tx, {
          holderId: ACTOR.id,
          spans: [
            { resourceId: ann, startsAt: at('2026-03-02T09:00:00Z'), endsAt: at('2026-03-02T10:00:00Z') },
          ],
          at: clock.now(),
          expiresAt: null,
          presence: null,
          visitTypeCode,
        }),
      );
    expect(await claim(PHYSIO)).toBeInstanceOf(OutsideOpeningHours);
    expect(await claim(BLOCK)).toBeNull();
  });

  it('is closed while somebody is on leave, all day or part of it', async () => {
    const ann = await makeResource(database, PHYSIOTHERAPIST, { name: 'Ann', weekdays: ['08:00-18:00'] });
    await makeResource(database, PHYSIOTHERAPIST, { name: 'Ben', weekdays: ['08:00-18:00'] });
    const leave = { kind: 'LEAVE', heldOn: '2026-03-02', reason: 'study leave', resourceId: ann } as const;
    expect(
      await room.calendar.addOpeningException(ACTOR, { ...leave, startsAt: '08:00', endsAt: '12:00' }),
    ).toMatchObject({ kind: 'LEAVE', resourceId: ann, serves: [] });
    expect(await freeOn(PHYSIO)).toEqual(['Ann 12:00-18:00', 'Ben 08:00-18:00']);
    await room.calendar.addOpeningException(ACTOR, leave);
    expect(await freeOn(PHYSIO)).toEqual(['Ben 08:00-18:00']);
    await expect(
      room.calendar.addOpeningException(ACTOR, { ...leave, resourceId: null }),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(
      room.calendar.addOpeningException(ACTOR, { ...leave, serves: [PHYSIO] }),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('takes one statement whatever the days and resources', async () => {
    const client = new PrismaClient({
      adapter: new PrismaPg({ connectionString: db.url }),
      log: [{ emit: 'event', level: 'query' }],
    });
    let statements = 0;
    client.$on('query', () => {
      statements += 1;
    });
    const chain = await chainOf();
    const countOf = async (days: number): Promise<readonly number[]> => {
      const from = at('2026-03-02T00:00:00Z');
      statements = 0;
      const diary = await room.diary.diary(client, {
        chain,
        visitTypeCode: PHYSIO,
        window: { startsAt: from, endsAt: from.add({ hours: 24 * days }) },
      });
      return [diary.length, diary.reduce((sum, { starts }) => sum + starts.length, 0), statements];
    };
    try {
      await makeResource(database, PHYSIOTHERAPIST, { weekdays: ['08:00-12:00', '13:00-18:00'] });
      expect(await countOf(1)).toEqual([1, 2, 1]);
      expect(await countOf(31)).toEqual([1, 2 * 23, 1]);
      for (let i = 0; i < 50; i += 1) {
        await makeResource(database, THERAPY_ROOM, { weekdays: ['08:00-12:00', '13:00-18:00'] });
      }
      expect(await countOf(1)).toEqual([51, 102, 1]);
      expect(await countOf(31)).toEqual([51, 102 * 23, 1]);
    } finally {
      await client.$disconnect();
    }
  });
});
