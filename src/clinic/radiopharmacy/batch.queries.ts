/** Of those who draw from a batch, discard it or give back to it, one comes after the other. $1 batch. */
export const HELD_BATCH = `SELECT id FROM tracer_batches WHERE id = $1::uuid FOR UPDATE`;
