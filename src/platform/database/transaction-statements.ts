import {
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { dateFromText } from '../time/index.js';
import { databaseFailure, StatementFailed, TransactionOver } from './database.errors.js';
import { Prisma } from './generated/client.js';

// SQL that is written by hand needs no translation: inside a transaction it goes to the transaction's own connection
// without the query engine in between, which costs three times as much as the driver (docs/decisions/0019). It is sent
// at once, where a model's statement waits for the end of the turn: only statements of one sort keep their order when
// they are begun together.

/** What may stand for `$1` in SQL written by hand. */
type Value = string | number | boolean | bigint | Date | Uint8Array | null | readonly Value[];

type Row = Readonly<Record<string, unknown>>;

/** Prisma's adapter, which says of each transaction that begins what its statements are sent with. */
export class TellingAdapterFactory implements SqlDriverAdapterFactory {
  readonly provider: SqlDriverAdapterFactory['provider'];
  readonly adapterName: SqlDriverAdapterFactory['adapterName'];

  constructor(
    private readonly inner: SqlDriverAdapterFactory,
    private readonly onTransaction: (statements: TransactionStatements) => void,
  ) {
    this.provider = inner.provider;
    this.adapterName = inner.adapterName;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const adapter = await this.inner.connect();
    return {
      provider: adapter.provider,
      adapterName: adapter.adapterName,
      queryRaw: (query) => adapter.queryRaw(query),
      executeRaw: (query) => adapter.executeRaw(query),
      executeScript: (script) => adapter.executeScript(script),
      getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: true },
      dispose: () => adapter.dispose(),
      startTransaction: async (isolation?: IsolationLevel) => {
        const statements = new TransactionStatements(await adapter.startTransaction(isolation));
        this.onTransaction(statements);
        return statements;
      },
    };
  }
}

/** What the query engine ends a transaction with. Whatever came after it would be outside of any transaction. */
const ENDS_TRANSACTION = /^\s*(?:COMMIT|ROLLBACK)\s*;?\s*$/i;

/** A transaction of Prisma's, to which SQL may be handed past the query engine for as long as it is open. */
export class TransactionStatements implements Transaction {
  #isOpen = true;

  constructor(private readonly inner: Transaction) {}

  get provider(): Transaction['provider'] {
    return this.inner.provider;
  }

  get adapterName(): Transaction['adapterName'] {
    return this.inner.adapterName;
  }

  get options(): Transaction['options'] {
    return this.inner.options;
  }

  async queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    this.#mustBeOpen();
    return this.inner.queryRaw(query);
  }

  async executeRaw(query: SqlQuery): Promise<number> {
    if (ENDS_TRANSACTION.test(query.sql)) this.#isOpen = false;
    else this.#mustBeOpen();
    return this.inner.executeRaw(query);
  }

  commit(): Promise<void> {
    this.#isOpen = false;
    return this.inner.commit();
  }

  rollback(): Promise<void> {
    this.#isOpen = false;
    return this.inner.rollback();
  }

  createSavepoint(name: string): Promise<void> {
    return this.inner.createSavepoint?.(name) ?? Promise.resolve();
  }

  rollbackToSavepoint(name: string): Promise<void> {
    return this.inner.rollbackToSavepoint?.(name) ?? Promise.resolve();
  }

  releaseSavepoint(name: string): Promise<void> {
    return this.inner.releaseSavepoint?.(name) ?? Promise.resolve();
  }

  /** The rows of a statement, as Prisma's `$queryRaw` gives them. Throws when the transaction is over. */
  async rows(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const query = this.#query(sql, values);
    return toRows(await this.inner.queryRaw(query).catch(failed));
  }

  /** How many rows the statement touched. Throws when the transaction is over. */
  async count(sql: string, values: readonly unknown[]): Promise<number> {
    const query = this.#query(sql, values);
    return this.inner.executeRaw(query).catch(failed);
  }

  /** It may have been given up for lost meanwhile, with some of its statements still to come. */
  #mustBeOpen(): void {
    if (!this.#isOpen) throw new TransactionOver();
  }

  #query(sql: string, values: readonly unknown[]): SqlQuery {
    this.#mustBeOpen();
    return { sql, args: values.map(checked), argTypes: values.map(typeOf) };
  }
}

function failed(error: unknown): never {
  const code = databaseFailure(error)?.sqlState;
  throw code === undefined ? error : new StatementFailed(code, error);
}

/** The methods of a transaction's client for SQL written by hand. */
const RAW_METHODS = ['$queryRaw', '$queryRawUnsafe', '$executeRaw', '$executeRawUnsafe'] as const;
type RawMethods = Pick<Prisma.TransactionClient, (typeof RAW_METHODS)[number]>;
const IS_RAW_METHOD: ReadonlySet<PropertyKey> = new Set(RAW_METHODS);

/** The same client, whose SQL written by hand goes to the connection itself. */
export function withStatements(
  tx: Prisma.TransactionClient,
  statements: TransactionStatements,
): Prisma.TransactionClient {
  const raw = rawMethods(statements);
  return new Proxy(tx, {
    get: (target, property) =>
      IS_RAW_METHOD.has(property) ? Reflect.get(raw, property) : Reflect.get(target, property),
  });
}

function rawMethods(statements: TransactionStatements): RawMethods {
  const methods = {
    $queryRaw: (query: TemplateStringsArray | Prisma.Sql, ...values: readonly unknown[]) => {
      const { text, values: all } = written(query, values);
      return statements.rows(text, all);
    },
    $queryRawUnsafe: (text: string, ...values: readonly unknown[]) => statements.rows(text, values),
    $executeRaw: (query: TemplateStringsArray | Prisma.Sql, ...values: readonly unknown[]) => {
      const { text, values: all } = written(query, values);
      return statements.count(text, all);
    },
    $executeRawUnsafe: (text: string, ...values: readonly unknown[]) => statements.count(text, values),
  };
  // Prisma's promises can also be handed to its $transaction([…]), which nobody does with those of a transaction.
  return methods as unknown as RawMethods;
}

function written(query: TemplateStringsArray | Prisma.Sql, values: readonly unknown[]): Prisma.Sql {
  return query instanceof Prisma.Sql ? query : Prisma.sql(query, ...values);
}

function checked(value: unknown): Value {
  if (Array.isArray(value)) return value.map(checked);
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
      if (value === null || value === undefined) return null;
      if (value instanceof Date || value instanceof Uint8Array) return value;
      throw new TypeError('A value of a statement is none that the database driver knows.');
  }
}

const ONE: ArgType = { scalarType: 'unknown', arity: 'scalar' };
const LIST: ArgType = { scalarType: 'unknown', arity: 'list' };

function typeOf(value: unknown): ArgType {
  return Array.isArray(value) ? LIST : ONE;
}

function toRows({ columnNames, columnTypes, rows }: SqlResultSet): readonly Row[] {
  const readers = columnTypes.map(readerOf);
  return rows.map((row) => {
    const named: Record<string, unknown> = {};
    for (const [place, name] of columnNames.entries()) {
      const value = row[place];
      const read = readers[place];
      named[name] =
        value === null || value === undefined || read === undefined ? (value ?? null) : read(value);
    }
    return named;
  });
}

type Reader = (value: unknown) => unknown;

const listOf =
  (read: Reader): Reader =>
  (list) =>
    (list as readonly unknown[]).map((value) => (value === null ? null : read(value)));
const toBigInt: Reader = (value) => BigInt(value as string);
const toDecimal: Reader = (value) => new Prisma.Decimal(value as string);
const toDate: Reader = (value) => dateFromText(value as string);
const toTime: Reader = (value) => dateFromText(`1970-01-01T${value as string}Z`);
/** A plain one: the driver's is a view of its own buffer. */
const toBytes: Reader = (value) => Uint8Array.from(value as Uint8Array);
const toJson: Reader = (value) => JSON.parse(value as string) as unknown;

/** What the driver gives as text and a program wants otherwise; none: it stays as it came. */
function readerOf(type: ColumnType): Reader | undefined {
  switch (type) {
    case ColumnTypeEnum.Int64:
      return toBigInt;
    case ColumnTypeEnum.Numeric:
      return toDecimal;
    case ColumnTypeEnum.Date:
    case ColumnTypeEnum.DateTime:
      return toDate;
    case ColumnTypeEnum.Time:
      return toTime;
    case ColumnTypeEnum.Bytes:
      return toBytes;
    case ColumnTypeEnum.Json:
      return toJson;
    case ColumnTypeEnum.Int64Array:
      return listOf(toBigInt);
    case ColumnTypeEnum.NumericArray:
      return listOf(toDecimal);
    case ColumnTypeEnum.DateArray:
    case ColumnTypeEnum.DateTimeArray:
      return listOf(toDate);
    case ColumnTypeEnum.TimeArray:
      return listOf(toTime);
    case ColumnTypeEnum.BytesArray:
      return listOf(toBytes);
    case ColumnTypeEnum.JsonArray:
      return listOf(toJson);
    default:
      return undefined;
  }
}
