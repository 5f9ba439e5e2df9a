/**
 * Orders, held until the transaction ends: a sheet that goes out and a visit that moves come one after the other, always in
 * the same order. $1 ids.
 */
export const HELD_ORDERS = `SELECT id FROM dose_orders WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`;
