import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';

/** The part of Node's WebAssembly that is used here; TypeScript keeps its types in the browser's library. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
};

export type SchemaEngine = glue.SchemaEngine;
export type MigrationList = glue.MigrationList;
export type SchemasContainer = glue.SchemasContainer;

/** Nothing is managed by others: every table and enum of the schema is ours. */
export const NO_FILTER: glue.SchemaFilter = { externalTables: [], externalEnums: [] };

/** PostgreSQL's internal one-letter type, which its catalogues use and the adapter does not know, and text. */
const CHAR_OID = 18;
const TEXT_OID = 25;

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * Prisma's adapter with two corrections that the schema engine needs. Scripts are sent whole: the adapter cuts
 * them at every semicolon, also inside a function's body or a string. And "char" columns are read as text: the
 * engine asks the catalogues for them, and the adapter refuses.
 */
class MigrationAdapterFactory extends PrismaPg {
  constructor(
    pool: pg.Pool,
    private readonly onError: (error: unknown) => void,
  ) {
    super(pool);
  }

  override async connect(): Promise<Adapter> {
    return this.corrected(await super.connect());
  }

  override async connectToShadowDb(): Promise<Adapter> {
    return this.corrected(await super.connectToShadowDb());
  }

  private corrected(adapter: Adapter): Adapter {
    const pool = adapter.underlyingDriver();
    const charColumns = new WeakMap<object, readonly number[]>();
    const correctedPool = new Proxy(pool, {
      get: (target, name) =>
        name === 'query' ? queryWithCharAsText(target, charColumns) : Reflect.get(target, name, target),
    });
    // The adapter's own field is protected; its class offers no other way in.
    Object.assign(adapter, { client: correctedPool });
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const index of charColumns.get(result.rows) ?? []) {
        result.columnTypes[index] = ColumnTypeEnum.Character;
      }
      return result;
    };
    adapter.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        this.onError(error);
        throw error;
      }
    };
    return adapter;
  }
}

/** Lets the adapter take "char" columns for text, and remembers which they were. */
function queryWithCharAsText(pool: pg.Pool, charColumns: WeakMap<object, readonly number[]>) {
  return async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    const result = await pool.query(config);
    const found = (result.fields ?? []).flatMap((field, index) =>
      field.dataTypeID === CHAR_OID ? [index] : [],
    );
    for (const index of found) Object.assign(result.fields[index] ?? {}, { dataTypeID: TEXT_OID });
    charColumns.set(result.rows, found);
    return result;
  };
}

interface EngineExports {
  readonly __wbindgen_start: () => void;
}

let loaded: Promise<void> | undefined;

/** Loads Prisma's schema engine as WebAssembly, once a process: no binary is downloaded, none is started. */
function load(): Promise<void> {
  loaded ??= (async () => {
    // Where the engine puts its last words if it panics.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => undefined } });
    const path = createRequire(import.meta.url)
      .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
      .replace(/\.js$/, '.wasm');
    const { instance } = await WebAssembly.instantiate(readFileSync(path), {
      './schema_engine_bg.js': { ...glue },
    });
    glue.__wbg_set_wasm(instance.exports);
    (instance.exports as unknown as EngineExports).__wbindgen_start();
  })();
  return loaded;
}

/**
 * The schema engine over a pool, whose first connection does all the work. `onError` gets the database's own
 * error when a script fails, which the engine words differently.
 */
export async function openSchemaEngine(
  pool: pg.Pool,
  onError: (error: unknown) => void = () => undefined,
): Promise<SchemaEngine> {
  await load();
  const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(pool, onError));
  return glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
}

/** The migrations of a folder, oldest first, as the engine takes them. */
export function readMigrations(folder: string): MigrationList {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: folder,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(join(folder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(folder, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** All schema files of a folder, as the engine takes them. */
export function readSchemas(folder: string): SchemasContainer {
  const names = readdirSync(folder).filter((name) => name.endsWith('.prisma'));
  return {
    files: names.sort().map((name) => ({ path: name, content: readFileSync(join(folder, name), 'utf8') })),
  };
}
