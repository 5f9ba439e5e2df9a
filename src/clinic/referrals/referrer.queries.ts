import { Prisma } from '../../platform/database/generated/client.js';

/** What is looked for in the directory. */
export interface ReferrerSearch {
  /** Each must be found in the name or the organisation; none: everybody. */
  readonly words: readonly string[];
  /** The whole text without blanks, in capitals: a registration or an ODS code. */
  readonly code: string;
  readonly kind: string | null;
  readonly isRetiredToo: boolean;
}

/** A page of the directory by name, as names are searched: without accents and case. */
export function foundReferrers(search: ReferrerSearch, afterId: string | null, limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT referrers.id::text
      FROM referrers
     WHERE (cardinality(${[...search.words]}::text[]) = 0
            OR registration = ${search.code} OR ods_code = ${search.code}
            OR NOT EXISTS (
                 SELECT FROM unnest(${[...search.words]}::text[]) AS word
                  WHERE position(facet_search_name(word) IN search_name) = 0))
       AND (${search.kind}::text IS NULL OR kind::text = ${search.kind})
       AND (${search.isRetiredToo} OR retired_at IS NULL)
       AND (${afterId}::uuid IS NULL
            OR (search_name, id) > (SELECT last.search_name, last.id FROM referrers last WHERE last.id = ${afterId}::uuid))
     ORDER BY search_name, id
     LIMIT ${limit}`;
}

/** Keeps an entry from changing until the transaction ends. */
export function heldReferrer(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM referrers WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}
