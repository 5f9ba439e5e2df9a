/**
 * What PostgreSQL said, dug out of what Prisma and its adapter made of it. The one place that knows their
 * shapes; test/integration/platform/database-errors.spec.ts pins them against the real driver.
 */
export interface DatabaseFailure {
  /** Five-character SQLSTATE, such as 23P01. */
  readonly sqlState: string;
  readonly message: string;
  /** Name of the violated constraint, where the adapter hands it over by itself (unique and foreign keys). */
  readonly constraint: string | undefined;
}

/** Serialization failure and deadlock: the same work may well succeed when it is done again. */
const TRANSIENT: ReadonlySet<string> = new Set(['40001', '40P01']);

/** Foreign key, unique, check, exclusion. */
const CONSTRAINT_VIOLATIONS: ReadonlySet<string> = new Set(['23503', '23505', '23514', '23P01']);

/** Prisma's own code for a transaction that lost against another. */
const PRISMA_WRITE_CONFLICT = 'P2034';

/** Errors wrap errors: Prisma's around the adapter's around the driver's. More levels than this do not exist. */
const DEPTH_MAX = 6;

type Bag = Readonly<Record<string, unknown>>;

function bag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null ? (value as Bag) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Prisma's own codes (P2002) are as long as a SQLSTATE, of which only P0000 to P0004 begin with P.
 * `originalCode` where the adapter maps an error, `code` where it does not (23P01, 23514) and in the driver. */
function sqlStateIn(error: Bag): string | undefined {
  return [error.originalCode, error.code]
    .map(text)
    .find((code) => code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^P[1-9]\d{3}$/.test(code));
}

function failureIn(error: Bag): DatabaseFailure | undefined {
  const sqlState = sqlStateIn(error);
  if (sqlState === undefined) return undefined;
  return {
    sqlState,
    message: text(error.originalMessage) ?? text(error.message) ?? '',
    constraint: text(error.constraint) ?? text(bag(error.constraint)?.index),
  };
}

/** SQL written by hand failed in a transaction. PostgreSQL's words, which may quote what was sent, are with the cause. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';

  /** `code` is the SQLSTATE. */
  constructor(
    readonly code: string,
    cause: unknown,
  ) {
    super(`A statement failed. Code: ${code}.`, { cause });
  }
}

/** What begins after COMMIT or ROLLBACK would be done by itself, perhaps on somebody else's connection. */
export class TransactionOver extends Error {
  override readonly name = 'TransactionOver';
  /** As Prisma says it of its own statements. */
  readonly code = 'P2028';

  constructor() {
    super('A statement came after the end of its transaction.');
  }
}

/** PostgreSQL's failure behind an error; undefined when PostgreSQL had no part in it. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  let current = bag(error);
  for (let depth = 0; current !== undefined && depth < DEPTH_MAX; depth += 1) {
    // It has the code and no more: the name of a constraint is with its cause.
    const found = current instanceof StatementFailed ? undefined : failureIn(current);
    if (found !== undefined) return found;
    current = bag(bag(current.meta)?.driverAdapterError) ?? bag(current.cause);
  }
  return undefined;
}

/** May the whole transaction be done again? */
export function isTransient(error: unknown): boolean {
  if (bag(error)?.code === PRISMA_WRITE_CONFLICT) return true;
  return TRANSIENT.has(databaseFailure(error)?.sqlState ?? '');
}

/**
 * Which of these constraints the error says was violated. Exclusion and check constraints are named only in
 * the message, whose language is the server's: so the names are looked for, and no phrase around them.
 */
export function violatedConstraint(error: unknown, names: readonly string[]): string | undefined {
  const failure = databaseFailure(error);
  if (failure === undefined || !CONSTRAINT_VIOLATIONS.has(failure.sqlState)) return undefined;
  if (failure.constraint !== undefined) return names.find((name) => name === failure.constraint);
  const words = new Set(failure.message.split(/[^\p{L}\p{N}_$]+/u));
  return names.find((name) => words.has(name));
}
