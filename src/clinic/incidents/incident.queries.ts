/** Holds an incident ($1) until the transaction ends: what is done with it is done one after the other. */
export const HELD_INCIDENT = 'SELECT id::text FROM incidents WHERE id = $1::uuid FOR NO KEY UPDATE';

/** Holds all incidents of these patients ($1), in order of id, as everybody does. */
export const HOLD_INCIDENTS_OF_PATIENTS = `
  SELECT id::text FROM incidents WHERE patient_id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
