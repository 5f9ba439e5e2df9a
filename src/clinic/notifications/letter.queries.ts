import { Prisma } from '../../platform/database/generated/client.js';

/** The newest letter to each of these referrers that was to go by e-mail. Reads the index on (recipient_id, created_at) once for each. */
export const newestLettersTo = (referrerIds: readonly string[]) => Prisma.sql`
  SELECT newest.id
  FROM unnest(${referrerIds}::uuid[]) AS referrer (id)
  CROSS JOIN LATERAL (
    SELECT letters.id FROM letters
    WHERE letters.recipient_id = referrer.id AND letters.outcome_code IS DISTINCT FROM 'TO_BE_POSTED'
    ORDER BY letters.created_at DESC, letters.id DESC
    LIMIT 1) AS newest`;
