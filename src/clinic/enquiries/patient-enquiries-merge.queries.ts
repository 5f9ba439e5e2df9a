/** Holds all enquiries of these patients, in order of id, as everybody does. $1 patients */
export const HOLD_ENQUIRIES_OF_PATIENTS = `
  SELECT id::text FROM enquiries WHERE patient_id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
