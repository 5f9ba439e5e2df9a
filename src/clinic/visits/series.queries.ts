/**
 * Puts those who cancel one series in line. Nobody who books into it waits: a visit's foreign key asks for less.
 * $1 id
 */
export const LOCK_SERIES = `
  SELECT id FROM visit_series WHERE id = $1::uuid FOR NO KEY UPDATE`;
