import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { AuditChainService } from '../../src/clinic/audit/audit-chain.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';

const ACTOR = aStaffActor();

let db: TestDatabase;
let database: Database;
let audit: AuditService;
let chain: AuditChainService;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  audit = new AuditService(database, new FixedClock());
  chain = new AuditChainService(database);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

function write(action: string, patientIds: readonly string[] = []) {
  return database.transaction((tx) =>
    audit.record(tx, ACTOR, {
      action,
      subjectType: 'test',
      patientIds,
      before: { name: 'Zoë', when: '2026-03-29' },
      after: { name: 'Zoë', list: [1, 2, { deep: null }] },
    }),
  );
}

/** What an attacker with the database's own keys could do: switch the triggers off and write. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: db.adminUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);
  } finally {
    await client.end();
  }
}

describe('the audit record', () => {
  it('is linked in one line however many write at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(`test.written-${i}`)));
    expect(await chain.verify()).toMatchObject({ linksChecked: 40n, broken: null, entryWithoutLink: null });
  });

  it('keeps nothing of a transaction that was rolled back', async () => {
    const before = await chain.verify();
    const failing = database.transaction(async (tx) => {
      await audit.record(tx, ACTOR, { action: 'test.lost', subjectType: 'test' });
      throw new Error('not after all');
    });
    await expect(failing).rejects.toThrow('not after all');
    expect(await chain.verify()).toEqual(before);
  });

  it.each([
    'UPDATE audit_entries SET action = $$forged$$',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries CASCADE',
    'UPDATE audit_links SET hash = previous_hash',
    'DELETE FROM audit_links',
    'TRUNCATE audit_links',
  ])('is refused by the database: %s', async (sql) => {
    const before = await chain.verify();
    await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow(/only ever added to/);
    expect(await chain.verify()).toEqual(before);
  });

  it('is shown newest first, page by page, to whoever filters it, and the look is recorded', async () => {
    const patientId = '01a20566-ba74-741d-a604-2ad8226c715f';
    for (let i = 0; i < 3; i += 1) await write(`test.about-${i}`, [patientId]);
    const first = await audit.auditEntries(ACTOR, { patientId }, { size: 2 });
    expect(first.items.map((entry) => entry.action)).toEqual(['test.about-2', 'test.about-1']);
    const rest = await audit.auditEntries(ACTOR, { patientId }, { size: 5, after: first.nextCursor });
    expect(rest.items.map((entry) => entry.action)).toEqual(['test.about-0']);
    expect(rest.nextCursor).toBeNull();
    const looks = await database.client.auditEntry.count({
      where: { action: 'audit.viewed', patientIds: { has: patientId } },
    });
    expect(looks).toBe(2);
  });

  it('names the first link that tampering broke', async () => {
    await tamper("UPDATE audit_entries SET action = 'forged' WHERE action = 'test.about-2'");
    const forged = await database.client.auditEntry.findFirstOrThrow({ where: { action: 'forged' } });
    expect((await chain.verify()).broken).toMatchObject({ entryId: forged.id, reason: 'ENTRY_CHANGED' });
    await tamper(`DELETE FROM audit_links WHERE position = 3`);
    expect((await chain.verify()).broken).toMatchObject({ position: 4n, reason: 'POSITION_MISSING' });
  });

  it('notices an entry that was written around the chain', async () => {
    const other = await createTestDatabase();
    const otherDatabase = new Database(other.url);
    const client = new pg.Client({ connectionString: other.adminUrl });
    await client.connect();
    await client.query(
      `BEGIN; SET LOCAL session_replication_role = replica;
       INSERT INTO audit_entries (id, occurred_at, actor_kind, action, subject_type, patient_ids)
       VALUES ('01a20566-ba74-741d-a604-2ad8226c7150', now(), 'SYSTEM', 'x', 'y', '{}'); COMMIT`,
    );
    await client.end();
    expect(await new AuditChainService(otherDatabase).verify()).toMatchObject({
      broken: null,
      entryWithoutLink: '01a20566-ba74-741d-a604-2ad8226c7150',
    });
    await otherDatabase.close();
    await other.drop();
  });
});
