import type { Database } from '../../src/platform/database/database.service.js';

/**
 * Empties these tables and all that refer to them. Records that are only ever added to refuse that, also when they are empty
 * and only reached from another table: for the moment of the emptying their triggers are off. What a scanner's worklist in
 * memory has to hear is said as ever.
 */
const EMPTY = `
DO $do$
DECLARE
  wanted text[] := string_to_array('%TABLES%', ',');
  held record;
BEGIN
  FOR held IN
    WITH RECURSIVE reached AS (
      SELECT to_regclass(trim(name))::oid AS id FROM unnest(wanted) AS name
      UNION
      SELECT constraints.conrelid FROM pg_constraint constraints JOIN reached ON constraints.confrelid = reached.id
       WHERE constraints.contype = 'f')
    SELECT DISTINCT triggers.tgrelid::regclass AS name, triggers.tgname AS trigger
      FROM pg_trigger triggers
      JOIN reached ON reached.id = triggers.tgrelid
      JOIN pg_proc refusal ON refusal.oid = triggers.tgfoid AND refusal.proname LIKE 'refuse%'
     WHERE triggers.tgtype & 32 <> 0 AND triggers.tgenabled <> 'D'
  LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', held.name, held.trigger);
  END LOOP;
  EXECUTE 'TRUNCATE ' || array_to_string(wanted, ',') || ' CASCADE';
  FOR held IN
    SELECT triggers.tgrelid::regclass AS name, triggers.tgname AS trigger
      FROM pg_trigger triggers JOIN pg_proc refusal ON refusal.oid = triggers.tgfoid AND refusal.proname LIKE 'refuse%'
     WHERE triggers.tgtype & 32 <> 0 AND triggers.tgenabled = 'D'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', held.name, held.trigger);
  END LOOP;
END $do$`;

/** `tables`: names with commas between them, as they would stand behind TRUNCATE. */
export async function emptyTables(database: Database, tables: string): Promise<void> {
  if (!/^[a-z_,\s]+$/.test(tables)) throw new Error(`not names of tables: ${tables}`);
  const names = tables.replace(/\s+/g, '');
  await database.client.$executeRawUnsafe(EMPTY.replace('%TABLES%', names));
}
