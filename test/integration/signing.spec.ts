import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DisciplineService } from '../../src/clinic/auth/discipline.service.js';
import { SecondFactorService } from '../../src/clinic/auth/second-factor.service.js';
import { SigningService } from '../../src/clinic/auth/signing.service.js';
import { type Config, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { KeyRing } from '../../src/platform/storage/index.js';
import { Temporal } from '../../src/platform/time/index.js';
import { codeAt } from '../../src/platform/totp/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { makeStaff, mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';

// In which disciplines somebody practises, and the codes that signing asks for: each serves once.

const NOW = '2026-11-24T09:00:00Z';
const clock = new FixedClock(NOW);
const admin = aStaffActor();
const keys = new KeyRing(() => [{ name: 'test', bytes: randomBytes(32) }]);
let home: TestDatabase;
let database: Database;

const configOf = (rule: string): Config => readConfig({ SIGNING_SECOND_FACTOR: rule }, '/tmp');

function roomOf(rule = 'enrolled', ring = keys) {
  const audit = new AuditService(database, clock);
  const config = configOf(rule);
  const signing = new SigningService(database, clock, config, audit, ring);
  return {
    signing,
    factors: new SecondFactorService(database, clock, config, audit, ring, signing),
    disciplines: new DisciplineService(database, clock, config, audit),
  };
}
type Room = ReturnType<typeof roomOf>;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

async function somebody(): Promise<StaffActor> {
  return aStaffActor(await makeStaff(database));
}

/** A signature as a later room makes one: asked last, in the transaction of what is signed. */
const sign = (room: Room, actor: StaffActor, code: string | null) =>
  database.transaction(async (tx) => {
    await tx.$executeRaw`INSERT INTO signatures_of_test (signer_id) VALUES (${actor.id}::uuid)`;
    return (await room.signing.mustBeAbleToSign(tx, actor, code)) ?? ('signed' as const);
  });

async function signaturesOf(actor: StaffActor): Promise<number> {
  const rows = await database.client.$queryRaw<unknown[]>`
    SELECT 1 AS one FROM signatures_of_test WHERE signer_id = ${actor.id}::uuid`;
  return rows.length;
}

const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : String(answer));

async function enrol(room: Room, actor: StaffActor) {
  const { uri } = mustBe(await room.factors.beginSecondFactor(actor));
  const secret = secretOf(uri);
  const { codes } = mustBe(await room.factors.confirmSecondFactor(actor, codeAt(secret, clock.now())));
  return { secret, codes };
}

/** RFC 4648 base32, read here by hand so that a mistake of ours is not read back by the same hand. */
function secretOf(uri: string): Uint8Array {
  const text = new URL(uri).searchParams.get('secret') ?? '';
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
  const binary = bits.map((value) => value.toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(binary.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

beforeAll(async () => {
  await database.client.$executeRawUnsafe('CREATE TABLE signatures_of_test (signer_id uuid NOT NULL)');
});

describe('whom signing asks for a code', () => {
  it('nobody who has not set one up, unless the clinic wants one of everybody', async () => {
    const actor = await somebody();
    expect(await sign(roomOf('enrolled'), actor, null)).toBe('signed');
    expect(await sign(roomOf('off'), actor, null)).toBe('signed');
    expect(await sign(roomOf('required'), actor, null)).toMatchObject({
      code: 'SecondFactorWanted',
      mustEnrol: true,
    });
    expect(await signaturesOf(actor)).toBe(2);
  });

  it('whoever has, from the first code that was confirmed on', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { uri } = mustBe(await room.factors.beginSecondFactor(actor));
    expect(await sign(room, actor, null)).toBe('signed');
    mustBe(await room.factors.confirmSecondFactor(actor, codeAt(secretOf(uri), clock.now())));
    expect(await sign(room, actor, null)).toMatchObject({ code: 'SecondFactorWanted', mustEnrol: false });
    expect(await room.factors.standing(actor)).toMatchObject({ isAskedFor: true, recoveryCodesLeft: 10 });
    expect(await sign(roomOf('off'), actor, null)).toBe('signed');
  });
});

describe('a code', () => {
  it('signs once, and none older than it signs after it', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { secret } = await enrol(room, actor);
    const used = codeAt(secret, clock.now());
    expect(codeOf(await sign(room, actor, used))).toBe('SecondFactorWrong');
    clock.advance({ seconds: 30 });
    const next = codeAt(secret, clock.now());
    expect(await sign(room, actor, ` ${next.slice(0, 3)} ${next.slice(3)} `)).toBe('signed');
    expect(codeOf(await sign(room, actor, next))).toBe('SecondFactorWrong');
    expect(await signaturesOf(actor)).toBe(1);
  });

  it('is not used up by a signature that was refused for another reason', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { secret } = await enrol(room, actor);
    clock.advance({ seconds: 30 });
    const code = codeAt(secret, clock.now());
    const broken = database.transaction(async (tx) => {
      expect(await room.signing.mustBeAbleToSign(tx, actor, code)).toBeNull();
      throw new Error('killed before the end');
    });
    await expect(broken).rejects.toThrow('killed');
    expect(await sign(room, actor, code)).toBe('signed');
  });

  it('shown by fifty at once signs one', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { secret } = await enrol(room, actor);
    clock.advance({ seconds: 30 });
    const code = codeAt(secret, clock.now());
    const answers = await Promise.all(Array.from({ length: 50 }, () => sign(room, actor, code)));
    expect(answers.filter((answer) => answer === 'signed')).toHaveLength(1);
    expect(await signaturesOf(actor)).toBe(1);
  });

  it('of somebody else is wrong', async () => {
    const room = roomOf();
    const [one, other] = [await somebody(), await somebody()];
    const { secret } = await enrol(room, one);
    await enrol(room, other);
    clock.advance({ seconds: 30 });
    expect(codeOf(await sign(room, other, codeAt(secret, clock.now())))).toBe('SecondFactorWrong');
  });
});

describe('wrong codes', () => {
  it('are counted although nothing else is kept, and lock for a quarter of an hour', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { secret } = await enrol(room, actor);
    clock.advance({ seconds: 30 });
    for (let tries = 0; tries < 5; tries += 1) await sign(room, actor, '000000');
    const right = codeAt(secret, clock.now());
    const refused = await sign(room, actor, right);
    expect(refused).toMatchObject({
      code: 'SecondFactorWrong',
      lockedUntil: clock.now().add({ minutes: 15 }),
    });
    expect(await signaturesOf(actor)).toBe(0);
    const acts = await database.client.auditEntry.count({
      where: { actorId: actor.id, action: 'second-factor.refused' },
    });
    expect(acts).toBe(5);
    clock.advance({ minutes: 15 });
    expect(await sign(room, actor, codeAt(secret, clock.now()))).toBe('signed');
  });
});

describe('recovery codes', () => {
  it('sign once each, and new ones take their place', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { secret, codes } = await enrol(room, actor);
    const [first = '', second = ''] = codes;
    expect(await sign(room, actor, first.toUpperCase())).toBe('signed');
    expect(codeOf(await sign(room, actor, first))).toBe('SecondFactorWrong');
    expect(codeOf(await room.factors.renewRecoveryCodes(actor, second))).toBe('SecondFactorWrong');
    clock.advance({ seconds: 30 });
    mustBe(await room.factors.renewRecoveryCodes(actor, codeAt(secret, clock.now())));
    expect(codeOf(await sign(room, actor, second))).toBe('SecondFactorWrong');
    expect(await room.factors.standing(actor)).toMatchObject({ recoveryCodesLeft: 10 });
  });
});

describe('taking it away', () => {
  it('needs a code of it, or an administrator with a reason; the secret is gone', async () => {
    const room = roomOf();
    const actor = await somebody();
    await enrol(room, actor);
    expect(codeOf(await room.factors.removeMySecondFactor(actor, '123456'))).toBe('SecondFactorWrong');
    mustBe(
      await room.factors.removeSecondFactor(admin, { staffId: actor.id, reason: 'Lost, seen in person' }),
    );
    expect(await sign(room, actor, null)).toBe('signed');
    const [row] = await database.client.secondFactor.findMany({ where: { staffId: actor.id } });
    expect(row).toMatchObject({ wrappedSecret: null, removedById: admin.id });
    const again = await room.factors.removeSecondFactor(admin, { staffId: actor.id, reason: 'again' });
    expect(codeOf(again)).toBe('SecondFactorMissing');
  });

  it('is nobody’s own without a code: an administrator asks another, or gives one', async () => {
    const room = roomOf();
    const [admin, other] = [await somebody(), await somebody()];
    const { codes } = await enrol(room, admin);
    for (const staffId of [admin.id, admin.id.toUpperCase()]) {
      const own = await room.factors.removeSecondFactor(admin, { staffId, reason: 'Lost it' });
      expect(codeOf(own)).toBe('SecondFactorOwn');
    }
    expect(codeOf(await sign(room, admin, null))).toBe('SecondFactorWanted');
    mustBe(await room.factors.removeSecondFactor(other, { staffId: admin.id, reason: 'Seen in person' }));
    expect(codes).toHaveLength(10);
    const again = await enrol(room, admin);
    mustBe(await room.factors.removeMySecondFactor(admin, again.codes[0] ?? ''));
    expect(await sign(room, admin, null)).toBe('signed');
  });

  it('one at a time: a second is refused, one that was never confirmed makes room', async () => {
    const room = roomOf();
    const actor = await somebody();
    mustBe(await room.factors.beginSecondFactor(actor));
    await enrol(room, actor);
    expect(codeOf(await room.factors.beginSecondFactor(actor))).toBe('SecondFactorAlreadyThere');
  });

  it('the database gives no used step back, and no code', async () => {
    const room = roomOf();
    const actor = await somebody();
    const { codes } = await enrol(room, actor);
    await sign(room, actor, codes[0] ?? '');
    const where = `(SELECT id FROM second_factors WHERE staff_id = '${actor.id}')`;
    for (const sql of [
      `UPDATE second_factors SET last_step = 1 WHERE staff_id = '${actor.id}'`,
      `UPDATE second_factors SET confirmed_at = NULL, last_step = NULL WHERE staff_id = '${actor.id}'`,
      `UPDATE second_factor_recovery_codes SET used_at = NULL WHERE used_at IS NOT NULL AND second_factor_id = ${where}`,
      `DELETE FROM second_factor_recovery_codes WHERE second_factor_id = ${where}`,
    ]) {
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow();
    }
  });
});

it('a secret moves to the newest master key when it is used, and the old key can go', async () => {
  const [older, newer] = [
    { name: 'old', bytes: randomBytes(32) },
    { name: 'new', bytes: randomBytes(32) },
  ];
  const actor = await somebody();
  const { secret } = await enrol(roomOf('enrolled', new KeyRing(() => [older])), actor);
  clock.advance({ seconds: 30 });
  const both = roomOf('enrolled', new KeyRing(() => [newer, older]));
  expect(await sign(both, actor, codeAt(secret, clock.now()))).toBe('signed');
  clock.advance({ seconds: 30 });
  const without = roomOf('enrolled', new KeyRing(() => [newer]));
  expect(await sign(without, actor, codeAt(secret, clock.now()))).toBe('signed');
});

describe('disciplines', () => {
  const day = (text: string) => Temporal.PlainDate.from(text);

  it('are held from a day to a day, twice on no day', async () => {
    const { disciplines } = roomOf();
    const { id: staffId } = await somebody();
    const wish = { staffId, discipline: 'PHYSIOTHERAPY', effectiveFrom: '2026-01-01' } as const;
    const held = mustBe(
      await disciplines.recordStaffDiscipline(admin, {
        ...wish,
        registrationBody: 'HCPC',
        registrationNumber: 'ph 12345',
      }),
    );
    expect(held).toMatchObject({ registrationNumber: 'PH12345', isHeldToday: true });
    const twice = await disciplines.recordStaffDiscipline(admin, { ...wish, effectiveFrom: '2027-01-01' });
    expect(codeOf(twice)).toBe('DisciplineAlreadyHeld');
    const ending = { id: held.id, on: '2026-06-01', reason: 'Left the team' };
    expect(mustBe(await disciplines.endStaffDiscipline(admin, ending))).toMatchObject({ isHeldToday: false });
    expect(codeOf(await disciplines.endStaffDiscipline(admin, ending))).toBe('DisciplineAlreadyEnded');
    mustBe(await disciplines.recordStaffDiscipline(admin, { ...wish, effectiveFrom: '2026-06-01' }));
    mustBe(await disciplines.recordStaffDiscipline(admin, { ...wish, discipline: 'NURSING' }));
    const on = (text: string) => disciplines.disciplinesOf(database.client, [staffId], day(text));
    expect((await on('2025-12-31')).size).toBe(0);
    expect((await on('2026-05-31')).get(staffId)).toEqual(['PHYSIOTHERAPY', 'NURSING']);
    expect((await on('2026-06-01')).get(staffId)).toEqual(['PHYSIOTHERAPY', 'NURSING']);
  });

  it('are never edited and never ended twice, by SQL neither', async () => {
    const { disciplines } = roomOf();
    const { id: staffId } = await somebody();
    const { id } = mustBe(
      await disciplines.recordStaffDiscipline(admin, {
        staffId,
        discipline: 'NURSING',
        effectiveFrom: '2026-01-01',
      }),
    );
    for (const sql of [
      `UPDATE staff_disciplines SET discipline = 'PSYCHOLOGY' WHERE id = '${id}'`,
      `UPDATE staff_disciplines SET ended_on = '2026-02-01' WHERE id = '${id}'`,
      `DELETE FROM staff_disciplines WHERE id = '${id}'`,
      'TRUNCATE staff_disciplines',
    ]) {
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow();
    }
  });

  it('refuse a number that its register does not write', async () => {
    const { disciplines } = roomOf();
    const { id: staffId } = await somebody();
    const wish = { staffId, discipline: 'PAIN_MEDICINE', effectiveFrom: '2026-01-01' } as const;
    const wrong = disciplines.recordStaffDiscipline(admin, {
      ...wish,
      registrationBody: 'GMC',
      registrationNumber: '12',
    });
    await expect(wrong).rejects.toThrow('seven digits');
  });
});
