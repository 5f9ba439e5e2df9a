/**
 * Takes a key, or one that is old enough to be forgotten; no row when somebody has it. Whoever takes the same key at
 * the same moment waits here until the first is done. $1 actor, $2 key, $3 operation, $4 hash, $5 now, $6 forgotten until
 */
export const TAKE_KEY = `
  INSERT INTO idempotency_keys AS known (actor_id, key, operation, request_sha256, outcome, created_at)
  VALUES ($1::uuid, $2, $3, $4, NULL, $5::timestamptz)
  ON CONFLICT (actor_id, key, operation) DO UPDATE
     SET request_sha256 = excluded.request_sha256, outcome = NULL, created_at = excluded.created_at
   WHERE known.created_at <= $6::timestamptz
  RETURNING 1 AS taken`;

/** What was answered. $1 actor, $2 key, $3 operation */
export const KEPT_OUTCOME = `
  SELECT request_sha256 AS "requestSha256", outcome
    FROM idempotency_keys
   WHERE actor_id = $1::uuid AND key = $2 AND operation = $3`;

/** Keeps the answer with the key. $1 actor, $2 key, $3 operation, $4 answer (JSON) */
export const KEEP_OUTCOME = `
  UPDATE idempotency_keys SET outcome = $4::jsonb
   WHERE actor_id = $1::uuid AND key = $2 AND operation = $3`;

/** Takes some old keys away, the oldest first; those that somebody has in hand are left. $1 older than, $2 how many */
export const FORGET_KEYS = `
  DELETE FROM idempotency_keys
   WHERE (actor_id, key, operation) IN (
     SELECT actor_id, key, operation
       FROM idempotency_keys
      WHERE created_at <= $1::timestamptz
      ORDER BY created_at
      LIMIT $2::int
        FOR UPDATE SKIP LOCKED)`;
