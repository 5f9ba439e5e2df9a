import { Prisma } from '../../platform/database/generated/client.js';

/** A referral that was merged into one of those asked for, directly or through others. */
export interface MergedInto {
  readonly keptId: string;
  readonly mergedId: string;
}

/** What was merged into each of these referrals and stands so, in the order in which it arrived. */
export function mergedInto(keptIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    WITH RECURSIVE line AS (
      SELECT id AS kept_id, id AS merged_id FROM unnest(${[...keptIds]}::uuid[]) AS asked (id)
       UNION
      SELECT line.kept_id, merge.merged_id
        FROM line JOIN referral_merges merge ON merge.kept_id = line.merged_id AND merge.undone_at IS NULL)
    SELECT line.kept_id::text AS "keptId", line.merged_id::text AS "mergedId"
      FROM line JOIN referrals merged ON merged.id = line.merged_id
     WHERE line.kept_id <> line.merged_id
     ORDER BY merged.received_on, merged.id`;
}
