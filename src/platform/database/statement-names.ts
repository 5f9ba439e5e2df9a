/**
 * PostgreSQL parses and plans a statement that has a name once for each connection, and every other one each time. A name
 * is kept as long as the connection, so only so many are given; what comes after those is planned each time.
 */
export const PREPARED_STATEMENTS_MAX = 200;

/** Texts longer than this are lists of values that hardly ever come again. */
const PREPARED_TEXT_MAX_CHARACTERS = 12_000;

/** Seen once is not yet seen often: a list of 17 ids may never be asked for again. */
const SEEN_BEFORE_NAMED_MIN = 3;
const SEEN_MAX_TEXTS = 2_000;

/** PostgreSQL's own name for a statement that is forgotten at once. */
const UNNAMED = '';

/** A name for each statement that comes again, the same for the same text. */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  const seen = new Map<string, number>();
  return ({ sql }) => {
    const name = names.get(sql);
    if (name !== undefined) return name;
    if (names.size >= PREPARED_STATEMENTS_MAX || sql.length > PREPARED_TEXT_MAX_CHARACTERS) return UNNAMED;
    const count = (seen.get(sql) ?? 0) + 1;
    if (count < SEEN_BEFORE_NAMED_MIN) {
      if (seen.size >= SEEN_MAX_TEXTS) seen.clear();
      seen.set(sql, count);
      return UNNAMED;
    }
    seen.delete(sql);
    const given = `facet_${names.size + 1}`;
    names.set(sql, given);
    return given;
  };
}
