import { StartupError } from '../config/index.js';

/** Something that Prisma's schema cannot say, which a migration made and the house relies on. */
export interface RequiredConstraint {
  readonly kind: 'exclusion' | 'check' | 'unique' | 'foreignKey' | 'index' | 'trigger';
  readonly table: string;
  readonly name: string;
  /**
   * Text that its definition, as PostgreSQL writes it, must contain, such as `WHERE (status = 'LIVE'` or
   * `BEFORE DELETE OR UPDATE`. Spaces and case do not count.
   */
  readonly contains?: string;
}

/** What `Database.client`, a transaction and a PrismaClient have in common. */
export interface SqlReader {
  $queryRawUnsafe<T = unknown>(sql: string): Promise<T>;
}

interface Found {
  readonly kind: string;
  readonly table: string;
  readonly name: string;
  readonly definition: string;
  readonly active: boolean;
}

/**
 * Every constraint, index and trigger of the schema that tables are looked up in. A constraint that was not
 * validated, an index that is not valid and a trigger that is switched off count as missing.
 */
const EVERYTHING = `
  SELECT CASE contype WHEN 'x' THEN 'exclusion' WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique'
                      WHEN 'f' THEN 'foreignKey' ELSE contype::text END AS kind,
         t.relname::text AS "table", c.conname::text AS name,
         pg_get_constraintdef(c.oid) AS definition, c.convalidated AS active
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
   WHERE t.relnamespace = current_schema()::regnamespace
  UNION ALL
  SELECT CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END, t.relname::text, x.relname::text,
         pg_get_indexdef(i.indexrelid), i.indisvalid
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
   WHERE t.relnamespace = current_schema()::regnamespace
  UNION ALL
  SELECT 'trigger', t.relname::text, g.tgname::text, pg_get_triggerdef(g.oid), g.tgenabled IN ('O', 'A')
    FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
   WHERE NOT g.tgisinternal AND t.relnamespace = current_schema()::regnamespace`;

const KINDS: Readonly<Record<RequiredConstraint['kind'], string>> = {
  exclusion: 'exclusion constraint',
  check: 'check constraint',
  unique: 'unique constraint or index',
  foreignKey: 'foreign key',
  index: 'index',
  trigger: 'trigger',
};

const plain = (sql: string): string => sql.replace(/\s+/g, '').toLowerCase();

/** An index that happens to be unique is still an index; everything else must be exactly what it is called. */
const isKind = (found: Found, kind: RequiredConstraint['kind']): boolean =>
  found.kind === kind || (kind === 'index' && found.kind === 'unique');

function problemWith(required: RequiredConstraint, all: readonly Found[]): string | undefined {
  const { kind, table, name, contains } = required;
  const label = `the ${KINDS[kind]} "${name}" on "${table}"`;
  const candidates = all.filter((one) => one.table === table && one.name === name && isKind(one, kind));
  if (candidates.length === 0) return `${label} is missing`;
  if (!candidates.some((one) => one.active)) return `${label} is switched off or not validated`;
  if (contains === undefined || candidates.some((one) => plain(one.definition).includes(plain(contains))))
    return undefined;
  return `${label} does not say ${contains}`;
}

/**
 * The database has the last word on every invariant, so Facet does not start on one that has lost its tongue.
 * Throws a StartupError that names everything that is missing.
 */
export async function assertConstraints(
  client: SqlReader,
  required: readonly RequiredConstraint[],
): Promise<void> {
  const all = await client.$queryRawUnsafe<readonly Found[]>(EVERYTHING);
  const problems = required.flatMap((one) => problemWith(one, all) ?? []);
  if (problems.length === 0) return;
  throw new StartupError(
    `The database lacks what keeps its data right: ${problems.join('; ')}. Restore it from prisma/migrations.`,
  );
}
