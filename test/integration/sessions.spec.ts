import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import type { StaffAccount } from '../../src/clinic/auth/session.type.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';

const ADMIN = aStaffActor();
const PASSWORD = 'correct horse battery';
const WHENCE = { requestId: 'r1', source: '192.0.2.7', userAgent: 'vitest' };

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let sessions: SessionService;
let staff: StaffService;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyTables(database, 'staff_sessions, staff_accounts');
  clock = new FixedClock();
  const audit = new AuditService(database, clock);
  sessions = new SessionService(database, clock, audit);
  staff = new StaffService(database, clock, audit);
});

async function addStaff(email: string, roles: Role[] = ['RECEPTION']): Promise<StaffAccount> {
  const account = await staff.addStaffAccount(ADMIN, {
    email,
    displayName: 'Rosa',
    roles,
    password: PASSWORD,
  });
  if (isRefusal(account)) throw new Error(account.message);
  return account;
}

async function signIn(email: string, password = PASSWORD): Promise<string> {
  const result = await sessions.signIn({ email, password }, WHENCE);
  if (isRefusal(result)) throw new Error(result.code);
  return result.token;
}

describe('signing in', () => {
  it('gives a token that is nowhere kept, and says who is asking', async () => {
    const account = await addStaff('Rosa@Clinic.example', ['RECEPTION', 'MANAGER']);
    const token = await signIn(' ROSA@clinic.EXAMPLE ');
    expect(await sessions.findCaller(token, WHENCE)).toMatchObject({
      actor: { kind: 'STAFF', id: account.id },
      roles: ['RECEPTION', 'MANAGER'],
    });
    const [row] = await database.client.staffSession.findMany();
    expect(JSON.stringify(row)).not.toContain(token);
    expect(row).toMatchObject({ remoteAddress: '192.0.2.7', userAgent: 'vitest' });
    const audited = await database.client.auditEntry.findFirst({ where: { subjectId: row?.id } });
    expect(audited).toMatchObject({ action: 'session.started', actorId: account.id });
  });

  it('answers an unknown e-mail, a wrong password, a disabled and a locked account alike', async () => {
    const disabled = await addStaff('disabled@clinic.example');
    await staff.disableStaffAccount(ADMIN, disabled.id);
    await addStaff('locked@clinic.example');
    for (let i = 0; i < 5; i += 1)
      await sessions.signIn({ email: 'locked@clinic.example', password: 'x' }, WHENCE);
    await addStaff('rosa@clinic.example');
    const answers = await Promise.all([
      sessions.signIn({ email: 'nobody@clinic.example', password: PASSWORD }, WHENCE),
      sessions.signIn({ email: 'rosa@clinic.example', password: 'wrong' }, WHENCE),
      sessions.signIn({ email: 'disabled@clinic.example', password: PASSWORD }, WHENCE),
      sessions.signIn({ email: 'locked@clinic.example', password: PASSWORD }, WHENCE),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: 'SignInFailed' });
    const unknown = await database.client.auditEntry.count({
      where: { action: 'session.refused', subjectId: null },
    });
    expect(unknown).toBe(1);
    clock.advance({ minutes: 15 });
    expect(await signIn('locked@clinic.example')).toMatch(/^[\w-]{43}$/);
  });

  it('counts every wrong password, also those that come at the same moment', async () => {
    const account = await addStaff('rosa@clinic.example');
    await Promise.all(
      Array.from({ length: 5 }, () =>
        sessions.signIn({ email: 'rosa@clinic.example', password: 'x' }, WHENCE),
      ),
    );
    const row = await database.client.staffAccount.findUniqueOrThrow({ where: { id: account.id } });
    expect(row.lockedUntil).not.toBeNull();
    const refusals = await database.client.auditEntry.count({
      where: { action: 'session.refused', subjectId: account.id },
    });
    expect(refusals).toBe(5);
  });
});

describe('a password that was lost', () => {
  it('is replaced by an administrator: the account opens, its sessions end', async () => {
    const account = await addStaff('rosa@clinic.example');
    const token = await signIn('rosa@clinic.example');
    for (let i = 0; i < 5; i += 1)
      await sessions.signIn({ email: 'rosa@clinic.example', password: 'x' }, WHENCE);
    await staff.resetStaffPassword(ADMIN, { accountId: account.id, password: 'another good phrase' });
    expect(await sessions.findCaller(token, WHENCE)).toBeNull();
    expect(await signIn('rosa@clinic.example', 'another good phrase')).toMatch(/^[\w-]{43}$/);
    await expect(signIn('rosa@clinic.example')).rejects.toThrow('SignInFailed');
    const nobody = { accountId: '00000000-0000-7000-8000-000000000000', password: 'another good phrase' };
    await expect(staff.resetStaffPassword(ADMIN, nobody)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a session', () => {
  it('ends by time, by idleness, by signing out, and with its account', async () => {
    const account = await addStaff('rosa@clinic.example');
    const idle = await signIn('rosa@clinic.example');
    clock.advance({ minutes: 121 });
    expect(await sessions.findCaller(idle, WHENCE)).toBeNull();
    const used = await signIn('rosa@clinic.example');
    for (let hour = 0; hour < 11; hour += 1) {
      clock.advance({ hours: 1 });
      expect(await sessions.findCaller(used, WHENCE)).not.toBeNull();
    }
    clock.advance({ hours: 1 });
    expect(await sessions.findCaller(used, WHENCE)).toBeNull();
    const left = await signIn('rosa@clinic.example');
    const caller = await sessions.findCaller(left, WHENCE);
    if (caller === null) throw new Error('the session has just begun');
    await sessions.revokeSession(caller.actor, caller.sessionId);
    expect(await sessions.findCaller(left, WHENCE)).toBeNull();
    const last = await signIn('rosa@clinic.example');
    await staff.disableStaffAccount(ADMIN, account.id);
    expect(await sessions.findCaller(last, WHENCE)).toBeNull();
  });

  it('is not found by anything but its token', async () => {
    await addStaff('rosa@clinic.example');
    await signIn('rosa@clinic.example');
    expect(await sessions.findCaller(null, WHENCE)).toBeNull();
    expect(await sessions.findCaller('', WHENCE)).toBeNull();
    expect(await sessions.findCaller('a'.repeat(43), WHENCE)).toBeNull();
  });
});

describe('staff accounts', () => {
  it('have one e-mail address each, whoever is quicker', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        staff.addStaffAccount(ADMIN, {
          email: 'one@clinic.example',
          displayName: 'One',
          roles: ['RECEPTION'],
          password: PASSWORD,
        }),
      ),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    const codes = results.map((result) => ('code' in result ? result.code : 'added'));
    expect(codes.filter((code) => code === 'StaffEmailTaken')).toHaveLength(7);
  });

  it('always leave one administrator, also when two disable each other', async () => {
    const ada = await addStaff('ada@clinic.example', ['ADMIN']);
    const ben = await addStaff('ben@clinic.example', ['ADMIN']);
    const results = await Promise.all([
      staff.disableStaffAccount(ADMIN, ada.id),
      staff.disableStaffAccount(ADMIN, ben.id),
    ]);
    expect(results.filter(isRefusal)).toMatchObject([{ code: 'LastAdministrator' }]);
  });
});
